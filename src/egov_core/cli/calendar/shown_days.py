"""How notices and the days they change are shown."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import click

from egov_core.cli.in_words import word
from egov_core.cli.language import say
from egov_core.domain.calendar.notices import Notice
from egov_core.domain.calendar.workdays import DayReason, WorkCalendar
from egov_core.runtime.shipped import SHIPPED

REVISION = "revision:"
"""What a notice is called by that neither the library ships nor the settings name: the revision that added it."""


def stated(file: str, notice: Notice) -> dict[str, Any]:
    """A notice as it is shown."""
    return {
        "number": notice.number,
        "title": notice.title,
        "published": notice.published.isoformat(),
        "year": notice.year,
        "amends": notice.amends,
        "file": file if file.startswith((SHIPPED, REVISION)) else Path(file).name,
    }


def horizon_of(calendar: WorkCalendar) -> str | None:
    """Up to which day notices are published."""
    return None if calendar.horizon is None else calendar.horizon.isoformat()


def day_changes(before: WorkCalendar, after: WorkCalendar) -> list[dict[str, Any]]:
    """The days that count otherwise."""
    return [
        {
            "day": day.isoformat(),
            "old": before.reason(day).code,
            "new": after.reason(day).code,
            "counts": after.is_workday(day),
            "source": after.reason(day).source,
        }
        for day in before.changed_days(after)
    ]


def show_days(before: WorkCalendar, after: WorkCalendar) -> None:
    """The same line by line, and how far notices reach."""
    days = before.changed_days(after)
    for day in days:
        was, becomes = _says(before.reason(day)), _says(after.reason(day))
        click.echo(f"{day}  {was} → {becomes}  {after.reason(day).source}")
    if not days:
        click.echo(say("没有日子改变", "no day changes"))
    click.echo(f"{say('已公布至', 'published up to')}: {horizon_of(before)} → {horizon_of(after)}")


def warn_overruled(notice: Notice, days: Sequence[date]) -> None:
    """Say on standard error that a notice takes back days of the year's schedule without saying that it amends it."""
    if not days:
        return
    listed = ", ".join(str(day) for day in days[:5]) + (" …" if len(days) > 5 else "")
    click.echo(
        say(
            f"注意：{notice.name} 改变了 {notice.year} 年已有安排的日子（{listed}），却没有写明修改哪份通知；"
            "如系更正，请用 amends 写明",
            f"note: {notice.name} says otherwise of days that the schedule of {notice.year} names ({listed}); "
            "if it corrects that notice, say so by amends",
        ),
        err=True,
    )


def _says(reason: DayReason) -> str:
    return f"{say('计入', 'counts') if reason.counts else say('不计', 'not counted')} ({word('reason', reason.code)})"
