"""`egov plugins replay`: what a plugin would have said of recorded cases, beside what was decided then.

Rules of this room: the store is opened for reading, and nothing is written. Of many cases only those are shown that the
plugin has something to say about; personal values are never shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import click

from egov_core.cli.checks import CONFIG, JSON
from egov_core.cli.in_words import word
from egov_core.cli.language import said, say
from egov_core.cli.show import guarded, progress_bar, show_json
from egov_core.cli.spoken import Command
from egov_core.errors import UnknownError
from egov_core.hooks.manager import Hooks
from egov_core.ports.storage import CaseRow
from egov_core.runtime.bootstrap import open_office
from egov_core.runtime.office import Office
from egov_core.runtime.plugins import hooks_with
from egov_core.runtime.settings import read_settings, without_plugins
from egov_core.usecases.plugins.replaying import Reconsidered, reconsidered

WORDS = {
    "pass": ("通过", "passes"),
    "advise": ("提示", "advises"),
    "refuse": ("不予通过", "refuses"),
    "fail": ("出错", "fails"),
}


@click.command("replay", cls=Command)
@click.argument("plugin")
@click.option("--case", "case_id", metavar="ID", help="One case, by its number or id.")
@click.option("--all", "every", is_flag=True, help="All cases; those are shown of which there is something to say.")
@click.option("--item", help="With --all: only cases of this item, by its code.")
@CONFIG
@JSON
@guarded
def replay(plugin: str, case_id: str | None, every: bool, item: str | None, config: str, as_json: bool) -> None:
    """Ask a plugin about recorded cases; nothing is written. PLUGIN: its name, or the path of a single file.

    Exit status 1 when the plugin fails on a case.
    """
    if every is (case_id is not None):
        raise click.UsageError("give either --case ID or --all")
    if item is not None and not every:
        raise click.UsageError("--item goes with --all")
    settings = read_settings(config)
    hooks = hooks_with(settings, plugin)
    with open_office(without_plugins(settings), read_only=True) as office:
        if case_id is not None:
            found = list(reconsidered(office.services, hooks, _case(office, case_id)))
            cases = 1
        else:
            found, cases = _of_all(office, hooks, item)
    shown = [one for one in found if case_id is not None or one.would != "pass"]
    (name,) = hooks.names()
    counted = Counter(one.would for one in found)
    if as_json:
        show_json(
            {
                "plugin": name,
                "cases": cases,
                "asked": len(found),
                **{would: counted[would] for would in WORDS},
                "decisions": [_json(one) for one in shown],
            }
        )
    else:
        for one in shown:
            _print(one)
        told = say("，", ", ").join(f"{say(*words)} {counted[would]}" for would, words in WORDS.items())
        click.echo(f"{name}: {cases} {say('件', 'cases')}, {len(found)} {say('次', 'decisions')} — {told}")
    if counted["fail"]:
        raise SystemExit(1)


def _case(office: Office, identifier: str) -> CaseRow:
    row = office.storage.case(office.area, identifier) or office.storage.case_by_number(office.area, identifier)
    if row is None:
        raise UnknownError(
            f"there is no case {identifier!r}",
            remedy="give the number on the receipt, or the id shown by the board",
            id=identifier,
        )
    return row


def _of_all(office: Office, hooks: Hooks, item: str | None) -> tuple[list[Reconsidered], int]:
    """What is said of all cases, of those of an item where one is given; and how many cases those are."""
    if item is not None and item not in office.catalogue.items:
        raise UnknownError(f"there is no item {item!r}", remedy="use the code of a published item", item=item)
    found: list[Reconsidered] = []
    cases = 0
    with progress_bar(office.storage.counts(office.area)["cases"], say("正在重演", "replaying")) as advance:
        for row in _cases(office):
            if item is None or row.item == item:
                cases += 1
                found += reconsidered(office.services, hooks, row)
            advance(1)
    return found, cases


def _cases(office: Office) -> Iterator[CaseRow]:
    rows: Iterable[CaseRow | None] = (
        office.storage.case(office.area, stream) for stream in office.storage.streams(office.area) if ":" not in stream
    )
    yield from (row for row in rows if row is not None)


def _json(one: Reconsidered) -> dict[str, Any]:
    return {
        "case": one.case_id,
        "number": one.number,
        "item": one.item,
        "item_name": one.item_name,
        "stage": one.stage,
        "at": one.at.isoformat(),
        "materials": list(one.materials),
        "decided": one.decided,
        "would": one.would,
        "findings": [
            {
                "field": finding.field,
                "message": finding.message,
                "basis": str(finding.basis or ""),
                "severity": finding.severity,
            }
            for finding in one.findings
        ],
        "error": one.error,
        "forgotten": one.forgotten,
    }


def _print(one: Reconsidered) -> None:
    click.echo(f"{one.number}  {one.item_name}  {one.at:%Y-%m-%d %H:%M}")
    now = f"{say('该插件', 'the plugin')}: {say(*WORDS[one.would])}"
    click.echo(f"  {say('当时', 'then')}: {word('event', one.decided)}{say('', f' ({one.stage})')}  {now}")
    for finding in one.findings:
        basis = f" ({finding.basis})" if finding.basis else ""
        click.echo(f"  {finding.field}: {finding.message}{basis}")
    if one.error:
        click.echo(f"  {said(one.error)}")
    if one.forgotten:
        click.echo(f"  {say('申请人信息已销毁，无表可查', 'the applicant was forgotten: there is no form to look at')}")
