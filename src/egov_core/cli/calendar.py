"""`egov calendar`: which holiday notices are known, and what a further one would change."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from egov_core.cli.checks import JSON
from egov_core.cli.show import guarded, say, show_json
from egov_core.domain.calendar.notices import Notice
from egov_core.domain.calendar.workdays import DayReason, WorkCalendar
from egov_core.errors import CalendarDataError
from egov_core.runtime.settings import read_settings
from egov_core.runtime.shipped import national_calendar, notice_files, read_notice_file

CONFIG = click.option("--config", type=click.Path(), help="The settings of an office that names further notices.")


@click.group()
def calendar() -> None:
    """List holiday notices, and compare one with the calendar in force. 放假通知。"""


@calendar.command("list")
@CONFIG
@JSON
@guarded
def list_notices(config: str | None, as_json: bool) -> None:
    """List the holiday notices in force, oldest first, and how far they reach. 列出放假通知。"""
    named = _named(config)
    known = [*((f"shipped:{name}", notice) for name, notice in notice_files()), *named]
    known.sort(key=lambda one: one[1].published)  # stable: what is shipped comes first
    reach = national_calendar(extra=[notice for _, notice in named])
    horizon = None if reach.horizon is None else reach.horizon.isoformat()
    shown = [_notice(file, notice) for file, notice in known]
    if as_json:
        show_json({"notices": shown, "horizon": horizon})
        return
    for one in shown:
        amends = f"  {say('修改', 'amends')} {one['amends']}" if one["amends"] else ""
        click.echo(f"{one['published']}  {one['year']}  {one['number'] or '—'}  {one['title']}  {one['file']}{amends}")
    click.echo(f"{say('已公布至', 'published up to')}: {horizon}")


@calendar.command("diff")
@click.argument("file", type=click.Path())
@CONFIG
@JSON
@guarded
def diff(file: str, config: str | None, as_json: bool) -> None:
    """Show the days that the notice in FILE would change; nothing is written. 比较放假通知。"""
    named = [notice for _, notice in _named(config)]
    notice = read_notice_file(file)
    _refuse_known(notice, [*(known for _, known in notice_files()), *named])
    before, after = national_calendar(extra=named), national_calendar(extra=[*named, notice])
    days = [
        {
            "day": day.isoformat(),
            "old": before.reason(day).code,
            "new": after.reason(day).code,
            "counts": after.is_workday(day),
            "source": after.reason(day).source,
        }
        for day in before.changed_days(after)
    ]
    horizons = {"old": _horizon(before), "new": _horizon(after)}
    if as_json:
        show_json({"notice": _notice(file, notice), "days": days, "horizon": horizons})
        return
    for day in before.changed_days(after):
        was, becomes = _says(before.reason(day)), _says(after.reason(day))
        click.echo(f"{day}  {was} → {becomes}  {after.reason(day).source}")
    if not days:
        click.echo(say("没有日子改变", "no day changes"))
    click.echo(f"{say('已公布至', 'published up to')}: {horizons['old']} → {horizons['new']}")


def _named(config: str | None) -> list[tuple[str, Notice]]:
    """The notices that the settings name, each with its file."""
    files = () if config is None else read_settings(config).calendar_files
    return [(path, read_notice_file(path)) for path in files]


def _refuse_known(notice: Notice, known: list[Notice]) -> None:
    """One number, one text: a notice already in force with other days is a slip, not an amendment."""
    if any(one.name == notice.name and _stated(one) != _stated(notice) for one in known):
        raise CalendarDataError(
            f"{notice.name} is in force already, with other days",
            remedy="a change of a notice is a notice of its own: give it its number, and say by amends what it changes",
        )


def _stated(notice: Notice) -> tuple[object, ...]:
    return notice.year, notice.published, notice.amends, notice.rest, notice.work, notice.ordinary


def _notice(file: str, notice: Notice) -> dict[str, Any]:
    return {
        "number": notice.number,
        "title": notice.title,
        "published": notice.published.isoformat(),
        "year": notice.year,
        "amends": notice.amends,
        "file": file if file.startswith("shipped:") else Path(file).name,
    }


def _horizon(calendar: WorkCalendar) -> str | None:
    return None if calendar.horizon is None else calendar.horizon.isoformat()


def _says(reason: DayReason) -> str:
    return f"{say('计入', 'counts') if reason.counts else say('不计', 'not counted')} ({reason.code})"
