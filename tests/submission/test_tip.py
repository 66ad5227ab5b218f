"""A tip goes from the form to the reviewers' apps, sealed on arrival; what cannot be used leaves nothing behind."""

import hashlib
import os

import pytest
from flask import Flask
from flask.testing import FlaskClient

from crypto.codename import Codename
from submission.config import Config
from tests.submission.disk import all_pieces
from tests.submission.reviewers import ReviewerApp
from tests.submission.visitor import BOUNDARY, MULTIPART, encode, hidden_fields, open_form, send
from wire.errors import LetterError

SECRET = "markerofasource"


def test_a_text_tip_reaches_each_reviewer(client: FlaskClient, reviewers: dict[str, ReviewerApp]) -> None:
    """What was typed into the form is what each reviewer's app opens."""
    page = send(client, {**open_form(client), "story": "Ivory, sold as bone.\r\nDaily.", "species": "elephant"})

    assert page.status_code == 200
    for reviewer in reviewers.values():
        (name,) = reviewer.waiting()
        letter = reviewer.letter(name).letter
        assert (letter.story, dict(letter.fields)) == ("Ivory, sold as bone.\nDaily.", {"species": "elephant"})
        assert (letter.number, letter.sealed, letter.language) == (1, "arrival", "en")


def test_files_arrive_as_they_were_sent(client: FlaskClient, reviewers: dict[str, ReviewerApp]) -> None:
    """Each file of a tip, over several parts, has the same bytes, name and type at the reviewer."""
    sent = {"a.jpg": os.urandom(3_000_000), "vidéo 2.mp4": b"", "notes.txt": b"\r\n--b\r\n" * 9}
    send(client, {**open_form(client)}, sent)

    reviewer = reviewers["r1"]
    letter = reviewer.letter(reviewer.waiting()[0]).letter
    assert reviewer.files(letter) == sent
    assert [file.sha256 for file in letter.files] == [hashlib.sha256(content).digest() for content in sent.values()]
    assert letter.files[0].type == "application/octet-stream"


def test_nothing_of_a_tip_is_on_disk_in_clear(client: FlaskClient, config: Config) -> None:
    """No file of the state folder holds the story, a file's content or name, or a word of the codename."""
    form = open_form(client)
    send(client, {**form, "story": SECRET}, {f"{SECRET}.txt": SECRET.encode()})

    stored = b"".join(path.read_bytes() for path in config.state.rglob("*") if path.is_file())

    assert SECRET.encode() not in stored
    assert form["codename"].encode() not in stored
    assert form["codename"].split()[0].encode() not in stored


def test_the_codename_is_shown_before_and_after(client: FlaskClient) -> None:
    """The form shows a codename, and the page after sending shows the same."""
    before = client.get("/tip").text
    form = hidden_fields(before)

    after = send(client, {**form, "story": "x"}).text

    assert before.count(form["codename"]) == 2
    assert form["codename"] in after
    assert str(Codename.parse(form["codename"])) == form["codename"]


def test_every_form_has_its_own_codename_and_tip_id(client: FlaskClient) -> None:
    """Two forms share nothing."""
    one, two = open_form(client), open_form(client)

    assert one["codename"] != two["codename"]
    assert one["tip"] != two["tip"]


def test_a_resent_form_has_the_same_tip_id(client: FlaskClient, reviewers: dict[str, ReviewerApp]) -> None:
    """Sending twice gives two letters of one conversation with one tip id, which the reviewers' apps join."""
    form = {**open_form(client), "story": "x"}
    send(client, form)
    send(client, form)

    letters = [reviewers["r1"].letter(name).letter for name in reviewers["r1"].waiting()]
    assert len(letters) == 2
    assert len({(letter.conversation, letter.tip, letter.number) for letter in letters}) == 1


def test_follow_ups_count_on(client: FlaskClient, reviewers: dict[str, ReviewerApp]) -> None:
    """Each page after sending carries the next number, the same codename and whom was left out."""
    page = send(client, {**open_form(client), "story": "one", "not_to": "r3"})
    for text in ("two", "three"):
        page = send(client, {**hidden_fields(page.text), "story": text}, path="/follow-up")
        assert page.status_code == 200

    letters = [reviewers["r1"].letter(name).letter for name in reviewers["r1"].waiting()]
    assert sorted((letter.number, letter.story) for letter in letters) == [(1, "one"), (2, "two"), (3, "three")]
    assert {letter.not_to for letter in letters} == {("r3",)}
    assert len({letter.conversation for letter in letters}) == 1


def test_who_is_left_out_cannot_open_the_tip(client: FlaskClient, reviewers: dict[str, ReviewerApp]) -> None:
    """A tip not to be read by one reviewer opens for the others only, and the page names those."""
    page = send(client, {**open_form(client), "story": "x", "not_to": "r2"}).text

    (name,) = reviewers["r2"].waiting()
    assert reviewers["r1"].letter(name).letter.not_to == ("r2",)
    with pytest.raises(LetterError, match="none of our keys"):
        reviewers["r2"].letter(name)
    assert "Desk r1" in page
    assert "Desk r2" not in page


def test_danger_now_is_answered_on_the_very_page(client: FlaskClient) -> None:
    """Whoever says that somebody is in danger reads what to do at once."""
    form = {"story": "x"}

    assert "Do not wait for us" in send(client, {**open_form(client), **form, "in_danger_now": "yes"}).text
    assert "Do not wait for us" not in send(client, {**open_form(client), **form}).text


def test_a_long_story_is_kept_whole(client: FlaskClient, reviewers: dict[str, ReviewerApp]) -> None:
    """A story of 60,000 bytes becomes a file of the letter."""
    story = "Đồi mồi 玳瑁 " * 3_000
    assert send(client, {**open_form(client), "story": story}).status_code == 200

    reviewer = reviewers["r1"]
    letter = reviewer.letter(reviewer.waiting()[0]).letter
    found = reviewer.files(letter)
    assert [content.decode() for content in found.values()] == [story.strip()]


def test_the_form_offers_every_question_and_reviewer(client: FlaskClient) -> None:
    """Whom to leave out stands before the files, which stand last; every field of a tip has an input."""
    page = client.get("/tip").text

    for name in ("story", "species", "listing_addresses", "willing_to_testify", "in_danger_now", "not_to", "files"):
        assert f'name="{name}"' in page
    assert "Panthera tigris" in page
    assert (
        page.index('name="story"')
        < page.index('name="species"')
        < page.index('name="not_to"')
        < page.index('name="files"')
    )


@pytest.mark.parametrize(
    ("changes", "status", "words"),
    [
        ({"story": ""}, 400, "nothing to send yet"),
        ({"story": " \r\n "}, 400, "nothing to send yet"),
        ({"codename": f"{SECRET} a b c d e f g"}, 400, "Word number 1"),
        ({"codename": "abacus abdomen"}, 400, "eight words"),
        ({"codename": "abacus " * 8}, 400, "does not fit"),
        ({"tip": SECRET}, 400, "damaged"),
        ({"tip": SECRET * 4}, 413, "too long"),
        ({"number": "0"}, 400, "damaged"),
        ({"number": "²"}, 400, "damaged"),
        ({SECRET: "x"}, 400, "unexpected"),
        ({"not_to": SECRET}, 400, "damaged"),
        ({"not_to": ["r1", "r2"]}, 400, "Too few people"),
        ({"species": SECRET * 30}, 400, "answers cannot be used"),
        ({"reward_wish": SECRET}, 400, "answers cannot be used"),
        ({"story": SECRET * 5_000}, 413, "too long"),
    ],
)
def test_what_cannot_be_used_is_refused(
    client: FlaskClient, config: Config, changes: dict[str, str], status: int, words: str
) -> None:
    """A page says what to do, with the right status; nothing is stored and nothing is repeated."""
    answer = send(client, {**open_form(client), "story": SECRET, **changes})

    assert (answer.status_code, words in answer.text) == (status, True)
    assert SECRET not in answer.text
    assert all_pieces(config.state) == []


def test_a_field_after_the_files_is_refused(client: FlaskClient, config: Config) -> None:
    """Whom to leave out cannot come when sealing has begun."""
    body = encode(open_form(client), {"a": b"x" * 3_000_000}).removesuffix(f"--{BOUNDARY}--\r\n".encode())
    body += encode({"not_to": "r1"})

    answer = client.post("/tip", data=body, content_type=MULTIPART)

    assert (answer.status_code, "wrong order" in answer.text) == (400, True)
    assert all_pieces(config.state) == []


def test_too_much_is_refused_while_it_arrives(client: FlaskClient, config: Config) -> None:
    """Files over the limit give a page with 413, and what was sealed until then is gone."""
    answer = send(client, {**open_form(client)}, {"a": bytes(config.max_upload + 1)})

    assert (answer.status_code, "more than fits" in answer.text) == (413, True)
    assert all_pieces(config.state) == []


def test_an_announced_flood_is_refused_at_once(client: FlaskClient) -> None:
    """A form that announces more than the limit is not read for its content."""
    answer = send(client, {**open_form(client)}, {"a": bytes(10 * 1024**2)})

    assert answer.status_code == 413


def test_too_many_files_are_refused(client: FlaskClient, config: Config) -> None:
    """The 101st file is refused with 413."""
    answer = send(client, {**open_form(client)}, {f"{number}": b"x" for number in range(101)})

    assert (answer.status_code, "Too many files" in answer.text) == (413, True)
    assert all_pieces(config.state) == []


def test_the_fullest_form_fits_into_a_letter(client: FlaskClient) -> None:
    """A hundred files with the longest names, a story and the longest answers are one tip."""
    answers = {"story": '"' * 2_000, "people": "漢" * 1_000, "firms": "漢" * 600, "how_known": "漢" * 300}
    files = {f"{number:03}{'漢' * 39}": b"x" for number in range(100)}

    assert send(client, {**open_form(client), **answers}, files).status_code == 200


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_another_encoding_is_refused(client: FlaskClient, kind: str) -> None:
    """A form that is not multipart is refused with a page."""
    assert client.post("/tip", data=b"story=x", content_type=kind).status_code == 400


def test_a_form_without_its_length_is_refused(app: Flask) -> None:
    """A chunked form is refused with 411, since a browser always tells the length."""
    with app.test_client() as client:
        answer = client.post("/tip", content_type=MULTIPART, headers={"Transfer-Encoding": "chunked"})

    assert (answer.status_code, "how much it sends" in answer.text) == (411, True)


def test_without_a_key_sheet_there_is_no_form(closed_app: Flask) -> None:
    """An intake with nothing to seal to says so, shows no form and takes none."""
    with closed_app.test_client() as client:
        page = client.get("/tip")
        answer = send(client, {"story": "x"})

        assert (page.status_code, "<form" in page.text, "closed" in page.text) == (503, False, True)
        assert answer.status_code == 503
        assert "Send a tip</a></p>" not in client.get("/").text
