"""Why a part of a limit was not read: stable codes, and sentences with the way out.

Rules of this room: a reason names what is open and how to write it so that it is not; it never offers a guess.
"""

from __future__ import annotations

from egov_core.sheets.limits.stated import Unread
from egov_core.sheets.signs import shown

LONGEST = 600
"""Signs of a cell that are read; a longer text is an essay, and no limit."""

MESSAGES = {
    "words": "is not understood; write the limit by itself, for example 20个工作日",
    "number": "holds a number that cannot be read; write it in digits",
    "decimals": "may be a decimal, or the number of a list before an amount; write the amount alone: 20个工作日",
    "question": "is a question; write what holds, for example 20个工作日",
    "range": "is no range; write the smaller amount first, and one unit: 5-20个工作日",
    "unit": "is counted in a unit that is not taken; write 工作日, 自然日, 月, 年, 小时 or 工作小时",
    "no-unit": "has no unit; write for example 20个工作日",
    "several": "holds several amounts in one clause; part them by commas, each with its heading",
    "brackets": "has a bracket without its other half; something may have been cut off",
    "long": f"is longer than {LONGEST} signs; put the limit into a cell of its own",
    "no-limit": "names no limit; write for example 20个工作日, 即办 or 无时限",
    "units-differ": "gives limits in different units; they have no common amount, each is listed by itself",
    "not-joined": "gives several limits and does not say how they belong together; write a heading before each",
    "days-conflict": "says of the same days that they are working days and that they are natural days",
}


def unread(text: str, reason: str) -> Unread:
    """A part of a cell that was not read, and why."""
    return Unread(text.strip(), reason, f"“{shown(text)}” {MESSAGES[reason]}")
