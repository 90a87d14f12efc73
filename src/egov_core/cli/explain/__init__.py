"""`egov explain`: why a deadline is that day, why a card exists, which open cases depend on a reading."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from egov_core.cli.checks import CONFIG, JSON, examined
from egov_core.cli.deadline.answers import choice
from egov_core.cli.explain.explained import (
    card_explained,
    card_id,
    case_named,
    runs_named,
    timer_explained,
    withheld_explained,
)
from egov_core.cli.given_out import FORCE, refuse_places
from egov_core.cli.in_words import show_incidents, show_ledger, show_readings, word, word_of_timer, words
from egov_core.cli.language import say, speaks_chinese
from egov_core.cli.show import guarded, progress_bar, show_json
from egov_core.cli.spoken import Command
from egov_core.domain.cases.ambiguity import AmbiguousRun, readings_of
from egov_core.domain.cases.case import Case
from egov_core.domain.timers.incidents import incidents
from egov_core.domain.timers.readings import SETTINGS
from egov_core.domain.timers.runs import TimerRun
from egov_core.errors import OfficeError, UnknownError
from egov_core.ports.queries import CaseFileQuery
from egov_core.runtime.office import Office
from egov_core.server.grounds import basis_in, deemed_accepted_since
from egov_core.usecases.calendar.ambiguity import AmbiguousCase, ambiguous_cases

HTML = (".html", ".htm")


@click.command("deadline", cls=Command)
@click.argument("identifier", metavar="ID")
@CONFIG
@click.option(
    "--print",
    "printed",
    metavar="FILE",
    help="Write a Chinese explanation to print: an HTML file, or - for text on standard output.",
)
@FORCE
@JSON
@guarded
def explain_deadline(identifier: str, config: str, printed: str | None, force: bool, as_json: bool) -> None:
    """Explain the timers of a case, day by day. ID: a case number, a case id, or a timer id."""
    if printed is not None and (as_json or (printed != "-" and not printed.lower().endswith(HTML))):
        raise click.UsageError("--print takes a file that ends in .html, or -, and does not go with --json")
    if printed not in (None, "-"):
        refuse_places([Path(printed)], force=force)
    with examined(config) as office:
        case = case_named(office, identifier)
        if printed is not None:
            _print(office, case, identifier, printed)
            return
        timers = [timer_explained(office, case, run) for run in runs_named(office, case, identifier)]
        shown = {"case": case.number, "item": case.item_name, "timers": [shown for shown, _ in timers]}
        if as_json:
            show_json(shown)
            return
        click.echo(f"{case.number}  {case.item_name}")
        since = deemed_accepted_since(case)
        if since is not None:
            told = words()("detail.deemed", time=f"{since:%Y-%m-%d %H:%M:%S}")
            click.echo(f"{told} {words()('detail.deemed_why')}")
        for timer, run in timers:
            _show_timer(office, case, timer, run)


@click.command("card", cls=Command)
@click.argument("identifier", metavar="ID")
@CONFIG
@JSON
@guarded
def explain_card(identifier: str, config: str, as_json: bool) -> None:
    """Explain the cards of a case. ID: a case number, a case id, or a card id TIMER#RULE#EPOCH."""
    with examined(config) as office:
        case = case_named(office, identifier.partition("#")[0])
        cards = [
            card
            for card in office.storage.cards(office.area, case.case_id)
            if identifier in (case.case_id, case.number, card.timer_id) or identifier == card_id(card)
        ]
        if "#" in identifier and not cards:
            raise UnknownError(f"there is no card {identifier!r}", remedy="list the cards of the case by its number")
        explained = [card_explained(office, case, card) for card in cards]
        withheld = [] if "#" in identifier else withheld_explained(office, case, identifier)
        if as_json:
            shown = {"case": case.number, "item": case.item_name, "cards": [one for one, _ in explained]}
            show_json({**shown, "withheld": withheld} if case.takeover is not None else shown)
            return
        click.echo(f"{case.number}  {case.item_name}")
        for one, run in explained:
            level, source = word("level", one["level"]), f"{one['policy']} / {one['rule']}; {one['id']}"
            click.echo(f"{level}  {one['at']}  {one['text']}  ({source})")
            provisional = f"  ({say('暂定', 'provisional')})" if one["provisional"] else ""
            click.echo(f"  {say('应于', 'due')} {one['due']}{provisional}  {say('依据', 'basis')} {one['basis']}")
            for step in one["succession"]:
                click.echo(f"  {_passed(step)}")
            if one["revoked_at"]:
                click.echo(f"  {say('已撤销', 'revoked')} {one['revoked_at']}: {word('revoked', one['revoke_reason'])}")
            _show_timer(office, case, one["timer"], run)
        if not explained:
            click.echo(say("没有牌", "no card"))
        for card in withheld:
            click.echo(f"{word('level', card['level'])}  {card['at']}  {say('未发', 'not issued')}: {card['why']}")


@click.command("readings", cls=Command)
@CONFIG
@click.option("--setting", type=click.Choice(SETTINGS), help="Only the cases that depend on this setting.")
@JSON
@guarded
def explain_readings(config: str, setting: str | None, as_json: bool) -> None:
    """List the open cases whose date depends on a reading."""
    with examined(config) as office:
        cases = office.storage.counts(office.area)["cases"]
        with progress_bar(cases, say("正在查看", "looking")) as advance:
            found = list(ambiguous_cases(office.services, setting=setting, progress=advance))
        kinds = office.kinds
    if as_json:
        shown = [_ambiguous(case) for case in found]
        show_json({"cases": shown, "looked_at": cases, "setting": setting})
        return
    for case in found:
        click.echo(f"{case.number}  {case.item_name}")
        for timer in case.timers:
            click.echo(f"- {word_of_timer(kinds, timer.run.kind)}  {timer.run.timer_id}")
            show_readings(timer.readings, indent="    ")
    click.echo(say(f"在办件中有 {len(found)} 件取决于读法", f"open cases that depend on a reading: {len(found)}"))


@click.command("incidents", cls=Command)
@CONFIG
@JSON
@guarded
def explain_incidents(config: str, as_json: bool) -> None:
    """List what somebody has to look at: timers without a limit, procedures that were not ended."""
    with examined(config) as office:
        cases = office.storage.counts(office.area)["cases"]
        with progress_bar(cases, say("正在查看", "looking through")) as advance:
            found = office.incidents(progress=advance)
    if as_json:
        rows = [
            {"case": one.number, "organ": one.organ, "timer": one.timer_id, **one.incident.as_dict()} for one in found
        ]
        show_json({"incidents": rows, "looked_at": cases})
        return
    for one in found:
        click.echo(f"{one.number}  {one.timer_id}")
        show_incidents([one.incident], indent="  ")
    click.echo(say(f"在办件中有 {len(found)} 项情况需要处理", f"incidents in open cases: {len(found)}"))


def _passed(step: Mapping[str, Any]) -> str:
    """Why a card stands against a successor."""
    return say(
        f"自 {step['effective']} 起由 {step['target']} 承接 {step['source']} 的职责，依据：{step['basis']}"
        f"（方案 {step['plan']}）",
        f"from {step['effective']} on {step['target']} has succeeded {step['source']}; basis: {step['basis']} "
        f"(plan {step['plan']})",
    )


def _ambiguous(case: AmbiguousCase) -> dict[str, Any]:
    return {
        "case": case.number,
        "id": case.case_id,
        "item": case.item_name,
        "organ": case.organ,
        "timers": [_ambiguous_timer(timer) for timer in case.timers],
    }


def _ambiguous_timer(timer: AmbiguousRun) -> dict[str, Any]:
    return {
        "id": timer.run.timer_id,
        "kind": timer.run.kind,
        "start": timer.run.start.isoformat(),
        "readings": [one.as_dict() for one in timer.readings],
        "choices": [choice(one) for one in timer.readings if one.chosen],
    }


def _show_timer(office: Office, case: Case, timer: dict[str, Any], run: TimerRun) -> None:
    kind = word_of_timer(office.yardstick(case).kinds, run.kind)
    provisional = f" ({say('暂定', 'provisional')})" if timer["provisional"] else ""
    step = f" · {word('step', timer['step'])}" if timer["step"] else ""
    click.echo(f"- {kind}{step}  {timer['start']} → {timer['due']}{provisional}  {_limits(run)}")
    if timer["told"]:
        words_told = say(
            "放假安排调整后依法更早；已告知的日期不提前",
            "by law the date is earlier by now; the one that was told stands",
        )
        click.echo(f"    {words_told}")
    show_ledger(timer["ledger"], indent="    ", limits=tuple(run.limits.values()))
    yardstick = office.yardstick(case)
    show_readings(readings_of(run, yardstick), indent="    ")
    show_incidents(incidents(run, yardstick.ruler, now=office.now()), indent="    ")


def _limits(run: TimerRun) -> str:
    """The limits of a run, each with its basis."""
    if not speaks_chinese():
        return ", ".join(f"{limit} ({basis_in(words(), limit.basis)})" for limit in run.limits.values())
    from egov_core.server.phrases import limit_in  # the pages' phrases know cases: not for every deadline

    return "、".join(f"{limit_in(words(), limit)}（{basis_in(words(), limit.basis)}）" for limit in run.limits.values())


def _print(office: Office, case: Case, identifier: str, printed: str) -> None:
    """Write the Chinese explanation: as a page to a file, or as text."""
    from egov_core.server.supervision.explanation import explanation_text
    from egov_core.server.supervision.reading import read_case

    runs = {run.timer_id for run in runs_named(office, case, identifier)}
    file = office.answer(CaseFileQuery(area=office.area, case_id=case.case_id))
    reading = read_case(office, file, office.now())
    reading = reading.of_timers(runs)
    if printed == "-":
        click.echo(explanation_text(office, reading), nl=False)
        return
    try:
        from egov_core.server.supervision.explanation_page import explanation_page
    except ImportError as error:
        raise OfficeError(
            f"a page to print needs a package that is not installed ({error.name})",
            remedy="pip install 'egov-core[server]', or --print - for text",
        ) from None
    Path(printed).write_text(explanation_page(office, reading), encoding="utf-8")
    click.echo(say(f"已写入 {printed}", f"written: {printed}"), err=True)
