"""A desk that sends dossiers, and the office that gets them."""

import io
import tarfile
from pathlib import Path

import pytest

from prosecutor.keyfile import OfficeKey
from tests.wire.dossiers import Desk
from wire.bag import seal_bag


@pytest.fixture(scope="session")
def desk() -> Desk:
    """Reviewers with a dossier."""
    return Desk()


@pytest.fixture(scope="session")
def key(desk: Desk) -> OfficeKey:
    """The office's key; it has noted no root."""
    return OfficeKey(desk.office.name, desk.identity, desk.office_key)


@pytest.fixture(scope="session")
def root(desk: Desk) -> bytes:
    """The organisation's root public key."""
    return bytes(desk.organisation.root.verify_key)


@pytest.fixture
def folder(desk: Desk, tmp_path: Path) -> Path:
    """An opened dossier."""
    with tarfile.open(fileobj=io.BytesIO(desk.bag(approvals=desk.approvals))) as archive:
        archive.extractall(tmp_path, filter="data")
    (only,) = tmp_path.iterdir()
    return only


@pytest.fixture(scope="session")
def sealed(desk: Desk) -> bytes:
    """The sealed dossier."""
    pieces: list[bytes] = []
    seal_bag(desk.draft, desk.organisation.roster_envelope, desk.approvals, desk.open_exhibit, pieces.append)
    return b"".join(pieces)
