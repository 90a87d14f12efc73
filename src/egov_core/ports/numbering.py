"""What we ask of a place that numbers its cases in its own way 办件编号.

Rules of this room: a number is a prefix and a running number of a fixed width, so that two cases cannot get one number:
the running number is given by the store in the commit that files the case, without gaps.
"""

from __future__ import annotations

import re
from datetime import datetime

import attrs

from egov_core.domain.catalogue import ItemVersion
from egov_core.domain.organisation import Organ

PREFIX = re.compile(r"[0-9A-Za-z\u4e00-\u9fff〔〕（）()\[\]_.-]{1,64}")
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
        if not isinstance(self.prefix, str) or not PREFIX.fullmatch(self.prefix) or self.prefix[-1:].isdigit():
            raise ValueError(
                f"{self.prefix!r} is no prefix: letters, digits, Chinese characters and -_.〔〕, not ending in a digit"
            )
        if type(self.digits) is not int or not 1 <= self.digits <= MOST_DIGITS:
            raise ValueError(f"{self.digits!r} digits: from 1 to {MOST_DIGITS}")
        if not isinstance(self.series, str) or len(self.series) > 64:
            raise ValueError("a series is a text of at most 64 characters")

    @property
    def counted_by(self) -> str:
        """The series whose running number it takes."""
        return self.series or self.prefix

    def number(self, running: int) -> str:
        """The whole number of a case."""
        return f"{self.prefix}{running:0{self.digits}d}"
