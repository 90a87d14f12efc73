"""What begins too early: organs and items of days on which the place itself was not there yet.

Rules of this room: read-only, findings of the doctor. Such records are refused where they are written; what came into a
store before that stays there, since nothing is deleted, and whoever reads its reports should know.
"""

from __future__ import annotations

from collections.abc import Iterator

from egov_core.ports.health import HealthFinding as Finding
from egov_core.runtime.office import Office
from egov_core.usecases.foundation.item_faults import BEFORE_ITS_PARENT, BEFORE_THE_PLACE, item_faults, organ_faults

REMEDY = "look whether the day was a slip; what is written stays, and nobody could act before the place was there"


def first_day_findings(office: Office) -> Iterator[Finding]:
    """Of organs and of versions of items, how many begin too early, and the first of them."""
    tree, versions = office.organisation, [one for held in office.catalogue.items.values() for one in held]
    organs = [one for one in organ_faults(tree.organs.values(), tree) if one.code == BEFORE_ITS_PARENT]
    items = [one for one in item_faults(versions, tree, office.kinds) if one.code == BEFORE_THE_PLACE]
    if organs:
        message = f"{len(organs)} organ(s) begin before what they stand below; {organs[0].message}"
        yield Finding(code=BEFORE_ITS_PARENT, severity="warning", message=message, remedy=REMEDY)
    if items:
        message = f"{len(items)} version(s) of items hold from before the place was there; {items[0].path}: "
        yield Finding(code=BEFORE_THE_PLACE, severity="warning", message=message + items[0].message, remedy=REMEDY)
