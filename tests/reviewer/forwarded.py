"""A case that was forwarded to an office, and the office that answers, for tests."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from nacl.signing import SigningKey

from crypto.hybrid import HybridIdentity
from reviewer.acts import dossiers, offices, sending
from reviewer.acts.drafting import Choice, make_draft
from reviewer.acts.knowing import Known, known_facts
from reviewer.acts.rewards import state_fact
from reviewer.rewards.library import shipped
from reviewer.rewards.verdict import Verdict, judge_all
from tests.reviewer.office_hours import INSTANCE, OfficeHours
from tests.reviewer.source import Source
from wire.content import DossierProposed
from wire.office import Office
from wire.outcome import Outcome
from wire.receipt import Kind, Receipt, sign_receipt

PROGRAMMES = shipped()
LACEY = {"link_us": "yes", "broken_us-lacey": "yes", "public_official": "no"}
"""All that sources and reviewers can know for one programme to wait for nothing but an office."""


@dataclass
class Forwarded:
    """A tip in every app, and an office that two reviewers agreed on."""

    hours: OfficeHours
    key: SigningKey = field(default_factory=SigningKey.generate)
    office: Office = field(init=False)
    source: Source = field(init=False)
    proposal: bytes = b""

    def __post_init__(self) -> None:
        self.office = Office("Wildlife Crime Unit", HybridIdentity.generate().recipient, bytes(self.key.verify_key))
        self.hours.open()
        self.source = Source(self.hours)
        self.source.send("pangolin scales")
        offices.propose_office(self.hours.hand("r1"), self.office.encode())
        self.hours.rounds(times=2)
        offices.confirm_office(self.hours.hand("r2"), self.hours.log("r2").offices[0].proposal)
        self.hours.rounds(times=2)
        self.proposal = self.propose()

    @property
    def case_id(self) -> bytes:
        """The case."""
        return self.source.case_id

    def propose(self) -> bytes:
        """Have one reviewer propose a dossier; returns the proposal's id."""
        choice = Choice("Scales", "investigation", "en", self.office.digest, "A listing.", [], "", [])
        with self.hours.hand("r1").work() as work:
            draft = make_draft(work, self.case_id, choice)
        proposal = dossiers.propose(self.hours.hand("r1"), self.case_id, draft, ())
        self.hours.rounds(times=2)
        return proposal

    def send(self) -> None:
        """Have another reviewer approve it, and hand it over."""
        dossiers.approve(self.hours.hand("r2"), self.case_id, self.proposal)
        self.hours.rounds(times=2)
        sending.build(self.hours.hand("r1"), self.case_id, self.proposal)
        sending.sent(self.hours.hand("r1"), self.case_id, self.proposal)
        self.hours.rounds(times=2)

    def signed(
        self,
        outcome: Outcome | None,
        text: str = "Told.",
        opened: date = date(2026, 11, 26),
        kind: Kind = "outcome",
    ) -> bytes:
        """An answer as the office signs it."""
        proposals = self.hours.case("r1", self.case_id).proposals
        content = next(each.content for each in proposals if each.id == self.proposal)
        assert isinstance(content, DossierProposed)
        receipt = Receipt(INSTANCE, content.dossier, self.office.digest, opened, kind, text, outcome)
        return sign_receipt(receipt, self.key).encode()

    def answer(self, by: str, *answers: bytes) -> None:
        """Have a reviewer import answers, and the others hear of it."""
        for each in answers:
            sending.import_answer(self.hours.hand(by), self.case_id, self.proposal, each)
        self.hours.rounds(times=2)

    def state(self, facts: Mapping[str, str], said_by: str = "reviewer") -> None:
        """Record facts."""
        for name, value in facts.items():
            state_fact(self.hours.hand("r1"), self.case_id, name, value, said_by)
        self.hours.rounds(times=2)

    def known(self, to: str = "r3") -> Known:
        """What is known in the case to a reviewer."""
        with self.hours.hand(to).look() as look:
            return known_facts(look, look.case(self.case_id), PROGRAMMES)

    def verdict(self, programme: str = "us-lacey", to: str = "r3") -> Verdict:
        """What the facts come to for a programme."""
        verdicts = judge_all(PROGRAMMES, self.known(to).facts, self.hours.now)
        return next(each for each in verdicts if each.programme.id == programme)
