"""Open cases whose date depends on a reading: what a county asks before it changes a setting, or is asked about one.

Rules of this room: read-only, and a case at a time, so that it may take as long as it takes beside the process that
writes. A case that cannot be read stops nothing: it is named in the end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import attrs

from egov_core.domain.cases.ambiguity import AmbiguousRun, readings_of
from egov_core.domain.cases.timing import runs_of
from egov_core.domain.timers.runs import TimerRun
from egov_core.errors import EgovError, IntegrityError
from egov_core.ports.storage import CaseRow
from egov_core.usecases.foundation.services import Services
from egov_core.wire.codec import decode_case


@attrs.frozen(kw_only=True)
class AmbiguousCase:
    """An open case with the running timers whose last day depends on a reading."""

    case_id: str
    number: str
    item_name: str
    organ: str
    timers: tuple[AmbiguousRun, ...]


def ambiguous_cases(
    services: Services, *, setting: str | None = None, progress: Callable[[int], None] = lambda _done: None
) -> Iterator[AmbiguousCase]:
    """Every case with a running timer whose last day depends on a reading (of `setting`), in order of case id.

    `progress` is told of each case looked at. Raises IntegrityError in the end, after all others, where cases could not
    be read.
    """
    failed: dict[str, str] = {}
    for stream in services.storage.streams(services.area):
        if ":" in stream:
            continue  # the stream of an item or an organ
        row = services.storage.case(services.area, stream)
        progress(1)
        if row is None:
            continue
        try:
            found = _ambiguous(services, row, setting)
        except EgovError as error:
            failed[stream] = error.message
            continue
        if found is not None:
            yield found
    if failed:
        named = "; ".join(f"{case_id}: {message}" for case_id, message in sorted(failed.items())[:5])
        raise IntegrityError(
            f"{len(failed)} case(s) could not be looked at: {named}",
            remedy="run egov verify --config FILE on them; all others were looked at",
            cases=sorted(failed),
        )


def _ambiguous(services: Services, row: CaseRow, setting: str | None) -> AmbiguousCase | None:
    case = decode_case(row.data)
    yardstick = services.yardstick(case)

    def ambiguous(run: TimerRun) -> AmbiguousRun:
        found = readings_of(run, yardstick)
        return AmbiguousRun(run=run, readings=tuple(one for one in found if setting in (None, one.setting)))

    runs = (ambiguous(run) for run in runs_of(case, yardstick) if run.stopped_at is None)
    timers = tuple(one for one in runs if one.readings)
    if not timers:
        return None
    return AmbiguousCase(
        case_id=row.case_id, number=row.number, item_name=row.item_name, organ=row.organ, timers=timers
    )
