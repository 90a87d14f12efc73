"""When people do things: office time, days later, shares of a promise; and the numbers on their documents.

Rules of this room: everything drawn by lot comes from one random source, in the order in which it is asked for; times
lie in the office hours of working days.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

import attrs

from egov_core.domain.catalogue import ItemVersion
from egov_core.domain.legal import AS_GIVEN, start_of
from egov_core.domain.periods import Immediate, Limit, Period, Unit
from egov_core.domain.timers.reckoning import Ruler

ONE_DAY = timedelta(days=1)


@attrs.frozen
class Diary:
    """Draws times and document numbers."""

    ruler: Ruler
    random: Random

    def open_time(self, day: date) -> datetime:
        """A second of office time on a working day."""
        clock = self.ruler.clock
        seconds = clock.elapsed_seconds(start_of(day), start_of(day + ONE_DAY))
        return clock.add_seconds(start_of(day), self.random.randint(1, seconds - 1))

    def later(self, at: datetime, days: int) -> datetime:
        """Office time `days` working days later; on the same day, later that day."""
        day = self.ruler.calendar.add(at.date(), days)
        if day == at.date():
            closing = self.ruler.clock.closing(day)
            left = 0 if closing is None else self.ruler.clock.elapsed_seconds(at, closing)
            return self.ruler.clock.add_seconds(at, self.random.randint(0, max(left - 1, 0)))
        return self.open_time(day)

    def soon(self, at: datetime, days: Sequence[int], weights: Sequence[int]) -> datetime:
        """Office time some working days later, drawn by weight."""
        return self.later(at, self.random.choices(days, weights)[0])

    def at_share(self, item: ItemVersion, accepted: datetime, share: float, extra: int = 0) -> datetime:
        """The time at which a share of the item's promise is used up, `extra` working days added."""
        limit: Limit = item.promised if item.promised is not None else item.statutory
        if isinstance(limit, Immediate):
            days = 0 if share <= 1 else 1
        elif isinstance(limit, Period):
            days = math.floor(_working_days(limit) * share)
        else:
            days = math.floor(10 * share)
        return self.later(accepted, days + extra)

    def document(self, kind: str, at: datetime) -> str:
        """The number of a document of a kind."""
        return f"演{kind}〔{at.year}〕{self.random.randint(1, 9999)}号"


def working_days(amount: int) -> Period:
    """So many working days, as people say them."""
    return Period(amount=Decimal(amount), unit=Unit.WORKING_DAY, basis=AS_GIVEN)


def _working_days(limit: Period) -> float:
    per_unit = {
        Unit.WORKING_DAY: 1.0,
        Unit.DAY: 5 / 7,
        Unit.MONTH: 21.0,
        Unit.YEAR: 250.0,
        Unit.WORKING_HOUR: 1 / 7,
        Unit.HOUR: 1 / 24,
    }
    return float(limit.amount) * per_unit[limit.unit]
