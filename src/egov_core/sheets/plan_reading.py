"""Reading the plan workbook: from tables of cells to the tables of a plan, with the cell of every path.

Rules of this room: shapes only, as TOML has them; what a plan may say is `domain.reorganisation.reading`, which names
its faults by path. Here a path finds its cell again, also for what is found later, when the plan meets an office.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import attrs

from egov_core.domain.cells import Cell, CellFault
from egov_core.sheets.grid import Table
from egov_core.sheets.plan_form import ACTS, FORMS, HEAD, SPLIT
from egov_core.sheets.record_sheets import FilledRow, RecordSheets, SheetForm, read_record_sheets

Rows = RecordSheets[SheetForm]


@attrs.frozen
class PlanSheets:
    """What a workbook says: the tables of a plan, where each path of them stands, and what is wrong with cells."""

    table: Mapping[str, Any]
    cells: Mapping[str, Cell]
    faults: tuple[CellFault, ...]


@attrs.define
class _Tables:
    """The tables of a plan on their way."""

    source: str
    table: dict[str, Any] = attrs.field(factory=dict)
    cells: dict[str, Cell] = attrs.field(factory=dict)
    faults: list[CellFault] = attrs.field(factory=list)

    def said(self, row: FilledRow[SheetForm], path: str, *, without: Sequence[str] = ()) -> dict[str, Any]:
        """What a row says by the keys of TOML, with the place of each key, also of those that say nothing."""
        self.cells.setdefault(path, row.cell(""))
        for part in row.form.parts:
            if part.field not in without:
                self.cells[f"{path}.{part.field}" if path else part.field] = row.cell(part.field)
        return {part.field: _plain(value) for part, value in row.given.items() if part.field not in without}

    def head(self, rows: Rows) -> None:
        """The one row of the plan itself."""
        found = [*rows.of(HEAD)]
        if not found:
            place = Cell(HEAD.name, "", self.source)
            self.faults.append(
                place.error("no-plan", f"no row says {'、'.join(HEAD.required)}", f"fill in the sheet {HEAD.name}")
            )
            self.cells |= {part.field: place for part in HEAD.parts}
            return
        self.cells[""] = Cell("", "", self.source)
        self.table |= self.said(found[0], "")
        for row in found[1:]:
            place = row.cell("code")
            self.faults.append(place.error("plan-twice", "a workbook is one plan", "keep one row, and a file for each"))

    def acts(self, rows: Rows) -> None:
        """Every act but splits: a row each."""
        for form in ACTS:
            if form is not SPLIT:
                made = [self.said(row, f"{form.english}[{n}]") for n, row in enumerate(rows.of(form), 1)]
                if made:
                    self.table[form.english] = made
        for path, cell in [*self.cells.items()]:
            act, _, field = path.partition(".")
            if act.startswith("merge[") and field == "into":
                self.cells[f"{act}.to"] = cell  # what passes by a merger passes to it

    def splits(self, rows: Rows) -> None:
        """The rows of one organ are the shares of one split."""
        splits: dict[str, dict[str, Any]] = {}
        told: dict[str, Cell] = {}
        for row in rows.of(SPLIT):
            said = {part.field: value for part, value in row.given.items()}
            organ = said.get("organ") or f"\n{len(splits)}"  # a row without an organ belongs to no other
            split = splits.setdefault(organ, {"share": []})
            path = f"split[{[*splits].index(organ) + 1}]"
            self.cells.setdefault(path, row.cell("organ"))
            self.cells.setdefault(f"{path}.organ", row.cell("organ"))
            split |= {"organ": said["organ"]} if "organ" in said else {}
            if "basis" in said and split.setdefault("basis", said["basis"]) != said["basis"]:
                message = f"the split of {organ!r} has another basis in {told[organ].ref}"
                self.faults.append(row.cell("basis").error("basis-twice", message, "one split has one basis"))
            elif "basis" in said:
                told.setdefault(organ, row.cell("basis"))
            share = f"{path}.share[{len(split['share']) + 1}]"
            split["share"].append(self.said(row, share, without=("organ", "basis")))
        if splits:
            self.table[SPLIT.english] = [*splits.values()]


def read_plan_sheets(tables: Iterable[Table], source: str) -> PlanSheets:
    """The tables of a plan, as far as they can be read."""
    rows: Rows = read_record_sheets(tables, FORMS)
    plan = _Tables(source, faults=rows.faults)
    plan.head(rows)
    plan.acts(rows)
    plan.splits(rows)
    return PlanSheets(plan.table, plan.cells, tuple(plan.faults))


def cell_of(path: str, cells: Mapping[str, Cell]) -> Cell | None:
    """The cell of a path, or of the nearest thing that it lies in; None for a plan that has no cells."""
    plain = path.partition(":")[0]
    while plain and plain not in cells:
        plain = plain.rpartition(".")[0]
    return cells.get(plain)


def _plain(value: Any) -> Any:
    """A value as TOML has it: names, not members of an enumeration."""
    return getattr(value, "value", value)
