"""The mailbox opened on the source's device: the intake gives the whole shelf and learns no codename."""

import secrets
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from nacl.signing import SigningKey
from playwright.sync_api import Browser

from crypto.codename import Codename
from crypto.dsse import sign
from tests.client.page.source import Source, newest, visit
from tests.submission.live import LiveIntake, served
from wire.reply import Reply, recipient_digest, seal_reply
from wire.roster import PAYLOAD_TYPE as ROSTER
from wire.roster import Removed
from wire.week import Week

pytestmark = pytest.mark.slow


def reply(intake: LiveIntake, reviewer: str, codename: str, number: int, text: str, seen: int = 1) -> None:
    """Post a reply of a reviewer."""
    keys = Codename.parse(codename).derive(intake.organisation.roster.instance)
    written = Reply(
        instance=intake.organisation.roster.instance,
        conversation=bytes(keys.conversation.public_key),
        reviewer=reviewer,
        number=number,
        seen=seen,
        week=Week.of(datetime.now(UTC).date()),
        roster=intake.organisation.roster.digest,
        recipient=recipient_digest(keys.reply.recipient),
        text=text,
    )
    sealed = seal_reply(written, intake.organisation.signing[reviewer], keys.reply.recipient)
    intake.ask(reviewer, "POST", "/api/replies", sealed)


def look(source: Source, codename: str) -> None:
    """Type a codename and open the mailbox on the device."""
    source.open("/mailbox")
    source.page.locator("#codename").fill(codename)
    source.send()


def test_replies_are_opened_on_the_device(intake: LiveIntake, chromium: Browser) -> None:
    """Of a shelf with letters to many a source reads their own, newest first, and what is missing between them."""
    mine = str(Codename.generate())
    for number, text in ((1, "Which day <b>was</b> it?"), (3, "Thank you.\nOne more.")):
        reply(intake, "r1", mine, number, text, seen=number)
    for _ in range(5):
        reply(intake, "r2", str(Codename.generate()), 1, "to somebody else")

    with visit(chromium, intake.port) as source:
        look(source, f" {mine.upper()} ")
        source.wait("They were opened on your device")

        texts = source.page.locator(".letter .text").all_inner_texts()
        assert texts == ["Thank you.\nOne more.", "Which day <b>was</b> it?"]
        assert "From Desk r1" in source.words
        assert "Number 2 from Desk r1" in source.words
        assert "after reading your letter 3" in source.words


def test_a_reply_under_an_earlier_roster_is_opened(tmp_path_factory: pytest.TempPathFactory, chromium: Browser) -> None:
    """What a reviewer signed who has left is opened, with their name, and marked; a false roster opens nothing."""
    mine = str(Codename.generate())
    with served(LiveIntake(tmp_path_factory.mktemp("rosters"))) as intake:
        reply(intake, "r1", mine, 1, "Under the first.")
        reply(intake, "r2", mine, 1, "By one who stays.")
        before = intake.organisation.roster
        left = before.reviewers[0]
        after = replace(before, version=2, reviewers=before.reviewers[1:], removed=(Removed(left.id, left.key),))
        signed = sign(ROSTER, after.encode(), intake.organisation.root).encode()
        intake.ask("r2", "POST", "/api/roster", signed)
        with visit(chromium, intake.port) as source:
            look(source, mine)
            source.wait("Under the first.")
            assert "From Desk r1" in source.words
            assert source.page.locator(".letter", has_text="no longer a reviewer").count() == 1

        with visit(chromium, intake.port) as source:
            source.lie("/rosters.json", sign(ROSTER, before.encode(), SigningKey.generate()).encode())
            look(source, mine)
            source.wait("There is nothing here for this codename now")


def test_nothing_about_the_codename_is_sent(intake: LiveIntake, chromium: Browser) -> None:
    """Nothing is posted, no address names a source, and no word of the codename leaves in any."""
    mine = str(Codename.generate())
    reply(intake, "r1", mine, 1, "x")
    with visit(chromium, intake.port) as source:
        look(source, mine)
        source.wait("They were opened on your device")

        assert source.sent == []
        # This week's shelves have no width: everybody takes everything.
        assert [one.path for one in source.asked if one.path.startswith("/shelf")] == ["/shelf/"]
        assert not [word for word in mine.split() if word.encode() in source.out]


def test_an_answer_is_sealed_on_the_device(intake: LiveIntake, chromium: Browser) -> None:
    """An answer written below the replies has the next number of the conversation, and is sealed here, too."""
    mine, marker = str(Codename.generate()), secrets.token_hex(16)
    reply(intake, "r1", mine, 1, "Where?", seen=4)
    with visit(chromium, intake.port) as source:
        look(source, mine)
        source.wait("Answer or add something")
        source.write(marker)
        source.page.get_by_text("Somebody who must not read this?").click()
        source.page.get_by_label("Desk r2").check()
        source.send()
        source.wait("Your message has arrived")

        assert source.codename == mine
        assert source.sent == ["/letter"]
        letter = newest(intake, marker).letter
        keys = Codename.parse(mine).derive(intake.organisation.roster.instance)
        assert (letter.number, letter.sealed, letter.not_to) == (5, "device", ("r2",))
        assert letter.conversation == bytes(keys.conversation.public_key)


def test_a_codename_without_replies_finds_nothing(intake: LiveIntake, chromium: Browser) -> None:
    """It is told so, in the words that the intake itself uses, and a message can be written as number 2."""
    marker = secrets.token_hex(16)
    with visit(chromium, intake.port) as source:
        look(source, str(Codename.generate()))
        source.wait("There is nothing here for this codename now")
        source.write(marker)
        source.send()
        source.wait("Your message has arrived")

        assert newest(intake, marker).letter.number == 2


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("only three words", "eight words with a space between them"),
        ("abacus abdomen abdominal abide abiding zzzzz ability ablaze", "Word number 6 is not one that we use"),
        ("abacus abacus abacus abacus abacus abacus abacus abacus", "The last word does not fit"),
    ],
)
def test_a_mistake_is_told_beside_the_field(intake: LiveIntake, chromium: Browser, typed: str, words: str) -> None:
    """A typing error is told where it was made, which can then be corrected; no shelf was asked for."""
    with visit(chromium, intake.port) as source:
        look(source, typed)
        source.wait(words)

        assert source.page.locator("#codename").evaluate("one => one === document.activeElement")
        assert source.page.locator("#codename").get_attribute("aria-describedby") == "complaint"
        assert not [one.path for one in source.asked if one.path.startswith("/shelf")]


def test_it_can_be_stopped(intake: LiveIntake, chromium: Browser) -> None:
    """A shelf that does not come can be given up, and the codename is still in its field."""
    mine = str(Codename.generate())
    with visit(chromium, intake.port) as source:
        source.answer("/shelf/", lambda _route: None)
        look(source, mine)
        source.wait("Your shelf is being fetched")
        source.page.get_by_role("button", name="Stop").click()

        source.wait("Nothing about your codename was sent")
        assert source.page.locator("#codename").input_value() == mine


def test_by_the_machine_is_chosen_knowingly(intake: LiveIntake, chromium: Browser) -> None:
    """Who chooses it sends the codename and gets the page that one gets without a script."""
    mine = str(Codename.generate())
    reply(intake, "r1", mine, 1, "Where?")
    with visit(chromium, intake.port) as source:
        source.open("/mailbox")
        source.choose("arrival")
        assert "This machine uses your codename in memory" in source.words
        source.page.locator("#codename").fill(mine)
        source.send()
        source.wait("Where?")

        assert source.sent == ["/mailbox"]


def test_replies_are_read_while_nothing_can_be_sent(
    tmp_path_factory: pytest.TempPathFactory, chromium: Browser
) -> None:
    """Without a key sheet in force the replies that wait are still opened on the device, and there is no form."""
    with (
        served(LiveIntake(tmp_path_factory.mktemp("closed")), opened=False) as closed,
        visit(chromium, closed.port) as source,
    ):
        mine = str(Codename.generate())
        reply(closed, "r1", mine, 1, "Where?")
        look(source, mine)
        source.wait("Where?")

        assert "Lapwing is closed just now" in source.words
        assert source.page.locator("form").count() == 0
