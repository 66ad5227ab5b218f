"""`lapwing intake` makes and serves; what it cannot do it says in one line."""

import socket
from pathlib import Path

import pytest

from submission import cli
from submission.config import Config, load
from tests.wire.organisation import Organisation


@pytest.fixture
def roster_file(tmp_path: Path, organisation: Organisation) -> Path:
    """The first roster as a file."""
    path = tmp_path / "roster.json"
    path.write_bytes(organisation.roster_envelope.encode())
    return path


def make(tmp_path: Path, organisation: Organisation, roster_file: Path) -> int:
    """Make a state folder."""
    root = bytes(organisation.root.verify_key).hex()
    return cli.main(["init", "--state", str(tmp_path / "state"), "--root", root, "--roster", str(roster_file)])


def test_init_makes_a_folder_once(
    tmp_path: Path, organisation: Organisation, roster_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The first `init` succeeds and says how to serve; the second is refused."""
    assert make(tmp_path, organisation, roster_file) == 0
    assert "lapwing intake serve" in capsys.readouterr().out
    assert make(tmp_path, organisation, roster_file) == 1
    assert "is not empty" in capsys.readouterr().err


def test_serve_refuses_an_identity(config: Config, capsys: pytest.CaptureFixture[str]) -> None:
    """An intake with an identity in its folder does not start, and says which file it is."""
    (config.state / "key.txt").write_text("AGE-SECRET-KEY-1…")

    assert cli.main(["serve", "--state", str(config.state)]) == 1
    assert "key.txt holds an identity" in capsys.readouterr().err


def test_serve_refuses_a_port_in_use(config: Config, capsys: pytest.CaptureFixture[str]) -> None:
    """A taken port is a clear message."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        assert cli.main(["serve", "--state", str(config.state), "--port", str(port)]) == 1
    assert f"port {port} is taken" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [[], ["init"], *(["init", "--state", "x", "--root", root, "--roster", "y"] for root in ("zz", "00"))],
)
def test_wrong_usage_is_told(arguments: list[str]) -> None:
    """Wrong usage exits with 2."""
    with pytest.raises(SystemExit) as caught:
        cli.main(arguments)
    assert caught.value.code == 2


def test_a_missing_roster_file_is_told(
    tmp_path: Path, organisation: Organisation, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file that is not there is named."""
    assert make(tmp_path, organisation, tmp_path / "absent") == 1
    assert "absent" in capsys.readouterr().err


OWN = "2gzyxa5ihm7nsggfxnu52rck2vv4rvmdlkiu3zzui5du4xyclen53wid.onion"
"""The Tor Project's, whose checksum is right."""


def test_init_takes_the_own_onion(tmp_path: Path, organisation: Organisation, roster_file: Path) -> None:
    """The address is kept as browsers ask for it."""
    root = bytes(organisation.root.verify_key).hex()
    place = ["--state", str(tmp_path / "state"), "--root", root, "--roster", str(roster_file)]

    assert cli.main(["init", *place, "--onion-address", f"http://{OWN.upper()}/"]) == 0
    assert load(tmp_path / "state").onion_address == OWN


@pytest.mark.parametrize("typed", [OWN.replace("2gz", "2gy"), "example.org", "a" * 56 + ".onion", ""])
def test_init_refuses_a_mistyped_onion(
    tmp_path: Path, organisation: Organisation, roster_file: Path, capsys: pytest.CaptureFixture[str], typed: str
) -> None:
    """A typing error is told, not repeated, and nothing is made."""
    root = bytes(organisation.root.verify_key).hex()
    place = ["--state", str(tmp_path / "state"), "--root", root, "--roster", str(roster_file)]

    assert cli.main(["init", *place, "--onion-address", typed]) == 1
    assert "not an onion address" in capsys.readouterr().err
    assert not (tmp_path / "state").exists()


def test_serve_takes_a_port_or_sockets(config: Config) -> None:
    """Both at once are wrong usage: behind tor no port is open."""
    with pytest.raises(SystemExit) as caught:
        cli.main(["serve", "--state", str(config.state), "--onion", "x", "--port", "1"])
    assert caught.value.code == 2
