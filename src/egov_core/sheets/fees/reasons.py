"""Why a part of a fee was not read: stable codes, and sentences with the way out.

Rules of this room: a reason names what is open and how to write it so that it is not; it never offers a guess.
"""

from __future__ import annotations

from egov_core.sheets.fees.stated import UnreadFee
from egov_core.sheets.signs import shown

LONGEST = 600
"""Signs of a cell that are read; a longer text is a price list, and belongs into a table of its own."""

MESSAGES = {
    "words": "is not understood; write 不收费, or an amount with what it is per: 10元/本",
    "number": "holds a number that cannot be read; write it in digits",
    "question": "is a question; write what holds: 不收费, or 10元/本",
    "ticked": "does not tick one box; tick it, or write 不收费, or an amount with what it is per: 10元/本",
    "range": "is no range; write the smaller amount first, and one unit: 4-5%",
    "unit": "says twice what the amount is per; write it once: 9元/对",
    "several": "holds several amounts in one clause; part them by commas, each with what it is for",
    "brackets": "has a bracket without its other half; something may have been cut off",
    "long": f"is longer than {LONGEST} signs; put the amounts into a table of their own",
    "conflict": "says at once that there is a fee and that there is none; write what is free and what is not",
    "not-joined": "gives several amounts and does not say what each is for; write it before each",
    "no-answer": "does not say whether there is a fee; write 不收费, or an amount with what it is per",
}


def unread(text: str, reason: str) -> UnreadFee:
    """A part of a fee that was not read, and why."""
    return UnreadFee(text.strip(), reason, f"“{shown(text)}” {MESSAGES[reason]}")
