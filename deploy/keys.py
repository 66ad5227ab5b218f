"""`lapwing keys`: an organisation's root key and rosters, on a computer that stays offline; and single identities.

    lapwing keys root -o FOLDER            a new organisation: root.key, next-root.key (keep them apart), root.pub
    lapwing keys root --heir NEXT-ROOT.KEY -o FOLDER    the next root takes over and gets a next one itself
    lapwing keys roster --root ROOT.KEY …  signs who the reviewers are; with --previous, the next roster
    lapwing keys age [-o FILE]             a new identity, for `lapwing seal` and `lapwing unseal` or any age tool

Exit codes: 0 done; 1 something is wrong and was not written; 2 usage.
"""

import hashlib
import os
import secrets
import sys
from argparse import Namespace
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

from nacl.signing import SigningKey

from crypto.dsse import Envelope, sign
from crypto.errors import CryptoError
from deploy.arguments import EXIT_FAILED, EXIT_USAGE, Arguments
from deploy.identity import make_identity
from wire.errors import RosterError, WireError
from wire.fields import dump, parse_object
from wire.root_words import root_words
from wire.roster import PAYLOAD_TYPE, Removed, Reviewer, Roster, open_next_roster

SECRET_KIND: Final = "lapwing-secret-root"  # noqa: S105 - a mark in the file, not a secret
ROOT_LIMIT: Final = 1_024  # bytes of a root key file
ROSTER_LIMIT: Final = 262_144  # bytes of a signed roster
VALID_DAYS: Final = 365


@dataclass(frozen=True)
class Root:
    """A root key, the instance it belongs to (16 bytes), and the hash of the next root (empty until it takes over)."""

    instance: bytes
    key: SigningKey
    next_root: bytes


def main(arguments: list[str]) -> int:
    """Run `lapwing keys`; return the exit code."""
    parser = Arguments(
        prog="lapwing keys", description="The organisation's root key and rosters; identities.", allow_abbrev=False
    )
    verbs = parser.add_subparsers(dest="verb", required=True)
    root = verbs.add_parser("root", help="make a new organisation", allow_abbrev=False)
    root.add_argument("--heir", type=Path, metavar="NEXT-ROOT.KEY", help="let the next root take over")
    root.add_argument("-o", dest="folder", type=Path, required=True, metavar="FOLDER")
    roster = verbs.add_parser("roster", help="sign a roster", allow_abbrev=False)
    roster.add_argument("--root", type=Path, required=True, metavar="ROOT.KEY")
    roster.add_argument("--reviewer", nargs=3, action="append", default=[], metavar=("ID", "LABEL", "KEY"))
    roster.add_argument("--remove", nargs=2, action="append", default=[], metavar=("ID", "LAST_EVENT"))
    roster.add_argument("--approvals", type=int, default=2, help="distinct reviewers for what counts (default: 2)")
    roster.add_argument("--expires", type=date.fromisoformat, help="last day (default: a year from today)")
    roster.add_argument("--previous", type=Path, metavar="ROSTER.JSON")
    roster.add_argument("-o", dest="output", type=Path, required=True, metavar="ROSTER.JSON")
    age = verbs.add_parser("age", help="make an identity of the age format", allow_abbrev=False)
    age.add_argument("--classic", action="store_true", help="X25519, for age tools before 1.3; not post-quantum")
    age.add_argument("-o", dest="output", type=Path, metavar="FILE", help="default: standard output")
    try:
        options = parser.parse_args(arguments)
    except SystemExit as stop:
        return EXIT_USAGE if stop.code else 0
    programs = {"root": _root, "roster": _roster, "age": _age}
    try:
        return programs[options.verb](options)
    except (OSError, WireError, CryptoError) as error:
        words = error.strerror if isinstance(error, OSError) else error
        print(f"lapwing: {words}", file=sys.stderr)
        return EXIT_FAILED


def _age(options: Namespace) -> int:
    return make_identity(options.output, classic=options.classic)


def _root(options: Namespace) -> int:
    heir = _read_root(options.heir) if options.heir else Root(secrets.token_bytes(16), SigningKey.generate(), b"")
    following = SigningKey.generate()
    root = Root(heir.instance, heir.key, hashlib.sha256(bytes(following.verify_key)).digest())
    folder: Path = options.folder
    folder.mkdir(mode=0o700, exist_ok=True)
    _write_new(folder / "root.key", _encode_root(root), 0o600)
    _write_new(folder / "next-root.key", _encode_root(Root(root.instance, following, b"")), 0o600)
    _write_new(folder / "root.pub", bytes(root.key.verify_key).hex().encode() + b"\n", 0o644)
    print(f"root: {bytes(root.key.verify_key).hex()}")
    print(f"in words: {' '.join(root_words(bytes(root.key.verify_key)))}")
    print(
        "Publish both lines where sources look (landing page, printed card). Keep root.key offline, and next-root.key"
    )
    print("in another place: with it a stolen root can be replaced (lapwing keys root --heir next-root.key).")
    return 0


def _roster(options: Namespace) -> int:
    root = _read_root(options.root)
    if not root.next_root:
        raise RosterError("root: this is a next root; let it take over first (lapwing keys root --heir)")
    today = datetime.now(UTC).date()
    added = tuple(Reviewer(name, label, _hex(key)) for name, label, key in options.reviewer)
    first = (
        Roster(
            version=1,
            instance=root.instance,
            expires=options.expires or today + timedelta(days=VALID_DAYS),
            approvals=options.approvals,
            next_root=root.next_root,
            reviewers=added,
        )
        if options.previous is None
        else None
    )
    envelope = sign(PAYLOAD_TYPE, (first or _next(options, root, added, today)).encode(), root.key)
    _write_new(options.output, envelope.encode(), 0o644)
    roster = Roster.decode(envelope.payload)
    print(f"roster {roster.version}: {len(roster.reviewers)} reviewers, {roster.approvals} must approve")
    return 0


def _next(options: Namespace, root: Root, added: tuple[Reviewer, ...], today: date) -> Roster:
    envelope = Envelope.decode(_read(options.previous, ROSTER_LIMIT))
    previous = Roster.decode(envelope.payload)
    removed = {name: None if event == "none" else _hex(event) for name, event in options.remove}
    if not removed.keys() <= set(previous.ids):
        raise RosterError("roster: who is to be removed is not on the previous one")
    roster = Roster(
        version=previous.version + 1,
        instance=root.instance,
        expires=options.expires or today + timedelta(days=VALID_DAYS),
        approvals=options.approvals,
        next_root=root.next_root,
        reviewers=(*(one for one in previous.reviewers if one.id not in removed), *added),
        removed=(
            *previous.removed,
            *(Removed(one.id, one.key, removed[one.id]) for one in previous.reviewers if one.id in removed),
        ),
    )
    signed = sign(PAYLOAD_TYPE, roster.encode(), root.key)
    open_next_roster(signed, previous, envelope.signatures[0].key, today)
    return roster


def _hex(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise RosterError("roster: a key or event is not written in hexadecimal") from None


def _encode_root(root: Root) -> bytes:
    following = {"next_root": root.next_root.hex()} if root.next_root else {}
    secret = {"v": 1, "kind": SECRET_KIND, "instance": root.instance.hex(), "key": bytes(root.key).hex()}
    return dump({**secret, **following}) + b"\n"


def _read_root(path: Path) -> Root:
    fields = parse_object(_read(path, ROOT_LIMIT), ROOT_LIMIT, "root key", RosterError)
    fields.integer("v", 1, 1)
    fields.choice("kind", (SECRET_KIND,))
    root = Root(
        fields.hex("instance", 16), SigningKey(fields.hex("key", 32)), fields.optional_hex("next_root", 32) or b""
    )
    fields.end()
    return root


def _read(path: Path, limit: int) -> bytes:
    with path.open("rb") as file:
        return file.read(limit + 1)


def _write_new(path: Path, content: bytes, mode: int) -> None:
    """Write a file that must not be there yet: a key that exists is never overwritten."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
