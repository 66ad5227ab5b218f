"""The words of the reviewer app and their translations, read with babel in this process.

`python -m tests.reviewer.catalog` brings messages.po up to date with the code and compiles it; new texts come out
empty. The words of an error are texts too: pages show them.
"""

from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po

import reviewer

ROOM: Final = Path(reviewer.__file__).parent
PO: Final = ROOM / "translations" / "fr" / "LC_MESSAGES" / "messages.po"
MO: Final = PO.with_suffix(".mo")

METHODS: Final = [("**.py", "python"), ("templates/**.html", "jinja2")]
ERRORS: Final = (
    "ActError",
    "IntakeAnswerError",
    "IntakeRefusedError",
    "IntakeSwappedError",
    "IntakeUnreachableError",
    "SyncError",
    "VaultError",
    "VaultLockedError",
)
KEYWORDS: Final[dict[str, tuple[int, ...] | None]] = {
    "lazy": None,
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    **dict.fromkeys(ERRORS),
}


def extract() -> Catalog:
    """Return every text that the code and the templates show."""
    catalog = Catalog(project="Lapwing")
    found = extract_from_dir(ROOM, method_map=METHODS, keywords=KEYWORDS)
    for file, _line, message, _comments, context in found:
        catalog.add(message, None, [(file, 0)], context=context)
    return catalog


def read() -> Catalog:
    """Return the French translations."""
    with PO.open("rb") as file:
        return read_po(file, locale="fr")


def compile_to(path: Path, catalog: Catalog) -> None:
    """Write the form that the running app reads."""
    with path.open("wb") as file:
        write_mo(file, catalog)


def texts(path: Path) -> dict[str, object]:
    """Return what a compiled file holds, without its header."""
    with path.open("rb") as file:
        return {str(message.id): message.string for message in read_mo(file) if message.id}


def update() -> None:
    """Bring both files up to date."""
    catalog = read() if PO.exists() else Catalog(locale="fr", project="Lapwing")
    catalog.update(extract(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    PO.parent.mkdir(parents=True, exist_ok=True)
    with PO.open("wb") as file:
        write_po(file, catalog, width=100, no_location=True, omit_header=True, ignore_obsolete=True)
    compile_to(MO, catalog)


if __name__ == "__main__":
    update()
