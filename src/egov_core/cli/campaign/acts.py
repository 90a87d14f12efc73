"""What the commands of `egov campaign` have in common: their options, and doing one act and showing what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import attrs
import click

from egov_core.cli.campaign.shown import name_of, show_facts
from egov_core.cli.language import say
from egov_core.cli.naming import organ_codes, person_code
from egov_core.cli.show import show_json
from egov_core.cli.times import PERIOD
from egov_core.domain.campaign.commands import CampaignCommand, RemindUnits
from egov_core.domain.campaign.standing import standings
from egov_core.runtime.office import Office
from egov_core.usecases.campaign.campaigning import conduct
from egov_core.wire.campaigns import campaign_shape, standing_shape

BY = click.option("--as", "by", required=True, help="Who acts: the code of a member of staff.")
CODE = click.argument("code")
UNIT = click.option("--unit", required=True, help="The unit's organ code.")
REASON = click.option("--reason", required=True, help="Why, in writing.")
WITHIN = click.option("--within", type=PERIOD, help="Time to correct it, for example 5wd.")


def act(
    office: Office,
    code: str,
    command: CampaignCommand,
    by: str,
    *,
    as_json: bool,
    also: Mapping[str, Any] = MappingProxyType({}),
) -> None:
    """Do it and show what has happened; `also` is shown with it in JSON."""
    by, command = person_code(office, by), _by_code(office, command)
    done = office.change(lambda services: conduct(services, code, command, by=by))
    if not as_json:
        nothing = say("此前已办，无变化", "that had been done before: nothing has changed")
        if isinstance(command, RemindUnits):
            nothing = say("目前没有需要催报的单位", "no unit is to be reminded now")
        show_facts(office, done.facts, nothing)
        return
    found = standings(done.campaign, office.now(), office.ruler.calendar)
    unit = getattr(command, "unit", None)
    shown = {
        **campaign_shape(done.campaign, found, office.organisation, office.now().date()),
        "changed": bool(done.facts),
        "facts": [{"what": one.what, "unit": getattr(one, "unit", None)} for one in done.facts],
        **also,
    }
    if unit is not None:
        shown["unit"] = next(
            standing_shape(done.campaign, one, lambda organ: name_of(office, organ))
            for one in found
            if one.unit == unit
        )
    show_json(shown)


def _by_code(office: Office, command: CampaignCommand) -> CampaignCommand:
    """The command with the codes of its organs, which may be given by name."""
    one = [name for name in ("organ", "unit") if getattr(command, name, None)]
    several = [name for name in ("units", "to") if getattr(command, name, None)]
    given = [*(getattr(command, name) for name in one), *(each for name in several for each in getattr(command, name))]
    codes = dict(zip(given, organ_codes(office, given), strict=True))
    found: dict[str, Any] = {name: codes[getattr(command, name)] for name in one}
    found |= {name: tuple(codes[each] for each in getattr(command, name)) for name in several}
    return attrs.evolve(command, **found)
