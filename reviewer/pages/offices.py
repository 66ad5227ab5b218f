"""Offices that dossiers may go to: added from a card by one, confirmed by another."""

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from reviewer.acts import offices as acts
from reviewer.pages.forms import hex_value, small_file
from reviewer.station import Station


def make_blueprint(station: Station) -> Blueprint:
    """Return the list of offices."""
    offices = Blueprint("offices", __name__)

    @offices.get("/offices")
    def show() -> str:
        with station.hand().look() as look:
            states = [
                (state, [look.label(one) for one in (state.support.proposer, *state.support.others) if one])
                for state in look.log.offices
            ]
            return render_template("offices.html", states=states, me=look.desk.id, needed=look.roster.approvals)

    @offices.post("/offices")
    def propose() -> Response:
        acts.propose_office(station.hand(), small_file("card"))
        return redirect(url_for("offices.show"), 303)

    @offices.post("/offices/<proposal>/confirm")
    def confirm(proposal: str) -> Response:
        acts.confirm_office(station.hand(), hex_value(proposal, 32))
        return redirect(url_for("offices.show"), 303)

    @offices.post("/offices/<proposal>/withdraw")
    def withdraw(proposal: str) -> Response:
        acts.withdraw_office(station.hand(), hex_value(proposal, 32))
        return redirect(url_for("offices.show"), 303)

    return offices
