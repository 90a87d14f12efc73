"""Reckoning: from a start, a limit, pauses and extensions to the last second in time.

Rules of this room: pure functions of their arguments and the calendar; no day-walking (explanations do that, in
`ledger`). What the law leaves open is a named setting in `Settings`, with its reason.

How it works. Days are counted on an index of working days. A pause takes working days out of the count, so the n-th
counted day moves back by as many: pauses are merged, taken in order, and each that begins before the day reached so far
pushes it on. Hours do the same on the clock of office time. An extension adds to the amount before that.

Sources: 行政许可法 42, 45, 82; 民法典 201-203; the pause convention is a reading (`PauseRule`).
"""

from __future__ import annotations

import enum
import math
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar

import attrs

from egov_core.domain.calendar.hours import OfficeClock
from egov_core.domain.calendar.workdays import WorkCalendar
from egov_core.domain.legal import CHINA, ONE_SECOND, end_of, start_of
from egov_core.domain.periods import EndRoll, FixedDay, Immediate, Limit, NoLimit, Period, StartRule, Unit
from egov_core.domain.timers.vendor_scale import VendorScale
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
    """The place's readings where law and notice are silent; each is named in the ledger."""

    pause_rule: PauseRule = PauseRule.HALF_OPEN
    day_end: DayEnd = DayEnd.MIDNIGHT
    cap_pauses: bool = False


@attrs.frozen(kw_only=True)
class Pause:
    """A span whose time is not counted. `end` None: still open. `declared`: the working days told in writing.

    `by_dates`: the span was given by days, so whole working days leave the count; otherwise exact office time does.
    """

    start: datetime
    end: datetime | None = None
    declared: Period | None = None
    by_dates: bool = True
    kind: str = ""
    notice: str = ""


@attrs.frozen(kw_only=True)
class Extension:
    """An approved extension 延期, in the unit of the limit it extends."""

    amount: Period
    approved_at: datetime


@attrs.frozen(kw_only=True)
class Due:
    """The answer: `due` the last second in time, `last_day`, and the first day that counted.

    `due` is None while a pause is open without a credit, and where there is no limit; `why_open` then says which.
    `provisional`: a day of the span lies beyond the last holiday notice.
    """

    due: datetime | None
    last_day: date | None
    first_day: date | None
    provisional: bool
    why_open: str = ""


@attrs.frozen(kw_only=True)
class Ruler:
    """What a place measures time with: its calendar, its office clock, its readings."""

    calendar: WorkCalendar
    clock: OfficeClock
    settings: Settings = Settings()

    @property
    def vendor_scale(self) -> VendorScale:
        """The second-precise scale of `hunan-2018` on this calendar and these hours."""
        return VendorScale(self.calendar, self.clock)

    def due(
        self, start: datetime, limit: Limit, pauses: Sequence[Pause] = (), extensions: Sequence[Extension] = ()
    ) -> Due:
        """The last second in time for `limit` from `start`.

        Raises PeriodError when an extension has another unit than the limit.
        """
        if isinstance(limit, NoLimit):
            return Due(due=None, last_day=None, first_day=None, provisional=False, why_open="no-limit")
        if isinstance(limit, Immediate):
            return self._day_end(start.date(), start.date(), start.date())
        if isinstance(limit, FixedDay):
            return self._day_end(start.date(), start.date(), limit.day)
        total = limit.amount + _extended(limit, extensions)
        if any(pause.end is None and self._open_end(pause) is None and pause.start >= start for pause in pauses):
            return Due(due=None, last_day=None, first_day=None, provisional=False, why_open="paused")
        if limit.unit is Unit.WORKING_DAY:
            return self._working_days(start, limit, total, pauses)
        if limit.unit is Unit.WORKING_HOUR:
            return self._hours(start, total, pauses, on_office_clock=True)
        if limit.unit is Unit.HOUR:
            return self._hours(start, total, pauses, on_office_clock=False)
        return self._natural(start, limit, int(total), pauses)

    def before(self, end: date, period: Period) -> date:
        """The last day that lies a whole `period` before `end`, e.g. 三十日前; a backward period is not rolled."""
        amount = math.ceil(period.amount)
        if period.unit is Unit.WORKING_DAY:
            return self.calendar.add(end, -amount)
        if period.unit is Unit.DAY:
            return end - timedelta(days=amount)
        if period.unit in (Unit.MONTH, Unit.YEAR):
            return _add_months(end, -amount * (12 if period.unit is Unit.YEAR else 1))
        raise PeriodError("a backward period is counted in days, months or years", remedy="use wd, d, m or y")

    # -- days ----------------------------------------------------------------------------------------------------

    def _working_days(self, start: datetime, limit: Period, total: Decimal, pauses: Sequence[Pause]) -> Due:
        if limit.start_rule is StartRule.INSTANT:
            scale = self.vendor_scale
            due = scale.after(start, total, pauses)
            provisional = self.calendar.span_provisional(start.date(), due.date())
            return Due(due=due, last_day=due.date(), first_day=scale.normal(start).date(), provisional=provisional)
        anchor = start.date() - ONE_DAY if limit.start_rule is StartRule.SAME_DAY else start.date()
        if all(pause.by_dates for pause in pauses):
            first, last = self._whole_days(anchor, math.ceil(total), self.excluded_days(pauses))
        else:
            first, last = self._parts_of_days(anchor, total, pauses)
        return self._day_end(start.date(), first, last)

    def _whole_days(self, anchor: date, count: int, excluded: Sequence[tuple[date, date]]) -> tuple[date, date]:
        add = self.calendar.add
        first, last = add(anchor, 1), add(anchor, count)
        for low, high in excluded:
            low = max(low, anchor + ONE_DAY)
            if low > last:
                break
            if high < low:
                continue
            count += self.calendar.elapsed(low - ONE_DAY, high)
            last = add(anchor, count)
            if low <= first <= high:
                first = add(high, 1)
        return first, last

    def _parts_of_days(self, anchor: date, total: Decimal, pauses: Sequence[Pause]) -> tuple[date, date]:
        """The first day on which counted parts of working days reach `total` (a part is open time not paused)."""
        needed = Fraction(total)
        last = self.calendar.add(anchor, math.ceil(needed))
        for low, high in self.excluded_spans(pauses):
            low = max(low, start_of(anchor + ONE_DAY))
            if self._open_share(start_of(anchor + ONE_DAY), low) >= needed:
                break  # the limit was used up before the pause began
            if high <= low:
                continue
            needed += self._open_share(low, high)
            last = self.calendar.add(anchor, math.ceil(needed))
        return self.calendar.add(anchor, 1), last

    def _open_share(self, low: datetime, high: datetime) -> Fraction:
        """Office time in [low, high) in working days: whole days in between, parts of the first and the last."""

        def part(begin: datetime, end: datetime) -> Fraction:
            day = begin.date()
            whole = self.clock.elapsed_seconds(start_of(day), start_of(day + ONE_DAY))
            return Fraction(self.clock.elapsed_seconds(begin, end), whole) if whole else Fraction(0)

        if low.date() == high.date():
            return part(low, high)
        between = self.calendar.elapsed(low.date(), high.date() - ONE_DAY)
        return part(low, start_of(low.date() + ONE_DAY)) + between + part(start_of(high.date()), high)

    def _natural(self, start: datetime, limit: Period, amount: int, pauses: Sequence[Pause]) -> Due:
        begin = start.date()
        anchor = begin - ONE_DAY if limit.start_rule is StartRule.SAME_DAY else begin
        if limit.unit is Unit.DAY:
            last = anchor + timedelta(days=amount)
        else:
            last = _add_months(anchor, amount * (12 if limit.unit is Unit.YEAR else 1))
        for low, high in self.excluded_days(pauses):
            low = max(low, anchor + ONE_DAY)
            if low > last:
                break
            if high >= low:
                last += high - low + ONE_DAY
        if limit.end_roll is EndRoll.AFTER_REST:
            last = self.calendar.on_or_after(last)
        return self._day_end(begin, anchor + ONE_DAY, last)

    def _day_end(self, begin: date, first: date, last: date) -> Due:
        due = end_of(last)
        if self.settings.day_end is DayEnd.CLOSE and self.calendar.is_workday(last):
            # the last second in time is the one before closing strikes
            closing = self.clock.closing(last)
            due = due if closing is None else closing - ONE_SECOND
        provisional = self.calendar.span_provisional(min(begin, last), max(begin, last))
        return Due(due=due, last_day=last, first_day=first, provisional=provisional)

    # -- hours ---------------------------------------------------------------------------------------------------

    def _hours(self, start: datetime, total: Decimal, pauses: Sequence[Pause], *, on_office_clock: bool) -> Due:
        seconds = int(total * 3600)

        def reach(amount: int) -> datetime:
            return self.clock.add_seconds(start, amount) if on_office_clock else start + timedelta(seconds=amount)

        due = reach(seconds)
        for low, high in self.excluded_spans(pauses):
            low = max(low, start)
            if low >= due:
                break
            if high <= low:
                continue
            seconds += self.clock.elapsed_seconds(low, high) if on_office_clock else int((high - low).total_seconds())
            due = reach(seconds)
        provisional = on_office_clock and self.calendar.span_provisional(start.date(), due.date())
        return Due(due=due, last_day=due.date(), first_day=start.date(), provisional=provisional)

    # -- pauses --------------------------------------------------------------------------------------------------

    def excluded_days(self, pauses: Iterable[Pause]) -> list[tuple[date, date]]:
        """The days taken out, as merged closed intervals in order; an uncredited open pause is not in it."""
        spans = []
        for pause in pauses:
            low = pause.start.date() + (ONE_DAY if self.settings.pause_rule is PauseRule.HALF_OPEN else timedelta())
            high = pause.end.date() if pause.end is not None else date.max
            credited = self._credit_end(pause, low)
            if credited is not None:
                high = min(high, credited)
            if high is not date.max and high >= low:
                spans.append((low, high))
        return _merged(spans, gap=ONE_DAY)

    def excluded_spans(self, pauses: Iterable[Pause]) -> list[tuple[datetime, datetime]]:
        """The same as instants [low, high), for limits in hours and pauses given by times."""
        spans = []
        for pause in pauses:
            if pause.by_dates:
                spans += [(start_of(low), start_of(high + ONE_DAY)) for low, high in self.excluded_days([pause])]
                continue
            high = pause.end if pause.end is not None else self._open_end(pause)
            if high is not None and self.settings.cap_pauses and pause.declared is not None:
                high = min(high, self._credited_until(pause))
            if high is not None and high > pause.start:
                spans.append((pause.start, high))
        return _merged(spans, gap=timedelta())

    def _credit_end(self, pause: Pause, low: date) -> date | None:
        """The last day that is still credited when pauses are capped at their declared days."""
        if not self.settings.cap_pauses or pause.declared is None:
            return None
        return self.calendar.add(low - ONE_DAY, math.ceil(pause.declared.amount))

    def _credited_until(self, pause: Pause) -> datetime:
        """The instant at which the declared office time of a pause given by times is used up."""
        assert pause.declared is not None
        begin = self.clock.next_open(pause.start)
        return datetime.combine(self.calendar.add(begin.date(), math.ceil(pause.declared.amount)), begin.time(), CHINA)

    def _open_end(self, pause: Pause) -> datetime | None:
        """Until when an open pause is credited: its declared days if pauses are capped, else nobody knows."""
        if not self.settings.cap_pauses or pause.declared is None:
            return None
        return self._credited_until(pause)


def extension_refusal(ruler: Ruler, start: datetime, limit: Limit, pauses: Sequence[Pause], asked: Extension) -> str:
    """Why `asked` is void, or an empty string: it must be approved while the limit still runs (行政许可法 42)."""
    known = [pause for pause in pauses if pause.start <= asked.approved_at]
    known = [
        pause if pause.end is None or pause.end <= asked.approved_at else attrs.evolve(pause, end=None)
        for pause in known
    ]
    reached = ruler.due(start, limit, known)
    if reached.why_open == "no-limit":
        return "there is no limit to extend"
    if asked.approved_at < start:
        return "it is dated before the limit began to run"
    if reached.due is not None and asked.approved_at > reached.due:
        return f"the limit had passed on {reached.last_day}"
    return ""


def _extended(limit: Period, extensions: Iterable[Extension]) -> Decimal:
    total = Decimal(0)
    for extension in extensions:
        if extension.amount.unit is not limit.unit:
            raise PeriodError(
                f"an extension of {extension.amount} cannot be added to a limit of {limit}",
                remedy="give the extension in the unit of the limit",
            )
        total += extension.amount.amount
    return total


def _add_months(day: date, months: int) -> date:
    """The corresponding day, or the last day of a month that has none (民法典 202)."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return min(date(year, month + 1, 1) + timedelta(days=day.day - 1), following - ONE_DAY)


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
