"""A visitor without a browser: reads pages, fills in their forms and sends them, as a person would. Loopback only.

The scripted story plays every part through the same pages that people use.
"""

import contextlib
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Final, TypeAlias
from urllib.parse import urlencode, urljoin, urlsplit

CHUNK: Final = 1 << 20  # bytes sent at once
TIMEOUT: Final = 120  # seconds for one answer
MOST_REDIRECTS: Final = 5
PAGE_LIMIT: Final = 8 << 20  # bytes of a page

Values: TypeAlias = "Mapping[str, str | Sequence[str]]"


class VisitError(Exception):
    """A page was not what the visitor expected; says which, never what stood there."""


@dataclass(frozen=True)
class Upload:
    """A file to send, read from disk while it is sent.

    Attributes:
        path: where it is.
        name: as the browser would tell it.
        type: media type.
    """

    path: Path
    name: str
    type: str


@dataclass
class Form:
    """A form as the page gives it.

    Attributes:
        action: absolute URL.
        method: ``get`` or ``post``.
        multipart: whether it can carry files.
        fields: names and values that the page set, in order.
        names: every name that can be filled in, in order.
        text: the words on its buttons and labels.
    """

    action: str
    method: str
    multipart: bool
    fields: list[tuple[str, str]] = field(default_factory=list)
    names: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Page:
    """What came back.

    Attributes:
        url: where it was found in the end.
        status: HTTP status.
        headers: names in lower case.
        body: the bytes.
        text: its visible text, white space folded.
        forms: its forms, in order.
        links: absolute addresses of its links, with their words.
    """

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    text: str
    forms: tuple[Form, ...]
    links: tuple[tuple[str, str], ...]

    def form(self, action_ends: str) -> Form:
        """Return the first form whose address ends so.

        Raises:
            VisitError: there is none.
        """
        for form in self.forms:
            if urlsplit(form.action).path.endswith(action_ends):
                return form
        raise VisitError(f"the page has no form that goes to …{action_ends}")

    def link(self, path_has: str) -> str:
        """Return the address of the first link whose path has these characters.

        Raises:
            VisitError: there is none.
        """
        for address, _words in self.links:
            if path_has in urlsplit(address).path:
                return address
        raise VisitError(f"the page has no link to …{path_has}…")


class _Reader(HTMLParser):
    """Collects text, links and forms of one page."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url
        self.words: list[str] = []
        self.forms: list[Form] = []
        self.links: list[tuple[str, str]] = []
        self._form: Form | None = None
        self._area: str | None = None
        self._select: str | None = None
        self._selected = False
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a form, a field or a link."""
        values = {name: value or "" for name, value in attrs}
        present = {name for name, _ in attrs}
        if tag in {"style", "script", "title", "datalist"}:
            self._silent += 1
        elif tag == "a":
            self.links.append((urljoin(self.url, values.get("href", "")), ""))
        elif tag == "form":
            action = urljoin(self.url, values.get("action") or self.url)
            multipart = values.get("enctype") == "multipart/form-data"
            self._form = Form(action, values.get("method", "get").lower(), multipart)
            self.forms.append(self._form)
        elif self._form and "name" in values:
            self._field(tag, values, present)
        elif self._form and tag == "option" and self._select and ("selected" in present or not self._selected):
            self._choose(self._form, self._select, values.get("value", ""))

    def _field(self, tag: str, values: Mapping[str, str], present: set[str]) -> None:
        form, name = self._form, values["name"]
        if form is None:
            return
        form.names.append(name)
        kind = values.get("type", "text")
        if tag == "textarea":
            self._area = name
            form.fields.append((name, ""))
        elif tag == "select":
            self._select, self._selected = name, False
        elif kind in {"checkbox", "radio"}:
            if "checked" in present:
                form.fields.append((name, values.get("value", "on")))
        elif tag == "input" and kind not in {"file", "submit"}:
            form.fields.append((name, values.get("value", "")))

    def _choose(self, form: Form, name: str, value: str) -> None:
        form.fields[:] = [each for each in form.fields if each[0] != name]
        form.fields.append((name, value))
        self._selected = True

    def handle_endtag(self, tag: str) -> None:
        """Leave a form or a field."""
        if tag in {"style", "script", "title", "datalist"}:
            self._silent -= 1
        elif tag == "form":
            self._form = None
        elif tag == "textarea":
            self._area = None
        elif tag == "select":
            self._select = None

    def handle_data(self, data: str) -> None:
        """Keep what a person would see."""
        if self._area and self._form:
            name, before = self._form.fields[-1]
            self._form.fields[-1] = (name, before + data)
        elif not self._silent:
            self.words.append(data)


class Visitor:
    """Somebody with a browser: keeps cookies, follows redirects on the same host."""

    def __init__(self) -> None:
        self._cookies: dict[str, dict[str, str]] = {}

    def cookies(self, url: str) -> Mapping[str, str]:
        """Return the cookies that a host was given."""
        return dict(self._cookies.get(urlsplit(url).netloc, {}))

    def get(self, url: str) -> Page:
        """Read a page.

        Raises:
            VisitError: more than five redirects, or a page over 8 MiB.
            OSError: nobody answers there.
        """
        return self._follow(self._request("GET", url, {}, None), url)

    def submit(self, form: Form, values: Values, uploads: Sequence[tuple[str, Upload]] = ()) -> Page:
        """Send a form with some fields filled in, its files last.

        Raises:
            VisitError: the form has no such field.
        """
        names = {*values, *(name for name, _ in uploads)}
        if not names <= set(form.names):
            raise VisitError("the form has no field of that name")
        fields = [each for each in form.fields if each[0] not in values]
        order = {name: place for place, name in enumerate(form.names)}
        for name, value in values.items():
            fields += [(name, value)] if isinstance(value, str) else [(name, each) for each in value]
        fields.sort(key=lambda each: order.get(each[0], 0))
        if form.method == "get":
            return self.get(f"{form.action}?{urlencode(fields)}")
        if form.multipart:
            boundary = f"----lapwing{secrets.token_hex(16)}"
            return self._post(
                form.action, f"multipart/form-data; boundary={boundary}", _pieces(boundary, fields, uploads)
            )
        return self._post(form.action, "application/x-www-form-urlencoded", [urlencode(fields).encode()])

    def save(self, where: Form | str, sink: Callable[[bytes], object]) -> None:
        """Give a download to ``sink`` piece by piece: of a form sent as it stands, or of an address.

        Raises:
            VisitError: what came is a page, not a file.
        """
        if isinstance(where, Form):
            body = urlencode(where.fields).encode()
            headers = {"Content-Type": "application/x-www-form-urlencoded", "Content-Length": str(len(body))}
            opened = self._open("POST", where.action, headers, [body])
        else:
            opened = self._open("GET", where, {}, None)
        with contextlib.closing(opened[0]), opened[1] as response:
            if response.status != 200 or response.headers.get_content_type() == "text/html":
                raise VisitError("a page came instead of a file")
            while data := response.read(CHUNK):
                sink(data)

    def _post(self, url: str, content_type: str, pieces: "Sequence[bytes | Upload]") -> Page:
        size = sum(each.path.stat().st_size if isinstance(each, Upload) else len(each) for each in pieces)
        headers = {"Content-Type": content_type, "Content-Length": str(size)}
        return self._follow(self._request("POST", url, headers, _stream(pieces)), url)

    def _request(
        self, method: str, url: str, headers: dict[str, str], body: Iterable[bytes] | None
    ) -> tuple[int, dict[str, str], bytes]:
        connection, response = self._open(method, url, headers, body)
        with contextlib.closing(connection), response:
            content = response.read(PAGE_LIMIT + 1)
        if len(content) > PAGE_LIMIT:
            raise VisitError("a page of more than 8 MiB")
        return response.status, {name.lower(): value for name, value in response.getheaders()}, content

    def _open(
        self, method: str, url: str, headers: dict[str, str], body: Iterable[bytes] | None
    ) -> tuple[HTTPConnection, HTTPResponse]:
        address = urlsplit(url)
        connection = HTTPConnection(address.hostname or "", address.port, timeout=TIMEOUT)
        jar = self._cookies.setdefault(address.netloc, {})
        if jar:
            headers = {**headers, "Cookie": "; ".join(f"{name}={value}" for name, value in jar.items())}
        if method == "POST":
            headers = {**headers, "Origin": f"http://{address.netloc}"}
        path = address.path or "/"
        try:
            connection.request(method, f"{path}?{address.query}" if address.query else path, body, headers)
            response = connection.getresponse()
        except BaseException:
            connection.close()
            raise
        self._keep_cookies(jar, response)
        return connection, response

    @staticmethod
    def _keep_cookies(jar: dict[str, str], response: HTTPResponse) -> None:
        for line in response.headers.get_all("Set-Cookie") or ():
            name, _, value = line.split(";", 1)[0].partition("=")
            jar[name.strip()] = value.strip()

    def _follow(self, answer: tuple[int, dict[str, str], bytes], url: str) -> Page:
        for _ in range(MOST_REDIRECTS):
            status, headers, body = answer
            if status not in {301, 302, 303}:
                return read_page(url, status, headers, body)
            url = urljoin(url, headers.get("location", ""))
            answer = self._request("GET", url, {}, None)
        raise VisitError("too many redirects")


def read_page(url: str, status: int, headers: Mapping[str, str], body: bytes) -> Page:
    """Read what came back; text, forms and links only of HTML."""
    reader = _Reader(url)
    if headers.get("content-type", "").startswith("text/html"):
        reader.feed(body.decode("utf-8", "replace"))
    text = " ".join(" ".join(reader.words).split())
    return Page(url, status, headers, body, text, tuple(reader.forms), tuple(reader.links))


def _pieces(
    boundary: str, fields: Sequence[tuple[str, str]], uploads: Sequence[tuple[str, Upload]]
) -> "list[bytes | Upload]":
    pieces: list[bytes | Upload] = []
    for name, value in fields:
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'
        pieces += [head.encode(), value.encode(), b"\r\n"]
    for name, upload in uploads:
        disposition = f'form-data; name="{name}"; filename="{upload.name}"'
        head = f"--{boundary}\r\nContent-Disposition: {disposition}\r\nContent-Type: {upload.type}\r\n\r\n"
        pieces += [head.encode(), upload, b"\r\n"]
    return [*pieces, f"--{boundary}--\r\n".encode()]


def _stream(pieces: "Sequence[bytes | Upload]") -> Iterator[bytes]:
    for each in pieces:
        if isinstance(each, bytes):
            yield each
            continue
        with each.path.open("rb") as source:
            while data := source.read(CHUNK):
                yield data
