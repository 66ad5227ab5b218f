"""What readable events say, by case."""

from dataclasses import replace

from reviewer.chain import Known
from reviewer.entry import Story, by_case, of, read
from tests.reviewer.casework import CASE, TODAY, Desk, Staff, share, write
from wire.content import Heads, Noted, StatusSet
from wire.content_kind import CaseContent

OTHER = bytes(16)


def note(text: str, case: bytes = CASE) -> Noted:
    """A note."""
    return Noted(on=TODAY, case=case, text=text)


def test_what_can_be_read_is_read_in_order() -> None:
    """What cannot, is passed over."""
    desk = Desk(Staff(), "r1")
    events = [desk.say(note("one")), desk.say(Heads(on=TODAY)), desk.say(note("two"))]
    desk.known[events[1].id] = Known(events[1].signed)
    entries, malformed = read(desk.chains)
    assert [entry.content for entry in entries] == [note("one"), note("two")]
    assert [entry.author for entry in entries] == ["r1", "r1"]
    assert malformed == ()


def test_content_that_makes_no_sense_is_named_and_says_nothing() -> None:
    """It may be of a later version."""
    staff = Staff()
    desk = Desk(staff, "r1")
    wrong = write(staff, "r1", desk.chains.next_of("r1"), b'{"v":1,"kind":"later"}')
    desk.hear([wrong])
    desk.say(note("after"))
    entries, malformed = read(desk.chains)
    assert [entry.content for entry in entries] == [note("after")]
    assert malformed == (wrong.id,)


def test_what_is_void_says_nothing() -> None:
    """Even where it can be read."""
    staff = Staff()
    desk = Desk(staff, "r3")
    counts = desk.say(note("counts"))
    desk.say(note("void"))
    staff.announce(("r1", "r2"), {"r3": counts.id})
    assert [entry.content for entry in read(desk.chains)[0]] == [note("counts")]


def test_every_case_has_its_own_story() -> None:
    """What belongs to no case is in none."""
    desk = Desk(Staff(), "r1")
    for content in (note("one"), Heads(on=TODAY), note("other", OTHER), note("two")):
        desk.say(content)
    stories = by_case(desk.chains, read(desk.chains)[0])
    assert {case: [entry.content for entry in story.of(Noted)] for case, story in stories.items()} == {
        CASE: [note("one"), note("two")],
        OTHER: [note("other", OTHER)],
    }
    assert stories[CASE].of(StatusSet) == ()
    assert len(of(stories[CASE].entries, CaseContent)) == 2


def test_the_latest_are_those_that_no_other_had_seen() -> None:
    """Several when they were written at the same time."""
    staff = Staff()
    one, two = Desk(staff, "r1"), Desk(staff, "r2")
    one.say(note("first"))
    share(one, two)
    one.say(note("left"))
    one.say(note("left again"))
    two.say(note("right"))
    share(one, two)
    story = Story(one.chains, read(one.chains)[0])
    assert {entry.content.text for entry in story.latest(story.of(Noted))} == {"left again", "right"}
    assert story.latest(()) == ()
    one.say(note("both seen"))
    story = Story(one.chains, read(one.chains)[0])
    assert [entry.content.text for entry in story.latest(story.of(Noted))] == ["both seen"]


def test_the_past_of_an_event_is_what_its_author_had_seen() -> None:
    """The event itself apart."""
    staff = Staff()
    one, two = Desk(staff, "r1"), Desk(staff, "r2")
    one.say(note("first"))
    share(one, two)
    one.say(note("unseen"))
    two.say(note("second"))
    share(one, two)
    story = Story(one.chains, read(one.chains)[0])
    second = next(entry for entry in story.of(Noted) if entry.content.text == "second")
    past = story.past_of(second)
    assert [entry.content for entry in past.of(Noted)] == [note("first")]
    assert replace(past, entries=()) == Story(story.chains, ())
