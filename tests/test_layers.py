"""What each room loads when it runs: the linter reads import statements, these tests look at `sys.modules`."""

import json
import subprocess
import sys
from collections.abc import Collection
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
APPS = ("submission", "reviewer", "prosecutor")
WEB = {"flask", "flask_babel", "flask_limiter", "gunicorn", "jinja2", "werkzeug"}
DATABASE = {"sqlalchemy", "sqlcipher3", "sqlite3"}
# What the intake would open replies with; a module put in its place shows who else reaches unsealing.
REPLIES = "wire.mailbox"

PROBE = """
import importlib, json, sys, types
names, absent = json.loads(sys.argv[1]), json.loads(sys.argv[2])
for name in absent:
    sys.modules[name] = types.ModuleType(name)
    sys.modules[name].__getattr__ = lambda attribute: type(attribute, (), {})
for name in names:
    importlib.import_module(name)
print(json.dumps(sorted(sys.modules)))
"""


def modules(room: str) -> list[str]:
    """The dotted names of all modules of a room."""
    paths = sorted((ROOT / room).rglob("*.py"))
    names = (path.relative_to(ROOT).with_suffix("").parts for path in paths)
    return [".".join(parts).removesuffix(".__init__") for parts in names if parts[-1] != "__main__"]


def first_line(name: str) -> str:
    """The first line of a module."""
    path = (ROOT / name.replace(".", "/")).with_suffix(".py")
    return "" if not path.is_file() else path.read_text().partition("\n")[0]


def loaded(names: Collection[str], absent: Collection[str] = ()) -> set[str]:
    """All that a fresh interpreter has loaded once it imported `names`, with empty stand-ins for `absent`."""
    command = [sys.executable, "-c", PROBE, json.dumps(list(names)), json.dumps(list(absent))]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    return set(json.loads(result.stdout))


def packages(names: Collection[str]) -> set[str]:
    """The top-level packages among modules."""
    return {name.partition(".")[0] for name in names}


def test_the_probe_sees_what_is_loaded() -> None:
    """A module imported by an imported module counts."""
    assert "json.decoder" in loaded(["json"])
    assert "crypto.stream" in loaded(["crypto.seal"])


def test_crypto_stands_alone() -> None:
    """All of `crypto` loads nothing else of ours, no web framework and no database."""
    assert not packages(loaded(modules("crypto"))) & {*APPS, "wire", "deploy", *WEB, *DATABASE}


def test_wire_stands_on_crypto_alone() -> None:
    """All of `wire` loads no app, no web framework and no database."""
    assert not packages(loaded(modules("wire"))) & {*APPS, "deploy", *WEB, *DATABASE}


@pytest.mark.parametrize("app", APPS)
def test_an_app_loads_no_other_app(app: str) -> None:
    """The three apps are independent of each other and of what starts them."""
    assert not packages(loaded(modules(app))) & ({*APPS, "deploy"} - {app})


def test_the_prosecutor_needs_no_web_and_no_database() -> None:
    """A dossier is opened and checked without a web framework or a database."""
    assert not packages(loaded(modules("prosecutor"))) & (WEB | DATABASE - {"sqlite3"})


def test_the_intake_unseals_through_one_module_only() -> None:
    """Without the module that opens a source's replies, nothing in the intake loads `crypto.unseal`."""
    assert "crypto.unseal" not in loaded(modules("submission"), absent=[REPLIES])


def test_what_calls_itself_pure_is_held_to_it() -> None:
    """The modules whose first line says "(pure)" load no web framework, no database and no vault."""
    pure = [name for name in modules("reviewer") if "(pure)" in first_line(name)]
    assert "reviewer.fold" in pure

    now = loaded([*pure, "reviewer.rewards.library"])

    assert not packages(now) & (WEB | DATABASE)
    assert not now & {"reviewer.vault", "reviewer.desk", "reviewer.tables", "reviewer.store", "reviewer.sync"}


def test_sealing_does_not_load_unsealing() -> None:
    """Who only seals has no unsealing in memory."""
    assert "crypto.unseal" not in loaded(["crypto.seal", "crypto.header", "crypto.hybrid"])
