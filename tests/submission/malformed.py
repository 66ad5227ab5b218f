"""Requests that no browser makes, thousands of them, from a seed: none may be stored, break anything or cost much.

Most begin as a tip without its id, which is refused whatever else is right about it.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.submission.tor import ONION, line
from tests.submission.visitor import BOUNDARY, MULTIPART, encode_field, encode_file

FORMS = ("/tip", "/follow-up", "/letter", "/mailbox")
NAMES = (
    "/etc/passwd",
    "../../state/letters",
    "..",
    ".",
    "C:\\con",
    "a\0b",
    "\\\\host\\x",
    "%2e%2e%2f",
    "a" * 5_000,
    "\u202egpj",
)
BAD_TEXT = (b"\xff\xfe", b"\xc3\x28", b"\xed\xa0\x80", b"\xf8\x88\x80\x80\x80", b"\0", b"\xc0\xaf")
PATHS = (
    *(
        "/../../etc/passwd",
        "/%2e%2e/%2e%2e",
        "//tip",
        "/tip/",
        "/tip;x",
        "/\xff",
        "/%ff%fe",
        "/%00",
        "/api/letters/" + "0" * 64,
    ),
    *(
        "http://elsewhere.example/tip",
        "*",
        "",
        "/shelf/..",
        "/shelf/%2f",
        "/api/parts/../roster",
        "/?" + "a=b&" * 2_000,
    ),
)
METHODS = ("GET", "POST", "PUT", "DELETE", "TRACE", "OPTIONS", "CONNECT", "HEAD", "PATCH", "get", "G E T", "M" * 300)
END = f"--{BOUNDARY}--\r\n".encode()


@dataclass(frozen=True, slots=True)
class Sending:
    """What is sent on one connection, tor's line first; which socket it goes to, and what kind of wrong it is."""

    kind: str
    socket: str
    data: bytes


def sendings(seed: int, number: int) -> Iterator[Sending]:
    """Yield so many malformed requests; the same ones for the same seed."""
    chance = random.Random(seed)
    kinds: dict[str, Callable[[random.Random], bytes]] = {
        "boundary": _boundary,
        "headers": _headers,
        "sections": _sections,
        "nested": _nested,
        "text": _text,
        "length": _length,
        "twice": _twice,
        "names": _names,
        "paths": _paths,
        "noise": _noise,
        "changed": _changed,
        "small form": _small_form,
        "letter": _letter,
        "token": _token,
    }
    for circuit in range(1, number + 1):
        kind = chance.choice([*kinds, "line"])
        if kind == "line":
            yield Sending(kind, chance.choice(("visitors.sock", "reviewers.sock")), _line(chance, circuit))
            continue
        socket = "reviewers.sock" if kind == "token" or chance.random() < 0.05 else "visitors.sock"
        yield Sending(kind, socket, line(circuit) + kinds[kind](chance))


def request(
    path: str, body: bytes, content_type: str = MULTIPART, length: str | None = None, more: bytes = b""
) -> bytes:
    """Return a request that posts a body."""
    told = str(len(body)) if length is None else length
    head = f"POST {path} HTTP/1.1\r\nHost: {ONION}\r\nContent-Type: {content_type}\r\nContent-Length: {told}\r\n"
    return head.encode("utf-8", "surrogateescape") + more + b"\r\n" + body


def form(*sections: bytes) -> bytes:
    """Return a form with these sections and the fields of a tip but its id."""
    return encode_field("story", b"nothing of this is kept") + b"".join(sections) + END


def _form_path(chance: random.Random) -> str:
    return chance.choice(FORMS)


def _boundary(chance: random.Random) -> bytes:
    boundary = chance.choice(
        ("", "x" * 71, '"', "é", "a b", BOUNDARY[:-1], BOUNDARY + "g", "-", BOUNDARY + "; charset=utf-16")
    )
    body = chance.choice(
        (
            form(),
            form()[:-4],
            b"preamble\r\n" + form(),
            form().replace(b"\r\n", b"\n"),
            form().replace(b"\r\n", b"\r"),
            b"--" + boundary.encode() + b"\r\n" * chance.randrange(9),
            (b"\r\n--" + BOUNDARY.encode()) * chance.randrange(1, 3_000),
            END,
            b"",
        )
    )
    told = chance.choice(
        (f"multipart/form-data; boundary={boundary}", "multipart/form-data", MULTIPART, "text/plain", "")
    )
    return request(_form_path(chance), body, told)


def _headers(chance: random.Random) -> bytes:
    bomb = chance.choice(
        (
            b"".join(b"X-%d: y\r\n" % number for number in range(chance.choice((99, 101, 1_500)))),
            b"X: " + b"y" * chance.choice((8_000, 8_200, 40_000)) + b"\r\n",
            b"X" * 9_000 + b": y\r\n",
            b"no colon\r\n",
            b": empty\r\n",
            b"X: a\r\n folded\r\n",
            b"X: \0\r\n",
            b"X : y\r\n",
            b"X: \xff\xfe\r\n",
            b"Expect: 100-continue\r\n",
            b"Content-Encoding: gzip\r\n",
            b"X: a\rb\r\n",
            b"Cookie: " + b"a=b; " * 1_000 + b"\r\n",
            b"Range: bytes=0-,0-,0-\r\n",
            b"Upgrade: h2c\r\nConnection: Upgrade\r\n",
        )
    )
    return request(_form_path(chance), form(), more=bomb)


def _sections(chance: random.Random) -> bytes:
    number = 10_000 if chance.random() < 0.1 else chance.randrange(257, 400)
    section = chance.choice(
        (encode_field("not_to", b"r1"), encode_file("files", "a", b""), encode_field("", b""), END[:-4])
    )
    return request(_form_path(chance), section * number + END)


def _nested(chance: random.Random) -> bytes:
    inner = b"--in\r\nContent-Disposition: file; filename=a\r\n\r\nx\r\n--in--\r\n"
    for _ in range(chance.randrange(1, 40)):
        inner = b"--in\r\nContent-Type: multipart/mixed; boundary=in\r\n\r\n" + inner
    extra = chance.choice((b"base64", b"quoted-printable", b"gzip", b"x-unknown", b"8bit"))
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="story"\r\n'.encode()
    kind = chance.choice(
        (b"Content-Transfer-Encoding", b"Content-Encoding", b"Content-Type: text/plain; charset=utf-7\r\nX")
    )
    section = (
        head + b"Content-Type: multipart/mixed; boundary=in\r\n" + kind + b": " + extra + b"\r\n\r\n" + inner + b"\r\n"
    )
    return request(_form_path(chance), section + END)


def _text(chance: random.Random) -> bytes:
    bad = chance.choice(BAD_TEXT) * chance.randrange(1, 50)
    section = chance.choice(
        (
            encode_field("place", bad),
            encode_field("story", bad),
            encode_file("files", "a", b"x").replace(b'"a"', b'"' + bad + b'"'),
            encode_field("place", b"x").replace(b"place", bad),
            encode_field("place", b"x").replace(b"form-data", bad),
            encode_field("codename", "ａｂａｃｕｓ ".encode() * 8),
        )
    )
    return request(_form_path(chance), section + form())


def _length(chance: random.Random) -> bytes:
    body = form()
    right = len(body)
    told = chance.choice(
        (
            *("-1", "+5", "0", "1e3", "0x10", " ", "", "9" * 30, "٣", f"{right}, {right}"),
            str(right - 1),
            str(right + 1),
            str(2**63),
        )
    )
    more = chance.choice(
        (
            *(
                b"",
                b"",
                b"Content-Length: 3\r\n",
                b"Transfer-Encoding: chunked\r\n",
                b"Transfer-Encoding: chunked, gzip\r\n",
            ),
            *(b"Transfer-Encoding: \x0bchunked\r\n", b"Transfer-Encoding: identity\r\n"),
        )
    )
    body = chance.choice((body, b"5\r\nabcde\r\n0\r\n\r\n", b"ffffffffffffffff\r\n", b"-1\r\n", b""))
    return request(_form_path(chance), body, length=told, more=more)


def _twice(chance: random.Random) -> bytes:
    section = chance.choice(
        (encode_field("story", b"again"), encode_field("codename", b"x") * 2, encode_field("number", b"1") * 3)
    )
    more = chance.choice(
        (b"", b"Host: elsewhere.example\r\n", b"Content-Type: text/plain\r\n", b"Authorization: x\r\n" * 2)
    )
    return request(_form_path(chance), form(section), more=more)


def _names(chance: random.Random) -> bytes:
    name = chance.choice(NAMES)
    section = chance.choice(
        (
            encode_file("files", name, b"x" * chance.randrange(2_000)),
            encode_field(name, b"x"),
            encode_file(name, "a", b"x"),
            encode_file("files", "a", b"x").replace(b'filename="a"', b"filename*=utf-8''" + name.encode()),
            encode_file("files", "a", b"x", name),
        )
    )
    return request(_form_path(chance), form(section))


def _paths(chance: random.Random) -> bytes:
    method, path = chance.choice(METHODS), chance.choice((*PATHS, *FORMS, "/"))
    version = chance.choice(("HTTP/1.1", "HTTP/1.0", "HTTP/2.0", "HTTP/0.9", "HTTP/1.1x", ""))
    host = chance.choice((ONION, "", "x", "elsewhere.example", "a:b:c", "[::1]", "\xff"))
    return f"{method} {path} {version}\r\nHost: {host}\r\n\r\n".encode()


def _noise(chance: random.Random) -> bytes:
    start = chance.choice(
        (b"", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"\x16\x03\x01\x02\x00\x01", b"\x05\x01\x00", b"GET ", b"\r\n" * 500)
    )
    return start + chance.randbytes(chance.choice((0, 1, 50, 5_000, 60_000)))


def _changed(chance: random.Random) -> bytes:
    """Change bytes anywhere behind the first line, take some out, or put some in twice."""
    whole = bytearray(request(_form_path(chance), form(encode_file("files", "a", chance.randbytes(300)))))
    first = whole.index(b"\n") + 1
    for _ in range(chance.randrange(1, 12)):
        start = chance.randrange(first, len(whole))
        end = start + chance.randrange(40)
        act = chance.randrange(3)
        if act == 0:
            whole[start] = chance.randrange(256)
        elif act == 1:
            del whole[start:end]
        else:
            whole[start:start] = whole[start:end]
    return bytes(whole)


def _small_form(chance: random.Random) -> bytes:
    body = chance.choice(
        (
            *(
                b"codename=%ff%fe",
                b"codename=a&codename=b",
                b"a=b&" * 2_000,
                b"&" * 9_000,
                b"codename",
                b"=",
                b"%",
                b"codename=%zz",
            ),
            *(
                b"codename=" + b"a+" * 8_000,
                b"skip=-1&codename=a",
                b"codename=" + b"abacus+" * 8,
                b"skip=" + b"9" * 7,
                b"\xff" * 100,
            ),
        )
    )
    return request(
        "/mailbox", body, chance.choice(("application/x-www-form-urlencoded", "text/plain", "", "application/json"))
    )


def _letter(chance: random.Random) -> bytes:
    size = chance.choice((0, 1, 65_535, 65_536, 65_537, 65_536 + 1_048_576))
    content = chance.choice(
        (b"", b"age-encryption.org/v1\n", b"age-encryption.org/v1\n-> mlkem768x25519 \n---\n", b"%PDF-1.7\n")
    )
    return request(
        "/letter", encode_file("letter", "a", (content + chance.randbytes(64)).ljust(size, b"\1")[:size]) + END
    )


def _token(chance: random.Random) -> bytes:
    path = chance.choice(
        (
            "/api/letters",
            "/api/parts",
            "/api/log",
            "/api/replies",
            "/api/acknowledgements",
            "/api/roster",
            "/api/sheets",
        )
    )
    token = chance.choice((b"", b"x", b"Lapwing " + b"A" * 600, b"Bearer \xff", b"Lapwing e30=.e30=", b"{}" * 3_000))
    return request(
        path, chance.choice((b"", b"{}", b"[" * 9_000, b"\xff", form())), more=b"Authorization: " + token + b"\r\n"
    )


def _line(chance: random.Random, circuit: int) -> bytes:
    rest = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
    good = line(circuit)
    return chance.choice(
        (
            rest,
            b"PROXY UNKNOWN\r\n" + rest,
            b"PROXY TCP4 127.0.0.1 127.0.0.1 1 80\r\n" + rest,
            b"PROXY TCP6 2001:db8::1 ::1 1 80\r\n" + rest,
            good.replace(b" 80\r", b" 65536\r") + rest,
            good.replace(b" 80\r", b" -1\r") + rest,
            good.replace(b"\r\n", b"\n") + rest,
            good.replace(b"\r\n", b" " * 200 + b"\r\n") + rest,
            good.replace(b"::1", b"::2") + rest,
            good.replace(b"PROXY", b"proxy") + rest,
            good[: chance.randrange(len(good))],
            good + good + rest,
            b"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c" + chance.randbytes(12) + rest,
            b"",
        )
    )
