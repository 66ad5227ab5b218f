"""A dossier as it is proposed: what the reviewers chose to say, and which exhibits go with it.

It has no field for a codename, a conversation or an hour, so none can get into a dossier by itself.
docs/format.md, "Dossier".
"""

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, get_args

from wire.claim import LIMITS as CLAIM_LIMITS
from wire.claim import Commitment
from wire.errors import ClaimError, DossierError, TipFieldError
from wire.fields import Fields, dump, encode_base64, parse_object
from wire.known import KnownLetter, Shown, check_known, read_known
from wire.manifest import LIMITS as BAG_LIMITS
from wire.manifest import exhibit_path
from wire.office import Office, read_office
from wire.roster import Roster
from wire.shape import Day
from wire.tipform import parse_fields

Language = Literal["en", "fr"]
LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)

Form = Literal["original", "safe copy"]
FORMS: Final[tuple[Form, ...]] = get_args(Form)


@dataclass(frozen=True)
class Limits:
    """What a draft may hold; sizes are bytes of UTF-8."""

    draft: int = 18_000  # a case event carries it whole
    title: int = 240
    line: int = 400
    text: int = 12_000
    id: int = 32
    exhibits: int = BAG_LIMITS.exhibits
    custody: int = 100


LIMITS = Limits()


@dataclass(frozen=True)
class DraftExhibit:
    """One exhibit.

    Attributes:
        name: as the source or a reviewer called it; one line.
        type: its media type, as a person may read it.
        size: bytes.
        sha256: 32 bytes.
        sha512: 64 bytes.
        form: the untouched ``original``, or a ``safe copy`` made from it.
        origin: where it comes from, in the reviewers' words; one line, may be empty.
    """

    name: str
    type: str
    size: int
    sha256: bytes
    sha512: bytes
    form: Form
    origin: str


@dataclass(frozen=True)
class CustodyEntry:
    """One step in an exhibit's or the case's history.

    Attributes:
        on: the day (UTC).
        who: a reviewer's label, or whoever it was; one line.
        what: what was done; one line.
        sha256: of the exhibit that it was done to (32 bytes), None where it was the whole case.
    """

    on: date
    who: str
    what: str
    sha256: bytes | None


@dataclass(frozen=True)
class Draft:
    """A dossier as proposed.

    Attributes:
        dossier: its id, 16 random bytes.
        title: one line.
        purpose: what the office may use it for; one line.
        language: of the report's own words.
        office: who receives it.
        proposer: id of the proposing reviewer.
        on: the day (UTC) on which it was proposed.
        summary: the reviewers' own words, may be empty.
        fields: answers of the tip that the reviewers chose, by their names in `wire.tipform`.
        story: the story as the reviewers chose to give it, may be empty.
        exhibits: at most 100, in the order of the report.
        custody: at most 100 steps, oldest first.
        claim: commitment by which the source can prove to the office that they wrote the tip; None unless released.
        known: letters of which it is told since when they were known, at most 4.
    """

    dossier: bytes
    title: str
    purpose: str
    language: Language
    office: Office
    proposer: str
    on: date
    summary: str
    fields: dict[str, str]
    story: str
    exhibits: tuple[DraftExhibit, ...]
    custody: tuple[CustodyEntry, ...]
    claim: Commitment | None = None
    known: tuple[KnownLetter, ...] = ()

    @property
    def paths(self) -> tuple[str, ...]:
        """Where each exhibit stands in the bag."""
        return tuple(exhibit_path(number, one.name) for number, one in enumerate(self.exhibits, 1))

    def shown(self, roster: Roster) -> tuple[Shown, ...]:
        """Return what its attestations bear out under a roster, letter by letter.

        Raises:
            AttestationError: one does not hold.
        """
        claim, exhibits = None if self.claim is None else self.claim.digest, {one.sha256 for one in self.exhibits}
        return tuple(check_known(one, roster, claim, exhibits) for one in self.known)

    def encode(self) -> bytes:
        """Return the draft as JSON, at most 18,000 bytes.

        Raises:
            DossierError: a value is out of bounds, or all together are too long.
        """
        encoded = dump(
            {
                "v": 1,
                "dossier": self.dossier.hex(),
                "title": self.title,
                "purpose": self.purpose,
                "language": self.language,
                "office": self.office.values(),
                "proposer": self.proposer,
                "on": self.on.isoformat(),
                "summary": self.summary,
                "fields": self.fields,
                "story": self.story,
                "exhibits": [_exhibit_row(one) for one in self.exhibits],
                "custody": [_custody_row(one) for one in self.custody],
                **({} if self.claim is None else {"claim": self.claim.encode()}),
                **({"known": [one.values() for one in self.known]} if self.known else {}),
            }
        )
        Draft.decode(encoded)
        return encoded

    @classmethod
    def decode(cls, untrusted: bytes) -> "Draft":
        """Read a draft.

        Raises:
            DossierError: it is none.
        """
        fields = parse_object(untrusted, LIMITS.draft, "draft", DossierError)
        fields.integer("v", 1, 1)
        draft = cls(
            dossier=fields.hex("dossier", 16),
            title=fields.line("title", LIMITS.title, 1),
            purpose=fields.line("purpose", LIMITS.line, 1),
            language=read_language(fields),
            office=read_office(fields.object("office"), DossierError),
            proposer=fields.line("proposer", LIMITS.id, 1),
            on=read_day(fields, "on"),
            summary=fields.text("summary", LIMITS.text),
            fields=_read_answers(fields),
            story=fields.text("story", LIMITS.text),
            exhibits=tuple(map(_read_exhibit, fields.rows("exhibits", _EXHIBIT_COLUMNS, LIMITS.exhibits))),
            custody=tuple(map(_read_custody, fields.rows("custody", _CUSTODY_COLUMNS, LIMITS.custody))),
            claim=read_claim(fields),
            known=read_known(fields),
        )
        fields.end()
        return draft


_EXHIBIT_COLUMNS: Final = ("name", "type", "size", "sha256", "sha512", "form", "origin")
_CUSTODY_COLUMNS: Final = ("on", "who", "what", "sha256")


def _exhibit_row(one: DraftExhibit) -> list[object]:
    digests = (encode_base64(one.sha256), encode_base64(one.sha512))
    return [one.name, one.type, one.size, *digests, one.form, one.origin]


def _custody_row(one: CustodyEntry) -> list[object]:
    return [one.on.isoformat(), one.who, one.what, "" if one.sha256 is None else encode_base64(one.sha256)]


def _read_exhibit(fields: Fields) -> DraftExhibit:
    return DraftExhibit(
        name=fields.line("name", LIMITS.line, 1),
        type=fields.line("type", LIMITS.line, 0),
        size=fields.integer("size", 0, BAG_LIMITS.file),
        sha256=fields.base64("sha256", 32, 32),
        sha512=fields.base64("sha512", 64, 64),
        form=read_form(fields),
        origin=fields.line("origin", LIMITS.line, 0),
    )


def _read_custody(fields: Fields) -> CustodyEntry:
    return CustodyEntry(
        on=read_day(fields, "on"),
        who=fields.line("who", LIMITS.line, 1),
        what=fields.line("what", LIMITS.line, 1),
        sha256=fields.base64("sha256", 32, 32) if fields.base64("sha256", 0, 32) else None,
    )


def _read_answers(fields: Fields) -> dict[str, str]:
    answers = fields.mapping("fields", LIMITS.text)
    try:
        parsed = parse_fields(answers)
    except TipFieldError:
        parsed = {}
    if list(parsed.items()) != list(answers.items()):
        fields.refuse("fields", "are not answers of the tip form, in its order")
    return parsed


def read_day(fields: Fields, name: str) -> date:
    """Read a day written ``2026-11-24``."""
    day = Day().read(fields, name)
    assert day is not None
    return day


def read_language(fields: Fields) -> Language:
    """Read the language of the report's own words."""
    chosen = fields.choice("language", LANGUAGES)
    return next(language for language in LANGUAGES if language == chosen)


def read_claim(fields: Fields) -> Commitment | None:
    """Read the commitment of a claim, or None where there is none."""
    text = fields.optional_text("claim", CLAIM_LIMITS.commitment)
    try:
        return None if text is None else Commitment.decode(text)
    except ClaimError:
        fields.refuse("claim", "is no commitment")


def read_form(fields: Fields) -> Form:
    """Read whether an exhibit is an original or a safe copy."""
    chosen = fields.choice("form", FORMS)
    return next(form for form in FORMS if form == chosen)
