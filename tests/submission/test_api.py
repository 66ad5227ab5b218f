"""The reviewers' apps: only signed requests, none twice, and only what verifies is kept."""

import base64
import json
import os
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from nacl.signing import SigningKey

from crypto.dsse import Envelope, sign
from crypto.hybrid import HybridIdentity
from crypto.seal import seal
from submission.config import Config
from tests.submission.conftest import Clock
from tests.submission.disk import all_pieces, pieces
from tests.submission.reviewers import ReviewerApp
from tests.submission.visitor import open_form, send
from tests.wire.organisation import WEEK, Organisation
from wire import keysheet, roster
from wire.bundle import PAGE_BUNDLE, sealer_digest
from wire.keysheet import KeySheet, PeriodKey, open_sheet
from wire.roster import Removed, Roster
from wire.sealing import seal_batch
from wire.week import Week

PART = os.urandom(1_048_576)


def next_roster(organisation: Organisation, **changes: object) -> Roster:
    """Return the roster that follows the first."""
    return replace(organisation.roster, **{"version": 2, **changes})  # type: ignore[arg-type]  # any field may change


def sign_roster(organisation: Organisation, value: Roster) -> bytes:
    """Return a roster as the root signs it."""
    return sign(roster.PAYLOAD_TYPE, value.encode(), organisation.root).encode()


@pytest.mark.parametrize("header", [None, "", "Lapwing", "Lapwing AAAA", "Basic AAAA"])
def test_a_request_without_a_token_is_refused(app: Flask, header: str | None) -> None:
    """Without a reviewer's signature nothing is told."""
    answer = app.test_client().get("/api/letters", headers={} if header is None else {"Authorization": header})

    assert (answer.status_code, list(answer.get_json())) == (401, ["error"])


def test_a_token_counts_for_its_request_only(app: Flask, reviewers: dict[str, ReviewerApp]) -> None:
    """A token for another method, path, query or body is refused."""
    reviewer, client = reviewers["r1"], app.test_client()
    for method, path, body in (("GET", "/api/log", b""), ("POST", "/api/letters", b""), ("GET", "/api/letters", b"x")):
        token = reviewer.token(method, path, body)
        assert client.get("/api/letters", headers={"Authorization": token}).status_code == 401
    token = reviewer.token("GET", "/api/period-keys")
    assert client.get(f"/api/period-keys?week={WEEK}", headers={"Authorization": token}).status_code == 401


def test_a_token_of_a_stranger_is_refused(app: Flask) -> None:
    """Who is not on the roster gets nothing."""
    assert ReviewerApp(Organisation(), "r1", app.test_client()).get("/api/letters").status_code == 401


def test_a_replayed_request_is_refused(app: Flask, reviewers: dict[str, ReviewerApp]) -> None:
    """A counter that is not higher than the last is refused, and the answer tells where to go on."""
    reviewer, client = reviewers["r1"], app.test_client()
    headers = {"Authorization": reviewer.token("GET", "/api/letters")}

    assert client.get("/api/letters", headers=headers).status_code == 200
    again = client.get("/api/letters", headers=headers)
    assert (again.status_code, again.get_json()["counter"]) == (409, reviewer.counter)


def test_counters_of_reviewers_are_apart(reviewers: dict[str, ReviewerApp]) -> None:
    """One reviewer's counter says nothing about another's."""
    reviewers["r1"].counter = 1_000

    assert reviewers["r1"].get("/api/letters").status_code == 200
    assert reviewers["r2"].get("/api/letters").status_code == 200


def test_a_body_over_one_part_is_refused(reviewers: dict[str, ReviewerApp]) -> None:
    """No request may hold more than a part."""
    assert reviewers["r1"].post("/api/parts", PART + b"x").status_code == 400


def test_acknowledged_by_all_is_deleted(app: Flask, config: Config, reviewers: dict[str, ReviewerApp]) -> None:
    """A letter and its parts stay until the last reviewer has acknowledged them."""
    client = app.test_client()
    send(client, {**open_form(client), "story": "x"}, {"a": b"b"})
    (name,) = reviewers["r1"].waiting()
    (part,) = pieces(config.state, "parts")
    body = json.dumps({"letters": [name], "parts": [part]}).encode()

    for one in ("r1", "r2"):
        assert reviewers[one].post("/api/acknowledgements", body).status_code == 201
        assert reviewers[one].waiting() == []
    assert reviewers["r3"].waiting() == [name]
    assert reviewers["r1"].post("/api/acknowledgements", body).status_code == 201
    assert list(pieces(config.state, "letters")) == [name]

    assert reviewers["r3"].post("/api/acknowledgements", body).status_code == 201
    assert all_pieces(config.state) == []
    assert reviewers["r1"].get(f"/api/letters/{name}").status_code == 404


def test_unknown_names_are_acknowledged_in_silence(reviewers: dict[str, ReviewerApp]) -> None:
    """A piece that is gone already does no harm."""
    body = json.dumps({"letters": ["00" * 32], "batches": []}).encode()

    assert reviewers["r1"].post("/api/acknowledgements", body).status_code == 201


@pytest.mark.parametrize("body", [b"", b"[]", b'{"letters":["x"]}', b'{"others":[]}', b'{"letters":1}'])
def test_malformed_acknowledgements_are_refused(reviewers: dict[str, ReviewerApp], body: bytes) -> None:
    """What is no list of names is refused."""
    assert reviewers["r1"].post("/api/acknowledgements", body).status_code == 400


@pytest.mark.parametrize("name", ["00" * 32, "zz", "AA" * 32, "00" * 31])
def test_what_is_not_there_is_not_found(app: Flask, reviewers: dict[str, ReviewerApp], name: str) -> None:
    """Unknown and malformed names are 404 on every shelf."""
    for shelf in ("letters", "parts", "log"):
        assert reviewers["r1"].get(f"/api/{shelf}/{name}").status_code == 404


def test_the_case_log_crosses(app: Flask, organisation: Organisation, reviewers: dict[str, ReviewerApp]) -> None:
    """A batch that one app posts is pulled by the others, and deleted when all have acknowledged it."""
    sheet = open_sheet(Envelope.decode(app.test_client().get("/keysheet.json").data), organisation.roster, WEEK.monday)
    batch = seal_batch(sheet, organisation.roster, b"{}\n")

    name = reviewers["r1"].post("/api/log", batch).get_json()["name"]

    assert reviewers["r2"].get("/api/log").get_json() == {"batches": [name]}
    assert reviewers["r2"].get(f"/api/log/{name}").data == batch
    for reviewer in reviewers.values():
        reviewer.post("/api/acknowledgements", json.dumps({"batches": [name]}).encode())
    assert reviewers["r2"].get(f"/api/log/{name}").status_code == 404


def test_an_exhibit_of_a_reviewer_is_kept_as_a_part(app: Flask, reviewers: dict[str, ReviewerApp]) -> None:
    """A part that one app posts, another pulls by its name."""
    name = reviewers["r1"].post("/api/parts", PART).get_json()["name"]

    assert reviewers["r2"].get(f"/api/parts/{name}").data == PART


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/log", b"x"),
        ("/api/log", bytes(65_536)),
        ("/api/parts", b"x"),
        ("/api/replies", b"x"),
        ("/api/replies", bytes(16_384)),
        ("/api/replies", seal(bytes(12_000), [HybridIdentity.generate().recipient] * 2).ljust(16_384, b"\0")),
        ("/api/period-keys", b"x"),
        ("/api/sheets", b"{}"),
        ("/api/roster", b""),
    ],
)
def test_what_is_not_well_formed_is_refused(
    app: Flask, config: Config, reviewers: dict[str, ReviewerApp], path: str, body: bytes
) -> None:
    """Pieces of another size or not sealed as they must be are refused."""
    assert reviewers["r1"].post(path, body).status_code == 400
    assert all_pieces(config.state) == []


def test_one_period_key_a_week(reviewers: dict[str, ReviewerApp], organisation: Organisation) -> None:
    """A reviewer's key for a week is kept once; the same again is fine, another one is a conflict."""
    assert reviewers["r1"].post_period_key().status_code == 201
    assert reviewers["r1"].post_period_key().status_code == 201

    other = PeriodKey("r1", WEEK, HybridIdentity.generate().recipient, organisation.roster.digest)
    assert reviewers["r1"].post("/api/period-keys", other.sign(organisation.signing["r1"]).encode()).status_code == 409
    assert len(reviewers["r1"].get(f"/api/period-keys?week={WEEK}").get_json()) == 1


def test_period_keys_of_others_or_of_another_time_are_refused(
    reviewers: dict[str, ReviewerApp], organisation: Organisation
) -> None:
    """A key is posted by whom it belongs to, for a week that is not over and not far ahead."""
    recipient = HybridIdentity.generate().recipient
    mine = PeriodKey("r1", WEEK, recipient, organisation.roster.digest).sign(organisation.signing["r1"])
    past = PeriodKey("r1", Week(2026, 1), recipient, organisation.roster.digest).sign(organisation.signing["r1"])
    forged = PeriodKey("r1", WEEK, recipient, organisation.roster.digest).sign(organisation.signing["r2"])

    def ahead(weeks: int) -> Envelope:
        week = Week.of(WEEK.monday + timedelta(weeks=weeks))
        return PeriodKey("r1", week, recipient, organisation.roster.digest).sign(organisation.signing["r1"])

    assert reviewers["r2"].post("/api/period-keys", mine.encode()).status_code == 400
    assert reviewers["r1"].post("/api/period-keys", past.encode()).status_code == 400
    assert reviewers["r1"].post("/api/period-keys", ahead(10).encode()).status_code == 201
    assert reviewers["r1"].post("/api/period-keys", ahead(11).encode()).status_code == 400
    assert reviewers["r1"].post("/api/period-keys", forged.encode()).status_code == 400
    assert reviewers["r1"].get("/api/period-keys?week=x").status_code == 400


def test_a_sheet_is_in_force_when_enough_signed(
    closed_app: Flask, reviewers: dict[str, ReviewerApp], organisation: Organisation
) -> None:
    """One signature leaves the intake closed, the second opens it; signatures are merged."""
    client = closed_app.test_client()
    for reviewer in reviewers.values():
        reviewer.post_period_key()

    reviewers["r1"].post_sheet()
    assert client.get("/tip").status_code == 503
    reviewers["r2"].post_sheet()
    assert client.get("/tip").status_code == 200

    (stored,) = reviewers["r1"].get("/api/sheets").get_json()
    envelope = Envelope.decode(base64.b64decode(stored))
    assert len(envelope.signatures) == 2
    assert envelope.encode() == client.get("/keysheet.json").data
    assert open_sheet(envelope, organisation.roster, WEEK.monday).week == WEEK


def test_a_sheet_that_the_period_keys_do_not_make_is_refused(
    closed_app: Flask, reviewers: dict[str, ReviewerApp], organisation: Organisation
) -> None:
    """Other keys than those posted, or no reviewer's signature, are refused."""
    for reviewer in reviewers.values():
        reviewer.post_period_key()
    other = organisation.sheet
    swapped = replace(other, keys=tuple((one, HybridIdentity.generate().recipient) for one, _ in other.keys))
    signed = sign(keysheet.PAYLOAD_TYPE, swapped.encode(), organisation.signing["r1"])
    by_nobody = sign(keysheet.PAYLOAD_TYPE, other.encode(), organisation.root)

    assert reviewers["r1"].post("/api/sheets", signed.encode()).status_code == 400
    assert reviewers["r1"].post("/api/sheets", by_nobody.encode()).status_code == 400
    assert closed_app.test_client().get("/tip").status_code == 503


def test_of_two_sheets_of_a_week_the_one_that_names_what_is_served_comes_first(
    closed_app: Flask, reviewers: dict[str, ReviewerApp], organisation: Organisation
) -> None:
    """Reviewers whose apps were renewed before the intake sign another sheet; it is kept, and served when it fits."""
    client = closed_app.test_client()
    for reviewer in reviewers.values():
        reviewer.post_period_key()
    root = bytes(organisation.root.verify_key)
    own = sealer_digest(root, organisation.roster_envelope.encode())
    served = []
    for page, sealer in ((bytes(32), own), (PAGE_BUNDLE, own), (b"\xff" * 32, own), (PAGE_BUNDLE, bytes(32))):
        sheet = replace(organisation.sheet, page_bundle=page, sealer=sealer)
        for one in ("r1", "r2"):
            signed = sign(keysheet.PAYLOAD_TYPE, sheet.encode(), organisation.signing[one])
            assert reviewers[one].post("/api/sheets", signed.encode()).status_code == 201
        found = KeySheet.decode(Envelope.decode(client.get("/keysheet.json").data).payload)
        served.append((found.page_bundle, found.sealer))

    assert served == [(bytes(32), own), *[(PAGE_BUNDLE, own)] * 3]


def test_one_reviewer_cannot_sign_any_number_of_sheets(
    closed_app: Flask, reviewers: dict[str, ReviewerApp], organisation: Organisation
) -> None:
    """Any hash makes another sheet; so each reviewer may sign eight of a week, and stops nobody else."""
    for reviewer in reviewers.values():
        reviewer.post_period_key()

    def post(reviewer: str, number: int) -> int:
        sheet = replace(organisation.sheet, page_bundle=bytes([number]) * 32)
        signed = sign(keysheet.PAYLOAD_TYPE, sheet.encode(), organisation.signing[reviewer])
        return reviewers[reviewer].post("/api/sheets", signed.encode()).status_code

    assert [post("r1", number) for number in range(9)] == [201] * 8 + [409]
    assert post("r1", 3) == 201
    assert post("r2", 8) == 201
    assert post("r1", 8) == 201
    assert post("r2", 3) == 201


def test_signatures_of_strangers_are_not_kept(
    app: Flask, reviewers: dict[str, ReviewerApp], organisation: Organisation
) -> None:
    """What others signed into a sheet's envelope takes no room that reviewers' signatures need."""
    sheet = Envelope.decode(app.test_client().get("/keysheet.json").data)
    padded = sheet
    for _ in range(20):
        padded = padded.with_signatures(sign(sheet.payload_type, sheet.payload, SigningKey.generate()))

    assert reviewers["r3"].post("/api/sheets", padded.encode()).status_code == 201
    assert app.test_client().get("/keysheet.json").data == sheet.encode()


def test_the_next_roster_takes_over(app: Flask, reviewers: dict[str, ReviewerApp], organisation: Organisation) -> None:
    """A roster signed by the root with the next version is in force at once; the old key sheet is not any more."""
    removed = organisation.roster.reviewers[2]
    following = next_roster(
        organisation,
        reviewers=organisation.roster.reviewers[:2],
        removed=(Removed(removed.id, removed.key),),
    )
    client = app.test_client()

    assert reviewers["r1"].post("/api/roster", sign_roster(organisation, following)).status_code == 201
    assert reviewers["r1"].post("/api/roster", sign_roster(organisation, following)).status_code == 201

    assert Roster.decode(Envelope.decode(client.get("/roster.json").data).payload) == following
    assert Envelope.decode(reviewers["r1"].get("/api/roster").data).payload == following.encode()
    assert reviewers["r3"].get("/api/letters").status_code == 401
    assert client.get("/tip").status_code == 503


def test_nothing_waits_for_who_left_the_roster(
    app: Flask, config: Config, reviewers: dict[str, ReviewerApp], organisation: Organisation
) -> None:
    """What all reviewers of the new roster had acknowledged goes with the old one."""
    client = app.test_client()
    for story in ("taken", "open"):
        send(client, {**open_form(client), "story": story}, {})
    taken, open_ = reviewers["r1"].waiting()
    for one in ("r1", "r2"):
        reviewers[one].post("/api/acknowledgements", json.dumps({"letters": [taken]}).encode())
    reviewers["r1"].post("/api/acknowledgements", json.dumps({"letters": [open_]}).encode())
    removed = organisation.roster.reviewers[2]
    following = next_roster(
        organisation,
        reviewers=organisation.roster.reviewers[:2],
        removed=(Removed(removed.id, removed.key),),
    )

    assert reviewers["r1"].post("/api/roster", sign_roster(organisation, following)).status_code == 201

    assert list(pieces(config.state, "letters")) == [open_]


def test_other_rosters_are_refused(reviewers: dict[str, ReviewerApp], organisation: Organisation) -> None:
    """A roster that is not signed by the root, or skips a version, is refused."""
    by_reviewer = sign(roster.PAYLOAD_TYPE, next_roster(organisation).encode(), organisation.signing["r1"])
    skipped = sign_roster(organisation, next_roster(organisation, version=3))

    assert reviewers["r1"].post("/api/roster", by_reviewer.encode()).status_code == 400
    assert reviewers["r1"].post("/api/roster", skipped).status_code == 409


def test_an_expired_roster_closes_for_sources_only(
    app: Flask, reviewers: dict[str, ReviewerApp], organisation: Organisation, clock: Clock
) -> None:
    """When a roster has expired no tip is taken, but its reviewers still pull, and post the one that follows."""
    clock.today = organisation.roster.expires + timedelta(days=1)
    following = next_roster(organisation, expires=clock.today + timedelta(days=90))

    assert app.test_client().get("/tip").status_code == 503
    assert reviewers["r1"].get("/api/letters").status_code == 200
    assert reviewers["r1"].post("/api/roster", sign_roster(organisation, following)).status_code == 201
    assert reviewers["r1"].get(f"/api/period-keys?week={WEEK}").get_json() == []


def test_no_reviewer_fills_a_shelf(
    app: Flask, reviewers: dict[str, ReviewerApp], clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More than an app needs in a day is refused until tomorrow; the others go on."""
    monkeypatch.setattr("submission.counters.MOST_A_DAY", {"parts": 2})

    answers = [reviewers["r1"].post("/api/parts", bytes([one]) * len(PART)).status_code for one in (1, 2, 3)]
    assert answers == [201, 201, 429]
    assert reviewers["r2"].post("/api/parts", PART).status_code == 201

    clock.today += timedelta(days=1)
    assert reviewers["r1"].post("/api/parts", PART).status_code == 201
