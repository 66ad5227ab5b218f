"""The rules of the house, kept by a tool, each with a test that the tool bites."""

import ast
import re
import socket
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_socket import SocketConnectBlockedError

ROOT = Path(__file__).parent.parent
ROOMS = ("crypto", "wire", "submission", "reviewer", "prosecutor", "deploy")

# Says nothing about what a module is for.
EMPTY_NAMES = re.compile(r"(?:^|_)(?:utils?|[h]elpers?|common|misc|managers?)(?:_|$)")

# Classes of one letter keep this file from matching itself.
FOREIGN_WORDS = re.compile(
    r"/[w]ork/|/[r]oot/|/[t]mp/\w|\b[h]elpers?\b|\b[A]I\b|\b[a]ssistants?\b|\b[i]ssue #?\d", re.MULTILINE
)

# A silenced rule names the rule, then says why.
SILENCED = re.compile(r"#\s*(?:noqa\b(?!:\s*[A-Z]+\d+(?:,\s*[A-Z]+\d+)*\s+\S)|type:\s*ignore\b(?!\[[\w, -]+\]\s+\S))")

PINNED = re.compile(r"[a-z0-9-]+==[\w.]+(?: ; .+)? \\\n(?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+")


def tracked(*patterns: str) -> list[Path]:
    """The files that git knows, below the root."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--", *patterns], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    return [path for name in listing.split("\0") if name and (path := ROOT / name).is_file()]


def shown(path: Path) -> str:
    """A path as it is told in a failure."""
    return str(path.relative_to(ROOT))


def is_docstring_only(source: str) -> bool:
    """Tells whether a module is one docstring and nothing else."""
    body = ast.parse(source).body
    return len(body) == 1 and ast.get_docstring(ast.parse(source)) is not None


def unpinned(requirements: str) -> list[str]:
    """The requirement lines that name no exact version with its hashes."""
    rest = PINNED.sub("", requirements)
    return [line for line in rest.splitlines() if line.strip() and not line.lstrip().startswith("#")]


def names(requirements: str) -> set[str]:
    """The distributions that a `.in` file or the package's metadata asks for."""
    lines = (line.split("#")[0].strip() for line in requirements.splitlines())
    return {re.split(r"[<>=~! ]", line)[0] for line in lines if line and not line.startswith("-")}


def text_files() -> Iterator[tuple[Path, str]]:
    """Every tracked file that is text, with its text."""
    for path in tracked():
        try:
            yield path, path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


def test_a_package_is_introduced_by_a_docstring_alone() -> None:
    """No `__init__.py` holds anything but one docstring, so no import can hide there."""
    assert [shown(path) for path in tracked("*__init__.py") if not is_docstring_only(path.read_text())] == []


def test_an_import_beside_the_docstring_is_seen() -> None:
    """The rule on `__init__.py` bites."""
    assert is_docstring_only('"""A room."""\n')
    assert not is_docstring_only('"""A room."""\nimport os\n')
    assert not is_docstring_only("")


def test_no_module_has_an_empty_name() -> None:
    """Every module is named for what it is about."""
    assert [shown(path) for path in tracked("*.py") if EMPTY_NAMES.search(path.stem)] == []


@pytest.mark.parametrize("name", ["utils", "test_help" + "ers", "common", "key_manager"])
def test_an_empty_name_is_seen(name: str) -> None:
    """The rule on names bites."""
    assert EMPTY_NAMES.search(name)


def test_every_folder_with_tests_is_a_package() -> None:
    """A test folder without `__init__.py` would shadow the room of the same name."""
    folders = {path.parent for path in tracked("tests/**/*.py", "tests/*.py")}
    assert [shown(folder) for folder in folders if not (folder / "__init__.py").is_file()] == []


@pytest.mark.parametrize("name", ["build.txt", "runtime.txt", "dev.txt"])
def test_requirements_are_pinned_with_hashes(name: str) -> None:
    """Every distribution has one exact version and its SHA-256 digests."""
    assert unpinned((ROOT / "requirements" / name).read_text()) == []


def test_an_unpinned_requirement_is_seen() -> None:
    """The rule on requirements bites."""
    assert unpinned("flask==3.1.3 \\\n    --hash=sha256:" + "0" * 64 + "\n    # via lapwing\n") == []
    assert unpinned("flask==3.1.3\n") == ["flask==3.1.3"]
    assert unpinned("flask>=3\n") == ["flask>=3"]


def test_package_and_requirements_ask_for_the_same() -> None:
    """What the installed package needs is what `runtime.in` says, and `runtime.txt` pins."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    asked = names((ROOT / "requirements/runtime.in").read_text())
    pinned = set(re.findall(r"^([a-z0-9-]+)==", (ROOT / "requirements/runtime.txt").read_text(), re.MULTILINE))

    assert names("\n".join(project["dependencies"])) == asked
    assert asked <= pinned


def test_development_pins_what_builds_and_runs() -> None:
    """The gate tests the very versions that are installed to build and to run."""
    pin = re.compile(r"^[a-z0-9-]+==[\w.]+", re.MULTILINE)
    pins = {
        name: set(pin.findall((ROOT / f"requirements/{name}.txt").read_text())) for name in ("build", "runtime", "dev")
    }

    assert pins["build"] | pins["runtime"] <= pins["dev"]


def test_system_tools_are_listed_so_that_ci_can_read_them() -> None:
    """Each line of `system.txt` is an installer, a name and a reason."""
    lines = [
        line
        for line in (ROOT / "requirements/system.txt").read_text().splitlines()
        if line and not line.startswith("#")
    ]
    form = re.compile(r"(?:apt [a-z0-9.+-]+|npm [@a-z0-9/._-]+@\d+\.\d+\.\d+)  # \S.*")

    assert lines
    assert [line for line in lines if not form.fullmatch(line)] == []


def test_a_decision_is_one_screen() -> None:
    """A decision page has at most 60 lines."""
    pages = tracked("docs/decisions/*.md")
    assert [shown(page) for page in pages if len(page.read_text().splitlines()) > 60] == []


def test_a_module_fits_a_morning() -> None:
    """About 250 lines is the aim; no module is longer than 350."""
    modules = [path for room in ROOMS for path in tracked(f"{room}/*.py")]
    assert [shown(path) for path in modules if len(path.read_text().splitlines()) > 350] == []


def test_the_project_speaks_of_itself_alone() -> None:
    """No file names the machine or the circumstances that it was written in."""
    # Word lists hold what their makers chose, and one is in what is built; its source is looked at all the same.
    texts = [(path, text) for path, text in text_files() if not {"words", "built"} & {*path.parent.parts}]
    assert [(shown(path), match.group()) for path, text in texts for match in FOREIGN_WORDS.finditer(text)] == []


@pytest.mark.parametrize("words", ["/wo" + "rk/x", "see iss" + "ue 4", "a help" + "er", "/t" + "mp/x"])
def test_a_foreign_word_is_seen(words: str) -> None:
    """The rule on words bites."""
    assert FOREIGN_WORDS.search(words)


def test_a_silenced_rule_says_why() -> None:
    """Each rule that a line silences is named, with the reason after it."""
    modules = [path for path in tracked("*.py") if path != Path(__file__)]
    lines = [(path, line) for path in modules for line in path.read_text().splitlines()]
    assert [(shown(path), line.strip()) for path, line in lines if SILENCED.search(line)] == []


@pytest.mark.parametrize("line", ["x = 1  # noqa", "x = 1  # noqa: S101", "x = 1  # type: ignore[misc]"])
def test_a_rule_silenced_without_reason_is_seen(line: str) -> None:
    """The rule on silencing bites, and is content with a reason."""
    assert SILENCED.search(line)
    assert not SILENCED.search("x = 1  # noqa: S101, S603 - the program is our own")
    assert not SILENCED.search("x = 1  # type: ignore[misc]  # the library has no types here")


def test_only_one_module_of_the_intake_names_the_peer() -> None:
    """No other module of the intake holds the names under which a visitor's address or browser come."""
    names_of_peer = re.compile(r"remote_addr|user_agent|x_forwarded_for|access_route", re.IGNORECASE)
    modules = [path for path in tracked("submission/*.py") if shown(path) != "submission/limits.py"]
    assert [shown(path) for path in modules if names_of_peer.search(path.read_text().replace("-", "_"))] == []


def test_the_intake_may_not_log() -> None:
    """Ruff refuses `logging`, `tempfile`, the session and the peer address anywhere in the intake."""
    source = "import logging\nimport tempfile\nfrom flask import request, session\nx = request.remote_addr\n"

    result = subprocess.run(
        [
            sys.executable,
            "-m",
            "ruff",
            "check",
            "--no-cache",
            "--select",
            "TID251",
            "--stdin-filename",
            "submission/tip.py",
            "-",
        ],
        cwd=ROOT,
        input=source,
        capture_output=True,
        text=True,
        check=False,
    )

    assert all(
        f"`{name}` is banned" in result.stdout
        for name in ("logging", "tempfile", "flask.session", "flask.request.remote_addr")
    )


@pytest.mark.filterwarnings("ignore:A test tried to use socket")
def test_only_loopback_answers() -> None:
    """A test that reaches for another machine fails at once."""
    with socket.socket() as outside, pytest.raises(SocketConnectBlockedError):
        outside.connect(("192.0.2.1", 9))

    with socket.socket() as server, socket.socket() as client:
        server.bind(("127.0.0.1", 0))
        server.listen(1)
        client.connect(server.getsockname())


def test_a_wheel_holds_all_that_the_rooms_hold(tmp_path: Path) -> None:
    """What is installed has every module and data file of the rooms, and nothing from elsewhere."""
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    (wheel,) = tmp_path.glob("*.whl")

    held = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}

    kept = {shown(path) for room in ROOMS for path in tracked(room) if path.name != "ruff.toml"}
    source = {name for name in kept if name.startswith("submission/client/")}  # of which wire/built is built
    assert kept - source - held == set()
    assert source
    assert not any(name.startswith("submission/client/") or "node_modules" in name for name in held)
    assert {name.partition("/")[0] for name in held} == set(ROOMS)


def test_the_licence_is_whole() -> None:
    """LICENSE is the GNU Affero General Public License, version 3, from its title to how to apply it."""
    text = (ROOT / "LICENSE").read_text()

    assert text.split()[:7] == ["GNU", "AFFERO", "GENERAL", "PUBLIC", "LICENSE", "Version", "3,"]
    assert all(f"\n  {number}. " in text for number in range(18))
    assert "END OF TERMS AND CONDITIONS" in text
    assert "How to Apply These Terms to Your New Programs" in text
