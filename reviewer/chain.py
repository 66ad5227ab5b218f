"""The signed chains of all authors as one order (pure).

* An event counts only when everything it cites is here and counts; until then it *waits*.
* The order follows from citations alone, never from a clock: an event stands after all that it
  cites, and equal sets of events give equal orders whatever way they came.
* Nothing is resolved in silence: a *gap* (numbers missing before one that is here), a *missing* event
  (cited, not here), a *fork* (two events of one author with one number) are reported.
* What a removed reviewer wrote after the last event that the roster names is *void*: it stays in the
  order, since others may cite it, and says nothing.

docs/format.md, "Case log".
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from wire.event import LIMITS, Opened, SignedEvent
from wire.roster import Roster


@dataclass(frozen=True)
class Known:
    """An event that this app holds, with its content where it can be read.

    Raises:
        EventError: the content is not what the event committed to.
    """

    signed: SignedEvent
    opened: Opened | None = None

    def __post_init__(self) -> None:
        if self.opened is not None:
            self.opened.check(self.signed.event)

    @property
    def id(self) -> bytes:
        """The event's id, 32 bytes."""
        return self.signed.id

    @property
    def author(self) -> str:
        """The reviewer who signed it."""
        return self.signed.event.author

    @property
    def number(self) -> int:
        """Its place in its author's chain, from 1."""
        return self.signed.event.number


@dataclass(frozen=True, order=True)
class Gap:
    """Events ``first`` to ``last`` of an author are missing though a later one is here."""

    author: str
    first: int
    last: int


@dataclass(frozen=True, order=True)
class Fork:
    """An author signed two or more events with one number: somebody is being told two stories."""

    author: str
    number: int
    events: tuple[bytes, ...]


@dataclass(frozen=True)
class Past:
    """What an author's next event names: its number, the author's event before (None for the first), other heads."""

    number: int
    previous: bytes | None
    heads: tuple[bytes, ...]


@dataclass(frozen=True)
class Chains:
    """All chains in one order.

    Attributes:
        order: the events that count, each after all that it cites.
        waiting: ids of events whose past is not all here.
        missing: ids that are cited and not here.
        gaps: numbers missing in an author's chain.
        forks: authors who signed two events with one number.
        void: ids in the order whose content does not count (written after a removal).
        refused: ids of events whose citations contradict the chain; never counted.
    """

    order: tuple[Known, ...]
    waiting: frozenset[bytes]
    missing: frozenset[bytes]
    gaps: tuple[Gap, ...]
    forks: tuple[Fork, ...]
    void: frozenset[bytes]
    refused: frozenset[bytes]

    @cached_property
    def _place(self) -> Mapping[bytes, int]:
        return {known.id: place for place, known in enumerate(self.order)}

    @cached_property
    def live_heads(self) -> tuple[bytes, ...]:
        """Ids (ascending) of the events in the order that no other one cites."""
        cited = {each for known in self.order for each in known.signed.event.cited}
        return tuple(sorted(known.id for known in self.order if known.id not in cited))

    @cached_property
    def last(self) -> Mapping[str, Known]:
        """The last event that counts of each author."""
        return {known.author: known for known in self.order}

    def next_of(self, author: str) -> Past:
        """Return the past of an author's next event.

        Of more live heads than one event can name, those of authors who forked wait for the event after: each event
        that names heads makes them less, so that a flood of forks delays and does not stop anybody.
        """
        own = self.last.get(author)
        previous = own.id if own else None
        others = [head for head in self.live_heads if head != previous]
        others.sort(key=lambda head: self.order[self._place[head]].author in self._forked_from)
        return Past(own.number + 1 if own else 1, previous, tuple(sorted(others[: LIMITS.heads])))

    @cached_property
    def _reach(self) -> tuple[Mapping[str, int], ...]:
        """At each place, the highest number of each author among the event there and its past."""
        reach: list[dict[str, int]] = []
        for known in self.order:
            highest = {known.author: known.number}
            for cited in known.signed.event.cited:
                for author, number in reach[self._place[cited]].items():
                    highest[author] = max(number, highest.get(author, 0))
            reach.append(highest)
        return tuple(reach)

    @cached_property
    def _twins(self) -> frozenset[tuple[str, int]]:
        """Author and number of events in the order that are not the only one with both."""
        times = Counter((known.author, known.number) for known in self.order)
        return frozenset(each for each, count in times.items() if count > 1)

    @cached_property
    def _forked_from(self) -> Mapping[str, int]:
        numbers: dict[str, int] = {}
        for fork in self.forks:
            numbers[fork.author] = min(fork.number, numbers.get(fork.author, fork.number))
        return numbers

    def forked(self, event: bytes) -> bool:
        """Tell whether the event stands at or after a fork of its author."""
        known = self.order[self._place[event]]
        return known.number >= self._forked_from.get(known.author, known.number + 1)

    def precedes(self, earlier: bytes, later: bytes) -> bool:
        """Tell whether ``earlier`` is in the past that ``later`` cites; both must be in the order.

        An event is not in its own past. Chains have no holes here, so whoever names an author's event of some
        number names that author's only event of any lower number too; only between the branches of a fork must the
        past be walked, no further back than the place of ``earlier``.
        """
        place = self._place[earlier]
        known = self.order[place]
        if earlier == later or self._reach[self._place[later]].get(known.author, 0) < known.number:
            return False
        return (known.author, known.number) not in self._twins or self._walk(earlier, later)

    def _walk(self, earlier: bytes, later: bytes) -> bool:
        floor = self._place[earlier]
        walk, seen = [later], set()
        while walk:
            for cited in self.order[self._place[walk.pop()]].signed.event.cited:
                if cited == earlier:
                    return True
                if cited not in seen and self._place[cited] > floor:
                    seen.add(cited)
                    walk.append(cited)
        return False


def chains(events: Iterable[Known], roster: Roster) -> Chains:
    """Put events, in any order and however often each, into the one order they all imply."""
    known: dict[bytes, Known] = {}
    for each in events:
        if each.opened is not None or each.id not in known:
            known[each.id] = each
    refused = {each.id for each in known.values() if _contradicts(each, known)}
    levels = _levels({key: each for key, each in known.items() if key not in refused})
    order = tuple(sorted((known[key] for key in levels), key=lambda each: (levels[each.id], each.id)))
    cited = {each for one in known.values() for each in one.signed.event.cited}
    return Chains(
        order=order,
        waiting=frozenset(known) - frozenset(levels) - refused,
        missing=frozenset(cited) - frozenset(known),
        gaps=_gaps(known.values()),
        forks=_forks(known.values()),
        void=_void(order, roster),
        refused=frozenset(refused),
    )


def _contradicts(each: Known, known: Mapping[bytes, Known]) -> bool:
    previous = known.get(each.signed.event.previous or b"")
    return previous is not None and (previous.author, previous.number + 1) != (each.author, each.number)


def _levels(known: Mapping[bytes, Known]) -> dict[bytes, int]:
    """Return, for each event whose whole past is here, the length of the longest way back, from 0."""
    needed = {key: set(each.signed.event.cited) for key, each in known.items()}
    followers: dict[bytes, list[bytes]] = defaultdict(list)
    for key, past in needed.items():
        for cited in past:
            followers[cited].append(key)
    levels: dict[bytes, int] = {}
    ready = [key for key, past in needed.items() if not past]
    while ready:
        done = ready.pop()
        levels[done] = max((levels[cited] + 1 for cited in known[done].signed.event.cited), default=0)
        for key in followers[done]:
            needed[key].discard(done)
            if not needed[key]:
                ready.append(key)
    return levels


def _by_author(events: Iterable[Known]) -> dict[str, dict[int, list[bytes]]]:
    numbers: dict[str, dict[int, list[bytes]]] = defaultdict(lambda: defaultdict(list))
    for each in events:
        numbers[each.author][each.number].append(each.id)
    return numbers


def _gaps(events: Iterable[Known]) -> tuple[Gap, ...]:
    gaps = []
    for author, numbers in _by_author(events).items():
        before = 0
        for number in sorted(numbers):
            if number > before + 1:
                gaps.append(Gap(author, before + 1, number - 1))
            before = number
    return tuple(sorted(gaps))


def _forks(events: Iterable[Known]) -> tuple[Fork, ...]:
    return tuple(
        sorted(
            Fork(author, number, tuple(sorted(ids)))
            for author, numbers in _by_author(events).items()
            for number, ids in numbers.items()
            if len(ids) > 1
        )
    )


def _void(order: Iterable[Known], roster: Roster) -> frozenset[bytes]:
    known = {each.id: each for each in order}
    counted: set[bytes] = set()
    for removed in roster.removed:
        each = known.get(removed.last_event or b"")
        while each is not None and each.author == removed.id:
            counted.add(each.id)
            each = known.get(each.signed.event.previous or b"")
    gone = {removed.id for removed in roster.removed}
    return frozenset(each.id for each in known.values() if each.author in gone and each.id not in counted)
