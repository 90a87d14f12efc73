"""Incidents 异常: what the law of time cannot settle by itself, and somebody has to look at.

Rules of this room: pure; an incident is derived from the case whenever somebody asks, and stored nowhere, so that it is
gone as soon as its cause is. It never changes a deadline or a card. Each has a code, what it is about, and a remedy.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import attrs

from egov_core.domain.cases.case import Case
from egov_core.domain.cases.states import SETTLED
from egov_core.domain.cases.timing import runs_of
from egov_core.domain.cases.yardstick import Yardstick
from egov_core.domain.legal import instant
from egov_core.domain.periods import NoLimit
from egov_core.domain.timers.kinds import Party, Per
from egov_core.domain.timers.runs import TimerRun

BASES = ("promised", "statutory", "declared", "due")


@attrs.frozen(kw_only=True)
class Incident:
    """One incident: `timer-without-limit`, `pause-overrun`, `promise-beyond-law` or `renewal-late`."""

    code: str
    timer_id: str
    message: str
    remedy: str
    data: dict[str, Any] = attrs.field(factory=dict)


def incidents_of(case: Case, yardstick: Yardstick, at: datetime) -> tuple[Incident, ...]:
    """What somebody has to look at in this case at `at`, timer by timer. Raises NaiveTimeError."""
    if case.state in SETTLED:
        return ()
    at = instant(at)
    running = [run for run in runs_of(case, yardstick) if run.stopped_at is None]
    return (*_renewal(case), *(found for run in running for found in _of_run(run, yardstick, at)))


def _of_run(run: TimerRun, yardstick: Yardstick, at: datetime) -> Iterator[Incident]:
    kind = yardstick.kinds[run.kind]
    limit = run.limit(BASES)
    if (limit is None or isinstance(limit, NoLimit)) and run.party is Party.ORGAN:
        yield Incident(
            code="timer-without-limit",
            timer_id=run.timer_id,
            message=f"no limit is set for {kind.name}: it is never due and earns no card",
            remedy="publish the item's next version with its limit (20wd where no law sets one, 行政许可法第四十二条)",
            data={"kind": run.kind, "since": run.start.isoformat()},
        )
        return
    due = run.due(yardstick.ruler, BASES)
    if kind.per is Per.PAUSE and due.due is not None and at > due.due:
        capped = yardstick.ruler.settings.cap_pauses
        yield Incident(
            code="pause-overrun",
            timer_id=run.timer_id,
            message=f"the special procedure has used up its {limit} on {due.last_day} and was not ended; "
            + ("the clock of the case runs again" if capped else "the clock of the case still stands"),
            remedy="end it with its true time (Resume)",
            data={"declared": str(limit), "due": due.due.isoformat(), "clock_runs": capped},
        )
    if run.kind == "case" and "promised" in run.limits and "statutory" in run.limits:
        promised, statutory = (run.due(yardstick.ruler, (base,)).due for base in ("promised", "statutory"))
        if promised is not None and statutory is not None and promised > statutory:
            yield Incident(
                code="promise-beyond-law",
                timer_id=run.timer_id,
                message=f"the promise ends on {promised.date()}, after the statutory limit on {statutory.date()}",
                remedy="decide within the statutory limit, and publish the item's next version with a shorter promise",
                data={"promised": promised.isoformat(), "statutory": statutory.isoformat()},
            )


def _renewal(case: Case) -> Iterator[Incident]:
    renewal = case.renewal
    if renewal is not None and not renewal.in_time:
        yield Incident(
            code="renewal-late",
            timer_id="",
            message=f"the renewal was asked for after {renewal.latest}: silence will not renew the licence, "
            f"which expires on {renewal.expires}",
            remedy="decide before it expires, or tell the applicant that the licence ends (行政许可法第五十条)",
            data={"latest": renewal.latest.isoformat(), "expires": str(renewal.expires)},
        )
