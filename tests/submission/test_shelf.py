"""Replies lie on many shelves, as many as the key sheet says; nobody is given less than a whole one."""

from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from crypto.codename import Codename
from crypto.dsse import sign
from crypto.hybrid import HybridIdentity
from submission.app import create_app
from submission.config import Config
from submission.setup import init
from tests.submission.conftest import Clock
from tests.submission.reviewers import ReviewerApp
from tests.submission.test_mailbox import sealed_reply
from tests.wire.organisation import INSTANCE, WEEK, Organisation
from wire import keysheet
from wire.keysheet import build_sheet
from wire.reply import seal_decoy
from wire.shelf import shelf_name, shelf_of

BITS = 2


def post_sheet(organisation: Organisation, reviewers: list[ReviewerApp], bits: int) -> None:
    """Sign and post a key sheet with this many bits for a shelf."""
    payload = build_sheet(organisation.roster, WEEK, organisation.period_keys, bits).encode()
    for reviewer in reviewers[:2]:
        key = organisation.signing[reviewer.reviewer]
        assert reviewer.post("/api/sheets", sign(keysheet.PAYLOAD_TYPE, payload, key).encode()).status_code == 201


def codename_on(name: str) -> str:
    """Return a codename whose replies lie on this shelf."""
    for _ in range(200):
        codename = Codename.generate()
        if shelf_name(shelf_of(codename.derive(INSTANCE).shelf), len(name)) == name:
            return str(codename)
    raise AssertionError("none of 200 codenames")


@pytest.fixture
def narrow(
    config: Config, organisation: Organisation, closed_app: object, reviewers: dict[str, ReviewerApp]
) -> FlaskClient:
    """An intake whose shelves are named by two bits."""
    for reviewer in reviewers.values():
        reviewer.post_period_key()
    post_sheet(organisation, list(reviewers.values()), BITS)
    return reviewers["r1"].client


def test_a_shelf_holds_what_was_put_there_and_no_other(narrow: FlaskClient, reviewers: dict[str, ReviewerApp]) -> None:
    """Each shelf is given out whole; together they hold every reply once."""
    put: dict[bytes, str] = {}
    for name in ("00", "01", "10", "10"):
        sealed = sealed_reply(reviewers["r1"], codename_on(name), len(put) + 1, "x")
        assert reviewers["r1"].post(f"/api/replies?shelf={name}", sealed).status_code == 201
        put[sealed] = name

    for name in ("00", "01", "10", "11"):
        answer = narrow.get(f"/shelf/{name}")
        pieces = {answer.data[start : start + 16_384] for start in range(0, len(answer.data), 16_384)}
        assert (answer.status_code, answer.content_type) == (200, "application/octet-stream")
        assert pieces == {sealed for sealed, place in put.items() if place == name}


@pytest.mark.parametrize("name", ["", "0", "000", "0x", "2a", "00/"])
def test_no_other_width_is_given_out(narrow: FlaskClient, name: str) -> None:
    """A narrower shelf would single out who asks; it is not there, and neither is what is no shelf."""
    assert narrow.get(f"/shelf/{name}").status_code == 404


@pytest.mark.parametrize("name", ["", "0", "010", "0x", "22"])
def test_a_reply_is_put_on_no_shelf_that_is_not_there(
    narrow: FlaskClient, reviewers: dict[str, ReviewerApp], name: str
) -> None:
    """What nobody would find is refused, and nothing is stored."""
    sealed = sealed_reply(reviewers["r1"], str(Codename.generate()), 1, "x")

    assert reviewers["r1"].post(f"/api/replies?shelf={name}", sealed).status_code == 400
    assert all(not narrow.get(f"/shelf/{place}").data for place in ("00", "01", "10", "11"))


def test_the_mailbox_reads_the_shelf_of_the_codename(narrow: FlaskClient, reviewers: dict[str, ReviewerApp]) -> None:
    """A reply on the shelf that the codename names is found; one that lies elsewhere is not looked at."""
    codename = codename_on("01")
    for name, number, text in (("01", 1, "the right one"), ("10", 2, "the wrong one")):
        sealed = sealed_reply(reviewers["r1"], codename, number, text)
        assert reviewers["r1"].post(f"/api/replies?shelf={name}", sealed).status_code == 201

    page = narrow.post("/mailbox", data={"codename": codename}).text

    assert "the right one" in page
    assert "the wrong one" not in page


def test_what_lay_on_a_wide_shelf_is_found_on_a_narrow_one_and_back(
    tmp_path: Path, organisation: Organisation, clock: Clock
) -> None:
    """When the width changes, in either direction, waiting replies stay within reach."""
    codename = codename_on("11")
    root = bytes(organisation.root.verify_key)
    found = []
    for before, after in ((0, 2), (2, 0)):
        config = Config(tmp_path / f"{before}", root, today=clock, mailbox_step=0)
        init(config, organisation.roster_envelope.encode())
        client = create_app(config).test_client()
        apps = [ReviewerApp(organisation, one, client) for one in organisation.ids]
        for app in apps:
            app.post_period_key()
        post_sheet(organisation, apps, before)
        sealed = sealed_reply(apps[0], codename, 1, "still here")
        assert apps[0].post(f"/api/replies?shelf={'11'[:before]}", sealed).status_code == 201
        # The sheet of the same week with another width stands beside it; the newest that is signed counts.
        clock.today = WEEK.next().monday
        next_week(organisation, apps, after)
        found.append("still here" in client.post("/mailbox", data={"codename": codename}).text)
        clock.today = WEEK.monday
    assert found == [True, True]


def next_week(organisation: Organisation, apps: list[ReviewerApp], bits: int) -> None:
    """Post keys and a key sheet of the week that follows."""
    week = WEEK.next()
    period_keys = [
        keysheet.PeriodKey(one, week, HybridIdentity.generate().recipient, organisation.roster.digest)
        for one in organisation.ids
    ]
    for app, period_key in zip(apps, period_keys, strict=True):
        key = organisation.signing[app.reviewer]
        assert app.post("/api/period-keys", period_key.sign(key).encode()).status_code == 201
    payload = build_sheet(organisation.roster, week, period_keys, bits).encode()
    for app in apps[:2]:
        signed = sign(keysheet.PAYLOAD_TYPE, payload, organisation.signing[app.reviewer])
        assert app.post("/api/sheets", signed.encode()).status_code == 201


def test_a_closed_intake_has_one_shelf(closed_app: object, reviewers: dict[str, ReviewerApp]) -> None:
    """Without a key sheet everybody takes everything."""
    sealed = sealed_reply(reviewers["r1"], str(Codename.generate()), 1, "x")
    assert reviewers["r1"].post("/api/replies", sealed).status_code == 201
    assert reviewers["r1"].client.get("/shelf/").data == sealed


def test_replies_go_by_their_week_whether_they_were_read_or_not(
    client: FlaskClient, reviewers: dict[str, ReviewerApp], config: Config, clock: Clock
) -> None:
    """Reading with a codename, reading a shelf and pulling by reviewers' apps keep nothing longer and end nothing."""
    read, unread = str(Codename.generate()), str(Codename.generate())
    early = {sealed_reply(reviewers["r1"], codename, 1, "early") for codename in (read, unread)} | {seal_decoy()}
    late = {sealed_reply(reviewers["r1"], codename, 2, "late") for codename in (read, unread)} | {seal_decoy()}
    for week in (early, late):
        for sealed in week:
            assert reviewers["r1"].post("/api/replies", sealed).status_code == 201
        clock.today += timedelta(weeks=1)
    for _ in range(config.retention_weeks - 1):
        assert "early" in client.post("/mailbox", data={"codename": read}).text
        for reviewer in reviewers.values():
            reviewer.get("/api/letters")
        clock.today += timedelta(weeks=1)
        assert on_the_shelf(client) == early | late
    # Nobody reads in this week: asking for letters is what makes an intake look at its calendar, as its chores do.
    for kept in (late, set[bytes]()):
        reviewers["r1"].get("/api/letters")
        assert on_the_shelf(client) == kept
        clock.today += timedelta(weeks=1)


def on_the_shelf(client: FlaskClient) -> set[bytes]:
    """Return every reply on the one shelf."""
    whole = client.get("/shelf/").data
    return {whole[start : start + 16_384] for start in range(0, len(whole), 16_384)}


def test_reading_changes_no_byte_of_what_the_intake_keeps(
    client: FlaskClient, reviewers: dict[str, ReviewerApp], config: Config
) -> None:
    """Whoever has the disk before and after cannot tell whose replies were read, nor that any were."""
    codename = str(Codename.generate())
    for sealed in (sealed_reply(reviewers["r1"], codename, 1, "for you"), seal_decoy()):
        assert reviewers["r1"].post("/api/replies", sealed).status_code == 201
    before = everything(config.state)
    assert "for you" in client.post("/mailbox", data={"codename": codename}).text
    assert "for you" not in client.post("/mailbox", data={"codename": str(Codename.generate())}).text
    assert len(on_the_shelf(client)) == 2
    assert everything(config.state) == before


def everything(state: Path) -> dict[str, bytes]:
    """Return every file of a state folder."""
    return {path.name: path.read_bytes() for path in sorted(state.iterdir()) if path.is_file()}
