"""A county small enough to see at a glance: two departments, six people, three items, and the acts of its staff.

Rules of this room: builders of valid values and short ways to act through an open office; nothing is asserted here and
nothing is invented at random.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

import attrs

from egov_core.domain.authority import Grant, Role
from egov_core.domain.cases import commands as c
from egov_core.domain.catalogue import CaseType, ItemVersion, Material, PauseKind, PowerClass
from egov_core.domain.legal import CHINA, LegalBasis
from egov_core.domain.organisation import Organ, OrganKind
from egov_core.domain.people import Actor, ActorKind, Applicant, Person, Personal
from egov_core.domain.periods import Immediate, Limit, Period, Unit
from egov_core.ports.ambient import Clock, IdSource
from egov_core.runtime.bootstrap import open_office
from egov_core.runtime.clock import ManualClock
from egov_core.runtime.identifiers import SeededIds
from egov_core.runtime.office import Office
from egov_core.runtime.settings import Settings
from egov_core.usecases.cases.handling import Outcome

AREA = "990121"
SINCE = date(2010, 1, 1)
MONDAY = datetime(2024, 6, 17, 9, tzinfo=CHINA)
"""A Monday morning without a holiday in the weeks around it."""

CITY, COUNTY, BUREAU, OTHER = "city", "county", "bureau", "other-bureau"
LICENCE, STAMP, UPWARD = "licence", "stamp", "upward"
MATERIALS = ("form", "plan")
BASIS = LegalBasis(instrument="《演示条例》", article="第一条")

NAME, ID_NUMBER, PHONE = "周小满", "990121199001011236", "19900001111"
APPLICANT = Applicant(name=Personal(NAME), id_number=Personal(ID_NUMBER), phone=Personal(PHONE))
CITIZEN = Actor(kind=ActorKind.APPLICANT, code="")


def working_days(amount: int) -> Period:
    """A limit in working days."""
    return Period(amount=Decimal(amount), unit=Unit.WORKING_DAY, basis=BASIS)


def staff(code: str) -> Actor:
    """A member of staff by code: `intake`, `reviewer`, `approver`, `head`, `stranger` or `retired`."""
    return Actor(kind=ActorKind.STAFF, code=code)


def item(
    code: str,
    *,
    version: int = 1,
    statutory: Limit | None = None,
    promised: Limit | None = None,
    case_type: CaseType = CaseType.PROMISE,
    forward_to: str | None = None,
    valid_from: date = SINCE,
) -> ItemVersion:
    """An item of the bureau, with two required materials unless it is decided on the spot."""
    immediate = case_type is CaseType.IMMEDIATE
    return ItemVersion(
        code=code,
        version=version,
        name=f"事项 {code}",
        organ=BUREAU,
        power_class=PowerClass.LICENCE,
        case_type=case_type,
        statutory=statutory or working_days(20),
        promised=promised,
        valid_from=valid_from,
        materials=() if immediate else tuple(Material(code=one, name=f"材料 {one}") for one in MATERIALS),
        pause_kinds=frozenset({PauseKind.HEARING}),
        forward_to=forward_to,
    )


def organs() -> tuple[Organ, ...]:
    """City, county and two departments."""
    rows = (
        (CITY, OrganKind.CITY, None),
        (COUNTY, OrganKind.COUNTY, CITY),
        (BUREAU, OrganKind.DEPARTMENT, COUNTY),
        (OTHER, OrganKind.DEPARTMENT, COUNTY),
    )
    return tuple(Organ(code=code, name=code, kind=kind, parent=above, valid_from=SINCE) for code, kind, above in rows)


def people() -> tuple[Person, ...]:
    """Four posts of the bureau, a stranger of the other one, and somebody who left at the start of 2024."""
    here = [Person(code=one, name=f"姓{one}", organ=BUREAU, valid_from=SINCE) for one in POSTS]
    stranger = Person(code="stranger", name="姓stranger", organ=OTHER, valid_from=SINCE)
    retired = Person(code="retired", name="姓retired", organ=BUREAU, valid_from=SINCE, valid_to=date(2024, 1, 1))
    return (*here, stranger, retired)


POSTS = {"intake": Role.INTAKE, "reviewer": Role.REVIEWER, "approver": Role.APPROVER, "head": Role.HEAD}


def grants() -> tuple[Grant, ...]:
    """Every post its role over the bureau; the stranger all roles over the other one; the retired one intake."""
    here = [Grant(person=person, role=role, organ=BUREAU, valid_from=SINCE) for person, role in POSTS.items()]
    strange = [Grant(person="stranger", role=role, organ=OTHER, valid_from=SINCE) for role in POSTS.values()]
    return (*here, *strange, Grant(person="retired", role=Role.INTAKE, organ=BUREAU, valid_from=SINCE))


def items() -> tuple[ItemVersion, ...]:
    """A licence (promise 10, law 20 working days), a stamp given on the spot, and an item the city decides."""
    return (
        item(LICENCE, promised=working_days(10)),
        item(STAMP, statutory=Immediate(basis=BASIS), case_type=CaseType.IMMEDIATE),
        item(UPWARD, promised=working_days(10), case_type=CaseType.FORWARD, forward_to=CITY),
    )


def settings(storage: str = "memory:") -> Settings:
    """Settings of the small county: no discovered plugins, city answered by the loop-back adapter."""
    return Settings(area=AREA, storage=storage, plugins=False, loopback=True)


def found(office: Office) -> Office:
    """The office with the small county's reference data in it."""
    office.establish(organs=organs(), people=people(), grants=grants(), items=items())
    return office


def open_small_county(
    storage: str = "memory:",
    *,
    clock: Clock | None = None,
    ids: IdSource | None = None,
    policy: str = "notice",
    loopback: bool = True,
    plugins: tuple[tuple[object, str], ...] = (),
) -> Office:
    """A founded office at Monday morning with seeded identifiers, unless told otherwise."""
    given = attrs.evolve(settings(storage), policy=policy, loopback=loopback)
    return found(
        open_office(given, clock=clock or ManualClock(MONDAY), ids=ids or SeededIds(1), plugins=plugins),
    )


# --- acting -----------------------------------------------------------------------------------------------------------


def submit(
    office: Office,
    code: str = LICENCE,
    *,
    materials: tuple[str, ...] = MATERIALS,
    form: Mapping[str, str] | None = None,
    key: str = "",
    at: datetime | None = None,
) -> Outcome:
    """The applicant files an application."""
    command = c.Submit(item=code, applicant=APPLICANT, materials=materials, form=form or {})
    return office.do(command, actor=CITIZEN, key=key, at=at)


def accept(office: Office, case_id: str, *, at: datetime | None = None, key: str = "") -> Outcome:
    """The intake desk accepts."""
    return office.do(c.Accept(case_id=case_id), actor=staff("intake"), at=at, key=key)


def review(office: Office, case_id: str, *, at: datetime | None = None) -> Outcome:
    """The reviewer agrees."""
    return office.do(c.Review(case_id=case_id, opinion="符合法定条件"), actor=staff("reviewer"), at=at)


def approve(office: Office, case_id: str, *, at: datetime | None = None) -> Outcome:
    """The approver decides for the applicant."""
    return office.do(c.Approve(case_id=case_id, document="演许〔2024〕1号"), actor=staff("approver"), at=at)


def accepted(office: Office, code: str = LICENCE) -> Outcome:
    """A case filed and accepted now."""
    return accept(office, submit(office, code).case_id)


def reviewed(office: Office, code: str = LICENCE) -> Outcome:
    """A case filed, accepted and reviewed now."""
    return review(office, accepted(office, code).case_id)


def referred(office: Office) -> Outcome:
    """A case of the city's, filed, accepted, reviewed and referred upward now."""
    case_id = reviewed(office, UPWARD).case_id
    return office.do(c.ReferUpward(case_id=case_id, opinion="初审同意"), actor=staff("reviewer"))
