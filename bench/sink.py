"""The intake's web server with an application that drops what it is sent: what the same stack can take in at most.

`python -m bench.sink PORT FOLDER`
"""

import sys
from pathlib import Path

from flask import Flask, request

from submission.config import Config
from submission.multipart import CHUNK_SIZE
from submission.server import serve


def make(_config: Config) -> Flask:
    """Return an application that reads every form to its end and keeps nothing."""
    app = Flask(__name__)

    @app.post("/tip")
    def drop() -> str:
        size = 0
        while data := request.stream.read(CHUNK_SIZE):
            size += len(data)
        return str(size)

    return app


if __name__ == "__main__":
    port, folder = sys.argv[1:]
    Path(folder, "tmp").mkdir(parents=True, exist_ok=True)
    serve(Config(Path(folder), bytes(32)), f"127.0.0.1:{port}", make, lambda: None)
