"""Case numbers 办件编号: area, year, organ, running number, as `430423-2016-jg101-00001`.

Rules of this room: a number is made of what the request says, and of nothing else. No text of the province that fixes
a form is known to us; this one can be read by people and taken in by the tables of GB/T 39046, whose field 办件编号 is
`an..50`: letters, digits and hyphens, at most fifty. What would not go into that field is refused when the case is
filed, and not when it is sent up.
"""

from __future__ import annotations

import re
from typing import Literal

from egov_core.domain.legal import CHINA
from egov_core.errors import OfficeError
from egov_core.ports.numbering import Numbering, NumberRequest

LONGEST_NUMBER = 50
"""GB/T 39046, 办件编号 an..50."""
DIGITS = 5
MOST_DIGITS = 9
"""Room that is left for the running number, so that a number that fits now fits when the count has grown."""
FIELD = re.compile(r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*", re.ASCII)

CountedBy = Literal["organ", "area"]
"""Whether each organ counts its own cases of the year, or the whole area counts together."""


def hunan_number(request: NumberRequest, counted_by: CountedBy) -> Numbering:
    """How a case is numbered. Raises OfficeError where the organ's code would make a number that no table takes."""
    year = request.at.astimezone(CHINA).year  # the year of the counter where the case came in
    prefix = f"{request.area}-{year}-{request.organ.code}-"
    room = LONGEST_NUMBER - MOST_DIGITS - (len(prefix) - len(request.organ.code))
    if not FIELD.fullmatch(request.organ.code) or len(request.organ.code) > room:
        raise OfficeError(
            f"a case of {request.organ.name} cannot be numbered: the code {request.organ.code!r} does not go into a "
            f"number of letters, digits and single hyphens, at most {LONGEST_NUMBER}",
            remedy=f"give the organ a code of at most {room} letters, digits and hyphens, or leave the numbers to the "
            "library: [plugins.settings.hunan] numbering = false",
            organ=request.organ.code,
        )
    series = f"{request.area}-{year}" if counted_by == "area" else ""
    return Numbering(prefix=prefix, digits=DIGITS, series=series)
