"""What can go wrong when an operator sets up, saves or brings back an intake."""


class OperatorError(Exception):
    """Something is not as it must be; the message names it and says what to do."""


class BackupError(OperatorError):
    """A backup cannot be made, or is not one of ours, or is not whole."""


class OnionKeyError(OperatorError):
    """A client key or an onion's folder is not as tor keeps it."""


def told(error: Exception) -> str:
    """Return what to print of an error; of one of the system's, which file and what."""
    return f"{error.filename}: {error.strerror}" if isinstance(error, OSError) else str(error)
