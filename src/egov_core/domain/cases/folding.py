"""Folding: from events to the case, and nothing else.

Rules of this room: `evolve` is total over the event types and never refuses; whether something is allowed was decided
before the event existed. Cards and lapses are what follows by itself: they leave who moved the case last as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

import attrs

from egov_core.domain.cases import accompanying as a
from egov_core.domain.cases import events as e
from egov_core.domain.cases.calendar_events import CalendarApplied
from egov_core.domain.cases.case import (
    ACCEPTANCE,
    Case,
    CaseCard,
    CaseExtension,
    CasePause,
    CaseRecount,
    Hearing,
    Holding,
    Lapsed,
    Mark,
    Takeover,
)
from egov_core.domain.cases.marks import tags_of
from egov_core.domain.cases.states import State
from egov_core.domain.cases.takeover_events import TakenOver
from egov_core.domain.periods import Limit

STATE_AFTER: Mapping[str, State] = {
    e.Submitted.type: State.SUBMITTED,
    e.CorrectionRequested.type: State.CORRECTION_REQUESTED,
    e.Supplemented.type: State.SUBMITTED,
    e.Accepted.type: State.ACCEPTED,
    e.NotAccepted.type: State.NOT_ACCEPTED,
    e.Reviewed.type: State.REVIEWED,
    e.Paused.type: State.PAUSED,
    e.Approved.type: State.APPROVED,
    e.Rejected.type: State.REJECTED,
    e.Delivered.type: State.DELIVERED,
    e.Withdrawn.type: State.WITHDRAWN,
    e.Referred.type: State.REFERRED,
    a.ClosedUnanswered.type: State.LAPSED,
}
"""The state each event leads to; the events not named leave it as it is (`resumed`: where it was)."""


def evolve(case: Case | None, recorded: e.RecordedEvent) -> Case:
    """The case after one more event. The first event of a stream must be `Submitted`."""
    event = recorded.event
    if case is None:
        assert isinstance(event, e.Submitted), "a case begins with its submission"
        return Case(
            case_id=recorded.stream,
            version=recorded.position,
            state=State.SUBMITTED,
            number=event.number,
            item=event.item,
            item_version=event.item_version,
            item_name=event.item_name,
            organ=event.organ,
            subject=event.subject,
            materials=event.materials,
            query_digest=event.query_digest,
            policy=event.policy,
            calendar=event.calendar,
            limits=event.limits,
            lapses=event.lapses,
            steps=event.steps,
            renewal=event.renewal,
            kinds=event.kinds,
            history=(_mark(recorded),),
            last_actor=recorded.actor,
            last_act=event.type,
            last_at=recorded.at,
        )
    if isinstance(event, e.CardIssued):
        card = CaseCard(
            timer_id=event.timer_id,
            timer_kind=event.timer_kind,
            rule=event.rule,
            level=event.level,
            epoch=event.epoch,
            at=recorded.at,
            organ="" if event.organ == case.organ else event.organ,
        )
        return attrs.evolve(case, version=recorded.position, cards=(*case.cards, card))
    if isinstance(event, e.CardRevoked):
        named = (event.timer_id, event.rule, event.level, event.epoch)
        cards = tuple(
            attrs.evolve(card, revoked=True) if (card.timer_id, card.rule, card.level, card.epoch) == named else card
            for card in case.cards
        )
        return attrs.evolve(case, version=recorded.position, cards=cards)
    if isinstance(event, CalendarApplied):
        return _recounted(case, recorded, event)
    if isinstance(event, TakenOver):
        takeover = Takeover(
            source=event.source, cut_over=event.cut_over, acts=event.acts, cards_confirmed=event.cards_confirmed
        )
        return attrs.evolve(case, version=recorded.position, takeover=takeover)
    if isinstance(event, a.LapseSetAside):
        return _set_aside(case, recorded)
    if is_lapse(event):
        return _lapsed(case, recorded)
    return _moved(
        attrs.evolve(
            case,
            version=recorded.position,
            history=(*case.history, _mark(recorded)),
            last_actor=recorded.actor,
            last_act=event.type,
            last_at=recorded.at,
            lapsed=(),
        ),
        recorded,
    )


def _recounted(case: Case, recorded: e.RecordedEvent, event: CalendarApplied) -> Case:
    """The case under a later revision; nobody has moved it, so who moved it last stays."""
    recount = CaseRecount(
        revision=event.revision,
        at=recorded.at,
        published=event.published,
        entered_at=recorded.entered_at,
        notice=event.notice,
        marks=len(case.history),
        pauses=case.pauses,
        extensions=case.extensions,
    )
    return attrs.evolve(case, version=recorded.position, calendar=event.revision, recounts=(*case.recounts, recount))


def is_lapse(event: e.CaseEvent) -> bool:
    """Whether the event is what silence brought, and nobody's act."""
    return (
        isinstance(event, a.ClosedUnanswered)
        or (isinstance(event, e.Accepted) and event.deemed)
        or (isinstance(event, e.Approved) and event.by_law)
    )


def _mark(recorded: e.RecordedEvent) -> Mark:
    event = recorded.event
    limit: Limit | None = None
    if isinstance(event, e.Submitted) and event.renewal is not None:
        limit = event.renewal.expires
    elif isinstance(event, e.CorrectionRequested):
        limit = event.within
    since = event.since if isinstance(event, e.Accepted) else None
    return Mark(event.type, recorded.at, tags_of(event), since, limit)


def _moved(case: Case, recorded: e.RecordedEvent) -> Case:
    """What an act or a lapse changes besides the trail it leaves."""
    event = recorded.event
    if isinstance(event, e.Paused):
        pause = CasePause(kind=event.kind, notice=event.notice, declared=event.declared, start=recorded.at)
        return attrs.evolve(case, resume_to=case.state, state=State.PAUSED, pauses=(*case.pauses, pause))
    if isinstance(event, e.Resumed):
        return attrs.evolve(
            case, state=case.resume_to or case.state, resume_to=None, pauses=_closed(case.pauses, recorded.at)
        )
    if isinstance(event, e.Extended):
        extension = CaseExtension(amount=event.amount, approved_at=recorded.at)
        return attrs.evolve(case, extensions=(*case.extensions, extension))
    if isinstance(event, a.StepHandedOver):
        return attrs.evolve(case, holdings=(*case.holdings, Holding(recorded.at, event.unit)))
    if isinstance(event, a.HearingOffered):
        return attrs.evolve(case, hearing=Hearing(offered_at=recorded.at))
    if isinstance(event, a.HearingRequested | a.HearingScheduled | a.HearingHeld):
        assert case.hearing is not None, "a hearing is offered before it is asked for"
        return attrs.evolve(case, hearing=_heard(case.hearing, event, recorded.at))
    case = attrs.evolve(case, state=STATE_AFTER.get(event.type, case.state))
    if isinstance(event, e.Accepted):
        return attrs.evolve(
            case,
            item_version=event.item_version,
            promised=event.promised,
            statutory=event.statutory,
            accepted_limits={**case.limits, **event.limits},
            steps=(*(step for step in case.steps if step.code == ACCEPTANCE), *event.steps),
        )
    if isinstance(event, e.Supplemented):
        fresh = tuple(code for code in event.materials if code not in case.materials)
        return attrs.evolve(case, materials=(*case.materials, *fresh))
    if isinstance(event, e.CorrectionRequested):
        return attrs.evolve(case, corrections=case.corrections + 1)
    if isinstance(event, e.Referred):
        return attrs.evolve(case, referred_to=event.to, referral_key=event.key)
    if isinstance(event, e.Withdrawn | e.Approved):
        return attrs.evolve(case, resume_to=None, pauses=_closed(case.pauses, recorded.at))
    return case


def _heard(hearing: Hearing, event: a.HearingRequested | a.HearingScheduled | a.HearingHeld, at: datetime) -> Hearing:
    match event:
        case a.HearingRequested():
            return attrs.evolve(hearing, requested_at=at)
        case a.HearingScheduled(day=day):
            return attrs.evolve(hearing, day=day)
        case a.HearingHeld():
            return attrs.evolve(hearing, held_at=at)


def _lapsed(case: Case, recorded: e.RecordedEvent) -> Case:
    """The case after silence has had its effect; how it stood before is kept, in case that is set aside."""
    before = Lapsed(
        effect=recorded.event.type,
        at=recorded.at,
        state=case.state,
        item_version=case.item_version,
        resume_to=case.resume_to,
        pauses=case.pauses,
    )
    return _moved(
        attrs.evolve(
            case,
            version=recorded.position,
            history=(*case.history, _mark(recorded)),
            lapsed=(*case.lapsed, before),
        ),
        recorded,
    )


def _set_aside(case: Case, recorded: e.RecordedEvent) -> Case:
    """The case as it stood before its last lapse, whose mark stays in the history without effect.

    What an acceptance had frozen goes with it; of its steps the codes stay, since their timers had begun.
    """
    before = case.lapsed[-1]
    last = max(index for index, mark in enumerate(case.history) if mark.type == before.effect and mark.void_at is None)
    history = list(case.history)
    history[last] = attrs.evolve(history[last], void_at=recorded.entered_at)
    case = attrs.evolve(
        case,
        version=recorded.position,
        state=before.state,
        resume_to=before.resume_to,
        pauses=before.pauses,
        history=tuple(history),
        lapsed=case.lapsed[:-1],
    )
    if before.effect != e.Accepted.type:
        return case
    begun = [step.code for step in case.steps if step.code != ACCEPTANCE]
    return attrs.evolve(
        case,
        item_version=before.item_version,
        promised=None,
        statutory=None,
        accepted_limits={},
        steps=tuple(step for step in case.steps if step.code == ACCEPTANCE),
        void_steps=tuple(dict.fromkeys((*case.void_steps, *begun))),
    )


def fold(recorded: Iterable[e.RecordedEvent], case: Case | None = None) -> Case | None:
    """The case after all these events, in order."""
    for one in recorded:
        case = evolve(case, one)
    return case


def _closed(pauses: tuple[CasePause, ...], at: datetime) -> tuple[CasePause, ...]:
    return tuple(attrs.evolve(pause, end=at) if pause.end is None else pause for pause in pauses)
