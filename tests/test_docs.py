"""The documents say what is there: links lead somewhere, tests that are named exist, formats are described."""

import ast
import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("crypto", "wire", "submission", "reviewer", "prosecutor", "deploy")

SCREENS = ROOT / "docs/screens"
"""Pictures that a script takes of the running demonstration; before its first run there are none at all."""

LINK = re.compile(r"!?\[[^\]]*\]\(([^()\s]+)\)")
CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
ROW = re.compile(r"^\| (?!promise|---)([^|\n]+) \| ([^|\n]+) \|$", re.MULTILINE)  # tables of two columns: the promises
TEST_FREE = re.compile(r"no test yet|not promised")
PAYLOAD_TYPE = re.compile(r"application/vnd\.lapwing\.[a-z-]+\+json")


def pages() -> list[Path]:
    """Every Markdown file that git knows or would know."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", "*.md"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return [path for name in listing.split("\0") if name and (path := ROOT / name).is_file()]


def anchors(page: str) -> set[str]:
    """The names under which the headings of a page are linked to."""
    words = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in HEADING.findall(page))
    return {word.strip().replace(" ", "-") for word in words}


def dead_links(path: Path) -> list[str]:
    """The links of a page that lead to no file of ours, or to no heading in it."""
    dead = []
    for link in LINK.findall(CODE.sub("", path.read_text("utf-8"))):
        if re.match(r"[a-z]+:", link):
            continue
        name, _, anchor = link.partition("#")
        target = path.parent / name if name else path
        if target.parent == SCREENS and not SCREENS.exists():
            continue
        if not target.exists() or (anchor and anchor not in anchors(target.read_text("utf-8"))):
            dead.append(link)
    return dead


@cache
def defined_in(path: str) -> frozenset[str]:
    """The names of the tests in a module, read without running it."""
    module = ROOT / path
    if not module.is_file():
        return frozenset()
    nodes = ast.walk(ast.parse(module.read_text("utf-8")))
    return frozenset(node.name for node in nodes if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"))


def named_tests(page: str) -> list[tuple[str, str]]:
    """The tests that a page names, as path and name."""
    return [(path, name) for path, name in TEST.findall(page)]


@pytest.mark.parametrize("page", pages(), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    """Each link in a page leads to a file, and where it names a heading, to that heading."""
    assert dead_links(page) == []


def test_a_dead_link_is_seen(tmp_path: Path) -> None:
    """The rule on links bites: a missing file, a missing heading."""
    page = tmp_path / "page.md"
    page.write_text("# A title, well\n[a](page.md#a-title-well) [b](nowhere.md) [c](#nothing) `[d](code.md)`\n")

    assert dead_links(page) == ["nowhere.md", "#nothing"]


def test_every_test_that_holds_a_promise_exists() -> None:
    """Each test named in the threat model is defined in the module named."""
    named = named_tests((ROOT / "docs/threat-model.md").read_text("utf-8"))

    assert len(named) > 50
    assert [f"{path}::{name}" for path, name in named if name not in defined_in(path)] == []


def test_every_promise_names_a_test_or_says_that_there_is_none() -> None:
    """Each row of the threat model names a test, or says plainly that none holds it."""
    rows = ROW.findall((ROOT / "docs/threat-model.md").read_text("utf-8"))

    assert len(rows) > 50
    assert [promise for promise, held_by in rows if not TEST.search(held_by) and not TEST_FREE.search(held_by)] == []


def test_a_test_that_does_not_exist_is_seen() -> None:
    """The rule on tests bites."""
    (named,) = named_tests("| a promise | `tests/test_docs.py::test_nothing_of_the_kind` |")

    assert named[1] not in defined_in(named[0])
    assert "test_a_test_that_does_not_exist_is_seen" in defined_in("tests/test_docs.py")
    assert defined_in("tests/no_such_module.py") == frozenset()


def test_the_format_describes_everything_that_is_signed() -> None:
    """Each payload type in the code stands in docs/format.md, and none there is unknown to the code."""
    modules = [path for room in ROOMS for path in (ROOT / room).rglob("*.py")]
    used = {word for path in modules for word in PAYLOAD_TYPE.findall(path.read_text("utf-8"))}
    described = set(PAYLOAD_TYPE.findall((ROOT / "docs/format.md").read_text("utf-8")))

    assert len(used) > 5
    assert used == described


def test_security_says_what_does_not_exist_yet() -> None:
    """SECURITY.md has its parts, and says plainly what is not built."""
    text = (ROOT / "SECURITY.md").read_text("utf-8")

    headings = HEADING.findall(text)
    assert {
        "Promises and their limits",
        "What each machine knows",
        "Not built yet",
        "Reporting a vulnerability",
    } <= set(headings)
    assert "does not exist yet" in text
