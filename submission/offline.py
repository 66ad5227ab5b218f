"""Sealing before one comes: the page about it, and the offline sealer to take away."""

from datetime import timedelta
from typing import Final, Literal

from flask import Blueprint, Response, render_template

from submission.errors import ClosedError
from submission.keys import Keys
from submission.language import day_in_words
from wire.bundle import SEALER_NAME, sealer, sealer_digest
from wire.keysheet import KeySheet

Standing = Literal["signed", "unnamed", "another"]

HEADERS: Final = {"Content-Disposition": f'attachment; filename="{SEALER_NAME}"'}
"""So that a browser saves it: opened from here, this machine's own policy would not let it work."""


def make_blueprint(keys: Keys) -> Blueprint:
    """Return the page and the sealer."""
    offline = Blueprint("offline", __name__)

    @offline.get("/offline")
    def explain() -> str:
        envelope, root = keys.signed_roster()
        digest = sealer_digest(root, envelope.encode())
        roster = keys.newest_roster()
        try:
            _, sheet = keys.current_sheet()
        except ClosedError:
            return render_template("offline.html", digest=digest, roster=roster, sheet=None)
        last_day = day_in_words(sheet.week.ends - timedelta(days=1))
        standing = standing_of(sheet, digest)
        return render_template(
            "offline.html", digest=digest, roster=roster, sheet=sheet, last_day=last_day, standing=standing
        )

    @offline.get(f"/{SEALER_NAME}")
    def give() -> Response:
        envelope, root = keys.signed_roster()
        body = sealer(root, envelope.encode())
        return Response(body, content_type="text/html; charset=utf-8", headers=HEADERS)

    return offline


def standing_of(sheet: KeySheet, digest: bytes) -> Standing:
    """Tell whether a key sheet names the sealer of that SHA-256, none, or another one."""
    if sheet.sealer is None:
        return "unnamed"
    return "signed" if sheet.sealer == digest else "another"
