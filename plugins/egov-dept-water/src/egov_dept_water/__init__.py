"""水利局, the water bureau: what it asks and checks in applications for two of its items.

Rules of this distribution: a module for each item, `abstraction.py` 取水许可 and `soil.py` 水土保持方案审批, with the
fields it asks for and the rules it checks; each rule has its basis and speaks only from the day on which that is in
force. Which items of a county these are is a setting, since codes are each county's own. A check sees the values of the
form and nothing of the applicant.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from decimal import Decimal

import attrs

from egov_core import hookimpl
from egov_core.domain.catalogue import ItemVersion
from egov_core.ports.checks import ApplicationView, Finding
from egov_core.ports.forms import FormField
from egov_core.ports.item_rules import ItemRules, fields_under, findings_under, items_under
from egov_dept_water import abstraction, soil

SOURCES = tuple(abstraction.SOURCES)


def _known_sources(_settings: WaterSettings, _field: object, value: tuple[str, ...]) -> None:
    unknown = [one for one in value if one not in SOURCES]
    if unknown:
        raise ValueError(f"{', '.join(unknown)} is no source of water: there are {', '.join(SOURCES)}")


def _an_amount(_settings: WaterSettings, _field: object, value: float | None) -> None:
    if value is not None and not (math.isfinite(value) and value >= 0):
        raise ValueError(
            f"{value:g} is no volume of water: cubic metres a year, 0 or more; leave it out where none is set"
        )


@attrs.frozen(kw_only=True)
class WaterSettings:
    """The plugin's own table, `[plugins.settings.dept-water]`.

    `abstraction_items`, `soil_items`: names or codes of the county's items; by default those of the demonstration.
    `exhausted_sources`: sources (`surface`, `ground`) of which the county has given out all that its total allows.
    `household_limit`: up to how many cubic metres a year the province counts a household's water as little; where it is
    not set, every household is told that it may need no permit.
    `grounds_refuse`: whether a ground on which the law has the permit denied refuses the application, or is told as
    advice to whoever decides.
    """

    abstraction_items: tuple[str, ...] = ("sx2602",)
    soil_items: tuple[str, ...] = ("sx2609",)
    exhausted_sources: tuple[str, ...] = attrs.field(default=(), validator=_known_sources)
    household_limit: float | None = attrs.field(default=None, validator=_an_amount)
    grounds_refuse: bool = False


class Water:
    """The plugin `dept-water`."""

    egov_api = "1.0"
    egov_settings = WaterSettings

    def __init__(self, settings: WaterSettings | None = None) -> None:
        self._settings = given = settings or WaterSettings()
        self._rules = (
            ItemRules(items=given.abstraction_items, fields=abstraction.FIELDS, findings=self._abstraction),
            ItemRules(items=given.soil_items, fields=soil.FIELDS, findings=soil.findings),
        )
        self.egov_items = items_under(self._rules)

    @hookimpl
    def egov_form_fields(self, item: ItemVersion) -> list[FormField] | None:
        """The fields of the item's form."""
        return fields_under(self._rules, item)

    @hookimpl
    def egov_check_application(self, application: ApplicationView) -> list[Finding] | None:
        """The rules of the item, those in force on the day of the application."""
        return findings_under(self._rules, application)

    def _abstraction(self, application: ApplicationView) -> Iterator[Finding]:
        limit = self._settings.household_limit
        return abstraction.findings(
            application,
            exhausted=self._settings.exhausted_sources,
            household=None if limit is None else Decimal(str(limit)),
            ground="error" if self._settings.grounds_refuse else "advice",
        )
