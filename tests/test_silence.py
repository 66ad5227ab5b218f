"""The silence of the intake, seen from outside: real processes, their answers, files, system calls and memory."""

import base64
import json
import os
import re
import secrets
import signal
import socket
import statistics
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest

from crypto.codename import Codename
from submission import refusals
from submission.headers import HEADERS, NEVER, POLICY, with_scripts
from submission.mailbox import PAGE_SIZE
from submission.page import HASH, HASHES
from tests.spellings import all_spellings, found_in, spellings
from tests.submission.live import ROOT, LiveIntake, served
from tests.submission.tor import ONION, open_socket
from tests.submission.tor import line as tors_line
from tests.submission.visitor import MULTIPART, encode, encode_field
from wire.reply import Reply, recipient_digest, seal_reply
from wire.week import Week

pytestmark = pytest.mark.slow

FORM = "application/x-www-form-urlencoded"
MAY = {*HEADERS, "Connection", "Content-Type", "Content-Length", "Content-Encoding", "Allow", "Retry-After"}
"""Headers that an answer may have."""
CALLS = "%file,%network,write,writev,pwrite64,pwritev,pwritev2,sendfile,splice,copy_file_range,memfd_create,ftruncate"
"""System calls that write something, or name a file."""
ADDRESSES = {"src", "href", "action", "formaction", "srcset", "data", "poster", "background", "ping", "cite"}
LOADING = {"script", "iframe", "frame", "object", "embed", "img", "picture", "video", "audio", "svg", "style", "base"}


class Intake(LiveIntake):
    """A real intake with home, working and temporary folders of its own, traced or with one thing changed on demand."""

    def __init__(
        self,
        folder: Path,
        *,
        way: str = "",
        strace: str = "",
        settings: dict[str, object] | None = None,
        onion: bool = False,
    ) -> None:
        super().__init__(folder, max_upload=8 * 1024**2, onion=onion)
        self.own = {name: folder / name for name in ("home", "cwd", "tmp")}
        for path in self.own.values():
            path.mkdir()
        self.trace = folder / "trace"
        self.way = way
        self.strace = strace
        config = self.state / "config.json"
        config.write_text(json.dumps({**json.loads(config.read_text()), **(settings or {})}))

    def _command(self, verb: str, *arguments: str) -> list[str]:
        words = super()._command(verb, *arguments)
        if verb != "serve":
            return words
        if self.way:
            words = [sys.executable, "-m", "tests.broken_intake", self.way, *words[3:]]
        if self.strace:
            words = [self.strace, "-f", "-yy", "-s", "2000000", "-e", f"trace={CALLS}", "-o", str(self.trace), *words]
        own = [
            f"HOME={self.own['home']}",
            f"TMPDIR={self.own['tmp']}",
            f"PYTHONPATH={ROOT}",
            "PYTHONDONTWRITEBYTECODE=1",
        ]
        # What coverage writes is no part of the intake.
        own.insert(0, "--unset=COVERAGE_PROCESS_START")
        return ["env", "-C", str(self.own["cwd"]), *own, *words]

    def stop(self) -> None:
        """End the server; strace, which lets no signal through to itself, ends with it."""
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            self._reap()

    def raw(self, request: bytes, name: str = "") -> "Answer":
        """Send bytes, to the port or to a socket of tor's, and return what comes back."""
        if name:
            assert self.tor is not None
            way = open_socket(self.tor.folder / name)
        else:
            way = socket.create_connection(("127.0.0.1", self.port), 60)
        with way as connection:
            connection.sendall(request)
            received = b""
            while data := connection.recv(65_536):
                received += data
        head, _, body = received.partition(b"\r\n\r\n")
        return Answer(head, body)

    def exchange(
        self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> tuple[int, dict[str, str], bytes]:
        """Ask under an onion's name."""
        return super().exchange(method, path, body, {"Host": ONION, **(headers or {})})

    def get(self, path: str, method: str = "GET", host: str = ONION) -> "Answer":
        """Ask for a page."""
        return self.raw(f"{method} {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())

    def post(self, path: str, body: bytes, kind: str = MULTIPART, more: str = "") -> "Answer":
        """Send a form."""
        head = f"POST {path} HTTP/1.1\r\nHost: {ONION}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
        return self.raw(f"{head}{more}\r\n".encode() + body)

    def look_up(self, codename: str) -> "Answer":
        """Ask the mailbox."""
        return self.post("/mailbox", f"codename={quote_plus(codename)}".encode(), FORM)

    def reply(self, reviewer: str, codename: str, number: int) -> None:
        """Post a reply of a reviewer."""
        keys = Codename.parse(codename).derive(self.organisation.roster.instance)
        reply = Reply(
            instance=self.organisation.roster.instance,
            conversation=bytes(keys.conversation.public_key),
            reviewer=reviewer,
            number=number,
            seen=1,
            week=Week.parse(time.strftime("%G-W%V", time.gmtime())),
            roster=self.organisation.roster.digest,
            recipient=recipient_digest(keys.reply.recipient),
            text="Which day was it? " * 40,
        )
        sealed = seal_reply(reply, self.organisation.signing[reviewer], keys.reply.recipient)
        self.ask(reviewer, "POST", "/api/replies", sealed)

    def worker(self) -> int:
        """Return the process that serves."""
        assert self.process is not None
        pid = self.process.pid
        return int(Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0])


@dataclass(frozen=True)
class Answer:
    """The bytes of an answer."""

    head: bytes
    body: bytes

    @property
    def status(self) -> int:
        """The number in the status line; 0 where there was no answer."""
        return int(self.head[9:12] or 0)

    @property
    def headers(self) -> list[tuple[str, str]]:
        """Names and values in their order."""
        return [(name, text) for name, _, text in (one.partition(": ") for one in self.head.decode().split("\r\n")[1:])]


class Loads(HTMLParser):
    """Collects what a page would load or lead to."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.foreign: list[str] = []
        self.scripted = False
        self.feed(page.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at one element."""
        if tag == "script" and {"src": "/page.js", "integrity": HASH}.items() <= dict(attrs).items():
            self.scripted = True
        elif tag in LOADING:
            self.foreign.append(tag)
        for name, text in attrs:
            if name in ADDRESSES and not re.match(r"/(?!/)|#|\?", text or ""):
                self.foreign.append(f"{tag} {name}={text}")
            if name.startswith("on") or name == "style":
                self.foreign.append(f"{tag} {name}")


def check(answer: Answer, *, scripted: bool = False) -> None:
    """Assert what holds for every answer, and for those that bring the one script."""
    names = [name for name, _ in answer.headers]
    assert len(names) == len(set(names))
    assert set(names) <= MAY
    loads = Loads(answer.body if "text/html" in dict(answer.headers)["Content-Type"] else b"")
    expected = {**HEADERS, POLICY: with_scripts(*HASHES)} if scripted or loads.scripted else HEADERS
    assert set(expected.items()) <= set(answer.headers)
    assert not set(NEVER) & set(names)
    assert ("Connection", "close") in answer.headers
    assert loads.foreign == []
    assert b"http://" not in answer.body
    assert b"https://" not in answer.body


@pytest.fixture(scope="module")
def intake(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Intake]:
    """One intake for most tests."""
    with served(Intake(tmp_path_factory.mktemp("silence"))) as intake:
        yield intake


@pytest.fixture(scope="module")
def failing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Intake]:
    """An intake for onions only, not open yet, whose forms end in a fault, with few pages a minute."""
    limits = {"page": "60 per minute", "tip": "60 per minute", "mailbox": "60 per minute"}
    settings = {"clearnet_allowed": False, "limits": limits}
    with served(Intake(tmp_path_factory.mktemp("failing"), way="fault", settings=settings), opened=False) as intake:
        yield intake


def tip(codename: str = "", *, story: str = "x", **more: str) -> dict[str, str]:
    """Return the fields of a tip."""
    return {"codename": codename or str(Codename.generate()), "tip": secrets.token_hex(16), "story": story, **more}


# --- answers ---

PAGES = (
    *("/", "/?lang=fr", "/tip", "/mailbox", "/letter", "/keys", "/rewards", "/protection"),
    *("/roster.json", "/rosters.json", "/keysheet.json", "/style.css", "/page.js", "/claim.js", "/words.txt"),
)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_every_page_tells_nothing_in_its_headers_and_loads_nothing(intake: Intake, method: str) -> None:
    """Each page has our headers, once, and none that tells hosts, clocks or visitors apart; it needs nobody else."""
    for path in PAGES:
        answer = intake.get(path, method)
        assert answer.status == 200
        check(answer, scripted=path in {"/tip", "/mailbox"})


def test_every_answer_to_a_form_tells_nothing_in_its_headers(intake: Intake) -> None:
    """A tip, a follow-up, a sealed letter that is none and a look into the mailbox are answered by the same rules."""
    codename = str(Codename.generate())
    answers = {
        "tip": intake.post("/tip", encode(tip(codename), {"a": b"b"})),
        "follow-up": intake.post("/follow-up", encode({**tip(codename), "number": "2"})),
        "letter": intake.post("/letter", encode({}, {"a": b"no letter"}, "letter")),
        "mailbox": intake.look_up(codename),
    }

    assert {name: answer.status for name, answer in answers.items()} == {
        "tip": 200,
        "follow-up": 200,
        "letter": 400,
        "mailbox": 200,
    }
    for answer in answers.values():
        check(answer)


def test_every_refusal_tells_nothing_in_its_headers(intake: Intake) -> None:
    """What is not there, not allowed, no request, malformed or too much is refused by the same rules."""
    many = {"a": bytes(9 * 1024**2)}
    asked = {
        400: [
            intake.raw(b"no request\r\n\r\n"),
            intake.raw(b"GET / HTTP/1.1\r\nno header\r\n\r\n"),
            intake.raw(b"\x16\x03\x01 a client of TLS"),
            intake.post("/tip", encode(tip(unknown="x"))),
            intake.look_up("not a codename"),
        ],
        401: [intake.get("/api/letters")],
        404: [intake.get("/nothing-here"), intake.get("/api/nothing-here")],
        405: [intake.get("/tip", "DELETE"), intake.get("/", "POST")],
        411: [intake.raw(f"POST /tip HTTP/1.1\r\nHost: {ONION}\r\nContent-Type: {MULTIPART}\r\n\r\n".encode())],
        413: [intake.post("/tip", encode(tip(), many)), intake.post("/tip", encode(tip(story="x" * 70_000)))],
    }

    for status, answers in asked.items():
        for answer in answers:
            check(answer)
        assert {answer.status for answer in answers} == {status}


def test_an_intake_in_trouble_tells_nothing_in_its_headers(failing: Intake) -> None:
    """Closed, asked for by another name, faulty or over a limit: the same rules; a fault repeats no word."""
    closed = failing.get("/tip")
    away = failing.get("/", host="lapwing.example")
    failing.open()
    marker = "marker" + secrets.token_hex(8)
    form = encode(tip(story=marker), {f"{marker}.txt": marker.encode() * 10})
    broken = failing.post(f"/tip?q={marker}", form, more=f"X-Marker: {marker}\r\n")
    answers = [failing.get("/") for _ in range(80)]

    assert (closed.status, broken.status, answers[-1].status) == (503, 500, 429)
    assert away.status in {403, 421}
    for answer in (closed, away, broken, answers[-1]):
        check(answer)
    assert marker.encode() not in broken.body
    told = failing.errors.read_bytes()
    assert re.fullmatch(rb"lapwing intake: fault RuntimeError at broken_intake.py:\d+\n", told)


def test_every_answer_behind_tor_tells_nothing_in_its_headers(tmp_path: Path) -> None:
    """Each socket, with and without tor's line, under our name and another, in its own pages and the other's."""
    own, other = (f"Host: {host}\r\n\r\n".encode() for host in (ONION, "lapwing.example"))
    asked = {
        ("visitors.sock", tors_line(1) + b"GET / HTTP/1.1\r\n" + own): 200,
        ("visitors.sock", tors_line(2) + b"GET / HTTP/1.1\r\n" + other): 421,
        ("visitors.sock", tors_line(3) + b"GET /api/letters HTTP/1.1\r\n" + own): 404,
        ("reviewers.sock", tors_line(4) + b"GET / HTTP/1.1\r\n" + own): 404,
        ("reviewers.sock", tors_line(5) + b"GET /api/letters HTTP/1.1\r\n" + own): 401,
        ("visitors.sock", b"GET / HTTP/1.1\r\n" + own): 400,
        ("visitors.sock", b"PROXY UNKNOWN\r\nGET / HTTP/1.1\r\n" + own): 400,
    }
    with served(Intake(tmp_path, onion=True)) as intake:
        answers = {key: intake.raw(key[1], key[0]) for key in asked}

        assert {key: answer.status for key, answer in answers.items()} == asked
        for answer in answers.values():
            check(answer)


@pytest.mark.parametrize("answer", [refusals.NO_REQUEST, refusals.BUSY, refusals.FAULT])
def test_what_the_server_answers_by_itself_tells_nothing_in_its_headers(answer: bytes) -> None:
    """What is no request, comes when too many do, or breaks the application is answered by the same rules."""
    head, _, body = answer.partition(b"\r\n\r\n")

    check(Answer(head, body))


def test_a_foreign_address_in_a_page_would_be_seen() -> None:
    """The rule on pages bites: another host, a script, an inline style."""
    page = b'<a href="/tip">a</a><link href="//x"><script></script><p style="x" onclick="y"><img src="http://x/y">'

    assert Loads(page).foreign == ["link href=//x", "script", "p style", "p onclick", "img", "img src=http://x/y"]


# --- the mailbox ---

LOOK_UPS = 500
AT_ONCE = 4
NEAR = 0.05
CHANCE = 0.56
"""Of two times 500 equal ones, one is longer than the other this often once in a thousand times."""


@dataclass
class Kind:
    """One kind of codename, and how the mailbox answered it."""

    name: str
    codename: str = field(default_factory=lambda: str(Codename.generate()))
    seconds: list[float] = field(default_factory=list)
    answers: set[tuple[bytes, int]] = field(default_factory=set)


def kinds(intake: Intake) -> list[Kind]:
    """Make three codenames, with replies waiting, used but without replies, and never used; and replies to others."""
    found = [Kind("right"), Kind("waiting"), Kind("unknown")]
    for kind in found[:2]:
        assert intake.post("/tip", encode(tip(kind.codename))).status == 200
    for number in range(1, 4):
        intake.reply("r1", found[0].codename, number)
    for _ in range(20):
        intake.reply("r2", str(Codename.generate()), 1)
    return found


def ask(intake: Intake, found: Sequence[Kind], times: int, at_once: int) -> None:
    """Ask for each so many times, in random order, some at once."""
    order = [kind for kind in found for _ in range(times)]
    secrets.SystemRandom().shuffle(order)

    def one(kind: Kind) -> None:
        began = time.perf_counter()
        answer = intake.look_up(kind.codename)
        kind.seconds.append(time.perf_counter() - began)
        kind.answers.add((answer.head, len(answer.body)))

    with ThreadPoolExecutor(at_once) as pool:
        list(pool.map(one, order))


def spread(seconds: Sequence[float]) -> str:
    """Describe how long something took, in milliseconds."""
    tenths = [1_000 * second for second in statistics.quantiles(seconds, n=20)]
    steps = sorted(Counter(round(second, 1) for second in seconds).items())
    shown = " ".join(f"{tenths[index]:7.1f}" for index in (0, 4, 9, 14, 18))
    return f"5 25 50 75 95 %: {shown} ms; to the nearest 100 ms: {dict(steps)}"


def show(found: Sequence[Kind]) -> None:
    """Print how long the kinds took."""
    lines = [f"{kind.name:8} {spread(kind.seconds)}" for kind in found]
    lines.append(f"right longer than unknown: {chance_of_longer(found[0].seconds, found[2].seconds):.3f}")
    print("", *lines, sep="\n")  # noqa: T201  # the distribution is the result


def chance_of_longer(first: Sequence[float], second: Sequence[float]) -> float:
    """Return how often one of the first took longer than one of the second: a half when nothing tells them apart."""
    return statistics.fmean((one > other) + 0.5 * (one == other) for one in first for other in second)


def far_apart(found: Sequence[Kind]) -> list[str]:
    """Return the kinds whose median is over the smallest by more than a twentieth, and not by chance.

    On a machine so busy that half of all answers take a step more, the medians alone are a toss of a coin.
    """
    fastest = min(found, key=lambda kind: statistics.median(kind.seconds))
    bound = statistics.median(fastest.seconds) * (1 + NEAR)
    slower = [kind for kind in found if statistics.median(kind.seconds) > bound]
    return [kind.name for kind in slower if chance_of_longer(kind.seconds, fastest.seconds) > CHANCE]


def test_no_codename_is_told_from_another_by_bytes_or_time(intake: Intake) -> None:
    """Right, waiting and unknown: 500 look-ups of each have one head, one length, and medians within a twentieth."""
    found = kinds(intake)

    ask(intake, found, LOOK_UPS, AT_ONCE)

    show(found)
    answers = set.union(*(kind.answers for kind in found))
    assert len(answers) == 1
    ((head, length),) = answers
    assert (head[:12], length) == (b"HTTP/1.1 200", PAGE_SIZE)
    assert all(len(kind.seconds) == LOOK_UPS for kind in found)
    assert far_apart(found) == []


def test_what_lies_beneath_the_steps_is_shown(tmp_path: Path) -> None:
    """Without its steps the mailbox answers with the same bytes; the times are printed, and not judged."""
    found: list[Kind] = []
    with served(Intake(tmp_path, way="unstepped")) as intake:
        found = kinds(intake)
        ask(intake, found, 100, 1)

    show(found)
    assert len(set.union(*(kind.answers for kind in found))) == 1


def test_a_difference_in_time_would_be_seen() -> None:
    """The rule on times bites at six hundredths."""
    right, unknown = Kind("right", seconds=[0.106] * 9), Kind("unknown", seconds=[0.1] * 9)

    assert far_apart([right, unknown]) == ["right"]
    assert chance_of_longer(right.seconds, unknown.seconds) == 1


# --- files and system calls ---


@dataclass(frozen=True)
class Secrets:
    """What a visitor sends in one visit, each of it recognisable."""

    codename: Codename = field(default_factory=Codename.generate)
    marker: str = field(default_factory=lambda: "marker" + secrets.token_hex(8))

    @property
    def sought(self) -> frozenset[bytes]:
        """All spellings of the marker, of the codename as a whole, and of what is hashed of it."""
        words = str(self.codename).split()
        joined = [joint.join(words).encode() for joint in (" ", "+", "-", "\n", '", "')]
        pairs = [f"{first} {second}".encode() for first, second in pairwise(words)]
        indices = b"".join(index.to_bytes(2, "big") for index in self.codename.indices[:-1])
        return all_spellings([self.marker.encode(), *joined, indices]) | frozenset(pairs)

    def visit(self, intake: Intake) -> list[int]:
        """Send it in path, query, header, field, file name, file content and codename; return the status of each."""
        name = f"Wächter {self.marker}"
        file = {f"{name}.txt": name.encode() * 50_000}
        fields = tip(str(self.codename), story=name, place=name)
        named = ("X-Marker: ", "Cookie: a=", "Referer: http://x/", "User-Agent: ", "Accept-Language: ")
        head = "".join(f"{one}{self.marker}\r\n" for one in named)
        late = encode(fields, file)[:-20] + encode_field("story", b"late")
        answers = [
            intake.post(f"/tip?q={quote(name)}", encode(fields, file), more=head),
            intake.post("/follow-up", encode({**fields, "number": "2"}, file), more=head),
            intake.look_up(str(self.codename)),
            intake.get(f"/{quote(name)}"),
            intake.get(f"/api/{quote(name)}"),
            intake.post("/tip", encode({**fields, self.marker: "x"}, file)),
            intake.post("/tip", late),
            intake.look_up(f"{str(self.codename).rpartition(' ')[0]} {self.marker}"),
            intake.post("/mailbox", f"{self.marker}=x".encode(), FORM),
            intake.raw(f"{self.marker} /{self.marker} HTTP/9\r\n\r\n".encode()),
            intake.raw(f"GET / HTTP/1.1\r\nHost: {self.marker}\r\nbad {self.marker}\r\n\r\n".encode()),
            intake.get("/", host=f"{self.marker}.onion"),
        ]
        self.leave_early(intake, encode(fields, file))
        return [answer.status for answer in answers]

    def leave_early(self, intake: Intake, form: bytes) -> None:
        """Send the half of a form and go."""
        head = f"POST /tip HTTP/1.1\r\nHost: x\r\nContent-Type: {MULTIPART}\r\nContent-Length: {len(form)}\r\n\r\n"
        with socket.create_connection(("127.0.0.1", intake.port), 30) as connection:
            connection.sendall(head.encode() + form[: len(form) // 2])


STATUSES = [200, 200, 200, 404, 404, 400, 400, 400, 400, 400, 400, 200]

TO_A_DESCRIPTOR = re.compile(r"\d+ +(?:write|writev|pwrite64|pwritev2?|sendto|sendmsg|sendmmsg|sendfile|splice)\(\d+<")
RECEIVED = re.compile(r"\d+ +(?:<\.\.\. )?recv")


def to_visitor(port: int) -> re.Pattern[str]:
    """Return what a call begins with that writes to a connection which a visitor made."""
    return re.compile(rf"\d+ +(?:write|writev|sendto|sendmsg)\(\d+<TCP:\[127\.0\.0\.1:{port}->")


def leaks_in_calls(lines: Sequence[str], port: int, sought: frozenset[bytes]) -> list[str]:
    """Return the calls that hold something sought, besides those that take it from the visitor or give it back."""
    texts = [one.decode("latin-1") for one in sought]
    ours = to_visitor(port)
    others = (line for line in lines if not RECEIVED.match(line) and not ours.match(line))
    return [line[:300] for line in others if any(text in line for text in texts)]


def written_to(lines: Sequence[str]) -> set[str]:
    """Return the files, pipes and sockets that were written to."""
    found = (re.search(r"\(\d+<([^>\"]*)>", line) for line in lines if TO_A_DESCRIPTOR.match(line))
    return {match[1] for match in found if match}


def leaks_in_files(folder: Path, sought: frozenset[bytes]) -> list[str]:
    """Return the files below a folder that hold something sought, or are named after it."""
    paths = [path for path in folder.rglob("*") if path.name != "trace"]
    named = [str(path) for path in paths if found_in(path.name.encode(), sought)]
    return named + [str(path) for path in paths if path.is_file() and found_in(path.read_bytes(), sought)]


@dataclass(frozen=True)
class Visited:
    """An intake that was served under strace for one visit and has ended: what was sent, statuses, and the calls."""

    intake: Intake
    what: Secrets
    statuses: list[int]
    calls: list[str]


def visit_traced(folder: Path, strace: str, way: str = "") -> Visited:
    """Serve one visit under strace."""
    what = Secrets()
    intake = Intake(folder, way=way, strace=strace)
    statuses: list[int] = []
    with served(intake) as live:
        statuses = what.visit(live)
        # The server ends what it was doing for who left.
        live.get("/")
    return Visited(intake, what, statuses, intake.trace.read_text("latin-1").splitlines())


@pytest.fixture(scope="module")
def visited(tmp_path_factory: pytest.TempPathFactory, require_tool: Callable[[str], str]) -> Visited:
    """One visit to an intake as it is."""
    return visit_traced(tmp_path_factory.mktemp("traced"), require_tool("strace"))


def test_nothing_that_a_visitor_sends_is_written_anywhere(visited: Visited) -> None:
    """A marker in every place of a request stands in no file, no output and no system call but the answer to it.

    Looked for as it is, percent-encoded, in hexadecimal and in base64.
    """
    intake, sought = visited.intake, visited.what.sought

    assert visited.statuses == STATUSES
    assert leaks_in_calls(visited.calls, intake.port, sought) == []
    assert leaks_in_files(intake.state.parent, sought) == []
    assert intake.errors.read_bytes() == b""
    files = {name for name in written_to(visited.calls) if name.startswith("/")}
    outside = {name for name in files if not name.startswith(f"{intake.state}/") and name != str(intake.errors)}
    assert {str(intake.state / "letters"), str(intake.state / "parts"), str(intake.state / "intake.db-wal")} <= files
    assert outside <= {"/dev/null<char 1:3>", "/dev/null"}
    assert [path for name in intake.own.values() for path in name.rglob("*")] == []


def test_a_leak_would_be_seen(tmp_path: Path, require_tool: Callable[[str], str]) -> None:
    """An intake that writes a file, an error line and a datagram, each in another spelling, is caught at each."""
    visited = visit_traced(tmp_path, require_tool("strace"), "leaks")

    files = leaks_in_files(tmp_path, visited.what.sought)
    calls = leaks_in_calls(visited.calls, visited.intake.port, visited.what.sought)
    assert visited.statuses[0] == 200
    assert {str(tmp_path / "cwd/kept"), str(visited.intake.errors)} <= set(files)
    assert [word for word in ("cwd/kept", "stderr", "sendto") if not any(word in call for call in calls)] == []


LOG_WRITE = re.compile(r"\d+ +pwrite64\(\d+<[^>]*/intake\.db-wal>, \"(.*)\", (\d+), (\d+)")
LOG_CUT = re.compile(r"\d+ +ftruncate\(\d+<[^>]*/intake\.db-wal>, 0\)")


def logs_when_cut(lines: Sequence[str]) -> list[int]:
    """Return how many bytes of the database's log were not zero each time it was cut off; nothing lay in it before."""
    told = bytearray()
    counts = []
    for line in lines:
        if match := LOG_WRITE.match(line):
            size, start = int(match[2]), int(match[3])
            told.extend(bytes(max(0, start + size - len(told))))
            told[start : start + size] = bytes([bool(match[1].replace("\\0", ""))]) * size
        elif LOG_CUT.match(line):
            counts.append(sum(told))
            told.clear()
    return counts


def test_the_log_of_the_database_is_overwritten_before_it_is_cut_off(visited: Visited) -> None:
    """Its blocks, which the disk puts aside, hold nothing that would show which rows were added together."""
    counts = logs_when_cut(visited.calls)
    # At the start, and after the tips, which on a busy machine may be once for all of them.
    assert len(counts) >= 2
    log = visited.intake.state / "intake.db-wal"
    assert not log.exists() or log.stat().st_size == 0
    assert sum(bool(LOG_WRITE.match(line)) for line in visited.calls) > 2 * len(counts)
    assert counts == [0] * len(counts)


def test_the_moment_of_the_last_tip_does_not_show(tmp_path: Path) -> None:
    """Some time after a tip all files have newer times than it, and all the same within the time of one round."""
    with served(Intake(tmp_path, way="hasty")) as intake:
        assert intake.post("/tip", encode(tip(), {"a": b"b"})).status == 200
        sent = time.time()
        threading.Event().wait(1.5)
        times = [path.stat() for path in (intake.state, *intake.state.rglob("*"))]

        assert len(times) > 8
        for noted in ("st_mtime", "st_ctime", "st_atime"):
            moments = [getattr(one, noted) for one in times]
            assert min(moments) > sent
            assert max(moments) - min(moments) < 1


@pytest.mark.parametrize("around", [b"", b"a", b"bc", b"def"])
def test_a_word_is_found_in_every_spelling(around: bytes) -> None:
    """Whatever stands before and after a word, one of its spellings stands in the text."""
    word = b"marker" + secrets.token_hex(8).encode()
    text = around + word + around[::-1]

    for encoded in (
        text,
        text.hex().encode(),
        base64.b64encode(text),
        base64.urlsafe_b64encode(text),
        quote(text).encode(),
    ):
        assert found_in(encoded, spellings(word))
    assert not found_in(base64.b64encode(secrets.token_bytes(10_000)), spellings(word))


# --- memory ---

MORE = 100
PATIENCE = 20


def memory_of(pid: int) -> Iterator[tuple[str, bytes]]:
    """Yield each readable region of a process, with its name."""
    maps = Path(f"/proc/{pid}/maps").read_text().splitlines()
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for line in maps:
            bounds, rights, *_, name = [*line.split(maxsplit=5), ""][:6]
            start, end = (int(one, 16) for one in bounds.split("-"))
            if "r" not in rights or name.startswith(("[vvar", "[vsyscall")):
                continue
            try:
                memory.seek(start)
                yield name, memory.read(end - start)
            except (OSError, OverflowError):  # it is gone meanwhile, or a device
                continue


def kept_in_memory(pid: int, sought: dict[str, bytes]) -> Counter[str]:
    """Count how often each of the things sought stands in the memory of a process."""
    found = Counter[str]()
    for _, content in memory_of(pid):
        found.update({name: content.count(one) for name, one in sought.items() if one in content})
    return found


def secrets_in_memory(what: Secrets, instance: bytes) -> dict[str, bytes]:
    """Return what of a visit could be kept: what was typed, and what is made of it."""
    keys = what.codename.derive(instance)
    indices = b"".join(index.to_bytes(2, "big") for index in what.codename.indices[:-1])
    return {
        "story, names, file, path, query and headers": what.marker.encode(),
        "codename": str(what.codename).encode(),
        "codename in a form": str(what.codename).replace(" ", "+").encode(),
        "what Argon2id takes": indices,
        "seed of the reply identity": keys.reply.seed,
        "conversation key": bytes(keys.conversation),
        "case key": keys.case_key,
        "shelf": keys.shelf,
    }


def other_visits(intake: Intake, number: int) -> None:
    """Do what other visitors do."""
    for count in range(number):
        match count % 5:
            case 0:
                intake.get("/")
            case 1:
                intake.get("/tip")
            case 2:
                intake.look_up(str(Codename.generate()))
            case 3:
                size = (1_000, 200_000, 3_000_000)[count % 3]
                intake.post("/tip", encode(tip(story="y" * 50), {"a": secrets.token_bytes(size)}))
            case _:
                intake.get("/nothing-here")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root reads the memory of a process that lets nobody else")
def test_nothing_of_a_visit_stays_in_memory(intake: Intake) -> None:
    """Seconds after the last answer, and after 100 more visits, no word and no key of a visit is in any process."""
    what = Secrets()
    sought = secrets_in_memory(what, intake.organisation.roster.instance)
    assert intake.process is not None
    processes = {"the one that watches": intake.process.pid, "the one that serves": intake.worker()}

    assert what.visit(intake) == STATUSES
    at_once = kept_in_memory(intake.worker(), sought)
    deadline = time.monotonic() + PATIENCE
    while kept_in_memory(intake.worker(), sought) and time.monotonic() < deadline:
        threading.Event().wait(0.5)
    later = kept_in_memory(intake.worker(), sought)
    other_visits(intake, MORE)
    after = {name: dict(kept_in_memory(pid, sought)) for name, pid in processes.items()}

    print(f"at once {dict(at_once)}; then {dict(later)}; after {MORE} more visits {after}")  # noqa: T201  # the result
    assert dict(later) == {}
    assert after == {name: {} for name in processes}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root reads the memory of another process")
def test_what_is_in_memory_would_be_found() -> None:
    """The search finds a word that this process holds."""
    word = secrets.token_hex(16).encode()

    assert kept_in_memory(os.getpid(), {"word": word})["word"] > 0
