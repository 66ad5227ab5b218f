"""How fast `lapwing seal` and `unseal` are: `python -m bench.seal [--size MIB]`.

Beside them Debian's `age`, where it is installed. Version 1.1 knows no post-quantum recipients, so it seals to X25519;
for more than a few kilobytes that makes no difference, because both encrypt alike (ChaCha20-Poly1305 by 64 KiB).
"""

import argparse
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Final

from bench.machine import MIB, Row, cipher_seconds, command, describe, environment, most_memory, rate, show, timed
from crypto.hybrid import HybridIdentity

ROUNDS: Final = 5
SMALL: Final = 1024
POLL_SECONDS: Final = 0.002


@dataclass(frozen=True, slots=True)
class Run:
    """One program on one file."""

    seconds: float
    memory: float
    """Most of it, MiB."""


@dataclass(frozen=True, slots=True)
class Peer:
    """A program that seals and unseals; each takes the name of a file and writes to standard output."""

    name: str
    seal: Callable[[Path], Sequence[str]]
    unseal: Callable[[Path], Sequence[str]]


def lapwing(folder: Path) -> Peer:
    """Return this very Lapwing, with a new identity."""
    identity = HybridIdentity.generate()
    key = folder / "lapwing.key"
    key.write_text(identity.encode() + "\n", "ascii")
    recipient = identity.recipient.encode()
    return Peer(
        "lapwing",
        lambda path: command("seal", "-r", recipient, str(path)),
        lambda path: command("unseal", "-i", str(key), str(path)),
    )


def age(folder: Path) -> Peer | None:
    """Return the age tools, with a new identity; `None` when they are not installed."""
    if not shutil.which("age"):
        return None
    key = folder / "age.key"
    made = subprocess.run(["age-keygen", "-o", str(key)], capture_output=True, text=True, check=True)
    recipient = made.stderr.split()[-1]
    version = subprocess.run(["age", "--version"], capture_output=True, text=True, check=True).stdout.strip()
    return Peer(
        f"age {version} (X25519)",
        lambda path: ["age", "-r", recipient, str(path)],
        lambda path: ["age", "-d", "-i", str(key), str(path)],
    )


def time_of(words: Sequence[str]) -> float:
    """Return the seconds that a program takes, its output dropped; nothing else is looked at meanwhile."""
    return timed(lambda: subprocess.run(words, env=environment(), stdout=subprocess.DEVNULL, check=True))


def memory_of(words: Sequence[str]) -> float:
    """Return the most memory of a program in MiB, looked at until it ends."""
    most = 0.0
    process = subprocess.Popen(words, env=environment(), stdout=subprocess.DEVNULL)
    while process.poll() is None:
        try:
            most = max(most, most_memory(process.pid))
        except ProcessLookupError:
            break
        time.sleep(POLL_SECONDS)
    if process.wait():
        raise RuntimeError(f"{words[0]} failed")
    return most


def seal_to_file(peer: Peer, plain: Path, sealed: Path) -> None:
    """Seal a file once, for the runs that open it."""
    with sealed.open("wb") as sink:
        subprocess.run(peer.seal(plain), env=environment(), stdout=sink, check=True)


def measure(commands: dict[str, Sequence[str]]) -> dict[str, Run]:
    """Run each command several times, in turns, so that a busy moment falls on all of them; return the medians."""
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(ROUNDS):
        for name, words in commands.items():
            seconds[name].append(time_of(words))
    return {name: Run(median(seconds[name]), memory_of(words)) for name, words in commands.items()}


def rows_of(peer: Peer, runs: dict[str, Run], size: int, raw: float) -> list[Row]:
    """Return the rows of one program."""
    rows = []
    for verb in ("seal", "unseal"):
        large, small = runs[f"{peer.name} {verb}"], runs[f"{peer.name} {verb} small"]
        stream = large.seconds - small.seconds
        rows += [
            Row(f"{verb}: all of it", rate(size, large.seconds)),
            Row(f"{verb}: without start-up", rate(size, stream)),
            Row(f"{verb}: of the raw limit, without start-up", f"{100 * raw / stream:,.0f} %"),
            Row(f"{verb}: most memory", f"{large.memory:,.0f} MiB"),
            Row(f"{verb}: 1 KiB, which is start-up", f"{1000 * small.seconds:,.0f} ms"),
        ]
    return rows


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.seal", description=__doc__)
    parser.add_argument("--size", type=int, default=256, help="MiB of the large file")
    size = parser.parse_args().size * MIB
    print(f"{datetime.now(UTC):%Y-%m-%d}, {describe()}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        peers = [peer for peer in (lapwing(folder), age(folder)) if peer is not None]
        files = {"": folder / "large", " small": folder / "small"}
        with files[""].open("wb") as sink:
            sink.truncate(size)
        files[" small"].write_bytes(bytes(SMALL))
        commands: dict[str, Sequence[str]] = {}
        for number, peer in enumerate(peers):
            for kind, plain in files.items():
                sealed = folder / f"{number}{kind}.age"
                seal_to_file(peer, plain, sealed)
                commands[f"{peer.name} seal{kind}"] = peer.seal(plain)
                commands[f"{peer.name} unseal{kind}"] = peer.unseal(sealed)
        runs = measure(commands)
        raw = cipher_seconds(size)
        show("The limit", [Row("ChaCha20-Poly1305 in chunks of 64 KiB, one core", rate(size, raw))])
        for peer in peers:
            show(f"{peer.name}, {size // MIB} MiB of zeros", rows_of(peer, runs, size, raw))


if __name__ == "__main__":
    main()
