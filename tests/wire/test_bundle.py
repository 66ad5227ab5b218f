"""What runs in sources' browsers is the same bytes for the same organisation, and says nothing that it should not."""

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.signing import SigningKey

from crypto.dsse import Envelope, sign
from tests.wire.organisation import Organisation
from wire import bundle
from wire.bundle import PAGE_BUNDLE, fill, page_bundle, sealer, sealer_digest
from wire.errors import BundleError, RosterError
from wire.roster import PAYLOAD_TYPE

PLACE = b"{{roster}}"
LIST = resources.files("crypto").joinpath("words", "eff_long.txt")


class Elements(HTMLParser):
    """Every element of a page with its attributes, and the text of its scripts and styles."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, str] = {}
        self.feed(page.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        """Note the text of the element that began last, if it is one whose text is raw."""
        tag, attributes = self.elements[-1] if self.elements else ("", {})
        if tag == self.cdata_elem and tag in {"script", "style"}:
            name = attributes.get("id") or tag
            self.texts[name] = self.texts.get(name, "") + data


@pytest.fixture(scope="module")
def organisation() -> Organisation:
    """One organisation."""
    return Organisation()


@pytest.fixture(scope="module")
def root(organisation: Organisation) -> bytes:
    """Its root's public key."""
    return bytes(organisation.root.verify_key)


def inside(page: bytes) -> dict[str, str]:
    """Read the data of a finished sealer, as a browser would."""
    data: dict[str, str] = json.loads(Elements(page).texts["roster"])
    return data


def test_the_sealer_holds_root_and_roster(organisation: Organisation, root: bytes) -> None:
    """What the sealer has inside is the root and the envelope that it signed."""
    envelope = organisation.roster_envelope.encode()

    data = inside(sealer(root, envelope))

    assert data == {"root": root.hex(), "roster": envelope.decode()}


def test_the_sealer_is_the_same_for_everybody(organisation: Organisation, root: bytes) -> None:
    """Two calls give the same bytes, and the digest is theirs."""
    envelope = organisation.roster_envelope.encode()

    assert sealer(root, envelope) == sealer(root, envelope)
    assert sealer_digest(root, envelope) == hashlib.sha256(sealer(root, envelope)).digest()


def test_signatures_of_others_change_nothing(organisation: Organisation, root: bytes) -> None:
    """Whoever adds a signature to the roster does not give others another sealer."""
    other = sign(PAYLOAD_TYPE, organisation.roster.encode(), SigningKey.generate())
    merged = organisation.roster_envelope.with_signatures(other)

    assert len(merged.signatures) == 2
    assert sealer(root, merged.encode()) == sealer(root, organisation.roster_envelope.encode())


def test_a_roster_of_another_root_is_refused(organisation: Organisation) -> None:
    """No sealer is made that would refuse its own roster."""
    with pytest.raises(RosterError, match="root key"):
        sealer(bytes(SigningKey.generate().verify_key), organisation.roster_envelope.encode())


@pytest.mark.parametrize("envelope", [b"", b"{}", b"no envelope"])
def test_what_is_no_envelope_is_refused(root: bytes, envelope: bytes) -> None:
    """Anything else than a signed envelope is refused as a roster."""
    with pytest.raises(RosterError):
        sealer(root, envelope)


def test_a_signed_thing_that_is_no_roster_is_refused(organisation: Organisation, root: bytes) -> None:
    """The root's signature alone makes no roster."""
    envelope = sign(PAYLOAD_TYPE, b"{}", organisation.root)

    with pytest.raises(RosterError):
        sealer(root, envelope.encode())


def test_the_policy_allows_the_one_script_and_no_network(organisation: Organisation, root: bytes) -> None:
    """The page's policy names the hashes of its own script and style, workers out of itself, and nothing else."""
    page = Elements(sealer(root, organisation.roster_envelope.encode()))
    policies = [
        str(attributes["content"])
        for tag, attributes in page.elements
        if tag == "meta" and attributes.get("http-equiv") == "Content-Security-Policy"
    ]

    def named(kind: str) -> str:
        digest = hashlib.sha256(page.texts[kind].encode()).digest()
        return f"'sha256-{base64.b64encode(digest).decode()}'"

    scripts = f"script-src {named('script')}; style-src {named('style')}; worker-src blob:"
    assert policies == [f"default-src 'none'; {scripts}; base-uri 'none'; form-action 'none'"]


def test_the_sealer_names_no_other_file(organisation: Organisation, root: bytes) -> None:
    """No element loads, links or sends to anything, and no attribute holds a script."""
    page = Elements(sealer(root, organisation.roster_envelope.encode()))

    names = {name for _, attributes in page.elements for name in attributes}

    assert not names & {"src", "href", "action", "data", "srcset", "poster", "background", "ping", "manifest"}
    assert not {name for name in names if name.startswith("on")}
    assert not re.search(r"@import|url\(", page.texts["style"])


def test_the_word_list_is_inside_as_it_is(organisation: Organisation, root: bytes) -> None:
    """The sealer carries the bytes of the word list, whose hash its script knows."""
    page = Elements(sealer(root, organisation.roster_envelope.encode()))

    words = page.texts["words"].split()

    assert len(words) == 7776
    assert hashlib.sha256(page.texts["words"].encode()).digest() == hashlib.sha256(LIST.read_bytes()).digest()


def test_the_page_bundle_is_named_by_its_hash() -> None:
    """What goes into a key sheet is the SHA-256 of what the intake serves."""
    assert hashlib.sha256(page_bundle()).digest() == PAGE_BUNDLE


@given(st.dictionaries(st.text(max_size=8), st.text(), max_size=4))
def test_data_cannot_end_its_element(data: dict[str, str]) -> None:
    """Whatever the data holds, a browser reads it back as it was and nothing else changes."""
    template = b'<script type="application/json" id="roster">{{roster}}</script><p>'

    page = fill(template, data)

    text = page.removeprefix(template.partition(PLACE)[0]).removesuffix(template.partition(PLACE)[2])
    assert json.loads(text) == data
    assert not set(text) & set(b"<>&")


@pytest.mark.parametrize("count", [0, 2])
def test_a_template_has_one_place(count: int) -> None:
    """A damaged template is noticed."""
    with pytest.raises(BundleError, match="one place"):
        fill(b"<p>" + PLACE * count, {})


def test_a_missing_file_is_told(monkeypatch: pytest.MonkeyPatch, organisation: Organisation, root: bytes) -> None:
    """An installation without the built sealer says so."""
    monkeypatch.setattr(bundle, "SEALER_NAME", "nothing.html")

    with pytest.raises(BundleError, match="missing"):
        sealer(root, organisation.roster_envelope.encode())


def test_the_envelope_inside_is_read_as_any_other(organisation: Organisation, root: bytes) -> None:
    """The text inside is the envelope's one encoding."""
    text = inside(sealer(root, organisation.roster_envelope.encode()))["roster"]

    assert Envelope.decode(text.encode()) == organisation.roster_envelope
