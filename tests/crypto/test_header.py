"""The header of an age file."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto.errors import HeaderError, NotAgeError
from crypto.header import (
    LIMITS,
    SCRYPT_TYPE,
    Header,
    Limits,
    Stanza,
    decode_base64,
    encode_base64,
    encode_header,
    header_end,
    read_header,
)

ARGUMENTS = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=80)
STANZAS = st.builds(
    Stanza,
    ARGUMENTS.filter(lambda argument: argument != SCRYPT_TYPE),
    st.lists(ARGUMENTS, max_size=4).map(tuple),
    st.binary(max_size=100) | st.just(bytes(48)),
)
MAC = bytes(range(32))
LINES = st.sampled_from(
    [
        b"age-encryption.org/v1",
        b"-> X25519 abc",
        b"-> ",
        b"->",
        b"-> \xff",
        b"",
        b"A" * 64,
        b"A" * 65,
        b"AAA",
        b"AB",
        b"A=",
        b"--- " + encode_base64(MAC),
        b"---",
        b"--- AAAA",
        b"\r",
    ]
)


def header(*lines: bytes) -> bytes:
    """Return the lines of a header, each ended, after the version line."""
    return b"".join(line + b"\n" for line in (b"age-encryption.org/v1", *lines))


@given(st.lists(STANZAS, min_size=1, max_size=6), st.binary(max_size=40))
def test_what_is_encoded_is_read(stanzas: list[Stanza], payload: bytes) -> None:
    """All stanzas, the MAC and the size come back, and the payload is not looked at."""
    encoded = encode_header(stanzas, MAC)
    assert read_header(encoded + payload) == Header(tuple(stanzas), MAC, len(encoded))
    assert header_end(encoded + payload) == len(encoded)


@given(st.binary(max_size=200) | st.lists(LINES, max_size=12).map(lambda lines: header(*lines)))
def test_any_bytes_give_a_header_or_our_error(data: bytes) -> None:
    """Whatever comes, nothing else is raised, and what is taken has one encoding."""
    try:
        parsed = read_header(data)
    except HeaderError:
        return
    assert encode_header(parsed.stanzas, parsed.mac) == data[: parsed.size]


@given(st.binary(max_size=64))
def test_base64_has_no_padding_and_one_encoding(data: bytes) -> None:
    """What is encoded is decoded; with padding it is refused."""
    encoded = encode_base64(data)
    assert decode_base64(encoded) == data
    with pytest.raises(HeaderError, match="base64"):
        decode_base64(encoded + b"=")


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7\n", b"age-encryption", b" age-encryption.org/v1\n"])
def test_what_is_no_age_file_is_told_apart(data: bytes) -> None:
    """A plain document has an error of its own, so that whoever hands one in by mistake can be told."""
    with pytest.raises(NotAgeError):
        read_header(data)


def test_another_version_is_an_age_file_that_we_do_not_read() -> None:
    """A later version is refused, and is not called a plain document."""
    with pytest.raises(HeaderError, match="v1") as caught:
        read_header(b"age-encryption.org/v2\n")
    assert not isinstance(caught.value, NotAgeError)


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        pytest.param(header(), "no end", id="no MAC line"),
        pytest.param(header(b"-> a", b"") + b"--- " + encode_base64(MAC), "no end", id="MAC line not ended"),
        pytest.param(header(b"--- " + encode_base64(MAC)), "no recipient stanza", id="no stanza"),
        pytest.param(header(b"-> a", b"", b"---" + encode_base64(MAC)), "last line", id="no space before the MAC"),
        pytest.param(header(b"-> a", b"", b"--- AAAA"), "32 bytes", id="short MAC"),
        pytest.param(header(b"-> a", b"", b"--- " + b"A" * 42 + b"B"), "canonical", id="MAC not canonical"),
        pytest.param(header(b"a", b"", b"--- " + encode_base64(MAC)), "does not start", id="no arrow"),
        pytest.param(header(b"-> a", b"A" * 65, b"--- " + encode_base64(MAC)), "columns", id="long line"),
        pytest.param(header(b"-> a", b"A" * 64, b"--- " + encode_base64(MAC)), "short line", id="no short line"),
        pytest.param(header(b"-> a", b"A", b"--- " + encode_base64(MAC)), "malformed base64", id="half a byte"),
        pytest.param(header(b"-> a  b", b"", b"--- " + encode_base64(MAC)), "argument", id="empty argument"),
        pytest.param(header(b"-> \xe9", b"", b"--- " + encode_base64(MAC)), "argument", id="not ASCII"),
    ],
)
def test_a_malformed_header_is_refused(data: bytes, complaint: str) -> None:
    """Each fault is refused for its own reason."""
    with pytest.raises(HeaderError, match=complaint):
        read_header(data)


def test_a_passphrase_stands_alone() -> None:
    """A header with a passphrase and anything else beside it is refused, wherever it stands."""
    alone, other = Stanza("scrypt", (), b""), Stanza("Scrypt", (), b"")
    assert read_header(encode_header([alone], MAC)).stanzas == (alone,)
    for stanzas in ([alone, other], [other, alone], [alone, alone], [other, alone, other]):
        with pytest.raises(HeaderError, match="the only one"):
            read_header(encode_header(stanzas, MAC))


def test_a_header_may_fill_its_limits_and_not_more() -> None:
    """The last stanza and the last byte that the limits allow are read, one more is refused."""
    encoded = encode_header([Stanza("a", (), b"")] * 3, MAC)
    assert len(read_header(encoded, Limits(len(encoded), 3)).stanzas) == 3
    with pytest.raises(HeaderError, match="more than 2"):
        read_header(encoded, Limits(len(encoded), 2))
    with pytest.raises(HeaderError, match="no end"):
        read_header(encoded, Limits(len(encoded) - 1, 3))


def test_an_endless_header_is_refused() -> None:
    """What never ends is given up at 64 KiB."""
    with pytest.raises(HeaderError, match=str(LIMITS.header_size)):
        read_header(header(*[b"-> a", b""] * 100_000))


@pytest.mark.parametrize("stanza", [("", ()), ("a b", ()), ("a", ("",)), ("a", ("b\n",)), ("é", ())])
def test_a_stanza_that_cannot_stand_in_a_header_is_not_made(stanza: tuple[str, tuple[str, ...]]) -> None:
    """An argument that would break the header is refused before it is written."""
    with pytest.raises(HeaderError, match="argument"):
        Stanza(*stanza, b"")
