"""How a reorganisation is shown: its preview as lines, as JSON, as a report of cases; and what was carried through.

Rules of this room: it prints and decides nothing. Organs are shown by name and code, because a reform is read by people
who know the names and entered by people who need the codes.
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import attrs
import click

from egov_core.cli.advice import advised
from egov_core.cli.in_words import word
from egov_core.cli.language import said, say
from egov_core.domain.reorganisation.changes import LostAuthority
from egov_core.domain.reorganisation.record import Reorganisation
from egov_core.runtime.plans import PlanFile
from egov_core.sheets.armour import armoured
from egov_core.usecases.reorganisation.carrying_through import RowChange
from egov_core.usecases.reorganisation.preview import Preview
from egov_core.usecases.reorganisation.stranded import PassingCase

SHOWN, IN_JSON = 20, 1_000
"""How many cases are shown on a terminal, and at most in JSON; `--report` has them all."""
COLUMNS = ("number", "case", "item", "item_name", "from", "to", "timers", "forwards")


def as_json(seen: Preview, file: PlanFile) -> dict[str, Any]:
    """A preview as JSON; `changes` is the exact list that applying writes."""
    changes = seen.planned.changes
    return {
        "plan": changes.plan.code,
        "title": changes.plan.title,
        "effective": changes.plan.effective.isoformat(),
        "state": seen.planned.state,
        "digest": seen.planned.digest,
        "changes": [_row(row) for row in seen.planned.rows],
        "faults": [file.fault_as_json(fault) for fault in changes.faults],
        "items_without_organ": list(seen.items_without_organ),
        "posts_without_people": [attrs.asdict(one) for one in seen.empty_posts],
        "people_without_organ": [one.subject for one in changes.remarks if one.code == "person-without-organ"],
        "authorisations_lost": [attrs.asdict(one) for one in changes.lost],
        "remarks": [attrs.asdict(one) for one in changes.remarks],
        "work_without_authority": [attrs.asdict(one) for one in seen.stranded],
        "cases": [_case(one) for one in seen.cases[:IN_JSON]],
        "left_out": max(len(seen.cases) - IN_JSON, 0),
        "statistics": [attrs.asdict(one) for one in seen.statistics],
        "totals": seen.totals,
    }


def show_preview(seen: Preview, file: PlanFile) -> None:
    """A preview as lines."""
    changes = seen.planned.changes
    click.echo(f"{changes.plan.code}  {changes.plan.effective}  {changes.plan.title}  {changes.plan.basis}")
    for fault in file.placed(changes.faults):
        click.echo(f"  {say('错误', 'fault')} {said(fault.path)}: {said(fault.message)}", err=True)
    if changes.faults:
        return
    _section(say("写入", "written"), _written(seen.planned.rows))
    names = changes.organisation.organs

    def organ(code: str) -> str:
        found = names.get(code)
        return code if found is None else f"{found.as_on(changes.plan.effective).name}({code})"

    _section(
        say("承接", "succession"),
        (
            f"{organ(one.source)} → {organ(one.target)}  "
            + say(f"{len(one.items)} 项", f"{len(one.items)} item(s)")
            + (say("及其余", " and the rest") if one.rest else "")
            for one in changes.successions
        ),
    )
    _section(
        say("在办件换承办机关", "open cases that pass"),
        (
            f"{organ(source)} → {organ(target)}  {count}"
            for (source, target), count in Counter((one.source, one.target) for one in seen.cases).items()
        ),
    )
    for one in seen.cases[:SHOWN]:
        forwards = f"  {say('在途转报', 'forwards in flight')} {len(one.forwards)}" if one.forwards else ""
        click.echo(f"    {one.number}  {one.item_name}  {organ(one.target)}{forwards}")
    if len(seen.cases) > SHOWN:
        more = len(seen.cases) - SHOWN
        click.echo(
            "    " + say(f"…另有 {more} 件（--report 列出全部）", f"… and {more} more (--report lists them all)")
        )
    _section(
        say("岗位空缺", "posts without people"),
        (f"{organ(one.organ)}  {_role(one.role)}  {', '.join(one.items) or '*'}" for one in seen.empty_posts),
    )
    _section(
        say("失去的授权", "authorisations lost"),
        (
            f"{_holder(one)}  {_role(one.role)}  {organ(one.organ)}  {', '.join(one.items) or '*'}"
            f"  [{word('lost', one.why)}]"
            for one in changes.lost
        ),
    )
    _section(
        say("在办工作须移交", "open work to be handed over"),
        (f"{one.person}  {len(one.cases)}  {', '.join(one.cases[:SHOWN])}" for one in seen.stranded),
    )
    _section(say("请注意", "to look at"), (f"[{one.code}] {advised(one.message)}" for one in changes.remarks))
    _section(
        say("统计口径", "statistics"),
        (
            f"{organ(one.source)} → {organ(one.target)}  {one.open} / {one.with_upper} / {one.closed}"
            for one in seen.statistics
        ),
    )
    totals = seen.totals
    words = {
        "rows": say("写入", "rows"),
        "cases": say("在办件", "open cases"),
        "timers": say("计时", "timers"),
        "forwards": say("在途转报", "forwards in flight"),
        "empty_posts": say("空缺岗位", "empty posts"),
        "people_without_organ": say("无机关人员", "people without organ"),
        "authorisations_lost": say("失去的授权", "authorisations lost"),
        "work_without_authority": say("须移交工作", "work to be handed over"),
    }
    click.echo("  ".join(f"{words[name]} {totals[name]}" for name in words))
    click.echo(f"{say('状态', 'state')} {seen.planned.state}")


def write_report(path: Path, seen: Preview) -> None:
    """Every open case that passes, a line each."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(word("csv", name) for name in COLUMNS)
        for one in seen.cases:
            shown = _case(one)
            lines.writerow([_harmless(shown[name]) for name in COLUMNS])


def applied_as_json(one: Reorganisation) -> dict[str, Any]:
    """A plan that was carried through."""
    return {
        "plan": one.code,
        "number": one.number,
        "title": one.plan.title,
        "basis": one.plan.basis,
        "effective": one.plan.effective.isoformat(),
        "applied_at": one.applied_at.isoformat(),
        "applied_by": one.applied_by,
        "rows": len(one.rows),
        "state": one.digest_before,
        "digest": one.digest_after,
    }


def _row(row: RowChange) -> dict[str, Any]:
    return {
        "kind": row.kind,
        "code": row.code,
        "version": row.version,
        "before": None if row.before is None else json.loads(row.before),
        "after": json.loads(row.after),
    }


def _case(one: PassingCase) -> dict[str, Any]:
    return {
        "number": one.number,
        "case": one.case_id,
        "item": one.item,
        "item_name": one.item_name,
        "from": one.source,
        "to": one.target,
        "timers": one.timers,
        "forwards": list(one.forwards),
    }


def _harmless(value: Any) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return armoured("; ".join(value) if isinstance(value, list) else str(value))


def _written(rows: Iterable[RowChange]) -> Iterable[str]:
    counted = Counter((row.kind, row.before is None) for row in rows)
    for (kind, is_new), count in sorted(counted.items()):
        yield f"{word('record', kind)}  {say('新增', 'new') if is_new else say('变更', 'changed')} {count}"


def _holder(one: LostAuthority) -> str:
    """Who loses it: a person, a post, a person who leaves a post, or a delegate by the delegation's code."""
    if one.delegation:
        return say(f"委托 {one.delegation}", f"delegation {one.delegation}")
    post = say(f"岗位 {one.post}", f"post {one.post}") if one.post else ""
    return "  ".join(part for part in (one.person, post) if part)


def _role(name: str) -> str:
    """A role in the reader's language."""
    return word("role", name)


def _section(title: str, lines: Iterable[str]) -> None:
    for number, line in enumerate(lines):
        if number == 0:
            click.echo(f"  {title}:")
        click.echo(f"    {line}")
