"""What our code writes, a reader that was written from docs/format.md alone opens; what it must refuse, it refuses."""

import ast
import hashlib
import secrets
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto.codename import Codename
from crypto.hybrid import HybridIdentity
from crypto.wordlist import LIST_ID, LIST_SIZE
from tests import second_reader as reader
from tests.second_reader import RefusedError
from tests.wire.contents import any_content
from tests.wire.dossiers import Desk
from tests.wire.organisation import INSTANCE, TODAY, WEEK, Organisation
from wire.bag import seal_bag
from wire.batch import CaseKey, Grant, Posted, encode_batch, seal_grant
from wire.content import Heads, Noted
from wire.content_kind import CaseContent, Content
from wire.errors import RosterError
from wire.event import Event, Opened, SignedEvent, commit, seal_content, sign_event
from wire.manifest import exhibit_path
from wire.parts import padded_size
from wire.receipt import Receipt, sign_receipt
from wire.reply import Reply, recipient_digest, seal_reply
from wire.roster import Removed, Reviewer, Roster
from wire.sealing import LetterSealer, seal_batch
from wire.tar import ending, member_header, padding

ROOT = Path(__file__).parent.parent
WORDS = (ROOT / "crypto/words/eff_long.txt").read_text("ascii").split()
ORGANISATION = Organisation()
CODENAME = Codename.generate()
KEYS = CODENAME.derive(INSTANCE)
CASE = CaseKey(bytes(16), secrets.token_bytes(32))


def read_roster(organisation: Organisation) -> reader.Roster:
    """The organisation's roster as the second reader has it."""
    envelope = reader.read_envelope(organisation.roster_envelope.encode())
    return reader.read_roster(envelope, bytes(organisation.root.verify_key), TODAY)


def test_the_second_reader_imports_nothing_of_ours() -> None:
    """It stands on the standard library, PyNaCl and cryptography alone."""
    tree = ast.parse((ROOT / "tests/second_reader.py").read_text("utf-8"))
    names = {each.name for node in ast.walk(tree) if isinstance(node, ast.Import) for each in node.names}
    names |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    ours = {"crypto", "wire", "submission", "reviewer", "prosecutor", "deploy", "bench", "tests"}
    assert {name.partition(".")[0] for name in names} & ours == set()


@pytest.mark.parametrize("spoil", [str.upper, lambda text: text.replace(" ", "-"), lambda text: f"\n {text}\u2003"])
def test_a_codename_gives_the_same_keys(spoil: "type[str]") -> None:
    """However it is typed, both readers derive the same four keys from it."""
    keys = reader.codename_keys(spoil(str(CODENAME)), WORDS, INSTANCE)
    assert keys.reply == KEYS.reply.seed
    assert keys.conversation == bytes(KEYS.conversation)
    assert (keys.shelf, keys.case_key) == (KEYS.shelf, KEYS.case_key)
    assert reader.public_half(keys.reply) == KEYS.reply.recipient.raw


def codename_check(positions: tuple[int, ...]) -> int:
    """The position of the check word, as docs/format.md tells."""
    encoded = b"".join(position.to_bytes(2, "big") for position in positions)
    return int.from_bytes(hashlib.sha256(b"lapwing/v1/check word" + LIST_ID + encoded).digest()[:8], "big") % LIST_SIZE


def test_words_with_a_hyphen_are_read_either_way() -> None:
    """The four words of the list that have a hyphen may be typed with a space instead."""
    hyphened = [index for index, word in enumerate(WORDS) if "-" in word]
    assert len(hyphened) == 4
    seven = (*hyphened, 0, 1, 2)
    codename = Codename((*seven, codename_check(seven)))
    keys = reader.codename_keys(str(codename).replace("-", " "), WORDS, INSTANCE)
    assert keys.shelf == codename.derive(INSTANCE).shelf


def test_a_roster_and_a_key_sheet_are_read() -> None:
    """Both are the same to both readers, names and digests included."""
    found = read_roster(ORGANISATION)
    assert found.digest == ORGANISATION.roster.digest
    assert found.keys == {one.id: one.key for one in ORGANISATION.roster.reviewers}
    sheet = reader.read_sheet(reader.read_envelope(ORGANISATION.sign_sheet("r1", "r2").encode()), found, TODAY)
    assert sheet["digest"] == ORGANISATION.sheet.digest
    assert [one["recipient"] for one in sheet["keys"]] == [one.raw for _, one in ORGANISATION.sheet.keys]


def test_too_few_signatures_on_a_key_sheet_are_refused() -> None:
    """One reviewer's word is not enough, nor is a roster by another root."""
    with pytest.raises(RefusedError, match="too few"):
        reader.read_sheet(
            reader.read_envelope(ORGANISATION.sign_sheet("r1").encode()), read_roster(ORGANISATION), TODAY
        )
    with pytest.raises(RefusedError, match="not by the root"):
        reader.read_roster(reader.read_envelope(ORGANISATION.roster_envelope.encode()), bytes(32))


def seal_tip(files: dict[str, bytes], **changes: object) -> tuple[bytes, dict[bytes, bytes]]:
    """Return a letter with these files, sealed by our code, and its parts by name."""
    parts: list[bytes] = []
    sealer = LetterSealer(ORGANISATION.sheet, ORGANISATION.roster, KEYS, "device", store=parts.append)
    for name, content in files.items():
        sealer.start_file(name, "image/jpeg")
        sealer.write(content)
        sealer.end_file()
    letter = sealer.finish(bytes(16), 1, "fr", {"species": "象 \u0001"}, str(changes.get("story", "Où ?\n")))
    return letter, {hashlib.sha256(part).digest(): part for part in parts}


@pytest.mark.parametrize(
    "files",
    [{}, {"a": b""}, {"tusk é.jpg": b"\xff\xd8" * 100, "b": b"", "c.txt": b"c"}, {"a": secrets.token_bytes(2_100_000)}],
    ids=["none", "empty", "three", "large"],
)
def test_a_tip_is_opened(files: dict[str, bytes]) -> None:
    """Letter, MAC, parts and files are what was sealed, for each reviewer."""
    letter, parts = seal_tip(files)
    for who in ORGANISATION.ids:
        tip = reader.open_tip(letter, parts, [ORGANISATION.period[who].seed], who, bytes(ORGANISATION.signing[who]))
        assert dict(tip.files) == files
        assert tip.content["story"] == "Où ?\n"
        assert tip.content["fields"] == {"species": "象 \u0001"}
        assert tip.content["case_key"] == KEYS.case_key
        assert tip.content["week"] == WEEK.monday


def test_a_long_story_is_a_file() -> None:
    """A story that does not fit comes as the last file."""
    letter, parts = seal_tip({"a": b"a"}, story="象\n" * 3_000)
    tip = reader.open_tip(letter, parts, [ORGANISATION.period["r1"].seed], "r1", bytes(ORGANISATION.signing["r1"]))
    assert tip.files[-1] == ("story.txt", ("象\n" * 3_000).encode())
    assert tip.content["story"] == ("象\n" * 3_000)[:500]


@pytest.mark.slow
def test_an_index_is_followed() -> None:
    """Where the files have more than 64 parts, their names are found in the index."""
    content = bytes(65 * 2**20)
    letter, parts = seal_tip({"a": content})
    tip = reader.open_tip(letter, parts, [ORGANISATION.period["r1"].seed], "r1", bytes(ORGANISATION.signing["r1"]))
    assert tip.content["index"]
    assert tip.files == (("a", content),)


def test_a_tip_that_was_changed_is_refused() -> None:
    """A letter, a part, a MAC for somebody else: each is refused."""
    letter, parts = seal_tip({"a": b"abc"})
    seeds, signing = [ORGANISATION.period["r1"].seed], bytes(ORGANISATION.signing["r1"])
    changed = letter[:-1] + bytes([letter[-1] ^ 1])
    for sealed, kept, who in ((changed, parts, "r1"), (letter, {}, "r1"), (letter, parts, "r2"), (b"", parts, "r1")):
        with pytest.raises(RefusedError):
            reader.open_tip(sealed, kept, seeds, who, signing)


@given(st.integers(0, 5_000_000), st.sampled_from([6_369, 12_597, 18_825, 25_053]))
def test_padding_takes_as_many_parts_to_both(size: int, header: int) -> None:
    """From the format alone follows how many parts files have."""
    padded = padded_size(header, size)
    sealed = header + 16 + padded + 16 * -(-padded // 65_536)
    assert sealed == reader._parts_for(header, size) * reader.PART


def reply(number: int, text: str = "Merci.") -> bytes:
    """A reply to the codename, sealed by our code."""
    said = Reply(
        instance=INSTANCE,
        conversation=bytes(KEYS.conversation.public_key),
        reviewer="r2",
        number=number,
        seen=1,
        week=WEEK,
        roster=ORGANISATION.roster.digest,
        recipient=recipient_digest(KEYS.reply.recipient),
        text=text,
    )
    return seal_reply(said, ORGANISATION.signing["r2"], KEYS.reply.recipient)


def test_replies_are_found_from_the_codename_and_the_word_list() -> None:
    """From a shelf with strangers' replies, doubles and a gap, the codename's own are picked."""
    shelf = [reply(1), reply(3, 'Où ?\n"象"'), reply(1), bytes(16_384), b""]
    keys = reader.codename_keys(str(CODENAME), WORDS, INSTANCE)
    found, missing = reader.open_shelf(shelf, keys, [read_roster(ORGANISATION)])
    assert [(one["number"], one["text"]) for one in found] == [(1, "Merci."), (3, 'Où ?\n"象"')]
    assert missing == {("r2", 2)}
    assert reader.open_shelf(shelf, keys, [read_roster(Organisation())]) == ([], set())


@given(any_content())
def test_contents_of_every_kind_are_read_alike(content: Content) -> None:
    """What our code writes as the content of an event, the second reader takes as that kind and case."""
    padded = commit(content.encode()).content
    found = reader.read_content(padded)
    assert found["on"] == content.on
    if isinstance(content, CaseContent):
        assert found["case"] == content.case
    else:
        assert "case" not in found


def posted(content: Content | bytes, number: int, *, boxed: bool, key: bytes = CASE.key) -> tuple[SignedEvent, Posted]:
    """An event by the first reviewer as it travels."""
    opened = commit(content if isinstance(content, bytes) else content.encode())
    previous = None if number == 1 else bytes([number]) * 32
    event = Event(INSTANCE, "r1", number, previous, (bytes(32), b"h" * 32), opened.commitment)
    signed = sign_event(event, ORGANISATION.signing["r1"])
    if boxed:
        return signed, Posted(signed.envelope, box=seal_content(opened, key, signed.id))
    return signed, Posted(signed.envelope, opened)


def test_a_batch_of_the_case_log_is_opened() -> None:
    """Events, open and boxed contents, and the keys of a grant are what was sealed."""
    heads, open_item = posted(Heads(on=TODAY, missing=(b"m" * 32,)), 1, boxed=False)
    note, boxed_item = posted(Noted(on=TODAY, case=CASE.case, text="Vu."), 2, boxed=True)
    later, unknown_item = posted(b'{"v":1,"kind":"of a later version"}', 3, boxed=False)
    grant = seal_grant([CASE], [ORGANISATION.period["r2"].recipient])
    lines = encode_batch([open_item, boxed_item, unknown_item, grant])
    sealed = seal_batch(ORGANISATION.sheet, ORGANISATION.roster, lines)
    found = read_roster(ORGANISATION)

    batch = reader.open_batch(sealed, [ORGANISATION.period["r2"].seed], found)
    assert [one.id for one in batch.events] == [heads.id, note.id, later.id]
    said = [one.content for one in batch.events]
    assert said[0] is not None
    assert said[1] is not None
    assert said[0]["missing"] == (b"m" * 32,)
    assert (said[1]["case"], said[1]["text"]) == (CASE.case, "Vu.")
    assert said[2] is None
    assert batch.events[1].fields["heads"] == (bytes(32), b"h" * 32)
    assert batch.keys == ((CASE.case, CASE.key),)

    without = reader.open_batch(sealed, [ORGANISATION.period["r3"].seed], found)
    assert without.keys == ()
    assert without.events[1].content is None
    given = reader.open_batch(sealed, [ORGANISATION.period["r3"].seed], found, [(CASE.case, CASE.key)])
    assert given.events == batch.events


def test_a_batch_says_only_what_was_committed_to() -> None:
    """A swapped content, a key for another case, a strange signer: none of them says anything."""
    roster_read = read_roster(ORGANISATION)
    signed, item = posted(Heads(on=TODAY), 1, boxed=False)
    assert item.opened is not None
    swapped = Posted(item.envelope, Opened(bytes(32), item.opened.content))
    assert reader.read_lines(encode_batch([swapped]), [], roster_read).events == ()
    _, note = posted(Noted(on=TODAY, case=CASE.case, text="Vu."), 2, boxed=True)
    other = reader.read_lines(encode_batch([note]), [], roster_read, [(b"c" * 16, CASE.key)])
    assert other.events[0].content is None
    stranger = sign_event(signed.event, Organisation().signing["r1"])
    assert reader.read_lines(encode_batch([replace(item, envelope=stranger.envelope)]), [], roster_read).events == ()
    assert reader.read_lines(encode_batch([Grant(b"age")]), [], roster_read).keys == ()


def test_a_sealed_dossier_is_opened_and_verified() -> None:
    """From the office's identity come the bag's files, each checked, and who approved."""
    desk = Desk(ORGANISATION)
    pieces: list[bytes] = []
    seal_bag(desk.draft, ORGANISATION.roster_envelope, desk.approvals, desk.open_exhibit, pieces.append)
    sealed = b"".join(pieces)

    dossier = reader.open_dossier(sealed, desk.identity.seed, bytes(ORGANISATION.root.verify_key))
    assert dossier.approved == ("r1", "r2")
    assert dossier.fields["title"] == desk.draft.title
    assert [dossier.files[path] for path in desk.draft.paths] == list(desk.contents)
    assert dossier.digest == hashlib.sha256(dossier.files["dossier.json"]).digest()

    for seed, root in ((HybridIdentity.generate().seed, None), (desk.identity.seed, bytes(32))):
        with pytest.raises(RefusedError):
            reader.open_dossier(sealed, seed, root)
    for name in dossier.files:
        changed = dict(dossier.files) | {name: dossier.files[name] + b" "}
        with pytest.raises(RefusedError):
            reader.verify_bag(changed, None)
        with pytest.raises(RefusedError):
            reader.verify_bag({each: dossier.files[each] for each in dossier.files if each != name}, None)
    with pytest.raises(RefusedError):
        reader.verify_bag({**dossier.files, "data/exhibits/03-more.txt": b""}, None)


def test_a_dossier_of_one_approval_is_refused() -> None:
    """The second reader counts approvals too."""
    desk = Desk(ORGANISATION)
    found = reader.untar(desk.bag())
    bag = {name.partition("/")[2]: content for name, content in found.items()}
    one = b'{"v":1,"approvals":[' + desk.approvals[0].encode() + b"]}\n"
    with pytest.raises(RefusedError, match="too-few-approvals"):
        reader.verify_bag({**bag, "approvals.json": one}, None)


@given(st.text(max_size=60), st.integers(1, 100))
def test_exhibits_have_the_same_names_to_both(name: str, place: int) -> None:
    """The path of an exhibit follows from its name as the format tells."""
    assert reader.exhibit_path(place, name) == exhibit_path(place, name)


@given(st.from_regex(r"[a-z0-9-]{1,70}", fullmatch=True), st.integers(0, 2**33 - 1))
def test_tar_headers_are_the_same_to_both(name: str, size: int) -> None:
    """There is one header for a name and a size, also where folder and name together are over 100 bytes."""
    path = f"dossier-{bytes(16).hex()}/data/exhibits/{name}"
    assert reader.tar_header(path, size) == member_header(path, size)


def test_a_tar_with_anything_else_is_refused() -> None:
    """Something behind the end, a cut, a name twice, another mode: each is refused."""
    body = member_header("a/b", 3) + b"abc" + padding(3)
    good = body + ending(len(body))
    assert reader.untar(good) == {"a/b": b"abc"}
    twice = body + body + ending(2 * len(body))
    mode = good.replace(b"0000644", b"0000755", 1)
    for wrong in (good + bytes(512), good[:-512], body, twice, mode, good.replace(b"abc\0", b"abcd", 1)):
        with pytest.raises(RefusedError):
            reader.untar(wrong)


def test_a_receipt_is_read() -> None:
    """An office's question is the same to both, and no other office's."""
    desk = Desk(ORGANISATION)
    said = Receipt(INSTANCE, b"d" * 32, desk.office.digest, TODAY, "question", "Où ?")
    envelope = reader.read_envelope(sign_receipt(said, desk.office_key).encode())
    found = reader.open_receipt(envelope, desk.office.recipient.raw, desk.office.key, b"d" * 32)
    assert (found["kind"], found["text"], found["opened"]) == ("question", "Où ?", TODAY)
    with pytest.raises(RefusedError):
        reader.open_receipt(envelope, desk.office.recipient.raw, bytes(ORGANISATION.root.verify_key), b"d" * 32)


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=80))
def test_rosters_are_refused_or_taken_alike(label: str) -> None:
    """Whatever a label holds, both readers take the roster or both refuse it."""
    people = (Reviewer("r1", label, bytes(32)), Reviewer("r2", "b", b"b" * 32))
    gone = (Removed("r3", b"c" * 32), Removed("r4", b"d" * 32, b"e" * 32))
    try:
        ours: Roster | None = Roster(1, INSTANCE, TODAY, 2, bytes(32), people, gone)
    except RosterError:
        ours = None
    values = Roster(1, INSTANCE, TODAY, 2, bytes(32), (replace(people[0], label="x"), people[1]), gone).encode()
    payload = values.replace(b'"label":"x"', b'"label":' + reader.compact(label))
    envelope = reader.Envelope(reader.TYPE.format("roster"), payload, {})
    try:
        theirs: reader.Roster | None = reader.read_roster(envelope, None)
    except RefusedError:
        theirs = None
    assert (theirs.digest if theirs else None) == (ours.digest if ours else None)
