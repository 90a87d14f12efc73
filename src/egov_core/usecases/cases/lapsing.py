"""Lapsing: letting silence have its effect on a case, up to an instant.

Rules of this room: reading only; what comes out are events to be recorded. Every path that touches a case lets it lapse
first, so that what a case has become never depends on who looked when.
"""

from __future__ import annotations

from datetime import datetime

from egov_core.domain.cases.case import Case
from egov_core.domain.cases.events import CaseEvent, RecordedEvent
from egov_core.domain.cases.folding import evolve
from egov_core.domain.cases.lapses import lapse_event, pending_lapse
from egov_core.domain.catalogue import ItemVersion
from egov_core.domain.people import SYSTEM
from egov_core.usecases.foundation.services import Services


def lapses(services: Services, case: Case, until: datetime) -> tuple[list[tuple[CaseEvent, datetime]], Case]:
    """What silence has brought to the case by `until`, each with its instant, and the case after it."""
    found: list[tuple[CaseEvent, datetime]] = []
    yardstick = services.yardstick(case)
    while (pending := pending_lapse(case, yardstick)) is not None and pending.at <= until:
        item = item_on(services, case, pending.run.start)
        event = lapse_event(pending, item, yardstick)
        found.append((event, pending.at))
        case = evolve(
            case,
            RecordedEvent(
                stream=case.case_id,
                position=case.version + 1,
                event=event,
                at=pending.at,
                entered_at=until,
                actor=SYSTEM,
            ),
        )
    return found, case


def item_on(services: Services, case: Case, at: datetime) -> ItemVersion:
    """The item's version in force at `at`; where none is any more, the one the case was submitted under.

    Whether the item still takes applications does not matter: open cases go on.
    """
    catalogue = services.registry().catalogue
    return catalogue.in_force(case.item, at.date()) or catalogue.version(case.item, case.item_version)
