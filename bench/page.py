"""The page in Firefox with Tor Browser's settings: how long it takes, whether it answers meanwhile, how much memory.

    python -m bench.page [RUNS]

needs firefox-esr, and a machine that does nothing else. The intake stands on loopback, so that no network counts. With
*a sixth of the processor* every process of the browser is halted for 50 of each 60 ms, which is what a limit by the
kernel does, too.
"""

import os
import signal
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tests.onion.firefox import Firefox, firefox
from tests.onion.network import wait_for
from tests.onion.telling import ORIGINAL, SEND
from tests.onion.torbrowser import Level, preferences
from tests.submission.live import LiveIntake, free_port, served

MEBIBYTE: Final = 1 << 20
PATIENCE: Final = 900
"""Seconds that anything may take."""
GO, HALT = 0.010, 0.050
"""Seconds of each turn in which a browser with a sixth of the processor runs, and in which it does not."""
TICKS: Final = os.sysconf("SC_CLK_TCK")

LISTEN: Final = "document.addEventListener('click', () => { document.documentElement.dataset.clicks += 'x'; }, true)"
CLICKED: Final = "return document.documentElement.dataset.clicks"
STATUS: Final = "return document.querySelector('section.note p[role=status]')?.textContent ?? ''"
TITLE: Final = "return document.querySelector('h1').textContent"


@dataclass
class Measured:
    """One tip.

    Attributes:
        codename: seconds from the address typed to the keys of the codename.
        sealed: seconds from the button to the last piece sealed.
        arrived: seconds from the button to the page that says so.
        clicks: seconds that each click took to come to the page, and back to who clicked.
        spent: seconds of processor time of the whole browser, for the codename and for the sealing.
        empty: MiB of the process that shows pages, with a page that has no script.
        most: MiB of it, the most that was seen.
    """

    codename: float = 0
    sealed: float = 0
    arrived: float = 0
    clicks: list[float] = field(default_factory=list)
    spent: tuple[float, float] = (0, 0)
    empty: float = 0
    most: float = 0


def processes(profile: Path) -> list[Path]:
    """Return the folders in /proc of a browser, of all that belongs to it."""

    def leads(folder: Path) -> bool:
        return str(profile).encode() in folder.joinpath("cmdline").read_bytes()

    found = [folder for folder in Path("/proc").iterdir() if folder.name.isdecimal()]
    leader = next(os.getsid(int(folder.name)) for folder in found if readable(folder, leads, default=False))
    return [
        folder for folder in found if readable(folder, lambda one: os.getsid(int(one.name)) == leader, default=False)
    ]


def readable(folder: Path, look: Callable[[Path], bool], *, default: bool) -> bool:
    """Ask something of a process that may just have ended."""
    try:
        return look(folder)
    except OSError:
        return default


def processor(profile: Path) -> float:
    """Return the seconds of processor time that a browser has had."""
    ticks = 0
    for folder in processes(profile):
        try:
            fields = (folder / "stat").read_text("utf-8").rpartition(")")[2].split()
        except OSError:
            continue
        ticks += int(fields[11]) + int(fields[12])
    return ticks / TICKS


def page_memory(profile: Path) -> float:
    """Return the MiB of the largest process that shows pages: its own, and its share of what it has in common (PSS)."""
    most = 0
    for folder in processes(profile):
        try:
            if folder.joinpath("cmdline").read_bytes().rstrip(b"\0").endswith(b"tab"):
                rollup = (folder / "smaps_rollup").read_text("ascii").splitlines()
                most = max(most, next(int(line.split()[1]) for line in rollup if line.startswith("Pss:")))
        except OSError:
            continue
    return most / 1024


@contextmanager
def repeated(act: Callable[[], None], pause: float) -> Iterator[None]:
    """Do something again and again in a thread until the block ends."""
    done = threading.Event()

    def run() -> None:
        while not done.wait(pause):
            act()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


@contextmanager
def slowed(profile: Path) -> Iterator[None]:
    """Give a browser a sixth of the processor while the block runs."""
    group = os.getpgid(int(processes(profile)[0].name))

    def turn() -> None:
        os.killpg(group, signal.SIGSTOP)
        time.sleep(HALT)
        os.killpg(group, signal.SIGCONT)

    with repeated(turn, GO):
        yield


def run(browser: Firefox, script: str) -> str:
    """Run a script beside the page."""
    return str(browser.driver.value("WebDriver:ExecuteScript", script=script, args=[]))


def click(browser: Firefox, element: str) -> float:
    """Click, as a mouse does; return the seconds until the page has noticed."""
    before = run(browser, CLICKED)
    began = time.perf_counter()
    steps = [
        {"type": "pointerMove", "origin": {"element-6066-11e4-a52e-4f735466cecf": element}, "x": 0, "y": 0},
        {"type": "pointerDown", "button": 0},
        {"type": "pointerUp", "button": 0},
    ]
    mouse = {"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}, "actions": steps}
    browser.driver.do("WebDriver:PerformActions", actions=[mouse])
    assert run(browser, CLICKED) != before
    return time.perf_counter() - began


def tell(browser: Firefox, port: int, profile: Path, film: Path) -> Measured:
    """Send one tip with a file, and watch."""
    found = Measured(empty=page_memory(profile))
    began, used = time.perf_counter(), processor(profile)
    browser.open(f"http://127.0.0.1:{port}/tip")
    wait_for("the keys", lambda: True if "Ready." in browser.text_of("[data-state]") else None, PATIENCE, 0.05)
    found.codename, found.spent = time.perf_counter() - began, (processor(profile) - used, 0)
    browser.type("textarea[name=story]", "Ivory, on the market.")
    browser.choose("input[name=files]", film)
    wait_for("the look", lambda: True if browser.has(ORIGINAL) else None, PATIENCE)
    browser.click(ORIGINAL)
    run(browser, LISTEN)
    found.most = page_memory(profile)

    def look() -> None:
        found.most = max(found.most, page_memory(profile))

    with repeated(look, 0.2):
        began, used = time.perf_counter(), processor(profile)
        browser.click(SEND)
        # The panel's own heading: the form below it takes no clicks just now.
        heading = browser.driver.find("section.note h2")
        while not found.sealed:
            if "sealed on this device" in run(browser, STATUS):
                found.clicks.append(click(browser, heading))
                time.sleep(0.1)
            elif "All" in run(browser, STATUS) or "arrived" in run(browser, TITLE):
                found.sealed = time.perf_counter() - began
        found.spent = (found.spent[0], processor(profile) - used)
        wait_for("the end", lambda: True if "arrived" in run(browser, TITLE) else None, PATIENCE, 0.05)
        found.arrived = time.perf_counter() - began
    return found


def measure(folder: Path, port: int, level: Level, film: Path, *, slow: bool) -> Measured:
    """Start a browser, and send one tip with it."""
    place = Path(tempfile.mkdtemp(dir=folder))
    profile = place / "profile"
    settings = {**preferences(level, 1), "network.proxy.type": 0}
    with firefox(profile, settings, place, "page", free_port()) as browser:
        browser.open(f"http://127.0.0.1:{port}/")
        with slowed(profile) if slow else nullcontext():
            return tell(browser, port, profile, film)


def main() -> int:
    """Measure everything, and print it as tables."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    cases = [(Level.STANDARD, False, 5), (Level.SAFER, False, 5), (Level.SAFER, True, 5)]
    cases += [(Level.STANDARD, False, 25), (Level.SAFER, False, 25)]
    print(f"load before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores\n")
    print("| level, file | codename | sealed | arrived | clicks, median and longest | processor time | memory |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory(prefix="page-", ignore_cleanup_errors=True) as made:
        folder = Path(made)
        with served(LiveIntake(folder)) as intake:
            for level, slow, size in cases:
                film = folder / "film.bin"
                film.write_bytes(os.urandom(size * MEBIBYTE))
                print(
                    line(
                        level,
                        [measure(folder, intake.port, level, film, slow=slow) for _ in range(runs)],
                        size,
                        slow=slow,
                    )
                )
    return 0


def line(level: Level, found: list[Measured], size: int, *, slow: bool) -> str:
    """Return a line of the table: medians of the times, the most of the memory."""

    def median(read: Callable[[Measured], float]) -> float:
        return statistics.median(read(one) for one in found)

    clicks = [second for one in found for second in one.clicks] or [0.0]
    where = f"{level.value.capitalize()}{', a sixth of the processor' if slow else ''}, {size} MiB"
    return " | ".join(
        (
            f"| {where}",
            f"{median(lambda one: one.codename):.1f} s",
            f"{median(lambda one: one.sealed):.1f} s",
            f"{median(lambda one: one.arrived):.1f} s",
            f"{1000 * statistics.median(clicks):.0f} and {1000 * max(clicks):.0f} ms",
            f"{median(lambda one: one.spent[0]):.1f} and {median(lambda one: one.spent[1]):.1f} s",
            f"{median(lambda one: one.empty):.0f} and {max(one.most - one.empty for one in found):.0f} MiB |",
        )
    )


if __name__ == "__main__":
    sys.exit(main())
