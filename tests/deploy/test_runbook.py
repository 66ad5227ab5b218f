"""The runbook, followed by the letter: every line runs, in its order, on copies of a machine; a restored one serves.

What needs systemd running, a network or a kernel of its own is stood in for (`tests/deploy/machine.py`).
"""

import json
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from deploy import look_host, look_state, look_terms
from submission import config as configuration
from submission import setup
from submission.config import Config
from submission.errors import ConfigError
from tests.deploy import machine

ROOT = Path(__file__).parents[2]
RUNBOOK = ROOT / "docs/runbook.md"

pytestmark = pytest.mark.slow

FENCE = re.compile(r"^(#{2,3}) ([^\n]+)$|^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FILLED_IN = {
    "REVIEWERS-ADDRESS": '"$(cat /var/lib/tor/lapwing/reviewers/hostname)"',
    "OPERATOR-ADDRESS": "operator@example.org",
    "RECIPIENT": "\"$(sed -n 's/# public key: //p' /srv/operator.key)\"",
    "CARRIED-RECIPIENT": "\"$(sed -n 's/# public key: //p' /run/carried.key)\"",
    "BACKUP": "/srv/backup.age",
}
CAPITALS = re.compile(r"(?<![\w$-])(?:" + "|".join(sorted(FILLED_IN, key=len, reverse=True)) + r")(?![\w-])")
MACHINE = ["1. The machine", "2. Lapwing", "3. Accounts, folders, units"]
FIRST_HOUR = [*MACHINE, "4. The state", "5. The two onions", "6. Reviewers", "7. Alarms", "8. Look at all of it"]


def blocks() -> dict[str, list[str]]:
    """The lines to type under each heading, with what is left to the operator filled in."""
    found: dict[str, list[str]] = {}
    heading = ""
    for _, title, lines in FENCE.findall(RUNBOOK.read_text()):
        heading = title or heading
        if lines:
            found.setdefault(heading, []).append(CAPITALS.sub(lambda word: FILLED_IN[word[0]], lines))
    return found


def follow(headings: list[str]) -> str:
    """A script that types every block under some headings, and tells how each ended."""
    parts = []
    for heading in headings:
        for number, block in enumerate(blocks()[heading]):
            mark = f"{heading}/{number}"
            parts += [
                f"echo '@@ {mark}'",
                f"cat > /srv/block <<'@@'\n{block}@@",
                f'sh -eux /srv/block </dev/null && code=0 || code=$?; echo "@@ {mark} ended $code"',
            ]
    return "\n".join(parts) + "\n"


def people(act: str) -> str:
    """A line in which others than the operator do their part."""
    return f'{sys.executable} {ROOT / "tests/deploy/handed.py"} {act}; echo "@@ {act} ended $?"\n'


def codes(printed: str) -> dict[str, int]:
    """How each block ended."""
    return {mark: int(code) for mark, code in re.findall(r"^@@ (.+) ended (\d+)$", printed, re.MULTILINE)}


def findings(printed: str, mark: str) -> list[str]:
    """What a check said in a block."""
    text = printed.partition(f"@@ {mark}\n")[2].partition(f"@@ {mark} ended")[0]
    return [line for line in text.splitlines() if line.startswith(("broken: ", "warning: ", "all is well"))]


def test_the_table_of_limits_is_what_an_intake_reads(tmp_path: Path) -> None:
    """Every number of `config.json` stands in it, and no other, as a new intake has it; a wrong word is told."""
    table = RUNBOOK.read_text().partition("**Limits.**")[2].partition("\n###")[0]
    told = {name: int(number) for name, number in re.findall(r"^\| `(\w+)` \| (\d+) \|", table, re.MULTILINE)}
    configuration.save(Config(tmp_path, bytes(32)))
    path = tmp_path / "config.json"
    made = json.loads(path.read_text())

    assert told == {name: value for name, value in made.items() if type(value) is int}
    path.write_text(json.dumps({**made, "most_fils": 1}))
    with pytest.raises(ConfigError):
        configuration.load(tmp_path)


def test_every_block_is_followed() -> None:
    """No heading with lines to type is left out by the test below."""
    assert set(blocks()) == {*FIRST_HOUR, "Backup", "Restore", "Upgrade"}


def test_the_runbook_is_true_line_by_line(tmp_path: Path, require_tool: Callable[[str], str]) -> None:
    """A machine is set up, serves, is backed up and upgraded; another one is made of the backup and serves the same."""
    for tool in ("unshare", "tor", "systemd-sysusers", "systemd-tmpfiles", "setpriv"):
        require_tool(tool)
    if os.geteuid() != 0:
        pytest.skip("only root makes a copy of the machine to try it on")
    (shared := tmp_path / "shared").mkdir(mode=0o755)
    (first := tmp_path / "first").mkdir()
    (second := tmp_path / "second").mkdir()

    script = people("hand") + follow(FIRST_HOUR) + people("open") + follow(["Backup", "Upgrade"])
    printed = machine.run(first, shared, script + "cp /var/backups/lapwing/*.age /srv/backup.age\n")

    look = "8. Look at all of it/0"
    assert {mark: code for mark, code in codes(printed).items() if code} == {look: 2, "Upgrade/0": 1}, printed[-9000:]
    # Swap and cores are this machine's own, and so is how full its disk is.
    ours = [
        line for line in findings(printed, look) if "swap" not in line and "kernel" not in line and "disk" not in line
    ]
    assert [line.split(". ")[0] for line in ours] == [
        "broken: no key sheet is in force, so the intake takes no tip",
        *(f"broken: there is no period key of {one} for this week" for one in ("r1", "r2", "r3")),
    ]
    assert all(line.startswith("warning: ") for line in findings(printed, "Upgrade/0"))

    restored = machine.run(second, shared, follow([*MACHINE, "Restore"]) + people("compare"))

    assert {mark: code for mark, code in codes(restored).items() if code} == {"Restore/3": 1}, restored[-9000:]
    assert all(line.startswith("warning: ") for line in findings(restored, "Restore/3"))
    addresses = re.findall(r"^(visitors|reviewers): (\S+\.onion)$", printed, re.MULTILINE)
    assert re.findall(r"^(visitors|reviewers): (\S+\.onion)$", restored, re.MULTILINE) == addresses
    assert len(addresses) == 2


def test_the_table_of_the_night_has_the_words_that_a_check_says() -> None:
    """What stands there as said by a check is what a check says."""
    table = RUNBOOK.read_text().partition("## Three in the morning")[2].partition("\n## ")[0]
    said = "".join(Path(str(module.__file__)).read_text() for module in (look_host, look_state, look_terms, setup))

    phrases = [
        phrase for row in re.findall(r"^\| ([^|]+) \|", table, re.MULTILINE) for phrase in re.findall("`(.+?)`", row)
    ]
    assert len(phrases) > 12
    assert [phrase for phrase in phrases if phrase not in said] == []
