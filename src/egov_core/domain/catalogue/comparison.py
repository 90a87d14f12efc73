"""Whether a promise ends within the law, where the two are counted in different units.

Rules of this room: what holds in every year that the holiday notices have settled is said, and nothing else. No
calendar is asked, and no text is read: how far working days can reach is written below, and a test measures it on the
notices that are shipped.
"""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from egov_core.domain.periods import Immediate, Limit, NoLimit, Period, Unit


def is_surely_within(promised: Limit, statutory: Limit) -> bool:
    """Whether the promise ends no later than the statutory limit, whichever day both begin on.

    Same units compare by amount. Otherwise by the last day, counted from the start: n natural days end on day n; n
    working days as `longest_span` and `shortest_span` have it; n hours between days ⌊n/24⌋ - 1 and ⌈n/24⌉. Six working
    hours are taken as one working day: no office opens for less.
    """
    if isinstance(promised, Immediate) or isinstance(statutory, NoLimit):
        return True
    if not isinstance(promised, Period) or not isinstance(statutory, Period):
        return False
    if promised.unit is statutory.unit:
        return promised.amount <= statutory.amount
    if promised.unit is Unit.WORKING_HOUR and statutory.unit is Unit.WORKING_DAY:
        return _in_working_days(promised.amount) <= statutory.amount
    return _last_day(promised)[1] <= _last_day(statutory)[0]


def is_surely_beyond(promised: Limit, statutory: Limit) -> bool:
    """Whether the promise ends later than the statutory limit, whichever day both begin on."""
    if not isinstance(promised, Period | Immediate) or not isinstance(statutory, Period | Immediate):
        return False
    if isinstance(promised, Period) and isinstance(statutory, Period) and promised.unit is statutory.unit:
        return promised.amount > statutory.amount
    return _last_day(promised)[0] > _last_day(statutory)[1]


def longest_span(days: Decimal) -> Decimal:
    """The latest day, counted from the start, on which so many working days have ended since 2015.

    Weekends; ten rest days more, for a closure and the weekend beside it; and two days for every twenty, since no month
    and a half has had more of holidays than that.
    """
    whole = days.to_integral_value(ROUND_CEILING)
    return whole + 2 * ((whole - 1) // 5) + 10 + 2 * (whole // 20)


def shortest_span(days: Decimal) -> Decimal:
    """The earliest day on which they can end: weekends, those left out that are worked in exchange for a closure."""
    return max(days, (days * 7 / 5 - Decimal("3.4")).to_integral_value(ROUND_CEILING))


def _last_day(limit: Period | Immediate) -> tuple[Decimal, Decimal]:
    """The earliest and the latest day, counted from the start, on which the limit can end."""
    if isinstance(limit, Immediate):
        return Decimal(0), Decimal(0)
    amount = limit.amount
    if limit.unit is Unit.DAY:
        return amount, amount
    if limit.unit is Unit.WORKING_DAY:
        return shortest_span(amount), longest_span(amount)
    if limit.unit is Unit.HOUR:
        # One day less as the earliest end: hours may end in the morning, days end at midnight.
        days = amount / 24
        return max(days.to_integral_value(ROUND_FLOOR) - 1, Decimal(0)), days.to_integral_value(ROUND_CEILING)
    if limit.unit is Unit.WORKING_HOUR:
        return Decimal(0), longest_span(_in_working_days(amount))
    days = amount * (30 if limit.unit is Unit.MONTH else 365)
    return days - 2 * amount, days + amount


def _in_working_days(hours: Decimal) -> Decimal:
    return (hours / 6).to_integral_value(ROUND_CEILING)
