"""Client keys are in tor's own formats."""

import base64
import stat
from pathlib import Path

import pytest
from nacl.public import PrivateKey

from reviewer.errors import OnionAddressError, VaultError
from reviewer.onion import make_client_key, onion_name, write_client_key

# The Tor Project's own site, as its pages give it.
KNOWN = "2gzyxa5ihm7nsggfxnu52rck2vv4rvmdlkiu3zzui5du4xyclen53wid"


def test_an_address_is_a_name_or_told() -> None:
    """The name of an onion is its address without the ending; what is no address is refused."""
    assert onion_name(f"http://{KNOWN}.onion/") == KNOWN
    with pytest.raises(OnionAddressError, match="typing error"):
        onion_name(f"{KNOWN[:-1]}e")


def test_both_halves_are_in_tors_formats() -> None:
    """The private line names the onion, the public one does not, and they belong together."""
    pair = make_client_key(KNOWN)
    onion, kind, scheme, private = pair.private.strip().split(":")
    assert (onion, kind, scheme, len(private)) == (KNOWN, "descriptor", "x25519", 52)
    kind, scheme, public = pair.public.strip().split(":")
    assert (kind, scheme, len(public)) == ("descriptor", "x25519", 52)

    secret = PrivateKey(base64.b32decode(private + "===="))
    assert bytes(secret.public_key) == base64.b32decode(public + "====")


def test_files_are_private_and_never_overwritten(tmp_path: Path) -> None:
    """Both files can be read by their owner alone, and a second key does not replace the first."""
    private, public = write_client_key(tmp_path / "keys", "r1", KNOWN)
    assert (private.name, public.name) == ("r1.auth_private", "r1.auth")
    assert {stat.S_IMODE(path.stat().st_mode) for path in (private, public)} == {0o600}
    before = private.read_bytes()

    with pytest.raises(VaultError, match="already"):
        write_client_key(tmp_path / "keys", "r1", KNOWN)
    assert private.read_bytes() == before
