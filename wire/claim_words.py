"""The words of a claim: what a source reads before signing and what an agency reads, the very text that is signed.

They are part of the format (docs/format.md, "Claim"): another word in them is another version of it.
"""

from collections.abc import Mapping
from typing import Final

from wire.claim import Challenge
from wire.draft import Language

WORDS: Final[Mapping[Language, str]] = {
    "en": (
        "I wrote the tip with this commitment: {commitment}\n"
        "I say so to nobody but: {agency}\n"
        "The agency's key: {fingerprint}\n"
        "Programme: {programme}\n"
        "Case: {case}\n"
        "This counts up to and including: {expires}\n"
        "Who shall receive a reward: {beneficiary}\n"
    ),
    "fr": (
        "J’ai écrit le signalement qui a cet engagement : {commitment}\n"
        "Je ne le dis qu’à : {agency}\n"
        "Clé de l’autorité : {fingerprint}\n"
        "Programme : {programme}\n"
        "Affaire : {case}\n"
        "Valable jusqu’au (inclus) : {expires}\n"
        "Qui doit recevoir une récompense : {beneficiary}\n"
    ),
}
NOBODY: Final[Mapping[Language, str]] = {"en": "(nobody is named)", "fr": "(personne n’est nommé)"}


def statement_words(challenge: Challenge, beneficiary: str, language: Language) -> str:
    """Return the statement that answers a challenge, seven lines.

    Each value is one line, so that none can add or hide a line of its own.

    Args:
        challenge: what is asked.
        beneficiary: who shall receive a reward, in the source's words; may be empty.
        language: of the words around the values.
    """
    return WORDS[language].format(
        commitment=challenge.commitment.encode(),
        agency=challenge.office.name,
        fingerprint=challenge.office.digest.hex(" ", 4),
        programme=challenge.programme,
        case=challenge.case,
        expires=challenge.expires.isoformat(),
        beneficiary=beneficiary or NOBODY[language],
    )
