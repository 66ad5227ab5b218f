"""What the client reads and writes is what `wire.fields` reads and writes."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.client.node import Core, RefusedError
from wire.errors import WireError
from wire.fields import Fields, dump, encode_base64, is_one_line, parse_object

NAMES = st.text(max_size=6).filter(lambda name: not (name.isascii() and name.isdigit()))
INTEGERS = st.integers(-(10**15) + 1, 2**53 - 1)  # what has 16 characters and a browser can hold
VALUES = st.recursive(
    st.none() | st.booleans() | INTEGERS | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)
OBJECTS = st.dictionaries(NAMES, VALUES, max_size=5)

REFUSED = [
    b"",
    b" ",
    b"1",
    b"[]",
    b"{}{}",
    b'{"a":1,}',
    b'{"a":1 "b":2}',
    b'{"a"}',
    b"{a:1}",
    b"{'a':1}",
    b'{"a":1,"a":1}',
    b'{"a":{"b":1,"\\u0062":2}}',
    b'{"a":01}',
    b'{"a":1.0}',
    b'{"a":1.}',
    b'{"a":.5}',
    b'{"a":1e3}',
    b'{"a":1E3}',
    b'{"a":+1}',
    b'{"a":-}',
    b'{"a":- 1}',
    b'{"a":0x10}',
    b'{"a":1_0}',
    b'{"a":12345678901234567}',
    b'{"a":-1234567890123456}',
    b'{"a":NaN}',
    b'{"a":Infinity}',
    b'{"a":-Infinity}',
    b'{"a":undefined}',
    b'{"a":True}',
    b'{"a":tru}',
    b'{"a":nulll}',
    b'{"a":"\n"}',
    b'{"a":"\x00"}',
    b'{"a":"\x1f"}',
    b'{"a":"\\x"}',
    b'{"a":"\\u12"}',
    b'{"a":"\\u 123"}',
    b'{"a":"\\ud800"}',
    b'{"a":"\\udc00\\ud800"}',
    b'{"\\ud800":1}',
    b'{"a":"\xed\xa0\x80"}',
    b'{"a":"\xff"}',
    b'{"a":"\xc0\x80"}',
    b'{"a":"b',
    b'{"a":"b\\"}',
    b'{"a":[1',
    b'{"a":[1,]}',
    b'{"a":[,1]}',
    b'{"a":[1}]',
    b"\xef\xbb\xbf{}",
    b"{}\x00",
    b"\x0b{}",
    b"\xc2\xa0{}",
    b'{"a":1}//',
    b'{/**/"a":1}',
    b'{"a":' + b"[" * 8 + b"]" * 8 + b"}",
    b"[" * 20_000,
    b'{"a":' * 20_000,
]

ACCEPTED = [
    b"{}",
    b' \t\r\n{ "a" : [ ] , "b":{ } }\n',
    b'{"a":-0}',
    b'{"a":-999999999999999}',
    b'{"a":9007199254740991}',
    b'{"7":1,"2":2,"":3}',
    b'{"__proto__":{"constructor":1},"toString":2}',
    b'{"a":"\\u00e9\\/\\b\\f\\n\\r\\t\\"\\\\"}',
    b'{"a":"\\ud83d\\ude00"}',
    b'{"a":"\x7f\xc2\x85\xe2\x80\xa8\xef\xbf\xbf"}',
    b'{"a":"[[[[[[[[[[[[","b":"\\"]["}',
    b'{"a":' + b"[" * 7 + b"]" * 7 + b"}",
]


def pairs(value: Any) -> Any:
    """A value as the driver shows it: objects as lists of pairs."""
    if isinstance(value, dict):
        return {"object": [[name, pairs(one)] for name, one in value.items()]}
    return {"array": [pairs(one) for one in value]} if isinstance(value, list) else value


def here(message: bytes) -> bool:
    """Whether we read a message."""
    try:
        parse_object(message, 1 << 20, "message")
    except WireError:
        return False
    return True


def there(core: Core, message: bytes) -> bool:
    """Whether the client reads a message."""
    try:
        core.ask("parse_object", message=message, limit=1 << 20)
    except RefusedError:
        return False
    return True


@given(OBJECTS)
def test_an_object_is_written_alike(core: Core, value: dict[str, Any]) -> None:
    """The client writes the bytes that we write, whatever the text."""
    assert core.ask("dump", value=value) == encode_base64(dump(value))


def test_every_character_is_written_alike(core: Core) -> None:
    """All of the first planes, control characters and line separators included, is escaped as we escape it."""
    for start in (0, 0x2000, 0xE000, 0xFF00, 0x1F600):
        value = {"text": "".join(map(chr, range(start, start + 0x100)))}
        assert core.ask("dump", value=value) == encode_base64(dump(value))


def test_nothing_is_written_that_has_no_one_form(core: Core) -> None:
    """Fractions, NaN, large numbers, undefined, half pairs and names whose place would change are refused."""
    assert core.ask("dump_nothing_else") == [True] * 8


@given(OBJECTS)
def test_an_object_is_read_as_it_was_written(core: Core, value: dict[str, Any]) -> None:
    """The client finds every value and every name in its place."""
    assert core.ask("parse", message=dump(value)) == pairs(value)


@pytest.mark.parametrize("message", ACCEPTED, ids=range(len(ACCEPTED)))
def test_what_we_read_the_client_reads(core: Core, message: bytes) -> None:
    """Unusual JSON that is JSON all the same means the same to both."""
    assert here(message)
    assert there(core, message)
    assert core.ask("parse", message=message) == pairs(json.loads(message))


@pytest.mark.parametrize("message", REFUSED, ids=range(len(REFUSED)))
def test_what_we_refuse_the_client_refuses(core: Core, message: bytes) -> None:
    """Nothing is repaired, and nothing but a refusal comes of it."""
    assert not here(message)
    assert not there(core, message)


@given(st.text('{}[]",:\\u012dae8 \t-.tfn', max_size=24).map(str.encode) | st.binary(max_size=12))
def test_any_bytes_are_read_or_refused_alike(core: Core, message: bytes) -> None:
    """Of whatever bytes, both say the same."""
    assert there(core, message) == here(message)
    wrapped = b'{"a":' + message + b"}"
    assert there(core, wrapped) == here(wrapped)


@given(OBJECTS, st.data())
def test_a_changed_byte_is_read_or_refused_alike(core: Core, value: dict[str, Any], data: st.DataObject) -> None:
    """Of a message with one byte changed, both say the same."""
    message = bytearray(dump(value))
    message[data.draw(st.integers(0, len(message) - 1))] = data.draw(st.integers(0, 255))

    assert there(core, bytes(message)) == here(bytes(message))


def test_an_integer_that_a_browser_cannot_hold_is_refused(core: Core) -> None:
    """It would become another one; no field of ours goes that far."""
    assert core.refuses("parse_object", message=b'{"a":9007199254740992}', limit=100) == "malformed"
    assert core.ask("parse_object", message=b'{"a":9007199254740991}', limit=100) is False


def test_a_message_may_be_as_long_as_its_limit(core: Core) -> None:
    """One byte more is refused."""
    assert core.ask("parse_object", message=b'{"name":1}', limit=10) is True
    assert core.refuses("parse_object", message=b'{"name":1}', limit=9) == "malformed"


FIELDS = [
    ("text", 2, 4, ["ab", "abcd", "é", "éé", "a", "abcde", "ééa", "\ud83d", 1, None, True, ["ab"], {}]),
    ("line", 1, 8, ["one", "", "a\nb", "a\u2028b", "a\u202eb", "a\x85b", "\u200f", "é 西", 7, "123456789"]),
    ("integer", 1, 9, [1, 9, 0, 10, -1, True, "1", None, 2.0, []]),
    ("hex", 2, 2, ["00ff", "00FF", "00f", "00ff00", "", "zzzz", " 0ff", "0 ff", 1]),
    ("base64", 1, 3, ["AA==", "AAAA", "AB==", "AA", "AA=", "AAAAAA==", "", "A A=", "AA==\n", "-_-_", 1, None]),
    ("objects", 1, 2, [[{}], [{}, {}], [], [{}, {}, {}], [1], [[]], {}, "ab"]),
]


def field_here(way: str, least: int, most: int, message: bytes) -> object:
    """What we find in the one field of a message; None if we refuse it."""
    try:
        fields = parse_object(message, 1 << 20, "message")
        found = ask_field(fields, way, least, most)
        fields.end()
    except WireError:
        return None
    return found


def ask_field(fields: Fields, way: str, least: int, most: int) -> object:
    """Read the field `name` in the way that is named."""
    match way:
        case "text":
            return fields.text("name", most, least)
        case "line":
            return fields.line("name", most, least)
        case "integer":
            return fields.integer("name", least, most)
        case "hex":
            return fields.hex("name", most).hex()
        case "base64":
            return encode_base64(fields.base64("name", least, most))
        case _:
            return len(fields.objects("name", most, least))


@pytest.mark.parametrize(("way", "least", "most", "values"), FIELDS, ids=[way for way, *_ in FIELDS])
def test_a_field_is_read_or_refused_alike(core: Core, way: str, least: int, most: int, values: list[object]) -> None:
    """Each way to ask for a field finds and refuses what ours does."""
    messages = [json.dumps({"name": value}).encode() for value in values]
    messages += [b"{}", b'{"other":1}', messages[0][:-1] + b',"other":1}']
    for message in messages:
        found = field_here(way, least, most, message)
        if found is None:
            assert core.refuses("field", way=way, least=least, most=most, message=message) == "malformed"
        else:
            assert core.ask("field", way=way, least=least, most=most, message=message) == found


@given(st.binary(max_size=20_000))
def test_base64_is_written_alike(core: Core, data: bytes) -> None:
    """Of any length."""
    assert core.ask("write_base64", bytes=data) == encode_base64(data)


@given(st.text(max_size=30))
def test_lines_are_told_apart_alike(core: Core, text: str) -> None:
    """What is one line here is one line there."""
    assert core.ask("is_one_line", text=text) == is_one_line(text)


def test_every_control_and_direction_sign_is_known(core: Core) -> None:
    """Character by character over the first plane, except halves of pairs."""
    for start in range(0, 0x10000, 0x100):
        if not 0xD800 <= start < 0xE000:
            for sign in map(chr, range(start, start + 0x100)):
                if not is_one_line(sign) or start in {0, 0x600, 0x2000}:
                    assert core.ask("is_one_line", text=sign) == is_one_line(sign), hex(ord(sign))


def test_text_has_utf8_or_is_refused(core: Core) -> None:
    """Half of a surrogate pair has none."""
    assert core.ask("utf8", text="é西😀") == encode_base64("é西😀".encode())
    assert core.refuses("utf8", text="\ud83d") == "malformed"


def test_equal_bytes_are_equal(core: Core) -> None:
    """And bytes that differ in one place, the first or the last, or in length, are not."""
    assert core.ask("equal", one=b"parrot", other=b"parrot") is True
    for other in (b"Parrot", b"parroT", b"parro", b"parrots", b""):
        assert core.ask("equal", one=b"parrot", other=other) is False
