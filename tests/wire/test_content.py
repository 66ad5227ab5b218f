"""What a case event says."""

import json
from contextlib import suppress
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.wire.contents import any_content, contents_of
from wire.content import KINDS, CaseOpened, DossierProposed, Heads, Noted, parse_content
from wire.content_kind import LIMIT, CaseContent, Content, case_of_tip
from wire.errors import EventError

TODAY = date(2026, 11, 25)
NOTE = Noted(on=TODAY, case=bytes(16), text="Seen again.")


@given(any_content())
def test_every_content_survives_its_encoding(content: Content) -> None:
    """What was written is read again, padded or not."""
    encoded = content.encode()
    assert parse_content(encoded) == content
    assert parse_content(encoded + b" " * 512) == content


@pytest.mark.parametrize("kind", KINDS.values())
@settings(max_examples=5)
@given(data=st.data())
def test_every_kind_is_written_under_its_own_word(kind: type[Content], data: st.DataObject) -> None:
    """The word in the JSON leads back to the class."""
    values = json.loads(data.draw(contents_of(kind)).encode())
    assert KINDS[values["kind"]] is kind
    assert values["v"] == 1
    assert ("case" in values) == issubclass(kind, CaseContent)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_content_or_refused(untrusted: bytes) -> None:
    """No other error escapes."""
    with suppress(EventError):
        parse_content(untrusted)


@given(any_content(), st.data())
def test_a_content_with_one_value_replaced_is_a_content_or_refused(content: Content, data: st.DataObject) -> None:
    """Whatever stands in a field, nothing but the one error escapes."""
    values = json.loads(content.encode())
    name = data.draw(st.sampled_from(sorted(values)))
    values[name] = data.draw(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats()
        | st.text()
        | st.lists(st.text(max_size=3), max_size=3)
        | st.just({"a": {}})
    )
    with suppress(EventError):
        parse_content(json.dumps(values).encode())


@pytest.mark.parametrize(
    "untrusted",
    [
        b"",
        b"[]",
        b'{"v":2,"kind":"heads","on":"2026-11-25","missing":[]}',
        b'{"v":1,"kind":"Heads","on":"2026-11-25","missing":[]}',
        b'{"v":1,"kind":"heads","on":"2026-11-25","missing":[],"case":"00000000000000000000000000000000"}',
        b'{"v":1,"kind":"noted","on":"2026-11-25","text":"no case"}',
        NOTE.encode() + b" " * LIMIT,
        b"[" * 5_000,
    ],
)
def test_what_is_no_content_is_refused(untrusted: bytes) -> None:
    """Version, kind, fields and size are exact."""
    with pytest.raises(EventError):
        parse_content(untrusted)


@pytest.mark.parametrize(
    "wrong",
    [
        Noted(on=TODAY, case=bytes(16), text=""),
        Noted(on=TODAY, case=bytes(15), text="short case"),
        Noted(on=TODAY, case=bytes(16), text="\ud800"),
        Noted(on=TODAY, case=bytes(16), text="x" * 16_001),
        Heads(on=TODAY, missing=(bytes(31),)),
        CaseOpened(
            on=TODAY,
            case=bytes(16),
            letter=None,
            number=0,
            tip=None,
            title="Two\nlines",
            members=("r1",),
            checked=False,
        ),
    ],
)
def test_what_nobody_would_read_is_not_written(wrong: Content) -> None:
    """An app learns at once, before it signs anything."""
    with pytest.raises(EventError):
        wrong.encode()


def test_a_value_that_would_come_back_changed_is_not_written() -> None:
    """What an author signs is what readers see."""
    proposed = DossierProposed(on=TODAY, case=bytes(16), draft=b'{"a": 1}', dossier=bytes(32), approval=b"x")
    with pytest.raises(EventError, match="one form"):
        proposed.encode()
    with pytest.raises(EventError, match="cannot be written"):
        replace(proposed, draft=b"{").encode()


def test_all_letters_of_a_conversation_are_one_case() -> None:
    """The case follows from instance and conversation alone."""
    assert case_of_tip(bytes(16), bytes(32)) == case_of_tip(bytes(16), bytes(32))
    cases = {case_of_tip(bytes(16), bytes(32)), case_of_tip(b"\1" * 16, bytes(32)), case_of_tip(bytes(16), b"\1" * 32)}
    assert len(cases) == 3
    assert all(len(case) == 16 for case in cases)


def test_the_case_of_a_conversation_is_the_one_in_the_format() -> None:
    """A second reader must come to the same."""
    assert case_of_tip(bytes(range(16)), bytes(range(32))).hex() == "ec016664df9c0297efb9bd913760248a"


def test_the_words_of_all_kinds_are_listed_once() -> None:
    """No two classes share a word."""
    assert len(set(KINDS)) == len(set(KINDS.values())) == 31
