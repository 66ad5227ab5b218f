"""Questions to a source, answers taken, challenges passed on, and forwarding only with a decision."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from nacl.signing import SigningKey

from crypto.claim import claim_salt
from crypto.hybrid import HybridIdentity
from reviewer.acts import asking, cases, deciding, dossiers, rewards
from reviewer.acts.asking import Asked
from reviewer.acts.claims import propose_claim_release
from reviewer.acts.deciding import Decision
from reviewer.acts.drafting import Choice, make_draft
from reviewer.acts.knowing import known_facts
from reviewer.case import Case
from reviewer.errors import ActError
from reviewer.rewards.library import shipped
from tests.reviewer.acts.test_dossiers import OFFICE, OFFICE_KEY
from tests.reviewer.office_hours import INSTANCE, OfficeHours
from tests.reviewer.source import STORY, Source
from wire.claim import Challenge, Commitment, open_challenge, sign_challenge
from wire.content_asking import Decided
from wire.draft import Draft
from wire.errors import ChallengeExpiredError, ClaimError
from wire.office import Office

PROGRAMMES = shipped()
FILED = "filed_us-sec"
TIP = bytes(range(16))
DIGEST = bytes(range(100, 132))
COMMITMENT = Commitment(DIGEST, claim_salt(INSTANCE, TIP), known_to_intake=True)
TOLD, ANYWAY = Decision("told"), Decision("anyway", " the shipment\nleaves today ")


@pytest.fixture
def source(office: OfficeHours) -> Source:
    """A source who wishes a reward and left a claim, and an office that two reviewers agreed on."""
    office.open()
    source = Source(office)
    source.send(fields={"reward_wish": "yes"}, tip=TIP, claim=DIGEST)
    office.agree_on(OFFICE)
    return source


def asked(office: OfficeHours, one: str, case_id: bytes) -> dict[str, Asked]:
    """What a source was asked, as one app has it."""
    with office.hand(one).look() as look:
        return asking.asked_of(look, office.case(one, case_id))


def test_a_question_is_a_reply_that_every_app_remembers(office: OfficeHours, source: Source) -> None:
    """It waits like every reply; once it left, all apps know that and when it was asked, and the source reads it."""
    asking.ask(office.hand("r1"), source.case_id, FILED, PROGRAMMES)
    assert asked(office, "r1", source.case_id)[FILED].waits
    assert not asked(office, "r2", source.case_id)
    office.letters_leave()
    office.rounds(times=2)
    for one in office.ids:
        assert asked(office, one, source.case_id) == {FILED: Asked(FILED, office.now, 1)}
    (reply,) = source.mailbox().replies
    assert "Form TCR" in reply.text
    assert "libre de ne pas répondre" in reply.text
    assert "You are free" not in reply.text
    assert STORY not in reply.text


def test_a_question_waits_once(office: OfficeHours, source: Source) -> None:
    """Pressed twice it goes once; when it has left it can be asked again, and the last time counts."""
    asking.ask(office.hand("r1"), source.case_id, FILED, PROGRAMMES)
    with pytest.raises(ActError, match="waits already"):
        asking.ask(office.hand("r1"), source.case_id, FILED, PROGRAMMES)
    office.letters_leave()
    office.rounds(times=2)
    first = asked(office, "r2", source.case_id)[FILED].on
    office.later(days=1)
    asking.ask(office.hand("r2"), source.case_id, FILED, PROGRAMMES)
    office.letters_leave()
    office.rounds(times=2)
    assert asked(office, "r1", source.case_id)[FILED].on > first
    assert len(source.mailbox().replies) == 2


def test_only_what_a_source_can_know_is_asked_and_only_where_there_is_one(office: OfficeHours, source: Source) -> None:
    """Reviewers' and offices' questions are refused, and a case without a source has nobody to ask."""
    with pytest.raises(ActError, match="only what the source can know"):
        asking.ask(office.hand("r1"), source.case_id, "transnational", PROGRAMMES)
    own = cases.open_case(office.hand("r1"), "Orchids", [], "")
    with pytest.raises(ActError, match="nobody to answer"):
        asking.ask(office.hand("r1"), own, FILED, PROGRAMMES)


def test_an_answer_becomes_a_fact_only_when_it_is_taken(office: OfficeHours, source: Source) -> None:
    """No letter, no answer; a letter alone states nothing; what a reviewer takes is what the source said, once."""
    asking.ask(office.hand("r1"), source.case_id, FILED, PROGRAMMES)
    office.letters_leave()
    office.rounds(times=2)
    with pytest.raises(ActError, match="no letter came since"):
        asking.take_answer(office.hand("r1"), source.case_id, FILED, "yes")
    source.send("yes, I filed it")
    office.rounds(times=2)
    assert not office.case("r2", source.case_id).facts
    with pytest.raises(ActError, match="no letter came since the source was asked"):
        asking.take_answer(office.hand("r2"), source.case_id, "counsel", "yes")
    asking.take_answer(office.hand("r2"), source.case_id, FILED, "yes")
    office.rounds(times=2)
    (fact,) = office.case("r1", source.case_id).facts
    assert (fact.content.name, fact.content.value, fact.content.said_by) == (FILED, "yes", "source")
    with pytest.raises(ActError, match="taken already"):
        asking.take_answer(office.hand("r1"), source.case_id, FILED, "no")


def challenge(office: Office = OFFICE, key: SigningKey = OFFICE_KEY, commitment: Commitment = COMMITMENT) -> bytes:
    """An agency's challenge as a file."""
    asked = Challenge(office, commitment, "Lacey Act", "2026/17", date(2027, 1, 31), bytes(16))
    return sign_challenge(asked, key).encode() + b"\n"


def release(office: OfficeHours, case_id: bytes) -> None:
    """Let the claim leave, by two."""
    proposal = propose_claim_release(office.hand("r1"), case_id, DIGEST, "the office asks")
    office.rounds(times=2)
    dossiers.confirm(office.hand("r2"), case_id, proposal)
    office.rounds(times=2)


def test_a_challenge_arrives_as_its_agency_signed_it(office: OfficeHours, source: Source) -> None:
    """The last line of the reply is the challenge, whole; before it stand plain words, and not what to compare."""
    release(office, source.case_id)
    asking.pass_challenge(office.hand("r1"), source.case_id, challenge(), sure=False)
    office.letters_leave()
    (reply,) = source.mailbox().replies
    opened = open_challenge(reply.text.splitlines()[-1].encode(), office.now)
    assert opened.challenge.commitment == COMMITMENT
    assert OFFICE.name in reply.text
    # Digits of the key in the message that brings the challenge would agree whoever made both.
    assert OFFICE.digest.hex()[:8] not in reply.text
    assert "un autre examinateur" in reply.text
    assert "pas sur notre liste" not in reply.text


def test_a_challenge_for_another_tip_or_that_is_over_is_not_passed_on(office: OfficeHours, source: Source) -> None:
    """Neither another commitment, nor a mark that the letter does not have, nor a late or damaged one."""
    for other in (replace(COMMITMENT, digest=bytes(32)), replace(COMMITMENT, known_to_intake=False)):
        with pytest.raises(ActError, match="another tip"):
            asking.pass_challenge(office.hand("r1"), source.case_id, challenge(commitment=other), sure=True)
    with pytest.raises(ClaimError):
        asking.pass_challenge(office.hand("r1"), source.case_id, challenge()[:-30], sure=True)
    office.now = date(2027, 2, 1)
    with pytest.raises(ChallengeExpiredError):
        asking.pass_challenge(office.hand("r1"), source.case_id, challenge(), sure=True)


@pytest.mark.parametrize("stranger", ["of_another", "named_alike", "not_released"])
def test_a_doubtful_challenge_needs_a_second_word(office: OfficeHours, source: Source, stranger: str) -> None:
    """An agency that is not on the list, one with a listed name, and a claim that nobody released."""
    key = SigningKey.generate()
    name = OFFICE.name if stranger == "named_alike" else "Nobody knows"
    unlisted = Office(name, HybridIdentity.generate().recipient, bytes(key.verify_key))
    if stranger != "not_released":
        release(office, source.case_id)
    given = challenge() if stranger == "not_released" else challenge(unlisted, key)
    with pytest.raises(ActError, match="doubt"):
        asking.pass_challenge(office.hand("r1"), source.case_id, given, sure=False)
    asking.pass_challenge(office.hand("r1"), source.case_id, given, sure=True)
    office.letters_leave()
    (reply,) = source.mailbox().replies
    assert ("pas sur notre liste" in reply.text) == (stranger != "not_released")


def draft_of(office: OfficeHours, case_id: bytes) -> Draft:
    """A dossier of the case."""
    choice = Choice("Scales", "investigation", "en", OFFICE.digest, "", [], "", [], None)
    with office.hand("r1").work() as work:
        return make_draft(work, case_id, choice)


def decisions(case: Case) -> list[Decided]:
    """What was decided in a case."""
    return [entry.content for entry in case.entries if isinstance(entry.content, Decided)]


@pytest.mark.parametrize("missing", [Decision(), Decision("maybe"), Decision("anyway", "  ")])
def test_nothing_is_forwarded_over_open_warnings_without_a_decision(
    office: OfficeHours, source: Source, missing: Decision
) -> None:
    """No choice, an unknown one and one without its reason leave no proposal behind."""
    with pytest.raises(ActError, match=r"cost the source an award|say why"):
        dossiers.propose(office.hand("r1"), source.case_id, draft_of(office, source.case_id), PROGRAMMES, missing)
    case = office.case("r1", source.case_id)
    assert (case.proposals, decisions(case)) == ((), [])


@pytest.mark.parametrize(
    ("decision", "told", "reason"), [(TOLD, True, ""), (ANYWAY, False, "the shipment leaves today")]
)
def test_the_decision_reaches_who_approves(
    office: OfficeHours, source: Source, decision: Decision, told: bool, reason: str
) -> None:
    """It names what was open, stands before the proposal, belongs to that proposal, and covers what is open there."""
    draft = draft_of(office, source.case_id)
    proposal = dossiers.propose(office.hand("r1"), source.case_id, draft, PROGRAMMES, decision)
    office.rounds(times=2)
    case = office.case("r2", source.case_id)
    known = dossiers.find_proposal(case, proposal)
    found = deciding.decision_on(case, known)
    assert found is not None
    assert (found.content.told, found.content.reason, found.content.purpose) == (told, reason, "forward")
    assert "us-sec/file" in found.content.warnings
    with office.hand("r2").look() as look:
        warnings = deciding.open_warnings(look, case, PROGRAMMES, "forward")
    assert not deciding.undecided(warnings, found)
    assert deciding.undecided(warnings, None) == warnings


def test_a_warning_that_came_later_is_not_covered(office: OfficeHours, source: Source) -> None:
    """Who approves sees what the proposer could not decide on."""
    draft = draft_of(office, source.case_id)
    proposal = dossiers.propose(office.hand("r1"), source.case_id, draft, PROGRAMMES, TOLD)
    office.rounds(times=2)
    since = (office.now - timedelta(days=100)).isoformat()
    for name, value in (("internal_report", "yes"), ("internal_report_on", since)):
        rewards.state_fact(office.hand("r2"), source.case_id, name, value, "source")
    case = office.case("r2", source.case_id)
    with office.hand("r2").look() as look:
        warnings = deciding.open_warnings(look, case, PROGRAMMES, "forward")
    (late, *_) = deciding.undecided(warnings, deciding.decision_on(case, dossiers.find_proposal(case, proposal)))
    assert (late.name, late.due) == ("us-doj-cwap/deadline", office.now + timedelta(days=20))


def test_without_warnings_nothing_is_asked_and_nothing_written(office: OfficeHours, source: Source) -> None:
    """A source who wrote that they wish no reward any more, and a case of a reviewer's own, are forwarded as ever."""
    source.send(fields={"reward_wish": "no"})
    office.rounds(times=2)
    own = cases.open_case(office.hand("r1"), "Orchids", [], "")
    for case_id in (source.case_id, own):
        dossiers.propose(office.hand("r1"), case_id, draft_of(office, case_id), PROGRAMMES, TOLD)
        assert not decisions(office.case("r1", case_id))


def test_publishing_is_decided_in_the_case(office: OfficeHours, source: Source) -> None:
    """With a reason, for all to see; where nothing is open there is nothing to decide."""
    with pytest.raises(ActError, match="cost the source an award"):
        deciding.publish(office.hand("r1"), source.case_id, PROGRAMMES, Decision())
    deciding.publish(office.hand("r1"), source.case_id, PROGRAMMES, ANYWAY)
    office.rounds(times=2)
    (entry,) = deciding.published(office.case("r3", source.case_id))
    assert (entry.content.dossier, entry.content.reason) == (None, "the shipment leaves today")
    assert "us-sec/public" in entry.content.warnings
    source.send(fields={"reward_wish": "no"})
    office.rounds(times=2)
    with pytest.raises(ActError, match="nothing to decide"):
        deciding.publish(office.hand("r1"), source.case_id, PROGRAMMES, TOLD)


def test_a_no_that_a_reviewer_records_silences_no_other_app(office: OfficeHours, source: Source) -> None:
    """The source wrote that they wish a reward: whoever proposes cannot take the warnings away with one fact."""
    rewards.state_fact(office.hand("r1"), source.case_id, "reward_wish", "no", "source")
    rewards.state_fact(office.hand("r1"), source.case_id, "reward_wish", "no", "reviewer")
    office.rounds(times=2)
    for reviewer in ("r1", "r2", "r3"):
        with office.hand(reviewer).look() as look:
            assert deciding.open_warnings(look, look.case(source.case_id), PROGRAMMES, "forward")
            assert known_facts(look, look.case(source.case_id), PROGRAMMES).facts.disputed("reward_wish")


def test_an_app_without_the_programmes_lets_no_other_app_forget_them(office: OfficeHours, source: Source) -> None:
    """Who proposes without deciding is seen by the app of who approves."""
    proposal = dossiers.propose(office.hand("r1"), source.case_id, draft_of(office, source.case_id), ())
    office.rounds(times=2)
    case = office.case("r2", source.case_id)
    assert deciding.decision_on(case, dossiers.find_proposal(case, proposal)) is None
    with office.hand("r2").look() as look:
        assert known_facts(look, case, PROGRAMMES).facts.now("reward_wish") is not None
        assert deciding.open_warnings(look, case, PROGRAMMES, "forward")
