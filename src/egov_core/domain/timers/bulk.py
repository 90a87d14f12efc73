"""Many runs at once, as after a holiday notice, when every stored timer is reckoned anew.

Rules of this room: it answers exactly what `TimerRun.due` answers, run by run, and has no law of its own. Most limits
are working days that nothing interrupts. Where such a limit ends follows from its first day and its length alone, so
the answer is reckoned once and remembered for the call.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from egov_core.domain.periods import Period, StartRule, Unit
from egov_core.domain.timers.reckoning import DayEnd, Due, Ruler
from egov_core.domain.timers.runs import ALL_BASES, TimerRun


def dues(ruler: Ruler, runs: Iterable[TimerRun], bases: tuple[str, ...] = ALL_BASES) -> Iterator[Due]:
    """`run.due(ruler, bases)` of every run, in order; equal answers may be one object.

    Raises what `Ruler.due` raises, at the run that is at fault.
    """
    by_the_day = ruler.settings.day_end is not DayEnd.CLOSE  # closing asks for the time of the start too
    working_day, instant, same_day = Unit.WORKING_DAY, StartRule.INSTANT, StartRule.SAME_DAY  # looked up once
    reckoned: dict[tuple[date, Decimal, bool], Due] = {}
    for run in runs:
        limit = run.limit(bases)
        if (
            not by_the_day
            or run.pauses
            or run.extensions
            or not isinstance(limit, Period)
            or limit.unit is not working_day
            or limit.start_rule is instant
        ):
            yield run.due(ruler, bases)
            continue
        key = run.start.date(), limit.amount, limit.start_rule is same_day
        due = reckoned.get(key)
        if due is None:
            due = reckoned[key] = ruler.due(run.start, limit)
        yield due
