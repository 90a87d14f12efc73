"""Two thousand open cases of an old system, invented, with what a walk through the calendar makes of each.

The walk is this file's own: it knows the rest days of 2024 by heart and counts day by day. It shares nothing with the
library but the rules it was told: the day of acceptance is not counted, a pause takes out the working days after its
first day up to its last, an extension adds its days.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

import attrs

ONE_DAY = timedelta(days=1)
CUT_OVER, FIRST = date(2024, 6, 17), date(2024, 3, 4)

_REST = {
    *(date(2024, 4, day) for day in (4, 5, 6)),
    *(date(2024, 5, day) for day in (1, 2, 3, 4, 5)),
    date(2024, 6, 10),
    *(date(2024, 9, day) for day in (15, 16, 17)),
    *(date(2024, 10, day) for day in range(1, 8)),
}
_WORK = {date(2024, 4, 7), date(2024, 4, 28), date(2024, 5, 11), date(2024, 9, 14), date(2024, 9, 29)}
"""国办发明电〔2023〕7号: the rest days of 2024 from March to the autumn, and the weekends worked for them."""


def works(day: date) -> bool:
    """Whether the offices are open on a day."""
    return day in _WORK or (day.weekday() < 5 and day not in _REST)


def walked(start: date, days: int, pauses: tuple[tuple[date, date], ...] = ()) -> date:
    """The last of `days` working days after `start`, those of the pauses left out, one day at a time."""
    day, counted = start, 0
    while counted < days:
        day += ONE_DAY
        if works(day) and not any(first < day <= last for first, last in pauses):
            counted += 1
    return day


def later(day: date, days: int) -> date:
    """A working day so many working days later."""
    return walked(day, days) if days else day


@attrs.frozen(kw_only=True)
class Expected:
    """What has to become of a row: the state, and the last day of the timer that counts; None where none does."""

    state: str
    kind: str = ""
    last_day: date | None = None


NAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨"
GIVEN = "一二三四五六七八九十百千万"


def rows(count: int = 2_000, seed: int = 9) -> Iterator[tuple[dict[str, str], Expected]]:
    """The rows of a file by heading, each with what is expected of it."""
    random = Random(seed)
    last = (CUT_OVER - FIRST).days - 30
    for number in range(1, count + 1):
        received = FIRST + timedelta(days=random.randint(0, last))
        while not works(received):
            received += ONE_DAY
        row = {
            "原办件编号": f"旧〔2024〕{number:04d}号",
            "事项编码": "licence",
            "收件时间": f"{received} {random.randint(9, 11):02d}:{random.randint(0, 59):02d}",
            "申请人": random.choice(NAMES) + random.choice(GIVEN) + random.choice(GIVEN),
            "证件号码": _resident_number(f"990121{random.randint(1950, 2005)}0101{random.randint(0, 9999) // 10:03d}"),
            "联系电话": f"199{random.randint(0, 99_999_999):08d}",
        }
        yield _course(random, row, received)


def _resident_number(body: str) -> str:
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True)) % 11]


def _course(random: Random, row: dict[str, str], received: date) -> tuple[dict[str, str], Expected]:
    course = random.choice(
        ("plain",) * 6
        + ("paused", "paused", "twice", "pausing", "extended", "reviewed", "referred", "limits")
        + ("submitted", "silent", "correcting", "corrected")
    )
    if course == "plain" and random.random() < 0.5:  # of these the promise still runs at the cut-over
        received = date(2024, 6, random.choice((3, 4, 5, 6, 7, 11)))
        row["收件时间"] = str(received)
    accepted = later(received, random.randint(0, 2))
    if course in ("submitted", "correcting"):  # so lately that silence has done nothing yet
        received = date(2024, 6, random.choice((11, 12, 13, 14)))
        row["收件时间"] = str(received)
    if course == "submitted":
        return row, Expected(state="submitted", kind="correction-notice", last_day=walked(received, 5))
    if course == "silent":  # received long ago and never answered: accepted by the law since the receipt
        return row, Expected(state="accepted", kind="case", last_day=walked(received, 10))
    if course == "correcting":
        row |= {"补正1告知时间": str(received), "补正1文书号": "补1", "补正1缺少材料": "材料 plan", "补正1期限": "15"}
        return row, Expected(state="correction-requested", kind="correction", last_day=walked(received, 15))
    if course == "corrected":
        told, brought = later(received, 1), later(received, 4)
        accepted = later(brought, 1)
        row |= {
            "补正1告知时间": str(told),
            "补正1文书号": "补1",
            "补正1缺少材料": "材料 plan",
            "补正1补交时间": str(brought),
        }
    row["受理时间"] = str(accepted)
    days, pauses, state = 10, [], "accepted"
    if course in ("paused", "twice", "pausing"):
        begun = later(accepted, random.randint(1, 4))
        for number in (1, 2) if course == "twice" else (1,):
            row |= {
                f"特别程序{number}种类": "听证",
                f"特别程序{number}文书号": f"特{number}",
                f"特别程序{number}告知天数": "5",
                f"特别程序{number}开始时间": str(begun),
            }
            if course == "pausing":
                return row, Expected(state="paused", kind="special-procedure", last_day=walked(begun, 5))
            ended = later(begun, random.randint(1, 5))
            row[f"特别程序{number}结束时间"] = str(ended)
            pauses.append((begun, ended))
            begun = later(ended, 1)
    elif course == "extended":
        more = random.randint(1, 10)
        row |= {"延期批准时间": str(later(accepted, 3)), "延期天数": str(more), "延期文书号": "延1"}
        days += more
    elif course == "limits":
        days = random.randint(3, 15)
        row |= {"承诺期限": f"{days}个工作日", "法定期限": "30个工作日"}
    elif course in ("reviewed", "referred"):
        row |= {"审核时间": str(later(accepted, 2))}
        state = "reviewed"
    if course == "referred":
        row |= {"事项编码": "upward", "转报时间": str(later(accepted, 3)), "上级办理情况": "市局已收件"}
        return row, Expected(state="referred")
    row["当前状态"] = {"accepted": "已受理", "reviewed": "已审核"}[state]
    return row, Expected(state=state, kind="case", last_day=walked(accepted, days, tuple(pauses)))


def table(found: list[dict[str, str]]) -> list[list[str]]:
    """Rows by heading as the rows of a sheet, headings first."""
    headings = list(dict.fromkeys(heading for row in found for heading in row))
    return [headings, *([row.get(heading, "") for heading in headings] for row in found)]
