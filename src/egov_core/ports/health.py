"""What the doctor tells, and what a plugin's own examination is given.

Rules of this room: values only; every finding has a code, a severity, a sentence and what to do.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

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
