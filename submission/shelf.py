"""Whole shelves of replies, for whoever opens them on their own device: everything on one, and no word about whose."""

from flask import Blueprint, Response

from submission.errors import NotThereError, PieceRefusedError
from submission.keys import Keys
from submission.replies import check_place
from submission.store import Store


def make_blueprint(store: Store, keys: Keys) -> Blueprint:
    """Return the shelves: replies of 16,384 bytes, one after the other, in the order of their names."""
    shelf = Blueprint("shelf", __name__)

    @shelf.get("/shelf/")
    @shelf.get("/shelf/<place>")
    def show(place: str = "") -> Response:
        try:
            place = check_place(place, keys.shelf_widths())
        except PieceRefusedError:
            raise NotThereError("no shelf of this name; its width stands in the key sheet in force") from None
        size, pieces = store.whole_shelf(place)
        return Response(pieces, headers={"Content-Length": str(size)}, content_type="application/octet-stream")

    return shelf
