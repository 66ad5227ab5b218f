"""The whole story over real processes: it holds, and the intake writes nothing of it in clear."""

import contextlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from deploy.checks import Checks
from deploy.organisation import Ports, found
from deploy.processes import DemoError, Processes, refuse_taken_ports
from deploy.stage import Stage, start
from deploy.story import tell

ROOT = Path(__file__).parent.parent.parent
MEBIBYTE = 1 << 20
FIRST_BASE, BASES_EACH, STEP = 21_000, 1_000, 20
WRITES = "write,writev,pwrite64,pwritev,pwritev2,sendto,sendmsg,sendfile,splice,copy_file_range,openat,rename,renameat2"


def free_base() -> int:
    """A base whose ports nobody listens on, and no other test process will choose."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    for base in range(FIRST_BASE + worker * BASES_EACH, FIRST_BASE + (worker + 1) * BASES_EACH, STEP):
        with contextlib.suppress(DemoError):
            refuse_taken_ports(Ports(base).all)
            return base
    raise AssertionError("no free ports")


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder for a throwaway organisation."""
    made = tmp_path / "organisation"
    made.mkdir()
    yield made
    shutil.rmtree(made)


def marks(stage: Stage) -> tuple[bytes, ...]:
    """What must stand nowhere: the mark in text, file and file name, a run of the big file, codenames, claim words."""
    big = stage.material.big.path.read_bytes()[1000:1032]
    return (stage.material.mark.encode(), big, *(codename.encode() for codename in stage.codenames))


def test_the_story_holds_from_tip_to_receipt(folder: Path) -> None:
    """Source, three reviewers, intake and prosecutor, each a process of its own, play the whole story."""
    with Processes() as processes:
        stage = start(found(folder, Ports(free_base())), processes, Checks(), 3 * MEBIBYTE)
        tell(stage)
    assert stage.checks.held > 180
    for path in (folder / "intake").rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert not any(mark in content for mark in marks(stage)), path.name


def test_the_demonstration_is_played_without_a_human() -> None:
    """`lapwing demo --scripted` ends with 0, says so, and leaves neither process nor folder."""
    words = [sys.executable, "-P", "-m", "deploy.cli", "demo", "--scripted", "--port", str(free_base())]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    assert re.search(r"^story complete: tip to receipt, \d+ checks, \d+ s$", done.stdout, re.MULTILINE)


@pytest.mark.slow
def test_the_intake_writes_nothing_of_it_in_clear(folder: Path, require_tool: Callable[[str], str]) -> None:
    """Of every write that the intake's processes make, only those into a visitor's connection hold a mark."""
    trace = folder.parent / "trace"
    strace = (require_tool("strace"), "-f", "-yy", "-s", str(2 * MEBIBYTE), "-e", f"trace={WRITES}", "-o", str(trace))
    with Processes() as processes:
        stage = start(found(folder, Ports(free_base())), processes, Checks(), 3 * MEBIBYTE, strace)
        tell(stage)
    forbidden = marks(stage)
    to_visitors = to_files = 0
    with trace.open("rb") as lines:
        for line in lines:
            if re.match(rb"\d+ +(write|writev|sendto|sendmsg|sendfile)\(\d+<(TCP|socket):", line):
                to_visitors += any(mark in line for mark in forbidden)
                continue
            to_files += 1
            assert not any(mark in line for mark in forbidden), line.split(b"(", 1)[0]
    assert to_visitors, "the codename on the visitor's own page was not seen: the trace sees too little"
    assert to_files > 100
