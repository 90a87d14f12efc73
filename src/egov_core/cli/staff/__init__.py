"""`egov staff`: who may do what, when, and why; whose open work is whose.

Rules of this room: the register answers, `shown_authority` shows. What writes is shown first and done with `--apply`.
"""

from __future__ import annotations

from datetime import date, datetime

import attrs
import click

from egov_core.cli.acting import DECIDER, acting, refuse_without_a_name
from egov_core.cli.checks import CONFIG, JSON, examined
from egov_core.cli.in_words import word
from egov_core.cli.language import say
from egov_core.cli.show import guarded, progress_bar, show_json
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
from egov_core.domain.people import Person
from egov_core.errors import ClaimError, UnknownError
from egov_core.runtime.bootstrap import open_office
from egov_core.runtime.office import Office
from egov_core.runtime.settings import read_settings
from egov_core.usecases.staff.handing_over import OpenWork, hand_over_work, handover_faults, open_work

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
    """List who may act on an item, by role and step, each with the reason."""
    with examined(config) as office:
        on = _day(office, day)
        version = office.catalogue.on(item, on)
        place = office.organisation.get(organ or version.organ).code
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
        on, known = _day(office, day), _person(office, person)
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
        on, known = _day(office, day), _person(office, person)
        version = office.catalogue.on(item, on)
        _check_step(version, step)
        place = office.organisation.get(organ or version.organ).code
        act = Act(role=ROLES[role], item=item, organ=place, day=on, step=step, unit=unit)
        verdict = office.authority.why(known.code, act, office.organisation)
    if as_json:
        show_json(verdict_of(verdict))
        return
    show_verdict(verdict)


@click.command("work", cls=Command)
@click.argument("person", required=False)
@CONFIG
@JSON
@guarded
def work(person: str | None, config: str, as_json: bool) -> None:
    """List the open work in the hands of PERSON, or of everybody."""
    with examined(config) as office:
        known = None if person is None else _person(office, person)
        cases = office.storage.counts(office.area)["cases"]
        with progress_bar(cases, say("正在查看", "looking")) as advance:
            found = list(open_work(office.services, None if known is None else known.code, progress=advance))
    _show_work(found, as_json=as_json, person=None if known is None else known.code)


@click.command("hand-over", cls=Command)
@click.argument("giver")
@click.argument("taker")
@click.option("--reason", required=True, help="Why, in a sentence.")
@click.option("--case", "numbers", multiple=True, help="Only the case of this number; may be given several times.")
@click.option("--apply", "apply", is_flag=True, help="Do it; without it, it is only shown.")
@DECIDER
@CONFIG
@JSON
@guarded
def hand_over(
    giver: str, taker: str, reason: str, numbers: tuple[str, ...], apply: bool, by: str, config: str, as_json: bool
) -> None:
    """Hand the open work of GIVER to TAKER; refused for a case that TAKER could not go on with.

    The head of the organ of both decides it, or the head of the government.
    """
    only = frozenset(numbers) or None
    with examined(config) as office:
        actor = acting(office, by)
        if apply and not by:
            refuse_without_a_name(office)
        gives, takes = (_person(office, one).code for one in (giver, taker))
        found, faults = handover_faults(office.services, gives, takes, only, actor=actor)
    if faults:
        raise ClaimError(
            f"the work of {gives} cannot be handed to {takes}: {len(faults)} fault(s)",
            faults=faults,
            remedy="name somebody who may act on every case, grant what is missing, or hand over fewer cases",
        )
    if apply:
        with open_office(read_settings(config)) as writing:
            writing.change(
                lambda services: hand_over_work(services, gives, takes, reason=reason, actor=actor, only=only)
            )
    _show_work(list(found), as_json=as_json, person=gives, taker=takes, applied=apply)
    if not as_json and not apply:
        click.echo(say("未写入；加 --apply 移交", "nothing is written; --apply hands it over"))


def _day(office: Office, day: datetime | None) -> date:
    return office.now().date() if day is None else day.date()


def _person(office: Office, asked: str) -> Person:
    """The person of a code, or of a name that only one person has. Raises UnknownError."""
    people = office.authority.people
    if asked in people:
        return people[asked]
    named = [person for person in people.values() if person.name == asked]
    if len(named) == 1:
        return named[0]
    codes = ", ".join(sorted(person.code for person in named))
    raise UnknownError(
        f"several people are called {asked}: {codes}" if named else f"there is no person {asked!r}",
        remedy="give the code of the person",
        person=asked,
    )


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


def _show_work(
    found: list[OpenWork], *, as_json: bool, person: str | None, taker: str | None = None, applied: bool | None = None
) -> None:
    if as_json:
        rows = [
            {
                **attrs.asdict(one, filter=lambda field, _: field.name not in ("next_acts", "last_acts")),
                "since": one.since.isoformat(),
                "next": [{"step": step, "role": role.name.lower()} for step, role in one.next_acts],
            }
            for one in found
        ]
        shown = {"person": person, "work": rows}
        show_json(shown if taker is None else {**shown, "taker": taker, "applied": applied})
        return
    for one in found:
        unit = f"  {one.unit}" if one.unit else ""
        coming = say("、", ", ").join(role_in_words(role) for _, role in one.next_acts)
        click.echo(f"{one.number}  {one.item_name}  {word('state', one.state)}  {one.by}{unit}  → {coming}")
    click.echo(say(f"在办 {len(found)} 件", f"open cases: {len(found)}"))
