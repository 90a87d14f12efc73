"""The ledger of a timer: day by day, what was counted, what was not, and why.

Rules of this room: pure; here days are walked, and only here, because an explanation is read day by day. It never
answers *when is it due*: it takes that answer from `Ruler.due` and shows the way there, so that the total of the last
counted line is the limit, and no earlier one is. Reasons are codes; words are the faces'.

    counted      the calendar's `weekday`, `make-up`, `ordinary`; `natural-day`, `natural-hour`, `same-day`, `fixed-day`
                 `pause-over`, where a pause outlasted the days it is credited with
    not counted  `start-day`, `pause`, `end-roll`, `told-date` (the law's date has passed, but a later one was told
                 before the calendar was amended), and the calendar's `weekend`, `holiday`, `ordinary`,
                 `statutory-holiday`, `holiday-substitute`
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import ROUND_DOWN, Decimal
from fractions import Fraction
from typing import Any

import attrs

from egov_core.domain.legal import CHINA, CIVIL_CODE, LICENSING_ACT, start_of
from egov_core.domain.periods import FixedDay, Immediate, NoLimit, Period, StartRule, Unit
from egov_core.domain.timers.reckoning import ONE_DAY, Due, Pause, Ruler
from egov_core.domain.timers.runs import ALL_BASES, TimerRun
from egov_core.domain.timers.vendor_scale import DAY

PLACES = Decimal("0.0001")
"""Totals that do not come out even are shown to four places, rounded down."""

BEGIN_NOT_COUNTED = f"{CIVIL_CODE}第二百零一条"
END_AFTER_REST = f"{CIVIL_CODE}第二百零三条"
TIME_NOT_COUNTED = f"{LICENSING_ACT}第四十五条"

_Span = tuple[datetime, datetime]


@attrs.frozen(kw_only=True)
class LedgerLine:
    """A line of the ledger: a whole `day`, or the part of it from `start` to `end`.

    `source` names the notice, the pause or the article behind `reason`; `total` is what has been counted so far, in the
    unit of the limit (for months and years: in days).
    """

    day: date
    start: datetime | None = None
    end: datetime | None = None
    counts: bool
    reason: str
    source: str
    total: Decimal
    provisional: bool = False

    def as_dict(self) -> dict[str, Any]:
        """`{"day"}` or `{"from", "to"}` with `counts`, `reason`, `source`, `total`: as command line and API show it."""
        if self.start is None or self.end is None:
            where = {"day": self.day.isoformat()}
        else:
            where = {"from": self.start.isoformat(), "to": self.end.isoformat()}
        return {
            **where,
            "counts": self.counts,
            "reason": self.reason,
            "source": self.source,
            "total": f"{self.total.normalize():f}",
        }


def ledger(
    run: TimerRun, ruler: Ruler, until: date | None = None, *, bases: tuple[str, ...] = ALL_BASES
) -> tuple[LedgerLine, ...]:
    """The lines from the start of the run to its last day, or to `until` where that comes first.

    Where the last day is not known, because a pause is open, the lines end with `until`, else with the day on which the
    open pause began. A run without a limit has no ledger.
    """
    limit = run.limit(bases)
    if limit is None or isinstance(limit, NoLimit):
        return ()
    ruler = run.ruler(ruler)
    due = run.lawful(ruler, bases)
    if isinstance(limit, Immediate | FixedDay):
        lines = iter([_single(due, limit)])
    elif limit.unit in (Unit.DAY, Unit.MONTH, Unit.YEAR):
        lines = _natural_days(run, ruler, limit, due, until)
    elif limit.unit is Unit.WORKING_DAY and limit.start_rule is not StartRule.INSTANT:
        lines = _working_days(run, ruler, limit, due, until)
    else:
        lines = _spans(run, ruler, limit, due, until)
    shown = [*lines]
    shown += _until_told(run, due, run.due(ruler, bases), shown[-1:], bases)
    return tuple(line for line in shown if until is None or line.day <= until)


def _until_told(
    run: TimerRun, lawful: Due, due: Due, last: Sequence[LedgerLine], bases: tuple[str, ...]
) -> Iterator[LedgerLine]:
    """From the law's date to the later one that was told: what remains of a last day in parts, and every day after."""
    told = run.told(bases)
    if not due.told or told is None or not last or lawful.due is None or due.due is None:
        return
    day, source, total = lawful.due.date(), told[1].source, last[0].total
    if last[0].end is not None and last[0].end < start_of(day + ONE_DAY):
        end = min(due.due, start_of(day + ONE_DAY))
        yield LedgerLine(
            day=day, start=last[0].end, end=end, counts=False, reason="told-date", source=source, total=total
        )
    while (day := day + ONE_DAY) <= due.due.date():
        yield LedgerLine(day=day, counts=False, reason="told-date", source=source, total=total)


def _single(due: Due, limit: Immediate | FixedDay) -> LedgerLine:
    reason = "same-day" if isinstance(limit, Immediate) else "fixed-day"
    assert due.last_day is not None
    return LedgerLine(day=due.last_day, counts=True, reason=reason, source=str(limit.basis), total=Decimal(1))


def _last_shown(run: TimerRun, due: Due, until: date | None) -> date:
    """Up to which day there is something to show."""
    if due.last_day is not None:
        return due.last_day if until is None else min(due.last_day, until)
    if until is not None:
        return until
    return max([run.start.date(), *(pause.start.date() for pause in run.pauses if pause.end is None)])


def _days(run: TimerRun, limit: Period, last: date) -> Iterator[date]:
    """The days that may count: from the day after the start, or from the start itself."""
    day = run.start.date() + (timedelta() if limit.start_rule is StartRule.SAME_DAY else ONE_DAY)
    while day <= last:
        yield day
        day += ONE_DAY


def _start_day(run: TimerRun, limit: Period) -> Iterator[LedgerLine]:
    if limit.start_rule is not StartRule.SAME_DAY:
        yield LedgerLine(
            day=run.start.date(), counts=False, reason="start-day", source=BEGIN_NOT_COUNTED, total=Decimal(0)
        )


# -- days --------------------------------------------------------------------------------------------------------------


def _working_days(run: TimerRun, ruler: Ruler, limit: Period, due: Due, until: date | None) -> Iterator[LedgerLine]:
    """Working days: whole ones where pauses are given by dates, else the parts that were not paused."""
    yield from _start_day(run, limit)
    last = _last_shown(run, due, until)
    whole = all(pause.by_dates for pause in run.pauses)
    first = next(_days(run, limit, date.max))
    spans = ruler.excluded_spans([*run.pauses, *_openly(run, ruler, last)])
    spans = [(max(low, start_of(first)), high) for low, high in spans]
    uncapped = _uncapped(ruler)
    lasted = uncapped.excluded_spans([*run.pauses, *_openly(run, uncapped, last)]) if uncapped is not ruler else []
    amount, total = run.extended(limit), Fraction(0)
    for day in _days(run, limit, last):
        said = ruler.calendar.reason(day)
        begin, end = start_of(day), start_of(day + ONE_DAY)
        paused = [(max(low, begin), min(high, end)) for low, high in spans if low < end and high > begin]
        share = _paused_share(ruler, begin, end, paused, whole=whole) if said.counts else Fraction(0)
        if share:  # a rest day inside a pause would not have counted anyway: its own reason is shown
            total += 1 - share
            yield LedgerLine(
                day=day,
                counts=share < 1,
                reason="pause",
                source=_pause_source(run, ruler, paused[0][0]),
                total=_reached(total, amount),
            )
            continue
        total += said.counts
        over = said.counts and _lies_in(begin, lasted)
        yield LedgerLine(
            day=day,
            counts=said.counts,
            reason="pause-over" if over else said.code,
            source=_pause_source(run, uncapped, begin) if over else said.source,
            total=_reached(total, amount),
            provisional=said.provisional,
        )


def _paused_share(ruler: Ruler, begin: datetime, end: datetime, paused: Sequence[_Span], *, whole: bool) -> Fraction:
    """How much of a working day's office time was paused."""
    if whole:
        return Fraction(1) if paused else Fraction(0)
    office = ruler.clock.elapsed_seconds(begin, end)
    if not office:
        return Fraction(0)
    return Fraction(sum(ruler.clock.elapsed_seconds(low, high) for low, high in paused), office)


def _natural_days(run: TimerRun, ruler: Ruler, limit: Period, due: Due, until: date | None) -> Iterator[LedgerLine]:
    """Natural days, months and years: every day counts, rest days too; a last day in a rest may move on."""
    yield from _start_day(run, limit)
    last = _last_shown(run, due, until)
    needed = _natural_amount(run, ruler, limit)
    spans = ruler.excluded_days([*run.pauses, *_openly(run, ruler, last)])
    uncapped = _uncapped(ruler)
    lasted = uncapped.excluded_spans([*run.pauses, *_openly(run, uncapped, last)]) if uncapped is not ruler else []
    total = 0
    for day in _days(run, limit, last):
        if total == needed:
            reason, source, counts = "end-roll", END_AFTER_REST, False
        elif any(low <= day <= high for low, high in spans):
            reason, source, counts = "pause", _pause_source(run, ruler, start_of(day)), False
        elif _lies_in(start_of(day), lasted):
            reason, source, counts = "pause-over", _pause_source(run, uncapped, start_of(day)), True
        else:
            reason, source, counts = "natural-day", str(limit.basis), True
        total += counts
        yield LedgerLine(day=day, counts=counts, reason=reason, source=source, total=Decimal(total))


def _natural_amount(run: TimerRun, ruler: Ruler, limit: Period) -> int:
    """How many days the limit has without pauses and without the roll at its end."""
    amount = run.extended(limit)
    if limit.unit is Unit.DAY:
        return int(amount)
    plain = attrs.evolve(limit, amount=amount, end_roll=type(limit.end_roll).NONE)
    last = ruler.due(run.start, plain).last_day
    assert last is not None
    first = next(_days(run, limit, date.max))
    return (last - first).days + 1


def _openly(run: TimerRun, ruler: Ruler, last: date) -> Iterator[Pause]:
    """Pauses nobody knows the end of, as far as the ledger is shown."""
    for pause in run.pauses:
        if pause.end is None and not (ruler.settings.cap_pauses and pause.declared is not None):
            yield attrs.evolve(pause, end=max(pause.start, start_of(last + ONE_DAY) - timedelta(seconds=1)))


# -- hours, and days that run from an instant --------------------------------------------------------------------------


def _spans(run: TimerRun, ruler: Ruler, limit: Period, due: Due, until: date | None) -> Iterator[LedgerLine]:
    """Limits that run from an instant: each day in the spans in which time counted, was paused, or did not count."""
    on_scale = limit.unit is Unit.WORKING_DAY
    amount = run.extended(limit)
    first = ruler.vendor_scale.normal(run.start) if on_scale else ruler.begins(run.start, limit)
    last = _last_shown(run, due, until)
    end = due.due if due.due is not None and due.last_day == last else start_of(last + ONE_DAY)
    uncapped = _uncapped(ruler)
    paused, lasted = (_taken_out(run, by, amount, last, end, on_scale=on_scale) for by in (ruler, uncapped))
    lasted = [] if uncapped is ruler else lasted
    counted, per_unit = 0, DAY if on_scale else 3_600
    day = run.start.date()
    while day <= last:
        said = ruler.calendar.reason(day)
        if limit.unit is not Unit.HOUR and not said.counts:
            yield LedgerLine(
                day=day,
                counts=False,
                reason=said.code,
                source=said.source,
                total=_rounded(Fraction(counted, per_unit)),
                provisional=said.provisional,
            )
        else:
            reason, source = (said.code, said.source) if limit.unit is not Unit.HOUR else ("natural-hour", "")
            windows = _windows(ruler, day) if limit.unit is Unit.WORKING_HOUR else [_whole_day(day)]
            for low, high in _cut(windows, max(first, start_of(day)), end, [*paused, *lasted]):
                is_paused = _lies_in(low, paused)
                why, who = reason, source
                if is_paused or _lies_in(low, lasted):
                    why = "pause" if is_paused else "pause-over"
                    who = _pause_source(run, ruler if is_paused else uncapped, low)
                counted += 0 if is_paused else int((high - low).total_seconds())
                total = _rounded(Fraction(counted, per_unit))
                if due.due is not None and high == due.due:
                    total = amount
                yield LedgerLine(
                    day=day,
                    start=low,
                    end=high,
                    counts=not is_paused,
                    reason=why,
                    source=who,
                    total=total,
                    provisional=said.provisional and limit.unit is not Unit.HOUR,
                )
        day += ONE_DAY


def _whole_day(day: date) -> _Span:
    return start_of(day), start_of(day + ONE_DAY)


def _windows(ruler: Ruler, day: date) -> list[_Span]:
    """The office's windows of a working day."""
    return [
        (datetime.combine(day, opening, CHINA), datetime.combine(day, closing, CHINA))
        for opening, closing in ruler.clock.hours.windows(day)
    ]


def _taken_out(
    run: TimerRun, ruler: Ruler, amount: Decimal, last: date, end: datetime, *, on_scale: bool
) -> list[_Span]:
    """The spans in which time does not count; one without an end is shown to the end of the ledger."""
    if on_scale:
        credited = ruler.vendor_scale.credits(run.start, amount, run.pauses)
        return [(low, end if high is None else high) for low, high in credited]
    return [*ruler.excluded_spans(run.pauses), *((one.start, end) for one in _openly(run, ruler, last))]


def _cut(windows: Sequence[_Span], first: datetime, end: datetime, spans: Sequence[_Span]) -> Iterator[_Span]:
    """The windows between `first` and `end`, cut wherever one of the spans begins or ends."""
    for opening, closing in windows:
        low, high = max(opening, first), min(closing, end)
        if low >= high:
            continue
        marks = {low, high}
        for begin, stop in spans:
            marks |= {mark for mark in (begin, stop) if low < mark < high}
        yield from itertools.pairwise(sorted(marks))


def _lies_in(at: datetime, spans: Sequence[_Span]) -> bool:
    return any(low <= at < high for low, high in spans)


def _uncapped(ruler: Ruler) -> Ruler:
    """The ruler that would credit every pause in full; the ruler itself where it does."""
    if not ruler.settings.cap_pauses:
        return ruler
    return attrs.evolve(ruler, settings=attrs.evolve(ruler.settings, cap_pauses=False))


# -- words of the law --------------------------------------------------------------------------------------------------


def _pause_source(run: TimerRun, ruler: Ruler, at: datetime) -> str:
    """The pause in which `at` lies: its kind, its notice and the article."""
    for pause in run.pauses:
        spans = ruler.excluded_spans([pause]) or [(pause.start, start_of(date.max))]
        if any(low <= at < high for low, high in spans):
            return " ".join(part for part in (pause.kind, pause.notice, TIME_NOT_COUNTED) if part)
    return TIME_NOT_COUNTED


def _reached(total: Fraction, amount: Decimal) -> Decimal:
    """The total, and the limit itself where the day holds more of a working day than was left of it."""
    return amount if total >= amount else _rounded(total)


def _rounded(total: Fraction) -> Decimal:
    if total.denominator == 1:
        return Decimal(total.numerator)
    exact = Decimal(total.numerator) / Decimal(total.denominator)
    return exact.quantize(PLACES, rounding=ROUND_DOWN).normalize()
