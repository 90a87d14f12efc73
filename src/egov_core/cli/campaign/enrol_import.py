"""`egov enrol import` and `template`: taking in units that join later, and whom they have named.

Rules of this room: a file is shown first and written with `--apply`; everything wrong with it is told by cell, and
then nothing is written.
"""

from __future__ import annotations

from pathlib import Path, PurePath

import click

from egov_core.cli.campaign.enrol import BY
from egov_core.cli.checks import CONFIG, JSON, examined
from egov_core.cli.given_out import FORCE, ending_of, write_new
from egov_core.cli.handed_in import EVERY_CELL, show_faults
from egov_core.cli.handed_in import as_json as faults_as_json
from egov_core.cli.language import say
from egov_core.cli.naming import person_code
from egov_core.cli.show import guarded, show_json
from egov_core.cli.spoken import Command
from egov_core.runtime.bootstrap import open_office
from egov_core.runtime.office import Office
from egov_core.runtime.settings import read_settings
from egov_core.sheets.enrolment_rows import EnrolmentSheet, blank_enrolment, read_enrolment
from egov_core.sheets.workbook import write_csv, write_workbook
from egov_core.usecases.campaign.enrolling import carry_out
from egov_core.usecases.campaign.enrolment_plan import EnrolmentPlan, planned
from egov_core.usecases.foundation.services import Services


@click.command("import", cls=Command)
@click.argument("file", type=click.Path())
@click.option("--document", required=True, help="The document by which the units join.")
@click.option("--apply", "write", is_flag=True, help="Write it; without this it is only shown.")
@BY
@click.option(
    "--by",
    "decided_by",
    default="",
    metavar="PERSON",
    help="Who decides on the people it names, by code: the head of the organ, or of the government.",
)
@CONFIG
@EVERY_CELL
@JSON
@guarded
def import_(
    file: str, document: str, write: bool, by: str, decided_by: str, config: str, every_cell: bool, as_json: bool
) -> None:
    """Take in units that join later, and whom they have named, from a file.

    One row for each person, or for a unit alone: 单位编码, 单位名称, 单位类型, 上级单位编码, 人员编码, 姓名, 职责.

    Who may decide on its people is asked as in `egov staff import`; without --by it is whoever --as names.
    """
    sheet = read_enrolment(Path(file).read_bytes(), name=PurePath(file).name)
    if not write:
        with examined(config) as office:
            brought = _brought(office, by, decided_by)
            plan = planned(office.services, sheet.rows, document=document, faults=sheet.faults, **brought)
            _show(office, plan, sheet, done=False, every_cell=every_cell, as_json=as_json)
        return
    with open_office(read_settings(config)) as office:
        brought = _brought(office, by, decided_by)

        def take_in(services: Services) -> EnrolmentPlan:
            plan = planned(services, sheet.rows, document=document, faults=sheet.faults, **brought)
            carry_out(services, plan, **brought)
            return plan

        _show(office, office.change(take_in), sheet, done=True, every_cell=every_cell, as_json=as_json)


def _brought(office: Office, by: str, decided_by: str) -> dict[str, str]:
    """Who brings the file and who decides, by code."""
    return {"by": person_code(office, by), "decided_by": decided_by and person_code(office, decided_by)}


@click.command("template", cls=Command)
@click.argument("file", type=click.Path(dir_okay=False))
@FORCE
@JSON
@guarded
def template(file: str, force: bool, as_json: bool) -> None:
    """Write the blank file of units that join, as a workbook or as CSV, to fill in."""
    sheet = blank_enrolment()
    data = write_csv(sheet) if ending_of(file, (".xlsx", ".csv")) == ".csv" else write_workbook([sheet])
    write_new([(Path(file), data)], force=force, as_json=as_json)


def _show(
    office: Office, plan: EnrolmentPlan, sheet: EnrolmentSheet, *, done: bool, every_cell: bool, as_json: bool
) -> None:
    """What changes, line by line, and how much is known already."""
    names = {organ.code: organ.name for organ in (*office.organisation.organs.values(), *plan.organs)}
    changes: list[dict[str, str]] = [
        *({"what": "organ", "change": "new", "code": one.code, "name": one.name} for one in plan.organs),
        *({"what": "person", "change": "new", "code": one.code, "name": one.name} for one in plan.people),
        *(
            {"what": "role", "change": "new", "code": one.person, "name": f"{one.role.value} · {one.organ}"}
            for one in plan.grants
        ),
        *(
            {"what": "invitation", "change": "new", "code": one.organ, "name": names.get(one.organ, "")}
            for one in plan.invitations
        ),
    ]
    if as_json:
        show_json(
            {
                "changes": changes,
                "unchanged": plan.unchanged,
                "written": done and not plan.is_empty,
                "faults": faults_as_json(sheet.doubtful),
            }
        )
        return
    show_faults(sheet.doubtful, every_cell=every_cell)
    kinds = {
        "organ": say("单位", "unit"),
        "person": say("人员", "person"),
        "role": say("职责", "role"),
        "invitation": say("邀请", "invitation"),
    }
    for one in changes:
        click.echo(f"{say('新增', 'new')} {kinds[one['what']]}  {one['code']}  {one['name']}")
    click.echo(say(f"已有、不变 {plan.unchanged} 处", f"{plan.unchanged} known already"))
    if plan.is_empty:
        click.echo(say("没有变化", "nothing changes"))
    elif done:
        click.echo(say("已写入", "written"))
    else:
        click.echo(say("预演：未写入任何内容；加 --apply 写入", "a dry run: nothing was written; --apply writes it"))
