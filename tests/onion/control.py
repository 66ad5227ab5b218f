"""tor's control port (control-spec), as much of it as the tests need."""

import socket
from pathlib import Path
from types import TracebackType
from typing import Final, Self

SECONDS: Final = 60


class ControlError(Exception):
    """tor refused a command; the message is its answer."""


class Control:
    """A line to the control socket of one tor.

    Raises:
        OSError: nobody listens there yet.
        ControlError: it takes no command without a password.
    """

    def __init__(self, path: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(SECONDS)
        try:
            self._socket.connect(str(path))
        except OSError:
            self._socket.close()
            raise
        self._lines = self._socket.makefile("r", encoding="utf-8", newline="\r\n")
        self._events: list[str] = []
        self.ask("AUTHENTICATE")

    def ask(self, command: str) -> list[str]:
        """Send a command and return the lines of its answer, without their status.

        Raises:
            ControlError: the status is not 250.
        """
        self._socket.sendall(f"{command}\r\n".encode())
        found: list[str] = []
        while True:
            line = self._line()
            if line.startswith("650"):
                self._events.append(line[4:])
                continue
            found.append(line[4:])
            if line[3] == "+":
                found += self._data()
            elif line[3] == " ":
                break
        if not line.startswith("250"):
            raise ControlError(line)
        return found

    def event(self) -> str:
        """Return the next event of those that `SETEVENTS` asked for."""
        return self._events.pop(0) if self._events else self._line()[4:]

    def _data(self) -> list[str]:
        lines = list[str]()
        while (line := self._line()) != ".":
            lines.append(line)
        return lines

    def _line(self) -> str:
        line = self._lines.readline()
        if not line:
            raise ControlError("the control port closed")
        return line.rstrip("\r\n")

    def __enter__(self) -> Self:
        """Use it."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        self._lines.close()
        self._socket.close()
