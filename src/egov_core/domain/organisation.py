"""Organs as a dated tree: county, departments, internal units, towns, communities, and the levels above.

Rules of this room: codes are opaque (no logic on parts of them); an organ is never deleted, its validity ends; every
question takes the day on which it is asked. Succession after a reform is data: edges from organ to organ. A case keeps
the organ of its time; who has to act on it now is found by walking the edges (`responsible`).
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

import attrs

from egov_core.domain.legal import is_in_force
from egov_core.errors import ClaimError, Fault, UnknownError


class OrganKind(enum.Enum):
    """What an organ is in the county's tree."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    DEPARTMENT = "department"
    UNIT = "unit"
    TOWN = "town"
    COMMUNITY = "community"


UPPER = frozenset({OrganKind.PROVINCE, OrganKind.CITY})
"""Organs above the county: another's, and only named in the tree of a county."""


@attrs.frozen(kw_only=True)
class OrganChange:
    """From `valid_from` on an organ bears this name and stands below this parent; its code stays."""

    valid_from: date
    name: str
    parent: str | None
    name_en: str = ""


@attrs.frozen(kw_only=True)
class Organ:
    """An organ 机关: a code, a name, a parent, and the days [`valid_from`, `valid_to`) on which it exists.

    `name` and `parent` are those of its first day; `changes` say what it was called, and where it stood, later.
    """

    code: str
    name: str
    kind: OrganKind
    parent: str | None
    valid_from: date
    valid_to: date | None = None
    name_en: str = ""
    changes: tuple[OrganChange, ...] = ()

    def as_on(self, day: date) -> Organ:
        """The organ as it was, or will be, called and placed on `day`; the history is not repeated in it."""
        for change in reversed(self.changes):
            if change.valid_from <= day:
                return attrs.evolve(self, name=change.name, name_en=change.name_en, parent=change.parent, changes=())
        return attrs.evolve(self, changes=()) if self.changes else self

    def exists_on(self, day: date) -> bool:
        """Whether the organ exists on `day`."""
        return is_in_force(day, self.valid_from, self.valid_to)


@attrs.frozen(kw_only=True)
class Succession:
    """That work passed from one organ to another 承接: from `effective` on, `target` answers for it.

    `items` are the codes of the items that passed; `rest`: and everything else of `source` besides what other
    successions of that day name. `plan` is the reorganisation that says so, `basis` its document.
    """

    source: str
    target: str
    effective: date
    items: frozenset[str] = frozenset()
    rest: bool = False
    plan: str
    basis: str

    def takes(self, item: str) -> bool:
        """Whether the work on `item` passed by it; an empty code asks for what belongs to no item."""
        return self.rest or item in self.items


@attrs.frozen(kw_only=True)
class OrganEnd:
    """That an organ ends 机关终止: from `day` on it exists no more; `plan` says so, and `heirs` take its work.

    `plan` is empty, and so are the heirs, where nobody succeeds it.
    """

    organ: str
    day: date
    plan: str = ""
    heirs: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """It in words: the day, the plan, and where the work goes."""
        by = f" by plan {self.plan}" if self.plan else ""
        goes = f"its work goes to {', '.join(self.heirs)}" if self.heirs else "nobody takes its work over"
        return f"organ {self.organ!r} ends on {self.day}{by}; {goes}"


@attrs.frozen
class Organisation:
    """The tree of organs of one area, and who succeeded whom; lookups by code and day.

    `of` raises ClaimError naming every organ whose code is taken, whose parent is missing or that is its own ancestor.
    """

    organs: Mapping[str, Organ]
    successions: tuple[Succession, ...] = ()

    @classmethod
    def of(cls, organs: Iterable[Organ], successions: Iterable[Succession] = ()) -> Organisation:
        """Build the tree and check that it is one, on the first day and after each change."""
        found: dict[str, Organ] = {}
        faults = []
        for organ in organs:
            if organ.code in found:
                faults.append(
                    Fault(organ.code, "organ-twice", f"{found[organ.code].name} and {organ.name} share a code")
                )
            found[organ.code] = organ
        for organ in found.values():
            for parent in dict.fromkeys((organ.parent, *(change.parent for change in organ.changes))):
                if parent is not None and parent not in found:
                    faults.append(Fault(organ.code, "organ-parent", f"parent {parent!r} of {organ.name} is unknown"))
        for day in sorted({date.min, *(change.valid_from for organ in found.values() for change in organ.changes)}):
            faults += [
                fault for organ in found.values() if (fault := _own_ancestor(organ, found, day)) and fault not in faults
            ]
        if faults:
            raise ClaimError("the organs do not form a tree", faults=faults, remedy="correct the organs named")
        return cls(found, tuple(successions))

    def get(self, code: str) -> Organ:
        """The organ with this code, whether or not it still exists. Raises UnknownError."""
        organ = self.organs.get(code)
        if organ is None:
            raise UnknownError(f"there is no organ {code!r}", remedy="use the code of an organ in the tree", organ=code)
        return organ

    def on(self, day: date) -> Iterator[Organ]:
        """The organs that exist on `day`, in the order they were given."""
        return (organ for organ in self.organs.values() if organ.exists_on(day))

    @property
    def first(self) -> Organ | None:
        """The organ with which the place itself begins: the earliest of those that stand below none of its own."""
        own = {code for code, organ in self.organs.items() if organ.kind not in UPPER}
        topmost = [self.organs[code] for code in own if self.organs[code].parent not in own]
        return min(topmost, key=lambda one: (one.valid_from, one.code), default=None)

    def is_within(self, code: str, root: str, day: date = date.max) -> bool:
        """Whether organ `code` is `root` or lies below it on `day`, by default after every change that is known."""
        here: str | None = code
        while here is not None:
            if here == root:
                return True
            here = self.organs[here].as_on(day).parent if here in self.organs else None
        return False

    def below(self, code: str, day: date) -> tuple[Organ, ...]:
        """The organs right below this one that exist on `day`."""
        return tuple(organ for organ in self.on(day) if organ.as_on(day).parent == code)

    def named_alike(self, code: str, day: date) -> tuple[str, ...]:
        """The other organs of its name that stand beside an organ on `day`: whoever writes the name means any of them.

        Units of one name below different organs (办公室) are told apart by where they stand.
        """
        organ = self.get(code)
        then = organ.as_on(day)
        if not organ.exists_on(day):
            return ()
        beside = (one for one in self.on(day) if one.code != code)
        return tuple(
            one.code for one in beside if (alike := one.as_on(day)).name == then.name and alike.parent == then.parent
        )

    def alike_on(self, day: date) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Each organ beside which others of its name stand on `day`, with those; each such name once."""
        beside: dict[tuple[str | None, str], list[str]] = {}
        for organ in self.on(day):
            then = organ.as_on(day)
            beside.setdefault((then.parent, then.name), []).append(organ.code)
        return ((codes[0], tuple(codes[1:])) for codes in beside.values() if len(codes) > 1)

    def ending(self, code: str, day: date) -> OrganEnd | None:
        """The end that an organ comes to after `day`; None where it is not there then, or none is known."""
        organ = self.organs.get(code)
        return None if organ is None or not organ.exists_on(day) else self.end_of(code)

    @property
    def ends(self) -> tuple[OrganEnd, ...]:
        """Every end that is known, past or to come."""
        return tuple(end for code in self.organs if (end := self.end_of(code)) is not None)

    def end_of(self, code: str) -> OrganEnd | None:
        """The end of an organ, past or to come; None where it has none, or is not known."""
        organ = self.organs.get(code)
        if organ is None or organ.valid_to is None:
            return None
        said = [one for one in self.successions if one.source == code and one.effective == organ.valid_to]
        heirs = tuple(dict.fromkeys(one.target for one in said))
        return OrganEnd(organ=code, day=organ.valid_to, plan=said[0].plan if said else "", heirs=heirs)

    # -- who succeeded whom ----------------------------------------------------------------------------------------

    def responsible(
        self, organ: str, item: str, day: date, *, since: date = date.min
    ) -> tuple[str, tuple[Succession, ...]]:
        """Who answers on `day` for what `organ` had on `since`, and the successions that lead there, in order.

        A succession of the day `since` itself had been seen when the organ was named, so only later ones are walked.
        """
        here, walked, reached = organ, list[Succession](), since
        while self.successions:
            steps = [
                one
                for one in self.successions
                if one.source == here
                and one.effective <= day
                and (one.effective > reached if not walked else one.effective >= reached and one not in walked)
                and one.takes(item)
            ]
            if not steps:
                break
            step = min(steps, key=lambda one: (one.effective, one.rest))
            walked.append(step)
            here, reached = step.target, step.effective
        return here, tuple(walked)

    def as_of(self, organ: str, item: str, day: date, *, since: date) -> str:
        """The organ of the structure of `day` that stands for what `organ` had on `since`, before or after that day.

        Backwards an item is followed to where it came from; what nothing says of, stays with the organ it has.
        """
        if day >= since:
            return self.responsible(organ, item, day, since=since)[0]
        here, walked, reached = organ, list[Succession](), since
        while True:
            steps = [
                one
                for one in self.successions
                if one.target == here and day < one.effective <= reached and item in one.items and one not in walked
            ]
            if not steps:
                return here
            step = max(steps, key=lambda one: one.effective)
            walked.append(step)
            here, reached = step.source, step.effective


NO_ORGANS = Organisation({})
"""A tree without organs, in which nobody succeeds anybody."""


def _own_ancestor(organ: Organ, organs: Mapping[str, Organ], day: date) -> Fault | None:
    seen = {organ.code}
    above = organ.as_on(day).parent
    while above is not None and above in organs:
        if above in seen:
            return Fault(organ.code, "organ-cycle", f"{organ.name} is its own ancestor")
        seen.add(above)
        above = organs[above].as_on(day).parent
    return None
