"""What may be wrong around the intake: the disk, tor, the sockets, what a crash or the swap would write to a disk."""

import os
import shutil
import socket
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from deploy.errors import OnionKeyError
from deploy.findings import Finding, broken, remark, warning
from deploy.onion import CLIENTS, REVIEWERS, SERVICES, VISITORS, check_service
from deploy.torrc import torrc
from submission import config as configuration
from submission.errors import ConfigError
from submission.room import make_rules

UNITS: Final = (
    "system.slice/lapwing-intake.service",
    "system.slice/system-tor.slice/tor@default.service",
)
ANSWER_SECONDS: Final = 10
HELLO: Final = (
    b"PROXY TCP6 fc00:dead:beef:4dad::ffff:ffff ::1 65535 80\r\n"
    b"GET %s HTTP/1.1\r\nHost: " + b"a" * 56 + b".onion\r\nConnection: close\r\n\r\n"
)
"""A visit as tor hands it over, from a circuit that tor never counts to."""

ROOM: Final = "Look what else fills it, and give it more room; letters go when every reviewer took them"
SWAP: Final = "Turn it off (swapoff -a, and in /etc/fstab), or install the units, which keep both out of it"


@dataclass(frozen=True)
class Host:
    """Where a Linux machine tells about itself; a test has its own folders.

    Attributes:
        proc: kernel and processes.
        cgroups: bounds of the units.
        tor: the file in which tor writes its process id.
        pages: who gets large pages of memory.
    """

    proc: Path = Path("/proc")
    cgroups: Path = Path("/sys/fs/cgroup")
    tor: Path = Path("/run/tor/tor.pid")
    pages: Path = Path("/sys/kernel/mm/transparent_hugepage/enabled")


def disk(state: Path, usage: Callable[[Path], tuple[int, int, int]] = shutil.disk_usage) -> Iterator[Finding]:
    """Look whether the intake refuses files already for want of room on the disk, or will soon."""
    try:
        config = configuration.load(state)
        total, _, free = usage(state)
    except (ConfigError, OSError):
        return  # told elsewhere
    kept = make_rules(total, config.keep_free_percent, config.most_files).beginning.keep_free
    if free < kept:
        yield broken(f"the disk under {state} is full; the intake takes words, but no files", ROOM)
    elif free < 2 * kept:
        yield warning(f"the disk under {state} is nearly full; soon the intake takes no files", ROOM)


def memory(host: Host) -> Iterator[Finding]:
    """Look whether what is in memory could get onto a disk: a page in the swap, or all of it after a crash."""
    if len(_read(host.proc / "swaps").splitlines()) > 1 and not all(_kept_out(host, unit) for unit in UNITS):
        yield warning("swap is on, so what visitors type could get onto the disk", SWAP)
    pattern = _read(host.proc / "sys/kernel/core_pattern").strip()
    if pattern.startswith("|") and "systemd-coredump" not in pattern and "/false" not in pattern:
        yield warning(
            "after a crash the kernel hands a program's memory to another program",
            "Set kernel.core_pattern to core in /etc/sysctl.d, and remove what set it",
        )


def pages(host: Host) -> Iterator[Finding]:
    """Look whether the kernel gives large pages without being asked; what derives keys from a codename does not ask."""
    setting = _read(host.pages)
    if setting and "[always]" not in setting:
        yield remark(
            "the kernel gives small pages of memory, so each tip takes half as much processor time again",
            "systemd-tmpfiles --create lapwing.conf sets that, if /etc/tmpfiles.d/lapwing.conf is of this version",
        )


def _kept_out(host: Host, unit: str) -> bool:
    return _read(host.cgroups / unit / "memory.swap.max").strip() == "0"


def tor(host: Host) -> Iterator[Finding]:
    """Look whether the process that tor wrote down is there and is tor."""
    number = _read(host.tor).strip()
    if not number.isdecimal() or _read(host.proc / number / "comm").strip() != "tor":
        yield broken(
            "tor does not run, so nobody reaches the intake", "systemctl restart tor@default; journalctl -u tor@default"
        )


def sockets(onion: Path) -> Iterator[Finding]:
    """Look whether the intake answers on both sockets, as tor would ask it."""
    for service, path in ((VISITORS, b"/"), (REVIEWERS, b"/api/roster")):
        status = _status(onion / f"{service}.sock", path)
        if status is None:
            yield broken(
                f"the intake does not answer on {service}.sock",
                "systemctl restart lapwing-intake; journalctl -u lapwing-intake",
            )
        elif status >= 500 and service == REVIEWERS:
            yield broken("the intake fails when reviewers ask", "journalctl -u lapwing-intake")


def _status(path: Path, target: bytes) -> int | None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection, suppress(OSError):
        connection.settimeout(ANSWER_SECONDS)
        connection.connect(os.fspath(path))
        connection.sendall(HELLO % target)
        words = connection.recv(64).split()
        if len(words) > 1 and words[0].startswith(b"HTTP/1.") and words[1].isdigit():
            return int(words[1])
    return None


def onion_keys(keys: Path, state: Path) -> Iterator[Finding]:
    """Look at the services' folders, which only tor's account and the administrator can read."""
    for service in SERVICES:
        try:
            address = check_service(keys / service)
        except OnionKeyError as error:
            yield broken(str(error), "An address whose keys are lost is lost")
            continue
        if service == VISITORS and address != _noted(state):
            yield warning("the settings do not name the visitors' address", "lapwing intake address, then restart it")
    if not any((keys / REVIEWERS / CLIENTS).glob("*.auth")):
        yield broken("the reviewers' onion lets everybody in", "lapwing intake torrc, then reload tor")


def _noted(state: Path) -> str | None:
    try:
        return configuration.load(state).onion_address
    except ConfigError:
        return None


def torrc_lines(path: Path, onion: Path, keys: Path) -> Iterator[Finding]:
    """Look whether tor's file still holds the lines that this version of Lapwing prints."""
    if torrc(onion, keys) not in _read(path):
        yield warning(f"{path} is not what lapwing intake torrc prints", "Print it anew, compare, and reload tor")


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8", "replace")
    except OSError:
        return ""
