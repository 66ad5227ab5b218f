"""The shape of the vectors in tests/vectors/format: see tests/vectors/README.md. Knows nothing of Lapwing."""

import base64
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

FOLDER = Path(__file__).parent / "format"
CHUNK = 65_536


@dataclass(frozen=True)
class Vector:
    """One vector.

    Attributes:
        kind: name of its file, which tells what reads it.
        name: one sentence, which no other vector of the file has.
        given: what the reader knows beforehand.
        input: the bytes to read.
        accepted: what the reader must find; None where it must refuse.
        refused: name of our class of error; empty where the input is accepted.
    """

    kind: str
    name: str
    given: Mapping[str, Any]
    input: bytes
    accepted: Mapping[str, Any] | None
    refused: str


def read_file(kind: str) -> dict[str, Any]:
    """Return a file of vectors as it is."""
    found: dict[str, Any] = json.loads((FOLDER / f"{kind}.json").read_text("utf-8"))
    return found


def read_vectors(kind: str) -> list[Vector]:
    """Return the vectors of one kind."""
    return vectors_of(read_file(kind))


def vectors_of(file: Mapping[str, Any]) -> list[Vector]:
    """Return the vectors of one file."""
    inputs: dict[str, bytes] = {}
    found = []
    for one in file["vectors"]:
        given = {**file["given"], **one.get("given", {})}
        inputs[one["name"]] = build(one["input"], given, inputs)
        data = inputs[one["name"]]
        found.append(Vector(file["kind"], one["name"], given, data, one.get("accepted"), one.get("refused", "")))
    return found


def build(form: Any, given: Mapping[str, Any], inputs: Mapping[str, bytes]) -> bytes:
    """Return the bytes that a form stands for.

    Args:
        form: as in a vector's ``input``.
        given: has the headers that ``sealed`` names, and the texts that ``slice`` names.
        inputs: those of the vectors before, which ``like`` names.
    """
    if isinstance(form, list):
        return b"".join(build(one, given, inputs) for one in form)
    if "sealed" in form:
        header = given["headers"][form["sealed"]]
        return seal_like(
            base64.b64decode(header["header"]),
            bytes.fromhex(header["file_key"]),
            bytes.fromhex(form["nonce"]),
            build(form["plaintext"], given, inputs),
        )
    if "like" in form:
        return _changed(inputs[form["like"]], form)
    if "slice" in form:
        return build(given["texts"][form["slice"]], given, inputs)[form["from"] : form["to"]]
    return _stored(form)


def _changed(data: bytes, form: Mapping[str, Any]) -> bytes:
    if "size" in form:
        return data[: form["size"]]
    changed = bytes.fromhex(form["hex"])
    return data[: form["at"]] + changed + data[form["at"] + len(changed) :]


def _stored(form: Mapping[str, Any]) -> bytes:
    if "text" in form:
        return str(form["text"]).encode()
    if "repeat" in form:
        return bytes.fromhex(form["repeat"]) * int(form["times"])
    return base64.b64decode(form["base64"]) if "base64" in form else zlib.decompress(base64.b64decode(form["zlib"]))


def seal_like(header: bytes, file_key: bytes, nonce: bytes, plaintext: bytes) -> bytes:
    """Return the age file of a header whose file key is known."""
    cipher = ChaCha20Poly1305(HKDF(SHA256(), 32, nonce, b"payload").derive(file_key))
    chunks = [plaintext[at : at + CHUNK] for at in range(0, len(plaintext), CHUNK)] or [b""]
    last = len(chunks) - 1
    sealed = (
        cipher.encrypt(counter.to_bytes(11, "big") + bytes([counter == last]), chunk, None)
        for counter, chunk in enumerate(chunks)
    )
    return header + nonce + b"".join(sealed)
