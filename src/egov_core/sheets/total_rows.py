"""Rows that count the others: 合计, 县水利局小计 and the like.

Rules of this room: texts in, yes or no out. Such a row is no record. Whoever passes it over says so, since a row that
is silently missing looks like one that was forgotten.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_TOTAL = re.compile(r"(?:.{0,15}(?:合计|小计|总计)|共计)(?:[：:(（\d].*)?")
SAID = "the row is a total and is not read"


def is_total(texts: Sequence[str]) -> bool:
    """Whether the first filled cell of a row says that it counts the others."""
    first = next((text for text in texts if text.strip()), "")
    return _TOTAL.fullmatch("".join(first.split())) is not None
