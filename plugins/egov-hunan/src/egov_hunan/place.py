"""The plugin: what a county of Hunan chooses, and what it may change about that in its settings.

Rules of this room: it answers hooks and decides nothing else. Card policy and office hours are chosen by name, and only
where the county's settings file names none.
"""

from __future__ import annotations

import attrs

from egov_core import hookimpl
from egov_core.ports.numbering import Numbering, NumberRequest
from egov_core.ports.place import PlaceDefaults
from egov_hunan.numbering import CountedBy, hunan_number

POLICY = "hunan-2018"
"""湖南省网上政务服务和电子监察系统监察规则说明 (October 2018), shipped with the library."""
OFFICE_HOURS = "hengyang"
"""Afternoons from 15:00 in July to September, from 14:30 in the other months, as a guide page of 衡阳县 prints them.

The season is the province's habit, the hours differ from county to county: 临湘市 prints the same two seasons with
other hours. A county with other hours names its own in its settings file.
"""


@attrs.frozen(kw_only=True)
class HunanSettings:
    """`[plugins.settings.hunan]`: whether cases are numbered in this way, and who counts them."""

    numbering: bool = True
    counted_by: CountedBy = "organ"


class Hunan:
    """湖南 as a place: numbering, card policy, office hours."""

    egov_api = "1.0"
    egov_settings = HunanSettings

    def __init__(self, settings: HunanSettings | None = None) -> None:
        self.settings = settings or HunanSettings()

    @hookimpl
    def egov_place_defaults(self) -> PlaceDefaults:
        """The supervision rules of 2018, and the hours by season."""
        return PlaceDefaults(policy=POLICY, office_hours=OFFICE_HOURS)

    @hookimpl
    def egov_case_number(self, request: NumberRequest) -> Numbering | None:
        """Area, year, organ, running number; None where the county has switched that off."""
        return hunan_number(request, self.settings.counted_by) if self.settings.numbering else None
