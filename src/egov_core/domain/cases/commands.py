"""Commands: what an actor asks of a case. Imperative, frozen, without a clock.

Rules of this room: a command carries what the actor says and nothing the system knows better (numbers, limits, names of
organs). Values are checked here as far as one value alone can be wrong; what depends on the case is `decide`'s.
"""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from egov_core.domain.authority import Role
from egov_core.domain.catalogue import PauseKind
from egov_core.domain.people import Applicant
from egov_core.domain.periods import Period


@attrs.frozen(kw_only=True)
class Submit:
    """提交申请: file an application for an item. `materials` are the codes of what is handed in."""

    item: str
    applicant: Applicant
    materials: tuple[str, ...] = ()
    form: Mapping[str, str] = attrs.field(factory=dict, repr=False)  # what people write about themselves
    channel: str = "window"


@attrs.frozen(kw_only=True)
class Accept:
    """受理: take the case in; the limits begin to run."""

    case_id: str


@attrs.frozen(kw_only=True)
class RequestCorrection:
    """一次性告知: tell the applicant everything that is missing, once, in writing."""

    case_id: str
    notice: str
    missing: tuple[str, ...]


@attrs.frozen(kw_only=True)
class Supplement:
    """补正: the applicant hands in what was missing."""

    case_id: str
    materials: tuple[str, ...]


@attrs.frozen(kw_only=True)
class Refuse:
    """不予受理: the application is not taken in, in writing and with reasons (行政许可法 32)."""

    case_id: str
    reason: str
    notice: str
    competent_organ: str = ""


@attrs.frozen(kw_only=True)
class Review:
    """审核: examine the application and give an opinion."""

    case_id: str
    opinion: str


@attrs.frozen(kw_only=True)
class Pause:
    """特别程序: stop the clock for a procedure of 行政许可法 45, its time told to the applicant in writing."""

    case_id: str
    kind: PauseKind
    notice: str
    declared: Period


@attrs.frozen(kw_only=True)
class Resume:
    """The special procedure has ended; the clock runs again."""

    case_id: str
    result: str


@attrs.frozen(kw_only=True)
class Extend:
    """延期: lengthen the limit once, approved by the head of the organ, with reasons told to the applicant."""

    case_id: str
    amount: Period
    reason: str
    notice: str


@attrs.frozen(kw_only=True)
class Approve:
    """准予: decide for the applicant."""

    case_id: str
    document: str


@attrs.frozen(kw_only=True)
class Reject:
    """不予许可: decide against, with reasons and the way to a remedy (行政许可法 38)."""

    case_id: str
    document: str
    reason: str


@attrs.frozen(kw_only=True)
class Deliver:
    """送达: hand the result to the applicant."""

    case_id: str
    method: str


@attrs.frozen(kw_only=True)
class Withdraw:
    """撤回: the applicant takes the application back."""

    case_id: str
    reason: str


@attrs.frozen(kw_only=True)
class ReferUpward:
    """转报: our review is done, the case goes to the upper organ the item names."""

    case_id: str
    opinion: str


@attrs.frozen(kw_only=True)
class RecordUpperProgress:
    """Note what the upper organ has done, typed in by hand or taken from a receipt."""

    case_id: str
    progress: str
    source: str = "manual"


@attrs.frozen(kw_only=True)
class RecordUpperDecision:
    """Note the upper organ's decision; the whole case is then decided."""

    case_id: str
    granted: bool
    document: str


Command = (
    Submit
    | Accept
    | RequestCorrection
    | Supplement
    | Refuse
    | Review
    | Pause
    | Resume
    | Extend
    | Approve
    | Reject
    | Deliver
    | Withdraw
    | ReferUpward
    | RecordUpperProgress
    | RecordUpperDecision
)

NEEDED_ROLE: Mapping[type, Role] = {
    Submit: Role.INTAKE,
    Supplement: Role.INTAKE,
    Withdraw: Role.INTAKE,
    Accept: Role.INTAKE,
    RequestCorrection: Role.INTAKE,
    Refuse: Role.INTAKE,
    Deliver: Role.INTAKE,
    Review: Role.REVIEWER,
    Pause: Role.REVIEWER,
    Resume: Role.REVIEWER,
    ReferUpward: Role.REVIEWER,
    RecordUpperProgress: Role.REVIEWER,
    RecordUpperDecision: Role.REVIEWER,
    Extend: Role.HEAD,
    Approve: Role.APPROVER,
    Reject: Role.APPROVER,
}
"""The role a member of staff needs for each command."""

BY_APPLICANT = frozenset({Submit, Supplement, Withdraw})
"""What an applicant may ask for its own case."""
