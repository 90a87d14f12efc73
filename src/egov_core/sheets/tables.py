"""Files that people hand in, as tables of text: XLSX, XLS, ODS, CSV, and the tables of DOCX.

Rules of this room: bytes in, cells out, no meaning; hostile files end here. What makes a file unusable is a
CatalogueError with the way out. What is wrong with single cells stands in `Table.faults`, and such a cell is read as
empty: a formula (its value is whatever was calculated last), an error value, a number that the spreadsheet has rounded.
Item codes are text: a spreadsheet keeps fifteen digits of a number, and the rest of a code is gone for good.

python-calamine reads the cells; it is given only what `archive`, `grid_watch` and `ole` have looked at.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePath

import attrs

from egov_core.errors import CatalogueError
from egov_core.sheets import ole
from egov_core.sheets.archive import LARGEST_FILE, Archive, locked, open_archive, walk
from egov_core.sheets.cell_text import cell_text, doubt, shows_error
from egov_core.sheets.csv_text import UTF_16, read_csv
from egov_core.sheets.extra import needed
from egov_core.sheets.faults import refuse_faults, unusable
from egov_core.sheets.grid import Row, Table
from egov_core.sheets.grid_watch import Extent, address, macros, merged_down
from egov_core.sheets.ods_watch import OdsContent
from egov_core.sheets.word_tables import read_word
from egov_core.sheets.xlsx_watch import watch_xlsx

ENDINGS = (".xlsx", ".xls", ".ods", ".csv", ".docx")
"""The kinds of files that are read."""
_KINDS = {".xlsx": "xlsx", ".xls": "xls", ".ods": "ods", ".csv": "csv", ".docx": "docx", ".doc": "doc"}
_UNICODE_TEXT = ".txt"
"""What a spreadsheet calls Unicode text: UTF-16 with tabs. Other files of this name are letters and notes."""
_SAVED_AS = "open it in the spreadsheet and save it as .xlsx"


def is_table(name: str, begins: bytes) -> bool:
    """Whether a file, by its name and its first bytes, is read, or refused with the way to have it read (`.doc`)."""
    ending = PurePath(name).suffix.lower()
    return ending in _KINDS or (ending == _UNICODE_TEXT and begins.startswith(UTF_16))


def read_tables(data: bytes, *, name: str, source: str = "") -> tuple[Table, ...]:
    """The tables of a file; `name` is the file's name, by which it is known in messages and its kind is expected.

    `source` is what it is called in messages instead, where two files of that name were given.

    Raises CatalogueError when the file cannot be used as a whole, SettingsError when the extra `sheets` is needed and
    not installed.
    """
    source, kind = source or PurePath(name).name, _KINDS.get(PurePath(name).suffix.lower(), "")
    kind = kind or ("csv" if is_table(name, data) else "")
    if not kind:
        raise unusable(
            source, f"is none of {', '.join(ENDINGS)}", code="file-kind", remedy="save it as .xlsx or as CSV UTF-8"
        )
    if len(data) > LARGEST_FILE:
        raise unusable(
            source,
            f"has {len(data)} bytes; at most {LARGEST_FILE} are read",
            code="file-too-large",
            remedy="give the tables alone, without pictures",
        )
    if kind == "doc":
        raise _old_word(source)
    if data.startswith(ole.MAGIC):
        return _old(data, source, kind)
    if data.startswith(b"PK"):
        return _packed(data, source, kind)
    if kind == "csv":
        rows, faults = read_csv(data, source=source)
        numbered = tuple(Row(number, tuple(cells)) for number, cells in rows)
        return (_looked_over(Table(source, "", numbered, tuple(faults), kind="csv")),)
    if not data:
        raise unusable(source, "is empty", code="file-damaged", remedy="fetch or save the file once more")
    raise unusable(
        source,
        f"is named .{kind} and is no such file: web pages and texts are sometimes saved under this name",
        code="file-kind",
        remedy=_SAVED_AS,
    )


def sound(tables: Sequence[Table]) -> Sequence[Table]:
    """The tables, when no cell of theirs is an error. Raises CatalogueError with every fault."""
    faults = [fault for table in tables for fault in table.faults]
    if any(fault.is_error for fault in faults):
        raise refuse_faults("the file has cells that cannot be read", faults, remedy="correct the cells named")
    return tables


def _old(data: bytes, source: str, kind: str) -> tuple[Table, ...]:
    compound = ole.open_compound(data, source=source)
    found = ole.kind_of(compound)
    if found == "locked":
        raise locked(source)
    if found == "doc":
        raise _old_word(source)
    _expect(source, kind, found or "some other kind of Office file")
    extents = ole.watch_workbook(compound)
    return _calamine(data, source, kind, extents)


def _packed(data: bytes, source: str, kind: str) -> tuple[Table, ...]:
    archive = open_archive(data, source=source)
    names = {name.lower() for name in archive.parts}
    if any(name.endswith("vbaproject.bin") for name in names):
        raise macros(source)
    if "xl/workbook.xml" in names:
        _expect(source, kind, "xlsx")
        extents = watch_xlsx(archive)
    elif "content.xml" in names:
        _expect(source, kind, "ods")
        content = OdsContent(source)
        walk(archive, lambda name, _: content if name == "content.xml" else None)
        extents = {extent.sheet: extent for extent in content.extents}
        return _calamine(archive.packed(only_xml=True), source, kind, extents, content.merged)
    elif "word/document.xml" in names:
        _expect(source, kind, "docx")
        return _word(archive)
    else:
        found = "xlsb" if "xl/workbook.bin" in names else "archive without a table that can be read"
        raise unusable(source, f"is an {found}", code="file-kind", remedy=_SAVED_AS)
    return _calamine(archive.packed(only_xml=True), source, kind, extents)


def _expect(source: str, kind: str, found: str) -> None:
    if kind != found:
        said = f".{found}" if f".{found}" in ENDINGS else found
        raise unusable(
            source,
            f"is named .{kind}, but it is {said}",
            code="file-kind",
            remedy=f"{_SAVED_AS}; do not rename files by hand",
        )


def _old_word(source: str) -> CatalogueError:
    return unusable(
        source,
        "is an old Word file (.doc), which is not read",
        code="file-doc",
        remedy="open it in Word or WPS and save it as .docx, or run: soffice --headless --convert-to docx " + source,
    )


def _calamine(
    data: bytes,
    source: str,
    kind: str,
    extents: Mapping[str, Extent],
    merged: Mapping[str, Sequence[tuple[int, int, int]]] | None = None,
) -> tuple[Table, ...]:
    calamine = needed("python_calamine", source)
    tables = []
    try:
        with calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            for sheet in book.sheets_metadata:
                if sheet.typ == calamine.SheetTypeEnum.WorkSheet:
                    opened = book.get_sheet_by_name(sheet.name)
                    values = opened.to_python(skip_empty_area=False)
                    hidden = sheet.visible != calamine.SheetVisibleEnum.Visible
                    table = Table(
                        source,
                        sheet.name,
                        (),
                        hidden=hidden,
                        kind=kind,
                        merged_down=merged_down(opened.merged_cell_ranges)
                        if merged is None
                        else tuple(merged.get(sheet.name, ())),
                    )
                    tables.append(_table(table, values, extents.get(sheet.name)))
    except BaseException as error:
        # A Rust library that meets what it did not foresee panics, which Python sees as a BaseException of its own.
        if isinstance(error, KeyboardInterrupt | SystemExit | MemoryError):
            raise
        raise unusable(
            source, f"is damaged: {str(error)[:200] or 'it cannot be read'}", code="file-damaged", remedy=_SAVED_AS
        ) from error
    if not tables:
        raise unusable(source, "has no sheet with cells", code="file-no-table", remedy=_SAVED_AS)
    return tuple(tables)


def _table(table: Table, values: Iterable[Sequence[object]], extent: Extent | None) -> Table:
    faults = [
        table.fault(
            cell,
            "formula",
            "the cell holds a formula; only what is written in a cell is taken",
            "copy the cell and paste it as a value",
        )
        for cell in (extent.formulas if extent else ())
    ]
    calculated = frozenset(fault.cell for fault in faults)
    for cell, shown in extent.errors.items() if extent else ():
        if cell not in calculated:
            why = shows_error(shown)
            faults.append(table.fault(cell, why.code, why.message, why.remedy))
    named = frozenset(fault.cell for fault in faults)
    rows = []
    for number, line in enumerate(values, 1):
        texts = []
        for column, value in enumerate(line):
            cell = address(number, column) if not isinstance(value, str) or named else ""
            read = "" if cell in named else cell_text(value)
            texts.append(read if isinstance(read, str) else "")
            if not isinstance(read, str):
                faults.append(table.fault(cell, read.code, read.message, read.remedy))
        while texts and not texts[-1]:
            texts.pop()
        if texts:
            rows.append(Row(number, tuple(texts)))
    table = attrs.evolve(table, rows=tuple(rows), faults=tuple(faults))
    if extent is not None:
        table = attrs.evolve(table, hidden_rows=frozenset(extent.hidden_rows), struck=frozenset(extent.struck))
    return _looked_over(table)


def _looked_over(table: Table) -> Table:
    """The table with what is doubtful in a text wherever it stands: error values and signs that nobody sees."""
    faults, rows = list(table.faults), []
    for row in table.rows:
        texts = list(row.texts)
        for column, text in enumerate(row.texts):
            if (why := doubt(text)) is not None:
                texts[column] = text if why.severity == "warning" else ""
                cell = row.address(column)
                faults.append(table.fault(cell, why.code, why.message, why.remedy, severity=why.severity))
        if any(texts):
            rows.append(attrs.evolve(row, texts=tuple(texts)))
    return attrs.evolve(table, rows=tuple(rows), faults=tuple(faults))


def _word(archive: Archive) -> tuple[Table, ...]:
    tables = []
    for number, read in enumerate(read_word(archive), 1):
        table = Table(
            archive.source,
            f"表{number}",
            tuple(Row(at, tuple(line)) for at, line in enumerate(read.rows, 1) if any(line)),
            kind="docx",
            merged_down=tuple(read.merged_down),
            struck=frozenset(address(row, column) for row, column in read.struck),
            above=read.above,
        )
        tables.append(_looked_over(table))
    if not tables:
        raise unusable(
            archive.source,
            "has no table",
            code="file-no-table",
            remedy="fill the table of the form itself; text around it is not read",
        )
    return tuple(tables)
