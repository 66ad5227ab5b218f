"""How often one address may do what, and how much it may send. The only module that sees the peer address.

Behind tor the address is that of a circuit (`HiddenServiceExportCircuitID`), so it names nobody. All is counted in
memory and none of it kept. Who may be served beside whom is no count: see `submission.line`.
"""

from collections.abc import Callable
from threading import Lock
from typing import Final

from flask import Blueprint, Flask, request
from flask_limiter import Limiter

from submission.config import Config, VisitLimits
from submission.counts import SCHEME
from submission.errors import AddressMissingError
from submission.quota import Quota
from submission.visit import MOST_BODY

EXEMPT: Final = ("api", "static")
"""Blueprints without a limit: a reviewer's app is known by its signed requests."""
FORMS: Final = ("tip", "letter")
"""Blueprints that take files."""
BRINGING: Final = (*FORMS, "part")
"""Blueprints whose bytes are counted. A letter's parts come one by one, so each is counted as a page, not as a tip."""


def peer() -> str:
    """Return the peer address.

    Raises:
        AddressMissingError: there is none. All such visits would share one count, so they are refused.
    """
    address = request.remote_addr
    if not address:
        raise AddressMissingError("a request without a peer address; serve one request on each connection")
    return address


def circuit() -> str:
    """Return the circuit; without tor the connection, since all visitors share an address then.

    Raises:
        AddressMissingError: as `peer`.
    """
    environ = request.environ
    without_tor = environ.get("lapwing.listener", "both") == "both"
    return f"{peer()} {environ.get('REMOTE_PORT', '')}" if without_tor else peer()


def install(app: Flask, config: Config) -> None:
    """Count the visits of every blueprint, and what forms bring; to be called after the blueprints are registered."""
    limits = config.limits
    limiter = Limiter(peer, storage_uri=f"{SCHEME}://", default_limits=[limits.page], headers_enabled=False)
    # It would write the address of whoever is over a limit.
    limiter.logger.disabled = True
    limiter.init_app(app)
    for name, blueprint in app.blueprints.items():
        assert isinstance(blueprint, Blueprint)
        _limit(limiter, name, blueprint, limits)
    _count_bytes(app, Quota(max(config.hourly_bytes, config.max_upload)), config.max_upload, config.clock)


def _count_bytes(app: Flask, quota: Quota, most: int, clock: Callable[[], float]) -> None:
    """Count what a form with files announces, before any of it is read; what can only be words is not counted."""
    lock = Lock()

    @app.before_request
    def count() -> None:
        size = request.content_length or 0
        if request.method == "POST" and request.blueprint in BRINGING and size > MOST_BODY:
            with lock:
                quota.take(circuit(), min(size, most), clock())


def _limit(limiter: Limiter, name: str, blueprint: Blueprint, limits: VisitLimits) -> None:
    if name in EXEMPT:
        limiter.exempt(blueprint)
    elif name in FORMS:
        limiter.limit(limits.tip)(blueprint)
    elif name == "mailbox":
        limiter.limit(limits.mailbox)(blueprint)
