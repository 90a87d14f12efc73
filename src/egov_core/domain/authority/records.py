"""The records of authority: posts, who fills them, what is granted, delegated, and who stands in for whom.

Rules of this room: values that say what was decided, each dated [`valid_from`, `valid_to`); none is ever deleted, its
end is written down. A record gives nothing by itself: what follows from several together stands in `powers`. A post
holds no role of its own either: what whoever fills it may do is granted to it, so that there is one way to give.

Sources: 行政许可法 24 (entrusting another organ: only where law allows it, published, never further), 34, 42; the
notice on authorisations never adjusted (N2), on towns (N10), on named staff (N19).
"""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import TypeVar

import attrs

from egov_core.domain.legal import LegalBasis
from egov_core.domain.people import Move, Person, organ_after


class Role(enum.Enum):
    """What a person may do on a case."""

    INTAKE = "受理"
    REVIEWER = "审核"
    APPROVER = "批准"
    HEAD = "机关负责人"
    GOVERNMENT_HEAD = "本级政府负责人"
    SUPERVISOR = "监察"
    CLERK_OF_CATALOGUE = "事项管理"


ALL_ITEMS = "*"
ALL_STEPS = "*"

DELEGABLE = frozenset({Role.INTAKE, Role.REVIEWER, Role.APPROVER})
"""What another organ may be entrusted with. The rest is what the law gives to a head in person, and the watching of the
delegate, which stays with whoever delegates (行政许可法 24)."""


@attrs.frozen(kw_only=True)
class Post:
    """A post 岗位 in an organ or an internal unit; people are appointed to it, roles are granted to it.

    `organ` is the first one; `moves` say to which one a reorganisation brought it, under the same code.
    """

    code: str
    name: str
    organ: str
    valid_from: date
    valid_to: date | None = None
    moves: tuple[Move, ...] = ()

    def organ_on(self, day: date) -> str:
        """The organ or unit that has the post on `day`."""
        return organ_after(self.organ, self.moves, day)


@attrs.frozen(kw_only=True)
class Appointment:
    """That `person` fills `post` 任职; `document` is the paper it was decided by."""

    person: str
    post: str
    valid_from: date
    valid_to: date | None = None
    document: str = ""


@attrs.frozen(kw_only=True)
class Grant:
    """One authorisation 授权: `person`, or whoever fills `post`, holds `role` in `organ` for `items` and `steps`.

    It holds on [`valid_from`, `valid_to`), and for the organs below `organ` too. `number` tells two grants apart that
    give the same role in the same organ from the same day, for other items or steps. `delegated_by` names the record
    elsewhere by which it was given, where there is one.
    """

    person: str = ""
    role: Role
    organ: str
    items: frozenset[str] = frozenset({ALL_ITEMS})
    valid_from: date
    valid_to: date | None = None
    delegated_by: str | None = None
    basis: LegalBasis | None = None
    post: str = ""
    steps: frozenset[str] = frozenset({ALL_STEPS})
    number: str = ""


@attrs.frozen(kw_only=True)
class Delegation:
    """An organ entrusts another organ with roles and steps of named items 委托, in its own name (行政许可法 24).

    `organ` is the one whose items they are: it stays answerable, decisions carry its name, cards go to it. `delegate`
    is an administrative organ, a town for example; `unit` is the unit of the delegate that does the work, such as its
    service centre, which by itself is no organ. Unless it says more, only taking in and handing out is entrusted.
    `announcement` is the paper in which it was published, on `published_on`.
    """

    code: str
    organ: str
    delegate: str
    items: frozenset[str]
    roles: frozenset[Role] = frozenset({Role.INTAKE})
    steps: frozenset[str] = frozenset({ALL_STEPS})
    unit: str = ""
    basis: LegalBasis
    announcement: str
    published_on: date
    valid_from: date
    valid_to: date | None = None


@attrs.frozen(kw_only=True)
class StandIn:
    """That `deputy` stands in for `absent` 代岗 on some days, for `roles` and `items` (all, where none is named).

    Why somebody is absent is nobody's business here (PIPL 6): `document` names the paper that knows.
    """

    absent: str
    deputy: str
    valid_from: date
    valid_to: date
    roles: frozenset[Role] = frozenset()
    items: frozenset[str] = frozenset({ALL_ITEMS})
    document: str = ""


@attrs.frozen(kw_only=True)
class WorkHandover:
    """That `taker` has open work of `giver` from `at` on 工作移交: how each case stood then, and why.

    `cases` maps the id of a case to its last act; once somebody has acted on it again, the hand-over is history.
    """

    giver: str
    taker: str
    reason: str
    cases: Mapping[str, str]
    at: datetime

    @property
    def code(self) -> str:
        """What it is known by."""
        return f"{self.giver}:{self.taker}:{self.at.isoformat()}"


StaffRecord = Person | Post | Appointment | Grant | Delegation | StandIn


R = TypeVar("R", Person, Post, Appointment, Grant, Delegation, StandIn)


@attrs.frozen(kw_only=True)
class Staffing:
    """Records of authority together, as one file or one decision gives them."""

    people: tuple[Person, ...] = ()
    posts: tuple[Post, ...] = ()
    appointments: tuple[Appointment, ...] = ()
    grants: tuple[Grant, ...] = ()
    delegations: tuple[Delegation, ...] = ()
    stand_ins: tuple[StandIn, ...] = ()

    def __iter__(self) -> Iterator[StaffRecord]:
        """Every record, those that others point at first."""
        yield from self.people
        yield from self.posts
        yield from self.appointments
        yield from self.grants
        yield from self.delegations
        yield from self.stand_ins

    def amended(self, by: Staffing) -> Staffing:
        """These records after those of `by` have taken the place of the ones of the same code, or joined them."""
        return Staffing(
            people=_amended(self.people, by.people),
            posts=_amended(self.posts, by.posts),
            appointments=_amended(self.appointments, by.appointments),
            grants=_amended(self.grants, by.grants),
            delegations=_amended(self.delegations, by.delegations),
            stand_ins=_amended(self.stand_ins, by.stand_ins),
        )


def _amended(held: tuple[R, ...], given: tuple[R, ...]) -> tuple[R, ...]:
    return tuple(({code_of(one): one for one in held} | {code_of(one): one for one in given}).values())


def code_of(record: StaffRecord) -> str:
    """What a record is known by: a later one of the same code takes its place, to end it for example."""
    match record:
        case Appointment():
            return f"{record.person}:{record.post}:{record.valid_from}"
        case Grant():
            holder = record.person or f"post:{record.post}"
            number = f":{record.number}" if record.number else ""
            return f"{holder}:{record.role.name}:{record.organ}:{record.valid_from}{number}"
        case StandIn():
            return f"{record.absent}:{record.deputy}:{record.valid_from}"
        case _:
            return record.code
