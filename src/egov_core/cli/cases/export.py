"""`egov cases export`: the open cases as a file that `egov cases import` takes in elsewhere.

Rules of this room: what leaves is looked at as the taker will look at it, and what a file cannot say is told by number.
It is recorded in the chain before the file is written. No personal value is shown.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import attrs
import click

from egov_core.cli.acting import DECIDER, acting
from egov_core.cli.checks import CONFIG, JSON
from egov_core.cli.given_out import FORCE, ending_of, refuse_places, write_files
from egov_core.cli.handed_in import EVERY_CELL, show_faults
from egov_core.cli.handed_in import as_json as faults_as_json
from egov_core.cli.language import said, say
from egov_core.cli.naming import organ_code
from egov_core.cli.show import guarded, progress_bar, show_json
from egov_core.cli.spoken import Command
from egov_core.domain.cases.old_cases import OldCase
from egov_core.domain.cells import CellFault
from egov_core.runtime.bootstrap import open_office
from egov_core.runtime.settings import read_settings
from egov_core.sheets.open_cases.files import read_sheets
from egov_core.sheets.open_cases.reading import OpenCases, read_open_cases
from egov_core.sheets.open_cases.template import ENDINGS
from egov_core.sheets.open_cases.writing import write_cases
from egov_core.usecases.takeover.giving_out import GivenOut, open_cases, record_given_out, require_giver

SHOWN = 20
"""How many of the things unsaid are shown on a terminal; `--json` has them all."""


@click.command("export", cls=Command)
@click.argument("file", type=click.Path())
@CONFIG
@DECIDER
@click.option("--organ", default="", metavar="CODE", help="Only the cases that this organ answers for.")
@click.option(
    "--prefix",
    default="",
    help="Put this before each number: for an office that numbers its own cases in the same way.",
)
@FORCE
@EVERY_CELL
@JSON
@guarded
def export_cases(
    file: str, config: str, by: str, organ: str, prefix: str, force: bool, every_cell: bool, as_json: bool
) -> None:
    """Write the open cases to FILE (.xlsx or .csv), for another office to take in.

    The file has the names of the applicants and their query codes: --by says who decides that it leaves, and the chain
    keeps it.
    """
    ending = ending_of(file, ENDINGS)
    refuse_places([Path(file)], force=force)
    with open_office(read_settings(config)) as office:
        actor, organ = acting(office, by), organ and organ_code(office, organ)
        require_giver(office.services.registry(), actor, organ, office.now())
        count = office.storage.counts(office.area)["cases"]
        with progress_bar(count, say("正在查看办件", "looking at cases")) as advance:
            given = open_cases(office.services, organ=organ, prefix=prefix, progress=advance)
        data = write_cases(given.cases, ending)
        sheets, unreadable = read_sheets(data, name=file)
        read = read_open_cases(sheets, source=Path(file).name, unreadable=unreadable)
        faults = [*read.faults, *_read_otherwise(given, read)]
        digest = hashlib.sha256(data).hexdigest()
        office.change(
            lambda services: record_given_out(services, actor=actor, organ=organ, cases=len(given.cases), digest=digest)
        )
    write_files([(Path(file), data)], force=force)
    if as_json:
        show_json(_as_json(file, given, faults, digest))
        return
    show_faults(faults, every_cell=every_cell)
    _show(file, given)


def _read_otherwise(given: GivenOut, read: OpenCases) -> list[CellFault]:
    """A warning at each case that reads as something else than it is: an act at midnight among others of the day."""
    there = {one.number: one for one in read.cases}
    return [
        there[one.number]
        .cell("number")
        .warning(
            "reads-otherwise",
            "the file reads as other acts or times than the case has",
            "compare it with the case; a time at midnight reads as a day alone",
        )
        for one in given.cases
        if one.number in there and _done(there[one.number]) != _done(one)
    ]


def _done(case: OldCase) -> list[tuple[type, str]]:
    return sorted(((type(act.command), act.at.isoformat()) for act in case.acts), key=lambda one: (one[1], str(one[0])))


def _as_json(file: str, given: GivenOut, faults: list[CellFault], digest: str) -> dict[str, Any]:
    return {
        "file": file,
        "cases": len(given.cases),
        "left_out": sum(one.left_out for one in given.unsaid),
        "unsaid": [attrs.asdict(one) for one in given.unsaid],
        "faults": faults_as_json(faults),
        "digest": digest,
    }


def _show(file: str, given: GivenOut) -> None:
    for one in given.unsaid[:SHOWN]:
        kind = say("未写入", "left out") if one.left_out else say("未说明", "not said")
        click.echo(f"{kind} {one.number}  {said(one.message)}  [{one.code}]", err=True)
    if len(given.unsaid) > SHOWN:
        more = len(given.unsaid) - SHOWN
        click.echo(say(f"……另有 {more} 条，见 --json", f"... and {more} more; --json has them all"), err=True)
    count, out = len(given.cases), sum(one.left_out for one in given.unsaid)
    click.echo(
        say(
            f"已写入 {file}：在办件 {count} 件，未写入 {out} 件；内有申请人信息，请妥善保管",
            f"written: {file}: {count} open cases, {out} left out; it names applicants, keep it safe",
        )
    )
