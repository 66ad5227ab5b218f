"""The `lapwing` command finds the program for a verb."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from deploy import cli, intake

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("verb", sorted(cli.VERBS))
def test_each_verb_has_a_program(verb: str) -> None:
    """Every verb in the table names a function that can be imported."""
    assert callable(cli.target(verb))


def test_each_program_has_a_verb() -> None:
    """No program of a command line is forgotten in the table."""
    files = subprocess.run(["git", "ls-files", "*.py"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    form = re.compile(r"^def (\w*main)\(\s*arguments: list\[str\][,)]", re.MULTILINE)
    programs = {
        f"{name.removesuffix('.py').replace('/', '.')}:{function}"
        for name in files.splitlines()
        if not name.startswith(("tests/", "bench/", "docs/")) and (ROOT / name).is_file()
        for function in form.findall((ROOT / name).read_text())
    }

    assert programs == {program for table in (cli.VERBS, intake.VERBS) for program, _ in table.values()}


@pytest.mark.parametrize("verb", sorted(intake.VERBS))
def test_each_verb_of_the_intake_tells_its_arguments(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    """`lapwing intake VERB --help` ends with 0 and prints how to call, whichever room the program stands in."""
    try:
        code = intake.main([verb, "--help"])
    except SystemExit as stop:
        code = int(stop.code or 0)

    assert code == 0
    assert f"usage: lapwing intake {verb}" in capsys.readouterr().out


def test_the_intake_tells_all_its_verbs(capsys: pytest.CaptureFixture[str]) -> None:
    """Help lists every verb and succeeds; a verb that does not exist lists them too, exits with 2, and is not told."""
    assert intake.main(["--help"]) == 0
    printed = capsys.readouterr().out
    assert all(f"  {verb} " in printed for verb in intake.VERBS)

    assert intake.main(["nothing-of-the-kind"]) == 2
    assert intake.main([]) == 2
    told = capsys.readouterr().err
    assert "usage: lapwing intake VERB" in told
    assert "nothing-of-the-kind" not in told


def test_unknown_verb_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    """A verb that does not exist exits with 2 and tells which exist, without repeating what was typed."""
    assert cli.main(["codename-typed-by-mistake"]) == 2

    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("usage: lapwing VERB")
    assert "codename-typed-by-mistake" not in captured.err


def test_no_verb_is_a_usage_error() -> None:
    """Without a verb the command exits with 2."""
    assert cli.main([]) == 2


def test_help_is_asked_for_on_purpose(capsys: pytest.CaptureFixture[str]) -> None:
    """`lapwing help` prints the verbs to standard output and succeeds."""
    assert cli.main(["help"]) == 0

    printed = capsys.readouterr().out
    assert all(verb in printed for verb in cli.VERBS)


def test_dispatch_imports_no_program() -> None:
    """The table alone loads neither a web framework nor a database."""
    code = "import sys, deploy.cli; print(sorted(sys.modules))"

    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)

    assert not {"'flask'", "'sqlalchemy'", "'cryptography'"} & set(result.stdout.strip("[]\n").split(", "))
