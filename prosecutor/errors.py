"""What can go wrong at an office. A message names the thing and the remedy.

The closed list of what a verifier finds wrong: the subclasses of `VerifyError` here, those of
`wire.errors.ApprovalError`, and `wire.errors.DossierError`.
"""


class ProsecutorError(Exception):
    """Root of the package's errors."""


class KeyFileError(ProsecutorError):
    """The file holds no office key."""


class OptionError(ProsecutorError):
    """What an option of the command line says does not fit."""


class PlaceError(ProsecutorError):
    """A file or folder cannot be read or made, or stands there already."""


class VerifyError(ProsecutorError):
    """A folder is not the dossier that was approved; raised as one of its subclasses."""


class NotADossierError(VerifyError):
    """A file that makes a folder a dossier is missing or malformed."""


class LinkError(VerifyError):
    """Something in the folder is neither a plain file nor a folder."""


class UnlistedFileError(VerifyError):
    """Something stands in the folder that the dossier does not list."""


class MissingFileError(VerifyError):
    """A file that the dossier lists is not there."""


class ChangedFileError(VerifyError):
    """A file is not the one that was approved."""


class PayloadOxumError(VerifyError):
    """The count of bytes and files in bag-info.txt is wrong."""


class RosterNotSignedError(VerifyError):
    """The roster is not signed by the organisation's root key."""


class RosterExpiredError(VerifyError):
    """The roster had expired on the day on which the dossier was proposed."""


class OtherRecipientError(VerifyError):
    """The dossier was approved for another office than the one that holds the key."""
