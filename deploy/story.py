"""The scripted story: from a tip to a receipt, and what came of it, over pages that people use, every step checked.

Everybody holds only what a person in their place would: the source a codename, a reviewer their own app, the
prosecutor a key file. What one sends and another receives is compared by SHA-256.
"""

import re
import secrets
import sys
import time
from functools import partial
from pathlib import Path
from typing import Final

from deploy.checks import SELDOM, CheckError, Checks
from deploy.material import digest
from deploy.organisation import Organisation
from deploy.players import Source
from deploy.processes import DemoError, Processes
from deploy.reviewer_player import ReviewerPlayer
from deploy.stage import Stage, start
from deploy.story_claim import claim_is_proved, release_claim
from deploy.story_rewards import ledger, outcome_opens, outcome_shuts
from deploy.visit import Page, Upload, Values, VisitError

REPLY: Final = "Merci. Quand l’annonce a-t-elle paru, et existe-t-il une adresse ? (demonstration)"
FOLLOW_UP: Final = "The listing appeared on Sunday. I add the address list. (demonstration)"
BEFORE: Final = "A parrot dealer offers eggs from the wild. (demonstration, sealed before coming)"
ALL_THE_SAME: Final = "The shipment leaves today. (demonstration)"
OWN_CASE: Final = "Orchids on an auction site (demonstration)"
NEVER_SENT: Final = ("server", "date", "etag", "set-cookie", "last-modified")


def play(made: Organisation, processes: Processes) -> int:
    """Start everybody, play the story, and return the exit code.

    Args:
        made: the organisation to play in.
        processes: where what is started is ended.
    """
    began = time.monotonic()
    checks = Checks()
    try:
        tell(start(made, processes, checks))
    except (CheckError, DemoError, VisitError, OSError) as error:
        print(f"story broken: {error}", file=sys.stderr)
        return 1
    print(f"story complete: tip to receipt, {checks.held} checks, {time.monotonic() - began:.0f} s", flush=True)
    return 0


def tell(stage: Stage) -> None:
    """Play all steps in order.

    Raises:
        CheckError: a check did not hold.
    """
    open_for_business(stage)
    case = tip(stage)
    files_arrive(stage, case)
    conversation(stage, case)
    twice = sent_twice(stage)
    careful, before = sealed_before(stage)
    office(stage)
    own = own_case(stage)
    sent, own_sent = forward(stage, case, "tip"), forward(stage, own, "own")
    outcome_opens(stage, case, sent, (own, own_sent))
    outcome_shuts(stage, own, own_sent)
    ledger(stage, case)
    forward(stage, before, "before", release_claim(stage, before))
    claim_is_proved(stage, careful, before, "before")
    erasure(stage, twice)
    same_log(stage)
    stage.checks.end()


def open_for_business(stage: Stage) -> None:
    """The reviewers' apps agree on this week's key sheet by themselves, and the intake opens."""
    checks = stage.checks
    checks.step("reviewers unlock, their apps sign this week's key sheet, the intake opens")
    for reviewer in stage.reviewers:
        checks.hold("the one-time link opens the app", reviewer.enter().status == 200)
        checks.hold("the link works once", ReviewerPlayer(reviewer.app, reviewer.link).enter().status != 200)
    checks.wait("the tip form", lambda: _opened(stage.source.page("/tip")))
    for path in ("/", "/tip", "/mailbox", "/letter", "/keys", "/nowhere"):
        page = stage.source.page(path)
        checks.hold(f"{path} says nothing of host, clock or visitor", not set(NEVER_SENT) & set(page.headers))
        checks.hold(
            f"{path} forbids everything foreign",
            page.headers["content-security-policy"].startswith("default-src 'none'"),
        )


def _opened(page: Page) -> bool:
    return page.status == 200 and any(form.action.endswith("/tip") for form in page.forms)


def tip(stage: Stage) -> str:
    """The source sends a story in three languages and two files; both reviewers find and verify it."""
    checks, material = stage.checks, stage.material
    checks.step("the source sends a tip in French, Vietnamese and Chinese with two files")
    form = stage.source.tip_form("/tip?lang=fr")
    stage.codenames.append(stage.source.codename)
    answers = {"story": material.story, "species": "Loxodonta africana", "quantity": "2", "reward_wish": "yes"}
    page = stage.source.send(form, answers, [material.photo, material.big])
    checks.hold("the page says that it arrived", page.status == 200)
    checks.hold("the codename is shown again", stage.source.codename in page.text)
    checks.hold("nothing else of the tip is repeated", material.mark not in page.text)
    case = ""
    for reviewer in stage.reviewers[:2]:
        case = checks.wait("the tip in a reviewer's inbox", partial(reviewer.case_with, material.mark))
        text = reviewer.case(case).text
        for words in material.story.splitlines():
            checks.hold("the story is whole, in each of its scripts", words in text)
        checks.hold("the answers are there", "Loxodonta africana" in text)
    return case


def files_arrive(stage: Stage, case: str) -> None:
    """Both files come out of each vault as they went in."""
    checks, material = stage.checks, stage.material
    checks.step("each reviewer has the files fetched; both are whole in each vault")
    sent = {digest(material.photo.path), digest(material.big.path)}
    for reviewer in stage.reviewers[:2]:
        checks.hold("the page lists both hashes", set(reviewer.files(case)) == sent)
        checks.hold("no file comes before somebody wants it", not any(reviewer.download(case, one) for one in sent))
        reviewer.fetch(case)
        for sha256 in sent:
            saved = checks.wait("a file in the vault", partial(reviewer.download, case, sha256))
            checks.hold("the file is the one that the source sent", saved == sha256)


def conversation(stage: Stage, case: str) -> None:
    """A reply reaches the source by the codename alone; a follow-up with a file comes back."""
    checks, source, first, second = stage.checks, stage.source, stage.reviewers[0], stage.reviewers[1]
    checks.step("a reviewer replies, the source answers with a file")
    nobody = source.mailbox(_unused_codename(source))
    first.act(f"/cases/{case}/conversation", "/reply", {"text": REPLY})
    page = checks.wait("the reply in the mailbox", lambda: _with(source.mailbox(), REPLY), SELDOM)
    checks.hold("a codename that was never used gets a page of the same size", len(nobody.body) == len(page.body))
    checks.hold("with the same headers", nobody.headers == page.headers and nobody.status == page.status)
    wrong = source.mailbox(f"{source.codename.rsplit(' ', 1)[0]} abacus")
    checks.hold("a typing error is told at once", wrong.status == 400 and "abacus" not in wrong.text)
    note = stage.material.screenshot
    answer = source.send(page.form("/follow-up"), {"story": FOLLOW_UP}, [note])
    checks.hold("the follow-up arrived", answer.status == 200)
    for reviewer in (first, second):
        checks.wait("the follow-up in the same case", partial(_case_with, reviewer, case, "/conversation", FOLLOW_UP))
        checks.wait("beside the reply", partial(_case_with, reviewer, case, "/conversation", REPLY))
        checks.wait("its file", partial(_has_file, reviewer, case, digest(note.path)))


def _unused_codename(source: Source) -> str:
    return Source(source.intake).tip_form().fields[0][1]


def _with(page: Page, words: str) -> Page | None:
    return page if words in page.text else None


def _case_with(reviewer: ReviewerPlayer, case: str, more: str, words: str) -> Page | None:
    return _with(reviewer.case(case, more), words)


def _has_file(reviewer: ReviewerPlayer, case: str, sha256: str) -> bool:
    return sha256 in reviewer.files(case)


def sent_twice(stage: Stage) -> str:
    """The same form sent again, as after a broken circuit, becomes one case."""
    checks, first = stage.checks, stage.reviewers[0]
    checks.step("a form sent twice becomes one case")
    source = Source(stage.made.intake)
    form = source.tip_form()
    stage.codenames.append(source.codename)
    mark = secrets.token_hex(8)
    for _ in range(2):
        checks.hold("it is taken", source.send(form, {"story": f"Sent twice, {mark}"}).status == 200)
    checks.wait("the case", lambda: first.case_with(mark))
    with_mark = [case for case in first.cases() if mark in first.case(case).text]
    checks.hold("it is one case", len(with_mark) == 1)
    return with_mark[0]


def sealed_before(stage: Stage) -> tuple[Source, str]:
    """A tip sealed on the source's own computer goes up as one file; a plain document is refused.

    Returns:
        Its source, who made claim words, and the case.
    """
    checks, folder = stage.checks, stage.material.folder
    checks.step("a second tip, sealed before coming, is handed in as one file")
    source = Source(stage.made.intake)
    sealed = source.seal_before(folder, stage.made.root, BEFORE, "chat.bin")
    stage.codenames += [source.codename, source.claim_words]
    checks.hold("a plain document is refused", source.hand_in(folder / "story.txt", "story.txt").status == 400)
    checks.hold("the sealed letter is taken", source.hand_in(sealed).status == 200)
    wanted = digest(stage.material.big.path)
    case = ""
    for reviewer in stage.reviewers[:2]:
        case = checks.wait("the tip in the inbox", partial(reviewer.case_with, BEFORE))
        reviewer.fetch(case)
        saved = checks.wait("its file", partial(reviewer.download, case, wanted))
        checks.hold("its file is whole", saved == wanted)
    stage.reviewers[1].act(f"/cases/{case}/conversation", "/reply", {"text": REPLY})
    checks.wait("a reply for its codename", lambda: _with(source.mailbox(), REPLY), SELDOM)
    return source, case


def office(stage: Stage) -> None:
    """One reviewer proposes the prosecutor's office from its card, another confirms it."""
    checks, first, second = stage.checks, stage.reviewers[0], stage.reviewers[1]
    checks.step("the prosecutor's office is proposed by one reviewer and confirmed by another")
    card = Upload(stage.made.office_card, "card.json", "application/json")
    first.act("/offices", "/offices", {}, [("card", card)])
    page = checks.wait("the office at the other reviewer", lambda: _confirmable(second))
    checks.hold(
        "its proposer cannot confirm it",
        not any(form.action.endswith("/confirm") for form in first.page("/offices").forms),
    )
    second.visitor.submit(page.form("/confirm"), {})


def _confirmable(reviewer: ReviewerPlayer) -> Page | None:
    page = reviewer.page("/offices")
    return page if any(form.action.endswith("/confirm") for form in page.forms) else None


def own_case(stage: Stage) -> str:
    """A reviewer opens a case from what they saw themselves, with an exhibit."""
    checks, first, second = stage.checks, stage.reviewers[0], stage.reviewers[1]
    checks.step("a reviewer opens a case of their own with an exhibit")
    first.act("/cases/new", "/cases/new", {"title": OWN_CASE, "note": "Seen while looking for something else."})
    case = checks.wait("the case at the other reviewer", lambda: second.case_with(OWN_CASE))
    how = {"captured_by": "Desk Nairobi", "captured_on": "2026-11-24", "taken_from": "an auction page", "how": "saved"}
    screenshot = stage.material.screenshot
    first.act(f"/cases/{case}/exhibits", "/exhibits", how, [("file", screenshot)])
    wanted = digest(screenshot.path)
    checks.wait("the exhibit at the other reviewer", lambda: second.download(case, wanted) == wanted)
    return case


def forward(stage: Stage, case: str, name: str, claim: str = "") -> str:
    """Two reviewers release the originals and approve a dossier; the prosecutor opens it and signs a receipt.

    Args:
        stage: everybody.
        case: to forward.
        name: of the dossier.
        claim: digest of a released claim that goes with it; empty for none.

    Returns:
        The proposal's id.
    """
    checks, first, second = stage.checks, stage.reviewers[0], stage.reviewers[1]
    checks.step(f"the case ({name}) is forwarded as a dossier that two approved; a receipt comes back")
    exhibits = first.files(case)
    for sha256 in exhibits:
        release = first.propose(case, f"/files/{sha256}", "/release", {"reason": "shows nothing of the source"})
        checks.wait("the release at the other reviewer", partial(second.may, case, release, "confirm"))
        second.agree(case, release, "confirm")
    checks.wait("an office to send to", lambda: _with(first.case(case, "/dossiers/new"), "Wildlife Prosecution"))
    values = {"purpose": "investigation (demonstration)", "summary": "Summary.", "exhibits": exhibits}
    values |= {"title": OWN_CASE} if name == "own" else {}
    values |= {"claim": claim} if claim else {}
    if not dict(first.case(case, "/dossiers/new").form("/dossiers/new").fields).get("title"):
        values["title"] = f"Dossier {name}"
    decision = _decide(stage, case, values)
    dossier = first.propose(case, "/dossiers/new", "/dossiers/new", values | decision)
    checks.hold("one reviewer alone cannot build it", not first.may(case, dossier, "build"))
    checks.wait("the proposal at the other reviewer, rebuilt and equal", lambda: second.may(case, dossier, "approve"))
    if decision:
        checks.hold("who approves reads the decision first", ALL_THE_SAME in second.proposal(case, dossier).text)
    second.agree(case, dossier, "approve")
    checks.wait("the approval at the proposer", lambda: first.may(case, dossier, "build"))
    sealed = stage.prosecutor.folder / f"{name}.age"
    first.hand_over(case, dossier, sealed)
    _prosecute(stage, name, exhibits)
    page = first.import_answer(case, dossier, stage.prosecutor.folder / f"{name}.receipt.json")
    checks.hold("the receipt is signed by the office, for this dossier", "Signed by the office" in page.text)
    checks.wait(
        "the receipt at the other reviewer", lambda: _with(second.proposal(case, dossier), "Signed by the office")
    )
    return dossier


def _decide(stage: Stage, case: str, values: Values) -> dict[str, str]:
    """Return the decision to go ahead where the page warns that forwarding could cost the source a reward."""
    checks, first = stage.checks, stage.reviewers[0]
    page = first.case(case, "/dossiers/new")
    wished = "The source wishes a reward." in first.case(case, "/rewards").text
    checks.hold("where a reward is wished the page warns", ("decision" in page.form("/dossiers/new").names) == wished)
    if not wished:
        return {}
    checks.hold("it names a form that only the source can file", "Form TCR" in page.text)
    refused = first.act(f"/cases/{case}/dossiers/new", "/dossiers/new", values)
    checks.hold("without a decision nothing is proposed", refused.status == 400)
    return {"decision": "anyway", "decision_reason": ALL_THE_SAME}


def erasure(stage: Stage, case: str) -> None:
    """Two reviewers agree to erase a case; it is gone in every app."""
    checks, first, second = stage.checks, stage.reviewers[0], stage.reviewers[1]
    checks.step("a case is erased by two, in every app")
    proposal = first.propose(case, "", "/erase", {"reason": "sent by mistake"})
    checks.hold("one reviewer alone erases nothing", case in first.cases())
    checks.wait("the proposal at the other reviewer", lambda: second.may(case, proposal, "confirm"))
    second.agree(case, proposal, "confirm")
    for reviewer in stage.reviewers:
        checks.wait("the case gone from an inbox", partial(_is_gone, reviewer, case))


def _is_gone(reviewer: ReviewerPlayer, case: str) -> bool:
    return case not in reviewer.cases()


def same_log(stage: Stage) -> None:
    """Every app, each by itself, has put the same events into the same order."""
    checks = stage.checks
    checks.step("all three apps have folded the same log")
    log = checks.wait("three equal logs", partial(_equal_logs, stage.reviewers))
    checks.hold("nothing is missing or forked", "Nothing." in stage.reviewers[2].page("/log").text)
    checks.hold("the log is long", len(log) > 40)


def _equal_logs(reviewers: tuple[ReviewerPlayer, ...]) -> list[str] | None:
    logs = [re.findall(r"\b[0-9a-f]{12}\b", reviewer.page("/log").text) for reviewer in reviewers]
    return logs[0] if logs[0] == logs[1] == logs[2] else None


def _prosecute(stage: Stage, name: str, exhibits: tuple[str, ...]) -> None:
    checks, prosecutor = stage.checks, stage.prosecutor
    opened = prosecutor.open(prosecutor.folder / f"{name}.age", name)
    checks.hold("it opens and verifies at the prosecutor", "verified:" in opened)
    checks.hold("it verifies again", "verified:" in prosecutor.verify(name))
    arrived = {value for path, value in prosecutor.manifest(name).items() if path.startswith("data/exhibits/")}
    checks.hold("every exhibit is the one that was sent", arrived == set(exhibits))
    for path, value in prosecutor.manifest(name).items():
        checks.hold("each file in the bag has its hash", digest(prosecutor.folder / name / path) == value)
    text = _all_text(prosecutor.folder / name)
    checks.hold("no codename is in the dossier", not any(codename in text for codename in stage.codenames))
    prosecutor.receipt(name)


def _all_text(folder: Path) -> str:
    files = (path for path in folder.rglob("*") if path.is_file() and path.suffix in {".txt", ".html", ".json"})
    return "".join(path.read_text("utf-8") for path in files)
