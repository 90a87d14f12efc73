"""Area codes 行政区划代码 with the days on which they are valid, and what took the place of the retired ones.

Rules of this room: a code is valid for what happened on its days, for ever; a retired one is refused for what happens
now and named with its successors. Nothing is read from the digits.

Sources: GB/T 2260; 行政区划代码管理办法 (a retired code is not given again).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import attrs

from egov_core.domain.legal import is_in_force
from egov_core.errors import CodeListError, Fault, UnknownError


@attrs.frozen(kw_only=True)
class AreaCode:
    """A code of an area, its name, the days [`valid_from`, `valid_to`) on which it is valid, and who follows it."""

    code: str
    name: str
    valid_from: date
    valid_to: date | None = None
    successors: tuple[str, ...] = ()


@attrs.frozen
class AreaCodes:
    """The codes of a place and around it."""

    codes: Mapping[str, AreaCode]

    @classmethod
    def of(cls, codes: Iterable[AreaCode]) -> AreaCodes:
        """Gather codes. Raises CodeListError naming codes given twice, successors that are none, ends before starts."""
        found: dict[str, AreaCode] = {}
        faults = []
        for one in codes:
            if one.code in found:
                faults.append(Fault(one.code, "twice", "is there twice: a retired code is not given again"))
            if one.valid_to is not None and one.valid_to <= one.valid_from:
                faults.append(Fault(one.code, "order", "ends before it begins"))
            if one.successors and one.valid_to is None:
                faults.append(Fault(one.code, "order", "has successors and no end"))
            found[one.code] = one
        for one in found.values():
            faults += [
                Fault(one.code, "unknown-successor", f"{code!r} is no code of the table")
                for code in one.successors
                if code not in found
            ]
        if faults:
            raise CodeListError("the area codes contradict each other", faults=faults, remedy="correct the codes named")
        return cls(found)

    def on(self, code: str, day: date) -> AreaCode:
        """The area of a code that is used on a day. Raises UnknownError, naming what took its place."""
        found = self.codes.get(code)
        if found is None:
            raise UnknownError(f"there is no area code {code!r}", remedy="look it up in the table of areas", area=code)
        if not is_in_force(day, found.valid_from, found.valid_to):
            after = found.valid_to is not None and day >= found.valid_to
            new = "、".join(f"{self.codes[one].name} ({one})" for one in found.successors)
            raise UnknownError(
                f"the area code {code} ({found.name}) is "
                + (f"retired since {found.valid_to}" if after else f"valid from {found.valid_from} only")
                + f", and is used on {day}",
                remedy=f"use that of {new}" if after and new else "use the code that is valid on that day",
                area=code,
                day=day.isoformat(),
                successors=list(found.successors),
            )
        return found


def parse_area_codes(data: Mapping[str, Any], where: str) -> AreaCodes:
    """Area codes from `[[area]]` tables: code, name, valid-from, valid-to, successors. Raises CodeListError."""
    faults: list[Fault] = []
    found = []
    rows = data.get("area", [])
    for index, row in enumerate(rows if isinstance(rows, list) else []):
        path = f"{where}: area[{index}]"
        known = ("code", "name", "valid-from", "valid-to", "successors")
        before = len(faults)
        faults += [Fault(f"{path}.{key}", "unknown-field", "is not a key") for key in row if key not in known]
        for key in ("code", "name"):
            if not isinstance(row.get(key), str) or not row[key].strip():
                faults.append(Fault(f"{path}.{key}", "missing", "must be a text"))
        for key in ("valid-from", "valid-to"):
            if (key in row or key == "valid-from") and type(row.get(key)) is not date:
                faults.append(Fault(f"{path}.{key}", "type", "must be a date: 2016-01-01, without quotes"))
        successors = row.get("successors", [])
        if not isinstance(successors, list) or not all(isinstance(one, str) for one in successors):
            faults.append(Fault(f"{path}.successors", "type", "must be a list of codes"))
        if len(faults) == before:
            found.append(
                AreaCode(
                    code=row["code"],
                    name=row["name"],
                    valid_from=row["valid-from"],
                    valid_to=row.get("valid-to"),
                    successors=tuple(successors),
                )
            )
    if faults:
        raise CodeListError(
            f"{where}: the area codes cannot be read ({len(faults)} faults)",
            faults=faults,
            remedy="correct the places named; the form is described in docs/reference/code-lists.md",
        )
    return AreaCodes.of(found)
