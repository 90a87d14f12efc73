"""Periods of the acts, counted by hand from the holiday notices and then by the library, day by day.

A hand count is written as in a case file: `04-22…04-26→5` says that the counter stands at 5 when 26 April has ended,
and that the days before that were counted in between.
"""

from __future__ import annotations

import json
import re
from typing import Any

import attrs
import pytest
from click.testing import CliRunner

from egov_core.cli import main

COUNT = re.compile(r"(?:\d\d-\d\d…)?(\d\d-\d\d)→(\d+(?:\.\d+)?)")


@attrs.frozen
class HandCount:
    """A period of an act: where it is from, how it is asked, the count by hand, and the last day."""

    law: str
    options: str
    count: str
    last_day: str

    def __str__(self) -> str:
        return f"{self.law} {self.last_day}"


COUNTED_BY_HAND = [
    # 行政处罚法 85: 二日、三日、五日、七日 are working days; 64: five days to ask for a hearing
    HandCount(
        "行政处罚法 64", "--start 2024-09-27 --limit 5wd", "09-29…09-30→2; 10-08…10-10→5", "2024-10-10"
    ),  # 09-29 is a Sunday that is worked, 10-01…10-07 off
    HandCount("行政处罚法 85", "--start 2024-06-07 --limit 2wd", "06-11…06-12→2", "2024-06-12"),  # 06-10 off
    HandCount("行政处罚法 85", "--start 2026-02-13 --limit 3wd", "02-14→1; 02-24…02-25→3", "2026-02-25"),
    # 60: ninety days for the case, natural ones: 21 in July, 31 in August, 30 in September, 8 in October
    HandCount(
        "行政处罚法 60", "--start 2024-07-10 --limit 90d", "07-31→21; 08-31→52; 09-30→82; 10-08→90", "2024-10-08"
    ),
    # 行政强制法 69: up to ten days are working days; 25: thirty days of seizure are natural ones
    HandCount(
        "行政强制法 69", "--start 2023-04-20 --limit 10wd", "04-21→1; 04-23…04-28→7; 05-04…05-06→10", "2023-05-06"
    ),
    HandCount("行政强制法 25", "--start 2025-01-02 --limit 30d", "01-31→29; 02-01→30", "2025-02-01"),
    HandCount("行政强制法 25, 民法典 203", "--start 2025-01-02 --limit 30d --roll", "01-31→29; 02-01→30", "2025-02-05"),
    # 行政复议法 88: 三日、五日、七日、十日 are working days; 62: sixty days to decide, thirty more once
    HandCount("行政复议法 30", "--start 2024-05-08 --limit 5wd", "05-09…05-11→3; 05-13…05-14→5", "2024-05-14"),
    HandCount("行政复议法 62", "--start 2024-03-01 --limit 60d", "03-31→30; 04-30→60", "2024-04-30"),
    HandCount(
        "行政复议法 62",
        "--start 2024-03-01 --limit 60d --extend 30d@2024-04-28",
        "03-31→30; 04-30→60; 05-30→90",
        "2024-05-30",
    ),
    # 政府信息公开条例 30, 33: seven to ask for a supplement; the twenty begin anew when it is in; fifteen for others
    HandCount("政府信息公开条例 30", "--start 2024-04-08 --limit 7wd", "04-09…04-12→4; 04-15…04-17→7", "2024-04-17"),
    HandCount(
        "政府信息公开条例 33",
        "--start 2024-04-19 --limit 20wd",
        "04-22…04-26→5; 04-28…04-30→8; 05-06…05-11→14; 05-13…05-17→19; 05-20→20",
        "2024-05-20",
    ),
    HandCount(
        "政府信息公开条例 32",
        "--start 2021-09-10 --limit 15wd",
        "09-13…09-18→6; 09-22…09-24→9; 09-26…09-30→14; 10-08→15",
        "2021-10-08",
    ),
    # 行政许可法 47, 48: held within twenty days of being asked for, place and time told seven days before
    HandCount(
        "行政许可法 47",
        "--start 2024-09-18 --limit 20wd",
        "09-19…09-20→2; 09-23…09-27→7; 09-29…09-30→9; 10-08…10-12→14; 10-14…10-18→19; 10-21→20",
        "2024-10-21",
    ),
    HandCount(
        "行政许可法 48", "--start 2024-10-21 --limit 7wd --backward", "10-18→1; 10-14→5; 10-12→6; 10-11→7", "2024-10-11"
    ),
    # 湖南省行政程序规定 81: sixty, and thirty more, where the organ acts of its own
    HandCount(
        "湖南省行政程序规定 81",
        "--start 2024-03-01 --limit 60wd",
        "03-04…03-08→5; 03-29→20; 04-01…04-03→23; 04-07→24; 04-08…04-12→29; 04-15…04-19→34; 04-22…04-26→39; "
        "04-28…04-30→42; 05-06…05-11→48; 05-13…05-17→53; 05-20…05-24→58; 05-27…05-28→60",
        "2024-05-28",
    ),
    HandCount(
        "湖南省行政程序规定 81",
        "--start 2024-03-01 --limit 60wd --extend 30wd@2024-05-28",
        "05-28→60; 05-29…05-31→63; 06-03…06-07→68; 06-11…06-14→72; 06-17…06-21→77; 06-24…06-28→82; "
        "07-01…07-05→87; 07-08…07-10→90",
        "2024-07-10",
    ),
    # 行政许可法 55: two inspectors within five days; 43: the lower organ's review
    HandCount("行政许可法 55", "--start 2020-01-17 --limit 5wd", "01-19…01-23→5", "2020-01-23"),
    HandCount(
        "行政许可法 43",
        "--start 2020-01-17 --limit 20wd",
        "01-19…01-23→5; 02-03…02-07→10; 02-10…02-14→15; 02-17…02-21→20",
        "2020-02-21",
    ),
    # 民法典 202: the corresponding day, or the month's last; 203: after the rest
    HandCount("民法典 202", "--start 2023-01-31 --limit 1m", "02-28→28", "2023-02-28"),
    HandCount("民法典 202", "--start 2024-01-31 --limit 1m", "02-29→29", "2024-02-29"),
    HandCount("民法典 202", "--start 2023-11-30 --limit 3m", "12-31→31; 01-31→62; 02-29→91", "2024-02-29"),
    HandCount("民法典 202", "--start 2024-02-29 --limit 1y", "02-28→365", "2025-02-28"),
    HandCount("民法典 202", "--start 2020-02-29 --limit 4y", "02-29→1461", "2024-02-29"),
    HandCount("民法典 202", "--start 2023-08-31 --limit 1m", "09-30→30", "2023-09-30"),
    HandCount("民法典 203", "--start 2023-08-31 --limit 1m --roll", "09-30→30", "2023-10-07"),  # a worked Saturday
    HandCount("民法典 202, back", "--start 2024-05-31 --limit 3m --backward", "05-30→1; 02-29→92", "2024-02-29"),
    HandCount("民法典 202, back", "--start 2024-02-29 --limit 1y --backward", "02-28→366", "2023-02-28"),
    # parts of working days: the day on which the part is used up, to its end
    HandCount("0.5个工作日内完成", "--start 2021-04-30 --limit 0.5wd", "05-06→0.5", "2021-05-06"),  # 05-01…05-05 off
    HandCount("1.5个工作日", "--start 2021-04-30 --limit 1.5wd", "05-06→1; 05-07→1.5", "2021-05-07"),
    HandCount(
        "1.25个工作日，当日起算",
        "--start 2021-04-30 --limit 1.25wd --start-rule same-day",
        "04-30→1; 05-06→1.25",
        "2021-05-06",
    ),
    HandCount(
        "0.5个工作日，延长 1 日",
        "--start 2021-04-30 --limit 0.5wd --extend 1wd@2021-04-30",
        "05-06→1; 05-07→1.5",
        "2021-05-07",
    ),
    HandCount("1.5个工作日，倒数", "--start 2021-05-07 --limit 1.5wd --backward", "05-06→1; 04-30→2", "2021-04-30"),
]


def answer(options: str) -> dict[str, Any]:
    result = CliRunner().invoke(main, ["deadline", *options.split(), "--json"], env={"LC_ALL": "C.UTF-8"})
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


@pytest.mark.parametrize("hand", COUNTED_BY_HAND, ids=str)
def test_the_library_counts_as_one_does_by_hand(hand: HandCount) -> None:
    found = answer(hand.options)
    assert (found["last_day"], found["due"]) == (hand.last_day, f"{hand.last_day}T23:59:59+08:00")
    totals = {line["day"][5:]: line["total"] for line in found["ledger"]}  # the later of two that share a day
    marks = COUNT.findall(hand.count)
    assert marks
    assert {day: totals[day] for day, _ in marks} == dict(marks)


def test_a_wrong_hand_count_is_seen() -> None:
    """The comparison above can fail: one day too many, and a day that was not reached."""
    right = COUNTED_BY_HAND[0]
    for count in ("10-08…10-10→6", "10-11→6"):
        with pytest.raises((AssertionError, KeyError)):
            test_the_library_counts_as_one_does_by_hand(attrs.evolve(right, count=count))


@pytest.mark.parametrize(
    ("options", "due"),
    [
        ("--start 2021-04-30T16:30 --limit 2.5wh", "2021-05-06T11:00:00"),  # half an hour, then two in the morning
        ("--start 2021-04-30T16:30 --limit 0.5wh", "2021-04-30T17:00:00"),  # closing time itself is in time
        ("--start 2021-04-30T11:15 --limit 0.25wh", "2021-04-30T11:30:00"),
        ("--start 2021-04-30T16:30 --limit 1.5h", "2021-04-30T18:00:00"),
        ("--start 2021-04-30T16:30 --limit 24h", "2021-05-01T16:30:00"),  # natural hours know no rest days
        # summer hours on 30 September (to 18:00), winter ones from October on; 10-01…10-08 off
        ("--start 2025-09-30T16:00 --limit 7.5wh --office-hours hengyang", "2025-10-09T16:00:00"),
        ("--start 2025-09-30T16:00 --limit 2wh --office-hours hengyang", "2025-09-30T18:00:00"),
        ("--start 2025-09-30T16:00 --limit 2.25wh --office-hours hengyang", "2025-10-09T08:15:00"),
        ("--start 2025-06-30T16:00 --limit 1.5wh --office-hours hengyang", "2025-06-30T17:30:00"),
        ("--start 2025-06-30T16:00 --limit 1.75wh --office-hours hengyang", "2025-07-01T08:15:00"),
        ("--start 2025-06-30T12:30 --limit 7wh --office-hours hengyang", "2025-07-01T12:00:00"),  # 3 h, then 4 h
        ("--start 2021-04-30T16:30 --limit 7wh --start-rule next-day", "2021-05-06T17:00:00"),
        # extended in their own unit
        ("--start 2021-04-30T16:30 --limit 2wh --extend 1.5wh@2021-04-30T16:45", "2021-05-06T12:00:00"),
        ("--start 2021-04-30T16:30 --limit 24h --extend 12h@2021-05-01T16:30", "2021-05-02T04:30:00"),
        # paused for two hours of office time
        ("--start 2021-05-06T09:00 --limit 7wh --pause 2021-05-06T11:00..2021-05-06T14:00", "2021-05-07T11:00:00"),
    ],
)
def test_hours_are_counted_to_the_second(options: str, due: str) -> None:
    found = answer(options)
    assert found["due"] == f"{due}+08:00"
    assert found["ledger"][-1]["to"] == found["due"]
