"""The words of both apps and their translations, read with babel in this process.

`python -m tests.catalog` brings each messages.po up to date with the code and compiles it; new texts come out empty.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po

ROOT: Final = Path(__file__).parent.parent
METHODS: Final = [("**.py", "python"), ("templates/**.html", "jinja2")]
KEYWORDS: Final[dict[str, tuple[int, ...] | None]] = {"lazy": None, "_": None, "gettext": None, "ngettext": (1, 2)}


@dataclass(frozen=True)
class Words:
    """The words of one app.

    Attributes:
        room: its package.
        errors: classes of errors whose messages pages show, so that they are texts too.
    """

    room: str
    errors: tuple[str, ...] = ()

    @property
    def po(self) -> Path:
        """The French translations."""
        return ROOT / self.room / "translations" / "fr" / "LC_MESSAGES" / "messages.po"

    @property
    def mo(self) -> Path:
        """The form that the running app reads."""
        return self.po.with_suffix(".mo")

    def extract(self) -> Catalog:
        """Return every text that the code and the templates show."""
        catalog = Catalog(project="Lapwing")
        keywords = {**KEYWORDS, **dict.fromkeys(self.errors)}
        found = extract_from_dir(ROOT / self.room, method_map=METHODS, keywords=keywords)
        for file, _line, message, _comments, context in found:
            catalog.add(message, None, [(file, 0)], context=context)
        return catalog

    def read(self) -> Catalog:
        """Return the French translations."""
        with self.po.open("rb") as file:
            return read_po(file, locale="fr")

    def update(self) -> None:
        """Bring both files up to date."""
        catalog = self.read() if self.po.exists() else Catalog(locale="fr", project="Lapwing")
        catalog.update(self.extract(), no_fuzzy_matching=True)
        catalog.obsolete.clear()
        self.po.parent.mkdir(parents=True, exist_ok=True)
        with self.po.open("wb") as file:
            write_po(file, catalog, width=100, no_location=True, omit_header=True, ignore_obsolete=True)
        compile_to(self.mo, catalog)


INTAKE: Final = Words("submission")
REVIEWER: Final = Words(
    "reviewer",
    (
        "ActError",
        "FactError",
        "IntakeAnswerError",
        "IntakeRefusedError",
        "IntakeSwappedError",
        "IntakeUnreachableError",
        "NoRoomError",
        "OnionAddressError",
        "OnionError",
        "SyncError",
        "VaultError",
        "VaultLockedError",
        "WayError",
    ),
)


def compile_to(path: Path, catalog: Catalog) -> None:
    """Write the form that a running app reads."""
    with path.open("wb") as file:
        write_mo(file, catalog)


def texts(path: Path) -> dict[str, object]:
    """Return what a compiled file holds, without its header."""
    with path.open("rb") as file:
        return {str(message.id): message.string for message in read_mo(file) if message.id}


if __name__ == "__main__":
    for words in (INTAKE, REVIEWER):
        words.update()
