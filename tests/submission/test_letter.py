"""Letters sealed before they came are looked at from outside and kept whole, or not at all."""

import os
from collections.abc import Collection

import pytest
from flask import Flask
from flask.testing import FlaskClient

from submission.config import Config
from tests.submission.conftest import Clock
from tests.submission.disk import all_pieces
from tests.submission.reviewers import ReviewerApp
from tests.submission.visitor import MULTIPART, encode
from tests.wire.organisation import Organisation, new_keys
from wire.sealing import LetterSealer


def seal_before(organisation: Organisation, content: bytes = b"", not_to: Collection[str] = ()) -> bytes:
    """Return a finished letter with its parts, as the sealer on a source's computer writes it."""
    parts: list[bytes] = []
    sealer = LetterSealer(organisation.sheet, organisation.roster, new_keys(), "before", not_to, store=parts.append)
    if content:
        sealer.start_file("a.bin", "application/octet-stream")
        sealer.write(content)
        sealer.end_file()
    return sealer.finish(os.urandom(16), 1, "en", {}, "sealed at home") + b"".join(parts)


def hand_in(client: FlaskClient, content: bytes) -> tuple[int, str]:
    """Hand in a file; return status and page."""
    body = encode({}, {"letter.age": content}, field="letter")
    answer = client.post("/letter", data=body, content_type=MULTIPART)
    return answer.status_code, answer.text


def test_a_letter_sealed_before_reaches_the_reviewers(
    client: FlaskClient, organisation: Organisation, reviewers: dict[str, ReviewerApp]
) -> None:
    """Letter and parts arrive as they were sealed, and the page says so."""
    content = os.urandom(2_500_000)
    status, page = hand_in(client, seal_before(organisation, content))

    assert (status, "Your letter has arrived" in page) == (200, True)
    letter = reviewers["r3"].letter(reviewers["r3"].waiting()[0]).letter
    assert (letter.sealed, letter.story) == ("before", "sealed at home")
    assert reviewers["r3"].files(letter) == {"a.bin": content}


def test_handing_in_twice_does_no_harm(
    client: FlaskClient, organisation: Organisation, reviewers: dict[str, ReviewerApp]
) -> None:
    """The same letter again is the same letter."""
    sealed = seal_before(organisation, b"x")

    assert hand_in(client, sealed)[0] == hand_in(client, sealed)[0] == 200
    assert len(reviewers["r1"].waiting()) == 1


@pytest.mark.parametrize(
    ("spoil", "status", "words"),
    [
        (lambda _: b"%PDF-1.7 markerofasource" * 10_000, 400, "unsealed document"),
        (lambda _: b"x", 400, "unsealed document"),
        (lambda sealed: sealed[:-1], 400, "not complete"),
        (lambda sealed: sealed[:60_000], 400, "not complete"),
        (lambda sealed: sealed + b"x", 400, "not complete"),
        (lambda sealed: sealed.replace(b"lapwing-sheet", b"lapwing-sheep", 1), 400, "not complete"),
        (lambda _: b"", 400, "nothing to send yet"),
    ],
)
def test_what_cannot_be_kept_is_refused(
    client: FlaskClient, config: Config, organisation: Organisation, spoil: object, status: int, words: str
) -> None:
    """Plain documents, letters cut short, too long or made otherwise are refused and nothing of them is kept."""
    assert callable(spoil)
    answered, page = hand_in(client, spoil(seal_before(organisation, b"x")))

    assert (answered, words in page) == (status, True)
    assert "markerofasource" not in page
    assert all_pieces(config.state) == []


def test_keys_that_are_gone_are_refused(client: FlaskClient, config: Config, reviewers: dict[str, ReviewerApp]) -> None:
    """A letter sealed to a sheet that is not in force is refused, since nobody could open it."""
    stranger = Organisation()
    status, page = hand_in(client, seal_before(stranger, b"x"))

    assert (status, "no longer valid" in page) == (409, True)
    assert all_pieces(config.state) == []


def test_the_page_closes_without_keys(closed_app: Flask, organisation: Organisation) -> None:
    """Without a key sheet there is no form, and nothing is taken."""
    client = closed_app.test_client()

    assert client.get("/letter").status_code == 503
    assert hand_in(client, seal_before(organisation))[0] == 503


def test_the_sheet_of_last_week_counts_until_tuesday(
    client: FlaskClient, organisation: Organisation, clock: Clock
) -> None:
    """A sheet is in force for eight days from its Monday, and not one more."""
    sealed = seal_before(organisation)
    clock.today = organisation.sheet.week.ends.replace(day=organisation.sheet.week.ends.day)
    assert hand_in(client, sealed)[0] == 503

    clock.today = organisation.sheet.week.next().monday
    assert hand_in(client, sealed)[0] == 200


def test_too_much_is_refused(client: FlaskClient, config: Config, organisation: Organisation) -> None:
    """A letter over the limit is refused with 413 and nothing is kept."""
    sealed = seal_before(organisation, bytes(config.max_upload))

    assert hand_in(client, sealed)[0] == 413
    assert hand_in(client, sealed + bytes(65_536))[0] == 413
    assert all_pieces(config.state) == []


def test_a_form_without_its_length_is_refused(client: FlaskClient) -> None:
    """A chunked form is refused with 411."""
    answer = client.post("/letter", content_type=MULTIPART, headers={"Transfer-Encoding": "chunked"})

    assert answer.status_code == 411
