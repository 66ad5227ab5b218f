"""Errors say their message, and carry what a caller chooses by."""

import pytest

from wire.errors import LetterError, TipFieldError, WireError


@pytest.mark.parametrize(
    "error",
    [
        WireError("not this"),
        LetterError("not this"),
        LetterError("not this", "sheet"),
        TipFieldError("not this", "price"),
    ],
)
def test_an_error_says_its_message_and_nothing_else(error: WireError) -> None:
    """Kind and field are for programs."""
    assert str(error) == "not this"


def test_a_letter_is_malformed_unless_something_else_is_said() -> None:
    """The kind has a default, the field has none."""
    assert LetterError("x").kind == "malformed"
    assert LetterError("x", "mac").kind == "mac"
    assert TipFieldError("x", None).field is None
