"""The case 办件: a fold of its events, and nothing else.

Rules of this room: `evolve` is total over the event types and never refuses; whether something is allowed was decided
before the event existed. The value holds what `decide` and the timers need, not a copy of the stream.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

import attrs

from egov_core.domain.cases import events as e
from egov_core.domain.cases.states import State
from egov_core.domain.people import Actor
from egov_core.domain.periods import Limit, Period


@attrs.frozen
class Mark:
    """That an event of this type happened at that time: what timers start and stop on."""

    type: str
    at: datetime


@attrs.frozen(kw_only=True)
class CasePause:
    """A special procedure of the case; `end` None while it lasts."""

    kind: str
    notice: str
    declared: Period
    start: datetime
    end: datetime | None = None


@attrs.frozen(kw_only=True)
class CaseExtension:
    """The extension of the case."""

    amount: Period
    approved_at: datetime


@attrs.frozen(kw_only=True)
class CaseCard:
    """A card in the case's own ledger; revoked ones stay."""

    timer_id: str
    timer_kind: str
    rule: str
    level: str
    epoch: int
    at: datetime
    revoked: bool = False


@attrs.frozen(kw_only=True)
class Case:
    """One case 办件 as its events made it. `version` is the number of its events, the position of the last.

    `last_actor`, `last_act` and `last_at` name who moved it last: what the loser of a race is told.
    """

    case_id: str
    version: int
    state: State
    number: str
    item: str
    item_version: int
    item_name: str
    organ: str
    subject: str
    materials: tuple[str, ...]
    query_digest: str
    policy: str
    history: tuple[Mark, ...]
    last_actor: Actor
    last_act: str
    last_at: datetime
    resume_to: State | None = None
    promised: Limit | None = None
    statutory: Limit | None = None
    pauses: tuple[CasePause, ...] = ()
    extensions: tuple[CaseExtension, ...] = ()
    corrections: int = 0
    referred_to: str = ""
    referral_key: str = ""
    cards: tuple[CaseCard, ...] = ()

    def when(self, event_type: str) -> datetime | None:
        """The time of the first event of this type, None where there was none."""
        return next((mark.at for mark in self.history if mark.type == event_type), None)


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
            history=(Mark(event.type, recorded.at),),
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
        )
        return attrs.evolve(case, version=recorded.position, cards=(*case.cards, card))
    if isinstance(event, e.CardRevoked):
        named = (event.timer_id, event.rule, event.level, event.epoch)
        cards = tuple(
            attrs.evolve(card, revoked=True) if (card.timer_id, card.rule, card.level, card.epoch) == named else card
            for card in case.cards
        )
        return attrs.evolve(case, version=recorded.position, cards=cards)
    case = attrs.evolve(
        case,
        version=recorded.position,
        history=(*case.history, Mark(event.type, recorded.at)),
        last_actor=recorded.actor,
        last_act=event.type,
        last_at=recorded.at,
    )
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
    case = attrs.evolve(case, state=STATE_AFTER.get(event.type, case.state))
    if isinstance(event, e.Accepted):
        return attrs.evolve(
            case,
            item_version=event.item_version,
            promised=event.promised,
            statutory=event.statutory,
        )
    if isinstance(event, e.Supplemented):
        fresh = tuple(code for code in event.materials if code not in case.materials)
        return attrs.evolve(case, materials=(*case.materials, *fresh))
    if isinstance(event, e.CorrectionRequested):
        return attrs.evolve(case, corrections=case.corrections + 1)
    if isinstance(event, e.Referred):
        return attrs.evolve(case, referred_to=event.to, referral_key=event.key)
    if isinstance(event, e.Withdrawn):
        return attrs.evolve(case, resume_to=None, pauses=_closed(case.pauses, recorded.at))
    return case


def fold(recorded: Iterable[e.RecordedEvent], case: Case | None = None) -> Case | None:
    """The case after all these events, in order."""
    for one in recorded:
        case = evolve(case, one)
    return case


def _closed(pauses: tuple[CasePause, ...], at: datetime) -> tuple[CasePause, ...]:
    return tuple(attrs.evolve(pause, end=at) if pause.end is None else pause for pause in pauses)
