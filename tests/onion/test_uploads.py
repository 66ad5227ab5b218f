"""A large file over tor: it arrives whole; a circuit that breaks in the middle is told, and sending again is enough."""

import contextlib
import os
import secrets
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from deploy.material import digest
from submission.visit import MOST_BODY
from submission.worker import PLACES
from tests.onion.control import Control
from tests.onion.firefox import Firefox
from tests.onion.place import Place, eventually, fetched
from tests.onion.torbrowser import Level

MEBIBYTE = 1024**2
SIZE = 25 * MEBIBYTE
SEND = "form[action*='/tip'] button[type=submit]"

at_safest = pytest.mark.parametrize("level", [Level.SAFEST], indirect=True, ids=lambda level: level.value)


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """A file of 25 MiB."""
    path = tmp_path / "film.bin"
    path.write_bytes(os.urandom(SIZE))
    return path


def fill_in(place: Place, browser: Firefox, film: Path) -> tuple[str, str]:
    """Write a story with a mark and choose the film; return the mark and the codename."""
    mark = secrets.token_hex(16)
    browser.open(f"http://{place.visitors}/tip")
    browser.type("textarea[name=story]", f"I filmed the shop. {mark}")
    browser.choose("input[name=files]", film)
    return mark, browser.text_of(".codename .words")


def cases_with(place: Place, mark: str) -> list[str]:
    """The cases of a desk whose page has a mark."""
    desk = place.desks[0]
    return [case for case in desk.cases() if mark in desk.case(case).text]


def break_circuit(tor: Control, onion: str) -> None:
    """Close the circuit to an onion as soon as more than a mebibyte of something went through it."""
    tor.ask("SETEVENTS STREAM_BW")
    while max(int(size) for size in tor.event().split()[2:4]) < MEBIBYTE:
        pass
    lines = [line.removeprefix("stream-status=").split() for line in tor.ask("GETINFO stream-status")]
    circuits = {line[2] for line in lines if line and line[-1].startswith(onion)}
    assert circuits
    for circuit in circuits:
        tor.ask(f"CLOSECIRCUIT {circuit}")


def send_and_break(place: Place, browser: Firefox) -> None:
    """Press the button, and break the circuit while the form goes up."""
    with place.source.control() as tor, ThreadPoolExecutor(1) as aside:
        breaking = aside.submit(break_circuit, tor, place.visitors)
        browser.send(SEND)
        breaking.result()


@at_safest
def test_a_large_file_arrives_whole(place: Place, browser: Firefox, film: Path) -> None:
    """A film of 25 MiB goes up in one form and comes out of a reviewer's vault byte for byte."""
    mark, codename = fill_in(place, browser, film)

    began = time.monotonic()
    browser.send(SEND)
    place.figures["25 MiB in one form, MiB/s"] = SIZE / MEBIBYTE / (time.monotonic() - began)

    assert "Your text and 1 file were sealed on arrival and are stored." in browser.text
    assert browser.text_of(".codename .words") == codename
    case = eventually("the tip at a desk", lambda: place.desks[0].case_with(mark))
    assert eventually("the film", lambda: fetched(place.desks[0], case, digest(film))) == digest(film)


@contextlib.contextmanager
def crowd_on(place: Place) -> Iterator[None]:
    """As many forms with files as one circuit may have at work and waiting, on the browser's circuit, unending."""
    places, lines, end = PLACES["forms with files"], list[socket.socket](), threading.Event()

    def drip() -> None:
        while not end.wait(1):  # who does not move is let go after a while
            for line in lines:
                with contextlib.suppress(OSError):
                    line.send(bytes(4_096))

    with contextlib.ExitStack() as held, ThreadPoolExecutor(1) as aside:
        for _ in range(places.each + places.waiting):
            # Like the browser it gives tor no user name, by which circuits would be kept apart.
            line = held.enter_context(socket.create_connection(("127.0.0.1", place.source.socks_port), 60))
            host = place.visitors.encode("ascii")
            for sent, answer in (
                (b"\5\1\0", 2),
                (b"\5\1\0\3" + bytes([len(host)]) + host + (80).to_bytes(2, "big"), 10),
            ):
                line.sendall(sent)
                assert line.recv(answer, socket.MSG_WAITALL)[1] == 0
            head = f"POST /tip HTTP/1.1\r\nHost: {place.visitors}\r\nContent-Length: {SIZE}\r\n"
            line.sendall(f"{head}Content-Type: multipart/form-data; boundary=x\r\n\r\n".encode() + bytes(MOST_BODY))
            lines.append(line)
        aside.submit(drip)
        try:
            yield
        finally:
            end.set()


@at_safest
def test_a_form_that_is_refused_while_it_goes_up_is_answered(place: Place, browser: Firefox, film: Path) -> None:
    """Who is refused at once, because too many wait, reads it on our page when all is sent, and not the browser's."""
    for _ in range(3):  # without care the browser's page mostly comes, not always
        fill_in(place, browser, film)
        with crowd_on(place):
            browser.send(SEND)

        assert browser.document == f"http://{place.visitors}/tip"
        assert "Too many people are here just now. Nothing was kept." in browser.text
    browser.picture("busy")


@at_safest
def test_a_broken_circuit_is_told_and_sending_again_arrives_once(place: Place, browser: Firefox, film: Path) -> None:
    """A circuit breaks in mid-upload: the browser says so, nothing is kept, “Try again” brings it all, once."""
    mark, codename = fill_in(place, browser, film)

    send_and_break(place, browser)

    assert browser.document.startswith("about:neterror?e=netReset")
    browser.picture("broken")
    assert "Try Again" in browser.text
    assert cases_with(place, mark) == []

    browser.send_again()
    browser.picture("sent-again")
    assert "Your text and 1 file were sealed on arrival and are stored." in browser.text
    assert browser.text_of(".codename .words") == codename
    case = eventually("the tip at a desk", lambda: place.desks[0].case_with(mark))
    assert eventually("the film", lambda: fetched(place.desks[0], case, digest(film))) == digest(film)
    assert cases_with(place, mark) == [case]
    assert set(place.desks[0].files(case)) == {digest(film)}  # and nothing of the form that was cut


@at_safest
def test_going_back_after_a_broken_circuit_loses_what_was_written(place: Place, browser: Firefox, film: Path) -> None:
    """The page warns of it, since nothing of a form may be kept anywhere: back there, a new one waits."""
    _, codename = fill_in(place, browser, film)
    assert "do not go back" in browser.text

    send_and_break(place, browser)
    browser.back()

    assert browser.value_of("textarea[name=story]") == ""
    assert browser.text_of(".codename .words") != codename
