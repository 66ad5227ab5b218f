"""The bounds of an approval and of approvals.json, each at its very edge."""

from dataclasses import replace

import pytest

from crypto.dsse import Envelope
from tests.wire.edges import changed
from wire.approval import Approval, decode_approvals, encode_approvals
from wire.errors import MalformedApprovalError

APPROVAL = Approval(bytes(16), bytes(32), bytes(32), bytes(32), "r" * 32, "s" * 32)
GOOD = APPROVAL.encode()
ENVELOPE = Envelope("t", b"", ())


def named(field: str, who: str) -> Approval:
    """The approval with another proposer or reviewer."""
    return replace(APPROVAL, proposer=who) if field == "proposer" else replace(APPROVAL, reviewer=who)


def test_an_approval_has_at_most_1024_bytes() -> None:
    """White space may fill it up to 1,024 bytes, and no further."""
    assert Approval.decode(GOOD.ljust(1_024)) == APPROVAL
    with pytest.raises(MalformedApprovalError, match="more than 1024 bytes"):
        Approval.decode(GOOD.ljust(1_025))


@pytest.mark.parametrize("who", ["proposer", "reviewer"])
def test_an_id_has_1_to_32_bytes(who: str) -> None:
    """32 are read; 33 and none are refused."""
    assert Approval.decode(GOOD) == APPROVAL
    for wrong in ("", "x" * 33):
        with pytest.raises(MalformedApprovalError, match=who):
            Approval.decode(named(who, wrong).encode())


@pytest.mark.parametrize("version", [b"0", b"2", b"true"])
def test_another_version_is_refused(version: bytes) -> None:
    """In an approval and in approvals.json alike, `v` is 1."""
    with pytest.raises(MalformedApprovalError, match="v is not"):
        Approval.decode(GOOD.replace(b'"v":1', b'"v":' + version, 1))
    with pytest.raises(MalformedApprovalError, match="v is not"):
        decode_approvals(encode_approvals([ENVELOPE]).replace(b'"v":1', b'"v":' + version, 1))


def test_a_field_that_does_not_belong_there_is_told() -> None:
    """What is signed says nothing else beside, and neither does the file."""
    with pytest.raises(MalformedApprovalError, match="does not belong there"):
        Approval.decode(changed(GOOD, more=1))
    with pytest.raises(MalformedApprovalError, match="does not belong there"):
        decode_approvals(changed(encode_approvals([ENVELOPE]), more=1))


def test_the_file_has_at_most_65536_bytes() -> None:
    """White space may fill it up to 65,536 bytes, and no further."""
    file = encode_approvals([ENVELOPE])
    assert decode_approvals(file.ljust(65_536)) == (ENVELOPE,)
    with pytest.raises(MalformedApprovalError, match="more than 65536 bytes"):
        decode_approvals(file.ljust(65_537))


def test_the_file_has_at_most_32_approvals() -> None:
    """32 are read, 33 are refused."""
    assert len(decode_approvals(encode_approvals([ENVELOPE] * 32))) == 32
    with pytest.raises(MalformedApprovalError, match="approvals is not a list"):
        decode_approvals(encode_approvals([ENVELOPE] * 33))
