"""One answer of the intake to a visitor, as their browser takes it, and the headers that it may have (pure)."""

import hashlib
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from reviewer.page import Script

MOST: Final = 1_048_576
"""Bytes that an answer may have once it is unpacked."""
MOST_SHELF: Final = 268_435_456
"""Bytes of a whole shelf: 16,384 replies, five times what three apps that are never locked put on one in six weeks."""
BUSY: Final = frozenset({429, 503})
OK: Final = 200

NEVER: Final = frozenset(
    {"alt-svc", "clear-site-data", "date", "etag", "last-modified", "link", "nel", "onion-location", "refresh"}
    | {"report-to", "reporting-endpoints", "server", "set-cookie", "sourcemap", "vary", "x-powered-by"}
)
"""Headers that an honest intake never sends: they mark a visitor, lead elsewhere, or tell hosts and clocks apart."""
POLICY: Final[Mapping[str, tuple[str, ...]]] = {
    "default-src": ("'none'",),
    "style-src": ("'self'",),
    "img-src": ("'self'",),
    "form-action": ("'self'",),
    "base-uri": ("'none'",),
    "frame-ancestors": ("'none'",),
}
"""What browsers are told with every answer: nothing from elsewhere, and no script."""


@dataclass(frozen=True)
class Answer:
    """What came for one request.

    Attributes:
        status: HTTP status.
        headers: in their order, names in lower case.
        body: bytes.
    """

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def busy(self) -> bool:
        """Whether the intake asks to come again later, as it may ask anybody."""
        return self.status in BUSY and any(name == "retry-after" for name, _ in self.headers)

    @property
    def content(self) -> bytes:
        """The body as a browser reads it: unpacked, if it can be, and is not larger than any honest one."""
        if ("content-encoding", "gzip") not in self.headers:
            return self.body
        unpacking = zlib.decompressobj(zlib.MAX_WBITS | 16)
        try:
            content = unpacking.decompress(self.body, MOST)
        except zlib.error:
            return self.body
        return content if unpacking.eof and not unpacking.unused_data else self.body

    @property
    def text(self) -> str:
        """The content as text; what is no UTF-8 shows as such."""
        return self.content.decode("utf-8", "replace")

    @property
    def digest(self) -> bytes:
        """SHA-256 of the content."""
        return hashlib.sha256(self.content).digest()

    @property
    def is_page(self) -> bool:
        """Whether a browser shows it as a page."""
        kinds = [value for name, value in self.headers if name == "content-type"]
        return not kinds or kinds[0].partition(";")[0].strip().lower() == "text/html"


def headers_right(answer: Answer, script: Script | None) -> bool:
    """Tell whether the headers are those of an honest intake, on a page that may load this script, or none."""
    names = [name for name, _ in answer.headers]
    policies = [value for name, value in answer.headers if name == "content-security-policy"]
    referrer = [value for name, value in answer.headers if name == "referrer-policy"]
    return (
        not NEVER & set(names)
        and len(policies) == 1
        and _read_policy(policies[0]) == _policy(script)
        and referrer == ["no-referrer"]
        and not 300 <= answer.status < 400
    )


def _policy(script: Script | None) -> Mapping[str, tuple[str, ...]]:
    if script is None:
        return POLICY
    scripts = tuple(f"'{each}'" for each in (script.integrity, script.later) if each is not None)
    may = {"script-src": scripts, "worker-src": ("'self'",), "connect-src": ("'self'",)}
    return {**POLICY, **may}


def _read_policy(policy: str) -> Mapping[str, tuple[str, ...]]:
    directives: dict[str, tuple[str, ...]] = {}
    for part in policy.split(";"):
        name, *values = part.split() or [""]
        directives.setdefault(name.lower(), tuple(values))
    return directives
