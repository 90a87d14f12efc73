"""The transition table of a case.

Rules of this room: everything about which step may follow which stands in `TRANSITIONS`; nothing else may answer that
question, and this module knows nothing of who acts or when.

Theory. A case goes through three steps: acceptance 受理, review 审核, conclusion 办结. Before acceptance the
applicant may be told once what is missing. After it the clock may stop for a special procedure; where it resumes is
remembered by the case. A 转报件 leaves us by referral: our part is done, the whole is not, until the upper organ has
decided.

What does not fit a table of (state, command) stands here as a guard by name, and `decide` checks it:

* `short-flow`: the item has no review step, so the decision may follow acceptance directly;
* `forward-item`: the item names an upper organ;
* `own-item`: it does not, so we decide ourselves;
* `upper-decides`: the target is APPROVED or REJECTED, as the upper organ decided.

What the law or the place makes of silence stands in the table as well, under commands that nobody may ask for
(`commands.BY_LAW`). It can be set aside by an act that was done in time and entered later: the case then goes back to
where it stood, and takes the row of that act.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping

import attrs

from egov_core.domain.cases import commands as c
from egov_core.domain.timers.kinds import Expiry


class State(enum.Enum):
    """Where our part of a case stands."""

    SUBMITTED = "submitted"
    CORRECTION_REQUESTED = "correction-requested"
    ACCEPTED = "accepted"
    REVIEWED = "reviewed"
    PAUSED = "paused"
    REFERRED = "referred"
    APPROVED = "approved"
    REJECTED = "rejected"
    DELIVERED = "delivered"
    NOT_ACCEPTED = "not-accepted"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class Whole(enum.Enum):
    """Where the whole case stands, seen by the applicant."""

    OPEN = "open"
    WITH_UPPER = "with-upper"
    CLOSED = "closed"


class Stage(enum.Enum):
    """The three steps of the notice, as shown to people."""

    ACCEPTANCE = "受理"
    REVIEW = "审核"
    CONCLUSION = "办结"


WHERE_IT_WAS = None
"""Target of `Resume`: the state before the pause."""


@attrs.frozen
class Transition:
    """A row of the table: the next state (None: where it was before the pause) and the guard by name."""

    to: State | None
    guard: str = ""


TRANSITIONS: Mapping[State | None, Mapping[type, Transition]] = {
    None: {c.Submit: Transition(State.SUBMITTED)},
    State.SUBMITTED: {
        c.Accept: Transition(State.ACCEPTED),
        c.RequestCorrection: Transition(State.CORRECTION_REQUESTED),
        c.Refuse: Transition(State.NOT_ACCEPTED),
        c.Withdraw: Transition(State.WITHDRAWN),
        c.HandOver: Transition(State.SUBMITTED),
        c.DeemAccepted: Transition(State.ACCEPTED),
        c.DeemRenewed: Transition(State.APPROVED),
    },
    State.CORRECTION_REQUESTED: {
        c.Supplement: Transition(State.SUBMITTED),
        c.Refuse: Transition(State.NOT_ACCEPTED),
        c.Withdraw: Transition(State.WITHDRAWN),
        c.CloseUnanswered: Transition(State.LAPSED),
    },
    State.ACCEPTED: {
        c.Review: Transition(State.REVIEWED),
        c.Pause: Transition(State.PAUSED),
        c.Extend: Transition(State.ACCEPTED),
        c.Approve: Transition(State.APPROVED, "short-flow"),
        c.Reject: Transition(State.REJECTED, "short-flow"),
        c.Withdraw: Transition(State.WITHDRAWN),
        c.HandOver: Transition(State.ACCEPTED),
        c.OfferHearing: Transition(State.ACCEPTED),
        c.RequestHearing: Transition(State.ACCEPTED),
        c.ScheduleHearing: Transition(State.ACCEPTED),
        c.HoldHearing: Transition(State.ACCEPTED),
        c.DeemRenewed: Transition(State.APPROVED),
    },
    State.REVIEWED: {
        c.Pause: Transition(State.PAUSED),
        c.Extend: Transition(State.REVIEWED),
        c.Approve: Transition(State.APPROVED, "own-item"),
        c.Reject: Transition(State.REJECTED, "own-item"),
        c.ReferUpward: Transition(State.REFERRED, "forward-item"),
        c.Withdraw: Transition(State.WITHDRAWN),
        c.HandOver: Transition(State.REVIEWED),
        c.OfferHearing: Transition(State.REVIEWED),
        c.RequestHearing: Transition(State.REVIEWED),
        c.ScheduleHearing: Transition(State.REVIEWED),
        c.HoldHearing: Transition(State.REVIEWED),
        c.DeemRenewed: Transition(State.APPROVED),
    },
    State.PAUSED: {
        c.Resume: Transition(WHERE_IT_WAS),
        c.Withdraw: Transition(State.WITHDRAWN),
        c.RequestHearing: Transition(State.PAUSED),
        c.ScheduleHearing: Transition(State.PAUSED),
        c.HoldHearing: Transition(State.PAUSED),
        c.DeemRenewed: Transition(State.APPROVED),
    },
    State.REFERRED: {
        c.RecordUpperProgress: Transition(State.REFERRED),
        c.RecordUpperDecision: Transition(State.APPROVED, "upper-decides"),
        c.DeemRenewed: Transition(State.APPROVED),
    },
    State.APPROVED: {
        c.Deliver: Transition(State.DELIVERED),
        c.IssueLicence: Transition(State.APPROVED),
        c.CheckCommitment: Transition(State.APPROVED),
    },
    State.REJECTED: {},
    State.DELIVERED: {
        c.IssueLicence: Transition(State.DELIVERED),
        c.CheckCommitment: Transition(State.DELIVERED),
    },
    State.NOT_ACCEPTED: {},
    State.WITHDRAWN: {},
    State.LAPSED: {},
}

BY_SILENCE: Mapping[Expiry, type] = {
    Expiry.DEEMED_ACCEPTANCE: c.DeemAccepted,
    Expiry.DEEMED_RENEWAL: c.DeemRenewed,
    Expiry.CLOSURE: c.CloseUnanswered,
}
"""Under which row of the table each effect of silence stands."""

CLOSED = frozenset({State.APPROVED, State.REJECTED, State.DELIVERED, State.NOT_ACCEPTED, State.WITHDRAWN, State.LAPSED})
"""States in which the whole case is decided."""

SETTLED = CLOSED - {State.APPROVED}
"""States in which nothing is owed to the applicant any more."""


def whole(state: State) -> Whole:
    """Where the whole case stands when our part stands at `state`."""
    if state in CLOSED:
        return Whole.CLOSED
    return Whole.WITH_UPPER if state is State.REFERRED else Whole.OPEN


def stage(state: State) -> Stage:
    """Which of the three steps a state belongs to."""
    if state in (State.SUBMITTED, State.CORRECTION_REQUESTED, State.NOT_ACCEPTED, State.LAPSED):
        return Stage.ACCEPTANCE
    return Stage.CONCLUSION if state in CLOSED else Stage.REVIEW


def allowed(state: State | None) -> tuple[str, ...]:
    """The names of the commands that somebody may ask for from `state`."""
    return tuple(command.__name__ for command in TRANSITIONS[state] if command not in c.BY_LAW)
