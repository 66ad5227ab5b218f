"""What the scripted pages load: the script that seals on the source's device, that for claims, and the word list.

One script is both the page's and its worker's. The page may run nothing but these very bytes; the worker, which holds
what was typed and the keys, may reach no network at all: its policy is that of the answer which brought it. Both are
about a careless change on the way, not about an intake that lies: it would write the page, too.
"""

import base64
import gzip
from importlib import resources
from typing import Final

from flask import Blueprint, Flask, Response
from markupsafe import Markup

from submission.config import Config
from submission.headers import allow_scripts
from submission.keys import Keys
from wire.bundle import PAGE_BUNDLE, claims_bundle, page_bundle, vouched_for

HASH: Final = f"sha256-{base64.b64encode(PAGE_BUNDLE).decode()}"
"""The script's hash, as a policy and the element that loads it name it."""
_CLAIMS: Final = vouched_for(page_bundle())
HASHES: Final = (HASH,) if _CLAIMS is None else (HASH, _CLAIMS)
"""What a policy must name: that script, and the one for claims, of which the first loads no other."""


def make_blueprint() -> Blueprint:
    """Return the scripts and the word list, compressed once, when the intake starts, and for everybody."""
    page = Blueprint("page", __name__)
    script = _compress(page_bundle())
    claims = _compress(claims_bundle())
    words = _compress(resources.files("crypto").joinpath("words", "eff_long.txt").read_bytes())

    @page.get("/page.js")
    def show_script() -> Response:
        return _compressed(script, "text/javascript; charset=utf-8")

    @page.get("/claim.js")
    def show_claims() -> Response:
        return _compressed(claims, "text/javascript; charset=utf-8")

    @page.get("/words.txt")
    def show_words() -> Response:
        return _compressed(words, "text/plain; charset=utf-8")

    return page


def install(app: Flask, config: Config, keys: Keys) -> None:
    """Give templates `page_script`, the element that loads the script; it lets the page it stands in run it.

    It stands before what the script is about, and is waited for: who has scripts never sees the page without its own.
    """
    element = Markup('<script src="/page.js" integrity="{}" data-root="{}" data-most="{}"></script>')

    def page_script() -> Markup:
        allow_scripts(*HASHES)
        _, root = keys.signed_roster()
        return element.format(HASH, root.hex(), config.max_upload)

    app.jinja_env.globals.update(page_script=page_script)


def _compress(body: bytes) -> bytes:
    # Without the time, which the format would keep.
    return gzip.compress(body, mtime=0)


def _compressed(body: bytes, content_type: str) -> Response:
    """Return an answer that every browser since long can unpack, so it is the same for all, asked for or not."""
    return Response(body, content_type=content_type, headers={"Content-Encoding": "gzip"})
