"""Talking to a source: replies that wait until a letter leaves whose place they take."""

from reviewer.acts.desk_work import Hand, required
from reviewer.errors import ActError
from reviewer.store import replies
from reviewer.store.replies import Waiting
from reviewer.sync.moments import stored_moments
from reviewer.sync.replies import last_letter
from reviewer.timetable import next_period
from wire.content import Replied
from wire.errors import EventError, ReplyError
from wire.event import commit
from wire.reply import LIMITS, Reply, recipient_digest, seal_reply
from wire.week import Week


def reply(hand: Hand, case_id: bytes, text: str, asks: str = "") -> None:
    """Answer the source; the reply is signed, logged and sealed when it leaves (`reviewer.sync.replies`).

    Until then nothing of it leaves this app, so that nobody sees when it was written. The other reviewers read it when
    it has left.

    Args:
        hand: who answers.
        case_id: 16 bytes.
        text: what the source reads.
        asks: name of the question that it asks for rewards; the case remembers it.

    Raises:
        ActError: the text is missing or too long, or there is no source to answer.
    """
    with hand.work() as work:
        work.case(case_id)
        last = last_letter(work.connection, case_id)
        if last is None:
            raise ActError("no source's letter is here, so there is nobody to answer")
        words = required(text, ActError("the reply is missing; write it and try again"))
        if len(words.encode()) > LIMITS.text:
            raise ActError("the reply is over 8000 bytes; write two")
        # Whether it fits is tried now, with the longest number: later nobody is there to write two.
        answer = Reply(
            instance=work.roster.instance,
            conversation=last.conversation,
            reviewer=hand.desk.id,
            number=LIMITS.number,
            seen=last.number,
            week=Week.of(hand.desk.today()),
            roster=work.roster.digest,
            recipient=recipient_digest(last.reply_to),
            text=words,
        )
        said = Replied(
            on=hand.desk.today(), case=case_id, number=LIMITS.number, seen=last.number, text=words, asks=asks
        )
        try:
            seal_reply(answer, hand.desk.signing, last.reply_to)
            commit(said.encode())
        except (ReplyError, EventError):
            raise ActError("the reply is too long once it is written down; write two") from None
        ready = next_period(hand.desk.now(), hand.desk.period)
        unlocking = stored_moments(work.connection, hand.desk).unlockings
        waits = Waiting(case_id, hand.desk.today(), ready, last.number, words, unlocking=unlocking, asks=asks)
        replies.add(work.connection, waits)
