"""A state folder is made once, and an intake with an identity in reach does not start."""

import dataclasses
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from crypto.hybrid import HybridIdentity
from submission import config as configuration
from submission.config import Config
from submission.database import FILE_NAME, open_database
from submission.errors import ConfigError
from submission.setup import BLOCK, init, refuse_damaged_database, refuse_identities
from tests.wire.organisation import Organisation
from wire.errors import RosterError

OWN = "2gzyxa5ihm7nsggfxnu52rck2vv4rvmdlkiu3zzui5du4xyclen53wid.onion"
"""The Tor Project's, whose checksum is right."""


def test_settings_are_read_as_they_were_written(config: Config) -> None:
    """The file in the state folder holds every setting but the clock."""
    configuration.save(dataclasses.replace(config, onion_address=OWN))
    loaded = configuration.load(config.state)

    assert loaded.onion_address == OWN
    assert (loaded.root, loaded.max_upload, loaded.retention_weeks) == (config.root, config.max_upload, 6)
    assert (loaded.limits, loaded.clearnet_allowed) == (config.limits, config.clearnet_allowed)


@pytest.mark.parametrize(
    "change",
    [
        {"root": "00"},
        {"root": None},
        {"max_upload": 0},
        {"max_upload": "1"},
        {"retention_weeks": True},
        {"retention_weeks": 0},
        {"onion_address": 5},
        {"onion_address": "a" * 56 + ".onion"},
        {"onion_address": OWN.upper()},
        {"unknown": 1},
        {"limits": {"unknown": "1 per minute"}},
        {"limits": []},
    ],
)
def test_malformed_settings_are_refused(config: Config, change: dict[str, object]) -> None:
    """A setting that is missing, unknown or of the wrong kind stops the start."""
    path = config.state / configuration.FILE_NAME
    path.write_text(json.dumps({**json.loads(path.read_text()), **change}))

    with pytest.raises(ConfigError):
        configuration.load(config.state)


def test_a_missing_or_broken_file_is_refused(tmp_path: Path) -> None:
    """Without settings there is no intake."""
    with pytest.raises(ConfigError, match="lapwing intake init"):
        configuration.load(tmp_path)
    (tmp_path / configuration.FILE_NAME).write_text("{")
    with pytest.raises(ConfigError, match="not JSON"):
        configuration.load(tmp_path)
    (tmp_path / configuration.FILE_NAME).write_text("[]")
    with pytest.raises(ConfigError):
        configuration.load(tmp_path)


def test_a_folder_in_use_is_left_alone(config: Config, organisation: Organisation) -> None:
    """A second `init` changes nothing."""
    with pytest.raises(ConfigError, match="not empty"):
        init(config, organisation.roster_envelope.encode())


def test_a_roster_of_another_root_is_refused(tmp_path: Path, organisation: Organisation) -> None:
    """The first roster must be signed by the root key that was given."""
    with pytest.raises(ConfigError, match="not a signed envelope"):
        init(Config(tmp_path / "one", bytes(organisation.root.verify_key)), b"{}")
    with pytest.raises(RosterError):
        init(Config(tmp_path / "two", bytes(32)), organisation.roster_envelope.encode())


@pytest.mark.parametrize("folder", ["", "tmp", "notes/old", "notes/letters"])
@pytest.mark.parametrize("kind", ["age", "marker"])
def test_an_identity_in_reach_stops_the_start(config: Config, folder: str, kind: str) -> None:
    """A file with an age identity or a private key of Lapwing, wherever it is below, is named."""
    place = config.state / folder / "file"
    place.parent.mkdir(parents=True, exist_ok=True)
    secret = HybridIdentity.generate().encode() if kind == "age" else '{"lapwing-secret": "…"}'
    place.write_text(f"# a comment\n{secret}\n")

    with pytest.raises(ConfigError) as caught:
        refuse_identities(config.state)
    assert str(place) in str(caught.value)
    assert secret not in str(caught.value)


@pytest.mark.parametrize("before", [0, 7, 14, 15, 16, 31])
def test_an_identity_is_found_wherever_a_look_ends(config: Config, before: int) -> None:
    """A large file is looked at in blocks; a mark that lies across two of them is seen too."""
    (config.state / "large").write_bytes(bytes(BLOCK - before) + b"AGE-SECRET-KEY-PQ-1" + bytes(BLOCK))

    with pytest.raises(ConfigError, match="large holds an identity"):
        refuse_identities(config.state)


def test_sealed_pieces_and_other_files_do_not_stop_the_start(config: Config) -> None:
    """Random bytes, empty files and dangling links are no identity."""
    (config.state / "letters").write_bytes(os.urandom(65_536))
    (config.state / "empty").touch()
    (config.state / "link").symlink_to(config.state / "nowhere")

    refuse_identities(config.state)


def lose(database: Path) -> None:
    """Take the database away."""
    database.unlink()


def empty(database: Path) -> None:
    """Leave nothing of the database."""
    database.write_bytes(b"")


def scramble(database: Path) -> None:
    """Write something else over all but the first page."""
    whole = database.read_bytes()
    database.write_bytes(whole[:4_096] + os.urandom(len(whole) - 4_096))


def replace(database: Path) -> None:
    """Put one in its place that was never used."""
    database.unlink()
    engine = open_database(database.parent)
    engine.dispose()


@pytest.mark.parametrize("damage", [lose, empty, scramble, replace])
def test_a_start_without_the_database_is_refused(config: Config, damage: Callable[[Path], None]) -> None:
    """It would overwrite every piece, as no row names any."""
    refuse_damaged_database(config.state)
    damage(config.state / FILE_NAME)

    with pytest.raises(ConfigError, match=FILE_NAME):
        refuse_damaged_database(config.state)
