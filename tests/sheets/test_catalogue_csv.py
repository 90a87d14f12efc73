"""A catalogue file: every row is an item or an error, and a file that cannot be used is refused whole."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from egov_core.domain.catalogue import ART_42_DEFAULT, CaseType, PowerClass
from egov_core.domain.organisation import OrganKind
from egov_core.errors import CatalogueError
from egov_core.sheets.archive import LARGEST_FILE
from egov_core.sheets.catalogue_csv import REQUIRED, CatalogueSheet, read_catalogue
from egov_core.sheets.power_classes import power_class_of
from egov_core.sheets.statutory import default_of

COLUMNS = (*REQUIRED, "item_type", "case_type", "legal_basis", "fee")


def read(data: bytes) -> CatalogueSheet:
    return read_catalogue(data, source="items.csv", area="990121", parent="jg003", valid_from=date(2010, 1, 1))


def sheet(*rows: Sequence[str], columns: Sequence[str] = COLUMNS) -> CatalogueSheet:
    file = io.StringIO(newline="")
    csv.writer(file).writerows([columns, *rows])
    return read(file.getvalue().encode())


def row(
    number: str = "1",
    name: str = "取水许可",
    department: str = "水利局",
    statutory: str = "45个工作日",
    promised: str = "20个工作日",
    power: str = "行政许可",
    case_type: str = "承诺件",
    basis: str = "《水法》第四十八条",
    fee: str = "不收费",
) -> tuple[str, ...]:
    return (number, name, department, statutory, promised, power, case_type, basis, fee)


def faults(found: CatalogueSheet) -> list[tuple[int, str, str, str]]:
    return [(fault.row, fault.column, fault.severity, fault.code) for fault in found.faults]


def assert_sum(found: CatalogueSheet) -> None:
    assert len(found.items) + found.rows_in_error == found.rows
    assert len({item.code for item in found.items}) == len(found.items)
    assert {item.organ for item in found.items} <= {organ.code for organ in found.organs}


def test_a_full_row_becomes_an_item_of_its_department() -> None:
    found = sheet(row())
    (item,), (organ,) = found.items, found.organs

    assert (organ.name, organ.kind, organ.parent) == ("水利局", OrganKind.DEPARTMENT, "jg003")
    assert (item.name, item.organ, str(item.statutory), str(item.promised)) == ("取水许可", organ.code, "45wd", "20wd")
    assert (item.power_class, item.case_type, item.fee) == (PowerClass.LICENCE, CaseType.PROMISE, "不收费")
    assert str(item.statutory.basis) == "《水法》第四十八条"
    assert (found.faults, found.rows, item.statutory_is_default) == ((), 1, False)


def test_codes_stay_when_rows_move() -> None:
    one, other = row(), row("2", name="河道采砂许可")

    first, second = sheet(one, other), sheet((("2"), *one[1:]), ("1", *other[1:]))

    assert {item.code for item in first.items} == {item.code for item in second.items}
    assert first.organs == second.organs


def test_a_row_without_any_limit_gets_the_default_with_a_warning() -> None:
    found = sheet(row(statutory="", promised=""))

    assert found.items[0].statutory is ART_42_DEFAULT
    assert found.items[0].statutory_is_default
    assert found.items[0].promised is None
    assert faults(found) == [(1, "statutory_limit", "warning", "limit-default")]


def test_a_promise_alone_rests_on_the_default_if_it_fits_into_it() -> None:
    found = sheet(
        row("7", statutory="", promised="20个工作日"), row("8", name="乙", statutory="", promised="30个工作日")
    )

    assert faults(found) == [
        (7, "statutory_limit", "warning", "statutory-default"),
        (8, "promised_limit", "error", "promise-above-default"),
    ]
    assert found.items[0].statutory_is_default


@pytest.mark.parametrize(
    ("statutory", "promised", "code"),
    [
        ("20个工作日", "21个工作日", "promise-above-statutory"),
        ("即办", "1个工作日", "promise-above-statutory"),
    ],
)
def test_a_promise_that_outlasts_the_law_makes_the_row_an_error(statutory: str, promised: str, code: str) -> None:
    found = sheet(row(statutory=statutory, promised=promised))

    assert faults(found) == [(1, "promised_limit", "error", code)]
    assert found.items == ()


@pytest.mark.parametrize(
    ("statutory", "promised", "found"),
    [
        ("30个自然日", "10个工作日", []),
        ("15个自然日", "1个工作日", []),
        ("20个工作日", "28个自然日", [(1, "promised_limit", "warning", "promise-not-comparable")]),
        ("", "28个自然日", [(1, "promised_limit", "warning", "promise-not-comparable")]),
    ],
)
def test_a_promise_in_another_unit_is_an_item_with_a_warning_only_where_it_may_end_later(
    statutory: str, promised: str, found: list[tuple[object, ...]]
) -> None:
    read = sheet(row(statutory=statutory, promised=promised))

    assert [one for one in faults(read) if one[1] == "promised_limit"] == found
    assert len(read.items) == 1


def test_every_bad_cell_of_a_row_is_named_and_the_row_counts_once() -> None:
    found = sheet(row("12", name="", department="", statutory="60日", promised="7个工作日;加急3个工作日"))

    assert faults(found) == [
        (12, "item_name", "error", "empty"),
        (12, "department", "error", "empty"),
        (12, "statutory_limit", "error", "limit-bare-day"),
        (12, "promised_limit", "error", "limit-not-plain"),
    ]
    assert found.rows_in_error == 1
    assert found.faults[0].as_dict().keys() == {"row", "column", "severity", "code", "message"}


def test_a_duplicate_is_kept_with_a_warning_and_a_code_of_its_own() -> None:
    found = sheet(row("1"), row("2"))

    assert faults(found) == [(2, "item_name", "warning", "duplicate")]
    assert_sum(found)
    assert len(found.items) == 2


def test_rows_are_counted_where_the_row_column_does_not_number_them() -> None:
    found = sheet(row("A"), row("1", name="乙", statutory="20天"), row("1", name="丙", statutory="20天"))

    assert [fault[:2] for fault in faults(found)] == [(1, "row"), (2, "statutory_limit"), (3, "statutory_limit")]
    assert_sum(found)


@pytest.mark.parametrize("change", [("多余",), ()])
def test_a_row_with_a_cell_too_many_or_too_few_is_an_error(change: tuple[str, ...]) -> None:
    cells = (*row(), *change) if change else row()[:-1]

    found = sheet(cells, row("2", name="乙"))

    code = "cells-too-many" if change else "cells-too-few"
    assert faults(found) == [(1, "row", "error", code)]
    assert_sum(found)


@pytest.mark.parametrize(
    ("case_type", "promised", "kind", "code"),
    [
        ("即办件", "即办", CaseType.IMMEDIATE, None),
        ("", "即办", CaseType.IMMEDIATE, None),
        ("", "5个工作日", CaseType.PROMISE, None),
        ("（承诺件）", "5个工作日", CaseType.PROMISE, None),
        ("即办件", "1个工作日", CaseType.IMMEDIATE, "case-type-conflict"),
        ("承诺件", "即办", CaseType.PROMISE, "case-type-conflict"),
        ("转报件", "5个工作日", CaseType.FORWARD, "forward-target"),
        ("急办件", "5个工作日", CaseType.PROMISE, "case-type"),
    ],
)
def test_the_case_type_is_read_or_taken_from_the_limit(
    case_type: str, promised: str, kind: CaseType, code: str | None
) -> None:
    found = sheet(row(case_type=case_type, promised=promised))

    assert found.items[0].case_type is kind
    assert [fault.code for fault in found.faults] == ([code] if code else [])


@pytest.mark.parametrize(
    ("text", "power", "warned"),
    [
        ("行政许可", PowerClass.LICENCE, False),
        ("(行政确认)", PowerClass.CONFIRMATION, False),
        ("服务", PowerClass.PUBLIC_SERVICE, False),
        ("行政许可事项", PowerClass.LICENCE, False),
        ("非行政许可审批", PowerClass.OTHER_POWER, False),
        ("审查", PowerClass.OTHER_POWER, True),
        ("", PowerClass.OTHER_POWER, True),
    ],
)
def test_the_class_of_power_is_known_by_its_words_or_set_with_a_warning(
    text: str, power: PowerClass, warned: bool
) -> None:
    found = sheet(row(power=text))

    assert found.items[0].power_class is power
    assert [fault.code for fault in found.faults] == (["item-type"] if warned else [])


def test_only_the_five_columns_are_needed_and_a_mark_at_the_start_is_allowed() -> None:
    text = "\ufeff" + ",".join(REQUIRED) + "\r\n1,取水许可,水利局,45个工作日,\r\n,,,,\r\n\r\n"

    found = read(text.encode())

    assert (len(found.items), found.rows, found.items[0].promised) == (1, 1, None)


HEADER = ",".join(REQUIRED)


def test_gb18030_is_read_and_said() -> None:
    text = f"{HEADER}\n1,取水许可,水利局,20个工作日,\n"
    found, same = read(text.encode("gb18030")), read(text.encode())
    assert (found.items, found.organs) == (same.items, same.organs)
    assert found.faults[1:] == same.faults
    assert [(one.severity, one.code) for one in found.faults[:1]] == [("warning", "file-encoding")]
    assert found.rows_in_error == 0


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (f"{HEADER}\n1,取水许可,水利局,,\n".encode("utf-16")[:-1], "UTF-16"),
        (b"\xff\xff\x80", "neither UTF-8 nor GB18030"),
        (f"{HEADER}\n1,取水\0许可,水利局,,\n".encode(), "NUL"),
        (HEADER.encode(), "no rows"),
        (f"{HEADER}\n,,,,\n".encode(), "no rows"),
        (b"", "lacks the columns row, item_name, department, statutory_limit, promised_limit; it has none"),
        (b"row,item_name,department\n1,a,b\n", "lacks the columns statutory_limit, promised_limit; it has row, item_n"),
        (f"{HEADER},row\n1,a,b,,,1\n".encode(), "more than one column row"),
        (f'{HEADER}\n1,"取水许可,水利局,,\n'.encode(), "well-formed"),
        (f'{HEADER}\n1,"取水"许可,水利局,,\n'.encode(), "well-formed"),
        (b"a" * (LARGEST_FILE + 1), "at most"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_whole_with_a_remedy(data: bytes, said: str) -> None:
    with pytest.raises(CatalogueError) as caught:
        read(data)

    assert said in caught.value.message
    assert "\n" not in caught.value.message
    assert caught.value.remedy


def test_all_missing_columns_are_named_at_once() -> None:
    with pytest.raises(CatalogueError) as caught:
        read("row,department_as_printed,item_name_as_printed\n1,区司法局,法律援助\n".encode())

    assert caught.value.data["missing"] == ["item_name", "department", "statutory_limit", "promised_limit"]
    assert len(caught.value.faults) == 4


CELL = st.one_of(
    st.sampled_from(
        ["", "20个工作日", "5个工作日", "60日", "即办", "二十个自然日", "1", "2", "水利局", "取水许可", "8小时"]
    ),
    st.text(max_size=8),
)


@given(st.lists(st.lists(CELL, min_size=4, max_size=len(COLUMNS) + 1), min_size=1, max_size=8))
@settings(max_examples=75, deadline=None)
def test_every_row_is_an_item_or_an_error(rows: list[list[str]]) -> None:
    try:
        found = sheet(*rows)
    except CatalogueError:
        return
    assert_sum(found)


@given(st.one_of(st.binary(max_size=200), st.binary(max_size=120).map(lambda tail: f"{HEADER}\n".encode() + tail)))
@settings(max_examples=75, deadline=None)
def test_no_bytes_bring_another_error(data: bytes) -> None:
    try:
        found = read(data)
    except CatalogueError:
        return
    assert_sum(found)


REAL = {  # row of the shared file → (statutory, promised), read by hand; None: default, or no promise
    1: ("30wd", "9wd"),
    2: ("20wd", "1wd"),
    5: ("20wd", "13wd"),
    7: ("15wd", None),
    13: (None, "immediate"),
    14: ("20wd", "1wd"),
    19: ("30wd", "4wd"),
    23: ("1m", None),
    26: ("5wd", "3wd"),
    35: ("30wd", "30wd"),
    52: ("5wd", "5wd"),
    56: ("15wd", "1wd"),
    68: (None, "20wd"),
    85: (None, "15wd"),
    91: (None, "7wd"),
    110: (None, "3wd"),
    112: (None, "immediate"),
    116: (None, "7wd"),
    128: (None, "immediate"),
    140: ("60wd", "40wd"),
    142: (None, "10wd"),
    161: ("10wd", None),
}
REAL_ERRORS = {4, 10, 11, 20, 34, 37, 40, 43, 44, 49, 50, 53, 55, 58, 61, 92, 94, 95, 98, 103, 104, 125, 127, 158}


@pytest.mark.shared
def test_the_real_rows_are_read_or_named(shared_dir: Path) -> None:
    data = (shared_dir / "data" / "items_real_1.csv").read_bytes()
    lines = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    names = {int(line["row"]): line["item_name"] for line in lines}
    types = {int(line["row"]): line["item_type"] for line in lines}

    found = read(data)

    assert_sum(found)
    assert found.rows == len(names)
    wrong = {fault.row for fault in found.faults if fault.severity == "error"}
    assert wrong >= REAL_ERRORS
    assert not wrong & set(REAL)
    items = dict(zip(sorted(set(names) - wrong), found.items, strict=True))
    for number, (statutory, promised) in REAL.items():
        item = items[number]
        assert item.name == names[number]
        default = str(default_of(power_class_of(types[number])))
        assert (item.statutory_is_default, str(item.statutory)) == (statutory is None, statutory or default), number
        assert (str(item.promised) if item.promised else None) == promised, number


@pytest.mark.shared
@pytest.mark.parametrize("name", ["items_real_2.csv", "items_real_3.csv"])
def test_lists_without_limits_are_refused_naming_what_they_lack(shared_dir: Path, name: str) -> None:
    with pytest.raises(CatalogueError, match="statutory_limit, promised_limit"):
        read((shared_dir / "data" / name).read_bytes())
