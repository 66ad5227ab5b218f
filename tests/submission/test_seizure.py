"""What somebody finds who takes the intake away, switched off."""

import json
import secrets
import sqlite3

import pytest
from flask.testing import FlaskClient

from crypto.codename import Codename
from crypto.errors import NoMatchError
from crypto.hybrid import HybridIdentity
from crypto.unseal import unseal
from submission.config import Config
from tests.submission.disk import pieces
from tests.submission.reviewers import ReviewerApp
from tests.submission.visitor import open_form, send
from tests.wire.organisation import INSTANCE
from wire.letter import LETTER_SIZE, PART_SIZE


def test_pieces_have_two_sizes_whatever_was_sent(client: FlaskClient, config: Config) -> None:
    """A word, a long story, a small and a large file: letters of 64 KiB and parts of 1 MiB."""
    for story, files in (
        ("x", {}),
        ("y" * 20_000, {}),
        ("z", {"a": b"b"}),
        ("", {"c": secrets.token_bytes(2_500_000)}),
    ):
        assert send(client, {**open_form(client), "story": story}, files).status_code == 200

    assert len(pieces(config.state, "letters")) == 4
    assert len(pieces(config.state, "parts")) == 1 + 1 + 3
    assert (config.state / "letters").stat().st_size % LETTER_SIZE == 0
    assert (config.state / "parts").stat().st_size % PART_SIZE == 0


def test_a_found_codename_opens_no_letter(client: FlaskClient, config: Config) -> None:
    """What the codename derives opens replies; the source's own letter it does not open."""
    form = open_form(client)
    send(client, {**form, "story": "x"})
    (letter,) = pieces(config.state, "letters").values()

    with pytest.raises(NoMatchError):
        unseal(letter, [Codename.parse(form["codename"]).derive(INSTANCE).reply])


def test_all_that_the_intake_keeps_opens_no_letter(
    client: FlaskClient, config: Config, reviewers: dict[str, ReviewerApp]
) -> None:
    """No 32 bytes that stand in the database, taken as a key, are an identity that opens a letter."""
    send(client, {**open_form(client), "story": "x"})
    reviewers["r1"].waiting()
    (letter,) = pieces(config.state, "letters").values()
    with sqlite3.connect(config.state / "intake.db") as connection:
        tables = [name for (name,) in connection.execute("select name from sqlite_master where type = 'table'")]
        rows = [row for table in tables for row in connection.execute(f"select * from {table}")]  # noqa: S608  # the names are the database's own
    connection.close()
    seeds = [value for row in rows for value in row if isinstance(value, bytes) and len(value) == 32]

    assert seeds
    for seed in seeds:
        with pytest.raises(NoMatchError):
            unseal(letter, [HybridIdentity.from_seed(seed)])


def send_tips(client: FlaskClient, number: int) -> None:
    """Send tips with a file of one to three parts."""
    for count in range(number):
        file = {"a": secrets.token_bytes(100_000 + count % 3 * 1_000_000)}
        assert send(client, {**open_form(client), "story": "x"}, file).status_code == 200


def test_no_file_is_a_piece(client: FlaskClient, config: Config) -> None:
    """What the file system notes of each file, times and a running number, it can note of no piece."""
    before = sorted(path.name for path in config.state.rglob("*"))

    send_tips(client, 6)

    assert sorted(path.name for path in config.state.rglob("*")) == before


def test_the_log_of_the_database_is_empty(
    client: FlaskClient, config: Config, reviewers: dict[str, ReviewerApp]
) -> None:
    """Between two changes it holds nothing that would show which rows were added together."""
    send_tips(client, 1)
    assert (config.state / "intake.db-wal").stat().st_size == 0

    names = {"letters": list(pieces(config.state, "letters")), "parts": list(pieces(config.state, "parts"))}
    reviewers["r1"].post("/api/acknowledgements", json.dumps(names).encode())
    frames = (config.state / "intake.db-wal").read_bytes()
    assert not any(bytes.fromhex(name) in frames for name in (*names["letters"], *names["parts"]))


def test_rows_lie_in_the_order_of_their_names(client: FlaskClient, config: Config) -> None:
    """Within a page of the database, too, where each new row would else lie before the one that came last."""
    send_tips(client, 12)
    content = (config.state / "intake.db").read_bytes()
    names = sorted(bytes.fromhex(name) for name in pieces(config.state, "parts"))
    places = [content.index(name) for name in names]

    pages = [[place for place in places if place // 4096 == page] for page in sorted({p // 4096 for p in places})]
    assert [sorted(page, reverse=True) for page in pages] == pages


def test_slots_do_not_tell_what_came_together(client: FlaskClient, config: Config) -> None:
    """A letter lies anywhere, whenever it came."""
    with sqlite3.connect(config.state / "intake.db") as connection:
        order: list[int] = []
        for _ in range(20):
            known = set(order)
            send(client, {**open_form(client), "story": "x"})
            slots = {slot for (slot,) in connection.execute("select slot from pieces where shelf = 'letters'")}
            order += slots - known
    connection.close()

    assert order != sorted(order)
