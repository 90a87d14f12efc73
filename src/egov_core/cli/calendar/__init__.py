"""`egov calendar`: which holiday notices are known, what a further one would change, and adopting it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import attrs
import click

from egov_core.cli.calendar.adoption import LAYER, ORGAN, whose
from egov_core.cli.calendar.shown_days import REVISION, day_changes, horizon_of, show_days, stated, warn_overruled
from egov_core.cli.checks import JSON
from egov_core.cli.language import say
from egov_core.cli.show import guarded, show_json
from egov_core.cli.spoken import Command
from egov_core.domain.calendar.layering import NATIONAL
from egov_core.domain.calendar.regulation import Regulation
from egov_core.domain.calendar.revisions import WHOLE_AREA, CalendarRevision
from egov_core.domain.legal import start_of
from egov_core.errors import ClaimError
from egov_core.runtime.bootstrap import open_office
from egov_core.runtime.clock import SystemClock
from egov_core.runtime.offered import Offered, offered_calendar, offered_notices, read_proposal
from egov_core.runtime.settings import MEMORY, Settings, read_settings
from egov_core.runtime.shipped import SHIPPED, notice_files
from egov_core.usecases.calendar.recounting import recounted_to

CONFIG = click.option("--config", type=click.Path(), help="The settings of an office: its own calendar is meant then.")
_FILE = "sqlite:///"


@click.command("list", cls=Command)
@CONFIG
@JSON
@guarded
def list_notices(config: str | None, as_json: bool) -> None:
    """List the holiday notices in force, oldest first, and how far they reach."""
    revisions, reached, files = _known(config)
    newest = revisions[-1]
    added = {(one.added.name, one.added.layer): one.number for one in revisions if one.added is not None}
    layers = [(NATIONAL, "", newest.notices), *((one.name, one.organ, one.notices) for one in newest.layers)]
    shown = []
    for layer, organ, notices in layers:
        for notice in notices:
            number = added.get((notice.name, layer), 1)
            file = files.get((notice.name, layer), f"{REVISION}{number}")
            shown.append({**stated(file, notice), "layer": layer, "organ": organ, "revision": number})
    shown.sort(key=lambda one: str(one["published"]))  # stable: the nation's come first
    horizon = horizon_of(newest.calendar(WHOLE_AREA))
    history = [_revision(one) for one in revisions]
    if as_json:
        show_json({"notices": shown, "horizon": horizon, "revisions": history, "recounted_to": reached})
        return
    for one in shown:
        amends = f"  {say('修改', 'amends')} {one['amends']}" if one["amends"] else ""
        layer = "" if one["layer"] == NATIONAL else f"  [{one['layer']}]"
        click.echo(
            f"{one['published']}  {one['year']}  {one['number'] or '—'}  {one['title']}  {one['file']}{layer}{amends}"
        )
    for past in history[1:]:
        click.echo(f"{say('第', 'revision ')}{past['number']}{say('版', '')}  {past['adopted_at']}  {past['added']}")
    if reached < newest.number:
        click.echo(say("重算未完成", "the recount is not finished"))
    click.echo(f"{say('已公布至', 'published up to')}: {horizon}")


@click.command("diff", cls=Command)
@click.argument("file", type=click.Path())
@CONFIG
@LAYER
@ORGAN
@JSON
@guarded
def diff(file: str, config: str | None, layer: str | None, organ: str | None, as_json: bool) -> None:
    """Show the days that the notice in FILE would change; nothing is written."""
    scope, code = whose(layer, organ)
    before = _known(config)[0][-1]
    asked = read_proposal(file, layer=scope, organ=code)
    if isinstance(asked.what, Regulation):
        after, notice = before.with_regulation(asked.what, SystemClock().now()), None
    else:
        after = before.with_notice(asked.what, SystemClock().now(), layer=asked.layer, organ=asked.organ)
        notice = stated(file, asked.what)
        if after is not None and (asked.layer, asked.organ) == (NATIONAL, ""):
            warn_overruled(asked.what, before.overruled(asked.what))
    after = before if after is None else after
    old, new = before.calendar(before.scope_of(asked.organ)), after.calendar(after.scope_of(asked.organ))
    days = day_changes(old, new)
    horizons = {"old": horizon_of(old), "new": horizon_of(new)}
    if as_json:
        show_json({"notice": notice, "days": days, "horizon": horizons})
        return
    show_days(old, new)


def _known(config: str | None) -> tuple[tuple[CalendarRevision, ...], int, dict[tuple[str, str], str]]:
    """The revisions there are, how far cases have been recounted, and the files of notices that are offered."""
    if config is None:
        files = {(notice.name, NATIONAL): f"{SHIPPED}{name}" for name, notice in notice_files()}
        return (offered_calendar(Settings(area="000000"), SystemClock().now()),), 1, files
    settings = read_settings(config)
    if settings.storage.startswith(_FILE) and not Path(settings.storage.removeprefix(_FILE)).exists():
        settings = attrs.evolve(settings, storage=MEMORY)  # nothing is stored yet: what it would begin with
    with open_office(settings, read_only=True) as office:
        revisions = office.services.calendars().revisions
        return revisions, recounted_to(office.services), _files(offered_notices(settings), revisions[-1])


def _files(offered: tuple[Offered, ...], newest: CalendarRevision) -> dict[tuple[str, str], str]:
    """Where the notices in force stand, as far as the library ships them or the settings name them."""
    found: dict[tuple[str, str], str] = {}
    for one in offered:
        try:
            held = newest.holds(one.notice, layer=one.layer, organ=one.organ)
        except ClaimError:
            held = False
        if held:
            found.setdefault((one.notice.name, one.layer), one.file)
    return found


def _revision(revision: CalendarRevision) -> dict[str, Any]:
    added = revision.added
    return {
        "number": revision.number,
        "adopted_at": revision.adopted_at.isoformat(),
        "added": None if added is None else added.name,
        "published": None if added is None else start_of(added.published).date().isoformat(),
        "layer": NATIONAL if added is None else added.layer,
        "organ": "" if added is None else added.organ,
    }
