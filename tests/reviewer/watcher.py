"""Who watches the shelves of replies, and the world that they watch.

The world posts letters with the app's own timetable, queue and posting, over a clock of ours; what is inside a letter
comes from a cheap sealer (`tests/wire/test_reply.py` shows that decoys and replies have one shape). The watcher sees
more than the intake keeps: of every letter the moment, by whose app it came, its shelf and all its bytes, and of every
visit to a shelf the day. They learn from worlds in which they are told everything, and then guess in others.
"""

import hashlib
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import log, sqrt
from statistics import NormalDist, mean, stdev
from typing import Final

from sqlalchemy import Connection, delete

from reviewer.desk import Desk
from reviewer.store import keys, replies
from reviewer.store.replies import Waiting
from reviewer.sync.replies import LOOKED, TIMETABLE, post_due
from reviewer.tables import OUTGOING
from reviewer.timetable import SEED_SIZE, Slot, Timetable, next_period
from tests.reviewer.fakes import FakeIntake
from tests.reviewer.office_hours import OfficeHours
from wire.letter import REPLY_SIZE
from wire.shelf import shelf_names

BITS: Final = 3
LETTERS: Final = 1_000
TIPS_EACH: Final = 8
"""Conversations on each shelf: fewer than the rule allows, so that guessing which would be easier."""
HEAD: Final = 64
LOOK: Final = timedelta(minutes=10)
WARM: Final = timedelta(hours=12)
"""Before anything is noted: a queue that begins empty would show in the first hours, which nobody watches for."""


@dataclass(frozen=True)
class Seen:
    """A letter as the watcher sees it.

    Attributes:
        at: when it came.
        app: by whose token.
        place: its shelf.
        size: how many bytes it has.
        head: the first 64 of them; no other is like another letter's here.
    """

    at: datetime
    app: str
    place: str
    size: int
    head: bytes


@dataclass(frozen=True)
class Truth:
    """What nobody but source and reviewer knows of a letter.

    Attributes:
        tip: number of the conversation; None for a decoy.
        read: whether its source came for it.
    """

    tip: int | None
    read: bool


@dataclass(frozen=True)
class World:
    """One run.

    Attributes:
        letters: all of them, in the order in which they came, with the truth.
        tips: numbers of the conversations on each shelf.
        visits: day and shelf of each visit.
    """

    letters: tuple[tuple[Seen, Truth], ...]
    tips: dict[str, tuple[int, ...]]
    visits: tuple[tuple[int, str], ...]


class Recorder(FakeIntake):
    """An intake that notes what its watcher sees of one app."""

    def __init__(self, office: OfficeHours, app: str, seen: list[Seen]) -> None:
        super().__init__(office.shelves, app)
        self._office = office
        self._seen = seen

    def post_reply(self, shelf: str, sealed: bytes) -> None:
        """Take a letter."""
        super().post_reply(shelf, sealed)
        self.shelves.pieces["replies"].clear()
        self._seen.append(Seen(self._office.moment(), self.reviewer, shelf, len(sealed), sealed[:HEAD]))


class Run:
    """Plays one run: three apps, 64 conversations on eight shelves, and replies written at any moment.

    Args:
        office: three desks; their queues are emptied.
        number: seeds everything.
    """

    def __init__(self, office: OfficeHours, number: int) -> None:
        self.office = office
        self.chance = random.Random(number)
        self.places = shelf_names(BITS)
        self.tips = {
            place: tuple(range(TIPS_EACH * start, TIPS_EACH * (start + 1))) for start, place in enumerate(self.places)
        }
        self.place_of = {tip: place for place, tips in self.tips.items() for tip in tips}
        self.weights = [self.chance.expovariate(1) for _ in self.place_of]
        self.readers = {tip for tips in self.tips.values() for tip in self.chance.sample(tips, TIPS_EACH // 2)}
        self.seen: list[Seen] = []
        self.intakes = {one: Recorder(office, one, self.seen) for one in office.ids}
        self.truth: dict[bytes, int] = {}
        self._drawn: dict[str, date] = {}
        office.hour = timedelta(hours=self.chance.randrange(24))
        self.begin = office.moment()
        for desk in office.desks.values():
            with desk.vault.begin() as connection:
                connection.execute(delete(OUTGOING))
                keys.set_property(connection, LOOKED, office.moment().isoformat().encode())

    def play(self, post: "Post", write: "Write") -> World:
        """Let time pass until there are a thousand letters; about as many replies are written as half of them."""
        office, ids = self.office, self.office.ids
        share = {one: self.chance.uniform(0.5, 1.5) for one in ids}
        off = {one: self.chance.randrange(24) for one in ids}
        warm = self.begin + WARM
        while len(self.seen) < LETTERS or office.moment() < warm:
            if office.moment() < warm:
                self.seen.clear()
            office.hour += LOOK
            if office.hour >= timedelta(days=1):
                office.now, office.hour = office.now + timedelta(days=1), office.hour - timedelta(days=1)
            for one in ids:
                if office.moment().hour == off[one]:
                    continue  # its computer is off in this hour of each day
                desk = office.desks[one]
                self._draw(desk)
                written = self.chance.random() * share[one] * 2 * (len(self.places) / 2) * (LOOK / timedelta(hours=1))
                for _ in range(int(written) + (self.chance.random() < written % 1)):
                    (tip,) = self.chance.choices(range(len(self.weights)), self.weights)
                    write(self, desk, tip)
                post(self, desk)
        return self._world()

    def _draw(self, desk: Desk) -> None:
        """Draw the moments of a day from our seed instead of the system's, as the app keeps them."""
        day = desk.now().date()
        if self._drawn.get(desk.id) != day:
            self._drawn[desk.id] = day
            with desk.vault.begin() as connection:
                drawn = Timetable(day, self.chance.randbytes(SEED_SIZE), desk.period)
                keys.set_property(connection, TIMETABLE, drawn.encode())

    def sealed(self, tip: int | None) -> bytes:
        """Return a letter as cheap as can be: bytes of which none is like another's."""
        head = self.chance.randbytes(HEAD)
        if tip is not None:
            self.truth[head] = tip
        return head.ljust(REPLY_SIZE, b"\0")

    def take(self, connection: Connection, slot: Slot) -> tuple[Waiting, bytes] | None:
        """Return the oldest reply for a shelf."""
        for reply in replies.waiting(connection, slot.at):
            tip = int.from_bytes(reply.case_id, "big")
            if self.place_of[tip] == slot.place:
                return reply, self.sealed(tip)
        return None

    def _world(self) -> World:
        letters = tuple(
            (one, Truth(tip := self.truth.get(one.head), tip in self.readers)) for one in self.seen[:LETTERS]
        )
        days = range((self.office.moment() - self.begin).days + 2)
        visits = sorted((day, self.place_of[tip]) for day in days for tip in self.readers)
        return World(letters, self.tips, tuple(visits))


Post = Callable[[Run, Desk], None]
"""Posts what is due at an app."""
Write = Callable[[Run, Desk, int], None]
"""Has a reply written at an app, to a conversation by its number."""


def write_as_the_app(run: Run, desk: Desk, tip: int) -> None:
    """Put a reply into the queue."""
    ready = next_period(desk.now(), desk.period)
    with desk.vault.begin() as connection:
        replies.add(connection, Waiting(tip.to_bytes(16, "big"), desk.today(), ready, 1, "x"))


def write_for_this_hour(run: Run, desk: Desk, tip: int) -> None:
    """Put a reply into the queue that may leave at once: what an app must not do."""
    with desk.vault.begin() as connection:
        replies.add(connection, Waiting(tip.to_bytes(16, "big"), desk.today(), desk.now(), 1, "x"))


def post_as_the_app(run: Run, desk: Desk) -> None:
    """Post what is due."""
    post_due(desk, run.intakes[desk.id], run.places, run.take, lambda: run.sealed(None))


def write_at_once(run: Run, desk: Desk, tip: int) -> None:
    """Post a reply when it is written, beside the decoys: what an app must not do."""
    run.intakes[desk.id].post_reply(run.place_of[tip], run.sealed(tip))


class _AnyPlace:
    """An intake that a reply reaches under its own shelf, in the place of whatever letter is next."""

    def __init__(self, run: Run, desk: Desk) -> None:
        self._run = run
        self._intake = run.intakes[desk.id]

    def post_reply(self, shelf: str, sealed: bytes) -> None:
        """Take a letter."""
        tip = self._run.truth.get(sealed[:HEAD])
        self._intake.post_reply(shelf if tip is None else self._run.place_of[tip], sealed)


def post_in_any_place(run: Run, desk: Desk) -> None:
    """Post what is due, a reply with the next letter whatever its shelf: what an app must not do either."""

    def take(connection: Connection, slot: Slot) -> tuple[Waiting, bytes] | None:
        waiting = replies.waiting(connection, slot.at)
        return (waiting[0], run.sealed(int.from_bytes(waiting[0].case_id, "big"))) if waiting else None

    post_due(desk, _AnyPlace(run, desk), run.places, take, lambda: run.sealed(None))  # type: ignore[arg-type]  # posts only


Marks = tuple[tuple[str, object], ...]
"""What a watcher notes about a letter: each mark by its name."""


def marks_of(world: World) -> list[Marks]:
    """Return all that the watcher notes about each letter."""
    by_place = Counter(seen.place for seen, _ in world.letters)
    by_day = Counter((seen.app, seen.at.date()) for seen, _ in world.letters)
    in_hour: Counter[tuple[str, str, datetime]] = Counter()
    last_of_app: dict[str, datetime] = {}
    last_there: dict[tuple[str, str], datetime] = {}
    names = sorted(hashlib.sha256(seen.head).digest() for seen, _ in world.letters)
    rank = {name: place * 8 // len(names) for place, name in enumerate(names)}
    visits = Counter(place for _, place in world.visits)
    share = len(world.letters) / len(world.tips)
    found: list[Marks] = []
    for seen, _ in world.letters:
        hour = seen.at.replace(minute=0, second=0, microsecond=0)
        in_hour[seen.app, seen.place, hour] += 1
        found.append(
            (
                ("hour", seen.at.hour),
                ("minute", seen.at.minute // 10),
                ("app", seen.app),
                ("place", seen.place),
                ("busy shelf", round(8 * by_place[seen.place] / share)),
                ("busy day", by_day[seen.app, seen.at.date()] // 16),
                ("nth of the hour there", in_hour[seen.app, seen.place, hour]),
                ("after another of its app", _gap(last_of_app.get(seen.app), seen.at)),
                ("after another there", _gap(last_there.get((seen.app, seen.place)), seen.at)),
                ("name", rank[hashlib.sha256(seen.head).digest()]),
                ("first byte", seen.head[0] >> 5),
                ("size", seen.size),
                ("visits", visits[seen.place] // 4),
            )
        )
        last_of_app[seen.app] = last_there[seen.app, seen.place] = seen.at
    return found


def _gap(before: datetime | None, now: datetime) -> int | None:
    return None if before is None else min(9, int((now - before) / LOOK))


class Watcher:
    """Guesses one thing about letters from its marks, each weighed by what it was worth in worlds known to the end."""

    def __init__(self) -> None:
        self._counts: dict[bool, Counter[tuple[str, object]]] = {True: Counter(), False: Counter()}
        self._total = Counter[bool]()

    def learn(self, examples: Iterable[tuple[Marks, bool]]) -> None:
        """Be told the truth about some letters."""
        for marks, truth in examples:
            self._counts[truth].update(marks)
            self._total[truth] += 1

    def guess(self, marks: Marks) -> bool:
        """Return what is likelier."""
        weight = 0.0
        for mark in marks:
            true, false = self._counts[True][mark] + 1, self._counts[False][mark] + 1
            weight += log(true / (self._total[True] + 2)) - log(false / (self._total[False] + 2))
        return weight > 0


@dataclass(frozen=True)
class Score:
    """How often guesses were right, run by run: letters of one run have too much in common to be counted one by one.

    Attributes:
        runs: the accuracy in each, 0 to 1.
        chance: what blind guessing comes to.
    """

    runs: tuple[float, ...]
    chance: float

    @property
    def interval(self) -> tuple[float, float]:
        """The 99 % interval of the mean accuracy, by Student's t."""
        middle, width = mean(self.runs), student(len(self.runs) - 1) * stdev(self.runs) / sqrt(len(self.runs))
        return middle - width, middle + width

    @property
    def holds_chance(self) -> bool:
        """Whether the interval holds chance."""
        low, high = self.interval
        return low <= self.chance <= high


def student(freedom: int) -> float:
    """Return Student's t for 99 % on both sides (Abramowitz and Stegun 26.7.5, without its smallest terms)."""
    z = NormalDist().inv_cdf(0.995)
    return z + (z**3 + z) / (4 * freedom) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)


def accuracy(guesses: Sequence[tuple[bool, bool]]) -> float:
    """Return how many guesses, each with the truth, are right, each outcome counted as half of all."""
    right = Counter(truth for guess, truth in guesses if guess == truth)
    total = Counter(truth for _, truth in guesses)
    return mean(right[truth] / total[truth] for truth in (True, False))


Question = Callable[[Truth], bool | None]
"""What the watcher is to guess; None where it is not asked."""


def is_decoy(truth: Truth) -> bool:
    """Whether a letter is a decoy."""
    return truth.tip is None


def is_read(truth: Truth) -> bool | None:
    """Whether a reply is read; of decoys it is not asked."""
    return None if truth.tip is None else truth.read


def watch(worlds: Sequence[World]) -> dict[str, Score]:
    """Let a watcher learn from every other world and guess in the rest: which letters are decoys, read, for whom."""
    marks = [marks_of(world) for world in worlds]
    questions: dict[str, Question] = {"decoy": is_decoy, "read": is_read}
    scores = {name: _ask(question, worlds, marks) for name, question in questions.items()}
    return scores | {"tip": Score(tuple(which_tip(world) for world in worlds), 1 / TIPS_EACH)}


def _ask(question: Question, worlds: Sequence[World], marks: Sequence[Sequence[Marks]]) -> Score:
    asked = [
        [
            (each, answer)
            for each, (_, truth) in zip(notes, world.letters, strict=True)
            if (answer := question(truth)) is not None
        ]
        for world, notes in zip(worlds, marks, strict=True)
    ]
    watcher = Watcher()
    for known in asked[::2]:
        watcher.learn(known)
    return Score(
        tuple(accuracy([(watcher.guess(each), truth) for each, truth in unknown]) for unknown in asked[1::2]), 0.5
    )


def which_tip(world: World) -> float:
    """Let the watcher guess to which tip of its shelf each reply is, told that it is one; returns the share of hits.

    They stay with a guess while letters come close together, as replies in one conversation would, and take the next
    tip else.
    """
    hits = total = 0
    guess: defaultdict[str, int] = defaultdict(int)
    last: dict[str, datetime] = {}
    for seen, truth in world.letters:
        if truth.tip is None:
            continue
        if seen.place in last and seen.at - last[seen.place] > timedelta(minutes=90):
            guess[seen.place] += 1
        last[seen.place] = seen.at
        tips = world.tips[seen.place]
        hits += tips[guess[seen.place] % len(tips)] == truth.tip
        total += 1
    return hits / total
