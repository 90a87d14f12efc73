"""Reforms as they come: that of 2019 on the demo county, that of 2015 on a county of 2014, seventeen towns into twelve.

Each is looked at, carried through, verified, and taken back, with open cases of every item in hand. The big one, with
five thousand cases, is marked nightly.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import attrs
import pytest

from egov_core.demo.census import staff_for
from egov_core.demo.founding import Population, demo_population
from egov_core.domain.cases import commands as c
from egov_core.domain.cases.case import Case
from egov_core.domain.cases.holders import responsible_organ
from egov_core.domain.catalogue import CaseType
from egov_core.domain.legal import start_of
from egov_core.domain.organisation import Organ, OrganKind
from egov_core.domain.people import SYSTEM, Actor, ActorKind
from egov_core.errors import NoAuthorityError
from egov_core.ports.queries import Board, BoardQuery, CardsQuery, CasesQuery, Structure
from egov_core.runtime.clock import ManualClock
from egov_core.runtime.office import Office
from egov_core.runtime.plans import read_plan
from egov_core.testing.busy_county import open_busy_county
from egov_core.testing.small_county import working_days
from egov_core.usecases.audit.traces import KIND_OF
from egov_core.usecases.foundation.case_rows import REFERRAL
from egov_core.usecases.reorganisation.carrying_through import apply
from egov_core.usecases.reorganisation.preview import Preview, preview
from egov_core.usecases.reorganisation.undo import undo
from egov_core.wire.codec import decode, decode_case
from tests.scenarios.entrusted_county import entrust

ROOT = Path(__file__).parents[2]
REFORM_2019 = ROOT / "examples" / "reform-2019.toml"
REFORM_2015 = Path(__file__).parent / "plans" / "reform-2015.toml"
TOWNS = Path(__file__).parent / "plans" / "towns.toml"
SINCE = date(2010, 1, 1)

OF_2014: dict[str, tuple[str, tuple[tuple[str, str], ...]]] = {
    "jg118": ("卫计局", (("jg118a", "卫生局"), ("jg118b", "人口和计划生育局"))),
    "jg123": ("市场监管局", (("jg123a", "工商局"), ("jg123b", "质监局"), ("jg123c", "食品药品监管局"))),
    "jg117": ("文体广新局", (("jg117a", "文化局"), ("jg117b", "广电局"), ("jg117c", "体育局"))),
    "jg116": ("商粮局", (("jg116a", "商务局"), ("jg116b", "粮食局"))),
    "jg103": ("经科信局", (("jg103a", "经信委"), ("jg103b", "科技局"))),
    "jg112": ("交通旅游局", (("jg112a", "交通运输局"), ("jg112b", "旅游局"))),
}
"""Which departments of the notice were several before 2015 (reorg.csv), with invented codes."""
FURTHER = (
    ("jg161", "物价局"),
    ("jg162", "房地产管理局"),
    ("jg163", "外侨办"),
    ("jg164", "县委农村工作部"),
)
"""Organs of 2014 of which the county of the notice has none, each with an item of whom took it over."""


def county_of_2014() -> Population:
    """The demo county as its departments may have been in 2014: the merged ones apart, the items shared out."""
    now = demo_population()
    county = next(organ for organ in now.organs if organ.kind is OrganKind.COUNTY).code
    gone = {*OF_2014, "jg129"}
    before = [pair for _, parts in OF_2014.values() for pair in parts]
    fresh = [
        Organ(code=code, name=name, kind=OrganKind.DEPARTMENT, parent=county, valid_from=SINCE)
        for code, name in (*before, *FURTHER)
    ]
    owners = {code: [part for part, _ in parts] for code, (_, parts) in OF_2014.items()}
    owners["jg129"] = ["jg113"]
    organs, items, turn = [], [], dict.fromkeys(owners, 0)
    for organ in now.organs:
        if organ.code not in gone:
            parent = owners[organ.parent][0] if organ.parent in owners else organ.parent
            organs.append(attrs.evolve(organ, parent=parent))
    taken = {"sx2035": "jg161", "sx2476": "jg162", "sx2007": "jg163", "sx2567": "jg164"}
    for item in now.items:
        steps = item.steps
        if item.organ in owners:
            parts = owners[item.organ]
            owner = parts[0] if any(step.unit for step in steps) else parts[turn[item.organ] % len(parts)]
            turn[item.organ] += 1
        else:
            owner = taken.get(item.code, item.organ)
        items.append(attrs.evolve(item, organ=owner))
    departments = [organ for organ in (*organs, *fresh) if organ.kind is OrganKind.DEPARTMENT]
    people, grants = staff_for(departments, supervision="jg004", county=county, since=SINCE)
    return Population(organs=(*organs, *fresh), people=people, grants=grants, items=tuple(items))


def county_of_seventeen_towns() -> Population:
    """The demo county with seventeen invented towns, each with a village, staff and two items of its own."""
    now = demo_population()
    county = next(organ for organ in now.organs if organ.kind is OrganKind.COUNTY).code
    towns = [
        Organ(code=f"xz{number:02d}", name=name, kind=OrganKind.TOWN, parent=county, valid_from=SINCE)
        for number, name in enumerate("甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午", 1)
    ]
    villages = [
        Organ(
            code=f"cun{town.code[2:]}",
            name=f"{town.name}村",
            kind=OrganKind.COMMUNITY,
            parent=town.code,
            valid_from=SINCE,
        )
        for town in towns
    ]
    birth = attrs.evolve(
        next(item for item in now.items if item.code == "sx2798"),
        case_type=CaseType.PROMISE,
        promised=working_days(5),
        statutory=working_days(20),
    )
    items = [
        attrs.evolve(
            birth, code=f"{town.code}-{kind}", name=f"{name}（{town.name}）", organ=town.code, steps=birth.steps
        )
        for town in towns
        for kind, name in (("1", "生育登记"), ("2", "临时救助初审"))
    ]
    offered = attrs.evolve(birth, windows=frozenset(town.code for town in towns))
    people, grants = staff_for(towns, supervision="jg004", county=county, since=SINCE)
    frame = [organ for organ in now.organs if organ.kind not in (OrganKind.TOWN, OrganKind.COMMUNITY)]
    bureau, powers = staff_for([now_organ(now, "jg118")], supervision="jg004", county=county, since=SINCE)
    renamed = {person.code: f"ws{person.code}" for person in bureau}
    return Population(
        organs=(*frame, *towns, *villages),
        people=(*people, *(attrs.evolve(one, code=renamed[one.code]) for one in bureau)),
        grants=(*grants, *(attrs.evolve(one, person=renamed[one.person]) for one in powers)),
        items=(*items, offered),
    )


def now_organ(population: Population, code: str) -> Organ:
    return next(organ for organ in population.organs if organ.code == code)


REFORMS: dict[str, tuple[Path, Callable[[], Population], date]] = {
    "2019": (REFORM_2019, demo_population, date(2019, 3, 15)),
    "2015": (REFORM_2015, county_of_2014, date(2015, 5, 29)),
    "towns": (TOWNS, county_of_seventeen_towns, date(2015, 11, 27)),
}


def references(office: Office) -> dict[tuple[str, str, int], bytes]:
    return {
        (row.kind, row.code, row.version): row.data
        for kind in set(KIND_OF.values())
        for row in office.storage.references(office.area, kind)
    }


@pytest.fixture(scope="module", params=REFORMS)
def reform(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Office, Path]]:
    """An office on the eve of a reform, and the plan; each test leaves it as it found it."""
    plan, population, day = REFORMS[request.param]
    folder = tmp_path_factory.mktemp(request.param)
    with open_busy_county(str(folder / "county.db"), population(), day=day, cases=300) as office:
        entrust(office, read_plan(plan).plan)
        yield office, plan


def carry_and_take_back(office: Office, file: Path) -> tuple[Preview, float]:
    """Preview, apply, undo; what the preview said and how long applying took. Everything must be as it was."""
    plan = read_plan(file).plan
    known, digests = references(office), office.verify().digests
    seen = preview(office.services, plan)
    assert seen.planned.changes.faults == ()
    begun = time.perf_counter()
    office.change(lambda services: apply(services, plan, actor=SYSTEM, expected=seen.planned.state))
    took = time.perf_counter() - begun
    try:
        after = references(office)
        listed = {(row.kind, row.code, row.version): (row.before, row.after) for row in seen.planned.rows}
        changed = {
            key: (known.get(key), data)
            for key, data in after.items()
            if known.get(key) != data and key[0] != "reorganisation"
        }
        assert changed == listed, "the preview lists exactly what applying changes"
        found = office.verify()
        assert found.violations == ()
        assert found.digests["rows"] == digests["rows"], "no case, timer, card or outbox row has moved"
    finally:
        office.change(lambda services: undo(services, plan.code, actor=SYSTEM))
    assert references(office) == known
    assert office.verify().digests == digests
    assert office.verify().violations == ()
    return seen, took


def test_a_reform_is_carried_through_and_taken_back(reform: tuple[Office, Path]) -> None:
    seen, took = carry_and_take_back(*reform)
    assert seen.totals["cases"] > 10
    assert took < 10
    gone = {one.source for one in seen.planned.changes.successions}
    assert {one.source for one in seen.cases} <= gone
    kinds = {row.kind for row in seen.planned.rows}
    assert {"post", "delegation"} <= kinds, "what rests on the organs follows with them"
    whys = {one.why for one in seen.planned.changes.lost if one.delegation}
    assert "principal-ended" in whys
    assert any(one.code == "draft-overtaken" for one in seen.planned.changes.remarks)


def test_what_is_read_in_bulk_is_what_each_case_says_by_itself(reform: tuple[Office, Path]) -> None:
    """The preview takes rows and outlines; here every case is unpacked, and asked for its own timers and outbox."""
    office, file = reform
    plan = read_plan(file).plan
    told: list[int] = []
    seen = preview(office.services, plan, progress=told.append)
    after, store = seen.planned.changes.organisation, office.storage
    passing = set()
    for stream in store.streams(office.area):
        row = None if ":" in stream else store.case(office.area, stream)
        if row is None or row.whole == "closed":
            continue
        case = decode_case(row.data)
        old, new = (responsible_organ(case, tree, plan.effective).organ for tree in (office.organisation, after))
        if old != new:
            timers = sum(timer.stopped_at is None for timer in store.timers(office.area, stream))
            waiting = [one for one in store.outbox_of(office.area, stream) if one.state == "pending"]
            passing.add((case.number, old, new, timers, tuple(one.key for one in waiting if one.kind == REFERRAL)))
    assert {(one.number, one.source, one.target, one.timers, one.forwards) for one in seen.cases} == passing
    assert sum(told) == store.counts(office.area)["cases"]


def test_each_case_is_read_once_and_none_is_unpacked(
    reform: tuple[Office, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What made a preview of five thousand cases slow, and an undo: asking for them one by one, and unpacking them."""
    office, file = reform
    plan = read_plan(file).plan
    pages: list[str] = []

    class Paged(type(office.storage)):  # type: ignore[misc]  # whatever backend it is
        def cases(self, area: str, after: str, limit: int) -> Any:
            pages.append(after)
            return super().cases(area, after, limit)

        def case(self, area: str, case_id: str) -> Any:
            raise AssertionError(f"case {case_id} of {area} was asked for by itself")

        def timers(self, area: str, case_id: str) -> Any:
            raise AssertionError(f"the timers of {case_id} of {area} were asked for by themselves")

    def unpacked(_data: bytes, kind: type) -> Any:
        assert kind is not Case, "a case was unpacked"
        return decode(_data, kind)

    monkeypatch.setattr("egov_core.wire.codec.decode", unpacked)
    monkeypatch.setattr(office.storage, "__class__", Paged)
    preview(office.services, plan)
    assert len(pages) == len(set(pages)) > 0
    office.change(lambda services: apply(services, plan, actor=SYSTEM))
    pages.clear()
    office.change(lambda services: undo(services, plan.code, actor=SYSTEM))
    assert len(pages) == len(set(pages)) > 0


def test_figures_open_by_every_structure(reform: tuple[Office, Path]) -> None:
    office, file = reform
    plan = read_plan(file).plan
    plain: Board = office.answer(BoardQuery(area=office.area))
    office.change(lambda services: apply(services, plan, actor=SYSTEM))
    try:
        structure = Structure(day=plan.effective, organisation=office.organisation)
        board: Board = office.answer(BoardQuery(area=office.area, structure=structure))
        assert board.total == plain.total
        assert board.organs != plain.organs
        ended = {code for code, organ in office.organisation.organs.items() if organ.valid_to == plan.effective}
        assert not {row.organ for row in board.organs} & ended, "by the new structure no ended organ is left"
        for row in (row for row in board.organs if row not in plain.organs):
            for whole, figure in (("open", row.open), ("with-upper", row.with_upper), ("closed", row.closed)):
                cases = CasesQuery(area=office.area, whole=whole, organ=row.organ, structure=structure)
                assert office.answer(cases).total == figure
            for level, figure in row.ledger.items():
                cards = CardsQuery(area=office.area, level=level, organ=row.organ, scope="ledger", structure=structure)
                assert office.answer(cards).total == figure
    finally:
        office.change(lambda services: undo(services, plan.code, actor=SYSTEM))


def test_the_reform_of_2019_says_what_becomes_of_whom(tmp_path: Path) -> None:
    plan, population, day = REFORMS["2019"]
    with open_busy_county(str(tmp_path / "county.db"), population(), day=day, cases=230) as office:
        seen = preview(office.services, read_plan(plan).plan)
        changes = seen.planned.changes
        passed = {(one.source, one.target) for one in changes.successions}
        assert {("jg112", "jg144"), ("jg112", "jg145")} <= passed, "a split"
        assert {("jg109", "jg146"), ("jg106", "jg146"), ("jg106", "jg147"), ("jg109", "jg147")} <= passed, (
            "many to many"
        )
        assert seen.empty_posts == (), "every item has its people on the day"
        lost = {(one.organ, one.why) for one in changes.lost}
        assert ("jg120", "organ-moved") in lost, (
            "the county's supervisors have no say over a branch of the city's bureau"
        )
        assert any(one.code == "duty-without-items" for one in changes.remarks)
        assert any(one.code == "grants-cover-more" and one.subject == "jg111" for one in changes.remarks)


def test_a_case_of_a_town_lives_on_in_the_town_that_took_it_in(tmp_path: Path) -> None:
    """The retired code stays valid for the old case; the item is accepted by its successor from the day on."""
    file, population, day = REFORMS["towns"]
    plan = read_plan(file).plan
    with open_busy_county(str(tmp_path / "county.db"), population(), day=day, cases=40) as office:
        clock = office.clock
        assert isinstance(clock, ManualClock)
        row = office.answer(CasesQuery(area=office.area, organ="xz07", size=1)).rows[0]
        office.change(lambda services: apply(services, plan, actor=SYSTEM))
        living = {organ.code for organ in office.organisation.on(plan.effective) if organ.kind is OrganKind.TOWN}
        assert len(living) == 12
        assert office.organisation.get("xz07").valid_to == plan.effective
        assert office.organisation.get("cun07").as_on(plan.effective).parent == "xz03"
        assert office.catalogue.on("sx2798", plan.effective).windows == living
        clock.move_to(start_of(plan.effective) + timedelta(hours=9))
        stored = office.storage.case(office.area, row.case_id)
        assert stored is not None
        assert stored.organ == "xz07"
        reviewer = next(
            grant.person
            for grant in office.services.registry().staffing.grants
            if grant.organ == "xz03" and grant.role.name == "REVIEWER"
        )
        with pytest.raises(NoAuthorityError):
            office.do(c.Review(case_id=row.case_id, opinion="同意"), actor=Actor(kind=ActorKind.STAFF, code="ry0002"))
        office.do(c.Review(case_id=row.case_id, opinion="同意"), actor=Actor(kind=ActorKind.STAFF, code=reviewer))
        assert office.verify().violations == ()


@pytest.mark.nightly
def test_five_thousand_open_cases(tmp_path: Path) -> None:
    """The reform of 2019 on the demo county with five thousand open cases: applied in less than ten seconds."""
    plan, population, day = REFORMS["2019"]
    with open_busy_county(str(tmp_path / "county.db"), population(), day=day, cases=5_000) as office:
        entrust(office, read_plan(plan).plan)
        assert office.storage.counts(office.area)["cases"] >= 5_000
        begun = time.process_time()
        preview(office.services, read_plan(plan).plan)
        assert time.process_time() - begun < 3
        seen, took = carry_and_take_back(office, plan)
        assert seen.totals["cases"] > 1_000
        assert took < 10
