"""Campaigns and enrolment as JSON.

Rules of this room: the same readings as the pages, the same choices, the same refusals.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import attrs
from starlette.requests import Request
from starlette.responses import Response

from egov_core.domain.campaign.campaign import Campaign
from egov_core.domain.campaign.standing import UnitStanding
from egov_core.domain.enrolment import STAGES, stage_counts
from egov_core.server.api.asked import asked, nothing_asked
from egov_core.server.pages import Pages
from egov_core.server.problems import json_response
from egov_core.server.supervision.campaigns import SHOWN, choice, chosen_units, find_campaign, standings_of
from egov_core.wire.campaigns import campaign_shape, enrolment_shape, standing_shape


@attrs.frozen
class CampaignsApi:
    """The handlers for programs."""

    pages: Pages

    async def campaigns(self, request: Request) -> Response:
        """Every campaign with its counts."""
        nothing_asked(request)
        desk = self.pages.desk
        shown = [self._shape(one, standings_of(desk, one)) for one in desk.campaigns.values()]
        return json_response({**self._frame(), "campaigns": shown})

    async def campaign(self, request: Request) -> Response:
        """One campaign and the units that were asked for (`?show=`)."""
        desk = self.pages.desk
        campaign = find_campaign(desk, request.path_params["code"])
        show = asked(request, ("show",), lambda params: choice(params, "show", SHOWN))
        found = standings_of(desk, campaign)
        chosen = chosen_units(found, show)
        units = [standing_shape(campaign, one, self._organ) for one in chosen]
        shown = {**self._shape(campaign, found), "total": len(units), "unit_list": units}
        return json_response({**self._frame(), **shown})

    async def enrolment(self, request: Request) -> Response:
        """How far the units have come that were asked for (`?stage=`)."""
        stage = asked(request, ("stage",), lambda params: choice(params, "stage", STAGES))
        found = self.pages.desk.enrolments()
        chosen = [enrolment_shape(one, self._organ) for one in found if stage in ("", one.stage)]
        shown = {"counts": stage_counts(found), "total": len(chosen), "units": [self._public(one) for one in chosen]}
        return json_response({**self._frame(), **shown})

    def _shape(self, campaign: Campaign, found: Sequence[UnitStanding]) -> dict[str, Any]:
        desk = self.pages.desk
        return campaign_shape(campaign, found, desk.organisation, desk.now().date())

    @staticmethod
    def _public(shape: dict[str, Any]) -> dict[str, Any]:
        """Without the people: whom a unit has named is its own to publish."""
        return {name: value for name, value in shape.items() if name != "named"}

    def _frame(self) -> dict[str, Any]:
        desk = self.pages.desk
        return {"area": desk.area, "as_of": desk.now().isoformat(), "demo": self.pages.demo}

    def _organ(self, code: str) -> str:
        organ = self.pages.desk.organisation.organs.get(code)
        return code if organ is None else organ.name
