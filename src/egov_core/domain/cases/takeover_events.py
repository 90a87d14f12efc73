"""The event by which a case comes in from an earlier system, when an office moves in with open cases.

Rules of this room: as in `events`, to whose list it belongs. It stands second in its stream, after the submission, so
that whoever reads on knows from when our own supervision counts. Nobody moves the case by it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar

import attrs

from egov_core.domain.legal import instant


@attrs.frozen(kw_only=True)
class TakenOver:
    """The case was taken over from an earlier system 移交接管; the event's own time is the cut-over 切换.

    `source` is that system and `number` the number the case has had there and keeps. `acts` counts what had been done
    there, the submission included: those events stand at the first places, this one left out. `cards_confirmed` says
    whether cards dated before the cut-over are issued. `cells` holds a keyed digest of each cell the case was read
    from, so that a file given again is compared without keeping what it said.
    """

    type: ClassVar[str] = "taken-over"
    source: str
    number: str
    cut_over: datetime = attrs.field(converter=instant)
    acts: int
    cards_confirmed: bool = False
    cells: Mapping[str, str] = attrs.field(factory=dict)
