"""市场监管局, the market regulation bureau: what it asks and checks in applications for two of its items.

Rules of this distribution: a module for each item, `food.py` 食品经营许可 and `individual.py` 个体工商户设立登记, with
the fields it asks for and the rules it checks; each rule has its basis and speaks only from the day on which that is in
force. Which items of a county these are is a setting, since codes are each county's own. Of the applicant a check sees
whether it is an organisation, and no name and no number.
"""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from egov_core import hookimpl
from egov_core.domain.catalogue import ItemVersion
from egov_core.ports.checks import ApplicationView, Finding
from egov_core.ports.forms import FormField
from egov_dept_market import food, individual

STAGES = ("submit", "accept")


@attrs.frozen(kw_only=True)
class MarketSettings:
    """The plugin's own table, `[plugins.settings.dept-market]`.

    `food_items`, `individual_items`: names or codes of the county's items; by default those of the demonstration.
    """

    food_items: tuple[str, ...] = ("sx2966",)
    individual_items: tuple[str, ...] = ("sx2938",)


class Market:
    """The plugin `dept-market`."""

    egov_api = "1.0"
    egov_settings = MarketSettings

    def __init__(self, settings: MarketSettings | None = None) -> None:
        self._settings = settings or MarketSettings()
        self.egov_items = (*self._settings.food_items, *self._settings.individual_items)

    @hookimpl
    def egov_form_fields(self, item: ItemVersion) -> list[FormField] | None:
        """The fields of the item's form."""
        if self._is_one_of(item, self._settings.food_items):
            return list(food.FIELDS)
        if self._is_one_of(item, self._settings.individual_items):
            return list(individual.FIELDS)
        return None

    @hookimpl
    def egov_check_application(self, application: ApplicationView) -> list[Finding] | None:
        """The rules of the item, those in force on the day of the application."""
        if application.stage not in STAGES:
            return None
        day = application.at.date()
        return [
            finding
            for finding in self._findings(application)
            if finding.basis is None or finding.basis.in_force is None or finding.basis.in_force <= day
        ]

    def _findings(self, application: ApplicationView) -> Iterator[Finding]:
        if self._is_one_of(application.item, self._settings.food_items):
            yield from food.findings(application)
        elif self._is_one_of(application.item, self._settings.individual_items):
            yield from individual.findings(application)

    @staticmethod
    def _is_one_of(item: ItemVersion, known: tuple[str, ...]) -> bool:
        return item.code in known or item.name in known
