"""Tables out of the files that people hand in, and back into files."""

from __future__ import annotations

import io
import re
import struct
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from egov_core.errors import CatalogueError, SettingsError
from egov_core.sheets.grid import Table
from egov_core.sheets.grid_watch import Extent, address, row_and_column
from egov_core.sheets.ole import _count
from egov_core.sheets.tables import read_tables, sound
from egov_core.sheets.workbook import Column, SheetToWrite, write_csv, write_workbook

CODE = "11430499MB0L0744714000122011000"
DATA = Path(__file__).parent / "data"


def sheet(rows: Sequence[Sequence[str]], *columns: str, **more: object) -> SheetToWrite:
    return SheetToWrite(name="表", columns=tuple(Column(heading=name) for name in columns), rows=rows, **more)  # type: ignore[arg-type]  # given by name


def texts(table: Table) -> list[tuple[str, ...]]:
    return [row.texts for row in table.rows]


MANIFEST = (
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry '
    'manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>'
)
CELL = "<table:table-cell office:value-type"


def ods(content: str) -> bytes:
    out = io.BytesIO()
    names = (
        " ".join(
            f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
        )
        + ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
    )
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", MANIFEST)
        archive.writestr(
            "content.xml",
            f"<office:document-content {names}><office:body><office:spreadsheet>{content}"
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return out.getvalue()


def test_a_workbook_of_ours_reads_back_as_it_was() -> None:
    rows = [(CODE, "1.50", "=1+1"), ("005", "@x", "-k"), ("a\nb", "", "+86")]
    (table,) = read_tables(
        write_workbook([sheet(rows, "编号", "数", "文", above=("标题", "说明"))]), name="c/汇总表.xlsx"
    )
    assert (table.source, table.sheet, table.faults, table.hidden) == ("汇总表.xlsx", "表", (), False)
    assert texts(table) == [("标题",), ("说明",), ("编号", "数", "文"), *rows]
    assert table.rows[3].address(1) == "B4"


def test_what_could_be_a_formula_is_a_text_in_the_file() -> None:
    data = write_workbook([sheet([("=cmd|' /C calc'!A0", "=1+1")], "a", "b")])
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")
    written = write_csv(sheet([("=1", "＝1"), ("-1", "@a"), ("+1", "b")], "a", "b")).decode("utf-8-sig")
    assert [line.split(",") for line in written.split()[1:]] == [["'=1", "'＝1"], ["'-1", "'@a"], ["'+1", "b"]]


CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=12) | st.sampled_from(
    ["=1", "'=1", "''@", "-", "＋2", "\t=1", "\n-", "'", "_x000D_", CODE, "1e5", "TRUE", "2016-05-03"]
)


def as_read(text: str) -> str:
    """Trimmed, but for a tab or a line break in front, which the armour keeps."""
    return text.rstrip() if text[:1] in ("\t", "\n") else text.strip()


@given(st.lists(st.tuples(CELLS, CELLS), max_size=5))
def test_every_text_survives_both_kinds_of_files(rows: list[tuple[str, str]]) -> None:
    """Cells are trimmed when they are read; nothing else may change."""
    expected = [(as_read(one), as_read(other)) for one, other in rows]
    made = sheet(rows, "甲", "乙")
    for data, name in ((write_workbook([made]), "a.xlsx"), (write_csv(made), "a.csv")):
        (table,) = read_tables(data, name=name)
        found = [(row.text(0), row.text(1)) for row in table.rows[1:]]
        assert found == [row for row in expected if any(row)], name


def test_numbers_dates_and_formulas_of_an_old_workbook() -> None:
    (table,) = read_tables((DATA / "plain.xls").read_bytes(), name="plain.xls")
    assert texts(table)[1] == ("取水许可", CODE, "20", "2016-05-03")
    assert [(fault.cell, fault.code, fault.severity) for fault in table.faults] == [
        ("C3", "formula", "error"),
        ("B3", "number-rounded", "error"),
    ]
    with pytest.raises(CatalogueError, match="cannot be read") as caught:
        sound([table])
    assert [fault.path for fault in caught.value.faults] == ["plain.xls / 汇总表!C3", "plain.xls / 汇总表!B3"]


@pytest.mark.parametrize("text", ["9.90199E+17", "1.39E+10", "9.901991990010101e+17", "2E+05", "990.2E+15", "1.39E10"])
def test_what_a_spreadsheet_leaves_of_a_long_number_is_refused_in_every_kind_of_file(text: str) -> None:
    made = sheet([("甲", text), ("乙", "12E3"), ("丙", "E+5")], "名称", "编码")
    for data, name in ((write_workbook([made]), "a.xlsx"), (write_csv(made), "a.csv")):
        (table,) = read_tables(data, name=name)
        assert [(fault.cell, fault.code, fault.severity) for fault in table.faults] == [
            ("B2", "number-rounded", "error")
        ]
        assert [row.text(1) for row in table.rows] == ["编码", "", "12E3", "E+5"]


def test_an_empty_cell_of_an_export_is_not_struck_through() -> None:
    """A workbook of ours shares an empty text, in which nothing is that could be crossed out."""
    made = sheet([("甲", ""), ("", "乙")], "名称", "备注")
    (table,) = read_tables(write_workbook([made]), name="a.xlsx")
    assert table.struck == frozenset()
    with zipfile.ZipFile(io.BytesIO(write_workbook([made]))) as archive:
        assert b"<t/>" in archive.read("xl/sharedStrings.xml") or b"<t></t>" in archive.read("xl/sharedStrings.xml")


def test_an_open_document_with_repeated_rows_to_the_edge() -> None:
    row = f'{CELL}="string"><text:p>取水</text:p></table:table-cell>'
    row += f'{CELL}="float" office:value="20" table:number-columns-repeated="2"/>'
    filler = '<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>'
    content = f'<table:table table:name="一"><table:table-row>{row}</table:table-row>{filler}</table:table>'
    (table,) = read_tables(ods(content), name="a.ods")
    assert texts(table) == [("取水", "20", "20")]


def test_a_formula_in_an_open_document_is_named() -> None:
    row = f'<table:table-row>{CELL}="float" office:value="2" table:formula="of:=1+1"/></table:table-row>'
    (table,) = read_tables(ods(f'<table:table table:name="一">{row}</table:table>'), name="a.ods")
    assert [(fault.sheet, fault.cell, fault.code) for fault in table.faults] == [("一", "A1", "formula")]


def test_error_values_are_named_and_never_read_as_nothing() -> None:
    """Written as values, without a formula: what is left when a list was copied out of another workbook."""
    data = write_workbook([sheet([("取水", "V1"), ("x", "20")], "名称", "期限")])
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as given, zipfile.ZipFile(out, "w") as made:
        for name in given.namelist():
            part = given.read(name).decode()
            if name == "xl/worksheets/sheet1.xml":
                part, changed = re.subn(r'<c r="B2"([^>]*) t="s"><v>\d+</v>', r'<c r="B2"\1 t="e"><v>#REF!</v>', part)
                assert changed == 1
            made.writestr(name, part)
    (table,) = read_tables(out.getvalue(), name="a.xlsx")
    assert [(one.cell, one.code, one.message) for one in table.faults] == [("B2", "cell-error", "the cell shows #REF!")]
    assert texts(table)[1:] == [("取水",), ("x", "20")]


def test_each_of_repeated_error_values_in_an_open_document_is_named() -> None:
    error = 'calcext:value-type="error" table:number-columns-repeated="2"><text:p>#N/A</text:p></table:table-cell>'
    row = f'<table:table-row table:number-rows-repeated="2">{CELL}="string" {error}</table:table-row>'
    (table,) = read_tables(ods(f'<table:table table:name="一">{row}</table:table>'), name="a.ods")
    assert [(one.cell, one.code) for one in table.faults] == [(cell, "cell-error") for cell in ("A1", "B1", "A2", "B2")]
    assert table.rows == ()


def test_error_values_of_an_old_workbook_are_told_from_truth_values() -> None:
    here = Extent("a.xls", "一")
    for column, (value, is_error) in enumerate([(0x2A, 1), (1, 0), (0x00, 1), (0x99, 1)]):
        _count(here, 0x0205, struct.pack("<HHHBB", 0, column, 0, value, is_error), [])
    assert here.errors == {"A1": "#N/A", "C1": "#NULL!", "D1": "an error"}


def test_rows_that_an_old_workbook_hides_and_cells_it_strikes_through_are_told() -> None:
    here = Extent("a.xls", "一")
    for row, flags in enumerate([0x0100, 0x0120, 0x0100]):
        _count(here, 0x0208, struct.pack("<HHHHHHHH", row, 0, 2, 255, 0, 0, flags, 15), [])
        _count(here, 0x00FD, struct.pack("<HHHI", row, 1, 15 + row, 0), [3], [False] * 16 + [True])
    assert (here.hidden_rows, here.struck) == ({2}, {"B2"})


def test_rows_that_an_open_document_hides_are_told() -> None:
    cell = f'{CELL}="string"><text:p>甲</text:p></table:table-cell>'
    rows = "".join(
        f'<table:table-row table:visibility="{shown}" table:number-rows-repeated="2">{cell}</table:table-row>'
        for shown in ("visible", "collapse", "filter")
    )
    (table,) = read_tables(ods(f'<table:table table:name="一">{rows}</table:table>'), name="a.ods")
    assert table.hidden_rows == {3, 4, 5, 6}


def test_error_values_in_texts_and_word_tables_are_named_too() -> None:
    (table,) = read_tables("名称,期限\n取水,#N/A\n#NAME?,\n".encode(), name="a.csv")
    assert [(one.cell, one.code) for one in table.faults] == [("B2", "cell-error"), ("A3", "cell-error")]
    assert texts(table) == [("名称", "期限"), ("取水", "")]
    document = docx.Document()
    document.add_table(1, 2).cell(0, 1).text = "#VALUE!"
    out = io.BytesIO()
    document.save(out)
    assert [one.cell for one in read_tables(out.getvalue(), name="a.docx")[0].faults] == ["B1"]


def test_a_sign_that_nobody_sees_is_a_warning_in_every_kind_of_file() -> None:
    rows = [("取\u200b水", "a\u3000b\nc\td"), ("\ufeff甲", "\x07")]
    for data, name in (
        (write_workbook([sheet(rows, "甲", "乙")]), "a.xlsx"),
        (write_csv(sheet(rows, "甲", "乙")), "a.csv"),
    ):
        (table,) = read_tables(data, name=name)
        assert [(one.cell, one.code, one.severity) for one in table.faults] == [
            (cell, "unseen-character", "warning") for cell in ("A2", "A3", "B3")
        ], name
        assert table.faults[0].message == "character 2 of the cell is one that nobody sees: U+200B, zero width space"
        assert texts(table)[1:] == rows, "nothing is changed on the way"


def test_the_tables_of_a_filled_word_form() -> None:
    document = docx.Document()
    document.add_paragraph("附件2")
    form = document.add_table(3, 4)
    form.cell(0, 0).text, form.cell(0, 1).text = "事项名称", " 取水许可 "
    form.cell(0, 1).merge(form.cell(0, 3))
    form.cell(1, 0).text, form.cell(1, 1).text, form.cell(1, 2).text = "办件类型", "☑承诺件 ☐即办件", "法定期限"
    form.cell(1, 3).text = "20个工作日"
    form.cell(1, 0).merge(form.cell(2, 0))
    out = io.BytesIO()
    document.save(out)
    (table,) = read_tables(out.getvalue(), name="表.docx")
    assert table.sheet == "表1"
    assert texts(table) == [("事项名称", "取水许可", "", ""), ("办件类型", "☑承诺件 ☐即办件", "法定期限", "20个工作日")]


def test_gb18030_is_read_and_said() -> None:
    (table,) = read_tables("事项名称\n取水许可\n".encode("gb18030"), name="a.csv")
    assert texts(table) == [("事项名称",), ("取水许可",)]
    assert [(fault.code, fault.severity) for fault in table.faults] == [("file-encoding", "warning")]


def test_the_header_is_found_below_titles_and_through_broken_headings() -> None:
    (table,) = read_tables("附件1\n\n序号,事 项\n名称,x\n".replace("项\n", "项").encode(), name="a.csv")
    header = table.find_header(["事项名称", "序号"])
    assert header is not None and header.number == 3
    assert header.column("事项名称") == 1 and header.column("没有") is None
    assert table.find_header(["没有"]) is None


def test_csv_needs_no_extra_and_the_rest_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    data = write_workbook([sheet([("1",)], "a")])
    for module in ("python_calamine", "xlsxwriter", "docx"):
        monkeypatch.setitem(sys.modules, module, None)
    assert texts(read_tables(b"a\n1\n", name="a.csv")[0]) == [("a",), ("1",)]
    with pytest.raises(SettingsError) as caught:
        read_tables(data, name="a.xlsx")
    assert "egov-core[sheets]" in caught.value.remedy
    with pytest.raises(SettingsError, match="sheets"):
        write_workbook([sheet([], "a")])


def test_a_text_that_fits_into_no_cell_is_named() -> None:
    with pytest.raises(CatalogueError) as caught:
        write_workbook([sheet([("a", "b" * 40_000)], "x", "y")])
    assert [fault.path for fault in caught.value.faults] == ["表!B2"]


@given(st.integers(1, 1_048_576), st.integers(0, 16_383))
def test_addresses_both_ways(row: int, column: int) -> None:
    assert row_and_column(address(row, column)) == (row, column)


@pytest.mark.parametrize("name", ["事项.csv", "事项.txt"])
@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_unicode_text_of_a_spreadsheet_is_read_without_a_doubt(name: str, encoding: str) -> None:
    rows = '﻿事项名称\t实施主体\n"取水\n许可"\t县水利局\n'

    (table,) = read_tables(rows.encode(encoding), name=name)

    assert texts(table) == [("事项名称", "实施主体"), ("取水\n许可", "县水利局")]
    assert table.faults == ()


def test_a_text_file_that_is_no_unicode_text_is_none_of_ours() -> None:
    with pytest.raises(CatalogueError, match=r"is none of \.xlsx"):
        read_tables("说明".encode(), name="说明.txt")
