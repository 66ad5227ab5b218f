"""What this machine is and can do: its name, raw speeds of one core and of the disk, memory of a process."""

import os
import platform
import secrets
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from crypto.codename import Codename

ROOT: Final = Path(__file__).parent.parent
MIB: Final = 1_048_576
CHUNK: Final = 65_536
"""Bytes of a chunk of an age payload."""
START_SECONDS: Final = 60
PAGES: Final = Path("/sys/kernel/mm/transparent_hugepage/enabled")
"""Who gets large pages of memory: `always` where Lapwing was installed as the runbook says."""
DEPLOYED_PAGES: Final = "always"
OTHER_PAGES: Final = "madvise"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: what, and its figure."""

    what: str
    figure: str


def page_settings(*others: str) -> list[str]:
    """Return with which settings of `PAGES` to measure: that of an installation and others, or this machine's alone."""
    return [DEPLOYED_PAGES, *others] if os.access(PAGES, os.W_OK) else [_pages()]


@contextmanager
def pages(setting: str) -> Iterator[None]:
    """Have this setting of `PAGES` until the block ends, then the one that was there."""
    before = _pages()
    if setting != before:
        PAGES.write_text(setting)
    try:
        yield
    finally:
        if setting != before:
            PAGES.write_text(before)


def _pages() -> str:
    """Return the setting in force, which stands in brackets; nothing where there is none."""
    told = PAGES.read_text("ascii") if PAGES.exists() else ""
    return told.partition("[")[2].partition("]")[0]


def show(title: str, rows: Sequence[Row]) -> None:
    """Print a plain table."""
    width = max(len(row.what) for row in rows)
    print(f"\n{title}")
    for row in rows:
        print(f"  {row.what:<{width}}  {row.figure:>14}")
    sys.stdout.flush()


def describe() -> str:
    """Return the processor, its cores, the system, Python, and how busy the machine is."""
    lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown")
    load = os.getloadavg()[0]
    system = f"{platform.system()} {platform.release()}"
    return f"{model}, {os.cpu_count()} cores, {system}, Python {platform.python_version()}, load before {load:.1f}"


def rate(size: int, seconds: float) -> str:
    """Return MiB/s."""
    return f"{size / MIB / seconds:,.0f} MiB/s"


def timed(work: Callable[[], object]) -> float:
    """Return how many seconds something takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def best(work: Callable[[], object], times: int = 3) -> float:
    """Return the seconds of the fastest of several runs: the least disturbed one."""
    return min(timed(work) for _ in range(times))


def cipher_seconds(size: int) -> float:
    """Return the seconds that ChaCha20-Poly1305 alone takes, chunk by chunk, on one core."""
    cipher = ChaCha20Poly1305(secrets.token_bytes(32))
    chunk, sealed = memoryview(bytes(CHUNK)), memoryview(bytearray(CHUNK + 16))

    def work() -> None:
        for counter in range(size // CHUNK):
            cipher.encrypt_into(counter.to_bytes(12, "big"), chunk, None, sealed)

    return best(work)


def disk_seconds(size: int, folder: Path) -> float:
    """Return the seconds that writing files of 1 MiB takes, each with fsync, one after the other."""
    chunk = secrets.token_bytes(MIB)
    path = folder / "disk-limit"

    def work() -> None:
        for _ in range(size // MIB):
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            os.write(descriptor, chunk)
            os.fsync(descriptor)
            os.close(descriptor)

    seconds = best(work, times=2)
    path.unlink()
    return seconds


def syncs(folder: Path, times: int = 500) -> float:
    """Return how many times a second 4 KiB can be written to a file and made durable."""
    path = folder / "sync-limit"

    def work() -> None:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
        for _ in range(times):
            os.pwrite(descriptor, bytes(4_096), 0)
            os.fsync(descriptor)
        os.close(descriptor)

    seconds = best(work)
    path.unlink()
    return times / seconds


def derivations(threads: int, times: int = 100) -> float:
    """Return how many codenames a second can be derived (Argon2id, 19 MiB, two passes), on so many threads."""
    with ThreadPoolExecutor(threads) as pool:

        def work() -> None:
            for _ in pool.map(lambda _: Codename.generate().derive(bytes(16)), range(times)):
                pass

        return times / best(work)


def loopback_seconds(size: int) -> float:
    """Return the seconds in which a thread drops what another sends it over a loopback socket."""
    chunk = bytes(MIB)

    def work() -> None:
        with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as client:
            client.connect(server.getsockname())
            sink, _ = server.accept()
            sender = threading.Thread(target=_send, args=(client, chunk, size // MIB))
            sender.start()
            buffer, left = bytearray(131_072), size
            with sink:
                while left:
                    left -= sink.recv_into(buffer)
            sender.join()

    return best(work)


def _send(client: socket.socket, chunk: bytes, times: int) -> None:
    for _ in range(times):
        client.sendall(chunk)


def most_memory(process: int) -> float:
    """Return the most memory that a process has had so far, in MiB (VmHWM: every page it touched, shared ones too)."""
    lines = Path(f"/proc/{process}/status").read_text("utf-8").splitlines()
    sizes = [int(line.split()[1]) for line in lines if line.startswith("VmHWM:")]
    if not sizes:
        raise ProcessLookupError(process)
    return sizes[0] / 1024


def children(process: int) -> list[int]:
    """Return the ids of the processes that a process started."""
    return [int(one) for one in Path(f"/proc/{process}/task/{process}/children").read_text("utf-8").split()]


def command(*words: str) -> list[str]:
    """Return the command line of a `lapwing` verb in this very Python."""
    return [sys.executable, "-P", "-m", "deploy.cli", *words]


def environment() -> dict[str, str]:
    """Return the environment of every process: this one's, with Lapwing found where it stands."""
    return {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody listens on just now."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def serving(words: Sequence[str], port: int) -> Iterator[int]:
    """Run a server until the block ends; give its process id once the port answers.

    Raises:
        RuntimeError: it did not answer within a minute.
    """
    process = subprocess.Popen(words, env=environment(), stdout=subprocess.DEVNULL)
    try:
        until = time.monotonic() + START_SECONDS
        while True:
            try:
                with socket.create_connection(("127.0.0.1", port)):
                    break
            except ConnectionRefusedError:
                if process.poll() is not None or time.monotonic() > until:
                    raise RuntimeError(f"{words[-1]} does not answer on port {port}") from None
                time.sleep(0.1)
        yield process.pid
    finally:
        process.terminate()
        process.wait()
