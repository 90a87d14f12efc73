"""The county that queries are asked about: cases with timers, cards and outbox rows, and a reform of its organs.

Rules of this room: rows only, written through the unit of any backend; what is counted in them stands in the tests.
"""

from __future__ import annotations

from datetime import date, timedelta

from egov_core.domain.organisation import Organisation, Succession
from egov_core.ports.storage import Unit
from egov_core.testing import storage_rows as new
from egov_core.testing.storage_rows import AREA, ELSEWHERE, later

ORGANS = ("health", "police", "water")
WHOLES = ("open", "with-upper", "closed")
REFORM, ONE_DAY = date(2019, 3, 20), timedelta(days=1)


def reformed() -> Organisation:
    """An organisation in which the agency has succeeded the health office."""
    passed = Succession(
        source="health",
        target="agency",
        effective=REFORM,
        items=frozenset({"permit-1"}),
        rest=True,
        plan="reform",
        basis="plan",
    )
    return Organisation({}, (passed,))


def settle(unit: Unit) -> None:
    """Sixty cases of three organs in AREA with timers, cards and outbox rows, and one case elsewhere."""
    unit.save_case(new.case_row("elsewhere", area=ELSEWHERE), expected=0)
    for n in range(60):
        case_id, organ, whole = f"case-{n:02}", ORGANS[n % 3], WHOLES[n % 5 % 3]
        row = new.case_row(case_id, organ=organ, whole=whole, state=f"state-{n % 4}", received_at=later(n // 2))
        unit.save_case(row, expected=0)
        unit.append([new.stored_event(1, case_id), new.stored_event(2, case_id)])
        stopped_at = later(40) if whole == "closed" else None
        unit.put_timers([new.timer_row(f"{case_id}/case", case_id=case_id, organ=organ, stopped_at=stopped_at)])
        unit.put_timers([new.timer_row(f"{case_id}/step", case_id=case_id, organ=organ, kind="step")])
        for place, level in enumerate(("warning", "yellow", "red")[: n % 4]):
            card = new.card_row(f"{case_id}/case", level, case_id=case_id, organ=organ, at=later(n % 7 * 10 + place))
            unit.issue_cards([card])
            if n % 6 == 1:
                unit.revoke_card(new.card_row(f"{case_id}/case", level, revoked_at=later(50), revoke_reason="calendar"))
        unit.enqueue([new.outbox_row(f"out-{n:02}", case_id=case_id)])
        unit.advance(AREA, later(n + 1))
