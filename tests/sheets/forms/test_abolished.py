"""What a list says of its own items: that they are abolished, or that two of them stand in one cell."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import docx
import pytest

from egov_core.domain.cells import CellFault
from egov_core.sheets.forms.abolished import is_named_abolished, is_said_abolished
from egov_core.sheets.forms.description import Form, parse_form
from egov_core.sheets.forms.ground import Ground
from egov_core.sheets.forms.intake import Intake, take_up
from egov_core.sheets.forms.shipped import shipped_form

GROUND = Ground(area="990121", valid_from=date(2016, 5, 3), founding=True)
HEADER = "事项名称,实施主体,事项类型,法定期限,承诺期限"


@pytest.fixture
def mapping(project_root: Path) -> Form:
    file = project_root / "examples" / "mappings" / "county-list.toml"
    return parse_form(file.read_bytes(), source=file.name)


def read(form: Form, *lines: str) -> Intake:
    return take_up([("清单.csv", "\n".join((*lines, "")).encode())], [form], GROUND)


def named(found: Intake, code: str) -> list[CellFault]:
    return [one for one in found.faults if one.code == code]


@pytest.mark.parametrize(
    "remark",
    [
        "已取消",
        "已下放",
        "已废止",
        "取消",
        "该事项已取消",
        "已取消。",
        "2019年已取消",
        "2019年3月1日起取消",
        "根据国发〔2019〕6号取消",
        "国发〔2015〕11号文件已取消",
        "国务院决定取消",
        "已下放至乡镇",
        "已取消（国发〔2014〕5号）",
        "已取消的审批事项",
        "已被取消，不再办理",
        "不再实施",
        "已 取消",
    ],
)
def test_a_remark_that_takes_the_item_back_is_known(remark: str) -> None:
    assert is_said_abolished(remark)


@pytest.mark.parametrize(
    "remark",
    [
        "",
        "年检已取消",
        "收费已取消",
        "《森林法》旧版已废止",
        "未取消",
        "拟取消",
        "取消年检",
        "撤销",
        "已取消收费",
        "承诺比法定长",
        "县级初审",
        "可下放",
        "许可证遗失的可补办，原证作废",
    ],
)
def test_a_remark_about_something_else_is_none(remark: str) -> None:
    assert not is_said_abolished(remark)


def test_names_that_say_it_of_themselves() -> None:
    gone = (
        "丙许可（已废止）",
        "丙许可(取消)",
        "【已取消】丙许可",
        "丙许可—已下放",
        "丙许可（2019年已取消）",
        "丙许可已取消",
    )
    assert [one for one in gone if not is_named_abolished(one)] == []
    held = ("取消监护登记", "婚姻登记（撤销）登记", "丙许可（下放事项除外）", "废止规范性文件备案", "丙许可（变更）")
    assert [one for one in held if is_named_abolished(one)] == []


@pytest.mark.parametrize("heading", ["备注", "调整情况"])
def test_an_item_that_its_list_takes_back_is_told_at_the_cell(mapping: Form, heading: str) -> None:
    """In a column of the form, and in one that is not taken: neither is silent."""
    found = read(
        mapping,
        f"{HEADER},{heading}",
        "甲证明,县民政局,公共服务,无,1个工作日,已取消",
        "乙登记,县民政局,公共服务,无,1个工作日,窗口已搬",
        "丙许可（已废止）,县民政局,公共服务,无,1个工作日,",
    )
    told = named(found, "said-abolished")
    assert sorted((one.cell, one.severity) for one in told) == [("A4", "warning"), ("F2", "warning")]
    assert all(one.remedy for one in told)
    assert [one.name for one in found.items] == ["甲证明", "乙登记", "丙许可（已废止）"]
    assert found.errors == 0


def test_a_form_with_labels_tells_it_too() -> None:
    text = "事项名称,丙许可（已取消）\n填表单位（公章）,县民政局\n办件类型,承诺件\n承诺期限,5个工作日\n"
    found = take_up([("信息表.csv", text.encode())], [shipped_form("information")], GROUND)
    assert [(one.cell, one.severity) for one in named(found, "said-abolished")] == [("B1", "warning")]


def test_a_remark_said_once_is_taken_in_again_without_a_change(mapping: Form) -> None:
    lines = (HEADER, "丙许可（已废止）,县民政局,公共服务,无,1个工作日")
    assert read(mapping, *lines).items == read(mapping, *lines).items


@pytest.mark.parametrize(
    ("cell", "items"),
    [
        ("砍伐城市树木审批\n迁移古树名木审批", 0),
        ("婚姻登记\n收养登记", 0),
        ("取水许可审批\n河道采砂许可\n水土保持方案审批", 0),
        ("建设项目环境影响评价文件\n审批", 1),
        ("护士执业注册\n（变更注册）", 1),
        ("企业设立、变更\n及注销登记", 1),
    ],
)
def test_two_names_in_one_cell_of_word_are_never_glued_in_silence(mapping: Form, cell: str, items: int) -> None:
    document = docx.Document()
    table = document.add_table(rows=2, cols=5)
    for at, text in enumerate((*HEADER.split(","),)):
        table.cell(0, at).text = text
    for at, text in enumerate((cell, "县城管局", "行政许可", "20个工作日", "10个工作日")):
        table.cell(1, at).text = text
    target = io.BytesIO()
    document.save(target)
    found = take_up([("清单.docx", target.getvalue())], [mapping], GROUND)
    assert len(found.items) == items
    assert [(one.cell, one.severity) for one in named(found, "several-items")] == ([] if items else [("A2", "error")])
    assert named(found, "name-over-lines") == []


def test_a_name_over_two_lines_that_may_be_two_is_told(mapping: Form) -> None:
    found = read(mapping, HEADER, '"养犬证\n渡口证",县城管局,行政许可,20个工作日,10个工作日')
    assert [one.name for one in found.items] == ["养犬证渡口证"]
    assert [(one.cell, one.severity) for one in named(found, "name-over-lines")] == [("A2", "warning")]
