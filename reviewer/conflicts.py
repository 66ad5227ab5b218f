"""What the fold decided carefully, or cannot decide, and people should look at (pure)."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from reviewer.entry import Entry, Story
from reviewer.proposal import Proposal, rightly_sent
from reviewer.setting import Setting
from wire.content import CaseOpened, DossierSent, EraseProposed, Held, Recused, Resumed
from wire.content_kind import Content


@dataclass(frozen=True)
class Conflict:
    """Something that the fold decided carefully and that people should look at.

    Attributes:
        kind: ``status``, ``assigned``, ``members`` (who could read it is told differently), ``letter`` (so is a
            letter), ``stranger`` (written by who was never given the case: it says nothing), ``sent-unapproved``,
            ``sent-while-held``, ``sent-after-recusal``, ``erased-unapproved`` or ``attested`` (`reviewer.attested`).
        events: the ids concerned.
    """

    kind: str
    events: tuple[bytes, ...]


def several(kind: str, entries: Sequence[Entry[Content]], values: Collection[object]) -> tuple[Conflict, ...]:
    """Return a conflict when the entries come to more than one value."""
    return (Conflict(kind, tuple(entry.id for entry in entries)),) if len(values) > 1 else ()


def told_differently(story: Story) -> tuple[Conflict, ...]:
    """Return the letters of which two apps do not tell the same number and form."""
    told: dict[bytes, list[Entry[CaseOpened]]] = {}
    for entry in story.of(CaseOpened):
        if entry.content.letter is not None:
            told.setdefault(entry.content.letter, []).append(entry)
    return tuple(
        conflict
        for entries in told.values()
        for conflict in several("letter", entries, {(each.content.number, each.content.tip) for each in entries})
    )


def sent_in_spite(setting: Setting) -> tuple[Conflict, ...]:
    """Return the sendings that should not have been: not approved by then, or at odds with a hold or a recusal."""
    story = setting.story
    conflicts = []
    for sent in story.of(DossierSent):
        if not rightly_sent(setting, sent):
            conflicts.append(Conflict("sent-unapproved", (sent.content.proposal, sent.id)))
        resumed = [each for each in story.of(Resumed) if story.precedes(each, sent)]
        conflicts += [
            Conflict("sent-while-held", (hold.id, sent.id))
            for hold in story.of(Held)
            if not story.precedes(sent, hold) and not any(story.precedes(hold, each) for each in resumed)
        ]
        conflicts += [
            Conflict("sent-after-recusal", (recusal.id, sent.id))
            for recusal in story.of(Recused)
            if recusal.content.reviewer == sent.author and not story.precedes(sent, recusal)
        ]
    return tuple(conflicts)


def erased_in_spite(setting: Setting, proposals: Iterable[Proposal]) -> tuple[Conflict, ...]:
    """Return the erasures that an app says it carried out although nobody else sees them agreed."""
    open_ones = {each.id for each in proposals if isinstance(each.content, EraseProposed) and each.state != "approved"}
    return tuple(
        Conflict("erased-unapproved", (entry.content.proposal, entry.id))
        for entry in setting.erased
        if entry.content.proposal in open_ones
    )
