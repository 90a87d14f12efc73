"""What the forms of one item say together: questions and their details, forwarding, fees, numbers."""

from __future__ import annotations

from datetime import date

import attrs
import pytest

from egov_core.domain.catalogue import Catalogue
from egov_core.domain.organisation import Organisation
from egov_core.sheets.forms.ground import Ground
from egov_core.sheets.forms.intake import Intake, take_up
from egov_core.sheets.forms.shipped import shipped_forms
from egov_core.sheets.workbook import Column, SheetToWrite, write_workbook

GROUND = Ground(area="990121", valid_from=date(2016, 5, 3), founding=True)
WHOLE = {
    "填表单位（公章）": "局",
    "事项名称": "甲",
    "法定期限": "20个工作日",
    "办件类型": "承诺件",
    "事项类型": "行政确认",
}


def information(**more: str) -> Intake:
    said = {**WHOLE, **more}
    text = ",".join(said) + "\n" + ",".join(said.values()) + "\n"
    return take_up([("信息表.csv", text.encode())], shipped_forms(), GROUND)


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        ({}, []),
        ({"是否转报上级机关": "是", "转报单位": ""}, ["answer-without-detail"]),
        ({"是否转报上级机关": "否", "转报单位": "市局", "办件类型": "转报件"}, ["answer-against-detail"]),
        ({"转报单位": "市局"}, ["forward-conflict"]),
        ({"转报单位": "", "办件类型": "转报件"}, ["forward-without-target"]),
        ({"是否转报上级机关": "是", "转报单位": "市局", "办件类型": "转报件"}, []),
        ({"是否包含特别程序": "否", "特别程序": "听证"}, ["answer-against-detail"]),
        ({"特别程序": "散步"}, ["special-procedure"]),
        ({"是否收费": "否", "收费标准": "每件100元"}, ["fee-conflict"]),
        ({"是否收费": "否", "收费标准": "不收费", "收费依据": "/"}, []),
        *(
            ({"是否收费": "否", "收费标准": standard}, [])
            for standard in (
                "免费",
                "0元",
                "免收",
                "零",
                "0.00",
                "无",
                "不收取费用",
                "暂停征收",
                "待定",
                "取消收费",
                "□收费 ☑不收费",
            )
        ),
        *(
            ({"是否收费": "否", "收费标准": standard}, ["fee-conflict"])
            for standard in ("10元/本", "不收费（工本费5元）", "不免费", "按规定收取", "随便")
        ),
        *(({"是否收费": "是", "收费标准": one, "收费依据": "《某条例》"}, ["fee-conflict"]) for one in ("免费", "0元")),
        ({"是否收费": "是", "收费标准": "暂停征收", "收费依据": "《某条例》"}, []),
        ({"是否收费": "是", "收费标准": "", "收费依据": ""}, ["fee-unfounded", "fee-unfounded"]),
        ({"是否收费": "也许"}, ["yes-or-no"]),
        ({"是否联合审批": "□是 □否"}, ["nothing-ticked"]),
        ({"承诺期限": "30个工作日"}, ["promise-above-statutory"]),
        ({"承诺期限": "3小时"}, []),
        ({"办件类型": "即办件"}, ["case-type-conflict"]),
    ],
)
def test_cells_that_belong_together_have_to_agree(said: dict[str, str], codes: list[str]) -> None:
    found = information(**said)
    assert [fault.code for fault in found.faults] == codes
    assert len(found.items) == (0 if found.errors else 1)


def test_a_cell_that_cannot_be_read_is_not_called_empty_too() -> None:
    """A limit that was not given may be told to be missing; one that we could not read is an error of its own."""
    found = information(法定期限="#REF!")
    assert [(fault.cell, fault.code) for fault in found.faults] == [("C2", "cell-error")]
    assert (found.items, found.rows) == ((), 1)
    assert [fault.code for fault in information(事项名称="#N/A").faults] == ["cell-error"]
    assert [fault.code for fault in information(法定期限="").faults] == ["limit-not-set"]
    licence = information(法定期限="", 事项类型="行政许可")
    assert [fault.code for fault in licence.faults] == ["limit-default"]


def test_a_sign_that_nobody_sees_is_an_error_in_a_number_and_a_warning_in_a_name() -> None:
    head = "事项名称,实施编码,实施主体,事项类型,事项类型代码\n"
    for line, cell, is_error in (
        ("甲,01\u200b,局,行政许可,1\n", "B2", True),
        ("甲\u200b,01,局,行政许可,1\n", "A2", False),
    ):
        found = take_up([("n.csv", (head + line).encode())], shipped_forms(), GROUND)
        said = [(one.cell, one.code, one.is_error) for one in found.faults if one.code != "limit-default"]
        assert said == [(cell, "unseen-character", is_error)]
        assert len(found.items) == (not is_error)


@pytest.mark.parametrize("total", ["合计", "小 计", "共计：12项", "总计（项）"])
def test_a_total_below_the_items_is_passed_over_and_said(total: str) -> None:
    text = (
        ",".join(WHOLE)
        + "\n"
        + ",".join(WHOLE.values())
        + f"\n{total},12,,,\n合计办法备案局,乙,20个工作日,承诺件,行政确认\n"
    )
    found = take_up([("信息表.csv", text.encode())], shipped_forms(), GROUND)
    assert [(fault.cell, fault.code, fault.is_error) for fault in found.faults] == [("A3", "total-row", False)]
    assert [item.name for item in found.items] == ["甲", "乙"] and found.rows == 2


def test_a_code_and_a_name_of_the_national_table_have_to_agree() -> None:
    head = "事项名称,实施编码,实施主体,事项类型,事项类型代码,材料名称,原件份数\n"
    good = head + "甲,01,局,行政许可,1,申请书,1\n甲,01,局,,,图纸,2\n"
    found = take_up([("n.csv", good.encode())], shipped_forms(), GROUND)
    (item,) = found.items
    assert [(one.name, one.originals) for one in item.materials] == [("申请书", 1), ("图纸", 2)]
    assert (item.code, item.power_class.value) == ("01", "行政许可")
    bad = head + "甲,01,局,行政许可,20,申请书,1\n"
    found = take_up([("n.csv", bad.encode())], shipped_forms(), GROUND)
    assert [(fault.cell, fault.code) for fault in found.faults if fault.is_error] == [("E2", "cells-disagree")]


def test_what_a_form_does_not_have_stays_as_it_was() -> None:
    whole = information(办理地点="一楼", 收费标准="", 申报材料="甲材料")

    ground = attrs.evolve(
        GROUND, catalogue=Catalogue.of(whole.items), organisation=Organisation.of(whole.organs), founding=False
    )
    text = "事项名称,办理主体,承诺期限\n甲,局,5个工作日\n"
    found = take_up([("汇总表.csv", text.encode())], shipped_forms(), ground)
    (item,) = found.items
    assert (item.guide.place, [one.name for one in item.materials]) == ("一楼", ["甲材料"])
    (difference,) = found.differences
    assert [(one.field, one.before, one.after) for one in difference.fields] == [("promised", "", "5个工作日")]


def test_an_example_row_that_was_written_over_is_an_item() -> None:
    text = "序号,事项名称,办理主体\n示例,示例：取水许可,县水利局\n示例,甲,局\n"
    found = take_up([("汇总表.csv", text.encode())], shipped_forms(), GROUND)
    assert [item.name for item in found.items] == ["甲"]


def test_a_sheet_that_is_no_form_keeps_nothing_out_beside_one_that_is() -> None:
    cover = SheetToWrite(name="封面", columns=(Column(heading="某县"), Column(heading="2016")), rows=[])
    form = SheetToWrite(
        name="汇总", columns=(Column(heading="事项名称"), Column(heading="办理主体")), rows=[("甲", "局")]
    )
    found = take_up([("a.xlsx", write_workbook([cover, form]))], shipped_forms(), GROUND)
    assert len(found.items) == 1
    assert ("封面", "form-unknown", "warning") in [(one.sheet, one.code, one.severity) for one in found.faults]
    alone = take_up([("a.xlsx", write_workbook([cover]))], shipped_forms(), GROUND)
    assert [(one.code, one.severity) for one in alone.faults] == [("form-unknown", "error")]
