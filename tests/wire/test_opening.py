"""What one side seals, the other opens; anything else is refused."""

import hashlib
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crypto.header import Stanza
from crypto.hybrid import HybridIdentity
from crypto.seal import Sealer, plaintext_size_for, seal, sealed_size
from crypto.unseal import unseal
from tests.wire.organisation import INSTANCE, WEEK, Organisation, new_keys
from wire.errors import LetterError, PartsError
from wire.fields import Json
from wire.files import File, SealedFiles
from wire.letter import LETTER_SIZE, PART_SIZE, verify_letter
from wire.look import name_of
from wire.opening import Listing, most_parts, open_batch, open_letter, part_names, read_files
from wire.parts import padded_size
from wire.sealing import LetterSealer, batch_room, seal_batch
from wire.stanzas import sheet_stanza

ORGANISATION = Organisation()
KEYS = new_keys()
TIP = bytes(16)
FIELDS: dict[str, Json] = {"species": "Voọc mũi hếch", "quantity": "2"}
STORY = "Ils vendent des bébés singes.\n他们在网上卖象牙。"


class Parts(dict[bytes, bytes]):
    """Stored parts by name, as the intake keeps them."""

    def store(self, part: bytes) -> None:
        """Keep a part under its name."""
        self[name_of(part)] = part

    def fetch(self, name: bytes) -> bytes:
        """Give a part back."""
        return self[name]


def seal_letter(
    files: dict[str, bytes], parts: Parts, organisation: Organisation = ORGANISATION, not_to: tuple[str, ...] = ()
) -> bytes:
    """Seal a letter with these files."""
    sealer = LetterSealer(organisation.sheet, organisation.roster, KEYS, "arrival", not_to, store=parts.store)
    for name, content in files.items():
        sealer.start_file(name, "image/jpeg")
        sealer.write(content)
        sealer.end_file()
    return sealer.finish(TIP, 1, "fr", FIELDS, STORY)


def read_all(listing: Listing, parts: Parts, identity: HybridIdentity) -> dict[str, bytes]:
    """Read all files into memory."""
    return {file.name: b"".join(content) for file, content in read_files(listing, parts.fetch, [identity])}


@pytest.mark.parametrize("reviewer", ORGANISATION.ids)
def test_each_reviewer_opens_the_letter_and_its_files(reviewer: str) -> None:
    """A tip with two files comes out at every reviewer as it went in, and is verified as the source's."""
    parts = Parts()
    files = {"ảnh.jpg": b"\xff\xd8" * 1000, "vide.bin": b"", "牙.mp4": bytes(range(256)) * 8192}
    sealed = seal_letter(files, parts)
    assert len(sealed) == LETTER_SIZE
    assert all(len(part) == PART_SIZE for part in parts.values())
    opened = open_letter(sealed, [HybridIdentity.generate(), ORGANISATION.period[reviewer]])
    letter = opened.letter
    assert (letter.story, letter.fields, letter.tip, letter.number) == (STORY, FIELDS, TIP, 1)
    assert (letter.instance, letter.sheet, letter.week) == (INSTANCE, ORGANISATION.sheet.digest, WEEK)
    assert (letter.sealed, letter.language, letter.not_to, letter.index) == ("arrival", "fr", (), False)
    assert letter.reply_to == KEYS.reply.recipient
    assert letter.case_key == KEYS.case_key
    verify_letter(letter, opened.content, opened.macs, reviewer, ORGANISATION.signing[reviewer])
    assert read_all(letter, parts, ORGANISATION.period[reviewer]) == files
    assert [file.sha256 for file in letter.files] == [hashlib.sha256(content).digest() for content in files.values()]


def test_a_reviewer_left_out_cannot_open_the_letter() -> None:
    """Neither the letter nor the parts open for who was left out; for the others they do."""
    parts = Parts()
    sealed = seal_letter({"a.jpg": b"a"}, parts, not_to=("r2",))
    with pytest.raises(LetterError) as caught:
        open_letter(sealed, [ORGANISATION.period["r2"]])
    assert caught.value.kind == "not_mine"
    opened = open_letter(sealed, [ORGANISATION.period["r1"]])
    assert opened.letter.not_to == ("r2",)
    assert set(opened.macs) == {"r1", "r3"}
    with pytest.raises(PartsError):
        read_all(opened.letter, parts, ORGANISATION.period["r2"])
    assert read_all(opened.letter, parts, ORGANISATION.period["r3"]) == {"a.jpg": b"a"}


class Listed:
    """A list of files that was never checked, as a hostile letter could hold it."""

    def __init__(self, files: tuple[File, ...], parts: tuple[bytes, ...], *, index: bool = False) -> None:
        self.files = files
        self.parts = parts
        self.index = index


def seal_parts(plaintext: bytes, parts: Parts, pad: bytes = b"\0", extra: tuple[Stanza, ...] = ()) -> tuple[bytes, ...]:
    """Seal any plaintext to the first reviewer, padded to whole parts with any byte."""
    recipient = ORGANISATION.period["r1"].recipient
    header_size = Sealer([recipient], extra).header_size
    padded = plaintext.ljust(padded_size(header_size, len(plaintext)), pad)
    sealed = seal(padded, [recipient], extra)
    cut = [sealed[start : start + PART_SIZE] for start in range(0, len(sealed), PART_SIZE)]
    for part in cut:
        parts.store(part)
    return tuple(name_of(part) for part in cut)


def describe(*contents: bytes) -> tuple[File, ...]:
    """List files of these contents."""
    offsets = [sum(map(len, contents[:number])) for number in range(len(contents))]
    return tuple(
        File(f"{number}.bin", "a/b", offset, len(content), hashlib.sha256(content).digest())
        for number, (offset, content) in enumerate(zip(offsets, contents, strict=True))
    )


R1 = ORGANISATION.period["r1"]


@settings(deadline=None, max_examples=25)
@given(st.lists(st.sampled_from([0, 1, 5_000, 65_536, 1_048_576, 1_500_000]), max_size=4))
def test_files_of_any_size_come_out_as_they_went_in(sizes: list[int]) -> None:
    """Every file is read whole, empty ones too."""
    parts = Parts()
    files = {f"{number}.bin": bytes([number + 1]) * size for number, size in enumerate(sizes)}
    letter = open_letter(seal_letter(files, parts), [R1]).letter
    assert read_all(letter, parts, R1) == files


def test_a_file_whose_bytes_nobody_takes_is_checked_all_the_same() -> None:
    """Going on to the next file reads and checks the one before."""
    parts = Parts()
    contents = (b"a" * 70_000, b"b" * 70_000)
    names = seal_parts(b"".join(contents), parts)
    assert [file.length for file, _ in read_files(Listed(describe(*contents), names), parts.fetch, [R1])] == [
        70_000
    ] * 2
    wrong = Listed(describe(b"x" * 70_000, contents[1]), names)
    with pytest.raises(PartsError, match="not the ones"):
        list(read_files(wrong, parts.fetch, [R1]))


def test_an_index_is_followed_in_constant_memory() -> None:
    """A letter of more than 64 parts is read through its index, a few parts at a time."""
    parts = Parts()
    content = bytes(2**20)
    sealer = LetterSealer(ORGANISATION.sheet, ORGANISATION.roster, KEYS, "arrival", store=parts.store)
    sealer.start_file("big.bin", "a/b")
    for _ in range(66):
        sealer.write(content)
    sealer.end_file()
    letter = open_letter(sealer.finish(TIP, 1, "fr", FIELDS, STORY), [R1]).letter
    assert letter.index
    assert len(part_names(letter, parts.fetch, [R1])) == 67
    tracemalloc.start()
    total = 0
    for _, pieces in read_files(letter, parts.fetch, [R1]):
        total += sum(len(piece) for piece in pieces)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert total == 66 * 2**20
    assert peak < 9 * 2**20


@given(st.integers(0, 2**35))
def test_files_never_need_more_parts_than_allowed(total: int) -> None:
    """The bound on parts leaves room for every letter, and for little more."""
    header_size = 16 * 1557 + 141
    needed = sealed_size(header_size, padded_size(header_size, total)) // PART_SIZE
    assert needed <= most_parts(total) <= needed + 2


CONTENT = b"content of a file"


def hostile() -> Iterator[tuple[str, Parts, Listing]]:
    """Give lists and parts that do not belong together, each wrong in one way."""
    parts = Parts()
    names = seal_parts(CONTENT, parts)
    yield "another part", Parts({names[0]: bytes(PART_SIZE)}), Listed(describe(CONTENT), names)
    yield "short part", Parts({names[0]: parts[names[0]][:-1]}), Listed(describe(CONTENT), names)
    yield "another hash", parts, Listed((replace(describe(CONTENT)[0], sha256=bytes(32)),), names)
    yield "shorter", parts, Listed(describe(CONTENT[:-1]), names)
    yield "longer", parts, Listed((replace(describe(CONTENT)[0], length=2**20),), names)
    yield "part twice", parts, Listed(describe(CONTENT), names * 2)
    yield "no parts", parts, Listed(describe(CONTENT), ())
    parts = Parts()
    zeros = bytes(5 * 2**19)
    names = seal_parts(zeros, parts)
    assert len(names) == 3
    yield "cut short", parts, Listed(describe(zeros), names[:-1])
    yield "swapped", parts, Listed(describe(zeros), names[::-1])
    yield "too many for the files", parts, Listed(describe(b""), names)
    parts = Parts()
    yield "padding", parts, Listed(describe(CONTENT), seal_parts(CONTENT, parts, b"x"))
    parts = Parts()
    yield "bytes after the files", parts, Listed(describe(CONTENT), seal_parts(CONTENT + bytes(9) + b"x", parts))
    parts = Parts()
    index = seal_parts(b"".join(seal_parts(CONTENT, parts)) + bytes(32) + b"x", parts)
    yield "bytes after the index", parts, Listed(describe(CONTENT), index, index=True)
    parts = Parts()
    index = seal_parts(b"x" * 32 * 100, parts)
    yield "index of unknown parts", parts, Listed(describe(CONTENT), index, index=True)
    parts = Parts()
    yield "empty index", parts, Listed(describe(CONTENT), seal_parts(b"", parts), index=True)
    damaged = bytearray(2**20)
    parts = Parts()
    parts.store(bytes(damaged))
    yield "not age", parts, Listed(describe(CONTENT), (name_of(bytes(damaged)),))


@pytest.mark.parametrize(("parts", "listing"), [pytest.param(*case, id=name) for name, *case in hostile()])
def test_parts_that_do_not_give_the_files_are_refused(parts: Parts, listing: Listing) -> None:
    """Every way in which parts and list can disagree is told as a PartsError."""
    store = Parts({name: bytes(PART_SIZE) for name in [b"x" * 32]} | parts)
    with pytest.raises(PartsError):
        read_all(listing, store, R1)


def test_a_part_is_held_against_its_name_and_size_first() -> None:
    """A part of another content, or one that is named but has another size, is refused before it is opened."""
    parts = Parts()
    (name,) = seal_parts(CONTENT, parts)
    short = parts[name][:-1]
    for stored, named in ((bytes(PART_SIZE), name), (short, name_of(short)), (parts[name] + b"x", name)):
        with pytest.raises(PartsError, match="not the one the letter names"):
            read_all(Listed(describe(CONTENT), (named,)), Parts({named: stored}), R1)


def test_as_many_parts_as_the_files_can_need_are_named_and_not_one_more() -> None:
    """The bound is told before any part is fetched."""
    names = tuple(bytes([number]) * 32 for number in range(3))
    assert part_names(Listed(describe(b""), names[:2]), Parts().fetch, [R1]) == names[:2]
    with pytest.raises(PartsError, match="more are named"):
        part_names(Listed(describe(b""), names), Parts().fetch, [R1])


# In the middle, a 4,095th or a 4,097th of the bytes instead would give another number.
@pytest.mark.parametrize(
    ("total", "most"), [(0, 2), (17_173_513_743, 16_383), (17_173_513_744, 16_384), (2**35, 32_778)]
)
def test_the_most_parts_are_a_4096th_more_than_the_bytes_and_two(total: int, most: int) -> None:
    """The bound is the same for everybody who reads a letter."""
    assert most_parts(total) == most


def test_a_list_without_files_reads_nothing() -> None:
    """No files, no parts, no bytes."""
    assert read_all(SealedFiles((), (), index=False), Parts(), R1) == {}


def test_an_index_that_is_full_to_the_last_byte_is_read() -> None:
    """An index need not end with zeros."""
    parts = Parts()
    content = bytes(3 * 2**20)
    names = b"".join(seal_parts(content, parts))
    recipient = R1.recipient
    room = padded_size(Sealer([recipient]).header_size, 1)
    index = seal_parts(names.ljust(room, b"\0"), parts)
    assert read_all(Listed(describe(content), index, index=True), parts, R1) == {"0.bin": content}


def seal_lines(plaintext: bytes, digest: bytes = ORGANISATION.sheet.digest) -> bytes:
    """Seal any plaintext to the first reviewer as large as a letter."""
    recipients = [R1.recipient, *(HybridIdentity.generate().recipient for _ in range(3))]
    sealer = Sealer(recipients, [sheet_stanza(WEEK, digest)])
    size = plaintext_size_for(sealer.header_size, LETTER_SIZE)
    assert size is not None
    return sealer.start() + sealer.update(plaintext.rjust(size, b" ")) + sealer.finish()


def damage(sealed: bytes) -> bytes:
    """Change the last bit."""
    return sealed[:-1] + bytes([sealed[-1] ^ 1])


LETTER_LINES = unseal(seal_letter({}, Parts()), [R1])


@pytest.mark.parametrize(
    ("sealed", "kind"),
    [
        (b"", "size"),
        (bytes(LETTER_SIZE), "malformed"),
        (seal_letter({}, Parts())[:-1], "size"),
        (damage(seal_letter({}, Parts())), "malformed"),
        (seal_lines(b"{}\n{}\n"), "malformed"),
        (seal_lines(b"no line feed"), "malformed"),
        (seal_lines(LETTER_LINES[:59_000].rstrip() + b"\n", bytes(32)), "sheet"),
    ],
    ids=["empty", "not age", "short", "damaged", "no letter", "no lines", "other sheet outside"],
)
def test_what_is_no_letter_is_refused_when_opened(sealed: bytes, kind: str) -> None:
    """Another size, damage, other content, or another sheet inside than outside is refused."""
    with pytest.raises(LetterError) as caught:
        open_letter(sealed, [R1])
    assert caught.value.kind == kind


def test_files_are_read_whatever_sheet_their_header_names() -> None:
    """Their names, which the letter's MAC covers, vouch for the header as well: nothing is lost to a wrong label."""
    parts = Parts()
    names = seal_parts(CONTENT, parts, extra=(sheet_stanza(WEEK.next(), bytes(32)),))
    assert read_all(Listed(describe(CONTENT), names), parts, R1) == {"0.bin": CONTENT}
    assert read_all(Listed(describe(CONTENT), seal_parts(CONTENT, parts)), parts, R1) == {"0.bin": CONTENT}


def test_a_batch_with_another_header_is_refused() -> None:
    """Three stanzas, or none that names a sheet, and it counts for nobody, as at the intake."""
    recipients = [R1.recipient, *(HybridIdentity.generate().recipient for _ in range(3))]
    name = sheet_stanza(WEEK, ORGANISATION.sheet.digest)
    for wrong in (Sealer(recipients[:3], [name]), Sealer(recipients)):
        size = plaintext_size_for(wrong.header_size, LETTER_SIZE)
        assert size is not None
        sealed = wrong.start() + wrong.update(b" " * (size - 1) + b"\n") + wrong.finish()
        with pytest.raises(LetterError) as caught:
            open_batch(sealed, [R1])
        assert caught.value.kind == "stanzas"


@pytest.mark.parametrize(
    "lines", [b"", b"{}\n", b"{}\n{}\n", b"x" * (batch_room(ORGANISATION.sheet) - 1) + b"\n"], ids=len
)
def test_a_batch_is_opened_as_it_was_sealed(lines: bytes) -> None:
    """No line, some, or as many as fit: the padding is taken off and nothing else."""
    assert open_batch(seal_batch(ORGANISATION.sheet, ORGANISATION.roster, lines), [R1]) == lines


@pytest.mark.parametrize(
    "plaintext", [b"x" * 59_000 + b" \n", b"x" * 59_000, b"{}\n" + b" " * 59_000, b"{}\n" + b" " * 59_000 + b"x"]
)
def test_what_is_no_batch_is_refused_when_opened(plaintext: bytes) -> None:
    """A batch is lines, spaces and one line feed."""
    with pytest.raises(LetterError, match="not lines"):
        open_batch(seal_lines(plaintext), [R1])


def test_a_batch_for_others_is_refused_when_opened() -> None:
    """Who has no key of the sheet opens nothing."""
    with pytest.raises(LetterError) as caught:
        open_batch(seal_batch(ORGANISATION.sheet, ORGANISATION.roster, b""), [HybridIdentity.generate()])
    assert caught.value.kind == "not_mine"
