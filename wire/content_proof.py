"""What a case event carries that counts outside the case log too: an attestation. docs/format.md, "Case log"."""

from dataclasses import dataclass
from typing import Annotated

from wire.content_kind import CaseContent, Hash
from wire.shape import Base64


@dataclass(frozen=True, kw_only=True)
class Attested(CaseContent):
    """In which week this author's app first had a letter (known by name), and what it said, signed apart."""

    kind = "attested"
    letter: Hash
    attestation: Annotated[bytes, Base64(1_024)]
