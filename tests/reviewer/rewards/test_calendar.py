"""The calendar file, read back by a small and strict reader of RFC 5545."""

import re
from collections.abc import Iterator
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.rewards.calendar import Reminder, write_calendar

TODAY = date(2026, 11, 25)
CONTENT_LINE = re.compile(r"([A-Z-]+)((?:;[A-Z-]+=[A-Z-]+)*):(.*)", re.DOTALL)  # names of this file need no quotes
ESCAPE = re.compile(r"\\(.)", re.DOTALL)
UNESCAPED = {"\\": "\\", ";": ";", ",": ",", "n": "\n", "N": "\n"}


class MalformedError(Exception):
    """The file is not as RFC 5545 has it."""


def demand(condition: object, what: str) -> None:
    """Refuse the file unless a condition holds."""
    if not condition:
        raise MalformedError(what)


def unfolded(file: bytes) -> Iterator[str]:
    """Content lines (section 3.1): ended by CR LF, folded at 75 bytes, whole characters on each piece."""
    demand(file.endswith(b"\r\n"), "the last line has no end")
    physical = file[:-2].split(b"\r\n")
    demand(all(b"\r" not in line and b"\n" not in line for line in physical), "a line end of another kind")
    demand(all(len(line) <= 75 for line in physical), "a line of more than 75 bytes")
    demand(all(line.decode() for line in physical), "an empty line")
    text = file[:-2].decode().replace("\r\n ", "")
    demand(not re.search(r"[\x00-\x08\x0a\x0b\x0c\x0e-\x1f\x7f]", text.replace("\r\n", "")), "a control character")
    yield from text.split("\r\n")


def read_text(value: str) -> str:
    """A value of type TEXT (section 3.3.11)."""
    rest = ESCAPE.sub("", value)
    demand(not re.search(r"[\\;,]", rest), "something is not escaped")
    demand(all(found.group(1) in UNESCAPED for found in ESCAPE.finditer(value)), "an escape that there is not")
    return ESCAPE.sub(lambda found: UNESCAPED[found.group(1)], value)


def read_day(value: str) -> date:
    """A value of type DATE (section 3.3.4)."""
    demand(re.fullmatch(r"[0-9]{8}", value), "no day")
    return date(int(value[:4]), int(value[4:6]), int(value[6:]))


def read_calendar(file: bytes) -> list[dict[str, str]]:
    """The events of a calendar (sections 3.4 and 3.6), each property once, by name with its parameters."""
    lines = list(unfolded(file))
    demand(lines[0] == "BEGIN:VCALENDAR" and lines[-1] == "END:VCALENDAR", "no calendar")
    events: list[dict[str, str]] = []
    calendar: dict[str, str] = {}
    inside: dict[str, str] | None = None
    for line in lines[1:-1]:
        found = CONTENT_LINE.fullmatch(line)
        if found is None:
            raise MalformedError("no content line")
        name, value = found.group(1) + found.group(2), found.group(3)
        if name in {"BEGIN", "END"}:
            demand(value == "VEVENT" and (inside is None) == (name == "BEGIN"), "components in disorder")
            if inside is not None:
                events.append(inside)
            inside = {} if name == "BEGIN" else None
            continue
        of = calendar if inside is None else inside
        demand(name not in of, "a property twice")
        demand(inside is not None or not events, "a property after a component")
        of[name] = value
    demand(inside is None, "a component without an end")
    demand(calendar["VERSION"] == "2.0" and calendar["PRODID"], "no version, or no maker")
    demand(set(calendar) <= {"VERSION", "PRODID", "CALSCALE"}, "something else about the calendar")
    demand(events, "no component")
    demand(len({event["UID"] for event in events}) == len(events), "a UID twice")
    return events


def read_whole(file: bytes) -> list[tuple[date, str]]:
    """Day and words of each event."""
    return [(read_day(event["DTSTART;VALUE=DATE"]), read_text(event["SUMMARY"])) for event in read_calendar(file)]


REMINDERS = st.lists(
    st.builds(
        Reminder,
        st.from_regex(r"[0-9a-f]{32}", fullmatch=True),
        st.dates(date(1, 1, 1)),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=120) | st.text("é象;,\\\n ", max_size=200),
    ),
    min_size=1,
    max_size=5,
    unique_by=lambda each: each.uid,
)


@given(REMINDERS, st.dates(date(1, 1, 1)))
def test_what_is_written_is_read_back(reminders: list[Reminder], today: date) -> None:
    """Every day, uid and word comes back; control characters become spaces and line ends one line end."""
    events = read_calendar(write_calendar(reminders, today))
    assert len(events) == len(reminders)
    for event, reminder in zip(events, reminders, strict=True):
        words = re.sub(r"\r\n?", "\n", reminder.words)
        assert read_text(event["SUMMARY"]) == re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", " ", words)
        assert (event["UID"], read_day(event["DTSTART;VALUE=DATE"])) == (reminder.uid, reminder.day)


def test_an_event_is_a_whole_day_and_tells_no_time() -> None:
    """It has a day and no end, blocks no time, and was made at midnight."""
    (event,) = read_calendar(write_calendar([Reminder("a1", date(2026, 12, 20), "Lacey Act: Appeal")], TODAY))
    assert event == {
        "UID": "a1",
        "DTSTAMP": "20261125T000000Z",
        "DTSTART;VALUE=DATE": "20261220",
        "SUMMARY": "Lacey Act: Appeal",
        "CLASS": "PRIVATE",
        "TRANSP": "TRANSPARENT",
    }


def test_a_long_line_is_folded_between_characters() -> None:
    """At 75 bytes, though each character has three."""
    file = write_calendar([Reminder("a1", TODAY, "象" * 100)], TODAY)
    lengths = [len(line) for line in file.split(b"\r\n")]
    assert max(lengths) in {74, 75}
    assert file.decode().replace("\r\n ", "").count("象" * 100) == 1


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        (b"\r\nVERSION", b"\nVERSION"),
        (b"SUMMARY:a", b"SUMMARY:" + b"a" * 80),
        (b"SUMMARY:a", b"SUMMARY:a;"),
        (b"SUMMARY:a", b"SUMMARY:a\\x"),
        (b"SUMMARY:a", b"SUMMARY:a\x07"),
        (b"END:VEVENT", b"END:VTODO"),
        (b"CLASS:PRIVATE", b"UID:a"),
        (b"DATE:20261125", b"DATE:2026-11-25"),
        (b"VERSION:2.0", b"VERSION:1.0"),
    ],
)
def test_the_reader_is_strict(good: bytes, bad: bytes) -> None:
    """What is not as the RFC has it is refused, so that what is read back says something."""
    file = write_calendar([Reminder("a1", TODAY, "a")], TODAY)
    assert file.count(good) == 1
    with pytest.raises(MalformedError):
        read_whole(file.replace(good, bad))
