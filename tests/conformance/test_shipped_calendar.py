"""The calendar and the office hours that the library ships keep the contract that a plugin's have to keep."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import resources

from egov_core import hookimpl
from egov_core.domain.calendar.hours import OfficeHours
from egov_core.domain.calendar.layering import NATIONAL
from egov_core.domain.calendar.notices import Notice
from egov_core.errors import UnknownError
from egov_core.runtime.shipped import national_notices, office_hours
from egov_core.testing.calendar_contract import CalendarContract

NAMES = tuple(
    sorted(
        file.name.removesuffix(".toml")
        for file in resources.files("egov_core").joinpath("data", "office_hours").iterdir()
        if file.name.endswith(".toml")
    )
)


class Shipped:
    """What is shipped, offered through the door of plugins."""

    @hookimpl
    def egov_calendar_notices(self) -> Mapping[str, Sequence[Notice]]:
        return {NATIONAL: national_notices()}

    @hookimpl
    def egov_office_hours(self, name: str) -> OfficeHours | None:
        try:
            return office_hours(name)
        except UnknownError:
            return None


class TestShippedCalendar(CalendarContract):
    hours = NAMES

    def make_plugin(self) -> Shipped:
        return Shipped()

    def base_notices(self) -> Sequence[Notice]:
        return ()
