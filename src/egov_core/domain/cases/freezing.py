"""Freezing: what of item, place and policy is written into a case, so that later changes do not reach it.

Rules of this room: pure; what is frozen here is all that `timing` may ask of an item. The card policy, the service
standards, the rules of silence and the kinds of timers that the place has added are frozen on submission, since timers
run from then on; limits and steps on acceptance.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from egov_core.domain.cases import events as e
from egov_core.domain.cases.case import ACCEPTANCE
from egov_core.domain.cases.steps import is_short_flow
from egov_core.domain.cases.timing import STEP_SPANS
from egov_core.domain.cases.yardstick import Yardstick
from egov_core.domain.catalogue import ItemVersion
from egov_core.domain.legal import LICENSING_ACT, LegalBasis
from egov_core.domain.periods import FixedDay, Limit, Period, Unit
from egov_core.domain.timers.applicant import past_rest_days
from egov_core.domain.timers.kinds import KINDS, Party, TimerKind
from egov_core.errors import ClaimError, Fault

RENEWAL_NOTICE = Period(
    amount=Decimal(30),
    unit=Unit.DAY,
    basis=LegalBasis(instrument=LICENSING_ACT, article="第五十条", in_force=date(2004, 7, 1)),
)
"""How long before its expiry the renewal of a licence is asked for: the applicant's own period, so in its favour in
natural days, which are the fewer."""


def accepted(item: ItemVersion, yardstick: Yardstick) -> e.Accepted:
    """The acceptance of a case of this item, with what is frozen by it."""
    policy = yardstick.policy
    return e.Accepted(
        item_version=item.version,
        promised=policy.counted(item.promised) if item.promised is not None else None,
        statutory=policy.counted(item.statutory),
        limits=standards(item, {}, yardstick),
        steps=steps(item, acceptance=False),
        forward=item.forward_to is not None,
        short=is_short_flow(item),
    )


def steps(item: ItemVersion, *, acceptance: bool) -> tuple[e.StepTerms, ...]:
    """The steps with a limit: the first alone, or the ones after it."""
    return tuple(
        e.StepTerms(code=step.code, limit=step.limit, unit=step.unit)
        for step in item.steps
        if step.limit is not None and step.code in STEP_SPANS and (step.code == ACCEPTANCE) is acceptance
    )


def standards(item: ItemVersion, place: Mapping[str, Limit], yardstick: Yardstick) -> dict[str, Limit]:
    """The service standards of place and item by kind of timer; the item's own prevail.

    What they set the applicant does not end on a rest day: it is frozen like that, so that cases begun before keep
    what they were told.
    """
    return {
        code: past_rest_days(limit) if _is_applicants(code, yardstick) else limit
        for code, limit in {**place, **item.limits}.items()
    }


def _is_applicants(code: str, yardstick: Yardstick) -> bool:
    kind = yardstick.kinds.get(code)
    return kind is not None and kind.party is Party.APPLICANT


def added_kinds(yardstick: Yardstick) -> tuple[TimerKind, ...]:
    """The kinds of timers that files and plugins have added to the shipped ones."""
    return tuple(kind for code, kind in yardstick.kinds.items() if code not in KINDS)


def renewal(expires: date, at: datetime, yardstick: Yardstick) -> e.Renewal:
    """The renewal of a licence that is valid up to `expires`, asked for at `at` (行政许可法 50).

    Who applies too late is not protected: silence renews nothing then. Raises ClaimError for an expired licence.
    """
    if expires < at.date():
        raise ClaimError(
            f"the licence expired on {expires}, so it cannot be renewed",
            remedy="apply for a new licence, without `renews`",
            faults=[Fault("$.renews", "expired", f"{expires} lies before {at.date()}")],
        )
    latest = yardstick.ruler.before(expires, RENEWAL_NOTICE)
    return e.Renewal(
        expires=FixedDay(day=expires, basis=RENEWAL_NOTICE.basis), latest=latest, in_time=at.date() <= latest
    )
