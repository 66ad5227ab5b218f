"""Units as systemd reads them, as far as tests need it without systemd running."""

import shlex
import subprocess
from functools import cache
from pathlib import Path

UNITS = Path(__file__).parents[2] / "deploy/systemd"


def settings(unit: Path) -> dict[str, list[str]]:
    """Every setting of a unit with its values in order; sections do not share names here."""
    found: dict[str, list[str]] = {}
    for line in unit.read_text().splitlines():
        if line and not line.startswith(("#", "[")):
            name, _, value = line.partition("=")
            found.setdefault(name, []).append(value)
    return found


def words(unit: Path) -> list[str]:
    """What a unit starts, word by word."""
    (line,) = settings(unit)["ExecStart"]
    return shlex.split(line)


@cache
def calls_of(group: str) -> frozenset[str]:
    """The system calls in one of systemd's groups, the groups within it included."""
    done = subprocess.run(["systemd-analyze", "syscall-filter", group], capture_output=True, text=True, check=True)
    names = {line.strip() for line in done.stdout.splitlines()[1:] if line.strip() and "#" not in line}
    within = {name for name in names if name.startswith("@")}
    return frozenset(names - within).union(*(calls_of(name) for name in within))


def allowed_calls(unit: Path) -> frozenset[str]:
    """The system calls that a unit's filter lets through."""
    allowed: frozenset[str] = frozenset()
    for line in settings(unit)["SystemCallFilter"]:
        for group in line.removeprefix("~").split():
            allowed = allowed - calls_of(group) if line.startswith("~") else allowed | calls_of(group)
    return allowed
