"""What can go wrong at the intake: one tree, and the page that each of them becomes.

A page says what happened and what to do. It never repeats what was sent.
"""

from collections.abc import Mapping
from typing import Final

from submission.language import LazyText, lazy

RETRY: Final[Mapping[int, LazyText]] = {
    2: lazy("Please try again in two minutes."),
    5: lazy("Please try again in five minutes."),
    60: lazy("Please try again in an hour."),
    1_440: lazy("Please try again tomorrow."),
}
"""What a page says for the minutes of `SubmissionError.retry`."""


class SubmissionError(Exception):
    """Root of the package's errors; raised as one of its subclasses.

    Attributes:
        status: the HTTP status of the page.
        title: one line that says what happened.
        advice: what to do now.
        retry: at a limit, the minutes after which to try again, the same for everybody; else 0. One of `RETRY`.
    """

    status: int = 400
    title: LazyText = lazy("That did not work")
    advice: LazyText = lazy("Nothing was kept. Go back and try again.")
    retry: int = 0


class ConfigError(SubmissionError):
    """The state folder or its configuration is missing, malformed or unsafe; for the operator, never a page."""


class ClosedError(SubmissionError):
    """There is no key sheet in force to seal to."""

    status = 503
    title = lazy("Lapwing is closed just now")
    advice = lazy(
        "There are no valid keys to seal a tip with, so nothing can be taken in. "
        "This is not your fault. Please come back in a few days. Nothing was kept."
    )


class FullError(SubmissionError):
    """The disk has no room for another piece, beside what is kept free for others."""

    status = 507
    title = lazy("There is no room for this just now")
    advice = lazy("Nothing was kept. This machine has no room left until the reviewers have fetched what is here.")
    retry = 1_440


class DiskError(SubmissionError):
    """The disk or the database failed before anything was kept; the cause is told to the operator."""

    status = 503
    title = lazy("This machine cannot keep anything just now")
    advice = lazy("Nothing was kept. Its disk does not work as it should. This is not your fault.")
    retry = 60


class UnsureError(DiskError):
    """The disk failed in the middle of a commit: what was sent may be here after the next start, whole, or not."""

    status = 500
    title = lazy("Something broke on our side")
    advice = lazy(
        "What you sent may not have been kept. Wait a few minutes, then send it again; sending twice does no harm."
    )
    retry = 0


class FilesFullError(FullError):
    """There is no room for files; words still have theirs."""

    title = lazy("There is no room for files just now")
    advice = lazy(
        "Nothing was kept, neither the files nor the words. But words can still be sent: go back, take the files out, "
        "and send the story without them. A very long story counts as a file, so shorten it. The files can follow "
        "later, with your codename."
    )


class BusyError(SubmissionError):
    """Too many of one circuit wait; the server answers it by itself (`submission.refusals`)."""

    status = 503


class TooManyVisitsError(SubmissionError):
    """One circuit asked for more pages in a minute than anybody reads."""

    status = 429
    title = lazy("Too many requests just now")
    advice = lazy("Nothing was kept.")
    retry = 2


class TooMuchSentError(SubmissionError):
    """One circuit sent more in an hour than it may."""

    status = 429
    title = lazy("That is more than can be sent in an hour")
    advice = lazy(
        "Nothing was kept, neither the files nor the words. But words can be sent at any time: go back, take the files "
        "out, and send the story without them. The files can follow later, with your codename."
    )
    retry = 60


class AddressMissingError(SubmissionError):
    """A request came without a peer address, so its visits cannot be counted."""

    title = lazy("This connection cannot be used")
    advice = lazy("Please open the address again in a new tab.")


class NoRequestError(SubmissionError):
    """A connection brought no request, or none behind tor's line about its circuit; it gets no page of ours."""


class BrokenFormError(SubmissionError):
    """A form could not be read: bad multipart, a field twice, or a field that is unknown."""

    title = lazy("The form arrived damaged")
    advice = lazy("Nothing was kept. Open the form again, fill it in and send it once more.")


class FormCutOffError(BrokenFormError):
    """The connection ended before the form did."""


class EncodingError(BrokenFormError):
    """A field is not UTF-8 text."""

    title = lazy("The text arrived in an unknown encoding")
    advice = lazy("Nothing was kept. Set your browser to Unicode (UTF-8), open the form again and send it once more.")


class UnknownFieldError(BrokenFormError):
    """A form holds a field that the page does not have."""

    title = lazy("The form held something unexpected")
    advice = lazy("Nothing was kept. Open the form again on this site, fill it in and send it once more.")


class LateFieldError(BrokenFormError):
    """A field came after the first file, when the files were already being sealed."""

    title = lazy("The form arrived in the wrong order")
    advice = lazy(
        "Nothing was kept. Files are sealed while they arrive, so everything else must come before them. "
        "Open the form again on this site and send it once more."
    )


class LengthMissingError(BrokenFormError):
    """A form came without its length."""

    status = 411
    title = lazy("Your browser did not say how much it sends")
    advice = lazy("Nothing was kept. Please use Tor Browser, open the form again and send it once more.")


class FieldTooLongError(SubmissionError):
    """A field is longer than the page allows."""

    status = 413
    title = lazy("One of the texts is too long")
    advice = lazy("Nothing was kept. Shorten it, or send the long text as a file.")


class UploadTooLargeError(SubmissionError):
    """The files together are over the limit."""

    status = 413
    title = lazy("That is more than fits in one go")
    advice = lazy(
        "Nothing was kept. Send the story with the most important files first, "
        "then send the others one by one with your codename."
    )


class TooManyFilesError(SubmissionError):
    """More files than one letter may list."""

    status = 413
    title = lazy("Too many files in one go")
    advice = lazy("Nothing was kept. Send up to 100 files now, and the others later with your codename.")


class EmptyTipError(SubmissionError):
    """Neither a story nor a file was given."""

    title = lazy("There is nothing to send yet")
    advice = lazy(
        "Go back and write a few words, or choose a file. One sentence is enough. Everything else is optional."
    )


class TipFieldRefusedError(SubmissionError):
    """An answer of the tip form is too long, or not one of those offered."""

    title = lazy("One of the answers cannot be used")
    advice = lazy("Nothing was kept. Go back, shorten the longest answer or clear it, and put the rest into the story.")


class LeftOutError(SubmissionError):
    """So many reviewers were left out that too few remain to act on the tip."""

    title = lazy("Too few people are left to read this")
    advice = lazy(
        "Nothing was kept. A tip can only be acted on when enough reviewers can read it. "
        "Go back and leave out fewer of them."
    )


class CodenameRefusedError(SubmissionError):
    """A codename is not eight words of the list."""

    title = lazy("That is not a codename")
    advice = lazy(
        "A codename is eight words with a space between them, as they were shown to you. Check each word and try again."
    )


class UnknownWordRefusedError(CodenameRefusedError):
    """One word of a codename is not on the list; only its position is told."""

    def __init__(self, position: int) -> None:
        super().__init__(f"word {position} is not on the list")
        self.advice = lazy(
            "Word number %(position)s is not one that we use. Check how it is written and try again.", position=position
        )


class CheckWordRefusedError(CodenameRefusedError):
    """The last word of a codename does not fit the others."""

    title = lazy("There is a mistake in the codename")
    advice = lazy(
        "The last word does not fit the other seven, so one of the words was mistyped. Check each word and try again."
    )


class NotALetterError(SubmissionError):
    """What was handed in at /letter is not sealed."""

    title = lazy("This looks like an unsealed document")
    advice = lazy(
        "Nothing was kept. This page only takes a letter that was sealed on your own computer. "
        "If you meant to send the document itself, use the tip form: it seals files while they arrive."
    )


class LetterRefusedError(SubmissionError):
    """A sealed letter is of the wrong size or sealed to the wrong kind of keys."""

    title = lazy("This letter is not complete or was made by something else")
    advice = lazy("Nothing was kept. Seal it again with Lapwing's own sealer, and hand in the whole file.")


class LetterKeysGoneError(LetterRefusedError):
    """A letter was sealed to a key sheet that is not in force."""

    status = 409
    title = lazy("The keys of this letter are no longer valid")
    advice = lazy("Nothing was kept, because nobody could open it. Fetch this week's keys and seal the letter again.")


class PartRefusedError(SubmissionError):
    """What a page's script posted is no part; for the script, which reads the status, and whoever looks over it."""

    title = lazy("This part is not complete or was made by something else")


class NotThereError(SubmissionError):
    """A piece, or what a request refers to, is not here."""

    status = 404
    title = lazy("There is no such page")
    advice = lazy("Start again from the first page.")


class TokenRefusedError(SubmissionError):
    """A reviewer's request has no valid token."""

    status = 401
    title = lazy("This address is for reviewers' apps")
    advice = lazy("Start again from the first page.")


class ConflictError(SubmissionError):
    """What a reviewer's app posted contradicts what is here.

    Attributes:
        detail: machine-readable numbers that help the app to go on; never anything that was sent.
    """

    status = 409
    title = lazy("This contradicts what is here")
    advice = lazy("Start again from the first page.")

    def __init__(self, message: str, detail: dict[str, int] | None = None) -> None:
        super().__init__(message)
        self.detail = detail or {}


class PieceRefusedError(SubmissionError):
    """What a reviewer's app posted is malformed or of the wrong size."""


class TooMuchPostedError(SubmissionError):
    """A reviewer's app posted more in a day than any needs; for the app, never a page."""

    status = 429
    retry = 1_440
