"""What a circuit brings is bounded in bytes, and what another brings costs it nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from submission.errors import TooMuchSentError
from submission.quota import MOST_KNOWN, SECONDS, Quota


def test_too_much_is_refused_and_not_counted() -> None:
    """Over its bytes a circuit is refused; less still fits."""
    quota = Quota(100)
    quota.take("a", 60, 0)

    with pytest.raises(TooMuchSentError):
        quota.take("a", 41, 0)
    quota.take("a", 40, 0)


def test_another_circuit_pays_nothing() -> None:
    """What one brought leaves the others all of theirs."""
    quota = Quota(100)
    quota.take("a", 100, 0)

    quota.take("b", 100, 0)


def test_what_was_brought_wears_off_in_an_hour() -> None:
    """After half an hour half of it may be brought again, after an hour all of it."""
    quota = Quota(100)
    quota.take("a", 100, 0)

    with pytest.raises(TooMuchSentError):
        quota.take("a", 51, SECONDS / 2)
    quota.take("a", 50, SECONDS / 2)
    quota.take("a", 100, SECONDS * 1.5)


def test_circuits_that_owe_nothing_are_forgotten() -> None:
    """However many circuits come, only those of the last hour are remembered."""
    quota = Quota(100)
    for number in range(10 * MOST_KNOWN):
        quota.take(str(number), 1, number * SECONDS / MOST_KNOWN)

    assert len(quota) <= MOST_KNOWN + 1


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 120), st.integers(0, SECONDS))))
def test_no_hour_holds_more_than_twice_the_bytes(visits: list[tuple[str, int, int]]) -> None:
    """Whatever the order of visits, a circuit brings at most its bytes at once and as many again in an hour."""
    quota, now = Quota(100), 0
    taken: list[tuple[int, int]] = []
    for circuit, size, seconds in visits:
        now += seconds
        try:
            quota.take(circuit, size, now)
        except TooMuchSentError:
            continue
        if circuit == "a":
            taken.append((now, size))
        assert sum(one for then, one in taken if then > now - SECONDS) <= 200
