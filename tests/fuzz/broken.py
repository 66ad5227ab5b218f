"""Targets that are broken on purpose, so that it is known that the runner sees it."""

from collections.abc import Mapping

from tests.fuzz.targets import Target


def wrong_error(_data: bytes) -> None:
    """Raise what no decoder may."""
    raise KeyError


def endless(_data: bytes) -> None:
    """Never return."""
    while True:
        pass


def greedy(data: bytes) -> None:
    """Take a GiB and keep it."""
    HELD.append(bytearray(b"x" * 2**30))


HELD: list[bytearray] = []
TARGETS: Mapping[str, Target] = {"wrong-error": wrong_error, "endless": endless, "greedy": greedy}
