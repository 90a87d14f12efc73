"""The materials of an item as they are drawn up: by their names, over those the item has already.

Rules of this room: cells that were read in, materials out. What no cell says of a material stays as it was.
"""

from __future__ import annotations

import attrs

from egov_core.domain.catalogue import ItemVersion, Material
from egov_core.sheets.forms.elements import ELEMENTS, ROW_MATERIAL
from egov_core.sheets.forms.joining import Draft


def by_name(given: tuple[Material, ...], held: tuple[Material, ...]) -> tuple[Material, ...]:
    """Materials by their names, each with what the item knows about it; new ones get codes of their own."""
    known = {one.name: one for one in held}
    taken = {one.code for one in held}
    made: list[Material] = []
    for one in given:
        found = known.get(one.name)
        if found is None:
            number = len(made) + 1
            while f"m{number}" in taken:
                number += 1
            taken.add(f"m{number}")
            found = attrs.evolve(one, code=f"m{number}")
        made.append(found)
    return tuple(made)


def of_rows(draft: Draft, item: ItemVersion) -> tuple[Material, ...]:
    """The materials of a form with a row for each; what its columns do not say stays."""
    rows = [row for form_row in draft.rows for row in form_row.materials]
    plain = tuple(
        Material(code="", name=str(cells["material.name"].value)) for cells in rows if cells["material.name"].value
    )
    rows_by_name = {str(cells["material.name"].value): cells for cells in rows}
    made = []
    for one in by_name(plain, item.materials):
        said = {
            element.removeprefix(ROW_MATERIAL): cell.value
            for element, cell in rows_by_name[one.name].items()
            if ELEMENTS[element].text(cell.value) != ELEMENTS[element].text(getattr(one, element.split(".")[1]))
        }
        if said.get("required", True) is None:
            del said["required"]
        made.append(attrs.evolve(one, **said))
    return tuple(made)
