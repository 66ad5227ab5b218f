"""What one side seals, the other opens; anything else is refused."""

import hashlib

import pytest

from crypto.hybrid import HybridIdentity
from tests.wire.organisation import INSTANCE, WEEK, Organisation, new_keys
from wire.errors import LetterError, PartsError
from wire.fields import Json
from wire.letter import LETTER_SIZE, PART_SIZE, verify_letter
from wire.look import name_of
from wire.opening import Listing, open_letter, read_files
from wire.sealing import LetterSealer

ORGANISATION = Organisation()
KEYS = new_keys()
TIP = bytes(16)
FIELDS: dict[str, Json] = {"species": "Voọc mũi hếch", "quantity": "2"}
STORY = "Ils vendent des bébés singes.\n他们在网上卖象牙。"


class Parts(dict[bytes, bytes]):
    """Stored parts by name, as the intake keeps them."""

    def store(self, part: bytes) -> None:
        """Keep a part under its name."""
        self[name_of(part)] = part

    def fetch(self, name: bytes) -> bytes:
        """Give a part back."""
        return self[name]


def seal_letter(
    files: dict[str, bytes], parts: Parts, organisation: Organisation = ORGANISATION, not_to: tuple[str, ...] = ()
) -> bytes:
    """Seal a letter with these files."""
    sealer = LetterSealer(organisation.sheet, organisation.roster, KEYS, "arrival", not_to, store=parts.store)
    for name, content in files.items():
        sealer.start_file(name, "image/jpeg")
        sealer.write(content)
        sealer.end_file()
    return sealer.finish(TIP, 1, "fr", FIELDS, STORY)


def read_all(listing: Listing, parts: Parts, identity: HybridIdentity) -> dict[str, bytes]:
    """Read all files into memory."""
    return {file.name: b"".join(content) for file, content in read_files(listing, parts.fetch, [identity])}


@pytest.mark.parametrize("reviewer", ORGANISATION.ids)
def test_each_reviewer_opens_the_letter_and_its_files(reviewer: str) -> None:
    """A tip with two files comes out at every reviewer as it went in, and is verified as the source's."""
    parts = Parts()
    files = {"ảnh.jpg": b"\xff\xd8" * 1000, "vide.bin": b"", "牙.mp4": bytes(range(256)) * 8192}
    sealed = seal_letter(files, parts)
    assert len(sealed) == LETTER_SIZE
    assert all(len(part) == PART_SIZE for part in parts.values())
    opened = open_letter(sealed, [HybridIdentity.generate(), ORGANISATION.period[reviewer]])
    letter = opened.letter
    assert (letter.story, letter.fields, letter.tip, letter.number) == (STORY, FIELDS, TIP, 1)
    assert (letter.instance, letter.sheet, letter.week) == (INSTANCE, ORGANISATION.sheet.digest, WEEK)
    assert (letter.sealed, letter.language, letter.not_to, letter.index) == ("arrival", "fr", (), False)
    assert letter.reply_to == KEYS.reply.recipient
    assert letter.case_key == KEYS.case_key
    verify_letter(letter, opened.content, opened.macs, reviewer, ORGANISATION.signing[reviewer])
    assert read_all(letter, parts, ORGANISATION.period[reviewer]) == files
    assert [file.sha256 for file in letter.files] == [hashlib.sha256(content).digest() for content in files.values()]


def test_a_reviewer_left_out_cannot_open_the_letter() -> None:
    """Neither the letter nor the parts open for who was left out; for the others they do."""
    parts = Parts()
    sealed = seal_letter({"a.jpg": b"a"}, parts, not_to=("r2",))
    with pytest.raises(LetterError) as caught:
        open_letter(sealed, [ORGANISATION.period["r2"]])
    assert caught.value.kind == "not_mine"
    opened = open_letter(sealed, [ORGANISATION.period["r1"]])
    assert opened.letter.not_to == ("r2",)
    assert set(opened.macs) == {"r1", "r3"}
    with pytest.raises(PartsError):
        read_all(opened.letter, parts, ORGANISATION.period["r2"])
    assert read_all(opened.letter, parts, ORGANISATION.period["r3"]) == {"a.jpg": b"a"}
