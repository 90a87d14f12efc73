"""Powers: what follows from records together, as a chain of links, and whether it covers an act.

Rules of this room: a power is made from links (person, appointment, post, grant, delegation, stand-in), each with its
days and its reach; it reaches no further than the narrowest of them and lasts no longer than the shortest. Nothing is
looked up here: what is asked stands in the power or in the act. Every condition that fails is a gap, and all are told.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping
from datetime import date

import attrs

from egov_core.domain.authority.records import ALL_ITEMS, ALL_STEPS, Role
from egov_core.domain.legal import LegalBasis, is_in_force
from egov_core.domain.organisation import Organisation

EVERYTHING = frozenset({"*"})


@attrs.frozen(kw_only=True)
class Act:
    """What is to be done 拟实施的行为: in which role, on which step of which item, of which organ, on which day.

    `organ` is the one whose item it is on that day. `unit` is the internal unit that holds the step in hand, empty for
    the organ itself. Without a `step` the question is about the role in every step: a grant for some is no answer.
    """

    role: Role
    item: str
    organ: str
    day: date
    step: str = ""
    unit: str = ""

    def place(self, organisation: Organisation) -> str:
        """Where it is done: the unit in hand if it lies below the organ, else the organ."""
        return self.unit if self.unit and organisation.is_within(self.unit, self.organ, self.day) else self.organ


class LinkKind(enum.Enum):
    """What a link of a power is."""

    PERSON = "person"
    STAND_IN = "stand-in"
    APPOINTMENT = "appointment"
    POST = "post"
    GRANT = "grant"
    DELEGATION = "delegation"
    ORGAN = "organ"


@attrs.frozen(kw_only=True)
class Gap:
    """One condition that fails 缺少的条件; `data` fills the sentence of its code (`SENTENCES`)."""

    code: str
    data: Mapping[str, str] = attrs.field(factory=dict)

    @property
    def message(self) -> str:
        """The condition as a sentence."""
        return SENTENCES[self.code].format(**self.data)


SENTENCES: Mapping[str, str] = {
    "role": "{what} gives the role {has}, not {asked}",
    "item": "{what} is for items {has}, not for {asked}",
    "step": "{what} is for steps {has}, not for {asked}",
    "organ": "{what} is for {has}, and {asked} does not lie in it",
    "not-begun": "{what} begins on {day}",
    "ended": "{what} ended on {day}",
    "unknown-person": "there is no person {asked}",
    "unknown-post": "there is no post {asked}",
    "unknown-organ": "there is no organ {asked}",
    "no-organ": "{asked} is no administrative organ, so nothing can be delegated to it (行政许可法 24)",
    "own-unit": "{asked} belongs to the organ itself; nothing is delegated to it",
    "unit-elsewhere": "{asked} is no unit of the delegate {has}",
    "not-delegable": "the role {asked} is not delegated: it stays with the organ (行政许可法 24)",
    "delegation-role": "{what} does not entrust the role {asked}; it entrusts {has}",
    "stand-in-role": "{what} is for the roles {has}, not {asked}",
    "employed-elsewhere": "{asked} is not employed by the delegate {has}, which entrusts nobody else (行政许可法 24)",
    "deputy-elsewhere": "{asked} is not of the organ of {has}, and may not stand in",
    "separation": "{asked} and {has} are kept apart in one person: {reason}",
}
"""What each condition says when it fails."""


@attrs.frozen(kw_only=True)
class Link:
    """One link of the chain 依据链: a record, its days, how far it reaches, and what it rests on."""

    kind: LinkKind
    code: str
    name: str = ""
    valid_from: date
    valid_to: date | None = None
    roles: frozenset[Role] | None = None
    items: frozenset[str] = EVERYTHING
    steps: frozenset[str] = EVERYTHING
    basis: LegalBasis | None = None
    document: str = ""

    @property
    def what(self) -> str:
        """Kind and code, as sentences name it."""
        return f"{self.kind.value} {self.code}"

    def gaps(self, role: Role, act: Act) -> Iterator[Gap]:
        """Why this link alone does not carry the act, for a power of this role."""
        if self.roles is not None and role not in self.roles:
            code = "stand-in-role" if self.kind is LinkKind.STAND_IN else "delegation-role"
            yield Gap(code=code, data={"what": self.what, "asked": role.value, "has": _roles(self.roles)})
        if ALL_ITEMS not in self.items and act.item not in self.items:
            yield Gap(code="item", data={"what": self.what, "has": listed(self.items), "asked": act.item})
        if ALL_STEPS not in self.steps and act.step not in self.steps:
            asked = act.step or "every step"
            yield Gap(code="step", data={"what": self.what, "has": listed(self.steps), "asked": asked})
        if not is_in_force(act.day, self.valid_from, self.valid_to):
            begun = self.valid_from <= act.day
            day = self.valid_to if begun else self.valid_from
            yield Gap(code="ended" if begun else "not-begun", data={"what": self.what, "day": str(day)})


@attrs.frozen(kw_only=True)
class Power:
    """What a person may do 权能: `role` in `organ`, for `items` and `steps`, carried by `links`.

    `bars` are conditions that fail whatever is asked. A delegated power is about the items of the delegating organ and
    no other; any other also covers the organs below its own.
    """

    person: str
    role: Role
    organ: str
    links: tuple[Link, ...]
    bars: tuple[Gap, ...] = ()
    items: frozenset[str] = attrs.field(init=False)
    steps: frozenset[str] = attrs.field(init=False)
    valid_from: date = attrs.field(init=False)
    valid_to: date | None = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        items, steps = EVERYTHING, EVERYTHING
        for link in self.links:
            items, steps = narrower(items, link.items), narrower(steps, link.steps)
        ends = [link.valid_to for link in self.links if link.valid_to is not None]
        object.__setattr__(self, "items", items)
        object.__setattr__(self, "steps", steps)
        object.__setattr__(self, "valid_from", max(link.valid_from for link in self.links))
        object.__setattr__(self, "valid_to", min(ends, default=None))

    def link(self, kind: LinkKind) -> Link | None:
        """The first link of this kind."""
        return next((one for one in self.links if one.kind is kind), None)

    @property
    def delegation(self) -> Link | None:
        """The delegation it rests on, if it does."""
        return self.link(LinkKind.DELEGATION)

    @property
    def stand_in(self) -> Link | None:
        """The stand-in it rests on, if it does."""
        return self.link(LinkKind.STAND_IN)

    @property
    def under(self) -> tuple[str, ...]:
        """What is recorded beside an act that is not done by the actor's own right: delegation, stand-in, or both."""
        return tuple(link.what for link in (self.delegation, self.stand_in) if link is not None)

    def is_void(self) -> bool:
        """Whether it is none on any day: barred, without an item or a step, or over before it begins."""
        refused = any(link.roles is not None and self.role not in link.roles for link in self.links)
        over = self.valid_to is not None and self.valid_to <= self.valid_from
        return bool(self.bars) or refused or over or not self.items or not self.steps

    def stands_on(self, day: date) -> bool:
        """Whether it is one on this day."""
        return is_in_force(day, self.valid_from, self.valid_to) and not self.is_void()

    def gaps(self, act: Act, organisation: Organisation) -> Iterator[Gap]:
        """Every condition that fails for this act; none where the power covers it."""
        what = next((one.what for one in self.links if one.kind is LinkKind.GRANT), self.role.value)
        if self.role is not act.role:
            yield Gap(code="role", data={"what": what, "has": self.role.value, "asked": act.role.value})
        if self.delegation is not None:
            if act.organ != self.organ:
                yield self._elsewhere(self.delegation.what, act.organ)
        elif not organisation.is_within(act.place(organisation), self.organ, act.day):
            yield self._elsewhere(what, act.place(organisation))
        for link in self.links:
            yield from link.gaps(self.role, act)
        yield from self.bars

    def _elsewhere(self, what: str, asked: str) -> Gap:
        return Gap(code="organ", data={"what": what, "has": self.organ, "asked": asked})


def narrower(one: frozenset[str], other: frozenset[str]) -> frozenset[str]:
    """What two reaches have in common; `*` is everything."""
    if "*" in one:
        return other
    return one if "*" in other else one & other


def listed(names: frozenset[str]) -> str:
    """Items or steps in a sentence."""
    return ", ".join(sorted(names)) or "none"


def _roles(roles: frozenset[Role]) -> str:
    return "、".join(role.value for role in Role if role in roles) or "none"
