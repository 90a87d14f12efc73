"""`egov staff work` and `hand-over`: whose hands the open cases are in, and giving them to somebody else.

Rules of this room: one question or one act; a hand-over is shown first and done with `--apply`. Cases that nobody has
taken are told as well, since an office that has just moved in has nothing else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import attrs
import click

from egov_core.cli.acting import DECIDER, acting, refuse_without_a_name
from egov_core.cli.checks import CONFIG, JSON, examined
from egov_core.cli.in_words import word
from egov_core.cli.language import say
from egov_core.cli.naming import person_of
from egov_core.cli.show import guarded, progress_bar, show_json
from egov_core.cli.spoken import Command
from egov_core.cli.staff.shown import role_in_words
from egov_core.errors import ClaimError
from egov_core.runtime.bootstrap import open_office
from egov_core.runtime.office import Office
from egov_core.runtime.settings import read_settings
from egov_core.usecases.staff.handing_over import OpenWork, could_take, every_work, hand_over_work, handover_faults


@click.command(cls=Command)
@click.argument("person", required=False)
@click.option("--untaken", is_flag=True, help="List the open cases that are in nobody's hands instead.")
@CONFIG
@JSON
@guarded
def work(person: str | None, untaken: bool, config: str, as_json: bool) -> None:
    """List the open work in the hands of PERSON, or of everybody.

    How many open cases are in nobody's hands is said too; of PERSON those that this person could go on with.
    """
    with examined(config) as office:
        code = None if person is None else person_of(office, person).code
        cases = office.storage.counts(office.area)["cases"]
        could = None if code is None else could_take(office.services, code)
        held, waiting = [], []
        with progress_bar(cases, say("正在查看", "looking")) as advance:
            for one in every_work(office.services, progress=advance):
                if one.by and code in (None, one.by):
                    held.append(one)
                elif not one.by and (could is None or could(one)):
                    waiting.append(one)
        counted = _by_organ(office, waiting)
    also = {"untaken": {"cases": len(waiting), "organs": counted}}
    _show_work(waiting if untaken else held, as_json=as_json, person=code, also=also)
    if not as_json and waiting:
        _show_untaken(counted, len(waiting), listed=untaken)


def _by_organ(office: Office, found: list[OpenWork]) -> list[dict[str, Any]]:
    """How many cases each organ has of these, the most first."""
    counted = Counter(one.organ for one in found)
    organs = office.organisation.organs
    return [
        {"organ": code, "name": organs[code].name if code in organs else code, "cases": count}
        for code, count in counted.most_common()
    ]


def _show_untaken(counted: list[dict[str, Any]], cases: int, *, listed: bool) -> None:
    """How many open cases nobody has taken, and where they lie."""
    of = say("、", ", ").join(say("{name} {cases} 件", "{name} {cases}").format(**one) for one in counted)
    more = "" if listed else say("；加 --untaken 列出", "; --untaken lists them")
    click.echo(say(f"无人经手 {cases} 件：{of}{more}", f"in nobody's hands: {cases}; {of}{more}"))


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
        gives, takes = (person_of(office, one).code for one in (giver, taker))
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


def _show_work(
    found: list[OpenWork],
    *,
    as_json: bool,
    person: str | None,
    taker: str | None = None,
    applied: bool | None = None,
    also: Mapping[str, Any] = MappingProxyType({}),
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
        shown = {"person": person, "work": rows, **also}
        show_json(shown if taker is None else {**shown, "taker": taker, "applied": applied})
        return
    for one in found:
        unit, held = f"  {one.unit}" if one.unit else "", one.by or say("无人", "nobody")
        coming = say("、", ", ").join(role_in_words(role) for _, role in one.next_acts)
        click.echo(f"{one.number}  {one.item_name}  {word('state', one.state)}  {held}{unit}  → {coming}")
    click.echo(say(f"在办 {len(found)} 件", f"open cases: {len(found)}"))
