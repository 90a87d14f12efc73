"""Incidents 情况: what has to be said beside a deadline, so that nothing is silently unlimited or silently cut.

Rules of this room: pure; an incident never changes the answer. Each has a stable code, data, a sentence and a remedy,
like an error, and is shown beside the result. Codes:

    no-limit              the limit is said not to exist: never due
    paused                a pause is open and nobody knows its end: no due time
    pause-past-cap        a pause lasted longer than its declared days, and only these are credited
    pause-past-declared   a pause lasted longer than its declared days, and is credited in full
    year-end              the last day is one that the notice of the next year, not yet published, may still move
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import attrs

from egov_core.domain.calendar.workdays import LAST_DAY
from egov_core.domain.legal import instant
from egov_core.domain.periods import EndRoll, Limit, NoLimit, Period, Unit
from egov_core.domain.timers.reckoning import ONE_DAY, Due, Pause, Ruler
from egov_core.domain.timers.runs import ALL_BASES, TimerRun

FIRST_MOVABLE = (12, 29)
"""The earliest day that the notice of the following year has moved (国办发明电〔2018〕15号: 29 December 2018)."""


@attrs.frozen(kw_only=True)
class Incident:
    """Something that is true of a deadline and must not go unsaid.

    `data` holds texts only, so that any face can show it.
    """

    code: str
    message: str
    remedy: str
    data: Mapping[str, str] = attrs.field(factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """`{"code", "message", "remedy", "data"}`: the shape of an error."""
        return {"code": self.code, "message": self.message, "remedy": self.remedy, "data": dict(self.data)}


def incidents(
    run: TimerRun, ruler: Ruler, *, now: datetime | None = None, bases: tuple[str, ...] = ALL_BASES
) -> tuple[Incident, ...]:
    """What has to be said of the run. `now` tells whether a pause that is still open has outlived its declared days."""
    found = [_past(pause, ruler, now) for pause in run.pauses]
    due, limit = run.due(ruler, bases), run.limit(bases)
    return tuple(one for one in (*_endless(run, due), *_year_end(due, limit, ruler), *found) if one is not None)


def _year_end(due: Due, limit: Limit | None, ruler: Ruler) -> list[Incident]:
    """A notice settles its year, and yet that of the next one took 30 and 31 December 2018 off and gave 29 back.

    Such a date is not beyond the last notice, so it is not provisional. That it may move is said all the same.
    """
    last = due.last_day
    if last is None or due.provisional or due.told or not _counts_working_days(limit):
        return []
    if (last.month, last.day) < FIRST_MOVABLE or not _unsettled(ruler, date(last.year + 1, 1, 1)):
        return []
    return [
        Incident(
            code="year-end",
            message=f"the notice for {last.year + 1} is not published, and such a notice can move the last days of "
            f"December {last.year}, as that for 2019 did",
            remedy=f"ask again when the notice for {last.year + 1} is there; till then act by the earlier working day",
            data={"last_day": last.isoformat(), "year": str(last.year + 1)},
        )
    ]


def _counts_working_days(limit: Limit | None) -> bool:
    return isinstance(limit, Period) and (
        limit.unit in (Unit.WORKING_DAY, Unit.WORKING_HOUR) or limit.end_roll is EndRoll.AFTER_REST
    )


def _unsettled(ruler: Ruler, day: date) -> bool:
    return day <= LAST_DAY and ruler.calendar.is_provisional(day)


def _endless(run: TimerRun, due: Due) -> list[Incident]:
    if due.why_open == "no-limit":
        said = next((limit for limit in run.limits.values() if isinstance(limit, NoLimit)), None)
        return [
            Incident(
                code="no-limit",
                message="there is no limit, so this is never due and no card can come of it",
                remedy="find the limit in law, or promise one; where no law sets one, 行政许可法第四十二条 sets 20wd",
                data={"limit": "" if said is None else str(said)},
            )
        ]
    if due.why_open == "paused":
        opened = [pause for pause in run.pauses if pause.end is None]
        first = min((pause.start for pause in opened), default=run.start)
        return [
            Incident(
                code="paused",
                message=f"a pause has been open since {first.isoformat()}, so nobody knows when this is due",
                remedy="record the end of the pause, or credit it with its declared days only (cap)",
                data={"from": first.isoformat()},
            )
        ]
    return []


def _past(pause: Pause, ruler: Ruler, now: datetime | None) -> Incident | None:
    """What to say of a pause that has lasted longer than was declared; None where it has not, or nobody can tell."""
    end = pause.end or now
    if pause.declared is None or end is None:
        return None
    until = _declared_until(pause, ruler)
    if _open_time(pause, ruler, until, instant(end)) <= 0:
        return None
    capped = ruler.settings.cap_pauses
    lasted = "still lasts" if pause.end is None else f"lasted until {pause.end.isoformat()}"
    what = "only these are credited" if capped else "it is credited in full, as nothing caps it"
    return Incident(
        code="pause-past-cap" if capped else "pause-past-declared",
        message=f"the pause of {pause.start.isoformat()} was declared for {pause.declared} and {lasted}: {what}",
        remedy="tell the applicant in writing how much time is needed now, or go on with the case",
        data={
            "from": pause.start.isoformat(),
            "to": "" if pause.end is None else pause.end.isoformat(),
            "declared": str(pause.declared),
            "declared_until": until.isoformat(),
        },
    )


def _declared_until(pause: Pause, ruler: Ruler) -> datetime:
    """The end of what the pause was declared for: the first second after it."""
    capped = attrs.evolve(ruler, settings=attrs.evolve(ruler.settings, cap_pauses=True))
    [(_, until)] = capped.excluded_spans([attrs.evolve(pause, end=None)])
    return until


def _open_time(pause: Pause, ruler: Ruler, low: datetime, high: datetime) -> int:
    """Working days between the two where the pause was given by dates, else seconds of office time."""
    if pause.by_dates:
        return ruler.calendar.elapsed(low.date() - ONE_DAY, high.date())
    return ruler.clock.elapsed_seconds(low, high)
