"""Each decoder is fuzzed for a moment; what was found before stays found."""

import importlib.util
import os
from pathlib import Path

import pytest

from tests.fuzz import broken
from tests.fuzz.run import CORPUS, LIMITS, Ended, keep, run
from tests.fuzz.targets import TARGETS

MOMENT = 1  # second


@pytest.fixture
def needs_atheris() -> None:
    """Passes over a test where there is no fuzzer for this machine; CI has one that there must be."""
    if importlib.util.find_spec("atheris") is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)("atheris is not there for this machine")


@pytest.mark.parametrize("target", TARGETS)
def test_each_input_of_the_corpus_is_read_or_refused(target: str) -> None:
    """Nothing that was ever kept breaks its decoder; without a fuzzer, on every machine."""
    inputs = [path.read_bytes() for path in (CORPUS / target).iterdir()]
    assert inputs
    assert len(inputs) <= LIMITS.corpus
    for data in inputs:
        TARGETS[target](data)


def test_every_corpus_has_its_target() -> None:
    """No inputs are kept that nothing reads."""
    assert {path.name for path in CORPUS.iterdir()} == set(TARGETS)


@pytest.mark.slow
@pytest.mark.parametrize("target", TARGETS)
def test_a_moment_of_fuzzing_finds_nothing(needs_atheris: None, tmp_path: Path, target: str) -> None:
    """No other error than the decoder's own, nothing that hangs, nothing that grows."""
    ended = run(target, MOMENT, tmp_path)
    assert not ended.broke, ended.found
    assert ended.executions > len(list((CORPUS / target).iterdir()))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("target", "told"), [("wrong-error", "KeyError"), ("endless", "timeout"), ("greedy", "out-of-memory")]
)
def test_what_is_broken_is_found(needs_atheris: None, tmp_path: Path, target: str, told: str) -> None:
    """A foreign error, an endless loop and a hunger for memory end the run, and the input is kept."""
    ended = run(target, 30, tmp_path, broken.__name__, tmp_path / "corpus")
    assert ended.broke
    assert told in ended.found
    assert list(tmp_path.glob(f"{target}-*"))


def test_only_short_inputs_are_kept(tmp_path: Path) -> None:
    """The corpus stays small: few inputs, none of them long."""
    (tmp_path / "dsse").mkdir()
    inputs = (*(bytes([one]) for one in range(LIMITS.corpus + 1)), bytes(LIMITS.kept + 1))
    ended = Ended(broke=False, executions=0, rate=0, coverage=0, found="", inputs=inputs)
    keep("dsse", ended, tmp_path)
    keep("dsse", ended, tmp_path)
    assert len(list((tmp_path / "dsse").iterdir())) == LIMITS.corpus
