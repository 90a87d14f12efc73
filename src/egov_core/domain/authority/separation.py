"""Separation of duties 职责分离: the roles that one person may not hold, or not use in one case, together.

Rules of this room: pairs are data, each with its reason; a place that names none has none. They hold for whoever stands
in for somebody as for everybody else.

The form (TOML):

    [[pair]]
    roles = ["审核", "批准"]
    scope = "case"                    # one person, one case; "person": one person, the same item, at any time
    reason = "…"
    basis = { instrument = "…", article = "…" }
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import Any

import attrs

from egov_core.domain.authority.records import Role
from egov_core.domain.legal import LegalBasis, parse_basis
from egov_core.errors import ClaimError, Fault


class Scope(enum.Enum):
    """Where a pair of roles may not meet: in one case, or in one person."""

    CASE = "case"
    PERSON = "person"


@attrs.frozen(kw_only=True)
class Separation:
    """Two roles that are kept apart 不相容职责, and why."""

    roles: frozenset[Role]
    scope: Scope
    reason: str
    basis: LegalBasis

    def other(self, role: Role) -> Role | None:
        """The role that does not go with `role`; None where the pair is not about it."""
        rest = self.roles - {role}
        return next(iter(rest)) if role in self.roles and len(rest) == 1 else None


_KEYS = ("roles", "scope", "reason", "basis")


def parse_separations(data: Mapping[str, Any], where: str) -> tuple[Separation, ...]:
    """Read pairs from a table. Raises ClaimError with every fault and its path in `where`."""
    faults = [
        Fault(f"{where}: {key}", "unknown-field", "is not a key; known is [[pair]]") for key in data if key != "pair"
    ]
    rows = data.get("pair", [])
    if not isinstance(rows, list):
        faults.append(Fault(f"{where}: pair", "type", "pairs are written as [[pair]]"))
        rows = []
    found = [_pair(row, f"{where}: pair[{index}]", faults) for index, row in enumerate(rows)]
    if faults:
        raise ClaimError(
            f"{where}: the pairs of roles cannot be read ({len(faults)} faults)",
            faults=faults,
            remedy="correct the places named; the form is described in docs/explanation/authority.md",
        )
    return tuple(one for one in found if one is not None)


def _pair(row: Any, path: str, faults: list[Fault]) -> Separation | None:
    if not isinstance(row, Mapping):
        faults.append(Fault(path, "type", "must be a table"))
        return None
    before = len(faults)
    faults += [
        Fault(f"{path}.{key}", "unknown-field", f"is not a key; known are {', '.join(_KEYS)}")
        for key in row
        if key not in _KEYS
    ]
    known = {role.value: role for role in Role} | {role.name.lower().replace("_", "-"): role for role in Role}
    given = row.get("roles")
    names = given if isinstance(given, list) else []
    roles = frozenset(known[name] for name in names if isinstance(name, str) and name in known)
    if len(names) != 2 or len(roles) != 2:
        faults.append(
            Fault(f"{path}.roles", "roles", f"must be two different ones of {'、'.join(r.value for r in Role)}")
        )
    scopes = {scope.value: scope for scope in Scope}
    if row.get("scope") not in scopes:
        faults.append(Fault(f"{path}.scope", "scope", f"must be one of {', '.join(scopes)}"))
    reason = row.get("reason")
    if not isinstance(reason, str) or not reason.strip():
        faults.append(Fault(f"{path}.reason", "missing", "must say why, in a sentence"))
    basis = parse_basis(row.get("basis"), f"{path}.basis", faults)
    if len(faults) > before:
        return None
    return Separation(roles=roles, scope=scopes[row["scope"]], reason=str(reason).strip(), basis=basis)
