"""What a visitor sends, as bytes made beforehand, so that the client costs little while the server is measured."""

import http.client
import secrets
import socket
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from bench.machine import MIB
from crypto.codename import Codename

READ_SIZE: Final = 262_144
BOUNDARY: Final = "lapwing-bench-4b1d"
STORY: Final = "They sell live pangolins from a shop near the market, twice a week. " * 22
"""About 1,500 characters: a story as people write it."""
ANSWERS: Final = {
    "species": "Manis javanica",
    "quantity": "about ten",
    "price": "900",
    "place": "near the market",
}


def tip_fields(story: str) -> bytes:
    """Return the fields of a form with a codename and a tip id that nobody used."""
    fields = {
        "codename": str(Codename.generate()),
        "tip": secrets.token_hex(16),
        "number": "1",
        "story": story,
        **ANSWERS,
    }
    parts = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    )
    return "".join(parts).encode()


def file_start() -> bytes:
    """Return what stands before the bytes of a file."""
    disposition = 'Content-Disposition: form-data; name="files"; filename="film.bin"'
    return f"--{BOUNDARY}\r\n{disposition}\r\nContent-Type: application/octet-stream\r\n\r\n".encode()


def end() -> bytes:
    """Return what stands after the last part."""
    return f"\r\n--{BOUNDARY}--\r\n".encode()


def text_form() -> bytes:
    """Return a form with a story and no file, as a browser sends it."""
    empty = 'Content-Disposition: form-data; name="files"; filename=""\r\nContent-Type: application/octet-stream'
    return tip_fields(STORY) + f"--{BOUNDARY}\r\n{empty}\r\n\r\n".encode() + end()


def letter_form(sealed: bytes) -> bytes:
    """Return a form with a letter that was sealed before, as a browser sends it."""
    disposition = 'Content-Disposition: form-data; name="letter"; filename="letter.age"'
    head = f"--{BOUNDARY}\r\n{disposition}\r\nContent-Type: application/octet-stream\r\n\r\n"
    return head.encode() + sealed + end()


def codename_form() -> bytes:
    """Return the form of the mailbox with a codename that nobody used."""
    disposition = 'Content-Disposition: form-data; name="codename"'
    return f"--{BOUNDARY}\r\n{disposition}\r\n\r\n{Codename.generate()}\r\n--{BOUNDARY}--\r\n".encode()


def visit(port: int, path: str, form: bytes | None = None) -> float:
    """Open a page, or send a form to it; read the answer to its end and return the seconds that it all took.

    Raises:
        RuntimeError: the answer is an error.
    """
    began = time.perf_counter()
    head = f"{'GET' if form is None else 'POST'} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
    if form is not None:
        head += f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\nContent-Length: {len(form)}\r\n"
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(head.encode() + b"\r\n" + (form or b""))
        answer = connection.recv(READ_SIZE)
        if answer:
            rest = bytearray(READ_SIZE)  # the same memory for all of it
            while connection.recv_into(rest):
                pass
    if not answer.startswith(b"HTTP/1.1 200 "):
        raise RuntimeError(f"the server answered {answer[9:12].decode('ascii', 'replace')}")
    return time.perf_counter() - began


def visit_all(port: int, path: str, forms: Sequence[bytes | None], clients: int) -> list[float]:
    """Make so many visits at a time; return the seconds of each."""
    with ThreadPoolExecutor(clients) as pool:
        return list(pool.map(lambda form: visit(port, path, form), forms))


def upload(port: int, mebibytes: int) -> None:
    """Send one form with one file of random bytes, streamed; the same MiB again and again."""
    block = secrets.token_bytes(MIB)
    before = tip_fields("A film.") + file_start()
    length = len(before) + mebibytes * MIB + len(end())
    head = (
        f"POST /tip HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: {length}\r\n"
        f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", port)) as connection:
        for piece in _pieces(head.encode() + before, block, mebibytes):
            connection.sendall(piece)
        connection.sendall(end())
        response = http.client.HTTPResponse(connection)
        response.begin()
        _check(response)


def _pieces(head: bytes, block: bytes, count: int) -> Iterator[bytes]:
    yield head
    for _ in range(count):
        yield block


def _check(response: http.client.HTTPResponse) -> None:
    response.read()
    if response.status != 200:
        raise RuntimeError(f"the server answered {response.status}")
