"""Identity files, and `lapwing keys age`, which makes them."""

from pathlib import Path

import pytest

from crypto.errors import KeyFormatError
from crypto.hybrid import HybridIdentity
from crypto.x25519 import X25519Identity
from deploy.identity import FILE_LIMIT, parse_identity, parse_recipient, read_identities
from deploy.keys import main

IDENTITIES = (HybridIdentity.from_seed(bytes(range(32))), X25519Identity(bytes(range(32))))


def test_keys_are_told_by_how_they_begin() -> None:
    """Both kinds come back from their text, each as what it is."""
    for identity in IDENTITIES:
        assert parse_identity(identity.encode()).encode() == identity.encode()
        assert parse_recipient(identity.recipient.encode()) == identity.recipient


@pytest.mark.parametrize("text", ["", "age1", "age1pq1", "ssh-ed25519 AAAA", "AGE-SECRET-KEY-1", "age1pqx1qqqqqq"])
def test_what_is_neither_is_refused(text: str) -> None:
    """Other text is no key, and is not repeated."""
    for parse in (parse_recipient, parse_identity):
        with pytest.raises(KeyFormatError) as caught:
            parse(text)
        assert not text or text not in str(caught.value)


@pytest.mark.parametrize("options", [[], ["--classic"]])
def test_a_new_identity_goes_to_standard_output(options: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """A comment with the recipient and the identity, in the form of the age tools; each time another."""
    assert main(["age", *options]) == 0
    comment, line = capsys.readouterr().out.splitlines()

    identity = parse_identity(line)
    assert isinstance(identity, X25519Identity if options else HybridIdentity)
    assert comment == f"# public key: {identity.recipient.encode()}"
    assert main(["age", *options]) == 0
    assert line not in capsys.readouterr().out


def test_a_new_identity_in_a_file_is_for_its_owner_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The file is readable by its owner only, what is printed is the recipient, and nothing is ever overwritten."""
    path = tmp_path / "key"
    assert main(["age", "-o", str(path)]) == 0

    (identity,) = read_identities(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert capsys.readouterr().out == identity.recipient.encode() + "\n"
    before = path.read_bytes()
    assert main(["age", "-o", str(path)]) == 1
    assert path.read_bytes() == before


def test_a_bad_line_is_told_by_its_number(tmp_path: Path) -> None:
    """Who has many identities in a file learns which one is damaged, without seeing it."""
    path = tmp_path / "key"
    path.write_text(f"# mine\n{IDENTITIES[0].encode()}\n{IDENTITIES[1].encode()[:-1]}\n")

    with pytest.raises(KeyFormatError, match=r"^line 3 ") as caught:
        read_identities(path)

    assert IDENTITIES[1].encode()[20:40] not in str(caught.value)


def test_a_huge_file_is_no_identity_file(tmp_path: Path) -> None:
    """A file over a MiB, named by mistake, is refused and not read to its end; one of a MiB is read."""
    path = tmp_path / "key"
    line = IDENTITIES[0].encode().encode()
    path.write_bytes(line + b"\n" * (FILE_LIMIT - len(line)))
    assert len(read_identities(path)) == 1

    path.write_bytes(line + b"\n" * (FILE_LIMIT - len(line) + 1))
    with pytest.raises(KeyFormatError, match="1 MiB"):
        read_identities(path)
