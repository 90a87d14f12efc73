"""Months and years: the corresponding day (民法典 202). Dates only; no calendar, no rest days."""

from __future__ import annotations

import enum
from datetime import date, timedelta

_ONE_DAY = timedelta(days=1)


class MonthEnd(enum.Enum):
    """Where a period of months ends in a month without the corresponding day.

    LAST_DAY: on the month's last day, as 民法典 202 says (default). NEXT_MONTH: on the first of the month after it, as
    a place counts that does not take the Civil Code for its own law's periods.
    """

    LAST_DAY = "last-day"
    NEXT_MONTH = "next-month"


def add_months(day: date, months: int, month_end: MonthEnd = MonthEnd.LAST_DAY) -> date:
    """The corresponding day; in a month that has none its last day, or the first of the next month."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    there = date(year, month + 1, 1) + timedelta(days=day.day - 1)
    return there if there < following else following - (_ONE_DAY if month_end is MonthEnd.LAST_DAY else timedelta())


def last_day(day: date, months: int, *, same_day: bool, month_end: MonthEnd = MonthEnd.LAST_DAY) -> date:
    """The last day of a period of months from `day`.

    The corresponding day, or the day before it where `day` itself counts; the month's last day where there is none.
    """
    there = add_months(day, months, month_end)
    has_no_end = there.day != day.day and month_end is MonthEnd.LAST_DAY
    return there if not same_day or has_no_end else there - _ONE_DAY
