"""Letters that the client seals are those that Python makes: opened, verified and accepted by the other side's code."""

import subprocess
from bisect import bisect_right
from collections import Counter
from pathlib import Path

import pytest

from crypto.header import read_header
from tests.client.node import Core, RefusedError
from tests.client.source import TIP, Source
from tests.wire.organisation import WEEK, Organisation
from wire.errors import LetterError
from wire.fields import Json
from wire.files import UNKNOWN_TYPE
from wire.letter import LETTER_SIZE, PART_SIZE
from wire.look import check_letter, check_part
from wire.opening import open_letter
from wire.sealing import LetterSealer
from wire.shelf import shelf_of
from wire.stanzas import read_sheet_name

MIB = PART_SIZE
ROOM = MIB - 6_369 - 16 - 16 * 16  # bytes of files that fill one part, with four stanzas
ORGANISATION = Organisation()


@pytest.fixture
def source(core: Core, tmp_path: Path) -> Source:
    """A source of an organisation with three reviewers."""
    return Source(core, tmp_path, ORGANISATION)


def pattern(size: int) -> bytes:
    """Bytes in which none of the boundaries looks like another."""
    return b"".join(number.to_bytes(4, "big") for number in range(size // 4 + 1))[:size]


def test_a_letter_opens_for_each_reviewer_and_is_verified(source: Source) -> None:
    """Every reviewer opens the letter, finds what was written, and verifies its MAC."""
    sealed = source.seal(story="Ivoire « blanc ».\n象牙 🐘", fields={"species": "Loxodonta africana"}, language="fr")
    assert len(sealed) == LETTER_SIZE
    for reviewer in source.organisation.ids:
        letter = source.opened(sealed, reviewer).letter
        assert letter.story == "Ivoire « blanc ».\n象牙 🐘"
        assert letter.fields == {"species": "Loxodonta africana"}
        assert (letter.language, letter.sealed, letter.number, letter.tip) == ("fr", "device", 1, TIP)
        assert letter.conversation == bytes(source.keys.conversation.public_key)
        assert letter.reply_to == source.keys.reply.recipient
        assert letter.shelf == shelf_of(source.keys.shelf)
        assert letter.case_key == source.keys.case_key


def test_only_the_first_letter_gives_the_case_key(source: Source) -> None:
    """A follow-up has its number, and no case key."""
    letter = source.opened(source.seal(number=2, sealed="before")).letter
    assert (letter.number, letter.case_key, letter.sealed) == (2, None, "before")


@pytest.mark.parametrize(("reviewers", "stanzas"), [(2, 4), (4, 4), (5, 8), (9, 12), (16, 16)])
def test_the_intake_accepts_the_letter(core: Core, tmp_path: Path, reviewers: int, stanzas: int) -> None:
    """The letter has the size and header that are asked for, with stanzas rounded up to a multiple of four."""
    source = Source(core, tmp_path, Organisation(reviewers))
    sealed = source.seal()
    sheet = source.organisation.sheet
    check_letter(sealed, {sheet.digest: WEEK})
    header = read_header(sealed)
    assert read_sheet_name(header) == (WEEK, sheet.digest)
    assert len(header.stanzas) == stanzas + 1
    assert header.size == 1_557 * stanzas + 141


def test_who_is_left_out_cannot_open_it_and_does_not_show(source: Source) -> None:
    """A reviewer left out has neither stanza nor MAC, and the header is as long as with them."""
    sealed = source.seal([("a", "a/b", b"x")], not_to=["r3", "r1"])
    opened = source.opened(sealed, "r2")
    assert opened.letter.not_to == ("r1", "r3")
    assert set(opened.macs) == {"r2"}
    assert source.files_of(opened.letter, "r2") == {"a": b"x"}
    for reviewer in ("r1", "r3"):
        with pytest.raises(LetterError) as caught:
            open_letter(sealed, [source.organisation.period[reviewer]])
        assert caught.value.kind == "not_mine"
    assert read_header(sealed).size == read_header(source.seal()).size


def test_no_place_in_the_header_belongs_to_a_reviewer(source: Source) -> None:
    """Among many letters, the stanza of one reviewer stands in each place about as often."""
    identity = source.organisation.period["r1"]
    places: Counter[int] = Counter()
    for _ in range(80):
        stanzas = read_header(source.seal()).stanzas[:-1]
        places.update(place for place, stanza in enumerate(stanzas) if identity.unwrap(stanza) is not None)
    assert places.total() == 80
    assert (
        min(places[place] for place in range(4)) >= 5
    )  # 20 are expected; a fair draw gives fewer than 5 in 30,000 runs once


@pytest.mark.parametrize("not_to", [["r9"], ["r1", "r2", "r3"], ["r1", "r9"]])
def test_nobody_unknown_and_not_everybody_can_be_left_out(source: Source, not_to: list[str]) -> None:
    """Leaving out someone who is not there, or all, is refused."""
    with pytest.raises(RefusedError) as caught:
        source.seal(not_to=not_to)
    assert caught.value.kind == "sheet"


def test_sheet_and_roster_must_belong_together(source: Source) -> None:
    """A letter to the keys of one organisation with the MACs of another is not made."""
    source.organisation = other = Organisation()
    assert other.sheet.roster != ORGANISATION.roster.digest
    other.roster = ORGANISATION.roster
    with pytest.raises(RefusedError) as caught:
        source.seal()
    assert caught.value.kind == "sheet"


@pytest.mark.parametrize(
    ("sizes", "parts"),
    [
        ([], 0),
        ([0], 0),
        ([1], 1),
        ([65_535], 1),
        ([65_536], 1),
        ([65_537], 1),
        ([ROOM], 1),
        ([ROOM + 1], 2),
        ([0, 1, 0], 1),
        ([65_536, 65_536], 1),
        ([MIB, 3], 2),
        ([5 * MIB], 6),
    ],
    ids=str,
)
def test_files_of_any_size_come_out_as_they_went_in(source: Source, sizes: list[int], parts: int) -> None:
    """The files are whole, in parts of 1 MiB, as many as are needed, handed out in order."""
    contents = {f"{at}.bin": pattern(size) for at, size in enumerate(sizes)}
    sealed = source.seal((name, "application/zip", content) for name, content in contents.items())
    letter = source.opened(sealed).letter
    assert [file.length for file in letter.files] == sizes
    assert [check_part(part) for part in source.parts()] == list(letter.parts)
    assert len(letter.parts) == parts
    for reviewer in source.organisation.ids:
        assert source.files_of(letter, reviewer) == contents


@pytest.mark.parametrize("piece", [1, 4_096, 65_536, 65_537, 3 * MIB])
def test_it_does_not_matter_in_which_pieces_a_file_comes(source: Source, piece: int) -> None:
    """Bytes one by one or all at once give the same files."""
    content = pattern(70_000 if piece == 1 else MIB + 5)
    sealed = source.seal([("a", "a/b", content)], piece=piece)
    assert source.files_of(source.opened(sealed).letter) == {"a": content}


def test_the_header_of_the_parts_is_that_of_a_letter(source: Source) -> None:
    """The files' header has its own recipients, drawn anew, and names the sheet."""
    sealed = source.seal([("a", "a/b", b"x")])
    header = read_header(source.parts()[0])
    assert read_sheet_name(header) == (WEEK, source.organisation.sheet.digest)
    assert {one.body for one in header.stanzas[:-1]}.isdisjoint(one.body for one in read_header(sealed).stanzas[:-1])


@pytest.mark.parametrize(("mebibytes", "index", "stored"), [(63, False, 64), (64, True, 66)])
def test_64_parts_stand_in_the_letter_and_65_in_an_index(
    source: Source, mebibytes: int, index: bool, stored: int
) -> None:
    """The letter has room for 64 names; the index takes a part of its own."""
    content = pattern(MIB) * mebibytes
    letter = source.opened(source.seal([("a", "a/b", content)], piece=8 * MIB)).letter
    assert (letter.index, len(letter.parts), len(source.parts())) == (index, 1 if index else 64, stored)
    assert source.files_of(letter) == {"a": content}


@pytest.mark.parametrize(
    "story", ["x" * 4_001, "象" * 1_334, "\n" * 2_001, "\x01" * 700, "🐘" * 300_000, "🐘" * 499 + "ab" * 2_000]
)
def test_a_long_story_becomes_a_file(source: Source, story: str) -> None:
    """Over 4,000 bytes as JSON writes it, a story is the last file, and its first 500 characters stay in the letter."""
    letter = source.opened(source.seal([("a.jpg", "a/b", b"abc")], story=story)).letter
    assert [(file.name, file.type) for file in letter.files] == [("a.jpg", "a/b"), ("story.txt", "text/plain")]
    assert letter.story == story[:500]
    assert source.files_of(letter) == {"a.jpg": b"abc", "story.txt": story.encode()}


@pytest.mark.parametrize("story", ["x" * 4_000, "象" * 1_333, "\n" * 2_000])
def test_a_story_that_fits_stays_in_the_letter(source: Source, story: str) -> None:
    """4,000 bytes as JSON writes them are no file."""
    letter = source.opened(source.seal(story=story)).letter
    assert (letter.story, letter.files) == (story, ())


@pytest.mark.slow
def test_types_give_way_exactly_where_pythons_do(core: Core, tmp_path: Path) -> None:
    """A letter that is full to the last byte keeps long types; with one byte more of story they become unknown ones."""
    source = Source(core, tmp_path, Organisation(16, long_ids=True))
    long, short = "a/" + "b" * 78, "a/" + "b" * 30
    files = [
        (f"{at:04}{'象' * 37}.docx", long if at else short, bytes(63 * MIB if at == 0 else 0)) for at in range(100)
    ]
    fields: dict[str, Json] = {"a": "x" * 5_992}

    def types(story: int) -> list[str]:
        """The types that Python keeps with a story of so many bytes."""
        sealer = LetterSealer(
            source.organisation.sheet, source.organisation.roster, source.keys, "device", store=lambda _: None
        )
        for name, media_type, content in files:
            sealer.start_file(name, media_type)
            sealer.write(content)
            sealer.end_file()
        sealed = sealer.finish(TIP, 1, "en", fields, "x" * story)
        return [file.type for file in source.opened(sealed, source.organisation.ids[0]).letter.files]

    most = bisect_right(range(4_001), 0, key=lambda story: types(story).count(UNKNOWN_TYPE)) - 1
    assert 0 < most < 4_000
    for story in (most, most + 1):
        sealed = source.seal(files, story="x" * story, fields=fields, piece=8 * MIB)
        letter = source.opened(sealed, source.organisation.ids[0]).letter
        assert [file.type for file in letter.files] == types(story)


def test_half_of_a_pair_is_sent_as_a_form_sends_it(source: Source) -> None:
    """A sign cut in two, which has no UTF-8, is replaced and stops nothing."""
    letter = source.opened(source.seal(story="a\ud83d b\udc18 🐘", fields={"species": "\ud83dx"})).letter
    assert (letter.story, letter.fields) == ("a\ufffd b\ufffd 🐘", {"species": "\ufffdx"})


def test_types_are_kept_while_there_is_room(source: Source) -> None:
    """A long type stays where the letter is not full."""
    letter = source.opened(source.seal([("a", "a/" + "b" * 78, b"")])).letter
    assert letter.files[0].type == "a/" + "b" * 78


def test_a_hundred_files_are_the_most(source: Source) -> None:
    """The 101st place is for a story that is too long."""
    files = [(f"{at}", "a/b", b"") for at in range(101)]
    letter = source.opened(source.seal(files[:100], story="x" * 5_000)).letter
    assert len(letter.files) == 101
    with pytest.raises(RefusedError) as caught:
        source.seal(files)
    assert caught.value.kind == "too_much"


def test_answers_that_are_too_long_are_told(source: Source) -> None:
    """6,000 bytes of answers fit; one more does not."""
    source.seal(fields={"a": "x" * 5_992})
    with pytest.raises(RefusedError) as caught:
        source.seal(fields={"a": "x" * 5_993})
    assert caught.value.kind == "too_much"


@pytest.mark.parametrize(
    "change", [{"language": "english"}, {"language": "en\n"}, {"number": 0}, {"number": 1_000_001}]
)
def test_values_out_of_range_are_refused(source: Source, change: dict[str, object]) -> None:
    """What no reader would accept is not sealed."""
    with pytest.raises(RefusedError) as caught:
        source.seal(**change)  # type: ignore[arg-type]  # each is one of the named arguments
    assert caught.value.kind == "malformed"


@pytest.mark.slow
def test_the_command_line_opens_what_the_client_sealed(source: Source, tmp_path: Path) -> None:
    """`lapwing unseal` gives back the plaintext of the letter and of the parts."""
    (letter := tmp_path / "letter.age").write_bytes(source.seal([("a", "a/b", pattern(MIB))], story="vu à Genève"))
    (parts := tmp_path / "parts.age").write_bytes(b"".join(source.parts()))
    (key := tmp_path / "key.txt").write_text(source.organisation.period["r2"].encode() + "\n")
    for sealed, start in ((letter, b'{"v":1,'), (parts, pattern(MIB))):
        output = sealed.with_suffix(".txt")
        command = ["./lapwing", "unseal", "-i", str(key), "-o", str(output), str(sealed)]
        result = subprocess.run(command, capture_output=True, text=True, check=False)
        assert result.returncode == 0, result.stderr
        assert output.read_bytes().startswith(start)
