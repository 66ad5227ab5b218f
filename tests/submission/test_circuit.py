"""Tor's line is taken in exactly its one form; anything else is no way into the intake."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from submission.circuit import LONGEST, take_circuit
from submission.errors import NoRequestError
from tests.submission.tor import address, line

REAL = b"PROXY TCP6 fc00:dead:beef:4dad::0:1c ::1 28 80\r\n"
"""As tor 0.4.9 wrote it."""


@given(st.integers(0, 2**32 - 1), st.integers(1, 65_535), st.binary(max_size=300))
def test_what_tor_writes_is_taken_and_the_request_left(circuit: int, port: int, request: bytes) -> None:
    """The circuit of any number is named, and what follows the line stays as it came."""
    head = bytearray(line(circuit, port) + request)

    assert take_circuit(head) == address(circuit)
    assert head == request


def test_the_line_of_a_real_tor_is_taken() -> None:
    """The line that was seen in front of a real connection gives its address."""
    assert take_circuit(bytearray(REAL)) == "fc00:dead:beef:4dad::0:1c"


@pytest.mark.parametrize("size", range(len(REAL)))
def test_a_line_that_is_not_whole_is_waited_for(size: int) -> None:
    """Every beginning of a line is neither taken nor refused."""
    head = bytearray(REAL[:size])

    assert take_circuit(head) is None
    assert head == REAL[:size]


@pytest.mark.parametrize(
    "head",
    [
        b"GET / HTTP/1.1\r\n",
        b"\r\n",
        b"PROXY UNKNOWN\r\n",
        b"PROXY TCP4 127.0.0.1 127.0.0.1 28 80\r\n",
        b"PROXY TCP6 2001:db8::1 ::1 28 80\r\n",
        b"PROXY TCP6 fc00:dead:beef:4dae::0:1c ::1 28 80\r\n",
        b"PROXY TCP6 fc00:dead:beef:4dad::0:1c ::2 28 80\r\n",
        b"PROXY TCP6 fc00:dead:beef:4dad::0:1C ::1 28 80\r\n",
        b"PROXY TCP6 fc00:dead:beef:4dad:::1c ::1 28 80\r\n",
        b"PROXY TCP6 fc00:dead:beef:4dad::0:10000 ::1 28 80\r\n",
        b"PROXY TCP6 fc00:dead:beef:4dad::0:1c ::1 0 80\r\n",
        b"PROXY TCP6 fc00:dead:beef:4dad::0:1c ::1 28 65536\r\n",
        b"PROXY TCP6 fc00:dead:beef:4dad::0:1c ::1 65536 80\r\n",
        b"PROXY TCP6 fc00:dead:beef:4dad::0:1c ::1 028 80\r\n",
        b"PROXY TCP6 fc00:dead:beef:4dad::0:1c ::1 28  80\r\n",
        b"PROXY TCP6 fc00:dead:beef:4dad::0:1c ::1 28 80 \r\n",
        b"PROXY TCP6 fc00:dead:beef:4dad::0:1c ::1 28\r\n",
        b"PROXY TCP6 fc00:dead:beef:4dad::0:1c ::1 28 80\nGET /\r\n",
        b"proxy tcp6 fc00:dead:beef:4dad::0:1c ::1 28 80\r\n",
        b"\r\n\r\n\x00\r\nQUIT\n\x21\x21\x00\x24" + bytes(36),
        b"PROXY TCP6 fc00:dead:beef:4dad::0:1c ".ljust(LONGEST, b"0"),
    ],
)
def test_another_line_is_refused(head: bytes) -> None:
    """No line, one of another kind, and one with a visitor's own address are refused, and nothing of them told."""
    with pytest.raises(NoRequestError) as refused:
        take_circuit(bytearray(head))
    assert "4da" not in str(refused.value)
    assert "2001" not in str(refused.value)


@given(st.binary(max_size=200) | st.binary(max_size=120).map(lambda rest: REAL[:33] + rest))
def test_any_bytes_are_a_line_or_waited_for_or_refused(head: bytes) -> None:
    """No bytes cause another error, and none are waited for beyond the longest line."""
    arrived = bytearray(head)
    try:
        circuit = take_circuit(arrived)
    except NoRequestError:
        return
    if circuit is None:
        assert arrived == head
        assert len(head) < LONGEST
    else:
        assert circuit.startswith("fc00:dead:beef:4dad::")
        assert head.endswith(arrived)
