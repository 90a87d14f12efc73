"""The demo county with many open cases, on a day of one's choice: what a reform meets.

Rules of this room: one real case of each item is filed and accepted by the staff of its organ, and then multiplied; so
there are as many as wanted in seconds, and `verify` finds nothing to say about them.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from egov_core.demo.founding import Population, demo_settings, found_office
from egov_core.domain.authority import ALL_ITEMS, Role
from egov_core.domain.cases import commands as c
from egov_core.domain.catalogue import CaseType, ItemVersion
from egov_core.domain.legal import start_of
from egov_core.domain.people import Actor, ActorKind
from egov_core.runtime.bootstrap import open_office
from egov_core.runtime.clock import ManualClock
from egov_core.runtime.identifiers import SeededIds
from egov_core.runtime.office import Office
from egov_core.testing.multiplied import multiply
from egov_core.testing.small_county import APPLICANT, CITIZEN


def open_busy_county(database: str, population: Population, *, day: date, cases: int, referred: int = 3) -> Office:
    """The office of a population on the morning of `day` (a working day), with `cases` open cases over its items.

    `referred` items that the level above decides have a case on its way up besides, still in the outbox.
    """
    office = open_office(demo_settings(database), clock=ManualClock(start_of(day)), ids=SeededIds(7))
    found_office(office, population)
    clock = office.clock
    assert isinstance(clock, ManualClock)
    clock.move_to(start_of(day) + timedelta(hours=9))
    handled = [item for item in population.items if item.case_type is not CaseType.IMMEDIATE]
    originals = [_accepted(office, population, item) for item in handled]
    copies, rest = divmod(cases - len(originals), len(originals))
    multiply(office, originals, copies)
    for item in handled[:rest]:
        _accepted(office, population, item)
    forwarded = (item for item in handled if item.forward_to is not None)
    for item, _ in zip(forwarded, range(referred), strict=False):
        _referred(office, population, item)
    return office


def _accepted(office: Office, population: Population, item: ItemVersion) -> str:
    submit = c.Submit(item=item.code, applicant=APPLICANT, materials=tuple(one.code for one in item.materials))
    case_id = office.do(submit, actor=CITIZEN).case_id
    office.do(c.Accept(case_id=case_id), actor=_who(population, item, Role.INTAKE))
    return case_id


def _referred(office: Office, population: Population, item: ItemVersion) -> None:
    case_id = _accepted(office, population, item)
    reviewer = _who(population, item, Role.REVIEWER)
    office.do(c.Review(case_id=case_id, opinion="符合条件"), actor=reviewer)
    office.do(c.ReferUpward(case_id=case_id, opinion="初审同意"), actor=reviewer)


def _who(population: Population, item: ItemVersion, role: Role) -> Actor:
    """Whoever has the role for the item's organ."""
    grants: Iterable[str] = (
        grant.person
        for grant in population.grants
        if grant.role is role and grant.organ == item.organ and (ALL_ITEMS in grant.items or item.code in grant.items)
    )
    return Actor(kind=ActorKind.STAFF, code=next(iter(grants)))
