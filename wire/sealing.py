"""Sealing a letter while its files stream in, and sealing batches of the case log. Opens nothing."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace

from crypto.codename import CodenameKeys
from crypto.seal import Sealer, plaintext_size_for
from wire.errors import KeySheetError, LetterError
from wire.fields import Json, dump
from wire.files import UNKNOWN_TYPE, File
from wire.keysheet import KeySheet, check_belongs
from wire.letter import LETTER_SIZE, LIMITS, Letter, encode
from wire.parts import FilesSealer
from wire.roster import Roster
from wire.shelf import shelf_of
from wire.stanzas import recipients_for, sheet_stanza

SOURCE_FILES = 100
STORY_NAME = "story.txt"
STORY_TYPE = "text/plain"

_EXCERPT = 500  # characters of a long story that stay in the letter
_SHORT_TYPE = 32  # bytes of a media type that are kept when room is short


class LetterSealer:
    """Seals one letter: for each file `start_file`, `write`, `end_file`; then `finish`.

    Memory stays at a few parts of 1 MiB, whatever the size of the files.

    Args:
        sheet: the key sheet in force.
        roster: the roster that the sheet belongs to.
        keys: what the source's codename derives.
        sealed: ``before``, ``device`` or ``arrival``.
        not_to: ids of reviewers to leave out.
        store: called with each finished part, 1,048,576 bytes, in order.

    Raises:
        LetterError: (kind ``sheet``) sheet and roster do not belong together, who is left out is not on the sheet,
            or nobody remains.
    """

    def __init__(
        self,
        sheet: KeySheet,
        roster: Roster,
        keys: CodenameKeys,
        sealed: str,
        not_to: Collection[str] = (),
        *,
        store: Callable[[bytes], None],
    ) -> None:
        try:
            check_belongs(sheet, roster)
        except KeySheetError:
            raise LetterError("letter: the key sheet is not of this roster", "sheet") from None
        self._sheet = sheet
        self._roster = roster
        self._keys = keys
        self._sealed = sealed
        self._not_to = tuple(sorted(not_to))
        self._files = FilesSealer(sheet, store, self._not_to)

    def start_file(self, name: str, media_type: str) -> None:
        """Begin a file.

        Args:
            name: as the source's browser gave it; made fit to be a name.
            media_type: as the source's browser gave it; anything unfit becomes ``application/octet-stream``.

        Raises:
            LetterError: (kind ``too_much``) there are 100 files already.
        """
        if self._files.count >= SOURCE_FILES:
            raise LetterError(f"file: over {SOURCE_FILES} in one letter; send the others as a follow-up", "too_much")
        self._files.start_file(name, media_type)

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Take the next bytes of the file, any number; `LetterError` if none was begun or all are over 32 GiB."""
        self._files.write(data)

    def end_file(self) -> None:
        """End the file; `LetterError` if none was begun."""
        self._files.end_file()

    def finish(
        self,
        tip: bytes,
        number: int,
        language: str,
        fields: Mapping[str, Json],
        story: str,
        *,
        claim: bytes | None = None,
    ) -> bytes:
        """Pad and hand out the last parts, and return the letter. Call it once.

        Args:
            tip: 16 random bytes; the same when the same form is sent again.
            number: 1 for the first letter of a codename, then counting.
            language: such as ``en``.
            fields: the answers of the tip form, at most 6,000 bytes of JSON.
            story: any length; one of more than 4,000 bytes (as JSON writes it) becomes the file ``story.txt``, and
                its first 500 characters stay in the letter.
            claim: commitment (32 bytes) to the keys of claim words, if the source chose to make one.

        Returns:
            65,536 bytes.

        Raises:
            LetterError: a file was not ended, a value is out of range, or (kind ``too_much``) it does not fit.
        """
        if len(dump(fields)) > LIMITS.fields:
            raise LetterError(f"letter: the answers are over {LIMITS.fields} bytes; shorten them", "too_much")
        if _json_size(story) > LIMITS.story:
            story = self._put_story_into_file(story)
        listing = self._files.finish()
        letter = Letter(
            instance=self._sheet.instance,
            sheet=self._sheet.digest,
            week=self._sheet.week,
            conversation=bytes(self._keys.conversation.public_key),
            tip=tip,
            number=number,
            sealed=self._sealed,
            reply_to=self._keys.reply.recipient,
            shelf=shelf_of(self._keys.shelf),
            case_key=self._keys.case_key if number == 1 else None,
            not_to=self._not_to,
            language=language,
            fields=fields,
            story=story,
            files=listing.files,
            parts=listing.parts,
            index=listing.index,
            claim=claim,
        )
        return self._seal(letter)

    def _put_story_into_file(self, story: str) -> str:
        self._files.start_file(STORY_NAME, STORY_TYPE)
        self._files.write(story.encode())
        self._files.end_file()
        return story[:_EXCERPT]

    def _seal(self, letter: Letter) -> bytes:
        sealer = _new_sealer(self._sheet, self._not_to)
        room = _room(sealer)
        lines = encode(letter, self._keys.conversation, self._roster)
        if len(lines) > room:
            short = replace(letter, files=tuple(_with_short_type(file) for file in letter.files))
            lines = encode(short, self._keys.conversation, self._roster)
        if len(lines) > room:
            raise LetterError("letter: too full; shorten the story or send some files as a follow-up", "too_much")
        return _fill(sealer, lines)


def batch_room(sheet: KeySheet) -> int:
    """Return how many bytes of lines fit into one batch to this sheet."""
    return _room(_new_sealer(sheet))


def seal_batch(sheet: KeySheet, roster: Roster, lines: bytes) -> bytes:
    r"""Seal a batch of the case log, which outside looks like any letter.

    Args:
        sheet: the key sheet in force.
        roster: the roster that the sheet belongs to.
        lines: at most `batch_room` bytes; ends with a line feed unless empty.

    Returns:
        65,536 bytes. Inside, spaces and a line feed follow the lines.

    Raises:
        LetterError: sheet and roster do not belong together, the lines do not end with a line feed, or (kind
            ``too_much``) do not fit.
    """
    try:
        check_belongs(sheet, roster)
    except KeySheetError:
        raise LetterError("batch: the key sheet is not of this roster", "sheet") from None
    if lines and not lines.endswith(b"\n"):
        raise LetterError("batch: the last line has no line feed")
    sealer = _new_sealer(sheet)
    if len(lines) > _room(sealer):
        raise LetterError("batch: too many bytes; split it", "too_much")
    return _fill(sealer, lines)


def _new_sealer(sheet: KeySheet, not_to: Collection[str] = ()) -> Sealer:
    return Sealer(recipients_for(sheet, not_to), [sheet_stanza(sheet.week, sheet.digest)])


def _room(sealer: Sealer) -> int:
    """Return how many bytes fit before the last line feed."""
    size = plaintext_size_for(sealer.header_size, LETTER_SIZE)
    if size is None:
        raise AssertionError("a letter of one chunk reaches every size")
    return size - 1


def _fill(sealer: Sealer, lines: bytes) -> bytes:
    plaintext = lines.ljust(_room(sealer), b" ") + b"\n"
    return sealer.start() + sealer.update(plaintext) + sealer.finish()


def _json_size(text: str) -> int:
    """Return the bytes of text as it stands in JSON, without the quotes: what it takes up in a letter."""
    return len(dump({"": text})) - len(dump({"": ""}))


def _with_short_type(file: File) -> File:
    return file if len(file.type) <= _SHORT_TYPE else replace(file, type=UNKNOWN_TYPE)
