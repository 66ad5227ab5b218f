"""Who watches the shelves of replies, and the world that they watch.

Real are the app's timetable, its openings, its queue of replies with its rules of what may leave, and its posting, over
the tables of a vault. Cheap are the rest: these tables lie in memory without encryption and are never committed, a
letter is 64 random bytes instead of 16,384 sealed ones (`tests/wire/test_reply.py` shows that decoys and replies have
one shape), the intake only notes, the clock and all randomness are ours, and apps look every ten minutes.

The watcher sees more than the intake keeps: of every letter the moment, by whose app it came, when that was unlocked,
its shelf and all its bytes, and of every visit to a shelf the day. They learn from worlds in which they are told
everything, and then guess in others.
"""

import contextlib
import hashlib
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate, count
from math import log, sqrt
from statistics import NormalDist, mean, stdev
from typing import Final, cast

from nacl.signing import SigningKey
from sqlalchemy import Connection, create_engine, delete
from sqlalchemy.pool import StaticPool

from reviewer.desk import Desk
from reviewer.post import Intake
from reviewer.store import replies
from reviewer.store.replies import Waiting
from reviewer.sync.moments import note_unlocking, stored_moments
from reviewer.sync.replies import Take, post_due
from reviewer.tables import METADATA, OUTGOING, PROPERTY
from reviewer.timetable import Slot, next_period
from reviewer.vault import Vault
from wire.shelf import shelf_names

BITS: Final = 3
LETTERS: Final = 1_000
TIPS_EACH: Final = 8
"""Conversations on each shelf: fewer than the rule allows, so that guessing which would be easier."""
HEAD: Final = 64
LOOK: Final = timedelta(minutes=10)
HOUR: Final = 6
"""Looks in an hour."""
IDS: Final = ("r1", "r2", "r3")


@dataclass(frozen=True)
class Seen:
    """A letter as the watcher sees it.

    Attributes:
        at: when it came.
        app: by whose token.
        unlocked: when that app was unlocked last, as it pulls then.
        place: its shelf.
        size: how many bytes it has.
        head: all of them here; none are like another letter's.
    """

    at: datetime
    app: str
    unlocked: datetime
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


class Recorder:
    """An intake that notes what its watcher sees of one app."""

    def __init__(self, run: "Run", app: str) -> None:
        self._run = run
        self._app = app

    def post_reply(self, shelf: str, sealed: bytes) -> None:
        """Take a letter."""
        run = self._run
        run.seen.append(Seen(run.now, self._app, run.unlocked[self._app], shelf, len(sealed), sealed))


class OpenTables:
    """A vault's tables in memory, in one transaction without end.

    Every run empties the same ones: they cost more to make than to fill.
    """

    def __init__(self) -> None:
        self._engine = create_engine("sqlite://", poolclass=StaticPool)
        self._connection = self._engine.connect()
        METADATA.create_all(self._connection)

    @contextlib.contextmanager
    def begin(self) -> Iterator[Connection]:
        """Go on with the transaction."""
        yield self._connection

    read = begin

    def empty(self) -> None:
        """Forget the letters and moments of a run."""
        for table in (OUTGOING, PROPERTY):
            self._connection.execute(delete(table))

    def close(self) -> None:
        """Drop everything."""
        self._connection.close()
        self._engine.dispose()


class Office:
    """Three apps' tables, and a signing key that nothing is signed with here."""

    def __init__(self) -> None:
        self.tables = {one: OpenTables() for one in IDS}
        self.signing = SigningKey.generate()

    def close(self) -> None:
        """Drop everything."""
        for tables in self.tables.values():
            tables.close()


@dataclass(frozen=True)
class Habit:
    """When reviewers have their apps unlocked.

    Attributes:
        sessions: draws the beginnings and ends of a day's, in looks after midnight.
        warm: time before anything is noted, as a queue that begins empty would show in the first.
        written: replies written on average in a look.
    """

    sessions: Callable[[random.Random], tuple[tuple[int, int], ...]]
    warm: timedelta
    written: float


def _half_hours(chance: random.Random) -> tuple[tuple[int, int], ...]:
    morning, evening = chance.randrange(7 * HOUR, 10 * HOUR), chance.randrange(16 * HOUR, 20 * HOUR)
    return tuple((begin, begin + HOUR // 2) for begin in (morning, evening)[: chance.choice((1, 2))])


def _all_day(chance: random.Random) -> tuple[tuple[int, int], ...]:
    off = chance.randrange(23 * HOUR)
    return ((0, off), (off + HOUR, 24 * HOUR))


HALF_HOURS: Final = Habit(_half_hours, timedelta(days=2), 8 / 2 / (HOUR // 2 + 1))
"""Once or twice a day for half an hour; half of the letters that follow an unlocking are replies."""
ALL_DAY: Final = Habit(_all_day, timedelta(hours=12), 8 / 2 / HOUR)
"""Always, but for an hour of each day in which the computer is off."""


class Run:
    """Plays one run: three apps, 64 conversations on eight shelves, and replies written at any moment.

    Args:
        office: its tables are emptied.
        number: seeds everything.
        habit: when apps are unlocked.
    """

    def __init__(self, office: Office, number: int, habit: Habit) -> None:
        self.chance = random.Random(number)
        self.habit = habit
        self.places = shelf_names(BITS)
        self.tips = {
            place: tuple(range(TIPS_EACH * start, TIPS_EACH * (start + 1))) for start, place in enumerate(self.places)
        }
        self.place_of = {tip: place for place, tips in self.tips.items() for tip in tips}
        weights = (self.chance.expovariate(1) for _ in self.place_of)
        self.weights = tuple(accumulate(weights))
        self.readers = {tip for tips in self.tips.values() for tip in self.chance.sample(tips, TIPS_EACH // 2)}
        self.seen: list[Seen] = []
        self.intakes = {one: Recorder(self, one) for one in IDS}
        self.truth: dict[bytes, int] = {}
        self.begin = self.now = datetime(2026, 11, 25, tzinfo=UTC)
        self.unlocked = dict.fromkeys(IDS, self.begin)
        self.desks: dict[str, Desk] = {}
        for one, tables in office.tables.items():
            tables.empty()
            vault = cast(Vault, tables)
            self.desks[one] = Desk(vault, one, one, office.signing, self.today, self.moment)

    def play(self, post: "Post", write: "Write") -> World:
        """Let days pass until there are a thousand letters; about as many replies are written as half of them."""
        share = {one: self.chance.uniform(0.75, 1.25) for one in IDS}
        for look, one, opens in self._looks():
            self.now = self.begin + look * LOOK
            if self.now < self.begin + self.habit.warm:
                self.seen.clear()
            elif len(self.seen) >= LETTERS:
                break
            desk = self.desks[one]
            if opens:
                self.unlocked[one] = self.now
                with desk.vault.begin() as connection:
                    note_unlocking(connection, desk)
            expected = self.chance.random() * share[one] * 2 * self.habit.written
            for _ in range(int(expected) + (self.chance.random() < expected % 1)):
                (tip,) = self.chance.choices(range(len(self.weights)), cum_weights=self.weights)
                write(self, desk, tip)
            post(self, desk)
        return self._world()

    def moment(self) -> datetime:
        """The moment in UTC."""
        return self.now

    def today(self) -> date:
        """The date in UTC."""
        return self.now.date()

    def _looks(self) -> Iterator[tuple[int, str, bool]]:
        """Yield looks without end: when, whose, and whether the app is unlocked then."""
        for midnight in count(0, 24 * HOUR):
            yield from sorted(
                (midnight + look, one, look == begin > 0)
                for one in IDS
                for begin, end in self.habit.sessions(self.chance)
                for look in range(begin, min(end + 1, 24 * HOUR))
            )

    def sealed(self, tip: int | None) -> bytes:
        """Return a letter as cheap as can be: bytes of which none is like another's."""
        head = self.chance.randbytes(HEAD)
        if tip is not None:
            self.truth[head] = tip
        return head

    def take(self, connection: Connection, slot: Slot) -> tuple[Waiting, bytes] | None:
        """Return the oldest reply for a shelf."""
        for reply in replies.leaving(connection, slot):
            tip = int.from_bytes(reply.case_id, "big")
            if self.place_of[tip] == slot.place:
                return reply, self.sealed(tip)
        return None

    def wait(self, desk: Desk, tip: int, ready: datetime) -> None:
        """Put a reply into an app's queue."""
        with desk.vault.begin() as connection:
            number = stored_moments(connection, desk).unlockings
            replies.add(connection, Waiting(tip.to_bytes(16, "big"), desk.today(), ready, 1, "x", unlocking=number))

    def _world(self) -> World:
        letters = tuple(
            (one, Truth(tip := self.truth.get(one.head), tip in self.readers)) for one in self.seen[:LETTERS]
        )
        days = range((self.now - self.begin).days + 2)
        visits = sorted((day, self.place_of[tip]) for day in days for tip in self.readers)
        return World(letters, self.tips, tuple(visits))


Post = Callable[[Run, Desk], None]
"""Posts what is due at an app."""
Write = Callable[[Run, Desk, int], None]
"""Has a reply written at an app, to a conversation by its number."""


def write_as_the_app(run: Run, desk: Desk, tip: int) -> None:
    """Put a reply into the queue."""
    run.wait(desk, tip, next_period(desk.now(), desk.period))


def write_for_this_hour(run: Run, desk: Desk, tip: int) -> None:
    """Put a reply into the queue that may leave with any letter to come: what an app must not do."""
    run.wait(desk, tip, desk.now())


def post_as_the_app(run: Run, desk: Desk) -> None:
    """Post what is due."""
    _post(run, desk, run.intakes[desk.id], run.take)


def _post(run: Run, desk: Desk, intake: object, take: Take) -> None:
    post_due(desk, cast(Intake, intake), run.places, take, lambda: run.sealed(None), run.chance.randbytes)


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
        waiting = replies.leaving(connection, slot)
        return (waiting[0], run.sealed(int.from_bytes(waiting[0].case_id, "big"))) if waiting else None

    _post(run, desk, _AnyPlace(run, desk), take)


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
                ("after its app was unlocked", _gap(seen.unlocked, seen.at)),
                ("days after another there", _days(last_there.get((seen.app, seen.place)), seen.at)),
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
    return None if before is None else min(9, int((now - before) / timedelta(minutes=10)))


def _days(before: datetime | None, now: datetime) -> int | None:
    return None if before is None else min(4, round((now - before) / timedelta(hours=12)))


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
