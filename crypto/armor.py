"""The armor of age: a file as text, for where bytes do not pass (C2SP age.md, "ASCII armor"). Strict, and streamed."""

import binascii
from dataclasses import dataclass
from enum import Enum, auto
from itertools import islice, takewhile

from crypto.errors import ArmorError

BEGIN = b"-----BEGIN AGE ENCRYPTED FILE-----"
END = b"-----END AGE ENCRYPTED FILE-----"

_COLUMNS = 64
_LINE_SIZE = 48  # bytes in a full line
_BLOCK_SIZE = 1024 * _LINE_SIZE
_MARK = b"-----BEGIN AGE"  # no binary age file starts so, and nothing else that is armored


@dataclass(frozen=True)
class Limits:
    """What may stand around the armor."""

    white_space: int = 1024  # bytes before it, and as many after it


LIMITS = Limits()


class ArmorWriter:
    """Armors one file as its bytes come in: any number of ``update``, then ``finish``; join what they return."""

    def __init__(self) -> None:
        self._start = BEGIN + b"\n"
        self._held = b""

    def update(self, data: bytes | memoryview) -> bytes:
        """Take the next bytes; return the lines that are full with them."""
        data = self._held + data
        full = len(data) - len(data) % _LINE_SIZE
        self._held = data[full:]
        return self._begun(_lines(data[:full]))

    def finish(self) -> bytes:
        """Return the last lines. Call it once, last."""
        return self._begun(_lines(self._held) + END + b"\n")

    def _begun(self, lines: bytes) -> bytes:
        start, self._start = self._start, b""
        return start + lines


class _State(Enum):
    BEFORE = auto()  # white space, or the first line
    BODY = auto()
    LAST = auto()  # a line was not full, so only the end can follow
    AFTER = auto()  # white space
    BROKEN = auto()  # stays so: to go on after a bad line would join what does not belong together


class ArmorReader:
    """Takes the armor off one file: any number of ``update``, then ``finish``; join what they return.

    Lines end with LF or CRLF. Memory stays constant: no more is held than one line.
    """

    def __init__(self, limits: Limits = LIMITS) -> None:
        self._limits = limits
        self._state = _State.BEFORE
        self._held = b""
        self._white_space = 0

    def update(self, armored: bytes | memoryview) -> bytes:
        """Take the next bytes; return what the lines hold that are complete with them.

        Raises:
            ArmorError: a line is malformed. What lines before it hold that came with the same call is not returned.
        """
        text = self._held + armored
        *lines, held = text.split(b"\n")
        if b"\r" in text:
            lines = [line.removesuffix(b"\r") for line in lines]
        decoded = self._decode(lines)
        # White space is the longest that can stand without a line feed.
        if len(held) > self._limits.white_space:
            raise self._broken("a line of the armor is too long")
        self._held = held
        return decoded

    def finish(self) -> bytes:
        """Return what the last line holds: nothing in a whole armor. Call it once, when the file has ended.

        Raises:
            ArmorError: the armor has no end, or something follows it.
        """
        decoded = self._decode([self._held.removesuffix(b"\r")] if self._held else [])
        if self._state is not _State.AFTER:
            raise self._broken("the armor has no last line")
        return decoded

    def _decode(self, lines: list[bytes]) -> bytes:
        decoded = []
        position = 0
        while position < len(lines):
            # Full lines are decoded together: one by one they would take five times as long.
            full = _count_full(lines, position) if self._state is _State.BODY else 0
            decoded.append(self._take_full(lines[position : position + full]) if full else self._take(lines[position]))
            position += full or 1
        return b"".join(decoded)

    def _take_full(self, lines: list[bytes]) -> bytes:
        try:
            return binascii.a2b_base64(b"".join(lines), strict_mode=True)
        except binascii.Error:
            raise self._broken("a line of the armor is not base64") from None

    def _take(self, line: bytes) -> bytes:
        match self._state:
            case _State.BEFORE | _State.AFTER if not line.strip():
                self._white_space += len(line) + 1
                if self._white_space > self._limits.white_space:
                    raise self._broken("too much white space around the armor")
            case _State.BEFORE if line == BEGIN:
                self._state = _State.BODY
            case _State.BODY | _State.LAST if line == END:
                self._state = _State.AFTER
                self._white_space = 0
            case _State.BODY:
                self._state = _State.LAST
                return self._take_short(line)
            case _:
                raise self._broken("the armor is malformed, or something stands before or after it")
        return b""

    def _take_short(self, line: bytes) -> bytes:
        if not 0 < len(line) <= _COLUMNS:
            raise self._broken("a line of the armor is empty or too long")
        data = self._take_full([line])
        if binascii.b2a_base64(data, newline=False) != line:
            raise self._broken("the last line of the armor is not canonical")
        return data

    def _broken(self, complaint: str) -> ArmorError:
        self._state = _State.BROKEN
        return ArmorError(f"{complaint}: copy the whole text again")


class AnyReader:
    """Takes the armor off where there is one, and passes everything else through: ``update``, then ``finish``."""

    def __init__(self, limits: Limits = LIMITS) -> None:
        self._limits = limits
        self._head = b""
        self._armor: ArmorReader | None = None
        self._told = False

    def update(self, data: bytes | memoryview) -> bytes | memoryview:
        """Take the next bytes; return those of the age file that are complete with them, or just what was given.

        Raises:
            ArmorError: it is armored, and a line is malformed.
        """
        if not self._told:
            self._head += data
            data = self._tell()
        return data if self._armor is None else self._armor.update(data)

    def finish(self) -> bytes:
        """Return the last bytes. Call it once, when the file has ended.

        Raises:
            ArmorError: it is armored, and the armor has no end or something follows it.
        """
        return self._head if self._armor is None else self._armor.finish()

    def _tell(self) -> bytes:
        """Return what is held once it shows whether it is armored, nothing before."""
        text = self._head.lstrip()
        if (
            _MARK.startswith(text[: len(_MARK)])
            and len(text) < len(_MARK)
            and len(self._head) - len(text) <= self._limits.white_space
        ):
            return b""
        self._told = True
        self._armor = ArmorReader(self._limits) if text.startswith(_MARK) else None
        head, self._head = self._head, b""
        return head


def _lines(data: bytes) -> bytes:
    """``data`` in lines of 48 bytes, each as 64 characters of base64; the last may be shorter."""
    # By blocks that stay in the processor's cache: a MiB at once takes longer, and more memory.
    view = memoryview(data)
    return b"".join([_lines_of_block(view[start : start + _BLOCK_SIZE]) for start in range(0, len(data), _BLOCK_SIZE)])


def _lines_of_block(block: memoryview) -> bytes:
    encoded = binascii.b2a_base64(block, newline=False)
    return b"".join([encoded[start : start + _COLUMNS] + b"\n" for start in range(0, len(encoded), _COLUMNS)])


def _count_full(lines: list[bytes], position: int) -> int:
    """How many lines from ``position`` on are full; padding makes a line the last one, whatever its length."""
    full = sum(1 for _ in takewhile(_COLUMNS.__eq__, map(len, islice(lines, position, None))))
    # Padding in a line before that is no base64, so it need not be looked for.
    return full - 1 if full and lines[position + full - 1].endswith(b"=") else full
