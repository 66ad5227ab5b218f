"""Replies are signed by their reviewer, sealed to one source, and all of one size."""

import contextlib
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nacl.signing import SigningKey

from crypto.dsse import Envelope, sign
from crypto.header import Stanza, read_header
from crypto.unseal import unseal
from tests.wire.organisation import INSTANCE, WEEK, Organisation, new_keys
from wire.errors import ReplyError
from wire.letter import REPLY_SIZE
from wire.mailbox import open_replies
from wire.reply import (
    LIMITS,
    PAYLOAD_TYPE,
    Reply,
    recipient_digest,
    reply_from_envelope,
    seal_decoy,
    seal_reply,
    seal_signed,
    sign_reply,
)

ORGANISATION = Organisation()
KEYS = new_keys()
REPLY = Reply(
    instance=INSTANCE,
    conversation=bytes(KEYS.conversation.public_key),
    reviewer="r1",
    number=1,
    seen=1,
    week=WEEK,
    roster=ORGANISATION.roster.digest,
    recipient=recipient_digest(KEYS.reply.recipient),
    text="Merci. Où est-ce ?",
)


@settings(deadline=None)
@given(st.text(max_size=4_000).filter(lambda text: len(text.encode()) <= LIMITS.text))
def test_a_reply_is_read_back_as_written(text: str) -> None:
    """Any text of at most 8,000 bytes survives, signed."""
    reply = replace(REPLY, text=text)
    envelope = sign(PAYLOAD_TYPE, reply.encode(), ORGANISATION.signing["r1"])
    assert reply_from_envelope(envelope, [ORGANISATION.roster]) == reply


@given(st.binary(max_size=300))
def test_any_bytes_give_a_reply_or_a_reply_error(untrusted: bytes) -> None:
    """No payload raises anything but a ReplyError."""
    with contextlib.suppress(ReplyError):
        Reply.decode(untrusted)


@pytest.mark.parametrize("text", ["", "x" * 8_000, "象" * 2_666, "\n" * 1_900 + "x" * 6_100])
def test_every_sealed_reply_has_one_size_and_one_stanza(text: str) -> None:
    """The size tells nothing about the text, and no mark tells whose it is."""
    sealed = seal_reply(replace(REPLY, text=text), ORGANISATION.signing["r1"], KEYS.reply.recipient)
    assert len(sealed) == REPLY_SIZE
    assert [stanza.type for stanza in read_header(sealed).stanzas] == ["mlkem768x25519"]
    envelope = Envelope.decode(unseal(sealed, [KEYS.reply]).rstrip(b" \n"))
    assert reply_from_envelope(envelope, [ORGANISATION.roster]).text == text


def test_a_reply_sealed_again_is_other_bytes_and_the_same_reply() -> None:
    """Whoever has seen the first cannot tell that the second is the same one, and its source finds one reply."""
    envelope = sign_reply(REPLY, ORGANISATION.signing["r1"])
    first, second = (seal_signed(envelope, KEYS.reply.recipient) for _ in range(2))
    assert first[200:264] != second[200:264]
    assert first[-REPLY_SIZE // 2 :] != second[-REPLY_SIZE // 2 :]
    assert open_replies([first, second], KEYS, [ORGANISATION.roster]).replies == (REPLY,)


def test_a_decoy_looks_like_a_reply() -> None:
    """Size, stanzas, their arguments' and bodies' lengths, and where they stand are those of a reply."""
    decoy, sealed = seal_decoy(), seal_reply(REPLY, ORGANISATION.signing["r1"], KEYS.reply.recipient)
    assert len(decoy) == len(sealed) == REPLY_SIZE
    one, other = read_header(decoy), read_header(sealed)
    assert [shape(stanza) for stanza in one.stanzas] == [shape(stanza) for stanza in other.stanzas]
    assert decoy.index(b"\n---") == sealed.index(b"\n---")
    assert not open_replies([decoy], KEYS, [ORGANISATION.roster]).replies


def shape(stanza: Stanza) -> tuple[str, list[int], int]:
    """What can be seen of a stanza but random bytes."""
    return stanza.type, [len(one) for one in stanza.arguments], len(stanza.body)


def test_text_that_json_makes_too_long_is_refused() -> None:
    """Signs that JSON has to spell out can fill a reply before its 8,000 bytes."""
    with pytest.raises(ReplyError, match="too long"):
        seal_reply(replace(REPLY, text="\x01" * 4_000), ORGANISATION.signing["r1"], KEYS.reply.recipient)


@pytest.mark.parametrize("change", [{"number": 0}, {"number": 1_000_001}, {"seen": 0}, {"text": "x" * 8_001}])
def test_values_out_of_range_are_refused(change: dict[str, int]) -> None:
    """Numbers and text have their bounds."""
    with pytest.raises(ReplyError):
        replace(REPLY, **change)  # type: ignore[arg-type] # a dict of mixed values


def test_a_reply_is_not_sealed_to_another_recipient() -> None:
    """The recipient inside the signature and the one sealed to are the same."""
    with pytest.raises(ReplyError, match="another recipient"):
        seal_reply(REPLY, ORGANISATION.signing["r1"], new_keys().reply.recipient)


@pytest.mark.parametrize(
    ("reply", "signer"),
    [
        (REPLY, ORGANISATION.signing["r2"]),
        (REPLY, SigningKey.generate()),
        (replace(REPLY, reviewer="nobody"), ORGANISATION.signing["r1"]),
        (replace(REPLY, roster=bytes(32)), ORGANISATION.signing["r1"]),
        (replace(REPLY, instance=bytes(16)), ORGANISATION.signing["r1"]),
    ],
)
def test_a_reply_not_signed_by_its_reviewer_is_refused(reply: Reply, signer: SigningKey) -> None:
    """Another signer, an unknown reviewer, roster or organisation is refused."""
    with pytest.raises(ReplyError):
        reply_from_envelope(sign(PAYLOAD_TYPE, reply.encode(), signer), [ORGANISATION.roster])
