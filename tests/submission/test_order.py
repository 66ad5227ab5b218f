"""The order in which rows came is forgotten soon, and again when it could not be."""

import secrets
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import Engine, select

from crypto.codename import Codename
from submission import order as order_module
from submission.app import create_app
from submission.config import Config
from submission.database import COUNTERS, FILE_NAME, forget_order, open_database, writing
from submission.order import ORDER, Order
from submission.store import Store
from tests.submission.disk import pieces
from tests.submission.live import LiveIntake, served
from tests.submission.test_store import SEALED, keep
from tests.submission.visitor import MULTIPART, encode

SOON = 3
"""Seconds in which an order is forgotten on a busy machine."""


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """An empty database."""
    engine = open_database(tmp_path)
    yield engine
    engine.dispose()


class Forgetting:
    """What is called in the place of `forget_order`: it fails as often as it is told to, and counts."""

    def __init__(self, fails: int = 0, kind: Callable[[str], sqlite3.Error] = sqlite3.OperationalError) -> None:
        self.fails = fails
        self.kind = kind
        self.times: list[float] = []
        self.done = Event()

    def __call__(self, engine: Engine) -> None:
        """Forget the order."""
        self.times.append(time.monotonic())
        if len(self.times) <= self.fails:
            raise self.kind("database is locked")
        forget_order(engine)
        self.done.set()


def forgetting(monkeypatch: pytest.MonkeyPatch, instead: Callable[[Engine], None]) -> None:
    """Call something else."""
    monkeypatch.setattr(order_module, "forget_order", instead)


def test_without_a_thread_it_is_forgotten_at_once(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each change is followed by it; without one nothing is done."""
    forget = Forgetting()
    forgetting(monkeypatch, forget)
    order = Order(engine)

    order.forget()
    assert len(forget.times) == 0
    order.changed()
    order.changed()
    assert len(forget.times) == 2
    order.forget()
    assert len(forget.times) == 2


def test_a_thread_forgets_it_at_once_and_then_now_and_then(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first of many changes is not waited with, the last is not left out, and between them there is a pause."""
    forget = Forgetting()
    forgetting(monkeypatch, forget)
    order = Order(engine)
    end = order.leave_to_thread(0.2)
    began = time.monotonic()
    last = began
    while last < began + 0.5:
        order.changed()
        last = time.monotonic()
        Event().wait(0.005)
    Event().wait(0.5)
    end.set()

    assert forget.times[0] - began < 0.1
    assert forget.times[-1] >= last
    assert len(forget.times) <= 5
    assert all(later - earlier >= 0.2 for earlier, later in zip(forget.times, forget.times[1:], strict=False))


def test_nobody_waits_for_the_thread(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the order is being forgotten, a change is kept and read; one that comes meanwhile is not left out."""
    store = Store(config, open_database(config.state))
    log = config.state / "intake.db-wal"
    go_on, at_it = Event(), Event()
    forget = Forgetting()

    def slow(engine: Engine) -> None:
        at_it.set()
        assert go_on.wait(10)
        forget(engine)

    forgetting(monkeypatch, slow)
    end = store.order.leave_to_thread(0.01)
    name = keep(store)
    assert at_it.wait(10)
    other = keep(store, bytes([7]) * len(SEALED))
    assert (store.read("letters", name), forget.times) == (SEALED, [])
    assert store.read("letters", other)
    go_on.set()
    for _ in range(1_000):
        if len(forget.times) >= 2 and not log.stat().st_size:
            break
        Event().wait(0.01)
    end.set()

    assert len(forget.times) >= 2
    assert log.stat().st_size == 0


def test_a_database_in_use_is_put_in_order_later(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was stored is stored, though another program had the database; the thread tries again."""
    forget = Forgetting(fails=2)
    forgetting(monkeypatch, forget)
    order = Order(engine)
    end = order.leave_to_thread(0.01)
    order.changed()
    assert forget.done.wait(10)
    end.set()

    assert len(forget.times) == 3


def test_another_fault_is_told_and_tried_again(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A damaged database ends neither the thread nor a request, and the operator reads of it."""
    forget = Forgetting(fails=1, kind=sqlite3.DatabaseError)
    forgetting(monkeypatch, forget)
    order = Order(engine)

    order.changed()
    assert capsys.readouterr().err.startswith("lapwing intake: fault DatabaseError at ")
    order.forget()
    assert forget.done.is_set()


def test_it_is_forgotten_once_for_all_who_wait(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who changed something while somebody else is about to forget the order need not do it again."""
    forget = Forgetting()
    forgetting(monkeypatch, forget)
    order = Order(engine)
    waiting = [threading.Thread(target=order.changed) for _ in range(5)]
    with order._forgetting:
        for one in waiting:
            one.start()
        Event().wait(0.1)
    for one in waiting:
        one.join(30)

    assert 1 <= len(forget.times) <= 2


def test_a_start_forgets_what_a_kill_left(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    """An intake that was killed before its thread came to it has an order on its disk until it starts again."""
    store = Store(config, open_database(config.state))
    store.order.leave_to_thread().set()
    log = config.state / "intake.db-wal"
    with monkeypatch.context() as killed:
        killed.setattr(store.order, "forget", lambda: None)
        name = keep(store)
    assert name in log.read_bytes()

    create_app(config)

    assert log.read_bytes() == b""


def burst(intake: LiveIntake, number: int) -> None:
    """Send tips, one right after the other."""
    for _ in range(number):
        fields = {"codename": str(Codename.generate()), "tip": secrets.token_hex(16), "story": "x"}
        body = encode(fields, {"a": b"b"})
        assert intake.exchange("POST", "/tip", body, {"Content-Type": MULTIPART})[0] == 200


def in_order(state: Path) -> bool:
    """Tell whether the log is empty, and in each page of the database rows lie in the order of their names."""
    log = state / "intake.db-wal"
    if log.exists() and log.stat().st_size:
        return False
    content = (state / FILE_NAME).read_bytes()
    places = [content.index(bytes.fromhex(name)) for name in sorted(pieces(state, "letters"))]
    # A page fills from its end.
    of_pages = [[place for place in places if place // 4096 == page] for page in {place // 4096 for place in places}]
    return all(page == sorted(page, reverse=True) for page in of_pages)


@pytest.mark.slow
def test_an_intake_that_serves_has_no_order_soon_after_the_last_tip(tmp_path: Path) -> None:
    """A second after many tips, at a clean end right after them, and at the start after a kill right after them."""
    intake = LiveIntake(tmp_path)
    with served(intake):
        burst(intake, 12)
        Event().wait(SOON)
        assert in_order(intake.state)
        burst(intake, 12)
        intake.stop()
        assert in_order(intake.state)
        intake.start()
        burst(intake, 12)
        intake.kill()
        intake.start()
        assert in_order(intake.state)
        assert len(pieces(intake.state, "letters")) == 36


def test_the_application_tells_what_to_leave_to_a_thread(config: Config) -> None:
    """Its server finds the order among the extensions."""
    assert isinstance(create_app(config).extensions[ORDER], Order)


def test_whoever_has_the_connection_next_can_commit(engine: Engine) -> None:
    """Forgetting leaves no statement open in the pool: beside one, a commit on its connection would fail."""
    end = Event()

    def forget() -> None:
        while not end.is_set():
            forget_order(engine)

    thread = threading.Thread(target=forget)
    thread.start()
    try:
        for number in range(300):
            with writing(engine) as connection:
                connection.execute(COUNTERS.delete())
                connection.execute(COUNTERS.insert().values(reviewer="r1", counter=number))
    finally:
        end.set()
        thread.join(30)

    with engine.connect() as connection:
        assert connection.scalar(select(COUNTERS.c.counter)) == 299
