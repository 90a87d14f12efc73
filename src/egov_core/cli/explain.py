"""`egov explain`: why a deadline is that day, why a card exists."""

from __future__ import annotations

from typing import Any

import attrs
import click

from egov_core.cli.checks import CONFIG, JSON, examined
from egov_core.cli.show import guarded, progress_bar, say, show_json
from egov_core.domain.cases.case import Case
from egov_core.domain.cases.timing import runs_of
from egov_core.domain.timers.ledger import ledger
from egov_core.domain.timers.runs import TimerRun
from egov_core.errors import UnknownError
from egov_core.ports.storage import CardRow
from egov_core.runtime.bootstrap import Office


@click.group()
def explain() -> None:
    """Explain a deadline or a card from what was recorded. 说明期限或牌的由来。"""


@explain.command("deadline")
@click.argument("identifier", metavar="ID")
@CONFIG
@JSON
@guarded
def explain_deadline(identifier: str, config: str, as_json: bool) -> None:
    """Explain the timers of a case, day by day. ID: a case number, a case id, or a timer id."""
    with examined(config) as office:
        case = _case(office, identifier)
        runs = [
            run
            for run in runs_of(case, office.yardstick(case))
            if identifier in (case.case_id, case.number, run.timer_id)
        ]
        timers = [_timer(office, case, run) for run in runs]
    shown = {"case": case.number, "item": case.item_name, "timers": timers}
    if as_json:
        show_json(shown)
        return
    click.echo(f"{case.number}  {case.item_name}")
    for timer in timers:
        _show_timer(timer)


@explain.command("card")
@click.argument("identifier", metavar="ID")
@CONFIG
@JSON
@guarded
def explain_card(identifier: str, config: str, as_json: bool) -> None:
    """Explain the cards of a case. ID: a case number, a case id, or a card id TIMER#RULE#EPOCH."""
    with examined(config) as office:
        case = _case(office, identifier.partition("#")[0])
        cards = [
            card
            for card in office.storage.cards(office.area, case.case_id)
            if identifier in (case.case_id, case.number, card.timer_id) or identifier == card_id(card)
        ]
        if "#" in identifier and not cards:
            raise UnknownError(f"there is no card {identifier!r}", remedy="list the cards of the case by its number")
        explained = [_card(office, case, card) for card in cards]
    shown = {"case": case.number, "item": case.item_name, "cards": explained}
    if as_json:
        show_json(shown)
        return
    click.echo(f"{case.number}  {case.item_name}")
    for one in explained:
        click.echo(f"{one['level']}  {one['at']}  {one['text']}  ({one['policy']} / {one['rule']}; {one['id']})")
        click.echo(f"  {say('应于', 'due')} {one['due']}  {say('依据', 'basis')} {one['basis']}")
        if one["revoked_at"]:
            click.echo(f"  {say('已撤销', 'revoked')} {one['revoked_at']}: {one['revoke_reason']}")
        _show_timer(one["timer"])
    if not explained:
        click.echo(say("没有牌", "no card"))


@explain.command("incidents")
@CONFIG
@JSON
@guarded
def explain_incidents(config: str, as_json: bool) -> None:
    """List what somebody has to look at: timers without a limit, procedures that were not ended. 需要处理的异常。"""
    with examined(config) as office:
        cases = office.storage.counts(office.area)["cases"]
        with progress_bar(cases, say("正在查看", "looking through")) as advance:
            found = office.incidents(progress=advance)
    if as_json:
        show_json(
            {"incidents": [{"case": one.number, "organ": one.organ, **attrs.asdict(one.incident)} for one in found]}
        )
        return
    for one in found:
        incident = one.incident
        click.echo(f"{one.number}  [{incident.code}] {incident.message}")
        click.echo(f"  {say('怎么办', 'what to do')}: {incident.remedy}")
    if not found:
        click.echo(say("没有异常", "no incident"))


def card_id(card: CardRow) -> str:
    """The id of a card: timer, rule and epoch."""
    return f"{card.timer_id}#{card.rule}#{card.epoch}"


def _case(office: Office, identifier: str) -> Case:
    case_id = identifier.partition("/")[0]
    row = office.storage.case(office.area, case_id) or office.storage.case_by_number(office.area, case_id)
    if row is None:
        raise UnknownError(
            f"there is no case {identifier!r}",
            remedy="give the number on the receipt, or the id shown by the board",
            id=identifier,
        )
    return office.case_of(row)


def _timer(office: Office, case: Case, run: TimerRun) -> dict[str, Any]:
    ruler = office.yardstick(case).ruler
    due = run.due(ruler)
    return {
        "id": run.timer_id,
        "kind": run.kind,
        "start": run.start.isoformat(),
        "stopped": None if run.stopped_at is None else run.stopped_at.isoformat(),
        "limits": {base: f"{limit} ({limit.basis})" for base, limit in run.limits.items()},
        "due": None if due.due is None else due.due.isoformat(),
        "last_day": None if due.last_day is None else due.last_day.isoformat(),
        "provisional": due.provisional,
        "ledger": [line.as_dict() for line in ledger(run, ruler, None if due.due else office.now().date())],
    }


def _card(office: Office, case: Case, card: CardRow) -> dict[str, Any]:
    policy = office.policy(card.policy)
    run = next(run for run in runs_of(case, office.yardstick(case)) if run.timer_id == card.timer_id)
    return {
        "id": card_id(card),
        "level": card.level,
        "at": card.at.isoformat(),
        "issued_at": card.issued_at.isoformat(),
        "due": None if card.due_at is None else card.due_at.isoformat(),
        "rule": card.rule,
        "text": policy.rule(card.rule).text,
        "policy": card.policy,
        "basis": str(policy.basis),
        "provisional": card.provisional,
        "revoked_at": None if card.revoked_at is None else card.revoked_at.isoformat(),
        "revoke_reason": card.revoke_reason,
        "timer": _timer(office, case, run.as_known_at(card.at)),
    }


def _show_timer(timer: dict[str, Any]) -> None:
    click.echo(f"- {timer['kind']}  {timer['start']} → {timer['due']}  {', '.join(timer['limits'].values())}")
    for line in timer["ledger"]:
        mark = say("计入", "counts") if line["counts"] else say("不计", "not counted")
        where = line.get("day") or f"{line['from']} – {line['to']}"
        click.echo(f"    {where}  {mark}  {line['reason']}  {line['source']}  {line['total']}")
