"""Identities and recipients as text: identity files read and made (`lapwing keys age`), as the age tools have them."""

import os
from pathlib import Path
from typing import Final

from crypto.errors import KeyFormatError
from crypto.hybrid import HybridIdentity, HybridRecipient
from crypto.x25519 import X25519Identity, X25519Recipient

FILE_LIMIT: Final = 1 << 20  # bytes


def parse_recipient(text: str) -> HybridRecipient | X25519Recipient:
    """Return the recipient behind ``age1pq1…`` or ``age1…``.

    Raises:
        KeyFormatError: it is neither.
    """
    return HybridRecipient.parse(text) if text.startswith("age1pq1") else X25519Recipient.parse(text)


def parse_identity(text: str) -> HybridIdentity | X25519Identity:
    """Return the identity behind ``AGE-SECRET-KEY-PQ-1…`` or ``AGE-SECRET-KEY-1…``.

    Raises:
        KeyFormatError: it is neither.
    """
    return HybridIdentity.parse(text) if text.startswith("AGE-SECRET-KEY-PQ-1") else X25519Identity.parse(text)


def read_identities(path: Path) -> list[HybridIdentity | X25519Identity]:
    """Return the identities of a file: one a line, of any kind; `#` begins a comment.

    Raises:
        KeyFormatError: a line is no identity, or there is none at all.
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        untrusted = file.read(FILE_LIMIT + 1)
    if len(untrusted) > FILE_LIMIT:
        raise KeyFormatError("an identity file is larger than 1 MiB: name one that was made by a key generator")
    identities = []
    for number, untrusted_line in enumerate(untrusted.decode("ascii", "replace").splitlines(), start=1):
        line = untrusted_line.strip()
        if line and not line.startswith("#"):
            try:
                identities.append(parse_identity(line))
            except KeyFormatError as error:
                raise KeyFormatError(f"line {number} of an identity file: {error}") from None
    if not identities:
        raise KeyFormatError("an identity file holds no identity: name one that was made by a key generator")
    return identities


def make_identity(output: Path | None, *, classic: bool) -> int:
    """Run `lapwing keys age`: make an identity, and tell its recipient; return the exit code.

    Args:
        output: a file that must not be there yet, for its owner alone; None for standard output.
        classic: X25519, for who must exchange files with age tools before 1.3; it resists no quantum computer.

    Raises:
        OSError: the file is there already, or cannot be written.
    """
    identity = X25519Identity.generate() if classic else HybridIdentity.generate()
    recipient = identity.recipient.encode()
    content = f"# public key: {recipient}\n{identity.encode()}\n"
    if output is None:
        print(content, end="")
        return 0
    descriptor = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(content)
    print(recipient)
    return 0
