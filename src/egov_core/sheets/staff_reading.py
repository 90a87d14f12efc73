"""Reading the staff workbook: from tables of cells to records of authority, each with its place.

Rules of this room: cells in, records and faults out; everything wrong is told at its cell, and a row with a fault makes
no record. Whether a record may be written is asked elsewhere, which names places by `StaffSheets.where`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import attrs

from egov_core.domain.authority import (
    Appointment,
    Delegation,
    Grant,
    Post,
    Staffing,
    StaffRecord,
    StandIn,
    code_of,
    days_out_of_order,
)
from egov_core.domain.cells import CellFault
from egov_core.domain.legal import LegalBasis
from egov_core.domain.people import Person
from egov_core.errors import Fault
from egov_core.sheets.grid import Table
from egov_core.sheets.record_sheets import FilledRow, read_record_sheets
from egov_core.sheets.staff_form import ARTICLE, FORMS, INSTRUMENT, StaffForm


@attrs.frozen
class StaffSheets:
    """What was read: the records, what is wrong with cells, and where each record stands.

    `broken` are the codes of people and posts whose rows have faults: that others point at them is no fault of theirs.
    """

    staffing: Staffing
    faults: tuple[CellFault, ...]
    broken: frozenset[str]
    _places: dict[StaffRecord, FilledRow[StaffForm]]
    rows: int

    def where(self, record: StaffRecord, field: str) -> str:
        """The cell of a record's field on one line."""
        row = self._places.get(record)
        return "" if row is None else row.cell(field).place

    def with_faults(self, found: Sequence[Fault]) -> tuple[CellFault, ...]:
        """The faults of cells and those that `where` has placed, without what follows from a row that was not read."""
        cells = {cell.place: cell for row in self._places.values() for cell in map(row.cell, ("", *row.columns))}
        placed = tuple(
            attrs.evolve(cells[one.path].error(one.code, one.message), severity=one.severity)
            for one in found
            if not (one.code in ("unknown-person", "unknown-post") and self._follows(one))
        )
        return (*self.faults, *placed)

    def _follows(self, fault: Fault) -> bool:
        """Whether a record points at somebody whose own row could not be read."""
        for record in self._places:
            held = (getattr(record, name, "") for name in ("person", "post", "absent", "deputy"))
            if any(code in self.broken for code in held) and fault.path in {
                self.where(record, name) for name in ("person", "post", "absent", "deputy")
            }:
                return True
        return False


def read_staff(tables: Sequence[Table], held: Staffing) -> StaffSheets:
    """The records of tables; sheets are known by their names, CSV files by theirs.

    What the sheets have no column for is kept as it is in `held`.
    """
    before = {(type(one), code_of(one)): one for one in held}
    sheets = read_record_sheets(tables, FORMS)
    places: dict[StaffRecord, FilledRow[StaffForm]] = {}
    broken: set[str] = set()
    for row in sheets.rows:
        fields = _fields(row)
        if row.sound:
            record = row.form.record(**fields)
            record = row.form.completed(record, before.get((row.form.record, code_of(record))), given=fields)
            places.setdefault(record, row)
        else:
            # the days that could be read are told now too, so that nobody mends the row twice
            told = days_out_of_order(fields)
            sheets.faults += [row.cell(field).error(code, message) for field, code, message in told]
            broken |= {str(fields["code"])} if "code" in fields else set()
    read = tuple(places)
    staffing = Staffing(
        people=tuple(one for one in read if isinstance(one, Person)),
        posts=tuple(one for one in read if isinstance(one, Post)),
        appointments=tuple(one for one in read if isinstance(one, Appointment)),
        grants=tuple(one for one in read if isinstance(one, Grant)),
        delegations=tuple(one for one in read if isinstance(one, Delegation)),
        stand_ins=tuple(one for one in read if isinstance(one, StandIn)),
    )
    return StaffSheets(staffing, tuple(sheets.faults), frozenset(broken), places, len(sheets.rows))


def _fields(row: FilledRow[StaffForm]) -> dict[str, Any]:
    """The fields of a record; a legal basis is one, from two columns."""
    fields = {part.field: value for part, value in row.given.items() if part.kind not in (INSTRUMENT, ARTICLE)}
    basis = {part.kind.name: value for part, value in row.given.items() if part.kind in (INSTRUMENT, ARTICLE)}
    return fields | ({"basis": LegalBasis(**{"instrument": "", **basis})} if basis else {})
