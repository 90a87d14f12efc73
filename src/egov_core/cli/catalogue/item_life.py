"""`egov catalogue draft|submit|return|publish|suspend|resume|withdraw|review|history`: the life of an item.

Rules of this room: each command reads its options, asks the office, and shows how the item stands then; who may do
what, and in which order, is not known here.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar, cast

import attrs
import click

from egov_core.cli.catalogue.shown_items import finding_shown, life_shown, show_findings, show_life
from egov_core.cli.checks import CONFIG, JSON, examined
from egov_core.cli.in_words import word
from egov_core.cli.language import say, speaks_chinese
from egov_core.cli.naming import item_code, person_code
from egov_core.cli.show import guarded, show_json
from egov_core.cli.spoken import Command
from egov_core.cli.times import read_any_limit
from egov_core.domain.catalogue import (
    ConfirmItem,
    ItemCommand,
    ItemVersion,
    PrepareDraft,
    PublishDraft,
    ResumeItem,
    ReturnDraft,
    SubmitDraft,
    Succession,
    SuccessionKind,
    SuspendItem,
    WithdrawItem,
)
from egov_core.domain.legal import LegalBasis
from egov_core.domain.people import Actor, ActorKind
from egov_core.errors import ClaimError, Fault, UnknownError
from egov_core.runtime.bootstrap import open_office
from egov_core.runtime.office import Office
from egov_core.runtime.settings import read_settings
from egov_core.wire.item_draft import draft_from_json

F = TypeVar("F", bound=Callable[..., Any])

CODE = click.argument("code")
BY = click.option("--by", required=True, help="The code of the person who acts.")
PREPARED_BY = click.option("--prepared-by", required=True, help="Who asked for it; another person than --by.")
REASON = click.option("--reason", required=True, help="Why, in a sentence.")
ON = click.option(
    "--on", "on", type=click.DateTime(["%Y-%m-%d"]), help="From which day on; today where it is left out."
)


def _options(*given: Callable[[Any], Any]) -> Callable[[F], F]:
    """The argument and the options of a command, in this order."""

    def mark(function: F) -> F:
        marked: Any = function
        for one in reversed((CODE, *given, CONFIG, JSON)):
            marked = one(marked)
        return cast(F, marked)

    return mark


@click.command(cls=Command)
@_options(click.option("--file", type=click.Path(), help="JSON with the fields that change; all, of a new item."), BY)
@guarded
def draft(code: str, file: str | None, by: str, config: str, as_json: bool) -> None:
    """Write down the next version of an item: what is published, with what FILE changes."""

    def command(office: Office) -> ItemCommand:
        item = item_code(office, code, new=True)
        life, today = office.life_of(item), office.now().date()
        body = b"{}" if file is None else Path(file).read_bytes()

        def drafted(day: date) -> ItemVersion:
            base = life.to_write_over(day)
            return draft_from_json(
                body, code=item, version=life.next_version, base=base, today=today, read_limit=read_any_limit
            )

        # The file may say from when on it holds, and with that over which version it is written.
        begins = max(today, drafted(today if life.draft is None else max(today, life.draft.item.valid_from)).valid_from)
        return PrepareDraft(item=attrs.evolve(drafted(begins), valid_from=begins))

    _act(code, command, by, config, as_json=as_json)


@click.command(cls=Command)
@_options(BY)
@guarded
def submit(code: str, by: str, config: str, as_json: bool) -> None:
    """Hand the draft of an item in for review."""
    _act(code, lambda _office: SubmitDraft(), by, config, as_json=as_json)


@click.command("return", cls=Command)
@_options(REASON, BY)
@guarded
def return_draft(code: str, reason: str, by: str, config: str, as_json: bool) -> None:
    """Send the draft of an item back, saying everything that has to be corrected."""
    _act(code, lambda _office: ReturnDraft(reason=reason), by, config, as_json=as_json)


@click.command(cls=Command)
@_options(BY)
@guarded
def publish(code: str, by: str, config: str, as_json: bool) -> None:
    """Publish the draft of an item that is in review; another person than who drafted it."""
    _act(code, lambda _office: PublishDraft(), by, config, as_json=as_json)


@click.command(cls=Command)
@_options(REASON, ON, PREPARED_BY, BY)
@guarded
def suspend(code: str, reason: str, on: datetime | None, prepared_by: str, by: str, config: str, as_json: bool) -> None:
    """Take no further cases of an item from a day on; open cases go on."""

    def command(office: Office) -> ItemCommand:
        return SuspendItem(reason=reason, on=_day(on, office), prepared_by=prepared_by)

    _act(code, command, by, config, as_json=as_json)


@click.command(cls=Command)
@_options(REASON, ON, PREPARED_BY, BY)
@guarded
def resume(code: str, reason: str, on: datetime | None, prepared_by: str, by: str, config: str, as_json: bool) -> None:
    """Take cases of a suspended item again from a day on."""

    def command(office: Office) -> ItemCommand:
        return ResumeItem(reason=reason, on=_day(on, office), prepared_by=prepared_by)

    _act(code, command, by, config, as_json=as_json)


@click.command(cls=Command)
@_options(
    REASON,
    ON,
    click.option("--into", multiple=True, help="The code of an item that takes its place."),
    click.option(
        "--as", "kind", type=click.Choice([one.value for one in SuccessionKind]), help="How the new follow it."
    ),
    click.option("--basis", default="", help="The document by which they do."),
    PREPARED_BY,
    BY,
)
@guarded
def withdraw(
    code: str,
    reason: str,
    on: datetime | None,
    into: tuple[str, ...],
    kind: str | None,
    basis: str,
    prepared_by: str,
    by: str,
    config: str,
    as_json: bool,
) -> None:
    """End an item for good from a day on; say what takes its place. Open cases go on."""
    succession = _succession(into, kind, basis)

    def command(office: Office) -> ItemCommand:
        return WithdrawItem(reason=reason, on=_day(on, office), prepared_by=prepared_by, succession=succession)

    _act(code, command, by, config, as_json=as_json)


@click.command(cls=Command)
@_options(click.option("--note", default="", help="What was looked at."), BY)
@guarded
def review(code: str, note: str, by: str, config: str, as_json: bool) -> None:
    """Say after the yearly look that an item is right as it is."""
    _act(code, lambda _office: ConfirmItem(note=note), by, config, as_json=as_json)


@click.command(cls=Command)
@CODE
@CONFIG
@JSON
@guarded
def history(code: str, config: str, as_json: bool) -> None:
    """Show everything that has happened to an item, and how it stands."""
    with examined(config) as office:
        code = item_code(office, code)
        life = office.life_of(code)
        if not (life.versions or life.drafts):
            raise UnknownError(f"there is no item {code!r}", remedy="look its code up in the catalogue", item=code)
        acts = [
            {"position": one.position, "type": one.type, "at": one.at.isoformat(), "by": one.actor}
            for one in office.storage.events(office.area, f"item:{code}")
        ]
        shown = {**life_shown(office, life), "events": acts}
    if as_json:
        show_json(shown)
        return
    show_life(shown)
    for act in acts:
        click.echo(f"  {act['at']}  {word('item_event', str(act['type']))}  {word('actor', str(act['by']))}")


COMMANDS = (draft, submit, return_draft, publish, suspend, resume, withdraw, review, history)
"""The commands of this module."""


def _act(code: str, command: Callable[[Office], ItemCommand], by: str, config: str, *, as_json: bool) -> None:
    with open_office(read_settings(config)) as office:
        code = item_code(office, code, new=True)
        actor = Actor(kind=ActorKind.STAFF, code=person_code(office, by))
        told = office.act_on_item(code, command(office), actor=actor)
        shown = {
            **life_shown(office, told.life),
            "happened": list(told.happened),
            "findings": [finding_shown(one) for one in told.findings],
        }
    if as_json:
        show_json(shown)
        return
    if not told.happened:
        click.echo(say("草稿原来就是这样，什么也没有写入", "the draft says this already: nothing was written"))
    show_life(shown)
    show_findings(told.findings, "zh" if speaks_chinese() else "en")


def _day(on: datetime | None, office: Office) -> date:
    return office.now().date() if on is None else on.date()


def _succession(into: tuple[str, ...], kind: str | None, basis: str) -> Succession | None:
    if not (into or kind or basis):
        return None
    faults = [
        Fault(option, "missing", say("承接事项须写明去向、方式和依据", "what takes its place is said with all three"))
        for option, value in (("--into", into), ("--as", kind), ("--basis", basis.strip()))
        if not value
    ]
    if faults:
        raise ClaimError(
            f"{', '.join(fault.path for fault in faults)} is missing",
            faults=faults,
            remedy="give --into, --as and --basis together, or none of them",
        )
    return Succession(kind=SuccessionKind(kind), new=into, basis=LegalBasis(instrument=basis.strip()))
