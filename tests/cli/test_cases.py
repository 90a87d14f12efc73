"""`egov cases`: a look writes nothing, faults are named by cell, and the explanations know of the cut-over."""

from __future__ import annotations

import csv
import importlib
import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import attrs
import pytest
from click.testing import CliRunner, Result

from egov_core.cli import main
from egov_core.demo.founding import demo_settings, write_settings
from egov_core.runtime.bootstrap import open_office
from egov_core.runtime.settings import read_settings
from egov_core.sheets.open_cases.columns import COLUMNS, GROUPS, MAIN
from egov_core.testing import small_county as county
from egov_core.testing.small_county import AREA

HEADINGS = ["原办件编号", "事项编码", "收件时间", "申请人", "证件号码", "受理时间"]
LATE = ["旧/2024/1", "licence", "2024-05-06", "周小满", county.ID_NUMBER, "2024-05-06"]
SHEETS = {MAIN: COLUMNS, **GROUPS}
FRESH = ["旧/2024/2", "licence", "2024-06-11", "周小满", county.ID_NUMBER, "2024-06-12"]


def run(*arguments: str, locale: str = "C.UTF-8") -> Result:
    return CliRunner().invoke(main, arguments, env={"LC_ALL": locale})


@pytest.fixture
def config(tmp_path: Path) -> str:
    settings = demo_settings(str(tmp_path / "county.db"))
    write_settings(attrs.evolve(settings, area=AREA), tmp_path / "egov.toml", "county.db")
    with open_office(read_settings(str(tmp_path / "egov.toml"))) as office:
        county.found(office)
    return str(tmp_path / "egov.toml")


def written(folder: Path, *rows: list[str]) -> str:
    file = folder / "在办件.csv"
    with file.open("w", encoding="utf-8-sig", newline="") as opened:
        csv.writer(opened).writerows([HEADINGS, *rows])
    return str(file)


def imported(config: str, file: str, *more: str) -> tuple[int, Any]:
    result = run("cases", "import", file, "--config", config, "--cut-over", "2024-06-17", "--json", *more)
    return result.exit_code, json.loads(result.stdout)


def cases_in(config: str) -> int:
    with open_office(read_settings(config), read_only=True) as office:
        return office.storage.counts(AREA)["cases"]


def test_a_look_shows_what_would_be_overdue_and_writes_nothing(config: str, tmp_path: Path) -> None:
    status, shown = imported(config, written(tmp_path, LATE, FRESH))
    assert (status, shown["fresh"], shown["there"], shown["faults"], shown["written"]) == (0, 2, 0, [], None)
    assert shown["cut_over"] == "2024-06-17T00:00:00+08:00" and shown["cards_confirmed"] is False
    late = next(one for one in shown["overdue"] if one["number"] == "旧/2024/1")
    assert (late["kind"], late["last_day"], late["due"]) == ("case", "2024-05-17", "2024-05-17T23:59:59+08:00")
    days = late["overdue_days"]
    assert late["overdue_unit"] == "workday" and 0 < days < (date.today() - date(2024, 5, 17)).days
    for locale, words in (("zh_CN.UTF-8", f"超期 {days} 个工作日"), ("C.UTF-8", f"{days} working day(s) late")):
        asked = ("--config", config, "--cut-over", "2024-06-17")
        assert words in run("cases", "import", str(tmp_path / "在办件.csv"), *asked, locale=locale).stdout
    assert [(one["number"], one["level"], one["at"][:10]) for one in shown["withheld"]] == [
        ("旧/2024/1", "yellow", "2024-05-16"),
        ("旧/2024/1", "red", "2024-05-18"),
    ]
    assert {(one["number"], one["level"], one["at"][:10]) for one in shown["issued"]} == {
        ("旧/2024/2", "yellow", "2024-06-25"),  # 13-14, 17-21, 24-26 June are ten working days
        ("旧/2024/2", "red", "2024-06-27"),
    }
    assert cases_in(config) == 0
    assert county.NAME not in json.dumps(shown, ensure_ascii=False) and county.ID_NUMBER not in json.dumps(shown)


def test_apply_writes_once_and_tells_the_query_codes(config: str, tmp_path: Path) -> None:
    file, codes = written(tmp_path, LATE, FRESH), tmp_path / "codes.csv"
    status, shown = imported(config, file, "--apply", "--codes", str(codes))
    assert (status, shown["written"], cases_in(config)) == (0, 2, 2)
    with codes.open(encoding="utf-8-sig", newline="") as opened:
        told = list(csv.reader(opened))
    assert [line[0] for line in told] == ["number", "旧/2024/1", "旧/2024/2"] and all(line[1] for line in told)
    status, shown = imported(config, file, "--apply")
    assert (status, shown["there"], shown["written"], cases_in(config)) == (0, 2, 0, 2)
    assert not shown["applied"]
    assert json.loads(run("verify", "--config", config, "--json").stdout)["verify"] == "ok"


def test_codes_of_an_earlier_part_stay_in_the_file_and_another_file_is_left_alone(config: str, tmp_path: Path) -> None:
    codes = tmp_path / "codes.csv"
    assert imported(config, written(tmp_path, LATE), "--apply", "--codes", str(codes))[0] == 0
    first = codes.read_text(encoding="utf-8-sig").splitlines()
    assert imported(config, written(tmp_path, FRESH), "--apply", "--codes", str(codes))[0] == 0
    assert codes.read_text(encoding="utf-8-sig").splitlines()[:2] == first and len(first) == 2
    assert len(codes.read_text(encoding="utf-8-sig").splitlines()) == 3
    assert [one.name for one in tmp_path.glob("codes*")] == ["codes.csv"]
    other = tmp_path / "other.csv"
    other.write_text("something,else\n", encoding="utf-8")
    bad = ["cases", "import", str(written(tmp_path, FRESH)), "--config", config, "--cut-over", "2024-06-17"]
    told = run(*bad, "--apply", "--codes", str(other))
    assert told.exit_code == 1 and "no list of query codes" in told.stderr
    assert other.read_text(encoding="utf-8") == "something,else\n"


def test_a_number_like_a_formula_is_a_text_in_the_file_of_codes(config: str, tmp_path: Path) -> None:
    file, codes = written(tmp_path, ["=1+1", *LATE[1:]]), tmp_path / "codes.csv"
    assert imported(config, file, "--apply", "--codes", str(codes))[1]["written"] == 1
    with codes.open(encoding="utf-8-sig", newline="") as opened:
        assert [line[0] for line in csv.reader(opened)] == ["number", "'=1+1"]


def test_with_a_fault_nothing_is_written_and_the_status_is_1(config: str, tmp_path: Path) -> None:
    bad = ["旧/2024/3", "没有", "2024-06-11", "周小满", county.ID_NUMBER, "昨天"]
    status, shown = imported(config, written(tmp_path, FRESH, bad), "--apply")
    assert (status, shown["written"], cases_in(config)) == (1, None, 0)
    (fault,) = shown["faults"]
    assert {name: fault[name] for name in ("sheet", "cell", "severity", "code")} == {
        "sheet": "", "cell": "F3", "severity": "error", "code": "time",
    }  # fmt: skip
    result = run("cases", "import", written(tmp_path, bad), "--config", config, "--cut-over", "2024-06-17")
    assert result.exit_code == 1 and "F2 " in result.stderr and "nothing is written" in result.stdout


def test_gb18030_is_read_and_said(config: str, tmp_path: Path) -> None:
    file = Path(written(tmp_path, FRESH))
    file.write_bytes(file.read_text(encoding="utf-8-sig").encode("gb18030"))
    status, shown = imported(config, str(file), "--apply")
    assert (status, shown["written"], cases_in(config)) == (0, 1, 1)
    assert [(one["severity"], one["code"]) for one in shown["faults"]] == [("warning", "file-encoding")]


def test_a_person_is_told_in_either_language(config: str, tmp_path: Path) -> None:
    arguments = ["cases", "import", written(tmp_path, LATE), "--config", config, "--cut-over", "2024-06-17"]
    english, chinese = run(*arguments), run(*arguments, locale="zh_CN.UTF-8")
    assert "cards before the cut-over, not issued: red 1, yellow 1" in english.stdout
    assert "--apply writes" in english.stdout
    assert "切换前的牌，不发" in chinese.stdout and "写入请加 --apply" in chinese.stdout


def test_explain_says_why_there_is_no_card(config: str, tmp_path: Path) -> None:
    imported(config, written(tmp_path, LATE), "--apply")
    shown = json.loads(run("explain", "card", "旧/2024/1", "--config", config, "--json").stdout)
    assert shown["cards"] == [] and [one["level"] for one in shown["withheld"]] == ["yellow", "red"]
    assert "2024-06-17" in shown["withheld"][0]["why"]
    told = run("explain", "card", "旧/2024/1", "--config", config)
    assert "not issued" in told.stdout and "原系统" in told.stdout


def test_confirmed_cards_are_issued(config: str, tmp_path: Path) -> None:
    status, shown = imported(config, written(tmp_path, LATE), "--apply", "--confirm-cards")
    assert status == 0 and shown["withheld"] == []
    assert [one["at"][:10] for one in shown["issued"]] == ["2024-05-16", "2024-05-18"]
    explained = json.loads(run("explain", "card", "旧/2024/1", "--config", config, "--json").stdout)
    assert [one["level"] for one in explained["cards"]] == ["yellow", "red"] and explained["withheld"] == []


@pytest.mark.parametrize(
    ("more", "told"),
    [(["--codes", "x.csv"], "--apply"), (["--source", " "], "--source"), (["--cut-over", "x"], "2016")],
)
def test_options_that_cannot_be_are_refused(config: str, tmp_path: Path, more: list[str], told: str) -> None:
    arguments = ["cases", "import", written(tmp_path, LATE), "--config", config, "--cut-over", "2024-06-17", *more]
    result = run(*arguments)
    assert result.exit_code == 2 and told in result.stderr


def test_the_rows_of_the_summary_add_up(config: str, tmp_path: Path) -> None:
    assert imported(config, written(tmp_path, LATE, FRESH), "--apply")[0] == 0
    clash = [*FRESH[:5], "2024-06-13"]
    bad, new = ["旧/2024/3", "licence", "昨天", *LATE[3:]], ["旧/2024/4", *LATE[1:]]
    file = written(tmp_path, LATE, clash, bad, new, new)
    status, shown = imported(config, file)
    assert (status, shown["rows"], shown["fresh"], shown["there"], shown["wrong"]) == (1, 5, 1, 1, 3)
    assert [one["code"] for one in shown["faults"]] == ["time", "number-twice", "changed"]
    told = run("cases", "import", file, "--config", config, "--cut-over", "2024-06-17").stdout
    assert "5 rows: 1 to take over, 1 there already, 3 with errors; 3 errors" in told


def test_a_cut_over_to_come_is_refused_before_the_file_is_read(config: str, tmp_path: Path) -> None:
    arguments = ["cases", "import", str(tmp_path / "not-there.xlsx"), "--config", config, "--cut-over", "2999-01-01"]
    result = run(*arguments, "--apply")
    assert result.exit_code == 1 and "still to come" in result.stderr and "without --apply" in result.stderr
    assert "goes on" not in result.stderr and "not-there" not in result.stderr
    looked = run("cases", "import", written(tmp_path, LATE), "--config", config, "--cut-over", "2039-06-06")
    assert looked.exit_code == 0, looked.output  # a rehearsal may be as early as one likes


def workbook(file: Path) -> Any:
    """A workbook to write to, with dates and formulas as people leave them in it."""
    return importlib.import_module("xlsxwriter").Workbook(str(file))


def test_a_workbook_is_read_with_its_sheets_and_a_formula_is_a_fault(config: str, tmp_path: Path) -> None:
    file = tmp_path / "在办件.xlsx"
    assert run("cases", "template", str(file)).exit_code == 0
    columns = {sheet: [one.heading for one in found] for sheet, found in SHEETS.items()}
    book = workbook(file)
    main, procedures = book.add_worksheet("在办件"), book.add_worksheet("特别程序")
    for sheet, headings in ((main, columns["在办件"]), (procedures, ["原办件编号", *columns["特别程序"]])):
        sheet.write_row(0, 0, headings)
    row = dict(zip(HEADINGS, LATE, strict=True))
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for column, heading in enumerate(columns["在办件"]):
        if heading in ("收件时间", "受理时间"):
            main.write_datetime(1, column, datetime(2024, 5, 6), day)
        elif heading in row:
            main.write_string(1, column, row[heading])
    procedures.write_row(2, 0, ["旧/2024/1", "听证", "特1", "5"])
    procedures.write_datetime(2, 4, datetime(2024, 5, 7), day)
    procedures.write_datetime(2, 5, datetime(2024, 5, 9), day)
    book.close()
    status, shown = imported(config, str(file))
    assert (status, shown["faults"]) == (0, [])
    (case,) = [one for one in shown["cases"][0]["timers"] if one["kind"] == "case"]
    assert case["last_day"] == "2024-05-21"  # 7, 10-11, 13-17, 20-21 May; 8 and 9 are the hearing's

    book = workbook(file)
    main = book.add_worksheet("在办件")
    main.write_row(0, 0, HEADINGS)
    main.write_row(1, 0, LATE)
    main.write_formula(1, 5, "=TODAY()")
    book.close()
    status, shown = imported(config, str(file), "--apply")
    errors = [(one["cell"], one["code"]) for one in shown["faults"] if one["severity"] == "error"]
    assert status == 1 and errors == [("F2", "formula")]
    assert cases_in(config) == 0


def test_a_file_that_is_none_is_refused_as_a_whole(config: str, tmp_path: Path) -> None:
    file = tmp_path / "在办件.xlsx"
    file.write_bytes(b"not a workbook")
    status, shown = imported(config, str(file))
    assert status == 1 and shown["error"]["faults"][0]["code"] == "file-kind"


def test_the_template_of_a_workbook_is_read_without_a_fault(config: str, tmp_path: Path) -> None:
    file = tmp_path / "empty.xlsx"
    assert run("cases", "template", str(file)).exit_code == 0
    status, shown = imported(config, str(file))
    assert (status, shown["rows"], shown["faults"]) == (0, 0, [])


def test_the_template_is_written_once(tmp_path: Path) -> None:
    file = tmp_path / "empty.csv"
    assert run("cases", "template", str(file)).exit_code == 0
    assert "原办件编号" in file.read_text(encoding="utf-8-sig")
    again = run("cases", "template", str(file))
    assert again.exit_code == 1 and "is there already" in again.stderr
    assert run("cases", "template", str(tmp_path / "x.pdf")).exit_code == 1
