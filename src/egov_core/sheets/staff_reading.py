"""Reading the staff workbook: from tables of cells to records of authority, each with its place.

Rules of this room: cells in, records and faults out; everything wrong is told at its cell, and a row with a fault makes
no record. Whether a record may be written is asked elsewhere, which names places by `StaffSheets.where`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from pathlib import PurePath
from typing import Any

import attrs

from egov_core.domain.authority import (
    ALL_ITEMS,
    Appointment,
    Delegation,
    Grant,
    Post,
    Role,
    Staffing,
    StaffRecord,
    StandIn,
    code_of,
)
from egov_core.domain.cells import CellFault
from egov_core.domain.legal import LegalBasis
from egov_core.domain.people import Person
from egov_core.errors import Fault
from egov_core.sheets.staff_form import EVERYTHING, FORMS, STEP_NAMES, Kind, Part, SheetForm, form_of
from egov_core.sheets.tables import Row, Table

_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_SEPARATOR = re.compile(r"[、，,;；\s]+")
_ROLES = {role.value: role for role in Role} | {role.name.lower().replace("_", "-"): role for role in Role}
_STEPS = {name: code for code, name in STEP_NAMES.items()}
_NOTES = ("说明", "填表说明", "notes")
"""Sheets that are for readers."""


@attrs.frozen
class _Place:
    table: Table
    row: Row
    columns: dict[str, int]

    def fault(self, field: str, code: str, message: str, severity: str = "error") -> CellFault:
        column = self.columns.get(field, min(self.columns.values(), default=0))
        return self.table.fault(self.row.address(column), code, message, severity=severity)


@attrs.frozen
class StaffSheets:
    """What was read: the records, what is wrong with cells, and where each record stands.

    `broken` are the codes of people and posts whose rows have faults: that others point at them is no fault of theirs.
    """

    staffing: Staffing
    faults: tuple[CellFault, ...]
    broken: frozenset[str]
    _places: dict[StaffRecord, _Place]

    def where(self, record: StaffRecord, field: str) -> str:
        """The cell of a record's field on one line."""
        place = self._places.get(record)
        return "" if place is None else place.fault(field, "", "").place

    def with_faults(self, found: Sequence[Fault]) -> tuple[CellFault, ...]:
        """The faults of cells and those that `where` has placed, without what follows from a row that was not read."""
        cells = {
            place.fault(field, "", "").place: place.fault(field, "", "")
            for place in self._places.values()
            for field in ("", *place.columns)
        }
        placed = tuple(
            attrs.evolve(cells[one.path], code=one.code, message=one.message, severity=one.severity)
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
    faults: list[CellFault] = []
    broken: set[str] = set()
    places: dict[StaffRecord, _Place] = {}
    for table in tables:
        name = table.sheet or PurePath(table.source).stem
        form = form_of(name)
        if form is not None:
            faults += table.faults
            _read_sheet(table, form, before, faults, broken, places)
        elif name not in _NOTES and not table.hidden and table.rows:
            known = "、".join(one.name for one in FORMS)
            message = f"the sheet {name!r} is none of {known}"
            faults.append(table.fault("", "unknown-sheet", message, "name it so, or 说明 if it is for readers"))
    read = tuple(places)
    staffing = Staffing(
        people=tuple(one for one in read if isinstance(one, Person)),
        posts=tuple(one for one in read if isinstance(one, Post)),
        appointments=tuple(one for one in read if isinstance(one, Appointment)),
        grants=tuple(one for one in read if isinstance(one, Grant)),
        delegations=tuple(one for one in read if isinstance(one, Delegation)),
        stand_ins=tuple(one for one in read if isinstance(one, StandIn)),
    )
    return StaffSheets(staffing, tuple(faults), frozenset(broken), places)


def _read_sheet(
    table: Table,
    form: SheetForm,
    before: dict[tuple[type, str], StaffRecord],
    faults: list[CellFault],
    broken: set[str],
    places: dict[StaffRecord, _Place],
) -> None:
    header = table.find_header(form.required)
    if header is None:
        if table.rows:
            needed = "、".join(form.required)
            faults.append(table.fault("", "no-header", f"no row has the headings {needed}", "begin with the template"))
        return
    known = [part.heading for part in form.parts]
    heads = Row(header.number, header.texts)
    for column, heading in enumerate(header.headings):
        if heading and heading not in known:
            # a misspelt 终止日 would let what has ended go on
            message = f"{heading!r} is no column of {form.name}; known are {'、'.join(known)}"
            faults.append(table.fault(heads.address(column), "unknown-column", message, "correct or delete the column"))
        elif heading and heading in header.headings[:column]:
            cell = heads.address(column)
            faults.append(table.fault(cell, "column-twice", f"{heading} is there twice", "delete one of the two"))
    at = {part: found for part in form.parts if (found := header.column(part.heading)) is not None}
    seen = {fault.cell for fault in table.faults if fault.is_error}
    for row in table.below(header):
        if any(row.texts):
            _read_row(table, form, row, at, before, seen, faults, broken, places)


def _read_row(
    table: Table,
    form: SheetForm,
    row: Row,
    at: dict[Part, int],
    before: dict[tuple[type, str], StaffRecord],
    damaged: set[str],
    faults: list[CellFault],
    broken: set[str],
    places: dict[StaffRecord, _Place],
) -> None:
    given: dict[str, Any] = {}
    columns: dict[str, int] = {}
    wrong = any(row.address(column) in damaged for column in at.values())
    for part, column in at.items():
        columns.setdefault(part.field, column)
        text = row.text(column).strip()
        if not text:
            if part.required and row.address(column) not in damaged:
                wrong = True
                faults.append(table.fault(row.address(column), "required", f"{part.heading} is empty", "fill it in"))
            continue
        try:
            value = _value(part, text)
        except ValueError as error:
            wrong = True
            faults.append(table.fault(row.address(column), f"not-{part.kind.value}", str(error)))
            continue
        if part.kind in (Kind.INSTRUMENT, Kind.ARTICLE):
            name = "instrument" if part.kind is Kind.INSTRUMENT else "article"
            given["basis"] = {**given.get("basis", {}), name: value}
        else:
            given[part.field] = value
    if wrong:
        broken.update({str(given["code"])} if "code" in given else ())
        return
    if "basis" in given:
        given["basis"] = LegalBasis(**{"instrument": "", **given["basis"]})
    record = form.record(**given)
    record = form.completed(record, before.get((form.record, code_of(record))))
    places.setdefault(record, _Place(table, row, columns))


def _value(part: Part, text: str) -> Any:
    """What a cell says. Raises ValueError with a sentence."""
    match part.kind:
        case Kind.DATE:
            return _day(text)
        case Kind.ROLE:
            return _role(text)
        case Kind.ROLES:
            return frozenset(_role(one) for one in _split(text))
        case Kind.ITEMS:
            return frozenset(ALL_ITEMS if one in (EVERYTHING, ALL_ITEMS) else one for one in _split(text))
        case Kind.STEPS:
            return frozenset(
                ALL_ITEMS if one in (EVERYTHING, ALL_ITEMS) else _STEPS.get(one, one) for one in _split(text)
            )
        case _:
            return text


def _split(text: str) -> list[str]:
    return [one for one in _SEPARATOR.split(text) if one]


def _role(text: str) -> Role:
    role = _ROLES.get(text) or _ROLES.get(text.lower())
    if role is None:
        raise ValueError(f"{text!r} is no role; there are {'、'.join(one.value for one in Role)}")
    return role


def _day(text: str) -> date:
    found = _DATE.fullmatch(text)
    if found is not None:
        try:
            return date(*(int(one) for one in found.groups()))
        except ValueError:
            pass
    raise ValueError(f"{text!r} is no day; write 2024-01-31")
