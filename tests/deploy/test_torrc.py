"""`lapwing intake torrc` prints what tor takes, and lets in whom it was told to, and nobody else."""

import base64
import secrets
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from deploy.errors import OperatorError
from deploy.onion import admitted, parse_client_key
from deploy.torrc import torrc, torrc_main
from reviewer.onion import make_client_key, onion_name
from tests.deploy.intakes import Intake, make_services


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """The state folder of an intake with the reviewers r1, r2 and r3."""
    return Intake(tmp_path / "state").state


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    """Where the services shall lie, in tor's own folder."""
    (tmp_path / "tor").mkdir(mode=0o700)
    return tmp_path / "tor/lapwing"


def public_line() -> str:
    """The line that a reviewer gives the operator."""
    return make_client_key("a" * 56).public


def words(state: Path, keys: Path, **clients: str) -> list[str]:
    """Arguments that let reviewers in."""
    reviewers = [word for name, key in clients.items() for word in ("--reviewer", f"{name}={key}")]
    return ["--state", str(state), "--onion", "/run/lapwing", "--keys", str(keys), *reviewers]


def test_tor_takes_the_lines(
    state: Path, keys: Path, require_tool: Callable[[str], str], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Tor, with Debian's own defaults before ours, finds nothing wrong with them."""
    tor = require_tool("tor")
    assert torrc_main(words(state, keys, r1=public_line())) == 0
    lines = tmp_path / "torrc"
    lines.write_text(f"{capsys.readouterr().out}\nDataDirectory {tmp_path / 'tor'}\nUser root\n")

    done = subprocess.run([tor, "--verify-config", "-f", lines], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout
    assert "Configuration was valid" in done.stdout


@pytest.mark.parametrize(
    "line",
    [
        "SocksPort 0",
        "ORPort 0",
        "ControlSocket 0",
        "SafeLogging 1",
        "Log notice stdout",
        "HeartbeatPeriod 0",
        "HiddenServicePort 80 unix:/run/lapwing/visitors.sock",
        "HiddenServicePort 80 unix:/run/lapwing/reviewers.sock",
        "HiddenServicePoWDefensesEnabled 1",
    ],
)
def test_the_lines_are_those_of_an_onion_that_stays_silent(line: str) -> None:
    """No other way in, no log of visits or their number, sockets instead of ports, work before entry in a flood."""
    assert line in torrc(Path("/run/lapwing"), Path("/var/lib/tor/lapwing")).splitlines()


def test_every_service_tells_the_circuit_and_bounds_its_streams() -> None:
    """Each service has the lines that the intake's limits rest on."""
    visitors, reviewers = torrc(Path("/a"), Path("/b")).split("\nHiddenServiceDir ")[1:]

    for service in (visitors, reviewers):
        assert "HiddenServiceExportCircuitID haproxy" in service
        assert "HiddenServiceMaxStreams 16" in service
        assert "HiddenServiceMaxStreamsCloseCircuit 1" in service


@pytest.mark.parametrize("folder", ["run", "/a b", '/a"', "/a#b", "/a\nSocksPort 1"])
def test_a_folder_that_tor_would_misread_is_refused(folder: str) -> None:
    """A path that is not whole, or that would begin another word or line, is not printed."""
    with pytest.raises(OperatorError):
        torrc(Path(folder), Path("/keys"))


def test_reviewers_are_let_in_by_the_file_that_their_app_made(state: Path, keys: Path) -> None:
    """What `lapwing reviewer onion-key` prints for the operator is what tor finds in its folder."""
    line = public_line()

    assert torrc_main(words(state, keys, r1=line, r2=line.removeprefix("descriptor:x25519:"))) == 0

    clients = keys / "reviewers/authorized_clients"
    assert (clients / "r1.auth").read_text() == (clients / "r2.auth").read_text() == line
    assert admitted(keys) == ("r1", "r2")
    paths = [keys, *keys.rglob("*")]
    assert {stat.S_IMODE(path.stat().st_mode) for path in paths} == {0o700, 0o600}


def test_the_reviewers_onion_is_never_open_to_everybody(state: Path, keys: Path) -> None:
    """Before the first reviewer is let in, tor finds one client, and it differs each time."""
    assert torrc_main(words(state, keys)) == 0
    (nobody,) = (keys / "reviewers/authorized_clients").iterdir()
    key = parse_client_key(nobody.read_text())

    assert torrc_main(words(state, keys, r1=public_line())) == 0

    assert nobody.exists()
    assert parse_client_key(nobody.read_text()) == key
    assert admitted(keys) == ("r1",)


@pytest.mark.parametrize("key", ["", "A" * 52, "A" * 51, "§" * 52, "descriptor:x25519:", "0" * 52])
def test_what_is_no_key_lets_nobody_in(state: Path, keys: Path, key: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A damaged key is told, without repeating it, and nothing is made or printed."""
    assert torrc_main(words(state, keys, r1=key)) == 1

    captured = capsys.readouterr()
    assert captured.out == ""
    assert ".auth" in captured.err
    assert len(key) < 5 or key not in captured.err
    assert not keys.exists()


def test_who_is_not_on_the_roster_is_not_let_in(state: Path, keys: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A typing error in a name is told; a name that left the roster is told of as long as it is let in."""
    assert torrc_main(words(state, keys, r4=public_line())) == 1
    assert "not on the roster" in capsys.readouterr().err

    make_services(keys, "left")
    assert torrc_main(words(state, keys)) == 0
    assert "remove left.auth" in capsys.readouterr().err


def test_a_key_is_not_replaced_in_silence(state: Path, keys: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Another key for a name is refused, the same one again changes nothing."""
    line = public_line()
    assert torrc_main(words(state, keys, r1=line)) == 0
    assert torrc_main(words(state, keys, r1=line)) == 0

    assert torrc_main(words(state, keys, r1=public_line())) == 1

    assert "remove it first" in capsys.readouterr().err
    assert (keys / "reviewers/authorized_clients/r1.auth").read_text() == line


def test_without_tors_own_folder_nothing_is_made(state: Path, tmp_path: Path) -> None:
    """Where tor is not installed, its folder is not made up."""
    assert torrc_main(words(state, tmp_path / "none/lapwing")) == 1
    assert not (tmp_path / "none").exists()


def test_wrong_usage_is_told_apart() -> None:
    """Usage errors end with 2, help with 0."""
    assert torrc_main(["--reviewer", "r1=x"]) == 2
    assert torrc_main(["--help"]) == 0


def test_addresses_are_those_that_reviewers_apps_take(tmp_path: Path) -> None:
    """Both rooms read an address alike: the checksum fits."""
    for address in make_services(tmp_path / "tor/lapwing").values():
        assert onion_name(address) == address.removesuffix(".onion")


def test_a_client_key_is_read_as_it_was_written() -> None:
    """Any 32 bytes that are not all zero come back from base32, in either case."""
    key = secrets.token_bytes(32)
    text = base64.b32encode(key).decode().rstrip("=")

    assert parse_client_key(text) == parse_client_key(text.lower()) == key
