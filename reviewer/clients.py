"""What seals on a source's own device, as this app's release has it: the page's script and the offline sealer."""

from dataclasses import dataclass

from wire.bundle import PAGE_BUNDLE, sealer_digest


@dataclass(frozen=True)
class Clients:
    """Both, known by SHA-256 (32 bytes each).

    Attributes:
        page: the script of the page.
        sealer: the offline sealer, which has the organisation's root and roster inside.
    """

    page: bytes
    sealer: bytes


def of_this_release(root: bytes, roster_envelope: bytes) -> Clients:
    """Return those of this release, for an organisation's root (32 bytes) and its signed roster.

    Raises:
        RosterError: the root did not sign it.
        BundleError: the installation is damaged.
    """
    return Clients(PAGE_BUNDLE, sealer_digest(root, roster_envelope))
