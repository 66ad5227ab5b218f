"""Since when the letters of a case are known, from the log and from the letters in this vault; and in a dossier."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from crypto.dsse import Envelope
from reviewer.acts.desk_work import Look
from reviewer.attested import AllSaid, Said, all_said
from reviewer.case import Case
from reviewer.desk import rosters
from reviewer.errors import ActError
from reviewer.store import letters
from wire.attestation import open_attestation
from wire.attested import CLAIM, FIRST_FILE, STORY, show
from wire.draft import Draft
from wire.errors import AttestationError
from wire.known import KnownLetter, check_known
from wire.letter import Letter, decode_content
from wire.roster import Roster

PIECES: Final = ("story", "claim", "files")
"""What of a letter may be shown with a dossier."""


@dataclass(frozen=True)
class KnownChoice:
    """That a dossier shall tell since when a letter was known.

    Attributes:
        letter: its name, 32 bytes.
        show: of `PIECES`; claim and files only as far as they go with the dossier anyway.
    """

    letter: bytes
    show: Collection[str] = ()


def letters_here(look: Look, case: Case) -> Mapping[bytes, Letter]:
    """Return the letters of a case that are in this vault, by name (32 bytes)."""
    stored = letters.letters_of(look.connection, case.id)
    return {one.name: decode_content(one.content) for one in stored if one.content is not None}


def said_in(look: Look, case: Case) -> AllSaid:
    """Return what the source said and since when that was known, and what is wrong with that."""
    return all_said(case, letters_here(look, case), rosters(look.connection)[::-1], look.desk.today())


def known_letters(
    look: Look, case: Case, choices: Collection[KnownChoice], claim: bytes | None, exhibits: Collection[bytes]
) -> tuple[KnownLetter, ...]:
    """Return what a draft tells of the letters chosen, and since when they were known.

    Args:
        look: the vault.
        case: whose letters.
        choices: one for each letter.
        claim: digest (32 bytes) of the commitment that goes with the dossier, None without one.
        exhibits: SHA-256 (32 bytes each) of what goes with it.

    Raises:
        ActError: a letter is not here, or too few reviewers who are on the roster attest it.
    """
    here, said = letters_here(look, case), said_in(look, case)
    found = []
    for choice in choices:
        attested = said.of(choice.letter)
        if attested is None:
            raise ActError("a letter whose date shall go with the dossier is not in this vault; load the page again")
        letter = here[choice.letter]
        opening = show(letter, _places(letter, choice.show, claim, exhibits))
        envelopes = tuple(one.envelope for one in attested.signed if _is_by(one.envelope, look.roster))
        found.append(KnownLetter(envelopes, opening))
        try:
            check_known(found[-1], look.roster, claim, exhibits)
        except AttestationError:
            raise ActError("too few reviewers attest since when the letter is known; leave its date out") from None
    return tuple(found)


def can_be_told(said: Said, roster: Roster) -> bool:
    """Tell whether enough reviewers who are on the roster attest a letter, so that a dossier can say it."""
    return sum(_is_by(one.envelope, roster) for one in said.signed) >= max(roster.approvals, 2)


def check_letters(look: Look, case: Case, draft: Draft, roster: Roster, proposal: bytes | None = None) -> None:
    """Hold what a draft tells of letters against this vault: whoever chose some attestations could choose the week.

    Args:
        look: the vault.
        case: whose letters.
        draft: what would be sent.
        roster: under which it is proposed; who is not on it attests nothing in a dossier.
        proposal: the event (32 bytes) that proposes it, None before there is one. An attestation by an app that had
            seen the proposal need not be told: its proposer could not have it.

    Raises:
        ActError: one is not that of a letter here, or it does not tell all attestations that count here, and no other.
    """
    said = {one.commitment: one for one in said_in(look, case).said}
    for known in draft.known:
        here = said.get(known.opening.commitment)
        if here is None:
            raise ActError(
                "the dossier tells since when a letter is known that is not in this vault; sync and look again"
            )
        counting = [one for one in here.signed if _is_by(one.envelope, roster)]
        later = {one.event for one in counting if proposal and look.log.chains.precedes(proposal, one.event)}
        must = {one.envelope.encode() for one in counting if one.event not in later}
        if not must <= {one.encode() for one in known.attestations} <= {one.envelope.encode() for one in counting}:
            raise ActError(
                "of when a letter was known the dossier tells something else than the apps; sync and look again"
            )


def _places(letter: Letter, wanted: Collection[str], claim: bytes | None, exhibits: Collection[bytes]) -> set[int]:
    places = {STORY} if "story" in wanted else set()
    if "claim" in wanted and claim is not None and letter.claim == claim:
        places.add(CLAIM)
    if "files" in wanted:
        places |= {FIRST_FILE + place for place, file in enumerate(letter.files) if file.sha256 in exhibits}
    return places


def _is_by(envelope: Envelope, roster: Roster) -> bool:
    try:
        open_attestation(envelope, roster)
    except AttestationError:
        return False
    return True
