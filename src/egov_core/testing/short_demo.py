"""The demo county with a plugin, shortened: some cases of some items, replayed in memory under a manual clock.

Rules of this room: everything goes through the demonstration's own parts; nothing is asserted. The same arguments give
the same history. For a test of a plugin that wants to see it at work in a county:

    played = short_demo([(Wells(), "wells")], items={"sx2602"})
    assert played.verified
    assert "井深超过批准限度。" in played.sentences
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, timedelta

import attrs

from egov_core.demo.founding import Population, demo_population, demo_settings, found_office
from egov_core.demo.heads import digest_of_heads
from egov_core.demo.replay import Replayed, invented_applicant, replay
from egov_core.domain.legal import start_of
from egov_core.errors import HookRefusedError
from egov_core.runtime.bootstrap import open_office
from egov_core.runtime.clock import ManualClock
from egov_core.runtime.identifiers import SeededIds
from egov_core.runtime.office import Office
from egov_core.runtime.shipped import national_calendar
from egov_core.sim.histories import Simulator

TODAY = date(2024, 11, 20)
WORKING_DAYS = 120
"""How far back the cases go, as in the demonstration."""


@attrs.frozen(kw_only=True)
class ShortDemo:
    """What came of it: what the replay counted, what checks refused and with which sentences, whether chains hold."""

    replayed: Replayed
    cases: int
    sentences: tuple[str, ...]
    verified: bool
    heads: str


def short_demo(
    plugins: Iterable[tuple[object, str]] = (),
    *,
    items: Collection[str] = (),
    cases: int = 120,
    seed: int = 3,
    today: date = TODAY,
) -> ShortDemo:
    """Replay `cases` cases of the demo county's `items` (codes; all where none is given) up to the day before `today`.

    `plugins` are (plugin, name) pairs; those that are installed take no part.
    """
    population = demo_population()
    first = national_calendar().add(today, -WORKING_DAYS)
    clock = ManualClock(start_of(first - timedelta(days=1)))
    settings = attrs.evolve(demo_settings("unused"), storage="memory:", plugins=False)
    with open_office(settings, clock=clock, ids=SeededIds(seed), plugins=plugins) as office:
        found_office(office, population)
        told = _overheard(office)
        last = office.ruler.calendar.add(today, -1)
        plans = list(simulator_of(office, population, seed, items).plans(cases, first, last))
        replayed = replay(office, clock, population, plans, today=today)
        return ShortDemo(
            replayed=replayed,
            cases=office.storage.counts(office.area)["cases"],
            sentences=tuple(told),
            verified=office.verify().ok,
            heads=digest_of_heads(office.storage, office.area),
        )


def simulator_of(office: Office, population: Population, seed: int, items: Collection[str] = ()) -> Simulator:
    """Who invents the cases of the demo county, of all its items or of those named, from a seed."""
    return Simulator(
        seed=seed,
        items=[item for item in population.items if not items or item.code in items],
        ruler=office.ruler,
        applicant=invented_applicant,
        place=office.services.place,
        renewable=population.renewable,
        commitments=population.commitments,
        units=population.units,
    )


def _overheard(office: Office) -> list[str]:
    """Each sentence by which a check refuses something from now on, in order."""
    told: list[str] = []
    do = office.do

    def listening(*given: object, **named: object) -> object:
        try:
            return do(*given, **named)  # type: ignore[arg-type]  # it is passed on as it came
        except HookRefusedError as error:
            told.extend(finding["message"] for finding in error.data["findings"])
            raise

    office.do = listening  # type: ignore[assignment,method-assign]  # listens in place of the method
    return told
