"""What a liar does, alone and while others work."""

import hashlib
from collections.abc import Callable
from dataclasses import replace

from hypothesis import strategies as st
from hypothesis.stateful import rule

from reviewer.case import Case
from reviewer.chain import Past
from tests.reviewer.casework import INSTANCE, TODAY, draft_by
from tests.reviewer.log_acts import HonestActs
from tests.reviewer.log_world import HONEST, PICK
from tests.reviewer.simulation import IDS, LIAR, App, Given
from wire.batch import CaseKey, Posted, encode_batch, encode_item
from wire.content import (
    DossierApproved,
    DossierProposed,
    DossierSent,
    Erased,
    Heads,
    Held,
    Joined,
    Keyed,
    Noted,
    Recused,
    Resumed,
    Withdrawn,
)
from wire.event import Event, seal_content, sign_event
from wire.fields import encode_base64

THOUGHTS = ("hold", "recuse", "fork", "blind", "forged")


class Lies(HonestActs):
    """One reviewer writes what no honest app would."""

    @rule(
        pick=PICK,
        lie=st.sampled_from(["own", "blind", "hold", "resume", "withdraw", "sent", "erase", "join", "keyed", "mine"]),
    )
    def the_liar_acts(self, pick: int, lie: str) -> None:
        """With well-formed events that an honest app would not write."""
        case = self.case_of(self.liar, pick)
        key = next((key for key in reversed(self.liar.keys) if case and key.case == case.id), None)
        if case is None or key is None:
            return
        here, own = case.id, self._own_past(pick)
        proposal = next(iter(case.proposals[pick % len(case.proposals) :]), None) if case.proposals else None
        desk, about = self.liar.desk, proposal.id if proposal else bytes(32)
        proposer = proposal.proposer if proposal else LIAR
        approval = desk.sign(draft_by(proposer), proposer, self.staff.rosters[0])
        lies: dict[str, Callable[[], object]] = {
            "own": lambda: self.liar.write(
                DossierApproved(on=TODAY, case=here, proposal=about, approval=approval), key
            ),
            "blind": lambda: self.liar.write(
                DossierApproved(on=TODAY, case=here, proposal=about, approval=approval), key, own
            ),
            "hold": lambda: self.liar.write(Held(on=TODAY, case=here, reason="x"), key, own),
            "resume": lambda: self.liar.write(Resumed(on=TODAY, case=here, reason="x"), key, own),
            "withdraw": lambda: self.liar.write(Withdrawn(on=TODAY, case=here, proposal=about), key),
            "sent": lambda: self.liar.write(DossierSent(on=TODAY, case=here, proposal=about, sealed=bytes(32)), key),
            "erase": lambda: self.liar.write(Erased(on=TODAY, proposal=about), None),
            "join": lambda: self.liar.write(Joined(on=TODAY, case=here, reviewer=LIAR), key),
            "keyed": lambda: self._false_key(case, pick),
            "mine": lambda: self.liar.write(replace(desk.proposal(draft_by(LIAR)), case=case.id), key),
        }
        lies[lie]()

    def _false_key(self, case: Case, pick: int) -> None:
        """Announce a key to all and give it to one, or to nobody."""
        new = CaseKey(case.id, self.world.draw())
        digest = hashlib.sha256(new.key).digest()
        self.liar.write(Keyed(on=TODAY, case=case.id, digest=digest, holders=tuple(sorted(case.members))), new)
        if pick % 2 and "r1" in self.reach[case.id]:
            self.liar.post(Given(frozenset({"r1"}), (new,)))

    def _own_past(self, pick: int) -> Past | None:
        """The liar's chain continued from anywhere, citing nobody: a fork, often."""
        theirs = [signed for signed in self.liar.events.values() if signed.event.author == LIAR]
        if not theirs:
            return None
        before = theirs[pick % len(theirs)]
        return Past(before.event.number + 1, before.id, ())

    @rule(pick=PICK, lie=st.sampled_from(["fork", "nowhere", "many", "jump", "name", "other", "junk", "leak", "swap"]))
    def the_liar_breaks_the_rules_of_chains(self, pick: int, lie: str) -> None:
        """Forks, invented pasts, another's name, content that is not what was committed to."""
        liar, note = self.liar, Noted(on=TODAY, case=self.world.draw()[:16], text="x")
        own = self._own_past(pick) or Past(1, None, ())
        others = sorted(each for each, signed in liar.events.items() if signed.event.author != LIAR)
        other = others[pick % len(others)]
        key = CaseKey(note.case, self.world.draw())
        lies: dict[str, Callable[[], object]] = {
            "fork": lambda: liar.write(Heads(on=TODAY), None, own),
            "nowhere": lambda: liar.write(Heads(on=TODAY), None, replace(own, heads=(self.world.draw(),))),
            "many": lambda: liar.write(
                Heads(on=TODAY), None, replace(own, heads=tuple(sorted(self.world.draw() for _ in range(32))))
            ),
            "jump": lambda: liar.write(
                Heads(on=TODAY), None, replace(own, number=own.number + 1) if own.previous else own
            ),
            "other": lambda: liar.write(Heads(on=TODAY), None, Past(2, other, ())),
            "name": lambda: self._in_anothers_name(pick),
            "junk": lambda: liar.write(b"{}", [key, None][pick % 2]),
            "leak": lambda: self._leak(note),
            "swap": lambda: (
                liar.write(note, [key, None][pick % 2], shown=self.world.commit(Heads(on=TODAY)))
                if pick % 2 == 0
                else liar.write(Heads(on=TODAY), None, shown=self.world.commit(Heads(on=TODAY)))
            ),
        }
        lies[lie]()

    def _in_anothers_name(self, pick: int) -> None:
        opened = self.world.commit(Heads(on=TODAY))
        event = Event(INSTANCE, IDS[pick % 2], 1, None, (), opened.commitment)
        self.liar.post(encode_batch([Posted(sign_event(event, self.staff.keys[LIAR]).envelope, opened)]))

    def _leak(self, note: Noted) -> None:
        """A case's content in the open: no app writes such a line, so it is made by hand."""
        opened = self.world.commit(note)
        past = self._own_past(-1) or Past(1, None, ())
        signed = sign_event(
            Event(INSTANCE, LIAR, past.number, past.previous, past.heads, opened.commitment), self.staff.keys[LIAR]
        )
        boxed = encode_item(Posted(signed.envelope, box=seal_content(opened, bytes(32), signed.id)))
        plain = f'"nonce":"{encode_base64(opened.nonce)}","content":"{encode_base64(opened.content)}"}}\n'
        self.liar.post(boxed[: boxed.index(b'"box"')] + plain.encode())

    @rule(one=HONEST, other=st.sampled_from(IDS), third=HONEST, pick=PICK, act=st.sampled_from(THOUGHTS))
    def second_thoughts_come_at_the_same_time(self, one: str, other: str, third: str, pick: int, act: str) -> None:
        """A dossier goes through while somebody who does not know of it stops it, and then thinks better of it."""
        self.deliver_all()
        if act == "fork":
            self.the_liar_acts(pick, "hold")
            self.the_liar_acts(pick, "hold")
            self.deliver(one)
        self.a_dossier_is_proposed(one, pick, fresh=False)
        if act in {"blind", "forged"}:
            self._approve_badly(self.working(one, fresh=False), pick, act)
        else:
            self.a_dossier_is_approved(other, pick, fresh=True)
        if act == "hold":
            self.something_is_said(third, pick, act, fresh=False)
        if act == "recuse":
            self._recuse_and_bring_back(third, other, pick)
        self.deliver_all()
        self.something_is_said(one, pick, "resume", fresh=True)

    def _recuse_and_bring_back(self, third: str, other: str, pick: int) -> None:
        """By somebody else, by themselves, or by somebody who had not seen the recusal."""
        app, recused = self.working(third, fresh=False), self.working(other, fresh=False)
        case = self.case_of(app, pick)
        if case is None:
            return
        stale = self.working("r1" if third != "r1" else "r2", fresh=False)
        app.say(Recused(on=TODAY, case=case.id, reviewer=recused.id, reason="x"))
        if pick % 3:
            self.deliver_all()
        join = Joined(on=TODAY, case=case.id, reviewer=recused.id)
        by = recused if pick % 2 else stale
        key = next((key for key in by.keys if key.case == case.id), None)
        if key is not None:
            self.reach[case.id].add(recused.id)
            by.write(join, key)
            by.post(Given(frozenset({recused.id}), tuple(key for key in by.keys if key.case == case.id)))
        self.deliver_all()
        if pick % 5:
            self.a_dossier_is_approved(other, pick, fresh=True)

    def _approve_badly(self, app: App, pick: int, act: str) -> None:
        """The liar approves what they had not seen, or signs for something else."""
        found = self.proposal_of(app, pick, "open")
        key = next((key for key in self.liar.keys if found and key.case == found[0].id), None)
        if found is None or key is None or not isinstance(found[1].content, DossierProposed):
            return
        if act == "forged":
            self.deliver(LIAR)
        draft = draft_by(app.id, title="Ivory" if act == "blind" else "Other")
        approval = self.liar.desk.sign(draft, found[1].proposer, self.staff.roster)
        case, proposal = found[0].id, found[1].id
        self.liar.write(DossierApproved(on=TODAY, case=case, proposal=proposal, approval=approval), key)
