"""A tip goes from the form to the reviewers' apps, sealed on arrival."""

from flask.testing import FlaskClient

from submission.config import Config
from tests.submission.reviewers import ReviewerApp
from tests.submission.visitor import open_form, send


def test_a_text_tip_reaches_each_reviewer(client: FlaskClient, reviewers: dict[str, ReviewerApp]) -> None:
    """What was typed into the form is what each reviewer's app opens."""
    page = send(client, {**open_form(client), "story": "Ivory, sold as bone.", "species": "elephant"})

    assert page.status_code == 200
    for reviewer in reviewers.values():
        (name,) = reviewer.waiting()
        letter = reviewer.letter(name).letter
        assert (letter.story, dict(letter.fields), letter.number) == (
            "Ivory, sold as bone.",
            {"species": "elephant"},
            1,
        )
        assert letter.sealed == "arrival"


def test_nothing_of_a_tip_is_on_disk_in_clear(client: FlaskClient, config: Config) -> None:
    """No file of the state folder holds the story, a file's content or name, or a word of the codename."""
    form = open_form(client)
    send(client, {**form, "story": "marker-in-story"}, {"marker-in-name.txt": b"marker-in-file"})

    stored = b"".join(path.read_bytes() for path in config.state.rglob("*") if path.is_file())

    assert b"marker-in" not in stored
    assert form["codename"].encode() not in stored
