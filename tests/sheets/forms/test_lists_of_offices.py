"""Whole lists as offices write them, each with what a careful clerk would enter: `tests/sheets/data/lists`.

Every row is an item with exactly this meaning, or has an error that names its cell. A limit that begins with `!` is
open in the list (60日, 每学期开学后30日内): any reading of it would be a guess.
"""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from egov_core.domain.catalogue import ItemVersion
from egov_core.sheets.forms.description import parse_form
from egov_core.sheets.forms.ground import Ground
from egov_core.sheets.forms.intake import Intake, take_up
from tests.sheets.list_files import written

LISTS = sorted((Path(__file__).parents[1] / "data" / "lists").glob("*.json"))
GROUND = Ground(area="990121", valid_from=date(2016, 5, 3), founding=True)
UNITS = {"wd": "wd", "nd": "d", "h": "h", "mo": "m"}
ONE_FAULT_FOR_SEVERAL = {"27-paragraphs": 1}
"""Rows below a header without an organ have one error at that header, which says how many they are."""
NO_LIST = {"08-limits": 1}
"""Errors for sheets that are no list of items and hold rows of cells: they have to be hidden or taken out."""


def read(file: Path) -> tuple[dict[str, Any], Intake]:
    data = json.loads(file.read_text(encoding="utf-8"))
    ending, made = written(data["kind"], data["tables"])
    form = parse_form(data["mapping"].encode(), source=f"{file.stem}.toml")
    return data, take_up([(file.stem + ending, made)], [form], GROUND)


def meant(said: str) -> str | None:
    """A limit of the data as the domain writes it, `!` for one that is open."""
    if said in ("", "none"):
        return None
    if said.startswith("!"):
        return "!"
    if said == "0":
        return "immediate"
    number, unit = re.fullmatch(r"([\d.]+)([a-z]+)", said).groups()  # type: ignore[union-attr]  # the data has no other
    return number + UNITS[unit]


def stated(item: ItemVersion, which: str) -> str | None:
    limit = getattr(item, which)
    is_open = limit is None or str(limit) == "none" or (which == "statutory" and item.statutory_is_default)
    return None if is_open else str(limit)


@pytest.mark.parametrize("file", LISTS, ids=lambda file: file.stem)
def test_every_row_is_the_item_that_a_clerk_would_enter_or_a_fault(file: Path) -> None:
    data, found = read(file)
    organs = {organ.code: organ.name for organ in found.organs}
    items = {(item.name, item.guide.subitem): item for item in found.items}
    assert len(items) == len(found.items)
    left = 0
    for said in data["items"]:
        item = items.pop((said["name"], said.get("sub", "")), None)
        if item is None:
            left += 1
            continue
        assert organs[item.organ] == said.get("organ", organs[item.organ])
        assert item.power_class.value == said.get("class", item.power_class.value)
        for which in ("statutory", "promised"):
            assert stated(item, which) == meant(said.get(which, "")), (said["name"], which)
    assert items == {}, "rows that are no items were taken"

    errors = [fault for fault in found.faults if fault.is_error]
    assert all(fault.cell and fault.file for fault in errors)
    rows = {(fault.sheet, re.sub(r"^[A-Z]+", "", fault.cell)) for fault in errors}
    assert len(rows) - NO_LIST.get(file.stem, 0) + ONE_FAULT_FOR_SEVERAL.get(file.stem, 0) == left
    assert found.rows == len(data["items"])


def test_nearly_all_that_says_what_it_means_is_read() -> None:
    open_rows = read_rows = clear_rows = 0
    for file in LISTS:
        data, found = read(file)
        for said in data["items"]:
            is_open = any(said.get(which, "").startswith("!") for which in ("statutory", "promised", "organ"))
            open_rows += is_open
            clear_rows += not is_open
        read_rows += len(found.items)
    assert open_rows > 30
    assert read_rows >= 0.95 * clear_rows, (read_rows, clear_rows)
