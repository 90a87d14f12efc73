"""Organs as a dated tree: county, departments, internal units, towns, communities, and the levels above.

Rules of this room: codes are opaque (no logic on parts of them); an organ is never deleted, its validity ends; every
question takes the day on which it is asked. Succession after a reform belongs to the plan of a reorganisation.
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


@attrs.frozen(kw_only=True)
class Organ:
    """An organ 机关: a code, a name, a parent, and the days [`valid_from`, `valid_to`) on which it exists."""

    code: str
    name: str
    kind: OrganKind
    parent: str | None
    valid_from: date
    valid_to: date | None = None
    name_en: str = ""

    def exists_on(self, day: date) -> bool:
        """Whether the organ exists on `day`."""
        return is_in_force(day, self.valid_from, self.valid_to)


@attrs.frozen
class Organisation:
    """The tree of organs of one area; lookups by code and day.

    `of` raises ClaimError naming every organ whose code is taken, whose parent is missing or that is its own ancestor.
    """

    organs: Mapping[str, Organ]

    @classmethod
    def of(cls, organs: Iterable[Organ]) -> Organisation:
        """Build the tree and check that it is one."""
        found: dict[str, Organ] = {}
        faults = []
        for organ in organs:
            if organ.code in found:
                faults.append(
                    Fault(organ.code, "organ-twice", f"{found[organ.code].name} and {organ.name} share a code")
                )
            found[organ.code] = organ
        for organ in found.values():
            if organ.parent is not None and organ.parent not in found:
                faults.append(Fault(organ.code, "organ-parent", f"parent {organ.parent!r} of {organ.name} is unknown"))
            seen = {organ.code}
            above = organ.parent
            while above is not None and above in found:
                if above in seen:
                    faults.append(Fault(organ.code, "organ-cycle", f"{organ.name} is its own ancestor"))
                    break
                seen.add(above)
                above = found[above].parent
        if faults:
            raise ClaimError("the organs do not form a tree", faults=faults, remedy="correct the organs named")
        return cls(found)

    def get(self, code: str) -> Organ:
        """The organ with this code, whether or not it still exists. Raises UnknownError."""
        organ = self.organs.get(code)
        if organ is None:
            raise UnknownError(f"there is no organ {code!r}", remedy="use the code of an organ in the tree", organ=code)
        return organ

    def on(self, day: date) -> Iterator[Organ]:
        """The organs that exist on `day`, in the order they were given."""
        return (organ for organ in self.organs.values() if organ.exists_on(day))

    def is_within(self, code: str, root: str) -> bool:
        """Whether organ `code` is `root` or lies below it."""
        here: str | None = code
        while here is not None:
            if here == root:
                return True
            here = self.organs[here].parent if here in self.organs else None
        return False
