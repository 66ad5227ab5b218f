"""`lapwing reviewer` makes a vault, serves it, and says what is wrong without repeating what was typed."""

import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from crypto.onion import onion_of
from reviewer import cli
from reviewer.desk import sit_down
from reviewer.vault import Cost, Vault
from tests.reviewer.office_hours import CHEAP, OfficeHours
from tests.reviewer.rewards.programmes import changed

ROOT = Path(__file__).parents[2]


@pytest.fixture
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passphrases cost little in these tests."""
    original = Vault.create.__func__  # type: ignore[attr-defined]  # a class method's function

    def create(cls: type[Vault], folder: Path, passphrase: str, cost: Cost | None = None) -> Vault:
        del cost
        made: Vault = original(cls, folder, passphrase, CHEAP)
        return made

    monkeypatch.setattr(Vault, "create", classmethod(create))


@pytest.fixture
def passphrase(tmp_path: Path) -> Path:
    """A file with a passphrase."""
    path = tmp_path / "passphrase"
    path.write_text("some words of my own\n")
    return path


def init(folder: Path, passphrase: Path, *more: str) -> int:
    """Run `lapwing reviewer init`."""
    words = ["init", "--vault", str(folder), "--id", "r1", "--label", "Desk one", "--passphrase-file", str(passphrase)]
    return cli.main([*words, *more])


@pytest.mark.usefixtures("cheap")
def test_init_prints_the_key_for_the_roster(
    tmp_path: Path, passphrase: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The last line that `init` prints is the public key of the signing key in the vault."""
    assert init(tmp_path / "vault", passphrase, "--root", "ab" * 32) == 0

    printed = capsys.readouterr().out.splitlines()[-1]
    vault = Vault.unlock(tmp_path / "vault", "some words of my own")
    desk = sit_down(vault, lambda: pytest.fail("not asked"))
    assert bytes(desk.signing.verify_key).hex() == printed
    assert (desk.id, desk.label) == ("r1", "Desk one")
    vault.lock()


@pytest.mark.usefixtures("cheap")
def test_init_takes_a_roster(tmp_path: Path, passphrase: Path, office: OfficeHours) -> None:
    """A roster that the root signed can be given at once; another one is refused."""
    roster = tmp_path / "roster.json"
    roster.write_bytes(office.shelves.roster)
    root = bytes(office.root.verify_key).hex()

    assert init(tmp_path / "a", passphrase, "--root", root, "--roster", str(roster)) == 0
    assert init(tmp_path / "b", passphrase, "--root", "ab" * 32, "--roster", str(roster)) == 1


@pytest.mark.usefixtures("cheap")
def test_init_leaves_a_folder_in_use_alone(
    tmp_path: Path, passphrase: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A folder that holds something is an error, told on standard error."""
    assert init(tmp_path, passphrase) == 1
    assert "choose an empty one" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["dance"],
        ["init", "--vault", "x"],
        ["init", "--vault", "x", "--id", "Not An Id", "--label", "x"],
        ["init", "--vault", "x", "--id", "r1", "--label", "x", "--root", "abc"],
        ["serve", "--vault", "x", "--letters-every", "0"],
        ["serve", "--vault", "x", "--letters-every", "7200"],
    ],
)
def test_wrong_usage_exits_with_2(words: list[str]) -> None:
    """A missing or malformed argument is a usage error."""
    assert cli.main(words) == 2


def test_help_is_asked_for_on_purpose() -> None:
    """`--help` succeeds."""
    assert cli.main(["--help"]) == 0


@pytest.mark.usefixtures("cheap")
def test_passphrase_is_typed_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a file the passphrase is asked for twice, and must be the same."""
    typed = iter(["one of these", "two of these", "one of these", "one of these"])
    monkeypatch.setattr("getpass.getpass", lambda _prompt: next(typed))
    words = ["init", "--vault", str(tmp_path / "vault"), "--id", "r1", "--label", "x"]

    assert cli.main(words) == 1
    assert cli.main(words) == 0


def test_passphrase_file_must_be_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Bytes that are no text are not a passphrase."""
    (tmp_path / "pw").write_bytes(b"\xff\xfe")

    assert init(tmp_path / "vault", tmp_path / "pw") == 1
    assert "is not text" in capsys.readouterr().err


def test_taken_port_is_a_clear_message(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A port that somebody listens on is told, with the remedy."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert cli.main(["serve", "--vault", str(tmp_path), "--port", port]) == 1
    assert "choose another with --port" in capsys.readouterr().err


@pytest.mark.usefixtures("cheap")
def test_serve_prints_a_link_and_ends_in_order(tmp_path: Path, passphrase: Path) -> None:
    """The app prints its link, refuses who comes without it, leaves no core file, and ends with 0 when told to."""
    assert init(tmp_path / "vault", passphrase, "--root", "ab" * 32) == 0
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    code = "import sys; from reviewer.cli import main; sys.exit(main(sys.argv[1:]))"
    words = ["serve", "--vault", str(tmp_path / "vault"), "--port", port, "--passphrase-file", str(passphrase)]
    words += ["--intake", "http://127.0.0.1:9"]
    with subprocess.Popen(
        [sys.executable, "-c", code, *words], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            link = process.stdout.readline().split()[-1]
            assert re.match(rf"http://127\.0\.0\.1:{port}/[\w-]{{22}}/enter/", link)
            limits = Path(f"/proc/{process.pid}/limits").read_text("ascii")
            assert "Max core file size        0                    0" in limits
            for address, status in ((f"http://127.0.0.1:{port}/", 404), (f"{link.rpartition('/enter/')[0]}/", 403)):
                with pytest.raises(HTTPError) as refused:
                    urlopen(address)
                assert refused.value.code == status
                refused.value.close()
        finally:
            os.kill(process.pid, signal.SIGTERM)
        _, trouble = process.communicate(timeout=30)
    assert (process.returncode, trouble) == (0, "")


@pytest.mark.parametrize("option", [True, False], ids=["in the folder given", "beside the vault"])
def test_broken_programme_is_told_at_the_start(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], *, option: bool
) -> None:
    """A file of reward programmes that is not as it must be is named with field and remedy, without what it says."""
    folder = tmp_path / "programmes"
    folder.mkdir()
    (folder / "ours.toml").write_bytes(changed('amount = "not_set"', 'amount = "marker"'))
    words = ["serve", "--vault", str(tmp_path / "vault"), *(["--programmes", str(folder)] if option else [])]
    assert cli.main(words) == 1
    error = capsys.readouterr().err
    assert error == "lapwing reviewer: ours.toml: amount must be one of: set, not_set, unclear\n"


def test_missing_folder_of_programmes_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder that was named must be there."""
    assert cli.main(["serve", "--vault", str(tmp_path / "vault"), "--programmes", str(tmp_path / "none")]) == 1
    assert "folder of programmes does not exist" in capsys.readouterr().err


def test_onion_key_prints_the_line_for_the_operator(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The last line is the public half in tor's format; the private half is in a file and nowhere else."""
    onion = onion_of(bytes(range(32)))
    words = ["onion-key", "--onion", f"http://{onion}", "--id", "r1", "--folder", str(tmp_path / "keys")]
    assert cli.main(words) == 0

    printed = capsys.readouterr().out
    assert printed.splitlines()[-1].startswith("descriptor:x25519:")
    private = (tmp_path / "keys" / "r1.auth_private").read_text()
    assert private.startswith(onion.removesuffix(".onion"))
    assert private.strip().rsplit(":", 1)[-1] not in printed


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--intake", f"http://{onion_of(bytes(32))}"], "needs tor"),
        (["--intake", f"http://{onion_of(bytes(32))}", "--socks", "tor:9050"], "must look like"),
        (["--intake", "http://intake.example"], "on this computer"),
        (["--intake", f"http://{'a' * 56}.onion", "--socks", "127.0.0.1:9050"], "typing error"),
    ],
)
def test_wrong_way_to_the_intake_is_told_at_the_start(
    tmp_path: Path, words: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """`serve` says at once what is wrong with an address, and does not repeat it."""
    assert cli.main(["serve", "--vault", str(tmp_path / "vault"), *words]) == 1

    told = capsys.readouterr().err
    assert message in told
    assert "intake.example" not in told
