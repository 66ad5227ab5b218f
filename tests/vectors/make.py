"""Makes the vectors in tests/vectors/format: `python -m tests.vectors.make`.

All keys are fixed, so the same files come out each time. Sealing alone is random: headers are kept as they stand in the
files, and a new one is made only where there is none. What an accepted vector holds is what our decoder found; the
second reader finds it again, and tests/vectors/make_*.py tell what went in.
"""

import json
from typing import Any

from tests.vectors.book import Book
from tests.vectors.make_attestation import attestation_books
from tests.vectors.make_claim import claim_books
from tests.vectors.make_log import log_books
from tests.vectors.make_messages import message_books
from tests.vectors.make_office import office_books
from tests.vectors.make_signed import signed_books
from tests.vectors.shape import FOLDER


def books() -> tuple[Book, ...]:
    """Return all files of vectors."""
    return (
        *signed_books(),
        *message_books(),
        *log_books(),
        *office_books(),
        *claim_books(),
        *attestation_books(),
    )


def encode(file: dict[str, Any]) -> str:
    """Return a file as it stands on disk."""
    return json.dumps(file, indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for book in books():
        (FOLDER / f"{book.kind}.json").write_text(encode(book.file()), "utf-8")
