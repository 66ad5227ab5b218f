"""What the pages call that which came of a dossier."""

from collections.abc import Mapping
from typing import Final

from reviewer import reward_words
from reviewer.language import LazyText, lazy, show_country, show_day
from wire.outcome import Happened, Outcome

HAPPENED: Final[Mapping[Happened, LazyText]] = {
    "arrest": lazy("arrest"),
    "charge": lazy("charge"),
    "conviction": lazy("conviction"),
    "penalty": lazy("penalty or fine"),
    "forfeiture": lazy("forfeiture"),
    "recovery": lazy("recovery of money or duty"),
    "judgment": lazy("judgment or settlement"),
    "action": lazy("an action that succeeded"),
    "dismantling": lazy("an organisation dismantled"),
    "leader": lazy("a key leader identified or found"),
    "finances": lazy("an organisation's finances disrupted"),
    "offer": lazy("decision to pay for the information"),
}


def rows(outcome: Outcome, names: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return an outcome as labels and values in the page's language; what was left out has no row.

    Args:
        outcome: as the office signed it.
        names: of each law, its programme in the reader's language.
    """
    proceedings = outcome.proceedings
    found = (
        (lazy("What happened"), ", ".join(str(HAPPENED[word]) for word in outcome.happened)),
        (lazy("Under which law"), f"{outcome.law} ({names[outcome.law]})" if outcome.law in names else outcome.law),
        (lazy("Under which law"), outcome.statute),
        (lazy("Collected"), outcome.collected),
        (lazy("Sanctions"), outcome.sanctions),
        (lazy("Proceedings"), "" if proceedings is None else str(reward_words.ANSWERS[proceedings])),
        (lazy("Country"), show_country(outcome.country)),
        (lazy("On which day"), "" if outcome.day is None else show_day(outcome.day)),
    )
    return tuple((str(label), value) for label, value in found if value)
