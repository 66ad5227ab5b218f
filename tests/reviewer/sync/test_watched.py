"""Who watches the shelves learns nothing about replies; from apps that hide them badly they would.

What is real in these worlds and what is cheap stands in `tests/reviewer/watcher.py`.
"""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from reviewer.timetable import Opening
from tests.reviewer.watcher import (
    ALL_DAY,
    HALF_HOURS,
    IDS,
    LETTERS,
    Habit,
    Office,
    Post,
    Run,
    Score,
    Write,
    post_as_the_app,
    post_in_any_place,
    watch,
    write_as_the_app,
    write_at_once,
    write_for_this_hour,
)

FEW, SOME, MANY = 8, 40, 200
HABITS = pytest.mark.parametrize("habit", [HALF_HOURS, ALL_DAY], ids=["half hours", "all day"])


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    """Three apps' tables."""
    office = Office()
    yield office
    office.close()


def play(office: Office, runs: int, habit: Habit, post: Post, write: Write) -> dict[str, Score]:
    """Play so many runs, and let the watcher guess."""
    return watch([Run(office, number, habit).play(post, write) for number in range(runs)])


@HABITS
def test_the_watched_worlds_are_what_they_should_be(office: Office, habit: Habit) -> None:
    """A thousand letters, half of them decoys, half of the others read, on all shelves and by all apps."""
    world = Run(office, 1, habit).play(post_as_the_app, write_as_the_app)
    replies = [truth for _, truth in world.letters if truth.tip is not None]

    assert len(world.letters) == LETTERS
    assert 0.35 * LETTERS < len(replies) < 0.65 * LETTERS
    assert 0.25 * len(replies) < sum(truth.read for truth in replies) < 0.75 * len(replies)
    assert len({seen.place for seen, _ in world.letters}) == 8
    assert {seen.app for seen, _ in world.letters} == set(IDS)


@HABITS
def test_a_watcher_learns_nothing(office: Office, habit: Habit) -> None:
    """Decoy or reply, read or not, and to which tip: guesses are as good as blind ones."""
    for name, score in play(office, FEW, habit, post_as_the_app, write_as_the_app).items():
        assert score.holds_chance, (name, score.interval)


@HABITS
def test_replies_that_leave_at_once_are_found(office: Office, habit: Habit) -> None:
    """Beside decoys that leave by the timetable, replies that do not wait for it are told from them."""
    assert not play(office, FEW, habit, post_as_the_app, write_at_once)["decoy"].holds_chance


def test_replies_that_take_any_letters_place_are_found(office: Office) -> None:
    """Where a reply takes its shelf with it, busy shelves show, and with them which letters are likelier replies."""
    assert not play(office, FEW, ALL_DAY, post_in_any_place, write_as_the_app)["decoy"].holds_chance


def test_letters_by_the_hour_soon_after_an_opening_would_be_found(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What waits leaves with the first letter, so a second soon after it is likelier a decoy: none leaves then."""
    monkeypatch.setattr(Opening, "covers", lambda _opening, _moment: False)
    more = replace(HALF_HOURS, written=HALF_HOURS.written * 1.5)
    assert not play(office, FEW, more, post_as_the_app, write_as_the_app)["decoy"].holds_chance


@pytest.mark.slow
@pytest.mark.no_cover  # measuring coverage would take twice the time of all that it plays
@pytest.mark.parametrize(("habit", "runs"), [(HALF_HOURS, MANY), (ALL_DAY, SOME)], ids=["half hours", "all day"])
def test_a_watcher_learns_nothing_in_two_hundred_runs(office: Office, habit: Habit, runs: int) -> None:
    """The same with 200,000 letters of reviewers who open the app now and then, and 40,000 of others."""
    for name, score in play(office, runs, habit, post_as_the_app, write_as_the_app).items():
        assert score.holds_chance, (name, score.interval)


@pytest.mark.slow
@pytest.mark.no_cover  # measuring coverage would take twice the time of all that it plays
def test_replies_that_leave_in_the_hour_in_which_they_were_written_are_found(office: Office) -> None:
    """A letter long after the one before it would be likelier a reply; that is why a reply waits for a later hour."""
    assert not play(office, SOME, ALL_DAY, post_as_the_app, write_for_this_hour)["decoy"].holds_chance
