"""What is kept of a reorganisation that was carried through: the plan, its successions, and what undoing needs.

Rules of this room: values only. The rows as they were before are kept as the texts that they were, so that undoing
gives them back byte for byte, whatever a later program would write for the same value.
"""

from __future__ import annotations

from datetime import date, datetime

import attrs

from egov_core.domain.organisation import Succession
from egov_core.domain.reorganisation.plan import Plan


@attrs.frozen(kw_only=True)
class ChangedRow:
    """One row of reference data that the plan wrote: the text it replaced (empty: it is new), the digest of its own."""

    kind: str
    code: str
    version: int
    before: str
    after: str


@attrs.frozen
class EndedRecord:
    """That a plan has ended a record of authority on `day`; `before` is the end that it had had (None: none)."""

    plan: str
    day: date
    before: date | None

    def reopened_by(self, end: date | None) -> bool:
        """Whether a record that ended on `end` would go on beyond the day of the plan."""
        return end is None or end > self.day


@attrs.frozen(kw_only=True)
class Reorganisation:
    """A plan that was applied 已实施的改革: the `number`-th of its area.

    `digest_before` and `digest_after` are those of the reference data without the reorganisations themselves.
    """

    code: str
    number: int
    plan: Plan
    successions: tuple[Succession, ...]
    rows: tuple[ChangedRow, ...]
    digest_before: str
    digest_after: str
    applied_at: datetime
    applied_by: str
