"""What the command line says of a demo county that has been built: the JSON of `--check`, or the first lines.

Rules of this room: the counts are read back from the store and from what plugins were seen to do. What was planned and
did not happen is said, with the first reasons.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import attrs
import click

from egov_core.cli.in_words import word
from egov_core.cli.language import said, say
from egov_core.cli.show import show_error
from egov_core.demo.founding import Population
from egov_core.demo.heads import digest_of_heads
from egov_core.demo.replay import Replayed
from egov_core.domain.campaign.campaign import Campaign
from egov_core.domain.campaign.standing import standings
from egov_core.domain.enrolment import stage_counts
from egov_core.errors import OfficeError
from egov_core.ports.queries import Board, BoardQuery
from egov_core.runtime.office import Office
from egov_core.runtime.reloading import Reload
from egov_core.usecases.audit.auditing import Verification
from egov_core.wire.campaigns import campaign_shape

REASONS = 5
"""So many reasons are shown, the first ones: what goes wrong for every case goes wrong in the same way."""

_OF_UNITS = ("to_review", "overdue", "handed_in_late")
_COLLECTED = (
    "{units}个单位，待审{to_review}个，逾期{overdue}个",
    "{units} units, {to_review} to review, {overdue} overdue",
)

_FORWARDING = (
    "转报件：已送达{delivered}件，待送{waiting}件，上级退回{refused}件，无法送达{dead}件",
    "forwarded: {delivered} delivered, {waiting} waiting, {refused} refused by the upper organ, {dead} undeliverable",
)


def shown_county(office: Office, population: Population, replayed: Replayed, found: Verification) -> dict[str, Any]:
    """The county as `egov demo --check` prints it."""
    board: Board = office.answer(BoardQuery(area=office.area))
    states = found.referrals
    forwarding = {
        "delivered": states.get("delivered", 0),
        "waiting": states.get("pending", 0),
        "refused": states.get("refused", 0),
        "dead": states.get("dead", 0),
    }
    reasons = [{"reason": why, "cases": count} for why, count in replayed.not_filed.items()]
    return {
        "items": len(population.items),
        "departments": population.departments,
        "cases": office.storage.counts(office.area)["cases"],
        "cards": {level: board.total.ledger.get(level, 0) for level in office.services.policy.levels},
        "forwarded": forwarding["delivered"],
        "forwarding": forwarding,
        "verify": "ok" if found.ok else "broken",
        "checked": found.checked,
        "heads": digest_of_heads(office.storage, office.area),
        "violations": [attrs.asdict(one) for one in found.violations[:20]],
        "behaviours": dict(sorted(replayed.behaviours.items())),
        "refused": dict(sorted(replayed.refusals.items())),
        "not_filed": {"cases": sum(replayed.not_filed.values()), "reasons": reasons[:REASONS]},
        "policy": office.services.policy.ref,
        "plugins": office.hooks.figures(),
        "quarantined": [{"plugin": one.name, "hook": one.hook, "error": one.error} for one in office.quarantined()],
        "campaigns": [_campaign(office, one) for one in office.campaigns.values()],
        "enrolment": _enrolment(office),
    }


def _campaign(office: Office, campaign: Campaign) -> dict[str, Any]:
    """A campaign with its counts, as `egov campaign status --json` has them."""
    found = standings(campaign, office.now(), office.ruler.calendar)
    shape = campaign_shape(campaign, found, office.organisation, office.now().date())
    return {key: shape[key] for key in ("campaign", "last_day", "units", "counts", *_OF_UNITS)}


def _enrolment(office: Office) -> dict[str, Any]:
    found = office.enrolments()
    return {"units": len(found), "counts": stage_counts(found)}


def not_filed(replayed: Replayed) -> OfficeError | None:
    """What is said where applications that were planned could not be filed: how many, and the first reasons."""
    if not replayed.not_filed:
        return None
    reasons = [f"{count} × {why}" for why, count in replayed.not_filed.items()]
    more = ["…"] if len(reasons) > REASONS else []
    return OfficeError(
        f"{sum(replayed.not_filed.values())} application(s) that were planned could not be filed: "
        + "; ".join([*reasons[:REASONS], *more]),
        remedy="mend the plugin that is named; egov demo --no-plugins shows the county without any",
    )


def reloaded(came: Reload) -> None:
    """What came of an edited plugin; said at once, also where the output is kept in a file."""
    if came.error is not None:
        show_error(came.error)
        click.echo(say("旧的插件继续使用", "the old plugin goes on"), err=True)
        return
    click.echo(f"{say('已重新装入', 'loaded anew')}: {', '.join(came.plugins)}")
    if came.released:
        click.echo(f"{say('已解除隔离', 'asked again, no longer in quarantine')}: {', '.join(came.released)}")


def _figures(counted: Mapping[str, int]) -> str:
    """What a plugin has answered while the cases were replayed."""
    chinese = "被问{calls}次，发现问题{findings}处，不予通过{refusals}次，出错{failures}次"
    english = "asked {calls} times: {findings} findings, {refusals} refusals, {failures} failures"
    return say(chinese, english).format(**counted)


def introduce(office: Office, replayed: Replayed, shown: dict[str, Any], *, port: int, folder: Path | None) -> None:
    """The first lines of a demonstration that is served."""
    cards = say("，", ", ").join(f"{word('level', level)} {count}" for level, count in shown["cards"].items())
    address = f"http://127.0.0.1:{port}"
    click.echo(f"{office.title} / {office.title_en}  —  {say('演示数据，全部虚构', 'demo data, all invented')}")
    verified = say("核对无误", "verify ok") if shown["verify"] == "ok" else say("核对发现问题", "verify broken")
    click.echo(f"{shown['cases']} {say('件办件', 'cases')}{say('，', ', ')}{cards}{say('，', ', ')}{verified}")
    click.echo(f"{say('发牌办法', 'card policy')}: {shown['policy']}")
    if shown["forwarding"]["waiting"] or shown["forwarding"]["dead"]:
        click.echo(say(_FORWARDING[0], _FORWARDING[1]).format(**shown["forwarding"]))
    if "told" in shown:
        click.echo(f"{say('已通知红牌', 'red cards told to a receiver')}: {shown['told']}")
    for name, counted in shown["plugins"].items():
        click.echo(f"{say('插件', 'plugin')} {name}: {_figures(counted)}")
    for one in shown["quarantined"]:
        english = f"{one['plugin']} is in quarantine and not asked any more; it failed in {one['hook']}: {one['error']}"
        chinese = f"{one['plugin']} 已被隔离，不再调用；在 {one['hook']} 中出错：{said(one['error'])}"
        click.echo(f"{say('插件', 'plugin')} {say(chinese, english)}")
    failure = not_filed(replayed)
    if failure is not None:
        show_error(failure)
    click.echo(f"{say('监察看板', 'supervision board')}: {address}/supervision")
    for one in shown["campaigns"]:
        told = say(_COLLECTED[0], _COLLECTED[1]).format(**one)
        click.echo(f"{say('填报与接入', 'collection and enrolment')}: {address}/supervision/campaigns   {told}")
    click.echo(f"{say('试着申报', 'file an application')}: {address}/demo/apply")
    if replayed.sample_number:
        click.echo(
            f"{say('进度查询', 'public progress')}: {address}/progress   {say('办件编号', 'number')} "
            f"{replayed.sample_number}  {say('查询码', 'query code')} {replayed.sample_code}"
        )
    if folder is not None:
        click.echo(f"{say('数据与设置', 'data and settings')}: {folder}")
    click.echo(say("按 Ctrl+C 结束", "Ctrl+C ends it"))
