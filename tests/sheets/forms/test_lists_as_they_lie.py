"""How lists lie on their sheets: headings over several rows, pages, sections, halves. All names are invented.

In each list every row is an item, or has a fault that names its cell; a table that says something and of which nothing
is read is never without an error.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import docx
import pytest

from egov_core.sheets.forms.description import Form, parse_form
from egov_core.sheets.forms.ground import Ground
from egov_core.sheets.forms.intake import Intake, take_up
from egov_core.sheets.forms.shipped import SET, shipped_form

GROUND = Ground(area="990121", valid_from=date(2016, 5, 3), founding=True)
xlsxwriter = pytest.importorskip("xlsxwriter")

Rows = Sequence[Sequence[Any]]
Fill = Callable[[Any, Any], None]


@pytest.fixture
def mapping(project_root: Path) -> Form:
    file = project_root / "examples" / "mappings" / "county-list.toml"
    return parse_form(file.read_bytes(), source=file.name)


def workbook(*sheets: Rows | Fill, names: Sequence[str] = ()) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        for number, rows in enumerate(sheets):
            sheet = book.add_worksheet(names[number] if names else f"表{number + 1}")
            if callable(rows):
                rows(book, sheet)
                continue
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)
    return target.getvalue()


def read(mapping: Form, *sheets: Rows | Fill, names: Sequence[str] = ()) -> Intake:
    return take_up([("清单.xlsx", workbook(*sheets, names=names))], [mapping], GROUND)


def told(found: Intake, severity: str) -> list[tuple[str, str]]:
    """Cell and code of each fault; a limit or a class that is not given is no fault of the layout."""
    assert all(one.message for one in found.faults)
    return [
        (one.cell, one.code)
        for one in found.faults
        if one.severity == severity and one.code not in ("limit-default", "limit-not-set", "class-by-default")
    ]


def items(found: Intake) -> list[tuple[str, str, str, str, str]]:
    organs = {organ.code: organ.name for organ in found.organs}
    return [
        (one.name, one.guide.subitem, organs[one.organ], str(one.statutory), str(one.promised)) for one in found.items
    ]


WATER = ("取水许可", "新办", "县水利局", "45wd", "20wd")
SAND = ("河道采砂许可", "", "县水利局", "20wd", "10wd")
HEAD: list[Any] = ["序号", "事项名称", "子项", "实施主体", "法定时限", "承诺时限"]
FIRST: list[Any] = [1, "取水许可", "新办", "县水利局", "45个工作日", "20个工作日"]
SECOND: list[Any] = [2, "河道采砂许可", "", "县水利局", "20个工作日", "10个工作日"]

# What each shape gives: items, errors, warnings.
Shape = tuple[Rows, list[tuple[str, str, str, str, str]], list[tuple[str, str]], list[tuple[str, str]]]
BOTH = [WATER, SAND]
SHAPES: Mapping[str, Shape] = {
    "the name parted into main item and sub-item, the limits too": (
        [["序号", "事项名称", "", "实施主体", "办理时限", ""], ["", "主项", "子项", "", "法定", "承诺"], FIRST, SECOND],
        BOTH,
        [],
        [],
    ),
    "the name parted into name and code": (
        [
            ["序号", "实施主体", "事项名称", "", "法定时限", "承诺时限"],
            ["", "", "名称", "编码"],
            [1, "县水利局", "河道采砂许可", "001", "20个工作日", "10个工作日"],
        ],
        [SAND],
        [],
        [],
    ),
    "大项 and 小项 without a heading above them": (
        [["序号", "大项", "小项", "实施主体", "法定时限", "承诺时限"], FIRST, SECOND],
        BOTH,
        [],
        [],
    ),
    "many lines of instructions above": ([*[[f"说明{at}：……"] for at in range(60)], HEAD, FIRST, SECOND], BOTH, [], []),
    "headings repeated on each page, with the title and the page": (
        [["云岭县事项清单"], HEAD, FIRST, ["第1页 共2页"], ["云岭县事项清单"], HEAD, SECOND, ["- 2 -"]],
        BOTH,
        [],
        [("A5", "header-row"), ("A6", "header-row"), ("A4", "page-row"), ("A8", "page-row")],
    ),
    "headings over two rows, repeated": (
        [
            ["序号", "事项名称", "", "实施主体", "办理时限", ""],
            ["", "主项", "子项", "", "法定", "承诺"],
            FIRST,
            ["序号", "事项名称", "", "实施主体", "办理时限", ""],
            ["", "主项", "子项", "", "法定", "承诺"],
            SECOND,
        ],
        BOTH,
        [],
        [("A4", "header-row")],
    ),
    "a second table with its columns in another order": (
        [
            HEAD,
            FIRST,
            ["另附："],
            ["序号", "实施主体", "事项名称", "法定时限", "承诺时限"],
            [1, "县水利局", *SECOND[1:2], *SECOND[4:]],
        ],
        BOTH,
        [],
        [("A3", "row-outside")],
    ),
    "a second table that is no list of items": (
        [HEAD, FIRST, SECOND, ["序号", "科室", "电话"], [1, "审批股", "990-0000001"], [2, "执法股", "990-0000002"]],
        BOTH,
        [("A4", "column-missing")],
        [("B4", "heading-unknown"), ("C4", "heading-unknown")],
    ),
    "a table above that is no list of items": (
        [["序号", "科室", "电话"], [1, "审批股", "990-0000001"], [2, "执法股", "990-0000002"], HEAD, FIRST, SECOND],
        BOTH,
        [("A1", "column-missing")],
        [("B1", "heading-unknown"), ("C1", "heading-unknown")],
    ),
    "items that were abolished, under a heading of their own": (
        [HEAD, FIRST, SECOND, ["二、取消的行政许可事项"], [1, "木材经营许可", "", "县林业局", "20个工作日", ""]],
        BOTH,
        [("A5", "items-past")],
        [("A4", "section-row")],
    ),
    "a whole table of abolished items": (
        [
            ["取消的行政审批事项目录"],
            ["序号", "实施部门", "事项名称", "取消依据"],
            [1, "县林业局", "木材经营许可", "某发〔2017〕46号"],
        ],
        [],
        [("A3", "items-past")],
        [("D2", "heading-unknown")],
    ),
    "certificates that were abolished, asked for by items in force": (
        [["取消证明材料的事项清单"], HEAD, FIRST, SECOND],
        BOTH,
        [],
        [],
    ),
    "departments in lines of their own and in no column": (
        [
            ["序号", "事项名称", "子项", "法定时限", "承诺时限"],
            ["一、县水利局（2项）"],
            [1, "取水许可", "新办", "45个工作日", "20个工作日"],
            [2, "河道采砂许可", "", "20个工作日", "10个工作日"],
            ["二、县林业局（1项）"],
            [3, "林木采伐许可", "", "20个工作日", "5个工作日"],
        ],
        [*BOTH, ("林木采伐许可", "", "县林业局", "20wd", "5wd")],
        [],
        [("A2", "section-row"), ("A5", "section-row")],
    ),
    "no department anywhere": (
        [
            ["云岭县水利局事项清单"],
            ["序号", "事项名称", "法定时限", "承诺时限"],
            [1, "取水许可", "45个工作日", "20个工作日"],
            [2, "河道采砂许可", "", ""],
        ],
        [],
        [("A2", "form-unknown")],
        [],
    ),
    "subtotals and totals of each department": (
        [
            HEAD,
            FIRST,
            ["", "小计", "", "", "1项"],
            SECOND,
            ["", "", "县水利局小计", "", "1项"],
            ["合计：2项"],
            ["总 计", "", "", 2],
        ],
        BOTH,
        [],
        [("A3", "total-row"), ("A5", "total-row"), ("A6", "total-row"), ("A7", "total-row")],
    ),
    "notes over several lines and signatures at the end": (
        [
            HEAD,
            FIRST,
            SECOND,
            ["注：1.本表由各部门填报。"],
            ["2.时限以工作日计算。"],
            ["填表人：林小满", "", "", "审核人：周可"],
            ["", "", "", "2016年5月3日"],
        ],
        BOTH,
        [],
        [("A4", "note-row"), ("A5", "note-row")],
    ),
    "signatures of one department between the items": (
        [HEAD, FIRST, ["填报单位：县水利局", "", "", "填表人：林小满"], SECOND],
        BOTH,
        [],
        [],
    ),
    "headings in two languages, numbered, with line breaks and what must be filled in": (
        [
            [
                "No.\n序号",
                "1.事项名称\nItem",
                "2.子项\nSub-item",
                "3.实施主体（必填）",
                "④法定\n时限\nStatutory limit",
                "承诺时限*",
            ],
            FIRST,
            SECOND,
        ],
        BOTH,
        [],
        [],
    ),
    "headings in English alone": (
        [["No.", "Item", "Authority", "Limit"], [1, "取水许可", "县水利局", "20个工作日"], [2, "采砂", "县水利局", ""]],
        [],
        [("A1", "form-unknown")],
        [],
    ),
    "two halves of a page side by side": (
        [
            ["序号", "事项名称", "实施主体", "承诺时限", "", "序号", "事项名称", "实施主体", "承诺时限"],
            [1, "取水许可", "县水利局", "9个工作日", "", 3, "林木采伐许可", "县林业局", "5个工作日"],
            [2, "河道采砂许可", "县水利局", "8个工作日", "", 4, "狩猎证核发", "", "4个工作日"],
            ["注：以工作日计"],
        ],
        [
            ("取水许可", "", "县水利局", "none", "9wd"),
            ("河道采砂许可", "", "县水利局", "none", "8wd"),
            ("林木采伐许可", "", "县林业局", "none", "5wd"),
        ],
        [("H3", "empty")],
        [("A4", "note-row")],
    ),
    "items numbered 1.1, (1) and 一、": (
        [
            HEAD,
            ["1.1", *FIRST[1:]],
            ["(2)", *SECOND[1:]],
            ["三、", "狩猎证核发", "", "县林业局", "10个工作日", "5个工作日"],
        ],
        [*BOTH, ("狩猎证核发", "", "县林业局", "10wd", "5wd")],
        [],
        [],
    ),
    "columns without a heading, empty and filled": (
        [[*HEAD[:4], "", *HEAD[4:]], [*FIRST[:4], "", *FIRST[4:]], [*SECOND[:4], "同意", *SECOND[4:], "另注"]],
        BOTH,
        [],
        [("E3", "column-nameless"), ("H3", "column-nameless")],
    ),
    "the units in a row of their own": (
        [HEAD, ["", "", "", "", "（工作日）", "单位：工作日"], [*FIRST[:4], 45, 20], [*SECOND[:4], 20, 10]],
        BOTH,
        [],
        [],
    ),
    "the unit above the list": (
        [
            ["云岭县事项清单"],
            ["填报单位：县水利局        单位：工作日"],
            HEAD,
            [*FIRST[:4], 45, 20],
            [*SECOND[:4], 20, 10],
        ],
        BOTH,
        [],
        [],
    ),
    "who hands it in, which is no unit": (
        [["填报单位：日"], HEAD, FIRST, [*SECOND[:4], 20, 10]],
        [WATER],
        [("E4", "limit-no-unit"), ("F4", "limit-no-unit")],
        [],
    ),
    "columns numbered below the headings": (
        [HEAD, ["甲", "乙", 1, 2, 3, 4], FIRST, SECOND],
        BOTH,
        [],
        [("A2", "number-row")],
    ),
    "a heading cut in two rows": (
        [["序号", "事项", "子项", "实施", "法定", "承诺"], ["", "名称", "名称", "主体", "时限", "时限"], FIRST, SECOND],
        BOTH,
        [],
        [],
    ),
    "groups of headings that mean nothing": (
        [["基本情况", "", "", "", "时间", ""], HEAD, FIRST, SECOND],
        BOTH,
        [],
        [],
    ),
    "lines with a number to spare": ([HEAD, FIRST, SECOND, [3], [4]], BOTH, [], []),
    "a line that has nothing in its columns": (
        [HEAD[:4], FIRST[:4], ["", "", "", "", "", "见附件"]],
        [("取水许可", "新办", "县水利局", "none", "None")],
        [],
        [("F3", "row-outside")],
    ),
    "headings and sections, and no item": (
        [HEAD, ["一、行政许可（2项）"], ["二、行政确认（3项）"]],
        [],
        [("A2", "nothing-read")],
        [("A2", "section-row"), ("A3", "section-row")],
    ),
    "headings and nothing else": ([HEAD, [], ["填表人："]], [], [("", "nothing-read")], []),
}


@pytest.mark.parametrize("name", SHAPES)
def test_every_row_is_an_item_or_a_fault_that_names_its_cell(mapping: Form, name: str) -> None:
    rows, expected, errors, warnings = SHAPES[name]
    found = read(mapping, rows)
    assert (items(found), told(found, "error"), told(found, "warning")) == (expected, errors, warnings)


def test_merged_headings_over_three_rows_never_lose_what_they_part(mapping: Form) -> None:
    def fill(_: Any, sheet: Any) -> None:
        for place, heading in {"A1:A3": "序号", "B1:B3": "实施部门", "C1:C3": "事项名称", "D2:D3": "法定时限"}.items():
            sheet.merge_range(place, heading)
        sheet.merge_range("D1:F1", "办理时限")
        sheet.merge_range("E2:F2", "承诺时限")
        sheet.write_row("E3", ["网上", "窗口"])
        sheet.write_row("A4", [1, "县水利局", "取水许可", "45个工作日", "5个工作日", "20个工作日"])

    found = read(mapping, fill)
    assert items(found) == [("取水许可", "", "县水利局", "45wd", "None")]
    assert told(found, "error") == [("E3", "heading-parted")]
    (fault,) = [one for one in found.faults if one.is_error]
    assert "网上、窗口" in fault.message


def test_a_cell_merged_over_rows_and_columns_holds_for_every_row(mapping: Form) -> None:
    def fill(_: Any, sheet: Any) -> None:
        sheet.write_row("A1", ["序号", "实施主体", "", "事项名称", "承诺时限"])
        sheet.merge_range("B2:C3", "县水利局")
        sheet.write_row("D2", ["取水许可", "20个工作日"])
        sheet.write_row("D3", ["河道采砂许可", "10个工作日"])

    found = read(mapping, fill)
    assert [(name, organ) for name, _, organ, _, _ in items(found)] == [
        ("取水许可", "县水利局"),
        ("河道采砂许可", "县水利局"),
    ]
    assert told(found, "error") == []


def test_a_sheet_for_each_department_is_read_and_the_one_that_cannot_be_is_an_error(mapping: Form) -> None:
    index: Rows = [["序号", "科室", "页码"], [1, "审批股", 1], [2, "执法股", 3]]
    found = read(
        mapping,
        [HEAD, FIRST],
        [HEAD, SECOND],
        index,
        [["封面"], ["二〇一六年五月"]],
        names=["水利", "采砂", "目录", "封面"],
    )
    assert items(found) == BOTH
    said = [(one.sheet, one.cell, one.code, one.severity) for one in found.faults if one.code == "form-unknown"]
    assert said == [("目录", "A1", "form-unknown", "error"), ("封面", "A1", "form-unknown", "warning")]


def test_a_file_whose_only_list_is_hidden_is_an_error(mapping: Form) -> None:
    def hide(_: Any, sheet: Any) -> None:
        for at, row in enumerate([HEAD, FIRST]):
            sheet.write_row(at, 0, row)
        sheet.hide()

    found = read(mapping, [], hide)
    assert [(one.sheet, one.code, one.severity) for one in found.faults] == [("表2", "sheet-hidden", "error")]


def test_rows_that_are_hidden_or_struck_through_are_named(mapping: Form) -> None:
    def fill(book: Any, sheet: Any) -> None:
        struck = book.add_format({"font_strikeout": True})
        sheet.write_row("A1", HEAD)
        for at in range(2, 8):
            sheet.write_row(f"A{at}", [at - 1, f"事项{at}", "", "县水利局", "20个工作日", "10个工作日"])
        sheet.write_row("A3", [2, "事项3", "", "县水利局", "20个工作日", "10个工作日"], struck)
        sheet.write("F4", "9个工作日", struck)
        sheet.write_rich_string("B7", struck, "事项", struck, "7")
        sheet.write_rich_string("B6", struck, "事", "项6")
        sheet.set_row(4, None, None, {"hidden": True})
        sheet.set_row(5, None, None, {"hidden": True})
        sheet.set_row(9, None, None, {"hidden": True})

    found = read(mapping, fill)
    assert len(found.items) == 6
    assert told(found, "error") == []
    assert told(found, "warning") == [
        ("B3", "struck-through"),
        ("F4", "struck-through"),
        ("B7", "struck-through"),
        ("B5", "rows-hidden"),
    ]
    assert "5-6" in next(one.message for one in found.faults if one.code == "rows-hidden")


def test_cells_of_a_word_table_merged_downwards_hold_for_every_row_they_cover(mapping: Form) -> None:
    document = docx.Document()
    table = document.add_table(rows=6, cols=4)
    for at, row in enumerate(
        [
            ["事项名称", "实施主体", "办理时限", ""],
            ["", "", "法定", "承诺"],
            ["取水许可", "县水利局", "45个工作日", "20个工作日"],
            ["河道采砂许可", "", "20个工作日", "10个工作日"],
            ["狩猎证核发", "", "20个工作日", "9个工作日"],
            ["林木采伐许可", "", "20个工作日", "8个工作日"],
        ]
    ):
        for column, text in enumerate(row):
            table.cell(at, column).text = text
    table.cell(0, 0).merge(table.cell(1, 0))
    table.cell(0, 1).merge(table.cell(1, 1))
    table.cell(0, 2).merge(table.cell(0, 3))
    table.cell(2, 1).merge(table.cell(4, 1))
    for run in table.cell(4, 0).paragraphs[0].runs:
        run.font.strike = True
    target = io.BytesIO()
    document.save(target)

    found = take_up([("清单.docx", target.getvalue())], [mapping], GROUND)
    assert [(name, organ) for name, _, organ, _, _ in items(found)] == [
        ("取水许可", "县水利局"),
        ("河道采砂许可", "县水利局"),
        ("狩猎证核发", "县水利局"),
    ]
    # Row 6 is outside the merged cells, and what is empty there is empty.
    assert told(found, "error") == [("B6", "empty")]
    assert told(found, "warning") == [("A5", "struck-through")]


@pytest.mark.parametrize(
    ("heading", "said", "fee"),
    [
        ("收费标准（元）", 20, "20元"),
        ("收费标准（元/证）", "20", "20元/证"),
        ("收费（单位：元）", "不收费", "不收费"),
        ("收费标准（元）", "20元/本", "20元/本"),
        ("收费标准（元）", 0, "0元"),
        ("收费标准（工作日）", "20元", "20元"),
    ],
)
def test_a_heading_says_the_unit_of_its_fees(mapping: Form, heading: str, said: object, fee: str) -> None:
    found = read(
        mapping, [["序号", "事项名称", "实施主体", heading, "审批类别"], [1, "取水许可", "县水利局", said, "行政许可"]]
    )
    (item,) = found.items
    assert (item.fee, item.power_class.value, told(found, "warning")) == (fee, "行政许可", [])


@pytest.mark.parametrize("separator", [";", "\t", "|"])
def test_a_text_file_whose_cells_are_parted_by_another_sign_is_read_and_said(mapping: Form, separator: str) -> None:
    text = "\n".join(separator.join(str(cell) for cell in row) for row in [HEAD, FIRST, SECOND])
    found = take_up([("清单.csv", text.encode())], [mapping], GROUND)
    assert items(found) == BOTH
    assert told(found, "warning") == [("", "file-separator")]


def test_one_column_with_semicolons_in_its_texts_stays_one_column(mapping: Form) -> None:
    found = take_up([("清单.csv", "事项名称\n甲;乙\n丙;丁\n戊\n".encode())], [mapping], GROUND)
    assert told(found, "error") == [("A1", "form-unknown")]
    assert told(found, "warning") == []


def test_the_shipped_forms_name_the_header_of_a_list_they_do_not_know() -> None:
    forms = [shipped_form(name) for name in SET]
    rows = [
        ["序号", "事项名称", "", "承办科室", "办理时限", ""],
        ["", "主项", "子项", "", "法定", "承诺"],
        FIRST,
        SECOND,
    ]
    found = take_up([("清单.xlsx", workbook(rows))], forms, GROUND)
    (fault,) = found.faults
    assert (fault.cell, fault.code, fault.severity) == ("A1", "form-unknown", "error")
    assert "办理主体" in fault.message


def test_the_shipped_forms_read_headings_over_two_rows_too() -> None:
    rows: Rows = [
        ["序号", "事项名称", "", "实施主体", "办理时限", ""],
        ["", "主项", "子项", "", "法定", "承诺"],
        FIRST,
        SECOND,
    ]
    found = take_up([("清单.xlsx", workbook(rows))], [shipped_form(name) for name in SET], GROUND)
    assert (items(found), [fault.code for fault in found.faults]) == (BOTH, ["class-by-default"])


def test_a_second_cell_beside_a_label_is_named() -> None:
    rows: Rows = [
        ["填表单位（公章）", "县水利局"],
        ["事项名称", "取水许可", "河道采砂许可"],
        ["办理地点", "三楼", "见图"],
    ]
    found = take_up([("事项.xlsx", workbook(rows))], [shipped_form(name) for name in SET], GROUND)
    assert [name for name, *_ in items(found)] == ["取水许可"]
    assert (told(found, "error"), told(found, "warning")) == ([("C2", "second-cell")], [("C3", "second-cell")])


def test_labels_with_nothing_beside_them_over_a_list_are_an_error() -> None:
    forms = [shipped_form(name) for name in SET]
    rows: Rows = [["填表单位（公章）"], ["事项名称"], ["甲", "县水利局"], ["乙", "县水利局"]]
    found = take_up([("清单.xlsx", workbook(rows))], forms, GROUND)
    assert [(one.cell, one.code) for one in found.faults] == [("A3", "nothing-read")]
