"""What runs in sources' browsers, as it was built from `submission/client`: the page's scripts and the offline sealer.

It lies here because the intake serves both, and reviewers' apps check both and put their hashes into the key sheet.
"""

import hashlib
import json
import re
from functools import cache
from importlib import resources
from typing import Final

from crypto.dsse import Envelope
from crypto.errors import CryptoError
from wire.errors import BundleError, RosterError
from wire.roster import PAYLOAD_TYPE, Roster

SEALER_NAME: Final = "sealer.html"

_PLACE: Final = b"{{roster}}"
_HASH: Final = re.compile(rb"sha256-[A-Za-z0-9+/]{43}=")
_ESCAPES: Final = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


def page_bundle() -> bytes:
    """Return the script of the page, which is also its worker; about 80 kB before compression."""
    return _built("page.js")


def claims_bundle() -> bytes:
    """Return the script that makes and answers claims, which the page's script loads when asked; about 90 kB."""
    return _built("claim.js")


def vouched_for(page: bytes) -> str | None:
    """Return the hash of the claims' script as a page's script has it inside, `sha256-…`; None if it has not just one.

    A browser runs no other in its place: whoever knows the hash of the page's script need not know that one's.
    """
    found = _HASH.findall(page)
    return found[0].decode("ascii") if len(found) == 1 else None


def sealer(root: bytes, roster_envelope: bytes) -> bytes:
    """Return the offline sealer of an organisation: one HTML file, the same bytes for the same root and roster.

    Args:
        root: the root that signed the roster, Ed25519 public key, 32 bytes.
        roster_envelope: the signed roster, as it is posted. Signatures by others than the root are left out, so that
            whoever adds some changes nothing.

    Raises:
        RosterError: it is no roster, or the root did not sign it. Whether it has expired is not looked at.
        BundleError: the installation is damaged.
    """
    data = {"root": root.hex(), "roster": _signed_by(root, roster_envelope).decode("ascii")}
    return fill(_built(SEALER_NAME), data)


def sealer_digest(root: bytes, roster_envelope: bytes) -> bytes:
    """Return the SHA-256 of the offline sealer, 32 bytes: what a key sheet names; raises as `sealer` does."""
    return hashlib.sha256(sealer(root, roster_envelope)).digest()


def fill(template: bytes, data: dict[str, str]) -> bytes:
    r"""Put data into the one marked place of a page, inside an element whose text is JSON.

    `<`, `>` and `&` become ``\u003c`` and the like, which JSON reads as the same: so nothing can end the element.

    Raises:
        BundleError: there is not exactly one such place.
    """
    if template.count(_PLACE) != 1:
        raise BundleError("the built sealer has not exactly one place for the roster; install Lapwing anew")
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)
    return template.replace(_PLACE, text.encode())


def _signed_by(root: bytes, untrusted: bytes) -> bytes:
    try:
        envelope = Envelope.decode(untrusted)
        envelope.verify(PAYLOAD_TYPE, {root})
    except CryptoError:
        raise RosterError("roster: not signed by the organisation's root key") from None
    Roster.decode(envelope.payload)
    signatures = tuple(one for one in envelope.signatures if one.key == root)
    return Envelope(envelope.payload_type, envelope.payload, signatures).encode()


@cache
def _built(name: str) -> bytes:
    # Once for the whole process: what is served and what is signed for must not part when the files are replaced.
    try:
        return resources.files("wire").joinpath("built", name).read_bytes()
    except FileNotFoundError:
        raise BundleError("a built file of Lapwing is missing; install Lapwing anew") from None


PAGE_BUNDLE: Final = hashlib.sha256(page_bundle()).digest()
"""SHA-256 of the page's script, 32 bytes: what a key sheet names."""
