"""Writes a list of the data folder as a file of its kind, so that a test can read it as an office would give it.

Rules of this room: a list is rows of cells; `^` is a cell merged with the one above, `<` with the one to its left. A
number is a number cell, a text is a text cell. In a Word file `above` is the paragraph over the table.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

import docx
import pytest

xlsxwriter = pytest.importorskip("xlsxwriter")
Rows = Sequence[Sequence[Any]]
ENCODINGS = {"csv": "utf-8", "csv-gbk": "gbk", "csv-bom": "utf-8-sig", "csv-utf16": "utf-16"}
_ODS = "urn:oasis:names:tc:opendocument:xmlns"
_NAMES = f'xmlns:office="{_ODS}:office:1.0" xmlns:table="{_ODS}:table:1.0" xmlns:text="{_ODS}:text:1.0"'
_MANIFEST = (
    f'<manifest:manifest xmlns:manifest="{_ODS}:manifest:1.0"><manifest:file-entry manifest:full-path="/" '
    'manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>'
)


def written(kind: str, tables: Sequence[Mapping[str, Any]]) -> tuple[str, bytes]:
    """The ending of the file's name and its bytes."""
    if kind in ENCODINGS:
        return ".csv", _csv(tables[0]["rows"], ENCODINGS[kind], "\t" if kind == "csv-utf16" else ",")
    return f".{kind}", {"xlsx": _xlsx, "docx": _docx, "ods": _ods}[kind](tables)


def _merged(rows: Rows) -> Iterator[tuple[int, int, int, int]]:
    """First and last row and column of each cell that is merged, counted from 0."""
    for top, row in enumerate(rows):
        for left, cell in enumerate(row):
            if cell in ("^", "<"):
                continue
            bottom, right = top, left
            while bottom + 1 < len(rows) and left < len(rows[bottom + 1]) and rows[bottom + 1][left] == "^":
                bottom += 1
            while right + 1 < len(row) and row[right + 1] == "<":
                right += 1
            if (bottom, right) != (top, left):
                yield top, left, bottom, right


def _csv(rows: Rows, encoding: str, separator: str) -> bytes:
    target = io.StringIO(newline="")
    csv.writer(target, delimiter=separator).writerows(["" if one in ("^", "<") else one for one in row] for row in rows)
    return target.getvalue().encode(encoding)


def _xlsx(tables: Sequence[Mapping[str, Any]]) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        for table in tables:
            sheet, rows = book.add_worksheet(table["name"]), table["rows"]
            for at, row in enumerate(rows):
                for column, cell in enumerate(row):
                    if cell not in ("^", "<", ""):
                        sheet.write(at, column, cell)
            for top, left, bottom, right in _merged(rows):
                sheet.merge_range(top, left, bottom, right, rows[top][left])
    return target.getvalue()


def _docx(tables: Sequence[Mapping[str, Any]]) -> bytes:
    document = docx.Document()
    for one in tables:
        if one.get("above"):
            document.add_paragraph(one["above"])
        rows = one["rows"]
        table = document.add_table(rows=len(rows), cols=max(map(len, rows)))
        for at, row in enumerate(rows):
            for column, cell in enumerate(row):
                if cell not in ("^", "<", ""):
                    table.cell(at, column).text = str(cell)
        for top, left, bottom, right in _merged(rows):
            table.cell(top, left).merge(table.cell(bottom, right)).text = str(rows[top][left])
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def _ods(tables: Sequence[Mapping[str, Any]]) -> bytes:
    sheets = "".join(
        f'<table:table table:name="{escape(table["name"])}">{"".join(_ods_rows(table["rows"]))}</table:table>'
        for table in tables
    )
    content = (
        f'<office:document-content {_NAMES} office:version="1.2"><office:body><office:spreadsheet>{sheets}'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", _MANIFEST)
    return target.getvalue()


def _ods_rows(rows: Rows) -> Iterator[str]:
    spans = {(top, left): (bottom - top + 1, right - left + 1) for top, left, bottom, right in _merged(rows)}
    for at, row in enumerate(rows):
        cells = []
        for column, cell in enumerate(row):
            down, over = spans.get((at, column), (1, 1))
            spanned = f' table:number-rows-spanned="{down}" table:number-columns-spanned="{over}"'
            if cell in ("^", "<"):
                cells.append("<table:covered-table-cell/>")
            elif cell == "":
                cells.append(f"<table:table-cell{spanned}/>")
            elif isinstance(cell, int):
                value = f'office:value-type="float" office:value="{cell}"'
                cells.append(f"<table:table-cell{spanned} {value}><text:p>{cell}</text:p></table:table-cell>")
            else:
                lines = "".join(f"<text:p>{escape(line)}</text:p>" for line in cell.split("\n"))
                cells.append(f'<table:table-cell{spanned} office:value-type="string">{lines}</table:table-cell>')
        yield f"<table:table-row>{''.join(cells)}</table:table-row>"
