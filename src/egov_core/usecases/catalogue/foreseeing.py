"""What becomes of a catalogue by an import: what the check-up will find in it, and what it must not make worse.

Rules of this room: reading only. It asks the check-up itself, so that the look before an import and the check-up after
it cannot say different things. What the county moves in with is taken in as it is, with what it lacks told and counted;
the next version of a published item is held to what a draft is held to, and no less.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import attrs

from egov_core.domain.catalogue import ItemVersion
from egov_core.domain.catalogue.versions_to_come import version_from
from egov_core.domain.organisation import Organisation
from egov_core.errors import ClaimError, Fault
from egov_core.usecases.catalogue.checkup import CheckupFinding, as_graded, found_in
from egov_core.usecases.catalogue.handlers import Handlers
from egov_core.usecases.catalogue.publishing import findings_of, worse_than
from egov_core.usecases.foundation.services import Services


def foreseen(
    services: Services, items: Iterable[ItemVersion], tree: Organisation | None = None
) -> tuple[CheckupFinding, ...]:
    """What the check-up of today would find in these versions if they were published, with the organs of `tree`."""
    registry, day = services.registry(), services.clock.now().date()
    if tree is not None:
        registry = attrs.evolve(registry, organisation=tree)
    handlers = Handlers(registry, day)
    found = [one for item in items for one in found_in(services, handlers, item)]
    return tuple(as_graded(services, found, day))


def refuse_worse(services: Services, versions: Iterable[ItemVersion], day: date) -> None:
    """Raises ClaimError with the errors that next versions would bring into items which are published without them."""
    known = services.registry().catalogue.items
    faults: list[Fault] = []
    for item in versions:
        earlier = version_from(known.get(item.code, ()), item.valid_from)
        if earlier is not None:
            found = findings_of(services, item, earlier, day)
            faults += [
                Fault(f"item {item.code} / {one.element}", one.code, f"{one.sentence('en')}; {one.advice('en')}")
                for one in worse_than(services, earlier, found, day)
            ]
    if faults:
        raise ClaimError(
            f"the items cannot be taken in: {len(faults)} fault(s) that the published versions do not have, the first "
            f"of {faults[0].path}",
            faults=faults,
            remedy="fill in what the files leave out or have got wrong, or leave these items out",
        )
