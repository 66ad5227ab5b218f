"""The options with which an office tells what came of a dossier, so that the organisation's rules can read it."""

import argparse
import re
from datetime import date
from typing import Final

from prosecutor.errors import OptionError
from wire.outcome import HAPPENED, LIMITS, PROCEEDINGS, Happened, Outcome, Proceedings

EXPLAINED: Final = """
With --outcome, the options under "what came of it" let the organisation's app see by itself which reward
programmes open or shut. Give the law by its word if the organisation told you one (such as us-lacey), else
in words with --statute. One answer speaks of one law; sign another for another law. An example:

  lapwing dossier receipt FOLDER -i KEYFILE --outcome "Two were convicted." \\
      --country US --law us-lacey --happened conviction,forfeiture --collected "25000 USD" --proceedings over
"""
_NAMES: Final = ("country", "happened", "proceedings", "law", "statute", "collected", "sanctions", "day")
_AMOUNT: Final = re.compile(r"0*([0-9]{1,15})(\.[0-9]{1,2})? ?([A-Za-z]{3})")


def add_options(answering: argparse.ArgumentParser) -> None:
    """Add the options to the command that signs an answer."""
    group = answering.add_argument_group("what came of it (with --outcome; all can be left out)")
    group.add_argument("--happened", metavar="WORDS", help=f"one or several, with commas: {', '.join(HAPPENED)}")
    group.add_argument("--country", metavar="CC", help="your country, two letters, such as US or KE")
    group.add_argument("--law", metavar="WORD", help="the law, by the word that reward programmes use for it")
    group.add_argument("--statute", metavar="TEXT", help="a law for which there is no such word, in one line")
    group.add_argument("--collected", metavar="AMOUNT", help="received under this law so far in all: '25000 USD'")
    group.add_argument("--sanctions", metavar="AMOUNT", help="sanctions ordered under this law in all")
    group.add_argument("--day", metavar="DAY", help="when it happened, such as 2026-11-24")
    group.add_argument(
        "--proceedings",
        metavar="STATE",
        help="how far all proceedings in your country are that came of the dossier: under_way or over",
    )


def read_outcome(given: argparse.Namespace) -> Outcome | None:
    """Return what came of the dossier, None where none of the options was given.

    Raises:
        OptionError: an option does not fit, is missing, or stands beside something other than an outcome.
    """
    told: dict[str, str] = {name: getattr(given, name) for name in _NAMES if getattr(given, name) is not None}
    if not told:
        return None
    if given.outcome is None:
        raise OptionError("these options go with --outcome TEXT; add the outcome in a sentence for a reader")
    if "country" not in told:
        raise OptionError("--country is missing; give your country in two letters, such as US")
    outcome = Outcome(
        country=_country(told["country"]),
        happened=_happened(told.get("happened")),
        proceedings=_proceedings(told.get("proceedings")),
        law=_law(told.get("law")),
        statute=_statute(told.get("statute")),
        collected=_amount("collected", told.get("collected")),
        sanctions=_amount("sanctions", told.get("sanctions")),
        day=_day(told.get("day")),
    )
    _demand_whole(outcome)
    return outcome


def _demand_whole(outcome: Outcome) -> None:
    if not outcome.under_a_law and outcome.proceedings is None:
        raise OptionError("nothing is told; add --happened, --collected, --sanctions or --proceedings")
    if outcome.law and outcome.statute:
        raise OptionError("give --law or --statute, not both")
    if outcome.under_a_law and not outcome.law and not outcome.statute:
        raise OptionError("under which law is missing; add --law or --statute")


def _country(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z]{2}", text):
        raise OptionError("--country is two letters, such as US or KE")
    return text.upper()


def _happened(text: str | None) -> tuple[Happened, ...]:
    if text is None:
        return ()
    words = {word.strip().lower() for word in text.split(",")}
    found = tuple(word for word in HAPPENED if word in words)
    if len(found) != len(words):
        raise OptionError(f"--happened is one or several, with commas, of: {', '.join(HAPPENED)}")
    return found


def _proceedings(text: str | None) -> Proceedings | None:
    if text is None:
        return None
    for each in PROCEEDINGS:
        if each == text:
            return each
    raise OptionError("--proceedings is under_way or over")


def _law(text: str | None) -> str:
    if text is None:
        return ""
    if len(text) > LIMITS.law or not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", text):
        raise OptionError("--law is a word such as us-lacey; write a law that has none with --statute")
    return text


def _statute(text: str | None) -> str:
    if text is None:
        return ""
    line = " ".join(text.split())
    if not line or len(line.encode(errors="replace")) > LIMITS.statute:
        raise OptionError(f"--statute is one line of at most {LIMITS.statute} bytes")
    return line


def _amount(option: str, text: str | None) -> str:
    if text is None:
        return ""
    found = _AMOUNT.fullmatch(text.strip())
    if found is None:
        raise OptionError(
            f"--{option} is digits and a currency of three letters, such as '25000 USD' or '25000.50 USD'"
        )
    return f"{int(found[1])}{found[2] or ''} {found[3].upper()}"


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise OptionError("--day is a day such as 2026-11-24") from None
