"""`lapwing intake address` tells the addresses of services that are whole, and notes the visitors'."""

from pathlib import Path

import pytest

from deploy.address import address_main
from deploy.onion import PUBLIC_FILE, SECRET_FILE
from submission import config
from tests.deploy.intakes import Intake, make_services


def test_the_addresses_are_told_and_the_visitors_is_noted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Both are printed; the settings then name the visitors' own."""
    state = Intake(tmp_path / "state").state
    addresses = make_services(tmp_path / "tor/lapwing", "r1")

    assert address_main(["--state", str(state), "--keys", str(tmp_path / "tor/lapwing")]) == 0

    assert capsys.readouterr().out.split() == [
        "visitors:",
        addresses["visitors"],
        "reviewers:",
        addresses["reviewers"],
    ]
    assert config.load(state).onion_address == addresses["visitors"]


@pytest.mark.parametrize("name", ["hostname", PUBLIC_FILE, SECRET_FILE])
@pytest.mark.parametrize("how", ["gone", "cut", "of another service"])
def test_a_service_whose_files_do_not_belong_together_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, how: str
) -> None:
    """A key that is missing, damaged or of another service is found, and the settings stay as they are."""
    state = Intake(tmp_path / "state").state
    keys = tmp_path / "tor/lapwing"
    make_services(keys)
    path = keys / "visitors" / name
    if how == "gone":
        path.unlink()
    elif how == "cut":
        path.write_bytes(path.read_bytes()[:-2])
    else:
        path.write_bytes((keys / "reviewers" / name).read_bytes())

    assert address_main(["--state", str(state), "--keys", str(keys)]) == 1

    captured = capsys.readouterr()
    assert captured.out == ""
    assert "visitors" in captured.err
    assert config.load(state).onion_address is None


def test_wrong_usage_is_told_apart() -> None:
    """Usage errors end with 2, help with 0."""
    assert address_main([]) == 2
    assert address_main(["--help"]) == 0
