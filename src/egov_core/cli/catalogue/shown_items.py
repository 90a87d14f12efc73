"""Items and what is found in them, as JSON and as people read them.

Rules of this room: it shows and decides nothing. Keys and codes are English; sentences are in the reader's language.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import click

from egov_core.cli.advice import with_settings
from egov_core.cli.in_words import word
from egov_core.cli.language import say
from egov_core.domain.catalogue import ItemFinding, ItemLife, StandingChange
from egov_core.runtime.office import Office
from egov_core.usecases.catalogue.cataloguing import prepared


def life_shown(office: Office, life: ItemLife) -> dict[str, Any]:
    """How an item stands today, with its versions, its draft, its changes of standing, reviews and successors."""
    today, draft, hands = office.now().date(), life.draft, prepared(office.services, life)
    state = life.state_on(today)
    return {
        "item": life.code,
        "name": (life.versions[-1] if life.versions else life.drafts[-1].item).full_name,
        "state": None if state is None else state.value,
        "versions": [
            {
                "version": one.version,
                "name": one.name,
                "organ": one.organ,
                "valid_from": one.valid_from.isoformat(),
                "valid_to": None if one.valid_to is None else one.valid_to.isoformat(),
                "prepared_by": list(hands.get(one.version, ())),
            }
            for one in life.versions
        ],
        "draft": None
        if draft is None
        else {
            "version": draft.version,
            "state": draft.state.value,
            "hands": list(draft.hands),
            "reason": draft.reason,
        },
        "standings": [_change(one) for one in life.standings],
        "reviews": [
            {"on": one.on.isoformat(), "version": one.version, "by": one.by, "note": one.note} for one in life.reviews
        ],
        "successors": list(office.catalogue.successors(life.code, today)),
    }


def _change(change: StandingChange) -> dict[str, Any]:
    told = change.succession
    return {
        "state": change.state.value,
        "on": change.on.isoformat(),
        "reason": change.reason,
        "prepared_by": change.prepared_by,
        "decided_by": change.decided_by,
        "succession": None
        if told is None
        else {"kind": told.kind.value, "new": list(told.new), "basis": str(told.basis)},
    }


def finding_shown(one: ItemFinding) -> dict[str, Any]:
    """A finding as JSON has it: sentence and remedy in both languages."""
    return {
        "code": one.code,
        "severity": one.severity.value,
        "element": one.element,
        "message": one.sentence("en"),
        "remedy": one.advice("en"),
        "message_zh": one.message,
        "remedy_zh": one.remedy,
        "source": "" if one.basis is None else str(one.basis),
    }


def show_life(shown: Mapping[str, Any]) -> None:
    """An item as people read it."""
    state = word("item_state", shown["state"]) if shown["state"] else say("未发布", "not published")
    click.echo(f"{shown['name']} ({shown['item']})  {state}")
    for one in shown["versions"]:
        until = one["valid_to"] or ""
        hands = say("、", ", ").join(word("actor", code) for code in one["prepared_by"])
        by = f"  {say('编制', 'prepared by')} {hands}" if hands else ""
        click.echo(f"  {say('版本', 'version')} {one['version']}  {one['valid_from']} – {until}  {one['organ']}{by}")
    draft = shown["draft"]
    if draft is not None:
        reason = f"  {draft['reason']}" if draft["reason"] else ""
        click.echo(f"  {say('草稿', 'draft')} {draft['version']}  {word('item_state', draft['state'])}{reason}")
    for one in shown["standings"]:
        state, hands = word("item_state", one["state"]), f"{one['prepared_by']} → {one['decided_by']}"
        click.echo(f"  {one['on']}  {state}  {one['reason']}  {hands}")
        if one["succession"] is not None:
            new = ", ".join(one["succession"]["new"])
            click.echo(f"    {say('承接事项', 'in its place')} {new}  {one['succession']['basis']}")


def show_findings(findings: Iterable[ItemFinding], lang: str, indent: str = "  ") -> None:
    """Findings as people read them, each with what to do and its source."""
    for one in findings:
        source = f"  [{one.basis}]" if one.basis is not None else ""
        click.echo(
            f"{indent}{word('severity', one.severity.value)} [{one.code}] {one.element}: {one.sentence(lang)}{source}"
        )
        click.echo(f"{indent}  {say('怎么办', 'what to do')}: {with_settings(one.advice(lang))}")
