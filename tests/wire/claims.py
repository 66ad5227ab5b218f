"""A claim for tests: an agency, a tip's commitment, the agency's challenge and the source's answer."""

from datetime import date

from nacl.signing import SigningKey

from crypto.claim import ClaimWords, claim_salt
from crypto.hybrid import HybridIdentity
from wire.claim import Challenge, Commitment, SignedChallenge, open_challenge, sign_challenge
from wire.claim_answer import sign_answer, state
from wire.office import Office

IDENTITY = HybridIdentity.from_seed(bytes(range(32)))
KEY = SigningKey(bytes(range(32)))
OFFICE = Office("Fish and Wildlife Service", IDENTITY.recipient, bytes(KEY.verify_key))
OTHER_KEY = SigningKey(bytes(32))
OTHER_OFFICE = Office("Another office", HybridIdentity.from_seed(bytes(32)).recipient, bytes(OTHER_KEY.verify_key))

WORDS = ClaimWords((81, 2008, 777, 7747))
SALT = claim_salt(bytes(16), bytes(range(16)))
KEYS = WORDS.derive(SALT)
COMMITMENT = Commitment(KEYS.public.commitment, SALT, known_to_intake=False)

EXPIRES = date(2026, 12, 31)
TODAY = date(2026, 11, 24)
CHALLENGE = Challenge(OFFICE, COMMITMENT, "16 U.S.C. 3375(d)", "FWS-2026-117", EXPIRES, bytes(range(16)))
BENEFICIARY = "Maître Dupont, Lyon"


def signed(challenge: Challenge = CHALLENGE, key: SigningKey = KEY) -> SignedChallenge:
    """Return a challenge as its office signed it."""
    return open_challenge(sign_challenge(challenge, key).encode(), TODAY)


ASKED = signed()
STATEMENT = state(ASKED, BENEFICIARY, "en")
ANSWER = sign_answer(ASKED, STATEMENT, KEYS)
