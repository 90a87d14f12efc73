"""What the doctor tells, and what a plugin's own examination is given.

Rules of this room: values only; every finding has a code, a severity, a sentence and what to do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol, runtime_checkable

import attrs

from egov_core.ports._allowed import allowed


@attrs.frozen(kw_only=True)
class PlaceView:
    """The office as a health check sees it: its area, the present instant, and how many rows of each kind there are."""

    area: str
    now: datetime
    counts: Mapping[str, int]


@attrs.frozen(kw_only=True)
class HealthFinding:
    """One finding: `ok`, `warning` or `error`."""

    code: str
    severity: str = attrs.field(validator=allowed("ok", "warning", "error"))
    message: str
    remedy: str = ""


@runtime_checkable
class ExaminedStorage(Protocol):
    """A storage backend that can say of itself what could go wrong with it: which server it is, whether it loses data.

    A backend need not be one; the doctor then says nothing of it.
    """

    def findings(self) -> Sequence[HealthFinding]:
        """What the doctor tells of it. Reading only; raises StorageError where it cannot be asked."""
