"""Reading the staff workbook: from tables of cells to records of authority, each with its place.

Rules of this room: cells in, records and faults out; everything wrong is told at its cell, and a row with a fault makes
no record. Whether a record may be written is asked elsewhere, which names places by `StaffSheets.where`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import attrs

from egov_core.domain.authority import (
    ALL_ITEMS,
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
from egov_core.domain.reorganisation.record import EndedRecord
from egov_core.errors import Fault
from egov_core.sheets.grid import Table
from egov_core.sheets.record_sheets import FilledRow, read_record_sheets
from egov_core.sheets.staff_form import ARTICLE, FORMS, INSTRUMENT, StaffForm

WHICH = "write the code of the one that is meant"
BY_CODE_OR_NAME: Mapping[str, str] = {
    "unknown-organ": "write its code, or its name; egov enrol status --config FILE lists departments and towns with "
    "both",
    "unknown-item": "write its code, or its whole name; egov catalogue search TEXT --config FILE finds it",
}
"""What to write where nothing has the code or the name that a cell has."""


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
            attrs.evolve(
                cells[one.path].error(one.code, one.message, BY_CODE_OR_NAME.get(one.code, "")), severity=one.severity
            )
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


@attrs.frozen(kw_only=True)
class Known:
    """What a name may mean: the codes of `organs` and `items` that are called so; `told` shows items by code.

    `ended` are the records that a plan has ended, by kind and code.
    """

    organs: Callable[[str], Sequence[str]] = lambda _text: ()
    items: Callable[[str], Sequence[str]] = lambda _text: ()
    told: Callable[[Sequence[str]], str] = ", ".join
    ended: Mapping[tuple[type[StaffRecord], str], EndedRecord] = attrs.field(factory=dict)


NOBODY_KNOWN = Known()


def read_staff(tables: Sequence[Table], held: Staffing, known: Known = NOBODY_KNOWN) -> StaffSheets:
    """The records of tables; sheets are known by their names, CSV files by theirs.

    What the sheets have no column for is kept as it is in `held`, and so is the end that a plan has set where a sheet
    still says what was before it: that is told, since it is not what the sheet says. An organ or an item may be
    written by a name that only one has; what `known` does not know stays as it is written.
    """
    before = {(type(one), code_of(one)): one for one in held}
    sheets = read_record_sheets(tables, FORMS)
    places: dict[StaffRecord, FilledRow[StaffForm]] = {}
    broken: set[str] = set()
    for row in sheets.rows:
        fields, ambiguous = _by_code(_fields(row), row, known)
        sheets.faults += ambiguous
        if row.sound and not ambiguous:
            record = row.form.record(**fields)
            key = (row.form.record, code_of(record))
            end = known.ended.get(key)
            if end is not None and record.valid_to == end.before:
                sheets.faults.append(row.cell("valid_to").warning("ended-by-plan", *_kept(end)))
            record = row.form.completed(record, before.get(key), given=fields, ended=end)
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


def _kept(end: EndedRecord) -> tuple[str, str]:
    """What is said of an end that stays, and what to do where it should not."""
    remedy = (
        f"add a row that begins on {end.day} or later for what is to go on; to take the plan back: "
        f"egov reorganise undo {end.plan} --by PERSON --config FILE"
    )
    return f"was ended on {end.day} by plan {end.plan}, which this file does not know; the end stays", remedy


def _fields(row: FilledRow[StaffForm]) -> dict[str, Any]:
    """The fields of a record; a legal basis is one, from two columns."""
    fields = {part.field: value for part, value in row.given.items() if part.kind not in (INSTRUMENT, ARTICLE)}
    basis = {part.kind.name: value for part, value in row.given.items() if part.kind in (INSTRUMENT, ARTICLE)}
    return fields | ({"basis": LegalBasis(**{"instrument": "", **basis})} if basis else {})


def _by_code(fields: dict[str, Any], row: FilledRow[StaffForm], known: Known) -> tuple[dict[str, Any], list[CellFault]]:
    """The fields with codes in place of names, and a fault for each name that several have."""
    faults: list[CellFault] = []

    def organ(field: str, text: str) -> str:
        codes = known.organs(text)
        if len(codes) > 1:
            message = f"{text} is the name of several organs: {', '.join(codes)}"
            faults.append(row.cell(field).error("organ-ambiguous", message, WHICH))
        return codes[0] if codes else text

    def item(text: str) -> str:
        codes = known.items(text)
        if len(codes) > 1:
            message = f"{text} is the name of several items: {known.told(codes)}"
            faults.append(row.cell("items").error("item-ambiguous", message, WHICH))
        return codes[0] if codes else text

    found = dict(fields)
    found |= {field: organ(field, fields[field]) for field in ("organ", "delegate", "unit") if fields.get(field)}
    if "moves" in fields:
        found["moves"] = tuple(attrs.evolve(one, organ=organ("moves", one.organ)) for one in fields["moves"])
    if "items" in fields:
        found["items"] = frozenset(one if one == ALL_ITEMS else item(one) for one in sorted(fields["items"]))
    return found, faults
