"""A CSV file as rows of text.

Rules of this room: bytes in, rows out, no meaning. UTF-8 with or without its mark; UTF-16 with its mark, which a
spreadsheet calls Unicode text and writes with tabs; GB18030, which Chinese spreadsheets write by default, is read too
and said, because it may be a wrong guess; so is a file whose cells are parted by another sign than the comma. Anything
else is refused with the way out.
"""

from __future__ import annotations

import csv
import io
import itertools

from egov_core.domain.cells import CellFault
from egov_core.sheets.archive import LARGEST_FILE
from egov_core.sheets.armour import bare
from egov_core.sheets.faults import unusable
from egov_core.sheets.grid_watch import Extent

_SEPARATORS = {",": "“,”", ";": "“;”", "\t": "“TAB”", "；": "“；”", "|": "“|”"}
_LOOKED_AT = 50
_SAVE = "save the sheet as “CSV UTF-8” and give it again"
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
"""How a file begins that says it is UTF-16; without this mark it is none, because any bytes may be read so."""


def read_csv(data: bytes, *, source: str) -> tuple[list[tuple[int, list[str]]], list[CellFault]]:
    """Numbered rows of trimmed cells, and what was doubtful. Raises CatalogueError."""
    text, faults = _decode(data, source)
    extent = Extent(source, "")
    rows = []
    separator = _separator(text)
    if separator != "," and not (separator == "\t" and data.startswith(UTF_16)):
        said = _SEPARATORS[separator]
        message = f"the cells of {source} are parted by {said} and not by commas; they were read so"
        remedy = "look whether the columns are right, or save it as “CSV UTF-8” with commas"
        faults.append(_doubt(source, "file-separator", message, remedy))
    lines = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=separator)
    try:
        for number, line in enumerate(lines, 1):
            cells = [bare(cell.strip()) for cell in line]
            extent.row(number)
            if any(cells):
                extent.cell(number, len(cells) - 1, text=1, times=len(cells))
                rows.append((number, cells))
    except csv.Error as error:
        if "field larger" in str(error):
            raise unusable(
                source,
                f"has a cell of more than {csv.field_size_limit()} characters that begins in or before line "
                f"{lines.line_num}",
                code="cell-too-long",
                remedy="shorten the cell, or look for a quotation mark that is never closed",
            ) from None
        raise unusable(
            source,
            f"is not a well-formed CSV file: {error}",
            code="file-damaged",
            remedy="save it again as CSV UTF-8 from the spreadsheet, without editing the quotes by hand",
        ) from error
    return rows, faults


def _decode(data: bytes, source: str) -> tuple[str, list[CellFault]]:
    if len(data) > LARGEST_FILE:
        raise unusable(
            source,
            f"has {len(data)} bytes; at most {LARGEST_FILE} are read",
            code="file-too-large",
            remedy="split it over several files, each with the headings",
        )
    faults = []
    try:
        text = data.decode("utf-16" if data.startswith(UTF_16) else "utf-8-sig")
    except UnicodeDecodeError:
        if data.startswith(UTF_16):
            raise unusable(
                source,
                "is UTF-16 and breaks off in the middle",
                code="file-encoding",
                remedy=_SAVE,
            ) from None
        try:
            text = data.decode("gb18030")
        except UnicodeDecodeError:
            raise unusable(source, "is neither UTF-8 nor GB18030", code="file-encoding", remedy=_SAVE) from None
        message = f"{source} is not UTF-8; it was read as GB18030"
        remedy = "look whether the characters are right, or save it as “CSV UTF-8”"
        faults.append(_doubt(source, "file-encoding", message, remedy))
    if "\0" in text:
        raise unusable(source, "contains NUL bytes, so it is not a text file", code="file-kind", remedy=_SAVE)
    return text, faults


def _doubt(source: str, code: str, message: str, remedy: str) -> CellFault:
    return CellFault(file=source, sheet="", cell="", severity="warning", code=code, message=message, remedy=remedy)


def _separator(text: str) -> str:
    """The sign between the cells: the comma, unless most lines have one cell by it and several by another sign.

    A list of one column may have a semicolon in its texts, so that two cells prove it only where every line has two.
    """
    lines = [line for line in itertools.islice(io.StringIO(text), _LOOKED_AT) if line.strip()]
    try:
        widths = {one: [len(row) for row in csv.reader(lines, delimiter=one)] for one in _SEPARATORS}
    except csv.Error:
        return ","  # it is refused below, with its place
    if 2 * sum(width > 1 for width in widths.pop(",")) >= len(lines):
        return ","
    for separator, found in widths.items():
        most = max(set(found), key=found.count)
        if 2 * found.count(most) > len(found) and (most > 2 or (most > 1 and set(found) == {most})):
            return separator
    return ","
