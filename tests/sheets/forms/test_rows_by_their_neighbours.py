"""What a row takes from what stands around it, and what it must not: organs, units, the cell above, a main item."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date

import pytest

from egov_core.sheets.forms.description import parse_form
from egov_core.sheets.forms.ground import Ground
from egov_core.sheets.forms.intake import Intake, take_up

GROUND = Ground(area="990121", valid_from=date(2016, 5, 3), founding=True)
FIELDS = {
    "事项名称": "name",
    "实施主体": "organ",
    "类型": "power_class",
    "法定时限": "statutory",
    "承诺时限": "promised",
    "办件类型": "case_type",
}
HEAD = ["序号", "事项名称", "承诺时限"]
WITHOUT = ("limit-not-set", "class-by-default")
"""Codes of what is not given, which is another matter than where it stands."""


def read(rows: Sequence[Sequence[str]], *, without: str = "", **constants: str) -> Intake:
    """The rows as a list, with a mapping that says neither `recognise` nor what it does not need."""
    said = [f'{key} = "{value}"' for key, value in constants.items()]
    mapping = 'title = "清单"\nignored = ["序号"]\n' + ("[constants]\n" + "\n".join(said) + "\n" if said else "")
    fields = {heading: element for heading, element in FIELDS.items() if heading != without}
    mapping += "".join(f'[[field]]\nheading = "{one}"\nelement = "{element}"\n' for one, element in fields.items())
    target = io.StringIO(newline="")
    width = max(map(len, rows))
    csv.writer(target).writerows([*row, *[""] * (width - len(row))] for row in rows)
    form = parse_form(mapping.encode(), source="mapping.toml")
    return take_up([("list.csv", target.getvalue().encode())], [form], GROUND)


def organs(found: Intake) -> dict[str, str]:
    names = {organ.code: organ.name for organ in found.organs}
    return {item.name: names[item.organ] for item in found.items}


def codes(found: Intake, *, errors: bool = True) -> list[tuple[str, str]]:
    return [(one.cell, one.code) for one in found.faults if one.is_error is errors and one.code not in WITHOUT]


def test_a_line_that_names_no_known_organ_ends_the_one_above() -> None:
    found = read(
        [
            HEAD,
            ["一、县水利局"],
            ["1", "取水许可", "5个工作日"],
            ["二、县图书馆"],
            ["1", "读者证办理", "即办"],
            ["三、其他"],
            ["1", "天然气报装", "5个工作日"],
        ],
        without="实施主体",
    )

    assert organs(found) == {"取水许可": "县水利局", "读者证办理": "县图书馆"}
    assert codes(found) == [("A6", "empty")]


def test_a_kind_of_items_between_organs_ends_none() -> None:
    found = read(
        [
            HEAD,
            ["县水利局（2项）"],
            ["行政许可（1项）"],
            ["1", "取水许可", "5个工作日"],
            ["公共服务（1项）"],
            ["2", "水质查询", "即办"],
            ["县林业局（1项）"],
            ["1", "林木采伐许可", "3个工作日"],
        ],
        without="实施主体",
    )

    assert organs(found) == {"取水许可": "县水利局", "水质查询": "县水利局", "林木采伐许可": "县林业局"}
    assert codes(found) == []


@pytest.mark.parametrize(
    ("above", "organ"),
    [
        (["县水利局"], "县水利局"),
        (["云岭县权责清单", "责任单位：县水利局"], "县水利局"),
        (["县人民政府办公室", "云岭县权责清单"], ""),
        (["县水利局权责清单"], ""),
        (["填报单位：县政务服务中心"], ""),
    ],
)
def test_an_organ_over_the_list_is_taken_where_it_is_nobody_elses(above: Sequence[str], organ: str) -> None:
    found = read([*([one] for one in above), HEAD, ["1", "取水许可", "5个工作日"]], without="实施主体")

    assert list(organs(found).values()) == ([organ] if organ else [])
    assert ("organ-over-all" in [code for _, code in codes(found, errors=False)]) is bool(organ)
    assert [code for _, code in codes(found)] == ([] if organ else ["column-missing"])


def test_a_cell_that_repeats_the_one_above_needs_one() -> None:
    head = ["事项名称", "实施主体", "承诺时限"]
    found = read([head, ["取水许可", "同上", "5个工作日"], ["采砂许可", "县水利局", "〃"], ["开工审批", "〃", "同上"]])

    assert organs(found) == {"采砂许可": "县水利局", "开工审批": "县水利局"}
    assert {str(item.promised) for item in found.items} == {"5wd"}
    assert codes(found) == [("B2", "ditto-alone")]


def test_a_unit_in_a_column_of_its_own_is_that_of_the_limit_beside_it_only() -> None:
    head = ["事项名称", "实施主体", "办件类型", "承诺时限", "承诺时限单位", "送达时限单位"]
    found = read(
        [
            head,
            ["取水许可", "县水利局", "承诺件", "5", "工作日", "日"],
            ["水质查询", "县水利局", "即办件", "0", "工作日", "日"],
            ["采砂许可", "县水利局", "承诺件", "0", "工作日", "日"],
            ["开工审批", "县水利局", "承诺件", "5", "", "日"],
        ]
    )

    assert {item.name: str(item.promised) for item in found.items} == {"取水许可": "5wd", "水质查询": "immediate"}
    assert codes(found) == [("D4", "limit-zero"), ("D5", "limit-no-unit")]


def test_a_main_item_that_says_more_than_its_name_is_an_item_beside_its_sub_items() -> None:
    found = read(
        [
            HEAD,
            ["1", "城市道路管理", ""],
            ["1.1", "占道审批", "3个工作日"],
            ["2", "燃气经营许可", "9个工作日"],
            ["2.1", "变更", "即办"],
            ["10", "排水许可", ""],
        ],
        organ="县住建局",
    )

    said = [(item.name, item.guide.subitem) for item in found.items]
    assert said == [("城市道路管理", "占道审批"), ("燃气经营许可", ""), ("变更", ""), ("排水许可", "")]
    assert codes(found, errors=False) == [("B2", "main-row")]


@pytest.mark.parametrize(
    ("text", "limit", "fee"),
    [
        ("5个工作日；不收费", "5wd", "不收费"),
        ("收费：10元/证；时限：5个工作日", "5wd", "10元/证"),
        ("即办", "immediate", ""),
        ("5个工作日，10元/本，加急3个工作日20元/本", None, None),
        ("5个工作日，3个工作日，免费", None, None),
        ("咨询窗口", None, None),
    ],
)
def test_a_cell_with_limit_and_fee_is_parted_where_both_are_read(text: str, limit: str | None, fee: str | None) -> None:
    mapping = (
        'title = "清单"\n[constants]\norgan = "县局"\n[[field]]\nheading = "事项名称"\nelement = "name"\n'
        '[[field]]\nheading = "办理时限及收费"\nelement = "promised+fee"\n'
    )
    data = f'事项名称,办理时限及收费\n取水许可,"{text}"\n'.encode()
    found = take_up([("list.csv", data)], [parse_form(mapping.encode(), source="m.toml")], GROUND)

    assert [(str(item.promised), item.fee) for item in found.items] == ([] if limit is None else [(limit, fee)])
    assert codes(found) == ([("B2", "limit-and-fee")] if limit is None else [])


def test_a_promise_that_points_to_the_law_is_the_statutory_limit_of_its_row() -> None:
    head = ["事项名称", "实施主体", "法定时限", "承诺时限"]
    found = read(
        [
            head,
            ["取水许可", "县水利局", "45个工作日", "同法定时限"],
            ["采砂许可", "县水利局", "20个工作日", "同左"],
            ["开工审批", "县水利局", "", "与法定时限一致"],
            ["水保方案", "县水利局", "20日", "按法定时限"],
        ]
    )

    assert {item.name: str(item.promised) for item in found.items} == {"取水许可": "45wd", "采砂许可": "20wd"}
    assert codes(found) == [("D4", "limit-not-plain"), ("C5", "limit-bare-day"), ("D5", "limit-bare-day")]
