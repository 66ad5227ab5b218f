"""The client's core in a process of its own, asked from Python."""

import base64
import json
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import pytest

from tests.interop.packages import installed

FOLDER = Path(__file__).parent
ROOT = FOLDER.parent.parent
CLIENT = ROOT / "submission" / "client"


class RefusedError(Exception):
    """The client refused.

    Attributes:
        kind: the error's word for why.
        told: everything else that the error holds.
    """

    def __init__(self, told: dict[str, Any]) -> None:
        super().__init__(told["refused"])
        self.kind: str = told["refused"]
        self.told = told


@dataclass
class Core:
    """The driver, running (see driver.ts). A context manager that ends it."""

    command: tuple[str, ...]
    _process: subprocess.Popen[str] = field(init=False)

    def __post_init__(self) -> None:
        self._process = subprocess.Popen(
            self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8", cwd=FOLDER
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with self._process:  # closes its input, which ends it, and waits
            pass

    def ask(self, verb: str, **task: object) -> Any:
        """Return what the client answers to one task; bytes are sent as base64.

        Raises:
            RefusedError: the client refuses.
            AssertionError: it fails in a way that is no refusal.
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        sent = {name: sendable(value) for name, value in {"verb": verb, **task}.items()}
        self._process.stdin.write(json.dumps(sent) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        if "refused" in answer:
            raise RefusedError(answer)
        assert "failed" not in answer, answer["failed"]
        return answer.get("ok")  # undefined has no JSON form

    def refuses(self, verb: str, **task: object) -> str:
        """Return the kind of the error with which the client refuses a task."""
        with pytest.raises(RefusedError) as caught:
            self.ask(verb, **task)
        return caught.value.kind


def sendable(value: object) -> object:
    """A value as the driver takes it."""
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value


def install(require_tool: Callable[[str], str]) -> str:
    """Return the path of node, with the client's packages installed as the lock file says.

    Without network the test is skipped, but not in CI.
    """
    node, npm = require_tool("node"), require_tool("npm")
    installed(npm, CLIENT)
    return node


def run(*command: str | Path, folder: Path = CLIENT) -> str:
    """Run a program that must succeed, and return what it printed."""
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert result.returncode == 0, f"{result.stdout}\n{result.stderr}"
    return result.stdout
