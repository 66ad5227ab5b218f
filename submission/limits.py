"""How often one address may do what. The only module that sees the peer address; it counts in memory and keeps nothing.

Behind tor the address is that of a circuit (`HiddenServiceExportCircuitID`), so it names nobody.
"""

from typing import Final

from flask import Blueprint, Flask, request
from flask_limiter import Limiter

from submission.config import VisitLimits
from submission.errors import AddressMissingError

EXEMPT: Final = ("api", "static")
"""Blueprints without a limit: a reviewer's app is known by its signed requests."""


def peer() -> str:
    """Return the peer address.

    Raises:
        AddressMissingError: there is none. All such visits would share one count, so they are refused.
    """
    address = request.remote_addr
    if not address:
        raise AddressMissingError("a request without a peer address; serve one request on each connection")
    return address


def install(app: Flask, limits: VisitLimits) -> None:
    """Count the visits of every blueprint; to be called after the blueprints are registered."""
    limiter = Limiter(peer, storage_uri="memory://", default_limits=[limits.page], headers_enabled=False)
    # It would write the address of whoever is over a limit.
    limiter.logger.disabled = True
    limiter.init_app(app)
    for name, blueprint in app.blueprints.items():
        assert isinstance(blueprint, Blueprint)
        _limit(limiter, name, blueprint, limits)


def _limit(limiter: Limiter, name: str, blueprint: Blueprint, limits: VisitLimits) -> None:
    if name in EXEMPT:
        limiter.exempt(blueprint)
    elif name in {"tip", "letter"}:
        limiter.limit(limits.tip)(blueprint)
    elif name == "mailbox":
        limiter.limit(limits.mailbox)(blueprint)
