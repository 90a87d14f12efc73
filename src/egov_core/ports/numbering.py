"""What we ask of a place that numbers its cases in its own way 办件编号.

Rules of this room: a number is a prefix and a running number of a fixed width, so that two cases cannot get one number:
the running number is given by the store in the commit that files the case, without gaps.
"""

from __future__ import annotations

from datetime import datetime

import attrs

from egov_core.domain.catalogue import ItemVersion
from egov_core.domain.organisation import Organ

LONGEST = 200
"""Characters of a prefix and of a series: codes of organs are the place's own, and may be long."""
MOST_DIGITS = 12


@attrs.frozen(kw_only=True)
class NumberRequest:
    """The case that needs a number: its area, item and organ, and when it was received."""

    area: str
    item: ItemVersion
    organ: Organ
    at: datetime


@attrs.frozen(kw_only=True)
class Numbering:
    """How the case is numbered: `prefix`, then the running number with at least `digits` digits.

    The running number counts the cases of one `series`, by default those of one prefix. A series that is wider than
    its prefix (one count for all departments of a year) is allowed; a narrower one would give a number twice.
    """

    prefix: str
    digits: int = 5
    series: str = ""

    def __attrs_post_init__(self) -> None:
        if not _is_prefix(self.prefix):
            raise ValueError(
                f"{self.prefix!r} is no prefix: printable, at most {LONGEST} characters, without spaces at its ends, "
                "not ending in a digit"
            )
        if type(self.digits) is not int or not 1 <= self.digits <= MOST_DIGITS:
            raise ValueError(f"{self.digits!r} digits: from 1 to {MOST_DIGITS}")
        if not isinstance(self.series, str) or len(self.series) > LONGEST:
            raise ValueError(f"a series is a text of at most {LONGEST} characters")

    @property
    def counted_by(self) -> str:
        """The series whose running number it takes."""
        return self.series or self.prefix

    def number(self, running: int) -> str:
        """The whole number of a case."""
        return f"{self.prefix}{running:0{self.digits}d}"


def _is_prefix(text: object) -> bool:
    """Whether a running number can stand after it: with a digit at its end, two cases could get one number."""
    if not isinstance(text, str) or not 0 < len(text) <= LONGEST:
        return False
    return text.isprintable() and text == text.strip() and not text[-1].isdigit()
