"""Rules on who the source is, what they know, and what they must do themselves (pure)."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import ClassVar, Final

from reviewer.rewards.facts import CaseFacts
from reviewer.rewards.questions import ALONE, UNSURE
from reviewer.rewards.rule import Basis, Finding, Rule
from reviewer.rewards.table import Table

OFFICERS_OF: Final = ("own", "any", "none")


@dataclass(frozen=True)
class YesOrNo(Rule):
    """A rule that one answer to one question fulfils and the other breaks."""

    question: ClassVar[str] = ""
    wanted: ClassVar[str] = "yes"

    @cached_property
    def questions(self) -> tuple[str, ...]:
        """The one question, about the rule's country or law where it names one."""
        return (self.question.format(country=self.basis.country, law=self.basis.law),)

    def find(self, facts: CaseFacts, today: date) -> Finding:
        """Compare the answer with the one that is wanted."""
        del today
        (question,) = self.questions
        fact = facts.now(question)
        if fact is None:
            return self.unknown(question)
        return self.holds() if fact.answer.text == self.wanted else self.broken()


class Voluntary(YesOrNo):
    """The information was given before anybody asked for it."""

    kind = "voluntary"
    question = "voluntary"


class OwnKnowledge(YesOrNo):
    """Original information: from the source's own knowledge or analysis."""

    kind = "own_knowledge"
    question = "own_knowledge"


class Named(YesOrNo):
    """The authority must learn the source's name."""

    kind = "named"
    question = "ready_to_be_named"


class Truthful(YesOrNo):
    """A knowingly false statement shuts out; nobody is asked whether they lied."""

    kind = "truthful"
    question = "false_statement"
    wanted = "no"

    def find(self, facts: CaseFacts, today: date) -> Finding:
        """Hold until somebody found a false statement."""
        del today
        fact = facts.now(self.question)
        return self.holds() if fact is None or fact.answer.text == self.wanted else self.broken()


@dataclass(frozen=True)
class Officer(Rule):
    """Public officers are shut out.

    Attributes:
        of: `own`, of the programme's own country; `any`, of whatever government; `none`, where the text shuts none out.
        in_duty: only where they learnt it or tell it in the course of duty.
        national: only those of the nation, not of a State, province or commune.
    """

    kind = "officer"
    of: str
    in_duty: bool
    national: bool

    @classmethod
    def read(cls, basis: Basis, table: Table) -> "Officer":
        """Read `of`, `in_duty` and `national`."""
        return cls(
            basis, table.choice("of", OFFICERS_OF), table.boolean("in_duty", otherwise=True), table.boolean("national")
        )

    @cached_property
    def questions(self) -> tuple[str, ...]:
        """Whether in office, of which country, at which level."""
        if self.of == "none":
            return ()
        asked = ("public_official", "official_of", "official_level")
        return asked[:1] if self.of == "any" else asked if self.national else asked[:2]

    @property
    def can_shut(self) -> bool:
        """Not where the text shuts no officer out."""
        return self.of != "none"

    def find(self, facts: CaseFacts, today: date) -> Finding:
        """Ask for the office, then for its country, then for its level, as far as each can still matter."""
        del today
        if self.of == "none":
            return self.holds()
        official = facts.now("public_official")
        if official is None:
            return self.unknown("public_official")
        if official.answer.text == "no" or (self.in_duty and official.answer.text == "off_duty"):
            return self.holds()
        return self.broken() if self.of == "any" else self._of_own(facts)

    def _of_own(self, facts: CaseFacts) -> Finding:
        country, level = facts.now("official_of"), facts.now("official_level")
        if country is not None and country.answer.text.lower() != self.basis.country:
            return self.holds()
        if self.national and level is not None and level.answer.text == "local":
            return self.holds()
        if country is None:
            return self.unknown("official_of")
        return self.unknown("official_level") if self.national and level is None else self.broken()


@dataclass(frozen=True)
class Listed(Rule):
    """A rule that some answers to one question break, and others leave whole but make an award less.

    Attributes:
        shuts: answers that shut out.
        reduces: answers that make an award less.
    """

    question: ClassVar[str] = ""
    shuts: tuple[str, ...]
    reduces: tuple[str, ...]

    @classmethod
    def read(cls, basis: Basis, table: Table) -> "Listed":
        """Read `shuts` and `reduces`, one of which must name something."""
        options = tuple(option for option in ALONE[cls.question].options if option not in {UNSURE, "no", "none"})
        reduces = table.names("reduces", options)
        return cls(basis, table.names("shuts", options, least=0 if reduces else 1), reduces)

    @cached_property
    def questions(self) -> tuple[str, ...]:
        """The one question."""
        return (self.question,)

    @property
    def can_shut(self) -> bool:
        """Whether any answer shuts out."""
        return bool(self.shuts)

    def find(self, facts: CaseFacts, today: date) -> Finding:
        """Look the answer up in the two lists."""
        del today
        fact = facts.now(self.question)
        if fact is None:
            return self.unknown(self.question)
        if fact.answer.text in self.shuts:
            return self.broken()
        return self.holds(reduced=fact.answer.text in self.reduces)


class Complicity(Listed):
    """The source's own part in the offence, up to a conviction for it."""

    kind = "complicity"
    question = "own_part"


class Role(Listed):
    """Auditors, compliance and legal staff of the firm."""

    kind = "role"
    question = "own_role"


class Member(Listed):
    """Members and staff of regulators, prosecution and police, of whatever place."""

    kind = "member"
    question = "enforcement_member"


class AlreadyPublic(Listed):
    """What news, hearings or reports have told already."""

    kind = "already_public"
    question = "already_public"


class PublicDisclosureBar(AlreadyPublic):
    """What was disclosed already shuts out, unless the source knows it first hand; then an award is less."""

    kind = "public_disclosure_bar"

    @cached_property
    def questions(self) -> tuple[str, ...]:
        """Whether it is public, and whether the source knows it first hand."""
        return ("already_public", "own_knowledge")

    def find(self, facts: CaseFacts, today: date) -> Finding:
        """Look the answer up, then ask for the source's own knowledge where it can save them."""
        found = Listed.find(self, facts, today)
        if found.state != "broken":
            return found
        own = facts.now("own_knowledge")
        if own is None:
            return self.unknown("own_knowledge")
        return self.holds(reduced=True) if own.answer.text == "yes" else found


@dataclass(frozen=True)
class Filing(Rule):
    """The source, or counsel for them, must file a form; what others pass on does not count.

    Attributes:
        form: its name, one of the programme's forms.
    """

    kind = "filing"
    form: str

    @classmethod
    def read(cls, basis: Basis, table: Table) -> "Filing":
        """Read `form`."""
        return cls(basis, table.line("form", 200))

    @cached_property
    def questions(self) -> tuple[str, ...]:
        """Whether it was filed."""
        return (f"filed_{self.basis.law}",)

    def find(self, facts: CaseFacts, today: date) -> Finding:
        """Hold when filed, break when the source will not, and wait while it can still be done."""
        del today
        (question,) = self.questions
        fact = facts.now(question)
        if fact is None:
            return self.unknown(question)
        if fact.answer.text == "not_yet":
            return self.unknown(question, pending=True)
        return self.holds() if fact.answer.text == "yes" else self.broken()


class Counsel(Rule):
    """Who stays anonymous must do so through a lawyer."""

    kind = "counsel"

    @cached_property
    def questions(self) -> tuple[str, ...]:
        """Whether there is a lawyer, and whether a name may be given."""
        return ("counsel", "ready_to_be_named")

    def find(self, facts: CaseFacts, today: date) -> Finding:
        """Hold with a lawyer or with a name; break where the source wants neither."""
        del today
        counsel, named = facts.now("counsel"), facts.now("ready_to_be_named")
        if (counsel is not None and counsel.answer.text == "yes") or (named is not None and named.answer.text == "yes"):
            return self.holds()
        if counsel is None:
            return self.unknown("counsel")
        if counsel.answer.text == "not_yet":
            return self.unknown("counsel", pending=True)
        return self.unknown("ready_to_be_named") if named is None else self.broken()
