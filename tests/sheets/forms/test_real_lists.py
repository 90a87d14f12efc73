"""Lists as departments have them, each with a mapping: every row is an item or a fault that names its cell."""

from __future__ import annotations

import csv
import io
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from egov_core.errors import CatalogueError
from egov_core.sheets.forms.description import Form, parse_form
from egov_core.sheets.forms.ground import Ground
from egov_core.sheets.forms.intake import Intake, take_up

GROUND = Ground(area="990121", valid_from=date(2016, 5, 3), founding=True)


def mapping(root: Path, name: str) -> Form:
    file = root / "examples" / "mappings" / f"{name}.toml"
    return parse_form(file.read_bytes(), source=file.name)


def rows_in_error(found: Intake) -> set[str]:
    assert all(fault.cell and fault.file for fault in found.faults if fault.is_error)
    return {fault.cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") for fault in found.faults if fault.is_error}


@pytest.mark.shared
@pytest.mark.parametrize(
    ("file", "name", "least"),
    [
        ("items_real_1.csv", "limits-list", 70),
        ("items_real_2.csv", "portal-list", 1135),
        ("items_real_3.csv", "materials-list", 38),
    ],
)
def test_every_row_is_an_item_or_a_fault_that_names_its_cell(
    project_root: Path, shared_dir: Path, file: str, name: str, least: int
) -> None:
    data = (shared_dir / "data" / file).read_bytes()
    found = take_up([(file, data)], [mapping(project_root, name)], GROUND)
    assert found.rows == len(list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""))))
    assert len(found.items) + len(rows_in_error(found)) == found.rows
    assert len(found.items) >= least
    assert len({item.code for item in found.items}) == len(found.items)
    again = take_up([(file, data)], [mapping(project_root, name)], GROUND)
    assert again.items == found.items


MAPPING = b"""
title = "list"
recognise = ["item", "office"]
[constants]
power_class = "\xe8\xa1\x8c\xe6\x94\xbf\xe7\xa1\xae\xe8\xae\xa4"
[[field]]
heading = "item"
element = "name"
[[field]]
heading = "office"
element = "organ"
[[field]]
heading = "no"
element = "own_number"
[[field]]
heading = "limit"
element = "promised"
"""


def read(text: str) -> Intake:
    return take_up([("list.csv", text.encode())], [parse_form(MAPPING, source="m.toml")], GROUND)


def told(found: Intake) -> list[tuple[str, str, str]]:
    return [
        (fault.cell, fault.code, fault.severity)
        for fault in found.faults
        if fault.code not in ("limit-default", "limit-not-set", "class-by-default")
    ]


@pytest.mark.parametrize(
    ("rows", "items", "faults"),
    [
        ("甲,局,,\n", 1, []),
        ("甲,,,\n", 0, [("B2", "empty", "error")]),
        (",局,,\n", 0, [("A2", "empty", "error")]),
        ("甲,一局、二局,,\n", 0, [("B2", "several-organs", "error")]),
        ('"1.甲\n2.乙",局,,\n', 0, [("A2", "several-items", "error")]),
        ('"建设工程\n规划许可",局,,\n', 1, []),
        ("甲,局,,\n甲,局,,\n", 1, [("A3", "duplicate-row", "error")]),
        ("甲,局,,3个工作日\n甲,局,,5个工作日\n", 2, [("A3", "duplicate", "warning")]),
        ("甲,局,01,\n乙,局,01,\n", 1, [("C3", "number-twice", "error")]),
        ("甲,局,01,\n甲,局,02,\n", 2, [("A3", "duplicate", "warning")]),
        ("甲,局,,随便\n", 0, [("D2", "limit-not-plain", "error")]),
        ("甲,局,,30个工作日\n", 1, []),
        ("甲,局,\n", 0, [("A2", "cells-too-few", "error")]),
        ("甲,局,,,,\n", 0, [("A2", "cells-too-many", "error")]),
        (",,,\n甲,局,,\n", 1, []),
    ],
)
def test_what_is_wrong_with_a_row_is_told_at_its_cell(
    rows: str, items: int, faults: list[tuple[str, str, str]]
) -> None:
    found = read("item,office,no,limit\n" + rows)
    assert (len(found.items), told(found)) == (items, faults)
    assert len(found.items) + len(rows_in_error(found)) == found.rows


def test_a_constant_holds_for_every_row_and_an_unknown_heading_is_listed() -> None:
    found = read("附件：目录,,,\nitem,office,colour,limit\n甲,局,红,\n")
    assert found.items[0].power_class.value == "行政确认"
    assert told(found) == [("C2", "heading-unknown", "warning")]


def test_a_list_that_is_none_of_the_forms_says_what_is_needed() -> None:
    found = read("x,y\n1,2\n")
    (fault,) = found.faults
    assert fault.code == "form-unknown" and "item、office" in fault.remedy and "x、y" in fault.message


def test_a_mapping_is_refused_with_every_fault_at_once() -> None:
    bad = (
        b'tite = "x"\n[constants]\norgn = "a"\n[[field]]\nheading = "a"\nelement = "nam"\n'
        b'[[field]]\nelement = "name"\nwidth = "w"\n'
    )
    with pytest.raises(CatalogueError, match="cannot be used as a mapping") as caught:
        parse_form(bad, source="m.toml")
    codes = Counter(fault.code for fault in caught.value.faults)
    assert codes == {"mapping-key": 1, "mapping-element": 2, "mapping-missing": 1, "mapping-type": 1}
    assert any("did you mean name?" in fault.message for fault in caught.value.faults)
