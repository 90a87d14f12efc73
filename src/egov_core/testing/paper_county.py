"""A small invented county on paper: ten organs, a dozen items, and cases in every way a case can go.

Rules of this room: nothing is drawn by lot, so that a page looks the same each time; nothing names a real place.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import attrs

from egov_core.domain.cards.policy import CardPolicy
from egov_core.domain.cases import commands as c
from egov_core.domain.catalogue import (
    ART_42_DEFAULT,
    CaseType,
    Catalogue,
    Fees,
    ItemVersion,
    Material,
    PauseKind,
    PowerClass,
)
from egov_core.domain.legal import CHINA, LICENSING_ACT, LegalBasis
from egov_core.domain.organisation import Organ, Organisation, OrganKind
from egov_core.domain.periods import Immediate, Limit, Period, Unit
from egov_core.testing.paper_campaign import CODE, paper_campaign
from egov_core.testing.paper_courses import further_cases, further_items, local_rules, units
from egov_core.testing.paper_office import PaperOffice
from egov_core.testing.whole_items import GUIDE

FOUNDED = date(2016, 1, 1)
UPPER = "city-land"
GUIDED = "A10"
"""The item whose guide is filled in; the others' are left empty, as in a county that has only its list."""

ORGANS = (
    ("county", "云岭县", "Yunling County", OrganKind.COUNTY, None),
    ("development", "发展和改革局", "Development and Reform", OrganKind.DEPARTMENT, "county"),
    ("security", "公安局", "Public Security", OrganKind.DEPARTMENT, "county"),
    ("civil", "民政局", "Civil Affairs", OrganKind.DEPARTMENT, "county"),
    ("land", "国土资源局", "Land and Resources", OrganKind.DEPARTMENT, "county"),
    ("housing", "住房和城乡建设局", "Housing and Construction", OrganKind.DEPARTMENT, "county"),
    ("water", "水利局", "Water Resources", OrganKind.DEPARTMENT, "county"),
    ("market", "市场监督管理局", "Market Supervision", OrganKind.DEPARTMENT, "county"),
    ("health", "卫生和计划生育局", "Health and Family Planning", OrganKind.DEPARTMENT, "county"),
    (UPPER, "市国土资源局", "City Land and Resources", OrganKind.CITY, None),
)

_LAW = LegalBasis(instrument=LICENSING_ACT, article="第四十二条", in_force=date(2004, 7, 1))
_OWN = LegalBasis(instrument="云岭县政务服务事项目录（演示）", article="", assumed=True)


def working_days(amount: int, basis: LegalBasis = _OWN) -> Period:
    """A limit in working days."""
    return Period(amount=Decimal(amount), unit=Unit.WORKING_DAY, basis=basis)


def organs() -> Organisation:
    """The county, its departments and the city's office above one of them."""
    county = (
        Organ(code=code, name=name, name_en=english, kind=kind, parent=parent, valid_from=FOUNDED)
        for code, name, english, kind, parent in ORGANS
    )
    return Organisation.of((*county, *units()))


def items(rows: Iterable[tuple[str, str, str, CaseType, Limit | None]]) -> Catalogue:
    """A catalogue from (code, name, organ, case type, promise)."""
    plain = (
        ItemVersion(
            code=code,
            version=1,
            name=name,
            organ=organ,
            power_class=PowerClass.LICENCE,
            case_type=kind,
            statutory=promise if isinstance(promise, Immediate) else ART_42_DEFAULT,
            statutory_is_default=not isinstance(promise, Immediate),
            promised=promise,
            valid_from=FOUNDED,
            materials=tuple(
                Material(code=f"{code}-{number}", name=material)
                for number, material in enumerate(("申请表", "申请人身份证明", "设计图纸"), start=1)
            ),
            pause_kinds=frozenset({PauseKind.EXPERT_REVIEW, PauseKind.TESTING}),
            forward_to=UPPER if kind is CaseType.FORWARD else None,
        )
        for code, name, organ, kind, promise in rows
    )
    told = (attrs.evolve(one, guide=GUIDE, fees=Fees(charged=False)) if one.code == GUIDED else one for one in plain)
    return Catalogue.of((*told, *further_items(working_days)))


ITEMS: tuple[tuple[str, str, str, CaseType, Limit | None], ...] = (
    ("A01", "企业投资项目核准", "development", CaseType.PROMISE, working_days(10, _LAW)),
    ("A02", "大型群众性活动安全许可", "security", CaseType.PROMISE, working_days(5, _LAW)),
    ("A03", "社会团体成立登记", "civil", CaseType.PROMISE, working_days(15)),
    ("A04", "农村村民宅基地用地审核", "land", CaseType.FORWARD, working_days(12)),
    ("A05", "建设项目用地预审", "land", CaseType.FORWARD, working_days(8)),
    ("A06", "建筑工程施工许可证核发", "housing", CaseType.PROMISE, working_days(7)),
    ("A07", "商品房预售许可", "housing", CaseType.PROMISE, working_days(6)),
    ("A08", "取水许可", "water", CaseType.PROMISE, working_days(18)),
    ("A09", "生产建设项目水土保持方案审批", "water", CaseType.PROMISE, None),
    ("A10", "食品经营许可", "market", CaseType.PROMISE, working_days(9)),
    ("A11", "公共场所卫生许可", "health", CaseType.PROMISE, working_days(8)),
    ("A12", "老年人优待证办理", "civil", CaseType.IMMEDIATE, Immediate(basis=_OWN)),
)


def paper_county(policy: CardPolicy, *, cases: int = 96, further: bool = True) -> PaperOffice:
    """The county with its items, `cases` cases of the last six weeks, and the `further` ones of `paper_courses`."""
    office = PaperOffice(policy=policy, organisation=organs(), catalogue=items(ITEMS), place=local_rules())
    calendar = office.ruler.calendar
    end = office.clock
    for place in range(cases):
        item = ITEMS[place % len(ITEMS)]
        back = (place * 7) % 30 + (0 if place % 3 else 3)
        day = calendar.add(end.date(), -back) if back else end.date()
        received = datetime(day.year, day.month, day.day, 8, 40 + place % 20, 7 * place % 60, tzinfo=CHINA)
        _live(office, office.file(item[0], received), item, received, place)
    if further:
        further_cases(office, working_days)
    office.sweep(end)
    departments = [code for code, _, _, kind, _ in ORGANS if kind is OrganKind.DEPARTMENT]
    office.campaigns[CODE] = paper_campaign(office.ruler, departments, end)
    return office


def _live(office: PaperOffice, case_id: str, item: Any, received: datetime, place: int) -> None:
    """A case's life, by its place: each of the ways a case can go comes up."""
    end, add = office.clock, office.ruler.calendar.add

    def after(days: int, hour: int = 15) -> datetime:
        day = add(received.date(), days) if days else received.date()
        return datetime(day.year, day.month, day.day, hour, 5 + place % 50, tzinfo=CHINA)

    def step(command: Any, days: int, hour: int = 15, late: int = 0) -> bool:
        at = after(days, hour)
        entered = at + timedelta(hours=late)
        if entered > end:
            return False
        office.sweep(at, case_id)
        office.act(command, at, entered=entered)
        return True

    kind, way = item[3], place % 9
    if way == 8:
        short = step(c.RequestCorrection(case_id=case_id, notice=f"补正{place}号", missing=(f"{item[0]}-3",)), 1)
        if not short or place % 2 or not step(c.Supplement(case_id=case_id, materials=(f"{item[0]}-3",)), 3):
            return
    if way == 7 and place % 2:
        step(c.Refuse(case_id=case_id, reason="不属于本机关职权范围", notice=f"不受{place}号"), 2)
        return
    if not step(c.Accept(case_id=case_id), 4 if way == 8 else 0 if kind is CaseType.IMMEDIATE else 1, 11):
        return
    if kind is CaseType.IMMEDIATE:
        if place % 4 != 3:
            step(c.Approve(case_id=case_id, document=f"证{place}号"), 0, 11)
        return
    declared = working_days(10)
    review = PauseKind.EXPERT_REVIEW
    if way == 5:
        step(c.Pause(case_id=case_id, kind=review, notice=f"特告{place}号", declared=declared), 4)
        if place % 2 == 0 or not step(c.Resume(case_id=case_id, result="专家评审通过"), 9):
            return
    if way == 6:
        step(c.Extend(case_id=case_id, amount=working_days(10), reason="案情复杂", notice=f"延{place}号"), 3)
    reviewed = {2: 10, 4: 13, 5: 10}.get(way, 5)
    if not step(c.Review(case_id=case_id, opinion="符合条件，拟予办理"), reviewed):
        return
    if kind is CaseType.FORWARD:
        if (
            step(c.ReferUpward(case_id=case_id, opinion="同意转报"), reviewed, 16)
            and place % 2
            and after(reviewed + 1) <= end
        ):
            office.receive(case_id, f"市收{place}号", after(reviewed + 1))
            if step(c.RecordUpperProgress(case_id=case_id, progress="已分办"), reviewed + 3):
                step(c.RecordUpperDecision(case_id=case_id, granted=True, document=f"市批{place}号"), reviewed + 8)
        return
    if way == 1:
        step(c.Reject(case_id=case_id, document=f"决{place}号", reason="不符合规划"), 9)
    elif way in (0, 3, 6) and step(c.Approve(case_id=case_id, document=f"许{place}号"), 12, late=3 if way == 3 else 0):
        step(c.Deliver(case_id=case_id, method="window"), 14)
