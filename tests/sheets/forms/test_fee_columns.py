"""A fee taken from one cell stands in the three columns of the forms when it is given out, and the other way round."""

from __future__ import annotations

from datetime import date

import attrs
import pytest

from egov_core.domain.catalogue import Catalogue, ItemVersion
from egov_core.domain.organisation import Organisation
from egov_core.sheets.forms.description import Form, parse_form
from egov_core.sheets.forms.ground import Ground
from egov_core.sheets.forms.intake import Intake, take_up
from egov_core.sheets.forms.shipped import SET, shipped_form
from egov_core.sheets.forms.writing import sheet_of
from egov_core.sheets.workbook import write_csv

GROUND = Ground(area="990121", valid_from=date(2016, 5, 3), founding=True)
LIST = parse_form(
    """title = "清单"
recognise = ["事项", "部门"]
[[field]]
heading = "事项"
element = "name"
[[field]]
heading = "部门"
element = "organ"
[[field]]
heading = "收费"
element = "fee"
[[field]]
heading = "依据"
element = "fees.basis"
""".encode(),
    source="list.toml",
)
COLUMNS = ("是否收费", "收费标准", "收费依据")


def taken(text: str, ground: Ground = GROUND, form: Form = LIST) -> Intake:
    return take_up([("清单.csv", text.encode())], [form], ground)


def after(found: Intake) -> Ground:
    organisation = Organisation.of(found.organs)
    return attrs.evolve(GROUND, organisation=organisation, catalogue=Catalogue.of(found.items), founding=False)


def lines(form: Form, items: tuple[ItemVersion, ...], ground: Ground) -> list[dict[str, str]]:
    headings = [field.heading for field in form.fields]
    return [dict(zip(headings, line, strict=True)) for line in sheet_of(form, items, ground.names).rows]


@pytest.mark.parametrize(
    ("fee", "charged", "standard"),
    [
        ("不收费", "否", ""),
        ("免费", "否", ""),
        ("0", "否", ""),
        ("收费", "是", ""),
        ("200元/证", "是", "200元/证"),
        ("住宅80元/件，非住宅550元/件", "是", "住宅80元/件，非住宅550元/件"),
        ("工本费9元（已停征）", "是", "工本费9元（已停征）"),
        ("暂停征收", "否", "暂停征收"),
        ("不收费（工本费5元）", "是", "不收费（工本费5元）"),
        ("看情况", "是", "看情况"),
        ("", "", ""),
    ],
)
@pytest.mark.parametrize("name", ["summary", "information"])
def test_a_fee_of_one_cell_is_given_out_in_the_columns_of_a_form(
    fee: str, charged: str, standard: str, name: str
) -> None:
    found = taken(f"事项,部门,收费\n甲许可,县水利局,{fee}\n")
    ground, form = after(found), shipped_form(name)
    (line,) = lines(form, found.items, ground)
    by_element = {field.element: line[field.heading] for field in form.fields}
    assert (by_element["fees.charged"], by_element["fees.standard"]) == (charged, standard)
    again = take_up([("表.csv", write_csv(sheet_of(form, found.items, ground.names)))], [form], ground)
    assert again.errors == 0, again.faults
    assert [one.kind for one in again.differences] == ["unchanged"]
    assert [(one.fee, one.fees) for one in again.items] == [(one.fee, one.fees) for one in found.items]


@pytest.mark.parametrize("fee", ["不收费", "收费", "200元/证", "工本费9元（已停征）", ""])
def test_a_fee_of_the_forms_is_given_out_in_the_one_cell_of_a_list(fee: str) -> None:
    """Through the forms of an empty office and back: the list says what it said."""
    first = taken(f"事项,部门,收费\n甲许可,县水利局,{fee}\n")
    sheet = write_csv(sheet_of(shipped_form("summary"), first.items, after(first).names))
    moved = take_up([("汇总表.csv", sheet)], [shipped_form("summary")], GROUND)
    assert moved.errors == 0, moved.faults
    assert [line["收费"] for line in lines(LIST, moved.items, after(moved))] == [fee]


def test_a_basis_beside_the_fee_of_one_cell_does_not_make_it_free() -> None:
    found = taken("事项,部门,收费,依据\n甲许可,县水利局,200元/证,某价费〔2010〕1号\n")
    (item,) = found.items
    assert item.fees is not None
    assert (item.fees.charged, item.fees.standard, item.fee) == (True, "200元/证", "200元/证")
    (line,) = lines(shipped_form("summary"), found.items, after(found))
    assert [line[one] for one in COLUMNS] == ["是", "200元/证", "某价费〔2010〕1号"]
    (same,) = lines(LIST, found.items, after(found))
    assert (same["收费"], same["依据"]) == ("200元/证", "某价费〔2010〕1号")


@pytest.mark.parametrize(
    ("fee", "basis", "wanted"),
    [
        ("100元/证", "某价费〔2010〕1号", ["是", "100元/证", "某价费〔2010〕1号"]),
        ("不收费", "", ["否", "", ""]),
        ("", "某价费〔2010〕1号", ["否", "", "某价费〔2010〕1号"]),
        ("", "", ["", "", ""]),
    ],
)
def test_a_list_with_another_fee_changes_the_columns(fee: str, basis: str, wanted: list[str]) -> None:
    first = taken("事项,部门,收费,依据\n甲许可,县水利局,200元/证,某价费〔2010〕1号\n")
    found = taken(f"事项,部门,收费,依据\n甲许可,县水利局,{fee},{basis}\n", after(first))
    (line,) = lines(shipped_form("summary"), found.items, after(first))
    assert [line[one] for one in COLUMNS] == wanted


def test_a_form_with_another_fee_changes_the_one_cell() -> None:
    first = taken("事项,部门,收费\n甲许可,县水利局,200元/证\n")
    ground = after(first)
    text = write_csv(sheet_of(shipped_form("summary"), first.items, ground.names)).decode("utf-8-sig")
    found = take_up([("表.csv", text.replace("200元/证", "100元/证").encode())], [shipped_form("summary")], ground)
    assert found.errors == 0, found.faults
    (line,) = lines(LIST, found.items, ground)
    assert line["收费"] == "100元/证"


def test_every_form_of_the_notice_with_fees_has_all_three_columns() -> None:
    """Else a part of a fee would be lost in one of them."""
    for form in map(shipped_form, SET):
        said = {field.element for field in form.fields if field.element.startswith("fees.")}
        assert said in (set(), {"fees.charged", "fees.standard", "fees.basis"})
