"""`egov cards`: which cards a timer earns under a policy."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import click

from egov_core.cli.in_words import show_incidents, word
from egov_core.cli.language import say
from egov_core.cli.show import beyond_the_horizon, guarded, show_json
from egov_core.cli.spoken import Command
from egov_core.cli.times import LIMIT, MOMENT, PAUSE, PERIOD, Moment, TypedPause, calendar_of, clock_of
from egov_core.domain.calendar.hours import OfficeClock, OfficeHours
from egov_core.domain.cards.policy import CardPolicy
from egov_core.domain.cards.schedule import scheduled_cards
from egov_core.domain.legal import AS_GIVEN
from egov_core.domain.periods import FixedDay, Limit, Period
from egov_core.domain.timers.incidents import incidents
from egov_core.domain.timers.kinds import KINDS, Party
from egov_core.domain.timers.reckoning import Ruler
from egov_core.domain.timers.runs import TimerRun
from egov_core.errors import PeriodError
from egov_core.runtime.choices import DEFAULT_POLICY, place_choices
from egov_core.runtime.place import timer_kinds
from egov_core.runtime.plugins import hooks_of
from egov_core.runtime.policies import load_policy, shipped_policies
from egov_core.runtime.settings import ANYWHERE, Settings, read_settings


@click.command(cls=Command)
@click.option(
    "--policy",
    "policy_name",
    help="A shipped policy, one of a plugin's, or a TOML file (default: the office's of --config, else notice).",
)
@click.option("--config", type=click.Path(), help="The settings of an office: its plugins, policy and office hours.")
@click.option("--timer", "kind", required=True, type=click.Choice(list(KINDS)), help="The kind of timer.")
@click.option("--start", type=MOMENT, help="When the timer began.")
@click.option("--promised", type=LIMIT, help="The promised limit.")
@click.option("--statutory", type=LIMIT, help="The statutory limit.")
@click.option("--declared", type=PERIOD, help="The declared days of a special procedure.")
@click.option("--due", type=MOMENT, help="A day set beforehand.")
@click.option("--order", type=PERIOD, help="The days of a supervision order.")
@click.option("--pause", "pauses", multiple=True, type=PAUSE, help="A..B[/declared][@kind]; A.. is still open.")
@click.option("--office-hours", help="A shipped timetable, or a TOML file.")
@click.option("--finished", type=MOMENT, help="When the work was finished.")
@click.option("--as-of", type=MOMENT, help="Only the cards that exist at that time.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@guarded
def cards(
    policy_name: str | None,
    config: str | None,
    kind: str,
    start: Moment | None,
    promised: Limit | None,
    statutory: Limit | None,
    declared: Period | None,
    due: Moment | None,
    order: Period | None,
    pauses: tuple[TypedPause, ...],
    office_hours: str | None,
    finished: Moment | None,
    as_of: Moment | None,
    as_json: bool,
) -> None:
    """Say which cards a timer earns, each with its first second."""
    policy, hours = _measures(policy_name, config)
    calendar = calendar_of(None, ())
    clock = clock_of(calendar, office_hours) if office_hours or hours is None else OfficeClock(calendar, hours)
    ruler = Ruler(calendar=calendar, clock=clock, settings=policy.settings)
    limits: dict[str, Limit] = {}
    for base, limit in (("promised", promised), ("statutory", statutory), ("declared", declared), ("order", order)):
        if limit is not None:
            limits[base] = policy.counted(limit)
    if due is not None:
        limits["due"] = FixedDay(day=due.at.date(), basis=AS_GIVEN)
    own = KINDS[kind].limit
    if not limits and own is not None:
        limits["statutory"] = policy.counted(own)
    if not limits:
        raise PeriodError(
            "the timer has no limit, so it can earn no card",
            remedy="give --promised, --statutory, --declared or --due",
        )
    begin = _begin(start, due if len(limits) == 1 else None)
    if finished is not None and finished.at < begin:
        raise PeriodError("the work was finished before the timer began", remedy="look at --finished and --start")
    _warn(promised, statutory)
    run = TimerRun(
        timer_id="cards",
        kind=kind,
        start=begin,
        limits=limits,
        pauses=tuple(one.pause() for one in pauses),
        stopped_at=None if finished is None else finished.at,
        party=KINDS[kind].party,
    )
    found = scheduled_cards(policy, run, ruler)
    shown = [
        {"level": card.key.level, "at": card.at.isoformat(), "rule": card.key.rule}
        for card in found
        if as_of is None or card.at <= as_of.at
    ]
    provisional = any(
        run.as_known_at(card.at).due(policy.ruler(ruler), policy.rule(card.key.rule).base).provisional for card in found
    )
    # no card is no all-clear: what is never due, or stands still, is said
    told = incidents(run, policy.ruler(ruler), now=None if as_of is None else as_of.at, bases=tuple(limits))
    if as_json:
        answer: dict[str, Any] = {"cards": shown, "policy": policy.ref, "provisional": provisional}
        if told:
            answer["incidents"] = [one.as_dict() for one in told]
        show_json(answer)
        return
    for one in shown:
        click.echo(f"{one['at']}  {word('level', one['level'])}  {one['rule']}")
    if not shown:
        click.echo(say("没有牌", "no card"))
        if KINDS[kind].party is Party.APPLICANT and not policy.rules_for(kind, Party.APPLICANT):
            click.echo(
                say("这是申请人的期限，不对单位发牌", "this is the applicant's own time, for which nobody earns a card")
            )
    if provisional:
        click.echo(beyond_the_horizon())
    show_incidents(told)


def _measures(name: str | None, config: str | None) -> tuple[CardPolicy, OfficeHours | None]:
    """The policy, and the hours of the office where one is named; plugins are loaded only where they are needed."""
    if config is None and (name is None or name.endswith(".toml") or name in shipped_policies()):
        return load_policy(name or DEFAULT_POLICY), None
    settings = Settings(area=ANYWHERE) if config is None else read_settings(config)
    hooks = hooks_of(settings)
    kinds = timer_kinds(settings, hooks)
    if config is None:
        return load_policy(name or DEFAULT_POLICY, kinds, hooks.card_policies(kinds, shipped_policies())), None
    choices = place_choices(settings, hooks, kinds)
    policy = choices.policy.value if name is None else load_policy(name, kinds, choices.offered)
    return policy, choices.office_hours.value


def _begin(start: Moment | None, due: Moment | None) -> datetime:
    """When the timer began. A report due on a day has no start of its own: its warning may lie a year before."""
    if start is not None:
        return start.at
    if due is None:
        raise PeriodError("a timer needs a start", remedy="give --start T, or --due T for a report")
    return due.at - timedelta(days=366)


def _warn(promised: Limit | None, statutory: Limit | None) -> None:
    """Say on standard error when a promise is longer than the law: the answer is right, the item is not."""
    if (
        isinstance(promised, Period)
        and isinstance(statutory, Period)
        and promised.unit is statutory.unit
        and promised.amount > statutory.amount
    ):
        click.echo(
            say("注意：承诺时限长于法定时限", "note: the promised limit is longer than the statutory one"), err=True
        )
