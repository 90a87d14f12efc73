"""Campaigns and enrolment as JSON shows them, to programs and on the command line alike.

Rules of this room: shapes only; keys and codes are English, times ISO 8601 with offset, names as the register has them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from egov_core.domain.campaign.campaign import Campaign, Submission
from egov_core.domain.campaign.standing import UnitStanding, counts_working_days, ended
from egov_core.domain.enrolment import UnitEnrolment
from egov_core.domain.organisation import Organisation

Naming = Callable[[str], str]
"""The name of an organ by its code."""


def campaign_shape(
    campaign: Campaign, found: Iterable[UnitStanding], organisation: Organisation, day: date
) -> dict[str, Any]:
    """A campaign with its counts: those by state are all its units, `to_review` and `overdue` are some of them.

    `without_organ` are the units that exist no more on `day`, whose successors are to be named.
    """
    standings = tuple(found)
    asked = campaign.opened
    return {
        "campaign": campaign.code,
        "title": asked.title,
        "organ": asked.organ,
        "basis": asked.basis,
        "forms": [form.code for form in asked.forms],
        "paper": asked.paper,
        "reviewers": list(asked.reviewers),
        "limit": str(asked.limit),
        "opened_at": campaign.opened_at.isoformat(),
        "due": campaign.due_at.isoformat(),
        "last_day": campaign.last_day.isoformat(),
        "provisional": campaign.provisional,
        "closed_at": None if campaign.closed_at is None else campaign.closed_at.isoformat(),
        "units": len(campaign.units),
        "counts": campaign.counts(),
        "to_review": sum(1 for one in standings if one.to_review),
        "overdue": sum(1 for one in standings if one.overdue),
        "handed_in_late": sum(1 for one in standings if one.handed_in_late),
        "without_organ": list(ended(campaign, organisation, day)),
    }


def standing_shape(campaign: Campaign, one: UnitStanding, name: Naming) -> dict[str, Any]:
    """Where a unit stands, with what it has handed in and why it was returned last."""
    duty = campaign.duty(one.unit)
    back = duty.returned
    return {
        "unit": one.unit,
        "name": name(one.unit),
        "state": one.state.value,
        "missing": list(one.missing),
        "last_day": one.last_day.isoformat(),
        "overdue": one.overdue,
        "days": one.days,
        "days_are": "workday" if counts_working_days(campaign) else "day",
        "handed_in_late": one.handed_in_late,
        "paper_on": None if duty.paper_on is None else duty.paper_on.isoformat(),
        "submissions": [_submission(each) for each in duty.submissions],
        "returned": None
        if back is None
        else {
            "at": back.at.isoformat(),
            "reason": back.reason,
            "faults": [{"place": fault.place, "message": fault.message} for fault in back.faults],
        },
        "accepted_at": None if duty.accepted_at is None else duty.accepted_at.isoformat(),
        "took_over": list(duty.took_over),
        "passed_to": list(duty.passed_to),
    }


def _submission(one: Submission) -> dict[str, Any]:
    return {
        "at": one.at.isoformat(),
        "digest": one.digest,
        "items": one.items,
        "late": one.is_late,
        "files": [
            {
                "form": file.form.code,
                "name": file.name,
                "digest": file.digest,
                "items": file.items,
                "checked": file.checked,
                "declared_none": file.declared_none,
            }
            for file in one.files
        ],
    }


def laggard_shape(campaign: Campaign, one: UnitStanding, name: Naming) -> dict[str, Any]:
    """A unit that is overdue, as the bulletin lists it."""
    return {
        "campaign": campaign.code,
        "unit": one.unit,
        "name": name(one.unit),
        "state": one.state.value,
        "missing": list(one.missing),
        "last_day": one.last_day.isoformat(),
        "days_late": one.days,
        "days_are": "workday" if counts_working_days(campaign) else "day",
    }


def enrolment_shape(one: UnitEnrolment, name: Naming) -> dict[str, Any]:
    """How far a unit has come. People are told by their codes."""
    return {
        "unit": one.unit,
        "name": name(one.unit),
        "stage": one.stage,
        "missing": [milestone.value for milestone in one.missing],
        "invited_on": None if one.invitation is None else one.invitation.on.isoformat(),
        "document": None if one.invitation is None else one.invitation.document,
        "named": {duty.code: list(people) for duty, people in one.named.items()},
        "unnamed": [duty.code for duty in one.unnamed],
        "items": one.items,
        "cases": one.cases,
    }
