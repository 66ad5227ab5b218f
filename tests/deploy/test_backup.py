"""`lapwing intake backup` and `restore`: an intake comes back elsewhere as it was, or nothing is made."""

import hashlib
import io
import os
import sqlite3
import subprocess
import sys
import tarfile
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from crypto.codename import Codename
from crypto.hybrid import HybridIdentity
from crypto.seal import seal
from crypto.unseal import unseal
from deploy import archive, backup, restore
from deploy.archive import NEEDED, Archive, padded, read_archive
from deploy.backup import backup_main
from deploy.check import look_at
from deploy.errors import BackupError
from deploy.identity import make_identity
from deploy.restore import restore_main
from tests.deploy.intakes import Intake, make_services
from tests.submission.disk import pieces
from tests.submission.live import ROOT, LiveIntake, served
from tests.submission.visitor import MULTIPART, encode

MEBIBYTE = 1 << 20


class Machine:
    """Where an operator works: an intake with tips, its onions, an identity for backups, and room for another."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.intake = Intake(folder / "state")
        self.intake.open()
        self.intake.send_tips(2)
        self.keys = folder / "tor/lapwing"
        self.addresses = make_services(self.keys, "r1", "r2")
        self.identity_file = folder / "operator.key"
        make_identity(self.identity_file, classic=False)
        line = self.identity_file.read_text().splitlines()[-1]
        self.identity = HybridIdentity.parse(line)
        self.file = folder / "backup.age"
        self.new_state, self.new_keys = folder / "other/state", folder / "other/tor/lapwing"
        self.new_keys.parent.mkdir(parents=True)

    def back_up(self) -> int:
        """Run the command."""
        recipient = self.identity.recipient.encode()
        words = ["--state", str(self.intake.state), "--keys", str(self.keys), "--to", recipient]
        return backup_main([*words, "-o", str(self.file)])

    def restore(self, file: Path | None = None) -> int:
        """Run the command."""
        words = ["-i", str(self.identity_file), "--state", str(self.new_state), "--keys", str(self.new_keys)]
        return restore_main([*words, str(file or self.file)])

    def tar(self) -> bytes:
        """The tar in the backup."""
        return unseal(self.file.read_bytes(), [self.identity])

    def made(self) -> set[str]:
        """What lies on the other machine."""
        return {str(path.relative_to(self.folder / "other")) for path in (self.folder / "other").rglob("*")}


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """An intake with two tips and everything around it."""
    return Machine(tmp_path)


def test_an_intake_comes_back_as_it_was(machine: Machine, capsys: pytest.CaptureFixture[str]) -> None:
    """Letters, parts, roster, sheet and settings are the same; so are both onions and who is let in."""
    before = machine.intake.letters()
    assert machine.back_up() == 0
    assert machine.restore() == 0

    assert [str(finding) for finding in look_at(machine.new_state, quick=False)] == []
    restored = Intake(machine.new_state, machine.intake.organisation)
    assert restored.letters() == before
    assert len(before) == 2
    for shelf in ("letters", "parts", "replies", "log"):
        assert pieces(machine.new_state, shelf) == pieces(machine.intake.state, shelf)
    restored.send_tips(1)
    assert len(restored.letters()) == 3
    for path in machine.keys.rglob("*"):
        if path.is_file():
            assert (machine.new_keys / path.relative_to(machine.keys)).read_bytes() == path.read_bytes()
    told = capsys.readouterr().out
    assert f"visitors: {machine.addresses['visitors']}\nreviewers: {machine.addresses['reviewers']}\n" in told
    assert bytes(machine.intake.organisation.root.verify_key).hex() in told


def test_nobody_but_the_owner_reads_what_came_back(machine: Machine) -> None:
    """Folders and files have the modes that tor and the intake insist on."""
    machine.back_up()
    machine.restore()

    paths = [path for folder in (machine.new_state, machine.new_keys) for path in (folder, *folder.rglob("*"))]
    assert {path.stat().st_mode & 0o777 for path in paths if path.is_dir()} == {0o700}
    assert {path.stat().st_mode & 0o777 for path in paths if path.is_file()} == {0o600}
    assert machine.file.stat().st_mode & 0o777 == 0o600


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_what_came_back_belongs_to_whom_the_empty_folders_belonged(machine: Machine) -> None:
    """The intake's account gets the state, tor's account the keys, as the folders say that are there before."""
    machine.back_up()
    machine.new_state.mkdir()
    os.chown(machine.new_state, 1, 1)
    os.chown(machine.new_keys.parent, 2, 2)

    machine.restore()

    assert {path.stat().st_uid for path in (machine.new_state, *machine.new_state.rglob("*"))} == {1}
    assert {path.stat().st_uid for path in (machine.new_keys, *machine.new_keys.rglob("*"))} == {2}


def test_other_tools_open_a_backup(machine: Machine) -> None:
    """Unsealed, it is a plain tar of two folders without times and owners, in one order, and works as it is."""
    machine.back_up()
    with tarfile.open(fileobj=io.BytesIO(machine.tar())) as tar:
        members = tar.getmembers()
        tar.extractall(machine.folder / "by-hand", filter="data")

    assert [one.name for one in members[: len(NEEDED)]] == list(NEEDED)
    assert {(one.mtime, one.uid, one.gid, one.uname, one.gname, one.mode) for one in members} == {
        (0, 0, 0, "", "", 0o600)
    }
    assert Intake(machine.folder / "by-hand/state", machine.intake.organisation).letters() == machine.intake.letters()


def test_the_same_intake_gives_the_same_tar_wherever_its_pieces_lie(machine: Machine) -> None:
    """Slots, deleted pieces and the database's free pages leave no trace in it."""
    machine.back_up()
    first = machine.tar()
    machine.restore()
    machine.intake.state, machine.keys = machine.new_state, machine.new_keys
    # What lies in a slot without a row, and in a page without one, belongs to nobody.
    with (machine.new_state / "parts").open("ab") as file:
        file.write(os.urandom(MEBIBYTE))
    with closing(sqlite3.connect(machine.new_state / "intake.db")) as connection, connection:
        connection.execute("INSERT INTO pieces VALUES ('letters', ?, '2026-W48', 7, '')", (bytes(32),))
        connection.execute("DELETE FROM pieces WHERE slot = 7 AND shelf = 'letters'")

    machine.back_up()

    assert machine.tar() == first


def test_pieces_stand_in_the_order_of_their_hashes(machine: Machine) -> None:
    """Neither the order in which they came nor the slots in which they lie goes along."""
    machine.intake.send_tips(3)
    machine.back_up()

    with tarfile.open(fileobj=io.BytesIO(machine.tar())) as tar:
        for shelf, size in (("letters", 65_536), ("parts", MEBIBYTE)):
            file = tar.extractfile(f"state/{shelf}")
            assert file is not None
            names = [hashlib.sha256(piece).digest() for piece in iter(lambda: file.read(size), b"")]  # noqa: B023 - read at once
            assert len(names) >= 5
            assert names == sorted(names)


def test_a_backup_holds_every_file_of_a_state(machine: Machine) -> None:
    """A file that a later version puts there must come along, or be one that is made anew."""
    made_anew = {"lock", "tmp", "intake.db-wal", "intake.db-shm"}

    kept = {name.removeprefix("state/") for name in NEEDED if name.startswith("state/")}

    assert {path.name for path in machine.intake.state.iterdir()} - made_anew == kept


def test_the_size_of_a_backup_tells_little(machine: Machine) -> None:
    """With two tips more it has the same size."""
    machine.back_up()
    before = machine.file.stat().st_size
    machine.intake.send_tips(2)
    machine.back_up()

    assert machine.file.stat().st_size == before > 16 * MEBIBYTE


@pytest.mark.parametrize("size", [1, 16 * MEBIBYTE, 16 * MEBIBYTE + 1, 300 * MEBIBYTE, 5_000 * MEBIBYTE + 17])
def test_filling_up_costs_an_eighth_at_most(size: int) -> None:
    """Sizes are rounded up to few values."""
    assert size <= padded(size) <= max(16 * MEBIBYTE, size + size // 8 + 16 * MEBIBYTE)
    assert padded(padded(size)) == padded(size)


def test_what_is_deleted_meanwhile_is_left_out(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    """A letter that goes after the database was copied leaves an empty place, and the backup is whole."""
    copied = backup.Copy.pieces
    state = machine.intake.state

    def pieces_after_one_is_gone(self: backup.Copy, shelf: str, size: int) -> Iterator[bytes]:
        if shelf == "letters":
            with closing(sqlite3.connect(state / "intake.db")) as connection, connection:
                name, slot = connection.execute("SELECT name, slot FROM pieces WHERE shelf = 'letters'").fetchone()
                connection.execute("DELETE FROM pieces WHERE name = ?", (name,))
            with (state / "letters").open("r+b") as file:
                file.seek(slot * size)
                file.write(bytes(size))
        return copied(self, shelf, size)

    monkeypatch.setattr(backup.Copy, "pieces", pieces_after_one_is_gone)

    assert machine.back_up() == 0
    assert machine.restore() == 0
    assert len(pieces(machine.new_state, "letters")) == 1


def test_what_moves_meanwhile_is_found(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    """A shelf that is written anew, every piece in another slot, is backed up whole."""
    monkeypatch.setattr(backup, "PAUSE", 0)
    copied = backup.Copy.pieces
    state = machine.intake.state

    def pieces_after_all_moved(self: backup.Copy, shelf: str, size: int) -> Iterator[bytes]:
        if shelf == "parts":
            content = (state / shelf).read_bytes()
            (state / "new").write_bytes(bytes(size) + content)
            (state / "new").replace(state / shelf)
            with closing(sqlite3.connect(state / "intake.db")) as connection, connection:
                connection.execute("UPDATE pieces SET slot = slot + 1 WHERE shelf = 'parts'")
        return copied(self, shelf, size)

    monkeypatch.setattr(backup.Copy, "pieces", pieces_after_all_moved)

    assert machine.back_up() == 0
    assert machine.restore() == 0
    assert pieces(machine.new_state, "parts") == pieces(state, "parts")


def test_a_damaged_piece_is_left_out_and_told(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The rest is saved and restored; the exit code and one line say that it is not all."""
    monkeypatch.setattr(backup, "PAUSE", 0)
    with (machine.intake.state / "letters").open("r+b") as file:
        content = file.read()
        place = next(place for place in range(0, len(content), 65_536) if any(content[place : place + 64]))
        file.seek(place + 100)
        file.write(bytes(8))

    assert machine.back_up() == 1
    assert "without a piece or more that is damaged" in capsys.readouterr().err
    assert machine.restore() == 0
    assert len(pieces(machine.new_state, "letters")) == 1


def test_a_folder_in_use_is_not_touched(machine: Machine, capsys: pytest.CaptureFixture[str]) -> None:
    """Neither state nor keys are written over, and where one is in use the other is not made."""
    machine.back_up()
    for used in (machine.new_state, machine.new_keys):
        used.mkdir()
        (used / "mine").touch()
        before = machine.made()
        assert machine.restore() == 1
        assert "is not empty" in capsys.readouterr().err
        assert machine.made() == before
        (used / "mine").unlink()

    assert machine.restore() == 0


def damages(sealed: bytes, tar: bytes, machine: Machine) -> dict[str, bytes]:
    """Files that are no whole backup."""

    def resealed(content: bytes) -> bytes:
        return seal(content, [machine.identity.recipient])

    def with_members(change: Callable[[str, bytes], tuple[str, bytes] | None]) -> bytes:
        made = bytearray()
        writer = Archive(made.extend)
        with tarfile.open(fileobj=io.BytesIO(tar)) as members:
            for member in members:
                file = members.extractfile(member)
                assert file is not None
                changed = change(member.name, file.read())
                if changed is not None:
                    writer.add(*changed)
        writer.finish()
        return resealed(bytes(made))

    def only(name: str, to: Callable[[bytes], bytes]) -> bytes:
        return with_members(lambda known, content: (known, to(content) if known == name else content))

    link = io.BytesIO()
    with tarfile.open(mode="w", fileobj=link) as members:
        info = tarfile.TarInfo("backup.json")
        info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"
        members.addfile(info)
    middle = len(sealed) // 2
    return {
        "cut": sealed[:-1],
        "cut in the middle": sealed[:middle],
        "changed": sealed[:middle] + bytes([sealed[middle] ^ 1]) + sealed[middle + 1 :],
        "for somebody else": seal(tar, [HybridIdentity.generate().recipient]),
        "no tar": resealed(b"x" * 100_000),
        "empty": resealed(b""),
        "a tar that ends": resealed(tar[:200_000]),
        "of a later version": only("backup.json", lambda _: b'{"kind": "lapwing-backup", "v": 2}\n'),
        "without the database": with_members(lambda name, content: None if "intake.db" in name else (name, content)),
        "without a key": with_members(
            lambda name, content: None if "visitors/hs_ed25519_s" in name else (name, content)
        ),
        "with a file more": with_members(lambda name, content: (name.replace("r1.auth", "r1.sh"), content)),
        "with a way out": with_members(lambda name, content: (name.replace("keys/rev", "keys/../rev"), content)),
        "with a link": resealed(link.getvalue()),
        "with a huge file": only("state/config.json", lambda content: content + b" " * 70_000),
        "with a damaged letter": only("state/letters", lambda content: b"x" + content[1:]),
        "with a damaged database": only(
            "state/intake.db", lambda content: content[:4096] + os.urandom(len(content) - 4096)
        ),
        "with another key": only("keys/visitors/hs_ed25519_secret_key", lambda content: content[:40] + bytes(56)),
        "with broken settings": only("state/config.json", lambda _: b"{}"),
        "with an identity": only("state/config.json", lambda content: content + b"# AGE-SECRET-KEY-PQ-1QQQ"),
    }


def test_whatever_is_wrong_with_a_backup_nothing_is_made(machine: Machine, capsys: pytest.CaptureFixture[str]) -> None:
    """Cut, changed, foreign, incomplete, hostile: each is told, and neither folder nor anything beside it is left."""
    machine.back_up()
    before = machine.made()
    bad = machine.folder / "bad.age"
    for what, content in damages(machine.file.read_bytes(), machine.tar(), machine).items():
        bad.write_bytes(content)
        assert machine.restore(bad) == 1, what
        assert "nothing was restored" in capsys.readouterr().err, what
        assert machine.made() == before, what

    assert machine.restore(machine.folder / "none.age") == 1
    assert machine.made() == before


def test_a_second_rename_that_fails_undoes_the_first(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    """State without keys would be half a restore; it is none."""
    machine.back_up()
    before = machine.made()
    rename = Path.rename

    def fail_for_keys(self: Path, target: Path) -> Path:
        if target == machine.new_keys:
            raise PermissionError(1, "not permitted", str(target))
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", fail_for_keys)

    assert machine.restore() == 1
    assert machine.made() == before


def test_keys_that_are_not_whole_are_not_saved(machine: Machine, capsys: pytest.CaptureFixture[str]) -> None:
    """A backup without an onion's key would bring back an intake that nobody finds; so there is none."""
    (machine.keys / "visitors/hs_ed25519_secret_key").unlink()

    assert machine.back_up() == 1

    assert "nothing was saved" in capsys.readouterr().err
    assert not machine.file.exists()
    assert sorted(path.name for path in machine.folder.iterdir()) == ["operator.key", "other", "state", "tor"]


def test_a_backup_is_sealed_post_quantum_or_not_at_all(machine: Machine, capsys: pytest.CaptureFixture[str]) -> None:
    """A classic recipient, or none, is a usage error, and is not repeated."""
    classic = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"
    words = ["--state", str(machine.intake.state), "--keys", str(machine.keys), "-o", str(machine.file)]

    assert backup_main([*words, "--to", classic]) == 2

    assert classic not in capsys.readouterr().err
    assert not machine.file.exists()


def test_wrong_usage_is_told_apart() -> None:
    """Usage errors end with 2, help with 0."""
    for program in (backup_main, restore_main):
        assert program([]) == 2
        assert program(["--help"]) == 0


def test_a_backup_that_ends_within_a_file_is_refused() -> None:
    """A tar that ends early is no archive, whoever sealed it."""
    made = bytearray()
    writer = Archive(made.extend)
    writer.add("backup.json", archive.FORM)
    writer.add("state/config.json", b"x" * 5_000)

    with pytest.raises(BackupError):
        read_archive([bytes(made[:4_000])], lambda _name, size, file: restore._write(Path(os.devnull), size, file))


@pytest.mark.slow
def test_a_backup_made_while_tips_come_in_serves_on_another_machine(tmp_path: Path) -> None:
    """A real intake serves; while forms arrive it is backed up; the copy serves what had come before, and more."""
    with served(LiveIntake(tmp_path)) as live:
        fields = {"codename": "", "tip": "", "story": "before"}
        confirm(live, fields)
        before = live.letters()
        keys = tmp_path / "tor/lapwing"
        make_services(keys)
        identity = HybridIdentity.generate()
        (tmp_path / "key").write_text(identity.encode())
        end = threading.Event()
        flood = threading.Thread(target=confirm_until, args=(live, {**fields, "story": "during"}, end))
        flood.start()
        run("backup", "--state", live.state, "--keys", keys, "--to", identity.recipient.encode(), "-o", tmp_path / "b")
        end.set()
        flood.join()
    run("restore", "-i", tmp_path / "key", "--state", tmp_path / "new", "--keys", tmp_path / "new-keys", tmp_path / "b")

    live.state = tmp_path / "new"
    with served(live, opened=False):
        after = live.letters()
        assert {name: hashlib.sha256(repr(one).encode()).digest() for name, one in before.items()} == {
            name: hashlib.sha256(repr(after[name]).encode()).digest() for name in before
        }
        assert {one.letter.story for one in after.values()} <= {"before", "during"}
        confirm(live, {**fields, "story": "elsewhere"})
        assert "elsewhere" in {one.letter.story for one in live.letters().values()}


def confirm(live: LiveIntake, fields: dict[str, str]) -> None:
    """Send a tip with a file of two parts and see it confirmed."""
    fields = {**fields, "codename": str(Codename.generate()), "tip": os.urandom(16).hex()}
    body = encode(fields, {"a": os.urandom(1_500_000)})
    assert live.exchange("POST", "/tip", body, {"Content-Type": MULTIPART})[0] == 200


def confirm_until(live: LiveIntake, fields: dict[str, str], end: threading.Event) -> None:
    """Send tips until told to stop."""
    while not end.is_set():
        confirm(live, fields)


def run(verb: str, *words: object) -> None:
    """Run one verb of the intake in a process of its own."""
    command = [sys.executable, "-P", "-m", "deploy.cli", "intake", verb, *map(str, words)]
    subprocess.run(command, check=True, capture_output=True, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)})
