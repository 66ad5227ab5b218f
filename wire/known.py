"""Known by this date, in a dossier: attestations of a letter, and what of it is opened with them (pure).

docs/format.md, "Known by this date".
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from crypto.dsse import Envelope
from crypto.errors import EnvelopeError
from wire.attestation import Known, is_late, known_by, open_attestation
from wire.attested import CLAIM, FIRST_FILE, STORY, Opening
from wire.attested import LIMITS as OPENING_LIMITS
from wire.errors import AttestationError
from wire.fields import Fields, Json, dump, parse_object
from wire.keysheet import read_week
from wire.roster import Roster
from wire.week import Week


@dataclass(frozen=True)
class Limits:
    """What a dossier may hold."""

    letters: int = 4  # of which a dossier tells since when they were known
    attestations: int = 16  # of one letter
    envelope: int = 1_024  # bytes of one attestation with its signature


LIMITS = Limits()
FILE_LIMIT: Final = 262_144
"""Most bytes of data/attestations.json."""


@dataclass(frozen=True)
class KnownLetter:
    """A letter as a dossier tells of it.

    Attributes:
        attestations: signed by reviewers' apps.
        opening: what of the letter is shown.
    """

    attestations: tuple[Envelope, ...]
    opening: Opening

    def values(self) -> dict[str, Json]:
        """Return it as JSON."""
        return {
            "attestations": [json.loads(one.encode()) for one in self.attestations],
            "opening": json.loads(self.opening.encode()),
        }


@dataclass(frozen=True)
class Shown:
    """What holds of a letter in a dossier.

    Attributes:
        known: since when, and to whose apps.
        late: id and week of each app that had it more than a week later.
        claim: whether the claim's commitment is shown to be the letter's.
        story: as the source wrote it, None where it is not shown.
        files: SHA-256 (32 bytes each) of the files that are shown to have come with it.
    """

    known: Known
    late: tuple[tuple[str, Week], ...]
    claim: bool
    story: str | None
    files: tuple[bytes, ...]


def check_known(letter: KnownLetter, roster: Roster, claim: bytes | None, exhibits: Collection[bytes]) -> Shown:
    """Return what a letter's attestations and opening bear out.

    Args:
        letter: as a draft or a dossier has it.
        roster: that the dossier names.
        claim: digest (32 bytes) of the commitment that goes with the dossier, None without one.
        exhibits: SHA-256 (32 bytes each) of what goes with the dossier.

    Raises:
        AttestationError: a signature does not hold, there are too few, they are not of one letter, what is shown is
            not of that letter, or it shows what does not go with the dossier.
    """
    attestations = [open_attestation(one, roster) for one in letter.attestations]
    known = known_by(attestations, roster.approvals)
    values = letter.opening.check(known.commitment)
    files = tuple(value for place, value in sorted(values.items()) if place >= FIRST_FILE)
    if set(values) - {CLAIM, STORY, *range(FIRST_FILE, OPENING_LIMITS.pieces)}:
        raise AttestationError("opening: it shows all answers of the letter; a dossier has those that were chosen")
    if CLAIM in values and values[CLAIM] != claim:
        raise AttestationError("opening: it shows a claim that does not go with the dossier")
    if not set(files) <= set(exhibits):
        raise AttestationError("opening: it shows a file that does not go with the dossier")
    try:
        story = values[STORY].decode() if STORY in values else None
    except UnicodeDecodeError:
        raise AttestationError("opening: its story is no text") from None
    late = tuple((one.reviewer, one.week) for one in attestations if is_late(one.week, known.week))
    return Shown(known, late, CLAIM in values, story, files)


def read_known(fields: Fields) -> tuple[KnownLetter, ...]:
    """Read the letters in the field ``known``, which is left out where there are none.

    Raises:
        WireError: (that of ``fields``) they are none.
    """
    return _read_letters(fields, "known") if fields.has("known") else ()


def _read_letters(fields: Fields, name: str) -> tuple[KnownLetter, ...]:
    return tuple(_read_letter(one) for one in fields.objects(name, LIMITS.letters, 1))


def _read_letter(fields: Fields) -> KnownLetter:
    try:
        envelopes = tuple(
            Envelope.decode(dump(value) if isinstance(value, dict) else b"", LIMITS.envelope)
            for value in fields.array("attestations", LIMITS.attestations, 1)
        )
        opening = Opening.decode(dump(fields.mapping("opening", OPENING_LIMITS.opening)))
    except (EnvelopeError, AttestationError):
        fields.refuse("attestations", "are no envelopes, or have no opening")
    fields.end()
    return KnownLetter(envelopes, opening)


def encode_file(dossier: bytes, letters: Sequence[KnownLetter]) -> bytes:
    """Return data/attestations.json of the dossier with this id (16 bytes)."""
    return dump({"v": 1, "dossier": dossier.hex(), "letters": [one.values() for one in letters]}) + b"\n"


def decode_file(untrusted: bytes, dossier: bytes) -> tuple[KnownLetter, ...]:
    """Read data/attestations.json; nothing in it holds before `check_known`.

    Raises:
        AttestationError: it is none of this dossier.
    """
    fields = parse_object(untrusted, FILE_LIMIT, "attestations", AttestationError)
    fields.integer("v", 1, 1)
    if fields.hex("dossier", 16) != dossier:
        raise AttestationError("attestations: they are of another dossier")
    letters = _read_letters(fields, "letters")
    fields.end()
    return letters


@dataclass(frozen=True)
class ListedLetter:
    """A letter as dossier.json lists it.

    Attributes:
        commitment: to what it said, 32 bytes.
        week: by which it was known.
        reviewers: to whose apps, by id.
    """

    commitment: bytes
    week: Week
    reviewers: tuple[str, ...]

    @classmethod
    def of(cls, known: Known) -> "ListedLetter":
        """Return how a letter is listed."""
        return cls(known.commitment, known.week, known.reviewers)

    def values(self) -> dict[str, Json]:
        """Return it as JSON."""
        return {"commitment": self.commitment.hex(), "week": str(self.week), "reviewers": list(self.reviewers)}


def read_listed(fields: Fields) -> tuple[ListedLetter, ...]:
    """Read the letters that dossier.json lists, none where it has no field ``known``."""
    if not fields.has("known"):
        return ()
    return tuple(_read_one_listed(one) for one in fields.objects("known", LIMITS.letters, 1))


def _read_one_listed(fields: Fields) -> ListedLetter:
    listed = ListedLetter(
        fields.hex("commitment", 32), read_week(fields), fields.texts("reviewers", LIMITS.attestations, 32, 2)
    )
    fields.end()
    return listed
