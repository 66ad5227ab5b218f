"""Approvals: who must sign, for what, and each way in which that fails."""

import contextlib
import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.signing import SigningKey

from crypto.dsse import Envelope, Signature, sign
from tests.wire.dossiers import Desk
from wire.approval import PAYLOAD_TYPE, Approval, check_approvals, decode_approvals, encode_approvals
from wire.dossier import dossier_json
from wire.errors import (
    ApprovalSignatureError,
    MalformedApprovalError,
    NotOnRosterError,
    OtherDossierError,
    OtherOfficeError,
    OtherRosterError,
    ProposerMissingError,
    SameKeyTwiceError,
    SelfApprovalError,
    TooFewApprovalsError,
)

DESK = Desk()
ROSTER = DESK.organisation.roster
DIGEST = hashlib.sha256(dossier_json(DESK.draft, ROSTER)).digest()


def check(envelopes: Sequence[Envelope]) -> tuple[str, ...]:
    """Check approvals of the desk's dossier."""
    return check_approvals(envelopes, DIGEST, DESK.office.digest, ROSTER, "r1")


def test_enough_distinct_reviewers_approve() -> None:
    """The proposer and another reviewer are enough, in any order, and are told in the roster's order."""
    assert check(DESK.approvals) == ("r1", "r2")
    assert check([DESK.approve("r3"), DESK.approve("r2"), DESK.approve("r1")]) == ("r1", "r2", "r3")


def test_too_few_approvals_are_refused() -> None:
    """The proposer alone is not enough."""
    with pytest.raises(TooFewApprovalsError):
        check([DESK.approve("r1")])


def test_a_roster_that_asks_for_three_is_not_content_with_two() -> None:
    """The number comes from the roster."""
    strict = replace(ROSTER, approvals=3)
    digest = hashlib.sha256(dossier_json(DESK.draft, strict)).digest()
    two = [DESK.approve(one, dossier=digest, roster=strict.digest) for one in ("r1", "r2")]

    with pytest.raises(TooFewApprovalsError):
        check_approvals(two, digest, DESK.office.digest, strict, "r1")


def test_no_approvals_are_refused() -> None:
    """Without any approval the proposer's is what is missing."""
    with pytest.raises(ProposerMissingError):
        check([])


def test_the_proposer_is_among_them() -> None:
    """Two others are not enough without the proposer."""
    with pytest.raises(ProposerMissingError):
        check([DESK.approve("r2"), DESK.approve("r3")])


def test_the_proposer_approves_once() -> None:
    """A second approval by the proposer is a self-approval."""
    with pytest.raises(SelfApprovalError):
        check([DESK.approve("r1"), DESK.approve("r1")])


def test_the_proposer_cannot_approve_under_another_name() -> None:
    """The proposer's key does not make an approval of another reviewer, whichever comes first."""
    disguised = DESK.approve("r1", reviewer="r2")

    with pytest.raises(SelfApprovalError):
        check([DESK.approve("r1"), disguised])
    with pytest.raises(SelfApprovalError):
        check([disguised, DESK.approve("r1")])


def test_one_key_counts_once() -> None:
    """Two approvals by one key are refused, under one name or two."""
    with pytest.raises(SameKeyTwiceError):
        check([*DESK.approvals, DESK.approve("r2")])
    with pytest.raises(SameKeyTwiceError):
        check([*DESK.approvals, DESK.approve("r2", reviewer="r3")])


def test_a_reviewer_signs_in_their_own_name() -> None:
    """An approval that names another reviewer than its signer is refused."""
    with pytest.raises(ApprovalSignatureError):
        check([DESK.approve("r1"), DESK.approve("r2", reviewer="r3")])


def test_who_is_not_on_the_roster_does_not_count() -> None:
    """A key that is not on the roster then in force is refused, whatever name it uses."""
    with pytest.raises(NotOnRosterError):
        check([DESK.approve("r1"), sign(PAYLOAD_TYPE, DESK.approve("r2").payload, SigningKey.generate())])


def test_a_signature_must_hold() -> None:
    """A changed payload or another payload type breaks the signature."""
    good = DESK.approve("r2")
    changed = replace(good, payload=good.payload.replace(b'"r1"', b'"r3"'))
    other_type = sign("application/vnd.lapwing.receipt+json", good.payload, DESK.organisation.signing["r2"])

    for bad in (changed, other_type):
        with pytest.raises(ApprovalSignatureError):
            check([DESK.approve("r1"), bad])


@pytest.mark.parametrize("changes", [{"dossier": bytes(32)}, {"proposer": "r3"}])
def test_another_dossier_is_refused(changes: dict[str, Any]) -> None:
    """An approval for another digest, or for another proposer's dossier, is refused."""
    with pytest.raises(OtherDossierError):
        check([DESK.approve("r1"), DESK.approve("r2", **changes)])


def test_another_office_is_refused() -> None:
    """An approval for sending to another office is refused."""
    with pytest.raises(OtherOfficeError):
        check([DESK.approve("r1"), DESK.approve("r2", office=Desk().office.digest)])


@pytest.mark.parametrize("changes", [{"roster": bytes(32)}, {"instance": b"another instance"}])
def test_another_roster_is_refused(changes: dict[str, Any]) -> None:
    """An approval given under another roster or in another organisation is refused."""
    with pytest.raises(OtherRosterError):
        check([DESK.approve("r1"), DESK.approve("r2", **changes)])


def test_one_approval_has_one_signature() -> None:
    """An envelope with two signatures, or none, is no approval."""
    two = DESK.approve("r2").with_signatures(
        sign(PAYLOAD_TYPE, DESK.approve("r2").payload, DESK.organisation.signing["r3"])
    )
    for bad in (two, replace(two, signatures=())):
        with pytest.raises(MalformedApprovalError):
            check([bad])


def test_approvals_survive_their_file() -> None:
    """approvals.json gives back the very envelopes, and stays within its bound for every roster."""
    assert decode_approvals(encode_approvals(DESK.approvals)) == DESK.approvals
    assert len(encode_approvals([DESK.approve("r1")] * 32)) < 65_536


@pytest.mark.parametrize(
    "untrusted",
    [
        b"{}",
        b'{"v":1,"approvals":{}}',
        b'{"v":1,"approvals":["text"]}',
        b'{"v":1,"approvals":[{"payload":"!"}]}',
        b'{"v":1,"approvals":[],"more":1}',
        b'{"v":2,"approvals":[]}',
    ],
)
def test_what_is_no_list_of_approvals_is_refused(untrusted: bytes) -> None:
    """A file of another form is refused."""
    with pytest.raises(MalformedApprovalError):
        decode_approvals(untrusted)


@given(st.binary(max_size=300))
def test_any_bytes_are_refused_alike(untrusted: bytes) -> None:
    """No bytes do anything but give approvals or a ``MalformedApprovalError``."""
    for decode in (decode_approvals, Approval.decode):
        with contextlib.suppress(MalformedApprovalError):
            decode(untrusted)


ids = st.from_regex(r"[a-z0-9-]{1,32}", fullmatch=True)
digests = st.binary(min_size=32, max_size=32)


@given(st.builds(Approval, st.binary(min_size=16, max_size=16), digests, digests, digests, ids, ids))
def test_every_statement_is_read_as_written(approval: Approval) -> None:
    """What is signed says the same when it is read."""
    assert Approval.decode(approval.encode()) == approval


@given(st.lists(st.sampled_from(["r1", "r2", "r3"]), max_size=5), st.booleans())
def test_only_enough_distinct_reviewers_pass(signers: list[str], forge: bool) -> None:
    """A list passes only if it has the proposer, another reviewer, and nobody twice."""
    envelopes = [DESK.approve(one) for one in signers]
    if forge and envelopes:
        key = envelopes[0].signatures[0].key
        envelopes[0] = replace(envelopes[0], signatures=(Signature(key, bytes(64)),))
    good = "r1" in signers and len(set(signers)) == len(signers) >= 2 and not forge
    try:
        assert set(check(envelopes)) == set(signers)
        passed = True
    except (
        ApprovalSignatureError,
        ProposerMissingError,
        SameKeyTwiceError,
        SelfApprovalError,
        TooFewApprovalsError,
    ):
        passed = False

    assert passed == good
