"""Everything that can go wrong in this package, as one tree. No message repeats what was passed in."""


class CryptoError(Exception):
    """The root: catch it to catch all of this package. Never raised itself."""


class AgeError(CryptoError):
    """An age file cannot be written or opened. Never raised itself."""


class HeaderError(AgeError):
    """The header of an age file breaks the format, or a bound of ours."""


class NotAgeError(HeaderError):
    """The bytes are no age file at all."""


class ArmorError(AgeError):
    """The text around an age file is malformed or cut short."""


class HeaderMACError(AgeError):
    """A file key was found, but the header was changed after it was sealed."""


class NoMatchError(AgeError):
    """None of the identities opens this file."""


class PayloadError(AgeError):
    """The payload was changed, reordered or cut short."""


class KeyFormatError(CryptoError):
    """A recipient, an identity or a raw key is malformed."""


class SignatureError(CryptoError):
    """A signature or a letter's MAC does not hold, or too few signed."""


class EnvelopeError(CryptoError):
    """A DSSE envelope is malformed, or two of them do not belong together."""


class CodenameError(CryptoError):
    """The text is no codename."""


class UnknownWordError(CodenameError):
    """A word of a codename is not on the list.

    Attributes:
        position: which word, 1 to 8.
    """

    def __init__(self, position: int) -> None:
        super().__init__(f"word {position} is not on the list: check its spelling")
        self.position = position


class CheckWordError(CodenameError):
    """All words are on the list, but the last one does not confirm the others."""


class ClaimWordsError(CryptoError):
    """The text is no claim words: not four words of the list and a number.

    Attributes:
        position: which word is not on the list, 1 to 4; None where something else is wrong.
    """

    def __init__(self, message: str, position: int | None = None) -> None:
        super().__init__(message)
        self.position = position


class ClaimNumberError(ClaimWordsError):
    """All words are on the list, but the number does not confirm them."""


class SecretBoxError(CryptoError):
    """A secret box cannot be opened: other key, other context, or changed."""
