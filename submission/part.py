"""Parts that a source's device sealed: each comes by itself, in any order, over any circuit, twice without harm.

Nothing joins them here. The letter that names them comes last, by itself, to `submission.letter`; what no letter ever
names is seen by nobody and expires.
"""

from typing import Final

from flask import Blueprint, Response, request
from werkzeug.exceptions import ClientDisconnected

from submission.errors import FormCutOffError, LengthMissingError, PartRefusedError
from submission.keys import Keys
from submission.store import Store
from wire.errors import LetterError
from wire.letter import PART_SIZE
from wire.look import check_part

SEALED: Final = "application/octet-stream"


def make_blueprint(store: Store, keys: Keys) -> Blueprint:
    """Return where parts of 1,048,576 bytes are handed in."""
    part = Blueprint("part", __name__)

    @part.post("/part")
    def take() -> Response:
        # Without keys in force no letter could follow.
        keys.in_force()
        if request.content_length is None:
            raise LengthMissingError("a part without its length")
        if request.content_type != SEALED or request.content_length > PART_SIZE:
            raise PartRefusedError(f"a part is {PART_SIZE} bytes, sealed, as {SEALED}")
        store.expect_files(PART_SIZE)
        with store.upload() as upload:
            upload.add("parts", _read())
            upload.commit()
        return Response("kept\n", content_type="text/plain; charset=utf-8")

    return part


def _read() -> bytes:
    try:
        sealed = request.get_data(cache=False)
        check_part(sealed)
    except ClientDisconnected:
        raise FormCutOffError("the connection ended before the part did") from None
    except LetterError as error:
        raise PartRefusedError(str(error)) from error
    return sealed
