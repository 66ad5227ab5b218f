"""Custody (pure): who did what with a case and its exhibits, as the log tells it, in the words of a dossier."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from reviewer.case import Case
from reviewer.entry import Entry
from reviewer.errors import ActError
from wire.content import CaseOpened, Confirmed, ExhibitAdded, ReleaseProposed
from wire.content_kind import Content
from wire.draft import LIMITS, CustodyEntry, Language
from wire.roster import Roster

WORDS: Final[Mapping[Language, Mapping[str, str]]] = {
    "en": {
        "letter": "opened letter {number} of the source and verified who wrote it",
        "unverified": "opened letter {number}; that the source wrote it could not be verified",
        "opened": "opened the case",
        "added": "added the exhibit to the case",
        "proposed": "proposed that the original may be passed on",
        "agreed": "agreed that the original may be passed on",
        "put": "put the exhibit, as kept in the vault, into this dossier",
        "sent": "sent by the source with letter {number}",
        "captured": "captured by {by}",
        "on": "on {day}",
    },
    "fr": {
        "letter": "a ouvert la lettre {number} de la source et vérifié qui l’a écrite",
        "unverified": "a ouvert la lettre {number} ; que la source l’ait écrite n’a pas pu être vérifié",
        "opened": "a ouvert le dossier d’enquête",
        "added": "a ajouté la pièce au dossier d’enquête",
        "proposed": "a proposé que l’original puisse être transmis",
        "agreed": "a accepté que l’original puisse être transmis",
        "put": "a mis la pièce, telle que gardée dans le coffre, dans ce dossier",
        "sent": "envoyée par la source avec la lettre {number}",
        "captured": "capturée par {by}",
        "on": "le {day}",
    },
}


def origin(language: Language, letter: int | None, added: ExhibitAdded | None) -> str:
    """Return where an exhibit comes from, on one line; what is longer than a dossier takes ends in an ellipsis."""
    words = WORDS[language]
    if added is None:
        return words["sent"].format(number=letter)
    pieces = [words["captured"].format(by=added.captured_by)]
    if added.captured_on:
        pieces.append(words["on"].format(day=added.captured_on.isoformat()))
    pieces += [text for text in (added.taken_from, added.how) if text]
    line = " ".join("; ".join(pieces).split())
    if len(line.encode()) <= LIMITS.line:
        return line
    return line.encode()[: LIMITS.line - len("…".encode())].decode("utf-8", "ignore") + "…"


def custody(
    case: Case, roster: Roster, chosen: tuple[bytes, ...], today: date, proposer: str, language: Language
) -> tuple[CustodyEntry, ...]:
    """Return the steps of the case and of the chosen exhibits (SHA-256 each), in the order of the log.

    It names reviewers by their labels, and no hour.

    Raises:
        ActError: more steps than a dossier holds.
    """
    words = WORDS[language]
    labels = {one.id: one.label for one in roster.reviewers}
    steps = [
        CustodyEntry(entry.content.on, labels.get(entry.author, entry.author), what, sha256)
        for entry in case.entries
        for what, sha256 in _steps(case, entry, frozenset(chosen), words)
    ]
    steps += [CustodyEntry(today, labels.get(proposer, proposer), words["put"], sha256) for sha256 in chosen]
    if len(steps) > LIMITS.custody:
        raise ActError("too many steps for one dossier; choose fewer exhibits and send the others in a second one")
    return tuple(steps)


def _steps(
    case: Case, entry: Entry[Content], chosen: frozenset[bytes], words: Mapping[str, str]
) -> Iterator[tuple[str, bytes | None]]:
    said = entry.content
    if isinstance(said, CaseOpened) and said.letter is None:
        yield words["opened"], None
    elif isinstance(said, CaseOpened):
        yield words["letter" if said.checked else "unverified"].format(number=said.number), None
    elif isinstance(said, ExhibitAdded) and said.sha256 in chosen:
        yield words["added"], said.sha256
    elif isinstance(said, ReleaseProposed) and said.sha256 in chosen:
        yield words["proposed"], said.sha256
    elif isinstance(said, Confirmed):
        for proposal in case.proposals:
            if (
                proposal.id == said.proposal
                and isinstance(proposal.content, ReleaseProposed)
                and proposal.content.sha256 in chosen
            ):
                yield words["agreed"], proposal.content.sha256
