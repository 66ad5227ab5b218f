"""The npm package age-encryption opens what we seal and we open what it seals: post-quantum, classic, passphrase."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from crypto.armor import ArmorReader, ArmorWriter
from crypto.header import Stanza
from crypto.hybrid import HybridIdentity
from crypto.scrypt import ScryptIdentity, ScryptRecipient
from crypto.seal import Recipient, seal
from crypto.unseal import Identity, unseal
from crypto.x25519 import X25519Identity
from tests.interop.packages import installed
from tests.interop.sizes import SIZES, plain_files
from tests.interop.typage import Typage

PASSPHRASE = "a red wattle, ñandú"


@dataclass(frozen=True)
class Kind:
    """A way to seal, and what the other implementation is to be told of it."""

    recipients: Sequence[Recipient]
    identities: Sequence[Identity]
    seal: dict[str, object]
    unseal: Sequence[dict[str, object]]
    """With each of the identities alone."""


def kind_of(*identities: HybridIdentity | X25519Identity) -> Kind:
    """Several recipients."""
    recipients = [identity.recipient for identity in identities]
    return Kind(
        recipients,
        identities,
        {"recipients": [recipient.encode() for recipient in recipients]},
        [{"identities": [identity.encode()]} for identity in identities],
    )


KINDS = {
    "post-quantum": kind_of(*(HybridIdentity.generate() for _ in range(3))),
    "classic": kind_of(*(X25519Identity.generate() for _ in range(3))),
    "passphrase": Kind(
        [ScryptRecipient(PASSPHRASE, 10)],
        [ScryptIdentity(PASSPHRASE)],
        {"passphrase": PASSPHRASE},
        [{"passphrase": PASSPHRASE}],
    ),
}


@pytest.fixture(scope="session")
def typage(require_tool: Callable[[str], str]) -> Typage:
    """The other implementation; without network the test is skipped, but not in CI."""
    return Typage(require_tool("node"), installed(require_tool("npm")))


def armored(data: bytes) -> bytes:
    """Put armor on."""
    writer = ArmorWriter()
    return writer.update(data) + writer.finish()


def bared(text: bytes) -> bytes:
    """Take armor off."""
    reader = ArmorReader()
    return reader.update(text) + reader.finish()


@pytest.mark.parametrize("armor", [False, True], ids=["binary", "armor"])
@pytest.mark.parametrize("name", KINDS)
def test_what_we_seal_opens_there(typage: Typage, tmp_path: Path, name: str, armor: bool) -> None:
    """Files of every size open with the identity of each recipient alone."""
    kind = KINDS[name]
    tasks: list[dict[str, object]] = []
    for plain in plain_files(tmp_path):
        sealed = seal(plain.read_bytes(), kind.recipients)
        path = tmp_path / f"{plain.name}.age"
        path.write_bytes(armored(sealed) if armor else sealed)
        key = kind.unseal[len(tasks) % len(kind.unseal)]
        tasks.append({"verb": "unseal", "armor": armor, "from": path, "to": tmp_path / f"{plain.name}.opened", **key})

    typage.run(*tasks)

    for size in SIZES:
        assert (tmp_path / f"{size}.opened").read_bytes() == (tmp_path / str(size)).read_bytes()


@pytest.mark.parametrize("armor", [False, True], ids=["binary", "armor"])
@pytest.mark.parametrize("name", KINDS)
def test_what_is_sealed_there_opens_with_us(typage: Typage, tmp_path: Path, name: str, armor: bool) -> None:
    """Files of every size open with the identity of each recipient alone."""
    kind = KINDS[name]
    plain = plain_files(tmp_path)

    typage.run(*({"verb": "seal", "armor": armor, "from": path, "to": f"{path}.age", **kind.seal} for path in plain))

    for path in plain:
        sealed = path.with_name(f"{path.name}.age").read_bytes()
        for identity in kind.identities:
            assert unseal(bared(sealed) if armor else sealed, [identity]) == path.read_bytes()


def test_identities_made_there_are_identities_here(typage: Typage, tmp_path: Path) -> None:
    """From the text of an identity both make the same recipient."""
    typage.run({"verb": "generate", "to": tmp_path / "key"})

    identity, recipient = (tmp_path / "key").read_text().splitlines()
    assert HybridIdentity.parse(identity).encode() == identity
    assert HybridIdentity.parse(identity).recipient.encode() == recipient


def test_a_letter_opens_there(typage: Typage, tmp_path: Path) -> None:
    """A stanza of our own beside the recipients is passed over."""
    kind = KINDS["post-quantum"]
    note = Stanza("lapwing-sheet", ("2026-W48", "A" * 43), b"")
    (tmp_path / "letter").write_bytes(seal(b"parrots", kind.recipients, [note]))

    typage.run({"verb": "unseal", "from": tmp_path / "letter", "to": tmp_path / "opened", **kind.unseal[0]})

    assert (tmp_path / "opened").read_bytes() == b"parrots"


def test_the_driver_reports_what_fails(typage: Typage, tmp_path: Path) -> None:
    """A file that does not open there fails the test that asked."""
    stranger = {"identities": [HybridIdentity.generate().encode()]}
    (tmp_path / "sealed").write_bytes(seal(b"parrots", KINDS["post-quantum"].recipients))

    with pytest.raises(AssertionError, match="no identity matched"):
        typage.run({"verb": "unseal", "from": tmp_path / "sealed", "to": tmp_path / "opened", **stranger})
