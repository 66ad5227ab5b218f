"""The tip form: shown with a new codename, and sealed while it arrives."""

import secrets

from flask import Blueprint, render_template, request

from crypto.claim import ClaimWords
from crypto.codename import Codename
from submission.arrival import Arrival, Sent, form_shape
from submission.config import Config
from submission.errors import LengthMissingError, UploadTooLargeError
from submission.keys import Keys
from submission.language import LANGUAGES, current_language
from submission.multipart import read_form
from submission.questions import OPTION_WORDS, groups, suggestions
from wire.roster import Roster

FIELDS_ROOM = 1_048_576
"""Bytes that everything but the files may take in a form."""


def receive(config: Config, arrival: Arrival, keys: Keys) -> tuple[Sent, Roster]:
    """Take in the form of this request.

    Raises:
        ClosedError: there is nothing to seal to.
        SubmissionError: the form was refused, and nothing was kept.
    """
    roster, sheet = keys.current_sheet()
    if request.content_length is None:
        raise LengthMissingError("a form without its length")
    if request.content_length > config.max_upload + FIELDS_ROOM:
        raise UploadTooLargeError("the form announces more than the limit")
    events = read_form(request.stream, request.headers.get("Content-Type", ""), form_shape(config.max_upload))
    return arrival.receive(events, roster, sheet, current_language(), request.content_length), roster


def show_sent(sent: Sent, roster: Roster) -> str:
    """Return the page after a letter was stored, with the form for the next one."""
    return render_template(
        "sent.html",
        codename=str(sent.codename),
        number=sent.number,
        next_number=sent.number + 1,
        next_tip=secrets.token_hex(16),
        claim=None if sent.claim is None else str(sent.claim),
        next_claim=str(ClaimWords.generate()),
        files=sent.files,
        readers=sent.readers,
        left_out=sent.left_out,
        in_danger=sent.in_danger,
        roster=roster,
    )


def make_blueprint(config: Config, arrival: Arrival, keys: Keys) -> Blueprint:
    """Return the tip form."""
    tip = Blueprint("tip", __name__)
    suggested = {language: suggestions(language) for language in LANGUAGES}

    @tip.get("/tip")
    def show_form() -> str:
        roster, _ = keys.current_sheet()
        return render_template(
            "tip.html",
            codename=str(Codename.generate()),
            tip=secrets.token_hex(16),
            next_claim=str(ClaimWords.generate()),
            groups=groups(),
            options=OPTION_WORDS,
            suggestions=suggested[current_language()],
            roster=roster,
        )

    @tip.post("/tip")
    def take_tip() -> str:
        return show_sent(*receive(config, arrival, keys))

    @tip.post("/follow-up")
    def take_follow_up() -> str:
        return show_sent(*receive(config, arrival, keys))

    return tip
