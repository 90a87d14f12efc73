"""The words in which an act on an item is refused that does not follow from how the item or its draft stands.

Rules of this room: sentences only. What may follow what stands in the tables of `publication`; acts are named here as
they are written down, and every sentence ends in the command by which whoever reads it goes on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from egov_core.domain.catalogue.life import DraftState
from egov_core.errors import ItemStateError

STANDS: Mapping[DraftState | None, str] = {
    None: "no draft of it is in hand",
    DraftState.DRAFT: "its draft has not been handed in for review",
    DraftState.IN_REVIEW: "its draft is in review",
    DraftState.RETURNED: "its draft was sent back and has not been corrected since",
    DraftState.PUBLISHED: "its draft is published",
}
"""How a draft stands, as a clause."""

_ACTS: Mapping[str, tuple[str, str]] = {
    "item-drafted": ("drafted", "egov catalogue draft {} --file DRAFT --by PERSON --config FILE"),
    "item-submitted": ("handed in for review", "egov catalogue submit {} --by PERSON --config FILE"),
    "item-returned": ("sent back", "egov catalogue return {} --reason REASON --by PERSON --config FILE"),
    "draft-published": ("published", "egov catalogue publish {} --by PERSON --config FILE"),
    "item-suspended": (
        "suspended",
        "egov catalogue suspend {} --reason REASON --prepared-by PERSON --by PERSON --config FILE",
    ),
    "item-resumed": (
        "resumed",
        "egov catalogue resume {} --reason REASON --prepared-by PERSON --by PERSON --config FILE",
    ),
    "item-withdrawn": (
        "withdrawn",
        "egov catalogue withdraw {} --reason REASON --prepared-by PERSON --by PERSON --config FILE",
    ),
    "item-reviewed": ("confirmed", "egov catalogue review {} --by PERSON --config FILE"),
}
"""Each act as a participle, and the whole command that does it; who may do it is often another than who asked."""


def out_of_order(code: str, act: str, stands: str, able: Iterable[str]) -> ItemStateError:
    """That `act` cannot be done now; `able` are the acts that can, all of them as they are written down."""
    commands = "; ".join(_ACTS[one][1].format(code) for one in able)
    return ItemStateError(
        f"item {code} cannot be {_ACTS[act][0]} now: {stands}",
        remedy=f"what can follow is: {commands}" if commands else "nothing follows; a later item has a code of its own",
        item=code,
    )
