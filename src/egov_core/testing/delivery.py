"""What the kits for adapters and for channels have in common: a line to a partner, and looking at what came of it.

Rules of this room: no promise of its own and no test; what is checked here is cited by number in the kits. Waiting has
an end everywhere: what does not return is let go of by the partner, and fails.
"""

from __future__ import annotations

import io
import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, ClassVar, TypeVar

import pytest

from egov_core.errors import DeliveryError
from egov_core.ports.forwarding import Receipt
from egov_core.testing import builders
from egov_core.testing.http_partner import HUGE, HttpPartner
from egov_core.testing.kit import Kit
from egov_core.testing.partners import ALL, Behaviour, Dialect, NoPartner, Partner

T = TypeVar("T")

BODIES: tuple[bytes, ...] = (
    builders.BODY,
    '{ "姓名" : "欧阳演示",\r\n\t"b":1.0, "a": 1e2, "a":2, "大": 12345678901234567890.10 }\n'.encode(),
    b'{"escaped":"\\u6f14\\/","empty":""}',
    b"{}",
    b'"' + b"0123456789abcdef" * 65_536 + b'"',
)
"""JSON that whoever reads and writes it again alters: blanks, order, a name twice, numbers, escapes; and a long one."""

PLANTED = (builders.NAME, builders.ID_NUMBER, builders.PHONE)
PERSONAL = f'{{"applicant":{{"name":"{PLANTED[0]}","id":"{PLANTED[1]}","phone":"{PLANTED[2]}"}}}}'.encode()
"""A body with what nobody else has to see."""


class Line:
    """A subject with its partner at the other end."""

    def __init__(self, kit: DeliveryKit, subject: Any, partner: Partner) -> None:
        self.subject, self.partner, self._kit = subject, partner, kit

    def send(self, key: str = "", body: bytes = builders.BODY) -> Receipt:
        """Deliver; a key of its own where none is given."""
        try:
            return self._kit.deliver(self.subject, key or self._kit.key(), body)
        except SystemExit as error:
            raise AssertionError("a delivery must not end the process") from error

    def not_now(self, key: str = "", body: bytes = builders.BODY) -> DeliveryError:
        """Deliver what cannot be delivered now, in bounded time: the error that says so."""
        with pytest.raises(DeliveryError) as caught:
            self.in_time(lambda: self.send(key, body))
        error = caught.value
        assert error.message.strip(), "an error says what was wrong"
        assert error.remedy.strip(), "an error says what to do"
        return error

    def in_time(self, work: Callable[[], T]) -> T:
        """What `work` gives, in the time that was given and some slack; what takes longer is let go of, and fails."""
        found: list[T] = []
        failed: list[BaseException] = []

        def run() -> None:
            try:
                found.append(work())
            except BaseException as error:  # noqa: BLE001 - raised again below
                failed.append(error)

        bound = self._kit.timeout + self._kit.slack
        running = threading.Thread(target=run, daemon=True)
        running.start()
        running.join(bound)
        if running.is_alive():
            self.partner.close()
            running.join(bound)
            raise AssertionError(f"{bound:.1f} seconds after it was sent there was neither a receipt nor an error")
        if failed:
            raise failed[0]
        return found[0]

    def was_not_flooded(self) -> None:
        """Fail where an answer without end was read to its end."""
        if isinstance(self.partner, HttpPartner):
            assert self.partner.sent < HUGE // 2, "an answer without end is not read to its end"

    def keys(self) -> list[str]:
        """The keys that had an effect, in order of the alphabet: none is promised."""
        return sorted(self.partner.book.effects)


class DeliveryKit(Kit):
    """What a subject that delivers claims.

    leaves: something leaves the process. Without it, no socket is opened, and nothing else can go wrong.
    refuses: it tells a refusal by the receiver from "not now". Without it, a refusal is put off, never accepted.
    acts: what the partner can be made to do; an own partner claims less than the one over HTTP.
    attempts: how often one delivery may knock.
    timeout: the seconds given to the subject, after which it has to have ended; `slack` is for slow machines.
    """

    leaves: ClassVar[bool] = True
    refuses: ClassVar[bool] = True
    acts: ClassVar[frozenset[Behaviour]] = ALL
    attempts: ClassVar[int] = 1
    timeout: ClassVar[float] = 0.4
    slack: ClassVar[float] = 3.0
    capabilities: ClassVar[tuple[str, ...]] = ("leaves", "refuses", "acts", "attempts")
    _count = 0

    @classmethod
    def claimed(cls) -> dict[str, Any]:
        """The claims; of the acts of an own partner those it cannot act."""
        found = {**super().claimed(), "acts": "all" if cls.acts == ALL else sorted(one.name for one in cls.acts)}
        return found if cls.leaves else {"leaves": False}

    def deliver(self, subject: Any, key: str, body: bytes) -> Receipt:
        """Hand one thing to the subject."""
        raise NotImplementedError

    def make_subject(self, url: str, timeout: float) -> Any:
        """A new subject."""
        raise NotImplementedError

    def dialect(self) -> Dialect:
        """How the partner over HTTP reads and answers. Override where it is not JSON with `Idempotency-Key`."""
        return Dialect()

    def make_partner(self) -> Partner:
        """The partner. Override where it is not reached by HTTP."""
        return HttpPartner(self.dialect()) if self.leaves else NoPartner()

    # --- the line -----------------------------------------------------------------------------------------------------

    @contextmanager
    def line(self, *, timeout: float | None = None) -> Iterator[Line]:
        """A subject and a loop-back partner; closed afterwards, both."""
        with at_home(not self.leaves):
            partner = self.make_partner()
            subject = self.make_subject(partner.url, self.timeout if timeout is None else timeout)
            try:
                yield Line(self, subject, partner)
            finally:
                close(subject)
                partner.close()

    @contextmanager
    def bad_line(self, behaviour: Behaviour, *, timeout: float | None = None, **how: Any) -> Iterator[Line | None]:
        """A line whose partner behaves so; None, after seeing it refused, where nobody can be made to."""
        with self.line(timeout=timeout) as line:
            if self.acts_out(behaviour):
                line.partner.behave(behaviour, **how)
                yield line
                return
            with pytest.raises(NotImplementedError):
                line.partner.behave(behaviour, **how)
            assert isinstance(line.send(), Receipt), "what cannot fail has to be delivered"
            yield None

    def acts_out(self, behaviour: Behaviour) -> bool:
        """Whether the partner can be made to do so."""
        return behaviour in self.acts and (self.leaves or behaviour is Behaviour.LOOPBACK)

    def key(self) -> str:
        """A key not used before in this test."""
        self._count += 1
        return f"{builders.AREA}:case-{self._count}:review:1:{self._count}"

    def is_sound(self, receipt: Receipt, key: str) -> None:
        """Fail unless it is a receipt for this key that can be written into a chain."""
        assert type(receipt) is Receipt, f"{type(receipt).__name__} instead of a Receipt"
        assert receipt.key == key, "a receipt names the key it answers"
        assert type(receipt.accepted) is bool, "a receipt is accepted or it is not"
        for text in (receipt.receipt, receipt.detail):
            assert type(text) is str, f"{type(text).__name__} instead of a text"
            text.encode()  # half a character has no encoding, and cannot be stored
        assert receipt.receipt or not receipt.accepted, "what was accepted has a receipt"

    def is_a_name(self, name: Any) -> None:
        """Fail unless it is a text that can stand in a list and in a log."""
        assert type(name) is str, f"{type(name).__name__} instead of a text"
        assert name.strip() == name != ""
        assert len(name) <= 64
        assert name.isprintable()


def close(subject: Any) -> None:
    """Close a subject that has something to close."""
    end = getattr(subject, "close", None)
    if callable(end):
        end()


@contextmanager
def at_home(wanted: bool) -> Iterator[None]:  # noqa: FBT001 - read as `with at_home(not leaves)`
    """Refuse every connection while inside."""
    if not wanted:
        yield
        return

    def refuse(*_: Any) -> Any:
        raise AssertionError("it does not claim to leave the process, and opened a connection")

    before = {name: vars(socket.socket).get(name) for name in ("connect", "connect_ex", "sendto")}
    for name in before:
        setattr(socket.socket, name, refuse)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                delattr(socket.socket, name)
            else:
                setattr(socket.socket, name, value)


@contextmanager
def listening() -> Iterator[io.StringIO]:
    """Everything that is logged inside, at every level, with the errors that are logged along."""
    heard = io.StringIO()
    handler = logging.StreamHandler(heard)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield heard
    finally:
        root.removeHandler(handler)
        root.setLevel(level)


def said_by(error: BaseException) -> str:
    """All that an error tells to whoever prints it: its sentence, its data, and what it came from."""
    told: list[str] = []
    seen: set[int] = set()
    here: BaseException | None = error
    while here is not None and id(here) not in seen:
        seen.add(id(here))
        told += [repr(here), str(here), repr(vars(here))]
        here = here.__cause__ or (None if here.__suppress_context__ else here.__context__)
    return "\n".join(told)


def planted_in(text: str) -> list[str]:
    """Which of the planted personal values stand in a text, plainly or escaped."""
    ways = {one: (one, one.encode("unicode_escape").decode(), repr(one.encode())[2:-1]) for one in PLANTED}
    return [one for one, written in ways.items() if any(way in text for way in written)]


def together(work: Callable[[int], T], threads: int) -> list[T]:
    """What `work(0)`, `work(1)` … give when they start at once; the first exception, if any, is raised here."""
    barrier = threading.Barrier(threads)
    answers: dict[int, T] = {}
    failures: list[BaseException] = []

    def run(index: int) -> None:
        try:
            barrier.wait(30)
            answers[index] = work(index)
        except BaseException as error:  # noqa: BLE001 - raised again below
            failures.append(error)

    running = [threading.Thread(target=run, args=(index,), daemon=True) for index in range(threads)]
    for thread in running:
        thread.start()
    end = time.monotonic() + 60
    for thread in running:
        thread.join(max(0.0, end - time.monotonic()))
    assert not any(thread.is_alive() for thread in running), "a delivery waits for ever"
    if failures:
        raise failures[0]
    return [answers[index] for index in range(threads)]
