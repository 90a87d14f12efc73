"""Adding 20 working days: this library against a bare list and the usual packages.

Method. Every contender answers the same starts (days of 2015-2025 in a fixed random order), one call per start, as an
application would ask: a `datetime.date` in, a comparable date out. Tables, calendars and holiday lists are built before
the clock starts. Rounds are interleaved (every contender once per round, in an order that changes from round to round)
so that a slow minute of the machine hits all alike. Processor time is measured: nobody here waits for anything, and a
neighbour's work counts little. The figure is the median of the rounds, per call; the ratios, to the bare prefix list
and to `WorkCalendar.add`, are the medians of the ratios within a round. Slow contenders get fewer starts per round.
Then answers (at least 200 starts of each) are checked once against the day-walking definition over the published
schedules: `right` counts them, and so says how often the usual recipe is wrong. A package that is not there is shown as
not installed.

A second table asks whether the cost grows with the number of days: 20 against 2,000 from the same starts of 2015-2020,
the long answers reaching into 2029 (the calendar ends with 2040), beside a loop over a set of working days.

    bare prefix list   two list lookups on toordinal(), no checks: the floor for this approach
    numpy, done right  busday_offset with weekmask 1111111 and every rest day as a holiday
    numpy, recipe      busday_offset with weekmask 1111100 and the public holidays: make-up weekends are lost
    pandas, recipe     CustomBusinessDay with the public holidays: the same loss
    workalendar        China().add_working_days
    chinesecalendar    a loop over is_workday

Run: python benchmarks/add_working_days.py [--rounds N] [--starts N]
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
import warnings
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from itertools import accumulate, compress
from typing import Any

from egov_core.runtime.shipped import national_calendar

N = 20
Ask = Callable[[date], Any]


def as_date(answer: Any) -> date:
    """Answers of numpy and pandas as plain dates."""
    if hasattr(answer, "item"):
        answer = answer.item()
    day: date = answer.date() if hasattr(answer, "date") else answer
    return day


def ours() -> Ask:
    add = national_calendar().add
    return lambda day: add(day, N)


def all_days() -> list[date]:
    first, last = date(2014, 12, 1), date(2026, 12, 31)
    return [first + timedelta(days=step) for step in range((last - first).days + 1)]


def bare() -> Ask:
    calendar, days = national_calendar(), all_days()
    kinds = [int(calendar.is_workday(day)) for day in days]
    upto, work, base = list(accumulate(kinds)), list(compress(days, kinds)), days[0].toordinal()
    return lambda day: work[upto[day.toordinal() - base] + N - 1]


def weekday_rests() -> list[date]:
    calendar = national_calendar()
    return [day for day in all_days() if day.weekday() < 5 and not calendar.is_workday(day)]


def numpy_right() -> Ask:
    import numpy

    calendar = national_calendar()
    rests = [day for day in all_days() if not calendar.is_workday(day)]
    table = numpy.busdaycalendar(weekmask="1111111", holidays=numpy.array(rests, dtype="datetime64[D]"))
    offset = numpy.busday_offset
    # `backward` first moves a start on a rest day to the working day before it, from which the n-th is counted.
    return lambda day: offset(day, N, roll="backward", busdaycal=table)


def numpy_recipe() -> Ask:
    import numpy

    table = numpy.busdaycalendar(weekmask="1111100", holidays=numpy.array(weekday_rests(), dtype="datetime64[D]"))
    offset = numpy.busday_offset
    return lambda day: offset(day, N, roll="backward", busdaycal=table)


def pandas_recipe() -> Ask:
    import pandas

    step = pandas.offsets.CustomBusinessDay(n=N, holidays=weekday_rests())
    back = pandas.offsets.CustomBusinessDay(holidays=weekday_rests())
    stamp = pandas.Timestamp
    return lambda day: back.rollback(stamp(day)) + step


def workalendar_china() -> Ask:
    from workalendar.asia import China
    from workalendar.exceptions import CalendarError

    calendar = China()

    def add(day: date) -> Any:
        try:
            return calendar.add_working_days(day, N)
        except CalendarError:  # a year that the release has no notice for
            return None

    return add


def chinesecalendar_loop() -> Ask:
    from chinese_calendar import is_workday

    one = timedelta(days=1)

    def add(day: date) -> date:
        left = N
        while left:
            day += one
            left -= is_workday(day)
        return day

    return add


# name, how it is made, the share of the starts that it is asked in a timed round
CONTENDERS: list[tuple[str, Callable[[], Ask], float]] = [
    ("bare prefix list", bare, 1.0),
    ("WorkCalendar.add", ours, 1.0),
    ("numpy, done right", numpy_right, 0.2),
    ("numpy, recipe", numpy_recipe, 0.2),
    ("pandas, recipe", pandas_recipe, 0.1),
    ("workalendar", workalendar_china, 0.02),
    ("chinesecalendar loop", chinesecalendar_loop, 0.05),
]


def loop_over_a_set(n: int) -> Ask:
    calendar, one = national_calendar(), timedelta(days=1)
    first = date(2014, 12, 31)
    worked = {calendar.add(first, step) for step in range(1, 4_500)}

    def add(day: date) -> date:
        left = n
        while left:
            day += one
            left -= day in worked
        return day

    return add


def flatness(rounds: int, count: int) -> None:
    """The table of 20 against 2,000 working days."""
    calendar, chance = national_calendar(), random.Random(2000)
    span = (date(2020, 12, 31) - date(2015, 1, 1)).days
    starts = [date(2015, 1, 1) + timedelta(days=chance.randint(0, span)) for _ in range(count)]
    asks: dict[tuple[str, int], tuple[Ask, float]] = {}
    for n in (20, 2_000):
        asks["WorkCalendar.add", n] = (lambda day, n=n: calendar.add(day, n)), 1.0  # type: ignore[misc]  # mypy does not infer a default argument
        asks["loop over a set", n] = loop_over_a_set(n), 0.1 if n == 20 else 0.01
    times: dict[tuple[str, int], list[float]] = {key: [] for key in asks}
    order = list(asks)
    for _ in range(rounds):
        chance.shuffle(order)
        for key in order:
            ask, share = asks[key]
            times[key].append(per_call(ask, fresh(starts[: max(20, int(count * share))])))
    for day in starts[:100]:
        assert asks["WorkCalendar.add", 2_000][0](day) == asks["loop over a set", 2_000][0](day)
    print(f"\n{'the same starts':<22}{'20 days, ns':>14}{'2,000 days, ns':>16}{'ratio':>8}")
    for name in ("WorkCalendar.add", "loop over a set"):
        few, many = times[name, 20], times[name, 2_000]
        ratio = statistics.median(long / short for short, long in zip(few, many, strict=True))
        print(f"{name:<22}{statistics.median(few):>14,.0f}{statistics.median(many):>16,.0f}{ratio:>8.2f}")


def truth(start: date) -> date:
    """The definition, walked day by day."""
    calendar, day, left = national_calendar(), start, N
    while left:
        day += timedelta(days=1)
        left -= calendar.is_workday(day)
    return day


def fresh(days: Iterable[date]) -> list[date]:
    """New objects: a date remembers its hash, and an application's dates come fresh from its store."""
    return [date(day.year, day.month, day.day) for day in days]


def per_call(ask: Ask, starts: list[date]) -> float:
    """Nanoseconds of processor time per call."""
    begun = time.process_time_ns()
    for day in starts:
        ask(day)
    return (time.process_time_ns() - begun) / len(starts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--starts", type=int, default=3000)
    options = parser.parse_args()
    warnings.simplefilter("ignore")  # peers warn about years they do not know; wrong answers are counted below

    chance = random.Random(20)
    span = (date(2025, 12, 31) - date(2015, 1, 1)).days
    starts = [date(2015, 1, 1) + timedelta(days=chance.randint(0, span)) for _ in range(options.starts)]

    asks: dict[str, tuple[Ask, float]] = {}
    missing: list[str] = []
    for name, make, share in CONTENDERS:
        try:
            asks[name] = make(), share
        except ImportError:
            missing.append(name)

    times: dict[str, list[float]] = {name: [] for name in asks}
    order = list(asks)
    for _ in range(options.rounds):
        chance.shuffle(order)
        for name in order:
            ask, share = asks[name]
            times[name].append(per_call(ask, fresh(starts[: max(20, int(len(starts) * share))])))

    floor, own = times["bare prefix list"], times["WorkCalendar.add"]
    print(f"{N} working days after a date, {options.rounds} interleaved rounds, {len(starts)} starts of 2015-2025\n")
    print(f"{'contender':<22}{'median ns':>12}{'x bare':>10}{'x ours':>10}{'right':>14}")
    for name, (ask, share) in asks.items():
        checked = starts[: max(200, int(len(starts) * share))]
        answers = [(day, ask(day)) for day in checked]
        right = sum(answer is not None and as_date(answer) == truth(day) for day, answer in answers)
        unanswered = sum(answer is None for _, answer in answers)
        ratio = statistics.median(mine / base for mine, base in zip(times[name], floor, strict=True))
        beside = statistics.median(mine / base for mine, base in zip(times[name], own, strict=True))
        note = f"  ({unanswered} unanswered)" if unanswered else ""
        print(
            f"{name:<22}{statistics.median(times[name]):>12,.0f}{ratio:>10,.1f}{beside:>10,.1f}{right:>8}/{len(checked)}{note}"
        )
    for name in missing:
        print(f"{name:<22}{'not installed':>12}")
    flatness(options.rounds, len(starts))


if __name__ == "__main__":
    main()
