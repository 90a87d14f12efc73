"""A county's catalogue as one CSV file: organs, items, and what is wrong with each row.

Rules of this room: a row becomes exactly one item or has at least one error, so items + rows with an error = rows,
always. Nothing is guessed; what is filled in (the limit of 行政许可法 42, a type) is said as a warning. A promise is
kept only where it surely ends within the statutory limit: a timer must never promise more than the law allows.

`RowFault.row` is the number in the column `row` where every row has one of its own, otherwise the ordinal of the row
below the header, for all rows: two rows must never share a number. Codes are digests of area, department and name, so
that rows may be moved without changing them.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Mapping
from datetime import date

import attrs

from egov_core.domain.catalogue import CaseType, ItemVersion, PowerClass
from egov_core.domain.catalogue.comparison import is_surely_within
from egov_core.domain.legal import LegalBasis
from egov_core.domain.organisation import Organ, OrganKind
from egov_core.domain.periods import Immediate, Limit, NoLimit
from egov_core.errors import CatalogueError, Fault
from egov_core.sheets.csv_text import read_csv
from egov_core.sheets.limits.plain import NotPlain, as_text, limit_beside, read_plain_limit
from egov_core.sheets.limits.stated import LimitKind
from egov_core.sheets.power_classes import power_class_of
from egov_core.sheets.signs import half_width
from egov_core.sheets.statutory import default_of, said_of_default, said_of_promise

REQUIRED = ("row", "item_name", "department", "statutory_limit", "promised_limit")
_ROW_NUMBER = re.compile(r"[0-9]{1,9}")
_KINDS = {"statutory_limit": LimitKind.STATUTORY, "promised_limit": LimitKind.PROMISED}
_CASE_TYPES = {kind.value: kind for kind in CaseType}


@attrs.frozen(kw_only=True)
class RowFault:
    """What is wrong with one cell: `error` (the row is not taken) or `warning` (taken, but look at it)."""

    row: int
    column: str
    severity: str
    code: str
    message: str

    def as_dict(self) -> dict[str, int | str]:
        """`{"row", "column", "severity", "code", "message"}`."""
        return attrs.asdict(self)


@attrs.frozen(kw_only=True)
class CatalogueSheet:
    """What a catalogue file holds. `rows` counts the rows below the header that are not wholly empty."""

    organs: tuple[Organ, ...]
    items: tuple[ItemVersion, ...]
    faults: tuple[RowFault, ...]
    rows: int

    @property
    def rows_in_error(self) -> int:
        """How many rows were not taken."""
        return len({fault.row for fault in self.faults if fault.severity == "error"})


@attrs.frozen
class _Row:
    """One row: its ordinal (1 for the first below the header), how many cells it has, and its cells by column."""

    ordinal: int
    width: int
    cells: Mapping[str, str]


def read_catalogue(data: bytes, *, source: str, area: str, parent: str, valid_from: date) -> CatalogueSheet:
    """Read a catalogue; `parent` is the organ above the departments, `source` the name shown in messages.

    Raises CatalogueError, and takes nothing, when the file as a whole cannot be used.
    """
    lines, doubts = read_csv(data, source=source)
    header = tuple(lines[0][1]) if lines else ()
    _check_header(header, source)
    rows = tuple(
        _Row(ordinal, len(cells), dict(zip(header, cells, strict=False)))
        for ordinal, (_, cells) in enumerate(lines[1:], 1)
    )
    if not rows:
        raise CatalogueError(f"{source} has a header but no rows", remedy="add one row for each item")
    reader = _Reader(source=source, area=area, parent=parent, valid_from=valid_from)
    for one in doubts:
        reader.fault(0, "", one.severity, one.code, f"{one.message}: {one.remedy}")
    for number, row in _numbered(rows, reader):
        reader.take(number, row, len(header))
    return CatalogueSheet(
        organs=tuple(reader.organs.values()),
        items=tuple(reader.items),
        faults=tuple(reader.faults),
        rows=len(rows),
    )


def _check_header(header: tuple[str, ...], source: str) -> None:
    missing = [column for column in REQUIRED if column not in header]
    if missing:
        raise CatalogueError(
            f"{source} lacks the column{'s' if len(missing) > 1 else ''} {', '.join(missing)}; "
            f"it has {', '.join(filter(None, header)) or 'none'}",
            faults=[_of_header(column, "column-missing", f"there is no column {column}") for column in missing],
            remedy=f"name the columns in the first line; needed are {', '.join(REQUIRED)}",
            missing=missing,
        )
    repeated = sorted({column for column in header if column and header.count(column) > 1})
    if repeated:
        raise CatalogueError(
            f"{source} has more than one column {', '.join(repeated)}",
            faults=[_of_header(column, "column-repeated", f"{column} is there twice") for column in repeated],
            remedy="keep one column of each name",
        )


def _of_header(column: str, code: str, message: str) -> Fault:
    return Fault(f"header / {column}", code, message)


def _numbered(rows: tuple[_Row, ...], reader: _Reader) -> list[tuple[int, _Row]]:
    given = [half_width(row.cells["row"]) if "row" in row.cells else "" for row in rows]
    numbers = [int(text) if _ROW_NUMBER.fullmatch(text) else None for text in given]
    seen: set[int | None] = {None}
    for row, number in zip(rows, numbers, strict=True):
        if number in seen:
            message = "this is not a number of its own; rows are counted from the one below the header instead"
            reader.fault(row.ordinal, "row", "warning", "row-number", message)
            return [(each.ordinal, each) for each in rows]
        seen.add(number)
    return [(number, row) for number, row in zip(numbers, rows, strict=True) if number is not None]


@attrs.define(kw_only=True)
class _Reader:
    """The sheet as far as it has been read."""

    source: str
    area: str
    parent: str
    valid_from: date
    organs: dict[str, Organ] = attrs.field(factory=dict)
    items: list[ItemVersion] = attrs.field(factory=list)
    faults: list[RowFault] = attrs.field(factory=list)
    _seen: Counter[tuple[str, str]] = attrs.field(factory=Counter)

    def fault(self, row: int, column: str, severity: str, code: str, message: str) -> None:
        self.faults.append(RowFault(row=row, column=column, severity=severity, code=code, message=message))

    def take(self, number: int, row: _Row, width: int) -> None:
        """Turn one row into an item, or into errors."""
        cells = row.cells
        name, department = cells.get("item_name", ""), cells.get("department", "")
        before = len(self.faults)
        if row.width != width:
            # With a cell too many or too few nobody knows which columns have moved: the limits may be somebody else's.
            code = "cells-too-many" if row.width > width else "cells-too-few"
            message = f"the row has {row.width} cells and the header {width}; check commas and quotes"
            self.fault(number, "row", "error", code, message)
        for column, value in (("item_name", name), ("department", department)):
            if not value and row.width == width:
                self.fault(number, column, "error", "empty", f"{column} is empty; an item needs one")
        organ = self._organ(department) if department and row.width == width else None
        limits = self._limits(number, cells) if row.width == width else None
        if organ is None or limits is None or any(fault.severity == "error" for fault in self.faults[before:]):
            return
        statutory, promised, is_default = limits
        code = self._item_code(number, name, department)
        self.items.append(
            ItemVersion(
                code=code,
                version=1,
                name=name,
                organ=organ.code,
                power_class=self._power_class(number, cells),
                case_type=self._case_type(number, cells, promised or statutory),
                statutory=statutory,
                promised=promised,
                valid_from=self.valid_from,
                statutory_is_default=is_default,
                basis=(LegalBasis(instrument=cells["legal_basis"]),) if cells.get("legal_basis") else (),
                fee=cells.get("fee", ""),
            )
        )

    def _organ(self, department: str) -> Organ:
        organ = self.organs.get(department)
        if organ is None:
            organ = Organ(
                code=_code("D", self.area, department),
                name=department,
                kind=OrganKind.DEPARTMENT,
                parent=self.parent,
                valid_from=self.valid_from,
            )
            self.organs[department] = organ
        return organ

    def _item_code(self, number: int, name: str, department: str) -> str:
        key = (department, name)
        self._seen[key] += 1
        if self._seen[key] > 1:
            message = f"{department} has “{name[:40]}” in an earlier row too; both are kept"
            self.fault(number, "item_name", "warning", "duplicate", message)
        return _code("I", self.area, department, name, str(self._seen[key]))

    def _limits(self, number: int, cells: Mapping[str, str]) -> tuple[Limit, Limit | None, bool] | None:
        """Statutory limit, promise, and whether the first is the default; None when a cell or the pair is an error."""
        stated = LegalBasis(instrument=cells["legal_basis"]) if cells.get("legal_basis") else None
        of_sheet = LegalBasis(instrument=self.source, article=f" row {number}", assumed=True)
        bases = {"statutory_limit": stated or of_sheet, "promised_limit": of_sheet}
        found = {column: self._limit(number, cells, column, basis) for column, basis in bases.items()}
        limits = {column: limit for column, limit in found.items() if not isinstance(limit, NotPlain)}
        if len(limits) < len(found) or not self._agree(number, cells, limits, bases):
            return None
        statutory, promised = limits["statutory_limit"], limits["promised_limit"]
        is_default = statutory is None
        if statutory is None:
            statutory = default_of(power_class_of(cells.get("item_type", "")))
        if promised is not None and not is_surely_within(promised, statutory):
            severity, code, message, remedy = said_of_promise(promised, statutory, is_default=is_default)
            self.fault(number, "promised_limit", severity, code, f"{message}; {remedy}")
            if severity == "error":
                return None
        if is_default:
            code, message, _ = said_of_default(statutory, is_promised=promised is not None)
            code = "statutory-default" if code == "limit-default" and promised is not None else code
            self.fault(number, "statutory_limit", "warning", code, message)
        return statutory, promised, is_default

    def _agree(
        self, number: int, cells: Mapping[str, str], limits: dict[str, Limit | None], bases: Mapping[str, LegalBasis]
    ) -> bool:
        """Fill what one cell says of the other limit into an empty one; an error where the two do not agree."""
        agreed = True
        for column, other in zip(_KINDS, reversed(_KINDS), strict=True):
            told = limit_beside(cells[column], basis=bases[other], kind=_KINDS[column])
            held = limits[other]
            if told is None:
                continue
            if not cells[other]:
                limits[other] = None if isinstance(told, NoLimit) else told
            elif held is None or as_text(held) != as_text(told):
                message = f"“{cells[column][:40]}” says {told}, and {other} says “{cells[other][:40]}”; make both agree"
                self.fault(number, column, "error", "cells-disagree", message)
                agreed = False
        return agreed

    def _limit(self, number: int, cells: Mapping[str, str], column: str, basis: LegalBasis) -> Limit | NotPlain | None:
        text = cells[column]
        if not text:
            return None
        limit = read_plain_limit(text, basis=basis, kind=_KINDS[column])
        if isinstance(limit, NotPlain):
            if limit_beside(text, basis=basis, kind=_KINDS[column]):
                return None  # 法定20个工作日 in the column of the promise
            self.fault(number, column, "error", limit.code, limit.message)
        return limit

    def _power_class(self, number: int, cells: Mapping[str, str]) -> PowerClass:
        text = cells.get("item_type", "")
        if (found := power_class_of(text)) is None:  # and there is no mapping that could say what it means
            said = f"“{text[:40]}” is none of the power classes" if text else "no type is given"
            self.fault(number, "item_type", "warning", "item-type", f"{said}; 其他行政权力 is set")
        return found or PowerClass.OTHER_POWER

    def _case_type(self, number: int, cells: Mapping[str, str], limit: Limit) -> CaseType:
        """The case type as written, else from the limit. Forwarding text alone does not make a 转报件."""
        text = cells.get("case_type", "")
        on_the_spot = isinstance(limit, Immediate)
        found = _CASE_TYPES.get(half_width(text).strip("() "))
        if found is None:
            if text:
                message = f"“{text[:40]}” is not 即办件, 承诺件 or 转报件; the type is taken from the limit"
                self.fault(number, "case_type", "warning", "case-type", message)
            return CaseType.IMMEDIATE if on_the_spot else CaseType.PROMISE
        if found is CaseType.IMMEDIATE and not on_the_spot:
            message = f"即办件 with a limit of {limit}: the limit counts"
            self.fault(number, "case_type", "warning", "case-type-conflict", message)
        elif found is CaseType.PROMISE and on_the_spot:
            self.fault(number, "case_type", "warning", "case-type-conflict", "承诺件 to be decided on the spot")
        elif found is CaseType.FORWARD:
            message = "a catalogue file cannot name the upper organ by its code; set it before cases are forwarded"
            self.fault(number, "case_type", "warning", "forward-target", message)
        return found


def _code(kind: str, *parts: str) -> str:
    digest = hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
    return f"{kind}{digest[:16]}"
