"""The reference data and calendars of an open office: read once, and again when somebody has written others.

Rules of this room: whatever changes them passes through here, one at a time in this process, so that it is checked
against the last ones and nobody reads the ones before afterwards. What is written is the business of use cases.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import TypeVar

import attrs

from egov_core.domain.calendar.revisions import CalendarRevision
from egov_core.runtime.snapshots import Snapshot
from egov_core.usecases.foundation.calendars import Calendars
from egov_core.usecases.foundation.registry import Registry
from egov_core.usecases.foundation.services import Services
from egov_core.usecases.foundation.written import Step, watched

T = TypeVar("T")

PATIENCE = 1.0
"""Seconds that the keeping of a failure waits for whoever changes reference data."""


class ReferenceData:
    """What an office holds of them. Use it from any thread."""

    def __init__(
        self,
        *,
        registry: Callable[[], Registry],
        calendars: Callable[[], Calendars],
        version: Callable[[], int],
        wrote: Callable[[Step], None] = lambda _step: None,
    ) -> None:
        """`registry` and `calendars` read what is stored, `version` how often reference data were written.

        `wrote` is told what each commit of those that are `noting` has written.
        """
        self.registry = Snapshot(registry)
        self.calendars = Snapshot(calendars)
        self._version = version
        self._wrote = wrote
        self._changing = threading.Lock()

    def noting(self, services: Services) -> Services:
        """The same, for whoever writes reference data: what has not been written need not be read again."""
        return attrs.evolve(services, storage=watched(services.storage, services.area, self._wrote))

    def change(self, write: Callable[[], T]) -> T:
        """Have reference data written; `write` reads them as they are stored now."""
        with self._changing:  # what is checked against the registry must be checked against the last one
            self._forget_older(self.registry)
            try:
                return write()
            finally:
                self.registry.forget()

    def adopt(self, revisions: Iterable[CalendarRevision], write: Callable[[list[CalendarRevision]], object]) -> int:
        """Have those revisions written that are not held yet: how many that were."""
        with self._changing:
            held = self.calendars().revisions
            fresh = [one for one in revisions if one not in held]
            if fresh:
                try:
                    write(fresh)
                finally:
                    self.registry.forget()
                    self.calendars.forget()
            return len(fresh)

    def keep(self, write: Callable[[], object]) -> None:
        """Have a failure of a plugin written, unless somebody changes reference data just now."""
        if not self._changing.acquire(timeout=PATIENCE):
            return  # the next failure is kept
        try:
            write()
        finally:
            self.registry.forget()
            self._changing.release()

    def refresh(self) -> None:
        """Have them read again if another process has changed them."""
        self._forget_older(self.registry, self.calendars)

    def _forget_older(self, *snapshots: Snapshot[Registry] | Snapshot[Calendars]) -> None:
        """Have those read again that are older than what is stored."""
        version = self._version()
        for snapshot in snapshots:
            if snapshot.held is not None and snapshot.held.version != version:
                snapshot.forget()
