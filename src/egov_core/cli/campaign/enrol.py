"""`egov enrol`: inviting units, and seeing how far each has come.

Rules of this room: one question or one act; what is taken in from a file stands in `enrol_import`.
"""

from __future__ import annotations

from pathlib import Path

import click

from egov_core.cli.campaign.shown import ENROLMENT_COLUMNS, name_of, show_enrolment, write_list
from egov_core.cli.checks import CONFIG, JSON, examined
from egov_core.cli.given_out import FORCE, refuse_places
from egov_core.cli.language import say
from egov_core.cli.naming import organ_codes, person_code
from egov_core.cli.show import guarded, show_json
from egov_core.cli.spoken import Command
from egov_core.domain.enrolment import STAGES, stage_counts
from egov_core.errors import UnknownError
from egov_core.runtime.bootstrap import open_office
from egov_core.runtime.settings import read_settings
from egov_core.usecases.campaign.enrolling import invite as invite_units
from egov_core.wire.campaigns import enrolment_shape

BY = click.option("--as", "by", required=True, help="Who acts: the code of a member of staff.")


@click.command(cls=Command)
@click.argument("units", nargs=-1, required=True)
@click.option("--document", required=True, help="The document by which they are invited.")
@BY
@CONFIG
@JSON
@guarded
def invite(units: tuple[str, ...], document: str, by: str, config: str, as_json: bool) -> None:
    """Record that units were invited to take part.

    Each is given by its code, or by a name that only one organ has.
    """
    with open_office(read_settings(config)) as office:
        by, units = person_code(office, by), organ_codes(office, units)
        fresh = office.change(lambda services: invite_units(services, units, document=document, by=by))
    if as_json:
        show_json({"invited": list(fresh), "unchanged": len(set(units)) - len(fresh)})
        return
    click.echo(say(f"已邀请 {len(fresh)} 个单位", f"{len(fresh)} unit(s) invited"))


@click.command(cls=Command)
@click.option("--stage", type=click.Choice(STAGES), help="Only the units at this stage.")
@click.option("--unit", help="One unit only.")
@click.option("--csv", "file", type=click.Path(), help="Write the list to this CSV file too.")
@FORCE
@CONFIG
@JSON
@guarded
def status(stage: str | None, unit: str | None, file: str | None, force: bool, config: str, as_json: bool) -> None:
    """Show how far each unit has come."""
    if file is not None:
        refuse_places([Path(file)], force=force)
    with examined(config) as office:
        unit = None if unit is None else organ_codes(office, [unit])[0]
        found = office.enrolments()
        counts = stage_counts(found)
        if unit is not None and unit not in {one.unit for one in found}:
            raise UnknownError(
                f"{unit!r} takes no part on {office.now().date()}",
                remedy="name a department or a town, or invite it first",
                unit=unit,
            )
        chosen = [one for one in found if stage in (None, one.stage) and unit in (None, one.unit)]
        shapes = [enrolment_shape(one, lambda organ: name_of(office, organ)) for one in chosen]
        if file is not None:
            write_list(file, ENROLMENT_COLUMNS, shapes)
        if as_json:
            show_json({"total": len(found), "counts": counts, "units": shapes})
        else:
            show_enrolment(office, chosen, counts)
