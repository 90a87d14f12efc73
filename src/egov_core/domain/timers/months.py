"""Months and years: the corresponding day (民法典 202). Dates only; no calendar, no rest days."""

from __future__ import annotations

from datetime import date, timedelta

_ONE_DAY = timedelta(days=1)


def add_months(day: date, months: int) -> date:
    """The corresponding day, or the last day of a month that has none."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return min(date(year, month + 1, 1) + timedelta(days=day.day - 1), following - _ONE_DAY)


def last_day(day: date, months: int, *, same_day: bool) -> date:
    """The last day of a period of months from `day`.

    The corresponding day, or the day before it where `day` itself counts; the month's last day where there is none.
    """
    there = add_months(day, months)
    return there - _ONE_DAY if same_day and there.day == day.day else there
