"""The pages that only show: the first one, rewards, protection, keys, the signed files behind them, the style sheet."""

from importlib import resources

from flask import Blueprint, Response, make_response, render_template

from submission.keys import Keys
from submission.laws import by_country, protection, rewards

JSON = "application/json"


def make_blueprint(keys: Keys) -> Blueprint:
    """Return the pages that anyone may read."""
    pages = Blueprint("pages", __name__)
    style = resources.files("submission").joinpath("static", "style.css").read_bytes()
    known = rewards()
    wildlife = by_country(reward for reward in known if reward.wildlife)
    other = by_country(reward for reward in known if not reward.wildlife)
    protected = by_country(protection())

    @pages.get("/")
    def home() -> str:
        return render_template("home.html", open=keys.is_open())

    @pages.get("/rewards")
    def show_rewards() -> str:
        return render_template("rewards.html", wildlife=wildlife, other=other)

    @pages.get("/protection")
    def show_protection() -> str:
        return render_template("protection.html", countries=protected)

    @pages.get("/keys")
    def show_keys() -> str:
        roster, sheets = keys.in_force()
        return render_template("keys.html", roster=roster, sheet=sheets[0][0], envelope=sheets[0][1])

    @pages.get("/roster.json")
    def roster() -> Response:
        return _signed(keys.roster_envelope().encode())

    @pages.get("/rosters.json")
    def rosters() -> Response:
        # One to a line, newest first: a reply counts that was signed under an earlier one.
        return _signed(b"\n".join(keys.signed_rosters()))

    @pages.get("/keysheet.json")
    def key_sheet() -> Response:
        return _signed(keys.in_force()[1][0][1].encode())

    @pages.get("/style.css")
    def style_sheet() -> Response:
        response = make_response(style)
        response.content_type = "text/css; charset=utf-8"
        return response

    return pages


def _signed(body: bytes) -> Response:
    response = make_response(body)
    response.content_type = JSON
    return response
