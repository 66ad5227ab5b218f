"""The report of a dossier, for people: what stands in it, and its plain text (`wire.report_html` writes the page).

It follows from draft and roster alone, byte for byte, so that every approver's app writes the same. What people wrote
is made harmless here, once: signs that could turn or hide text become visible. docs/format.md, "Dossier".
"""

import unicodedata
from collections.abc import Iterable
from typing import Final

from wire.draft import Draft
from wire.report_words import FIELD_WORDS, OPTION_WORDS, WORDS
from wire.roster import Roster
from wire.tipform import FIELDS

# Signs that turn the reading direction of what follows them, even past the end of the text they stand in.
_TURNING: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_LINE_ENDS: Final = str.maketrans({"\r": "\n", "\x85": "\n", "\u2028": "\n", "\u2029": "\n", "\t": " "})


def visible(text: str) -> str:
    """Return text as it may be shown: line ends are line feeds, turning and control signs are U+FFFD."""
    lines = text.replace("\r\n", "\n").translate(_LINE_ENDS)
    return "".join(
        "\ufffd" if sign != "\n" and (sign in _TURNING or unicodedata.category(sign) == "Cc") else sign
        for sign in lines
    )


def shown_size(draft: Draft, size: int) -> str:
    """Return a size in bytes, its thousands set apart as the report's language does."""
    separator = "\u202f" if draft.language == "fr" else ","
    return f"{size:,}".replace(",", separator) + f" {WORDS[draft.language]['bytes']}"


def answers(draft: Draft) -> list[tuple[str, str]]:
    """Return the chosen answers of the tip as label and answer, in the order of the form."""
    labels, options = FIELD_WORDS[draft.language], OPTION_WORDS[draft.language]
    return [
        (labels[field.name], options[answer] if field.options else answer)
        for field in FIELDS
        if (answer := draft.fields.get(field.name)) is not None
    ]


def claim(draft: Draft) -> list[tuple[str, str]]:
    """Return what an office must know to ask the source for proof of authorship, as label and value."""
    words = WORDS[draft.language]
    if draft.claim is None:
        return []
    known = words["claim_known" if draft.claim.known_to_intake else "claim_unknown"]
    return [(words["claim_commitment"], draft.claim.encode()), (words["claim_made"], known)]


def known(draft: Draft, roster: Roster) -> list[tuple[str, str]]:
    """Return since when letters were known, to whom, and what of them is shown, as label and value."""
    words = WORDS[draft.language]
    numbers = {one.sha256: str(number) for number, one in enumerate(draft.exhibits, 1)}
    pairs = []
    for one in draft.shown(roster):
        pairs += [
            (words["known_by"], one.known.week.monday.isoformat()),
            (words["known_to"], ", ".join(roster.by_id(each).label for each in one.known.reviewers)),
        ]
        late = ", ".join(f"{roster.by_id(who).label} ({week.monday.isoformat()})" for who, week in one.late)
        pairs += [(words["known_late"], late)] if late else []
        pairs += [(words["known_story"], one.story)] if one.story is not None else []
        pairs += [(words["known_claim"], words["known_claim_is"])] if one.claim else []
        pairs += [(words["known_files"], ", ".join(numbers[each] for each in one.files))] if one.files else []
        pairs += (
            [] if one.claim or one.files or one.story is not None else [(words["known_shown"], words["known_none"])]
        )
        pairs += [(words["known_number"], one.known.commitment.hex())]
    return pairs


def facts(draft: Draft, roster: Roster) -> list[tuple[str, str]]:
    """Return what stands at the head of the report, as label and value."""
    words = WORDS[draft.language]
    return [
        (words["purpose"], draft.purpose),
        (words["office"], draft.office.name),
        (words["proposer"], roster.by_id(draft.proposer).label),
        (words["on"], draft.on.isoformat()),
        (words["id"], draft.dossier.hex()),
    ]


def concerned(draft: Draft, sha256: bytes | None) -> str:
    """Return which exhibit a step of custody is about: its number, its digest if it is not here, or nothing."""
    if sha256 is None:
        return ""
    numbers = [str(number) for number, one in enumerate(draft.exhibits, 1) if one.sha256 == sha256]
    return ", ".join(numbers) or f"SHA-256 {sha256.hex()}"


def commands(draft: Draft) -> list[tuple[str, str]]:
    """Return how to check with what a computer has: words and the command that they introduce."""
    words = WORDS[draft.language]
    return [
        (words["check_files"], "sha256sum -c manifest-sha256.txt"),
        (words["check_mac"], "shasum -a 256 -c manifest-sha256.txt"),
        (words["check_windows"], "Get-FileHash data\\exhibits\\*"),
        (words["check_signatures"], "lapwing dossier verify FOLDER --root ROOT"),
    ]


def text_report(draft: Draft, roster: Roster) -> bytes:
    """Return report.txt. Only our own headings stand at the margin, so no story can pass for one.

    Raises:
        RosterError: the proposer is not on the roster.
    """
    words = WORDS[draft.language]
    lines = [words["dossier"].upper(), "", _indented(draft.title), "", words["lede"], ""]
    lines += _pairs(facts(draft, roster))
    lines += [*_heading(words["summary"]), _indented(draft.summary)] if draft.summary else []
    lines += [*_heading(words["fields"]), *_pairs(answers(draft))] if draft.fields else []
    lines += [*_heading(words["story"]), _indented(draft.story)] if draft.story else []
    lines += [*_heading(words["claim"]), words["claim_lede"], *_pairs(claim(draft))] if draft.claim else []
    lines += [*_heading(words["known"]), words["known_lede"], *_pairs(known(draft, roster))] if draft.known else []
    lines += [*_heading(words["exhibits"]), *(_exhibit_lines(draft) or [words["no_exhibits"]])]
    lines += [*_heading(words["custody"]), *(_custody_lines(draft) or [words["no_custody"]])]
    lines += [*_heading(words["approvals"]), words["approvals_lede"].format(needed=roster.approvals)]
    lines += [_indented(one.label) for one in roster.reviewers]
    lines += [f"{words['roster']} {roster.version}, SHA-256 {roster.digest.hex()}", *_heading(words["check"])]
    for introduction, command in commands(draft):
        lines += [introduction, _indented(command)]
    return ("\n".join([*lines, words["check_format"]]) + "\n").encode()


def _heading(title: str) -> list[str]:
    return ["", title, "=" * len(title)]


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in visible(text).split("\n"))


def _pairs(pairs: Iterable[tuple[str, str]]) -> list[str]:
    return [line for label, value in pairs for line in (label, _indented(value))]


def _exhibit_lines(draft: Draft) -> list[str]:
    words = WORDS[draft.language]
    lines = []
    for number, (one, path) in enumerate(zip(draft.exhibits, draft.paths, strict=True), 1):
        details = [one.name, one.type, shown_size(draft, one.size), path, f"SHA-256 {one.sha256.hex()}", one.origin]
        lines += [f"{number}. {words[one.form]}", *(_indented(detail) for detail in details if detail)]
    return lines


def _custody_lines(draft: Draft) -> list[str]:
    words = WORDS[draft.language]
    lines = []
    for one in draft.custody:
        about = concerned(draft, one.sha256)
        lines += [one.on.isoformat(), _indented(one.who), _indented(one.what)]
        lines += [_indented(f"{words['concerns']} {about}")] if about else []
    return lines
