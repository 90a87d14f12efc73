"""Campaigns and enrolment on a terminal and in CSV files.

Rules of this room: it prints and decides nothing. CSV files are written by `sheets`, which makes formulas harmless.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from egov_core.cli.advice import with_settings
from egov_core.cli.in_words import word, words
from egov_core.cli.language import say, speaks_chinese
from egov_core.cli.show import beyond_the_horizon
from egov_core.domain.campaign.campaign import Campaign
from egov_core.domain.campaign.facts import CampaignFact, UnitReminded
from egov_core.domain.campaign.standing import UnitStanding, ended
from egov_core.domain.enrolment import UnitEnrolment
from egov_core.runtime.office import Office
from egov_core.server.campaign_words import lacks_words, missing_words

LAGGARD_COLUMNS = ("campaign", "unit", "name", "state", "missing", "last_day", "days_late")
ENROLMENT_COLUMNS = ("unit", "name", "stage", "missing", "unnamed", "items", "cases")


def name_of(office: Office, code: str) -> str:
    """The name of an organ; its code where the register has it no more."""
    organ = office.organisation.organs.get(code)
    return code if organ is None else organ.name


def state_in_words(state: str) -> str:
    """A state of a unit."""
    return words()(f"campaign_state.{state}")


def show_campaign(office: Office, campaign: Campaign, standings: Sequence[UnitStanding]) -> None:
    """A campaign with its counts, and a line for each unit."""
    asked = campaign.opened
    closed = "" if campaign.closed_at is None else f"  {say('已结束', 'closed')} {campaign.closed_at:%Y-%m-%d}"
    click.echo(f"{campaign.code}  {asked.title}  {say('截止', 'last day')} {campaign.last_day}{closed}")
    if campaign.provisional:
        click.echo(f"  {beyond_the_horizon()}")
    counts = "  ".join(f"{state_in_words(state)} {count}" for state, count in campaign.counts().items())
    click.echo(f"  {counts}  {say('合计', 'all')} {len(campaign.units)}")
    for unit in ended(campaign, office.organisation, office.now().date()):
        lost = say(
            f"已不存在，请指定承接单位：egov campaign succeed {campaign.code} --unit {unit} --as 人员 --config 文件",
            f"exists no more, name its successor: "
            f"egov campaign succeed {campaign.code} --unit {unit} --as PERSON --config FILE",
        )
        click.echo(f"  {unit}  {name_of(office, unit)}  {with_settings(lost)}")
    for one in standings:
        click.echo(f"  {one.unit}  {name_of(office, one.unit)}  {state_in_words(one.state.value)}{_how(campaign, one)}")


def _how(campaign: Campaign, one: UnitStanding) -> str:
    duty = campaign.duty(one.unit)
    told = []
    if duty.latest is not None:
        told.append(say(f"{duty.latest.items} 项", f"{duty.latest.items} items"))
    if len(duty.submissions) > 1 and duty.submissions[-2].digest == duty.submissions[-1].digest:
        told.append(say("与退回的一套相同", "the same set as was returned"))
    if one.handed_in_late:
        told.append(say(f"迟报 {one.handed_in_late} 天", f"{one.handed_in_late} day(s) late"))
    if one.missing:
        told.append(say("缺", "missing ") + missing_words(words(), one.missing))
    if one.overdue:
        told.append(say(f"逾期 {one.days} 天", f"overdue by {one.days} day(s)"))
    if duty.passed_to:
        told.append(say("转由", "passed to ") + say("、", ", ").join(duty.passed_to))
    return "".join(f"  {one}" for one in told)


def show_facts(office: Office, facts: Iterable[CampaignFact], nothing: str) -> None:
    """What a command has made happen, a line for each fact; the sentence `nothing` where that is none."""
    shown = False
    for fact in facts:
        shown = True
        unit = getattr(fact, "unit", "")
        more = f"  {missing_words(words(), fact.missing)}" if isinstance(fact, UnitReminded) else ""
        click.echo(
            f"{words()(f'campaign_fact.{fact.what}')}  {unit} {name_of(office, unit) if unit else ''}{more}".rstrip()
        )
    if not shown:
        click.echo(nothing)


def show_laggards(lines: Sequence[Mapping[str, Any]]) -> None:
    """The units that are overdue, as a bulletin lists them."""
    for one in lines:
        lacks = missing_words(words(), one["missing"])
        days = say(f"逾期 {one['days_late']} 天", f"{one['days_late']} day(s) late")
        click.echo(f"{one['name']}  {state_in_words(one['state'])}  {say('缺', 'missing ')}{lacks}  {days}")
    if not lines:
        click.echo(say("没有逾期单位", "no unit is overdue"))


def show_enrolment(office: Office, found: Sequence[UnitEnrolment], counts: Mapping[str, int]) -> None:
    """The counts by stage, and a line for each unit."""
    said = words()
    click.echo("  ".join(f"{said(f'stage.{stage}')} {count}" for stage, count in counts.items()))
    for one in found:
        lacks = lacks_words(said, one)
        more = f"  {say('未做：', 'missing: ')}{lacks}" if lacks else ""
        click.echo(f"{one.unit}  {name_of(office, one.unit)}  {said(f'stage.{one.stage}')}{more}")


def write_list(path: str, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> None:
    """A CSV file that a spreadsheet opens as it is."""
    from egov_core.sheets.workbook import Column, SheetToWrite, write_csv

    texts = [[_text(column, row[column]) for column in columns] for row in rows]
    sheet = SheetToWrite(name="", columns=tuple(Column(heading=word("csv", column)) for column in columns), rows=texts)
    Path(path).write_bytes(write_csv(sheet))


CODES = {
    "state": ("campaign_state",),
    "stage": ("stage",),
    "missing": ("collected", "stage_missing"),
    "unnamed": ("duty",),
}
"""The columns that hold codes, and whose words those are."""


def _text(column: str, value: Any) -> str:
    """A cell: a code by its word for who reads Chinese, as it is for who does not."""
    codes = [str(one) for one in value] if isinstance(value, list) else [str(value)]
    if speaks_chinese():
        for group in CODES.get(column, ()):
            codes = [word(group, code) for code in codes]
    return say("、", "; ").join(codes)
