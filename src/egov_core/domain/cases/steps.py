"""Whether a step may be taken at all: the time it is given, the table, its guards, and races.

Rules of this room: nothing here looks at what a command says, only at which command it is; that is `decide`'s.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from egov_core.domain.cases import accompanying as a
from egov_core.domain.cases import commands as c
from egov_core.domain.cases import events as e
from egov_core.domain.cases.case import Case
from egov_core.domain.cases.states import TRANSITIONS, allowed
from egov_core.domain.catalogue import CaseType, ItemVersion
from egov_core.errors import ClaimError, ConflictError, IllegalTransitionError


def check_time(case: Case | None, at: datetime, now: datetime) -> None:
    """An event lies neither in the future nor before the case's last one. Raises ClaimError."""
    if at > now:
        raise ClaimError(
            f"{at.isoformat()} lies in the future",
            remedy="give the time at which it happened, or leave it out",
            at=at.isoformat(),
        )
    if case is not None and at < case.last_at:
        raise ClaimError(
            f"{at.isoformat()} lies before the case's last event ({case.last_act}, {case.last_at.isoformat()})",
            remedy="give a time that is not before it",
            at=at.isoformat(),
        )


def check_table(case: Case | None, command: c.Command, item: ItemVersion) -> None:
    """The table has the step, and its guard holds. Raises IllegalTransitionError or ConflictError."""
    state = None if case is None else case.state
    row = TRANSITIONS[state].get(type(command))
    name = type(command).__name__
    if row is None:
        if case is not None and case.lapsed:  # what came last was nobody's act, so nobody was faster
            raise _after_lapse(case, name)
        if case is not None and _was_done(case, command):
            raise ConflictError(
                f"case {case.number} was already moved to {case.state.value} by "
                f"{case.last_actor.name or case.last_actor.code} at {case.last_at.isoformat()}",
                remedy="reload the case and look at what was done",
                winner=case.last_actor.code,
                winner_name=case.last_actor.name,
                act=case.last_act,
                at=case.last_at.isoformat(),
                state=case.state.value,
            )
        raise IllegalTransitionError(
            f"{name} is not possible: "
            + ("there is no such case" if case is None else f"case {case.number} is {case.state.value}"),
            remedy=f"from here: {', '.join(allowed(state)) or 'nothing; the case is closed'}",
            command=name,
            state=None if state is None else state.value,
            allowed=list(allowed(state)),
        )
    refusal = guard_refusal(row.guard, item)
    if refusal:
        raise IllegalTransitionError(
            f"{name} is not possible: {refusal}",
            remedy="follow the steps of the item",
            command=name,
            state=None if state is None else state.value,
            allowed=list(allowed(state)),
        )


_LAPSES = {
    e.Accepted.type: "was accepted by the law on {day}, because nobody had said in time what is missing",
    e.Approved.type: "was renewed by the law on {day}, because nobody had decided before the licence expired",
    a.ClosedUnanswered.type: "was closed on {day}, because the applicant had not answered in time",
}


def _after_lapse(case: Case, name: str) -> IllegalTransitionError:
    """Why a step comes too late: silence has had its effect, and only an act done before it undoes that."""
    lapsed = case.lapsed[-1]
    allowed_now = list(allowed(case.state))
    return IllegalTransitionError(
        f"{name} is not possible: case {case.number} {_LAPSES[lapsed.effect].format(day=lapsed.at.date())}",
        remedy=f"from here: {', '.join(allowed_now) or 'nothing; the case is closed'}. If it was done before "
        f"{lapsed.at.isoformat()}, enter it with its true time",
        command=name,
        state=case.state.value,
        allowed=allowed_now,
        lapse=lapsed.effect,
        lapsed_at=lapsed.at.isoformat(),
    )


def _was_done(case: Case, command: c.Command) -> bool:
    """Whether the step asked for is the one the case took last: the sign of a race that somebody else won."""
    return case.last_act in _STEP.get(type(command), ())


_DECISION = (e.Approved.type, e.Rejected.type)
_STEP: Mapping[type, tuple[str, ...]] = {
    c.Accept: (e.Accepted.type,),
    c.RequestCorrection: (e.CorrectionRequested.type,),
    c.Supplement: (e.Supplemented.type,),
    c.Refuse: (e.NotAccepted.type,),
    c.Review: (e.Reviewed.type,),
    c.Pause: (e.Paused.type,),
    c.Resume: (e.Resumed.type,),
    c.Approve: _DECISION,
    c.Reject: _DECISION,
    c.RecordUpperDecision: _DECISION,
    c.Deliver: (e.Delivered.type,),
    c.ReferUpward: (e.Referred.type,),
    c.Withdraw: (e.Withdrawn.type,),
}
"""The step each command takes, by its events; approving and rejecting are one step, the decision."""


def guard_refusal(name: str, item: ItemVersion) -> str:
    """Why the guard of the table refuses a case of this item, or an empty string."""
    if name == "short-flow" and not is_short_flow(item):
        return "the item has a review step that has not been taken"
    if name == "forward-item" and item.forward_to is None:
        return "the item names no upper organ"
    if name == "own-item" and item.forward_to is not None:
        return f"the item is decided by the upper organ {item.forward_to}; refer it upward"
    return ""


def is_short_flow(item: ItemVersion) -> bool:
    """Whether decisions may follow acceptance directly: on-the-spot items, and items without a review step."""
    return item.case_type is CaseType.IMMEDIATE or all(step.code != "review" for step in item.steps)
