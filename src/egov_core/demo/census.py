"""The demo county as domain values: its organs, its staff with their powers, its items.

Rules of this room: everything here is invented except the names of the departments and the law. The data lie beside
this module in `county/`; this module only reads them, checks nothing twice and decides nothing. The same data give the
same values every time: names, codes and order never depend on chance.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import count
from typing import Any

import attrs

from egov_core.demo.guides import fees_of, guide_of
from egov_core.domain.authority import Grant, Role
from egov_core.domain.catalogue import (
    ART_42_DEFAULT,
    DEFAULT_STEPS,
    PROCEDURES,
    CaseType,
    ItemVersion,
    Material,
    PauseKind,
    PowerClass,
    Procedure,
)
from egov_core.domain.legal import LegalBasis
from egov_core.domain.organisation import Organ, Organisation, OrganKind
from egov_core.domain.people import Person
from egov_core.domain.periods import Limit, parse_limit

DEPARTMENT_ROLES = (Role.INTAKE, Role.REVIEWER, Role.APPROVER, Role.HEAD)
"""The four posts every department of the demo county fills, in the order of its staff."""

_CITATION = re.compile(r"(《.+》(?:（[^）]+）)?)(第[一二三四五六七八九十百千零]+条)?")


@attrs.frozen(kw_only=True)
class Census:
    """The demo county: area code, organs, staff, powers and items.

    `renewable` are the items whose licences expire, `commitments` those granted on a written commitment.
    """

    area: str
    organisation: Organisation
    supervision: str
    people: tuple[Person, ...]
    grants: tuple[Grant, ...]
    items: tuple[ItemVersion, ...]
    renewable: frozenset[str]
    commitments: frozenset[str]

    @property
    def departments(self) -> tuple[Organ, ...]:
        """The departments of the county, in the order of the notice."""
        return tuple(organ for organ in self.organisation.organs.values() if organ.kind is OrganKind.DEPARTMENT)


@cache
def demo_county() -> Census:
    """The demo county. It is read once; the values are frozen."""
    folder = files("egov_core.demo") / "county"
    table = _read(folder / "organs.toml")
    since: date = table["valid_from"]
    organs = tuple(_organs(table, since))
    people, grants = staff_for(
        filter(_is_department, organs),
        supervision=table["supervision"]["code"],
        county=table["county"]["code"],
        since=since,
    )
    names = sorted(entry.name for entry in (folder / "items").iterdir() if entry.name.endswith(".toml"))
    entries = [entry for name in names for entry in _read(folder / "items" / name)["item"]]
    named = {organ.code: organ.name for organ in organs}
    places = {code: place for place, code in enumerate(organ.code for organ in organs if _is_department(organ))}
    return Census(
        area=table["area"],
        organisation=Organisation.of(organs),
        supervision=table["supervision"]["code"],
        people=people,
        grants=grants,
        items=tuple(_item(entry, since, named, places[entry["organ"]]) for entry in entries),
        renewable=frozenset(entry["code"] for entry in entries if entry.get("renewable")),
        commitments=frozenset(entry["code"] for entry in entries if entry.get("commitment")),
    )


def _is_department(organ: Organ) -> bool:
    return organ.kind is OrganKind.DEPARTMENT


def _read(file: Traversable) -> dict[str, Any]:
    return tomllib.loads(file.read_text(encoding="utf-8"))


def _organs(table: Mapping[str, Any], since: date) -> Iterator[Organ]:
    province, city, county = table["province"]["code"], table["city"]["code"], table["county"]["code"]

    def organ(entry: Mapping[str, Any], kind: OrganKind, parent: str | None) -> Organ:
        return Organ(
            code=entry["code"],
            name=entry["name"],
            name_en=entry.get("name_en", ""),
            kind=kind,
            parent=parent,
            valid_from=since,
        )

    yield organ(table["province"], OrganKind.PROVINCE, None)
    yield organ(table["city"], OrganKind.CITY, province)
    yield organ(table["county"], OrganKind.COUNTY, city)
    # City bureaus are of the city's level; a DEPARTMENT is always one of this county.
    yield from (organ(entry, OrganKind.CITY, city) for entry in table["city_bureau"])
    yield from (organ(entry, OrganKind.DEPARTMENT, county) for entry in table["department"])
    yield organ(table["supervision"], OrganKind.UNIT, table["supervision"]["parent"])
    yield from (organ(entry, OrganKind.UNIT, entry["parent"]) for entry in table["unit"])
    yield from (organ(entry, OrganKind.TOWN, county) for entry in table["town"])


@cache
def _people() -> dict[str, Any]:
    return _read(files("egov_core.demo") / "county" / "people.toml")


def invented_person(number: int, organ: str, since: date) -> Person:
    """The `number`-th of the invented people, in an organ."""
    surnames, given_names = _people()["surnames"], _people()["given_names"]
    name = surnames[number % len(surnames)] + given_names[number % len(given_names)]
    return Person(code=f"ry{number + 1:04d}", name=name, organ=organ, valid_from=since)


def items_of_town(town: Organ, place: int, since: date) -> tuple[ItemVersion, ...]:
    """What a town does for people: the same in each, under codes of its own; `place` is its place among all units."""
    table = _read(files("egov_core.demo") / "county" / "towns.toml")
    there = {"level": table["level"], "place": table["place"].format(organ=town.name)}
    entries = [
        {**entry, "code": f"xz{place:02d}{number:02d}", "organ": town.code}
        for number, entry in enumerate(table["item"], 1)
    ]
    items = (_item(entry, since, {town.code: town.name}, place) for entry in entries)
    return tuple(attrs.evolve(item, guide=attrs.evolve(item.guide, **there)) for item in items)


def staff_for(
    departments: Iterable[Organ], *, supervision: str, county: str, since: date
) -> tuple[tuple[Person, ...], tuple[Grant, ...]]:
    """Invented staff: four posts of every department, supervisors, a deputy of the head, clerks of the catalogue."""
    table = _people()
    people: list[Person] = []
    grants: list[Grant] = []
    numbers = count()

    def appoint(organ: str, role: Role, over: str) -> None:
        people.append(invented_person(next(numbers), organ, since))
        grants.append(Grant(person=people[-1].code, role=role, organ=over, valid_from=since))

    for organ in departments:
        for role in DEPARTMENT_ROLES:
            appoint(organ.code, role, organ.code)
    for _ in range(table["supervisors"]):
        # They sit in one office and supervise the whole county: a grant covers the organs below it.
        appoint(supervision, Role.SUPERVISOR, county)
    for _ in range(table["government_heads"]):
        appoint(county, Role.GOVERNMENT_HEAD, county)
    for _ in range(table["catalogue_clerks"]):
        # One prepares, the other decides: nobody publishes what they have drafted.
        appoint(supervision, Role.CLERK_OF_CATALOGUE, county)
    return tuple(people), tuple(grants)


def _item(entry: Mapping[str, Any], since: date, names: Mapping[str, str], place: int) -> ItemVersion:
    """An item as its entry has it; `names` are those of organs by code, `place` which of the organs has it."""
    procedure = _procedure(entry)
    is_default = "statutory" not in entry and procedure is Procedure.SINGLE
    own = {step: parse_limit(limit, basis=_PROMISE) for step, limit in entry.get("steps", {}).items()}
    units = entry.get("units", {})
    statutory = _statutory(entry) if "statutory" in entry else PROCEDURES[procedure].limit
    statutory = ART_42_DEFAULT if is_default else statutory
    return ItemVersion(
        code=entry["code"],
        version=1,
        name=entry["name"],
        organ=entry["organ"],
        power_class=PowerClass(entry["class"]),
        case_type=CaseType(entry["type"]),
        statutory=statutory,
        promised=parse_limit(entry["promised"], basis=_PROMISE) if "promised" in entry else None,
        valid_from=since,
        statutory_is_default=is_default,
        basis=tuple(_basis(text) for text in entry["basis"]),
        materials=tuple(_material(number, text) for number, text in enumerate(entry["materials"], 1)),
        pause_kinds=frozenset(PauseKind(name) for name in entry.get("pauses", ())),
        forward_to=entry.get("forward_to"),
        procedure=procedure,
        limits=_standards(entry, statutory),
        steps=tuple(
            attrs.evolve(step, limit=own.get(step.code), unit=units.get(step.code, "")) for step in DEFAULT_STEPS
        ),
        guide=guide_of(entry, names, place),
        fees=fees_of(entry),
    )


def _standards(entry: Mapping[str, Any], statutory: Limit) -> dict[str, Limit]:
    """The item's own limits of other timers."""
    found: dict[str, Limit] = {}
    if "forward_to" in entry and "statutory" in entry:
        found["forward"] = statutory  # where another law sets it, it is also that of the review (行政许可法 43)
    if "commitment" in entry:
        found["commitment-check"] = parse_limit(entry["commitment"], basis=_PROMISE)
    return found


def _procedure(entry: Mapping[str, Any]) -> Procedure:
    """The rule by which an item is handled.

    A licence that is known to rest on a law, is forwarded, and has no limit of its own has that of 行政许可法 43.
    """
    licence = entry["class"] == PowerClass.LICENCE.value and bool(entry["basis"])
    forwarded = "forward_to" in entry and licence and "statutory" not in entry
    return Procedure(entry.get("procedure", (Procedure.REVIEW_AND_FORWARD if forwarded else Procedure.SINGLE).value))


_PROMISE = LegalBasis(instrument="云岫县政务服务承诺（演示）")
"""Where the promises come from: an instrument as invented as the county."""


def _statutory(entry: Mapping[str, Any]) -> Limit:
    basis = _basis(entry["statutory_from"])
    return parse_limit(entry["statutory"], basis=attrs.evolve(basis, assumed=entry.get("days_read_as_working", False)))


def _basis(text: str) -> LegalBasis:
    found = _CITATION.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is not a citation 《…》第…条")
    return LegalBasis(instrument=found[1], article=found[2] or "")


def _material(number: int, text: str) -> Material:
    name, _, basis = text.partition(" | ")
    return Material(code=f"m{number}", name=name, basis=_basis(basis) if basis else None, originals=1)
