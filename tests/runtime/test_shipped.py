"""Shipped data: complete, read once, and refused with a name where there is none."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from datetime import date
from pathlib import Path

import pytest

from egov_core.domain.calendar.notices import parse_notice
from egov_core.errors import CalendarDataError, UnknownError
from egov_core.runtime.shipped import (
    national_calendar,
    national_notices,
    office_hours,
    read_notice_file,
    read_office_hours,
    regulation,
)

NOTICE = """
title = "a day"
year = 2027
published = 2026-11-20
rest = ["2027-01-04"]
"""


def test_every_year_has_its_schedule_and_three_were_amended() -> None:
    """Twelve schedules and three amendments, each amendment naming a notice that is shipped."""
    notices = national_notices()
    schedules = [n for n in notices if not n.amends]
    assert [n.year for n in schedules] == list(range(2015, 2027))
    assert [n.year for n in notices if n.amends] == [2015, 2019, 2020]
    cited = {n.number for n in schedules} | {n.title for n in schedules}
    assert all(n.amends in cited for n in notices if n.amends)
    assert all(n.source.startswith("https://www.gov.cn/") for n in notices)
    assert [n.year for n in notices if not n.number] == [2015]


def test_every_schedule_names_every_statutory_holiday_of_its_year() -> None:
    """The regulation and the notices, taken from different sources, agree on what is a holiday."""
    for notice in national_notices():
        if not notice.amends:
            assert set(regulation().days(notice.year).holidays) <= set(notice.rest), notice.year


def test_make_up_days_are_weekends() -> None:
    """Every schedule's working days are Saturdays or Sundays."""
    for notice in national_notices():
        assert all(day.weekday() >= 5 for day in notice.work), notice.name


def test_extra_notices_are_laid_on_top_and_do_not_stay() -> None:
    """An extra notice changes the calendar that was asked for, not the shipped one."""
    day = date(2027, 1, 4)
    extra = parse_notice(tomllib.loads(NOTICE), "extra")
    assert not national_calendar(extra=[extra]).is_workday(day)
    assert national_calendar(known_as_of=date(2026, 11, 19), extra=[extra]).is_workday(day)
    assert national_calendar().is_workday(day)
    assert national_calendar() is national_calendar()


def test_unknown_office_hours_list_the_known_names() -> None:
    """The error names what there is."""
    with pytest.raises(UnknownError) as caught:
        office_hours("nowhere")
    assert caught.value.data["names"] == ["hengyang", "standard"]
    assert office_hours("standard").basis.startswith("Assumption")


def test_files_of_the_callers_are_read_by_the_same_rules(tmp_path: Path) -> None:
    """A notice and a timetable from disk; missing, broken and wrongly encoded files are refused by name."""
    good = tmp_path / "notice.toml"
    good.write_text(NOTICE, encoding="utf-8")
    assert read_notice_file(good).rest == (date(2027, 1, 4),)
    hours = tmp_path / "hours.toml"
    hours.write_text(
        'name = "x"\nbasis = "y"\n[[season]]\nfirst = "01-01"\nlast = "12-31"\nwindows = ["09:00-12:00"]\n',
        encoding="utf-8",
    )
    assert read_office_hours(str(hours)).name == "x"
    broken = tmp_path / "broken.toml"
    broken.write_text("title = ", encoding="utf-8")
    foreign = tmp_path / "gbk.toml"
    foreign.write_bytes('title = "国务院"'.encode("gbk"))
    for path in (broken, foreign, tmp_path / "missing.toml"):
        with pytest.raises(CalendarDataError) as caught:
            read_notice_file(path)
        assert caught.value.faults == () and path.name in str(caught.value) and caught.value.remedy


def test_nothing_is_read_at_import() -> None:
    """Importing the module leaves its caches empty."""
    code = (
        "from egov_core.runtime import shipped\n"
        "from egov_core.domain.calendar import workdays\n"
        "caches = [shipped.notice_files, shipped.national_notices, shipped.regulation, workdays._all_days]\n"
        "assert not any(cache.cache_info().currsize for cache in caches)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
