"""Founding the office of a demonstration: the invented county, or its frame with a given catalogue.

Rules of this room: whatever the catalogue, the county is the invented one, with invented staff in every department.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from importlib.resources import files
from pathlib import Path

import attrs

from egov_core.demo.census import demo_county, staff_for
from egov_core.domain.authority import Grant
from egov_core.domain.catalogue import ItemVersion
from egov_core.domain.organisation import Organ, OrganKind
from egov_core.domain.people import Person
from egov_core.runtime.office import Office
from egov_core.runtime.settings import Settings

SINCE = date(2010, 1, 1)
"""From when everything in a demonstration exists: before any day on which its history can begin."""


@attrs.frozen(kw_only=True)
class Population:
    """What an office is founded with; `reviewed`: its items were looked through before that."""

    organs: tuple[Organ, ...]
    people: tuple[Person, ...]
    grants: tuple[Grant, ...]
    items: tuple[ItemVersion, ...]
    reviewed: bool = False
    renewable: frozenset[str] = frozenset()
    commitments: frozenset[str] = frozenset()

    @property
    def units(self) -> dict[str, tuple[str, ...]]:
        """The internal units of each organ that has some."""
        found: dict[str, tuple[str, ...]] = {}
        for organ in self.organs:
            if organ.kind is OrganKind.UNIT and organ.parent is not None:
                found[organ.parent] = (*found.get(organ.parent, ()), organ.code)
        return found

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
        reviewed=True,
        renewable=county.renewable,
        commitments=county.commitments,
    )


def population_with(departments: Iterable[Organ], items: Iterable[ItemVersion]) -> Population:
    """The frame of the invented county (levels above, towns, supervision) with these departments and items."""
    county, top = demo_county(), county_code()
    given = tuple(departments)
    frame = [
        attrs.evolve(organ, parent=top) if organ.code == county.supervision else organ
        for organ in county.organisation.organs.values()
        if organ.kind not in (OrganKind.DEPARTMENT, OrganKind.UNIT) or organ.code == county.supervision
    ]
    people, grants = staff_for(given, supervision=county.supervision, county=top, since=SINCE)
    return Population(organs=(*frame, *given), people=people, grants=grants, items=tuple(items))


def county_code() -> str:
    """The organ code of the county itself, the parent of all departments."""
    organs = demo_county().organisation.organs.values()
    return next(organ.code for organ in organs if organ.kind is OrganKind.COUNTY)


SILENCE = "silence.toml"
"""The file of what silence brings in the invented county, beside its settings."""

AREAS = "areas.toml"
"""The file of its area codes, likewise."""
COUNTY_FILES = (SILENCE, AREAS)

SERVICE_LIMITS: Mapping[str, str] = {"pre-acceptance": "3wd", "forward": "20wd", "licence": "3wd"}
"""The service standards of the invented county."""

LOCAL_PAUSES = ("公示",)


def demo_settings(database: str, *, plugins: bool = False, plugins_dir: str = "") -> Settings:
    """The settings of the demonstration's office on a database file.

    `plugins`: whether installed plugins take part; `plugins_dir`: a folder of single files that do. Policy and office
    hours are left open: the plugin of a place chooses, else they are the library's own.
    """
    county = demo_county()
    top = county.organisation.get(county_code())
    return Settings(
        area=county.area,
        title=top.name.removesuffix("人民政府"),
        title_en=top.name_en.removesuffix(" Government"),
        demo=True,
        storage=f"sqlite:///{database}",
        loopback=True,
        plugins=plugins,
        plugins_dir=plugins_dir,
        silence=str(_county_file(SILENCE)),
        area_codes=str(_county_file(AREAS)),
        service_limits=SERVICE_LIMITS,
        local_pauses=LOCAL_PAUSES,
    )


def _county_file(name: str) -> Path:
    return Path(str(files("egov_core.demo") / "county" / name))


def write_settings(settings: Settings, file: Path, database: str = "") -> None:
    """Write the same settings as a TOML file, with silence and area codes beside it and the database relative to it.

    Without a `database` the store is named as the settings name it; its URL may hold a password, so that nobody else
    may read the file.
    """
    for name in COUNTY_FILES:
        (file.parent / name).write_text(_county_file(name).read_text(encoding="utf-8"), encoding="utf-8")
    limits = "\n".join(f'{kind} = "{limit}"' for kind, limit in settings.service_limits.items())
    storage = f"sqlite:///{database}" if database else settings.storage
    folder = f"plugins-dir = {json.dumps(settings.plugins_dir, ensure_ascii=False)}\n" if settings.plugins_dir else ""
    text = f"""# The office of a demonstration. Everything in it is invented.
[county]
area = "{settings.area}"
title = "{settings.title}"
title-en = "{settings.title_en}"
demo = true

[storage]
url = {json.dumps(storage, ensure_ascii=False)}

[time]
silence = "{SILENCE}"
local-pauses = {json.dumps(list(settings.local_pauses), ensure_ascii=False)}

[time.service-limits]
{limits}

[catalogue]
area-codes = "{AREAS}"

[plugins]
discover = {json.dumps(settings.plugins)}
{folder}loopback = true
"""
    if not database:
        file.touch(mode=0o600)
    file.write_text(text, encoding="utf-8")


def found_office(office: Office, population: Population) -> None:
    """Write the population into an empty office."""
    items = population.items
    if population.reviewed:
        items = tuple(attrs.evolve(item, reviewed_on=office.now().date()) for item in items)
    office.establish(organs=population.organs, people=population.people, grants=population.grants, items=items)
