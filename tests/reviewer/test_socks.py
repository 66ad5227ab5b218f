"""The way through tor: the name goes to tor, circuits are kept apart, and every refusal says what to do."""

import hashlib
import socket

import pytest

from crypto.onion import onion_of
from reviewer.errors import IntakeUnreachableError, OnionAddressError, OnionError, WayError
from reviewer.post import HttpIntake
from reviewer.socks import Socks, parse_socks, refusal, way
from tests.reviewer.socks_server import socks_server
from tests.reviewer.web_server import web_server

ONION = onion_of(bytes(range(32)))


def sign(method: str, path: str, body: bytes, at_least: int) -> str:
    """A token."""
    return f"Lapwing {method} {path} {hashlib.sha256(body).hexdigest()[:8]} {at_least}"


@pytest.mark.parametrize("kind", [1, 3, 4])
def test_onion_is_reached_through_tor_by_its_name(kind: int) -> None:
    """The name itself goes to the SOCKS port, and answers come back, whatever kind of address tor names."""
    with web_server() as web, socks_server(web.port) as tor:
        tor.kind = kind
        web.answers = [(200, b'{"letters":[]}')]
        client = HttpIntake(f"http://{ONION}", sign, 5, way(ONION, Socks("127.0.0.1", tor.port)))
        assert client.waiting("letters") == ()

        ((host, port, user),) = tor.asked
        assert (host, port) == (ONION, 80)
        assert len(user) == 32
        assert ("Host", ONION) in web.headers[0]


def test_each_way_has_its_own_circuits() -> None:
    """Requests of one way share a user name, another way has another: tor never lets them share a circuit."""
    with web_server() as web, socks_server(web.port) as tor:
        web.answers = [(200, b'{"letters":[]}')] * 4
        for _ in range(2):
            client = HttpIntake(f"http://{ONION}", sign, 5, way(ONION, Socks("127.0.0.1", tor.port)))
            client.waiting("letters")
            client.waiting("letters")

        first, again, other, _ = (user for _, _, user in tor.asked)
        assert first == again != other


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (0xF0, "no such onion"),
        (0xF1, "not valid"),
        (0xF2, "did not answer"),
        (0xF3, "did not answer"),
        (0xF4, "ClientOnionAuthDir"),
        (0xF5, "does not accept your key"),
        (0xF6, "typing error"),
        (0xF7, "in time"),
        (0x01, "behind it"),
        (0x04, "whether tor is connected"),
    ],
)
def test_refusal_of_tor_is_told_in_plain_words(code: int, words: str) -> None:
    """Each code that tor gives becomes a sentence with a remedy, and nothing else is tried."""
    with socks_server() as tor:
        tor.code = code
        client = HttpIntake(f"http://{ONION}", sign, 5, way(ONION, Socks("127.0.0.1", tor.port)))
        with pytest.raises(OnionError, match=words) as caught:
            client.waiting("letters")
        assert len(tor.asked) == 1

    assert caught.value.code == code == refusal(code).code
    assert ONION not in str(caught.value)


def test_without_tor_nothing_is_asked_elsewhere() -> None:
    """When nobody listens at the SOCKS port, the error says so; there is no direct connection."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    client = HttpIntake(f"http://{ONION}", sign, 5, way(ONION, Socks("127.0.0.1", port)))
    with pytest.raises(IntakeUnreachableError, match="start tor"):
        client.waiting("letters")


@pytest.mark.parametrize("greeting", [b"\x05\x00", b"\x05\xff", b"HT", b""])
def test_port_that_is_not_tors_is_told(greeting: bytes) -> None:
    """A SOCKS port that takes no user name cannot keep circuits apart, so it is refused like anything else."""
    with socks_server() as tor:
        tor.greeting = greeting
        client = HttpIntake(f"http://{ONION}", sign, 5, way(ONION, Socks("127.0.0.1", tor.port)))
        with pytest.raises(IntakeUnreachableError, match="is not tor"):
            client.waiting("letters")
        assert tor.asked == []


@pytest.mark.parametrize("answer", [b"\x01\x01", b"\x01\x00\x04\x00\x00\x01"])
def test_answer_that_is_not_socks_is_told(answer: bytes) -> None:
    """A refused password, or another version, is not taken for a stream."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        import threading

        def serve() -> None:
            line, _ = listening.accept()
            with line:
                line.recv(3)
                line.sendall(b"\x05\x02" + answer)
                line.recv(1024)

        thread = threading.Thread(target=serve)
        thread.start()
        client = HttpIntake(f"http://{ONION}", sign, 5, way(ONION, Socks("127.0.0.1", listening.getsockname()[1])))
        with pytest.raises(IntakeUnreachableError, match="is not tor"):
            client.waiting("letters")
        thread.join()


def test_onion_without_socks_is_refused() -> None:
    """An onion's name is never looked up by this computer."""
    with pytest.raises(WayError, match="needs tor"):
        way(ONION, None)
    with pytest.raises(WayError, match="needs tor"):
        HttpIntake(f"http://{ONION}", sign)


def test_onion_with_a_typing_error_is_refused() -> None:
    """The address is checked before tor is asked."""
    with pytest.raises(OnionAddressError, match="typing error"):
        way("a" * 56 + ".onion", Socks("127.0.0.1", 9050))


@pytest.mark.parametrize("host", ["intake.example", "192.0.2.7", "10.0.0.1"])
def test_anything_but_an_onion_must_be_this_computer(host: str) -> None:
    """Another machine is reached neither directly nor through an exit of tor."""
    with pytest.raises(WayError, match="on this computer"):
        way(host, None)
    with pytest.raises(WayError, match="only an onion"):
        way(host, Socks("127.0.0.1", 9050))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_this_computer_needs_no_tor(host: str) -> None:
    """The demonstration speaks to its intake directly."""
    assert way(host, None)(host, 80, 1).host == host


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("127.0.0.1:9050", Socks("127.0.0.1", 9050)),
        ("localhost:9150", Socks("127.0.0.1", 9150)),
        ("10.152.152.10:9050", Socks("10.152.152.10", 9050)),
        ("[::1]:9050", Socks("::1", 9050)),
    ],
)
def test_socks_port_is_an_address_and_a_number(text: str, expected: Socks) -> None:
    """Tor may run here or on the gateway of a virtual machine."""
    assert parse_socks(text) == expected


@pytest.mark.parametrize("text", ["", "9050", "tor.example:9050", "127.0.0.1", "127.0.0.1:0", "127.0.0.1:65536", ":1"])
def test_socks_port_that_is_none_is_refused(text: str) -> None:
    """A name would be looked up outside tor, so it is refused too."""
    with pytest.raises(WayError, match="must look like"):
        parse_socks(text)
