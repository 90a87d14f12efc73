"""`egov calendar list` and `diff`: what is known, what a notice would change, and refusals."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from egov_core.cli import main
from egov_core.runtime.shipped import national_calendar, national_notices, notice_files, read_notice_file

NOTICE = """
number = "虚构〔2026〕1号"
title = "关于2027年部分节假日安排的通知（虚构）"
year = 2027
published = 2026-11-20
rest = [
    "2027-01-01..2027-01-03", "2027-02-05..2027-02-11", "2027-04-03..2027-04-05", "2027-05-01..2027-05-05",
    "2027-06-09", "2027-09-15", "2027-10-01..2027-10-07",
]
work = ["2027-02-20", "2027-05-08"]
"""
AMENDMENT = """
number = "虚构〔2027〕2号"
title = "关于调整2027年劳动节的通知（虚构）"
year = 2027
published = 2027-03-20
amends = "虚构〔2026〕1号"
ordinary = ["2027-05-05", "2027-05-08"]
"""


def run(*arguments: str, locale: str = "C.UTF-8") -> Result:
    return CliRunner().invoke(main, ["calendar", *arguments], env={"LC_ALL": locale})


def json_of(*arguments: str) -> Any:
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two notice files, and the settings of an office that names the first."""
    (tmp_path / "2027.toml").write_text(NOTICE, encoding="utf-8")
    (tmp_path / "amend.toml").write_text(AMENDMENT, encoding="utf-8")
    text = '[county]\narea = "990121"\n[time]\ncalendar-files = ["2027.toml"]\n'
    (tmp_path / "egov.toml").write_text(text, encoding="utf-8")
    return tmp_path


def test_the_shipped_notices_are_listed_oldest_first_with_their_files() -> None:
    told = json_of("list")
    assert [(one["title"], one["file"]) for one in told["notices"]] == [
        (notice.title, f"shipped:{file}") for file, notice in notice_files()
    ]
    published = [one["published"] for one in told["notices"]]
    assert published == sorted(published)
    assert told["horizon"] == str(national_calendar().horizon)
    assert [one["number"] for one in told["notices"] if one["amends"]] == [
        notice.number for notice in national_notices() if notice.amends
    ]
    assert any(one["amends"] for one in told["notices"])


def test_the_notices_that_settings_name_are_listed_and_reach_further(folder: Path) -> None:
    told = json_of("list", "--config", str(folder / "egov.toml"))
    assert (told["notices"][-1]["number"], told["notices"][-1]["file"]) == ("虚构〔2026〕1号", "2027.toml")
    assert told["horizon"] == "2027-12-31"
    assert "2027.toml\n" in run("list", "--config", str(folder / "egov.toml")).stdout


def test_a_diff_is_the_days_on_which_the_two_calendars_differ(folder: Path) -> None:
    told = json_of("diff", str(folder / "2027.toml"))
    before = national_calendar()
    after = national_calendar(extra=[read_notice_file(folder / "2027.toml")])
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(1096)]
    differ = [day for day in days if before.is_workday(day) != after.is_workday(day)]
    assert [one["day"] for one in told["days"]] == [str(day) for day in differ]
    assert told["days"][0] == {
        "day": "2027-02-11",
        "old": "weekday",
        "new": "holiday",
        "counts": False,
        "source": "虚构〔2026〕1号",
    }
    assert told["horizon"] == {"old": str(before.horizon), "new": "2027-12-31"}
    assert sorted(one.name for one in folder.iterdir()) == ["2027.toml", "amend.toml", "egov.toml"]


def test_a_diff_is_against_the_calendar_of_the_office(folder: Path) -> None:
    told = json_of("diff", str(folder / "amend.toml"), "--config", str(folder / "egov.toml"))
    assert [(one["day"], one["old"], one["new"], one["counts"]) for one in told["days"]] == [
        ("2027-05-05", "holiday", "ordinary", True),
        ("2027-05-08", "make-up", "ordinary", False),
    ]
    assert told["notice"]["amends"] == "虚构〔2026〕1号"


def test_a_notice_in_force_changes_nothing_however_its_source_is_written(folder: Path) -> None:
    (folder / "again.toml").write_text(NOTICE + 'source = "elsewhere"\n', encoding="utf-8")
    arguments = ("diff", str(folder / "again.toml"), "--config", str(folder / "egov.toml"))
    assert json_of(*arguments)["days"] == []
    assert run(*arguments).stdout.startswith("no day changes\n")
    assert run(*arguments, locale="zh_CN.UTF-8").stdout.startswith("没有日子改变\n")


def test_the_number_of_a_notice_in_force_with_other_days_is_refused(folder: Path) -> None:
    (folder / "again.toml").write_text(NOTICE.replace('"2027-06-09", ', ""), encoding="utf-8")
    result = run("diff", str(folder / "again.toml"), "--config", str(folder / "egov.toml"), "--json")
    assert result.exit_code == 1
    error = json.loads(result.stdout)["error"]
    assert (error["code"], "amends" in error["remedy"]) == ("calendar-data", True)


def test_a_deadline_refuses_the_number_of_a_notice_in_force_in_the_same_words(tmp_path: Path) -> None:
    dup = NOTICE.replace("虚构〔2026〕1号", "国办发明电〔2025〕7号")
    (tmp_path / "dup.toml").write_text(dup, encoding="utf-8")
    (tmp_path / "new.toml").write_text(NOTICE, encoding="utf-8")
    (tmp_path / "other.toml").write_text(NOTICE.replace('"2027-06-09", ', ""), encoding="utf-8")
    asked = ["deadline", "--start", "2027-01-28", "--limit", "10wd", "--json"]

    def error(*files: str) -> dict[str, Any]:
        words = [word for file in files for word in ("--calendar", str(tmp_path / file))]
        told: dict[str, Any] = json.loads(CliRunner().invoke(main, [*asked, *words]).stdout)
        return dict(told.get("error", {}))

    compared = json.loads(run("diff", str(tmp_path / "dup.toml"), "--json").stdout)["error"]
    assert error("dup.toml") == compared
    assert "is in force already, with other days" in compared["message"]
    assert "is in force already" in error("new.toml", "other.toml")["message"]
    assert error("new.toml", "new.toml") == {}


@pytest.mark.parametrize("text", ["title = ", 'title = "x"\nyear = 2027\npublished = 2026-11-20\n', None])
def test_a_file_that_is_no_notice_is_one_error(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "bad.toml").write_text(text, encoding="utf-8")
    result = run("diff", str(tmp_path / "bad.toml"), "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["error"]["code"] == "calendar-data"
