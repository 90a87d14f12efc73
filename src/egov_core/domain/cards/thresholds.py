"""Thresholds: the typed expression tree of card rules, compiled to instants.

Rules of this room: a threshold answers one question, *at which second does it become true*, for a run as it is known;
None means never (no limit, an open pause). Nothing is evaluated as code, nothing is asked of a clock.
"""

from __future__ import annotations

import math
from datetime import datetime
from decimal import Decimal

import attrs

from egov_core.domain.legal import ONE_SECOND, start_of
from egov_core.domain.periods import FixedDay, Period, Unit
from egov_core.domain.timers.reckoning import Ruler
from egov_core.domain.timers.runs import TimerRun


@attrs.frozen
class Overdue:
    """The first second after `due`."""

    def instant(self, run: TimerRun, ruler: Ruler, bases: tuple[str, ...]) -> datetime | None:
        """`due` + 1 s."""
        due = run.due(ruler, bases).due
        return None if due is None else due + ONE_SECOND


@attrs.frozen
class WorkingDaysBefore:
    """For limits in days: 00:00 of the `days`-th working day before the last, never before the first counted day."""

    days: int

    def instant(self, run: TimerRun, ruler: Ruler, bases: tuple[str, ...]) -> datetime | None:
        """None for limits in hours, for *immediate* and for *none*: they have no day before the last."""
        limit = run.limit(bases)
        if not isinstance(limit, FixedDay) and (not isinstance(limit, Period) or limit.unit.is_hours):
            return None
        due = run.due(ruler, bases)
        if due.last_day is None or due.first_day is None:
            return None
        return start_of(max(ruler.calendar.add(due.last_day, -self.days), due.first_day))


@attrs.frozen
class ShareRemaining:
    """The instant at which `share` of the limit remains. For limits in hours."""

    share: Decimal

    def instant(self, run: TimerRun, ruler: Ruler, bases: tuple[str, ...]) -> datetime | None:
        """None for limits that are not in hours, and while a pause is open.

        Where an earlier told date stands, the share is what remains until then.
        """
        limit = run.limit(bases)
        if not isinstance(limit, Period) or not limit.unit.is_hours:
            return None
        told = run.due(ruler, bases) if run.recounts else None
        if told is not None and told.told and told.due is not None:
            left = int(run.extended(limit) * self.share * 3600)
            on_office_clock = limit.unit is Unit.WORKING_HOUR
            return ruler.clock.add_seconds(told.due, -left) if on_office_clock else told.due - left * ONE_SECOND
        used = attrs.evolve(limit, amount=run.extended(limit) * (1 - self.share))
        return ruler.due(run.start, used, run.pauses).due


@attrs.frozen
class Out:
    """`out` reaches `least`, on the vendor's scale: out = ceil(used - limit) in working days.

    The card exists strictly after start + (limit + least - 1) working days. Where the limit is not in working days,
    strictly after its due instant and (least - 1) working days more; limits in hours and *immediate* have no lead then.
    Where an earlier told date stands, the limit ends on the scale it was told by.
    """

    least: int

    def instant(self, run: TimerRun, ruler: Ruler, bases: tuple[str, ...]) -> datetime | None:
        """One second after that instant, never before the start; None while it is not known, and without a limit."""
        limit = run.limit(bases)
        scale = ruler.vendor_scale
        if isinstance(limit, Period) and limit.unit is Unit.WORKING_DAY:
            told = run.told(bases) if run.recounts and run.due(ruler, bases).told else None
            if told is None or told[1].known is None:
                after = scale.after(run.start, run.extended(limit) + self.least - 1, run.pauses)
            else:
                known, earlier = told[1].known, told[1].before.vendor_scale
                after = earlier.after(known.start, known.extended(limit), known.pauses)
                if after is not None and self.least != 1:
                    after = scale.after(after, self.least - 1)
        else:
            in_days = isinstance(limit, FixedDay) or (isinstance(limit, Period) and not limit.unit.is_hours)
            after = run.due(ruler, bases).due if self.least >= 1 or in_days else None
            if after is not None and self.least != 1:
                after = scale.after(after, self.least - 1)
        return None if after is None else max(after + ONE_SECOND, run.start)


@attrs.frozen
class Earliest:
    """The earliest of several thresholds: an *or*."""

    of: tuple[Threshold, ...]

    def instant(self, run: TimerRun, ruler: Ruler, bases: tuple[str, ...]) -> datetime | None:
        """The first of those that ever become true."""
        found = [at for part in self.of if (at := part.instant(run, ruler, bases)) is not None]
        return min(found, default=None)


@attrs.frozen
class Latest:
    """The latest of several thresholds: an *and*."""

    of: tuple[Threshold, ...]

    def instant(self, run: TimerRun, ruler: Ruler, bases: tuple[str, ...]) -> datetime | None:
        """None unless all become true."""
        found = [part.instant(run, ruler, bases) for part in self.of]
        known = [at for at in found if at is not None]
        return max(known) if known and len(known) == len(found) else None


def is_after_due(threshold: Threshold) -> bool:
    """Whether it becomes true only when the limit has passed, whatever the run."""
    match threshold:
        case Overdue():
            return True
        case Out():
            return threshold.least >= 1
        case Earliest():
            return all(map(is_after_due, threshold.of))
        case Latest():
            return any(map(is_after_due, threshold.of))
        case _:
            return False


Threshold = Overdue | WorkingDaysBefore | ShareRemaining | Out | Earliest | Latest


def out_above(value: Decimal) -> Out:
    """`out > value`: the smallest whole `out` above it."""
    return Out(math.floor(value) + 1)


def out_at_least(value: Decimal) -> Out:
    """`out >= value`: the smallest whole `out` not below it."""
    return Out(math.ceil(value))
