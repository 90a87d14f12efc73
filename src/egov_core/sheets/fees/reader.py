"""From the text of a cell to what it says about fees: the way in.

Rules of this room: the layout is undone first; what is one answer as a whole is not cut up, and what cannot be read as
a whole (a question, half a bracket, an essay) is not begun with. Nothing is dropped and nothing raises.
"""

from __future__ import annotations

import re

from egov_core.sheets.clauses import is_balanced, unwrapped
from egov_core.sheets.denials import is_asked
from egov_core.sheets.fees.cell import Cell
from egov_core.sheets.fees.reasons import LONGEST, unread
from egov_core.sheets.fees.stated import FeeClass, FeeReading
from egov_core.sheets.fees.words import answer
from egov_core.sheets.layout import set_solid, without_list_numbers
from egov_core.sheets.signs import tidy
from egov_core.sheets.ticks import chosen, has_boxes


def read_fee(text: str) -> FeeReading:
    """All that `text` says about fees, with what was not understood. Never raises."""
    cell, _ = unwrapped(set_solid(tidy(text[: 2 * LONGEST])))
    cell = without_list_numbers(cell)
    if has_boxes(cell):
        ticks = chosen(cell)
        if len(ticks) != 1:
            return FeeReading(text=text, unread=(unread(text, "ticked"),))
        cell = ticks[0]
    if len(cell) > LONGEST or len(text) > 2 * LONGEST:
        return FeeReading(text=text, unread=(unread(text, "long"),))
    if not is_balanced(cell):
        return FeeReading(text=text, unread=(unread(text, "brackets"),))
    if is_asked(cell):
        return FeeReading(text=text, unread=(unread(text, "question"),))
    whole = answer(cell) or answer(re.sub(r"\s", "", cell))
    if whole is not None:
        conditions = (whole.condition,) if whole.condition else ()
        return FeeReading(
            text=text,
            fee_class=whole.fee_class,
            conditions=conditions,
            basis=(whole.basis,) if whole.basis else (),
        )
    if not cell:
        return FeeReading(text=text, fee_class=FeeClass.UNKNOWN)
    found = Cell(cell)
    found.go_through()
    return found.reading(text)
