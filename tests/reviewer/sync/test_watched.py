"""Who watches the shelves learns nothing about replies; from apps that hide them badly they would."""

import pytest

from tests.reviewer.office_hours import OfficeHours
from tests.reviewer.watcher import (
    LETTERS,
    Post,
    Run,
    Score,
    World,
    Write,
    post_as_the_app,
    post_in_any_place,
    watch,
    write_as_the_app,
    write_at_once,
    write_for_this_hour,
)

FEW, SOME, MANY = 8, 60, 200


def play(office: OfficeHours, runs: int, post: Post, write: Write) -> dict[str, Score]:
    """Play so many runs, and let the watcher guess."""
    return watch([Run(office, number).play(post, write) for number in range(runs)])


def test_the_watched_worlds_are_what_they_should_be(office: OfficeHours) -> None:
    """A thousand letters, half of them decoys, half of the others read, on all shelves and by all apps."""
    world: World = Run(office, 1).play(post_as_the_app, write_as_the_app)
    replies = [truth for _, truth in world.letters if truth.tip is not None]

    assert len(world.letters) == LETTERS
    assert 0.35 * LETTERS < len(replies) < 0.65 * LETTERS
    assert 0.25 * len(replies) < sum(truth.read for truth in replies) < 0.75 * len(replies)
    assert len({seen.place for seen, _ in world.letters}) == 8
    assert {seen.app for seen, _ in world.letters} == {"r1", "r2", "r3"}


def test_a_watcher_learns_nothing(office: OfficeHours) -> None:
    """Decoy or reply, read or not, and to which tip: guesses are as good as blind ones."""
    for name, score in play(office, FEW, post_as_the_app, write_as_the_app).items():
        assert score.holds_chance, (name, score.interval)


def test_replies_that_leave_at_once_are_found(office: OfficeHours) -> None:
    """Beside decoys that leave by the timetable, replies that do not wait for it are told from them."""
    assert not play(office, FEW, post_as_the_app, write_at_once)["decoy"].holds_chance


def test_replies_that_take_any_letters_place_are_found(office: OfficeHours) -> None:
    """Where a reply takes its shelf with it, busy shelves show, and with them which letters are likelier replies."""
    assert not play(office, FEW, post_in_any_place, write_as_the_app)["decoy"].holds_chance


@pytest.mark.slow
def test_a_watcher_learns_nothing_in_two_hundred_runs(office: OfficeHours) -> None:
    """The same with 200,000 letters."""
    for name, score in play(office, MANY, post_as_the_app, write_as_the_app).items():
        assert score.holds_chance, (name, score.interval)


@pytest.mark.slow
def test_replies_that_leave_at_once_are_found_in_two_hundred_runs(office: OfficeHours) -> None:
    """The test that finds nothing about the app finds decoys without delay."""
    assert not play(office, MANY, post_as_the_app, write_at_once)["decoy"].holds_chance


@pytest.mark.slow
def test_replies_that_leave_in_the_hour_in_which_they_were_written_are_found(office: OfficeHours) -> None:
    """A letter long after the one before it would be likelier a reply; that is why a reply waits for a later hour."""
    assert not play(office, SOME, post_as_the_app, write_for_this_hour)["decoy"].holds_chance
