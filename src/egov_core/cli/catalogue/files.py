"""`egov catalogue template`, `check` and `export`: forms as files.

Rules of this room: nothing here writes to an office; an office is opened to read from it only.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

import click

from egov_core.cli.checks import JSON
from egov_core.cli.given_out import FORCE, write_files, write_new
from egov_core.cli.handed_in import EVERY_CELL, FILES, MAPPING, counted, forms_of, gather, show_faults, uncollected
from egov_core.cli.handed_in import as_json as faults_as_json
from egov_core.cli.language import say
from egov_core.cli.naming import organ_code
from egov_core.cli.show import guarded, show_json
from egov_core.cli.spoken import Command
from egov_core.domain.catalogue import ItemVersion
from egov_core.errors import ClaimError
from egov_core.runtime.bootstrap import open_office
from egov_core.runtime.clock import SystemClock
from egov_core.runtime.settings import read_settings
from egov_core.sheets.forms.description import Form
from egov_core.sheets.forms.elements import Names
from egov_core.sheets.forms.ground import Ground
from egov_core.sheets.forms.intake import take_up
from egov_core.sheets.forms.shipped import FORMS, SET, shipped_form
from egov_core.sheets.forms.templates import template as blank_forms
from egov_core.sheets.forms.writing import sheet_of
from egov_core.sheets.workbook import write_csv, write_workbook

ALL = "all"
FORM = click.option(
    "--form",
    "form",
    type=click.Choice((*FORMS, ALL)),
    default=ALL,
    show_default=True,
    help="Which form; all is the set of three that a unit hands in.",
)


def _forms(name: str) -> tuple[Form, ...]:
    return tuple(shipped_form(one) for one in (SET if name == ALL else (name,)))


@click.command(cls=Command)
@FORM
@click.argument("out", type=click.Path(), metavar="FILE|DIR")
@FORCE
@JSON
@guarded
def template(form: str, out: str, force: bool, as_json: bool) -> None:
    """Write blank forms: to one workbook, or to a file each in a folder.

    Each form is there twice: to fill in, with lists to choose from, notes and an example row, and for paper with a line
    for seal and signatures.
    """
    target, folder = Path(out), None
    forms = _forms(form)
    if target.suffix.lower() == ".xlsx":
        written = [(target, blank_forms(forms))]
    elif target.suffix and not target.is_dir():
        raise ClaimError(f"a blank form is a workbook, not {target.suffix}", remedy="name a file .xlsx or a folder")
    else:
        folder, written = target, [(target / f"{one.title}.xlsx", blank_forms([one])) for one in forms]
    write_new(written, force=force, as_json=as_json, folder=folder, items=0)


@click.command(cls=Command)
@FILES
@MAPPING
@EVERY_CELL
@JSON
@guarded
def check(paths: tuple[str, ...], mapping: str | None, every_cell: bool, as_json: bool) -> None:
    """Say what is wrong with filled-in forms or a list, cell by cell; no office is needed.

    Exit status 1 where something would not be taken in.
    """
    forms = forms_of(mapping)
    files, faults = gather(paths)
    today: date = SystemClock().now().date()
    with uncollected():
        found = take_up(files, forms, Ground(area="000000", valid_from=today, founding=True))
    faults = [*faults, *found.faults]
    if as_json:
        show_json({"items": len(found.items), "rows": found.rows, "faults": faults_as_json(faults)})
    else:
        show_faults(faults, every_cell=every_cell)
        count = counted(faults)
        click.echo(
            say(
                f"{len(found.items)} 个事项可以导入；{count['error']} 处错误，{count['warning']} 处提醒",
                f"{len(found.items)} item(s) can be taken in; {count['error']} error(s), {count['warning']} warning(s)",
            )
        )
    if any(fault.is_error for fault in faults):
        raise SystemExit(1)


@click.command(cls=Command)
@click.option("--config", required=True, type=click.Path(), help="The settings file of the office.")
@FORM
@MAPPING
@click.option("--organ", help="Only the items of this organ: its code.")
@click.option("--on", "day", type=click.DateTime(["%Y-%m-%d"]), help="The items in force on that day, not today.")
@click.argument("out", type=click.Path(), metavar="OUT")
@FORCE
@JSON
@guarded
def export(
    config: str,
    form: str,
    mapping: str | None,
    organ: str | None,
    day: datetime | None,
    out: str,
    force: bool,
    as_json: bool,
) -> None:
    """Give out the catalogue as filled-in forms: OUT.xlsx, OUT.csv (one form), or a folder.

    What is given out can be taken in again and changes nothing. A file that is there is kept, unless --force is given.
    """
    forms = forms_of(mapping) if mapping else _forms(form)
    with open_office(read_settings(config), read_only=True) as office:
        registry = office.services.registry()
        on = office.now().date() if day is None else day.date()
        if organ is not None:
            organ = organ_code(office, organ)
        names = Names(by_code={one.code: one.as_on(on).name for one in registry.organisation.organs.values()})
        items = _in_force(registry.catalogue.items.values(), on, organ)
    sheets = [sheet_of(one, items, names) for one in forms]
    target, folder = Path(out), None
    ending = target.suffix.lower()
    if ending == ".csv":
        if len(sheets) > 1:
            raise ClaimError("a CSV file holds one form", remedy=f"choose one with --form {'|'.join(FORMS)}")
        written = [(target, write_csv(sheets[0]))]
    elif ending == ".xlsx":
        written = [(target, write_workbook(sheets))]
    else:
        folder, written = (
            target,
            [(target / f"{one.title}.xlsx", write_workbook([sheet])) for one, sheet in zip(forms, sheets, strict=True)],
        )
    write_files(written, force=force, folder=folder)
    if as_json:
        rows = {one.title: len(sheet.rows) for one, sheet in zip(forms, sheets, strict=True)}
        show_json({"items": len(items), "rows": rows, "faults": [], "files": [str(file) for file, _ in written]})
        return
    for number, (file, _) in enumerate(written):
        # A form for one type of case holds only the items of that type, so each says what is in it.
        held = [sheets[number]] if len(written) == len(sheets) else sheets
        counts = say("，", ", ").join(
            say(f"{one.name} {len(one.rows)} 行", f"{one.name}: {len(one.rows)} rows") for one in held
        )
        click.echo(say(f"已写入 {file}（{counts}）", f"written: {file} ({counts})"))


def _in_force(versions: Iterable[tuple[ItemVersion, ...]], day: date, organ: str | None) -> list[ItemVersion]:
    found = []
    for of_item in versions:
        held = next((one for one in reversed(of_item) if one.in_force_on(day)), None)
        if held is not None and organ in (None, held.organ):
            found.append(held)
    return sorted(found, key=lambda item: (item.organ, item.code))
