"""The event by which a case passes to a later revision of the calendar.

Rules of this room: as in `events`, to whose list it belongs. Nobody acts in it: it follows from a notice.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

import attrs

from egov_core.domain.legal import instant


@attrs.frozen(kw_only=True)
class TimerShift:
    """What became of one timer's date. `told`: the old date stands, since it had been told and the law's is earlier.

    `was_provisional` and `provisional` say whether the old and the new date were only provisional.
    """

    timer_id: str
    kind: str
    old: datetime | None = attrs.field(converter=attrs.converters.optional(instant))
    new: datetime | None = attrs.field(converter=attrs.converters.optional(instant))
    told: bool = False
    was_provisional: bool = False
    provisional: bool = False


@attrs.frozen(kw_only=True)
class CalendarApplied:
    """The case is measured by the next revision of the calendar from here on; `changes` are the dates it moves.

    `notice` is what the revision added and `published` the day it was published. The event's own time is when the
    revision begins to decide: the publication, or the first day the notice changes, where that is earlier.
    """

    type: ClassVar[str] = "calendar-applied"
    revision: int
    notice: str
    published: date
    changes: tuple[TimerShift, ...] = ()
