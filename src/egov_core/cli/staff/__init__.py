"""`egov staff`: who may do what, when, and why; whose open work is whose.

Rules of this room: the register answers, `shown` shows. What writes stands in `files` and `work`.
"""

from __future__ import annotations

from datetime import date, datetime

import click

from egov_core.cli.checks import CONFIG, JSON, examined
from egov_core.cli.in_words import word
from egov_core.cli.language import say
from egov_core.cli.naming import item_code, organ_code, person_of
from egov_core.cli.show import guarded, show_json
from egov_core.cli.spoken import Command
from egov_core.cli.staff.shown import (
    ROLES,
    power_of,
    role_in_words,
    show_chain,
    show_power,
    show_verdict,
    verdict_of,
)
from egov_core.domain.authority import Act, Role
from egov_core.domain.cases.commands import NEEDED_ROLE, STEP_OF, needed_role
from egov_core.domain.catalogue import ItemVersion
from egov_core.errors import UnknownError
from egov_core.runtime.office import Office

DAY = click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="On which day; today where it is left out.")
ORGAN = click.option("--organ", help="Of which organ; the item's own where it is left out.")
STEP = click.option("--step", default="", help="Which step, for example acceptance, review or conclusion.")
ROLE = click.Choice([*ROLES], case_sensitive=False)


@click.command("who", cls=Command)
@click.argument("item")
@click.option("--role", type=ROLE, help="In which role only.")
@STEP
@ORGAN
@DAY
@CONFIG
@JSON
@guarded
def who(
    item: str, role: str | None, step: str, organ: str | None, day: datetime | None, config: str, as_json: bool
) -> None:
    """List who may act on an item, by role and step, each with the reason.

    ITEM is a code, or a name that only one item has.
    """
    with examined(config) as office:
        on = _day(office, day)
        version = office.catalogue.on(item_code(office, item, day=on), on)
        item, place = version.code, organ_code(office, organ or version.organ)
        _check_step(version, step)
        asked = _acts(version, None if role is None else ROLES[role], step)
        acts = [Act(role=held, item=item, organ=place, day=on, step=part) for held, part in asked]
        found = [(act, office.authority.who(act, office.organisation)) for act in acts]
        people = office.authority.people
    if as_json:
        shown = [
            {
                "role": act.role.name.lower(),
                "step": act.step or None,
                "people": [
                    {"person": one.person, "name": people[one.person].name, **power_of(one.power)}
                    for one in verdicts
                    if one.power is not None
                ],
            }
            for act, verdicts in found
        ]
        show_json({"item": item, "name": version.name, "organ": place, "day": on.isoformat(), "acts": shown})
        return
    click.echo(f"{version.name}  {item}  {place}  {on}")
    for act, verdicts in found:
        what = f"{word('step', act.step) if act.step else '—'} · {role_in_words(act.role)}"
        click.echo(what + ("" if verdicts else f"  {say('无人', 'nobody')}"))
        for one in verdicts:
            click.echo(f"  {one.person}  {people[one.person].name}")
            show_chain(one.chain)


@click.command("what", cls=Command)
@click.argument("person")
@DAY
@CONFIG
@JSON
@guarded
def what(person: str, day: datetime | None, config: str, as_json: bool) -> None:
    """List everything PERSON may do on a day, with the reason.

    PERSON is a code, or a name that only one person has.
    """
    with examined(config) as office:
        on, known = _day(office, day), person_of(office, person)
        powers = office.authority.what(known.code, on, office.organisation)
    if as_json:
        shown = [power_of(power) for power in powers]
        show_json({"person": known.code, "name": known.name, "day": on.isoformat(), "powers": shown})
        return
    click.echo(f"{known.code}  {known.name}  {known.organ_on(on)}  {on}")
    for power in powers:
        show_power(power)
    if not powers:
        click.echo(say("没有任何权限", "nothing at all"))


@click.command("why", cls=Command)
@click.argument("person")
@click.argument("role", type=ROLE)
@click.argument("item")
@STEP
@ORGAN
@DAY
@click.option("--unit", default="", help="The internal unit that holds the step in hand.")
@CONFIG
@JSON
@guarded
def why(
    person: str,
    role: str,
    item: str,
    step: str,
    organ: str | None,
    day: datetime | None,
    unit: str,
    config: str,
    as_json: bool,
) -> None:
    """Say why PERSON may, or may not, act in ROLE on ITEM: the chain, or every condition that fails.

    Without --step the question is about every step of the role.
    """
    with examined(config) as office:
        on, known = _day(office, day), person_of(office, person)
        version = office.catalogue.on(item_code(office, item, day=on), on)
        _check_step(version, step)
        place = organ_code(office, organ or version.organ)
        act = Act(role=ROLES[role], item=version.code, organ=place, day=on, step=step, unit=unit)
        verdict = office.authority.why(known.code, act, office.organisation)
    if as_json:
        show_json(verdict_of(verdict))
        return
    show_verdict(verdict)


def _day(office: Office, day: datetime | None) -> date:
    return office.now().date() if day is None else day.date()


def _check_step(item: ItemVersion, step: str) -> None:
    """Raises UnknownError for a step that neither the item nor any command has: nobody may be said to hold it."""
    known = dict.fromkeys((*(one.code for one in item.steps), *STEP_OF.values()))
    if step and step not in known:
        raise UnknownError(
            f"item {item.code} has no step {step!r}",
            remedy=f"name one of its steps: {', '.join(known)}; or leave --step out to see all of them",
            item=item.code,
            step=step,
        )


def _acts(item: ItemVersion, role: Role | None, step: str) -> list[tuple[Role, str]]:
    """Roles and steps that are asked about: those of the commands there are, or what was named."""
    found = dict.fromkeys((needed_role(command, item), STEP_OF[command]) for command in NEEDED_ROLE)
    held = [one for one in found if role in (None, one[0]) and step in ("", one[1])]
    return held or [(one, step) for one in ((role,) if role is not None else dict.fromkeys(one for one, _ in found))]
