"""The client where a browser compiles nothing, as Tor Browser does at its level Safer."""

import json
from pathlib import Path

import pytest

from tests.client.node import ROOT, Core, sendable
from tests.client.source import Source, sent_keys
from tests.vectors.fixed import ROSTER, SHEET, TODAY, public, roster_envelope, sheet_envelope
from tests.wire.test_mailbox import KEYS, ORGANISATION, make, put


@pytest.mark.slow
def test_without_a_jit_the_same_is_found(node: str, bundles: Path) -> None:
    """Keys of a codename, a roster and a key sheet."""
    case = json.loads((ROOT / "tests/vectors/codename.json").read_text())["cases"][2]
    today = TODAY.isoformat()

    with Core((node, "--jitless", "--no-warnings", str(bundles / "driver.mjs"))) as core:
        keys = core.ask("derive", indices=case["indices"], instance=bytes.fromhex(case["instance"]))
        roster = core.ask("roster", envelope=roster_envelope().encode(), root=public("root").hex(), today=today)
        signed = sheet_envelope(SHEET.encode(), "r1", "r2")
        sheet = core.ask("sheet", envelope=signed, roster=ROSTER.encode(), today=today)

    assert {name: keys[name] for name in keys.keys() & case.keys()} == {name: case[name] for name in keys & case.keys()}
    assert keys["reply_recipient"] == case["reply_recipient"]
    assert roster["digest"] == ROSTER.digest.hex()
    assert sheet["digest"] == SHEET.digest.hex()


@pytest.mark.slow
def test_without_a_jit_letters_are_sealed_and_replies_found_alike(node: str, bundles: Path, tmp_path: Path) -> None:
    """A letter with a file of 3 MiB opens, and a reply is found."""
    content = bytes(range(251)) * 12_000
    with Core((node, "--jitless", "--no-warnings", str(bundles / "driver.mjs"))) as core:
        source = Source(core, tmp_path)
        letter = source.opened(source.seal([("a", "a/b", content)], story="vu à Genève")).letter
        shelf, rosters = put(make(1)), [sendable(ORGANISATION.roster.encode())]
        found = core.ask("replies", shelf=shelf, keys=sent_keys(KEYS), rosters=rosters)

    assert letter.story == "vu à Genève"
    assert source.files_of(letter) == {"a": content}
    assert [one[5] for one in found["replies"]] == ["reply 1"]
