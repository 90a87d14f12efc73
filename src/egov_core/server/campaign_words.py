"""What pages and the command line say of campaigns and enrolment, in the words of a language.

Rules of this room: words only; it imports no web framework, so that the command line can speak with it.
"""

from __future__ import annotations

from collections.abc import Iterable

from egov_core.domain.campaign.campaign import Campaign
from egov_core.domain.campaign.standing import counts_working_days
from egov_core.domain.campaign.states import UnitState
from egov_core.domain.enrolment import Milestone, UnitEnrolment
from egov_core.server.words import Words

STATES = frozenset(state.value for state in UnitState)


def show_words(words: Words, show: str) -> str:
    """What a list of units shows: a state, or another choice."""
    return words(f"campaign_state.{show}") if show in STATES else words(f"campaign.{show}")


def missing_words(words: Words, missing: Iterable[str]) -> str:
    """What is missing."""
    return words("campaign.and").join(words(f"collected.{one}") for one in missing)


def days_words(words: Words, campaign: Campaign, days: int) -> str:
    """Days as the campaign counts them."""
    return words("campaign.days_workday" if counts_working_days(campaign) else "campaign.days_day", days=days)


def lacks_words(words: Words, one: UnitEnrolment) -> str:
    """The milestones a unit has not reached, with the duties for which it has named nobody."""
    told = []
    for milestone in one.missing:
        lack = words(f"stage_missing.{milestone.value}")
        if milestone is Milestone.STAFF_NAMED:
            duties = words("campaign.and").join(words(f"duty.{duty.code}") for duty in one.unnamed)
            lack = words("campaign.unnamed", lack=lack, duties=duties)
        told.append(lack)
    return words("campaign.and").join(told)
