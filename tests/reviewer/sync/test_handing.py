"""A reviewer who joins a case is handed its past: letters, files and exhibits, sealed to them alone."""

import hashlib
import os
from dataclasses import replace

import pytest

from reviewer.acts import cases, dossiers, talk
from reviewer.acts.drafting import files_of
from reviewer.acts.exhibits import Capture, add_exhibit
from reviewer.desk import period_identities, sheet_in_force
from reviewer.files import SealedWriter, read_file
from reviewer.reading import LogBook
from reviewer.store import letters
from reviewer.sync.handing import handed_wrongly
from tests.reviewer.browser import open_browser
from tests.reviewer.fakes import FakeIntake
from tests.reviewer.office_hours import OfficeHours
from tests.reviewer.source import STORY, Source
from wire.content import Handed
from wire.errors import PartsError
from wire.files import File, SealedFiles
from wire.letter import decode_content
from wire.opening import read_files
from wire.parts import FilesSealer

PHOTO = os.urandom(1_200_000)
SHOT = os.urandom(3_000)


def hire_r4(office: OfficeHours) -> None:
    """A fourth reviewer, by a new roster, with a key sheet that names them."""
    office.ids = (*office.ids, "r4")
    office.hire("r4")
    office.intakes["r4"] = FakeIntake(office.shelves, "r4")
    office.books["r4"] = LogBook()
    office.roster = office.make_roster(2, office.ids)
    office.shelves.roster = office.sign_roster(office.roster)
    office.rounds(times=3)


@pytest.fixture
def source(office: OfficeHours) -> Source:
    """A tip with a photo and a reply, a follow-up, and an exhibit of a reviewer; then a fourth reviewer comes."""
    office.open()
    sent = Source(office)
    sent.send(files={"photo.jpg": PHOTO, "empty.txt": b""}, fields={"species": "Manis"})
    sent.send("more")
    office.rounds(times=2)
    talk.reply(office.hand("r1"), sent.case_id, "Merci")
    office.letters_leave("r1")
    with SealedWriter(office.desks["r2"].vault) as writer:
        writer.write(SHOT)
        add_exhibit(office.hand("r2"), sent.case_id, "shot.png", "image/png", writer, Capture("r2", None, "", ""))
    office.rounds(times=2)
    hire_r4(office)
    return sent


def test_files_wait_for_the_letter_that_lists_them(office: OfficeHours, source: Source) -> None:
    """While the intake refuses a letter that was handed over, its files are not taken for ones that nobody lists."""
    cases.join(office.hand("r2"), source.case_id, "r4")
    office.rounds("r2", "r2")
    parts, office.shelves.pieces["parts"] = office.shelves.pieces["parts"], {}
    office.rounds("r4", "r4")
    assert stories(office, "r4", source.case_id) == []

    office.shelves.pieces["parts"] = parts
    office.rounds("r4", "r4")
    assert stories(office, "r4", source.case_id) == [STORY, "more"]
    with office.desks["r4"].vault.read() as connection:
        assert letters.file_of(connection, source.case_id, hashlib.sha256(PHOTO).digest()) is not None
        assert "damaged" not in {row[2] for row in letters.all_set_aside(connection)}


def stories(office: OfficeHours, one: str, case_id: bytes) -> list[str]:
    """The stories that lie in one vault."""
    with office.desks[one].vault.read() as connection:
        stored = letters.letters_of(connection, case_id)
    return [decode_content(each.content).story for each in stored if each.content is not None]


def test_newcomer_reads_letters_conversation_files_and_exhibits(office: OfficeHours, source: Source) -> None:
    """Story, answers, replies, the source's files and the reviewers' exhibits are all there, and they can answer."""
    assert source.case_id not in office.log("r4").cases
    cases.join(office.hand("r2"), source.case_id, "r4")
    office.rounds(times=3)

    assert stories(office, "r4", source.case_id) == [STORY, "more"]
    case = office.case("r4", source.case_id)
    assert [entry.content.text for entry in case.replies] == ["Merci"]
    with office.hand("r4").look() as look:
        files = files_of(look, look.case(source.case_id))
        assert {file.name: file.here for file in files} == {"photo.jpg": True, "empty.txt": True, "shot.png": True}
        photo = letters.file_of(look.connection, source.case_id, hashlib.sha256(PHOTO).digest())
    assert photo is not None
    assert b"".join(read_file(office.desks["r4"].vault, photo)) == PHOTO
    talk.reply(office.hand("r4"), source.case_id, "from r4")
    office.letters_leave("r4")
    assert [reply.text for reply in source.mailbox().replies][-1] == "from r4"
    assert office.rounds(times=2)


def test_each_piece_is_handed_over_once_and_to_the_newcomer_alone(office: OfficeHours, source: Source) -> None:
    """Nothing is sealed twice, whoever syncs how often, and no other reviewer's keys open it."""
    cases.join(office.hand("r1"), source.case_id, "r4")
    office.rounds(times=2)
    parts = set(office.shelves.pieces["parts"])
    office.rounds(times=2)
    assert set(office.shelves.pieces["parts"]) == parts

    handed = [each for each in office.case("r2", source.case_id).entries if isinstance(each.content, Handed)]
    assert len(handed) == 2 + 3
    said = next(each.content for each in handed if isinstance(each.content, Handed) and each.content.letter)
    listing = SealedFiles((File("x", "a/b", 0, said.size, said.sha256),), said.parts, said.index)
    for one, opens in (("r2", False), ("r4", True)):
        with office.desks[one].vault.read() as connection:
            identities = tuple(period_identities(connection).values())
        pieces = (
            b"".join(content)
            for _, content in read_files(listing, office.shelves.pieces["parts"].__getitem__, identities)
        )
        if opens:
            assert b"pangolin" in next(pieces)
        else:
            with pytest.raises(PartsError):
                next(pieces)


def test_letter_that_leaves_the_newcomer_out_is_not_handed_over(office: OfficeHours, source: Source) -> None:
    """A later letter that its source withholds from a reviewer who joined is not given to them by others."""
    cases.join(office.hand("r1"), source.case_id, "r4")
    office.rounds(times=2)
    source.send("not for r4", files={"secret.txt": b"secret"}, not_to=("r4",))
    office.rounds(times=3)

    assert stories(office, "r4", source.case_id) == [STORY, "more"]
    assert stories(office, "r3", source.case_id)[-1] == "not for r4"


def test_page_says_who_gave_the_letter(office: OfficeHours, source: Source) -> None:
    """A letter that was handed over is shown with the name of who gave it, one's own with nothing of the kind."""
    cases.join(office.hand("r1"), source.case_id, "r4")
    office.rounds(times=3)
    path = f"/cases/{source.case_id.hex()}"

    assert "this text was given to you by Desk r1" in open_browser(office, "r4").words(path)
    assert "was given to you" not in open_browser(office, "r2").words(path)


def test_false_letter_shows_at_those_who_have_the_true_one(office: OfficeHours, source: Source) -> None:
    """A reviewer who hands over other words in a letter's name is found out by every app that opened it itself."""
    with office.desks["r1"].vault.begin() as connection:
        first = letters.letters_of(connection, source.case_id)[0]
        assert first.content is not None
        forged = first.content.replace(b"pangolin", b"elephant")
        letters.mark_letter(connection, first.name, content=forged)
    cases.join(office.hand("r1"), source.case_id, "r4")
    office.rounds(times=3)

    assert "elephant" in stories(office, "r4", source.case_id)[0]
    with office.desks["r2"].vault.read() as connection:
        assert len(handed_wrongly(connection, office.case("r2", source.case_id))) == 1
    assert "was given another text" in open_browser(office, "r3").words(f"/cases/{source.case_id.hex()}")


@pytest.mark.parametrize("what", ["other case", "other tip", "unknown file", "nonsense"])
def test_what_does_not_belong_to_the_case_is_not_taken(office: OfficeHours, source: Source, what: str) -> None:
    """A letter of another conversation, of another form, a file that nothing lists, and nonsense are set aside."""
    cases.join(office.hand("r1"), source.case_id, "r4")
    office.rounds("r1")
    desk = office.desks["r1"]
    with desk.vault.read() as connection:
        first = letters.letters_of(connection, source.case_id)[0]
        sheet = sheet_in_force(connection, office.now)
    assert first.content is not None
    assert sheet is not None
    name: bytes | None = first.name
    content = first.content
    if what == "other case":
        content = content.replace(bytes(source.keys.conversation.public_key).hex().encode(), b"ab" * 32)
    elif what == "other tip":
        content = content.replace(first.tip.hex().encode(), bytes(16).hex().encode())
    elif what == "unknown file":
        name, content = None, b"a file"
    else:
        content = b"{}"
    sealer = FilesSealer(sheet, office.intakes["r1"].post_part, ["r1", "r2", "r3"])
    sealer.start_file("x", "a/b")
    sealer.write(content)
    sealer.end_file()
    listed = sealer.finish()
    digest = hashlib.sha256(content).digest()
    with office.hand("r3").work() as work:
        work.pen.write(
            Handed(
                on=office.now,
                case=source.case_id,
                reviewer="r4",
                letter=name,
                size=len(content),
                sha256=digest,
                parts=listed.parts,
                index=False,
            )
        )
    office.rounds("r3", "r4", "r1", "r4", "r4")

    assert stories(office, "r4", source.case_id) == [STORY, "more"]
    with office.desks["r4"].vault.read() as connection:
        assert letters.file_of(connection, source.case_id, digest) is None
        assert ("exhibits", "damaged") in {row[1:3] for row in letters.all_set_aside(connection)}


def test_letter_that_this_app_opened_itself_replaces_what_it_was_handed(office: OfficeHours, source: Source) -> None:
    """What was handed never stands in the place of what came sealed, whichever was here first."""
    with office.desks["r1"].vault.begin() as connection:
        own = letters.letters_of(connection, source.case_id)[0]
        handed = replace(own, name=bytes(32), content=b"{}", handed_by="r2", verified=False)
        letters.add_letter(connection, handed)
        letters.add_letter(connection, replace(own, name=bytes(32)))
        letters.add_letter(connection, handed)
        (kept,) = [one for one in letters.letters_of(connection, source.case_id) if one.name == bytes(32)]

    assert (kept.handed_by, kept.content) == (None, own.content)


def test_what_was_handed_over_is_erased_with_the_case(office: OfficeHours, source: Source) -> None:
    """After an erasure nothing of a case is left with the reviewer who joined it."""
    cases.join(office.hand("r1"), source.case_id, "r4")
    office.rounds(times=2)
    proposal = dossiers.propose_erasure(office.hand("r4"), source.case_id, "asked for")
    office.rounds(times=2)
    dossiers.confirm(office.hand("r2"), source.case_id, proposal)
    office.rounds(times=3)

    assert stories(office, "r4", source.case_id) == []
    assert not list(office.desks["r4"].vault.files.iterdir())
