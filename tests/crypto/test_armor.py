"""Armor: what is written is read, anything else is refused, and nothing piles up."""

import base64
import textwrap
import tracemalloc
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crypto.armor import BEGIN, END, AnyReader, ArmorReader, ArmorWriter, Limits
from crypto.errors import ArmorError

DATA = bytes(range(256))
CUTS = st.lists(st.integers(0, 400), max_size=6)
LINES = st.sampled_from(
    [BEGIN, END, b"", b" ", b"A" * 64, b"A" * 63 + b"=", b"A" * 65, b"AAAA", b"AA==", b"AB==", b"AAA", b"=", b"\xff"]
)


def pieces(data: bytes, cuts: list[int]) -> list[bytes]:
    """``data`` cut at these places."""
    ends = [0, *sorted(cuts), len(data)]
    return [data[start:stop] for start, stop in pairwise(ends)]


def armored(data: bytes, cuts: list[int] | None = None) -> bytes:
    """``data`` in armor, written in pieces."""
    writer = ArmorWriter()
    return b"".join([*(writer.update(piece) for piece in pieces(data, cuts or [])), writer.finish()])


def read(reader: AnyReader | ArmorReader, text: bytes, cuts: list[int] | None = None) -> bytes:
    """What a reader makes of a text that comes in pieces."""
    return b"".join([*(reader.update(piece) for piece in pieces(text, cuts or [])), reader.finish()])


@given(st.binary(max_size=300), CUTS, CUTS, st.sampled_from([b"\n", b"\r\n"]))
@example(bytes(48), [48], [], b"\n")
@example(bytes(96), [], [], b"\r\n")
@example(bytes(47), [], [], b"\n")
@example(bytes(95), [], [], b"\n")
@example(bytes(143), [], [], b"\r\n")
def test_what_is_armored_is_read(data: bytes, cuts: list[int], other_cuts: list[int], end: bytes) -> None:
    """However it is cut on either side, and with either end of line, the bytes come back."""
    text = armored(data, cuts).replace(b"\n", end)
    assert read(ArmorReader(), text, other_cuts) == data
    assert read(AnyReader(), text, other_cuts) == data


@given(st.binary(max_size=300), CUTS)
def test_it_is_base64_in_lines_of_64(data: bytes, cuts: list[int]) -> None:
    """The armor is what the standard library makes of the bytes, between two fixed lines."""
    lines = textwrap.wrap(base64.b64encode(data).decode(), 64)
    assert armored(data, cuts).decode().splitlines() == [BEGIN.decode(), *lines, END.decode()]
    assert armored(data, cuts).endswith(b"\n")


@given(st.lists(LINES, max_size=8), st.sampled_from([b"\n", b"\r\n"]), CUTS)
def test_any_lines_give_bytes_or_our_error(lines: list[bytes], end: bytes, cuts: list[int]) -> None:
    """Whatever comes, nothing else is raised; what is taken has one encoding, and pieces make no difference."""
    text = end.join(lines)
    try:
        data = read(ArmorReader(), text, cuts)
    except ArmorError:
        with pytest.raises(ArmorError):
            read(ArmorReader(), text)
        return
    assert armored(data).splitlines() == [line for line in text.splitlines() if line.strip()]


@given(st.binary(max_size=200).filter(lambda data: not data.lstrip().startswith(b"-----BEGIN AGE")), CUTS)
def test_what_is_not_armored_passes_through(data: bytes, cuts: list[int]) -> None:
    """A file that does not begin as armor is handed on as it is, whatever it is."""
    assert read(AnyReader(), data, cuts) == data
    assert read(AnyReader(), b"age-encryption.org/v1\n" + data, cuts) == b"age-encryption.org/v1\n" + data


@pytest.mark.parametrize("start", [b"", b"-", b"\n\n", b"-----BEGIN PGP MESSAGE-----\n", b" " * 3000, b" -----BEGIN"])
def test_what_only_looks_a_little_like_armor_passes_through(start: bytes) -> None:
    """Other armor, white space without end and a few dashes are left to whoever reads age files."""
    assert read(AnyReader(), start, [1, 2, 3]) == start


def test_white_space_may_stand_around_and_not_more() -> None:
    """1,024 bytes before and after are let through, one more is refused, as is anything else."""
    text = armored(DATA)
    assert read(ArmorReader(), b"\n" * 1024 + text + b"\n" * 1022 + b" ") == DATA
    for wrong in (
        b"\n" * 1025 + text,
        text + b"\n" * 1025,
        text + b" " * 1025,
        b"x\n" + text,
        text + b"x",
        b" " + text,
    ):
        with pytest.raises(ArmorError):
            read(ArmorReader(), wrong)


@pytest.mark.parametrize("cut", [1, 1023, 1024, 1025, 1037, 1038])
def test_as_much_white_space_hides_no_armor_however_it_is_cut(cut: int) -> None:
    """Armor behind 1,024 bytes of white space is found, even where the first line comes in two pieces."""
    assert read(AnyReader(), b"\n" * 1024 + armored(DATA), [cut]) == DATA


def test_the_first_words_alone_are_armor_without_end() -> None:
    """A file that is nothing but the mark of armor is refused as armor."""
    with pytest.raises(ArmorError):
        read(AnyReader(), b"-----BEGIN AGE")


def test_the_limit_on_white_space_can_be_set() -> None:
    """Who allows less is given less."""
    assert read(ArmorReader(Limits(100)), b"\n" * 100 + armored(DATA)) == DATA
    with pytest.raises(ArmorError, match="white space"):
        read(ArmorReader(Limits(100)), b"\n" * 101 + armored(DATA))


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        pytest.param(b"", "no last line", id="nothing"),
        pytest.param(BEGIN, "no last line", id="only the first line"),
        pytest.param(END, "malformed", id="only the last line"),
        pytest.param(BEGIN + b"\nAAAA\nAAAA\n" + END, "malformed", id="a line after a short one"),
        pytest.param(BEGIN + b"\nAAAA\n\n" + END, "malformed", id="an empty line after a short one"),
        pytest.param(BEGIN + b"\n" + b"A" * 65 + b"\n" + END, "empty or too long", id="a long line"),
        pytest.param(BEGIN + b"\n\n" + END, "empty or too long", id="an empty line"),
        pytest.param(BEGIN + b"\nA\n" + END, "not base64", id="less than a byte"),
        pytest.param(BEGIN + b"\nAAA\n" + END, "not base64", id="half a byte"),
        pytest.param(BEGIN + b"\n" + b"A" * 62 + b"= \n" + END, "not base64", id="a space in a full line"),
        pytest.param(BEGIN + b"\n" + b"A" * 62 + b"\xff\xff\n" + END, "not base64", id="not ASCII"),
        pytest.param(BEGIN + b"\n" + b"=" + b"A" * 63 + b"\n" + END, "not base64", id="padding first"),
        pytest.param(BEGIN + b"\nAB==\n" + END, "canonical", id="not canonical"),
        pytest.param(BEGIN + b"\n" + b"A" * 62 + b"B=\n" + END, "canonical", id="a full line, not canonical"),
        pytest.param(
            BEGIN + (b"\n" + b"A" * 64) * 2 + b"\n" + b"A" * 62 + b"B=\n" + END, "canonical", id="the third line"
        ),
        pytest.param(BEGIN + b"\n" + b"A" * 63 + b"=\nAAAA\n" + END, "malformed", id="a line after padding"),
        pytest.param(
            BEGIN + (b"\n" + b"A" * 64) * 2 + b"\n" + b"A" * 63 + b"=\nAAAA\n" + END, "malformed", id="after the third"
        ),
        pytest.param(BEGIN + b"\nAA=\n" + END, "not base64", id="half a padding"),
        pytest.param(BEGIN + b"\n" + END + b"\n" + END, "malformed", id="two ends"),
        pytest.param(BEGIN + b"\n" + BEGIN + b"\n" + END, "not base64", id="two beginnings"),
    ],
)
def test_malformed_armor_is_refused(text: bytes, complaint: str) -> None:
    """Each fault is refused for its own reason."""
    with pytest.raises(ArmorError, match=complaint):
        read(ArmorReader(), text)


def test_after_a_bad_line_nothing_more_is_read() -> None:
    """A caller who goes on after an error gets neither the lines behind it nor a good end."""
    reader = ArmorReader()
    reader.update(BEGIN + b"\n")
    for line in (b"!\n", b"AAAA\n", END + b"\n"):
        with pytest.raises(ArmorError):
            reader.update(line)
    with pytest.raises(ArmorError):
        reader.finish()


def test_a_line_without_end_is_given_up() -> None:
    """What never comes to a line feed is refused while it comes in."""
    reader = ArmorReader()
    reader.update(BEGIN + b"\n" + b"A" * 1024)
    with pytest.raises(ArmorError, match="too long"):
        reader.update(b"A")


def test_memory_stays_constant() -> None:
    """Writing and reading 16 MiB holds no more than a few MiB at a time."""
    piece = bytes(1024 * 1024)
    tracemalloc.start()
    writer, reader = ArmorWriter(), ArmorReader()
    size = sum(len(reader.update(writer.update(piece))) for _ in range(16))
    size += len(reader.update(writer.finish())) + len(reader.finish())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size == 16 * len(piece)
    assert peak < 12 * len(piece)
