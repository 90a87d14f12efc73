"""Commands: what an actor asks of a case. Imperative, frozen, without a clock.

Rules of this room: a command carries what the actor says and nothing the system knows better (numbers, limits, names of
organs). Values are checked here as far as one value alone can be wrong; what depends on the case is `decide`'s.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import attrs

from egov_core.domain.authority import Role
from egov_core.domain.catalogue import Approver, ItemVersion, PauseKind
from egov_core.domain.people import Applicant
from egov_core.domain.periods import Period


@attrs.frozen(kw_only=True)
class Submit:
    """提交申请: file an application for an item. `materials` are the codes of what is handed in.

    `renews`: the day on which the licence that is to be renewed 延续 expires; None for any other application.
    """

    item: str
    applicant: Applicant
    materials: tuple[str, ...] = ()
    form: Mapping[str, str] = attrs.field(factory=dict, repr=False)  # what people write about themselves
    channel: str = "window"
    renews: date | None = None


@attrs.frozen(kw_only=True)
class Accept:
    """受理: take the case in; the limits begin to run."""

    case_id: str


@attrs.frozen(kw_only=True)
class RequestCorrection:
    """一次性告知: tell the applicant everything that is missing, once, in writing; and by when, where it is set."""

    case_id: str
    notice: str
    missing: tuple[str, ...]
    within: Period | None = None


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
    """准予: decide for the applicant; `on_commitment`: on a written commitment 告知承诺, to be checked afterwards."""

    case_id: str
    document: str
    on_commitment: bool = False


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


@attrs.frozen(kw_only=True)
class HandOver:
    """移交: give the step in hand to another internal unit, which answers for it from then on."""

    case_id: str
    unit: str
    reason: str


@attrs.frozen(kw_only=True)
class OfferHearing:
    """告知听证权利: tell applicant and interested parties that they may ask for a hearing (行政许可法 47)."""

    case_id: str
    notice: str


@attrs.frozen(kw_only=True)
class RequestHearing:
    """申请听证: ask for a hearing, within five days of being told."""

    case_id: str
    reason: str


@attrs.frozen(kw_only=True)
class ScheduleHearing:
    """通知听证: fix the day and place of the hearing and tell them seven days before (行政许可法 48)."""

    case_id: str
    day: date
    place: str
    notice: str


@attrs.frozen(kw_only=True)
class HoldHearing:
    """举行听证: the hearing was held; the decision rests on its record."""

    case_id: str
    record: str


@attrs.frozen(kw_only=True)
class IssueLicence:
    """出证: the licence itself, on paper or electronic, was made out."""

    case_id: str
    document: str


@attrs.frozen(kw_only=True)
class CheckCommitment:
    """事后核查: what was committed to was checked; `kept` says with which result."""

    case_id: str
    kept: bool
    finding: str


@attrs.frozen(kw_only=True)
class DeemAccepted:
    """视为受理: the law accepts, since nobody said in time what is missing. Asked by nobody."""

    case_id: str


@attrs.frozen(kw_only=True)
class DeemRenewed:
    """视为准予延续: the law renews, since nobody decided before the licence expired. Asked by nobody."""

    case_id: str


@attrs.frozen(kw_only=True)
class CloseUnanswered:
    """补正超时办结: the rules of the place close it, since the applicant never answered. Asked by nobody."""

    case_id: str


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
    | HandOver
    | OfferHearing
    | RequestHearing
    | ScheduleHearing
    | HoldHearing
    | IssueLicence
    | CheckCommitment
)

BY_LAW = frozenset({DeemAccepted, DeemRenewed, CloseUnanswered})
"""What happens by silence: rows of the table like any other, and nobody's to ask."""

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
    HandOver: Role.REVIEWER,
    OfferHearing: Role.REVIEWER,
    RequestHearing: Role.INTAKE,
    ScheduleHearing: Role.REVIEWER,
    HoldHearing: Role.REVIEWER,
    IssueLicence: Role.INTAKE,
    CheckCommitment: Role.REVIEWER,
}
"""The role a member of staff needs for each command; for `Extend` see `needed_role`."""

_APPROVERS = {Approver.ORGAN_HEAD: Role.HEAD, Approver.GOVERNMENT_HEAD: Role.GOVERNMENT_HEAD}


def needed_role(command: type, item: ItemVersion) -> Role:
    """The role a member of staff needs for a command about a case of this item."""
    return _APPROVERS[item.extension_terms.approver] if command is Extend else NEEDED_ROLE[command]


STEP_OF: Mapping[type, str] = {
    Submit: "acceptance",
    Supplement: "acceptance",
    Withdraw: "acceptance",
    Accept: "acceptance",
    RequestCorrection: "acceptance",
    Refuse: "acceptance",
    Review: "review",
    Pause: "review",
    Resume: "review",
    Extend: "review",
    ReferUpward: "review",
    RecordUpperProgress: "review",
    RecordUpperDecision: "review",
    HandOver: "review",
    OfferHearing: "review",
    RequestHearing: "acceptance",
    ScheduleHearing: "review",
    HoldHearing: "review",
    Approve: "conclusion",
    Reject: "conclusion",
    Deliver: "conclusion",
    IssueLicence: "conclusion",
    CheckCommitment: "conclusion",
}
"""The step that a command is part of, for authority by steps: by what is done, wherever the case stands."""

BY_APPLICANT = frozenset({Submit, Supplement, Withdraw, RequestHearing})
"""What an applicant may ask for its own case."""
