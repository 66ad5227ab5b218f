"""What somebody finds who takes the intake away, switched off."""

import secrets
import sqlite3

import pytest
from flask.testing import FlaskClient

from crypto.codename import Codename
from crypto.errors import NoMatchError
from crypto.hybrid import HybridIdentity
from crypto.unseal import unseal
from submission.config import Config
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

    assert {path.stat().st_size for path in (config.state / "letters").iterdir()} == {LETTER_SIZE}
    assert {path.stat().st_size for path in (config.state / "parts").iterdir()} == {PART_SIZE}


def test_a_found_codename_opens_no_letter(client: FlaskClient, config: Config) -> None:
    """What the codename derives opens replies; the source's own letter it does not open."""
    form = open_form(client)
    send(client, {**form, "story": "x"})
    (letter,) = (config.state / "letters").iterdir()

    with pytest.raises(NoMatchError):
        unseal(letter.read_bytes(), [Codename.parse(form["codename"]).derive(INSTANCE).reply])


def test_all_that_the_intake_keeps_opens_no_letter(
    client: FlaskClient, config: Config, reviewers: dict[str, ReviewerApp]
) -> None:
    """No 32 bytes that stand in the database, taken as a key, are an identity that opens a letter."""
    send(client, {**open_form(client), "story": "x"})
    reviewers["r1"].waiting()
    (letter,) = (config.state / "letters").iterdir()
    with sqlite3.connect(config.state / "intake.db") as connection:
        tables = [name for (name,) in connection.execute("select name from sqlite_master where type = 'table'")]
        rows = [row for table in tables for row in connection.execute(f"select * from {table}")]  # noqa: S608  # the names are the database's own
    connection.close()
    seeds = [value for row in rows for value in row if isinstance(value, bytes) and len(value) == 32]

    assert seeds
    for seed in seeds:
        with pytest.raises(NoMatchError):
            unseal(letter.read_bytes(), [HybridIdentity.from_seed(seed)])
