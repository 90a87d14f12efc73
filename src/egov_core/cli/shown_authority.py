"""How authority is shown: powers, chains and refusals, as JSON and in the reader's language.

Rules of this room: nothing is asked or decided here; keys and codes are English, sentences follow the locale.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import click

from egov_core.cli.show import say, speaks_chinese
from egov_core.domain.authority import Gap, Link, NearMiss, Power, Role, Verdict
from egov_core.domain.authority.powers import LinkKind, listed

ROLES: Mapping[str, Role] = {
    **{role.name.lower().replace("_", "-"): role for role in Role},
    **{role.value: role for role in Role},
}
"""Every role by the names it can be given by."""

KINDS = {
    LinkKind.PERSON: ("任职人员", "person"),
    LinkKind.STAND_IN: ("代岗", "stand-in"),
    LinkKind.APPOINTMENT: ("任岗", "appointment"),
    LinkKind.POST: ("岗位", "post"),
    LinkKind.GRANT: ("授权", "grant"),
    LinkKind.DELEGATION: ("委托", "delegation"),
    LinkKind.ORGAN: ("机关", "organ"),
}
"""Each link of a chain, Chinese and English."""

CHINESE: Mapping[str, str] = {
    "role": "{what}：角色是{has}，不是{asked}",
    "item": "{what}：事项是{has}，不含{asked}",
    "step": "{what}：环节是{has}，不含{asked}",
    "organ": "{what}：范围是{has}，不含{asked}",
    "not-begun": "{what}：{day} 才开始",
    "ended": "{what}：已于 {day} 终止（当日起无效）",
    "unknown-person": "没有人员 {asked}",
    "unknown-post": "没有岗位 {asked}",
    "unknown-organ": "没有机关 {asked}",
    "no-organ": "{asked} 不是行政机关，不能受委托（行政许可法第二十四条）",
    "own-unit": "{asked} 属于本机关，不存在委托",
    "unit-elsewhere": "{asked} 不是受委托机关 {has} 的内设机构",
    "not-delegable": "角色{asked}不得委托，由本机关行使（行政许可法第二十四条）",
    "delegation-role": "{what}：未委托{asked}，只委托{has}",
    "stand-in-role": "{what}：只代{has}，不代{asked}",
    "employed-elsewhere": "{asked} 不是受委托机关 {has} 的人员，受委托机关不得再委托（行政许可法第二十四条）",
    "deputy-elsewhere": "{asked} 与 {has} 不在同一机关，不能代岗",
    "separation": "同一人不得兼有{asked}与{has}：{reason}",
}
"""What each condition says in Chinese; the English ones stand beside the conditions."""


def sentence(gap: Gap) -> str:
    """A condition that failed, in the reader's language."""
    if not speaks_chinese():
        return gap.message
    kind, _, code = gap.data.get("what", "").partition(" ")
    known = {one.value: said for one, (said, _) in KINDS.items()}
    return CHINESE[gap.code].format(**{**gap.data, "what": f"{known.get(kind, kind)} {code}".strip()})


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
    reach = [listed(names).replace("*", everything) for names in (power.items, power.steps)]
    items, steps = say("事项", "items"), say("环节", "steps")
    until = "" if power.valid_to is None else str(power.valid_to)
    click.echo(
        f"{power.role.value}  {power.organ}  {items}: {reach[0]}  {steps}: {reach[1]}  [{power.valid_from}, {until})"
    )
    show_chain(power.links)


def show_chain(links: Iterable[Link]) -> None:
    """A chain, one link a line, from the person to what it rests on."""
    for link in links:
        until = "" if link.valid_to is None else str(link.valid_to)
        rests = "  ".join(text for text in (link.name, str(link.basis or ""), link.document) if text)
        click.echo(f"    ← {say(*KINDS[link.kind])} {link.code}  [{link.valid_from}, {until})  {rests}".rstrip())


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
        click.echo(f"- {near.power.role.value}  {near.power.organ}")
        for gap in near.gaps:
            click.echo(f"    {sentence(gap)}")
    step = say(f"环节 {act.step}、", f" and step {act.step}") if act.step else ""
    click.echo(
        say(
            f"需要：授予 {verdict.person}（或其岗位）在 {act.organ} 办理事项 {act.item}、{step}"
            f"{act.day} 有效的角色{act.role.value}",
            f"needed: {verdict.needed}",
        )
    )


def _near(near: NearMiss) -> dict[str, Any]:
    gaps = [{"code": gap.code, "message": gap.message} for gap in near.gaps]
    return {"power": power_of(near.power), "gaps": gaps}
