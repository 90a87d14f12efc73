"""Incidents of a case 情况: what the law of time cannot settle by itself, and somebody has to look at.

Rules of this room: pure; an incident is derived from the case whenever somebody asks, and stored nowhere, so that it is
gone as soon as its cause is. It never changes a deadline or a card. What can be said of one timer alone is said in
`timers.incidents`; here is what needs the whole case:

    promise-beyond-law   the promise ends after the statutory limit
    renewal-late         a renewal was asked for too late for silence to renew (行政许可法 50)
    correction-untimed   the applicant was set no time to correct, so that the application waits without an end
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import attrs

from egov_core.domain.cases.case import Case
from egov_core.domain.cases.states import SETTLED, State
from egov_core.domain.cases.timing import runs_of
from egov_core.domain.cases.yardstick import Yardstick
from egov_core.domain.legal import instant
from egov_core.domain.timers.incidents import Incident, incidents
from egov_core.domain.timers.kinds import Party
from egov_core.domain.timers.runs import TimerRun


@attrs.frozen(kw_only=True)
class TimerIncident:
    """An incident with the timer it is about; empty where it is about the case."""

    timer_id: str
    incident: Incident


def incidents_of(case: Case, yardstick: Yardstick, at: datetime) -> tuple[TimerIncident, ...]:
    """What somebody has to look at in this case at `at`, timer by timer. Raises NaiveTimeError."""
    if case.state in SETTLED:
        return ()
    at = instant(at)
    runs = tuple(runs_of(case, yardstick))
    found = [*_renewal(case), *_correction(case, runs)]
    seen: set[tuple[str, str]] = set()
    for run in runs:
        if run.stopped_at is not None or run.party is not Party.ORGAN:
            continue
        for incident in (*incidents(run, yardstick.ruler, now=at), *_promise(run, yardstick)):
            # a procedure under way is no incident, nor is one that has ended; one procedure is said once. A date at the
            # end of a year asks nothing of anybody: the notice recounts it when it is adopted
            named = (incident.code, incident.data.get("from", run.timer_id))
            if incident.code not in ("paused", "year-end") and not incident.data.get("to") and named not in seen:
                seen.add(named)
                found.append(TimerIncident(timer_id=run.timer_id, incident=incident))
    return tuple(found)


def _promise(run: TimerRun, yardstick: Yardstick) -> Iterator[Incident]:
    if run.kind != "case" or not {"promised", "statutory"} <= run.limits.keys():
        return
    promised, statutory = (run.due(yardstick.ruler, (base,)).due for base in ("promised", "statutory"))
    if promised is not None and statutory is not None and promised > statutory:
        yield Incident(
            code="promise-beyond-law",
            message=f"the promise ends on {promised.date()}, after the statutory limit on {statutory.date()}",
            remedy="decide within the statutory limit, and publish the item's next version with a shorter promise",
            data={"promised": promised.isoformat(), "statutory": statutory.isoformat()},
        )


def _renewal(case: Case) -> Iterator[TimerIncident]:
    renewal = case.renewal
    if renewal is not None and not renewal.in_time:
        incident = Incident(
            code="renewal-late",
            message=f"the renewal was asked for after {renewal.latest}: silence will not renew the licence, "
            f"which expires on {renewal.expires}",
            remedy="decide before it expires, or tell the applicant that the licence ends (行政许可法第五十条)",
            data={"latest": renewal.latest.isoformat(), "expires": str(renewal.expires)},
        )
        yield TimerIncident(timer_id="", incident=incident)


def _correction(case: Case, runs: tuple[TimerRun, ...]) -> Iterator[TimerIncident]:
    """No law sets the time to correct: where neither the notice nor the place does, nothing ever ends the waiting."""
    if case.state is State.CORRECTION_REQUESTED and not any(
        run.kind == "correction" and run.stopped_at is None for run in runs
    ):
        incident = Incident(
            code="correction-untimed",
            message="the applicant was set no time to correct, so the application waits without an end",
            remedy="ask for the correction again with a period, or set a service limit for `correction`",
            data={"since": case.last_at.isoformat()},
        )
        yield TimerIncident(timer_id="", incident=incident)
