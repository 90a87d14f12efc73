"""The simulator knows the law, and the county shows it: nothing is asked for that silence has already done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import attrs
import pytest

from egov_core.demo.founding import Population, demo_population, demo_settings, found_office, write_settings
from egov_core.demo.replay import DiaryEntry, Replayed, invented_applicant, replay
from egov_core.domain.cases import commands as c
from egov_core.domain.cases.decide import Place
from egov_core.domain.catalogue import PauseKind, PowerClass, Procedure
from egov_core.domain.legal import CHINA, start_of
from egov_core.domain.timers.kinds import CORRECTION_NOTICE, Expiry
from egov_core.runtime.bootstrap import open_office
from egov_core.runtime.clock import ManualClock
from egov_core.runtime.identifiers import SeededIds
from egov_core.runtime.office import Office
from egov_core.runtime.script import Plan
from egov_core.runtime.settings import read_settings
from egov_core.sim.histories import Simulator

TODAY = date(2024, 11, 20)
PERIOD = 120
LOOKING = (c.Accept, c.RequestCorrection, c.Refuse)


def open_county() -> tuple[Office, ManualClock, Population]:
    population = demo_population()
    clock = ManualClock(datetime(2024, 1, 2, tzinfo=CHINA))
    office = open_office(attrs.evolve(demo_settings("unused"), storage="memory:"), clock=clock, ids=SeededIds(1))
    found_office(office, population)
    return office, clock, population


def simulator(office: Office, population: Population, **changes: Any) -> Simulator:
    given: dict[str, Any] = {
        "seed": 11,
        "items": population.items,
        "ruler": office.ruler,
        "applicant": invented_applicant,
        "place": office.services.place,
        "renewable": population.renewable,
        "commitments": population.commitments,
        "units": population.units,
        **changes,
    }
    return Simulator(**given)


def plans_of(office: Office, made: Simulator, count: int) -> list[Plan]:
    first, last = (office.ruler.calendar.add(TODAY, days) for days in (-PERIOD, -1))
    return list(made.plans(count, first, last))


def asked(plan: Plan) -> list[type]:
    return [type(step.command("case")) for step in plan.steps]


# --- plans ------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def planned() -> tuple[Office, list[Plan]]:
    office, _, population = open_county()
    return office, plans_of(office, simulator(office, population), 3_000)


def test_nobody_looks_at_what_the_law_has_accepted(planned: tuple[Office, list[Plan]]) -> None:
    office, plans = planned
    assert CORRECTION_NOTICE.limit is not None
    deemed = [plan for plan in plans if plan.behaviour == "deemed"]
    assert len(deemed) > 10
    for plan in plans:
        due = office.ruler.due(plan.steps[0].at, CORRECTION_NOTICE.limit).due
        assert due is not None
        licence = plan.item.power_class is PowerClass.LICENCE
        looked = next((step.at for step in plan.steps[1:] if type(step.command("case")) in LOOKING), None)
        if plan.behaviour == "deemed":
            assert licence
            assert looked is None
            assert all(step.at > due for step in plan.steps[1:])
        elif licence:
            assert looked is not None, plan.behaviour
            assert looked <= due, plan.behaviour
    assert any(
        step.at > office.ruler.due(plan.steps[0].at, CORRECTION_NOTICE.limit).due  # type: ignore[operator]  # a limit in working days has a date
        for plan in plans
        for step in plan.steps[1:2]
        if plan.item.power_class is not PowerClass.LICENCE
    ), "for other items somebody may still look after the five days"


def test_where_silence_brings_nothing_somebody_always_looks() -> None:
    office, _, population = open_county()
    plans = plans_of(office, simulator(office, population, place=Place()), 1_500)
    assert all(plan.behaviour != "deemed" for plan in plans)
    assert all(set(asked(plan)) & set(LOOKING) for plan in plans)


def test_only_procedures_of_the_law_and_of_the_place_stop_a_clock() -> None:
    office, _, population = open_county()

    def local(place: Place) -> set[PauseKind]:
        steps = [
            step for plan in plans_of(office, simulator(office, population, place=place), 2_000) for step in plan.steps
        ]
        commands = [step.command("case") for step in steps]
        return {command.kind for command in commands if isinstance(command, c.Pause) and command.kind.is_local}

    assert local(office.services.place) == {PauseKind.PUBLIC_NOTICE}
    assert local(Place()) == set()


def test_the_same_seed_makes_the_same_plans_and_another_one_others() -> None:
    office, _, population = open_county()

    def shape(seed: int) -> list[tuple[str, str, tuple[datetime, ...]]]:
        plans = plans_of(office, simulator(office, population, seed=seed), 200)
        return [(plan.behaviour, plan.item.code, tuple(step.at for step in plan.steps)) for plan in plans]

    assert shape(3) == shape(3)
    assert shape(3) != shape(4)


# --- the county shows it ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def lively() -> Iterator[tuple[Office, Replayed, dict[str, list[Any]]]]:
    """The items with something of their own, replayed: the office, what a replay tells, the events by type."""
    office, clock, population = open_county()
    special = population.renewable | population.commitments
    items = tuple(
        item
        for item in population.items
        if item.code in special
        or item.procedure is Procedure.JOINT
        or PauseKind.HEARING in item.pause_kinds
        or any(step.unit for step in item.steps)
    )
    plans = plans_of(office, simulator(office, population, items=items, seed=5), 500)
    clock.move_to(start_of(office.ruler.calendar.add(TODAY, -PERIOD) - timedelta(days=1)))
    replayed = replay(office, clock, population, plans, today=TODAY)
    events: dict[str, list[Any]] = {}
    for stream in office.storage.streams(office.area):
        for stored in office.storage.events(office.area, stream) if ":" not in stream else ():
            recorded = office.event_of(stored)
            events.setdefault(recorded.event.type, []).append(recorded)
    yield office, replayed, events
    office.close()


def test_nothing_that_was_planned_is_refused(lively: tuple[Office, Replayed, dict[str, list[Any]]]) -> None:
    office, replayed, _ = lively
    assert replayed.refusals == replayed.not_filed == {}
    assert "broken-off" not in replayed.behaviours
    assert office.verify().violations == ()


def test_everything_new_can_be_seen(lively: tuple[Office, Replayed, dict[str, list[Any]]]) -> None:
    _, replayed, events = lively
    assert {"deemed", "renewed", "renewed-by-law", "heard", "extended", "unanswered"} <= set(replayed.behaviours)
    assert any(one.event.deemed for one in events["accepted"])
    assert any(one.event.by_law for one in events["approved"])
    assert any(one.event.on_commitment for one in events["approved"])
    wanted = ("closed-unanswered", "step-handed-over", "hearing-held", "licence-issued", "commitment-checked")
    assert [kind for kind in wanted if not events.get(kind)] == []
    heads = Counter(one.actor.organ for one in events["extended"])
    assert heads["jg003"] > 0, "no extension was approved by the government"
    kinds = Counter((one.event.timer_kind, one.event.level) for one in events["card-issued"])
    assert {kind for kind, _ in kinds} >= {"pre-acceptance", "licence", "step", "case", "correction-notice"}
    units = {one.event.organ for one in events["card-issued"] if one.event.timer_kind == "step"}
    assert units & {unit for below in demo_population().units.values() for unit in below}
    protected = Counter(one.event.renewal.in_time for one in events["submitted"] if one.event.renewal is not None)
    assert protected[True] > protected[False] > 0


def test_the_countys_own_rule_has_its_own_basis(lively: tuple[Office, Replayed, dict[str, list[Any]]]) -> None:
    _, _, events = lively
    assert {one.event.basis for one in events["closed-unanswered"]} == {"《云岫县政务服务办理规程（演示）》第十一条"}


# --- settings ---------------------------------------------------------------------------------------------------------


def test_the_settings_that_are_kept_are_those_of_the_demonstration(tmp_path: Path) -> None:
    settings = demo_settings(str(tmp_path / "county.db"))
    write_settings(settings, tmp_path / "egov.toml", "county.db")
    kept = read_settings(tmp_path / "egov.toml")
    assert attrs.evolve(kept, silence=settings.silence, area_codes=settings.area_codes) == settings
    with open_office(settings) as one:
        places, catalogues = [one.services.place], [one.services.cataloguing]
    with open_office(kept) as other:
        places.append(other.services.place)
        catalogues.append(other.services.cataloguing)
    assert places[0] == places[1]
    assert catalogues[0] == catalogues[1]
    effects = {rule.lapse.effect for rule in places[0].silence.rules}
    assert effects == {Expiry.DEEMED_ACCEPTANCE, Expiry.DEEMED_RENEWAL, Expiry.CLOSURE}
    assert set(places[0].standards) == {"pre-acceptance", "forward", "licence"}


def test_of_one_instant_the_diary_comes_first_and_nothing_of_today_is_told() -> None:
    office, clock, population = open_county()
    [plan, *_] = plans_of(office, simulator(office, population), 1)
    first, told = plan.steps[0].at, []

    def seen(at: datetime) -> DiaryEntry:
        return DiaryEntry(
            at=at, act=lambda open_one: told.append((at, open_one.storage.counts(open_one.area)["cases"]))
        )

    after = first + timedelta(seconds=1)
    diary = [seen(after), seen(first), seen(start_of(TODAY))]
    replay(office, clock, population, [plan], today=TODAY, diary=diary)
    assert told == [(first, 0), (after, 1)]
