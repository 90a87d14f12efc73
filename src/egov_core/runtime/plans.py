"""Plan files of reorganisations: TOML or a workbook, as `domain.reorganisation.reading` understands them.

Rules of this room: a file becomes tables here and a plan there; whatever is wrong is said with its place, which in a
workbook is a cell: also for what is found later, when the plan meets an office.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import attrs

from egov_core.domain.cells import Cell
from egov_core.domain.reorganisation.plan import Plan
from egov_core.domain.reorganisation.reading import read_as_far, unreadable
from egov_core.errors import Fault, ReorganisationError
from egov_core.runtime.toml_files import read_toml
from egov_core.sheets.plan_reading import cell_of, read_plan_sheets
from egov_core.sheets.tables import read_tables

WORKBOOKS = (".xlsx", ".xls", ".ods")
ENDINGS = (".toml", *WORKBOOKS)
"""The kinds of files that a plan is read from."""


@attrs.frozen
class PlanFile:
    """A plan, and in a workbook the cell of each of its paths.

    `faults` are what could not be read: with any, the plan is as much as could be, and no plan to carry through.
    """

    plan: Plan
    cells: Mapping[str, Cell] = attrs.field(factory=dict)
    name: str = ""
    faults: tuple[Fault, ...] = ()

    def refusal(self, found: Iterable[Fault] = ()) -> ReorganisationError:
        """The error of a file that could not be read, with what was `found` of the rest, each place once."""
        told = {fault.path for fault in self.faults}
        besides = [
            attrs.evolve(fault, path=fault.path if fault.path in cells else f"{self.name}: {fault.path}")
            for cells in [{cell.place for cell in self.cells.values()}]
            for fault in self.placed(found)
        ]
        return unreadable(
            self.name,
            (*self.faults, *(fault for fault in besides if fault.path not in told)),
            "correct every place named; what depends on what could not be read is told afterwards",
        )

    def placed(self, faults: Iterable[Fault]) -> tuple[Fault, ...]:
        """The faults with the cell for the path, where the plan came from a workbook."""
        return tuple(
            fault if (cell := cell_of(fault.path, self.cells)) is None else attrs.evolve(fault, path=cell.place)
            for fault in faults
        )

    def fault_as_json(self, fault: Fault) -> dict[str, Any]:
        """A fault as `--json` prints it; sheet and cell are empty for a plan in TOML."""
        cell = cell_of(fault.path, self.cells) or Cell("", "")
        [placed] = self.placed([fault])
        return {**attrs.asdict(placed), "sheet": cell.sheet, "cell": cell.ref}


def read_plan(file: Path) -> PlanFile:
    """The plan of a file. Raises ReorganisationError with every fault, CatalogueError for a workbook that is none."""
    found = read_plan_as_far(file)
    if found.faults:
        raise unreadable(found.name, found.faults)
    return found


def read_plan_as_far(file: Path) -> PlanFile:
    """As much of the plan of a file as can be read, with what is wrong. Raises where the file is none at all."""

    def refused(message: str, remedy: str) -> ReorganisationError:
        return ReorganisationError(message, remedy=remedy)

    ending = file.suffix.lower()
    if ending in WORKBOOKS:
        try:
            data = file.read_bytes()
        except OSError as error:
            raise refused(f"{file} cannot be read: {error.strerror}", "give the path of a plan") from None
        return _from_workbook(data, file.name)
    if ending != ".toml":
        remedy = f"write the plan as TOML or as a workbook, with a name that ends in {', '.join(ENDINGS)}"
        raise refused(f"{file} is no plan file", remedy)
    plan, faults = read_as_far(read_toml(file, refused, "a plan of a reorganisation"), file.name)
    return PlanFile(plan, name=file.name, faults=faults)


def _from_workbook(data: bytes, name: str) -> PlanFile:
    sheets = read_plan_sheets(read_tables(data, name=name), name)
    found = [fault.as_fault() for fault in sheets.faults if fault.is_error]
    plan, faults = read_as_far(sheets.table, name, {path: cell.place for path, cell in sheets.cells.items()})
    told = {fault.path for fault in found}  # an empty cell that was told of is not told of again as a missing key
    found += [fault for fault in faults if fault.path not in told]
    return PlanFile(plan, sheets.cells, name, tuple(found))
