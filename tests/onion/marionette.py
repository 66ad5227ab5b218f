"""Marionette, by which a program drives Firefox: its wire protocol, and of its commands those that a visit needs.

A message is its length in decimal digits, a colon, and JSON: ``[0, number, command, arguments]`` there,
``[1, number, error, result]`` back (firefox-source-docs: testing/marionette/Protocol).
"""

import base64
import json
import socket
import time
from typing import Any, Final

ELEMENT: Final = "element-6066-11e4-a52e-4f735466cecf"
"""The name under which WebDriver gives an element."""
SECONDS: Final = 120.0


class MarionetteError(Exception):
    """Firefox could not do what it was asked; the message is its own.

    Attributes:
        kind: WebDriver's error code.
    """

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(f"{kind}: {message}")
        self.kind = kind


class Marionette:
    """A session with one Firefox."""

    def __init__(self, port: int, start_seconds: float = 60.0) -> None:
        """Connect and begin.

        Args:
            port: the pref ``marionette.port``.
            start_seconds: how long Firefox may take to listen there.

        Raises:
            OSError: it does not listen.
        """
        self._socket = _connect(port, start_seconds)
        self._stream = self._socket.makefile("rb")
        self._number = 0
        self._receive()  # its greeting
        self.do("WebDriver:NewSession", unhandledPromptBehavior="ignore")

    def do(self, command: str, **arguments: object) -> Any:  # whatever the command gives
        """Run a command and return its result.

        Raises:
            MarionetteError: Firefox refused it.
        """
        self._number += 1
        message = json.dumps([0, self._number, command, arguments]).encode()
        self._socket.sendall(b"%d:%s" % (len(message), message))
        _, number, error, result = self._receive()
        assert number == self._number
        if error is not None:
            raise MarionetteError(error["error"], error["message"])
        return result

    def value(self, command: str, **arguments: object) -> Any:  # the same
        """Run a command and return the value in its result."""
        return self.do(command, **arguments)["value"]

    def find(self, css: str) -> str:
        """Return the first element that a CSS selector finds.

        Raises:
            MarionetteError: there is none.
        """
        found: str = self.value("WebDriver:FindElement", using="css selector", value=css)[ELEMENT]
        return found

    def find_all(self, css: str) -> list[str]:
        """Return all elements that a CSS selector finds."""
        return [each[ELEMENT] for each in self.do("WebDriver:FindElements", using="css selector", value=css)]

    def screenshot(self) -> bytes:
        """Return a picture of the whole page, PNG."""
        return base64.b64decode(self.value("WebDriver:TakeScreenshot", full=True, hash=False, scroll=False))

    def close(self) -> None:
        """Hang up."""
        self._stream.close()
        self._socket.close()

    def _receive(self) -> Any:  # JSON
        size = bytearray()
        while (digit := self._stream.read(1)) != b":":
            if not digit:
                raise ConnectionError("firefox ended")
            size += digit
        return json.loads(self._stream.read(int(size)))


def _connect(port: int, seconds: float) -> socket.socket:
    until = time.monotonic() + seconds
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), SECONDS)
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
