"""The scripted story, after the receipts: what came of the dossiers, and what that does to rewards.

One outcome opens a programme, another shuts it. Nobody types a fact for the office: what it signed is imported, and the
rules do the rest in every app.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final

from deploy.organisation import OFFICE
from deploy.reviewer_player import ReviewerPlayer
from deploy.stage import Stage
from deploy.visit import Page

LACEY: Final = re.compile(r"Lacey Act rewards US · 16 USC 3375\(d\) (open so far|facts missing|shut out)")
CONVICTED: Final = "Two sellers were convicted. (demonstration)"
DUE: Final = timedelta(days=20)
ENDED: Final = "The proceedings ended without a charge. (demonstration)"
CONVICTION: Final = (
    *("--country", "US", "--law", "us-lacey", "--happened", "conviction,forfeiture"),
    *("--collected", "25000 USD", "--day", "2026-11-20"),
)
OVER: Final = ("--country", "US", "--proceedings", "over")
KNOWN: Final[Mapping[str, tuple[str, str]]] = {
    "link_us": ("yes", "reviewer"),
    "broken_us-lacey": ("yes", "reviewer"),
    "public_official": ("no", "source"),
}
"""What must be known, and who says so, before one programme waits for nothing but the office."""


def outcome_opens(stage: Stage, case: str, dossier: str, other: tuple[str, str]) -> None:
    """The office signs a conviction under the programme's law; the programme opens in another reviewer's app.

    Args:
        stage: everybody.
        case: of the tip.
        dossier: its proposal.
        other: another case with its dossier, to which the outcome is no answer.
    """
    checks, first, second = stage.checks, stage.reviewers[0], stage.reviewers[1]
    checks.step("the office reports a conviction: a reward programme opens by itself")
    for question, (value, said_by) in KNOWN.items():
        first.act(f"/cases/{case}/fact?question={question}", "/fact", {"value": value, "said_by": said_by})
    checks.hold("the programme waits for the office", _lacey(first, case) == "facts missing")
    checks.hold("no inbox speaks of an outcome", not _told(first, case) and not _told(second, case))
    answer = stage.prosecutor.outcome("tip", CONVICTED, *CONVICTION)
    first.import_answer(other[0], other[1], answer)
    checks.hold("it is no answer to another dossier", CONVICTED not in first.proposal(*other).text)
    page = first.import_answer(case, dossier, answer)
    checks.hold("the dossier's page shows the fields that were signed", "conviction, forfeiture" in page.text)
    for reviewer in (first, second):
        checks.wait("the outcome in a reviewer's inbox", partial(_told, reviewer, case))
        text = reviewer.case(case, "/rewards").text
        checks.hold("the page of rewards names the office and says what it reported", OFFICE in text)
        checks.hold("in its own words", CONVICTED in text)
        checks.hold("the programme is open", _lacey(reviewer, case) == "open so far")
        checks.hold("the next step is another", "can ask the authority for the award" in text)
        checks.hold("whoever looked is not told again", not _told(reviewer, case))


def outcome_shuts(stage: Stage, case: str, dossier: str) -> None:
    """The office reports that proceedings ended with nothing; the same programme is shut in another case."""
    checks, first, second = stage.checks, stage.reviewers[0], stage.reviewers[1]
    checks.step("the office reports the end of proceedings in the other case: the programme is shut there")
    checks.hold("the programme is not shut before", _lacey(second, case) == "facts missing")
    second.import_answer(case, dossier, stage.prosecutor.outcome("own", ENDED, *OVER))
    checks.wait("the outcome in a reviewer's inbox", partial(_told, first, case))
    for reviewer in (first, second):
        text = reviewer.case(case, "/rewards").text
        checks.hold("the page of rewards says why", ENDED in text)
        checks.hold("with the rule", "Proceedings ended without an outcome under the law of this programme." in text)
        checks.hold("the programme is shut", _lacey(reviewer, case) == "shut out")


def ledger(stage: Stage, case: str) -> None:
    """What was done and what is due is recorded; every app shows it over all cases, and a calendar holds the day."""
    checks, first, second = stage.checks, stage.reviewers[0], stage.reviewers[1]
    checks.step("a reviewer records what was done for the reward, and until when the source must ask for it")
    due = datetime.now(UTC).date() + DUE
    told = {"programme": "us-lacey", "step": "source_told", "who": "organisation", "done_on": str(due - DUE)}
    asked = {"programme": "us-lacey", "step": "filed", "who": "source", "due_on": str(due)}
    for step in (told, asked):
        first.act(f"/cases/{case}/rewards", "/ledger", step)
    page = checks.wait("the day that is due, at the other reviewer", partial(_due, second))
    checks.hold("the page over all cases counts the programme once", "source told 1" in page.text)
    calendar = second.page("/rewards/calendar.ics").body.decode()
    checks.hold("the calendar has the day", f"DTSTART;VALUE=DATE:{due:%Y%m%d}" in calendar)
    checks.hold("and no word of the case", "Loxodonta" not in calendar)


def _due(reviewer: ReviewerPlayer) -> Page | None:
    page = reviewer.page("/rewards")
    return page if "Filing of the form" in page.text else None


def _lacey(reviewer: ReviewerPlayer, case: str) -> str:
    found = LACEY.search(reviewer.case(case, "/rewards").text)
    return found[1] if found else ""


def _told(reviewer: ReviewerPlayer, case: str) -> bool:
    """Tell whether the inbox leads to the case's rewards, as it does only when an outcome came in."""
    return any(address.endswith(f"/cases/{case}/rewards") for address, _ in reviewer.page("/").links)
