"""The clocks: the only modules that know the time are here and above."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from egov_core.domain.legal import CHINA, instant
from egov_core.errors import ClockError


class SystemClock:
    """The machine's clock, in the zone of the law, whole seconds."""

    def now(self) -> datetime:
        """The present instant."""
        return datetime.now(CHINA).replace(microsecond=0)


class ManualClock:
    """A clock that stands until it is moved; it never runs backwards by itself."""

    def __init__(self, start: datetime) -> None:
        self._now = instant(start)

    def now(self) -> datetime:
        """Where the clock was put."""
        return self._now

    def move_to(self, at: datetime) -> None:
        """Put the clock forward. Raises ClockError for a time before the present one."""
        at = instant(at)
        if at < self._now:
            raise ClockError(
                f"the clock stands at {self._now.isoformat()} and is not put back", remedy="start a new clock"
            )
        self._now = at

    def advance(self, by: timedelta) -> None:
        """Put the clock forward by `by`."""
        self.move_to(self._now + by)


def meter() -> float:
    """Seconds that only go forward, to measure how long something took."""
    return time.perf_counter()
