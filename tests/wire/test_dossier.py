"""dossier.json: rebuilt alike by every app, and read strictly."""

import contextlib
import hashlib
import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.wire.claims import COMMITMENT
from tests.wire.dossiers import Desk
from tests.wire.edges import changed
from wire.dossier import Dossier, Draft, dossier_json, manifest_files, text_files
from wire.errors import DossierError

DESK = Desk()
ROSTER = DESK.organisation.roster
WRITTEN = dossier_json(DESK.draft, ROSTER)


def test_another_app_writes_the_same() -> None:
    """Draft and roster, read back from their bytes, give the same dossier.json."""
    assert dossier_json(Draft.decode(DESK.draft.encode()), type(ROSTER).decode(ROSTER.encode())) == WRITTEN


def test_a_dossier_names_what_it_stands_for() -> None:
    """Office, roster, purpose, manifests and exhibits are all bound by its digest."""
    dossier = Dossier.decode(WRITTEN)

    assert dossier.digest == hashlib.sha256(WRITTEN).digest()
    assert dossier.office == DESK.office
    assert (dossier.roster, dossier.roster_version, dossier.instance) == (ROSTER.digest, 1, ROSTER.instance)
    assert (dossier.title, dossier.purpose, dossier.proposer) == (DESK.draft.title, DESK.draft.purpose, "r1")
    assert dossier.manifests == tuple(
        hashlib.sha256(content).digest() for content in manifest_files(DESK.draft, ROSTER).values()
    )
    assert [one.form for one in dossier.exhibits] == ["safe copy", "original"]
    assert [one.sha256 for one in dossier.exhibits] == [one.sha256 for one in DESK.draft.exhibits]


def test_a_dossier_carries_a_claim_only_if_its_draft_does() -> None:
    """The commitment stands in dossier.json with its mark, bound by its digest."""
    for commitment in (COMMITMENT, replace(COMMITMENT, known_to_intake=True)):
        assert Dossier.decode(dossier_json(replace(DESK.draft, claim=commitment), ROSTER)).claim == commitment
    assert Dossier.decode(WRITTEN).claim is None
    with pytest.raises(DossierError, match="claim is no commitment"):
        Dossier.decode(changed(WRITTEN, claim="lapwing-claim1"))


@pytest.mark.parametrize(
    "draft",
    [
        replace(DESK.draft, story="Another story."),
        replace(DESK.draft, summary="Another."),
        replace(DESK.draft, custody=()),
        replace(DESK.draft, purpose="Another"),
        replace(DESK.draft, office=replace(DESK.office, key=bytes(32))),
        replace(DESK.draft, exhibits=DESK.draft.exhibits[:1]),
        replace(DESK.draft, fields={}),
        replace(DESK.draft, claim=COMMITMENT),
    ],
)
def test_every_choice_changes_the_digest(draft: Draft) -> None:
    """What is approved is all of it: story, summary, custody, purpose, office, exhibits and answers."""
    assert dossier_json(draft, ROSTER) != WRITTEN


def test_custody_is_written_for_programs() -> None:
    """custody.json holds each step, with a digest where there is one."""
    custody = json.loads(text_files(DESK.draft, ROSTER)["data/custody.json"])["custody"]

    assert custody[0] == {
        "on": "2026-11-24",
        "who": "Desk r2",
        "what": "received with the tip",
        "sha256": DESK.draft.exhibits[0].sha256.hex(),
    }
    assert custody[1] == {"on": "2026-11-25", "who": "Desk r1", "what": "proposed this dossier"}


def test_a_proposer_must_be_on_the_roster() -> None:
    """A dossier proposed by nobody on the roster is not written."""
    with pytest.raises(DossierError, match="proposer"):
        dossier_json(replace(DESK.draft, proposer="r9"), ROSTER)


def test_a_roster_must_be_in_force() -> None:
    """A dossier proposed after its roster expired is not written."""
    with pytest.raises(DossierError, match="expired"):
        dossier_json(replace(DESK.draft, on=date(2027, 7, 1)), ROSTER)


def test_a_draft_out_of_bounds_makes_no_dossier() -> None:
    """What cannot be encoded cannot be approved."""
    with pytest.raises(DossierError, match="title"):
        dossier_json(replace(DESK.draft, title=""), ROSTER)


@pytest.mark.parametrize(
    ("part", "other"),
    [
        (b'"v":1', b'"v":2'),
        (b'{"v"', b'{"x":0,"v"'),
        (b"exhibits/01-", b"exhibits/02-"),
        (b"exhibits/01-tusks-e.jpg", b"../../../etc/passwd"),
        (b'"form":"original"', b'"form":"fake"'),
        (b'"form":"original"', b'"form":"original","x":0'),
        (b'"language":"en"', b'"language":"xx"'),
        (b"manifest_sha512", b"manifest_md5"),
    ],
)
def test_what_is_no_dossier_is_refused(part: bytes, other: bytes) -> None:
    """A dossier.json in another form is refused."""
    with pytest.raises(DossierError):
        Dossier.decode(WRITTEN.replace(part, other))


@given(st.binary(max_size=300))
def test_any_bytes_give_a_dossier_or_an_error(untrusted: bytes) -> None:
    """No bytes do anything but give a dossier or a ``DossierError``."""
    with contextlib.suppress(DossierError):
        Dossier.decode(untrusted)


@given(st.integers(0, len(WRITTEN) - 1), st.binary(max_size=3))
def test_a_damaged_dossier_gives_a_dossier_or_an_error(position: int, damage: bytes) -> None:
    """Damage anywhere does nothing but give a dossier of another digest or a ``DossierError``."""
    damaged = WRITTEN[:position] + damage + WRITTEN[position + 1 :]
    with contextlib.suppress(DossierError):
        assert (Dossier.decode(damaged).digest == Dossier.decode(WRITTEN).digest) == (damaged == WRITTEN)
