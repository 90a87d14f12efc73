"""`egov staff import` and `template`: the staff workbook in and out.

Rules of this room: a dry run unless `--apply` says otherwise; everything wrong is said with sheet and cell, and then
nothing is written. What is in the office already is not written again.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import attrs
import click

from egov_core.cli.acting import DECIDER, acting, refuse_without_a_name
from egov_core.cli.checks import CONFIG, JSON, examined
from egov_core.cli.given_out import FORCE, ending_of, write_new
from egov_core.cli.handed_in import APPLY, EVERY_CELL, FILES, UNCHANGED, gather, show_faults
from egov_core.cli.handed_in import as_json as faults_as_json
from egov_core.cli.language import say, speaks_chinese
from egov_core.cli.show import guarded, show_json
from egov_core.cli.spoken import Command
from egov_core.cli.staff.shown import role_in_words
from egov_core.domain.authority import Role, Staffing, StaffRecord, code_of
from egov_core.domain.cells import CellFault
from egov_core.runtime.bootstrap import open_office
from egov_core.runtime.office import Office
from egov_core.runtime.settings import read_settings
from egov_core.sheets.grid import Table
from egov_core.sheets.staff_form import FORMS, StaffForm, staff_workbook
from egov_core.sheets.staff_reading import Known, StaffSheets, read_staff
from egov_core.sheets.tables import read_tables
from egov_core.sheets.workbook import with_notes, write_workbook
from egov_core.usecases.foundation.naming import items_meant, organs_meant, with_organs
from egov_core.usecases.staff.appointing import StaffingDiff, appoint, check_decision, faults_in
from egov_core.usecases.staff.ended_records import ended_records

SHOWN = 40
"""How many changes are shown on a terminal; JSON has them all."""


@click.command("import", cls=Command)
@FILES
@APPLY
@DECIDER
@CONFIG
@EVERY_CELL
@JSON
@guarded
def import_staff(paths: tuple[str, ...], applying: bool, by: str, config: str, every_cell: bool, as_json: bool) -> None:
    """Take in people, posts, grants, delegations and stand-ins from the staff workbook.

    FILE is a workbook of `egov staff template`, or a CSV file named after one of its sheets: 人员.csv or people.csv.
    """
    given, other = gather(paths)
    tables = [table for name, data in given for table in read_tables(data, name=name, source=name)]
    with examined(config) as office:
        actor = acting(office, by)
        if applying and not by:
            refuse_without_a_name(office)
        sheets = read_staff(tables, office.staffing, _known(office))
        faults = [*other, *sheets.with_faults(faults_in(office.services, sheets.staffing, sheets.where))]
        if not sheets.rows and not faults:
            faults = [_nothing_read(table) for table in tables[:1]]
        diff = check_decision(office.services, sheets.staffing, actor=actor)
    refused = any(fault.is_error for fault in faults)
    applied = applying and not refused and not diff.is_empty
    if applied:
        with open_office(read_settings(config)) as writing:
            diff = writing.change(lambda services: appoint(services, sheets.staffing, actor=actor, where=sheets.where))
    if as_json:
        show_json(
            {
                "rows": sheets.rows,
                "faults": faults_as_json(faults),
                "applied": applied,
                "refused": applying and refused,
                "records": _counted(sheets),
                "new": [_named(one) for one in diff.new],
                "changed": [_named(after) for _, after in diff.changed],
                "known": diff.known,
            }
        )
    else:
        show_faults(faults, every_cell=every_cell)
        _show(diff, applying=applying, refused=refused)
    if refused:
        raise SystemExit(1)


@click.command("template", cls=Command)
@click.argument("file", type=click.Path(dir_okay=False))
@click.option("--config", type=click.Path(), help="The settings of an office: what it has is filled in.")
@FORCE
@JSON
@guarded
def template(file: str, config: str | None, force: bool, as_json: bool) -> None:
    """Write the staff workbook, empty or as an office has it, to fill in or to correct."""
    ending_of(file, (".xlsx",))
    staffing = Staffing()
    if config is not None:
        with examined(config) as office:
            staffing = office.staffing
    data = write_workbook(with_notes(staff_workbook(staffing)))
    write_new([(Path(file), data)], force=force, as_json=as_json)


def _known(office: Office) -> Known:
    """What the names of organs and items in a workbook mean today, and which records a plan has ended."""
    tree, catalogue, today = office.organisation, office.catalogue, office.now().date()
    return Known(
        organs=lambda text: organs_meant(tree, text, today),
        items=lambda text: items_meant(catalogue, text, today),
        told=lambda codes: with_organs(catalogue, tree, codes),
        ended=ended_records(office.services.registry()),
    )


def _nothing_read(table: Table) -> CellFault:
    """An empty file is handed in by mistake more often than not: the silence of an import that did nothing misleads."""
    message, remedy = "no row with a record was read", "hand in the file that holds the records"
    return table.fault("", "nothing-read", message, remedy, severity="warning")


def _counted(sheets: StaffSheets) -> dict[str, int]:
    """How many records of each kind were read."""
    return {form.english: sum(isinstance(one, form.record) for one in sheets.staffing) for form in FORMS}


def _named(record: StaffRecord) -> dict[str, Any]:
    form = _form(record)
    return {"sheet": form.name, "kind": form.english, "code": code_of(record)}


def _kind(record: StaffRecord) -> str:
    """The sheet that a record stands in, by its name."""
    form = _form(record)
    return say(form.name, form.english)


def _form(record: StaffRecord) -> StaffForm:
    return next(form for form in FORMS if isinstance(record, form.record))


def _show(diff: StaffingDiff, *, applying: bool, refused: bool) -> None:
    lines = [
        *(f"+ {_kind(one)} {code_of(one)}" for one in diff.new),
        *(f"~ {_kind(after)} {code_of(after)}  {_change(before, after)}" for before, after in diff.changed),
    ]
    for line in lines[:SHOWN]:
        click.echo(line)
    if len(lines) > SHOWN:
        click.echo(say(f"…… 另有 {len(lines) - SHOWN} 条", f"… and {len(lines) - SHOWN} more"))
    click.echo(
        say(
            f"新增 {len(diff.new)}，变更 {len(diff.changed)}，已有 {diff.known}",
            f"new: {len(diff.new)}, changed: {len(diff.changed)}, known already: {diff.known}",
        )
    )
    if refused:
        click.echo(say("有错误，未写入", "there are faults: nothing is written"), err=True)
    elif diff.is_empty:
        click.echo(say(*UNCHANGED))
    elif not applying:
        click.echo(say("未写入；加 --apply 写入", "nothing is written; --apply writes it"))
    else:
        click.echo(say("已写入", "written"))


def _change(before: StaffRecord, after: StaffRecord) -> str:
    """The fields that differ, before and after."""
    names = [field.name for field in attrs.fields(type(after))]
    headings = {part.field: part.heading for part in _form(after).parts} if speaks_chinese() else {}
    return say("，", ", ").join(
        f"{headings.get(name, name)}: {_value(getattr(before, name))} → {_value(getattr(after, name))}"
        for name in names
        if getattr(before, name) != getattr(after, name)
    )


def _value(value: Any) -> str:
    """A value of a field as people read it."""
    if value is None or value == "":
        return "—"
    if isinstance(value, Role):
        return role_in_words(value)
    if isinstance(value, frozenset | set | tuple | list):
        return say("、", ", ").join(sorted(_value(one) for one in value)) or "—"
    return str(value)
