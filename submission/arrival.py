"""Seal a form while it arrives: fields first, then each file as its bytes come in. Plaintext lives in memory only."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from crypto.claim import ClaimWords
from crypto.codename import Codename
from crypto.errors import ClaimWordsError
from submission.codenames import Derivation, parse_codename
from submission.errors import BrokenFormError, EmptyTipError, LeftOutError, TipFieldRefusedError
from submission.multipart import DataEvent, Event, FieldEvent, FileEvent, FormShape
from submission.questions import field_limits
from submission.store import Store, Upload
from wire.errors import TipFieldError
from wire.keysheet import KeySheet
from wire.roster import Reviewer, Roster
from wire.sealing import SOURCE_FILES, LetterSealer
from wire.tipform import parse_fields

STORY_SIZE: Final = 65_536
CODENAME_SIZE: Final = 1_024
CLAIM_SIZE: Final = 128
MOST_NUMBER: Final = 1_000_000
ON_ARRIVAL: Final = "arrival"


@dataclass(frozen=True, slots=True)
class Sent:
    """What the page says after a letter was stored."""

    codename: Codename
    number: int
    files: int
    left_out: tuple[str, ...]
    readers: tuple[Reviewer, ...]
    in_danger: bool
    claim: ClaimWords | None


@dataclass(frozen=True, slots=True)
class Answers:
    """The fields of a form, all of which stand before its files."""

    codename: Codename
    tip: bytes
    number: int
    left_out: tuple[str, ...]
    fields: Mapping[str, str]
    story: str
    claim: ClaimWords | None


def form_shape(most_bytes: int) -> FormShape:
    """Return what a tip or a follow-up may hold, with this many bytes of files."""
    fields = {"codename": CODENAME_SIZE, "tip": 32, "number": 7, "not_to": 32, "story": STORY_SIZE, "claim": CLAIM_SIZE}
    fields |= field_limits()
    return FormShape(fields, ("not_to",), ("files",), SOURCE_FILES, most_bytes)


def parse_answers(untrusted: Mapping[str, list[str]], roster: Roster) -> Answers:
    """Read the fields of a tip or follow-up.

    Raises:
        CodenameRefusedError: the codename is not one.
        BrokenFormError: a hidden field is missing or malformed.
        LeftOutError: fewer readers remain than an approval needs.
        TipFieldRefusedError: an answer is too long or not one of those offered.
    """
    single = {name: values[0] for name, values in untrusted.items()}
    answers = {name: text for name, text in single.items() if name in field_limits()}
    try:
        fields = parse_fields(answers)
    except TipFieldError as error:
        raise TipFieldRefusedError(str(error)) from None
    return Answers(
        codename=parse_codename(single.get("codename", "")),
        tip=_parse_tip(single.get("tip", "")),
        number=_parse_number(single.get("number", "1")),
        left_out=_parse_left_out(untrusted.get("not_to", []), roster),
        fields=fields,
        story=single.get("story", "").strip(),
        claim=_parse_claim(single.get("claim", "")),
    )


def _parse_claim(untrusted: str) -> ClaimWords | None:
    """Read the words that came with the form, and come back only if the source ticked the box."""
    try:
        return ClaimWords.parse(untrusted) if untrusted else None
    except ClaimWordsError:
        raise BrokenFormError("the claim words of the form are malformed") from None


def _parse_tip(untrusted: str) -> bytes:
    if len(untrusted) != 32 or not set(untrusted) <= set("0123456789abcdef"):
        raise BrokenFormError("the tip id is missing or malformed")
    return bytes.fromhex(untrusted)


def _parse_number(untrusted: str) -> int:
    if not (untrusted.isascii() and untrusted.isdigit()) or not 1 <= int(untrusted) <= MOST_NUMBER:
        raise BrokenFormError("the running number is malformed")
    return int(untrusted)


def _parse_left_out(untrusted: list[str], roster: Roster) -> tuple[str, ...]:
    left_out = set(untrusted)
    if not left_out <= set(roster.ids):
        raise BrokenFormError("a reviewer who is not on the roster was to be left out")
    if len(roster.reviewers) - len(left_out) < min(roster.approvals, len(roster.reviewers)):
        raise LeftOutError("fewer readers remain than an approval needs")
    return tuple(sorted(left_out))


class Arrival:
    """Takes in one form and stores it sealed."""

    def __init__(self, store: Store, derivation: Derivation) -> None:
        self._store = store
        self._derivation = derivation

    def receive(self, events: Iterable[Event], roster: Roster, sheet: KeySheet, language: str, size: int) -> Sent:
        """Seal a form as it arrives, store it, and return what to tell the source.

        Args:
            events: the form.
            roster: who may read it.
            sheet: what to seal to.
            language: of the page.
            size: bytes of the form, as announced; when files begin, there must be room for so many.

        Raises:
            FullError: there is no room for the letter; or, as `FilesFullError`, none for the files.
            SubmissionError: the form was refused. Whatever is raised, nothing of it was stored.
        """
        self._store.expect_letter()
        with self._store.upload() as upload:
            sealing = _Sealing(roster, sheet, upload, self._derivation)
            for event in events:
                if isinstance(event, FileEvent) and not sealing.files:
                    self._store.expect_files(size)
                sealing.take(event)
            sent = sealing.finish(language)
            upload.commit()
        return sent


class _Sealing:
    """One form: collects fields until the first file begins, then hands everything to the sealer."""

    def __init__(self, roster: Roster, sheet: KeySheet, upload: Upload, derivation: Derivation) -> None:
        self._roster = roster
        self._sheet = sheet
        self._upload = upload
        self._derivation = derivation
        self._untrusted: dict[str, list[str]] = {}
        self._sealer: LetterSealer | None = None
        self._answers: Answers | None = None
        self.files = 0

    def take(self, event: Event) -> None:
        """Take the next piece of the form."""
        if isinstance(event, FieldEvent):
            self._untrusted.setdefault(event.name, []).append(event.text)
            return
        _, sealer = self._begun()
        if isinstance(event, FileEvent):
            self.files += 1
            sealer.start_file(event.untrusted_name, event.untrusted_type)
        elif isinstance(event, DataEvent):
            sealer.write(event.data)
        else:
            sealer.end_file()

    def finish(self, language: str) -> Sent:
        """Seal the letter and put it beside its parts, ready to be committed."""
        answers, sealer = self._begun()
        if not answers.story and not self.files:
            raise EmptyTipError("neither a story nor a file")
        claim = self._commitment(answers)
        fields = dict(answers.fields)
        letter = sealer.finish(answers.tip, answers.number, language, fields, answers.story, claim=claim)
        self._upload.add("letters", letter)
        return Sent(
            codename=answers.codename,
            number=answers.number,
            files=self.files,
            left_out=answers.left_out,
            readers=tuple(one for one in self._roster.reviewers if one.id not in answers.left_out),
            in_danger=answers.fields.get("in_danger_now") == "yes",
            claim=answers.claim,
        )

    def _commitment(self, answers: Answers) -> bytes | None:
        if answers.claim is None:
            return None
        return self._derivation.commitment(answers.claim, self._roster.instance, answers.tip)

    def _begun(self) -> tuple[Answers, LetterSealer]:
        if self._answers is None or self._sealer is None:
            self._answers = parse_answers(self._untrusted, self._roster)
            keys = self._derivation.keys(self._answers.codename, self._roster.instance)
            self._sealer = LetterSealer(
                self._sheet,
                self._roster,
                keys,
                ON_ARRIVAL,
                self._answers.left_out,
                store=self._keep_part,
            )
        return self._answers, self._sealer

    def _keep_part(self, part: bytes) -> None:
        self._upload.add("parts", part)
