"""Puts the first inputs into the corpus, from the vectors: `python -m tests.fuzz.seed`. What is there stays."""

import base64
import hashlib
import json
import zlib
from collections.abc import Iterator

from crypto.hybrid import HybridIdentity
from crypto.unseal import unseal
from tests.fuzz.run import CORPUS, LIMITS
from tests.vectors.fixed import KEYS, OFFICE, identity, signing
from tests.vectors.make_office import DRAFT
from tests.vectors.shape import Vector, read_file, read_vectors
from wire.request import sign_request

MOST = 12  # inputs of one kind; half of them accepted ones
SHORT = 1_000  # bytes of an age file of the public vectors: longer ones are longer alone


def seeds() -> Iterator[tuple[str, bytes]]:
    """Give pairs of target and input."""
    for kind, target in {
        "dsse": "dsse",
        "codename": "codename",
        "claim_words": "claim-words",
        "content": "content",
        "opening": "attestation",
    }.items():
        yield from ((target, vector.input) for vector in _some(kind))
    for kind, target in {
        "roster": "roster",
        "key_sheet": "key-sheet",
        "event": "event",
        "receipt": "receipt",
        "attestation": "attestation",
    }.items():
        yield from ((target, _payload(vector.input)) for vector in _some(kind))
    yield from (("key-sheet", _payload(vector.input)) for vector in _some("period_key"))
    for kind, target, who in (
        ("letter", "letter", identity("r1")),
        ("batch", "batch", identity("r2")),
        ("reply", "reply", KEYS.reply),
    ):
        yield from ((target, _shortened(data, target)) for data in _opened(kind, who))
    yield from _dossiers()
    yield from (("claim", _payload(vector.input)) for vector in _some("claim_challenge") if vector.accepted)
    for vector in _some("claim_answer"):
        if vector.accepted is not None:
            yield "claim", unseal(vector.input, [identity("office")]).rstrip(b" \n") + b" \n"
            yield "claim", vector.given["commitment"].encode()
    yield "draft", DRAFT.encode()
    yield "office", OFFICE.encode()
    yield "bech32", OFFICE.recipient.encode().encode()
    yield "bech32", KEYS.reply.encode().encode()
    token = sign_request(bytes(16), "r1", signing("r1"), "GET", "/api/log", bytes(32), 1)
    yield "request", token.encode()
    yield "grant", json.dumps({"v": 1, "keys": [{"case": "00" * 16, "key": "00" * 32}]}).encode()
    yield from _headers()


def _some(kind: str) -> list[Vector]:
    vectors = read_vectors(kind)
    good = [one for one in vectors if one.accepted is not None][: MOST // 2]
    return good + [one for one in vectors if one.refused][: MOST - len(good)]


def _payload(envelope: bytes) -> bytes:
    return base64.b64decode(json.loads(envelope)["payload"])


def _opened(kind: str, who: HybridIdentity) -> Iterator[bytes]:
    for vector in _some(kind):
        if vector.accepted is not None:
            yield unseal(vector.input, [who])


def _shortened(plaintext: bytes, target: str) -> bytes:
    """Return a plaintext with hardly any padding, which says nothing to a decoder."""
    lines = plaintext.rstrip(b" \n") + (b" \n")
    return _payload(lines) if target == "reply" else lines


def _dossiers() -> Iterator[tuple[str, bytes]]:
    tar = zlib.decompress(base64.b64decode(read_file("dossier")["given"]["texts"]["bag"]["zlib"]))
    yield "tar", tar
    at = 0
    while any(block := tar[at : at + 512]):
        name = block[:100].rstrip(b"\0").decode().partition("/")[2]
        size = int(block[124:135], 8)
        content = tar[at + 512 : at + 512 + size]
        at += 512 + size + -size % 512
        targets = {"dossier.json": "dossier", "approvals.json": "approvals", "roster.json": "dsse"}
        if target := targets.get(name) or ("manifest" if name.startswith("manifest") else None):
            yield target, content
        if name == "approvals.json":
            yield "approvals", base64.b64decode(json.loads(content)["approvals"][0]["payload"])


def _headers() -> Iterator[tuple[str, bytes]]:
    for vector in read_vectors("letter")[:1]:
        yield "age-header", vector.input[:6_500]
    for path in sorted((CORPUS.parents[1] / "vectors/age").iterdir()):
        file = path.read_bytes().partition(b"\n\n")[2]
        small = len(file) <= SHORT and path.suffix != ".md"
        if small and path.name.startswith(("header", "hmac_", "stanza_")):
            yield "age-header", file
        if path.name == "hybrid" or (small and path.name.startswith(("x25519", "stream_"))):
            yield "unsealing", file
        if small and path.name.startswith("armor_"):
            yield "armor", file


if __name__ == "__main__":
    for target, data in seeds():
        (CORPUS / target).mkdir(parents=True, exist_ok=True)
        if len(data) <= LIMITS.size:
            (CORPUS / target / hashlib.sha256(data).hexdigest()[:16]).write_bytes(data)
