"""A reviewer's app that comes to the visitors' onion as a source would; last, since it reads each page for a while."""

from typing import Final

from deploy.reviewer_player import ReviewerPlayer
from tests.onion.place import Place, eventually

VISIT_SECONDS: Final = 600
"""A visit takes a minute, since every page is read; after one that a broken circuit ends another comes."""


def whole_log(desk: ReviewerPlayer) -> str:
    """All pages of an app's log; the note is written once, and much comes after it."""
    number, text = 1, desk.page("/log").text
    while "Older entries" in text.rpartition("Entries, the newest first")[2]:
        number += 1
        text += desk.page(f"/log?page={number}").text
    return text


def test_a_reviewers_app_comes_as_a_visitor_and_finds_nothing_wrong(place: Place) -> None:
    """An app looks at the visitors' pages through their onion, notes that it did, and raises no alarm."""
    desk = place.desks[2]

    eventually("the note in the log", lambda: "looked at the visitors" in whole_log(desk), VISIT_SECONDS)

    assert "Alarm" not in desk.page("/").text
