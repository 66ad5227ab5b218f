"""Questions to a source, their answers, and an agency's challenge.

A question goes out as a reply like every other; what comes back becomes a fact only when a reviewer takes it as the
answer.
"""

from dataclasses import dataclass
from datetime import date

from reviewer.acts import talk
from reviewer.acts.claims import claims_of
from reviewer.acts.desk_work import Hand, Look
from reviewer.acts.drafting import letters_of
from reviewer.acts.rewards import state_fact
from reviewer.case import Case
from reviewer.errors import ActError, FactError
from reviewer.prepared_replies import challenge_words
from reviewer.rewards.programme import Programme
from reviewer.rewards.questions import find_question
from reviewer.source_words import LANGUAGES, in_languages, question_for_source
from reviewer.store import replies
from wire.claim import SignedChallenge, open_challenge
from wire.content import Replied
from wire.content_rewards import FactStated


@dataclass(frozen=True)
class Asked:
    """A question that the source was asked; of several times, the last.

    Attributes:
        question: its name.
        on: the day on which the reply left, or was written while it waits.
        seen: number of the last letter seen then.
        waits: whether the reply has not left yet; other apps do not know of it then.
        answered: whether a reviewer took an answer of the source since.
    """

    question: str
    on: date
    seen: int
    waits: bool = False
    answered: bool = False

    def may_answer(self, number: int) -> bool:
        """Tell whether a letter of this number can be the answer."""
        return not self.waits and not self.answered and number > self.seen


def asked_of(look: Look, case: Case) -> dict[str, Asked]:
    """Return what the source of a case was asked, by question: as the log has it, then what waits here.

    What another app asked and no source can know here is no question to them.
    """
    asked: dict[str, Asked] = {}
    for entry in case.entries:
        said = entry.content
        if isinstance(said, Replied) and _is_for_source(said.asks):
            asked[said.asks] = Asked(said.asks, said.on, said.seen)
        elif isinstance(said, FactStated) and said.said_by == "source" and said.name in asked:
            before = asked[said.name]
            asked[said.name] = Asked(said.name, before.on, before.seen, answered=True)
    for one in replies.waiting(look.connection):
        if one.case_id == case.id and one.signed is None and _is_for_source(one.asks):
            asked[one.asks] = Asked(one.asks, one.on, one.seen, waits=True)
    return asked


def _is_for_source(name: str) -> bool:
    try:
        return find_question(name).asked == "source"
    except FactError:
        return False


def source_languages(look: Look, case: Case) -> tuple[str, ...]:
    """Return the languages in which to write to a source: that of their last letter, or all where we lack it."""
    written = letters_of(look, case.id)
    language = written[-1].language if written else ""
    return (language,) if language in LANGUAGES else LANGUAGES


def ask(hand: Hand, case_id: bytes, name: str, programmes: tuple[Programme, ...]) -> None:
    """Ask the source a question, as a reply that waits like every other.

    Raises:
        ActError: it is none that a source can know, it waits already, or there is no source.
        FactError: there is no such question.
    """
    question = find_question(name)
    with hand.look() as look:
        case = look.case(case_id)
        before = asked_of(look, case).get(name)
        if before is not None and before.waits:
            raise ActError("this question waits already; it leaves with one of the next letters")
        words = in_languages(
            source_languages(look, case), lambda language: question_for_source(question, programmes, language)
        )
    talk.reply(hand, case_id, words, asks=name)


def take_answer(hand: Hand, case_id: bytes, name: str, value: str) -> None:
    """Take what a source wrote as the answer to a question that they were asked: a fact that the source said.

    Raises:
        ActError: they were not asked, or no letter came since.
        FactError: it is no answer to the question.
    """
    with hand.look() as look:
        case = look.case(case_id)
        before = asked_of(look, case).get(name)
        last = max((letter.number for letter in letters_of(look, case.id)), default=0)
        if before is None or not before.may_answer(last):
            raise ActError("no letter came since the source was asked this, or its answer was taken already")
    state_fact(hand, case_id, name, value, "source")


@dataclass(frozen=True)
class Passing:
    """An agency's challenge on its way to the source.

    Attributes:
        signed: the challenge; its signature holds, and its last day is not over.
        listed: whether its office is on the organisation's list, with these keys.
        released: whether reviewers released this claim: how else would an agency know of it?
        words: what the source will read, the challenge itself in the last line.
    """

    signed: SignedChallenge
    listed: bool
    released: bool
    words: str

    @property
    def doubtful(self) -> bool:
        """Whether somebody must say twice that it shall go."""
        return not (self.listed and self.released)


def read_challenge(look: Look, case: Case, untrusted: bytes) -> Passing:
    """Check an agency's challenge for the source of a case.

    Raises:
        ClaimError: it is no challenge, was changed on the way, or is over.
        ActError: it is about another tip.
    """
    signed = open_challenge(untrusted, look.desk.today())
    asked = signed.challenge
    claim = next((claim for claim in claims_of(look, case) if claim.commitment == asked.commitment), None)
    if claim is None:
        raise ActError("the challenge is about another tip: no letter of this case carries its commitment")
    agency = (asked.office.name, asked.office.digest)
    listed = any(known.confirmed and (known.office.name, known.office.digest) == agency for known in look.log.offices)
    words = challenge_words(signed, source_languages(look, case), listed=listed)
    return Passing(signed, listed, claim.released, words)


def pass_challenge(hand: Hand, case_id: bytes, untrusted: bytes, *, sure: bool) -> None:
    """Send an agency's challenge to the source, as a reply.

    Args:
        hand: who passes it on.
        case_id: 16 bytes.
        untrusted: the challenge's file.
        sure: whether they said twice that it shall go.

    Raises:
        ClaimError: it is no challenge, was changed on the way, or is over.
        ActError: it is about another tip, there is doubt about it and nobody is sure, or it is too long.
    """
    with hand.look() as look:
        passing = read_challenge(look, look.case(case_id), untrusted)
    if passing.doubtful and not sure:
        raise ActError("there is doubt about this challenge; say that it shall go all the same, or ask the agency")
    talk.reply(hand, case_id, passing.words)
