"""The application on a reviewer's own computer: one vault, one session, pages without scripts."""

import io
from typing import IO, Final

from flask import Flask, Request, Response, g, make_response, redirect, render_template, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from crypto.errors import CryptoError
from reviewer import language, session
from reviewer.errors import ReviewerError, VaultLockedError
from reviewer.files import SealedWriter
from reviewer.language import LazyText, gettext, lazy
from reviewer.pages import (
    asking,
    case,
    conversation,
    desk,
    dossiers,
    exhibits,
    frame,
    inbox,
    ledger,
    log,
    offices,
    rewards,
)
from reviewer.session import Session
from reviewer.station import Station
from wire.errors import WireError

MOST_UPLOAD: Final = 2 * 1024**3
"""Bytes of one exhibit with its form."""
MOST_FORM: Final = 1024**2
"""Bytes of any other form."""
EXHIBIT_ENDPOINT: Final = "exhibits.add"

HTTP_WORDS: Final[dict[int, tuple[LazyText, LazyText]]] = {
    403: (
        lazy("This browser has no key to this app"),
        lazy(
            "Open the link that the app printed when it started; it works once. If it was used already, start the app "
            "again."
        ),
    ),
    404: (lazy("There is no such page"), lazy("Go back to the inbox.")),
    405: (lazy("This page cannot be used that way"), lazy("Go back to the inbox.")),
    413: (lazy("That is more than fits in one go"), lazy("Nothing was kept. Choose a smaller file.")),
    421: (lazy("Wrong address"), lazy("Open the app as 127.0.0.1, with the port that it printed.")),
}


def create_app(station: Station, own_session: Session, port: int) -> Flask:
    """Return the app.

    Args:
        station: the vault, locked or not.
        own_session: whose link is handed to the reviewer.
        port: that the app listens on, which the Host header must name.
    """

    class SealingRequest(Request):
        """A request whose exhibit is sealed to the vault while it comes in, and whose other files stay in memory."""

        def _get_file_stream(
            self,
            total_content_length: int | None,
            content_type: str | None,
            filename: str | None = None,
            content_length: int | None = None,
        ) -> IO[bytes]:
            del total_content_length, content_type, content_length
            if self.endpoint != EXHIBIT_ENDPOINT or not filename:
                return io.BytesIO()
            writer = SealedWriter(station.hand().desk.vault)
            g.setdefault("writers", []).append(writer)
            return writer  # type: ignore[return-value]  # a raw stream is all that the parser writes to

    class Desktop(Flask):
        request_class = SealingRequest

    app = Desktop(__name__)
    app.logger.disabled = True  # a fault is told with the path of its page, and paths name cases
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    app.config["MAX_FORM_MEMORY_SIZE"] = MOST_FORM
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True

    @app.before_request
    def limit_body() -> None:
        request.max_content_length = MOST_UPLOAD if request.endpoint == EXHIBIT_ENDPOINT else MOST_FORM

    session.install(app, own_session, port, station.touch)
    language.install(app, lambda: own_session.language)
    app.register_blueprint(desk.make_blueprint(station, own_session))
    for page in (inbox, case, conversation, asking, exhibits, rewards, ledger, dossiers, offices, log):
        app.register_blueprint(page.make_blueprint(station))
    _install_errors(app)
    _install_frame(app, station, own_session)
    return app


def _install_frame(app: Flask, station: Station, own_session: Session) -> None:
    @app.context_processor
    def surround() -> dict[str, object]:
        if not own_session.is_here():
            return {"locked": True, "reviewer": "", "stranger": True}  # no desk, no alarm, no token for a form
        if station.locked:
            return {"locked": True, "reviewer": ""}
        hand = station.hand()
        return {
            "locked": False,
            "reviewer": hand.desk.label,
            "round": station.last_round,
            "alarms": frame.standing_alarms(hand),
        }

    @app.teardown_request
    def remove_unfinished(_error: BaseException | None) -> None:
        for writer in g.pop("writers", []):
            writer.close()


def _install_errors(app: Flask) -> None:
    @app.errorhandler(VaultLockedError)
    def ask_for_passphrase(_error: VaultLockedError) -> AnyResponse:
        return redirect(url_for("desk.unlock"), 303)

    @app.errorhandler(ReviewerError)
    def refuse(error: ReviewerError) -> Response:
        return _page(400, gettext("That did not work"), gettext(str(error)))

    @app.errorhandler(CryptoError)
    @app.errorhandler(WireError)
    def refuse_malformed(error: CryptoError | WireError) -> Response:
        return _page(400, gettext("That did not work"), gettext("What was given is not as it must be:"), str(error))

    @app.errorhandler(HTTPException)
    def refuse_http(error: HTTPException) -> Response:
        status = error.code or 500
        other = (lazy("That did not work"), lazy("Go back to the inbox."))
        title, advice = HTTP_WORDS.get(status, other)
        return _page(status, str(title), str(advice))


def _page(status: int, title: str, advice: str, detail: str = "") -> Response:
    return make_response(render_template("error.html", title=title, advice=advice, detail=detail), status)
