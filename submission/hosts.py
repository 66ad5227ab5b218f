"""Whether a page may be served under the name that was asked for."""

from flask import Flask, request

from submission.errors import WrongAddressError


def install(app: Flask, *, clearnet_allowed: bool) -> None:
    """Refuse every name but an onion's, unless others are allowed, as they are in a demonstration."""
    if clearnet_allowed:
        return

    @app.before_request
    def check() -> None:
        if not request.host.partition(":")[0].endswith(".onion"):
            raise WrongAddressError("asked for under a name that is not an onion's")
