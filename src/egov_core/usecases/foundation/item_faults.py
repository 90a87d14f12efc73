"""What an item points at and is not there: organs, units, steps, timers. Asked wherever items are taken in.

Rules of this room: it names every place at once and refuses nothing by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from egov_core.domain.cases.timing import STEP_SPANS
from egov_core.domain.catalogue import ItemVersion
from egov_core.domain.organisation import Organisation
from egov_core.domain.periods import Unit
from egov_core.domain.timers.kinds import LimitSource, TimerKind
from egov_core.errors import Fault


def item_faults(items: Iterable[ItemVersion], tree: Organisation, kinds: Mapping[str, TimerKind]) -> Iterator[Fault]:
    """Everything in items that points at something that is not there, or is a limit that nothing would use."""
    for item in items:
        for step in item.steps:
            if step.limit is not None and step.code not in STEP_SPANS:
                known = ", ".join(STEP_SPANS)
                message = f"step {step.code!r} has a limit, and nothing marks its beginning; limits have {known}"
                yield Fault(f"item {item.code}", "unknown-step", message)
            if step.unit and not (step.unit in tree.organs and tree.is_within(step.unit, item.organ, item.valid_from)):
                message = f"{step.unit!r} is no unit of {item.organ!r}"
                yield Fault(f"item {item.code}", "unknown-unit", message)
        for code in sorted(item.limits):
            kind = kinds.get(code)
            if kind is None:
                yield Fault(f"item {item.code}", "unknown-timer", f"there is no timer kind {code!r}")
            elif not (kind.takes_standard or kind.limit_source is LimitSource.LAW):
                message = f"a timer of kind {code!r} takes no limit from `limits`"
                yield Fault(f"item {item.code}", "unused-limit", message)
        for terms in item.pause_terms:
            if terms.longest is not None and terms.longest.unit is not Unit.WORKING_DAY:
                message = f"{terms.kind.value} is declared in working days, so its longest is not {terms.longest}"
                yield Fault(f"item {item.code}", "pause-unit", message)
        for organ in (item.organ, item.forward_to):
            if organ is None:
                continue
            end = tree.end_of(organ)
            if organ not in tree.organs:
                yield Fault(f"item {item.code}", "unknown-organ", f"organ {organ!r} does not exist")
            elif end is not None and end.day <= item.valid_from:
                message = f"{end.sentence}, and this begins on {item.valid_from}"
                yield Fault(f"item {item.code}", "organ-ended", message)
