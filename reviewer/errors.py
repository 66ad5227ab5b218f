"""What can go wrong in the reviewer's app; only views and the command line turn one into a page or an exit code."""


class ReviewerError(Exception):
    """The root of every error in this package; never raised itself."""


class ProgrammeError(ReviewerError):
    """The file of a reward programme is not in the shape it must have; the message names file, field and remedy."""


class FactError(ReviewerError):
    """What was given is no answer to any question that a reward programme asks."""


class VaultError(ReviewerError):
    """The vault cannot be made or opened: a wrong passphrase, a folder that is none, an altered key file."""


class VaultLockedError(VaultError):
    """The vault was locked while something still wanted to use it; unlock it again."""


class IntakeError(ReviewerError):
    """Root of what can go wrong between this app and the intake."""


class IntakeUnreachableError(IntakeError):
    """No answer came: the intake is down, the address is wrong, or the way there is broken."""


class WayError(IntakeUnreachableError):
    """There is no way to an address: it needs tor's SOCKS port, or none, or the port is not one."""


class OnionAddressError(IntakeUnreachableError):
    """What was given is not an onion address, so nothing was made or asked for."""


class OnionError(IntakeUnreachableError):
    """Tor answered that it cannot reach the onion.

    Attributes:
        code: as SOCKS gives it, 0x01 to 0xFF.
    """

    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        self.code = code


class IntakeRefusedError(IntakeError):
    """The intake answered with a refusal.

    Attributes:
        status: the HTTP status code.
    """

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


class IntakeAnswerError(IntakeError):
    """The intake answered, but not with what was asked for."""


class IntakeSwappedError(IntakeRefusedError, IntakeAnswerError):
    """The intake gave something else for one piece: as good as refused, and no reason to leave out the others."""


class SyncError(ReviewerError):
    """A round of syncing cannot go on until somebody does something."""


class NoRoomError(SyncError):
    """The files that wait do not fit into the vault: more than the reviewer allowed, or than the disk has."""


class ActError(ReviewerError):
    """A reviewer asked for something that the case, the roster or the vault does not allow now."""
