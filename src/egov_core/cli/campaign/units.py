"""`egov campaign submit`, `paper`, `return`, `take-back`, `accept`: what units hand in, and what reviewers say of it.

Rules of this room: forms are read and checked before they are handed in; what the use case decides is only shown.
"""

from __future__ import annotations

from datetime import date

import click

from egov_core.cli.campaign.acts import BY, CODE, REASON, UNIT, WITHIN, act
from egov_core.cli.campaign.handed_in_forms import read_forms
from egov_core.cli.checks import CONFIG, JSON
from egov_core.cli.handed_in import EVERY_CELL, MAPPING, show_faults
from egov_core.cli.handed_in import as_json as faults_as_json
from egov_core.cli.show import guarded
from egov_core.cli.spoken import Command
from egov_core.cli.times import DAY
from egov_core.domain.campaign import commands as c
from egov_core.domain.campaign.forms import FORMS, CollectedForm, FormFault, FormFile
from egov_core.domain.periods import Period
from egov_core.errors import ClaimError
from egov_core.runtime.bootstrap import open_office
from egov_core.runtime.office import Office
from egov_core.runtime.settings import read_settings
from egov_core.sheets.forms.ground import Ground
from egov_core.sheets.forms.handing_in import ground_of


@click.command(cls=Command)
@CODE
@UNIT
@click.option("--summary", type=click.Path(), help="The file of 事项汇总表.")
@click.option("--information", type=click.Path(), help="The file of 事项信息表.")
@click.option("--forwarding", type=click.Path(), help="The file of 转报件目录表.")
@click.option("--no-forwarding", is_flag=True, help="The unit declares that it forwards no item.")
@MAPPING
@EVERY_CELL
@BY
@CONFIG
@JSON
@guarded
def submit(
    code: str,
    unit: str,
    summary: str | None,
    information: str | None,
    forwarding: str | None,
    no_forwarding: bool,
    mapping: str | None,
    every_cell: bool,
    by: str,
    config: str,
    as_json: bool,
) -> None:
    """Hand in the forms of a unit, all together.

    The forms are checked together, as tables or filled-in documents, and refused with every fault of every cell; one
    workbook may hold several. The same files count once, until they are returned.
    """
    if forwarding and no_forwarding:
        raise click.UsageError("--forwarding gives the form, --no-forwarding declares that there is none: not both")
    given = {"summary": summary, "information": information, "forwarding": forwarding}
    files = {FORMS[form]: path for form, path in given.items() if path is not None}
    with open_office(read_settings(config)) as office:
        read = read_forms(files, _ground(office, unit), mapping=mapping)
        none = (FormFile(form=CollectedForm.FORWARDING, declared_none=True),) if no_forwarding else ()
        asked, also = c.HandIn(unit=unit, files=(*read.files, *none)), {"warnings": faults_as_json(read.warnings)}
        act(office, code, asked, by, as_json=as_json, also=also)
    if not as_json:
        show_faults(read.warnings, every_cell=every_cell)


def _ground(office: Office, unit: str) -> Ground:
    registry, day = office.services.registry(), office.now().date()
    return ground_of(office.organisation.get(unit), office.area, day, registry.organisation, registry.catalogue)


@click.command(cls=Command)
@CODE
@UNIT
@click.option("--day", type=DAY, help="When it came; today where it is left out.")
@BY
@CONFIG
@JSON
@guarded
def paper(code: str, unit: str, day: date | None, by: str, config: str, as_json: bool) -> None:
    """Record that the paper copy has come, sealed."""
    with open_office(read_settings(config)) as office:
        act(office, code, c.ReceivePaper(unit=unit, day=day or office.now().date()), by, as_json=as_json)


@click.command("return", cls=Command)
@CODE
@UNIT
@REASON
@click.option("--fault", "faults", multiple=True, required=True, help="PLACE: WHAT IS WRONG; as often as needed.")
@WITHIN
@BY
@CONFIG
@JSON
@guarded
def return_(
    code: str,
    unit: str,
    reason: str,
    faults: tuple[str, ...],
    within: Period | None,
    by: str,
    config: str,
    as_json: bool,
) -> None:
    """Return what a unit has handed in, with the reason and every fault."""
    named = tuple(_fault(text) for text in faults)
    with open_office(read_settings(config)) as office:
        act(office, code, c.ReturnForms(unit=unit, reason=reason, faults=named, within=within), by, as_json=as_json)


@click.command("take-back", cls=Command)
@CODE
@UNIT
@REASON
@BY
@CONFIG
@JSON
@guarded
def take_back(code: str, unit: str, reason: str, by: str, config: str, as_json: bool) -> None:
    """Take back a return that was a mistake: what was handed in waits for its reviewer again."""
    with open_office(read_settings(config)) as office:
        act(office, code, c.TakeBackReturn(unit=unit, reason=reason), by, as_json=as_json)


@click.command(cls=Command)
@CODE
@UNIT
@BY
@CONFIG
@JSON
@guarded
def accept(code: str, unit: str, by: str, config: str, as_json: bool) -> None:
    """Accept what a unit has handed in."""
    with open_office(read_settings(config)) as office:
        act(office, code, c.AcceptForms(unit=unit), by, as_json=as_json)


def _fault(text: str) -> FormFault:
    """A fault as typed: `PLACE: WHAT IS WRONG`, with a colon of either width."""
    place, colon, message = text.replace("：", ":", 1).partition(":")
    if not colon or not place.strip() or not message.strip():
        raise ClaimError(
            f"{text!r} names no place, or says nothing of it", remedy="write --fault '汇总表 B7: 承诺期限长于法定期限'"
        )
    return FormFault(place=place.strip(), message=message.strip())
