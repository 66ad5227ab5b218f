"""From a case to a draft: the reviewers' choice of words and exhibits, and the custody that follows from the log."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass

from reviewer.acts.attesting import KnownChoice, known_letters
from reviewer.acts.custody import custody, origin
from reviewer.acts.desk_work import Look, one_line, required
from reviewer.case import Case
from reviewer.errors import ActError
from reviewer.store import letters
from wire.claim import Commitment, commitment_of
from wire.content import ExhibitAdded
from wire.draft import LANGUAGES, Draft, DraftExhibit, Language
from wire.files import File
from wire.letter import Letter, decode_content
from wire.office import Office
from wire.tipform import field_names


@dataclass(frozen=True)
class CaseFile:
    """A file of a case, as a person may choose it.

    Attributes:
        name: as the source or a reviewer called it.
        type: as their browser called it.
        size: bytes.
        sha256: 32 bytes.
        here: whether it lies in this vault.
        lost: whether it will not come any more: its parts are damaged, or were waited for too long.
        offered: whether it lies at the intake and is fetched only when somebody wants it.
        released: whether it may leave as the original.
        letter: number of the letter that brought it; None for a reviewer's own.
        added: what was said when a reviewer added it; None for a source's.
    """

    name: str
    type: str
    size: int
    sha256: bytes
    here: bool
    lost: bool
    offered: bool
    released: bool
    letter: int | None
    added: ExhibitAdded | None


def letters_of(work: Look, case_id: bytes) -> tuple[Letter, ...]:
    """Return a case's letters as their source wrote them, by number."""
    stored = letters.letters_of(work.connection, case_id)
    return tuple(decode_content(one.content) for one in stored if one.content is not None)


def files_of(work: Look, case: Case) -> tuple[CaseFile, ...]:
    """Return all files of a case: the source's letter by letter, then the reviewers' own. Each hash once."""
    here = {file.sha256 for file in letters.files_of(work.connection, case.id)}
    found: dict[bytes, CaseFile] = {}
    aside = letters.known_names(work.connection, "exhibits")

    def add(file: File | ExhibitAdded, size: int, number: int | None, state: str) -> None:
        added = file if isinstance(file, ExhibitAdded) else None
        missing = file.sha256 not in here
        known = CaseFile(
            name=file.name,
            type=file.type,
            size=size,
            sha256=file.sha256,
            here=not missing,
            lost=missing and state in {"broken", "left"},
            offered=missing and state == "offered",
            released=file.sha256 in case.released,
            letter=number,
            added=added,
        )
        found.setdefault(file.sha256, known)

    for stored in letters.letters_of(work.connection, case.id):
        letter = None if stored.content is None else decode_content(stored.content)
        for file in () if letter is None else letter.files:
            add(file, file.length, stored.number, stored.files)
    for entry in case.exhibits:
        add(entry.content, entry.content.size, None, "broken" if entry.id in aside else "waiting")
    return tuple(found.values())


@dataclass(frozen=True)
class Choice:
    """What a reviewer chose to put into a dossier.

    Attributes:
        title: one line.
        purpose: what the office may use it for.
        language: of the report.
        office: digest (32 bytes) of a confirmed office.
        summary: the reviewers' own words.
        fields: names of the tip's answers to pass on.
        story: the story as it shall stand there; may be empty.
        exhibits: SHA-256 (32 bytes) of each file to pass on.
        claim: digest (32 bytes) of the commitment to pass on, or None.
        known: the letters of which to tell since when they were known.
    """

    title: str
    purpose: str
    language: str
    office: bytes
    summary: str
    fields: Collection[str]
    story: str
    exhibits: Collection[bytes]
    claim: bytes | None = None
    known: Collection[KnownChoice] = ()


def make_draft(work: Look, case_id: bytes, choice: Choice) -> Draft:
    """Return the draft that a choice makes; whatever was not chosen is not in it.

    Raises:
        ActError: something is missing, an exhibit is not here, or the office is not confirmed.
    """
    case = work.case(case_id)
    language = next((one for one in LANGUAGES if one == choice.language), None)
    if language is None:
        raise ActError("the report can be in English or French")
    exhibits = tuple(
        _exhibit(work, case, file, language) for file in files_of(work, case) if file.sha256 in choice.exhibits
    )
    if len(exhibits) != len(set(choice.exhibits)):
        raise ActError("a chosen exhibit is not in the case; load the page again")
    return Draft(
        dossier=secrets.token_bytes(16),
        title=required(one_line(choice.title), ActError("the title is missing; write it and try again")),
        purpose=required(one_line(choice.purpose), ActError("the purpose is missing; write it and try again")),
        language=language,
        office=_office(work, choice.office),
        proposer=work.desk.id,
        on=work.desk.today(),
        summary=choice.summary.strip(),
        fields=_fields(work, case_id, choice.fields),
        story=choice.story.strip(),
        exhibits=exhibits,
        claim=None if choice.claim is None else commitment_with(work, case_id, choice.claim),
        custody=custody(
            case, work.roster, tuple(one.sha256 for one in exhibits), work.desk.today(), work.desk.id, language
        ),
        known=known_letters(work, case, choice.known, choice.claim, {one.sha256 for one in exhibits}),
    )


def commitment_with(work: Look, case_id: bytes, digest: bytes) -> Commitment:
    """Return the commitment with this digest (32 bytes) that a letter of the case carries; `ActError` if none does."""
    for letter in letters_of(work, case_id):
        commitment = commitment_of(letter)
        if commitment is not None and commitment.digest == digest:
            return commitment
    raise ActError("there is no such claim in the letters of this vault; sync and look again")


def _office(work: Look, digest: bytes) -> Office:
    for known in work.log.offices:
        if known.confirmed and known.office.digest == digest:
            return known.office
    raise ActError("choose an office that two reviewers have put on the list")


def _fields(work: Look, case_id: bytes, chosen: Collection[str]) -> dict[str, str]:
    answers: dict[str, str] = {}
    for letter in letters_of(work, case_id):
        answers |= {name: str(value) for name, value in letter.fields.items()}
    return {name: answers[name] for name in field_names() if name in chosen and name in answers}


def _exhibit(work: Look, case: Case, file: CaseFile, language: Language) -> DraftExhibit:
    stored = letters.file_of(work.connection, case.id, file.sha256)
    if stored is None:
        raise ActError("a chosen exhibit has not reached this vault yet; sync and try again")
    return DraftExhibit(
        name=file.name,
        type=file.type,
        size=stored.length,
        sha256=stored.sha256,
        sha512=stored.sha512,
        form="original",
        origin=origin(language, file.letter, file.added),
    )
