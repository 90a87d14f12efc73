"""A carrier for an object that the program handed over: a thread for each attempt, left behind when it overruns.

Rules of this room: nothing can be cut off here. Whoever hands an object over answers for it; a plugin that is
discovered works in a process of its own instead.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable

from egov_core.hooks.effects import broken, carry, offers
from egov_core.hooks.manager import Hooks
from egov_core.ports.effects import Parcel
from egov_core.ports.forwarding import Receipt

TICK = 1.0
"""Seconds between two beats."""


class ThreadCarrier:
    """Has a plugin of the office's own process work."""

    def __init__(self, hooks: Hooks, name: str, time_limit: float) -> None:
        self._hooks, self._name, self._time_limit = hooks, name, time_limit

    def offers(self, parcel: Parcel) -> bool:
        """Whether the plugin has a way for it, asked in the thread that wants to know."""
        return offers(self._hooks, self._name, parcel)

    def carry(self, parcel: Parcel, beat: Callable[[], None]) -> Receipt:
        """Have it carried in a thread; raises PluginError when that does not end in time."""
        answers: queue.SimpleQueue[Receipt | BaseException] = queue.SimpleQueue()

        def work() -> None:
            try:
                answers.put(carry(self._hooks, self._name, parcel))
            except BaseException as error:  # noqa: BLE001 -- raised in the lane's thread
                answers.put(error)

        threading.Thread(target=work, name=f"egov-effect-{self._name}", daemon=True).start()
        meter = self._hooks.record.meter
        ends = meter() + self._time_limit
        while (left := ends - meter()) > 0:
            try:
                answer = answers.get(timeout=min(TICK, left))
            except queue.Empty:
                beat()
                continue
            if isinstance(answer, BaseException):
                raise answer
            return answer
        raise broken(self._name, f"did not answer within {self._time_limit:g} s and is left to itself")

    def end(self) -> None:
        """A thread ends with its process."""
