"""The two onions: who comes in where, and what each circuit counts for itself."""

import pytest

from reviewer.errors import OnionError
from tests.onion.place import PAGES, Place

NO_KEY = 0xF4
WRONG_KEY = 0xF5


def test_visitors_find_no_reviewers_address(place: Place) -> None:
    """The visitors' onion answers an address of the reviewers' apps as it answers one that does not exist."""
    nowhere = place.ask(place.source, place.visitors, "/nowhere")
    hidden = place.ask(place.source, place.visitors, "/api/letters")

    assert nowhere.status == hidden.status == 404
    assert hidden.headers == nowhere.headers
    assert len(hidden.body) == len(nowhere.body)


def test_reviewers_find_no_page(place: Place) -> None:
    """The reviewers' onion has no page, and gives nothing without a signature."""
    assert place.ask(place.reviewer, place.reviewers, "/").status == 404
    assert place.ask(place.reviewer, place.reviewers, "/tip").status == 404
    assert place.ask(place.reviewer, place.reviewers, "/api/letters").status == 401


def test_the_reviewers_onion_is_closed_to_whoever_has_no_key(place: Place) -> None:
    """Without a client key tor tells the app that one is missing, and the app says what to do."""
    with pytest.raises(OnionError, match="your tor has none for it") as refused:
        place.ask(place.source, place.reviewers, "/api/letters")

    assert refused.value.code == NO_KEY


def test_the_reviewers_onion_is_closed_to_a_key_that_the_operator_never_got(place: Place) -> None:
    """With a wrong client key tor tells the app that it is wrong, and the app says whom to ask."""
    with pytest.raises(OnionError, match="does not accept your key") as refused:
        place.ask(place.stranger, place.reviewers, "/api/letters")

    assert refused.value.code == WRONG_KEY


def test_who_comes_through_a_gateway_gets_no_form(place: Place) -> None:
    """A visitor whose gateway asks under a name of the open web is told how to come, and is offered nothing to send."""
    answer = place.ask(place.source, place.visitors, "/tip", host="lapwing.example")

    assert answer.status == 421
    assert place.visitors.encode() in answer.body
    assert b"<form" not in answer.body


def test_each_circuit_has_a_limit_of_its_own(place: Place) -> None:
    """One circuit asks until it is told to wait; another goes on as if nothing had been."""
    ask = place.ask
    for _ in range(PAGES):
        ask(place.source, place.visitors, "/keys", "greedy")

    refused = ask(place.source, place.visitors, "/keys", "greedy")
    assert refused.status == 429
    assert int(refused.headers["Retry-After"]) % 60 == 0
    assert ask(place.source, place.visitors, "/keys", "modest").status == 200
    assert ask(place.source, place.visitors, "/keys", "greedy").status == 429
