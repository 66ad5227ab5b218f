"""Parts come one by one, in any order, by any circuit; nothing joins them before the letter that names them."""

import os
import secrets
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from submission.app import create_app
from submission.config import Config, VisitLimits
from tests.submission.disk import all_pieces, pieces
from tests.submission.reviewers import ReviewerApp
from tests.submission.test_headers import check
from tests.submission.test_letter import hand_in
from tests.submission.test_limits import ALICE, BOB, Hour, send_by
from tests.wire.organisation import Organisation, new_keys
from wire.letter import PART_SIZE
from wire.sealing import LetterSealer

SEALED = "application/octet-stream"


def post(client: FlaskClient, part: bytes, circuit: str = ALICE, content_type: str = SEALED) -> TestResponse:
    """Hand in one part by a circuit."""
    return client.post(
        "/part",
        data=part,
        content_type=content_type,
        environ_base={"REMOTE_ADDR": circuit},
        environ_overrides={"lapwing.listener": "visitors", "HTTP_HOST": "a" * 56 + ".onion"},
    )


def test_parts_in_any_order_and_a_letter_make_a_tip(
    client: FlaskClient, organisation: Organisation, reviewers: dict[str, ReviewerApp]
) -> None:
    """Three parts, by two circuits and shuffled, and the letter last, are opened by a reviewer as they were sealed."""
    content, parts = os.urandom(2_500_000), list[bytes]()
    sealer = LetterSealer(organisation.sheet, organisation.roster, new_keys(), "device", store=parts.append)
    sealer.start_file("a.bin", "application/octet-stream")
    sealer.write(content)
    sealer.end_file()
    letter = sealer.finish(os.urandom(16), 1, "en", {}, "sealed in the page")
    secrets.SystemRandom().shuffle(parts)

    answers = [post(client, part, circuit) for part, circuit in zip(parts, (ALICE, BOB, ALICE), strict=True)]

    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert reviewers["r3"].waiting() == []
    assert hand_in(client, letter)[0] == 200
    opened = reviewers["r3"].letter(reviewers["r3"].waiting()[0]).letter
    assert (opened.sealed, opened.story) == ("device", "sealed in the page")
    assert reviewers["r3"].files(opened) == {"a.bin": content}


def test_a_part_twice_is_one_part_and_one_answer(client: FlaskClient, config: Config) -> None:
    """Nothing in the answer tells whether a part was here already, and it is kept once."""
    part = os.urandom(PART_SIZE)

    first, second = post(client, part), post(client, part, BOB)

    assert (first.status_code, first.data) == (second.status_code, second.data) == (200, b"kept\n")
    assert list(first.headers) == list(second.headers)
    assert list(pieces(config.state, "parts").values()) == [part]


@pytest.mark.parametrize("size", [1, 14, PART_SIZE - 1, PART_SIZE + 1, 2 * PART_SIZE])
def test_what_is_not_of_the_size_is_refused(client: FlaskClient, config: Config, size: int) -> None:
    """One byte more or less, or far from it, is refused with one line of text, and nothing is kept."""
    answer = post(client, b"markerofasource".ljust(size, b"x")[:size])

    assert (answer.status_code, answer.content_type) == (400, "text/plain; charset=utf-8")
    assert answer.text == "This part is not complete or was made by something else\n"
    assert all_pieces(config.state) == []


def test_a_form_is_no_part(client: FlaskClient, config: Config) -> None:
    """A part comes as bytes of no other type, which no form on another page could send."""
    answer = post(client, bytes(PART_SIZE), content_type="text/plain")

    assert answer.status_code == 400
    assert all_pieces(config.state) == []


def test_a_part_without_its_length_is_refused(client: FlaskClient) -> None:
    """A part in chunks is refused with 411."""
    answer = client.post("/part", content_type=SEALED, headers={"Transfer-Encoding": "chunked"})

    assert answer.status_code == 411


def test_a_part_that_ends_too_early_is_not_kept(client: FlaskClient, config: Config) -> None:
    """A connection that breaks in the middle costs this part alone."""
    answer = client.post(
        "/part", data=b"x" * 1_000, content_type=SEALED, environ_overrides={"CONTENT_LENGTH": str(PART_SIZE)}
    )

    assert (answer.status_code, answer.text) == (400, "The form arrived damaged\n")
    assert all_pieces(config.state) == []


def test_no_part_is_taken_without_keys(closed_app: Flask, config: Config) -> None:
    """While the intake is closed no letter could follow, so no part is taken."""
    assert post(closed_app.test_client(), bytes(PART_SIZE)).status_code == 503
    assert all_pieces(config.state) == []


def test_no_part_is_taken_without_room(app: Flask, config: Config) -> None:
    """Where files have no room, a part has none, and is told by its status to come another day."""
    answer = post(create_app(replace(config, most_files=PART_SIZE)).test_client(), os.urandom(PART_SIZE))

    assert (answer.status_code, answer.headers["Retry-After"]) == (507, "86400")
    assert all_pieces(config.state) == []


def test_parts_count_against_the_bytes_of_a_circuit(app: Flask, config: Config) -> None:
    """Parts and forms with files draw on the same bytes; what is left to say has its status and its time."""
    hour = Hour()
    small = replace(config, max_upload=3 * PART_SIZE, hourly_bytes=3 * PART_SIZE, clock=hour)
    client = create_app(small).test_client()

    assert [post(client, os.urandom(PART_SIZE)).status_code for _ in range(3)] == [200, 200, 200]
    refused = post(client, os.urandom(PART_SIZE))
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "3600")
    assert send_by(client, ALICE, PART_SIZE)[0] == 429
    assert send_by(client, ALICE, 0)[0] == 200
    assert post(client, os.urandom(PART_SIZE), BOB).status_code == 200
    hour.now += 3_600
    assert post(client, os.urandom(PART_SIZE)).status_code == 200


def test_parts_are_not_counted_as_tips(app: Flask, config: Config) -> None:
    """A large file is many parts and one tip: they may come as often as pages."""
    limits = VisitLimits(page="4 per minute", tip="1 per minute", mailbox="1 per minute")
    client = create_app(replace(config, limits=limits)).test_client()

    assert [post(client, os.urandom(PART_SIZE)).status_code for _ in range(5)] == [200, 200, 200, 200, 429]


def test_answers_about_parts_have_the_same_headers(client: FlaskClient) -> None:
    """A kept part and a refused one carry our headers and no others."""
    check(post(client, os.urandom(PART_SIZE)))
    check(post(client, b"x"))
    check(client.get("/part"))
