"""Mutants: `python -m tests.mutation MODULE.py [TEST…]` changes one check, call or bound of a module at a time.

For each change the module's tests run in a process of their own: those named after the module, those that `ALSO` has
for it, then those that are asked for. A change that no test notices is told as a survivor: a check or bound that no
test holds. tests/mutation.md explains those that change nothing. Hypothesis tries the same twenty examples each time,
so a second run tells the same. Not part of the gate: it takes minutes.
"""

import argparse
import ast
import copy
import importlib.abc
import importlib.machinery
import importlib.util
import os
import resource
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from types import CodeType, ModuleType

import pytest
from hypothesis import Phase, settings

ROOT = Path(__file__).parent.parent
# What tests import from elsewhere: loaded once for all mutants.
LOADED = ("cryptography.hazmat.primitives.hpke", "hypothesis.strategies", "nacl.public")
MEMORY = 6 << 30  # bytes for one mutant: scrypt's most, several times

COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
PROFILE = "mutation"
settings.register_profile(
    PROFILE, deadline=None, derandomize=True, max_examples=20, database=None, phases=[Phase.explicit, Phase.generate]
)

# Where a module is tested beside, or instead of, the tests that are named after it.
ALSO = {
    "crypto/errors.py": ("test_codename",),
    "crypto/primitives.py": (
        "test_codename",
        "test_conversation",
        "test_hybrid",
        "test_seal",
        "test_unseal",
        "test_vectors",
        "test_x25519",
    ),
    "crypto/stream.py": ("test_seal", "test_unseal"),
    "crypto/unseal.py": ("test_seal",),
    "wire/report_html.py": ("test_report",),
    "wire/shape.py": ("test_content_bounds",),
}
TWINS = {"any": "all", "all": "any", "min": "max", "max": "min"}


@dataclass(frozen=True)
class Mutant:
    """One change.

    Attributes:
        line: where, from 1.
        change: what, in a few words.
        tree: the whole module with it.
    """

    line: int
    change: str
    tree: ast.Module


def mutants(source: str) -> Iterator[Mutant]:
    """Give every change of a module, in the order of its lines."""
    tree = ast.parse(source)
    found = [mutant for place, node in enumerate(ast.walk(tree)) for mutant in _at(tree, place, node)]
    yield from sorted(found, key=lambda mutant: mutant.line)


def _at(tree: ast.Module, place: int, node: ast.AST) -> Iterator[Mutant]:
    """Give the changes of one node, each in a copy of the tree."""
    if not isinstance(node, ast.expr | ast.stmt):
        return
    for choice in range(8):
        # Tried on a copy of the node first: most have nothing to change, and the whole tree takes long to copy.
        change = _change(copy.deepcopy(node), choice)
        if change is None:
            return
        changed = copy.deepcopy(tree)
        _change(list(ast.walk(changed))[place], choice)
        yield Mutant(node.lineno, change, ast.fix_missing_locations(changed))


def _change(node: ast.AST, choice: int) -> str | None:
    """Make the change of that number to a node; return what was done, or None where there is none left."""
    match node:
        case ast.Compare(ops=ops) if choice < len(ops):
            old = type(ops[choice])
            ops[choice] = COMPARISONS[old]()
            return f"{old.__name__} becomes {COMPARISONS[old].__name__}"
        case ast.Constant(value=int() as value) if not isinstance(value, bool) and choice < 2:
            node.value = value + (1, -1)[choice]
            return f"{value} becomes {node.value}"
        case ast.BoolOp(op=op) if choice == 0:
            node.op = ast.Or() if isinstance(op, ast.And) else ast.And()
            return f"{type(op).__name__} becomes {type(node.op).__name__}"
        case ast.UnaryOp(op=ast.Not(), operand=operand) if choice == 0:
            node.operand = ast.UnaryOp(ast.Not(), operand)
            return "not is dropped"
        case ast.Call(func=ast.Name(id=name) as function) if choice == 0 and name in TWINS:
            function.id = TWINS[name]
            return f"{name} becomes {TWINS[name]}"
        case _:
            return _drop(node, choice)


def _drop(node: ast.AST, choice: int) -> str | None:
    """Drop a check, or a call for its effect alone, where that is all there is."""
    if isinstance(node, ast.If) and choice == 0 and any(isinstance(one, ast.Raise) for one in node.body):
        node.test = ast.Constant(value=False)
        return "the check is dropped"
    if isinstance(node, ast.Expr) and choice == 0 and isinstance(node.value, ast.Call):
        node.value = ast.Constant(value=None)
        return "the call is dropped"
    return None


class _Loader(importlib.abc.InspectLoader):
    """Gives a changed module under its own name."""

    def __init__(self, code: CodeType) -> None:
        self._code = code

    def get_source(self, fullname: str) -> None:
        """Return nothing: what runs has no source."""

    def get_code(self, fullname: str) -> CodeType:
        """Return what runs."""
        return self._code

    def exec_module(self, module: ModuleType) -> None:
        """Run it."""
        exec(self._code, module.__dict__)  # noqa: S102 - our own module, with one change


class _Finder(importlib.abc.MetaPathFinder):
    """Finds the changed module before anybody else finds the real one."""

    def __init__(self, name: str, path: Path, code: CodeType) -> None:
        self._name, self._path, self._loader = name, path, _Loader(code)

    def find_spec(self, fullname: str, *_where: object) -> importlib.machinery.ModuleSpec | None:
        """Return the changed module, if it is the one that is asked for."""
        if fullname != self._name:
            return None
        spec = importlib.util.spec_from_loader(fullname, self._loader, origin=str(self._path))
        assert spec is not None
        return spec


class Outcome(Enum):
    """What became of a mutant."""

    NOTICED = "noticed"
    UNNOTICED = "not noticed"
    ENDLESS = "without end"  # which counts as noticed, unless the machine was just slow


def try_out(path: Path, tree: ast.Module, tests: Sequence[str], seconds: float = 600) -> Outcome:
    """Run the tests with a changed module, in a process of their own, for so many seconds at most."""
    child = os.fork()
    if child == 0:
        os._exit(_run(path, tree, tests, seconds))
    match os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]):
        case 0:
            return Outcome.UNNOTICED
        case code if code == -signal.SIGALRM:
            return Outcome.ENDLESS
        case _:
            return Outcome.NOTICED


def _run(path: Path, tree: ast.Module, tests: Sequence[str], seconds: float) -> int:
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    sys.meta_path.insert(0, _Finder(name, path, compile(tree, str(path), "exec")))
    early = "ignore::pytest.PytestAssertRewriteWarning"  # Hypothesis is imported already, and has no assertions for us
    profile = f"--hypothesis-profile={PROFILE}"
    return int(pytest.main(["-x", "-q", "-p", "no:cacheprovider", "-W", early, profile, *tests]))


def main() -> int:
    """Tell how many mutants there are, and which survive."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description="Change a module, run its tests.")
    parser.add_argument("module", type=Path, help="such as crypto/header.py")
    parser.add_argument("tests", nargs="*", help="further tests, as pytest takes them")
    parser.add_argument("--line", type=int, action="append", help="change this line alone; can be given several times")
    asked = parser.parse_args()
    path = (ROOT / asked.module).resolve()
    folder = ROOT / "tests" / path.parent.name
    own = sorted(folder.glob(f"test_{path.stem}*.py"), reverse=True)  # those of the bounds first: they end most mutants
    also = [folder / f"{name}.py" for name in ALSO.get(str(path.relative_to(ROOT)), ())]
    tests = [*map(str, [*own, *also]), *asked.tests]
    source = path.read_text("utf-8")
    for name in LOADED:
        importlib.import_module(name)
    started = time.monotonic()
    if try_out(path, ast.parse(source), tests) is not Outcome.UNNOTICED:
        sys.stdout.write("the tests fail without any change\n")
        return 2
    seconds = 10 + 5 * (time.monotonic() - started)  # longer is a loop without end
    lines, outcomes = source.splitlines(), Counter[Outcome]()
    for mutant in mutants(source):
        if asked.line and mutant.line not in asked.line:
            continue
        outcome = try_out(path, mutant.tree, tests, seconds)
        outcomes[outcome] += 1
        if outcome is not Outcome.NOTICED:
            where = f"{asked.module}:{mutant.line}: {outcome.value}"
            sys.stdout.write(f"{where}: {mutant.change}: {lines[mutant.line - 1].strip()}\n")
            sys.stdout.flush()
    told = ", ".join(f"{outcomes[each]} {each.value}" for each in (Outcome.UNNOTICED, Outcome.ENDLESS))
    sys.stdout.write(f"{asked.module}: {outcomes.total()} changes, {told}\n")
    return int(outcomes[Outcome.UNNOTICED] > 0)


if __name__ == "__main__":
    sys.exit(main())
