"""Due days as a calendar file: text/calendar as RFC 5545 has it (pure)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

FOLDED_AT: Final = 75
"""Most bytes of a line without its end, RFC 5545 section 3.1."""

_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_ESCAPED: Final = {"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"}


@dataclass(frozen=True)
class Reminder:
    """One day in a calendar.

    Attributes:
        uid: stays the same when the day moves, so that a calendar moves it, too.
        day: all of it.
        words: what the calendar shows; calendars are copied to other computers.
    """

    uid: str
    day: date
    words: str


def write_calendar(reminders: Iterable[Reminder], today: date) -> bytes:
    """Return a calendar file of all-day events; at least one is needed to make it one (section 3.6).

    Args:
        reminders: each with another uid.
        today: UTC. The file says that it was made at midnight, and no finer.
    """
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Lapwing//Rewards//EN", "CALSCALE:GREGORIAN"]
    for reminder in reminders:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{_text(reminder.uid)}",
            f"DTSTAMP:{_day(today)}T000000Z",
            f"DTSTART;VALUE=DATE:{_day(reminder.day)}",
            f"SUMMARY:{_text(reminder.words)}",
            "CLASS:PRIVATE",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return b"".join(_folded(line) for line in lines)


def _day(day: date) -> str:
    return day.isoformat().replace("-", "")


def _text(text: str) -> str:
    """Return a value of type TEXT (section 3.3.11); control characters, which it cannot hold, become spaces."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(_ESCAPED.get(each, each) for each in _CONTROLS.sub(" ", text))


def _folded(line: str) -> bytes:
    """Return a line with its end, folded between characters."""
    folded, length = [], 0
    for character in line:
        size = len(character.encode())
        if length + size > FOLDED_AT:
            folded.append("\r\n ")
            length = 1
        folded.append(character)
        length += size
    return "".join((*folded, "\r\n")).encode()
