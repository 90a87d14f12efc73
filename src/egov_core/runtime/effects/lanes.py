"""The lanes of an office: which plugin carries a parcel, and a thread for each that feeds it.

Rules of this room: a plugin that was discovered works in a process of its own, which is ended when it overruns its
time; an object that the program handed over cannot be started anew elsewhere, so it works in a thread of its own, which
is left behind; the library's own answers at once. A plugin that fails, or is in quarantine, is passed over where
another plugin offers a way, never in favour of the loop-back: what waits is not answered by a pretence.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from typing import Protocol

from egov_core.errors import DeliveryError, EgovError, PluginError, QuarantineError
from egov_core.hooks.calls import HookCall
from egov_core.hooks.effects import carry, offers
from egov_core.hooks.manager import WAYS, Hooks
from egov_core.hooks.plugin import Origin, PluginInfo
from egov_core.ports.effects import Delivery, Effects, Lane, Parcel
from egov_core.ports.forwarding import Receipt

ROOM = 100
"""So many deliveries wait in one lane; the others stay in the outbox."""
GRACE = 3.0
"""Seconds that a lane is given to end what it is at, when the office closes."""
_log = logging.getLogger(__name__)


class Carrier(Protocol):
    """How a lane has its plugin work."""

    def offers(self, parcel: Parcel) -> bool:
        """Whether the plugin has a way for it. Raises PluginError."""

    def carry(self, parcel: Parcel, beat: Callable[[], None]) -> Receipt:
        """Have it carried. Raises DeliveryError and PluginError."""

    def end(self) -> None:
        """Cut off whatever is going on."""


class OwnLane:
    """The lane of a plugin of the library's own: it answers at once, in the thread that asks."""

    def __init__(self, name: str, hooks: Hooks) -> None:
        self.name = name
        self._hooks = hooks

    def has_room(self) -> bool:
        """Always."""
        return True

    def offers(self, parcel: Parcel) -> bool:
        """Whether the plugin has a way for it."""
        return offers(self._hooks, self.name, parcel)

    def submit(self, delivery: Delivery) -> None:
        """Carry it."""
        if delivery.begin():
            try:
                receipt = carry(self._hooks, self.name, delivery.parcel)
            except EgovError as error:
                delivery.failed(error)
            else:
                delivery.done(receipt)

    def wait(self) -> None:
        """Nothing is ever left."""

    def close(self) -> None:
        """Nothing is held."""


class PluginLane:
    """A thread that feeds one plugin, one delivery after the other."""

    def __init__(self, name: str, carrier: Carrier, hooks: Hooks, time_limit: float) -> None:
        self.name = name
        self._carrier, self._record, self._time_limit = carrier, hooks.record, time_limit
        self._queue: queue.Queue[Delivery | None] = queue.Queue()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self.error: Exception | None = None

    def has_room(self) -> bool:
        """Whether it takes one more."""
        return self._queue.qsize() < ROOM

    def offers(self, parcel: Parcel) -> bool:
        """Whether the plugin has a way for it. Raises PluginError."""
        return self._carrier.offers(parcel)

    def submit(self, delivery: Delivery) -> None:
        """Put it behind the others."""
        with self._lock:
            self._queue.put(delivery)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name=f"egov-lane-{self.name}", daemon=True)
                self._thread.start()

    def wait(self) -> None:
        """Until nothing is left. Raises what the store raised meanwhile."""
        self._queue.join()
        error, self.error = self.error, None
        if error is not None:
            raise error

    def close(self) -> None:
        """Give back what waits, and end what is under way after a moment."""
        self._closing.set()
        if self._thread is not None:
            self._queue.put(None)
            self._thread.join(GRACE)
        self._carrier.end()
        if self._thread is not None:
            self._thread.join(GRACE)

    def _run(self) -> None:
        while (delivery := self._queue.get()) is not None:
            try:
                self._one(delivery)
            except Exception as error:  # noqa: BLE001 -- raised by `wait`; the lease of the row runs out
                _log.error("lane %s: a delivery was not recorded: %s", self.name, error)
                self.error = error
            finally:
                self._queue.task_done()
        self._queue.task_done()

    def _one(self, delivery: Delivery) -> None:
        why = self._record.quarantine_of(self.name)
        if why or self._closing.is_set():
            delivery.postpone(_quarantined(self.name, why) if why else _closing(self.name))
            return
        if not delivery.begin():
            return
        hook = f"{delivery.parcel.hook}.{WAYS[delivery.parcel.hook][1]}"
        begun, answer, said = self._record.meter(), "", ""
        receipt: Receipt | None = None
        failure: EgovError | None = None
        try:
            receipt = self._carrier.carry(delivery.parcel, delivery.beat)
            answer = repr(receipt)
        except PluginError as error:
            failure, said = error, str(error)
        except EgovError as error:  # "not now": the other side's fault, and no strike
            failure, answer = error, str(error)
        if self._closing.is_set() and failure is not None:
            delivery.postpone(_closing(self.name))
            return
        took = HookCall(
            plugin=self.name, hook=hook, seconds=self._record.meter() - begun, answer=answer[:200], error=said
        )
        self._record.done(took, trusted=False, budget=self._time_limit)
        if failure is not None:
            delivery.failed(failure)
        elif receipt is not None:
            delivery.done(receipt)


class Lanes(Effects):
    """All lanes of an office, made when they are first needed. `make` gives the carrier of a plugin."""

    def __init__(self, hooks: Hooks, make: Callable[[PluginInfo], Carrier], time_limit: float) -> None:
        self._hooks, self._make, self._time_limit = hooks, make, time_limit
        self._lanes: dict[str, OwnLane | PluginLane] = {}
        self._known: dict[tuple[str, str], OwnLane | PluginLane] = {}
        self._lock = threading.Lock()

    def lane(self, parcel: Parcel) -> Lane:
        """The lane of the first plugin that has a way; it is asked once for each organ and channel."""
        address = (parcel.hook, parcel.address)
        known = self._known.get(address)
        if known is not None and not self._hooks.record.quarantine_of(known.name):
            return known
        failures: list[EgovError] = []
        for info in self._hooks.carriers(parcel.hook):
            if failures and info.origin is Origin.BUILT_IN:
                break
            lane = self._lane_of(info)
            why = self._hooks.record.quarantine_of(info.name)
            if why:
                failures.append(_quarantined(info.name, why))
                continue
            try:
                offered = lane.offers(parcel)
            except EgovError as error:
                failures.append(error)
                continue
            if offered:
                if not failures:
                    self._known[address] = lane
                return lane
        if failures:
            raise failures[0]
        raise DeliveryError(
            f"no plugin is installed that has a way to {parcel.address}",
            remedy="install a plugin for it; what is to be sent waits in the outbox",
        )

    def wait(self) -> None:
        """Until every lane has nothing left to do."""
        for lane in list(self._lanes.values()):
            lane.wait()

    def close(self) -> None:
        """End all lanes, each in its own time."""
        with self._lock:
            closing = [threading.Thread(target=lane.close, daemon=True) for lane in self._lanes.values()]
            self._lanes.clear()
            self._known.clear()
        for one in closing:
            one.start()
        for one in closing:
            one.join()

    def _lane_of(self, info: PluginInfo) -> OwnLane | PluginLane:
        with self._lock:
            if info.name not in self._lanes:
                own = info.origin is Origin.BUILT_IN
                self._lanes[info.name] = (
                    OwnLane(info.name, self._hooks)
                    if own
                    else PluginLane(info.name, self._make(info), self._hooks, self._time_limit)
                )
            return self._lanes[info.name]


def _quarantined(name: str, why: str) -> QuarantineError:
    return QuarantineError(
        f"plugin {name} is in quarantine: it failed in {why}",
        remedy=f"mend it, then egov plugins release {name} --config FILE; what is to be sent waits in the outbox",
        plugin=name,
    )


def _closing(name: str) -> DeliveryError:
    return DeliveryError(f"the office was closed before plugin {name} had sent it", remedy="it is sent by itself")
