"""A source finds in the client the replies that Python's mailbox finds, and nothing else."""

from dataclasses import replace
from random import Random
from typing import Any

import pytest

from crypto.codename import Codename, CodenameKeys
from crypto.dsse import sign
from crypto.header import Stanza
from crypto.hybrid import HybridIdentity
from crypto.seal import Sealer, plaintext_size_for
from tests.client.node import Core
from tests.client.source import sent_keys
from tests.vectors.shape import Vector, read_vectors
from tests.wire.organisation import WEEK, Organisation
from tests.wire.test_mailbox import FORGED, KEYS, ORGANISATION, OTHER_KEYS, make, put, seal_raw
from wire.letter import REPLY_SIZE
from wire.mailbox import open_replies
from wire.reply import PAYLOAD_TYPE
from wire.roster import Roster
from wire.week import Week

VECTORS = read_vectors("reply")


def found(core: Core, shelf: list[bytes], keys: CodenameKeys = KEYS, *rosters: Roster) -> dict[str, Any]:
    """What the client finds, after checking that Python finds the same."""
    known = rosters or (ORGANISATION.roster,)
    answer: dict[str, Any] = core.ask(
        "replies", shelf=b"".join(shelf), keys=sent_keys(keys), rosters=[sendable(one) for one in known]
    )
    mailbox = open_replies(shelf, keys, known)
    assert answer["gaps"] == [list(gap) for gap in mailbox.gaps]
    assert answer["replies"] == [
        [one.reviewer, one.number, one.seen, str(one.week), one.roster.hex(), one.text] for one in mailbox.replies
    ]
    return answer


def sendable(roster: Roster) -> object:
    """A roster as the driver takes it."""
    from tests.client.node import sendable as base64

    return base64(roster.encode())


def test_own_replies_are_found_among_all_in_order(core: Core) -> None:
    """From a mixed shelf come this source's replies, ordered by week, letter seen, reviewer and number."""
    mine = [
        make(1),
        make(2),
        make(10),
        make(1, "r2"),
        make(3, seen=2),
        replace(make(9), week=Week.parse("2026-W40")),
        replace(make(4), text="象牙 🐘\n«»"),
    ]
    others = [put(make(number, keys=OTHER_KEYS), OTHER_KEYS) for number in (1, 2, 3)]
    shelf = [*(put(reply) for reply in mine), *others]
    Random(7).shuffle(shelf)
    assert len(found(core, shelf)["replies"]) == 7


def test_a_reply_posted_twice_is_shown_once(core: Core) -> None:
    """Sealed twice, a reply is one reply."""
    assert len(found(core, [put(make(1)), put(make(1))])["replies"]) == 1


def test_a_missing_number_shows_as_a_gap(core: Core) -> None:
    """Each reviewer's numbers are complete or the gap is told."""
    answer = found(core, [put(make(4)), put(make(1)), put(make(2, "r3"))])
    assert answer["gaps"] == [["r1", 2], ["r1", 3], ["r3", 1]]


def test_no_reviewer_can_flood_the_gaps(core: Core) -> None:
    """At most 64 gaps are told."""
    assert len(found(core, [put(make(1_000_000))])["gaps"]) == 64


@pytest.mark.parametrize("sealed", [one for one in FORGED.values() if len(one) == REPLY_SIZE])
def test_what_is_no_genuine_reply_to_this_source_is_passed_over(core: Core, sealed: bytes) -> None:
    """Nothing forged, passed on or damaged is shown, and it stops nothing else from being shown."""
    assert [one[1] for one in found(core, [sealed, put(make(2))])["replies"]] == [2]


def test_another_codename_finds_nothing(core: Core) -> None:
    """Replies to one source are nothing to another."""
    assert found(core, [put(make(1)), put(make(2))], OTHER_KEYS)["replies"] == []


def test_replies_under_every_roster_that_is_held_for_genuine_are_found(core: Core) -> None:
    """An older roster still tells who signed then; without it, the reply is passed over."""
    newer = Organisation(root=ORGANISATION.root).roster
    assert len(found(core, [put(make(1))], KEYS, newer, ORGANISATION.roster)["replies"]) == 1
    assert found(core, [put(make(1))], KEYS, newer)["replies"] == []
    assert core.ask("replies", shelf=put(make(1)), keys=sent_keys(KEYS), rosters=[])["replies"] == []


def changed(sealed: bytes, at: int) -> bytes:
    """One bit of a byte turned."""
    return sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]


@pytest.mark.parametrize(
    "at", [0, 21, 24, 40, 900, 1_533, 1_534, 1_540, 1_577, 1_578, 1_590, 1_626, 1_627, 1_642, 1_643, 16_383]
)
def test_a_changed_byte_anywhere_makes_it_no_reply(core: Core, at: int) -> None:
    """Version, stanza, MAC, nonce and payload."""
    assert found(core, [changed(put(make(1)), at), put(make(2))])["replies"][0][1] == 2


def test_other_recipients_beside_the_source_are_not_taken(core: Core) -> None:
    """A reply has one stanza: with another one somebody could be told whose it is."""
    envelope = sign(PAYLOAD_TYPE, make(1).encode(), ORGANISATION.signing["r1"]).encode()
    for recipients, extra in (
        ([KEYS.reply.recipient, HybridIdentity.generate().recipient], []),
        ([KEYS.reply.recipient], [Stanza("grease", ("x",), b"")]),
    ):
        sealer = Sealer(recipients, extra)
        size = plaintext_size_for(sealer.header_size, REPLY_SIZE)
        assert size is not None
        sealed = sealer.start() + sealer.update(envelope.ljust(size, b" ")) + sealer.finish()
        shelf = sealed + put(make(2))
        answer = core.ask("replies", shelf=shelf, keys=sent_keys(KEYS), rosters=[sendable(ORGANISATION.roster)])
        assert [one[1] for one in answer["replies"]] == [2]


def test_progress_is_told_before_each_try_and_at_the_end(core: Core) -> None:
    """A page can show how far it is."""
    shelf = [put(make(1)), seal_raw(b"x"), put(make(2))]
    assert found(core, shelf)["told"] == [[0, 3], [1, 3], [2, 3], [3, 3]]
    assert found(core, [])["told"] == [[0, 0]]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector.name)
def test_each_vector_ends_as_it_says(core: Core, vector: Vector) -> None:
    """The vectors of replies in tests/vectors/format are found, or passed over."""
    keys = Codename.parse(vector.given["codename"]).derive(bytes.fromhex(vector.given["instance"]))
    roster = Roster.decode(vector.given["roster"].encode())
    answer = core.ask("replies", shelf=vector.input, keys=sent_keys(keys), rosters=[sendable(roster)])
    picked = [
        dict(zip(("reviewer", "number", "seen", "text"), [*one[:3], one[5]], strict=True)) for one in answer["replies"]
    ]
    assert picked == ([] if vector.accepted is None else [vector.accepted])


def test_the_week_of_a_reply_is_told(core: Core) -> None:
    """To a week, and no finer."""
    assert found(core, [put(make(1))])["replies"][0][3] == str(WEEK)
