"""`egov catalogue checkup`: is the catalogue complete, current and in somebody's hands."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import click

from egov_core.cli.catalogue.shown_items import finding_shown, show_findings
from egov_core.cli.checks import CONFIG, JSON, examined
from egov_core.cli.in_words import word
from egov_core.cli.language import say, speaks_chinese
from egov_core.cli.naming import organ_code
from egov_core.cli.show import guarded, progress_bar, show_json
from egov_core.cli.spoken import Command
from egov_core.domain.catalogue import Severity
from egov_core.usecases.catalogue.checkup import Checkup, CheckupFinding, DepartmentFigures
from egov_core.usecases.catalogue.checkup import checkup as look


@click.command(cls=Command)
@CONFIG
@click.option("--on", "on", type=click.DateTime(["%Y-%m-%d"]), help="On which day; today where it is left out.")
@click.option("--organ", help="Show what concerns this organ only.")
@JSON
@guarded
def checkup(config: str, on: datetime | None, organ: str | None, as_json: bool) -> None:
    """Look the catalogue through: old items, nobody to handle them, guides that lack something."""
    with examined(config) as office:
        if organ is not None:
            organ = organ_code(office, organ)
        count = len(office.catalogue.items)
        with progress_bar(count, say("正在体检", "checking")) as advance:
            found = look(office.services, None if on is None else on.date(), progress=advance)
    told = [one for one in found.findings if organ in (None, one.organ)]
    if as_json:
        show_json(_shown(found, told, organ))
    else:
        _show(found, told, organ)
    if any(one.finding.severity is Severity.ERROR for one in told):
        raise SystemExit(1)


def _shown(found: Checkup, told: Iterable[CheckupFinding], organ: str | None) -> dict[str, Any]:
    return {
        "day": found.day.isoformat(),
        "clean": found.clean,
        "findings": [
            {
                "kind": one.kind,
                "subject": one.subject,
                "name": one.name,
                "organ": one.organ,
                **finding_shown(one.finding),
            }
            for one in told
        ],
        "total": _figures(found.total),
        "departments": [_figures(one) for one in found.departments if organ in (None, one.organ)],
        "depths": {depth: list(codes) for depth, codes in found.depths.items()},
        "standing": {state.value: list(codes) for state, codes in found.standing.items()},
    }


def _figures(one: DepartmentFigures) -> dict[str, Any]:
    """Each figure beside the codes that it counts."""
    return {
        "organ": one.organ,
        "name": one.name,
        "items": len(one.items),
        "online": len(one.online),
        "with_errors": len(one.with_errors),
        "online_share": None if one.share is None else round(one.share, 4),
        "codes": {"items": list(one.items), "online": list(one.online), "with_errors": list(one.with_errors)},
    }


def _show(found: Checkup, told: list[CheckupFinding], organ: str | None) -> None:
    lang = "zh" if speaks_chinese() else "en"
    standing = "  ".join(f"{word('item_state', state.value)} {len(codes)}" for state, codes in found.standing.items())
    click.echo(f"{say('事项体检', 'check-up of the catalogue')}  {found.day}  {standing}")
    counted = {severity: sum(one.finding.severity is severity for one in told) for severity in Severity}
    click.echo("  ".join(f"{word('severity', severity.value)} {count}" for severity, count in counted.items()))
    for one in told:
        click.echo(f"{one.name} ({one.subject})")
        show_findings([one.finding], lang)
    click.echo(say("部门  事项  可网办  比例", "department  items  online  share"))
    for row in (*(one for one in found.departments if organ in (None, one.organ)), *([] if organ else [found.total])):
        share = "–" if row.share is None else f"{row.share:.0%}"
        click.echo(f"{row.name or say('合计', 'all')}  {len(row.items)}  {len(row.online)}  {share}")
    if not told:
        click.echo(say("没有发现问题", "nothing was found"))
