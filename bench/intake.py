"""How much one intake takes in: `python -m bench.intake [--tips N] [--clients N] [--upload MIB]`.

A real intake (`lapwing intake serve`) in a temporary folder, a client on the same machine, and in the same run what
the machine could do at most.
"""

import argparse
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from bench import visits
from bench.machine import (
    MIB,
    Row,
    best,
    children,
    cipher_seconds,
    command,
    describe,
    disk_seconds,
    free_port,
    hash_seconds,
    loopback_seconds,
    most_memory,
    rate,
    serving,
    show,
    timed,
)
from bench.organisation import make_intake

ROUNDS = 3


def worker_of(server: int) -> int:
    """Return the process that answers; the one that was started only watches it."""
    (worker,) = children(server)
    return worker


def measure_text(state: Path, tips: int, clients: int) -> list[Row]:
    """Return how many text tips and how many forms a second go through."""
    port = free_port()
    with serving([*command("intake", "serve", "--state", str(state), "--port", str(port))], port) as server:
        visits.post_all(port, [visits.text_form() for _ in range(clients)], clients)
        quiet = most_memory(worker_of(server))
        runs = [[visits.text_form() for _ in range(tips)] for _ in range(ROUNDS)]
        sent = min(timed(lambda forms=forms: visits.post_all(port, forms, clients)) for forms in runs)  # type: ignore[misc]  # mypy cannot type a default of a lambda
        read = best(lambda: visits.read_all(port, tips, clients))
        busy = most_memory(worker_of(server))
    return [
        Row("text tips sealed and stored", f"{tips / sent:,.0f} /s"),
        Row("forms shown (GET /tip)", f"{tips / read:,.0f} /s"),
        Row("both, one after the other", f"{tips / (sent + read):,.0f} /s"),
        Row("most memory after the first tips", f"{quiet:,.0f} MiB"),
        Row("most memory after all", f"{busy:,.0f} MiB"),
    ]


def measure_upload(state: Path, mebibytes: int) -> tuple[float, list[Row]]:
    """Return the seconds of one upload, and its rows."""
    port = free_port()
    with serving([*command("intake", "serve", "--state", str(state), "--port", str(port))], port) as server:
        visits.upload(port, 8)
        quiet = most_memory(worker_of(server))
        seconds = best(lambda: visits.upload(port, mebibytes))
        busy, watching = most_memory(worker_of(server)), most_memory(server)
    return seconds, [
        Row(f"one file of {mebibytes} MiB, sealed, cut, on disk", rate(mebibytes * MIB, seconds)),
        Row("most memory of the worker before it", f"{quiet:,.0f} MiB"),
        Row("most memory of the worker after it", f"{busy:,.0f} MiB"),
        Row("most memory of the process that watches the worker", f"{watching:,.0f} MiB"),
    ]


def measure_limits(folder: Path, mebibytes: int, seconds: float) -> list[Row]:
    """Return what the machine could do at most, and how the upload stands to it."""
    port = free_port()
    size = mebibytes * MIB
    with serving([*command()[:2], "-m", "bench.sink", str(port), str(folder / "sink")], port):
        stack = best(lambda: visits.upload(port, mebibytes))
    hashing, cipher = hash_seconds(size), cipher_seconds(size)
    disk, loopback = disk_seconds(size, folder), loopback_seconds(size)
    # The stack's time contains that of the loopback. Hash twice: each file's own, and each part's name.
    limit = stack + 2 * hashing + cipher + disk
    return [
        Row("a loopback socket, nothing else", rate(size, loopback)),
        Row("the same web server, everything dropped", rate(size, stack)),
        Row("SHA-256, one core", rate(size, hashing)),
        Row("ChaCha20-Poly1305 in chunks of 64 KiB, one core", rate(size, cipher)),
        Row("files of 1 MiB written with fsync", rate(size, disk)),
        Row("server + 2 x SHA-256 + cipher + disk, one after the other", rate(size, limit)),
        Row("the upload reaches of that", f"{100 * limit / seconds:,.0f} %"),
    ]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.intake", description=__doc__)
    parser.add_argument("--tips", type=int, default=300, help="text tips a round")
    parser.add_argument("--clients", type=int, default=8, help="forms on their way at the same time")
    parser.add_argument("--upload", type=int, default=512, help="MiB of the one large file")
    options = parser.parse_args()
    print(f"{datetime.now(UTC):%Y-%m-%d}, {describe()}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make_intake(folder / "text")
        show(f"Text, {options.clients} at a time", measure_text(folder / "text", options.tips, options.clients))
        make_intake(folder / "upload")
        seconds, rows = measure_upload(folder / "upload", options.upload)
        show("Upload", rows)
        show("Limits, in the same run", measure_limits(folder, options.upload, seconds))


if __name__ == "__main__":
    main()
