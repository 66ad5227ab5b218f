"""Unlocking and locking, syncing by hand, and the settings."""

from importlib import resources
from typing import Final

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from reviewer.desk import rosters, sheet_in_force
from reviewer.errors import ActError, VaultError
from reviewer.keeping import GIB, Rules
from reviewer.language import NAMES, gettext
from reviewer.pages.forms import hex_value, small_file, text, whole_number
from reviewer.session import Session
from reviewer.station import Station
from reviewer.store import keys, letters
from reviewer.store.rules import get_rules, set_rules
from reviewer.sync.keys import accept_roster
from reviewer.sync.watching import alarms, dismiss

MIB: Final = 1024**2
MOST_SET: Final = 99_999


def make_blueprint(station: Station, session: Session) -> Blueprint:
    """Return the pages about the vault itself."""
    desk = Blueprint("desk", __name__)
    style = resources.files("reviewer").joinpath("static", "style.css").read_bytes()

    @desk.get("/style.css", endpoint="style")
    def show_style() -> Response:
        answer = make_response(style)
        answer.content_type = "text/css; charset=utf-8"
        return answer

    @desk.get("/unlock")
    def unlock() -> str | AnyResponse:
        if not station.locked:
            return redirect(url_for("inbox.show"), 303)
        return render_template("unlock.html")

    @desk.post("/unlock")
    def try_passphrase() -> AnyResponse:
        try:
            station.unlock(text("passphrase"))
        except VaultError as error:
            return make_response(render_template("unlock.html", trouble=gettext(str(error))), 403)
        return redirect(url_for("inbox.show"), 303)

    @desk.post("/lock")
    def lock() -> AnyResponse:
        station.lock()
        return redirect(url_for("desk.unlock"), 303)

    @desk.post("/sync")
    def sync() -> AnyResponse:
        station.hand()
        station.sync_now()
        return redirect(url_for("inbox.show"), 303)

    @desk.post("/language")
    def choose_language() -> AnyResponse:
        if text("language") in NAMES:
            session.language = text("language")
        return redirect(url_for("inbox.show"), 303)

    _add_alarms(desk, station)
    _add_settings(desk, station)
    return desk


def _add_alarms(desk: Blueprint, station: Station) -> None:
    @desk.post("/alarms")
    def dismiss_alarms() -> AnyResponse:
        shown = [hex_value(one, 32) for one in request.form.getlist("alarm")]
        with station.hand().work() as work:
            standing = {entry.id for entry in alarms(work.connection, work.log)}
            dismiss(work.connection, standing.intersection(shown))
        return redirect(url_for("inbox.show"), 303)


def _add_settings(desk: Blueprint, station: Station) -> None:
    @desk.get("/settings")
    def settings() -> str:
        own = station.hand().desk
        with own.vault.read() as connection:
            accepted = rosters(connection)
            sheet = sheet_in_force(connection, own.today()) if accepted else None
            weeks = tuple(keys.identities(connection))
            root = keys.get_property(connection, "root")
            rules, taken = get_rules(connection), letters.stored_bytes(connection)
        return render_template(
            "settings.html",
            desk=own,
            public_key=bytes(own.signing.verify_key).hex(),
            roster=accepted[0] if accepted else None,
            sheet=sheet,
            weeks=weeks,
            root=None if root is None else root.hex(),
            unasked=rules.unasked // MIB,
            most=rules.most // GIB,
            taken=taken,
        )

    @desk.post("/settings/files")
    def set_files() -> AnyResponse:
        rules = Rules(whole_number("unasked", MOST_SET) * MIB, whole_number("most", MOST_SET) * GIB)
        with station.hand().desk.vault.begin() as connection:
            set_rules(connection, rules)
        return redirect(url_for("desk.settings"), 303)

    @desk.post("/settings/passphrase")
    def change_passphrase() -> AnyResponse:
        if text("new") != text("again"):
            raise ActError("the two new passphrases are not the same")
        station.hand()
        station.change_passphrase(text("old"), text("new"))
        return redirect(url_for("desk.settings"), 303)

    @desk.post("/settings/roster")
    def add_roster() -> AnyResponse:
        own = station.hand().desk
        with own.vault.begin() as connection:
            accept_roster(connection, own, small_file("roster"))
        return redirect(url_for("desk.settings"), 303)
