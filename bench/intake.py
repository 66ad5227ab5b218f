"""How much one intake takes in: `python -m bench.intake [PART …]`.

A real intake (`lapwing intake serve`) in a temporary folder, the client on the same machine, and in the same run what
the machine could do at most. Parts: text, letters, upload, mailbox, growth; all of them by default. As root it measures
with the large pages of memory that an installation has, text and mailbox also without, and puts the setting back.
"""

import argparse
import secrets
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Final

from bench import visits
from bench.fill import add_letters, add_replies
from bench.machine import (
    DEPLOYED_PAGES,
    MIB,
    OTHER_PAGES,
    Row,
    best,
    children,
    command,
    derivations,
    describe,
    disk_seconds,
    free_port,
    loopback_seconds,
    most_memory,
    page_settings,
    pages,
    rate,
    serving,
    show,
    syncs,
    timed,
)
from bench.organisation import make_intake
from crypto.codename import Codename
from wire.keysheet import KeySheet
from wire.roster import Roster
from wire.sealing import LetterSealer

TIPS: Final = 400
LETTERS: Final = 2_000
LOOKS: Final = 60
SHELVES: Final = 400
REPLIES: Final = 10_000
BITS: Final = 4
UPLOAD: Final = 1_024
DERIVING: Final = ("text", "mailbox")
"""Parts in which codenames are derived, which is faster with large pages."""
GROWTH: Final = (1_000, 10_000, 100_000)


@contextmanager
def running(state: Path) -> Iterator[tuple[int, int]]:
    """Serve an intake; give its port and the id of the process that was started."""
    port = free_port()
    with serving([*command("intake", "serve", "--state", str(state), "--port", str(port))], port) as server:
        yield port, server


def memory(server: int) -> list[Row]:
    """Return the most memory that each process of an intake had."""
    (worker,) = children(server)
    return [
        Row("most memory of the worker", f"{most_memory(worker):,.0f} MiB"),
        Row("most memory of the process that watches it", f"{most_memory(server):,.0f} MiB"),
    ]


def visited(port: int, what: str, path: str, forms: list[bytes | None], clients: int) -> Row:
    """Make visits; return how many a second were answered, and how long one took."""
    seconds: list[float] = []
    whole = timed(lambda: seconds.extend(visits.visit_all(port, path, forms, clients)))
    seconds.sort()
    late = seconds[len(seconds) * 95 // 100]
    times = f"p50 {1000 * median(seconds):,.0f} ms, p95 {1000 * late:,.0f} ms"
    return Row(f"{what}, {clients} at once", f"{len(forms) / whole:,.0f} /s, {times}")


def measure_text(folder: Path) -> None:
    """Tips as text, sealed on arrival."""
    make_intake(folder)
    with running(folder) as (port, server):
        visits.visit_all(port, "/tip", [visits.text_form() for _ in range(20)], 4)
        rows = [
            visited(port, "text tips", "/tip", [visits.text_form() for _ in range(TIPS)], clients)
            for clients in (1, 4, 16)
        ]
        rows.append(visited(port, "tip form shown", "/tip", [None] * TIPS, 4))
        rows += memory(server)
    rows.append(Row("limit: codenames derived on two threads", f"{derivations(2):,.0f} /s"))
    rows.append(Row("limit: 4 KiB made durable (fsync)", f"{syncs(folder):,.0f} /s"))
    show("Text tips, sealed on arrival", rows)


def sealed_letters(roster: Roster, sheet: KeySheet, count: int) -> list[bytes | None]:
    """Return forms with letters that were sealed before, all different."""
    keys = Codename.generate().derive(roster.instance)
    sealers = (LetterSealer(sheet, roster, keys, "before", store=lambda _part: None) for _ in range(count))
    return [visits.letter_form(sealer.finish(secrets.token_bytes(16), 1, "en", {}, visits.STORY)) for sealer in sealers]


def measure_letters(folder: Path) -> None:
    """Letters that were sealed before."""
    roster, sheet = make_intake(folder)
    with running(folder) as (port, server):
        rows = [
            visited(port, "sealed letters", "/letter", sealed_letters(roster, sheet, LETTERS), clients)
            for clients in (1, 4, 16)
        ]
        rows += memory(server)
    rows.append(Row("limit: 4 KiB made durable (fsync)", f"{syncs(folder):,.0f} /s"))
    show("Sealed letters handed in", rows)


def measure_upload(folder: Path) -> None:
    """One large file, sealed on arrival."""
    make_intake(folder)
    with running(folder) as (port, server):
        visits.upload(port, 8)
        seconds = best(lambda: visits.upload(port, UPLOAD), times=2)
        used = memory(server)
    size = UPLOAD * MIB
    plain = disk_seconds(size, folder)
    show(
        f"One file of {UPLOAD} MiB, sealed, cut, on disk",
        [
            Row("upload", rate(size, seconds)),
            *used,
            Row("limit: files of 1 MiB written with fsync", rate(size, plain)),
            Row("the upload reaches of that", f"{100 * plain / seconds:,.0f} %"),
            Row("limit: a loopback socket, nothing else", rate(size, loopback_seconds(size))),
        ],
    )


def measure_mailbox(folder: Path) -> None:
    """The mailbox of an intake with many replies, and whole shelves."""
    make_intake(folder, BITS)
    add_replies(folder, REPLIES, BITS)
    size = REPLIES // 2**BITS * 16_384
    with running(folder) as (port, server):
        rows = [
            visited(port, "mailbox opened", "/mailbox", [visits.codename_form() for _ in range(LOOKS)], clients)
            for clients in (1, 4, 8, 16)
        ]
        rows.append(visited(port, f"shelf of {size / MIB:.1f} MiB fetched", "/shelf/0101", [None] * SHELVES, 4))
        rows += memory(server)
    rows.append(Row("limit: codenames derived on two threads", f"{derivations(2):,.0f} /s"))
    rows.append(
        Row(
            "limit: such shelves over a loopback socket",
            f"{UPLOAD * MIB / size / loopback_seconds(UPLOAD * MIB):,.0f} /s",
        )
    )
    show(f"{REPLIES:,} replies on {2**BITS} shelves", rows)


def measure_growth(folder: Path) -> None:
    """Sealed letters and the reviewers' list, while the shelf grows."""
    roster, sheet = make_intake(folder)
    here, rows = 0, list[Row]()
    for count in GROWTH:
        add_letters(folder, count - here)
        here = count + LETTERS
        with running(folder) as (port, server):
            forms = sealed_letters(roster, sheet, LETTERS)
            rows.append(visited(port, f"with {count:,} letters: sealed letters", "/letter", forms, 4))
            rows.append(
                visited(port, f"with {count:,} letters: text tips", "/tip", [visits.text_form() for _ in range(100)], 4)
            )
            rows.append(Row(f"with {count:,} letters: most memory of the worker", memory(server)[0].figure))
    show("Growth", rows)


def measure(part: str) -> None:
    """Measure one part, with the pages of memory that an installation has; what they matter to, with others too."""
    for setting in page_settings(*([OTHER_PAGES] if part in DERIVING else [])):
        print(f"\nlarge pages: {setting or 'none'}{' (as deployed)' if setting == DEPLOYED_PAGES else ''}")
        with pages(setting), tempfile.TemporaryDirectory() as name:
            PARTS[part](Path(name) / "state")


PARTS: Final[dict[str, Callable[[Path], None]]] = {
    "text": measure_text,
    "letters": measure_letters,
    "upload": measure_upload,
    "mailbox": measure_mailbox,
    "growth": measure_growth,
}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.intake", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}")
    asked = parser.parse_args().parts or list(PARTS)
    if unknown := set(asked) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    print(f"{datetime.now(UTC):%Y-%m-%d}, {describe()}")
    for part in asked:
        measure(part)


if __name__ == "__main__":
    main()
