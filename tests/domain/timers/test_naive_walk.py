"""The library against the walker: every rule of the law of time on random cases of 2015 to 2030.

Twenty thousand cases in CI and more than a million at night, where pytest-xdist may share the parts.
"""

from __future__ import annotations

import functools
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from egov_core.domain.calendar.hours import OfficeClock
from egov_core.domain.calendar.notices import Notice
from egov_core.domain.calendar.workdays import WorkCalendar
from egov_core.domain.legal import AS_GIVEN, CHINA
from egov_core.domain.periods import EndRoll, Period, StartRule, Unit
from egov_core.domain.timers.months import MonthEnd
from egov_core.domain.timers.reckoning import DayEnd, Due, Extension, Pause, PauseRule, Ruler, Settings
from egov_core.runtime.shipped import national_calendar, office_hours
from tests.domain.timers.naive_reckoning import Question, Stop, walk, walk_back

FIRST, LAST = date(2015, 1, 1), date(2030, 12, 31)
PARTS, PART = 52, 20_000  # at night, beside the part that CI walks
UNITS = {
    "wd": Unit.WORKING_DAY,
    "d": Unit.DAY,
    "m": Unit.MONTH,
    "y": Unit.YEAR,
    "wh": Unit.WORKING_HOUR,
    "h": Unit.HOUR,
}

Answered = tuple[datetime | None, date | None, date | None, bool]


# -- the same question to the library ----------------------------------------------------------------------------------


@functools.cache
def ruler(
    *, closed: bool, capped: bool, next_month: bool, until_closing: bool, hours: str, calendar: WorkCalendar
) -> Ruler:
    return Ruler(
        calendar=calendar,
        clock=OfficeClock(calendar, office_hours(hours)),
        settings=Settings(
            pause_rule=PauseRule.CLOSED if closed else PauseRule.HALF_OPEN,
            cap_pauses=capped,
            month_end=MonthEnd.NEXT_MONTH if next_month else MonthEnd.LAST_DAY,
            day_end=DayEnd.CLOSE if until_closing else DayEnd.MIDNIGHT,
        ),
    )


def ruler_for(q: Question, calendar: WorkCalendar) -> Ruler:
    return ruler(
        closed=q.closed,
        capped=q.capped,
        next_month=q.next_month,
        until_closing=q.until_closing,
        hours=q.hours,
        calendar=calendar,
    )


def aware(at: datetime) -> datetime:
    return at.replace(tzinfo=CHINA)


def period(amount: Decimal, unit: str, start_rule: str = "", *, roll: bool = False) -> Period:
    if not start_rule:
        return Period(amount=amount, unit=UNITS[unit], basis=AS_GIVEN)
    end = EndRoll.AFTER_REST if roll else EndRoll.NONE
    return Period(amount=amount, unit=UNITS[unit], basis=AS_GIVEN, start_rule=StartRule(start_rule), end_roll=end)


def pause(stop: Stop) -> Pause:
    return Pause(
        start=aware(stop.begin),
        end=None if stop.end is None else aware(stop.end),
        by_dates=stop.by_dates,
        declared=None if stop.declared is None else period(stop.declared, "wd"),
    )


def library(q: Question, calendar: WorkCalendar) -> Due:
    start = aware(q.start)
    return ruler_for(q, calendar).due(
        start,
        period(q.amount, q.unit, q.start_rule, roll=q.roll),
        [pause(stop) for stop in q.stops],
        [Extension(amount=period(more, q.unit), approved_at=start) for more in q.extensions],
    )


def answered(due: Due) -> Answered:
    return None if due.due is None else due.due.replace(tzinfo=None), due.first_day, due.last_day, due.provisional


def walked(q: Question) -> Answered:
    found = walk(q)
    return (None, None, None, False) if found is None else (found.due, found.first_day, found.last_day, found.guessed)


# -- random questions --------------------------------------------------------------------------------------------------

LARGEST = {"wd": 60, "d": 120, "m": 14, "y": 2, "wh": 60, "h": 500}
RULES = {
    "wd": ("next-day", "next-day", "same-day", "instant"),
    "wh": ("instant", "next-day"),
    "h": ("instant", "next-day"),
}
ANY_RULE = ("next-day", "same-day", "instant")


def question(chance: random.Random) -> Question:
    unit = chance.choices(("wd", "d", "m", "y", "wh", "h"), (56, 14, 8, 2, 12, 8))[0]
    start = datetime(2015, 1, 1) + timedelta(minutes=chance.randrange(MINUTES))
    if unit in ("m", "y") and chance.random() < 0.5:  # from the end of a month, where months are of unequal length
        start = (start.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    amount = Decimal(chance.randint(1, LARGEST[unit]))
    if unit in ("wd", "wh", "h") and chance.random() < 0.15:
        amount -= Decimal(chance.choice(("0.25", "0.5", "0.75")))
    extensions = [Decimal(chance.randint(1, 10)) for _ in range(chance.choice((0, 0, 0, 0, 1, 2)))]
    stops = []
    for _ in range(chance.choices((0, 1, 2, 3), (30, 40, 20, 10))[0]):
        begin = start + timedelta(minutes=chance.randint(-20_000, 90_000))
        end = begin + timedelta(minutes=chance.choice((0, chance.randint(0, 600), chance.randint(0, 60_000))))
        declared = Decimal(chance.randint(1, 30)) / chance.choice((1, 1, 2))
        stops.append(
            Stop(
                begin=begin,
                end=None if chance.random() < 0.12 else end,
                by_dates=chance.random() < 0.7,
                declared=declared if chance.random() < 0.6 else None,
            )
        )
    return Question(
        start=start,
        amount=amount,
        unit=unit,
        start_rule=chance.choice(RULES.get(unit, ANY_RULE)),
        stops=tuple(stops),
        extensions=tuple(extensions) if unit not in ("m", "y") else (),
        roll=chance.random() < 0.5,
        closed=chance.random() < 0.4,
        capped=chance.random() < 0.4,
        next_month=chance.random() < 0.3,
        until_closing=chance.random() < 0.2,
        hours=chance.choice(("standard", "hengyang")),
    )


MINUTES = ((LAST - FIRST).days + 1) * 24 * 60


def questions(seed: int, count: int) -> Iterator[Question]:
    chance = random.Random(seed)
    for _ in range(count):
        yield question(chance)


def disagreements(seed: int, count: int, calendar: WorkCalendar | None = None) -> list[Question]:
    """The questions to which library and walker give different answers, forwards and back."""
    calendar = calendar or national_calendar()
    found = []
    for q in questions(seed, count):
        if answered(library(q, calendar)) != walked(q):
            found.append(q)
        elif q.unit in ("wd", "d", "m", "y"):
            end = q.start.date()
            if ruler_for(q, calendar).before(end, period(q.amount, q.unit)) != walk_back(
                end, q.amount, q.unit, next_month=q.next_month
            ):
                found.append(q)
    return found


def test_the_walker_agrees_on_twenty_thousand_cases() -> None:
    assert disagreements(20160422, PART) == []


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(PARTS))
def test_the_walker_agrees_on_a_million_cases_more(seed: int) -> None:
    assert disagreements(seed, PART) == []


# -- the comparison can fail -------------------------------------------------------------------------------------------


def test_a_single_day_moved_in_sixteen_years_is_noticed() -> None:
    moved = Notice(title="moved", year=2019, published=date(2019, 1, 2), rest=(date(2019, 6, 12),))
    assert disagreements(1, 3_000, national_calendar(extra=[moved]))


@pytest.mark.parametrize(
    "changed",
    [
        {"closed": True}, {"capped": True}, {"next_month": True}, {"until_closing": True}, {"roll": True},
        {"hours": "hengyang"}, {"start_rule": "next-day"}, {"stops": ()}, {"extensions": ()},
    ],
    ids=str,
)  # fmt: skip
def test_every_rule_matters_to_some_case(changed: dict[str, Any]) -> None:
    calendar = national_calendar()
    assert any(answered(library(replace(q, **changed), calendar)) != walked(q) for q in questions(1, 2_000))
