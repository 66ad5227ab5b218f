"""Reward programmes: data with citations, and which facts a case still lacks for each.

Pure. Nothing here says that anybody may or may not be paid: the one answer is a list of questions that the case leaves
open. What was seen in no good source is carried as unverified, apart from the facts, and must be dropped or flagged.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from importlib import resources
from typing import Final, Literal, cast

from reviewer.errors import ProgrammeError
from wire.errors import DataFileError
from wire.fields import Fields, parse_object

Amount = Literal["set", "not_set", "unclear"]
AnonymityRule = Literal["silent", "confidential", "counsel", "no", "unknown"]

AMOUNTS: Final[tuple[Amount, ...]] = ("set", "not_set", "unclear")
ANONYMITY_RULES: Final[tuple[AnonymityRule, ...]] = ("silent", "confidential", "counsel", "no", "unknown")

QUESTIONS: Final = (
    "reward_wish",  # an answer in the tip, as are species, place, reported_before and willing_to_testify
    "law_broken",  # which law of the programme was broken, and how
    "species",
    "place",
    "transnational",  # what reaches outside the United States
    "outcome",  # arrest, conviction, penalty, forfeiture or money recovered so far
    "amount_at_stake",  # what could be collected, against the programme's threshold
    "original_information",  # known to the source from their own knowledge or analysis, and new to the authority
    "already_public",  # in news, hearings or reports already
    "voluntary",  # given before anybody asked
    "reported_before",
    "public_official",  # whether the source is an official, and learnt or tells it in official duties
    "own_part",  # the source's own part in the offence, and any conviction for it
    "own_role",  # whether the source is an auditor, compliance or legal person of the firm
    "own_filing",  # whether the source, or counsel for them, has filed the form that the programme demands
    "counsel",  # whether the source has a lawyer, without whom anonymity is lost
    "ready_to_be_named",  # whether the source accepts that the authority learns their name
    "willing_to_testify",
)
"""What a case may have to answer, besides `link_<jurisdiction>`: what ties it to that country (`link_us`)."""

_ASKED_BY_ALL: Final = "reward_wish"
_OPEN_ANSWERS: Final = frozenset({"", "unsure"})
_WORDS_OF_DOUBT: Final = ("unverified", "not verified", "general knowledge", "[gk]", "secondary source")


@dataclass(frozen=True, slots=True)
class ProgrammeLimits:
    """What a file of programmes may hold at most."""

    file_bytes: int = 262_144
    programmes: int = 200
    statements: int = 16
    text_bytes: int = 1_000
    sources: int = 16


LIMITS: Final = ProgrammeLimits()


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence on a programme; a fact with a source only when `verified`."""

    text: str
    verified: bool


@dataclass(frozen=True, slots=True)
class Programme:
    """A reward programme as its law or rule describes it. Texts are in English, as the laws were read.

    Attributes:
        key: stable name, such as `us-lacey`.
        jurisdiction: ISO 3166-1 alpha-2, upper case.
        wildlife_specific: whether the programme is about wildlife, rather than money, tax or corruption.
        verified: whether the core was seen in the sources; when not, no statement below counts as verified.
        threshold: what must be reached before anything is paid; empty where there is none.
        amount: whether the law sets an amount, a share or a limit. It is never what a source will get.
        award: what the law says of the award.
        filing: who must file what.
        anonymity: `silent` where the law says nothing, `counsel` where only through a lawyer; see `anonymity_text`.
        questions: what a case must answer, `reward_wish` and `link_<jurisdiction>` first.
        sources: where the statements were read.
    """

    key: str
    name: str
    jurisdiction: str
    citation: str
    wildlife_specific: bool
    verified: bool
    authority: tuple[Statement, ...]
    threshold: tuple[Statement, ...]
    amount: Amount
    award: tuple[Statement, ...]
    triggers: tuple[Statement, ...]
    eligible: tuple[Statement, ...]
    disqualifiers: tuple[Statement, ...]
    filing: tuple[Statement, ...]
    anonymity: AnonymityRule
    anonymity_text: tuple[Statement, ...]
    time_limits: tuple[Statement, ...]
    questions: tuple[str, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProgrammeBook:
    """All programmes, the day on which they were compiled and the caution that goes with all of them."""

    compiled: date
    note: str
    programmes: tuple[Programme, ...]


@dataclass(frozen=True, slots=True)
class Rarity:
    """How seldom rewards were paid, for whoever hopes for one; amounts in US dollars."""

    rewards: int
    total_usd: int
    first_fiscal_year: int
    last_fiscal_year: int
    agencies: tuple[str, ...]
    source: str


RARITY: Final = Rarity(
    rewards=27,
    total_usd=205_500,
    first_fiscal_year=2007,
    last_fiscal_year=2017,
    agencies=("US Fish and Wildlife Service", "NOAA"),
    source="GAO-18-279; https://gao.gov/blog/2018/05/23/combating-wildlife-trafficking-through-rewards",
)
"""Both agencies together: 25 rewards of 184,500 and 2 of 21,000 US dollars."""


def known(statements: Iterable[Statement]) -> tuple[str, ...]:
    """Return the texts that may be shown as fact."""
    return tuple(statement.text for statement in statements if statement.verified)


def unverified(statements: Iterable[Statement]) -> tuple[str, ...]:
    """Return the texts that must be left out, or shown with a flag that says they were not verified."""
    return tuple(statement.text for statement in statements if not statement.verified)


def facts_missing(programme: Programme, fields: Mapping[str, str]) -> tuple[str, ...]:
    """Return which of the programme's questions the case does not answer yet, in the programme's order.

    Any answer but an empty one or `unsure` counts as an answer, whatever it says: nothing is judged here.

    Args:
        programme: the programme.
        fields: the answers of the tip (`wire.tipform`) and the facts recorded in the case, by question.
    """
    return tuple(
        question for question in programme.questions if fields.get(question, "").strip().casefold() in _OPEN_ANSWERS
    )


def programme_book() -> ProgrammeBook:
    """Return the programmes that ship with Lapwing."""
    return parse_programmes(resources.files("reviewer").joinpath("data", "reward_programmes.json").read_bytes())


def programmes() -> tuple[Programme, ...]:
    """Return the programmes that ship with Lapwing, without date and note."""
    return programme_book().programmes


def parse_programmes(untrusted: bytes, limits: ProgrammeLimits = LIMITS) -> ProgrammeBook:
    """Parse a file of programmes: the one that ships, or an operator's corrected one.

    Raises:
        ProgrammeError: the file is too large, not strict JSON, a programme is incomplete, listed twice, without source,
            asks a question that no case knows, or states as fact what its own words call unverified. It names the
            programme by its position and the field, and never repeats what stands there.
    """
    try:
        return _book(parse_object(untrusted, limits.file_bytes, "reward programmes", DataFileError), limits)
    except DataFileError as error:
        raise ProgrammeError(str(error)) from None


def _book(fields: Fields, limits: ProgrammeLimits) -> ProgrammeBook:
    compiled, note = _day(fields), fields.text("note", limits.text_bytes, 1)
    entries = fields.array("programmes", limits.programmes, 1)
    fields.end()
    found: dict[str, Programme] = {}
    for number, value in enumerate(entries, 1):
        if not isinstance(value, dict):
            raise DataFileError(f"programme {number}: not an object")
        entry = Fields(value, f"programme {number}", DataFileError)
        programme = _programme(entry, limits)
        if programme.key in found:
            entry.refuse("id", "is taken by an earlier programme")
        found[programme.key] = programme
    return ProgrammeBook(compiled, note, tuple(found.values()))


def _programme(entry: Fields, limits: ProgrammeLimits) -> Programme:
    verified, jurisdiction = entry.boolean("verified"), _jurisdiction(entry)
    award, anonymity = entry.object("award"), entry.object("anonymity")

    def statements(fields: Fields, name: str) -> tuple[Statement, ...]:
        return tuple(
            _statement(fields, name, value, limits, trusted=verified) for value in fields.array(name, limits.statements)
        )

    programme = Programme(
        key=entry.text("id", 64, 1),
        name=entry.text("name", limits.text_bytes, 1),
        jurisdiction=jurisdiction,
        citation=entry.text("citation", limits.text_bytes, 1),
        wildlife_specific=entry.boolean("wildlife_specific"),
        verified=verified,
        authority=statements(entry, "authority"),
        threshold=statements(entry, "threshold"),
        amount=cast("Amount", award.choice("amount", AMOUNTS)),
        award=statements(award, "text"),
        triggers=statements(entry, "triggers"),
        eligible=statements(entry, "eligible"),
        disqualifiers=statements(entry, "disqualifiers"),
        filing=statements(entry, "filing"),
        anonymity=cast("AnonymityRule", anonymity.choice("rule", ANONYMITY_RULES)),
        anonymity_text=statements(anonymity, "text"),
        time_limits=statements(entry, "time_limits"),
        questions=(_ASKED_BY_ALL, f"link_{jurisdiction.lower()}", *_questions(entry)),
        sources=entry.texts("sources", limits.sources, limits.text_bytes, 1),
    )
    for fields in (award, anonymity, entry):
        fields.end()
    return programme


def _statement(fields: Fields, name: str, value: object, limits: ProgrammeLimits, *, trusted: bool) -> Statement:
    verified = isinstance(value, str)
    text = value.get("unverified") if isinstance(value, dict) and len(value) == 1 else value
    if not isinstance(text, str) or not 0 < len(text.encode(errors="replace")) <= limits.text_bytes:
        fields.refuse(name, "holds something that is neither a text nor {unverified: text}")
    if verified and any(word in text.casefold() for word in _WORDS_OF_DOUBT):
        fields.refuse(name, "states as fact what its own words call unverified; write {unverified: text}")
    return Statement(text, verified and trusted)


def _questions(entry: Fields) -> tuple[str, ...]:
    questions = entry.texts("questions", len(QUESTIONS), 64)
    if len(set(questions)) != len(questions) or not set(questions) <= set(QUESTIONS) - {_ASKED_BY_ALL}:
        entry.refuse("questions", "holds one twice, or one that no case can answer")
    return questions


def _jurisdiction(entry: Fields) -> str:
    code = entry.text("jurisdiction", 2, 2)
    if not (code.isascii() and code.isalpha() and code.isupper()):
        entry.refuse("jurisdiction", "is not two capital letters")
    return code


def _day(fields: Fields) -> date:
    text = fields.text("compiled", 10, 10)
    try:
        return date.fromisoformat(text)
    except ValueError:
        fields.refuse("compiled", "is not a day written as 2026-11-24")
