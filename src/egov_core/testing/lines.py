"""Adapters and channels that never leave the process: good ones, and bad ones for looking at how an office takes them.

Rules of this room: no socket, no clock of its own; each is an adapter and a channel alike, and writes into the book of
the receiver that it pretends to have. `Offered` is the plugin that offers one of them.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from egov_core.domain.organisation import Organ
from egov_core.errors import DeliveryError
from egov_core.hooks.spec import hookimpl
from egov_core.ports.forwarding import Envelope, Receipt
from egov_core.ports.notification import Notification
from egov_core.testing.partners import Book, Effect

_REMEDY = "it is tried again by itself"


class LoopbackLine:
    """Delivers at once; the receiver has one effect per key."""

    name = "loopback-line"

    def __init__(self, book: Book | None = None) -> None:
        self.book = book or Book()

    def send(self, envelope: Envelope) -> Receipt:
        """Carry an envelope."""
        return self.carry(envelope.key, envelope.body)

    def notify(self, notification: Notification) -> Receipt:
        """Carry a notification."""
        return self.carry(notification.key, notification.body)

    def carry(self, key: str, body: bytes) -> Receipt:
        """Whichever it is."""
        self.book.knock(key, body)
        return _receipt(self.book.take(key, body))


class RefusingLine(LoopbackLine):
    """The receiver refuses everything."""

    name = "refusing-line"

    def carry(self, key: str, body: bytes) -> Receipt:
        """A receipt that says no."""
        self.book.knock(key, body)
        return _receipt(self.book.take(key, body, accepted=False, detail="不符合受理条件"))


class FlakyLine(LoopbackLine):
    """Fails `fails` times for each key, then delivers. With `lost` the receiver has taken it each time nevertheless."""

    name = "flaky-line"

    def __init__(self, fails: int = 1, *, lost: bool = False, book: Book | None = None) -> None:
        super().__init__(book)
        self._fails, self._lost = fails, lost
        self._failed: dict[str, int] = {}
        self._lock = threading.Lock()

    def carry(self, key: str, body: bytes) -> Receipt:
        """Not now, or a receipt."""
        with self._lock:
            failed = self._failed.get(key, 0)
            self._failed[key] = failed + 1
        if failed >= self._fails:
            return super().carry(key, body)
        self.book.knock(key, body)
        if self._lost:
            self.book.take(key, body)
        raise DeliveryError("the line broke", remedy=_REMEDY)


class SlowLine(LoopbackLine):
    """Delivers after so many seconds; `sleep` is how it waits; a clock that stands may be put forward instead."""

    name = "slow-line"

    def __init__(
        self, seconds: float, *, sleep: Callable[[float], object] = time.sleep, book: Book | None = None
    ) -> None:
        super().__init__(book)
        self._seconds, self._sleep = seconds, sleep

    def carry(self, key: str, body: bytes) -> Receipt:
        """A receipt, after a while."""
        self._sleep(self._seconds)
        return super().carry(key, body)


class DuplicatingLine(LoopbackLine):
    """Delivers everything twice."""

    name = "duplicating-line"

    def carry(self, key: str, body: bytes) -> Receipt:
        """The receipt of the second time, which is that of the first."""
        super().carry(key, body)
        return super().carry(key, body)


class ReorderingLine(LoopbackLine):
    """Puts the first of two off until the second has passed, so that what was sent later arrives earlier."""

    name = "reordering-line"

    def __init__(self, book: Book | None = None) -> None:
        super().__init__(book)
        self._waiting = ""
        self._lock = threading.Lock()

    def carry(self, key: str, body: bytes) -> Receipt:
        """Not now for one that nobody has overtaken yet, else a receipt."""
        with self._lock:
            first = not self._waiting and key not in self.book.effects
            if first:
                self._waiting = key
            waits = self._waiting == key and all(one == key for one, _ in self.book.knocks)
        if first or waits:
            self.book.knock(key, body)
            raise DeliveryError("another one goes first", remedy=_REMEDY)
        return super().carry(key, body)


class OtherKeyLine(LoopbackLine):
    """Answers for another key than it was asked about."""

    name = "other-key-line"

    def carry(self, key: str, body: bytes) -> Receipt:
        """A receipt that nobody may believe."""
        found = super().carry(key, body)
        return Receipt(key=f"{key}0", receipt=found.receipt, accepted=True)


class BreakingLine(LoopbackLine):
    """Raises what no adapter and no channel may raise."""

    name = "breaking-line"

    def __init__(self, error: BaseException | None = None, *, book: Book | None = None) -> None:
        super().__init__(book)
        self._error = error or RuntimeError("a mistake in the plugin")

    def carry(self, key: str, body: bytes) -> Receipt:
        """Never a receipt."""
        self.book.knock(key, body)
        raise self._error


class Offered:
    """A plugin that offers a line for every upper organ, and as every channel."""

    def __init__(self, line: LoopbackLine) -> None:
        self.line = line

    @hookimpl
    def egov_forwarding_adapter(self, target: Organ) -> LoopbackLine:  # noqa: ARG002 - whoever it is
        """The line."""
        return self.line

    @hookimpl
    def egov_notification_channel(self, name: str) -> LoopbackLine:  # noqa: ARG002 - whatever it is called
        """The line."""
        return self.line


def _receipt(effect: Effect) -> Receipt:
    return Receipt(key=effect.key, receipt=effect.receipt, accepted=effect.accepted, detail=effect.detail)
