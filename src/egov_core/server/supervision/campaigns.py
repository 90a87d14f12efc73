"""Campaigns and enrolment on the supervision platform: counts, and the lists that open them.

Rules of this room: every count is a link to the list of exactly those units; units stand in the order of the campaign
or of the register, never ranked. Names of people are not shown: whom a unit has named is its own to publish.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import attrs
from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from egov_core.domain.campaign.campaign import Campaign, UnitDuty
from egov_core.domain.campaign.standing import UnitStanding, ended, standings
from egov_core.domain.campaign.states import UnitState
from egov_core.domain.enrolment import STAGES, UnitEnrolment, stage_counts
from egov_core.errors import ClaimError, Fault
from egov_core.server.campaign_words import days_words, lacks_words, missing_words, show_words
from egov_core.server.desk import Desk
from egov_core.server.pages import Pages, address
from egov_core.server.words import Words

CAMPAIGNS_PATH = "/supervision/campaigns"
ENROLMENT_PATH = "/supervision/enrolment"

CHOICES: dict[str, Callable[[UnitStanding], bool]] = {
    "to-review": lambda one: one.to_review,
    "overdue": lambda one: one.overdue,
    "handed-in-late": lambda one: one.handed_in_late > 0,
}
"""What a list of units can be asked for besides a state."""
SHOWN = (*(state.value for state in UnitState), *CHOICES)


@attrs.frozen(kw_only=True)
class Count:
    """A number of units and the list that opens it; `alarm`: it calls for somebody when it is not zero."""

    name: str
    value: int
    address: str
    alarm: bool = False


@attrs.frozen(kw_only=True)
class CampaignRow:
    """A campaign with its counts."""

    campaign: Campaign
    counts: tuple[Count, ...]


@attrs.frozen(kw_only=True)
class UnitRow:
    """A unit of a campaign."""

    standing: UnitStanding
    duty: UnitDuty


def choice(params: QueryParams, name: str, known: Sequence[str]) -> str:
    """What a list is asked for. Raises ClaimError for what cannot be asked."""
    value = params.get(name, "")
    if value and value not in known:
        fault = Fault(f"?{name}", "unknown", f"must be one of {', '.join(known)}")
        raise ClaimError(
            f"the address cannot be read: {fault.path} {fault.message}",
            faults=[fault],
            remedy="open the list from its page",
        )
    return value


def chosen_units(found: Iterable[UnitStanding], show: str) -> tuple[UnitStanding, ...]:
    """The units that a list shows: those in a state, or those for which one of `CHOICES` holds."""
    holds = CHOICES.get(show)
    return tuple(one for one in found if not show or (holds(one) if holds is not None else one.state.value == show))


def standings_of(desk: Desk, campaign: Campaign) -> tuple[UnitStanding, ...]:
    """Where the units of a campaign stand now."""
    return standings(campaign, desk.now(), desk.ruler.calendar)


def find_campaign(desk: Desk, code: str) -> Campaign:
    """The campaign of an address. Raises HTTPException 404."""
    found = desk.campaigns.get(code)
    if found is None:
        raise HTTPException(404)
    return found


def campaign_counts(campaign: Campaign, found: Sequence[UnitStanding], words: Words) -> tuple[Count, ...]:
    """All units, those in each state, and those that somebody has to look after."""
    path = f"{CAMPAIGNS_PATH}/{campaign.code}"
    states = [
        Count(name=words(f"campaign_state.{state}"), value=value, address=address(path, show=state))
        for state, value in campaign.counts().items()
    ]
    others = [
        Count(
            name=words(f"campaign.{show}"),
            value=len(chosen_units(found, show)),
            address=address(path, show=show),
            alarm=show == "overdue",
        )
        for show in CHOICES
    ]
    return (Count(name=words("campaign.all"), value=len(found), address=path), *states, *others)


def enrolment_counts(found: Sequence[UnitEnrolment], words: Words) -> tuple[Count, ...]:
    """All units, and those at each stage."""
    stages = [
        Count(name=words(f"stage.{stage}"), value=value, address=address(ENROLMENT_PATH, stage=stage))
        for stage, value in stage_counts(found).items()
    ]
    return (Count(name=words("campaign.all"), value=len(found), address=ENROLMENT_PATH), *stages)


@attrs.frozen
class CampaignsPage:
    """The handler of the page of campaigns and enrolment."""

    pages: Pages

    async def __call__(self, request: Request) -> Response:
        """Show the campaigns with their counts, and how many units have come how far."""
        desk, words = self.pages.desk, self.pages.words(request)
        rows = [
            CampaignRow(campaign=one, counts=campaign_counts(one, standings_of(desk, one), words))
            for one in sorted(desk.campaigns.values(), key=lambda one: (one.opened_at, one.code), reverse=True)
        ]
        return self.pages.page(
            request,
            "campaigns.html",
            title=words("campaign.title"),
            rows=rows,
            enrolment=enrolment_counts(desk.enrolments(), words),
            as_of=desk.now(),
        )


@attrs.frozen
class CampaignUnitsPage:
    """The handler of the list of a campaign's units."""

    pages: Pages

    async def __call__(self, request: Request) -> Response:
        """Show the units that were asked for."""
        desk, words = self.pages.desk, self.pages.words(request)
        campaign = find_campaign(desk, request.path_params["code"])
        show = choice(request.query_params, "show", SHOWN)
        found = standings_of(desk, campaign)
        chosen = chosen_units(found, show)
        which = words("campaign.all") if not show else show_words(words, show)
        return self.pages.page(
            request,
            "campaign_units.html",
            title=words("list.joint").join((campaign.opened.title, which)),
            campaign=campaign,
            rows=[UnitRow(standing=one, duty=campaign.duty(one.unit)) for one in chosen],
            total=len(chosen),
            show=show,
            ended=ended(campaign, desk.organisation, desk.now().date()),
            choices=[(one, show_words(words, one)) for one in SHOWN],
            missing=lambda one: missing_words(words, one.missing),
            days=lambda days: days_words(words, campaign, days),
            path_of_list=f"{CAMPAIGNS_PATH}/{campaign.code}",
            as_of=desk.now(),
        )


@attrs.frozen
class EnrolmentPage:
    """The handler of the list of units by how far they have come."""

    pages: Pages

    async def __call__(self, request: Request) -> Response:
        """Show the units at a stage, or all of them."""
        desk, words = self.pages.desk, self.pages.words(request)
        stage = choice(request.query_params, "stage", STAGES)
        found = desk.enrolments()
        chosen = [one for one in found if stage in ("", one.stage)]
        which = words("campaign.all") if not stage else words(f"stage.{stage}")
        return self.pages.page(
            request,
            "enrolment.html",
            title=words("list.joint").join((words("campaign.enrolment"), which)),
            rows=chosen,
            total=len(chosen),
            stage=stage,
            choices=[(one, words(f"stage.{one}")) for one in STAGES],
            lacks=lambda one: lacks_words(words, one),
            path_of_list=ENROLMENT_PATH,
            as_of=desk.now(),
        )
