"""Files are worth fetching where a reviewer works on the case, and nowhere else unasked."""

from datetime import date

import pytest

from reviewer.keeping import Rules, is_kept, is_wanted
from tests.reviewer.casework import CASE, TODAY, Desk, Staff, draft_by
from wire.content import Assigned, Held, Joined, Noted, Recused, ReleaseProposed, Replied, StatusSet
from wire.content_kind import CaseContent
from wire.content_rewards import FactStated


@pytest.fixture
def desk() -> Desk:
    """A desk that opened a tip."""
    desk = Staff().desk("r1")
    desk.open()
    return desk


def test_new_tip_is_not_kept(desk: Desk) -> None:
    """That an app opened a letter by itself is no reason to fetch its files."""
    assert not is_kept(desk.case)


@pytest.mark.parametrize(
    "act",
    [
        Assigned(on=TODAY, case=CASE, reviewer="r2"),
        Joined(on=TODAY, case=CASE, reviewer="r2"),
        FactStated(on=TODAY, case=CASE, name="country", value="Kenya", said_by="reviewer"),
        ReleaseProposed(on=TODAY, case=CASE, sha256=bytes(32), reason="checked"),
        StatusSet(on=TODAY, case=CASE, status="vetted"),
    ],
)
def test_work_on_a_case_keeps_it(desk: Desk, act: CaseContent) -> None:
    """Who takes a case forward, lets in, states facts, releases or vets wants its files."""
    desk.say(act)

    assert is_kept(desk.case)


def test_a_reply_keeps_no_files(desk: Desk) -> None:
    """Else every app would fetch a tip's files just after a letter left, and show that it was a reply to that tip."""
    desk.say(Replied(on=TODAY, case=CASE, number=1, seen=1, text="When?"))

    assert not is_kept(desk.case)


@pytest.mark.parametrize(
    "act",
    [
        Noted(on=TODAY, case=CASE, text="nonsense"),
        Held(on=TODAY, case=CASE, reason="wait"),
        Recused(on=TODAY, case=CASE, reviewer="r3", reason="knows them"),
        StatusSet(on=TODAY, case=CASE, status="closed"),
    ],
)
def test_other_acts_do_not(desk: Desk, act: CaseContent) -> None:
    """A note may say that a tip is nonsense; a hold or a recusal is no work on it."""
    desk.say(act)

    assert not is_kept(desk.case)


def test_dossier_keeps_and_closing_ends_it(desk: Desk) -> None:
    """A proposed dossier needs the files; a closed case does not."""
    desk.propose(draft_by("r1"))
    assert is_kept(desk.case)
    desk.say(StatusSet(on=date(2026, 11, 26), case=CASE, status="closed"))
    assert not is_kept(desk.case)


def test_small_files_are_fetched_unasked_only_when_a_reviewer_said_so(desk: Desk) -> None:
    """The limit is the reviewer's, off until they set it, and holds before the log knows the case."""
    assert not is_wanted(None, 1, Rules())
    assert is_wanted(None, 10, Rules(unasked=10))
    assert not is_wanted(desk.case, 11, Rules(unasked=10))
