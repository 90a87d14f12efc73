"""Where a unit stands in a collection campaign, and by which facts it gets there.

Rules of this room: the table is the whole machine. A unit is in exactly one state; what the table does not have for a
state is not allowed in it, and nothing happens then. Whether a unit is late is no state: it follows from what was
handed in, the last day and the clock (`standing`).

Theory of operation. A unit hands in its forms as one set: corrections replace the whole statement, never a page of it.
A reviewer, who is not the one that handed in, returns the set with written reasons and the faults it has, or accepts
it; the same set may come again, since who looks at it anew decides anew. A return by mistake is taken back as long as
nothing has come after it. What was accepted can be reopened. A unit whose work has passed to others by a reform passes
its duty on, and has nothing more to do. The paper copy (N19) is told apart: it moves no state, but without it nothing
is accepted.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping

from egov_core.errors import LawError


class UnitState(enum.Enum):
    """Where a unit stands 填报状态."""

    NOT_STARTED = "not-started"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    RESUBMITTED = "resubmitted"
    ACCEPTED = "accepted"
    PASSED_ON = "passed-on"


HANDED_IN, PAPER_RECEIVED, RETURNED, ACCEPTED = "forms-handed-in", "paper-received", "forms-returned", "forms-accepted"
RETURN_TAKEN_BACK = "return-taken-back"
REMINDED, REOPENED, PASSED_ON = "unit-reminded", "unit-reopened", "duty-passed-on"

TRANSITIONS: Mapping[UnitState, Mapping[str, UnitState]] = {
    UnitState.NOT_STARTED: {
        HANDED_IN: UnitState.SUBMITTED,
        PASSED_ON: UnitState.PASSED_ON,
        PAPER_RECEIVED: UnitState.NOT_STARTED,
        REMINDED: UnitState.NOT_STARTED,
    },
    UnitState.SUBMITTED: {
        HANDED_IN: UnitState.SUBMITTED,
        RETURNED: UnitState.RETURNED,
        ACCEPTED: UnitState.ACCEPTED,
        PASSED_ON: UnitState.PASSED_ON,
        PAPER_RECEIVED: UnitState.SUBMITTED,
        REMINDED: UnitState.SUBMITTED,
    },
    UnitState.RETURNED: {
        HANDED_IN: UnitState.RESUBMITTED,
        RETURN_TAKEN_BACK: UnitState.SUBMITTED,
        PASSED_ON: UnitState.PASSED_ON,
        PAPER_RECEIVED: UnitState.RETURNED,
        REMINDED: UnitState.RETURNED,
    },
    UnitState.RESUBMITTED: {
        HANDED_IN: UnitState.RESUBMITTED,
        RETURNED: UnitState.RETURNED,
        ACCEPTED: UnitState.ACCEPTED,
        PASSED_ON: UnitState.PASSED_ON,
        PAPER_RECEIVED: UnitState.RESUBMITTED,
        REMINDED: UnitState.RESUBMITTED,
    },
    UnitState.ACCEPTED: {REOPENED: UnitState.RETURNED, PASSED_ON: UnitState.PASSED_ON},
    UnitState.PASSED_ON: {},
}
"""State, what happened, state after it."""

TO_REVIEW = frozenset({UnitState.SUBMITTED, UnitState.RESUBMITTED})
"""The states in which the next step is the reviewer's."""
DONE = frozenset({UnitState.ACCEPTED, UnitState.PASSED_ON})
"""The states in which nothing more is expected of the unit."""

_WAY_ON = {
    UnitState.NOT_STARTED: "the unit has handed in nothing yet; record what it hands in first",
    UnitState.SUBMITTED: "what was handed in waits for its reviewer: accept it, or return it",
    UnitState.RETURNED: "what was handed in was returned: the unit hands it in again, corrected, or the reviewer takes "
    "the return back",
    UnitState.RESUBMITTED: "the corrected set waits for its reviewer: accept it, or return it",
    UnitState.ACCEPTED: "what was handed in is accepted; reopen the unit to have it corrected",
    UnitState.PASSED_ON: "the duty has passed to the unit's successor; name that one",
}


def after(state: UnitState, happened: str, unit: str) -> UnitState:
    """The state after a fact. Raises LawError where it cannot happen in this state, with the way on."""
    found = TRANSITIONS[state].get(happened)
    if found is None:
        raise LawError(
            f"{unit} is {state.value}, so there can be no {happened}",
            remedy=_WAY_ON[state],
            unit=unit,
            state=state.value,
        )
    return found
