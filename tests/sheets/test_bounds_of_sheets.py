"""What a cell and a sheet may hold: one bound for every kind of file, and a remedy that helps."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import date

import docx
import pytest

from egov_core.domain.cells import LONGEST_CELL, cell_length
from egov_core.errors import CatalogueError, ClaimError
from egov_core.sheets.grid import Table
from egov_core.sheets.tables import read_tables
from egov_core.sheets.workbook import Column, SheetToWrite, write_csv, write_workbook
from egov_core.wire.item_draft import draft_from_json

RARE = "𠮷"
"""A character that spreadsheets count as two."""


def as_csv(text: str) -> bytes:
    return f"名称,说明\n甲,{text}\n".encode()


def as_word(text: str) -> bytes:
    document = docx.Document()
    table = document.add_table(2, 2)
    for row, column, said in ((0, 0, "名称"), (0, 1, "说明"), (1, 0, "甲"), (1, 1, text)):
        table.cell(row, column).text = said
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


KINDS: dict[str, Callable[[str], bytes]] = {"a.csv": as_csv, "a.docx": as_word}


def read(name: str, text: str) -> Table:
    (table,) = read_tables(KINDS[name](text), name=name)
    return table


def sheet(text: str) -> SheetToWrite:
    return SheetToWrite(name="表", columns=(Column(heading="名称"), Column(heading="说明")), rows=[("甲", text)])


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("text", ["长" * 40_000, "长" * (LONGEST_CELL + 1), RARE * 16_384])
def test_a_cell_that_no_workbook_could_hold_is_named_when_it_is_taken_in(name: str, text: str) -> None:
    (fault,) = read(name, text).faults
    assert (fault.cell, fault.code, fault.severity) == ("B2", "cell-too-long", "error")
    assert str(cell_length(text)) in fault.message and str(LONGEST_CELL) in fault.message


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("text", ["长" * LONGEST_CELL, RARE * 16_383 + "长"])
def test_what_is_taken_in_can_be_given_out(name: str, text: str) -> None:
    table = read(name, text)
    assert table.faults == () and table.rows[1].texts == ("甲", text)
    (again,) = read_tables(write_workbook([sheet(text)]), name="b.xlsx")
    assert again.rows[1].texts == ("甲", text)


def test_a_text_that_grows_by_its_sign_is_measured_as_it_is_written() -> None:
    with pytest.raises(CatalogueError, match="do not fit"):
        write_workbook([sheet("\t" + "x" * (LONGEST_CELL - 1))])
    with pytest.raises(CatalogueError, match="do not fit"):
        write_workbook([sheet(RARE * 16_384)])


def test_a_draft_in_json_has_the_same_bound() -> None:
    long = "长" * (LONGEST_CELL + 1)
    body = json.dumps({"name": long, "guide": {"conditions": ["短", long]}}, ensure_ascii=False).encode()
    with pytest.raises(ClaimError) as refused:
        draft_from_json(body, code="1", version=1, base=None, today=date(2026, 1, 1))
    assert [one.path for one in refused.value.faults if one.code == "too-long"] == ["$.name", "$.guide.conditions[1]"]


def rows_of(count: int, columns: int) -> bytes:
    line = ",".join("值" * (number < columns) for number in range(columns))
    return (",".join(f"列{number}" for number in range(columns)) + "\n" + (line + "\n") * (count - 1)).encode()


@pytest.mark.parametrize(("rows", "columns"), [(50_000, 6), (25_000, 12), (10_000, 30)])
def test_the_bounds_that_are_documented_can_be_reached(rows: int, columns: int) -> None:
    (table,) = read_tables(rows_of(rows, columns), name="a.csv")
    assert len(table.rows) == rows and table.faults == ()
    with pytest.raises(CatalogueError) as refused:
        read_tables(rows_of(rows + 1, columns), name="a.csv")
    assert "empty" not in refused.value.remedy
    assert f"at most {rows} rows" in refused.value.remedy and "sheet “”" not in refused.value.message


@pytest.mark.parametrize("empty", ["\n", ",,\n"])
def test_empty_rows_are_to_be_deleted_where_there_are_any(empty: str) -> None:
    with pytest.raises(CatalogueError) as refused:
        read_tables(("甲,乙,丙\n1,2,3\n" + empty * 60_000).encode(), name="a.csv")
    assert "so that the empty ones are gone" in refused.value.remedy


def test_a_sheet_that_is_too_wide_is_to_lose_columns() -> None:
    with pytest.raises(CatalogueError) as refused:
        read_tables(rows_of(3, 600), name="a.csv")
    assert "columns that are meant" in refused.value.remedy


def test_a_quotation_mark_that_is_never_closed_is_looked_for_by_its_line() -> None:
    data = write_csv(sheet("一")).decode("utf-8-sig") + '乙,"' + "很长\n" * 60_000
    with pytest.raises(CatalogueError, match="in or before line") as refused:
        read_tables(data.encode(), name="a.csv")
    assert "quotation mark" in refused.value.remedy
