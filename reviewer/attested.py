"""Known by this date (pure): what the apps' attestations of a case's letters come to. Never "first".

It is asked when a case is shown or goes into a dossier, not at every fold: each attestation costs the check of a
signature. docs/format.md, "Attestation".
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from crypto.dsse import Envelope
from crypto.errors import EnvelopeError
from reviewer.case import Case, Conflict
from reviewer.entry import Entry, of
from wire.attestation import Attestation, Known, is_late, known_by, open_attestation
from wire.attested import commitment_to
from wire.content import CaseOpened
from wire.content_proof import Attested
from wire.errors import AttestationError
from wire.letter import Letter
from wire.roster import Roster


@dataclass(frozen=True)
class Signed:
    """One attestation that counts.

    Attributes:
        attestation: what a reviewer's app says.
        envelope: signed, as it may go with a dossier.
        event: that tells it, 32 bytes.
    """

    attestation: Attestation
    envelope: Envelope
    event: bytes


@dataclass(frozen=True)
class Said:
    """What a source said in one letter, or in copies of it, and since when that was known.

    Attributes:
        letters: names (32 bytes each) of the letters that say it.
        commitment: to all of it, 32 bytes.
        signed: the attestations that count, one a reviewer, by week and id.
        known: what they come to; None while there are too few.
        lacking: reviewers who could open it, by id, whose apps have not told that they did.
    """

    letters: tuple[bytes, ...]
    commitment: bytes
    signed: tuple[Signed, ...]
    known: Known | None
    lacking: tuple[str, ...]

    @property
    def late(self) -> tuple[Attestation, ...]:
        """Those of apps that had it more than a week after it was known: it was held back, or they were off."""
        if self.known is None:
            return ()
        return tuple(one.attestation for one in self.signed if is_late(one.attestation.week, self.known.week))


@dataclass(frozen=True)
class AllSaid:
    """Of all letters of a case that are here.

    Attributes:
        said: in the order of the letters.
        conflicts: of kind ``attested``: does not verify, is of something else or of a week to come, or told twice.
    """

    said: tuple[Said, ...]
    conflicts: tuple[Conflict, ...]

    def of(self, letter: bytes) -> Said | None:
        """Return what is known of a letter by its name (32 bytes)."""
        return next((one for one in self.said if letter in one.letters), None)


def all_said(case: Case, letters: Mapping[bytes, Letter], rosters: Sequence[Roster], today: date) -> AllSaid:
    """Weigh the attestations of a case.

    Args:
        case: as folded.
        letters: those of the case that are here, by name (32 bytes).
        rosters: every roster there was, the one in force last; who has left since still attests what they saw.
        today: the day (UTC).
    """
    commitments = {name: commitment_to(letter) for name, letter in letters.items()}
    signed: dict[bytes, dict[str, Signed]] = {commitment: {} for commitment in commitments.values()}
    wrong = []
    opened, first = _opened(case), {(each.author, each.content.letter): each for each in reversed(case.attestations)}
    for entry in case.attestations:
        name = entry.content.letter
        if entry.author not in opened.get(name, ()) or first[entry.author, name] is not entry:
            wrong.append(entry.id)
            continue
        if name not in letters:
            continue  # it cannot be weighed here
        try:
            signed[commitments[name]].setdefault(entry.author, _open(entry, letters[name], rosters, today))
        except AttestationError:
            wrong.append(entry.id)
    said = []
    for commitment, by_author in signed.items():
        names = tuple(name for name, each in commitments.items() if each == commitment)
        ordered = tuple(sorted(by_author.values(), key=lambda one: (one.attestation.week, one.attestation.reviewer)))
        said.append(Said(names, commitment, ordered, _known(ordered, rosters[-1]), _lacking(case, names)))
    return AllSaid(tuple(said), (Conflict("attested", tuple(wrong)),) if wrong else ())


def _opened(case: Case) -> Mapping[bytes, frozenset[str]]:
    """Return which reviewers' apps told that they opened a letter, by its name."""
    opened: dict[bytes, frozenset[str]] = {}
    for seen in case.letters:
        opened[seen.letter] = opened.get(seen.letter, frozenset()) | seen.opened_by
    return opened


def _open(entry: Entry[Attested], letter: Letter, rosters: Sequence[Roster], today: date) -> Signed:
    try:
        envelope = Envelope.decode(entry.content.attestation)
    except EnvelopeError:
        raise AttestationError("attestation: it is no signed envelope") from None
    attestation = _by_one_of(envelope, rosters)
    if (attestation.reviewer, attestation.commitment) != (entry.author, commitment_to(letter)):
        raise AttestationError("attestation: of another letter, or by another reviewer than tells it")
    if attestation.week < letter.week:
        raise AttestationError("attestation: of a week before the letter's own")
    if attestation.week.monday > min(entry.content.on, today):
        raise AttestationError("attestation: of a week that had not begun")
    return Signed(attestation, envelope, entry.id)


def _by_one_of(envelope: Envelope, rosters: Sequence[Roster]) -> Attestation:
    for roster in rosters[:0:-1]:
        try:
            return open_attestation(envelope, roster)
        except AttestationError:
            continue
    return open_attestation(envelope, rosters[0])


def _known(signed: Sequence[Signed], roster: Roster) -> Known | None:
    try:
        return known_by([one.attestation for one in signed], roster.approvals)
    except AttestationError:
        return None


def _lacking(case: Case, names: Collection[bytes]) -> tuple[str, ...]:
    told = [entry for entry in of(case.entries, CaseOpened) if entry.content.letter in names]
    could = frozenset(member for entry in told for member in entry.content.members)
    return tuple(sorted((could & case.members) - {entry.author for entry in told}))
