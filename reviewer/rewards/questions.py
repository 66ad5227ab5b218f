"""What the rules of reward programmes ask of a case, and how an answer is written (pure).

A question is one word for all programmes (`public_official`), or belongs to a family and names what it is about:
`link_us` a country, `penalty_us-lacey` a law. Who can know the answer stands with it: what the source knows of
themselves, what reviewers find out, what an office reports of its own proceedings.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Final, Literal

from reviewer.errors import FactError
from wire.fields import is_one_line

Kind = Literal["yes_no", "choice", "amount", "day", "country", "line"]
Asked = Literal["source", "reviewer", "office"]

UNSURE: Final = "unsure"
"""An answer like any other, after which the question is open."""

MOST_BYTES: Final = 400
"""Bytes of an answer, as a case event carries it."""

_YES_NO: Final = ("yes", "no", UNSURE)
_YET: Final = ("yes", "not_yet", "will_not", UNSURE)
_ABOUT: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_AMOUNT: Final = re.compile(r"([0-9]{1,15})(\.[0-9]{1,2})? ?([A-Z]{3})")
_COUNTRY: Final = re.compile(r"[A-Z]{2}")


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a case.

    Attributes:
        name: as facts in the case log carry it.
        kind: how it is answered.
        asked: who can know.
        options: what `yes_no` and `choice` accept; empty for every other kind.
        family: of which it is one (`penalty`); the name itself where it is the only one.
        about: the country or law that it names; empty where it is the only one.
    """

    name: str
    kind: Kind
    asked: Asked
    options: tuple[str, ...] = ()
    family: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in one currency; nothing is ever converted."""

    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer in its one form.

    Attributes:
        text: as the case log carries it: an option, `1500000 USD`, `2026-11-24`, `US`, or a line of words.
        money: what an amount comes to, else None.
        day: what a day is, else None.
    """

    text: str
    money: Money | None = None
    day: date | None = None

    @property
    def open(self) -> bool:
        """Whether it leaves the question open."""
        return self.text == UNSURE


def _alone(name: str, kind: Kind, asked: Asked, *options: str) -> Question:
    return Question(name, kind, asked, options or (_YES_NO if kind == "yes_no" else ()), name)


ALONE: Final[Mapping[str, Question]] = MappingProxyType(
    {
        question.name: question
        for question in (
            _alone("reward_wish", "choice", "source", *_YES_NO),
            _alone("willing_to_testify", "choice", "source", *_YES_NO),
            _alone("public_official", "choice", "source", "no", "in_duty", "off_duty", UNSURE),
            _alone("official_of", "country", "source"),
            _alone("official_level", "choice", "source", "national", "local", UNSURE),
            _alone("enforcement_member", "choice", "source", "no", "in_duty", "off_duty", UNSURE),
            _alone("own_role", "choice", "source", "none", "auditor", "compliance", "legal", UNSURE),
            _alone("own_part", "choice", "source", "none", "took_part", "profited", "planned", "convicted", UNSURE),
            _alone("own_knowledge", "yes_no", "source"),
            _alone("already_public", "choice", "reviewer", "no", "partly", "mainly", "solely", "by_source", UNSURE),
            _alone("voluntary", "yes_no", "source"),
            _alone("false_statement", "yes_no", "reviewer"),
            _alone("ready_to_be_named", "yes_no", "source"),
            _alone("counsel", "choice", "source", *_YET),
            _alone("internal_report", "yes_no", "source"),
            _alone("internal_report_on", "day", "source"),
            _alone("transnational", "yes_no", "reviewer"),
            _alone("government_suit", "yes_no", "reviewer"),
            _alone("related_suit", "yes_no", "reviewer"),
            _alone("related_suit_on", "day", "reviewer"),
            _alone("own_suit_on", "day", "source"),
            _alone("taxpayer_is_a_person", "yes_no", "reviewer"),
        )
    }
)
"""The questions that are the same for every programme."""

FAMILIES: Final[Mapping[str, tuple[Kind, Asked, tuple[str, ...]]]] = MappingProxyType(
    {
        "link": ("yes_no", "reviewer", _YES_NO),  # by country: does anything tie the case to it
        "proceedings": ("choice", "office", ("none", "under_way", "over", UNSURE)),  # by country
        "broken": ("yes_no", "reviewer", _YES_NO),  # by law, as are all that follow
        "filed": ("choice", "source", _YET),  # by the source themselves or counsel for them
        "reported_on": ("day", "source", ()),  # when the source first told that authority
        "known": ("yes_no", "reviewer", _YES_NO),  # whether the authority had it from elsewhere
        "known_on": ("day", "reviewer", ()),
        "in_force": ("yes_no", "reviewer", _YES_NO),
        "violated_on": ("day", "reviewer", ()),
        "disputed": ("amount", "reviewer", ()),
        "income": ("amount", "reviewer", ()),
        "arrest": ("yes_no", "office", _YES_NO),
        "conviction": ("yes_no", "office", _YES_NO),
        "penalty": ("yes_no", "office", _YES_NO),
        "forfeiture": ("yes_no", "office", _YES_NO),
        "recovery": ("yes_no", "office", _YES_NO),
        "judgment": ("yes_no", "office", _YES_NO),
        "action": ("yes_no", "office", _YES_NO),
        "dismantling": ("yes_no", "office", _YES_NO),
        "leader": ("yes_no", "office", _YES_NO),
        "finances": ("yes_no", "office", _YES_NO),
        "offer": ("yes_no", "office", _YES_NO),
        "collected": ("amount", "office", ()),
        "sanctions": ("amount", "office", ()),
        "refused": ("yes_no", "reviewer", _YES_NO),
        "determined_on": ("day", "reviewer", ()),
        "appealed_on": ("day", "source", ()),
    }
)
"""The questions that are asked for each country or each law: how they are answered and who can know."""


def find_question(name: str) -> Question:
    """Return a question by its name.

    Raises:
        FactError: there is no such question.
    """
    alone = ALONE.get(name)
    if alone is not None:
        return alone
    family, _, about = name.rpartition("_")
    if family not in FAMILIES or not _ABOUT.fullmatch(about) or len(name) > 64:
        raise FactError("no rule asks such a question; choose from the list")
    kind, asked, options = FAMILIES[family]
    return Question(name, kind, asked, options, family, about)


def who_knows(name: str) -> Asked:
    """Return who can answer a question that exists."""
    alone = ALONE.get(name)
    return FAMILIES[name.rpartition("_")[0]][1] if alone is None else alone.asked


def parse_answer(question: Question, untrusted: str) -> Answer:
    """Parse what somebody wrote as the answer to a question.

    Raises:
        FactError: it is not how this question is answered. The message says how, and never repeats what was written.
    """
    text = untrusted.strip()
    if not text or len(text.encode(errors="replace")) > MOST_BYTES or not is_one_line(text):
        raise FactError("write the answer in one line of at most 400 bytes")
    if text == UNSURE or text in question.options:
        return Answer(text)
    if question.options:
        raise FactError("choose one of the answers that the question offers")
    match question.kind:
        case "amount":
            return _amount(text)
        case "day":
            return _day(text)
        case "country":
            if not _COUNTRY.fullmatch(text):
                raise FactError("write the country as two capital letters, such as US or KE")
    return Answer(text)


def _amount(text: str) -> Answer:
    found = _AMOUNT.fullmatch(text)
    if found is None:
        raise FactError("write the amount in digits with its currency, like this: 1500000 USD")
    whole, cents, currency = found.group(1), found.group(2) or "", found.group(3)
    money = Money(Decimal(whole + cents), currency)
    return Answer(f"{int(whole)}{cents} {currency}", money=money)


def _day(text: str) -> Answer:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise FactError("write the day like this: 2026-11-24") from None
    return Answer(day.isoformat(), day=day)
