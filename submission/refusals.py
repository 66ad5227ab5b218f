"""The answers that the server gives by itself, the same for everybody, when the application is not asked."""

from typing import Final

from submission.headers import HEADERS


def _answer(status: str, text: str, more: tuple[str, ...] = ()) -> bytes:
    body = text.encode("utf-8")
    head = [
        f"HTTP/1.1 {status}",
        "Connection: close",
        "Content-Type: text/plain; charset=utf-8",
        f"Content-Length: {len(body)}",
        *more,
        *(f"{name}: {value}" for name, value in HEADERS.items()),
    ]
    return "\r\n".join([*head, "", ""]).encode("ascii") + body


NO_REQUEST: Final = _answer("400 Bad Request", "This is not a request that a browser makes. Open the address again.\n")
"""For what is no HTTP, or came by another way than tor."""
BUSY: Final = _answer(
    "503 Service Unavailable",
    "Too many visitors just now. Nothing was kept. Wait a minute, then try again.\n"
    "Trop de visites en ce moment. Rien n’a été conservé. Attendez une minute, puis réessayez.\n",
    ("Retry-After: 60",),
)
"""For whoever came when too many were waiting."""
