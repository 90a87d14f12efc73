"""Pauses, and what they take out of the count.

Rules of this room: a pause is a value; which of its days or seconds are not counted is a reading (`Settings`), applied
here and nowhere else. Overlapping pauses are merged before anything is taken out: nothing is taken out twice. A pause
that is still open and not credited takes out everything from its first excluded day or second on, for ever.

Sources: 行政许可法 45 (所需时间不计算, and the time needed is told in writing); the pause convention is a reading.
"""

from __future__ import annotations

import enum
import math
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import TypeVar

import attrs

from egov_core.domain.calendar.hours import OfficeClock
from egov_core.domain.calendar.workdays import WorkCalendar
from egov_core.domain.catalogue import PauseKind
from egov_core.domain.legal import CHINA, instant, start_of
from egov_core.domain.periods import Period, Unit, member
from egov_core.domain.timers.months import MonthEnd
from egov_core.errors import PeriodError

ONE_DAY = timedelta(days=1)


class PauseRule(enum.Enum):
    """Which days of a pause given by dates are not counted; the law only says 所需时间不计算.

    HALF_OPEN (start, end]: the excluded time equals the measured length of the pause, as for every period (default).
    CLOSED [start, end]: both ends excluded.
    """

    HALF_OPEN = "half-open"
    CLOSED = "closed"


class DayEnd(enum.Enum):
    """When the last day ends: 24:00 (the default), or the close of business (民法典 203, second sentence)."""

    MIDNIGHT = "midnight"
    CLOSE = "close"


@attrs.frozen(kw_only=True)
class Settings:
    """The place's readings where law and notice are silent; each is named in the ledger. Raises PeriodError."""

    pause_rule: PauseRule = PauseRule.HALF_OPEN
    day_end: DayEnd = DayEnd.MIDNIGHT
    month_end: MonthEnd = MonthEnd.LAST_DAY
    cap_pauses: bool = False

    def __attrs_post_init__(self) -> None:
        member("pause_rule", self.pause_rule, PauseRule)
        member("day_end", self.day_end, DayEnd)
        member("month_end", self.month_end, MonthEnd)


_KINDS = frozenset(kind.value for kind in PauseKind)


def _kind_named(kind: PauseKind | str | None) -> str:
    """The name of a procedure; empty where none is given."""
    if kind is None or kind == "":
        return ""
    name = kind.value if isinstance(kind, PauseKind) else kind
    if name not in _KINDS:
        raise PeriodError(
            f"{name!r} is no procedure that stops the clock",
            remedy=f"give a PauseKind, or none: {'、'.join(one.value for one in PauseKind)}",
            kind=str(name),
        )
    return name


@attrs.frozen(kw_only=True)
class Pause:
    """A span whose time is not counted. `end` None: still open. `declared`: the working days told in writing.

    `by_dates`: the span was given by days, so whole working days leave the count; otherwise exact office time does.
    Raises NaiveTimeError for a time without an offset, PeriodError where the pause ends before it begins or is declared
    in anything but working days, or where `kind` is none of `PauseKind`.
    """

    start: datetime = attrs.field(converter=instant)
    end: datetime | None = attrs.field(default=None, converter=attrs.converters.optional(instant))
    declared: Period | None = None
    by_dates: bool = True
    kind: str = attrs.field(default="", converter=_kind_named)
    notice: str = ""

    def __attrs_post_init__(self) -> None:
        if self.end is not None and self.end < self.start:
            raise PeriodError(
                f"a pause from {self.start.isoformat()} cannot end at {self.end.isoformat()}, before it begins",
                remedy="give the earlier time first",
            )
        if self.declared is not None and not (
            isinstance(self.declared, Period) and self.declared.unit is Unit.WORKING_DAY
        ):
            raise PeriodError(
                f"a special procedure is declared in working days, not {self.declared}",
                remedy="give the working days told to the applicant, for example 10wd",
            )


@attrs.frozen
class Exclusions:
    """What `pauses` take out of the count on this calendar and clock, under these readings."""

    calendar: WorkCalendar
    clock: OfficeClock
    settings: Settings
    pauses: tuple[Pause, ...]

    @property
    def by_dates(self) -> bool:
        """Whether all pauses were given by days."""
        return all(pause.by_dates for pause in self.pauses)

    def days(self) -> list[tuple[date, date]]:
        """The days taken out, as merged closed intervals in order; an uncredited open pause is not in it."""
        return _merged(self._days(self.pauses), gap=ONE_DAY)

    def spans(self) -> list[tuple[datetime, datetime]]:
        """The same as instants [low, high), for limits in hours and pauses given by times."""
        spans = [
            (start_of(low), start_of(high + ONE_DAY))
            for low, high in self._days(pause for pause in self.pauses if pause.by_dates)
        ]
        for pause in self.pauses:
            if pause.by_dates or self._is_uncredited(pause):
                continue
            credited = self._credited_until(pause)
            high = min((at for at in (pause.end, credited) if at is not None), default=pause.start)
            if high > pause.start:
                spans.append((pause.start, high))
        return _merged(spans, gap=timedelta())

    def open_from(self) -> datetime | None:
        """From when on nothing counts any more, because a pause is open and not credited; None where none is."""
        opens = (pause for pause in self.pauses if self._is_uncredited(pause))
        return min((start_of(self._low(one)) if one.by_dates else one.start for one in opens), default=None)

    def open_day(self) -> date:
        """The same as a day, for limits that count days; the end of time where no such pause is."""
        return min((self._low(pause) for pause in self.pauses if self._is_uncredited(pause)), default=date.max)

    def _days(self, pauses: Iterable[Pause]) -> list[tuple[date, date]]:
        spans = []
        for pause in pauses:
            if self._is_uncredited(pause):
                continue
            low = self._low(pause)
            highs = [] if pause.end is None else [pause.end.date()]
            if self.settings.cap_pauses and pause.declared is not None:
                highs.append(self.calendar.add(low - ONE_DAY, math.ceil(pause.declared.amount)))
            if min(highs) >= low:
                spans.append((low, min(highs)))
        return spans

    def _low(self, pause: Pause) -> date:
        """The first day that a pause given by days takes out."""
        day = pause.start.date()
        self.calendar.is_workday(day)  # refuses what lies outside the calendar
        return day + ONE_DAY if self.settings.pause_rule is PauseRule.HALF_OPEN else day

    def _is_uncredited(self, pause: Pause) -> bool:
        """Whether nobody knows the pause's end: it is open, and not credited with its declared days."""
        return pause.end is None and not (self.settings.cap_pauses and pause.declared is not None)

    def _credited_until(self, pause: Pause) -> datetime | None:
        """The instant at which the declared office time of a pause given by times is used up, if pauses are capped."""
        if not self.settings.cap_pauses or pause.declared is None:
            return None
        begin = self.clock.next_open(pause.start)
        return datetime.combine(self.calendar.add(begin.date(), math.ceil(pause.declared.amount)), begin.time(), CHINA)


_T = TypeVar("_T", date, datetime)


def _merged(spans: list[tuple[_T, _T]], *, gap: timedelta) -> list[tuple[_T, _T]]:
    """Spans in order, those that touch or overlap joined: nothing is taken out twice."""
    joined: list[tuple[_T, _T]] = []
    for low, high in sorted(spans):
        if joined and low <= joined[-1][1] + gap:
            joined[-1] = (joined[-1][0], max(joined[-1][1], high))
        else:
            joined.append((low, high))
    return joined
