"""Lists nobody has seen before, read with the mapping for a county's list: all names and people are invented.

Each shows another way a list lies on its sheet; in each, every row is an item or has an error that names its cell.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from egov_core.sheets.forms.description import Form, parse_form
from egov_core.sheets.forms.ground import Ground
from egov_core.sheets.forms.intake import Intake, take_up

GROUND = Ground(area="990121", valid_from=date(2016, 5, 3), founding=True)
xlsxwriter = pytest.importorskip("xlsxwriter")


@pytest.fixture
def mapping(project_root: Path) -> Form:
    file = project_root / "examples" / "mappings" / "county-list.toml"
    return parse_form(file.read_bytes(), source=file.name)


def workbook(fill: Callable[[Any], None]) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        fill(book)
    return target.getvalue()


def written(sheet: Any, rows: Sequence[Sequence[object]]) -> None:
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)


def told(found: Intake, severity: str) -> list[tuple[str, str, str]]:
    """Sheet, cell and code of each fault; that a limit was left to the law is no fault of the list's layout."""
    said = [fault for fault in found.faults if fault.severity == severity and fault.code != "limit-default"]
    return [(fault.sheet, fault.cell, fault.code) for fault in said]


def limits(found: Intake) -> dict[str, tuple[str, str]]:
    return {item.name: (str(item.statutory), str(item.promised)) for item in found.items}


def all_told(found: Intake) -> bool:
    wrong = {(one.sheet, one.cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")) for one in found.faults if one.is_error}
    return all(cell for _, cell in wrong) and len(found.items) + len(wrong) == found.rows


def test_a_list_in_gb18030_with_sections_totals_and_signatures(mapping: Form) -> None:
    rows = [
        ["云岭县行政审批事项目录（2016年本）", "", "", "", "", "", "", ""],
        ["填报单位：云岭县政务服务中心", "", "", "", "", "", "", ""],
        ["序号", "审批事项", "责任部门", "法律依据", "法定时限", "承诺时限", "收费情况", "备注"],
        ["一、行政许可（3项）", "", "", "", "", "", "", ""],
        [
            "1",
            "户外广告设置审批",
            "县城市管理局",
            "《城市市容和环境卫生管理条例》第十一条",
            "20个工作日",
            "5个工作日",
            "不收费",
            "",
        ],
        ["2", "负责人变更登记", "县民政局", "《社会团体登记管理条例》", "２０个工作日", "７个工作日", "不收费", ""],
        ["", "", "", "", "", "", "", ""],
        [
            "3",
            "取水许可",
            "县水利局",
            "《取水许可和水资源费征收管理条例》",
            "45个工作日",
            "20个工作日",
            "湘价费〔2015〕53号",
            "",
        ],
        ["二、公共服务（1项）", "", "", "", "", "", "", ""],
        ["4", "临时用水证明", "县水利局", "", "", "当日办结", "免费", ""],
        ["合计", "4项", "", "", "", "", "", ""],
        ["注：以上期限不含听证、公示时间", "", "", "", "", "", "", ""],
        ["填表人：林小满", "", "审核人：周可", "", "", "", "", "2016年5月3日"],
    ]
    target = io.StringIO(newline="")
    csv.writer(target).writerows(rows)
    found = take_up([("目录.csv", target.getvalue().encode("gb18030"))], [mapping], GROUND)

    assert found.rows == 4 and all_told(found)
    assert told(found, "error") == []
    assert limits(found)["负责人变更登记"] == ("20wd", "7wd")
    assert limits(found)["临时用水证明"][1] == "immediate"
    passed = [fault for fault in told(found, "warning") if fault[2].endswith("-row")]
    assert passed == [
        ("", f"A{row}", code)
        for row, code in [(4, "section-row"), (9, "section-row"), (11, "total-row"), (12, "note-row")]
    ]


def test_headings_over_two_rows_with_the_unit_in_them_and_departments_merged_down(mapping: Form) -> None:
    def fill(book: Any) -> None:
        sheet = book.add_worksheet("权责清单")
        sheet.merge_range("A1:G1", "云岭县权责清单")
        for place, heading in {
            "A2:A3": "序号",
            "B2:B3": "项目名称",
            "C2:C3": "实施机关",
            "D2:D3": "类别",
            "G2:G3": "备注",
        }.items():
            sheet.merge_range(place, heading)
        sheet.merge_range("E2:F2", "办理时限（工作日）")
        sheet.write_row("E3", ["法定", "承诺"])
        sheet.merge_range("C4:C6", "县住房和城乡建设局")
        for number, name, statutory, promised in [
            (4, "建筑工程施工许可", 15, 7),
            (5, "商品房预售许可", 10, 5),
            (6, "燃气经营许可", 20, "十五"),
            (8, "占道挖掘许可", 20, 25),
        ]:
            sheet.write_row(f"A{number}", [number - 3, name])
            sheet.write_row(f"D{number}", ["行政许可", statutory, promised])
        sheet.merge_range("A9:G9", "说明：1.本表由各部门填报；2.时限以工作日计算。")

    found = take_up([("权责.xlsx", workbook(fill))], [mapping], GROUND)

    assert found.rows == 4 and all_told(found)
    assert limits(found) == {
        "建筑工程施工许可": ("15wd", "7wd"),
        "商品房预售许可": ("10wd", "5wd"),
        "燃气经营许可": ("20wd", "15wd"),
    }
    # Row 8 is outside the merged cells, and what is empty there is empty.
    assert {cell for _, cell, _ in told(found, "error")} == {"C8"}


def test_a_sheet_for_each_kind_and_one_that_is_no_list(mapping: Form) -> None:
    def fill(book: Any) -> None:
        written(book.add_worksheet("说明"), [["填报说明"], ["1.各单位如实填写"], ["2.五月底前报送"]])
        head = ["权力名称", "实施主体", "权力类型", "设定依据", "法定办结时限", "承诺办结时限", "收费标准"]
        first = book.add_worksheet("行政许可")
        written(
            first,
            [
                ["行政许可类"],
                [],
                head,
                [
                    "动物防疫条件合格证核发",
                    "县农业局",
                    "许可",
                    "《动物防疫法》第二十条",
                    "20个工作日",
                    "10个工作日（不含公示时间）",
                    "不收费",
                ],
                ["种子生产经营许可", "县农业局", "许可", "《种子法》第三十一条", "20个工作日", "另行通知", "不收费"],
                ["林木采伐许可", "", "许可", "《森林法》", "20日", "5个工作日", "不收费"],
            ],
        )
        second = book.add_worksheet("行政确认")
        written(
            second,
            [
                head,
                ["工伤认定", "县人社局", "行政确认", "《工伤保险条例》第二十条", "60个自然日", "30个自然日", "免费"],
            ],
        )

    found = take_up([("清单.xlsx", workbook(fill))], [mapping], GROUND)

    assert found.rows == 4 and all_told(found)
    assert limits(found) == {"工伤认定": ("60d", "30d"), "动物防疫条件合格证核发": ("20wd", "10wd")}
    assert ("行政许可", "F4", "limit-words") in told(found, "warning")
    errors = told(found, "error")
    assert {(sheet, cell) for sheet, cell, _ in errors} >= {
        ("行政许可", "F5"),
        ("行政许可", "B6"),
        ("行政许可", "E6"),
    }
    assert ("说明", "A1", "form-unknown") in told(found, "warning")


def test_headings_spaced_out_and_broken_in_another_order_with_unknown_columns(mapping: Form) -> None:
    def fill(book: Any) -> None:
        written(
            book.add_worksheet("Sheet1"),
            [
                ["附件2"],
                ["云岭县公共服务事项清单"],
                ["序\n号", "责 任 单 位", "服务事项\n名称", "承 诺\n时 限", "收费", "服务对象", "咨询电话", "乡镇意见"],
                [1, "县教育局", "学生资助\n政策咨询", "即办", "不收费", "个人", "990-0000001", "同意"],
                [2, "县教育局", "学历证明出具", "3个\n工作日", "10元/份", "个人", "990-0000001", ""],
                [3, "县交通运输局、县公安局", "车辆通行证办理", "1个工作日", "不收费", "个人、法人", "", ""],
                [4, "县教育局", "学历证明出具", "3个\n工作日", "10元/份", "个人", "990-0000001", ""],
                ["小计：4"],
                ["（盖章）", "", "负责人签字：", "", "填表日期：2016年5月"],
            ],
        )

    found = take_up([("服务.xlsx", workbook(fill))], [mapping], GROUND)

    assert found.rows == 4 and all_told(found)
    assert [limit for _, limit in limits(found).values()] == ["immediate", "3wd"]
    assert {(cell, code) for _, cell, code in told(found, "error")} == {
        ("B6", "several-organs"),
        ("C7", "duplicate-row"),
    }
    assert {cell for _, cell, code in told(found, "warning") if code == "heading-unknown"} == {"G3", "H3"}
