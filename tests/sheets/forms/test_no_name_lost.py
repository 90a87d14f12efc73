"""Sheets put together at random out of what stands on lists: no name on them is lost without a word."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from egov_core.sheets.forms.description import parse_form
from egov_core.sheets.forms.ground import Ground
from egov_core.sheets.forms.intake import take_up

GROUND = Ground(area="990121", valid_from=date(2016, 5, 3), founding=True)
MAPPING = Path(__file__).parents[3] / "examples" / "mappings" / "county-list.toml"
xlsxwriter = pytest.importorskip("xlsxwriter")

HEADS = (
    ["序号", "事项名称", "实施主体", "承诺时限"],
    ["序号", "实施主体", "事项名称", "承诺时限", "备注"],
    ["事项名称", "实施主体"],
    ["编号", "项目名称", "部门", "类别"],
    ["序号", "事项名称", "承诺时限"],
    ["序号", "科室", "事项"],
    ["姓名", "事项名称", "联系电话"],
    ["序号", "事项名称", "", "实施主体"],
    ["名称", "单位"],
    ["序号", "事项名称", "实施主体", "序号", "事项名称", "实施主体"],
)
BETWEEN: tuple[list[str], ...] = (
    ["一、行政许可"],
    ["县水利局"],
    ["一、县水利局（3项）"],
    ["小计", "", "3"],
    ["", "小计"],
    ["注：说明"],
    ["填表人：林小满", "", "审核人：周可"],
    ["第1页"],
    ["2/3"],
    ["续表"],
    [],
    ["", "", "2016年5月"],
    ["二、取消的事项"],
    ["甲", "乙", "1", "2"],
    ["", "主项", "子项"],
    ["", "", "（工作日）"],
    ["附件2"],
    ["云岭县事项清单"],
)
WHOLE = {"form-unknown", "column-missing", "items-past", "heading-twice", "nothing-read"}
"""Errors that stand at one cell for all rows below it."""
STEPS = ("item", "item", "item", "head", "other", "between")


@st.composite
def sheets(draw: st.DrawFn) -> list[list[str]]:
    rows: list[list[str]] = draw(st.lists(st.sampled_from(BETWEEN).map(list), max_size=3))
    numbers = iter(range(1, 1000))
    head = draw(st.sampled_from(HEADS))
    for step in [
        "head",
        *draw(st.lists(st.sampled_from(["item", "item", "item", "head", "other", "between"]), max_size=9)),
    ]:
        if step == "other":
            head = draw(st.sampled_from(HEADS))
        if step == "between":
            rows.append(list(draw(st.sampled_from(BETWEEN))))
        elif step == "item":
            organ = draw(st.sampled_from(["县水利局", "县林业局", ""]))
            said = {"实施主体": organ, "部门": organ, "单位": organ, "承诺时限": "5个工作日", "备注": "同意"}
            name = dict.fromkeys(["事项名称", "项目名称", "事项", "名称"], "N")
            number = {"序号": str(len(rows)), "编号": str(len(rows))}
            row = [{**said, **name, **number}.get(one, "") for one in head]
            rows.append([f"甲{next(numbers):03d}乙许可" if text == "N" else text for text in row])
        else:
            rows.append(list(head))
    return rows


@settings(max_examples=150)
@given(sheets())
def test_no_name_on_a_sheet_is_lost_however_it_is_put_together(rows: list[list[str]]) -> None:
    mapping = parse_form(MAPPING.read_bytes(), source=MAPPING.name)
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
    found = take_up([("清单.xlsx", target.getvalue())], [mapping], GROUND)
    taken = {text for one in found.items for text in (one.name, one.guide.subitem)}
    named = {one.cell.lstrip("ABCDEFGHIJ") for one in found.faults}
    for at, row in enumerate(rows, 1):
        for text in row:
            if text.endswith("乙许可") and text not in taken:
                assert str(at) in named or any(one.is_error and one.code in WHOLE for one in found.faults)
