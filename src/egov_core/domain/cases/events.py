"""Events: what has happened to a case. Past tense, frozen, complete enough to rebuild the case.

Rules of this room: fields are only added, with defaults; the `type` of an event is its name for ever. No personal value
enters an event: `Submitted` carries keyed digests, the values lie elsewhere and can be destroyed (PIPL 47).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import ClassVar

import attrs

from egov_core.domain.cases.accompanying import (
    CardSuccession,
    ClosedUnanswered,
    CommitmentChecked,
    HearingHeld,
    HearingOffered,
    HearingRequested,
    HearingScheduled,
    LapseSetAside,
    LicenceIssued,
    StepHandedOver,
)
from egov_core.domain.cases.calendar_events import CalendarApplied
from egov_core.domain.cases.takeover_events import TakenOver
from egov_core.domain.legal import instant
from egov_core.domain.people import Actor
from egov_core.domain.periods import FixedDay, Limit, Period
from egov_core.domain.timers.kinds import TimerKind
from egov_core.domain.timers.silence import Lapse


@attrs.frozen(kw_only=True)
class StepTerms:
    """What the item says of a step: how long it may take, and the internal unit that takes it."""

    code: str
    limit: Limit
    unit: str = ""


@attrs.frozen(kw_only=True)
class Renewal:
    """The licence to be renewed: the last day it is valid, the last day to apply, whether the law protects (50)."""

    expires: FixedDay
    latest: date
    in_time: bool


@attrs.frozen(kw_only=True)
class Submitted:
    """The application was filed and has its number; the rules of the day are frozen into the case.

    `policy` is the card policy, `limits` the service standards of item and place by kind of timer, `lapses` what
    silence brings, `steps` the limit of the first step, `kinds` the kinds of timers that the place has added.
    `calendar` numbers the calendar's revision; a later one reaches an open case by `calendar-applied`.
    """

    type: ClassVar[str] = "submitted"
    number: str
    item: str
    item_version: int
    item_name: str
    organ: str
    subject: str
    digests: Mapping[str, str]
    materials: tuple[str, ...]
    channel: str
    query_digest: str
    policy: str
    limits: Mapping[str, Limit] = attrs.field(factory=dict)
    lapses: tuple[Lapse, ...] = ()
    steps: tuple[StepTerms, ...] = ()
    renewal: Renewal | None = None
    kinds: tuple[TimerKind, ...] = ()
    calendar: int = 1


@attrs.frozen(kw_only=True)
class CorrectionRequested:
    """The applicant was told, once and in writing, all that is missing, and by when it is asked for."""

    type: ClassVar[str] = "correction-requested"
    notice: str
    missing: tuple[str, ...]
    within: Period | None = None


@attrs.frozen(kw_only=True)
class Supplemented:
    """What was missing was handed in."""

    type: ClassVar[str] = "supplemented"
    materials: tuple[str, ...]


@attrs.frozen(kw_only=True)
class Accepted:
    """The case was accepted; the item's version and limits are frozen from here on.

    `deemed`: by the law alone, because nobody said in time what is missing; its limits have been running `since` the
    receipt, while the event's own time is when the five days had passed (行政许可法 32). `forward`: the item is
    decided above; `short`: without a review.
    """

    type: ClassVar[str] = "accepted"
    item_version: int
    promised: Limit | None
    statutory: Limit
    limits: Mapping[str, Limit] = attrs.field(factory=dict)
    steps: tuple[StepTerms, ...] = ()
    forward: bool = False
    short: bool = False
    deemed: bool = False
    since: datetime | None = attrs.field(default=None, converter=attrs.converters.optional(instant))


@attrs.frozen(kw_only=True)
class NotAccepted:
    """The application was not taken in, with reasons."""

    type: ClassVar[str] = "not-accepted"
    reason: str
    notice: str
    competent_organ: str = ""


@attrs.frozen(kw_only=True)
class Reviewed:
    """The review ended with an opinion."""

    type: ClassVar[str] = "reviewed"
    opinion: str


@attrs.frozen(kw_only=True)
class Paused:
    """A special procedure began; its time is not counted."""

    type: ClassVar[str] = "paused"
    kind: str
    notice: str
    declared: Period


@attrs.frozen(kw_only=True)
class Resumed:
    """The special procedure ended."""

    type: ClassVar[str] = "resumed"
    result: str


@attrs.frozen(kw_only=True)
class Extended:
    """The limit was lengthened, once."""

    type: ClassVar[str] = "extended"
    amount: Period
    reason: str
    notice: str


@attrs.frozen(kw_only=True)
class Approved:
    """Decided for the applicant, by us, by the upper organ (`by_upper`) or by the law alone (`by_law`, 行政许可法 50).

    `on_commitment`: on a written commitment, to be checked afterwards.
    """

    type: ClassVar[str] = "approved"
    document: str
    by_upper: bool = False
    by_law: bool = False
    on_commitment: bool = False


@attrs.frozen(kw_only=True)
class Rejected:
    """Decided against the applicant."""

    type: ClassVar[str] = "rejected"
    document: str
    reason: str
    by_upper: bool = False


@attrs.frozen(kw_only=True)
class Delivered:
    """The result reached the applicant."""

    type: ClassVar[str] = "delivered"
    method: str


@attrs.frozen(kw_only=True)
class Withdrawn:
    """The applicant took the application back."""

    type: ClassVar[str] = "withdrawn"
    reason: str


@attrs.frozen(kw_only=True)
class Referred:
    """Our part ended; the case was put into the outbox for the upper organ under `key`."""

    type: ClassVar[str] = "referred"
    to: str
    opinion: str
    key: str


@attrs.frozen(kw_only=True)
class ReceiptRecorded:
    """The upper organ's system answered for what was sent under `key`."""

    type: ClassVar[str] = "receipt-recorded"
    key: str
    receipt: str
    accepted: bool
    detail: str = ""


@attrs.frozen(kw_only=True)
class UpperProgressRecorded:
    """What the upper organ has done so far, and from where we know it."""

    type: ClassVar[str] = "upper-progress-recorded"
    progress: str
    source: str


@attrs.frozen(kw_only=True)
class CardIssued:
    """A card came into being at the event's own time `at`, its legal instant.

    `succession` says why it stands against another organ than that of the case's time, if it does.
    """

    type: ClassVar[str] = "card-issued"
    timer_id: str
    timer_kind: str
    rule: str
    level: str
    epoch: int
    policy: str
    organ: str
    due: datetime | None
    provisional: bool
    succession: tuple[CardSuccession, ...] = ()


@attrs.frozen(kw_only=True)
class CardRevoked:
    """A card was revoked, with the reason of fact; it stays in the ledger."""

    type: ClassVar[str] = "card-revoked"
    timer_id: str
    rule: str
    level: str
    epoch: int
    reason: str


CaseEvent = (
    Submitted
    | CorrectionRequested
    | Supplemented
    | Accepted
    | NotAccepted
    | Reviewed
    | Paused
    | Resumed
    | Extended
    | Approved
    | Rejected
    | Delivered
    | Withdrawn
    | Referred
    | ReceiptRecorded
    | UpperProgressRecorded
    | CardIssued
    | CardRevoked
    | ClosedUnanswered
    | LapseSetAside
    | StepHandedOver
    | HearingOffered
    | HearingRequested
    | HearingScheduled
    | HearingHeld
    | LicenceIssued
    | CommitmentChecked
    | CalendarApplied
    | TakenOver
)

EVENT_TYPES: Mapping[str, type[CaseEvent]] = {
    event.type: event
    for event in (
        Submitted,
        CorrectionRequested,
        Supplemented,
        Accepted,
        NotAccepted,
        Reviewed,
        Paused,
        Resumed,
        Extended,
        Approved,
        Rejected,
        Delivered,
        Withdrawn,
        Referred,
        ReceiptRecorded,
        UpperProgressRecorded,
        CardIssued,
        CardRevoked,
        ClosedUnanswered,
        LapseSetAside,
        StepHandedOver,
        HearingOffered,
        HearingRequested,
        HearingScheduled,
        HearingHeld,
        LicenceIssued,
        CommitmentChecked,
        CalendarApplied,
        TakenOver,
    )
}


@attrs.frozen(kw_only=True)
class RecordedEvent:
    """An event in its stream: its position (from 1), event time `at`, entry time `entered_at`, and who acted."""

    stream: str
    position: int
    event: CaseEvent
    at: datetime = attrs.field(converter=instant)
    entered_at: datetime = attrs.field(converter=instant)
    actor: Actor
