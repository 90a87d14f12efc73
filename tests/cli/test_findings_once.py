"""The same finding in many cells is told once, with how many they are and which; every cell is an option away."""

from __future__ import annotations

import pytest

from egov_core.cli.handed_in import show_faults
from egov_core.domain.cells import CellFault
from egov_core.sheets.forms.ground import Ground
from egov_core.sheets.forms.intake import take_up
from egov_core.sheets.forms.not_given import DEFAULT_LIMIT
from egov_core.sheets.forms.shipped import shipped_form, shipped_forms
from egov_core.sheets.forms.writing import sheet_of
from egov_core.sheets.workbook import write_csv
from egov_core.testing.small_county import SINCE


def fault(cell: str, message: str = "is empty", *, severity: str = "warning", file: str = "a.xlsx") -> CellFault:
    return CellFault(file=file, sheet="表", cell=cell, severity=severity, code="empty", message=message, remedy="fill")


def told(capsys: pytest.CaptureFixture[str], *faults: CellFault, every_cell: bool = False) -> list[str]:
    show_faults(faults, every_cell=every_cell)
    return [line for line in capsys.readouterr().err.splitlines() if not line.startswith("   ")]


def test_a_finding_in_many_rows_is_told_once_with_its_count_and_rows(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    (line,) = told(capsys, *(fault(f"Y{row}") for row in (4, 5, 6, 9, 12)))
    assert line == "warning a.xlsx / 表!Y4 and others, 5 cells: Y4:Y6, Y9, Y12  is empty  [empty]"
    many = [fault(f"Y{2 * row}") for row in range(2, 50)]
    (line,) = told(capsys, *many)
    assert "48 cells: Y4, Y6" in line and "--every-cell" in line and "Y98" not in line
    (line,) = told(capsys, *many, every_cell=True)
    assert line.endswith("Y96, Y98  is empty  [empty]")
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    (line,) = told(capsys, *many)
    assert line.startswith("提醒 a.xlsx / 表!Y4 等 48 格：Y4, Y6")


def test_findings_that_differ_in_anything_but_the_row_are_told_apart(capsys: pytest.CaptureFixture[str]) -> None:
    others = [
        fault("A1"),
        fault("B1"),
        fault("A2", "is wrong"),
        fault("A2", severity="error"),
        fault("A2", file="b.xlsx"),
        fault(""),
    ]
    lines = told(capsys, *others)
    assert len(lines) == len(others) and not any("cells" in line for line in lines)
    assert lines[0].startswith("error"), "errors come first"


def test_what_an_export_gives_out_is_taken_in_without_a_word() -> None:
    ground = Ground(area="990101", valid_from=SINCE, founding=True)
    given = "事项名称,办理主体,法定期限,承诺期限,事项类型,办件类型\n甲,局,,9个工作日,行政许可,承诺件\n"
    given += "乙,局,,,行政许可,承诺件\n"
    first = take_up([("a.csv", given.encode())], shipped_forms(), ground)
    assert [(one.cell, one.code) for one in first.faults] == [("C2", "limit-default"), ("C3", "limit-default")]
    out = write_csv(sheet_of(shipped_form("summary"), first.items, ground.names))
    assert out.decode("utf-8-sig").count(DEFAULT_LIMIT) == 2
    again = take_up([("out.csv", out)], shipped_forms(), ground)
    assert again.faults == ()
    assert [one.statutory_is_default for one in again.items] == [True, True]
    assert [one.form_values for one in again.items] == [one.form_values for one in first.items]
