"""`egov reorganise`: a reform as a plan: look at it, carry it through, take it back, see what was carried through.

Rules of this room: look first, then ask, then write; what is written is what was shown, or it is refused. A plan that
does not fit is refused with every fault at once.
"""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import click

from egov_core.cli.checks import CONFIG, JSON, examined
from egov_core.cli.given_out import FORCE, ending_of, refuse_places, write_new
from egov_core.cli.language import say
from egov_core.cli.naming import person_code
from egov_core.cli.reorganise.shown import applied_as_json, show_preview, write_report
from egov_core.cli.reorganise.shown import as_json as preview_as_json
from egov_core.cli.show import guarded, progress_bar, show_json
from egov_core.cli.spoken import Command
from egov_core.domain.people import Actor, ActorKind
from egov_core.domain.reorganisation.plan import Plan
from egov_core.errors import ClaimError
from egov_core.runtime.bootstrap import open_office
from egov_core.runtime.office import Office
from egov_core.runtime.plans import ENDINGS, PlanFile, read_plan, read_plan_as_far
from egov_core.runtime.settings import read_settings
from egov_core.sheets.plan_form import plan_workbook
from egov_core.sheets.workbook import with_notes, write_workbook
from egov_core.usecases.authority.reorganisations import require_in_office
from egov_core.usecases.reorganisation.carrying_through import apply, check_decision, faults_besides, refusal
from egov_core.usecases.reorganisation.preview import Preview, preview
from egov_core.usecases.reorganisation.undo import undo

BY = click.option(
    "--by", required=True, metavar="PERSON", help="Who decides it, by code: it takes the role 本级政府负责人."
)
PLAN = click.argument("plan_file", metavar="PLAN", type=click.Path(path_type=Path))


@click.command("preview", cls=Command)
@PLAN
@CONFIG
@click.option("--report", type=click.Path(path_type=Path), help="Write every open case that passes to this CSV file.")
@FORCE
@JSON
@guarded
def show(plan_file: Path, config: str, report: Path | None, force: bool, as_json: bool) -> None:
    """Show what the plan in PLAN (toml, xlsx, xls or ods) would change; nothing is written."""
    if report is not None:
        refuse_places([report], force=force)
    file = read_plan_as_far(plan_file)
    with examined(config) as office:
        _refuse_unread(office, file)
        seen = _look(office, file.plan)
    if report is not None:
        write_report(report, seen)
    if as_json:
        show_json(preview_as_json(seen, file))
    else:
        show_preview(seen, file)
    if seen.planned.changes.faults:
        raise SystemExit(1)


@click.command("apply", cls=Command)
@PLAN
@CONFIG
@BY
@click.option(
    "--expect", default="", metavar="STATE", help="The state that a preview showed: refused if it is another."
)
@click.option("--yes", is_flag=True, help="Do not ask.")
@JSON
@guarded
def carry(plan_file: Path, config: str, by: str, expect: str, yes: bool, as_json: bool) -> None:
    """Carry the plan in PLAN through, in one step."""
    file = read_plan_as_far(plan_file)
    plan = file.plan
    with open_office(read_settings(config)) as office:
        _refuse_unread(office, file)
        by = person_code(office, by)
        require_in_office(office.services.registry(), _staff(by), office.now())
        seen = _look(office, plan)
        if seen.planned.changes.faults:
            raise refusal(plan, file.placed(seen.planned.changes.faults))
        check_decision(office.services, seen.planned, actor=_staff(by), expected=expect)
        if not as_json:
            show_preview(seen, file)
        if not yes:
            if not sys.stdin.isatty():
                raise ClaimError(
                    "nobody is there to be asked, so nothing was written",
                    remedy="look at the preview, then say --yes",
                )
            if not click.confirm(say("实施这个方案？", "carry it through?"), err=True):
                raise click.Abort
        state = expect or seen.planned.state
        rows = len(seen.planned.rows)
        with progress_bar(rows, say("正在实施", "carrying it through")) as advance:
            # in one commit: it is told before and after, since what is written may be written again on a conflict
            done = office.change(lambda services: apply(services, plan, actor=_staff(by), expected=state))
            advance(rows)
    if as_json:
        show_json({**applied_as_json(done), "done": True})
        return
    back = shlex.join(["egov", "reorganise", "undo", plan.code, "--config", config, "--by", by])
    click.echo(
        say(
            f"已实施，自 {plan.effective} 起生效；撤回：{back}",
            f"carried through, in force from {plan.effective} on; to take it back: {back}",
        )
    )


@click.command("undo", cls=Command)
@click.argument("code", metavar="PLAN")
@CONFIG
@BY
@JSON
@guarded
def take_back(code: str, config: str, by: str, as_json: bool) -> None:
    """Take a plan back while nothing has been built on it. PLAN: its code, or its file."""
    if code.lower().endswith(ENDINGS):
        code = read_plan(Path(code)).plan.code
    with open_office(read_settings(config)) as office, _bar(office) as advance:
        by = person_code(office, by)
        done = office.change(lambda services: undo(services, code, actor=_staff(by), progress=advance))
    if as_json:
        show_json({**applied_as_json(done), "undone": True})
        return
    click.echo(
        say(
            f"已撤回 {done.code}：机构、事项、人员和授权恢复到实施以前",
            f"{done.code} is taken back: organs, items, people and grants are what they were before it",
        )
    )


@click.command("template", cls=Command)
@click.argument("file", type=click.Path(dir_okay=False))
@click.option("--plan", "plan_file", type=click.Path(path_type=Path), help="A plan, in TOML or a workbook, to fill in.")
@FORCE
@JSON
@guarded
def template(file: str, plan_file: Path | None, force: bool, as_json: bool) -> None:
    """Write a plan as a workbook (.xlsx) with a sheet for each kind of act, to fill in or to correct."""
    ending_of(file, (".xlsx",))
    plan = None if plan_file is None else read_plan(plan_file).plan
    data = write_workbook(with_notes(plan_workbook(plan)))
    write_new([(Path(file), data)], force=force, as_json=as_json)


@click.command("list", cls=Command)
@CONFIG
@JSON
@guarded
def show_all(config: str, as_json: bool) -> None:
    """List the plans that were carried through, in order."""
    with examined(config) as office:
        plans = office.services.registry().reorganisations
    if as_json:
        show_json({"plans": [applied_as_json(one) for one in plans]})
        return
    for one in plans:
        click.echo(f"{one.number}  {one.code}  {one.plan.effective}  {one.plan.title}  {one.plan.basis}")
    if not plans:
        click.echo(say("没有实施过方案", "no plan has been carried through"))


def _staff(code: str) -> Actor:
    return Actor(kind=ActorKind.STAFF, code=code)


def _refuse_unread(office: Office, file: PlanFile) -> None:
    """Of a file that could not be read as a whole, tell what is wrong with the rest of it in the same breath."""
    if file.faults:
        office.refresh()
        raise file.refusal(faults_besides(office.services, file.plan))


def _look(office: Office, plan: Plan) -> Preview:
    office.refresh()
    with _bar(office) as advance:
        return preview(office.services, plan, progress=advance)


def _bar(office: Office) -> AbstractContextManager[Callable[[int], None]]:
    return progress_bar(office.storage.counts(office.area)["cases"], say("正在查看办件", "looking at cases"))
