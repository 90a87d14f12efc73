"""Founding the office of a demonstration: the invented county, or its frame with a given catalogue.

Rules of this room: whatever the catalogue, the county is the invented one, with invented staff in every department.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import attrs

from egov_core.demo.census import demo_county, staff_for
from egov_core.domain.authority import Grant
from egov_core.domain.catalogue import ItemVersion
from egov_core.domain.organisation import Organ, OrganKind
from egov_core.domain.people import Person
from egov_core.runtime.bootstrap import Office
from egov_core.runtime.settings import Settings

SINCE = date(2010, 1, 1)
"""From when everything in a demonstration exists: before any day on which its history can begin."""


@attrs.frozen(kw_only=True)
class Population:
    """What an office is founded with."""

    organs: tuple[Organ, ...]
    people: tuple[Person, ...]
    grants: tuple[Grant, ...]
    items: tuple[ItemVersion, ...]

    @property
    def departments(self) -> int:
        """How many departments there are."""
        return sum(1 for organ in self.organs if organ.kind is OrganKind.DEPARTMENT)


def demo_population() -> Population:
    """The invented county as it is."""
    county = demo_county()
    return Population(
        organs=tuple(county.organisation.organs.values()),
        people=county.people,
        grants=county.grants,
        items=county.items,
    )


def population_with(departments: Iterable[Organ], items: Iterable[ItemVersion]) -> Population:
    """The frame of the invented county (levels above, towns, supervision) with these departments and items."""
    county, top = demo_county(), county_code()
    given = tuple(departments)
    frame = [
        attrs.evolve(organ, parent=top) if organ.code == county.supervision else organ
        for organ in county.organisation.organs.values()
        if organ.kind is not OrganKind.DEPARTMENT
    ]
    people, grants = staff_for(given, supervision=county.supervision, county=top, since=SINCE)
    return Population(organs=(*frame, *given), people=people, grants=grants, items=tuple(items))


def county_code() -> str:
    """The organ code of the county itself, the parent of all departments."""
    organs = demo_county().organisation.organs.values()
    return next(organ.code for organ in organs if organ.kind is OrganKind.COUNTY)


def demo_settings(database: str) -> Settings:
    """The settings of the demonstration's office on a database file."""
    county = demo_county()
    top = county.organisation.get(county_code())
    return Settings(
        area=county.area,
        title=top.name.removesuffix("人民政府"),
        title_en=top.name_en.removesuffix(" Government"),
        demo=True,
        storage=f"sqlite:///{database}",
        loopback=True,
        plugins=False,
    )


def settings_text(settings: Settings, database: str) -> str:
    """The same settings as a TOML file, the database relative to it."""
    return f"""# The office of a demonstration. Everything in it is invented.
[county]
area = "{settings.area}"
title = "{settings.title}"
title-en = "{settings.title_en}"
demo = true

[storage]
url = "sqlite:///{database}"

[plugins]
discover = false
loopback = true
"""


def found_office(office: Office, population: Population) -> None:
    """Write the population into an empty office."""
    office.establish(
        organs=population.organs, people=population.people, grants=population.grants, items=population.items
    )
