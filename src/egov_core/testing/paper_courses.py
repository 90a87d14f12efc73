"""Less common courses on paper: what silence brings, hearings, steps with units, renewals, commitments, joint items.

Rules of this room: every case has a name that says what it shows, which is its id; days are written out, none is drawn
by lot. The cases live before the clock of the paper office (16 May 2024), around the days off of May.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import attrs

from egov_core.domain.cases import commands as c
from egov_core.domain.cases.decide import Place
from egov_core.domain.catalogue import (
    DEFAULT_STEPS,
    PROCEDURES,
    CaseType,
    ItemVersion,
    Material,
    PauseKind,
    PowerClass,
    Procedure,
)
from egov_core.domain.legal import CHINA, LegalBasis
from egov_core.domain.organisation import Organ, OrganKind
from egov_core.domain.periods import Limit, Period
from egov_core.domain.timers.kinds import Expiry
from egov_core.domain.timers.silence import Lapse, SilenceRule, SilenceRules
from egov_core.runtime.place import silence_rules
from egov_core.testing.paper_office import PaperOffice

FOUNDED = date(2016, 1, 1)
LOCAL_RULES = LegalBasis(instrument="《云岭县政务服务规程（演示）》", article="第九条", in_force=FOUNDED)

UNITS = (
    ("housing-permits", "住房和城乡建设局许可股", "Housing: Permits"),
    ("housing-site", "住房和城乡建设局勘验股", "Housing: Site Visits"),
)


def units() -> tuple[Organ, ...]:
    """The internal units of one department."""
    return tuple(
        Organ(code=code, name=name, name_en=english, kind=OrganKind.UNIT, parent="housing", valid_from=FOUNDED)
        for code, name, english in UNITS
    )


def local_rules() -> Place:
    """National silence, and the place's own: an application whose applicant never answers is closed."""
    closing = Lapse(timer="correction", effect=Expiry.CLOSURE, basis=LOCAL_RULES)
    return Place(silence=SilenceRules((*silence_rules("national").rules, SilenceRule(lapse=closing))))


def further_items(days: Any) -> tuple[ItemVersion, ...]:
    """Items with steps, a hearing, a renewal, a commitment, several organs; `days` makes a limit in working days."""
    basis = LegalBasis(instrument="云岭县政务服务事项目录（演示）", assumed=True)

    def item(code: str, name: str, organ: str, promise: int, **more: Any) -> ItemVersion:
        materials = ("申请表", "申请人身份证明", "设计图纸")
        values: dict[str, Any] = {"statutory": days(20), "limits": {}, **more}
        return ItemVersion(
            code=code,
            version=1,
            name=name,
            organ=organ,
            power_class=PowerClass.LICENCE,
            case_type=CaseType.PROMISE,
            promised=days(promise),
            valid_from=FOUNDED,
            materials=tuple(Material(code=f"{code}-{n}", name=one) for n, one in enumerate(materials, start=1)),
            pause_kinds=frozenset({PauseKind.HEARING}),
            basis=(basis,),
            **values,
        )

    def standards(**limits: int) -> dict[str, Limit]:
        return {code.replace("_", "-"): days(amount) for code, amount in limits.items()}

    terms = {"acceptance": (2, ""), "review": (5, "housing-permits"), "conclusion": (2, "")}
    steps = tuple(attrs.evolve(one, limit=days(terms[one.code][0]), unit=terms[one.code][1]) for one in DEFAULT_STEPS)
    joint = PROCEDURES[Procedure.JOINT].limit
    return (
        item("B01", "燃气经营许可", "housing", 12, steps=steps, limits=standards(licence=3)),
        item("B02", "食品生产许可", "market", 15, limits=standards(licence=3)),
        item("B03", "入河排污口设置审批", "water", 18),
        item("B04", "建设项目联合审批", "development", 30, procedure=Procedure.JOINT, statutory=joint),
        item("B05", "公共场所卫生许可（告知承诺）", "health", 5, limits=standards(commitment_check=20, licence=3)),
    )


def at(month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    """A time of 2024."""
    return datetime(2024, month, day, hour, minute, tzinfo=CHINA)


def further_cases(office: PaperOffice, days: Any) -> None:
    """File the cases and let them go their ways, up to the clock of the office."""

    def act(command: Any, when: datetime, *, entered: datetime | None = None) -> None:
        office.sweep(entered or when, command.case_id)
        office.act(command, when, entered=entered)

    # nobody looks: accepted by law on 12 May, from 6 May on
    office.file("A10", at(5, 6), case_id="silent")
    # nobody has looked yet
    office.file("A06", at(5, 13), case_id="unlooked")
    # accepted by law, until somebody enters what was done in time
    office.file("A11", at(5, 6, 9, 10), case_id="set-aside")
    act(c.Accept(case_id="set-aside"), at(5, 8, 15), entered=at(5, 13, 11))
    # the applicant never answers, or still may
    for case_id, received, told in (("unanswered", at(4, 22), at(4, 23)), ("awaited", at(5, 9), at(5, 10))):
        office.file("A02", received, case_id=case_id)
        within: Period = days(10)
        act(c.RequestCorrection(case_id=case_id, notice="补正90号", missing=("A02-3",), within=within), told)
    _steps(office, act)
    _hearings(office, act, days)
    _renewals(office, act)
    # on a commitment, checked afterwards
    office.file("B05", at(4, 22), case_id="committed")
    act(c.Accept(case_id="committed"), at(4, 22, 10))
    act(c.Review(case_id="committed", opinion="符合告知承诺条件"), at(4, 22, 15))
    act(c.Approve(case_id="committed", document="许91号", on_commitment=True), at(4, 23))
    act(c.IssueLicence(case_id="committed", document="卫证91号"), at(4, 23, 15))
    act(c.Deliver(case_id="committed", method="window"), at(4, 24))
    act(c.CheckCommitment(case_id="committed", kept=True, finding="现场核查与承诺相符"), at(5, 9))
    # several organs, extended by the head of the government
    office.file("B04", at(4, 8), case_id="joint")
    act(c.Accept(case_id="joint"), at(4, 8, 15))
    longer = c.Extend(case_id="joint", amount=days(15), reason="需征求多个部门意见", notice="延92号")
    act(longer, at(5, 10))


def _steps(office: PaperOffice, act: Any) -> None:
    """A review that its second unit lets run over, and one under way."""
    office.file("B01", at(4, 29), case_id="handed-over")
    act(c.Accept(case_id="handed-over"), at(4, 29, 15))
    act(c.HandOver(case_id="handed-over", unit="housing-site", reason="需现场核验"), at(5, 8))
    act(c.Review(case_id="handed-over", opinion="现场核验合格"), at(5, 14))
    office.file("B01", at(5, 7), case_id="in-step")
    act(c.Accept(case_id="in-step"), at(5, 7, 15))


def _hearings(office: PaperOffice, act: Any, days: Any) -> None:
    """A hearing that may be asked for, one that is fixed, one that was held."""
    for case_id, received, offered in (
        ("hearing-offered", at(5, 8), at(5, 14)),
        ("hearing-asked", at(5, 8), at(5, 13)),
        ("hearing-fixed", at(4, 23), at(4, 25)),
        ("hearing-held", at(4, 15), at(4, 16)),
    ):
        office.file("B03", received, case_id=case_id)
        act(c.Accept(case_id=case_id), received.replace(hour=15))
        act(c.OfferHearing(case_id=case_id, notice="听告93号"), offered)
    act(c.RequestHearing(case_id="hearing-asked", reason="对排放影响有异议"), at(5, 15))
    for case_id, asked, told, held in (
        ("hearing-fixed", at(4, 28), at(4, 29), date(2024, 5, 20)),
        ("hearing-held", at(4, 17), at(4, 18), date(2024, 4, 30)),
    ):
        act(c.RequestHearing(case_id=case_id, reason="对排放影响有异议"), asked)
        place = "县政务服务中心三楼会议室"
        act(c.ScheduleHearing(case_id=case_id, day=held, place=place, notice="听通93号"), told)
        pause = c.Pause(case_id=case_id, kind=PauseKind.HEARING, notice="特告93号", declared=days(20))
        act(pause, told.replace(hour=16))
    act(c.HoldHearing(case_id="hearing-held", record="听证笔录93号"), at(4, 30, 15))
    act(c.Resume(case_id="hearing-held", result="听证已经举行"), at(4, 30, 16))


def _renewals(office: PaperOffice, act: Any) -> None:
    """A licence renewed by law, one whose renewal is under way, one asked for too late."""
    for case_id, received, expires in (
        ("renewed-by-law", at(4, 8), date(2024, 5, 10)),
        ("renewal", at(5, 8), date(2024, 6, 20)),
        ("late-renewal", at(5, 8), date(2024, 5, 20)),
    ):
        office.file("B02", received, case_id=case_id, renews=expires)
        act(c.Accept(case_id=case_id), received.replace(hour=11))
