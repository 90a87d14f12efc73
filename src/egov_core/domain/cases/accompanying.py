"""Accompanying events: what happens to a case beside its three steps. Part of `events`, under the same rules.

Rules of this room: past tense, frozen; fields are only added, with defaults; the `type` of an event is its name for
ever. Here are the events of silence, of hearings, of the hand-over of a step, and of what follows a decision.
"""

from __future__ import annotations

from datetime import date
from typing import ClassVar

import attrs


@attrs.frozen(kw_only=True)
class CardSuccession:
    """Part of `card-issued`: the work passed from `source` to `target` on that day, by that plan, on that basis."""

    source: str
    target: str
    effective: date
    plan: str
    basis: str


@attrs.frozen(kw_only=True)
class ClosedUnanswered:
    """The application was closed by the rules of the place, because the applicant never answered."""

    type: ClassVar[str] = "closed-unanswered"
    basis: str


@attrs.frozen(kw_only=True)
class LapseSetAside:
    """What the law had made of silence was undone: somebody had acted in time, and it was entered later."""

    type: ClassVar[str] = "lapse-set-aside"
    effect: str
    act: str


@attrs.frozen(kw_only=True)
class StepHandedOver:
    """Another internal unit holds the step in hand from here on."""

    type: ClassVar[str] = "step-handed-over"
    unit: str
    reason: str


@attrs.frozen(kw_only=True)
class HearingOffered:
    """Applicant and interested parties were told that they may ask for a hearing."""

    type: ClassVar[str] = "hearing-offered"
    notice: str


@attrs.frozen(kw_only=True)
class HearingRequested:
    """A hearing was asked for in time."""

    type: ClassVar[str] = "hearing-requested"
    reason: str


@attrs.frozen(kw_only=True)
class HearingScheduled:
    """Day and place of the hearing were told."""

    type: ClassVar[str] = "hearing-scheduled"
    day: date
    place: str
    notice: str


@attrs.frozen(kw_only=True)
class HearingHeld:
    """The hearing was held."""

    type: ClassVar[str] = "hearing-held"
    record: str


@attrs.frozen(kw_only=True)
class LicenceIssued:
    """The licence was made out."""

    type: ClassVar[str] = "licence-issued"
    document: str


@attrs.frozen(kw_only=True)
class CommitmentChecked:
    """What the applicant had committed to was checked."""

    type: ClassVar[str] = "commitment-checked"
    kept: bool
    finding: str
