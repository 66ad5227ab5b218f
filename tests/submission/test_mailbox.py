"""The mailbox shows a source's replies, and nothing about whether a codename is known."""

import contextlib
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from crypto.codename import Codename
from crypto.dsse import sign
from submission.app import create_app
from submission.config import Config
from submission.mailbox import PAGE_SIZE, in_steps, pad
from submission.setup import init
from tests.submission.reviewers import ReviewerApp
from tests.submission.visitor import MULTIPART, encode, hidden_fields, open_form, send
from tests.wire.organisation import INSTANCE, TODAY, WEEK, Organisation
from wire import roster
from wire.reply import Reply, recipient_digest, seal_reply
from wire.roster import Removed


def send_tip(client: FlaskClient) -> str:
    """Send a tip and return its codename."""
    form = open_form(client)
    assert send(client, {**form, "story": "x"}).status_code == 200
    return form["codename"]


def write_reply(reviewer: ReviewerApp, codename: str, number: int, text: str, seen: int = 1) -> None:
    """Post a reply to a source."""
    assert reviewer.post("/api/replies", sealed_reply(reviewer, codename, number, text, seen)).status_code == 201


def sealed_reply(reviewer: ReviewerApp, codename: str, number: int, text: str, seen: int = 1) -> bytes:
    """Return a reply to a source."""
    keys = Codename.parse(codename).derive(INSTANCE)
    reply = Reply(
        instance=INSTANCE,
        conversation=bytes(keys.conversation.public_key),
        reviewer=reviewer.reviewer,
        number=number,
        seen=seen,
        week=WEEK,
        roster=reviewer.organisation.roster.digest,
        recipient=recipient_digest(keys.reply.recipient),
        text=text,
    )
    return seal_reply(reply, reviewer.organisation.signing[reviewer.reviewer], keys.reply.recipient)


def test_replies_are_read_with_the_codename(client: FlaskClient, reviewers: dict[str, ReviewerApp]) -> None:
    """A reply shows its text, by whom it is and its number; its text is shown as text."""
    codename = send_tip(client)
    write_reply(reviewers["r1"], codename, 1, "Which day? <b>Tell us.</b>")

    page = client.post("/mailbox", data={"codename": codename.upper().replace(" ", "  ")}).text

    assert "Which day? &lt;b&gt;Tell us.&lt;/b&gt;" in page
    assert "From Desk r1" in page
    assert "Something is missing" not in page


def test_replies_of_others_are_not_shown(client: FlaskClient, reviewers: dict[str, ReviewerApp]) -> None:
    """One source's replies are invisible to another."""
    write_reply(reviewers["r1"], send_tip(client), 1, "for the first")

    assert "for the first" not in client.post("/mailbox", data={"codename": send_tip(client)}).text


def test_a_gap_is_shown(client: FlaskClient, reviewers: dict[str, ReviewerApp]) -> None:
    """A reply that must exist and is not there is named."""
    codename = send_tip(client)
    write_reply(reviewers["r2"], codename, 2, "second")

    page = client.post("/mailbox", data={"codename": codename}).text

    assert "Something is missing" in page
    assert "Number 1 from Desk r2" in page


def test_every_codename_gets_the_same_answer_from_outside(
    client: FlaskClient, reviewers: dict[str, ReviewerApp]
) -> None:
    """Known with replies, known without, unknown: one status, one set of headers, one size."""
    answered, waiting, unknown = send_tip(client), send_tip(client), str(Codename.generate())
    write_reply(reviewers["r1"], answered, 1, "é & <" * 500)
    write_reply(reviewers["r1"], answered, 4, "x")

    answers = [client.post("/mailbox", data={"codename": one}) for one in (answered, waiting, unknown)]

    assert {(answer.status_code, len(answer.data), tuple(answer.headers)) for answer in answers} == {
        (200, PAGE_SIZE, tuple(answers[0].headers))
    }


@pytest.mark.parametrize("language", ["en", "fr"])
def test_many_long_replies_are_paged_in_one_size(
    client: FlaskClient, reviewers: dict[str, ReviewerApp], language: str
) -> None:
    """The longest replies do not make a page longer; older ones stand on the next page, and the way back too."""
    codename = send_tip(client)
    for number in range(1, 6):
        write_reply(reviewers["r1"], codename, number, f"number-{number} " + "&" * 7_900)

    url = f"/mailbox?lang={language}"
    pages = [client.post(url, data={"codename": codename, "skip": str(skip)}) for skip in range(5)]

    assert {len(page.data) for page in pages} == {PAGE_SIZE}
    shown = [[number for number in range(1, 6) if f"number-{number} " in page.text] for page in pages]
    assert shown == [[4, 5], [3, 4], [2, 3], [1, 2], [1]]
    assert 'name="skip" value="2"' in pages[0].text
    assert 'name="skip"' not in pages[-1].text


def test_the_next_number_follows_what_reviewers_saw(client: FlaskClient, reviewers: dict[str, ReviewerApp]) -> None:
    """A message written from the mailbox counts on from the last letter that a reviewer had seen, at least from two."""
    codename = send_tip(client)
    assert hidden_fields(client.post("/mailbox", data={"codename": codename}).text)["number"] == "2"

    write_reply(reviewers["r1"], codename, 1, "x", seen=7)
    form = hidden_fields(client.post("/mailbox", data={"codename": codename}).text)
    assert form["number"] == "8"

    assert send(client, {**form, "story": "more"}, path="/follow-up").status_code == 200
    letters = [reviewers["r1"].letter(name).letter for name in reviewers["r1"].waiting()]
    assert sorted(letter.number for letter in letters) == [1, 8]


def test_a_reviewer_who_claims_the_last_number_does_not_end_the_conversation(
    client: FlaskClient, reviewers: dict[str, ReviewerApp]
) -> None:
    """A reply that says to have seen letter 1,000,000 leaves a number that the source can still write under."""
    codename = send_tip(client)
    write_reply(reviewers["r1"], codename, 1, "x", seen=1_000_000)
    form = hidden_fields(client.post("/mailbox", data={"codename": codename}).text)

    assert send(client, {**form, "story": "more"}, path="/follow-up").status_code == 200


@pytest.mark.parametrize(
    ("codename", "words"),
    [
        ("", "eight words"),
        ("abacus " * 8, "does not fit"),
        ("abacus abdomen abdominal markerofasource a a a a", "Word number 4"),
        ("markerofasource " * 200, "too long"),
    ],
)
def test_a_typing_error_is_told_at_once(client: FlaskClient, codename: str, words: str) -> None:
    """What is not a codename is refused with what to correct, never with what was typed."""
    answer = client.post("/mailbox", data={"codename": codename})

    assert answer.status_code in {400, 413}
    assert words in answer.text
    assert "markerofasource" not in answer.text


@pytest.mark.parametrize(
    "body",
    [b"codename=%FF", b"codename=a&codename=b", b"other=x", b"codename=\xff", b"&&=;", b"a=b" * 9_999, b"skip=0"],
)
def test_a_malformed_form_is_refused(client: FlaskClient, body: bytes) -> None:
    """Wrong encodings, doubles and unknown fields are refused."""
    answer = client.post("/mailbox", data=body, content_type="application/x-www-form-urlencoded")

    assert answer.status_code in {400, 413}


@pytest.mark.parametrize("skip", ["x", "-1", "9999999"])
def test_a_malformed_place_is_refused(client: FlaskClient, skip: str) -> None:
    """Where to go on from is a small number."""
    assert client.post("/mailbox", data={"codename": str(Codename.generate()), "skip": skip}).status_code == 400


def test_a_multipart_form_is_read_too(client: FlaskClient) -> None:
    """The mailbox reads both encodings that a browser has, and no file."""
    body = encode({"codename": str(Codename.generate())}, {}).replace(b"files", b"files")
    without_file = body[: body.rindex(b"------lapwing\r\nContent-Disposition")] + b"------lapwing--\r\n"

    assert client.post("/mailbox", data=without_file, content_type=MULTIPART).status_code == 200
    assert client.post("/mailbox", data=body, content_type=MULTIPART).status_code == 400


def test_replies_can_be_read_while_nothing_can_be_sent(closed_app: Flask, reviewers: dict[str, ReviewerApp]) -> None:
    """Without a key sheet the mailbox still opens; its form is left out."""
    codename = str(Codename.generate())
    write_reply(reviewers["r1"], codename, 1, "still here")

    page = closed_app.test_client().post("/mailbox", data={"codename": codename})

    assert (page.status_code, len(page.data)) == (200, PAGE_SIZE)
    assert "still here" in page.text
    assert 'action="/follow-up"' not in page.text


def test_the_fullest_page_fits(app: Flask, reviewers: dict[str, ReviewerApp], client: FlaskClient) -> None:
    """Many short replies and many gaps stay within the one size."""
    codename = send_tip(client)
    for number in range(30, 130):
        write_reply(reviewers["r1"], codename, number, "&" * 40)

    assert len(client.post("/mailbox", data={"codename": codename}).data) == PAGE_SIZE


def test_a_page_that_is_too_long_is_never_sent() -> None:
    """Rather a fault than an answer of another size."""
    with pytest.raises(AssertionError, match="longer than it may be"):
        pad(b"x" * PAGE_SIZE + b"</html>")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_longest_names_and_texts_fit(tmp_path: Path, language: str) -> None:
    """Sixteen reviewers with the longest labels, the longest replies and many gaps, all of it escaped."""
    organisation = Organisation(16)
    people = [replace(one, label=("'" * 78 + one.id)[-80:]) for one in organisation.roster.reviewers]
    organisation.__dict__["roster"] = replace(organisation.roster, reviewers=tuple(people))
    config = Config(tmp_path / "state", bytes(organisation.root.verify_key), today=lambda: TODAY, mailbox_step=0)
    init(config, organisation.roster_envelope.encode())
    app = create_app(config)
    reviewers = [ReviewerApp(organisation, one, app.test_client()) for one in organisation.ids]
    for reviewer in reviewers:
        reviewer.post_period_key()
    for reviewer in reviewers[:2]:
        reviewer.post_sheet()
    codename = str(Codename.generate())
    for number in (40, 41, 42):
        write_reply(reviewers[0], codename, number, "'" * 8_000, seen=999_999)

    url = f"/mailbox?lang={language}"
    pages = [app.test_client().post(url, data={"codename": codename, "skip": str(skip)}) for skip in range(3)]

    assert [(page.status_code, len(page.data)) for page in pages] == [(200, PAGE_SIZE)] * 3
    assert "&#39;" * 70 in pages[0].text


def test_a_reply_of_somebody_who_left_is_still_read(
    client: FlaskClient, reviewers: dict[str, ReviewerApp], organisation: Organisation
) -> None:
    """Signed under the roster of its time, which also tells what its reviewer was called; and it is marked."""
    codename = send_tip(client)
    write_reply(reviewers["r3"], codename, 1, "good-bye")
    write_reply(reviewers["r1"], codename, 1, "welcome")
    assert "no longer a reviewer" not in client.post("/mailbox", data={"codename": codename}).text
    gone = organisation.roster.reviewers[2]
    following = replace(
        organisation.roster,
        version=2,
        reviewers=organisation.roster.reviewers[:2],
        removed=(Removed(gone.id, gone.key),),
    )
    signed = sign(roster.PAYLOAD_TYPE, following.encode(), organisation.root)
    assert reviewers["r1"].post("/api/roster", signed.encode()).status_code == 201

    page = client.post("/mailbox", data={"codename": codename}).text

    assert "good-bye" in page
    assert "From Desk r3" in page
    marked = [one.partition("</article>")[0] for one in page.split("<article")[1:] if "no longer a reviewer" in one]
    assert ["good-bye" in one for one in marked] == [True]


def test_an_answer_takes_a_whole_number_of_steps() -> None:
    """Whether there was little to do or a little more, it ends at the same moments; also when it is refused."""
    for work in (0, 0.004):
        began = time.monotonic()
        with contextlib.suppress(ValueError), in_steps(0.02):
            threading.Event().wait(work)
            if work:
                raise ValueError
        assert time.monotonic() - began >= 0.02


def test_what_the_derivation_took_decides_when_it_ends() -> None:
    """When the derivation took long, the work beside it still ends well before the answer goes out."""
    began = time.monotonic()
    with in_steps(0.02) as steps:
        threading.Event().wait(0.05)
        steps.note_derivation()
    assert time.monotonic() - began >= 0.16


def test_an_intake_without_a_roster_says_that_it_is_closed(tmp_path: Path) -> None:
    """There is nobody who could have replied."""
    client = create_app(Config(tmp_path, bytes(32))).test_client()

    assert client.post("/mailbox", data={"codename": str(Codename.generate())}).status_code == 503
    assert client.get("/roster.json").status_code == 503
    assert client.get("/").status_code == 200
