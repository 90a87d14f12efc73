"""`egov deadline`: one deadline, explained."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import attrs
import click
from click.core import ParameterSource

from egov_core.cli.deadline.answers import Answer, answer, answer_before, choice, taken
from egov_core.cli.in_words import show_incidents, show_ledger, show_readings, show_refusals
from egov_core.cli.language import say
from egov_core.cli.show import beyond_the_horizon, guarded, show_json
from egov_core.cli.spoken import Command
from egov_core.cli.times import (
    DAY,
    EXTENSION,
    LIMIT,
    MOMENT,
    PAUSE,
    Moment,
    TypedExtension,
    TypedPause,
    calendar_of,
    clock_of,
)
from egov_core.domain.periods import EndRoll, Limit, Period, StartRule
from egov_core.domain.timers.acceptance import ReceiptRule
from egov_core.domain.timers.applicant import ApplicantUnit, is_read
from egov_core.domain.timers.readings import Chooser, ChosenBy, PublicityRule, Question, Reading, readings
from egov_core.domain.timers.reckoning import PauseRule, Ruler, Settings
from egov_core.errors import PeriodError


@click.command(cls=Command)
@click.option("--start", type=MOMENT, help="When the limit begins (a date, or a time at UTC+8).")
@click.option("--received", type=MOMENT, help="In place of --start: when the application came in (行政许可法 32).")
@click.option("--notified", type=MOMENT, help="When the applicant was told what is missing.")
@click.option("--supplemented", type=MOMENT, help="When all that was missing was in.")
@click.option("--limit", required=True, type=LIMIT, help="20wd, 15d, 1m, 1y, 7wh, 24h, immediate or none.")
@click.option("--backward", is_flag=True, help="Count back from --start: the last day that lies a whole limit before.")
@click.option("--pause", "pauses", multiple=True, type=PAUSE, help="A..B[/declared][@kind]; A.. is still open.")
@click.option("--cap", is_flag=True, help="Credit a pause at most with its declared days.")
@click.option(
    "--pause-rule",
    type=click.Choice([rule.value for rule in PauseRule]),
    default="half-open",
    help="Of a pause given by dates (A, B] is not counted, or [A, B].",
)
@click.option(
    "--pause-kind",
    type=click.Choice([rule.value for rule in PublicityRule]),
    default="not-counted",
    help="Whether the time of a pause @公示 counts; Art. 45 does not name it.",
)
@click.option("--extend", "extensions", multiple=True, type=EXTENSION, help="10wd@T: approved at T.")
@click.option(
    "--start-rule",
    type=click.Choice([rule.value for rule in StartRule]),
    default=None,
    help="Days begin on the next day, hours at the instant, unless a place says otherwise.",
)
@click.option(
    "--receipt",
    type=click.Choice([rule.value for rule in ReceiptRule]),
    default="as-is",
    help="What comes in on a rest day, or after closing where the hours are given.",
)
@click.option(
    "--applicant-unit",
    type=click.Choice([unit.value for unit in ApplicantUnit]),
    default=None,
    help="The period is the applicant's own: read it in the applicant's favour, or in this unit.",
)
@click.option("--office-hours", help="A shipped timetable, or a TOML file.")
@click.option(
    "--readings", "with_readings", is_flag=True, help="List what other readings give where the law is silent."
)
@click.option("--known-as-of", type=DAY, help="Use the notices published by that day.")
@click.option("--calendar", "calendars", multiple=True, type=click.Path(), help="A further holiday notice (TOML).")
@click.option("--roll", is_flag=True, help="A last day that is a rest day moves to the first day after it.")
@click.option("--as-of", type=MOMENT, help="Say how many days overdue at that time.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@guarded
def deadline(
    start: Moment | None,
    received: Moment | None,
    notified: Moment | None,
    supplemented: Moment | None,
    limit: Limit,
    backward: bool,
    pauses: tuple[TypedPause, ...],
    cap: bool,
    pause_rule: str,
    pause_kind: str,
    extensions: tuple[TypedExtension, ...],
    start_rule: str | None,
    receipt: str,
    applicant_unit: str | None,
    office_hours: str | None,
    with_readings: bool,
    known_as_of: date | None,
    calendars: tuple[str, ...],
    roll: bool,
    as_of: Moment | None,
    as_json: bool,
) -> None:
    """Compute one deadline and explain it day by day."""
    if start is not None and received is not None:
        raise click.UsageError("a limit begins with --start or with --received, not with both")
    if received is None and (notified or supplemented):
        raise click.UsageError("--notified and --supplemented belong to --received")
    begin = start or received
    if begin is None:
        raise click.UsageError("give --start, when the limit begins, or --received, when the application came in")
    if applicant_unit is not None and not is_read(limit):
        raise PeriodError(
            f"the unit of {limit} is no question: only a number of days is read in one unit or another",
            remedy="leave out --applicant-unit, or give days",
        )
    calendar = calendar_of(known_as_of, calendars)
    clock = clock_of(calendar, office_hours)
    if isinstance(limit, Period):
        limit = attrs.evolve(
            limit,
            start_rule=limit.start_rule if start_rule is None else StartRule(start_rule),
            end_roll=EndRoll.AFTER_REST if roll else EndRoll.NONE,
        )
    if backward:
        _refuse_with_backward(
            {
                "--received": received is not None,
                "--pause": pauses,
                "--extend": extensions,
                "--roll": roll,
                "--start-rule": start_rule,
                "--receipt": receipt != "as-is",
            }
        )
    held, asked, refused = taken(pauses, extensions)
    told = _not_before(notified, begin.at)
    question = Question(
        ruler=Ruler(
            calendar=calendar, clock=clock, settings=Settings(pause_rule=PauseRule(pause_rule), cap_pauses=cap)
        ),
        start=begin.at,
        limit=limit,
        pauses=held,
        extensions=asked,
        receipt=ReceiptRule(receipt),
        by_the_clock=office_hours is not None and not begin.is_day,
        on_receipt=received is not None,
        notified=told,
        supplemented=_not_before(supplemented, told or begin.at),
        publicity=PublicityRule(pause_kind),
        applicant=None if applicant_unit is None else ApplicantUnit(applicant_unit),
        backward=backward,
        chosen_by=_chosen_by(applicant_unit),
    )
    at = None if as_of is None else as_of.at
    found = answer_before(question, at) if backward else answer(question, refused, at)
    if as_json:
        shown = found.shown
        if with_readings:
            listed = readings(question)
            shown["readings"] = [one.as_dict() for one in listed]
            shown["choices"] = [choice(one) for one in listed if one.chosen]
        show_json(shown)
    else:
        _show_plainly(found, readings(question), asked=with_readings)
    if "error" in found.shown:
        raise SystemExit(1)


def _chosen_by(applicant_unit: str | None) -> Mapping[str, ChosenBy]:
    """The settings that an option of this call chose."""
    context = click.get_current_context()
    options = {"pause_rule", "pause_kind", "start_rule", "receipt", "roll", "applicant_unit"}
    given = {name for name in options if context.get_parameter_source(name) is ParameterSource.COMMANDLINE}
    if applicant_unit == ApplicantUnit.FAVOUR.value:
        given.discard("applicant_unit")  # that the period is the applicant's was said; how it is read was not
    names = {name: name.replace("_", "-") for name in given}
    return {name: ChosenBy(Chooser.OPTION, f"--{name}") for name in names.values()}


def _not_before(later: Moment | None, earlier: datetime) -> datetime | None:
    """A time; a mere day is as late on that day as `earlier`: nobody who gives a day means its midnight."""
    if later is None:
        return None
    return max(later.at, earlier) if later.is_day and later.at.date() == earlier.date() else later.at


def _refuse_with_backward(given: Mapping[str, object]) -> None:
    """A period counted back is neither paused, extended nor rolled; what is asked for all the same is said."""
    names = [name for name, value in given.items() if value]
    if names:
        raise PeriodError(
            f"a period counted back does not take {', '.join(names)}", remedy=f"leave out {', '.join(names)}"
        )


def _show_plainly(found: Answer, listed: tuple[Reading, ...], *, asked: bool) -> None:
    shown: dict[str, Any] = found.shown
    show_ledger(shown["ledger"])
    if shown.get("deemed"):
        words = say("逾期未告知，自收到之日起视为受理", "deemed accepted on receipt, as no notice was given in time")
        click.echo(f"{words}: {shown['accepted']}")
    elif shown.get("accepted"):
        click.echo(f"{say('受理', 'accepted')}: {shown['accepted']}")
    if shown.get("accepted", "") is None:
        click.echo(say("尚未受理（待补正）", "not yet accepted: the supplements are missing"))
    elif shown["due"] is None:
        click.echo(say("没有截止时间（时限暂停或未设时限）", "no due time: the limit is paused, or there is none"))
    else:
        click.echo(f"{say('最后一日', 'last day')}: {shown['last_day']}   {say('截止', 'due')}: {shown['due']}")
    if shown["provisional"]:
        click.echo(beyond_the_horizon())
    show_readings(listed)
    if asked and not listed:
        click.echo(say("没有别的读法", "no other reading"))
    show_incidents(found.incidents)
    if shown["overdue_days"] is not None:
        part = (
            say("（已超期，未满一日）", " (late, by less than a day)")
            if found.late and not shown["overdue_days"]
            else ""
        )
        label = (
            say("已超期（工作日）", "working days overdue")
            if found.by_work
            else say("已超期（自然日）", "natural days overdue")
        )
        click.echo(f"{label}: {shown['overdue_days']}{part}")
    show_refusals(found.refused)
