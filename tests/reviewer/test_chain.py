"""All chains in one order, and what is wrong with them."""

import random
from datetime import date

import pytest

from reviewer.chain import Chains, Fork, Gap, Known, Past, chains
from tests.reviewer.casework import CASE, TODAY, Desk, Staff, after, write
from wire.content import Heads, Noted
from wire.errors import EventError
from wire.event import LIMITS, Opened

HEADS = Heads(on=TODAY)
START = Past(1, None, ())


def line(staff: Staff, author: str, length: int, *heads: Known) -> list[Known]:
    """A chain of one author; its first event cites some heads."""
    known = [write(staff, author, Past(1, None, tuple(sorted(head.id for head in heads))), HEADS)]
    while len(known) < length:
        known.append(write(staff, author, after(known[-1]), HEADS))
    return known


def order(*events: Known) -> Chains:
    """The chains of some events under a roster of three."""
    return chains(events, STAFF.roster)


STAFF = Staff()


def test_an_event_stands_after_all_that_it_cites() -> None:
    """Whatever way the events came, and however often."""
    one = line(STAFF, "r1", 2)
    two = line(STAFF, "r2", 2, one[1])
    last = write(STAFF, "r1", after(one[1], two[1]), HEADS)
    events = [*one, *two, last]
    for _ in range(20):
        shuffled = random.sample(events * 2, 10)
        known = order(*shuffled)
        assert [each.id for each in known.order] == [each.id for each in events]
        assert known.live_heads == (last.id,)
        assert known.last == {"r1": last, "r2": two[1]}


def test_concurrent_events_are_ordered_by_level_then_id() -> None:
    """No clock has a say."""
    early = write(STAFF, "r1", START, Heads(on=date(2027, 1, 1)))
    late = write(STAFF, "r2", START, Heads(on=date(2020, 1, 1)))
    second = write(STAFF, "r1", after(early), HEADS)
    assert [each.id for each in order(second, late, early).order] == [*sorted([early.id, late.id]), second.id]


def test_an_event_waits_until_its_past_is_here() -> None:
    """So does what cites it, and what is missing is named."""
    first, second, third = line(STAFF, "r1", 3)
    other = write(STAFF, "r2", Past(1, None, (third.id,)), HEADS)
    known = order(first, third, other)
    assert [each.id for each in known.order] == [first.id]
    assert known.waiting == {third.id, other.id}
    assert known.missing == {second.id}
    assert known.gaps == (Gap("r1", 2, 2),)
    whole = order(first, second, third, other)
    assert (len(whole.order), whole.waiting, whole.missing, whole.gaps) == (4, frozenset(), frozenset(), ())


def test_a_citation_of_what_does_not_exist_keeps_only_its_author_waiting() -> None:
    """Others never cite an event that waits."""
    liar = write(STAFF, "r3", Past(1, None, tuple(bytes([number]) * 32 for number in range(32))), HEADS)
    honest = write(STAFF, "r1", order(liar).next_of("r1"), HEADS)
    known = order(liar, honest)
    assert [each.id for each in known.order] == [honest.id]
    assert known.waiting == {liar.id}
    assert len(known.missing) == 32


def test_missing_numbers_show_as_gaps() -> None:
    """Also before the first event that is here."""
    known = line(STAFF, "r1", 6)
    assert order(known[1], known[4], known[5]).gaps == (Gap("r1", 1, 1), Gap("r1", 3, 4))


def test_two_events_of_one_number_are_a_fork_even_while_they_wait() -> None:
    """Two signatures are proof enough."""
    trunk, left, *more = line(STAFF, "r3", 4)
    right = write(STAFF, "r3", after(trunk), Noted(on=TODAY, case=CASE, text="Other story."))
    waiting = write(STAFF, "r3", Past(4, b"x" * 32, ()), HEADS)
    known = order(trunk, left, right, *more, waiting)
    assert known.forks == (
        Fork("r3", 2, tuple(sorted([left.id, right.id]))),
        Fork("r3", 4, tuple(sorted([more[-1].id, waiting.id]))),
    )
    assert [known.forked(each.id) for each in (trunk, left, right, more[0])] == [False, True, True, True]
    assert not order(trunk, left).forked(left.id)


@pytest.mark.parametrize(("author", "number"), [("r2", 2), ("r1", 3)])
def test_an_event_that_contradicts_the_one_before_never_counts(author: str, number: int) -> None:
    """It follows only an event of the same author with the number below."""
    first = write(STAFF, "r1", START, HEADS)
    wrong = write(STAFF, author, Past(number, first.id, ()), HEADS)
    follower = write(STAFF, author, after(wrong), HEADS)
    known = order(first, wrong, follower)
    assert [each.id for each in known.order] == [first.id]
    assert known.refused == {wrong.id}
    assert known.waiting == {follower.id}


def test_who_had_seen_what_follows_from_citations() -> None:
    """Through any number of steps, and never an event itself."""
    one = line(STAFF, "r1", 3)
    two = line(STAFF, "r2", 3, one[1])
    known = order(*one, *two)
    for earlier, later, seen in (
        (one[0], one[2], True),
        (one[2], one[0], False),
        (one[0], two[2], True),
        (one[1], two[0], True),
        (one[2], two[2], False),
        (two[0], one[2], False),
        (one[1], one[1], False),
    ):
        assert known.precedes(earlier.id, later.id) is seen


def test_between_the_branches_of_a_fork_the_past_is_walked() -> None:
    """Who had seen one branch had not seen the other."""
    trunk = write(STAFF, "r3", START, HEADS)
    branches = []
    for text in "ab":
        first = write(STAFF, "r3", after(trunk), Noted(on=TODAY, case=CASE, text=text))
        branches.append([first, write(STAFF, "r3", after(first), HEADS)])
    left, right = branches
    witness = write(STAFF, "r1", Past(1, None, (left[1].id,)), HEADS)
    known = order(trunk, *left, *right, witness)
    assert known.precedes(trunk.id, witness.id)
    assert known.precedes(left[0].id, witness.id)
    assert known.precedes(left[0].id, left[1].id)
    assert not known.precedes(right[0].id, witness.id)
    assert not known.precedes(right[0].id, left[1].id)
    assert not known.precedes(right[0].id, left[0].id)


def test_seeing_agrees_with_a_plain_search_on_any_chains() -> None:
    """The short cut through numbers is exact, forks or not."""
    chance = random.Random(7)
    known: list[Known] = []
    for _ in range(120):
        author = chance.choice(STAFF.ids)
        own = [each for each in known if each.author == author]
        before = chance.choice(own[-3:]) if own else None
        heads = {each.id for each in chance.sample(known, min(3, len(known)))} - {before.id if before else b""}
        past = Past(before.number + 1 if before else 1, before.id if before else None, tuple(sorted(heads)))
        known.append(write(STAFF, author, past, Noted(on=TODAY, case=CASE, text=str(len(known)))))
    whole = order(*known)
    assert whole.forks
    pasts: dict[bytes, set[bytes]] = {}
    for each in whole.order:
        cited = each.signed.event.cited
        pasts[each.id] = set(cited).union(*(pasts[one] for one in cited))
    for later in known:
        for earlier in known:
            assert whole.precedes(earlier.id, later.id) is (earlier.id in pasts[later.id])


def test_the_next_event_cites_every_other_live_head() -> None:
    """And follows the author's own last one."""
    desk = Desk(STAFF, "r1")
    one, two = line(STAFF, "r1", 2), line(STAFF, "r2", 2)
    desk.hear([*one, *two])
    assert desk.chains.next_of("r1") == Past(3, one[1].id, (two[1].id,))
    assert desk.chains.next_of("r3") == Past(1, None, tuple(sorted([one[1].id, two[1].id])))


def test_a_flood_of_forks_delays_nobody_for_long() -> None:
    """The heads of others come first, the rest with the events after, and each event can be read."""
    desk = Desk(STAFF, "r1")
    honest = write(STAFF, "r2", START, HEADS)
    flood = [write(STAFF, "r3", START, Noted(on=TODAY, case=CASE, text=str(number))) for number in range(80)]
    desk.hear([honest, *flood])
    first = desk.say(HEADS)
    assert honest.id in first.signed.event.heads
    assert len(first.signed.event.heads) == LIMITS.heads
    desk.say(HEADS)
    last = desk.say(HEADS)
    assert desk.chains.live_heads == (last.id,)


def test_what_a_removed_reviewer_wrote_after_the_last_event_named_is_void() -> None:
    """Theirs before it counts, and stays in the order either way."""
    staff = Staff()
    known = line(staff, "r3", 4)
    fork = write(staff, "r3", after(known[0]), Noted(on=TODAY, case=CASE, text="Other branch."))
    for last, void in (
        (known[1].id, {known[2].id, known[3].id, fork.id}),
        (None, {each.id for each in [*known, fork]}),
    ):
        staff.announce(("r1", "r2"), {"r3": last})
        after_removal = chains([*known, fork], staff.roster)
        assert after_removal.void == void
        assert len(after_removal.order) == 5


def test_the_last_event_named_must_be_the_removed_reviewers_own() -> None:
    """Another's voids nothing of the other and saves nothing of theirs."""
    staff = Staff()
    mine, theirs = line(staff, "r1", 2), line(staff, "r3", 2)
    staff.announce(("r1", "r2"), {"r3": mine[1].id})
    assert chains([*mine, *theirs], staff.roster).void == {each.id for each in theirs}


def test_of_two_copies_the_one_with_content_is_kept_whichever_came_first() -> None:
    """An order of arrival must not show in the log."""
    known = write(STAFF, "r1", START, HEADS)
    closed = Known(known.signed)
    assert order(closed, known) == order(known, closed) == order(known)


def test_content_that_was_not_committed_to_is_never_known() -> None:
    """Whoever brings it."""
    known = write(STAFF, "r1", START, HEADS)
    with pytest.raises(EventError):
        Known(known.signed, Opened(bytes(32), b"{}".ljust(512)))
