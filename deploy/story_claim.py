"""The scripted story, years later: an agency asks who wrote a tip, the source proves it without a name, a thief cannot.

The claim words never leave the source's own computer, and the codename is not needed to sign.
"""

import re
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final

from crypto.claim import ClaimWords
from deploy.checks import SELDOM, Checks
from deploy.claim import EXIT_NO_MATCH
from deploy.material import digest
from deploy.organisation import OFFICE
from deploy.players import Source
from deploy.processes import DemoError, run
from deploy.reviewer_player import ReviewerPlayer
from deploy.stage import Stage
from deploy.visit import Page, Upload

CHALLENGE: Final = re.compile(r'\{"payload":"[^"]+","payloadType":"[^"]+","signatures":\[\{[^}]+\}\]\}')
COMMITMENT: Final = re.compile(r"lapwing-claim1[0-9a-z]+")
PROGRAMME: Final = "Lacey Act rewards, 16 USC 3375(d)"
REFERENCE: Final = "Lyon 2026/117 (demonstration)"
BENEFICIARY: Final = "Whoever shows the other half of the torn ticket (demonstration)"
THIEF: Final = "Somebody else (demonstration)"
SENT_BACK: Final = "The sealed answer to the agency. (demonstration)"
VALID: Final = timedelta(days=60)


def release_claim(stage: Stage, case: str) -> str:
    """Two reviewers let the tip's commitment leave; returns its digest in hexadecimal."""
    checks, first, second = stage.checks, stage.reviewers[0], stage.reviewers[1]
    checks.step("the source left a commitment to claim words; two reviewers release it")
    claim = checks.wait("the claim on the case's page", lambda: _releasing(first.case(case, "/dossiers")))
    path = f"/claims/{claim}/release"
    release = first.propose(case, "/dossiers", path, {"reason": "the source asked for it"})
    checks.hold("one reviewer alone releases no claim", _releasing(first.case(case, "/dossiers")) is not None)
    checks.wait("the release at the other reviewer", partial(second.may, case, release, "confirm"))
    second.agree(case, release, "confirm")
    checks.wait("the release at the proposer", lambda: _releasing(first.case(case, "/dossiers")) is None)
    return claim


def _releasing(page: Page) -> str | None:
    found = [re.search(r"/claims/([0-9a-f]{64})/release$", form.action) for form in page.forms]
    return next((match[1] for match in found if match), None)


def claim_is_proved(stage: Stage, source: Source, case: str, name: str) -> None:
    """The agency asks, reviewers pass it on, the source signs at home, the agency verifies.

    Args:
        stage: everybody.
        source: who sealed the tip before coming, with claim words.
        case: of that tip.
        name: of the dossier that carried the commitment.
    """
    checks, first = stage.checks, stage.reviewers[0]
    checks.step("the agency asks for proof of authorship; the source gives it without a name")
    office = stage.prosecutor
    commitment = _commitment(stage, name)
    asked = office.challenge(commitment, PROGRAMME, REFERENCE, datetime.now(UTC).date() + VALID)
    _pass_on(first, case, asked)
    text = checks.wait("the challenge in the mailbox", lambda: CHALLENGE.search(source.mailbox().text), SELDOM)[0]
    home = stage.material.folder
    (home / "challenge.json").write_text(text, "ascii")
    checks.hold("it came as the agency signed it", text == asked.read_text("ascii").strip())
    answer, shown = source.sign(home / "challenge.json", BENEFICIARY)
    for words in (OFFICE, PROGRAMME, REFERENCE, BENEFICIARY):
        checks.hold("the source reads all of the statement before signing", words in shown)
    checks.hold("no claim word is shown", source.claim_words not in shown)
    sent = source.send(
        source.mailbox().form("/follow-up"),
        {"story": SENT_BACK},
        [Upload(answer, answer.name, "application/octet-stream")],
    )
    checks.hold("the answer goes up with a follow-up", sent.status == 200)
    _to_the_office(checks, first, case, answer)
    told = office.verify_claim(answer, commitment)
    checks.hold("both signatures hold", told.startswith("verified:"))
    checks.hold("the agency learns to whom a reward shall go", BENEFICIARY in told)
    checks.hold("it learns no claim words", source.claim_words not in told)
    checks.hold("and no codename", source.codename not in told)
    _stolen(stage, home, answer, commitment)


def _commitment(stage: Stage, name: str) -> str:
    """Return the commitment as the agency finds it in the dossier."""
    found = COMMITMENT.search((stage.prosecutor.folder / name / "dossier.json").read_text("utf-8"))
    stage.checks.hold("the dossier carries the commitment", found is not None)
    return "" if found is None else found[0]


def _pass_on(reviewer: ReviewerPlayer, case: str, challenge: Path) -> None:
    upload = Upload(challenge, challenge.name, "application/json")
    page = reviewer.act(f"/cases/{case}/conversation", "/challenge", {}, [("challenge", upload)])
    reviewer.visitor.submit(page.form("/challenge/pass"), {})


def _to_the_office(checks: Checks, reviewer: ReviewerPlayer, case: str, answer: Path) -> None:
    """The answer comes as a file of the case, whole; no reviewer can open it."""
    wanted = digest(answer)
    checks.wait("the answer in the case", lambda: wanted in reviewer.files(case))
    saved = checks.wait("the answer in the vault", partial(reviewer.download, case, wanted))
    checks.hold("the answer is the one that the source sealed", saved == wanted)


def _stolen(stage: Stage, home: Path, answer: Path, commitment: str) -> None:
    """Neither the answer nor the challenge is of any use to somebody else."""
    checks, folder = stage.checks, stage.prosecutor.folder
    checks.step("a thief has the answer, and the challenge: neither is of any use")
    run("dossier", "keygen", "-o", "other.key", "--name", "Another agency (demonstration)", folder=folder)
    there = ("claim", "verify", str(answer), "-i", str(folder / "other.key"), "--commitment", commitment)
    checks.hold("another agency cannot even open the answer", _ends_with(EXIT_NO_MATCH, *there, folder=folder))
    thief = Source(stage.made.intake, claim_words=str(ClaimWords.generate()))
    refused = False
    try:
        thief.sign(home / "challenge.json", THIEF)
    except DemoError:
        refused = True
    checks.hold("with other claim words nothing is signed", refused)


def _ends_with(code: int, *words: str, folder: Path) -> bool:
    try:
        run(*words, folder=folder)
    except DemoError as error:
        return f"ended with {code}:" in str(error)
    return False
