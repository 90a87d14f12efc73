"""`egov catalogue codes`: what a name is in a code list, a code's name, and what a name becomes in another version."""

from __future__ import annotations

from datetime import date, datetime

import click

from egov_core.cli.checks import JSON
from egov_core.cli.language import say
from egov_core.cli.show import guarded, show_json
from egov_core.cli.spoken import Command
from egov_core.domain.codes.lists import CodeList
from egov_core.errors import ClaimError
from egov_core.runtime.clock import SystemClock
from egov_core.runtime.code_lists import area_codes, code_lists
from egov_core.runtime.settings import Settings, read_settings

AREA = "area"
"""The list that has days in place of versions."""


@click.command(cls=Command)
@click.argument("name", required=False, metavar="[LIST]")
@click.option("--version", "version", help="Which version of the list; needed where there are several.")
@click.option("--of", "of", help="A name or a code of the list.")
@click.option("--to", "to", help="Another version: what the name becomes there, and what is lost.")
@click.option("--on", "on", type=click.DateTime(["%Y-%m-%d"]), help="For the list `area`: the day of use; today.")
@click.option("--config", type=click.Path(), help="The settings of an office: its own lists and areas count too.")
@JSON
@guarded
def codes(
    name: str | None,
    version: str | None,
    of: str | None,
    to: str | None,
    on: datetime | None,
    config: str | None,
    as_json: bool,
) -> None:
    """Look up code lists: all of them, one, an entry, or an entry in another version."""
    settings = Settings(area="000000") if config is None else read_settings(config)
    if name == AREA:
        _area(settings, of, (SystemClock().now() if on is None else on).date(), as_json=as_json)
        return
    lists = code_lists(settings.code_lists)
    if name is None:
        shown = [_head(one) for versions in lists.lists.values() for one in versions.values()]
        if as_json:
            show_json({"lists": shown})
        for one in shown if not as_json else ():
            click.echo(f"{one['list']}  {one['version']}  {one['name']}  {one['source']}")
        return
    versions = [one for one in lists.lists.get(name, {}) if version in (None, one)]
    if version is None and len(versions) > 1:
        raise ClaimError(
            f"the code list {name} has several versions, and a code means nothing without one",
            remedy=f"give --version: {', '.join(versions)}",
        )
    found = lists.get(name, version or next(iter(versions), ""))
    _entries(found, of, None if to is None else lists.get(name, to), as_json=as_json)


def _entries(found: CodeList, of: str | None, to: CodeList | None, *, as_json: bool) -> None:
    wanted = [one for one in found.entries if of in (None, one.name, one.code)]
    if of is not None and not wanted:
        found.code_of(of)
    rows = []
    for one in wanted:
        row = {"code": one.code, "name": one.name, "note": one.note}
        if to is not None:
            mapped = found.mapped(one.name, to)
            row |= {"to_code": to.code_of(mapped.name), "to_name": mapped.name, "lost": mapped.lost}
        rows.append(row)
    if as_json:
        show_json({**_head(found), "entries": rows})
        return
    for row in rows:
        into = f"  → {row['to_code']} {row['to_name']}" if "to_name" in row else ""
        lost = f"  {say('丢失', 'lost')}: {row['lost']}" if row.get("lost") else ""
        click.echo(f"{row['code']}  {row['name']}{into}{lost}")


def _head(one: CodeList) -> dict[str, str]:
    return {"list": one.code, "version": one.version, "name": one.name, "source": str(one.source)}


def _area(settings: Settings, of: str | None, day: date, *, as_json: bool) -> None:
    areas = area_codes(settings.area_codes)
    if of is not None:
        found = [areas.on(of, day)]
    else:
        found = [
            one for one in areas.codes.values() if one.valid_from <= day and not (one.valid_to and one.valid_to <= day)
        ]
    rows = [
        {
            "code": one.code,
            "name": one.name,
            "valid_from": one.valid_from.isoformat(),
            "valid_to": None if one.valid_to is None else one.valid_to.isoformat(),
            "successors": list(one.successors),
        }
        for one in found
    ]
    if as_json:
        show_json({"areas": rows, "on": day.isoformat()})
        return
    for row in rows:
        click.echo(f"{row['code']}  {row['name']}  {row['valid_from']} – {row['valid_to'] or ''}")
