"""Talking to a source: replies signed, numbered, sealed to the source alone."""

from reviewer.acts.desk_work import Hand, required
from reviewer.errors import ActError
from reviewer.store import letters
from reviewer.store import log as store
from wire.content import Replied
from wire.errors import ReplyError
from wire.letter import decode_content
from wire.reply import LIMITS, Reply, recipient_digest, seal_reply
from wire.week import Week


def reply(hand: Hand, case_id: bytes, text: str) -> None:
    """Answer the source; the sealed reply goes with the next round.

    Raises:
        ActError: the text is missing or too long, or there is no source to answer.
    """
    with hand.work() as work:
        case = work.case(case_id)
        stored = [one for one in letters.letters_of(work.connection, case_id) if one.content is not None]
        if not stored:
            raise ActError("no source's letter is here, so there is nobody to answer")
        assert stored[-1].content is not None
        last = decode_content(stored[-1].content)
        own = [entry.content.number for entry in case.replies if entry.author == hand.desk.id]
        words = required(text, ActError("the reply is missing; write it and try again"))
        if len(words.encode()) > LIMITS.text:
            raise ActError("the reply is over 8000 bytes; write two")
        answer = Reply(
            instance=work.roster.instance,
            conversation=last.conversation,
            reviewer=hand.desk.id,
            number=max(own, default=0) + 1,
            seen=last.number,
            week=Week.of(hand.desk.today()),
            roster=work.roster.digest,
            recipient=recipient_digest(last.reply_to),
            text=words,
        )
        try:
            sealed = seal_reply(answer, hand.desk.signing, last.reply_to)
        except ReplyError:
            raise ActError("the reply is too long once it is written down; write two") from None
        work.pen.write(Replied(on=hand.desk.today(), case=case_id, number=answer.number, seen=answer.seen, text=words))
        store.queue(work.connection, "reply", last.shelf.to_bytes(store.SHELF_SIZE, "big") + sealed, case_id)
