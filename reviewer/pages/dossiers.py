"""Dossiers, releases and erasures: proposed here, approved by others, built, handed over, answered."""

from dataclasses import dataclass
from typing import Final

from flask import Blueprint, Response, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response as AnyResponse

from reviewer import outcome_words, words
from reviewer.acts import dossiers as acts
from reviewer.acts import sending
from reviewer.acts.attesting import KnownChoice
from reviewer.acts.claims import CaseClaim, claims_of, propose_claim_release
from reviewer.acts.deciding import decision_on, open_warnings, published, undecided
from reviewer.acts.desk_work import Look
from reviewer.acts.drafting import Choice, files_of, letters_of, make_draft
from reviewer.case import Case
from reviewer.errors import ActError
from reviewer.language import LazyText, lazy
from reviewer.pages.asking import decision, decision_values, shown_decision, shown_warnings
from reviewer.pages.attested import known_in
from reviewer.pages.forms import hex_value, small_file, text
from reviewer.pages.frame import find_case, head
from reviewer.proposal import OfficeAnswer, Proposal
from reviewer.station import Station
from wire.content import DossierProposed, EraseProposed, ReleaseProposed
from wire.dossier import text_files
from wire.draft import Draft
from wire.errors import DossierError, WireError
from wire.receipt import Receipt
from wire.tipform import FIELDS

TITLES: Final[dict[str, LazyText]] = {
    "dossier": lazy("Dossier"),
    "release": lazy("Release of an original"),
    "claim": lazy("Release of a claim"),
    "erasure": lazy("Erasure of the case"),
}


@dataclass(frozen=True)
class Shown:
    """A proposal as a list shows it.

    Attributes:
        id: in hexadecimal.
        kind: ``dossier``, ``release`` (of an original), ``claim`` (its release) or ``erasure``.
        title: what it is.
        what: of a dossier its title, of a release the file and the reason, of all others the reason.
        proposer: label.
        approved_by: labels, the proposer first.
        needed: how many must stand behind it.
        void: label and reason of agreements that do not count.
        state: the short name of the state.
        state_words: the same in the reader's language.
        blocked: what must happen first, in the reader's language.
    """

    id: str
    kind: str
    title: LazyText
    what: str
    proposer: str
    approved_by: tuple[str, ...]
    needed: int
    void: tuple[tuple[str, LazyText], ...]
    state: str
    state_words: LazyText
    blocked: LazyText | None


def shown(look: Look, case: Case, proposal: Proposal) -> Shown:
    """Return a proposal as a list shows it."""
    kind, what = _kind(proposal)
    if _claim(look, case, proposal) is not None:
        kind = "claim"
    elif isinstance(proposal.content, ReleaseProposed):
        name = next((file.name for file in files_of(look, case) if file.sha256 == proposal.content.sha256), "")
        what = f"{name} ({what})" if name else what
    return Shown(
        id=proposal.id.hex(),
        kind=kind,
        title=TITLES[kind],
        what=what,
        proposer=look.label(proposal.proposer),
        approved_by=tuple(look.label(one) for one in proposal.approvals),
        needed=look.roster.approvals,
        void=tuple((look.label(one.author), words.VOID[one.reason]) for one in proposal.void),
        state=proposal.state,
        state_words=words.STATE[proposal.state],
        blocked=words.BLOCKED[proposal.blocked_by] if proposal.blocked_by else None,
    )


def _claim(look: Look, case: Case, proposal: Proposal) -> CaseClaim | None:
    """Return the claim that a release is of, or None: a digest never is that of a file too."""
    digest = proposal.content.sha256 if isinstance(proposal.content, ReleaseProposed) else b""
    return next((claim for claim in claims_of(look, case) if claim.commitment.digest == digest), None)


def _kind(proposal: Proposal) -> tuple[str, str]:
    content = proposal.content
    if not isinstance(content, DossierProposed):
        return ("erasure" if isinstance(content, EraseProposed) else "release"), content.reason
    try:
        return "dossier", Draft.decode(content.draft).title
    except DossierError:
        return "dossier", ""


def make_blueprint(station: Station) -> Blueprint:
    """Return the pages about what leaves a case."""
    dossiers = Blueprint("dossiers", __name__)

    @dossiers.get("/cases/<case_id>/dossiers")
    def show(case_id: str) -> str:
        with station.hand().look() as look:
            case = find_case(look, case_id)
            return render_template(
                "dossiers.html",
                head=head(look, case),
                proposals=[shown(look, case, each) for each in reversed(case.proposals)],
                offices=[state for state in look.log.offices if state.confirmed],
                claims=claims_of(look, case),
                decisions=[shown_decision(look, entry) for entry in published(case)],
                **decision_values(look, case, station.programmes, "publish"),
            )

    @dossiers.get("/cases/<case_id>/dossiers/new")
    def new(case_id: str) -> str:
        with station.hand().look() as look:
            case = find_case(look, case_id)
            return render_template(
                "dossier_new.html",
                **_form(look, case),
                **decision_values(look, case, station.programmes, "forward"),
            )

    @dossiers.post("/cases/<case_id>/dossiers/new")
    def propose(case_id: str) -> AnyResponse:
        hand = station.hand()
        with hand.look() as look:
            draft = make_draft(look, hex_value(case_id, 16), _choice())
        proposal = acts.propose(hand, hex_value(case_id, 16), draft, station.programmes, decision())
        return redirect(url_for("dossiers.proposal", case_id=case_id, proposal=proposal.hex()), 303)

    @dossiers.post("/cases/<case_id>/claims/<digest>/release")
    def release_claim(case_id: str, digest: str) -> AnyResponse:
        wanted = hex_value(digest, 32)
        proposal = propose_claim_release(station.hand(), hex_value(case_id, 16), wanted, text("reason"))
        return redirect(url_for("dossiers.proposal", case_id=case_id, proposal=proposal.hex()), 303)

    _add_proposal(dossiers, station)
    _add_sending(dossiers, station)
    return dossiers


def _choice() -> Choice:
    known = request.form.getlist("known")
    return Choice(
        title=text("title"),
        purpose=text("purpose"),
        language=text("language"),
        office=hex_value(text("office"), 32),
        summary=text("summary").replace("\r\n", "\n"),
        fields=request.form.getlist("fields"),
        story=text("story").replace("\r\n", "\n"),
        exhibits=[hex_value(one, 32) for one in request.form.getlist("exhibits")],
        claim=hex_value(text("claim"), 32) if text("claim") else None,
        known=[KnownChoice(hex_value(one, 32), request.form.getlist(f"show-{one}")) for one in known],
    )


def _form(look: Look, case: Case) -> dict[str, object]:
    answers: dict[str, str] = {}
    own = letters_of(look, case.id)
    for letter in own:
        answers |= {name: str(value) for name, value in letter.fields.items() if value}
    return {
        "head": head(look, case),
        "answers": [
            (one.name, words.field(one.name), words.answer(answers[one.name])) for one in FIELDS if one.name in answers
        ],
        "story": "\n\n".join(letter.story for letter in own if letter.story),
        "files": files_of(look, case),
        "claims": claims_of(look, case),
        "known": known_in(look, case),
        "offices": [state.office for state in look.log.offices if state.confirmed],
    }


def _add_proposal(dossiers: Blueprint, station: Station) -> None:
    @dossiers.get("/cases/<case_id>/proposals/<proposal>")
    def proposal(case_id: str, proposal: str) -> str:
        hand = station.hand()
        with hand.look() as look:
            case = find_case(look, case_id)
            known = acts.find_proposal(case, hex_value(proposal, 32))
            values: dict[str, object] = {
                "head": head(look, case),
                "proposal": shown(look, case, known),
                "mine": known.proposer == look.desk.id,
                "approved": look.desk.id in known.approvals,
            }
            if isinstance(known.content, DossierProposed):
                rebuilt = _rebuilt(look, case, known)
                decided, open_now = decision_on(case, known), open_warnings(look, case, station.programmes, "forward")
                values |= {
                    "rebuilt": rebuilt,
                    "decided": shown_decision(look, decided),
                    "warnings": shown_warnings(open_now, undecided(open_now, decided)),
                    "report": rebuilt and text_files(rebuilt.draft, rebuilt.roster)["data/report.txt"].decode(),
                    "built": sending.built(hand, known.id) if known.state in {"approved", "sent"} else None,
                    "answers": [_answer(one) for one in known.answers],
                }
                return render_template("proposal.html", **values)
            files = {file.sha256: file for file in files_of(look, case)}
            sha256 = getattr(known.content, "sha256", b"")
            values["claim"] = _claim(look, case, known)
            return render_template("act.html", **values, reason=known.content.reason, file=files.get(sha256))

    @dossiers.post("/cases/<case_id>/proposals/<proposal>/approve")
    def approve(case_id: str, proposal: str) -> AnyResponse:
        acts.approve(station.hand(), hex_value(case_id, 16), hex_value(proposal, 32))
        return redirect(url_for("dossiers.proposal", case_id=case_id, proposal=proposal), 303)

    @dossiers.post("/cases/<case_id>/proposals/<proposal>/confirm")
    def confirm(case_id: str, proposal: str) -> AnyResponse:
        acts.confirm(station.hand(), hex_value(case_id, 16), hex_value(proposal, 32))
        return redirect(url_for("dossiers.proposal", case_id=case_id, proposal=proposal), 303)

    @dossiers.post("/cases/<case_id>/proposals/<proposal>/withdraw")
    def withdraw(case_id: str, proposal: str) -> AnyResponse:
        acts.withdraw(station.hand(), hex_value(case_id, 16), hex_value(proposal, 32))
        return redirect(url_for("dossiers.proposal", case_id=case_id, proposal=proposal), 303)


def _rebuilt(look: Look, case: Case, known: Proposal) -> acts.Rebuilt | None:
    """Return the dossier as this app builds it; None for what cannot be built, which is shown to be withdrawn."""
    try:
        return acts.rebuild(look, case.id, known)
    except WireError:
        return None


def _answer(answer: OfficeAnswer) -> tuple[LazyText, Receipt, tuple[tuple[str, str], ...]]:
    """Return an answer's kind in words, what was signed, and what came of the dossier as labels and values."""
    receipt = answer.receipt
    rows = () if receipt.outcome is None else outcome_words.rows(receipt.outcome, {})
    return words.RECEIPT[receipt.kind], receipt, rows


def _add_sending(dossiers: Blueprint, station: Station) -> None:
    @dossiers.post("/cases/<case_id>/proposals/<proposal>/build")
    def build(case_id: str, proposal: str) -> AnyResponse:
        sending.build(station.hand(), hex_value(case_id, 16), hex_value(proposal, 32))
        return redirect(url_for("dossiers.proposal", case_id=case_id, proposal=proposal), 303)

    @dossiers.get("/cases/<case_id>/proposals/<proposal>/sealed")
    def sealed(case_id: str, proposal: str) -> Response:
        del case_id
        built = sending.built(station.hand(), hex_value(proposal, 32))
        if built is None:
            raise ActError("build the sealed dossier first")
        return send_file(built.path.resolve(), "application/octet-stream", as_attachment=True, etag=False, max_age=0)

    @dossiers.post("/cases/<case_id>/proposals/<proposal>/sent")
    def sent(case_id: str, proposal: str) -> AnyResponse:
        sending.sent(station.hand(), hex_value(case_id, 16), hex_value(proposal, 32))
        return redirect(url_for("dossiers.proposal", case_id=case_id, proposal=proposal), 303)

    @dossiers.post("/cases/<case_id>/proposals/<proposal>/receipt")
    def receipt(case_id: str, proposal: str) -> AnyResponse:
        hand = station.hand()
        sending.import_answer(hand, hex_value(case_id, 16), hex_value(proposal, 32), small_file("receipt"))
        return redirect(url_for("dossiers.proposal", case_id=case_id, proposal=proposal), 303)
