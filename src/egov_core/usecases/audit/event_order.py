"""The order of events: whether an event may follow what a case is. Part of `verify`.

Rules of this room: read-only; each function says why an event may not follow, or nothing. What the table of states
permits, what an earlier system has recorded and what silence brings are three questions.
"""

from __future__ import annotations

from datetime import datetime

from egov_core.domain.cases import accompanying as a
from egov_core.domain.cases import commands as c
from egov_core.domain.cases import events as e
from egov_core.domain.cases.calendar_events import CalendarApplied
from egov_core.domain.cases.case import Case
from egov_core.domain.cases.folding import is_lapse
from egov_core.domain.cases.lapses import pending_lapse, rests_on
from egov_core.domain.cases.states import TRANSITIONS
from egov_core.domain.cases.steps import guard_refusal
from egov_core.domain.cases.takeover_events import TakenOver
from egov_core.usecases.foundation.services import Services

EVENT_OF: dict[str, frozenset[type]] = {
    e.Submitted.type: frozenset({c.Submit}),
    e.CorrectionRequested.type: frozenset({c.RequestCorrection}),
    e.Supplemented.type: frozenset({c.Supplement}),
    e.Accepted.type: frozenset({c.Accept, c.DeemAccepted}),
    e.NotAccepted.type: frozenset({c.Refuse}),
    e.Reviewed.type: frozenset({c.Review}),
    e.Paused.type: frozenset({c.Pause}),
    e.Resumed.type: frozenset({c.Resume}),
    e.Extended.type: frozenset({c.Extend}),
    e.Approved.type: frozenset({c.Approve, c.RecordUpperDecision, c.DeemRenewed}),
    e.Rejected.type: frozenset({c.Reject, c.RecordUpperDecision}),
    e.Delivered.type: frozenset({c.Deliver}),
    e.Withdrawn.type: frozenset({c.Withdraw}),
    e.Referred.type: frozenset({c.ReferUpward}),
    e.UpperProgressRecorded.type: frozenset({c.RecordUpperProgress}),
    a.ClosedUnanswered.type: frozenset({c.CloseUnanswered}),
    a.StepHandedOver.type: frozenset({c.HandOver}),
    a.HearingOffered.type: frozenset({c.OfferHearing}),
    a.HearingRequested.type: frozenset({c.RequestHearing}),
    a.HearingScheduled.type: frozenset({c.ScheduleHearing}),
    a.HearingHeld.type: frozenset({c.HoldHearing}),
    a.LicenceIssued.type: frozenset({c.IssueLicence}),
    a.CommitmentChecked.type: frozenset({c.CheckCommitment}),
}
"""Which rows of the table lead to which events; cards, receipts and what is set aside follow from none."""


def transition_fault(services: Services, case: Case | None, event: e.CaseEvent) -> str:
    """Why this event may not follow, or an empty string."""
    if isinstance(event, e.CardIssued | e.CardRevoked | CalendarApplied | e.ReceiptRecorded):
        return "" if case is not None else f"{event.type} cannot begin a case"
    if isinstance(event, TakenOver):
        return "" if case is not None and case.version == 1 else f"{event.type} does not follow the submission"
    if isinstance(event, a.LapseSetAside):
        held = case is not None and case.lapsed and case.lapsed[-1].effect == event.effect
        return "" if held else f"{event.type} finds no {event.effect} to set aside"
    state = None if case is None else case.state
    row = TRANSITIONS[state]
    asked = {command for command in EVENT_OF[event.type] if (command in c.BY_LAW) is is_lapse(event)}
    refusals = [_guard(services, case, row[command].guard) for command in asked & row.keys()]
    if "" in refusals:
        return ""
    return f"{event.type} does not follow {'nothing' if state is None else state.value}" + "".join(
        f": {refusal}" for refusal in refusals
    )


def takeover_fault(case: Case | None, one: e.RecordedEvent, begun: datetime) -> str:
    """Why this event cannot be one of an earlier system though it is said to be, or an empty string.

    `begun` is when the case was entered here, with all that an earlier system had recorded of it.
    """
    if case is None:
        return ""
    if isinstance(one.event, TakenOver):
        same = (one.at, one.event.number) == (one.event.cut_over, case.number)
        return "" if same else f"{one.event.type} is not of this number, or not dated by its cut-over"
    if case.takeover is None or not case.is_taken_over(one.position):
        return ""
    if one.at < case.takeover.cut_over and one.entered_at == begun:
        return ""
    return f"{one.event.type} is counted to an earlier system, and was not done there before the cut-over"


def silence_fault(services: Services, case: Case | None, one: e.RecordedEvent) -> str:
    """Why this event may not follow what silence had brought by then, or had not, or an empty string."""
    if case is None or isinstance(one.event, e.CardIssued | e.CardRevoked | TakenOver):
        return ""
    if case.is_taken_over(one.position):
        return ""  # an earlier system has recorded it as it was done, whatever silence would have brought here
    if isinstance(one.event, a.LapseSetAside):
        lapsed = case.lapsed[-1]
        return "" if one.at < lapsed.at else f"{lapsed.effect} of {lapsed.at} is set aside by what came after it"
    pending = pending_lapse(case, services.yardstick(case))
    if not is_lapse(one.event):
        late = pending is not None and pending.at <= one.at
        return f"{one.event.type} comes after silence had its effect, which is missing" if late else ""
    due = pending is not None and pending.at == one.at and rests_on(one.event, pending)
    return "" if due else f"{one.event.type} by silence at {one.at.isoformat()} rests on no limit that passed then"


def _guard(services: Services, case: Case | None, name: str) -> str:
    if case is None or not name:
        return ""
    return guard_refusal(name, services.registry().catalogue.version(case.item, case.item_version))
