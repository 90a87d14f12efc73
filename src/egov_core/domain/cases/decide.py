"""Deciding: from a case and a command to the events that follow, or to a refusal. Pure.

Rules of this room: an illegal act raises and nothing has happened; the table in `states` is asked first, then the
guards it names, then the law of pauses and extensions. Authority and hooks were asked before; numbers are given in
`Context`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import attrs

from egov_core.domain.authority import Separation
from egov_core.domain.cases import accompanying as a
from egov_core.domain.cases import commands as c
from egov_core.domain.cases import events as e
from egov_core.domain.cases.case import Case
from egov_core.domain.cases.folding import evolve
from egov_core.domain.cases.freezing import accepted, added_kinds, renewal, standards, steps
from egov_core.domain.cases.hearings import check_holding, check_offer, check_request, check_schedule
from egov_core.domain.cases.lapses import undone_by
from egov_core.domain.cases.states import allowed
from egov_core.domain.cases.steps import check_table, check_time
from egov_core.domain.cases.terms import extended, paused
from egov_core.domain.cases.yardstick import Yardstick
from egov_core.domain.catalogue import ItemVersion, PauseKind
from egov_core.domain.legal import instant
from egov_core.domain.periods import Limit
from egov_core.domain.timers.applicant import past_the_rest
from egov_core.domain.timers.silence import SilenceRules
from egov_core.errors import ClaimError, Fault, IllegalTransitionError


@attrs.frozen(kw_only=True)
class Filing:
    """What the office adds to a submission: number, subject, digests of personal values, digest of the query code."""

    number: str
    subject: str
    digests: Mapping[str, str]
    query_digest: str


@attrs.frozen(kw_only=True)
class Place:
    """What the place has settled where the law leaves it: local pauses, service standards by kind, rules of silence.

    `separations` are the roles it keeps apart.
    """

    local_pauses: frozenset[PauseKind] = frozenset()
    standards: Mapping[str, Limit] = attrs.field(factory=dict)
    silence: SilenceRules = attrs.field(factory=SilenceRules)
    separations: tuple[Separation, ...] = ()


@attrs.frozen(kw_only=True)
class Context:
    """What deciding needs besides the case: event time `at`, the item's version of that day, yardstick and place."""

    at: datetime = attrs.field(converter=instant)
    now: datetime = attrs.field(converter=instant)
    item: ItemVersion
    yardstick: Yardstick
    filing: Filing | None = None
    place: Place = attrs.field(factory=Place)


def decide(case: Case | None, command: c.Command, context: Context) -> tuple[e.CaseEvent, ...]:
    """The events that follow from `command`.

    Raises IllegalTransitionError, ConflictError (somebody else has just done this very step), PauseRefusedError,
    ExtensionRefusedError or ClaimError; nothing has happened then.
    """
    undone: tuple[e.CaseEvent, ...] = ()
    if case is not None:
        undone = undone_by(case, context.at)
        for one in undone:
            case = evolve(case, _told(case, one, context))
    check_table(case, command, context.item)  # first: the loser of a race is told who won, whatever its time says
    check_time(case, context.at, context.now)
    return (*undone, *_decided(case, command, context))


def _told(case: Case, event: e.CaseEvent, context: Context) -> e.RecordedEvent:
    """An event as it will be recorded, for deciding what follows it."""
    return e.RecordedEvent(
        stream=case.case_id,
        position=case.version + 1,
        event=event,
        at=context.at,
        entered_at=context.now,
        actor=case.last_actor,
    )


def _decided(case: Case | None, command: c.Command, context: Context) -> tuple[e.CaseEvent, ...]:
    match command:
        case c.Submit():
            return (_submitted(command, context),)
        case c.Accept():
            return (accepted(context.item, context.yardstick),)
        case c.RequestCorrection():
            _require(command, {"notice": command.notice, "missing": command.missing})
            return (_correction(command),)
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
            assert case is not None
            return (paused(case, command, context.item, context.place.local_pauses),)
        case c.Resume():
            _require(command, {"result": command.result})
            return (e.Resumed(result=command.result),)
        case c.Extend():
            assert case is not None
            _require(command, {"reason": command.reason, "notice": command.notice})
            return (extended(case, command, context.item, context.yardstick, context.at),)
        case c.Approve():
            _require(command, {"document": command.document})
            return (e.Approved(document=command.document, on_commitment=command.on_commitment),)
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
        case c.HandOver():
            _require(command, {"unit": command.unit, "reason": command.reason})
            return (a.StepHandedOver(unit=command.unit, reason=command.reason),)
        case c.OfferHearing():
            assert case is not None
            _require(command, {"notice": command.notice})
            check_offer(case)
            return (a.HearingOffered(notice=command.notice),)
        case c.RequestHearing() | c.ScheduleHearing() | c.HoldHearing():
            assert case is not None
            return (_heard(case, command, context),)
        case c.IssueLicence():
            _require(command, {"document": command.document})
            return (a.LicenceIssued(document=command.document),)
        case c.CheckCommitment():
            assert case is not None
            _require(command, {"finding": command.finding})
            return (_checked(case, command),)


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
        limits=standards(context.item, context.place.standards, context.yardstick),
        lapses=context.place.silence.lapses_of(context.item.power_class),
        steps=steps(context.item, acceptance=True),
        renewal=None if command.renews is None else renewal(command.renews, context.at, context.yardstick),
        kinds=added_kinds(context.yardstick),
        calendar=context.yardstick.revision,
    )


def _correction(command: c.RequestCorrection) -> e.CorrectionRequested:
    within = None if command.within is None else past_the_rest(command.within)
    return e.CorrectionRequested(notice=command.notice, missing=command.missing, within=within)


def _heard(
    case: Case, command: c.RequestHearing | c.ScheduleHearing | c.HoldHearing, context: Context
) -> a.HearingRequested | a.HearingScheduled | a.HearingHeld:
    match command:
        case c.RequestHearing():
            _require(command, {"reason": command.reason})
            check_request(case, context.yardstick, context.at)
            return a.HearingRequested(reason=command.reason)
        case c.ScheduleHearing():
            _require(command, {"place": command.place, "notice": command.notice})
            check_schedule(case, context.yardstick, command.day, context.at)
            return a.HearingScheduled(day=command.day, place=command.place, notice=command.notice)
        case c.HoldHearing():
            _require(command, {"record": command.record})
            check_holding(case, context.at)
            return a.HearingHeld(record=command.record)


def _checked(case: Case, command: c.CheckCommitment) -> a.CommitmentChecked:
    on_commitment = any("commitment" in mark.tags for mark in case.history if mark.void_at is None)
    if not on_commitment or case.when(a.CommitmentChecked.type) is not None:
        raise IllegalTransitionError(
            f"there is nothing to check: case {case.number} was "
            + ("checked before" if on_commitment else "not decided on a commitment"),
            remedy="look at the case's events",
            command=type(command).__name__,
            state=case.state.value,
            allowed=list(allowed(case.state)),
        )
    return a.CommitmentChecked(kept=command.kept, finding=command.finding)


def _referred(case: Case, command: c.ReferUpward, context: Context) -> e.Referred:
    _require(command, {"opinion": command.opinion})
    assert context.item.forward_to is not None
    # the key of a transmission: case, stage, sequence, version; the area is the outbox's
    key = f"{case.case_id}:referral:1:{case.version + 1}"
    return e.Referred(to=context.item.forward_to, opinion=command.opinion, key=key)
