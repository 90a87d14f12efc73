"""Verdicts: the answer about one person and one act, with its reason.

Rules of this room: a yes shows the whole chain, a no shows everything that failed on every way that was tried, the
nearest first, and what would be needed. Denied is what nothing permits.
"""

from __future__ import annotations

import attrs

from egov_core.domain.authority.powers import Act, Gap, Link, Power
from egov_core.errors import NoAuthorityError

TAKEN_IN = "it is taken in by egov staff import FILE --by PERSON --apply --config FILE"
"""How what a head decides on staff comes into the register."""


@attrs.frozen(kw_only=True)
class NearMiss:
    """A power that does not cover the act, and all that is missing."""

    power: Power
    gaps: tuple[Gap, ...]


@attrs.frozen(kw_only=True)
class Verdict:
    """Whether `person` may do `act` 权限判定: the power that permits it, or what was tried instead."""

    person: str
    act: Act
    power: Power | None = None
    tried: tuple[NearMiss, ...] = ()

    @property
    def permitted(self) -> bool:
        """Whether the act is permitted."""
        return self.power is not None

    @property
    def chain(self) -> tuple[Link, ...]:
        """Why it is permitted, from the person to what it rests on; empty where it is not."""
        return () if self.power is None else self.power.links

    @property
    def needed(self) -> str:
        """What would permit it, where nothing does."""
        act = self.act
        step = f" and step {act.step}" if act.step else ""
        return (
            f"have the head of the organ or of the government grant {self.person}, or a post that {self.person} fills, "
            f"the role {act.role.value} in {act.organ} for item {act.item}{step} on {act.day}"
        )

    def error(self) -> NoAuthorityError:
        """The refusal, which says what failed and what would be needed."""
        act = self.act
        step = f", step {act.step}," if act.step else ""
        what = f"{act.role.value} for item {act.item}{step} of organ {act.organ}"
        nearest = self.tried[0].gaps if self.tried else ()
        mended = f"; or mend what comes nearest: {'; '.join(gap.message for gap in nearest)}" if nearest else ""
        return NoAuthorityError(
            f"{self.person} may not act as {what} on {act.day}",
            remedy=f"{self.needed}{mended}; {TAKEN_IN}",
            person=self.person,
            role=act.role.name.lower(),
            item=act.item,
            step=act.step,
            organ=act.organ,
            day=act.day.isoformat(),
            failed=[[gap.message for gap in one.gaps] for one in self.tried],
        )
