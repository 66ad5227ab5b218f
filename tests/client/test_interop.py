"""The npm package age-encryption opens what the client seals, and the client opens what it seals."""

from pathlib import Path

import pytest

from crypto.hybrid import HybridIdentity
from tests.client.node import Core
from tests.client.source import Source, decoded
from tests.interop.test_typage import typage  # noqa: F401 - a fixture
from tests.interop.typage import Typage


@pytest.mark.parametrize("size", [1, 65_536, 1_048_576])
def test_the_other_implementation_opens_letters_and_files(
    core: Core,
    tmp_path: Path,
    typage: Typage,  # noqa: F811 - the fixture
    size: int,
) -> None:
    """Each reviewer gets letter and files with any age tool, cut at the offsets."""
    source = Source(core, tmp_path)
    content = bytes(range(256)) * (size // 256 + 1)
    sealed = source.seal([("a", "a/b", content[:size])], story="vu à Genève")
    (tmp_path / "letter.age").write_bytes(sealed)
    (tmp_path / "files.age").write_bytes(b"".join(source.parts()))
    identities = source.organisation.period.items()
    typage.run(
        *(
            {
                "verb": "unseal",
                "identities": [identity.encode()],
                "from": tmp_path / f"{name}.age",
                "to": tmp_path / f"{name}-{reviewer}",
            }
            for name in ("letter", "files")
            for reviewer, identity in identities
        )
    )
    for reviewer in source.organisation.ids:
        letter = (tmp_path / f"letter-{reviewer}").read_bytes()
        assert letter.startswith(source.opened(sealed).content + b'\n{"macs":{')
        files = (tmp_path / f"files-{reviewer}").read_bytes()
        assert files[:size] == content[:size]
        assert not any(files[size:])


def test_what_the_other_implementation_seals_is_opened(
    core: Core,
    tmp_path: Path,
    typage: Typage,  # noqa: F811 - the fixture
) -> None:
    """By its recipient, and by nobody else."""
    identity = HybridIdentity.generate()
    (tmp_path / "plain").write_bytes(b"hello")
    recipients = [identity.recipient.encode()]
    typage.run({"verb": "seal", "recipients": recipients, "from": tmp_path / "plain", "to": tmp_path / "sealed"})
    sealed = (tmp_path / "sealed").read_bytes()
    assert decoded(core.ask("unseal", sealed=sealed, seed=identity.seed)) == b"hello"
    assert core.ask("unseal", sealed=sealed, seed=HybridIdentity.generate().seed) is None
