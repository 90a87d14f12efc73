"""Where units stand at an instant: what is missing, whether it is late and by how many days, who is to be reminded.

Rules of this room: pure; everything follows from the campaign, the instant and the calendar. Days are counted as the
limit is: working days of the office's calendar for a limit in working days and for a day that was set, natural days for
a limit in natural days, months or years. The last second in time is that of the last day.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

import attrs

from egov_core.domain.calendar.workdays import WorkCalendar
from egov_core.domain.campaign.campaign import Campaign, UnitDuty
from egov_core.domain.campaign.facts import ReminderKind
from egov_core.domain.campaign.states import DONE, TO_REVIEW, UnitState
from egov_core.domain.legal import instant
from egov_core.domain.organisation import Organisation
from egov_core.domain.periods import Period

PAPER = "paper"
"""What a missing paper copy is called among the missing forms."""


@attrs.frozen(kw_only=True)
class UnitStanding:
    """Where a unit stands 填报进度 at an instant.

    `missing`: what it still has to hand in (forms by their codes, and `paper`). `overdue`: something is missing and the
    last day has passed. `days`: how many days are left to the last day, or gone since it. `handed_in_late`: the days by
    which the set that was handed in last came late; 0 for in time.
    """

    unit: str
    state: UnitState
    missing: tuple[str, ...]
    last_day: date
    overdue: bool
    days: int
    handed_in_late: int

    @property
    def to_review(self) -> bool:
        """Whether a reviewer is to look at it."""
        return self.state in TO_REVIEW


def missing(campaign: Campaign, duty: UnitDuty) -> tuple[str, ...]:
    """What a unit still has to hand in."""
    if duty.state in (UnitState.ACCEPTED, UnitState.PASSED_ON):
        return ()
    paper = (PAPER,) if campaign.opened.paper and duty.paper_on is None else ()
    if duty.state in TO_REVIEW:
        return paper
    return (*(form.code for form in campaign.opened.forms), *paper)


def counts_working_days(campaign: Campaign) -> bool:
    """Whether days of this campaign are working days."""
    limit = campaign.opened.limit
    return not (isinstance(limit, Period) and limit.unit.is_natural)


def days_between(campaign: Campaign, start: date, end: date, calendar: WorkCalendar) -> int:
    """Days in (start, end], as the campaign counts them; 0 where `end` is not later."""
    if end <= start:
        return 0
    return calendar.elapsed(start, end) if counts_working_days(campaign) else (end - start).days


def standing(campaign: Campaign, unit: str, at: datetime, calendar: WorkCalendar) -> UnitStanding:
    """Where a unit stands. Raises UnknownError for one that takes no part."""
    duty, at = campaign.duty(unit), instant(at)
    lacks = missing(campaign, duty)
    late = 0
    if duty.latest is not None and duty.latest.is_late:
        # a set that comes on the rest day after the last day is late, though no working day has gone
        late = max(1, days_between(campaign, duty.latest.last_day, duty.latest.at.date(), calendar))
    overdue = bool(lacks) and at > duty.due_at
    if overdue:
        days = max(1, days_between(campaign, duty.last_day, at.date(), calendar))
    else:
        days = days_between(campaign, at.date(), duty.last_day, calendar)
    return UnitStanding(
        unit=unit,
        state=duty.state,
        missing=lacks,
        last_day=duty.last_day,
        overdue=overdue,
        days=days,
        handed_in_late=late,
    )


def standings(campaign: Campaign, at: datetime, calendar: WorkCalendar) -> tuple[UnitStanding, ...]:
    """Where every unit stands, in the order of the campaign."""
    return tuple(standing(campaign, unit, at, calendar) for unit in campaign.units)


def ended(campaign: Campaign, organisation: Organisation, day: date) -> tuple[str, ...]:
    """The units that exist no more on `day` and still owe something: their successors are to be named.

    Of whoever was accepted nothing more is expected. Should it be reopened, its duty is owed again.
    """
    return tuple(
        duty.unit
        for duty in campaign.units.values()
        if duty.state not in DONE
        and (organ := organisation.organs.get(duty.unit)) is not None
        and not organ.exists_on(day)
    )


def laggards(campaign: Campaign, at: datetime, calendar: WorkCalendar) -> tuple[UnitStanding, ...]:
    """The units that are overdue, the longest first: for the bulletin (N26).

    Once a campaign is closed its laggards are those of that instant: nobody could hand in afterwards.
    """
    until = at if campaign.closed_at is None else min(instant(at), campaign.closed_at)
    found = [one for one in standings(campaign, until, calendar) if one.overdue]
    order = {unit: number for number, unit in enumerate(campaign.units)}
    return tuple(sorted(found, key=lambda one: (-one.days, order[one.unit])))


def reminders_due(
    campaign: Campaign, at: datetime, calendar: WorkCalendar
) -> Iterator[tuple[UnitStanding, ReminderKind]]:
    """The units to be reminded now, and why: once that the last day is near, then once a day that it has passed."""
    today = instant(at).date()
    for one in standings(campaign, at, calendar):
        if not one.missing:
            continue
        told = campaign.units[one.unit].reminders
        if one.overdue:
            if (today, ReminderKind.OVERDUE) not in told:
                yield one, ReminderKind.OVERDUE
        elif calendar.elapsed(today, one.last_day) <= campaign.opened.ahead and not _told_of(told, one, campaign):
            yield one, ReminderKind.DUE_SOON


def _told_of(told: tuple[tuple[date, ReminderKind], ...], one: UnitStanding, campaign: Campaign) -> bool:
    """Whether the unit was told already that this last day is near: since it was last returned, if it was."""
    since = max((back.at.date() for back in campaign.units[one.unit].returns), default=date.min)
    return any(kind is ReminderKind.DUE_SOON and day >= since for day, kind in told)
