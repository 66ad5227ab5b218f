"""One readable line of the case log (pure): an event in the common order with what it says."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, TypeVar, cast

from reviewer.chain import Chains
from wire.content import parse_content
from wire.content_kind import CaseContent, Content
from wire.errors import EventError

Said = TypeVar("Said", bound=Content, covariant=True)  # noqa: PLC0105 - named as it reads: an Entry[Said]
Kind = TypeVar("Kind", bound=Content)


@dataclass(frozen=True)
class Entry(Generic[Said]):
    """An event whose content is open to this app.

    Attributes:
        id: the event, 32 bytes.
        author: the reviewer who signed it.
        content: what it says.
    """

    id: bytes
    author: str
    content: Said


@dataclass(frozen=True)
class Story:
    """Entries in the common order, with the chains that say which came before which."""

    chains: Chains
    entries: tuple[Entry[Content], ...]

    def of(self, kind: type[Kind]) -> tuple[Entry[Kind], ...]:
        """The entries of exactly one kind, in order."""
        return cast("tuple[Entry[Kind], ...]", self._by_kind.get(kind, ()))

    @cached_property
    def _by_kind(self) -> Mapping[type[Content], tuple[Entry[Content], ...]]:
        kinds: dict[type[Content], list[Entry[Content]]] = {}
        for entry in self.entries:
            kinds.setdefault(type(entry.content), []).append(entry)
        return {kind: tuple(entries) for kind, entries in kinds.items()}

    def precedes(self, earlier: Entry[Content], later: Entry[Content]) -> bool:
        """Tell whether the author of ``later`` had seen ``earlier``."""
        return self.chains.precedes(earlier.id, later.id)

    def latest(self, entries: Iterable[Entry[Kind]]) -> tuple[Entry[Kind], ...]:
        """Those of some entries, in order, that no other one of them had seen: several when they were concurrent."""
        newest: list[Entry[Kind]] = []
        for one in reversed(tuple(entries)):
            # Who had seen an entry that came later had seen all that its author had, so the newest are enough.
            if not any(self.precedes(one, other) for other in newest):
                newest.append(one)
        return tuple(reversed(newest))

    def past_of(self, event: Entry[Content]) -> "Story":
        """The story as the author of an event had seen it, the event itself apart."""
        return Story(self.chains, tuple(entry for entry in self.entries if self.precedes(entry, event)))


def of(entries: Iterable[Entry[Content]], kind: type[Kind]) -> tuple[Entry[Kind], ...]:
    """Return the entries of one kind, in their order."""
    return tuple(cast("Entry[Kind]", entry) for entry in entries if isinstance(entry.content, kind))


def read(chains: Chains) -> tuple[tuple[Entry[Content], ...], tuple[bytes, ...]]:
    """Return the entries that this app can read, in order, and the ids of those that are malformed."""
    entries: list[Entry[Content]] = []
    malformed = []
    for known in chains.order:
        if known.opened is None or known.id in chains.void:
            continue
        try:
            # Unknown kinds may be of a later version: they say nothing until this app is renewed.
            entries.append(Entry(known.id, known.author, parse_content(known.opened.content)))
        except EventError:
            malformed.append(known.id)
    return tuple(entries), tuple(malformed)


def by_case(chains: Chains, entries: Iterable[Entry[Content]]) -> Mapping[bytes, Story]:
    """Return the story of each case (16 bytes)."""
    cases: dict[bytes, list[Entry[Content]]] = {}
    for entry in of(entries, CaseContent):
        cases.setdefault(entry.content.case, []).append(entry)
    return {case: Story(chains, tuple(story)) for case, story in cases.items()}
