"""What comes in on the log shelf: nobody hides another's content by being there first."""

import hashlib
from datetime import date

import pytest

from reviewer.store import log as store
from reviewer.store.log import MOST_BOXES
from reviewer.sync.log import keep_items, pull_log
from tests.reviewer.office_hours import INSTANCE, OfficeHours
from wire.batch import CaseKey, Grant, Item, Posted, seal_grant
from wire.content import Heads, Noted
from wire.content_kind import Content
from wire.event import Event, Opened, SignedEvent, commit, seal_content, sign_event

KEY = CaseKey(b"c" * 16, b"k" * 32)
TODAY = date(2026, 11, 25)


class Mail:
    """An event by r1, with true and false copies of it, and what r2's app makes of them."""

    def __init__(self, office: OfficeHours, content: Content | bytes) -> None:
        self.office, self.desk = office, office.desks["r2"]
        self.opened = commit(content if isinstance(content, bytes) else content.encode())
        event = Event(INSTANCE, "r1", 1, None, (), self.opened.commitment)
        self.signed: SignedEvent = sign_event(event, office.desks["r1"].signing)

    def boxed(self, key: CaseKey = KEY, opened: Opened | None = None) -> Posted:
        """A copy with a box."""
        return Posted(self.signed.envelope, box=seal_content(opened or self.opened, key.key, self.signed.id))

    def plain(self, opened: Opened | None = None) -> Posted:
        """A copy in the open."""
        return Posted(self.signed.envelope, opened or self.opened)

    def take(self, *items: Item) -> None:
        """One batch comes in."""
        with self.desk.vault.begin() as connection:
            keep_items(connection, self.desk, self.office.roster, items)

    def hold(self, key: CaseKey = KEY) -> None:
        """The app gets a case key some other way."""
        with self.desk.vault.begin() as connection:
            store.add_case_key(connection, key.case, hashlib.sha256(key.key).digest(), key.key)

    def read(self) -> bytes | None:
        """What the app could read of the event."""
        with self.desk.vault.read() as connection:
            event = store.event(connection, self.signed.id)
        assert event is not None
        return event.opened


@pytest.fixture
def note(office: OfficeHours) -> Mail:
    """A note in a case."""
    return Mail(office, Noted(on=TODAY, case=KEY.case, text="Hold on."))


@pytest.fixture
def heads(office: OfficeHours) -> Mail:
    """Something that concerns everybody."""
    return Mail(office, Heads(on=TODAY))


def test_true_box_is_read_after_any_number_of_false_ones(note: Mail) -> None:
    """Whoever holds the case reads it whenever the true box comes."""
    note.hold()
    note.take(*(note.boxed(CaseKey(KEY.case, bytes([number]) * 32)) for number in range(MOST_BOXES + 2)))
    assert note.read() is None
    note.take(note.boxed())
    assert note.read() == note.opened.nonce + note.opened.content
    note.take(note.boxed(CaseKey(KEY.case, bytes(32))))
    assert note.read() is not None


def test_box_that_came_before_its_key_is_read_with_it(note: Mail) -> None:
    """The true box waits among false ones."""
    note.office.open()
    note.take(note.boxed(CaseKey(KEY.case, bytes(32))), note.boxed())
    assert note.read() is None
    recipient = dict(note.office.sheet().keys)["r2"]
    note.take(seal_grant([KEY], [recipient]), Grant(b"for nobody"))
    assert note.read() is not None


def test_key_that_a_letter_brought_opens_what_came_before(note: Mail) -> None:
    """Even when no batch comes after it."""
    note.office.open()
    note.take(note.boxed())
    note.hold()
    assert pull_log(note.desk, note.office.intakes["r2"])
    assert note.read() is not None


def test_key_given_for_another_case_first_still_opens_its_own(note: Mail) -> None:
    """A grant is not signed."""
    note.hold(CaseKey(b"x" * 16, KEY.key))
    note.hold()
    note.take(note.boxed())
    assert note.read() is not None


def test_content_in_the_open_is_read_after_a_false_box(heads: Mail) -> None:
    """Else one reviewer could hide an office, or an erasure, from another."""
    heads.take(heads.boxed())
    assert heads.read() is None
    heads.take(heads.plain())
    assert heads.read() == heads.opened.nonce + heads.opened.content


def test_what_belongs_to_no_case_is_not_read_from_a_box(heads: Mail) -> None:
    """Some would see it and others not."""
    heads.hold()
    heads.take(heads.boxed())
    assert heads.read() is None


def test_content_of_a_later_version_keeps_its_event(office: OfficeHours) -> None:
    """It says nothing yet, and its author's chain goes on."""
    office.open()
    later = Mail(office, b'{"v":1,"kind":"later"}')
    later.take(later.plain())
    assert later.read() is not None
    assert office.log("r2").malformed == (later.signed.id,)


def test_content_that_was_not_committed_to_is_passed_over(heads: Mail) -> None:
    """With its copy of the event; the true one may still come."""
    heads.take(heads.plain(commit(Heads(on=TODAY).encode())))
    with heads.desk.vault.read() as connection:
        assert store.event(connection, heads.signed.id) is None
    heads.take(heads.plain())
    assert heads.read() is not None
