"""The two unix sockets that tor brings visitors and reviewers to."""

import os
import socket
import stat
from pathlib import Path
from typing import Final, Literal

from submission.errors import ConfigError

Listener = Literal["visitors", "reviewers", "both"]
"""By which way a request came; "both" is the TCP port of demonstrations and tests."""
LISTENER: Final = "lapwing.listener"
"""Where the WSGI environment says by which."""
NAMES: Final[dict[str, Listener]] = {"visitors.sock": "visitors", "reviewers.sock": "reviewers"}
WITHOUT_OTHERS: Final = 0o117
"""Mask that leaves a socket to its owner and group; the folder decides which group, with its set-group-id bit."""
BACKLOG: Final = 512
LONGEST_PATH: Final = 107
"""Bytes of a socket's path that Linux takes (unix(7))."""


def open_sockets(folder: Path) -> list[socket.socket]:
    """Make both sockets and listen on them; those that a killed intake left are replaced.

    Raises:
        ConfigError: there is no such folder, its path is too long, somebody listens there, or a file is in the way.
    """
    if not folder.is_dir():
        raise ConfigError(f"there is no folder {folder}; make one that tor and the intake can both enter")
    paths = [folder.absolute() / name for name in NAMES]
    if any(len(os.fsencode(path)) > LONGEST_PATH for path in paths):
        raise ConfigError(f"the path of {folder} is too long for a socket; choose a shorter one")
    for path in paths:
        _make_room(path)
    return [_listen(path) for path in paths]


def listener_of(address: object) -> Listener:
    """Return which listener has this address, as `socket.getsockname` gives it."""
    return NAMES[Path(address).name] if isinstance(address, str) else "both"


def _make_room(path: Path) -> None:
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISSOCK(mode):
        raise ConfigError(f"{path} is in the way and is no socket; take it away")
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(path))
        except ConnectionRefusedError:
            path.unlink()
            return
    raise ConfigError(f"an intake serves {path} already; end that process first")


def _listen(path: Path) -> socket.socket:
    listener = socket.socket(socket.AF_UNIX)
    before = os.umask(WITHOUT_OTHERS)
    try:
        listener.bind(str(path))
    finally:
        os.umask(before)
    listener.listen(BACKLOG)
    return listener
