"""Onion addresses are checked before anything is asked, and client keys are in tor's own formats."""

import base64
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.public import PrivateKey

from reviewer.errors import OnionAddressError, VaultError
from reviewer.onion import make_client_key, onion_name, onion_of, write_client_key

# The Tor Project's own site, as its pages give it.
KNOWN = "2gzyxa5ihm7nsggfxnu52rck2vv4rvmdlkiu3zzui5du4xyclen53wid"


def test_known_address_is_accepted_in_every_spelling() -> None:
    """With or without scheme, ending and capitals it is the same name."""
    for text in (KNOWN, f"{KNOWN}.onion", f"http://{KNOWN}.onion/", f" {KNOWN.upper()}.ONION"):
        assert onion_name(text) == KNOWN


@pytest.mark.parametrize("text", ["", KNOWN[:-1], f"{KNOWN}a", f"3{KNOWN[1:]}", f"{KNOWN[:-1]}e", "2gzyxa5i.onion"])
def test_typing_error_is_told(text: str) -> None:
    """The checksum and the version in the address make a wrong letter show."""
    with pytest.raises(OnionAddressError, match="typing error"):
        onion_name(text)


@given(st.binary(min_size=32, max_size=32))
def test_address_of_a_key_is_one(key: bytes) -> None:
    """What `onion_of` writes, `onion_name` reads."""
    assert onion_name(onion_of(key)) + ".onion" == onion_of(key)


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
