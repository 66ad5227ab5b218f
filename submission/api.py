"""The reviewers' address: their apps pull and acknowledge pieces, and post keys, sheets, replies and the case log.

Each request carries a token that the reviewer's key signed (`wire.request`), and no request counts twice.
"""

import base64
import hashlib
import json
from collections.abc import Callable
from typing import Final

from flask import Blueprint, Response, g, make_response, request

from crypto.dsse import Envelope
from crypto.errors import CryptoError
from submission.counters import Allowance, Counters
from submission.errors import NotThereError, PieceRefusedError, TokenRefusedError
from submission.keys import Keys
from submission.replies import check_place, check_reply
from submission.rows import Shelf
from submission.store import MOST_NAMES, Store
from wire.errors import WireError
from wire.fields import dump, parse_object
from wire.look import check_letter, check_part
from wire.request import open_request
from wire.week import Week

MOST_BODY: Final = 1_048_576
"""Bytes of a body: one part."""
WORDS: Final[dict[str, Shelf]] = {"letters": "letters", "parts": "parts", "batches": "log"}
"""What an acknowledgement calls the pieces of each shelf."""
OCTETS: Final = "application/octet-stream"
JSON: Final = "application/json"


def _answer(body: bytes, content_type: str = JSON, status: int = 200) -> Response:
    response = make_response(body, status)
    response.content_type = content_type
    return response


def _done() -> Response:
    return _answer(b"{}", status=201)


def _envelope() -> Envelope:
    try:
        return Envelope.decode(g.body)
    except CryptoError as error:
        raise PieceRefusedError(str(error)) from error


def _base64(envelopes: list[Envelope]) -> Response:
    return _answer(json.dumps([base64.b64encode(envelope.encode()).decode("ascii") for envelope in envelopes]).encode())


def make_blueprint(store: Store, keys: Keys, counters: Counters, allowance: Allowance) -> Blueprint:
    """Return the reviewers' pages under /api."""
    api = Blueprint("api", __name__, url_prefix="/api")

    @api.before_request
    def check_token() -> None:
        body = request.stream.read(MOST_BODY + 1) if request.method == "POST" else b""
        if len(body) > MOST_BODY:
            raise PieceRefusedError("a body may hold at most 1 MiB")
        path = request.full_path if request.query_string else request.path
        try:
            opened = open_request(
                request.headers.get("Authorization", ""),
                keys.newest_roster(),
                method=request.method,
                path=path,
                body_digest=hashlib.sha256(body).digest(),
            )
        except (WireError, CryptoError) as error:
            raise TokenRefusedError(
                "no valid token for this request; check the reviewer's key and the roster"
            ) from error
        counters.advance(opened.reviewer, opened.counter)
        g.reviewer, g.body = opened.reviewer, body

    _add_keys(api, store, keys)
    _add_pulling(api, store)
    _add_posting(api, store, keys, allowance)
    _add_acknowledging(api, store, keys)
    return api


def _add_keys(api: Blueprint, store: Store, keys: Keys) -> None:
    @api.get("/roster")
    def show_roster() -> Response:
        return _answer(keys.roster_envelope().encode())

    @api.post("/roster")
    def add_roster() -> Response:
        keys.add_roster(_envelope())
        store.release(keys.newest_roster().ids)
        return _done()

    @api.get("/period-keys")
    def show_period_keys() -> Response:
        return _base64(keys.period_keys(Week.parse(request.args.get("week", ""))))

    @api.post("/period-keys")
    def add_period_key() -> Response:
        keys.add_period_key(_envelope(), g.reviewer)
        return _done()

    @api.get("/sheets")
    def show_sheets() -> Response:
        return _base64(keys.sheets())

    @api.post("/sheets")
    def add_sheet() -> Response:
        keys.add_sheet(_envelope())
        return _done()


def _add_pulling(api: Blueprint, store: Store) -> None:
    def list_waiting(shelf: Shelf, word: str, after: bytes = b"") -> Response:
        return _answer(dump({word: [name.hex() for name in store.waiting(shelf, g.reviewer, after)]}))

    @api.get("/letters")
    def list_letters() -> Response:
        return list_waiting("letters", "letters")

    @api.get("/parts")
    def list_parts() -> Response:
        """So that an app can acknowledge those that no letter it keeps names: nobody else can tell which they are."""
        return list_waiting("parts", "parts", _name(request.args["after"]) if "after" in request.args else b"")

    @api.get("/log")
    def list_log() -> Response:
        return list_waiting("log", "batches")

    @api.get("/<any(letters, parts, log):shelf>/<name>")
    def show_piece(shelf: Shelf, name: str) -> Response:
        return _answer(store.read(shelf, _name(name)), OCTETS)


def _add_posting(api: Blueprint, store: Store, keys: Keys, allowance: Allowance) -> None:
    def keep(shelf: Shelf, check: Callable[[bytes], object], place: str = "") -> Response:
        check(g.body)
        allowance.take(g.reviewer, shelf)
        with store.upload() as upload:
            name = upload.add(shelf, g.body, place)
            upload.commit()
        return _answer(dump({"name": name.hex()}), status=201)

    @api.post("/parts")
    def add_part() -> Response:
        return keep("parts", check_part)

    @api.post("/log")
    def add_batch() -> Response:
        return keep("log", lambda sealed: check_letter(sealed, keys.weeks_in_force()))

    @api.post("/replies")
    def add_reply() -> Response:
        return keep("replies", check_reply, check_place(request.args.get("shelf", ""), keys.shelf_widths()))


def _add_acknowledging(api: Blueprint, store: Store, keys: Keys) -> None:
    @api.post("/acknowledgements")
    def acknowledge() -> Response:
        fields = parse_object(g.body, MOST_BODY, "acknowledgements")
        taken: dict[Shelf, tuple[bytes, ...]] = {}
        for word, shelf in WORDS.items():
            if fields.has(word):
                taken[shelf] = fields.hexes(word, 32, MOST_NAMES)
        fields.end()
        store.acknowledge(g.reviewer, taken, keys.newest_roster().ids)
        return _done()


def _name(text: str) -> bytes:
    try:
        name = bytes.fromhex(text)
    except ValueError:
        name = b""
    if len(name) != 32 or name.hex() != text:
        raise NotThereError("a name is 64 lower-case hexadecimal digits")
    return name
