"""The report of a dossier as one HTML file that needs nothing else, on a screen of any width and on paper.

It runs no script, loads nothing, and what people wrote is never markup in it. docs/format.md, "Dossier".
"""

import base64
import hashlib
from collections.abc import Iterable
from html import escape
from typing import Final

from wire.draft import Draft
from wire.report import answers, claim, commands, concerned, facts, known, shown_size, visible
from wire.report_words import WORDS
from wire.roster import Roster

STYLE: Final = """
:root{color-scheme:light dark;--paper:#fdfcf9;--ink:#1d1c1a;--soft:#5d5952;--line:#d9d4c8;--accent:#8a3324}
@media(prefers-color-scheme:dark){:root{--paper:#191816;--ink:#eae6dd;--soft:#a8a296;--line:#3b3832;--accent:#e39a86}}
body{margin:0 auto;padding:2.5rem 1.25rem 4rem;max-width:46rem;background:var(--paper);color:var(--ink);
font:1.0625rem/1.55 Georgia,"Noto Serif",serif;overflow-wrap:anywhere}
h1{font-size:1.9rem;line-height:1.2;margin:.3rem 0 1rem}
h2{font-size:1.2rem;margin:2.5rem 0 .6rem;padding-top:.7rem;border-top:1px solid var(--line)}
p,dl,table,pre,div.said{margin:0 0 1rem}
.kind{margin:0;color:var(--accent);letter-spacing:.06em}
.lede,.soft{color:var(--soft)}
.said{white-space:pre-wrap;unicode-bidi:plaintext}
dl{display:grid;grid-template-columns:minmax(8rem,13rem) 1fr;gap:.35rem 1rem}
dt,th{color:var(--soft);font-weight:normal;text-align:start}
dd{margin:0}
table{width:100%;border-collapse:collapse;font-size:.95rem}
th,td{padding:.35rem .7rem .35rem 0;text-align:start;vertical-align:top}
thead th{border-bottom:1px solid var(--line)}
tbody{border-bottom:1px solid var(--line);break-inside:avoid}
.original{color:var(--accent);font-weight:bold}
th,.original,.copy{overflow-wrap:normal;white-space:nowrap}
code,pre{font:.82rem/1.5 ui-monospace,"Noto Sans Mono",monospace}
pre{white-space:pre-wrap}
@media(max-width:36rem){dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:.6rem}
thead{display:none}tr,td{display:block}td{padding:.1rem 0}td[data-label]::before{content:attr(data-label) " ";
color:var(--soft)}tbody{display:block;padding:.6rem 0}}
@media print{:root{--paper:#fff;--ink:#000;--soft:#444;--line:#999;--accent:#000}
body{max-width:none;padding:0;font-size:10.5pt}h2{break-after:avoid}@page{margin:20mm}}
"""

# The browser runs and loads nothing, whatever the text says; only this very style counts.
POLICY: Final = (
    "default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'sha256-"
    + base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    + "'"
)


def _safe(text: str) -> str:
    return escape(visible(text))


def html_report(draft: Draft, roster: Roster) -> bytes:
    """Return report.html.

    Raises:
        RosterError: the proposer is not on the roster.
    """
    words = WORDS[draft.language]
    sections = [
        _section(words["summary"], _said(draft.summary) if draft.summary else ""),
        _section(words["fields"], _list(answers(draft)) if draft.fields else ""),
        _section(words["story"], _said(draft.story) if draft.story else ""),
        _section(words["claim"], f"<p>{words['claim_lede']}</p>\n{_list(claim(draft))}" if draft.claim else ""),
        _section(words["known"], f"<p>{words['known_lede']}</p>\n{_list(known(draft, roster))}" if draft.known else ""),
        _section(words["exhibits"], _exhibits(draft)),
        _section(words["custody"], _custody(draft)),
        _section(words["approvals"], _approvals(draft, roster)),
        _section(words["check"], _check(draft)),
    ]
    return (
        f'<!doctype html>\n<html lang="{draft.language}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(POLICY)}">\n'
        '<meta name="viewport" content="width=device-width,initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{_safe(draft.title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n"
        f'<p class="kind">{words["dossier"]}</p>\n<h1 dir="auto">{_safe(draft.title)}</h1>\n'
        f'<p class="lede">{words["lede"]}</p>\n{_list(facts(draft, roster))}{"".join(sections)}'
        "</main>\n</body>\n</html>\n"
    ).encode()


def _section(title: str, content: str) -> str:
    return f"<section>\n<h2>{title}</h2>\n{content}</section>\n" if content else ""


def _said(text: str) -> str:
    return f'<div class="said" dir="auto">{_safe(text)}</div>\n'


def _list(pairs: Iterable[tuple[str, str]]) -> str:
    rows = (f'<dt>{label}</dt><dd class="said" dir="auto">{_safe(value)}</dd>\n' for label, value in pairs)
    return f"<dl>\n{''.join(rows)}</dl>\n"


def _row(cells: Iterable[tuple[str, str]]) -> str:
    return "<tr>" + "".join(f'<td data-label="{label}">{content}</td>' for label, content in cells) + "</tr>\n"


def _head(labels: Iterable[str]) -> str:
    return "<thead><tr>" + "".join(f'<th scope="col">{label}</th>' for label in labels) + "</tr></thead>\n"


def _bidi(text: str) -> str:
    return f"<bdi>{_safe(text)}</bdi>"


def _exhibits(draft: Draft) -> str:
    words = WORDS[draft.language]
    if not draft.exhibits:
        return f"<p>{words['no_exhibits']}</p>\n"
    bodies = []
    for number, (one, path) in enumerate(zip(draft.exhibits, draft.paths, strict=True), 1):
        kind = "original" if one.form == "original" else "copy"
        cells = [
            (words["number"], str(number)),
            (words["name"], _bidi(one.name)),
            (words["type"], _bidi(one.type)),
            (words["size"], shown_size(draft, one.size)),
            (words["form"], f'<span class="{kind}">{words[one.form]}</span>'),
        ]
        below = f'<tr><td></td><td colspan="4"><code>{path}</code><br><code>SHA-256 {one.sha256.hex()}</code>'
        below += f'<br><span class="soft">{words["origin"]}</span> {_bidi(one.origin)}' if one.origin else ""
        bodies.append(f"<tbody>{_row(cells)}{below}</td></tr></tbody>\n")
    head = _head(words[label] for label in ("number", "name", "type", "size", "form"))
    return f'<p class="soft">{words["exhibits_lede"]}</p>\n<table>\n{head}{"".join(bodies)}</table>\n'


def _custody(draft: Draft) -> str:
    words = WORDS[draft.language]
    if not draft.custody:
        return f"<p>{words['no_custody']}</p>\n"
    labels = [words[label] for label in ("date", "who", "what", "concerns")]
    bodies = []
    for one in draft.custody:
        cells = (one.on.isoformat(), _bidi(one.who), _bidi(one.what), concerned(draft, one.sha256) or "–")
        bodies.append(f"<tbody>{_row(zip(labels, cells, strict=True))}</tbody>\n")
    return f"<table>\n{_head(labels)}{''.join(bodies)}</table>\n"


def _approvals(draft: Draft, roster: Roster) -> str:
    words = WORDS[draft.language]
    names = "".join(f"<li>{_bidi(one.label)}</li>\n" for one in roster.reviewers)
    lede = words["approvals_lede"].format(needed=roster.approvals)
    source = f"{words['roster']} {roster.version}, SHA-256 {roster.digest.hex()}"
    return f"<p>{lede}</p>\n<ul>\n{names}</ul>\n<p><code>{source}</code></p>\n"


def _check(draft: Draft) -> str:
    steps = "".join(f"<p>{words}</p>\n<pre>{escape(command)}</pre>\n" for words, command in commands(draft))
    return f"{steps}<p>{WORDS[draft.language]['check_format']}</p>\n"
