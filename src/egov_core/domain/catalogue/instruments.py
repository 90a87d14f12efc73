"""Legal instruments that have ended 失效的法律法规, so that a basis that rests on one is found.

Rules of this room: values and their form; which instruments have ended is data with its source. Names are compared
without brackets and without the name of the state, because catalogues write both.

The form (TOML):

    [[instrument]]
    name = "《中华人民共和国合同法》"
    ended = 2021-01-01
    replaced-by = "《中华人民共和国民法典》"
    basis = { instrument = "《中华人民共和国民法典》", article = "第一千二百六十条" }
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

import attrs

from egov_core.domain.catalogue.items import ItemVersion
from egov_core.domain.legal import LegalBasis, parse_basis
from egov_core.errors import ClaimError, Fault

_AROUND = re.compile(r"[《》〈〉\s]|中华人民共和国|（[^）]*）|\([^)]*\)")


@attrs.frozen(kw_only=True)
class EndedInstrument:
    """An instrument that has ended on a day, what took its place, and where that is said."""

    name: str
    ended: date
    replaced_by: str = ""
    basis: LegalBasis


def plain_name(instrument: str) -> str:
    """The name of an instrument as it is compared."""
    return _AROUND.sub("", instrument)


def bases_of(item: ItemVersion) -> Iterator[tuple[str, LegalBasis]]:
    """Every basis that an item names, with the element that names it."""
    yield from (("basis", one) for one in item.basis)
    if not item.statutory_is_default and item.statutory.basis not in item.basis:
        yield "statutory", item.statutory.basis
    yield from ((f"materials.{one.code}", one.basis) for one in item.materials if one.basis is not None)
    if item.fees is not None and item.fees.basis is not None:
        yield "fees.basis", item.fees.basis


def parse_ended(data: Mapping[str, Any], where: str) -> tuple[EndedInstrument, ...]:
    """Ended instruments from a table. Raises ClaimError with every fault and its path in `where`."""
    faults: list[Fault] = []
    rows = data.get("instrument", [])
    found = []
    for index, row in enumerate(rows if isinstance(rows, list) else []):
        path = f"{where}: instrument[{index}]"
        known = ("name", "ended", "replaced-by", "basis")
        faults += [Fault(f"{path}.{key}", "unknown-field", "is not a key") for key in row if key not in known]
        if not isinstance(row.get("name"), str) or not row["name"].strip():
            faults.append(Fault(f"{path}.name", "missing", "must be a text"))
        if type(row.get("ended")) is not date:
            faults.append(Fault(f"{path}.ended", "type", "must be a date: 2021-01-01, without quotes"))
        if not isinstance(row.get("replaced-by", ""), str):
            faults.append(Fault(f"{path}.replaced-by", "type", "must be a text"))
        basis = parse_basis(row.get("basis"), f"{path}.basis", faults)
        if not faults:
            by = row.get("replaced-by", "")
            found.append(EndedInstrument(name=row["name"], ended=row["ended"], replaced_by=by, basis=basis))
    if faults:
        raise ClaimError(
            f"{where}: the ended instruments cannot be read ({len(faults)} faults)",
            faults=faults,
            remedy="correct the places named",
        )
    return tuple(found)


def by_name(instruments: Iterable[EndedInstrument]) -> dict[str, EndedInstrument]:
    """Instruments by the name as it is compared; a later one of the same name takes the place of an earlier one."""
    return {plain_name(one.name): one for one in instruments}
