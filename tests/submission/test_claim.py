"""Claim words of the form: off until chosen, shown once, and marked as known to the intake."""

import re

import pytest
from flask.testing import FlaskClient

from crypto.claim import ClaimWords
from submission.config import Config
from tests.submission.reviewers import ReviewerApp
from tests.submission.visitor import hidden_fields, open_form, send
from wire.claim import commitment_of
from wire.letter import Letter

BOX = re.compile(r'<input type="checkbox" name="claim" value="([^"]*)">')


def words_in(page: str) -> str:
    """The words that a form would give, in the value of its box."""
    (found,) = BOX.findall(page)
    return str(found)


def letters(reviewer: ReviewerApp) -> list[Letter]:
    """The letters that wait, by number."""
    return sorted((reviewer.letter(name).letter for name in reviewer.waiting()), key=lambda one: one.number)


def test_there_is_no_claim_unless_it_is_chosen(client: FlaskClient, reviewers: dict[str, ReviewerApp]) -> None:
    """The box is not ticked, the letter carries nothing, and the page that follows shows no words."""
    form = client.get("/tip").text
    assert "checked" not in BOX.search(form).group(0)  # type: ignore[union-attr]  # it is there
    page = send(client, {**hidden_fields(form), "story": "Ivory."}).text
    assert letters(reviewers["r1"])[0].claim is None
    assert "Your claim words" not in page
    assert words_in(form) not in page


def test_the_chosen_words_make_the_commitment_that_the_letter_carries(
    client: FlaskClient, reviewers: dict[str, ReviewerApp]
) -> None:
    """Shown on the page that follows, and known to every reviewer as made on arrival."""
    form = client.get("/tip").text
    page = send(client, {**hidden_fields(form), "claim": words_in(form), "story": "Ivory."}).text
    assert f'<p class="words" lang="en">{words_in(form)}</p>' in page
    for reviewer in reviewers.values():
        (letter,) = letters(reviewer)
        commitment = commitment_of(letter)
        assert commitment is not None
        assert commitment.known_to_intake
        keys = ClaimWords.parse(words_in(form)).derive(commitment.salt)
        assert keys.public.commitment == letter.claim


def test_a_form_sent_twice_has_one_claim(client: FlaskClient, reviewers: dict[str, ReviewerApp]) -> None:
    """Whoever presses Resend is shown the same words, and both letters carry the same commitment."""
    form = client.get("/tip").text
    fields = {**hidden_fields(form), "claim": words_in(form), "story": "Ivory."}
    pages = [send(client, fields).text, send(client, fields).text]
    assert all(words_in(form) in page for page in pages)
    assert len({one.claim for one in letters(reviewers["r1"])}) == 1


def test_it_can_be_chosen_later(client: FlaskClient, reviewers: dict[str, ReviewerApp]) -> None:
    """The page after sending and the mailbox offer new words with the next message."""
    page = send(client, {**open_form(client), "story": "Ivory."}).text
    later = {**hidden_fields(page), "claim": words_in(page), "story": "More."}
    assert words_in(page) in send(client, later, path="/follow-up").text
    first, second = letters(reviewers["r1"])
    assert first.claim is None
    assert second.claim is not None
    mailbox = client.post("/mailbox", data={"codename": later["codename"]}).text
    assert ClaimWords.parse(words_in(mailbox)) != ClaimWords.parse(words_in(page))


def test_every_form_has_its_own_words(client: FlaskClient) -> None:
    """No two visitors are given the same."""
    one, other = words_in(client.get("/tip").text), words_in(client.get("/tip").text)
    assert ClaimWords.parse(one) != ClaimWords.parse(other)


@pytest.mark.parametrize("wrong", ["yes", "abacus abacus abacus abacus 00", "x" * 129])
def test_words_that_are_none_are_refused(client: FlaskClient, reviewers: dict[str, ReviewerApp], wrong: str) -> None:
    """What did not come with the form, and what was changed; nothing is stored, and nothing repeated."""
    answer = send(client, {**open_form(client), "claim": wrong, "story": "Ivory."})
    assert 400 <= answer.status_code < 500
    assert wrong not in answer.text or wrong == "yes"
    assert reviewers["r1"].waiting() == []


def test_claim_words_are_nowhere_on_disk(client: FlaskClient, config: Config) -> None:
    """They are used while the form is read, and forgotten."""
    form = client.get("/tip").text
    send(client, {**hidden_fields(form), "claim": words_in(form), "story": "Ivory."})
    stored = b"".join(path.read_bytes() for path in config.state.rglob("*") if path.is_file())
    one, two, *_ = words_in(form).split()
    assert f"{one} {two}".encode() not in stored


def test_the_risk_is_told_beside_the_box(client: FlaskClient) -> None:
    """What it gives, that whoever finds the words has the proof, and that this machine could keep them."""
    for path, told in (
        ("/tip", ("whoever finds these words", "this machine makes them just now", "shown once")),
        ("/tip?lang=fr", ("quiconque trouve ces mots", "cette machine les crée", "une seule fois")),
    ):
        page = client.get(path).text.replace("\u202f", " ")
        assert all(each in page for each in told)
