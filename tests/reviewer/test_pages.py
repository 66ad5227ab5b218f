"""The pages show what the log tells, and every form of theirs does what its button says."""

import hashlib
import io
import os
import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from reviewer.acts import cases, offices, talk
from reviewer.files import UNFINISHED
from reviewer.rewards.programme import parse_programme
from tests.reviewer.acts.test_dossiers import OFFICE, OFFICE_KEY
from tests.reviewer.browser import Browser, led_to, open_browser
from tests.reviewer.office_hours import INSTANCE, OfficeHours
from tests.reviewer.rewards.programmes import SMALL
from tests.reviewer.source import STORY, Source
from wire.receipt import Receipt, sign_receipt

PHOTO = b"\xff\xd8" + os.urandom(90_000)
PHOTO_HASH = hashlib.sha256(PHOTO).hexdigest()
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def source(office: OfficeHours) -> Source:
    """A tip with a photo and a danger, in every app."""
    office.open()
    sent = Source(office)
    fields = {"species": "Manis javanica", "product": "scales", "in_danger_now": "yes", "people": HOSTILE}
    sent.send(files={"photo.jpg": PHOTO}, fields=fields)
    office.rounds(times=2)
    return sent


@pytest.fixture
def browser(office: OfficeHours, source: Source) -> Browser:
    """The first reviewer's browser."""
    return open_browser(office, "r1")


def sync(office: OfficeHours, browser: Browser) -> None:
    """Bring everybody up to date."""
    browser.post("/sync")
    office.rounds("r2", "r3")
    browser.post("/sync")


def test_inbox_puts_danger_on_top(browser: Browser, source: Source) -> None:
    """The inbox names the case, its danger, its new letter and who verified it."""
    words = browser.words("/")

    assert "In danger now A source says that somebody is in danger." in words
    assert "Manis javanica, scales" in words
    assert "1 new letter" in words
    assert "3 reviewers" in words
    browser.get(f"/cases/{source.case_id.hex()}")
    assert "1 new letter" not in browser.words("/")


def test_case_page_shows_the_letter_and_runs_nothing(browser: Browser, source: Source) -> None:
    """The case page shows story, answers, how it was sealed and who verified it; what a source wrote stays text."""
    page = browser.get(f"/cases/{source.case_id.hex()}")
    words = browser.words(f"/cases/{source.case_id.hex()}")

    assert STORY in page
    assert "&lt;script&gt;" in page
    assert HOSTILE not in page
    assert "Sealed on arrival" in words
    assert "verified by Desk r1, Desk r2, Desk r3" in words
    assert "1 file came with it" in words


def test_acts_of_the_case_page(office: OfficeHours, browser: Browser, source: Source) -> None:
    """Note, status, assignment, hold, resume, recusal and joining all reach the case."""
    path = f"/cases/{source.case_id.hex()}"
    browser.post(f"{path}/note", text="looks real")
    browser.post(f"{path}/status", status="vetted")
    browser.post(f"{path}/assign", reviewer="r2")
    browser.post(f"{path}/hold", reason="wait")
    assert "On hold: wait" in browser.words(path)
    browser.post(f"{path}/resume", reason="go")
    browser.post(f"{path}/recuse", reviewer="r3", reason="knows the seller")
    browser.post(f"{path}/join", reviewer="r3")
    sync(office, browser)

    history = browser.words(f"{path}/history")
    assert "opened a letter or a case: Letter 1" in history
    assert "took a reviewer off the case: Desk r3" in history
    words = browser.words(path)
    assert "looks real" in words
    assert "Status: vetted" in words
    assert "Taken forward by Desk r2" in words
    assert office.case("r3", source.case_id).members == set(office.ids)
    assert "took a reviewer off the case" in browser.words(f"{path}/history")


def test_refused_act_is_a_page_that_says_why(browser: Browser, source: Source) -> None:
    """What the case does not allow comes back as a sentence, in the reader's language."""
    path = f"/cases/{source.case_id.hex()}/resume"

    assert "The case is not on hold." in browser.post(path, expect=400, reason="x").text
    browser.post("/language", language="fr")
    assert "L’affaire n’est pas suspendue." in browser.post(path, expect=400, reason="x").text


def test_conversation_shows_letters_and_replies_in_turn(office: OfficeHours, browser: Browser, source: Source) -> None:
    """A reply waits for the next letter that leaves and stands between the letters it answers."""
    path = f"/cases/{source.case_id.hex()}/conversation"
    browser.post(f"/cases/{source.case_id.hex()}/reply", text="Merci. La page ?")
    assert "Merci. La page ? Waits; leaves today if this app stays unlocked." in browser.words(path)
    office.letters_leave("r1")
    assert source.mailbox().replies[0].text == "Merci. La page ?"
    source.send("Voici")
    sync(office, browser)

    words = browser.words(path)
    assert words.index("pangolin") < words.index("Merci.") < words.index("Voici")
    assert "Reply of Desk r1" in words


def test_exhibit_is_listed_and_downloaded_only_as_octets(browser: Browser, source: Source) -> None:
    """A file is shown by name, size and hash, and comes as an attachment under a neutral name after a warning."""
    case = f"/cases/{source.case_id.hex()}"
    assert PHOTO_HASH in browser.get(f"{case}/exhibits")
    assert "Before you open it" in browser.get(f"{case}/files/{PHOTO_HASH}")
    answer = browser.post(f"{case}/files/{PHOTO_HASH}/download", expect=200)

    assert answer.data == PHOTO
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="exhibit-{PHOTO_HASH[:16]}.bin"'
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    browser.get(f"{case}/files/{'0' * 64}", expect=400)
    assert browser.ask(f"{case}/files/{PHOTO_HASH}/download").status_code == 405


def test_own_exhibit_is_sealed_while_it_comes_in(
    office: OfficeHours, browser: Browser, source: Source, tmp_path: Path
) -> None:
    """An uploaded exhibit reaches the other reviewers, and nothing of it lies on disk in clear."""
    content = b"exhibit-marker-8842" * 20_000
    fields: dict[str, Any] = {
        "captured_by": "Desk r1",
        "captured_on": "2026-11-22",
        "taken_from": "a market",
        "how": "camera",
    }
    upload = (io.BytesIO(content), "stall.png")
    browser.post(f"/cases/{source.case_id.hex()}/exhibits", file=upload, **fields)
    assert "Waits for the next sync: stall.png" in browser.words(f"/cases/{source.case_id.hex()}/exhibits")
    sync(office, browser)

    (exhibit,) = office.case("r2", source.case_id).exhibits
    assert exhibit.content.sha256 == hashlib.sha256(content).digest()
    assert exhibit.content.captured_on == date(2026, 11, 22)
    assert "Captured by Desk r1, 22 Nov 2026. a market. camera" in browser.words(
        f"/cases/{source.case_id.hex()}/exhibits"
    )
    for path in tmp_path.rglob("*"):
        assert not path.is_file() or b"exhibit-marker-8842" not in path.read_bytes()


def test_refused_upload_leaves_nothing(office: OfficeHours, browser: Browser, source: Source) -> None:
    """An upload with a wrong day, without a token or without a file leaves no file in the vault's folder."""
    path = f"/cases/{source.case_id.hex()}/exhibits"
    before = len(list((office.folder / "r1" / "files").iterdir()))
    wrong: dict[str, Any] = {
        "captured_by": "x",
        "captured_on": "yesterday",
        "file": (io.BytesIO(b"x" * 400_000), "a.png"),
    }
    assert "2026-11-24" in browser.post(path, expect=400, **wrong).text
    data = {"csrf": "guess", "file": (io.BytesIO(b"x" * 400_000), "a.png")}
    assert browser.tell(path, data).status_code == 403
    browser.post(path, expect=400, captured_by="x")

    files = list((office.folder / "r1" / "files").iterdir())
    assert len(files) == before
    assert not [file for file in files if file.name.startswith(UNFINISHED)]


def test_case_opened_by_a_reviewer(office: OfficeHours, browser: Browser) -> None:
    """The form opens a case for the chosen members, without a conversation."""
    answer = browser.post("/cases/new", title="Orchids", note="seen on Sunday", members=["r2"])
    sync(office, browser)
    path = led_to(answer)

    assert "Opened by a reviewer" in browser.words(path)
    assert "Conversation" not in browser.words(path)
    case_id = bytes.fromhex(path.rsplit("/", 1)[-1])
    assert office.case("r2", case_id).title == "Orchids"
    assert case_id not in office.log("r3").cases


def test_reward_panel_shows_verdict_reason_citation_and_next_step(
    office: OfficeHours, browser: Browser, source: Source
) -> None:
    """Each programme stands there with all four; facts change them, and one that is shut is folded away."""
    case = f"/cases/{source.case_id.hex()}"
    words = browser.words(f"{case}/rewards")
    assert "Lacey Act rewards US · 16 USC 3375(d) facts missing" in words
    assert (
        "Not known yet: Does anything tie the case to this country: United States? 16 USC 3375(d) Next: Find it out."
        in words
    )
    assert "Never promise an amount." in words
    assert "Not verified: do not tell it to a source as fact" in words
    assert "check again" not in words

    for name, value in (("link_us", "yes"), ("broken_us-lacey", "yes"), ("public_official", "no")):
        browser.post(f"{case}/fact", name=name, value=value, said_by="reviewer")
    for name, value in (("conviction_us-lacey", "yes"), ("collected_us-lacey", "5000 USD")):
        browser.post(f"{case}/fact", name=name, value=value, said_by="office")
    words = browser.words(f"{case}/rewards")
    assert "Lacey Act rewards US · 16 USC 3375(d) open so far No rule that is known here shuts the source out." in words
    assert words.index("open so far") < words.index("facts missing") < words.index("shut out")
    assert "1 programme is shut out" in words
    assert "The source can be paid by another programme: Lacey Act rewards." in words
    assert "Promise nothing." in words


def test_reward_panel_keeps_every_fact(browser: Browser, source: Source) -> None:
    """A corrected fact stays in sight beside the correction, and what differs between two is called disputed."""
    case = f"/cases/{source.case_id.hex()}"
    browser.post(f"{case}/fact", name="voluntary", value="yes", said_by="source")
    browser.post(f"{case}/fact", name="voluntary", value="no", said_by="reviewer")
    words = browser.words(f"{case}/rewards")
    assert "no (a reviewer found out; " in words
    assert words.count("disputed") == 2
    asked = browser.words(f"{case}/fact?question=voluntary")
    assert "yes (the source; " in asked
    assert "What was said before stays in the case." in asked
    assert "15 USC 78u-6(b)(1)" in asked


def test_operators_programme_is_shown_in_its_language_and_says_when_it_is_old(browser: Browser, source: Source) -> None:
    """A record of another language is marked as such, and one checked long ago says so."""
    text = SMALL.replace("2026-11-24", "2025-10-20").replace('{ en = "One", fr = "Un" }', '{ sw = "Mpango" }')
    programme = parse_programme(text.encode(), "ours.toml")
    browser.station._settings = replace(browser.station._settings, programmes=(programme,))
    page = browser.get(f"/cases/{source.case_id.hex()}/rewards")
    assert '<span lang="sw" dir="auto">Mpango</span>' in page
    assert "check again: last checked 20 Oct 2025" in page


def confirmed_office(office: OfficeHours, browser: Browser) -> None:
    """Put the office on the list through the pages of two reviewers."""
    browser.post("/offices", card=(io.BytesIO(OFFICE.encode()), "office.card.json"))
    sync(office, browser)
    (state,) = office.log("r2").offices
    offices.confirm_office(office.hand("r2"), state.proposal)
    office.rounds("r2")
    browser.post("/sync")


def test_office_is_added_by_two(office: OfficeHours, browser: Browser) -> None:
    """An office from a card waits until another reviewer confirms, and one reviewer can take it off."""
    browser.post("/offices", card=(io.BytesIO(OFFICE.encode()), "office.card.json"))
    assert "waits for another reviewer · 1 of 2 reviewers" in browser.words("/offices")
    (state,) = browser.station.hand().book._last[1].offices  # type: ignore[index]  # read just before
    browser.post(f"/offices/{state.proposal.hex()}/confirm", expect=400)
    sync(office, browser)
    offices.confirm_office(office.hand("r2"), state.proposal)
    office.rounds("r2")
    browser.post("/sync")
    assert "on the list · 2 of 2 reviewers · Desk r1, Desk r2" in browser.words("/offices")

    browser.post(f"/offices/{state.proposal.hex()}/withdraw")
    assert "taken off the list" in browser.words("/offices")
    assert "not as it must be" in browser.post("/offices", expect=400, card=(io.BytesIO(b"{}"), "x")).text


def test_dossier_through_the_pages(office: OfficeHours, browser: Browser, source: Source) -> None:
    """Released, proposed, rebuilt and approved in another app, built, saved, recorded, answered."""
    confirmed_office(office, browser)
    case = f"/cases/{source.case_id.hex()}"
    second = open_browser(office, "r2")
    release = led_to(browser.post(f"{case}/files/{PHOTO_HASH}/release", reason="checked"))
    browser.post(f"{release}/confirm", expect=400)
    assert "Release of an original: photo.jpg (checked)" in browser.words(case)
    sync_both(office, browser, second)
    second.post(f"{release}/confirm")
    sync_both(office, browser, second)
    assert "original released" in browser.words(f"{case}/exhibits")

    choice: dict[str, Any] = {
        "office": OFFICE.digest.hex(),
        "title": "Scales",
        "purpose": "investigation",
        "language": "fr",
    }
    choice |= {"summary": "Une annonce.", "fields": ["species"], "story": "cut", "exhibits": [PHOTO_HASH]}
    proposal = led_to(browser.post(f"{case}/dossiers/new", **choice))
    assert "waits for another reviewer" in browser.words(proposal)
    browser.post(f"{proposal}/approve", expect=400)
    sync_both(office, browser, second)
    words = second.words(proposal)
    assert "It is the same." in words
    assert "Manis javanica" in words
    assert HOSTILE not in second.get(proposal)
    second.post(f"{proposal}/approve")
    sync_both(office, browser, second)

    browser.get(f"{proposal}/sealed", expect=400)
    browser.post(f"{proposal}/build")
    answer = browser.ask(f"{proposal}/sealed")
    assert answer.data.startswith(b"age-encryption.org/v1\n")
    assert hashlib.sha256(answer.data).hexdigest() in browser.get(proposal)
    answer.close()
    browser.post(f"{proposal}/sent")
    assert "Record that it was handed over" not in browser.words(proposal)
    assert "handed over" in browser.words(f"{case}/dossiers")

    digest = re.findall(r"SHA-256 ([0-9a-f]{64})", browser.get(proposal))[0]
    receipt = Receipt(INSTANCE, bytes.fromhex(digest), OFFICE.digest, date(2026, 11, 26), "question", "Who?")
    signed = sign_receipt(receipt, OFFICE_KEY).encode()
    browser.post(f"{proposal}/receipt", receipt=(io.BytesIO(signed), "receipt.json"))
    assert "Question 26 Nov 2026 Who?" in browser.words(proposal)


def test_since_when_a_letter_is_known_through_the_pages(office: OfficeHours, browser: Browser, source: Source) -> None:
    """Told with the letter, offered for a dossier and left out by default, told by the app that rebuilds it."""
    confirmed_office(office, browser)
    case = f"/cases/{source.case_id.hex()}"
    assert "Known by the week of 23 Nov 2026 to the apps of" in browser.words(case)
    form = browser.get(f"{case}/dossiers/new")
    (name,) = re.findall(r'name="known" value="([0-9a-f]{64})"> ', form)
    choice: dict[str, Any] = {
        "office": OFFICE.digest.hex(),
        "title": "t",
        "purpose": "p",
        "language": "en",
        "claim": "",
    }
    shown: dict[str, Any] = {"known": name, f"show-{name}": "story"}
    with_it = led_to(browser.post(f"{case}/dossiers/new", **choice, **shown))
    bare = led_to(browser.post(f"{case}/dossiers/new", **choice))

    assert "Known by the week of 2026-11-23" in browser.words(with_it)
    assert "It is the same." in browser.words(with_it)
    assert "Known by" not in browser.words(bare)


def test_a_claim_through_the_pages(office: OfficeHours, browser: Browser, source: Source) -> None:
    """Shown, released by two, chosen for a dossier, told by the app that rebuilds it."""
    confirmed_office(office, browser)
    source.send("and one thing more", claim=bytes(range(32)))
    second = open_browser(office, "r2")
    sync_both(office, browser, second)
    case = f"/cases/{source.case_id.hex()}"
    words = browser.words(f"{case}/dossiers")
    assert f"Claim of the source, with letter {source.number}" in words
    assert "made on arrival" in words
    browser.post(f"{case}/claims/{'00' * 32}/release", expect=400, reason="x")
    proposal = led_to(browser.post(f"{case}/claims/{bytes(range(32)).hex()}/release", reason="the office asks"))
    assert "lapwing-claim1" in browser.get(proposal)
    assert "guess the source" in browser.words(proposal)
    assert "Release of a claim: the office asks" in browser.words(case)
    sync_both(office, browser, second)
    second.post(f"{proposal}/confirm")
    sync_both(office, browser, second)
    assert "Released: it can go with a dossier." in browser.words(f"{case}/dossiers")

    form = browser.words(f"{case}/dossiers/new")
    assert f"The one with letter {source.number} · released · words made on arrival" in form
    office_hex = OFFICE.digest.hex()
    choice: dict[str, Any] = {"office": office_hex, "title": "Scales", "purpose": "investigation", "language": "fr"}
    dossier = led_to(browser.post(f"{case}/dossiers/new", **choice, claim=bytes(range(32)).hex()))
    sync_both(office, browser, second)
    assert "It is the same." in second.words(dossier)
    assert "Preuve d’auteur" in second.words(dossier)
    bare = led_to(browser.post(f"{case}/dossiers/new", **choice, claim=""))
    assert "Preuve d’auteur" not in browser.words(bare)


def sync_both(office: OfficeHours, *browsers: Browser) -> None:
    """Sync two browsers' apps twice."""
    for _ in range(2):
        for one in browsers:
            one.post("/sync")


def test_erasure_through_the_pages(office: OfficeHours, browser: Browser, source: Source) -> None:
    """A proposed erasure is confirmed by another reviewer, and the case page then says that it is gone."""
    case = f"/cases/{source.case_id.hex()}"
    second = open_browser(office, "r2")
    proposal = led_to(browser.post(f"{case}/erase", reason="asked for"))
    sync_both(office, browser, second)
    assert "1 proposal waits for you" in second.words("/")
    second.post(f"{proposal}/confirm")
    sync_both(office, browser, second)

    assert "1 case was erased." in browser.words("/")
    assert "Two reviewers agreed to erase this case." in browser.words(case)
    assert STORY not in browser.get(case)


def test_log_page_names_authors_entries_and_what_was_set_aside(
    office: OfficeHours, browser: Browser, source: Source
) -> None:
    """The log lists every entry with its author and day, and what was not for this reviewer."""
    Source(office).send(not_to=("r1",))
    sync(office, browser)
    words = browser.words("/log")

    assert "opened a letter or a case" in words
    assert "was here (nothing new)" in words
    assert "not for you, or its key has been destroyed" in words
    assert "an entry that is not yours to read, or was erased" in words
    assert browser.get("/log?page=99")


def test_warnings_stand_in_the_inbox(office: OfficeHours, browser: Browser, source: Source) -> None:
    """Silence of a reviewer and a missing key sheet are told in words."""
    office.later(days=3)
    browser.post("/sync")
    assert "Desk r3 was not heard from since 25 Nov 2026" in browser.words("/")
    office.later(weeks=7)
    browser.post("/sync")
    words = browser.words("/")
    assert "There is no key sheet for this week (2027-W02)" in words
    assert "The keys of Desk r2 end after 2027-W02" in words


def test_trouble_of_the_last_round_is_told(office: OfficeHours, browser: Browser) -> None:
    """When the intake does not answer, the inbox says so."""
    office.intakes["r1"].broken_after = 0
    browser.post("/sync")

    assert "The last sync did not work: The intake does not answer." in browser.words("/")


def test_proposal_that_was_tampered_with_is_shown_as_such(
    office: OfficeHours, browser: Browser, source: Source
) -> None:
    """When the rebuilt dossier differs, the page says so and offers no approval."""
    from reviewer.acts import dossiers
    from reviewer.acts.drafting import Choice, make_draft
    from wire.content import DossierProposed

    confirmed_office(office, browser)
    choice = Choice("t", "p", "en", OFFICE.digest, "", [], "", [])
    with office.hand("r2").work() as work:
        draft = make_draft(work, source.case_id, choice)
        signed = dossiers._sign(work, draft, bytes(32))
        content = DossierProposed(
            on=office.now,
            case=source.case_id,
            draft=replace(draft, summary="another").encode(),
            dossier=bytes(32),
            approval=signed,
        )
        proposal = work.pen.write(content)
    office.rounds("r2")
    browser.post("/sync")
    path = f"/cases/{source.case_id.hex()}/proposals/{proposal.hex()}"

    assert "It is not the same." in browser.words(path)
    assert "Approve the dossier" not in browser.words(path)
    assert "talk" in browser.post(f"{path}/approve", expect=400).text
    browser.post(f"{path}/withdraw")
    assert "withdrawn" in browser.words(path)


def test_recused_reviewer_sees_that_they_do_not_act(office: OfficeHours, browser: Browser, source: Source) -> None:
    """After a recusal the page tells so and offers no form."""
    cases.recuse(office.hand("r2"), source.case_id, "r1", "knows the seller")
    office.rounds("r2")
    browser.post("/sync")
    words = browser.words(f"/cases/{source.case_id.hex()}")

    assert "You do not act in this case." in words
    assert "Leave a note" not in words


def test_a_reply_that_cannot_leave_today_says_so(office: OfficeHours, browser: Browser, source: Source) -> None:
    """Late in the evening, and behind others, a reply waits for the next day; a hurried app says what that is worth."""
    path = f"/cases/{source.case_id.hex()}/conversation"
    assert "Demonstration" not in browser.words(path)
    office.hour = timedelta(hours=23, minutes=30)
    browser.post("/sync")
    browser.post(f"/cases/{source.case_id.hex()}/reply", text="Merci")
    waits = "Waits; leaves within ten minutes after you next unlock this app, or in a later hour while it is unlocked."
    assert f"Merci {waits}" in browser.words(path)

    hurried = open_browser(office, "r1", period=20)
    assert "a letter leaves every 20 seconds instead of every hour. That hides nothing." in hurried.words(path)


def test_reply_of_another_reviewer_is_shown(office: OfficeHours, browser: Browser, source: Source) -> None:
    """What another reviewer answered stands in the conversation here."""
    talk.reply(office.hand("r2"), source.case_id, "from r2")
    office.letters_leave("r2")
    browser.post("/sync")

    assert "Reply of Desk r2" in browser.words(f"/cases/{source.case_id.hex()}/conversation")
