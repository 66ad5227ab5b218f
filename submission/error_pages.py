"""Every error becomes one plain page, or one JSON object for a reviewer's app, that says what to do."""

import json
import sys
import traceback
from typing import Final

from flask import Flask, Response, make_response, render_template, request
from werkzeug.exceptions import HTTPException

from crypto.errors import CryptoError
from submission.errors import RETRY, DiskError, NotThereError, SubmissionError, TooManyVisitsError, UnsureError
from submission.language import LazyText, lazy
from wire.errors import WireError

API_PREFIX: Final = "/api/"
PLAIN: Final = "part"
"""The blueprint that a page's script asks, not a person; it is told one line, and by the status what to do."""

WORDS: Final[dict[int, tuple[LazyText, LazyText]]] = {
    404: (NotThereError.title, NotThereError.advice),
    405: (lazy("This page cannot be used that way"), lazy("Start again from the first page.")),
    413: (lazy("That is more than fits in one go"), lazy("Nothing was kept. Send less at once.")),
    500: (UnsureError.title, UnsureError.advice),
}


def page(status: int, title: LazyText, advice: LazyText, retry: int = 0) -> Response:
    """Return the one error page.

    Args:
        status: of HTTP.
        title: what happened.
        advice: what to do.
        retry: minutes after which to try again, one of `RETRY`; 0 when that is not the advice.
    """
    if request.blueprint == PLAIN:
        return _later(Response(f"{title}\n", status, content_type="text/plain; charset=utf-8"), retry)
    shown = render_template("error.html", title=title, advice=advice, again=RETRY.get(retry))
    return _later(make_response(shown, status), retry)


def _later(response: Response, retry: int) -> Response:
    """Say it in `Retry-After`, in seconds; the same for everybody, so it does not tell how busy it is."""
    if retry:
        response.headers["Retry-After"] = str(60 * retry)
    return response


def install(app: Flask) -> None:
    """Handle every exception that a view lets through."""

    @app.errorhandler(SubmissionError)
    def refuse(error: SubmissionError) -> Response:
        tell_of_disk(error)
        if request.path.startswith(API_PREFIX):
            return _later(answer(error.status, str(error), getattr(error, "detail", {})), error.retry)
        return page(error.status, error.title, error.advice, error.retry)

    @app.errorhandler(CryptoError)
    @app.errorhandler(WireError)
    def refuse_malformed(error: CryptoError | WireError) -> Response:
        if request.path.startswith(API_PREFIX):
            return answer(400, str(error), {})
        return page(400, SubmissionError.title, SubmissionError.advice)

    @app.errorhandler(429)
    def refuse_visit(_error: HTTPException) -> Response:
        return refuse(TooManyVisitsError("more pages in a minute than anybody reads"))

    @app.errorhandler(HTTPException)
    def refuse_http(error: HTTPException) -> Response:
        status = error.code or 500
        if request.path.startswith(API_PREFIX):
            return answer(status, error.name.lower(), {})
        title, advice = WORDS.get(status, (SubmissionError.title, SubmissionError.advice))
        return page(status, title, advice)

    @app.errorhandler(Exception)
    def fail(error: Exception) -> Response:
        tell(error)
        if request.path.startswith(API_PREFIX):
            return answer(500, "the intake failed; try again later", {})
        return page(500, *WORDS[500])


def answer(status: int, message: str, detail: dict[str, int]) -> Response:
    """Return an error for a reviewer's app as JSON."""
    response = make_response(json.dumps({"error": message, **detail}), status)
    response.content_type = "application/json"
    return response


def tell_of_disk(error: SubmissionError) -> None:
    """Tell the operator when a visitor could not be served for the disk's sake."""
    if isinstance(error, DiskError):
        tell(error.__cause__ or error)


def tell(error: BaseException) -> None:
    """Write one line for the operator, who has no other sign of a fault."""
    print(f"lapwing intake: fault {describe(error)}", file=sys.stderr)  # noqa: T201  # the only one


def describe(error: BaseException) -> str:
    """Return the kind of a fault and the line of code, and nothing of what it was about."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {frames[-1].filename.rpartition('/')[2]}:{frames[-1].lineno}" if frames else ""
    return type(error).__name__ + place
