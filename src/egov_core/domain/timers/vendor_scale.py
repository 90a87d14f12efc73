"""The second-precise scale of the Hunan system (policy `hunan-2018`).

Rules of this room: one straight scale, nothing else. Each working day is 86,400 seconds long on it, whatever the
office hours, so that *n working days after an instant* is the same wall time on the n-th following working day; an
instant on a rest day stands at the opening of the next working day. A pause is credited with the seconds it takes on
the scale, at most with its declared days where pauses are capped; overlaps are credited once.

Source: the vendor's explanation of its supervision rules of October 2018, whose printed examples it reproduces.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Protocol

import attrs

from egov_core.domain.calendar.hours import OfficeClock
from egov_core.domain.calendar.workdays import FIRST_DAY, WorkCalendar
from egov_core.domain.legal import CHINA, instant
from egov_core.domain.periods import Period

DAY = 86_400


class Credited(Protocol):
    """What the scale needs to know of a pause."""

    @property
    def start(self) -> datetime:
        """When it began."""

    @property
    def end(self) -> datetime | None:
        """When it ended; None while it lasts."""

    @property
    def declared(self) -> Period | None:
        """The working days told to the applicant."""


@attrs.frozen
class VendorScale:
    """Positions of instants on the scale, in seconds."""

    calendar: WorkCalendar
    clock: OfficeClock
    cap_pauses: bool = True

    def normal(self, at: datetime) -> datetime:
        """`at`, or the opening of the next working day when it lies on a rest day."""
        at = instant(at)
        if self.calendar.is_workday(at.date()):
            return at
        return self.clock.next_open(at)

    def position(self, at: datetime) -> int:
        """Seconds from the scale's origin."""
        at = self.normal(at)
        return self.calendar.elapsed(FIRST_DAY, at.date()) * DAY + _second_of_day(at)

    def instant(self, position: int) -> datetime:
        """The instant at a position: the inverse of `position` for instants on working days."""
        days, seconds = divmod(position, DAY)
        day: date = self.calendar.add(FIRST_DAY, days)
        return datetime.combine(day, time(0), CHINA) + timedelta(seconds=seconds)

    def after(self, start: datetime, days: Decimal | int, pauses: Iterable[Credited] = ()) -> datetime | None:
        """The instant `days` working days after `start`, pauses that began before it credited in order.

        None where one of them is still open and has no declared days: nobody knows the instant then.
        """
        reached = self.position(start) + int(days * DAY)
        for low, high in self._credits(start, days, pauses):
            if high is None:
                return None
            reached += high - low
        return self.instant(reached)

    def credits(
        self, start: datetime, days: Decimal | int, pauses: Iterable[Credited]
    ) -> list[tuple[datetime, datetime | None]]:
        """What `after` takes out of the count, as instants; an end of None for an open pause nobody can credit."""
        return [
            (self.instant(low), None if high is None else self.instant(high))
            for low, high in self._credits(start, days, pauses)
        ]

    def _credits(
        self, start: datetime, days: Decimal | int, pauses: Iterable[Credited]
    ) -> Iterator[tuple[int, int | None]]:
        counted_to = self.position(start)
        reached = counted_to + int(days * DAY)
        # by position: on the scale a pause from a rest day begins at the next opening, after one from that morning
        placed = sorted(((self.position(pause.start), pause) for pause in pauses), key=lambda pair: pair[0])
        for begin, pause in placed:
            low = max(begin, counted_to)
            if low >= reached:
                break
            ends = [] if pause.end is None else [self.position(pause.end)]
            if self.cap_pauses and pause.declared is not None:
                ends.append(begin + int(pause.declared.amount * DAY))
            if not ends:
                yield low, None
                return
            if min(ends) > low:
                counted_to = min(ends)
                reached += counted_to - low
                yield low, counted_to


def _second_of_day(at: datetime) -> int:
    return at.hour * 3600 + at.minute * 60 + at.second
