"""Scripts: what people will ask of an office, and when, written before it happens.

Rules of this room: values only. The simulator writes scripts, a demonstration plays them; neither knows the other.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import attrs

from egov_core.domain.authority import Role
from egov_core.domain.cases import commands as c
from egov_core.domain.catalogue import ItemVersion


@attrs.frozen(kw_only=True)
class PlannedStep:
    """One thing somebody will ask for: when, in which role (None: the applicant), and the command for a case id."""

    at: datetime
    role: Role | None
    command: Callable[[str], c.Command]


@attrs.frozen(kw_only=True)
class Plan:
    """The course of one case: its item, how it goes, its steps in order; the first is the submission."""

    number: int
    item: ItemVersion
    behaviour: str
    steps: tuple[PlannedStep, ...]
