"""What a list is asked for: level, scope, organ, where the whole stands, page; from an address to a query and back.

Rules of this room: an address that cannot be read is refused with every fault, never repaired; the query that opens a
figure is made here and nowhere else, so that a figure and its list cannot part.
"""

from __future__ import annotations

import re
from datetime import date

import attrs
from starlette.datastructures import QueryParams

from egov_core.errors import ClaimError, Fault
from egov_core.ports.queries import CardsQuery, CasesQuery, Structure
from egov_core.server.desk import Desk
from egov_core.server.pages import address

SCOPES = ("running", "ledger", "revoked")
WHOLES = ("open", "with-upper", "closed")
CARDS_PATH = "/supervision/cards"
CASES_PATH = "/supervision/cases"
CARD_NAMES = ("level", "scope", "organ", "structure", "page")
CASE_NAMES = ("whole", "organ", "structure", "page")
"""What lists of cards and of cases can be asked for."""
PAGE_SIZE = 50
LAST_PAGE = 1_000_000

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CODE = re.compile(r"[\w.:-]{1,64}")


@attrs.frozen(kw_only=True)
class CardFilter:
    """Which cards a list shows."""

    level: str = ""
    organ: str = ""
    scope: str = "running"
    page: int = 1
    structure: date | None = None

    def query(self, desk: Desk, size: int = PAGE_SIZE) -> CardsQuery:
        """The query of this list."""
        return CardsQuery(
            area=desk.area,
            structure=structure_of(desk, self.structure),
            level=self.level or None,
            organ=self.organ or None,
            scope=self.scope,
            page=self.page,
            size=size,
        )

    def address(self, path: str = CARDS_PATH) -> str:
        """The address of this list."""
        return address(
            path, level=self.level, organ=self.organ, scope=self.scope, structure=self.structure, page=self.page
        )

    def turned_to(self, page: int) -> CardFilter:
        """The same list at another page."""
        return attrs.evolve(self, page=page)


@attrs.frozen(kw_only=True)
class CaseFilter:
    """Which cases a list shows; an empty `whole` is all of them."""

    whole: str = ""
    organ: str = ""
    page: int = 1
    structure: date | None = None

    def query(self, desk: Desk, size: int = PAGE_SIZE) -> CasesQuery:
        """The query of this list."""
        return CasesQuery(
            area=desk.area,
            structure=structure_of(desk, self.structure),
            whole=self.whole or None,
            organ=self.organ or None,
            page=self.page,
            size=size,
        )

    def address(self, path: str = CASES_PATH) -> str:
        """The address of this list."""
        return address(path, whole=self.whole, organ=self.organ, structure=self.structure, page=self.page)

    def turned_to(self, page: int) -> CaseFilter:
        """The same list at another page."""
        return attrs.evolve(self, page=page)


def structure_of(desk: Desk, day: date | None) -> Structure | None:
    """The structure of a day as a query takes it; None where organs are read as of each case's time."""
    return None if day is None else Structure(day=day, organisation=desk.organisation)


def structure_day(params: QueryParams) -> date | None:
    """By the structure of which day an address asks to read. Raises ClaimError where that is no day."""
    faults: list[Fault] = []
    found = _day(params, faults)
    _refuse(faults)
    return found


def card_filter(params: QueryParams) -> CardFilter:
    """Read an address. Raises ClaimError naming every part that cannot be read."""
    faults: list[Fault] = []
    found = CardFilter(
        level=_code(params, "level", faults),
        organ=_code(params, "organ", faults),
        scope=_choice(params, "scope", SCOPES, faults) or "running",
        structure=_day(params, faults),
        page=_page(params, faults),
    )
    _refuse(faults)
    return found


def case_filter(params: QueryParams) -> CaseFilter:
    """Read an address. Raises ClaimError naming every part that cannot be read."""
    faults: list[Fault] = []
    found = CaseFilter(
        whole=_choice(params, "whole", WHOLES, faults),
        structure=_day(params, faults),
        organ=_code(params, "organ", faults),
        page=_page(params, faults),
    )
    _refuse(faults)
    return found


def refuse_unknown(chosen: CardFilter | CaseFilter, total: int, desk: Desk) -> None:
    """Refuse an empty list of an organ or a level that does not exist, which would look like a good day.

    A list that has something in it is always shown: organs leave the register, and policies change their levels.
    Raises ClaimError naming each.
    """
    if total:
        return
    faults: list[Fault] = []
    if chosen.organ and chosen.organ not in desk.organisation.organs:
        faults.append(Fault("?organ", "unknown", f"{chosen.organ} is no organ of this office"))
    if isinstance(chosen, CardFilter) and chosen.level and chosen.level not in desk.policy("").levels:
        known = ", ".join(desk.policy("").levels)
        faults.append(Fault("?level", "unknown", f"{chosen.level} is no level of this office; there are {known}"))
    _refuse(faults)


def _code(params: QueryParams, name: str, faults: list[Fault]) -> str:
    value = params.get(name, "")
    if value and not _CODE.fullmatch(value):
        faults.append(Fault(f"?{name}", "invalid", "is not a code"))
        return ""
    return value


def _choice(params: QueryParams, name: str, choices: tuple[str, ...], faults: list[Fault]) -> str:
    value = params.get(name, "")
    if value and value not in choices:
        faults.append(Fault(f"?{name}", "unknown", f"must be one of {', '.join(choices)}"))
        return ""
    return value


def _day(params: QueryParams, faults: list[Fault]) -> date | None:
    value = params.get("structure", "")
    if not value:
        return None
    try:
        if _DAY.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass  # such as the thirtieth of February: said below
    faults.append(Fault("?structure", "invalid", "must be a day: 2019-03-20"))
    return None


def _page(params: QueryParams, faults: list[Fault]) -> int:
    value = params.get("page", "1") or "1"
    if not (value.isascii() and value.isdigit() and len(value) <= 9 and 1 <= int(value) <= LAST_PAGE):
        faults.append(Fault("?page", "invalid", f"must be a whole number from 1 to {LAST_PAGE}"))
        return 1
    return int(value)


def _refuse(faults: list[Fault]) -> None:
    if faults:
        raise ClaimError(
            f"the address cannot be read: {'; '.join(f'{fault.path} {fault.message}' for fault in faults)}",
            faults=faults,
            remedy="open the list from the board",
        )
