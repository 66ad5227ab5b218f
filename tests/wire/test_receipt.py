"""What an office answers."""

import contextlib
import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.signing import SigningKey

from crypto.dsse import sign
from tests.wire.dossiers import Desk
from wire.errors import ReceiptError
from wire.receipt import PAYLOAD_TYPE, Kind, Receipt, open_receipt, sign_receipt

DESK = Desk()
DOSSIER = bytes(range(32))
RECEIPT = Receipt(bytes(16), DOSSIER, DESK.office.digest, date(2026, 11, 25), "receipt", "")


@pytest.mark.parametrize(
    "receipt",
    [RECEIPT, replace(RECEIPT, kind="question", text="où ?"), replace(RECEIPT, kind="outcome", text="x" * 4000)],
)
def test_an_answer_is_opened_by_its_dossier(receipt: Receipt) -> None:
    """A receipt, a question and an outcome are read as they were signed."""
    assert open_receipt(sign_receipt(receipt, DESK.office_key), DESK.office, DOSSIER) == receipt


def test_only_the_office_signs() -> None:
    """An answer by another key is refused."""
    with pytest.raises(ReceiptError, match="not signed"):
        open_receipt(sign_receipt(RECEIPT, SigningKey.generate()), DESK.office, DOSSIER)


def test_another_payload_type_is_refused() -> None:
    """What the office signed as something else is no receipt."""
    with pytest.raises(ReceiptError, match="not signed"):
        open_receipt(sign("application/x", RECEIPT.encode(), DESK.office_key), DESK.office, DOSSIER)


def test_an_answer_to_another_dossier_is_refused() -> None:
    """A receipt counts for its own dossier only."""
    with pytest.raises(ReceiptError, match="another dossier"):
        open_receipt(sign_receipt(RECEIPT, DESK.office_key), DESK.office, bytes(32))


def test_an_answer_that_names_another_office_is_refused() -> None:
    """A receipt names the office that signed it."""
    with pytest.raises(ReceiptError, match="another office"):
        open_receipt(sign_receipt(replace(RECEIPT, office=bytes(32)), DESK.office_key), DESK.office, DOSSIER)


@pytest.mark.parametrize(
    "receipt",
    [
        replace(RECEIPT, text="words"),
        replace(RECEIPT, kind="question"),
        replace(RECEIPT, kind="outcome", text=" \n"),
        replace(RECEIPT, kind="question", text="x" * 4001),
    ],
)
def test_text_goes_with_the_kind(receipt: Receipt) -> None:
    """A plain receipt has no text; a question and an outcome have one of at most 4,000 bytes."""
    with pytest.raises(ReceiptError):
        sign_receipt(receipt, DESK.office_key)


def test_an_answer_fits_into_a_case_event() -> None:
    """The longest answer, signed, is at most the 8,192 bytes that an event carries."""
    longest = replace(RECEIPT, kind="outcome", text="\n" * 1_400 + "x" * 2_600)

    assert len(sign_receipt(longest, DESK.office_key).encode()) <= 8_192


@pytest.mark.parametrize(
    ("part", "other"),
    [
        (b'"receipt"', b'"refund"'),
        (b"2026-11-25", b"20261125"),
        (b"2026-11-25", b"2026-W48-3"),
        (b"2026-11-25", b"2026-13-01"),
        (b'"v":1', b'"v":2'),
        (b'"text":""', b'"text":"","more":1'),
    ],
)
def test_what_is_no_receipt_is_refused(part: bytes, other: bytes) -> None:
    """A payload of another form is refused even when the office signed it."""
    payload = RECEIPT.encode().replace(part, other)
    with pytest.raises(ReceiptError):
        open_receipt(sign(PAYLOAD_TYPE, payload, DESK.office_key), DESK.office, DOSSIER)


@given(st.binary(max_size=300))
def test_any_bytes_give_a_receipt_or_an_error(untrusted: bytes) -> None:
    """No bytes do anything but give a receipt or a ``ReceiptError``."""
    with contextlib.suppress(ReceiptError):
        Receipt.decode(untrusted)


@given(st.dates(), st.sampled_from(["question", "outcome"]), st.text(min_size=1, max_size=1000))
def test_every_answer_is_read_as_written(day: date, kind: Kind, text: str) -> None:
    """What can be encoded is decoded to the same."""
    receipt = replace(RECEIPT, opened=day, kind=kind, text=text)
    try:
        encoded = receipt.encode()
    except ReceiptError:
        assert not text.strip() or len(json.dumps(text, ensure_ascii=False).encode(errors="surrogatepass")) > 4000
        return
    assert Receipt.decode(encoded) == receipt
