"""What the intake does with a codename, or claim words, while in use: read them, derive the keys, forget them."""

from threading import BoundedSemaphore
from typing import Final

from crypto.claim import ClaimWords, claim_salt
from crypto.codename import Codename, CodenameKeys
from crypto.errors import CheckWordError, CodenameError, UnknownWordError
from submission.errors import CheckWordRefusedError, CodenameRefusedError, UnknownWordRefusedError

AT_ONCE: Final = 2
"""Derivations at the same time: each takes 19 MiB."""

CLAIMS_AT_ONCE: Final = 1
"""Derivations of claims at the same time: each takes 64 MiB."""


def parse_codename(untrusted: str) -> Codename:
    """Return the codename that was typed.

    Raises:
        CodenameRefusedError: it is not one; the subclass tells what to correct, never what was typed.
    """
    try:
        return Codename.parse(untrusted)
    except UnknownWordError as error:
        raise UnknownWordRefusedError(error.position) from None
    except CheckWordError:
        raise CheckWordRefusedError("the check word does not fit") from None
    except CodenameError:
        raise CodenameRefusedError("not eight words") from None


class Derivation:
    """Derives keys from codenames and claim words, a few at a time, so that memory stays bounded."""

    def __init__(self) -> None:
        self._turns = BoundedSemaphore(AT_ONCE)
        self._claim_turns = BoundedSemaphore(CLAIMS_AT_ONCE)

    def keys(self, codename: Codename, instance: bytes) -> CodenameKeys:
        """Return the keys of a codename at the organisation with this instance id (16 bytes)."""
        with self._turns:
            return codename.derive(instance)

    def commitment(self, words: ClaimWords, instance: bytes, tip: bytes) -> bytes:
        """Return the commitment (32 bytes) of claim words for one tip (16 bytes) of one organisation (16 bytes)."""
        with self._claim_turns:
            return words.derive(claim_salt(instance, tip)).public.commitment
