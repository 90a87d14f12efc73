"""市场监管局, the market regulation bureau: what it asks and checks in applications for two of its items.

Rules of this distribution: a module for each item, `food.py` 食品经营许可 and `individual.py` 个体工商户设立登记, with
the fields it asks for and the rules it checks; each rule has its basis and speaks only from the day on which that is in
force. Which items of a county these are is a setting, since codes are each county's own. Of the applicant a check sees
whether it is an organisation, and no name and no number.
"""

from __future__ import annotations

import attrs

from egov_core import hookimpl
from egov_core.domain.catalogue import ItemVersion
from egov_core.ports.checks import ApplicationView, Finding
from egov_core.ports.forms import FormField
from egov_core.ports.item_rules import ItemRules, fields_under, findings_under, items_under
from egov_dept_market import food, individual


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
        given = settings or MarketSettings()
        self._rules = (
            ItemRules(items=given.food_items, fields=food.FIELDS, findings=food.findings),
            ItemRules(items=given.individual_items, fields=individual.FIELDS, findings=individual.findings),
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
