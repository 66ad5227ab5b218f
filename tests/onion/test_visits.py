"""A reviewer's app that comes to the visitors' onion as a source would; last, since it reads each page for a while."""

from tests.onion.place import Place, eventually


def test_a_reviewers_app_comes_as_a_visitor_and_finds_nothing_wrong(place: Place) -> None:
    """An app looks at the visitors' pages through their onion, notes that it did, and raises no alarm."""
    desk = place.desks[2]

    eventually("the note in the log", lambda: "looked at the visitors" in desk.page("/log").text)

    assert "Alarm" not in desk.page("/").text
