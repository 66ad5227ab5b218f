"""Files in the vault's folder: sealed, each to an identity of its own, whole or not at all."""

import hashlib
import io
import os
from dataclasses import replace

import pytest

from crypto.hybrid import HybridIdentity
from reviewer.errors import VaultError
from reviewer.files import SealedWriter, read_file, remove, sweep
from reviewer.store import letters
from tests.reviewer.office_hours import OfficeHours

CASE = bytes(16)


@pytest.mark.parametrize("size", [0, 1, 65_536, 1_048_577])
def test_file_reads_as_it_was_written(office: OfficeHours, size: int) -> None:
    """Whatever the size and however it was cut, a file comes back the same, with its hashes."""
    vault = office.desks["r1"].vault
    content = os.urandom(size)
    with SealedWriter(vault) as writer:
        for start in range(0, size, 100_000):
            writer.write(content[start : start + 100_000])
        file = writer.finish(CASE)

    assert b"".join(read_file(vault, file)) == content
    assert (file.sha256, file.sha512) == (hashlib.sha256(content).digest(), hashlib.sha512(content).digest())
    assert file.length == size
    assert (vault.files / file.stored).stat().st_mode & 0o777 == 0o600


def test_unfinished_file_is_removed(office: OfficeHours) -> None:
    """A writer that was not finished leaves nothing."""
    vault = office.desks["r1"].vault
    with SealedWriter(vault) as writer:
        writer.write(b"half")
        assert len(list(vault.files.iterdir())) == 1

    assert not list(vault.files.iterdir())


def test_sweep_removes_what_no_row_names(office: OfficeHours) -> None:
    """After a kill, files without a row go, and those with one stay."""
    vault = office.desks["r1"].vault
    with SealedWriter(vault) as writer:
        kept = writer.finish(CASE)
    with SealedWriter(vault) as writer:
        writer.finish(CASE)
    (vault.files / "unfinished-x").write_bytes(b"x")
    with vault.begin() as connection:
        letters.add_file(connection, kept)
        sweep(vault, connection)

    assert [path.name for path in vault.files.iterdir()] == [kept.stored]


@pytest.mark.parametrize("fault", ["gone", "cut", "altered", "other identity"])
def test_damaged_file_is_found_out(office: OfficeHours, fault: str) -> None:
    """A file that is gone, cut short, altered or sealed to another identity is a VaultError."""
    vault = office.desks["r1"].vault
    with SealedWriter(vault) as writer:
        writer.write(os.urandom(70_000))
        file = writer.finish(CASE)
    path = vault.files / file.stored
    if fault == "gone":
        remove(vault, (file.stored, "never-there"))
    elif fault == "cut":
        path.write_bytes(path.read_bytes()[:-1])
    elif fault == "altered":
        raw = bytearray(path.read_bytes())
        raw[-1] ^= 1
        path.write_bytes(raw)
    else:
        file = replace(file, identity=HybridIdentity.generate().encode())

    with pytest.raises(VaultError, match="gone or damaged"):
        list(read_file(vault, file))


def test_writer_is_written_once(office: OfficeHours) -> None:
    """A form parser may rewind what it has written, and do nothing else with it."""
    with SealedWriter(office.desks["r1"].vault) as writer:
        assert writer.writable()
        assert writer.seekable()
        assert writer.seek(0) == 0
        with pytest.raises(io.UnsupportedOperation):
            writer.seek(3)
