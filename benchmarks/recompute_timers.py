"""A million timers reckoned anew, as after a holiday notice: this library, a loop over days, and numpy.

Method. The timers are drawn once, from a seed: limits of 3 to 60 working days from starts of 2015-2025, five in a
hundred with a pause by dates, two in a hundred with an extension. Runs, calendars, tables and arrays are made before
the clock starts. Rounds are interleaved (every contender once a round, in an order that changes from round to round);
the figure is the median over the rounds of the processor time per timer, the ratio the median of the ratios to
`TimerRun.due` of the same round. Slow contenders get a sample. Then the answers are compared: `dues` with
`TimerRun.due` on all timers, the loops on their sample, numpy on the plain timers; `right` counts them.

    TimerRun.due       one call a timer: start rule, pauses, extension, first and last day, provisional mark
    dues               the same answers for all at once
    loop over a set    day by day over a set of working days; pauses as a set of days; it gives the last day and no more
    chinesecalendar    the same loop, asking its is_workday about every day
    numpy, arrays      one busday_offset for all plain timers, every rest day as a holiday; starts already in an array
    numpy, from dates  the same, with the array made from date objects and date objects made of the answers

Run: python benchmarks/recompute_timers.py [--rounds N] [--timers N]
"""

from __future__ import annotations

import argparse
import gc
import random
import statistics
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from egov_core.domain.calendar.hours import OfficeClock
from egov_core.domain.calendar.workdays import WorkCalendar
from egov_core.domain.legal import AS_GIVEN, CHINA, start_of
from egov_core.domain.periods import Period, Unit
from egov_core.domain.timers.bulk import dues
from egov_core.domain.timers.reckoning import Extension, Pause, Ruler
from egov_core.domain.timers.runs import TimerRun
from egov_core.runtime.shipped import national_calendar, office_hours

ONE = timedelta(days=1)
FIRST, LAST = date(2015, 1, 1), date(2025, 12, 31)
AMOUNTS = (3, 5, 7, 10, 15, 20, 30, 45, 60)


def working_days(amount: int) -> Period:
    return Period(amount=Decimal(amount), unit=Unit.WORKING_DAY, basis=AS_GIVEN)


def draw(count: int) -> list[TimerRun]:
    chance = random.Random(5)
    limits = {amount: {"statutory": working_days(amount)} for amount in AMOUNTS}
    minutes = ((LAST - FIRST).days + 1) * 24 * 60
    zero, ten = datetime(FIRST.year, 1, 1, tzinfo=CHINA), working_days(10)
    runs = []
    for number in range(count):
        start = zero + timedelta(minutes=chance.randrange(minutes))
        pauses: tuple[Pause, ...] = ()
        extensions: tuple[Extension, ...] = ()
        if chance.random() < 0.05:
            begin = start.date() + timedelta(days=chance.randint(0, 20))
            pauses = (Pause(start=start_of(begin), end=start_of(begin + timedelta(days=chance.randint(1, 30)))),)
        if chance.random() < 0.02:
            extensions = (Extension(amount=ten, approved_at=start),)
        runs.append(
            TimerRun(
                timer_id=str(number),
                kind="case",
                start=start,
                limits=limits[chance.choice(AMOUNTS)],
                pauses=pauses,
                extensions=extensions,
            )
        )
    return runs


def is_plain(run: TimerRun) -> bool:
    return not run.pauses and not run.extensions


def amount_of(run: TimerRun) -> int:
    return int(run.extended(run.limits["statutory"]))  # type: ignore[arg-type]  # all are periods here


def looped(run: TimerRun, counts: Callable[[date], bool]) -> date:
    """The last day on foot."""
    paused = set()
    for pause in run.pauses:
        assert pause.end is not None
        day = pause.start.date()
        while day < pause.end.date():
            day += ONE
            paused.add(day)
    day, left = run.start.date(), amount_of(run)
    while left:
        day += ONE
        left -= counts(day) and day not in paused
    return day


def rest_days(calendar: WorkCalendar) -> list[date]:
    days = (FIRST + timedelta(days=step) for step in range((date(2027, 12, 31) - FIRST).days + 1))
    return [day for day in days if not calendar.is_workday(day)]


def contenders(ruler: Ruler, runs: list[TimerRun]) -> dict[str, tuple[Callable[[], Any], list[TimerRun]]]:
    """Name → what is timed, and the timers that it answers in one go; it gives last days."""
    calendar = ruler.calendar
    worked = {calendar.add(FIRST, step) for step in range(1, 3_300)}
    sample, few = runs[: max(200, len(runs) // 50)], runs[: max(200, len(runs) // 1000)]
    plain = [run for run in runs if is_plain(run)]
    found: dict[str, tuple[Callable[[], Any], list[TimerRun]]] = {
        "TimerRun.due": (lambda: [run.due(ruler).last_day for run in runs], runs),
        "dues": (lambda: [due.last_day for due in dues(ruler, runs)], runs),
        "loop over a set": (lambda: [looped(run, worked.__contains__) for run in sample], sample),
    }
    try:
        from chinese_calendar import is_workday
    except ImportError:
        print("chinesecalendar is not installed")
    else:
        known = [run for run in few if run.start.year < 2025]  # its years end with 2026
        found["chinesecalendar"] = (lambda: [looped(run, is_workday) for run in known], known)
    try:
        import numpy
    except ImportError:
        print("numpy is not installed")
    else:
        table = numpy.busdaycalendar(
            weekmask="1111111", holidays=numpy.array(rest_days(calendar), dtype="datetime64[D]")
        )
        starts, amounts = [run.start.date() for run in plain], [amount_of(run) for run in plain]
        starts_array, amounts_array = numpy.array(starts, dtype="datetime64[D]"), numpy.array(amounts)

        def from_dates() -> Any:
            array = numpy.array(starts, dtype="datetime64[D]")
            return numpy.busday_offset(array, numpy.array(amounts), roll="backward", busdaycal=table).tolist()

        found["numpy, arrays"] = (
            lambda: numpy.busday_offset(starts_array, amounts_array, roll="backward", busdaycal=table),
            plain,
        )
        found["numpy, from dates"] = from_dates, plain
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--timers", type=int, default=1_000_000)
    options = parser.parse_args()

    calendar = national_calendar()
    ruler = Ruler(calendar=calendar, clock=OfficeClock(calendar, office_hours("standard")))
    runs = draw(options.timers)
    asked = contenders(ruler, runs)
    gc.freeze()  # what was drawn is not looked through again and again while the answers are made
    times: dict[str, list[float]] = {name: [] for name in asked}
    answers: dict[str, Any] = {}
    chance, order = random.Random(20), list(asked)
    for _ in range(options.rounds):
        chance.shuffle(order)
        for name in order:
            ask, asked_of = asked[name]
            begun = time.process_time()
            answers[name] = ask()
            times[name].append((time.process_time() - begun) / len(asked_of))

    paused, extended = sum(bool(run.pauses) for run in runs), sum(bool(run.extensions) for run in runs)
    print(f"{len(runs):,} timers ({paused:,} paused, {extended:,} extended), {options.rounds} interleaved rounds\n")
    print(f"{'contender':<20}{'us a timer':>12}{'s a million':>13}{'x TimerRun.due':>16}{'right':>22}")
    truth = {run.timer_id: run.due(ruler) for run in runs}
    for name, (_, asked_of) in asked.items():
        given = answers[name].tolist() if hasattr(answers[name], "tolist") else answers[name]
        right = sum(last == truth[run.timer_id].last_day for last, run in zip(given, asked_of, strict=True))
        figure = statistics.median(times[name]) * 1e6
        ratio = statistics.median(mine / base for mine, base in zip(times[name], times["TimerRun.due"], strict=True))
        print(f"{name:<20}{figure:>12.2f}{figure:>13.2f}{ratio:>16.2f}{f'{right:,}/{len(asked_of):,}':>22}")
    if list(dues(ruler, runs)) != list(truth.values()):
        raise SystemExit("dues and TimerRun.due disagree: the figures are void")
    print("\ndues gives what TimerRun.due gives, in every part, for every timer")


if __name__ == "__main__":
    main()
