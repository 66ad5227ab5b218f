"""How fast `lapwing seal` and `unseal` are: `python -m bench.seal [--mib N …] [--recipients N …]`.

Beside them Debian's `age` and `gpg`, where they are installed. age 1.1 knows no post-quantum recipients, so it seals
to X25519; for more than a few kilobytes that makes no difference, because both encrypt alike (ChaCha20-Poly1305 by
64 KiB). gpg encrypts to Curve25519 without compressing. Each opens with the key of the last recipient.
"""

import argparse
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import IO, Final

from bench.machine import MIB, Row, cipher_seconds, command, describe, environment, most_memory, rate, show, timed
from crypto.hybrid import HybridIdentity

ROUNDS: Final = 3
SMALL: Final = 1024
SMALL_ROUNDS: Final = 11
POLL_SECONDS: Final = 0.002
MOST_RECIPIENTS: Final = 20


@dataclass(frozen=True, slots=True)
class Run:
    """One program on one file: seconds, and its most memory in MiB."""

    seconds: float
    memory: float


@dataclass(frozen=True, slots=True)
class Peer:
    """A program that seals a file to so many recipients, and opens it; each writes to standard output."""

    name: str
    seal: Callable[[Path, int], Sequence[str]]
    unseal: Callable[[Path, int], Sequence[str]]


def each(option: str, values: Iterable[str]) -> list[str]:
    """Return the option before each of the values."""
    return [word for value in values for word in (option, value)]


def lapwing(folder: Path) -> Peer:
    """Return this very Lapwing, with new identities."""
    identities = [HybridIdentity.generate() for _ in range(MOST_RECIPIENTS)]
    recipients = [identity.recipient.encode() for identity in identities]
    for number, identity in enumerate(identities, 1):
        (folder / f"lapwing{number}.key").write_text(identity.encode() + "\n", "ascii")
    return Peer(
        "lapwing",
        lambda path, count: command("seal", *each("-r", recipients[:count]), str(path)),
        lambda path, count: command("unseal", "-i", str(folder / f"lapwing{count}.key"), str(path)),
    )


def age(folder: Path) -> Peer:
    """Return the age tools, with new identities."""
    recipients = []
    for number in range(1, MOST_RECIPIENTS + 1):
        words = ["age-keygen", "-o", str(folder / f"age{number}.key")]
        made = subprocess.run(words, capture_output=True, text=True, check=True)
        recipients.append(made.stderr.split()[-1])
    return Peer(
        "age",
        lambda path, count: ["age", *each("-r", recipients[:count]), str(path)],
        lambda path, count: ["age", "-d", "-i", str(folder / f"age{count}.key"), str(path)],
    )


@contextmanager
def gpg(folder: Path) -> Iterator[Peer]:
    """Give gpg with new keys in a home of its own, a home for each so that it opens with that one; end their agents."""
    homes = [folder / f"gpg{number}" for number in range(1, MOST_RECIPIENTS + 1)]
    base = ["gpg", "--batch", "--quiet", "--no-autostart"]
    try:
        for number, home in enumerate(homes, 1):
            home.mkdir(0o700)
            make = ["gpg", "--homedir", str(home), "--batch", "--quiet", "--passphrase", "", "--quick-gen-key"]
            subprocess.run([*make, name_of(number), "future-default", "default", "never"], check=True)
            export = subprocess.run([*base, "--homedir", str(home), "--export"], capture_output=True, check=True)
            if number > 1:
                subprocess.run([*base, "--homedir", str(homes[0]), "--import"], input=export.stdout, check=True)
        sealing = [
            *base,
            "--homedir",
            str(homes[0]),
            "--trust-model",
            "always",
            "-z",
            "0",
            "--output",
            "-",
            "--encrypt",
        ]
        yield Peer(
            "gpg",
            lambda path, count: [*sealing, *each("-r", map(name_of, range(1, count + 1))), str(path)],
            lambda path, count: [*base, "--homedir", str(homes[count - 1]), "--decrypt", str(path)],
        )
    finally:
        for home in filter(Path.exists, homes):
            subprocess.run(["gpgconf", "--homedir", str(home), "--kill", "all"], check=False)


def name_of(number: int) -> str:
    """Return the user id of the gpg key with a number."""
    return f"recipient{number}@lapwing.invalid"


def time_of(words: Sequence[str]) -> float:
    """Return the seconds that a program takes, its output dropped; nothing else is looked at meanwhile."""
    return timed(lambda: run(words, subprocess.DEVNULL))


def memory_of(words: Sequence[str]) -> float:
    """Return the most memory of a program in MiB, looked at until it ends."""
    most = 0.0
    process = subprocess.Popen(words, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while process.poll() is None:
        try:
            most = max(most, most_memory(process.pid))
        except ProcessLookupError:
            break
        time.sleep(POLL_SECONDS)
    if process.wait():
        raise RuntimeError(f"{words[0]} failed")
    return most


def run(words: Sequence[str], sink: int | IO[bytes]) -> None:
    """Run a program to its end."""
    subprocess.run(words, env=environment(), stdout=sink, stderr=subprocess.DEVNULL, check=True)


def measure(commands: dict[str, Sequence[str]], rounds: int) -> dict[str, Run]:
    """Run each command several times, in turns, so that a busy moment falls on all of them; return the medians."""
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, words in commands.items():
            seconds[name].append(time_of(words))
    return {name: Run(median(seconds[name]), memory_of(words)) for name, words in commands.items()}


def runs_of(peers: Sequence[Peer], plain: Path, count: int, rounds: int) -> dict[str, Run]:
    """Seal and open a file with each program; leave nothing behind."""
    commands: dict[str, Sequence[str]] = {}
    with tempfile.TemporaryDirectory() as name:
        for peer in peers:
            sealed = Path(name) / peer.name
            with sealed.open("wb") as sink:
                run(peer.seal(plain, count), sink)
            commands[f"{peer.name} seal"] = peer.seal(plain, count)
            commands[f"{peer.name} unseal"] = peer.unseal(sealed, count)
        return measure(commands, rounds)


def row(name: str, one: Run, start: float, size: int, raw: float) -> Row:
    """Return the line of one program and verb: all of it, then without the seconds of its start-up."""
    rest = one.seconds - start
    alone = f"{rate(size, rest)}, {100 * raw / rest:.0f} % of the limit"
    return Row(name, f"{rate(size, one.seconds):>12}; without start-up {alone:>32}; {one.memory:>4,.0f} MiB of memory")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.seal", description=__doc__)
    parser.add_argument("--mib", type=int, nargs="+", default=[256, 2048], help="sizes of the file")
    parser.add_argument("--recipients", type=int, nargs="+", default=[1, 3, 20], help=f"{MOST_RECIPIENTS} at most")
    asked = parser.parse_args()
    print(f"{datetime.now(UTC):%Y-%m-%d}, {describe()}")
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        peers = [lapwing(folder)]
        if shutil.which("age"):
            peers.append(age(folder))
        if shutil.which("gpg"):
            peers.append(stack.enter_context(gpg(folder)))
        plain = folder / "plain"
        plain.write_bytes(bytes(SMALL))
        small = runs_of(peers, plain, 1, SMALL_ROUNDS)
        show(
            "1 KiB, 1 recipient: start-up", [Row(what, f"{1000 * one.seconds:,.0f} ms") for what, one in small.items()]
        )
        for mib in asked.mib:
            size = mib * MIB
            with plain.open("wb") as sink:
                sink.truncate(size)
            raw = cipher_seconds(size)
            show("The limit", [Row("ChaCha20-Poly1305 in chunks of 64 KiB, one core", rate(size, raw))])
            for count in asked.recipients:
                runs = runs_of(peers, plain, count, ROUNDS)
                rows = [row(what, one, small[what].seconds, size, raw) for what, one in runs.items()]
                show(f"{mib} MiB of zeros, recipients: {count}", rows)


if __name__ == "__main__":
    main()
