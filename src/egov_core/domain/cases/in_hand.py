"""Which internal unit holds the step that a case is in.

Rules of this room: read from the history like the timers of steps, so that authority and clock name the same unit.
"""

from __future__ import annotations

from egov_core.domain.cases.accompanying import StepHandedOver
from egov_core.domain.cases.case import Case
from egov_core.domain.cases.outline import CaseOutline
from egov_core.domain.cases.timing import STEP_SPANS
from egov_core.domain.catalogue import ItemVersion


def unit_in_hand(case: Case | CaseOutline, item: ItemVersion) -> str:
    """The unit of the step begun last, or the one it was handed to since; empty: the organ itself holds it."""
    units = {step.code: step.unit for step in item.steps}
    handed = iter(case.holdings)
    held = ""
    for mark in case.history:
        if mark.type == StepHandedOver.type:
            held = next(handed).unit
        if mark.void_at is not None:
            continue
        for code, (starts, _) in STEP_SPANS.items():
            if mark.is_one_of(starts):
                held = units.get(code, "")
    return held
