"""Replies reach the source alone, numbered, and the other reviewers read them in the case."""

import pytest

from reviewer.acts import cases, talk
from reviewer.errors import ActError
from tests.reviewer.office_hours import OfficeHours
from tests.reviewer.source import Source


def test_reply_is_read_by_the_source_and_by_the_reviewers(office: OfficeHours) -> None:
    """A reply comes to the source's mailbox, signed and numbered, and into the case."""
    office.open()
    source = Source(office)
    source.send()
    office.rounds(times=2)
    talk.reply(office.hand("r1"), source.case_id, "Merci. Avez-vous la page de l’annonce ? 谢谢")
    office.letters_leave()
    office.rounds()
    source.send("here it is")
    office.rounds()
    talk.reply(office.hand("r1"), source.case_id, "Thank you")
    office.letters_leave()
    office.rounds()

    mailbox = source.mailbox()
    assert [(reply.reviewer, reply.number, reply.seen) for reply in mailbox.replies] == [("r1", 1, 1), ("r1", 2, 2)]
    assert mailbox.replies[0].text == "Merci. Avez-vous la page de l’annonce ? 谢谢"
    assert not mailbox.gaps
    assert [reply.content.text for reply in office.case("r2", source.case_id).replies][1] == "Thank you"


def test_each_reviewer_numbers_their_own_replies(office: OfficeHours) -> None:
    """Two reviewers who answer at the same time do not take each other's numbers."""
    office.open()
    source = Source(office)
    source.send()
    office.rounds(times=2)
    talk.reply(office.hand("r1"), source.case_id, "one")
    talk.reply(office.hand("r2"), source.case_id, "two")
    office.letters_leave()

    assert {(reply.reviewer, reply.number) for reply in source.mailbox().replies} == {("r1", 1), ("r2", 1)}


@pytest.mark.parametrize(
    ("text", "message"), [(" ", "the reply is missing"), ("x" * 8_001, "over 8000 bytes"), ('"' * 8_000, "write two")]
)
def test_reply_that_cannot_go_is_refused(office: OfficeHours, text: str, message: str) -> None:
    """An empty reply and one that does not fit are refused before anything is written."""
    office.open()
    source = Source(office)
    source.send()
    office.rounds("r1")

    with pytest.raises(ActError, match=message):
        talk.reply(office.hand("r1"), source.case_id, text)
    assert not office.case("r1", source.case_id).replies


def test_case_without_a_source_has_nobody_to_answer(office: OfficeHours) -> None:
    """In a case that a reviewer opened there is no source to reply to."""
    office.open()
    case_id = cases.open_case(office.hand("r1"), "Orchids", [], "")

    with pytest.raises(ActError, match="nobody to answer"):
        talk.reply(office.hand("r1"), case_id, "hello?")
