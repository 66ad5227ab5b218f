"""A source finds their own replies on a shelf, each once, with the gaps; everything else is passed over."""

from dataclasses import replace
from random import Random

import pytest
from nacl.signing import SigningKey

from crypto.codename import CodenameKeys
from crypto.dsse import sign
from crypto.seal import Sealer, plaintext_size_for
from tests.wire.organisation import INSTANCE, WEEK, Organisation, new_keys
from wire.letter import REPLY_SIZE
from wire.mailbox import LIMITS, open_replies
from wire.reply import PAYLOAD_TYPE, Reply, recipient_digest, seal_reply

ORGANISATION = Organisation()
ROSTERS = [ORGANISATION.roster]
KEYS = new_keys()
OTHER_KEYS = new_keys()


def make(number: int, reviewer: str = "r1", keys: CodenameKeys = KEYS, seen: int = 1) -> Reply:
    """Return a reply."""
    return Reply(
        instance=INSTANCE,
        conversation=bytes(keys.conversation.public_key),
        reviewer=reviewer,
        number=number,
        seen=seen,
        week=WEEK,
        roster=ORGANISATION.roster.digest,
        recipient=recipient_digest(keys.reply.recipient),
        text=f"reply {number}",
    )


def put(reply: Reply, keys: CodenameKeys = KEYS, signer: SigningKey | None = None) -> bytes:
    """Seal a reply to someone, signed by its reviewer or by someone else."""
    return seal_reply(reply, signer or ORGANISATION.signing[reply.reviewer], keys.reply.recipient)


def seal_raw(plaintext: bytes) -> bytes:
    """Seal any bytes to the source, as large as a reply."""
    sealer = Sealer([KEYS.reply.recipient])
    size = plaintext_size_for(sealer.header_size, REPLY_SIZE)
    assert size is not None
    return sealer.start() + sealer.update(plaintext.ljust(size, b" ")) + sealer.finish()


def test_own_replies_are_found_among_all_in_order() -> None:
    """From a mixed shelf come this source's replies, ordered."""
    mine = [make(1), make(1, "r2"), make(2, seen=2)]
    shelf = [*(put(reply) for reply in mine), *(put(make(n, keys=OTHER_KEYS), OTHER_KEYS) for n in (1, 2, 3))]
    Random(7).shuffle(shelf)
    mailbox = open_replies(iter(shelf), KEYS, ROSTERS)
    assert mailbox.replies == tuple(mine)
    assert mailbox.gaps == ()


def test_a_reply_posted_twice_is_shown_once() -> None:
    """Sealed twice, a reply is one reply."""
    assert open_replies([put(make(1)), put(make(1))], KEYS, ROSTERS).replies == (make(1),)


def test_a_missing_number_shows_as_a_gap() -> None:
    """Each reviewer's numbers are complete or the gap is told."""
    mailbox = open_replies([put(make(4)), put(make(1)), put(make(2, "r3"))], KEYS, ROSTERS)
    assert mailbox.gaps == (("r1", 2), ("r1", 3), ("r3", 1))


def test_no_reviewer_can_flood_the_gaps() -> None:
    """At most 64 gaps are told."""
    assert len(open_replies([put(make(1_000_000))], KEYS, ROSTERS).gaps) == LIMITS.gaps == 64


def flip(sealed: bytes) -> bytes:
    """Change the last bit."""
    return sealed[:-1] + bytes([sealed[-1] ^ 1])


FORGED = {
    "signed by another": put(make(1), signer=SigningKey.generate()),
    "signed by another reviewer": put(make(1), signer=ORGANISATION.signing["r2"]),
    "passed on": seal_raw(sign(PAYLOAD_TYPE, make(1, keys=OTHER_KEYS).encode(), ORGANISATION.signing["r1"]).encode()),
    "another conversation": put(replace(make(1), conversation=bytes(32))),
    "unknown roster": put(replace(make(1), roster=bytes(32))),
    "no envelope": seal_raw(b"hello"),
    "no reply": seal_raw(sign(PAYLOAD_TYPE, b"{}", ORGANISATION.signing["r1"]).encode()),
    "another kind": seal_raw(sign("text/plain", make(1).encode(), ORGANISATION.signing["r1"]).encode()),
    "not age": bytes(REPLY_SIZE),
    "damaged": flip(put(make(1))),
    "short": put(make(1))[:-1],
    "empty": b"",
}


@pytest.mark.parametrize("sealed", FORGED.values(), ids=FORGED)
def test_what_is_no_genuine_reply_to_this_source_is_passed_over(sealed: bytes) -> None:
    """Nothing forged, passed on or damaged is shown, and it stops nothing else from being shown."""
    assert open_replies([sealed, put(make(2))], KEYS, ROSTERS).replies == (make(2),)
