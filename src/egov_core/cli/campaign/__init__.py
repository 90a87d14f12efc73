"""`egov campaign`: collecting the forms of units, from the opening to the list of laggards.

Rules of this room: one command of a person, one act of the office; `--as` says who acts, and the use case asks whether
that one may. What was done before is said to have been done, and is no error.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from egov_core.cli.campaign.acts import BY, CODE, REASON, UNIT, WITHIN, act
from egov_core.cli.campaign.shown import (
    LAGGARD_COLUMNS,
    name_of,
    show_campaign,
    show_laggards,
    write_list,
)
from egov_core.cli.checks import CONFIG, JSON, examined
from egov_core.cli.given_out import FORCE, refuse_places
from egov_core.cli.language import say
from egov_core.cli.naming import organ_codes
from egov_core.cli.show import guarded, show_json
from egov_core.cli.spoken import Command
from egov_core.cli.times import DAY, PERIOD
from egov_core.domain.campaign import commands as c
from egov_core.domain.campaign.campaign import Campaign
from egov_core.domain.campaign.forms import FORMS
from egov_core.domain.campaign.standing import laggards as overdue_units
from egov_core.domain.campaign.standing import standings
from egov_core.domain.enrolment import UNIT_KINDS
from egov_core.domain.legal import AS_GIVEN
from egov_core.domain.periods import FixedDay, Period
from egov_core.runtime.bootstrap import open_office
from egov_core.runtime.office import Office
from egov_core.runtime.settings import read_settings
from egov_core.usecases.campaign.campaigning import campaign_of
from egov_core.wire.campaigns import campaign_shape, laggard_shape, standing_shape


@click.command("open", cls=Command)
@CODE
@click.option("--title", required=True, help="What it is called.")
@click.option("--organ", required=True, help="The organ that runs it.")
@click.option("--unit", "units", multiple=True, help="Who hands in: an organ code; as often as needed.")
@click.option("--all", "everybody", is_flag=True, help="Every department and town there is today hands in.")
@click.option(
    "--form", "forms", multiple=True, type=click.Choice([*FORMS]), help="What is handed in; all three if none."
)
@click.option("--no-paper", is_flag=True, help="No paper copy is asked for.")
@click.option("--within", type=PERIOD, help="Within what time, for example 20wd.")
@click.option("--until", type=DAY, help="Until which day, instead of a time.")
@click.option("--reviewer", "reviewers", multiple=True, required=True, help="Who reviews: a person's code.")
@click.option("--ahead", default=3, show_default=True, help="Working days before the last day to remind from.")
@click.option("--basis", default="", help="The document that orders it.")
@BY
@CONFIG
@JSON
@guarded
def open_(
    code: str,
    title: str,
    organ: str,
    units: tuple[str, ...],
    everybody: bool,
    forms: tuple[str, ...],
    no_paper: bool,
    within: Period | None,
    until: date | None,
    reviewers: tuple[str, ...],
    ahead: int,
    basis: str,
    by: str,
    config: str,
    as_json: bool,
) -> None:
    """Open a campaign: who hands in what, by when, and who reviews."""
    if within is not None and until is not None:
        raise click.UsageError("--within and --until were both given; give one of them, not both")
    if within is None and until is None:
        raise click.UsageError("give the time to hand in: --within 20wd, or --until 2016-05-31")
    if bool(units) is everybody:
        raise click.UsageError("say who hands in: --unit CODE, as often as needed, or --all")
    with open_office(read_settings(config)) as office:
        today = office.now().date()
        named = units or tuple(one.code for one in office.organisation.on(today) if one.kind in UNIT_KINDS)
        limit = within if within is not None else FixedDay(day=until or today, basis=AS_GIVEN)
        asked = c.OpenCampaign(
            code=code,
            title=title,
            organ=organ,
            units=named,
            forms=tuple(FORMS[one] for one in forms or FORMS),
            paper=not no_paper,
            limit=limit,
            reviewers=reviewers,
            ahead=ahead,
            basis=basis,
        )
        act(office, code, asked, by, as_json=as_json)


@click.command(cls=Command)
@click.argument("code", required=False)
@click.option("--unit", help="One unit only.")
@CONFIG
@JSON
@guarded
def status(code: str | None, unit: str | None, config: str, as_json: bool) -> None:
    """Show where every unit stands, of one campaign or of all."""
    with examined(config) as office:
        shown, today = [], office.now().date()
        unit = None if unit is None else organ_codes(office, [unit])[0]
        for one in _campaigns(office, code):
            found = standings(one, office.now(), office.ruler.calendar)
            chosen = [each for each in found if unit in (None, each.unit)]
            if unit is not None and code is not None:
                one.duty(unit)  # refuses a unit that takes no part
            if as_json:
                units = [standing_shape(one, each, lambda organ: name_of(office, organ)) for each in chosen]
                shown.append({**campaign_shape(one, found, office.organisation, today), "unit_list": units})
            else:
                show_campaign(office, one, chosen)
        none = not as_json and not office.campaigns
    if as_json:
        show_json({"campaigns": shown})
    elif none:
        click.echo(say("没有填报活动", "there is no campaign"))


@click.command(cls=Command)
@CODE
@BY
@CONFIG
@JSON
@guarded
def remind(code: str, by: str, config: str, as_json: bool) -> None:
    """Remind the units whose last day is near or has passed.

    They are told by the channels of [notifications]; where there are none, the list is what was recorded.
    """
    with open_office(read_settings(config)) as office:
        act(office, code, c.RemindUnits(), by, as_json=as_json)


@click.command(cls=Command)
@click.argument("code", required=False)
@click.option("--csv", "file", type=click.Path(), help="Write the list to this CSV file too.")
@FORCE
@CONFIG
@JSON
@guarded
def laggards(code: str | None, file: str | None, force: bool, config: str, as_json: bool) -> None:
    """List the units that are overdue, for the bulletin."""
    if file is not None:
        refuse_places([Path(file)], force=force)
    with examined(config) as office:
        calendar = office.ruler.calendar
        lines = [
            laggard_shape(one, each, lambda organ: name_of(office, organ))
            for one in _campaigns(office, code)
            for each in overdue_units(one, office.now(), calendar)
        ]
        as_of = office.now()
    if file is not None:
        write_list(file, LAGGARD_COLUMNS, lines)
    if as_json:
        show_json({"as_of": as_of.isoformat(), "laggards": lines})
    else:
        show_laggards(lines)


@click.command(cls=Command)
@CODE
@click.option("--unit", help="One unit, to correct what was accepted; without it the whole campaign, after its end.")
@REASON
@WITHIN
@BY
@CONFIG
@JSON
@guarded
def reopen(
    code: str, unit: str | None, reason: str, within: Period | None, by: str, config: str, as_json: bool
) -> None:
    """Have a unit correct what was accepted, or take things in again after the end."""
    if unit is None and within is not None:
        raise click.UsageError("--within gives time to one unit; name it with --unit")
    asked: c.CampaignCommand = c.ReopenCampaign(reason=reason)
    if unit is not None:
        asked = c.ReopenUnit(unit=unit, reason=reason, within=within)
    with open_office(read_settings(config)) as office:
        act(office, code, asked, by, as_json=as_json)


@click.command(cls=Command)
@CODE
@UNIT
@click.option("--to", "to", multiple=True, help="Who takes over, an organ code; those of the plan if not given.")
@click.option("--day", type=DAY, help="The day of the reform; today where it is left out.")
@click.option("--document", default="", help="The document of the reform; that of the plan if not given.")
@BY
@CONFIG
@JSON
@guarded
def succeed(
    code: str, unit: str, to: tuple[str, ...], day: date | None, document: str, by: str, config: str, as_json: bool
) -> None:
    """Pass the duty of a unit that a reform has ended to its successors."""
    with open_office(read_settings(config)) as office:
        asked = c.PassOn(unit=unit, to=to, day=day or office.now().date(), document=document)
        act(office, code, asked, by, as_json=as_json)


@click.command(cls=Command)
@CODE
@click.option("--reason", default="", help="Why, where it is worth saying.")
@BY
@CONFIG
@JSON
@guarded
def close(code: str, reason: str, by: str, config: str, as_json: bool) -> None:
    """End a campaign; its laggards stay on the list."""
    with open_office(read_settings(config)) as office:
        act(office, code, c.CloseCampaign(reason=reason), by, as_json=as_json)


def _campaigns(office: Office, code: str | None) -> list[Campaign]:
    if code is not None:
        return [campaign_of(office.services.registry(), code)]
    return list(office.campaigns.values())
