"""Runs one fuzzer in a process of its own, with bounds, and reads what it tells."""

import hashlib
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent
CORPUS: Final = FOLDER / "corpus"
ROOT: Final = FOLDER.parents[1]


@dataclass(frozen=True)
class Limits:
    """What one input may cost, and what is kept."""

    seconds: int = 5  # for one input: a shared machine stalls now and then, and an honest input takes milliseconds
    memory: int = 768  # MiB of the whole process; it starts with about 150
    size: int = 70_000  # bytes of an input: more than any decoder takes
    kept: int = 16_384  # bytes of an input that is kept in the corpus
    corpus: int = 50  # inputs of one target that are kept


LIMITS = Limits()


@dataclass(frozen=True)
class Ended:
    """How a run ended.

    Attributes:
        broke: whether something was found.
        executions: inputs tried.
        rate: inputs a second.
        coverage: libFuzzer's count of edges reached.
        found: what was found, in libFuzzer's words; the last lines.
        inputs: what reached something new, the shortest first.
    """

    broke: bool
    executions: int
    rate: int
    coverage: int
    found: str
    inputs: tuple[bytes, ...]

    def __str__(self) -> str:
        """One line; or what was found."""
        if self.broke:
            return f"broke\n{self.found}"
        return f"{self.executions} inputs, {self.rate} a second, {self.coverage} edges"


def run(target: str, seconds: int, findings: Path, module: str = "tests.fuzz.targets", corpus: Path = CORPUS) -> Ended:
    """Fuzz a target from its corpus.

    Args:
        target: one of `tests.fuzz.targets.TARGETS`.
        seconds: how long.
        findings: folder that gets the input that broke it.
        module: has the target in its `TARGETS`.
        corpus: has a folder of inputs for each target.
    """
    findings.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as new:
        options = {
            "max_total_time": seconds,
            "timeout": LIMITS.seconds,
            "rss_limit_mb": LIMITS.memory,
            "max_len": LIMITS.size,
            "print_final_stats": 1,
            "artifact_prefix": f"{findings.resolve()}/{target}-",
            "dict": FOLDER / "tokens.dict",
        }
        (corpus / target).mkdir(parents=True, exist_ok=True)
        ended = _engine(module, target, options, new, corpus / target)
        inputs = sorted((path.read_bytes() for path in Path(new).iterdir()), key=lambda data: (len(data), data))
    return Ended(
        broke=ended.returncode != 0,
        executions=_statistic(ended.stderr, r"stat::number_of_executed_units:\s+(\d+)"),
        rate=_statistic(ended.stderr, r"stat::average_exec_per_sec:\s+(\d+)"),
        coverage=_statistic(ended.stderr, r" cov: (\d+)"),
        found="\n".join([*ended.stdout.splitlines()[-30:], *_without_news(ended.stderr)[-30:]]),
        inputs=tuple(inputs),
    )


def keep(target: str, ended: Ended, corpus: Path = CORPUS) -> None:
    """Add the shortest inputs that reached something new, as long as there is room."""
    folder = corpus / target
    room = LIMITS.corpus - sum(1 for _ in folder.iterdir())
    for data in [one for one in ended.inputs if len(one) <= LIMITS.kept][: max(room, 0)]:
        (folder / hashlib.sha256(data).hexdigest()[:16]).write_bytes(data)


def _engine(
    module: str, target: str, options: Mapping[str, object], *folders: str | Path
) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-P", "-m", "tests.fuzz.engine", module, target]
    command += [f"-{name}={value}" for name, value in options.items()]
    return subprocess.run(
        [*command, *map(str, folders)],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )


def _without_news(told: str) -> list[str]:
    return [line for line in told.splitlines() if not line.startswith(("INFO:", "#", "stat::"))]


def _statistic(told: str, pattern: str) -> int:
    numbers = re.findall(pattern, told)
    return int(numbers[-1]) if numbers else 0
