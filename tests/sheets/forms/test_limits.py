"""What the cells of an item say of its limits together: nothing is thrown away, and nothing is set that no law sets."""

from __future__ import annotations

from datetime import date

import attrs
import pytest

from egov_core.domain.catalogue import ART_42_DEFAULT, Catalogue, ItemVersion, PowerClass
from egov_core.domain.cells import CellFault
from egov_core.domain.organisation import Organisation
from egov_core.sheets.catalogue_csv import read_catalogue
from egov_core.sheets.forms.ground import Ground
from egov_core.sheets.forms.intake import Intake, take_up
from egov_core.sheets.forms.not_given import DEFAULT_LIMIT, NO_LIMIT_SET
from egov_core.sheets.forms.shipped import shipped_forms
from egov_core.sheets.forms.writing import rows_of
from egov_core.sheets.statutory import NOT_SET

GROUND = Ground(area="990121", valid_from=date(2016, 5, 3), founding=True)
FORMS = {form.name: form for form in shipped_forms()}
HEAD = "事项名称,办理主体,事项类型,法定期限,承诺期限"


def summary(*rows: str, head: str = HEAD, ground: Ground = GROUND) -> Intake:
    text = "\n".join((head, *rows)) + "\n"
    return take_up([("汇总表.csv", text.encode())], shipped_forms(), ground)


def published(found: Intake) -> Ground:
    return attrs.evolve(
        GROUND, catalogue=Catalogue.of(found.items), organisation=Organisation.of(found.organs), founding=False
    )


def wrong(found: Intake) -> list[CellFault]:
    return [fault for fault in found.faults if fault.is_error]


def limits(item: ItemVersion) -> tuple[str, str | None]:
    return str(item.statutory), None if item.promised is None else str(item.promised)


# --- both limits in one cell ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("statutory", "promised", "said"),
    [
        ("", "法定10个工作日，承诺5个工作日", ("10wd", "5wd")),
        ("", "法定45个工作日，承诺15个工作日", ("45wd", "15wd")),
        ("法定45个工作日，承诺15个工作日", "", ("45wd", "15wd")),
        ("法定期限：60个工作日 承诺期限：40个工作日", "", ("60wd", "40wd")),
        ("45个工作日", "法定45个工作日，承诺15个工作日", ("45wd", "15wd")),
        ("四十五个工作日", "承诺15个工作日（法定45个工作日）", ("45wd", "15wd")),
        ("法定45个工作日，承诺15个工作日", "法定45个工作日，承诺15个工作日", ("45wd", "15wd")),
        ("", "20个工作日（法定）/5个工作日（承诺）", ("20wd", "5wd")),
        ("", "法定20个工作日；承诺即办", ("20wd", "immediate")),
        ("", "法定：无；承诺：5个工作日", ("20wd", "5wd")),
        ("", "法定10个工作日", ("10wd", None)),
        ("承诺5个工作日", "法定10个工作日", ("10wd", "5wd")),
        ("法定10个工作日", "承诺5个工作日", ("10wd", "5wd")),
        ("10个工作日", "法定10个工作日", ("10wd", None)),
    ],
)
def test_both_limits_are_taken_from_the_cell_that_names_both(
    statutory: str, promised: str, said: tuple[str, str]
) -> None:
    found = summary(f"甲,局,行政许可,{statutory},{promised}")

    assert wrong(found) == []
    (item,) = found.items
    assert limits(item) == said
    assert item.statutory_is_default is ("无" in promised)


def test_a_list_with_one_column_of_limits_gives_both() -> None:
    found = summary("甲,局,法定45个工作日，承诺15个工作日", head="事项名称,办理主体,承诺期限")

    assert [limits(item) for item in found.items] == [("45wd", "15wd")]
    assert [fault.code for fault in found.faults] == ["class-by-default"]


@pytest.mark.parametrize(
    ("statutory", "promised", "cells"),
    [
        ("20个工作日", "法定45个工作日，承诺15个工作日", {"D2", "E2"}),
        ("法定10个工作日，承诺5个工作日", "15个工作日", {"D2", "E2"}),
        ("法定45个工作日，承诺15个工作日", "法定45个工作日，承诺20个工作日", {"D2", "E2"}),
        ("20个工作日", "法定：无；承诺：5个工作日", {"D2", "E2"}),
        ("20个工作日", "法定10个工作日", {"D2", "E2"}),
        ("承诺5个工作日", "3个工作日", {"D2", "E2"}),
        (DEFAULT_LIMIT, "法定45个工作日，承诺15个工作日", {"D2", "E2"}),
    ],
)
def test_columns_that_contradict_each_other_are_both_named(statutory: str, promised: str, cells: set[str]) -> None:
    found = summary(f"甲,局,行政许可,{statutory},{promised}")

    assert found.items == ()
    assert {fault.code for fault in wrong(found)} == {"cells-disagree"}
    (first, *_) = wrong(found)
    assert first.cell in cells
    assert any(other in first.message for other in cells - {first.cell})


def test_a_cell_that_promises_more_than_its_own_law_is_refused() -> None:
    found = summary("甲,局,行政许可,,法定5个工作日，承诺20个工作日")

    assert [(fault.cell, fault.code) for fault in wrong(found)] == [("E2", "promise-above-statutory")]


def test_half_of_a_cell_that_is_not_plain_is_not_dropped() -> None:
    found = summary("甲,局,行政许可,,法定45日，承诺15个工作日")

    assert [(fault.cell, fault.code) for fault in wrong(found)] == [("E2", "limit-bare-day")]


def test_two_limits_of_one_cell_come_in_once() -> None:
    first = summary("甲,局,行政许可,,法定45个工作日，承诺15个工作日")
    again = summary("甲,局,行政许可,,法定45个工作日，承诺15个工作日", ground=published(first))

    assert again.items == first.items
    assert [one.kind for one in again.differences] == ["unchanged"]


def test_an_export_writes_a_cell_out_anew_when_the_other_limit_has_changed() -> None:
    (item,) = summary("甲,局,行政许可,,法定45个工作日，承诺15个工作日").items
    names = published(summary("甲,局,行政许可,,法定45个工作日，承诺15个工作日")).names
    (kept,) = rows_of(FORMS["summary"], [item], names)
    (changed,) = rows_of(FORMS["summary"], [attrs.evolve(item, statutory=ART_42_DEFAULT)], names)

    assert "法定45个工作日，承诺15个工作日" in kept and "45个工作日" in kept
    assert "20个工作日" in changed and "15个工作日" in changed
    assert "法定45个工作日，承诺15个工作日" not in changed


# --- no limit given ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("power", [one for one in PowerClass if one is not PowerClass.LICENCE])
def test_the_twenty_days_of_the_law_of_licences_are_for_licences_only(power: PowerClass) -> None:
    found = summary(f"甲,局,{power.value},,30个工作日", "乙,局,行政许可,,10个工作日")

    other, licence = found.items
    assert (other.statutory, other.statutory_is_default, str(other.promised)) == (NOT_SET, True, "30wd")
    assert (licence.statutory, licence.statutory_is_default) == (ART_42_DEFAULT, True)
    assert [(fault.cell, fault.code, fault.is_error) for fault in found.faults] == [
        ("D2", "limit-not-set", False),
        ("D3", "limit-default", False),
    ]


def test_an_item_for_which_nothing_is_ever_due_is_told_to_promise() -> None:
    (fault,) = summary("甲,局,公共服务,,").faults

    assert fault.code == "limit-not-set"
    assert "nothing is ever due" in fault.message and "promise" in fault.remedy


def test_of_an_item_of_no_known_class_no_law_is_known_either() -> None:
    found = summary("甲,局,,10个工作日", head="事项名称,办理主体,法定期限,承诺期限")

    assert [item.statutory for item in found.items] == [NOT_SET]
    by_class, fault = found.faults
    assert by_class.code == "class-by-default"
    assert fault.code == "limit-not-set" and "class" in fault.message and "行政许可" in fault.remedy


def test_a_class_that_is_not_given_is_said_where_it_is_set() -> None:
    """其他行政权力 is what an export says of such an item: nobody may find it there who was not told."""
    head = "事项名称,办理主体,法定期限,承诺期限"
    without = summary("甲,局,20个工作日,10个工作日", "乙,局,20个工作日,10个工作日", head=head)
    assert {item.power_class for item in without.items} == {PowerClass.OTHER_POWER}
    assert [(one.cell, one.code, one.severity) for one in without.faults] == [("", "class-by-default", "warning")]

    empty = summary("甲,局,,20个工作日,10个工作日", "乙,局,其他行政权力,20个工作日,10个工作日")
    assert [(one.cell, one.code) for one in empty.faults] == [("C2", "class-by-default")]
    assert PowerClass.OTHER_POWER.value in empty.faults[0].message

    # What is published already keeps its class where a list has no such column, and nothing is set.
    later = summary("甲,局,20个工作日,5个工作日", head=head, ground=published(without))
    assert later.faults == ()


@pytest.mark.parametrize(
    ("power", "written"), [("公共服务", NO_LIMIT_SET), ("行政许可", DEFAULT_LIMIT), ("服务", NO_LIMIT_SET)]
)
def test_what_was_not_given_goes_out_and_comes_in_as_that(power: str, written: str) -> None:
    first = summary(f"甲,局,{power},,5个工作日")
    (item,) = first.items
    ground = published(first)
    (row,) = rows_of(FORMS["summary"], [item], ground.names)
    assert written in row

    again = summary(f"甲,局,{power},{written},5个工作日", ground=ground)
    assert (again.items, again.faults) == (first.items, ())
    assert [one.kind for one in again.differences] == ["unchanged"]
    elsewhere = summary(f"甲,局,{power},{written},5个工作日")
    assert [limits(one) for one in elsewhere.items] == [limits(item)]
    assert summary(f"甲,局,{power},,5个工作日", ground=ground).items == first.items


def test_what_was_set_before_the_class_was_known_stays_until_it_is_said() -> None:
    head = "事项名称,办理主体,法定期限,承诺期限"
    first = summary("甲,局,,10个工作日", head=head)
    again = summary("甲,局,,10个工作日", head=head, ground=published(first))
    assert again.items == first.items
    said = summary("甲,局,行政许可,,10个工作日", ground=published(first))
    assert [one.statutory for one in said.items] == [ART_42_DEFAULT]
    older = attrs.evolve(first.items[0], statutory=ART_42_DEFAULT)
    ground = published(attrs.evolve(first, items=(older,)))
    assert summary("甲,局,,10个工作日", head=head, ground=ground).items == (older,)


@pytest.mark.parametrize(
    ("word", "power"),
    [
        ("服务", PowerClass.PUBLIC_SERVICE),
        ("公共服务事项", PowerClass.PUBLIC_SERVICE),
        ("许可", PowerClass.LICENCE),
        ("行政许可类", PowerClass.LICENCE),
        ("（行政确认）", PowerClass.CONFIRMATION),
        ("其它行政权力", PowerClass.OTHER_POWER),
        ("□行政许可 ☑公共服务", PowerClass.PUBLIC_SERVICE),
    ],
)
def test_a_class_of_power_is_known_by_the_words_that_mean_it(word: str, power: PowerClass) -> None:
    found = summary(f"甲,局,{word},20个工作日,5个工作日")

    assert [item.power_class for item in found.items] == [power]
    assert found.faults == ()


@pytest.mark.parametrize("word", ["审批", "登记", "怪", "行政许可、公共服务", "不是行政许可", "许可证"])
def test_a_class_that_nobody_knows_is_not_set_to_another(word: str) -> None:
    found = summary(f"甲,局,{word},20个工作日,5个工作日")

    assert found.items == ()
    assert [(fault.cell, fault.code) for fault in wrong(found)] == [("C2", "item-type")]
    assert "mapping" in wrong(found)[0].remedy


# --- the catalogue as one file ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("power", "statutory", "promised", "said", "codes"),
    [
        ("行政许可", "", "法定45个工作日，承诺15个工作日", ("45wd", "15wd"), []),
        ("行政许可", "法定45个工作日，承诺15个工作日", "", ("45wd", "15wd"), []),
        ("行政许可", "", "法定45个工作日", ("45wd", None), []),
        ("行政许可", "20个工作日", "法定45个工作日", None, ["cells-disagree"]),
        ("", "", "30个工作日", ("none", "30wd"), ["limit-not-set", "item-type"]),
        ("行政许可", "20个工作日", "法定45个工作日，承诺15个工作日", None, ["cells-disagree"]),
        ("行政许可", "法定10个工作日，承诺5个工作日", "15个工作日", None, ["cells-disagree"]),
        ("公共服务", "", "30个工作日", ("none", "30wd"), ["limit-not-set"]),
        ("公共服务", "", "", ("none", None), ["limit-not-set"]),
        ("行政许可", "", "5个工作日", ("20wd", "5wd"), ["statutory-default"]),
    ],
)
def test_a_catalogue_file_is_read_alike(
    power: str, statutory: str, promised: str, said: tuple[str, str | None] | None, codes: list[str]
) -> None:
    text = "row,item_name,department,item_type,statutory_limit,promised_limit\n"
    text += f"1,甲,局,{power},{statutory},{promised}\n"
    found = read_catalogue(text.encode(), source="c.csv", area="990121", parent="jg", valid_from=date(2016, 5, 3))

    assert [limits(item) for item in found.items] == ([] if said is None else [said])
    assert [fault.code for fault in found.faults] == codes
