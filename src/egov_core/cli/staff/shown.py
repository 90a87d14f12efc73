"""How authority is shown: powers, chains and refusals, as JSON and in the reader's language.

Rules of this room: nothing is asked or decided here; keys and codes are English, sentences follow the locale.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import click

from egov_core.cli.in_words import word, words
from egov_core.cli.language import said, say, speaks_chinese
from egov_core.domain.authority import Gap, Link, NearMiss, Power, Role, Verdict
from egov_core.domain.authority.powers import SENTENCES, listed

ROLES: Mapping[str, Role] = {
    **{role.name.lower().replace("_", "-"): role for role in Role},
    **{role.value: role for role in Role},
}
"""Every role by the names it can be given by."""


def sentence(gap: Gap) -> str:
    """A condition that failed, in the reader's language."""
    if speaks_chinese():
        return said(gap.message)
    return SENTENCES[gap.code].format(**{name: _english(value) for name, value in gap.data.items()})


def role_in_words(role: Role) -> str:
    """A role in the reader's language."""
    return words()(f"role.{role.name.lower()}")


def _english(text: str) -> str:
    """A list of roles by their English names; any other text as it is."""
    roles = {role.value: role for role in Role}
    names = text.split(", ")
    return ", ".join(role_in_words(roles[one]) for one in names) if all(one in roles for one in names) else text


def link_of(link: Link) -> dict[str, Any]:
    """A link of a chain for JSON."""
    return {
        "kind": link.kind.value,
        "code": link.code,
        "name": link.name,
        "from": link.valid_from.isoformat(),
        "to": None if link.valid_to is None else link.valid_to.isoformat(),
        "basis": None if link.basis is None else str(link.basis),
        "document": link.document,
    }


def power_of(power: Power) -> dict[str, Any]:
    """A power for JSON."""
    return {
        "role": power.role.name.lower(),
        "organ": power.organ,
        "items": sorted(power.items),
        "steps": sorted(power.steps),
        "from": power.valid_from.isoformat(),
        "to": None if power.valid_to is None else power.valid_to.isoformat(),
        "under": power.under,
        "chain": [link_of(link) for link in power.links],
    }


def steps_in_words(steps: frozenset[str]) -> frozenset[str]:
    """Steps in the reader's language."""
    return frozenset(word("step", step) for step in steps)


def verdict_of(verdict: Verdict) -> dict[str, Any]:
    """The answer to `why` for JSON."""
    act = verdict.act
    return {
        "person": verdict.person,
        "role": act.role.name.lower(),
        "item": act.item,
        "step": act.step or None,
        "organ": act.organ,
        "day": act.day.isoformat(),
        "permitted": verdict.permitted,
        "power": None if verdict.power is None else power_of(verdict.power),
        "needed": None if verdict.permitted else verdict.needed,
        "tried": [_near(one) for one in verdict.tried],
    }


def show_power(power: Power) -> None:
    """A power with its chain, on the terminal."""
    everything = say("全部", "all")
    reach = [listed(names).replace("*", everything) for names in (power.items, steps_in_words(power.steps))]
    items, steps = say("事项", "items"), say("环节", "steps")
    until = "" if power.valid_to is None else str(power.valid_to)
    role = f"{role_in_words(power.role)}  {power.organ}"
    click.echo(f"{role}  {items}: {reach[0]}  {steps}: {reach[1]}  [{power.valid_from}, {until})")
    show_chain(power.links)


def show_chain(links: Iterable[Link]) -> None:
    """A chain, one link a line, from the person to what it rests on."""
    for link in links:
        until = "" if link.valid_to is None else str(link.valid_to)
        rests = "  ".join(text for text in (link.name, str(link.basis or ""), link.document) if text)
        click.echo(f"    ← {word('link', link.kind.value)} {link.code}  [{link.valid_from}, {until})  {rests}".rstrip())


def show_verdict(verdict: Verdict) -> None:
    """The answer to `why`, on the terminal."""
    if verdict.power is not None:
        click.echo(say("可以", "permitted"))
        show_power(verdict.power)
        if verdict.power.delegation is not None:
            organ = verdict.power.organ
            click.echo(
                say(
                    f"以委托机关 {organ} 的名义办理，由其承担责任（行政许可法第二十四条）",
                    f"in the name of {organ}, which stays answerable (行政许可法 24)",
                )
            )
        return
    act = verdict.act
    click.echo(say("不可以", "denied"))
    for near in verdict.tried:
        click.echo(f"- {role_in_words(near.power.role)}  {near.power.organ}")
        for gap in near.gaps:
            click.echo(f"    {sentence(gap)}")
    needed = verdict.needed.replace(act.role.value, say(act.role.value, role_in_words(act.role)))
    click.echo(f"{say('需要：', 'needed: ')}{said(needed)}")


def _near(near: NearMiss) -> dict[str, Any]:
    gaps = [{"code": gap.code, "message": gap.message} for gap in near.gaps]
    return {"power": power_of(near.power), "gaps": gaps}
