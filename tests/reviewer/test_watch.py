"""What no honest intake serves is seen; what an honest one serves raises no alarm."""

import base64
import gzip
import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from nacl.signing import SigningKey

from crypto.dsse import Envelope, sign
from crypto.hybrid import HybridIdentity
from reviewer.entry import Entry
from reviewer.sync.watching import what_is_known
from reviewer.walks import WALKS
from reviewer.watch import AIMS, Findings, Known, Visit, compare, judge_pages
from tests.reviewer.office_hours import OfficeHours
from tests.reviewer.visits import HonestIntake, changed, one_by_one, told
from wire import keysheet
from wire import roster as rosters
from wire.bundle import PAGE_BUNDLE, page_bundle, vouched_for
from wire.content import Looked
from wire.keysheet import KeySheet

CSP = "content-security-policy"
PLAIN = (
    "default-src 'none'; style-src 'self'; form-action 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HASH = f"sha256-{base64.b64encode(PAGE_BUNDLE).decode()}"
CLAIMS = vouched_for(page_bundle())
SCRIPTED = f"{PLAIN}; script-src '{HASH}' '{CLAIMS}'; worker-src 'self'; connect-src 'self'"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> OfficeHours:
    """Three desks with a key sheet in force; no test changes it."""
    office = OfficeHours(tmp_path_factory.mktemp("office"))
    office.open()
    return office


@pytest.fixture(scope="module")
def intake(office: OfficeHours, tmp_path_factory: pytest.TempPathFactory) -> HonestIntake:
    """An intake that serves what they made."""
    intake = HonestIntake(office, tmp_path_factory.mktemp("intake") / "state")
    intake.publish()
    return intake


@pytest.fixture(scope="module")
def visit(intake: HonestIntake) -> Visit:
    """An honest visit."""
    return intake.visit()


@pytest.fixture(scope="module")
def known(office: OfficeHours) -> Known:
    """What the first desk knows."""
    with office.desks["r1"].vault.read() as connection:
        return what_is_known(connection, office.desks["r1"])


def whats(visit: Visit, known: Known) -> set[str]:
    """The kinds of differences."""
    return {each.what for findings in findings_of(visit, known) for each in findings.differences}


def findings_of(visit: Visit, known: Known) -> list[Findings]:
    """What the visits for each aim came to, each judged for itself."""
    return [compare(one, known) for one in one_by_one(visit)]


def pages_of(visit: Visit, known: Known) -> list[bytes | None]:
    """What the pages of each were like."""
    return [findings.pages for findings in findings_of(visit, known)]


def test_honest_intake_raises_no_alarm(visit: Visit, intake: HonestIntake, known: Known) -> None:
    """The real pages pass, and two visits for one aim, each with its own codename, come to the same."""
    first, second = findings_of(visit, known), findings_of(intake.visit(), known)

    assert first == second
    assert {each.differences for each in first} == {()}
    assert len({each.pages for each in first} - {None}) == len(AIMS)
    assert [each.aim for each in first] == list(AIMS)


def test_closed_intake_is_honest_when_no_sheet_is_in_force(tmp_path: Path) -> None:
    """Before there is a key sheet, an intake that says so lies to nobody, and nothing is compared."""
    office = OfficeHours(tmp_path / "office")
    office.rounds("r1")
    with office.desks["r1"].vault.read() as connection:
        known = what_is_known(connection, office.desks["r1"])
    visit = HonestIntake(office, tmp_path / "intake").visit()
    findings = findings_of(visit, known)

    assert {(each.differences, each.pages) for each in findings} == {((), None)}
    # Replies are read with the page's script all the same.
    assert "bundle" in whats(served(visit, "/page.js", gzip.compress(FALSE)), known)
    office.close()


IN_PAGES: dict[str, tuple[str, bytes, bytes, str]] = {
    "a script": ("/tip", b"</main>", b"<script>x()</script></main>", "script"),
    "a script on the first page": ("/", b"</main>", b"<SCRIPT src=/a.js></SCRIPT></main>", "script"),
    "a handler": ("/tip", b"<main id", b"<main onclick='x()' id", "script"),
    "an address that is a script": ("/", b'href="/tip"', b'href=" java\nscript:x()"', "script"),
    "a script where words are handed in": ("/letter", b"</main>", b"<script>x()</script></main>", "script"),
    "a form where there is none": ("/rewards", b"</main>", b"<form method=post action=/tip></form></main>", "form"),
    "a link to elsewhere in advice": ("/protection", b"</main>", b"<a href='//example.org'>x</a></main>", "foreign"),
    "a script where there is none": ("/keys", b"</main>", b"<script></script></main>", "script"),
    "a second script": ("/tip", b"</main>", b'<script src="/page.js"></script></main>', "script"),
    "the script twice": ("/mailbox", b"<script src=", b'<script src="/page.js"></script><script src=', "script"),
    "no script": ("/tip", b"<script src=", b"<section data-src=", "script"),
    "another path of the script": ("/mailbox", b'src="/page.js"', b'src="/tip.js"', "script"),
    "a script of any content": ("/tip", b'integrity="sha256-', b'data-x="', "script"),
    "a script whose content is not what is served": ("/tip", b'integrity="sha256-', b'integrity="sha256-A', "script"),
    "a script that does more": ("/tip", b"<script src=", b"<script onerror='x()' src=", "script"),
    "a script with two addresses": ("/tip", b"<script src=", b'<script src="/a.js" src=', "script"),
    "another root for the script": ("/tip", b'data-root="', b'data-root="00', "script"),
    "a limit that is none": ("/tip", b'data-most="', b'data-most="x', "script"),
    "a form of the script that goes elsewhere": ("/tip", b'data-form="', b'data-form="//example.org', "foreign"),
    "a drawing that may hold one": ("/", b"</main>", b"<svg></svg></main>", "script"),
    "a picture from elsewhere": ("/tip", b"</main>", b'<img src="//example.org/x"></main>', "foreign"),
    "a picture from elsewhere, with backslashes": ("/", b"</main>", b'<img src="\\\\example.org/x"></main>', "foreign"),
    "a link that leads elsewhere": ("/", b'href="/tip"', b'href="http://example.org/tip"', "foreign"),
    "an address that cannot be read": ("/", b'href="/tip"', b'href="http://[/tip"', "foreign"),
    "another style sheet": ("/", b"</main>", b'<link rel="stylesheet" href="/other.css"></main>', "foreign"),
    "a page that moves on": ("/", b"<title>", b'<meta http-equiv="refresh" content="0;url=/x"><title>', "foreign"),
    "another base": ("/", b"<title>", b'<base href="/x"><title>', "foreign"),
    "a frame": ("/", b"</main>", b'<iframe src="/x"></iframe></main>', "foreign"),
    "a style sheet that loads": ("/style.css", b"{", b"{background:url(x);", "foreign"),
    "a form that goes elsewhere": ("/tip", b'action="/tip"', b'action="/other"', "form"),
    "a form in the address": ("/tip", b'method="post"', b'method="get"', "form"),
    "a second form": ("/tip", b"</main>", b'<form method="post" action="/tip"></form></main>', "form"),
    "a form on another page": ("/", b"</main>", b'<form method="post" action="/tip"></form></main>', "form"),
    "a button that sends elsewhere": ("/tip", b'<button type="submit"', b'<button formaction="/x"', "form"),
    "a codename that is none": ("/tip", b'name="codename" value="', b'name="codename" value="x', "form"),
    "claim words that are none": ("/tip", b'name="claim" value="', b'name="claim" value="x', "form"),
    "an id that is none": ("/tip", b'name="tip" value="', b'name="tip" value="please write your name', "form"),
}


@pytest.mark.parametrize("name", IN_PAGES)
def test_what_does_not_belong_in_a_page_is_seen(name: str, visit: Visit, known: Known) -> None:
    """Scripts, addresses elsewhere and other forms are each an alarm."""
    path, old, new, what = IN_PAGES[name]

    assert what in whats(changed(visit, path, old, new), known)


@pytest.mark.parametrize(
    ("path", "drop", "add"),
    [
        ("/tip", CSP, None),
        ("/", CSP, (CSP, "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'")),
        (
            "/",
            CSP,
            (CSP, "default-src 'none'; script-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors"),
        ),
        (
            "/",
            CSP,
            (CSP, "default-src 'none'; style-src *; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"),
        ),
        ("/", CSP, (CSP, "default-src 'none'; base-uri 'none'; frame-ancestors 'none'")),
        ("/", "", (CSP, "default-src 'none'")),
        ("/", "", ("set-cookie", "a=b")),
        ("/style.css", "", ("etag", "visitor-1")),
        ("/keys", "", ("refresh", "0;url=/x")),
        ("/roster.json", "", ("alt-svc", "h2=x:1")),
        ("/tip", "referrer-policy", None),
        ("/tip", CSP, (CSP, PLAIN)),
        ("/tip", CSP, (CSP, f"{PLAIN}; script-src 'self'; worker-src 'self'; connect-src 'self'")),
        ("/tip", CSP, (CSP, SCRIPTED.replace(f" '{CLAIMS}'", ""))),
        ("/mailbox", CSP, (CSP, SCRIPTED.replace(f"{CLAIMS}", HASH))),
        ("/mailbox", CSP, (CSP, f"{SCRIPTED} 'unsafe-inline'")),
        ("/mailbox", CSP, (CSP, f"{SCRIPTED} https://example.org")),
        ("/mailbox", CSP, (CSP, f"{SCRIPTED}, default-src *")),
        ("/offline", CSP, (CSP, SCRIPTED)),
        ("/page.js", CSP, (CSP, SCRIPTED)),
        ("/sealer.html", CSP, (CSP, "")),
    ],
)
def test_headers_must_be_those_of_an_honest_intake(
    path: str, drop: str, add: tuple[str, str] | None, visit: Visit, known: Known
) -> None:
    """A missing or weaker policy, a cookie, or a mark is seen on every answer."""
    assert whats(told(visit, path, drop=drop, add=add), known) == {"header"}


def test_redirection_is_seen(visit: Visit, known: Known) -> None:
    """No honest page leads on by itself."""
    assert "header" in whats(told(visit, "/", status=302), known)


def sheet_of(office: OfficeHours, change: Callable[[KeySheet], KeySheet], *signers: str) -> bytes:
    """The key sheet in force, changed and signed."""
    keys = [office.desks[one].signing for one in signers]
    sheet = change(office.sheet())
    envelope = sign(keysheet.PAYLOAD_TYPE, sheet.encode(), keys[0])
    for key in keys[1:]:
        envelope = envelope.with_signatures(sign(keysheet.PAYLOAD_TYPE, sheet.encode(), key))
    return envelope.encode()


def served(visit: Visit, path: str, body: bytes) -> Visit:
    """A visit in which one path gives something else."""
    return tuple((each, replace(answer, body=body) if each == path else answer) for each, answer in visit)


def swap_own_key(sheet: KeySheet) -> KeySheet:
    """Another key for the first reviewer."""
    first, *others = sheet.keys
    return replace(sheet, keys=((first[0], HybridIdentity.generate().recipient), *others))


def test_sheet_with_another_key_is_seen(visit: Visit, known: Known, office: OfficeHours) -> None:
    """Not even two reviewers together can give visitors a false key of a third."""
    body = sheet_of(office, swap_own_key, "r2", "r3")

    assert "sheet" in whats(served(visit, "/keysheet.json", body), known)


def test_sheet_that_too_few_signed_is_seen(visit: Visit, known: Known, office: OfficeHours) -> None:
    """One signature is not enough."""
    body = sheet_of(office, lambda sheet: sheet, "r1")

    assert whats(served(visit, "/keysheet.json", body), known) == {"sheet"}


def test_sheet_without_a_reviewer_is_seen(visit: Visit, known: Known, office: OfficeHours) -> None:
    """Whoever is left out of the sheet could not read any tip."""
    body = sheet_of(office, lambda sheet: replace(sheet, keys=sheet.keys[:2]), "r1", "r2")

    assert whats(served(visit, "/keysheet.json", body), known) == {"sheet"}


def test_old_sheet_is_seen(visit: Visit, known: Known) -> None:
    """A sheet whose week is over is not in force for visitors either."""
    later = replace(known, today=date(2026, 12, 9))

    assert whats(visit, later) == {"sheet"}


@pytest.mark.parametrize("body", [b"", b"{}", b"<script>"])
def test_what_cannot_be_read_is_seen(body: bytes, visit: Visit, known: Known) -> None:
    """Something else in place of a signed file is another roster, another sheet."""
    assert "roster" in whats(served(visit, "/roster.json", body), known)
    assert "sheet" in whats(served(visit, "/keysheet.json", body), known)


def test_roster_of_another_root_is_seen(visit: Visit, known: Known, office: OfficeHours) -> None:
    """The same names under another signature, or another roster, are not the organisation's."""
    stranger = SigningKey.generate()
    for body in (
        sign(rosters.PAYLOAD_TYPE, office.roster.encode(), stranger).encode(),
        sign(rosters.PAYLOAD_TYPE, replace(office.roster, version=2).encode(), stranger).encode(),
        office.sign_roster(office.make_roster(1, ("r1", "r2"))),
    ):
        assert whats(served(visit, "/roster.json", body), known) == {"roster"}


def test_next_roster_is_no_alarm(visit: Visit, known: Known, office: OfficeHours) -> None:
    """A roster that follows ours may reach visitors before us; the old sheet is then no longer valid, though."""
    body = office.sign_roster(office.make_roster(2, office.ids))

    assert whats(served(visit, "/roster.json", body), known) == {"sheet"}


def test_older_roster_is_seen(visit: Visit, known: Known, office: OfficeHours) -> None:
    """An intake that goes back to an old roster brings back who was removed."""
    newer = replace(known, roster=office.make_roster(2, office.ids))

    assert whats(visit, newer) == {"roster"}


def test_page_of_keys_must_show_them(visit: Visit, known: Known, office: OfficeHours) -> None:
    """Another hash or key on the page that people compare is seen."""
    for shown in (office.sheet().digest, office.roster.digest, office.roster.reviewers[1].key):
        lie = changed(visit, "/keys", shown.hex().encode(), bytes(32).hex().encode())
        assert whats(lie, known) == {"keys"}


@pytest.mark.parametrize("body", [b"x", bytes(16_383), bytes(2 * 16_384 + 1)])
def test_shelf_that_is_not_made_of_replies_is_seen(body: bytes, visit: Visit, known: Known) -> None:
    """A shelf has whole replies of 16,384 bytes, none or many; who may lie there is nobody's business."""
    assert whats(served(visit, "/shelf/", body), known) == {"shelf"}
    assert whats(served(visit, "/shelf/", bytes(3 * 16_384)), known) == set()


@pytest.fixture(scope="module")
def later_office(tmp_path_factory: pytest.TempPathFactory) -> OfficeHours:
    """Three desks under their second roster."""
    office = OfficeHours(tmp_path_factory.mktemp("later"))
    office.open()
    office.shelves.roster = office.sign_roster(office.make_roster(2, office.ids))
    office.rounds(times=2)
    return office


def test_rosters_must_be_all_that_there_were(visit: Visit, later_office: OfficeHours) -> None:
    """A reply counts that was signed under an earlier roster, so each must be given out, as the root signed it."""
    with later_office.desks["r1"].vault.read() as connection:
        known = what_is_known(connection, later_office.desks["r1"])
    first, second = (one.encode() for one in known.rosters)
    third = later_office.sign_roster(later_office.make_roster(3, later_office.ids))
    stranger = sign(rosters.PAYLOAD_TYPE, known.rosters[0].payload, SigningKey.generate()).encode()
    false = sign(rosters.PAYLOAD_TYPE, Envelope.decode(third).payload, SigningKey.generate()).encode()
    visit = served(visit, "/roster.json", second)

    def seen(*lines: bytes) -> bool:
        return "roster" in whats(served(visit, "/rosters.json", b"\n".join(lines)), known)

    assert not seen(second, first)
    assert not seen(third, second, first)
    assert seen(second)
    assert seen(first)
    assert seen(first, second)
    assert seen(second, stranger)
    assert seen(false, second, first)
    assert seen(b"")


def test_rosters_from_before_an_app_was_furnished_are_not_judged(visit: Visit, later_office: OfficeHours) -> None:
    """Whoever joined later knows no roster from before, and no root that signed it."""
    with later_office.desks["r1"].vault.read() as connection:
        known = what_is_known(connection, later_office.desks["r1"])
    first, second = (one.encode() for one in known.rosters)
    visit = served(served(visit, "/roster.json", second), "/rosters.json", second + b"\n" + first)

    assert "roster" not in whats(visit, replace(known, rosters=known.rosters[1:]))


def test_french_visit_is_compared_in_french(intake: HonestIntake, visit: Visit, known: Known) -> None:
    """An honest intake raises no alarm in French, its pages are others there, and the same whichever way one comes."""
    first, again = findings_of(intake.visit("fr"), known), findings_of(intake.visit("fr"), known)
    by_browser = tuple(
        (path, intake.answer("/", "fr,fr-FR;q=0.9") if path == "/?lang=fr" else answer)
        for path, answer in intake.visit("fr")
    )

    assert first == again == findings_of(by_browser, known)
    assert {(each.differences, each.language) for each in first} == {((), "fr")}
    assert not {each.pages for each in first} & set(pages_of(visit, known))
    assert {each.language for each in findings_of(visit, known)} == {"en"}


@pytest.mark.parametrize(
    ("path", "old", "new", "what"),
    [
        ("/tip?lang=fr", b"</main>", b"<script>x()</script></main>", "script"),
        ("/mailbox?lang=fr", b"<script src=", b"<section data-src=", "script"),
        ("/?lang=fr", b"</main>", b"<a href='//example.org'>x</a></main>", "foreign"),
        ("/tip?lang=fr", b'action="/tip', b'action="/other', "form"),
    ],
)
def test_what_does_not_belong_in_a_french_page_is_seen(
    path: str, old: bytes, new: bytes, what: str, intake: HonestIntake, known: Known
) -> None:
    """A lie to those alone who read French is an alarm."""
    assert what in whats(changed(intake.visit("fr"), path, old, new), known)


def test_false_key_on_the_french_page_of_keys_is_seen(intake: HonestIntake, known: Known, office: OfficeHours) -> None:
    """Who compares keys in French is not shown others."""
    key = office.roster.reviewers[1].key.hex().encode()
    lie = changed(intake.visit("fr"), "/keys?lang=fr", key, bytes(32).hex().encode())

    assert whats(lie, known) == {"keys"}


def test_first_page_that_is_another_once_makes_other_pages(visit: Visit, known: Known) -> None:
    """The first page comes with every walk, and what it says counts each time."""
    place = [place for place, (each, _) in enumerate(visit) if each == "/"][-1]
    body = visit[place][1].body.replace(b"Write what you know.", b"Write who you are.")
    lie = (*visit[:place], ("/", replace(visit[place][1], body=body)), *visit[place + 1 :])

    assert None not in pages_of(lie, known)
    assert pages_of(lie, known)[:-1] == pages_of(visit, known)[:-1]
    assert pages_of(lie, known)[-1] != pages_of(visit, known)[-1]


@pytest.mark.parametrize("path", sorted({path for walk in WALKS for path, _ in walk} - {"/roster.json"}))
def test_closing_for_visitors_alone_is_seen(path: str, visit: Visit, known: Known) -> None:
    """While a sheet is in force, visitors must not be sent away."""
    assert "closed" in whats(told(visit, path, status=404), known)


def test_busy_intake_is_no_alarm_and_no_whole_visit(visit: Visit, known: Known) -> None:
    """Who is told to come again later has seen nothing, unless a lie was in another page."""
    busy = told(visit, "/tip", status=503, add=("retry-after", "60"))
    findings = findings_of(busy, known)
    assert {each.differences for each in findings} == {()}
    assert [each.pages is None for each in findings] == [True, False, False, False]

    lie = changed(busy, "/", b"</main>", b"<script></script></main>")
    assert whats(lie, known) == {"script"}


FALSE = b"x();"
FALSE_HASH = f"sha256-{base64.b64encode(hashlib.sha256(FALSE).digest()).decode()}"


def with_script(visit: Visit, script: bytes, integrity: str) -> Visit:
    """A visit to an intake that serves another script, and pages and rules that fit it."""
    visit = served(visit, "/page.js", gzip.compress(script))
    for path in ("/tip", "/mailbox"):
        visit = changed(visit, path, HASH.encode(), integrity.encode())
        visit = told(visit, path, drop=CSP, add=(CSP, SCRIPTED.replace(f"{HASH}' '{CLAIMS}", integrity)))
    return visit


def with_sheet(visit: Visit, office: OfficeHours, change: Callable[[KeySheet], KeySheet]) -> Visit:
    """A visit to an intake whose key sheet says something else, signed by two reviewers; the page of keys shows it."""
    body = sheet_of(office, change, "r2", "r3")
    digest = KeySheet.decode(Envelope.decode(body).payload).digest
    visit = changed(visit, "/keys", office.sheet().digest.hex().encode(), digest.hex().encode())
    return served(visit, "/keysheet.json", body)


def test_false_script_is_seen(visit: Visit, known: Known) -> None:
    """A script that is not the one that reviewers signed for is an alarm, although page and rules fit it."""
    lie = with_script(visit, FALSE, FALSE_HASH)
    found = [each for findings in findings_of(lie, known) for each in findings.differences]

    assert [each.what for each in found] == ["bundle", "bundle"]  # who comes for the form, and who for replies
    assert {each.seen for each in found} == {hashlib.sha256(FALSE).digest()}


def test_false_script_that_does_not_fit_the_page_is_seen(visit: Visit, known: Known) -> None:
    """Where the page names the right hash, its browser would not run it; that is seen as well."""
    assert whats(served(visit, "/page.js", gzip.compress(FALSE)), known) == {"bundle", "header", "script"}


def later(visit: Visit, path: str, body: bytes) -> Visit:
    """A visit in which only the second answer at a path is something else."""
    place = [place for place, (each, _) in enumerate(visit) if each == path][1]
    return (*visit[:place], (path, replace(visit[place][1], body=body)), *visit[place + 1 :])


@pytest.mark.parametrize(
    ("path", "body", "what"),
    [
        ("/page.js", gzip.compress(FALSE), "bundle"),
        ("/roster.json", b"{}", "roster"),
        ("/keysheet.json", b"{}", "sheet"),
    ],
    ids=["script", "roster", "sheet"],
)
def test_lie_at_the_second_time_is_seen(path: str, body: bytes, what: str, visit: Visit, known: Known) -> None:
    """A browser asks for the script once more, for its worker, and checks no hash there; so every answer counts."""
    assert whats(later(visit, path, body), known) == {what}


def test_another_style_at_the_second_time_makes_other_pages(visit: Visit, known: Known) -> None:
    """A style sheet can hide a way to seal from those who ask for the script."""
    lie = later(visit, "/style.css", b"fieldset { display: none }")

    assert pages_of(lie, known) != pages_of(visit, known)


def test_false_sealer_is_seen(visit: Visit, known: Known) -> None:
    """The offline sealer that visitors get must be the one that reviewers signed for, byte for byte."""
    assert whats(changed(visit, "/sealer.html", b"<title>", b"<title> "), known) == {"bundle"}


def test_false_word_list_is_seen(visit: Visit, known: Known) -> None:
    """Codenames are made of a list that everybody has; the page refuses another one, so nobody could use it."""
    assert whats(served(visit, "/words.txt", gzip.compress(b"abacus\n" * 7776)), known) == {"bundle"}


@pytest.mark.parametrize(
    "body",
    [b"", b"\x1f\x8bx", gzip.compress(page_bundle()) + gzip.compress(FALSE), gzip.compress(bytes(2**24))],
    ids=["empty", "damaged", "ours and another", "boundless"],
)
def test_script_that_cannot_be_unpacked_is_another_one(body: bytes, visit: Visit, known: Known) -> None:
    """Damaged or boundless bytes are no script of ours and take no memory; what follows ours a browser may run, too."""
    assert "bundle" in whats(served(visit, "/page.js", body), known)


def test_script_that_two_reviewers_signed_for_but_is_in_no_release_is_seen(
    visit: Visit, known: Known, office: OfficeHours
) -> None:
    """Not even two reviewers and the intake together serve another script without the third one's app saying so."""
    lie = with_script(visit, FALSE, FALSE_HASH)
    lie = with_sheet(lie, office, lambda sheet: replace(sheet, page_bundle=hashlib.sha256(FALSE).digest()))

    assert whats(lie, known) == {"release"}


@pytest.mark.parametrize(
    "change",
    [
        lambda sheet: replace(sheet, page_bundle=bytes(32)),
        lambda sheet: replace(sheet, sealer=bytes(32)),
        lambda sheet: replace(sheet, page_bundle=None),
    ],
    ids=["page", "sealer", "none"],
)
def test_sheet_of_another_release_is_seen(
    change: Callable[[KeySheet], KeySheet], visit: Visit, known: Known, office: OfficeHours
) -> None:
    """What is served is ours, but reviewers signed for another page, sealer or none: both alarms say so."""
    assert whats(with_sheet(visit, office, change), known) == {"bundle", "release"}


def test_false_width_of_shelves_is_seen(visit: Visit, known: Known, office: OfficeHours) -> None:
    """Not even two reviewers can make shelves narrower than the third answers for, so that fewer sources share one."""
    lie = with_sheet(visit, office, lambda sheet: replace(sheet, shelf_bits=16))

    assert whats(lie, known) == {"width"}


def test_busy_script_is_no_alarm(visit: Visit, known: Known) -> None:
    """Where the script alone was not to be had, pages that name the one of this release are as they should be."""
    busy = told(visit, "/page.js", status=503, add=("retry-after", "60"))

    assert whats(busy, known) == set()
    assert pages_of(busy, known)[:2] == [None, None]


def test_script_that_is_not_compressed_is_the_same(visit: Visit, known: Known) -> None:
    """What counts is what a browser runs."""
    plain = served(told(visit, "/page.js", drop="content-encoding"), "/page.js", page_bundle())

    assert whats(plain, known) == set()


def test_other_words_make_other_pages(visit: Visit, known: Known) -> None:
    """A sentence that was changed for visitors is no fault of form, but the pages are not the same any more."""
    lie = changed(visit, "/tip", b"Write what you know.", b"Write who you are.")

    assert whats(lie, known) == set()
    honest = pages_of(visit, known)
    assert [each != other for each, other in zip(pages_of(lie, known), honest, strict=True)] == [True, *[False] * 3]
    assert Envelope.decode(next(a.body for p, a in visit if p == "/roster.json")).payload == known.roster.encode()


PAGES, OTHER = hashlib.sha256(b"1").digest(), hashlib.sha256(b"2").digest()
ROSTER, NEW_ROSTER = bytes(32), b"\1" * 32


def look(author: str, pages: bytes = PAGES, roster: bytes = ROSTER) -> Entry[Looked]:
    """What an app wrote of a look."""
    return Entry(
        author.encode().ljust(32),
        author,
        Looked(on=date(2026, 11, 25), pages=pages, roster=roster, language="en", aim="tip"),
    )


@pytest.mark.parametrize(
    ("own", "others", "seen_before", "verdict"),
    [
        (None, [], False, None),
        (look("r1"), [look("r2")], False, None),
        (look("r1", OTHER), [], False, "changed"),
        (look("r1", OTHER, NEW_ROSTER), [], False, None),
        (None, [look("r2", OTHER)], False, "view"),
        (look("r1"), [look("r2", OTHER)], False, "view"),
        (look("r1"), [look("r2", OTHER)], True, None),
        (look("r1"), [look("r2", OTHER, NEW_ROSTER)], False, None),
        (look("r1"), [look("r2"), look("r3", OTHER)], False, "view"),
    ],
)
def test_pages_are_compared_with_ours_and_the_others(
    own: Entry[Looked] | None, others: list[Entry[Looked]], seen_before: bool, verdict: str | None
) -> None:
    """Under one roster, other pages than last time have changed; other pages than another's are another view.

    What the other told before our own last look is old, and was judged then.
    """
    assert judge_pages(PAGES, ROSTER, own, others, lambda _first, _second: seen_before) == verdict
