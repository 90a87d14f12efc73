"""The worker: recounts, sweeps and dispatches on schedule, until it is told to stop.

Rules of this room: one loop, one thing at a time; an error is logged with its remedy and the loop goes on, because
the next sweep issues exactly what this one would have. A recount that was cut off is finished before the sweep.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from egov_core.errors import EgovError
from egov_core.runtime.office import Office

_log = logging.getLogger(__name__)


class Worker:
    """Runs an office's schedule in the calling thread (`run`) or in one of its own (`start`)."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Run in a thread of its own."""
        self._thread = threading.Thread(target=self.run, name="egov-worker", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop after the task in hand."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    def run(self) -> None:
        """Recount, sweep and dispatch at once, then whenever their schedules say."""
        settings, clock = self._office.settings, self._office.clock
        self.once()
        next_sweep, next_dispatch = settings.sweep.after(clock.now()), settings.dispatch.after(clock.now())
        while not self._stop.wait(max(0.2, (min(next_sweep, next_dispatch) - clock.now()).total_seconds())):
            now = clock.now()
            self._attempt("refresh", self._office.refresh)  # another process may have released a plugin
            if now >= next_sweep:
                self._attempt("recount", self._office.recount)
                self._attempt("sweep", self._office.sweep)
                next_sweep = settings.sweep.after(now)
            if now >= next_dispatch:
                self._attempt("dispatch", self._dispatch)
                next_dispatch = settings.dispatch.after(now)

    def once(self) -> None:
        """One dispatch, what is left of a recount, and one sweep."""
        self._attempt("dispatch", self._dispatch)
        self._attempt("recount", self._office.recount)
        self._attempt("sweep", self._office.sweep)

    def _dispatch(self) -> object:
        """Without waiting: a plugin that hangs holds up neither the sweep nor what goes elsewhere."""
        return self._office.dispatch(wait=False)

    def _attempt(self, name: str, task: Callable[[], object]) -> None:
        try:
            done = task()
            if done is not None:
                _log.info("%s: %s", name, done)
        except EgovError as error:
            _log.error("%s failed: %s; %s", name, error, error.remedy)
        except Exception:  # noqa: BLE001  (logged whole below)
            # a bug in one task must not end supervision; it is logged whole and tried again
            _log.exception("%s failed unexpectedly", name)
