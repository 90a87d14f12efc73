"""Reckoning: from a start, a limit, pauses and extensions to the last second in time.

Rules of this room: pure functions of their arguments and the calendar; no day-walking (explanations do that, in
`ledger`). What the law leaves open is a named setting in `Settings`, with its reason. Other rooms import pauses and
settings from here.

How it works. Days are counted on an index of working days. A pause takes working days out of the count, so the n-th
counted day moves back by as many: pauses are merged, taken in order, and each that begins before the day reached so far
pushes it on; one that is open and begins before it leaves the end unknown. Hours do the same on the clock of office
time. An extension adds to the amount before that.

Sources: 行政许可法 42, 45, 82; 民法典 201-203; the pause convention is a reading (`PauseRule`).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import attrs

from egov_core.domain.calendar.hours import OfficeClock
from egov_core.domain.calendar.workdays import WorkCalendar
from egov_core.domain.legal import CHINA, ONE_SECOND, end_of, instant, start_of
from egov_core.domain.periods import EndRoll, FixedDay, Immediate, Limit, NoLimit, Period, StartRule, Unit
from egov_core.domain.timers.months import MonthEnd, add_months, last_day
from egov_core.domain.timers.pauses import ONE_DAY, DayEnd, Exclusions, Pause, PauseRule, Settings
from egov_core.domain.timers.vendor_scale import VendorScale
from egov_core.errors import PeriodError

__all__ = [
    "ONE_DAY",
    "DayEnd",
    "Due",
    "Extension",
    "Pause",
    "PauseRule",
    "Ruler",
    "Settings",
    "extension_refusal",
]


@attrs.frozen(kw_only=True)
class Extension:
    """An approved extension 延期, in the unit of the limit it extends. Raises PeriodError, NaiveTimeError."""

    amount: Period
    approved_at: datetime = attrs.field(converter=instant)

    def __attrs_post_init__(self) -> None:
        if not isinstance(self.amount, Period):
            raise PeriodError(
                f"an extension of {self.amount!r} is no period", remedy='give a period, as of parse_limit("10wd")'
            )


@attrs.frozen(kw_only=True)
class Due:
    """The answer: `due` the last second in time, `last_day`, and the first day that counted.

    `due` is None while a pause is open without a credit, and where there is no limit; `why_open` then says which.
    `provisional`: a day of the span lies beyond the last holiday notice. `told`: the law alone gives an earlier date
    by now, but this one was told to the applicant before the calendar was amended.
    """

    due: datetime | None
    last_day: date | None
    first_day: date | None
    provisional: bool
    why_open: str = ""
    told: bool = False


@attrs.frozen(kw_only=True)
class Ruler:
    """What a place measures time with: its calendar, its office clock, its readings."""

    calendar: WorkCalendar
    clock: OfficeClock
    settings: Settings = attrs.field(factory=Settings)

    @property
    def vendor_scale(self) -> VendorScale:
        """The second-precise scale of `hunan-2018` on this calendar and these hours."""
        return VendorScale(self.calendar, self.clock, cap_pauses=self.settings.cap_pauses)

    def due(
        self, start: datetime, limit: Limit, pauses: Sequence[Pause] = (), extensions: Sequence[Extension] = ()
    ) -> Due:
        """The last second in time for `limit` from `start`.

        Raises NaiveTimeError for a start without an offset, CalendarRangeError outside the calendar, PeriodError when
        an extension has another unit than the limit.
        """
        start = instant(start)
        self.calendar.is_workday(start.date())  # refuses what lies outside the calendar
        if not isinstance(limit, Limit):
            raise PeriodError(f"{limit!r} is no limit", remedy='read it with parse_limit("20wd")')
        if isinstance(limit, NoLimit):
            return _endless("no-limit")
        if isinstance(limit, Immediate):
            return self._day_end(start, start.date(), start.date())
        if isinstance(limit, FixedDay):
            return self._day_end(start, start.date(), limit.day)
        total = limit.amount + _extended(limit, extensions) if extensions else limit.amount
        excluded = self._exclusions(pauses)
        if limit.unit is Unit.WORKING_DAY:
            if limit.start_rule is StartRule.INSTANT:
                return self._on_scale(start, total, pauses)
            return self._working_days(start, limit, total, excluded)
        if limit.unit.is_hours:
            return self._hours(start, limit, total, excluded)
        return self._natural(start, limit, int(total), excluded)

    def begins(self, start: datetime, limit: Period) -> datetime:
        """The instant from which a limit in hours counts: the start itself, or 00:00 of the next day where so set."""
        return start_of(start.date() + ONE_DAY) if limit.start_rule is StartRule.NEXT_DAY else start

    def before(self, end: date, period: Period) -> date:
        """The last day that lies a whole `period` before `end`, e.g. 三十日前; a backward period is not rolled."""
        self.calendar.is_workday(end)  # refuses what is not a day of the calendar
        if not isinstance(period, Period) or period.unit.is_hours:
            raise PeriodError("a backward period is counted in days, months or years", remedy="use wd, d, m or y")
        amount = math.ceil(period.amount)
        if period.unit is Unit.WORKING_DAY:
            return self.calendar.add(end, -amount)
        if period.unit is Unit.DAY:
            return end - timedelta(days=amount)
        return add_months(end, -amount * (12 if period.unit is Unit.YEAR else 1), self.settings.month_end)

    def excluded_days(self, pauses: Iterable[Pause]) -> list[tuple[date, date]]:
        """The days taken out, as merged closed intervals in order; an uncredited open pause is not in it."""
        return self._exclusions(pauses).days()

    def excluded_spans(self, pauses: Iterable[Pause]) -> list[tuple[datetime, datetime]]:
        """The same as instants [low, high), for limits in hours and pauses given by times."""
        return self._exclusions(pauses).spans()

    def _exclusions(self, pauses: Iterable[Pause]) -> Exclusions:
        return Exclusions(self.calendar, self.clock, self.settings, tuple(pauses))

    # -- days ----------------------------------------------------------------------------------------------------

    def _on_scale(self, start: datetime, total: Decimal, pauses: Sequence[Pause]) -> Due:
        scale = self.vendor_scale
        due = scale.after(start, total, pauses)
        if due is None:
            return _endless("paused")
        provisional = self.calendar.span_provisional(start.date(), due.date())
        return Due(due=due, last_day=due.date(), first_day=scale.normal(start).date(), provisional=provisional)

    def _working_days(self, start: datetime, limit: Period, total: Decimal, excluded: Exclusions) -> Due:
        anchor = start.date() - ONE_DAY if limit.start_rule is StartRule.SAME_DAY else start.date()
        if not excluded.pauses:
            add = self.calendar.add
            return self._day_end(start, add(anchor, 1), add(anchor, math.ceil(total)))
        reach = self._whole_days if excluded.by_dates else self._parts_of_days
        first, last, paused = reach(anchor, total, excluded)
        return _endless("paused") if paused else self._day_end(start, first, last)

    def _whole_days(self, anchor: date, total: Decimal, excluded: Exclusions) -> tuple[date, date, bool]:
        """The first and the last counted day, and whether an open pause begins before the last is over."""
        add, count = self.calendar.add, math.ceil(total)
        first, last = add(anchor, 1), add(anchor, count)
        for low, high in excluded.days():
            low = max(low, anchor + ONE_DAY)
            if low > last:
                break
            if high < low:
                continue
            count += self.calendar.elapsed(low - ONE_DAY, high)
            last = add(anchor, count)
            if low <= first <= high:
                first = add(high, 1)
        return first, last, excluded.open_day() <= last

    def _parts_of_days(self, anchor: date, total: Decimal, excluded: Exclusions) -> tuple[date, date, bool]:
        """The same with parts of working days (a part is open time not paused): the day on which they reach `total`."""
        needed, begin = Fraction(total), start_of(anchor + ONE_DAY)
        unpaused, share_unpaused = begin, Fraction(0)
        for low, high in excluded.spans():
            share_low = self._open_share(anchor, max(low, begin))
            if share_low >= needed:
                break  # the limit was used up before the pause began
            if high <= begin:
                continue
            share_high = self._open_share(anchor, high)
            needed += share_high - share_low
            if share_low == share_unpaused:
                unpaused, share_unpaused = high, share_high
        open_from = excluded.open_from()
        paused = open_from is not None and self._open_share(anchor, max(open_from, begin)) < needed
        return self.clock.next_open(unpaused).date(), self.calendar.add(anchor, math.ceil(needed)), paused

    def _open_share(self, anchor: date, at: datetime) -> Fraction:
        """Working days after `anchor` that have passed at `at`; of its own day the part of its open time."""
        day, before = at.date(), start_of(at.date())
        days = Fraction(self.calendar.elapsed(anchor, day - ONE_DAY))
        if at == before or not self.calendar.is_workday(day):
            return days
        opened = self.clock.elapsed_seconds(before, before + ONE_DAY)
        return days + Fraction(self.clock.elapsed_seconds(before, at), opened)

    def _natural(self, start: datetime, limit: Period, amount: int, excluded: Exclusions) -> Due:
        same_day = limit.start_rule is StartRule.SAME_DAY
        begin = start.date()
        first = begin if same_day else begin + ONE_DAY
        at_month_end = False
        if limit.unit is Unit.DAY:
            last = first + timedelta(days=amount - 1)
        else:
            months = amount * (12 if limit.unit is Unit.YEAR else 1)
            last = last_day(begin, months, same_day=same_day, month_end=self.settings.month_end)
            at_month_end = self.settings.month_end is MonthEnd.LAST_DAY and last.day != begin.day
        floor = first
        for low, high in excluded.days():
            low = max(low, floor)
            if low > last:
                break
            if high >= low:
                last += high - low + ONE_DAY
            if low <= first <= high:
                first = high + ONE_DAY
        if excluded.open_day() <= last:
            return _endless("paused")
        if limit.end_roll is EndRoll.AFTER_REST:
            last = self.calendar.on_or_after(last)
        due = self._day_end(start, first, last)
        if limit.start_rule is StartRule.INSTANT:
            # a month without the corresponding day has no corresponding hour either: its last day is whole (202, 203)
            due = attrs.evolve(due, due=end_of(last) if at_month_end else datetime.combine(last, start.time(), CHINA))
        return due

    def _day_end(self, start: datetime, first: date, last: date) -> Due:
        due = end_of(last)
        if self.settings.day_end is DayEnd.CLOSE and self.calendar.is_workday(last):
            # the last second in time is the one before closing strikes; what began after closing has until midnight
            closing = self.clock.closing(last)
            due = due if closing is None or closing <= start else closing - ONE_SECOND
        provisional = self.calendar.span_provisional(start.date(), last)
        return Due(due=due, last_day=last, first_day=first, provisional=provisional)

    # -- hours ---------------------------------------------------------------------------------------------------

    def _hours(self, start: datetime, limit: Period, total: Decimal, excluded: Exclusions) -> Due:
        on_office_clock = limit.unit is Unit.WORKING_HOUR
        begin, seconds = self.begins(start, limit), int(total * 3600)

        def reach(amount: int) -> datetime:
            return self.clock.add_seconds(begin, amount) if on_office_clock else begin + timedelta(seconds=amount)

        due = reach(seconds)
        for low, high in excluded.spans():
            low = max(low, begin)
            if low >= due:
                break
            if high <= low:
                continue
            seconds += self.clock.elapsed_seconds(low, high) if on_office_clock else int((high - low).total_seconds())
            due = reach(seconds)
        open_from = excluded.open_from()
        if open_from is not None and open_from < due:
            return _endless("paused")
        provisional = self.calendar.span_provisional(start.date(), due.date())
        return Due(due=due, last_day=due.date(), first_day=begin.date(), provisional=provisional)


def extension_refusal(
    ruler: Ruler,
    start: datetime,
    limit: Limit,
    pauses: Sequence[Pause],
    asked: Extension,
    stands: datetime | None = None,
) -> str:
    """Why `asked` is void, or an empty string: it must be approved while the limit still runs (行政许可法 42).

    `stands`: until when it runs where an earlier told date stands.
    """
    if not isinstance(limit, Period):
        return f"a limit that is {limit!s} is not extended"
    if asked.amount.unit is not limit.unit:
        return f"the limit is {limit}, in another unit"
    if asked.approved_at < instant(start):
        return "it is dated before the limit began to run"
    known = [
        pause if pause.end is None or pause.end <= asked.approved_at else attrs.evolve(pause, end=None)
        for pause in pauses
        if pause.start <= asked.approved_at
    ]
    reached = ruler.due(start, limit, known)
    if reached.due is not None and asked.approved_at > max(reached.due, stands or reached.due):
        return f"the limit had passed on {reached.last_day}"
    return ""


def _endless(why: str) -> Due:
    return Due(due=None, last_day=None, first_day=None, provisional=False, why_open=why)


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
