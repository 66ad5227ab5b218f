"""A letter has one size, whatever is in it, and says clearly when it is too full."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crypto.header import read_header
from tests.wire.organisation import Organisation, new_keys
from wire.errors import LetterError
from wire.fields import Json, dump
from wire.files import UNKNOWN_TYPE
from wire.letter import LETTER_SIZE, Letter, verify_letter
from wire.opening import open_batch, open_letter
from wire.sealing import LetterSealer, batch_room, seal_batch

ORGANISATION = Organisation()
FIVE = Organisation(5)
SIXTEEN = Organisation(16, long_ids=True)
KEYS = new_keys()
TIP = bytes(range(16))


def make_sealer(
    organisation: Organisation = ORGANISATION,
    not_to: tuple[str, ...] = (),
    store: Callable[[bytes], None] | None = None,
) -> LetterSealer:
    """Return a sealer whose parts go nowhere unless told."""
    return LetterSealer(
        organisation.sheet, organisation.roster, KEYS, "device", not_to, store=store or (lambda part: None)
    )


def put(sealer: LetterSealer, name: str, content: bytes, media_type: str = "a/b") -> None:
    """Seal one small file."""
    sealer.start_file(name, media_type)
    sealer.write(content)
    sealer.end_file()


def finish(sealer: LetterSealer, organisation: Organisation = ORGANISATION, **changes: Any) -> Letter:
    """Finish a letter, check its size, and open it as the first reviewer."""
    values = {"tip": TIP, "number": 1, "language": "en", "fields": {}, "story": "", **changes}
    sealed = sealer.finish(**values)
    assert len(sealed) == LETTER_SIZE
    first = organisation.ids[0]
    opened = open_letter(sealed, [organisation.period[first]])
    verify_letter(opened.letter, opened.content, opened.macs, first, organisation.signing[first])
    return opened.letter


@settings(deadline=None, max_examples=60)
@given(
    story=st.text(max_size=9_000),
    fields=st.dictionaries(st.text(max_size=10), st.text(max_size=200), max_size=8),
    number=st.integers(1, 1_000_000),
)
def test_every_letter_has_one_size(story: str, fields: dict[str, Json], number: int) -> None:
    """Whatever is written, a letter is 65,536 bytes, and all of the story arrives."""
    letter = finish(make_sealer(), story=story, fields=fields, number=number)
    assert letter.fields == fields
    assert (letter.case_key is not None) == (number == 1)
    assert story.startswith(letter.story)
    if letter.story != story:
        assert letter.files[0].name == "story.txt"
        assert letter.files[0].length == len(story.encode())


@pytest.mark.parametrize("story", ["x" * 4_001, "象" * 1_334, "\n" * 2_001, "\x01" * 700, "🐘" * 600_000], ids=len)
def test_a_long_story_becomes_a_file(story: str) -> None:
    """Over 4,000 bytes as JSON writes it, a story is a file, and its beginning stays in the letter."""
    sealer = make_sealer()
    put(sealer, "a.jpg", b"abc")
    letter = finish(sealer, story=story)
    assert [file.name for file in letter.files] == ["a.jpg", "story.txt"]
    assert letter.files[1].offset == 3
    assert letter.story == story[:500]


@pytest.mark.parametrize("story", ["x" * 4_000, "象" * 1_333, "\n" * 2_000])
def test_a_story_that_fits_stays_in_the_letter(story: str) -> None:
    """Up to 4,000 bytes no file is made."""
    letter = finish(make_sealer(), story=story)
    assert (letter.story, letter.files, letter.parts) == (story, (), ())


@pytest.mark.parametrize("story", ["🐘" * 1_000, "🐘" * 2_000], ids=["in the letter", "as a file"])
@pytest.mark.parametrize("media_type", ["x/" + "y" * 30, "x/" + "y" * 78], ids=["kept", "shortened"])
def test_the_fullest_letter_fits(story: str, media_type: str) -> None:
    """16 reviewers with the longest ids, 100 files with long names, 64 parts, 6,000 bytes of fields and the story."""
    sealer = make_sealer(SIXTEEN)
    mebibyte = bytes(2**20)
    for number in range(100):
        sealer.start_file(f"{number:04}{'象' * 37}.docx", media_type)
        for _ in range(63 if number == 0 else 0):
            sealer.write(mebibyte)
        sealer.write(b"12345678")
        sealer.end_file()
    fields: dict[str, Json] = {"species": "x" * (6_000 - len(dump({"species": ""})))}
    letter = finish(sealer, SIXTEEN, story=story, fields=fields, language="zh-Hant-TW", claim=bytes(32))
    assert len(letter.parts) == 64
    assert len(letter.files) == 100 + (letter.story != story)
    assert len(letter.files[5].name.encode()) == 120
    assert letter.files[5].type == (media_type if len(media_type) == 32 else UNKNOWN_TYPE)


def test_the_type_of_a_file_is_kept_while_there_is_room() -> None:
    """Only a very full letter shortens types."""
    long_type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    sealer = make_sealer()
    put(sealer, "a.docx", b"x", long_type)
    assert finish(sealer).files[0].type == long_type


def test_what_does_not_fit_is_told_before_anything_is_sealed() -> None:
    """Fields over 6,000 bytes are refused with a kind of their own."""
    stored: list[bytes] = []
    sealer = make_sealer(store=stored.append)
    with pytest.raises(LetterError) as caught:
        sealer.finish(TIP, 1, "en", {"x": "y" * 6_000}, "x" * 9_000)
    assert caught.value.kind == "too_much"
    assert stored == []


def test_a_letter_too_full_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """If the bounds of all that is in a letter ever outgrow its size, it is told and nothing is cut off."""
    monkeypatch.setattr("wire.sealing.LETTER_SIZE", 8_000)
    with pytest.raises(LetterError, match="too full") as caught:
        make_sealer().finish(TIP, 1, "en", {}, "x" * 1_000)
    assert caught.value.kind == "too_much"


def test_a_hundred_files_are_the_most() -> None:
    """The source may send 100 files, and a long story beside them."""
    sealer = make_sealer()
    for number in range(100):
        put(sealer, f"{number}.txt", b"x")
    with pytest.raises(LetterError, match="100") as caught:
        sealer.start_file("one more", "a/b")
    assert caught.value.kind == "too_much"
    assert len(finish(sealer, story="x" * 5_000).files) == 101


@pytest.mark.parametrize("left_out", [0, 1, 3])
def test_leaving_out_reviewers_does_not_show(left_out: int) -> None:
    """The letter and its parts have the same header whoever is left out."""
    parts: list[bytes] = []
    sealer = make_sealer(FIVE, FIVE.ids[1 : 1 + left_out], parts.append)
    put(sealer, "a.txt", b"x")
    letter = sealer.finish(TIP, 1, "en", {}, "story")
    for sealed in (letter, parts[0]):
        header = read_header(sealed)
        assert len(header.stanzas) == 9
        assert header.size == read_header(make_sealer(FIVE).finish(TIP, 1, "en", {}, "")).size


@pytest.mark.parametrize("not_to", [("r9",), ORGANISATION.ids])
def test_leaving_out_nobody_known_or_everybody_is_refused(not_to: tuple[str, ...]) -> None:
    """It is told before the first file is taken."""
    with pytest.raises(LetterError) as caught:
        make_sealer(not_to=not_to)
    assert caught.value.kind == "sheet"


def test_sheet_and_roster_must_belong_together() -> None:
    """Sealing to a sheet of another roster is refused, for letters and batches."""
    with pytest.raises(LetterError) as caught:
        LetterSealer(FIVE.sheet, ORGANISATION.roster, KEYS, "device", store=lambda part: None)
    assert caught.value.kind == "sheet"
    with pytest.raises(LetterError) as caught:
        seal_batch(FIVE.sheet, ORGANISATION.roster, b"")
    assert caught.value.kind == "sheet"


def test_a_form_sent_again_has_the_same_tip_and_conversation() -> None:
    """What joins a resent form stands inside; outside, nothing is equal."""
    first, second = (make_sealer().finish(TIP, 1, "en", {}, "story") for _ in range(2))
    one, two = (open_letter(sealed, [ORGANISATION.period["r1"]]).letter for sealed in (first, second))
    assert one == two
    assert first[200:] != second[200:]
    assert {stanza.body for stanza in read_header(first).stanzas[:4]}.isdisjoint(
        stanza.body for stanza in read_header(second).stanzas[:4]
    )


@settings(deadline=None)
@given(st.lists(st.binary(max_size=300).filter(lambda line: b"\n" not in line), max_size=20))
def test_a_batch_is_read_back_and_looks_like_a_letter(lines: list[bytes]) -> None:
    """Lines survive, and the batch has a letter's size and stanzas."""
    joined = b"".join(line + b"\n" for line in lines)
    sealed = seal_batch(ORGANISATION.sheet, ORGANISATION.roster, joined)
    assert len(sealed) == LETTER_SIZE
    assert len(read_header(sealed).stanzas) == 5
    assert open_batch(sealed, [ORGANISATION.period["r2"]]) == joined


def test_a_batch_takes_exactly_its_room() -> None:
    """As many bytes as told fit, and one more does not."""
    room = batch_room(ORGANISATION.sheet)
    full = b"x" * (room - 1) + b"\n"
    assert open_batch(seal_batch(ORGANISATION.sheet, ORGANISATION.roster, full), [ORGANISATION.period["r1"]]) == full
    with pytest.raises(LetterError) as caught:
        seal_batch(ORGANISATION.sheet, ORGANISATION.roster, b"x" + full)
    assert caught.value.kind == "too_much"
    with pytest.raises(LetterError, match="line feed"):
        seal_batch(ORGANISATION.sheet, ORGANISATION.roster, b"x")
