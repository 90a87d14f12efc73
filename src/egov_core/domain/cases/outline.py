"""Of a case what is asked of thousands at once: whose act was its last, and which step it is in.

Rules of this room: values only, and nothing that a case has not. It is read from the same stored form as the case, in a
sixth of the time: limits, lapses and timers are left where they are.
"""

from __future__ import annotations

from datetime import datetime

import attrs

from egov_core.domain.cases.case import Holding, Mark
from egov_core.domain.people import Actor


@attrs.frozen(kw_only=True)
class CaseOutline:
    """A case as far as its open work goes; every field is that of the `Case`."""

    item_version: int
    history: tuple[Mark, ...]
    last_actor: Actor
    last_act: str
    last_at: datetime
    holdings: tuple[Holding, ...] = ()
