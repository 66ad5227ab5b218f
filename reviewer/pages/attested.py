"""Since when a letter is known, as pages show it. Never "first"."""

from dataclasses import dataclass
from datetime import date

from reviewer.acts.attesting import can_be_told, letters_here, said_in
from reviewer.acts.desk_work import Look
from reviewer.attested import Said
from reviewer.case import Case
from wire.attestation import is_late
from wire.week import Week


@dataclass(frozen=True)
class ShownKnown:
    """Since when a letter is known.

    Attributes:
        week: Monday of the week by which it was; None while too few apps attest it.
        by: labels of the reviewers whose apps attest it.
        needed: how many of them it takes.
        late: label and Monday of each app that had it more than a week later.
        lacking: labels of those whose apps have not opened it yet although more than a week is over.
        told: whether a dossier can tell it.
    """

    week: date | None
    by: tuple[str, ...]
    needed: int
    late: tuple[tuple[str, date], ...]
    lacking: tuple[str, ...]
    told: bool


def shown_known(look: Look, said: Said | None) -> ShownKnown:
    """Return how pages show what is known of a letter."""
    needed = max(look.roster.approvals, 2)
    if said is None:
        return ShownKnown(None, (), needed, (), (), told=False)
    known = said.known
    over = known is not None and is_late(Week.of(look.desk.today()), known.week)
    return ShownKnown(
        week=None if known is None else known.week.monday,
        by=tuple(look.label(one.attestation.reviewer) for one in said.signed),
        needed=needed,
        late=tuple((look.label(one.reviewer), one.week.monday) for one in said.late),
        lacking=tuple(look.label(one) for one in said.lacking) if over else (),
        told=can_be_told(said, look.roster),
    )


@dataclass(frozen=True)
class KnownLine:
    """A letter of which a dossier can tell since when it was known.

    Attributes:
        letter: its name, in hexadecimal.
        number: as the source counted.
        known: since when.
        story: whether it has one.
        claim: whether it carries a commitment.
        files: whether files came with it.
    """

    letter: str
    number: int
    known: ShownKnown
    story: bool
    claim: bool
    files: bool


def known_in(look: Look, case: Case) -> tuple[KnownLine, ...]:
    """Return the letters of a case of which a dossier can tell since when they were known, by number."""
    here = letters_here(look, case)
    lines = []
    for said in said_in(look, case).said:
        name, letter = said.letters[0], here[said.letters[0]]
        known = shown_known(look, said)
        if known.told:
            line = KnownLine(
                name.hex(), letter.number, known, bool(letter.story), letter.claim is not None, bool(letter.files)
            )
            lines.append(line)
    return tuple(lines)
