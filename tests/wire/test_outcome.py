"""What came of a dossier, in fields that rules can read."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.wire.edges import changed
from tests.wire.test_receipt import RECEIPT
from wire.errors import ReceiptError
from wire.outcome import HAPPENED, PROCEEDINGS, Outcome
from wire.receipt import Receipt

CONVICTION = Outcome(
    country="US",
    happened=("conviction", "forfeiture"),
    proceedings="over",
    law="us-lacey",
    collected="25000 USD",
    sanctions="30000.50 USD",
    day=date(2026, 11, 20),
)
TOLD = replace(RECEIPT, kind="outcome", text="Two were convicted.", outcome=CONVICTION)

amounts = st.one_of(
    st.just(""),
    st.builds(
        lambda whole, cents, currency: f"{whole}{cents} {currency}",
        st.integers(0, 10**15 - 1),
        st.sampled_from(["", ".5", ".05"]),
        st.sampled_from(["USD", "KES"]),
    ),
)
laws = st.one_of(
    st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,3}", fullmatch=True).map(lambda law: {"law": law}),
    st.text("abc §é.", min_size=1, max_size=60)
    .filter(lambda text: text.strip() != "")
    .map(lambda text: {"statute": text}),
)


def outcome_with(**values: Any) -> bytes:
    """A payload whose outcome has other values in some fields; `...` takes a field away."""
    fields = json.loads(TOLD.encode())["outcome"] | values
    return changed(TOLD.encode(), outcome={name: value for name, value in fields.items() if value is not ...})


def test_an_outcome_is_read_as_it_was_signed() -> None:
    """Every field comes back, and the text stays beside it."""
    read = Receipt.decode(TOLD.encode())
    assert (read.outcome, read.text) == (CONVICTION, "Two were convicted.")


@given(
    happened=st.sets(st.sampled_from(HAPPENED)).map(lambda words: tuple(word for word in HAPPENED if word in words)),
    proceedings=st.sampled_from((None, *PROCEEDINGS)),
    law=laws,
    collected=amounts,
    sanctions=amounts,
    day=st.none() | st.dates(),
)
def test_every_outcome_that_tells_something_is_read_as_written(law: dict[str, Any], **values: Any) -> None:
    """What can be written is read as the same; what tells nothing is refused."""
    receipt = replace(TOLD, outcome=Outcome(country="KE", **law, **values))
    if not (values["happened"] or values["proceedings"] or values["collected"] or values["sanctions"]):
        with pytest.raises(ReceiptError, match="nothing else is told"):
            receipt.encode()
        return
    assert Receipt.decode(receipt.encode()) == receipt


def test_it_stands_in_an_outcome_alone() -> None:
    """Neither a receipt nor a question carries one; an outcome may go without."""
    for kind, text in (("receipt", ""), ("question", "Which one?")):
        with pytest.raises(ReceiptError, match="stands in an outcome alone"):
            Receipt.decode(changed(TOLD.encode(), kind=kind, text=text))
    assert Receipt.decode(replace(TOLD, outcome=None).encode()).outcome is None


def test_the_longest_outcome_fits_beside_the_longest_text() -> None:
    """No office must cut its words for the fields."""
    amount = f"{10**15 - 1}.99 USD"
    longest = Outcome(
        country="US",
        happened=HAPPENED,
        proceedings="under_way",
        statute="x" * 200,
        collected=amount,
        sanctions=amount,
        day=date(2026, 11, 20),
    )
    assert Receipt.decode(replace(TOLD, text="x" * 4_000, outcome=longest).encode()).outcome == longest


@pytest.mark.parametrize(
    ("values", "complaint"),
    [
        ({"country": ...}, "country is missing"),
        ({"country": "us"}, "two capital letters"),
        ({"country": "USA"}, "0 to 2 bytes"),
        ({"happened": []}, "known ones"),
        ({"happened": ["acquittal"]}, "known ones"),
        ({"happened": ["forfeiture", "conviction"]}, "in their order"),
        ({"happened": ["conviction", "conviction"]}, "each once"),
        ({"happened": "conviction"}, "not a list"),
        ({"proceedings": "none"}, "proceedings is none of the known values"),
        ({"law": "US-Lacey"}, "law is not a word"),
        ({"law": ""}, "law is not a word"),
        ({"law": "u" * 41}, "0 to 40 bytes"),
        ({"statute": "16 USC 3373"}, "only one of them"),
        ({"law": ..., "statute": "x" * 201}, "1 to 200 bytes"),
        ({"law": ..., "statute": "16 USC\n3373"}, "control character"),
        ({"law": ..., "statute": " "}, "law is missing"),
        ({"law": ...}, "law is missing"),
        ({"law": ..., "happened": ..., "collected": ...}, "law is missing"),
        ({"collected": "25000"}, "collected is not an amount"),
        ({"collected": "025000 USD"}, "collected is not an amount"),
        ({"collected": f"{10**15} USD"}, "collected is not an amount"),
        ({"sanctions": "1.000 USD"}, "sanctions is not an amount"),
        ({"sanctions": "-1 USD"}, "sanctions is not an amount"),
        ({"day": "20261120"}, "day"),
        ({"victims": 2}, "does not belong there"),
        (dict.fromkeys(("happened", "proceedings", "law", "collected", "sanctions"), ...), "nothing else is told"),
    ],
)
def test_what_is_no_outcome_is_refused(values: dict[str, Any], complaint: str) -> None:
    """Each field is held to its form, and the message never repeats what was sent."""
    with pytest.raises(ReceiptError, match=complaint) as refused:
        Receipt.decode(outcome_with(**values))
    assert not any(str(value) in str(refused.value) for value in values.values() if len(str(value)) > 5)


def test_proceedings_need_no_law() -> None:
    """That they are over, or under way, is said of a country."""
    for proceedings in PROCEEDINGS:
        alone = Outcome(country="US", proceedings=proceedings)
        assert Receipt.decode(replace(TOLD, outcome=alone).encode()).outcome == alone
