"""Files never take the room of words, nor words that of what reviewers write; and the page says what was kept."""

import json
import os
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from submission.app import create_app
from submission.config import Config
from submission.database import open_database
from submission.errors import FilesFullError
from submission.room import LEAST, MOST, make_rules
from submission.slots import Slots
from submission.store import Store
from tests.submission.disk import all_pieces, pieces
from tests.submission.reviewers import ReviewerApp
from tests.submission.test_letter import hand_in, seal_before
from tests.submission.visitor import hidden_fields, open_form, send
from tests.wire.organisation import Organisation

MEGABYTE = 1024**2
DAY = "86400"


class Disk:
    """A disk whose free bytes a test sets."""

    def __init__(self) -> None:
        self.free = 64 * 1024**3


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    """The disk under all shelves."""
    disk = Disk()
    monkeypatch.setattr(Slots, "_disk_free", lambda _slots: disk.free)
    return disk


def keep_free(config: Config) -> int:
    """Return the bytes that this intake keeps free of files."""
    of = os.statvfs(config.state)
    return make_rules(of.f_blocks * of.f_frsize, config.keep_free_percent, config.most_files).beginning.keep_free


@given(st.integers(0, 2**50), st.integers(1, 90), st.integers(1, 2**45))
def test_files_stop_first_and_what_reviewers_write_last(size: int, percent: int, most: int) -> None:
    """On any disk files begin only while more is free than they need to end, letters than replies and the log."""
    rules = make_rules(size, percent, most)
    free = [
        rules.beginning.keep_free,
        *(rules.shelves[shelf].keep_free for shelf in ("parts", "letters", "replies", "log")),
    ]

    assert free[0] > free[1] > free[2] > free[3] == free[4] > 0
    assert LEAST <= free[0] <= MOST
    assert rules.shelves["parts"].most >= rules.beginning.most


def test_without_room_for_files_words_are_taken(
    client: FlaskClient, config: Config, disk: Disk, reviewers: dict[str, ReviewerApp]
) -> None:
    """A form with a file is refused whole and the page says so; the same form without it is kept."""
    form = {**open_form(client), "story": "words"}
    disk.free = keep_free(config) // 2

    refused = send(client, form, {"a": bytes(100)})

    assert (refused.status_code, refused.headers["Retry-After"]) == (507, DAY)
    assert "neither the files nor the words" in refused.text
    assert "try again tomorrow" in refused.text
    assert all_pieces(config.state) == []
    assert send(client, form).status_code == 200
    (name,) = reviewers["r1"].waiting()
    assert reviewers["r1"].letter(name).letter.story == "words"


def test_the_form_says_beforehand_that_there_is_no_room(client: FlaskClient, config: Config, disk: Disk) -> None:
    """Whoever opens the form reads that files cannot be taken, and nothing of it while they can."""
    words = "no room for files just now, only for words"
    assert words not in client.get("/tip").text
    disk.free = keep_free(config) // 2

    assert words in client.get("/tip").text
    assert words in send(client, {**open_form(client), "story": "x"}).text


def test_a_follow_up_and_a_finished_letter_are_told_too(
    client: FlaskClient, config: Config, disk: Disk, organisation: Organisation
) -> None:
    """Wherever files can be sent; a finished letter without files is still taken."""
    sent = send(client, {**open_form(client), "story": "words"})
    before = all_pieces(config.state)
    disk.free = keep_free(config) // 2

    refused = send(client, {**hidden_fields(sent.text), "story": "more"}, {"a": b"x"}, "/follow-up")

    assert (refused.status_code, "no room for files" in refused.text) == (507, True)
    assert hand_in(client, seal_before(organisation, b"x"))[0] == 507
    assert all_pieces(config.state) == before
    assert hand_in(client, seal_before(organisation))[0] == 200


def test_the_free_slots_count_as_room(client: FlaskClient, config: Config, disk: Disk) -> None:
    """Slots that the shelf has reserved already hold files, however little of the disk is free."""
    send(client, {**open_form(client), "story": "x"}, {"a": b"x"})
    disk.free = keep_free(config) - 20 * MEGABYTE

    assert send(client, {**open_form(client), "story": "x"}, {"a": bytes(7 * MEGABYTE)}).status_code == 200
    disk.free = keep_free(config) - 40 * MEGABYTE
    assert send(client, {**open_form(client), "story": "x"}, {"a": b"x"}).status_code == 507


def test_files_that_were_begun_may_end(closed_app: Flask, config: Config, disk: Disk) -> None:
    """A running upload is not cut because others brought the disk below what is needed to begin one."""
    store = Store(config, open_database(config.state))
    disk.free = keep_free(config) * 3 // 4
    with pytest.raises(FilesFullError):
        store.expect_files(1)

    with store.upload() as upload:
        upload.add("parts", bytes([1]) * MEGABYTE)
        disk.free = 0
        with pytest.raises(FilesFullError):
            [upload.add("parts", bytes([number]) * MEGABYTE) for number in range(2, 200)]


def test_more_files_than_may_wait_are_refused(config: Config, app: Flask, reviewers: dict[str, ReviewerApp]) -> None:
    """Files that wait are bounded in bytes; when reviewers have taken them, there is room again."""
    small = create_app(replace(config, most_files=4 * MEGABYTE)).test_client()
    full = send(small, {**open_form(small), "story": "x"}, {"a": bytes(2 * MEGABYTE)})
    refused = send(small, {**open_form(small), "story": "x"}, {"a": bytes(2 * MEGABYTE)})
    assert (full.status_code, refused.status_code) == (200, 507)

    for reviewer in reviewers.values():
        reviewer.client = small
        reviewer.post("/api/acknowledgements", json.dumps({"parts": list(pieces(config.state, "parts"))}).encode())

    assert pieces(config.state, "parts") == {}
    assert send(small, {**open_form(small), "story": "x"}, {"a": bytes(2 * MEGABYTE)}).status_code == 200


def test_a_story_as_long_as_a_file_is_told_to_be_shorter(client: FlaskClient, config: Config, disk: Disk) -> None:
    """What does not fit into a letter travels as a file, so it needs the room of one."""
    disk.free = keep_free(config) // 4

    refused = send(client, {**open_form(client), "story": "long " * 13_000})

    assert (refused.status_code, "very long story counts as a file" in refused.text) == (507, True)
    assert all_pieces(config.state) == []


def test_without_room_for_letters_nothing_is_asked_for(client: FlaskClient, config: Config, disk: Disk) -> None:
    """When not even words fit, the page says so before files are sent; what reviewers write still fits."""
    disk.free = keep_free(config) // 15

    refused = send(client, {**open_form(client), "story": "x"})

    assert (refused.status_code, refused.headers["Retry-After"]) == (507, DAY)
    assert "no room left" in refused.text
    assert all_pieces(config.state) == []


def test_reviewers_write_when_letters_are_full(
    client: FlaskClient, config: Config, disk: Disk, organisation: Organisation, reviewers: dict[str, ReviewerApp]
) -> None:
    """The case log has room where sources' letters have none."""
    disk.free = keep_free(config) // 15
    assert send(client, {**open_form(client), "story": "x"}).status_code == 507

    assert reviewers["r1"].post("/api/log", seal_before(organisation)).status_code == 201


def test_parts_that_no_letter_names_can_be_acknowledged(
    client: FlaskClient, config: Config, organisation: Organisation, reviewers: dict[str, ReviewerApp]
) -> None:
    """An app lists the parts, so that those it wants for no tip go, whichever letter they came with."""
    hand_in(client, seal_before(organisation) + os.urandom(3 * MEGABYTE))
    app = reviewers["r1"]
    names = app.get("/api/parts").get_json()["parts"]
    assert names == sorted(pieces(config.state, "parts"))
    assert app.get(f"/api/parts?after={names[0]}").get_json()["parts"] == names[1:]
    assert app.get("/api/parts?after=x").status_code == 404

    for reviewer in reviewers.values():
        reviewer.post("/api/acknowledgements", json.dumps({"parts": names}).encode())

    assert pieces(config.state, "parts") == {}
    assert len(app.waiting()) == 1
