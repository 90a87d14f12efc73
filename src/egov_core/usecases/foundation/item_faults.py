"""What an item points at and is not there: organs, units, steps, timers; and days on which nothing was there yet.

Asked wherever items are taken in, or organs founded.

Rules of this room: it names every place at once and refuses nothing by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from egov_core.domain.cases.timing import STEP_SPANS
from egov_core.domain.catalogue import ItemVersion
from egov_core.domain.organisation import UPPER, Organ, Organisation
from egov_core.domain.periods import Unit
from egov_core.domain.timers.kinds import LimitSource, TimerKind
from egov_core.errors import Fault

BEFORE_THE_PLACE, BEFORE_ITS_PARENT = "before-the-place", "before-its-parent"


def item_faults(items: Iterable[ItemVersion], tree: Organisation, kinds: Mapping[str, TimerKind]) -> Iterator[Fault]:
    """Everything in items that points at something that is not there, or is a limit that nothing would use."""
    first = tree.first
    for item in items:
        if first is not None and item.valid_from < first.valid_from:
            message = (
                f"it would hold from {item.valid_from}, and {first.name} ({first.code}) is there from "
                f"{first.valid_from} on; nobody could have acted on it before"
            )
            yield Fault(f"item {item.code}", BEFORE_THE_PLACE, message)
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


def organ_faults(organs: Iterable[Organ], tree: Organisation) -> Iterator[Fault]:
    """Organs that would be there before the one that they stand below; those above the county are another's."""
    for organ in organs:
        above = tree.organs.get(organ.parent or "")
        if above is not None and above.kind not in UPPER and organ.valid_from < above.valid_from:
            message = (
                f"{organ.name} would be there from {organ.valid_from}, and {above.name} ({above.code}), below which it "
                f"stands, is from {above.valid_from} on"
            )
            yield Fault(f"organ {organ.code}", BEFORE_ITS_PARENT, message)
