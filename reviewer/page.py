"""Reading one of the visitors' pages as a suspicious person would (pure): what is in it, and what must not be.

An honest intake's pages hold no script but the one that seals on the visitor's device, load nothing else but their own
style sheet, lead nowhere else, and send forms only to the intake. `reviewer.watch` decides what a fault means.
"""

import hashlib
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Final
from urllib.parse import urlsplit

from crypto.claim import ClaimWords
from crypto.codename import Codename
from crypto.errors import ClaimWordsError, CodenameError

STYLE: Final = "/style.css"
FORBIDDEN: Final = frozenset(
    {"applet", "audio", "base", "embed", "frame", "frameset", "iframe", "link", "object", "portal", "source", "style"}
    | {"video"}
)
"""Tags that bring something from elsewhere, or make addresses mean something else; `link` but for the style sheet."""
ADDRESSES: Final = frozenset(
    {"action", "archive", "background", "cite", "code", "data", "data-form", "formaction", "href", "imagesrcset"}
    | {"longdesc", "manifest", "ping", "poster", "src", "srcset", "xlink:href"}
)
TIP: Final = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Script:
    """The script that a page may load.

    Attributes:
        path: where it lies.
        integrity: `sha256-` and its SHA-256 in base64: a browser runs nothing else there.
        root: the organisation's root in hexadecimal, which the page gives it.
        later: the same of the script that it may load later; None when it loads none.
    """

    path: str
    integrity: str
    root: str
    later: str | None

    def is_loaded_by(self, attributes: Mapping[str, str]) -> bool:
        """Tell whether an element loads exactly this."""
        most = attributes.get("data-most", "")
        exact = {"src": self.path, "integrity": self.integrity, "data-root": self.root, "data-most": most}
        return attributes == exact and most.isdecimal()


class Page(HTMLParser):
    """One page.

    Attributes:
        faults: ``script``, ``foreign``, ``form``.
        forms: method and path of each form.
        scripts: how often it loads the script that it may load.
        words: the visible text, white space folded.
        fixed: the whole source, but for codename, claim words and form's id that each visit gets anew.
    """

    def __init__(self, source: str, form_paths: Collection[str], script: Script | None) -> None:
        """Read it.

        Args:
            source: HTML.
            form_paths: where its forms may go; the empty collection for none.
            script: the one that it may load; None for none.
        """
        super().__init__()
        self.faults: set[str] = set()
        self.forms: list[tuple[str, str]] = []
        self.scripts = 0
        self._form_paths = form_paths
        self._script = script
        self._texts: list[str] = []
        self.fixed = source
        self.feed(source)
        self.close()
        self.words = " ".join(" ".join(self._texts).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at one tag."""
        values = {name: value or "" for name, value in attrs}
        if tag == "input" and values.get("name") in {"codename", "claim", "tip"} and "value" in values:
            self._take_out(values["name"], values["value"])
        if (
            tag == "script"
            and self._script is not None
            and self._script.is_loaded_by(values)
            and len(attrs) == len(values)
        ):
            self.scripts += 1
        elif tag in {"script", "svg", "math"} or any(name.startswith("on") for name in values):
            self.faults.add("script")
        if (tag in FORBIDDEN and not _is_style(tag, values)) or (tag == "meta" and "http-equiv" in values):
            self.faults.add("foreign")
        for name in ADDRESSES & set(values):
            self._look_at_address(values[name])
        if tag == "form":
            self._look_at_form(values.get("action", ""), values.get("method", "get").lower())
        elif "formaction" in values or "form" in values:
            self.faults.add("form")

    handle_startendtag = handle_starttag

    def handle_data(self, data: str) -> None:
        """Keep text."""
        self._texts.append(data)

    def _take_out(self, name: str, value: str) -> None:
        """Only what can be a codename, claim words or an id: anything else could hide what is said in its place."""
        try:
            if name == "codename":
                Codename.parse(value)
            elif name == "claim":
                ClaimWords.parse(value)
            elif not TIP.fullmatch(value):
                self.faults.add("form")
                return
        except (CodenameError, ClaimWordsError):
            self.faults.add("form")
            return
        self.fixed = self.fixed.replace(value, f"({name})")

    def _look_at_address(self, address: str) -> None:
        # A browser drops white space and control signs within an address, and takes \ for /.
        plain = "".join(sign for sign in address if sign > " ").replace("\\", "/")
        try:
            parts = urlsplit(plain)
        except ValueError:
            self.faults.add("foreign")
            return
        if parts.scheme in {"javascript", "vbscript", "data"}:
            self.faults.add("script")
        elif parts.scheme or plain.startswith("//"):
            self.faults.add("foreign")

    def _look_at_form(self, action: str, method: str) -> None:
        path = action.partition("?")[0]
        self.forms.append((method, path))
        if method != "post" or path not in self._form_paths:
            self.faults.add("form")


def _is_style(tag: str, values: dict[str, str]) -> bool:
    return tag == "link" and values == {"rel": "stylesheet", "href": STYLE}


def digest_of(pages: Iterable[Page], style: bytes) -> bytes:
    """Return one SHA-256 over all that is fixed in some pages, and the style sheet."""
    whole = hashlib.sha256(hashlib.sha256(style).digest())
    for page in pages:
        whole.update(hashlib.sha256(page.fixed.encode("utf-8", "surrogatepass")).digest())
    return whole.digest()
