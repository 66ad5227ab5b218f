"""The `lapwing` script of the checkout, with a stand-in for the interpreter that writes down how it was called."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

STAND_IN = """#!/bin/sh
printf '%s\\n' "$*" >>"{log}"
case "$*" in *"$FAILS"*) exit 1 ;; esac
"""


class Checkout:
    """A checkout whose `.venv` holds only stand-ins."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.log = path / "log"
        for name in ("lapwing", "pyproject.toml"):
            shutil.copy(ROOT / name, path)
        shutil.copytree(ROOT / "requirements", path / "requirements")
        (path / ".venv/bin").mkdir(parents=True)
        for name in ("python", "lint-imports"):
            program = path / ".venv/bin" / name
            program.write_text(STAND_IN.format(log=self.log))
            program.chmod(0o755)

    def run(self, *arguments: str, fails: str = "nothing", **environment: str) -> subprocess.CompletedProcess[str]:
        """Runs the script; a call of a stand-in that contains `fails` exits with 1."""
        return subprocess.run(
            [self.path / "lapwing", *arguments],
            cwd="/",
            env={"PATH": os.environ["PATH"], "FAILS": fails, **environment},
            capture_output=True,
            text=True,
            check=False,
        )

    def calls(self) -> list[str]:
        """How the stand-ins were called since this was last asked, one line a call."""
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        self.log.unlink(missing_ok=True)
        return lines


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    """A checkout to run in."""
    return Checkout(tmp_path)


def test_requirements_are_installed_once(checkout: Checkout) -> None:
    """The first call installs with hashes, the next one goes straight to the verb."""
    assert checkout.run("seal", "a b").returncode == 0
    first = checkout.calls()
    assert checkout.run("seal", "a b").returncode == 0

    installs = [line for line in first if "--requirement" in line]
    assert [Path(line.split()[-1]).name for line in installs] == ["build.txt", "dev.txt"]
    assert all("--require-hashes" in line and "--no-build-isolation" in line for line in installs)
    assert [line for line in first if "--no-build-isolation --no-deps --editable" in line]
    assert first[-1:] == checkout.calls() == ["-P -m deploy.cli seal a b"]


@pytest.mark.parametrize("name", ["requirements/runtime.txt", "requirements/dev.txt", "pyproject.toml"])
def test_changed_requirements_are_installed_again(checkout: Checkout, name: str) -> None:
    """A change of what is asked for is noticed at the next call."""
    checkout.run("seal")
    checkout.calls()
    with (checkout.path / name).open("a") as file:
        file.write("# changed\n")
    checkout.run("seal")

    assert [line for line in checkout.calls() if "--require-hashes" in line]


def test_a_failed_install_is_told_and_tried_again(checkout: Checkout) -> None:
    """When an install fails nothing else runs, and the next call tries again."""
    result = checkout.run("seal", fails="--require-hashes")
    assert result.returncode == 1
    assert "could not be installed" in result.stderr
    assert not [line for line in checkout.calls() if "deploy.cli" in line]

    assert checkout.run("seal").returncode == 0
    assert [line for line in checkout.calls() if "--require-hashes" in line]


def test_an_old_python_is_told(checkout: Checkout) -> None:
    """Without Python 3.11 the script says what to do."""
    shutil.rmtree(checkout.path / ".venv")

    result = checkout.run("demo", PYTHON="false")

    assert result.returncode == 1
    assert "no Python 3.11 or later found; install one" in result.stderr


def test_the_gate_runs_the_tests_last(checkout: Checkout) -> None:
    """`test` runs format, lint, types, import contracts and the quick tests, in this order."""
    checkout.run("seal")
    checkout.calls()

    assert checkout.run("test").returncode == 0

    calls = checkout.calls()
    assert calls[:3] == ["-P -m ruff format --check .", "-P -m ruff check .", "-P -m mypy"]
    assert len(calls) == 5
    assert "pytest" in calls[4]
    assert "not slow" in calls[4]


def test_the_whole_gate_adds_slow_tests_and_coverage(checkout: Checkout) -> None:
    """`test --all` leaves no test out and measures coverage."""
    checkout.run("test", "--all")

    last = checkout.calls()[-1]
    assert "--cov" in last
    assert "not slow" not in last


@pytest.mark.parametrize(("fails", "name"), [("ruff format", "format"), ("ruff check", "lint"), ("mypy", "types")])
def test_the_gate_stops_at_the_first_failure(checkout: Checkout, fails: str, name: str) -> None:
    """A step that fails is named, and no later step runs."""
    result = checkout.run("test", fails=fails)

    assert result.returncode == 1
    assert result.stderr.endswith(f"the gate stops here: {name} failed\n")
    assert fails in checkout.calls()[-1]


def test_failing_tests_fail_the_gate(checkout: Checkout) -> None:
    """The gate's exit code is that of pytest."""
    assert checkout.run("test", fails="pytest").returncode == 1


def test_an_unknown_option_of_the_gate_is_a_usage_error(checkout: Checkout) -> None:
    """`test` takes `--all` and nothing else."""
    assert checkout.run("test", "--everything").returncode == 2
