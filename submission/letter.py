"""Letters that were sealed before they came: looked at from outside, and kept only if somebody can open them."""

from collections.abc import Iterator
from typing import Final

from flask import Blueprint, render_template, request

from submission.config import Config
from submission.errors import (
    EmptyTipError,
    LengthMissingError,
    LetterKeysGoneError,
    LetterRefusedError,
    NotALetterError,
    SubmissionError,
    UploadTooLargeError,
)
from submission.keys import Keys
from submission.multipart import DataEvent, FormShape, read_form
from submission.store import Store, Upload
from wire.errors import LetterError
from wire.letter import LETTER_SIZE, PART_SIZE
from wire.look import check_letter, check_part
from wire.roster import Roster

FORM_ROOM: Final = 65_536
"""Bytes that a form takes besides its file."""

REFUSALS: Final[dict[str, type[SubmissionError]]] = {
    "not_age": NotALetterError,
    "size": LetterRefusedError,
    "stanzas": LetterRefusedError,
    "sheet_gone": LetterKeysGoneError,
}


def make_blueprint(config: Config, store: Store, keys: Keys) -> Blueprint:
    """Return the page that takes a finished letter with its parts, one after the other in one file."""
    letter = Blueprint("letter", __name__)

    @letter.get("/letter")
    def ask() -> str:
        keys.in_force()
        return render_template("letter.html")

    @letter.post("/letter")
    def take() -> str:
        roster, _ = keys.current_sheet()
        if request.content_length is None:
            raise LengthMissingError("a form without its length")
        if request.content_length > config.max_upload + FORM_ROOM:
            raise UploadTooLargeError("the form announces more than the limit")
        store.expect_letter()
        with store.upload() as upload:
            for piece in _pieces(config):
                if upload.pieces == 1:
                    store.expect_files(request.content_length - LETTER_SIZE)
                _keep(piece, upload, keys)
            if not upload.pieces:
                raise EmptyTipError("no file was chosen")
            upload.commit()
        return _show_kept(roster)

    return letter


def _show_kept(roster: Roster) -> str:
    return render_template("letter_kept.html", roster=roster)


def _pieces(config: Config) -> Iterator[bytes]:
    """Yield the letter, then each part, as soon as it is complete; the last may be short."""
    shape = FormShape({}, files=("letter",), most_files=1, most_bytes=config.max_upload)
    buffer, size = bytearray(), LETTER_SIZE
    for event in read_form(request.stream, request.headers.get("Content-Type", ""), shape):
        if isinstance(event, DataEvent):
            buffer += event.data
        while len(buffer) >= size:
            yield bytes(buffer[:size])
            del buffer[:size]
            size = PART_SIZE
    if buffer:
        yield bytes(buffer)


def _keep(piece: bytes, upload: Upload, keys: Keys) -> None:
    try:
        if upload.pieces:
            check_part(piece)
            upload.add("parts", piece)
        else:
            check_letter(piece, keys.weeks_in_force())
            upload.add("letters", piece)
    except LetterError as error:
        raise REFUSALS.get(error.kind, LetterRefusedError)(str(error)) from error
