"""Incidents of an area: every open case that somebody has to look at.

Rules of this room: reading only, case by case; what an incident is stands in the domain.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import attrs

from egov_core.domain.cases.incidents import incidents_of
from egov_core.domain.timers.incidents import Incident
from egov_core.usecases.foundation.services import Services
from egov_core.wire.codec import decode_case


@attrs.frozen(kw_only=True)
class CaseIncident:
    """An incident with the case and the timer it is in."""

    number: str
    case_id: str
    organ: str
    timer_id: str
    incident: Incident


def open_incidents(
    services: Services, *, progress: Callable[[int], None] = lambda _done: None
) -> Iterator[CaseIncident]:
    """The incidents of all cases that are not settled, at the clock's present; `progress` is told of each case."""
    now = services.clock.now()
    for stream in services.storage.streams(services.area):
        if ":" in stream:
            continue
        row = services.storage.case(services.area, stream)
        if row is not None:
            case = decode_case(row.data)
            for one in incidents_of(case, services.yardstick(case), now):
                yield CaseIncident(
                    number=case.number,
                    case_id=case.case_id,
                    organ=case.organ,
                    timer_id=one.timer_id,
                    incident=one.incident,
                )
        progress(1)
