"""Deciding: from a case and a command to the events that follow, or to a refusal. Pure.

Rules of this room: an illegal act raises and nothing has happened; the table in `states` is asked first, then the
guards it names, then the law of pauses and extensions. Authority and hooks were asked before; numbers are given in
`Context`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

import attrs

from egov_core.domain.cases import commands as c
from egov_core.domain.cases import events as e
from egov_core.domain.cases.case import Case
from egov_core.domain.cases.steps import check_table, check_time
from egov_core.domain.cases.timing import runs_of
from egov_core.domain.cases.yardstick import Yardstick
from egov_core.domain.catalogue import ItemVersion
from egov_core.domain.legal import instant
from egov_core.domain.periods import Period, Unit
from egov_core.domain.timers.reckoning import Extension, extension_refusal
from egov_core.errors import (
    ClaimError,
    ExtensionRefusedError,
    Fault,
    PauseRefusedError,
)

LONGEST_EXTENSION = Decimal(10)
"""Working days, 行政许可法 42: 可以延长十日."""


@attrs.frozen(kw_only=True)
class Filing:
    """What the office adds to a submission: number, subject, digests of personal values, digest of the query code."""

    number: str
    subject: str
    digests: Mapping[str, str]
    query_digest: str


@attrs.frozen(kw_only=True)
class Context:
    """What deciding needs besides the case: event time `at`, the item's version of that day, the yardstick."""

    at: datetime = attrs.field(converter=instant)
    now: datetime = attrs.field(converter=instant)
    item: ItemVersion
    yardstick: Yardstick
    filing: Filing | None = None


def decide(case: Case | None, command: c.Command, context: Context) -> tuple[e.CaseEvent, ...]:
    """The events that follow from `command`.

    Raises IllegalTransitionError, ConflictError (somebody else has just done this very step), PauseRefusedError,
    ExtensionRefusedError or ClaimError; nothing has happened then.
    """
    check_table(case, command, context.item)  # first: the loser of a race is told who won, whatever its time says
    check_time(case, context.at, context.now)
    match command:
        case c.Submit():
            return (_submitted(command, context),)
        case c.Accept():
            return (_accepted(context),)
        case c.RequestCorrection():
            _require(command, {"notice": command.notice, "missing": command.missing})
            return (e.CorrectionRequested(notice=command.notice, missing=command.missing),)
        case c.Supplement():
            _require(command, {"materials": command.materials})
            _check_materials(command.materials, context.item)
            return (e.Supplemented(materials=command.materials),)
        case c.Refuse():
            _require(command, {"reason": command.reason, "notice": command.notice})
            return (
                e.NotAccepted(reason=command.reason, notice=command.notice, competent_organ=command.competent_organ),
            )
        case c.Review():
            _require(command, {"opinion": command.opinion})
            return (e.Reviewed(opinion=command.opinion),)
        case c.Pause():
            return (_paused(command, context),)
        case c.Resume():
            _require(command, {"result": command.result})
            return (e.Resumed(result=command.result),)
        case c.Extend():
            assert case is not None
            return (_extended(case, command, context),)
        case c.Approve():
            _require(command, {"document": command.document})
            return (e.Approved(document=command.document),)
        case c.Reject():
            _require(command, {"document": command.document, "reason": command.reason})
            return (e.Rejected(document=command.document, reason=command.reason),)
        case c.Deliver():
            _require(command, {"method": command.method})
            return (e.Delivered(method=command.method),)
        case c.Withdraw():
            _require(command, {"reason": command.reason})
            return (e.Withdrawn(reason=command.reason),)
        case c.ReferUpward():
            assert case is not None
            return (_referred(case, command, context),)
        case c.RecordUpperProgress():
            _require(command, {"progress": command.progress})
            return (e.UpperProgressRecorded(progress=command.progress, source=command.source),)
        case c.RecordUpperDecision():
            _require(command, {"document": command.document})
            if command.granted:
                return (e.Approved(document=command.document, by_upper=True),)
            return (e.Rejected(document=command.document, reason="上级决定", by_upper=True),)


def _require(command: c.Command, given: Mapping[str, str | tuple[str, ...]]) -> None:
    empty = [
        name
        for name, value in given.items()
        if not value or not all(part.strip() for part in ((value,) if isinstance(value, str) else value))
    ]
    if empty:
        raise ClaimError(
            f"{type(command).__name__} lacks {', '.join(empty)}",
            faults=[Fault(f"$.{name}", "required", "must not be empty") for name in empty],
            remedy="fill in what is named; the law asks for it in writing",
        )


def _check_materials(given: tuple[str, ...], item: ItemVersion) -> None:
    known = [material.code for material in item.materials]
    unknown = [code for code in given if code not in known]
    if unknown:
        raise ClaimError(
            f"item {item.name} knows no material {', '.join(unknown)}",
            faults=[Fault("$.materials", "unknown", f"{code!r} is not a material of the item") for code in unknown],
            remedy=f"use the codes of the item's materials: {', '.join(known) or 'it has none'}",
        )


def _submitted(command: c.Submit, context: Context) -> e.Submitted:
    assert context.filing is not None, "the office numbers a submission before it is decided"
    _check_materials(command.materials, context.item)
    return e.Submitted(
        number=context.filing.number,
        item=context.item.code,
        item_version=context.item.version,
        item_name=context.item.name,
        organ=context.item.organ,
        subject=context.filing.subject,
        digests=context.filing.digests,
        materials=command.materials,
        channel=command.channel,
        query_digest=context.filing.query_digest,
        policy=context.yardstick.policy.ref,
    )


def _accepted(context: Context) -> e.Accepted:
    item, policy = context.item, context.yardstick.policy
    return e.Accepted(
        item_version=item.version,
        promised=policy.counted(item.promised) if item.promised is not None else None,
        statutory=policy.counted(item.statutory),
    )


def _paused(command: c.Pause, context: Context) -> e.Paused:
    _require_notice(command.notice)
    if context.item.pause_kinds and command.kind not in context.item.pause_kinds:
        raise PauseRefusedError(
            f"{command.kind.value} is not one of the item's special procedures",
            remedy=f"choose one of {'、'.join(sorted(kind.value for kind in context.item.pause_kinds))}",
            kind=command.kind.value,
        )
    if command.declared.unit is not Unit.WORKING_DAY:
        raise PauseRefusedError(
            f"a special procedure is declared in working days, not {command.declared}",
            remedy="give the working days told to the applicant, for example 10wd",
        )
    return e.Paused(kind=command.kind.value, notice=command.notice, declared=command.declared)


def _require_notice(notice: str) -> None:
    if not notice.strip():
        raise PauseRefusedError(
            "the clock stops only when the time needed was told to the applicant in writing (行政许可法第四十五条)",
            remedy="give the number of the notice 特别程序告知书",
        )


def _extended(case: Case, command: c.Extend, context: Context) -> e.Extended:
    _require(command, {"reason": command.reason, "notice": command.notice})
    if case.extensions:
        raise ExtensionRefusedError(
            f"case {case.number} was already extended on {case.extensions[0].approved_at.date()}",
            remedy="a limit is extended once (行政许可法第四十二条); decide the case",
        )
    if command.amount.unit is not Unit.WORKING_DAY or command.amount.amount > LONGEST_EXTENSION:
        raise ExtensionRefusedError(
            f"an extension of {command.amount} is not allowed",
            remedy=f"at most {LONGEST_EXTENSION} working days (行政许可法第四十二条)",
        )
    run = next(run for run in runs_of(case, context.yardstick) if run.kind == "case")
    limit = run.limit(("statutory", "promised"))
    assert limit is not None, "an accepted case has a statutory limit"
    if not isinstance(limit, Period) or limit.unit is not Unit.WORKING_DAY:
        raise ExtensionRefusedError(
            f"the limit of the case is {limit}; only limits in working days are extended",
            remedy="decide the case within its limit",
        )
    asked = Extension(amount=command.amount, approved_at=context.at)
    refusal = extension_refusal(context.yardstick.ruler, run.start, limit, run.pauses, asked)
    if refusal:
        raise ExtensionRefusedError(
            f"the extension is void: {refusal}",
            remedy="an extension is approved while the limit still runs (行政许可法第四十二条)",
        )
    return e.Extended(amount=command.amount, reason=command.reason, notice=command.notice)


def _referred(case: Case, command: c.ReferUpward, context: Context) -> e.Referred:
    _require(command, {"opinion": command.opinion})
    assert context.item.forward_to is not None
    # the key of a transmission: case, stage, sequence, version; the area is the outbox's
    key = f"{case.case_id}:referral:1:{case.version + 1}"
    return e.Referred(to=context.item.forward_to, opinion=command.opinion, key=key)
