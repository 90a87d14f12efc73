"""Authority: who may do which step of which item for which organ, on which day.

Rules of this room: deny by default. A grant names a person, a role, an organ and the items; it never widens by itself.
A grant over an organ covers the organs below it. The answer to a refusal says what would have been needed.

Sources: 行政许可法 24 (entrusting another organ), 34, 42; the notice on authorisations never adjusted (N2).
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from datetime import date

import attrs

from egov_core.domain.legal import LegalBasis, is_in_force
from egov_core.domain.organisation import Organisation
from egov_core.errors import NoAuthorityError


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


@attrs.frozen(kw_only=True)
class Grant:
    """One authorisation 授权: `person` holds `role` in `organ` for `items` on [`valid_from`, `valid_to`)."""

    person: str
    role: Role
    organ: str
    items: frozenset[str] = frozenset({ALL_ITEMS})
    valid_from: date
    valid_to: date | None = None
    delegated_by: str | None = None
    basis: LegalBasis | None = None

    def covers(self, role: Role, item: str, day: date) -> bool:
        """Whether the grant speaks about this role and item on this day."""
        return (
            self.role is role
            and (ALL_ITEMS in self.items or item in self.items)
            and is_in_force(day, self.valid_from, self.valid_to)
        )


@attrs.frozen
class Authority:
    """All grants of one area, by person."""

    grants: Mapping[str, tuple[Grant, ...]]

    @classmethod
    def of(cls, grants: Iterable[Grant]) -> Authority:
        """Group grants by person."""
        grouped: dict[str, list[Grant]] = {}
        for grant in grants:
            grouped.setdefault(grant.person, []).append(grant)
        return cls({person: tuple(found) for person, found in grouped.items()})

    def require(
        self, person: str, role: Role, *, item: str, organ: str, day: date, organisation: Organisation
    ) -> Grant:
        """The grant under which `person` may act in `role` on `item` of `organ` on `day`.

        Raises NoAuthorityError, saying which grant would be needed.
        """
        for grant in self.grants.get(person, ()):
            if grant.covers(role, item, day) and organisation.is_within(organ, grant.organ):
                return grant
        raise NoAuthorityError(
            f"{person} may not act as {role.value} for item {item} of organ {organ} on {day}",
            remedy=f"have the administration grant {person} the role {role.value} for this organ and item",
            person=person,
            role=role.name.lower(),
            item=item,
            organ=organ,
            day=day.isoformat(),
        )
