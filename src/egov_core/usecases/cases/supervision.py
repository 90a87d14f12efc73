"""Supervision: issuing the cards that have become due.

Rules of this room: the sweep evaluates nothing by itself; it reads the timers whose next instant has come and lets each
case's ledger catch up, exactly as every other command does. How often or how late it runs changes no card and no
instant.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable

import attrs

from egov_core.domain.cases.accompanying import ClosedUnanswered
from egov_core.domain.cases.case import Case
from egov_core.domain.cases.events import Accepted, Approved
from egov_core.errors import ConflictError, EgovError, IntegrityError, StorageError
from egov_core.ports.storage import TimerRow, Unit
from egov_core.usecases.cases.recording import prepare_cards
from egov_core.usecases.foundation.case_rows import timer_rows
from egov_core.usecases.foundation.services import Services, check_clock
from egov_core.wire.codec import decode_case

BATCH = 500
BY_SILENCE = frozenset({Accepted.type, Approved.type, ClosedUnanswered.type})
"""What a sweep records besides cards: nobody has acted, so these are lapses."""
_log = logging.getLogger(__name__)


@attrs.frozen(kw_only=True)
class SweepReport:
    """What a sweep did: timers looked at, cards issued by level, cards revoked, what silence brought to pass."""

    looked_at: int
    issued: dict[str, int]
    revoked: int
    lapsed: int = 0


def sweep(services: Services, *, progress: Callable[[int], None] = lambda _done: None) -> SweepReport:
    """Issue every card whose legal instant has come.

    Raises ClockError, having issued nothing, when the clock stands behind what was already persisted. Raises
    IntegrityError when a case could not be looked at: one bad case never holds the cards of the others, so they have
    all been looked at by then, and the error names every case that was not.
    """
    now = check_clock(services)
    looked_at, revoked, lapsed, limit = 0, 0, 0, BATCH
    issued: Counter[str] = Counter()
    failed: dict[str, str] = {}
    while True:
        due = services.storage.due_timers(services.area, now, limit)
        waiting = [timer for timer in due if timer.case_id not in failed]
        if not waiting:
            if len(due) < limit:
                break
            limit += BATCH  # what cannot be looked at stays due, and stands before the others
            continue
        for case_id in dict.fromkeys(timer.case_id for timer in waiting):
            try:
                levels, taken_back, passed = _catch_up(services, case_id)
            except EgovError as error:
                if isinstance(error, StorageError) and not isinstance(error, IntegrityError):
                    raise
                _log.error("case %s: its cards are held: %s", case_id, error)
                failed[case_id] = error.message
                continue
            issued.update(levels)
            revoked += taken_back
            lapsed += passed
        looked_at += len(waiting)
        progress(looked_at)
    if failed:
        raise IntegrityError(
            f"{len(failed)} case(s) could not be looked at: "
            + "; ".join(f"{case_id}: {message}" for case_id, message in sorted(failed.items())[:5]),
            remedy="run egov verify --config FILE on them; all others were looked at and their cards issued",
            cases=sorted(failed),
            issued=dict(issued),
            revoked=revoked,
        )
    return SweepReport(looked_at=looked_at, issued=dict(issued), revoked=revoked, lapsed=lapsed)


def _catch_up(services: Services, case_id: str) -> tuple[list[str], int, int]:
    """Bring one case up to now; the levels issued, how many cards were revoked, how often silence had its effect.

    The clock is read after the case: a time from before somebody's act would unmake the cards that came with it.
    """
    for _ in range(3):
        row = services.storage.case(services.area, case_id)
        if row is None:
            raise IntegrityError(f"a timer points at case {case_id}, which does not exist", case=case_id)
        now = services.clock.now()
        case = decode_case(row.data)
        change = prepare_cards(services, case, row.head, now)
        if change is None:
            # nothing to issue, yet the timer said so: its cached instant is stale, and is made anew
            rows = timer_rows(services.area, case, services.yardstick(case), now)
            stale = [timer for timer in rows if timer.next_fire_at is not None and timer.next_fire_at <= now]
            if stale:
                raise IntegrityError(f"timer {stale[0].timer_id} is due but earns no card", case=case_id)

            def refresh(unit: Unit, case: Case = case, rows: tuple[TimerRow, ...] = rows) -> None:
                current = unit.case(services.area, case_id)
                if current is not None and current.version == case.version:
                    unit.put_timers(rows)

            services.storage.write(refresh)
            return [], 0, 0
        if services.storage.write(change.write):
            passed = sum(1 for event in change.events if event.type in BY_SILENCE)
            return [card.level for card in change.issued], len(change.revoked), passed
    raise ConflictError(f"case {case_id} keeps changing; its cards follow in the next sweep", case=case_id)
