"""The visitor of the scripted story reads and sends forms as a browser does."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

from deploy.visit import PAGE_LIMIT, Upload, VisitError, Visitor, read_page

PAGE = b"""<!doctype html><title>not read</title><style>p{}</style>
<p>Hello   <a href="/next">next page</a></p>
<form action="/post" method="post" enctype="multipart/form-data">
<input type="hidden" name="token" value="t1"><input name="title" value="old"><textarea name="story">two
lines</textarea>
<select name="sort"><option value="a">A<option value="b" selected>B</select>
<select name="plain"><option value="x">X<option value="y">Y</select>
<input type="checkbox" name="not_to" value="r1"><input type="checkbox" name="yes" checked>
<input type="file" name="files"><button name="go" type="submit">Go</button></form>
<form action="/find"><input name="word"></form>
<form action="/plain" method="post"><input name="word"></form>"""


class Echo(BaseHTTPRequestHandler):
    """Answers with what it was sent."""

    seen: ClassVar[list[tuple[str, bytes, str]]] = []

    def answer(self, status: int, body: bytes, **headers: str) -> None:
        """Send one answer."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        """Serve the page, a redirect, or too much."""
        self.seen.append((self.path, b"", self.headers.get("Cookie", "")))
        if self.path == "/start":
            self.answer(303, b"", Location="/page", Set_Cookie="session=s1; HttpOnly")
        elif self.path == "/loop":
            self.answer(302, b"", Location="/loop")
        elif self.path == "/huge":
            self.answer(200, bytes(PAGE_LIMIT + 1))
        else:
            self.answer(200, PAGE)

    def do_POST(self) -> None:
        """Keep the body."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.seen.append((self.path, body, self.headers.get("Cookie", "")))
        self.answer(200, b"<p>taken</p>")

    def log_message(self, *_arguments: object) -> None:
        """Stay silent."""


@pytest.fixture
def site() -> Iterator[str]:
    """A small site on loopback."""
    Echo.seen.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_form_is_sent_as_the_page_gave_it(site: str, tmp_path: Path) -> None:
    """Hidden fields, chosen options and ticked boxes go along, in the order of the page, files last."""
    (tmp_path / "a").write_bytes(b"\0photo")
    visitor = Visitor()
    page = visitor.get(f"{site}/start")
    assert page.text == "Hello next page A B X Y Go"
    form = page.form("/post")
    answer = visitor.submit(
        form, {"title": "new", "not_to": ["r1", "r2"]}, [("files", Upload(tmp_path / "a", "a.jpg", "image/jpeg"))]
    )
    assert answer.text == "taken"
    _, body, cookie = Echo.seen[-1]
    assert cookie == "session=s1"
    names = [line.split(b'"')[1].decode() for line in body.split(b"\r\n") if line.startswith(b"Content-Disp")]
    assert names == ["token", "title", "story", "sort", "plain", "not_to", "not_to", "yes", "files"]
    assert b"new" in body
    assert b"old" not in body
    assert b'filename="a.jpg"\r\nContent-Type: image/jpeg\r\n\r\n\0photo\r\n--' in body
    assert b'name="sort"\r\n\r\nb\r\n' in body
    assert b'name="plain"\r\n\r\nx\r\n' in body


def test_other_forms_are_encoded_as_they_ask(site: str) -> None:
    """A form without files is sent as one line, a search in the address."""
    visitor = Visitor()
    page = visitor.get(f"{site}/page")
    visitor.submit(page.form("/plain"), {"word": "a b"})
    visitor.submit(page.form("/find"), {"word": "ç"})
    assert [each[:2] for each in Echo.seen[1:]] == [("/plain", b"word=a+b"), ("/find?word=%C3%A7", b"")]


def test_links_are_found_by_their_path(site: str) -> None:
    """A link that is not there is an error that names it."""
    page = Visitor().get(f"{site}/page")
    assert page.link("/next") == f"{site}/next"
    for wrong in (page.link, page.form):
        with pytest.raises(VisitError, match="/nowhere"):
            wrong("/nowhere")


def test_what_a_form_does_not_have_is_not_sent(site: str) -> None:
    """A field that the page does not offer is an error, not a silent pass."""
    visitor = Visitor()
    with pytest.raises(VisitError, match="no field"):
        visitor.submit(visitor.get(f"{site}/page").form("/plain"), {"other": "x"})


def test_redirects_and_pages_have_a_bound(site: str) -> None:
    """Neither a loop nor an endless page is followed."""
    for path in ("/loop", "/huge"):
        with pytest.raises(VisitError):
            Visitor().get(f"{site}{path}")


def test_what_is_no_page_has_no_text() -> None:
    """A file is given as its bytes."""
    page = read_page("http://127.0.0.1/x", 200, {"content-type": "application/octet-stream"}, b"<form>")
    assert (page.body, page.text, page.forms) == (b"<form>", "", ())
