"""`egov deadline`: one deadline, explained."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

import attrs
import click

from egov_core.cli.show import guarded, say, show_json
from egov_core.cli.times import DAY, EXTENSION, LIMIT, MOMENT, PAUSE, Moment, TypedPause, calendar_of, clock_of
from egov_core.domain.legal import end_of
from egov_core.domain.periods import EndRoll, Limit, Period, StartRule, Unit
from egov_core.domain.timers.acceptance import ReceiptRule
from egov_core.domain.timers.ledger import ledger
from egov_core.domain.timers.readings import Question, Reading, readings
from egov_core.domain.timers.reckoning import Due, Extension, Pause, PauseRule, Ruler, Settings
from egov_core.domain.timers.runs import TimerRun
from egov_core.errors import EgovError, ExtensionRefusedError, PauseRefusedError, PeriodError


@click.command()
@click.option("--start", type=MOMENT, help="When the limit begins (a date, or a time at UTC+8).")
@click.option("--received", type=MOMENT, help="In place of --start: when the application came in (行政许可法 32).")
@click.option("--notified", type=MOMENT, help="When the applicant was told what is missing.")
@click.option("--supplemented", type=MOMENT, help="When all that was missing was in.")
@click.option("--limit", required=True, type=LIMIT, help="20wd, 15d, 1m, 1y, 7wh, 24h, immediate or none.")
@click.option("--backward", is_flag=True, help="Count back from --start: the last day that lies a whole limit before.")
@click.option("--pause", "pauses", multiple=True, type=PAUSE, help="A..B[/declared]; A.. is still open.")
@click.option("--cap", is_flag=True, help="Credit a pause at most with its declared days.")
@click.option("--pause-rule", type=click.Choice([rule.value for rule in PauseRule]), default="half-open")
@click.option("--extend", "extensions", multiple=True, type=EXTENSION, help="10wd@T: approved at T.")
@click.option("--start-rule", type=click.Choice([rule.value for rule in StartRule]), default=None)
@click.option("--receipt", type=click.Choice([rule.value for rule in ReceiptRule]), default="as-is")
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
    extensions: tuple[Extension, ...],
    start_rule: str | None,
    receipt: str,
    office_hours: str | None,
    with_readings: bool,
    known_as_of: date | None,
    calendars: tuple[str, ...],
    roll: bool,
    as_of: Moment | None,
    as_json: bool,
) -> None:
    """Compute one deadline and explain it day by day. 计算一个期限并逐日说明。"""
    if start is not None and received is not None:
        raise click.UsageError("a limit begins with --start or with --received, not with both")
    if received is None and (notified or supplemented):
        raise click.UsageError("--notified and --supplemented belong to --received")
    begin = start or received
    if begin is None:
        raise click.UsageError("give --start, when the limit begins, or --received, when the application came in")
    calendar = calendar_of(known_as_of, calendars)
    clock = clock_of(calendar, office_hours)
    ruler = Ruler(calendar=calendar, clock=clock, settings=Settings(pause_rule=PauseRule(pause_rule), cap_pauses=cap))
    if isinstance(limit, Period):
        limit = attrs.evolve(
            limit,
            start_rule=limit.start_rule if start_rule is None else StartRule(start_rule),
            end_roll=EndRoll.AFTER_REST if roll else EndRoll.NONE,
        )
    found: tuple[Reading, ...] = ()
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
        show = _backward(ruler, begin.at, limit, as_of)
    else:
        paused, refused = _pauses(pauses)
        told = _not_before(notified, begin.at)
        question = Question(
            ruler=ruler,
            start=begin.at,
            limit=limit,
            pauses=paused,
            extensions=extensions,
            receipt=ReceiptRule(receipt),
            by_the_clock=office_hours is not None and not begin.is_day,
            on_receipt=received is not None,
            notified=told,
            supplemented=_not_before(supplemented, told or begin.at),
        )
        show = _forward(question, refused, as_of)
        found = readings(question) if with_readings else ()
        show["readings"] = [one.as_dict() for one in found]
    if as_json:
        show_json(show)
    else:
        _show_plainly(show, found)
    if "error" in show:
        raise SystemExit(1)


def _not_before(later: Moment | None, earlier: datetime) -> datetime | None:
    """A time; a mere day is as late on that day as `earlier`: nobody who gives a day means its midnight."""
    if later is None:
        return None
    return max(later.at, earlier) if later.is_day and later.at.date() == earlier.date() else later.at


def _pauses(typed: tuple[TypedPause, ...]) -> tuple[tuple[Pause, ...], list[EgovError]]:
    """The pauses that hold, and why the others do not."""
    held: list[Pause] = []
    refused: list[EgovError] = []
    for one in typed:
        try:
            held.append(one.pause())
        except PauseRefusedError as error:
            refused.append(error)
    return tuple(held), refused


def _forward(question: Question, refused: list[EgovError], as_of: Moment | None) -> dict[str, Any]:
    approved, void = question.lawful()
    refused = [
        *refused,
        *(
            ExtensionRefusedError(
                f"the extension of {asked.amount} approved at {asked.approved_at.isoformat()} is void: {why}",
                remedy="an extension is approved once, in the unit of the limit and while it still runs "
                "(行政许可法第四十二条)",
            )
            for asked, why in void
        ),
    ]
    due, begin, accepted = question.due(), question.begins(), question.acceptance()
    lines: list[dict[str, Any]] = []
    if begin is not None:
        run = TimerRun(
            timer_id="deadline",
            kind="case",
            start=begin,
            limits={"statutory": question.limit},
            pauses=question.pauses,
            extensions=approved,
        )
        lines = [line.as_dict() for line in ledger(run, question.ruler)]
    answer = _answer(due, lines)
    if accepted is not None:
        answer["accepted"] = None if accepted.at is None else accepted.at.date().isoformat()
        answer["deemed"] = accepted.deemed
    if as_of is not None and due.due is not None:
        answer["overdue_days"] = _overdue(question.ruler, due, question.limit, as_of.at)
    if refused:
        answer["error"] = refused[0].as_dict()
    return answer


def _refuse_with_backward(given: Mapping[str, object]) -> None:
    """A period counted back is neither paused, extended nor rolled; what is asked for all the same is said."""
    names = [name for name, value in given.items() if value]
    if names:
        raise PeriodError(
            f"a period counted back does not take {', '.join(names)}", remedy=f"leave out {', '.join(names)}"
        )


def _counted_back(ruler: Ruler, last: date, end: date, limit: Period) -> Iterator[dict[str, Any]]:
    """The days from the end back to the answer, each counted or not, with the running total."""
    total, day, working = 0, end, limit.unit is Unit.WORKING_DAY
    yield {"day": end.isoformat(), "counts": False, "reason": "end-day", "source": "", "total": "0"}
    while day > last:
        day -= timedelta(days=1)
        why = ruler.calendar.reason(day)
        counts = why.counts or not working
        total += counts
        reason, source = (why.code, why.source) if working else ("natural-day", "")
        yield {
            "day": day.isoformat(),
            "counts": counts,
            "reason": reason,
            "source": source,
            "total": str(total),
        }


def _backward(ruler: Ruler, end: datetime, limit: Limit, as_of: Moment | None) -> dict[str, Any]:
    if not isinstance(limit, Period):
        raise PeriodError(f"{limit} cannot be counted back", remedy="give a number of wd, d, m or y")
    last = ruler.before(end.date(), limit)
    provisional = ruler.calendar.span_provisional(last, end.date())
    due = Due(due=end_of(last), last_day=last, first_day=last, provisional=provisional)
    answer = _answer(due, list(_counted_back(ruler, last, end.date(), limit)))
    if as_of is not None:
        answer["overdue_days"] = _overdue(ruler, due, limit, as_of.at)
    return answer


def _overdue(ruler: Ruler, due: Due, limit: Limit, at: datetime) -> int:
    """Days after the last day, in the unit of the limit; 0 while in time."""
    if due.due is None or due.last_day is None or at <= due.due:
        return 0
    if isinstance(limit, Period) and limit.unit.value in ("workday", "working-hour"):
        return ruler.calendar.elapsed(due.last_day, at.date())
    return (at.date() - due.last_day).days


def _answer(due: Due, lines: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "due": None if due.due is None else due.due.isoformat(),
        "last_day": None if due.last_day is None else due.last_day.isoformat(),
        "provisional": due.provisional,
        "overdue_days": None,
        "ledger": lines,
        "readings": [],
    }


def _show_plainly(answer: dict[str, Any], found: tuple[Reading, ...]) -> None:
    for line in answer["ledger"]:
        span = line.get("day") or f"{line['from']} – {line['to']}"
        mark = say("计入", "counts") if line["counts"] else say("不计", "not counted")
        click.echo(f"  {span}  {mark}  {line['reason']}  {line['source']}  {line['total']}")
    if answer.get("deemed"):
        words = say("逾期未告知，自收到之日起视为受理", "deemed accepted on receipt, as no notice was given in time")
        click.echo(f"{words}: {answer['accepted']}")
    elif answer.get("accepted"):
        click.echo(f"{say('受理', 'accepted')}: {answer['accepted']}")
    if answer.get("accepted", "") is None:
        click.echo(say("尚未受理（待补正）", "not yet accepted: the supplements are missing"))
    elif answer["due"] is None:
        click.echo(say("没有截止时间（时限暂停或未设时限）", "no due time: the limit is paused, or there is none"))
    else:
        click.echo(f"{say('最后一日', 'last day')}: {answer['last_day']}   {say('截止', 'due')}: {answer['due']}")
    if answer["provisional"]:
        click.echo(
            say(
                "暂定：跨越本库没有放假通知的年份",
                "provisional: the library has no holiday notice for a year of the span",
            )
        )
    for one in found:
        mark = say("  采用", "  chosen") if one.chosen else ""
        click.echo(f"  {say('读法', 'reading')}  {one.setting} = {one.value}  {one.last_day or '–'}{mark}")
    if answer["overdue_days"] is not None:
        click.echo(f"{say('已超期（日）', 'days overdue')}: {answer['overdue_days']}")
    if "error" in answer:
        click.echo(f"{say('错误', 'error')} [{answer['error']['code']}]: {answer['error']['message']}", err=True)
        click.echo(f"{say('怎么办', 'what to do')}: {answer['error']['remedy']}", err=True)
