"""Since when a letter was known: an office checks the signatures and what is shown, and is told what does not hold."""

import hashlib
import io
import re
import tarfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from prosecutor import cli
from prosecutor.errors import ChangedFileError, MissingFileError
from prosecutor.verify import verify
from tests.prosecutor.test_verify import edit, set_dossier
from tests.wire.dossiers import Desk
from tests.wire.organisation import WEEK
from tests.wire.test_letter import LETTER as SENT
from wire.attestation import attest
from wire.attested import STORY, show
from wire.errors import AttestationError, DossierError
from wire.known import KnownLetter, encode_file
from wire.manifest import ALGORITHMS, ATTESTATIONS, read_manifest, write_manifest

LETTER = replace(SENT, story="Ivory, in a lorry.")
OTHER = replace(LETTER, story="Ivory, in a boat.")


def attested(desk: Desk, *by: str) -> KnownLetter:
    """The letter with its story, as these reviewers' apps attest it."""
    keys = desk.organisation.signing
    return KnownLetter(tuple(attest(LETTER, WEEK, one, keys[one]) for one in by), show(LETTER, {STORY}))


@pytest.fixture
def known(desk: Desk, tmp_path: Path) -> Path:
    """An opened dossier that tells since when its letter was known."""
    draft = replace(desk.draft, known=(attested(desk, "r1", "r2"),))
    with tarfile.open(fileobj=io.BytesIO(desk.bag(draft))) as archive:
        archive.extractall(tmp_path, filter="data")
    (only,) = tmp_path.iterdir()
    return only


def put(folder: Path, desk: Desk, letter: KnownLetter) -> None:
    """Put in what does not hold, as reviewers could who agree to lie: manifests, dossier.json and approvals fit it."""
    (folder / ATTESTATIONS).write_bytes(content := encode_file(desk.draft.dossier, [letter]))
    digests: dict[bytes, bytes] = {}
    for algorithm in ALGORITHMS:
        manifest = folder / f"manifest-{algorithm}.txt"
        before = manifest.read_bytes()
        listed = read_manifest(before, algorithm) | {ATTESTATIONS: hashlib.new(algorithm, content).digest()}
        manifest.write_bytes(after := write_manifest(listed))
        digests[hashlib.sha256(before).hexdigest().encode()] = hashlib.sha256(after).hexdigest().encode()

    def change(dossier: bytes) -> bytes:
        for one, other in digests.items():
            dossier = dossier.replace(one, other)
        return dossier

    sizes = [path.stat().st_size for path in (folder / "data").rglob("*") if path.is_file()]
    oxum = f"Payload-Oxum: {sum(sizes)}.{len(sizes)}".encode()
    edit(folder / "bag-info.txt", lambda info: re.sub(rb"Payload-Oxum: .*", oxum, info))
    set_dossier(folder, desk, change)


def test_since_when_it_was_known_is_verified(known: Path, desk: Desk, root: bytes) -> None:
    """Week, reviewers and story come from what was verified."""
    (shown,) = verify(known, root, desk.office).known

    assert (shown.known.week, shown.known.reviewers, shown.story) == (WEEK, ("r1", "r2"), LETTER.story)


def test_a_dossier_without_it_says_nothing_of_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nobody is told of a date that is not there."""
    assert verify(folder).known == ()
    assert cli.main(["verify", str(folder)]) == cli.FINE
    assert "known by" not in capsys.readouterr().out


def test_the_command_tells_it_in_words(known: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Known by which week, to whom, and what is shown; never that it was the first."""
    assert cli.main(["verify", str(known)]) == cli.FINE
    told = capsys.readouterr().out

    assert "known by:     the week of 2026-11-23 to reviewers Desk r1, Desk r2" in told
    assert "shown: the story" in told
    assert "first" not in told


@pytest.mark.parametrize(
    ("lie", "message"),
    [
        (lambda good: replace(good, attestations=good.attestations[:1]), "1 given, 2 are needed"),
        (lambda good: replace(good, opening=show(OTHER, {STORY})), "not of the letter that was attested"),
        (
            lambda good: replace(
                good,
                attestations=(
                    good.attestations[0],
                    replace(
                        good.attestations[1], signatures=(replace(good.attestations[1].signatures[0], value=bytes(64)),)
                    ),
                ),
            ),
            "not signed by the reviewer",
        ),
    ],
    ids=["one attestation alone", "a changed story", "a forged signature"],
)
def test_a_lie_that_reviewers_approved_is_told(
    known: Path,
    desk: Desk,
    capsys: pytest.CaptureFixture[str],
    lie: Callable[[KnownLetter], KnownLetter],
    message: str,
) -> None:
    """Whatever two approved: the office's own check of signatures and opening names what is wrong, and exits with 1."""
    put(known, desk, lie(attested(desk, "r1", "r2")))

    with pytest.raises(AttestationError, match=message):
        verify(known)
    assert cli.main(["verify", str(known)]) == cli.NOT_VERIFIED
    assert "not verified (attestation): " in capsys.readouterr().err


def test_attestations_of_another_letter_are_told(known: Path, desk: Desk) -> None:
    """Whole attestations with a whole opening, of a letter that dossier.json does not list, are named."""
    keys = desk.organisation.signing
    foreign = KnownLetter(tuple(attest(OTHER, WEEK, one, keys[one]) for one in ("r1", "r2")), show(OTHER, {STORY}))
    put(known, desk, foreign)

    with pytest.raises(AttestationError, match="something else than dossier"):
        verify(known)


def test_what_was_put_in_honestly_still_holds(known: Path, desk: Desk) -> None:
    """The tool that makes the lies above makes a good folder of the truth."""
    put(known, desk, attested(desk, "r1", "r2"))

    assert verify(known).known


def test_the_file_is_one_of_the_dossier(known: Path) -> None:
    """Changed or gone, it is named like any other file."""
    content = (known / ATTESTATIONS).read_bytes()
    edit(known / ATTESTATIONS, lambda data: data.replace(b"a", b"b"))
    with pytest.raises(ChangedFileError, match="attestations"):
        verify(known)
    (known / ATTESTATIONS).unlink()
    with pytest.raises(MissingFileError, match="attestations"):
        verify(known)
    (known / ATTESTATIONS).write_bytes(content)
    assert verify(known).known


def test_a_file_that_dossier_json_does_not_name_is_refused(known: Path, desk: Desk) -> None:
    """Where dossier.json lists no letter, the manifests must not list the file either."""
    set_dossier(known, desk, lambda content: re.sub(rb',"known":.*$', b"}", content))
    with pytest.raises(DossierError, match="do not list what it lists"):
        verify(known)
