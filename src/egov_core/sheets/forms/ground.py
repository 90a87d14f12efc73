"""What items are drawn up over: a place with its organs and its published items, on the day from which they hold.

Rules of this room: organs are found by their names as they are on that day, or by their codes; an organ that nobody
knows is founded where that was asked for, and else refused.
"""

from __future__ import annotations

import hashlib
from datetime import date

import attrs

from egov_core.domain.catalogue import Catalogue, ItemVersion
from egov_core.domain.catalogue.versions_to_come import Published, is_as_published, publish_over, version_from
from egov_core.domain.organisation import UPPER, Organ, Organisation, OrganKind
from egov_core.sheets.forms.elements import Names
from egov_core.sheets.forms.words import NotRead


@attrs.frozen(kw_only=True)
class Ground:
    """What items are drawn up over: the area, its organs and its published items, and the day from which they hold.

    `founding` says that an organ nobody knows is founded, below `parent`. `only` is the one organ whose items are
    taken: of the unit that hands the forms in.
    """

    area: str
    valid_from: date
    organisation: Organisation = attrs.field(factory=lambda: Organisation.of([]))
    catalogue: Catalogue = attrs.field(factory=lambda: Catalogue.of([]))
    founding: bool = False
    parent: str | None = None
    only: str | None = None

    def published(self, code: str) -> ItemVersion | None:
        """The version of an item over which one is drawn up: that of the day, else the next one, else the last."""
        return version_from(self.catalogue.items.get(code, ()), self.valid_from)

    def comes_to(self, item: ItemVersion) -> Published:
        """The versions that an item drawn up leads to; none where it says what is published."""
        versions = self.catalogue.items.get(item.code, ())
        if is_as_published(versions, item, self.valid_from):
            return Published(versions=())
        return publish_over(versions, item, begins=self.valid_from)

    @property
    def names(self) -> Names:
        """The organs by their codes, as they are called on the day."""
        organs = self.organisation.organs.values()
        return Names(by_code={organ.code: organ.as_on(self.valid_from).name for organ in organs})


def code_of(kind: str, *parts: str) -> str:
    """A code for what has none: a digest, so that rows may be moved without changing it."""
    return f"{kind}{hashlib.sha256(chr(31).join(parts).encode()).hexdigest()[:16]}"


@attrs.define
class Organs:
    """The organs by name, and those founded so far by code, with what is to be said once of some of them."""

    ground: Ground
    founded: dict[str, Organ] = attrs.field(factory=dict)
    hints: dict[str, NotRead] = attrs.field(factory=dict)
    _by_name: dict[str, list[Organ]] = attrs.field(factory=dict)

    def __attrs_post_init__(self) -> None:
        day = self.ground.valid_from
        for organ in self.ground.organisation.on(day):
            self._by_name.setdefault(organ.as_on(day).name, []).append(organ)  # the name it bears then

    def find(self, name: str, *, above: bool, own: bool = False) -> str | NotRead:
        """The code of an organ, founded if need be (`above`: at the level above), or why there is none.

        `own`: the organ of an item, which is the one that hands the form in where the ground says so.
        """
        code = self._find(name, above=above)
        only = self.ground.only
        if not own or only is None or isinstance(code, NotRead) or code == only:
            return code
        unit = self.ground.names.name(only)
        message = f"{name} is not {unit}, which hands the form in"
        return NotRead("other-unit", message, f"leave the item to its own unit, or write {unit}")

    def _find(self, name: str, *, above: bool) -> str | NotRead:
        found = self._by_name.get(name, [])
        if len(found) == 1:
            return found[0].code
        by_code = self.ground.organisation.organs.get(name)
        if by_code is not None and by_code.exists_on(self.ground.valid_from):
            return name
        if len(found) > 1:
            message = f"{name} is the name of several organs: {', '.join(organ.code for organ in found)}"
            return NotRead("organ-ambiguous", message, "write the code of the one that is meant")
        if self.ground.founding:
            return self._found(name, above=above)
        message = f"there is no organ {name} on {self.ground.valid_from}"
        remedy = "write its name as the office has it, or found what is missing with --found-organs"
        return NotRead("organ-unknown", message, remedy)

    def _own(self) -> list[str]:
        """The names of the organs of the place itself; 市水利局 stands above it."""
        return [name for name, held in self._by_name.items() if any(one.kind not in UPPER for one in held)]

    def _found(self, name: str, *, above: bool) -> str:
        root = self.ground.organisation.organs.get(self.ground.parent or "")
        parent = (root.parent if root is not None else None) if above else self.ground.parent
        organ = Organ(
            code=code_of("D", self.ground.area, name),
            name=name,
            kind=OrganKind.CITY if above else OrganKind.DEPARTMENT,
            parent=parent,
            valid_from=self.ground.valid_from,
        )
        near = [] if above else [one for one in self._own() if _differ_by_the_place(name, one)]
        if near:
            message = f"{name} is founded beside {'、'.join(near)}, whose name differs by that of the place only"
            remedy = f"where they are the same organ, write {near[0]} as the office has it"
            self.hints[organ.code] = NotRead("organ-near", message, remedy, warning=True)
        self.founded[organ.code] = organ
        self._by_name[name] = [organ]
        return organ.code


def _differ_by_the_place(one: str, other: str) -> bool:
    """Whether two names of organs of one county differ by the place before one of them only: 县水利局 and 水利局."""
    short, long = sorted((one, other), key=len)
    place = long.removesuffix(short)
    return len(short) > 1 and place not in ("", long) and place[-1] in "县区市旗"
