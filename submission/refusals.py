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
    "Too many people are here just now. Nothing was kept. Please try again in five minutes. "
    "A story without files gets through sooner.\n"
    "Trop de monde en ce moment. Rien n’a été conservé. Réessayez dans cinq minutes. "
    "Un récit sans fichiers passe plus vite.\n",
    ("Retry-After: 300",),
)
"""For whoever waited in line for too long, or came when too many did: what `BusyError` says, as that of the pages."""
FAULT: Final = _answer(
    "500 Internal Server Error",
    "Something broke on our side. What you sent may not have been kept. Wait a few minutes, then send it again; "
    "sending twice does no harm.\n"
    "Une panne s’est produite de notre côté. Votre envoi n’a peut-être pas été conservé. Attendez quelques minutes, "
    "puis renvoyez-le ; l’envoyer deux fois ne nuit pas.\n",
)
"""For a fault that the application could not answer itself."""
