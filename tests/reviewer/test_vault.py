"""The vault opens with its passphrase alone and leaves nothing readable on disk."""

import json
import stat
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from reviewer.errors import VaultError, VaultLockedError
from reviewer.store import keys
from reviewer.vault import Cost, IdleLock, Vault, unwrap_key, wrap_key

CHEAP = Cost(memory=64, iterations=1, lanes=1)
PASSPHRASE = "seven words nobody guesses, não é?"
MARKER = b"pangolin-marker-71c3"


def test_what_was_kept_is_there_after_unlocking_again(tmp_path: Path) -> None:
    """A value set before locking is read after unlocking with the same passphrase."""
    vault = Vault.create(tmp_path / "vault", PASSPHRASE, CHEAP)
    with vault.begin() as connection:
        keys.set_property(connection, "label", MARKER)
    vault.lock()

    again = Vault.unlock(tmp_path / "vault", PASSPHRASE)
    with again.read() as connection:
        assert keys.get_property(connection, "label") == MARKER
    again.lock()


def test_nothing_kept_is_readable_on_disk(tmp_path: Path) -> None:
    """No file of the vault holds what was put into it, nor the heading of a plain SQLite database."""
    vault = Vault.create(tmp_path / "vault", PASSPHRASE, CHEAP)
    with vault.begin() as connection:
        keys.set_property(connection, "label", MARKER)

    raw = b"".join(path.read_bytes() for path in (tmp_path / "vault").rglob("*") if path.is_file())
    assert MARKER not in raw
    assert b"SQLite format 3" not in raw
    vault.lock()


def test_every_file_is_the_owners_alone(tmp_path: Path) -> None:
    """Files of the vault have mode 0600 and its folders 0700."""
    vault = Vault.create(tmp_path / "vault", PASSPHRASE, CHEAP)
    with vault.begin() as connection:
        keys.set_property(connection, "label", b"desk")

    for path in (tmp_path / "vault", *(tmp_path / "vault").rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path.name
    vault.lock()


def test_wrong_passphrase_is_refused(tmp_path: Path) -> None:
    """Another passphrase is a VaultError that does not repeat it."""
    Vault.create(tmp_path / "vault", PASSPHRASE, CHEAP).lock()

    with pytest.raises(VaultError, match="the passphrase is not right") as caught:
        Vault.unlock(tmp_path / "vault", "guess-number-one")
    assert "guess" not in str(caught.value)


def test_folder_without_vault_is_refused(tmp_path: Path) -> None:
    """A folder that holds no vault tells how to make one."""
    with pytest.raises(VaultError, match="lapwing reviewer init"):
        Vault.unlock(tmp_path, PASSPHRASE)


def test_folder_in_use_is_left_alone(tmp_path: Path) -> None:
    """A vault is never made over something else."""
    (tmp_path / "letter.txt").write_text("mine")

    with pytest.raises(VaultError, match="choose an empty one"):
        Vault.create(tmp_path, PASSPHRASE, CHEAP)


def test_other_database_under_the_key_is_refused(tmp_path: Path) -> None:
    """A database that the key does not open is a VaultError, not a database error."""
    Vault.create(tmp_path / "vault", PASSPHRASE, CHEAP).lock()
    (tmp_path / "vault" / "vault.db").write_bytes(b"x" * 8192)

    with pytest.raises(VaultError, match="does not open with its key"):
        Vault.unlock(tmp_path / "vault", PASSPHRASE)


@pytest.mark.parametrize(
    ("passphrase", "told"), [("", "too short"), ("x" * 11, "too short"), ("x" * 1_025, "1 to 1024 bytes")]
)
def test_passphrase_has_a_length(tmp_path: Path, passphrase: str, told: str) -> None:
    """A new passphrase under 12 characters and one over 1,024 bytes are refused."""
    with pytest.raises(VaultError, match=told):
        Vault.create(tmp_path / "vault", passphrase, CHEAP)


@pytest.mark.parametrize(
    ("field", "value"),
    [("memory", 4_194_304), ("memory", 1), ("iterations", 1_000), ("lanes", 255), ("v", 2), ("salt", ""), ("box", "!")],
)
def test_key_file_cannot_ask_for_more_than_the_limits(field: str, value: int | str) -> None:
    """An altered parameter is refused before any memory is taken."""
    altered = json.loads(wrap_key(bytes(32), PASSPHRASE, CHEAP)) | {field: value}

    with pytest.raises(VaultError, match="key file is damaged"):
        unwrap_key(json.dumps(altered).encode(), PASSPHRASE)


def test_key_file_asks_for_256_mib_unless_told_otherwise() -> None:
    """The default cost is 256 MiB, three passes, two lanes."""
    assert Cost() == Cost(memory=256 * 1024, iterations=3, lanes=2)


def test_locked_vault_refuses_every_use(tmp_path: Path) -> None:
    """After locking neither reading nor writing nor a new passphrase is possible."""
    vault = Vault.create(tmp_path / "vault", PASSPHRASE, CHEAP)
    vault.lock()

    assert vault.locked
    with pytest.raises(VaultLockedError), vault.read():
        pass
    with pytest.raises(VaultLockedError), vault.begin():
        pass
    with pytest.raises(VaultLockedError):
        vault.change_passphrase("new")
    with pytest.raises(VaultLockedError):
        vault.scrub()


def test_transaction_is_whole_or_nothing(tmp_path: Path) -> None:
    """An exception inside a transaction undoes what it wrote."""
    vault = Vault.create(tmp_path / "vault", PASSPHRASE, CHEAP)

    def write_and_fail() -> None:
        with vault.begin() as connection:
            keys.set_property(connection, "label", b"half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_and_fail()
    with vault.read() as connection:
        assert keys.get_property(connection, "label") is None
    vault.lock()


def test_new_passphrase_replaces_the_old_one(tmp_path: Path) -> None:
    """After a change only the new passphrase opens the vault."""
    vault = Vault.create(tmp_path / "vault", PASSPHRASE, CHEAP)
    vault.change_passphrase("quite another one", CHEAP)
    vault.lock()

    with pytest.raises(VaultError):
        Vault.unlock(tmp_path / "vault", PASSPHRASE)
    Vault.unlock(tmp_path / "vault", "quite another one").lock()


def test_destroyed_identity_leaves_no_trace_in_the_open_database(tmp_path: Path) -> None:
    """A destroyed period identity is gone from the pages of the database and of its write-ahead log."""
    vault = Vault.create(tmp_path / "vault", PASSPHRASE, CHEAP)
    with vault.begin() as connection:
        keys.add_identity(connection, "2026-W40", "AGE-SECRET-KEY-PQ-1OLD")
        keys.add_identity(connection, "2026-W48", "AGE-SECRET-KEY-PQ-1NEW")
    with vault.begin() as connection:
        assert keys.destroy_identities(connection, ["2026-W40"]) == 1
    vault.scrub()

    with vault.read() as connection:
        assert keys.identities(connection) == {"2026-W48": "AGE-SECRET-KEY-PQ-1NEW"}
        assert connection.exec_driver_sql("PRAGMA secure_delete").scalar() == 1
    assert not (tmp_path / "vault" / "vault.db-wal").stat().st_size
    vault.lock()


def test_counter_only_grows(tmp_path: Path) -> None:
    """Each request counts one more than ever before, and more than what the intake has seen."""
    vault = Vault.create(tmp_path / "vault", PASSPHRASE, CHEAP)
    with vault.begin() as connection:
        assert [keys.next_counter(connection), keys.next_counter(connection, 40), keys.next_counter(connection)] == [
            1,
            41,
            42,
        ]
    vault.lock()


def test_roster_with_the_highest_version_comes_first(tmp_path: Path) -> None:
    """Accepted rosters are kept, the newest first."""
    vault = Vault.create(tmp_path / "vault", PASSPHRASE, CHEAP)
    with vault.begin() as connection:
        keys.add_roster(connection, 1, b"one", date(2026, 11, 2))
        keys.add_roster(connection, 2, b"two", date(2026, 11, 24))
        keys.add_roster(connection, 2, b"another two", date(2026, 11, 24))
        assert keys.rosters(connection) == (b"two", b"one")
    vault.lock()


def test_idle_lock_is_due_after_its_time() -> None:
    """The idle lock is due when nobody touched it for its time, and not before."""
    now = [100.0]
    idle = IdleLock(900, lambda: now[0])
    now[0] = 999.0
    assert not idle.due
    idle.touch()
    now[0] = 1_898.0
    assert not idle.due
    now[0] = 1_899.0
    assert idle.due


def test_error_of_the_database_does_not_tell_what_was_to_be_stored(tmp_path: Path) -> None:
    """A statement that fails raises an error without the values that came with it."""
    vault = Vault.create(tmp_path / "v", PASSPHRASE, CHEAP)
    with pytest.raises(DatabaseError) as caught, vault.begin() as connection:
        connection.execute(text("INSERT INTO property (name, value) VALUES (:name, NULL)"), {"name": "a-codename"})
    vault.lock()

    assert "a-codename" not in str(caught.value)
