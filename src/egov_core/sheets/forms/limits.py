"""The statutory limit and the promise of an item: what each of their two cells says of both.

Rules of this room: offices write 法定45个工作日,承诺15个工作日 into whichever column there is. What a cell says of the
other limit counts like a cell of its own: it fills what is empty, and where it says something else than the other cell,
both are named and nobody decides between them.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import attrs

from egov_core.domain.catalogue import ItemVersion, PowerClass
from egov_core.domain.cells import CellFault
from egov_core.domain.periods import Limit, NoLimit
from egov_core.sheets.forms.not_given import says_default
from egov_core.sheets.forms.rows import Cell, FormRow
from egov_core.sheets.forms.taking import disagree
from egov_core.sheets.forms.words import NO_BASIS
from egov_core.sheets.limits.plain import as_text, limit_beside
from egov_core.sheets.limits.stated import LimitKind
from egov_core.sheets.statutory import default_of

_KINDS = {"statutory": LimitKind.STATUTORY, "promised": LimitKind.PROMISED}
_OTHER = {"statutory": "promised", "promised": "statutory"}


@attrs.frozen
class _Claim:
    """What a cell says of a limit: of its own, or of that of the other column."""

    element: str
    limit: Limit
    cell: Cell
    is_own: bool


@functools.lru_cache(maxsize=1024)
def beside(element: str, text: str) -> Limit | None:
    """What the cell of a limit says of the other one; read once, for a catalogue has a handful of such texts."""
    kind = _KINDS.get(element)
    return None if kind is None or not text else limit_beside(text, basis=NO_BASIS, kind=kind, with_words=True)


def _claims(rows: Sequence[FormRow]) -> Iterator[_Claim]:
    for row in rows:
        for element in _KINDS:
            cell = row.cells.get(element)
            if cell is None or not cell.text:
                continue
            own = default_of(PowerClass.LICENCE) if says_default(cell.text) else cell.value
            if own is not None:
                yield _Claim(element, own, cell, is_own=True)
            other = beside(element, cell.text)
            if other is not None:
                yield _Claim(_OTHER[element], other, cell, is_own=False)


def contradictions(rows: Sequence[FormRow]) -> Iterator[CellFault]:
    """Cells that say different things of one limit; two cells of one name are compared where rows are joined."""
    claims = list(_claims(rows))
    for element in _KINDS:
        found = [claim for claim in claims if claim.element == element]
        for claim in found[1:]:
            if claim.is_own and found[0].is_own:
                continue
            if as_text(claim.limit) != as_text(found[0].limit):
                yield disagree(claim.cell, found[0].cell)


def told_by_the_other(rows: Sequence[FormRow], published: ItemVersion | None) -> dict[str, Limit]:
    """The limits that have no filled cell of their own, and are told by the cell of the other."""
    claims = list(_claims(rows))
    own = {claim.element for claim in claims if claim.is_own}
    told: dict[str, Limit] = {}
    for claim in claims:
        if claim.element in own or claim.element in told or isinstance(claim.limit, NoLimit):
            continue
        held = _held(claim.element, published)
        is_held = held is not None and as_text(held) == as_text(claim.limit)
        told[claim.element] = held if held is not None and is_held else claim.limit  # what is held has its basis
    return told


def _held(element: str, published: ItemVersion | None) -> Limit | None:
    if published is None or (element == "statutory" and published.statutory_is_default):
        return None
    return published.statutory if element == "statutory" else published.promised


def default_limit(cell: Cell | None, power: Cell | None, published: ItemVersion | None) -> Limit:
    """The statutory limit of an item whose forms give none."""
    if cell is not None and says_default(cell.text):
        return default_of(PowerClass.LICENCE)
    if power is not None and isinstance(power.value, PowerClass):
        return default_of(power.value)
    if published is None:
        return default_of(None)
    # what was set when it was taken in, perhaps before anybody knew its class
    return published.statutory if published.statutory_is_default else default_of(published.power_class)


def set_by_default(values: Mapping[str, Any], published: ItemVersion | None) -> bool | None:
    """Whether the statutory limit is left open by the forms; None where they do not speak of it."""
    if "statutory" in values:
        return values["statutory"] is None
    return True if published is None else None
