"""The value of one cell of a workbook as text, or why it has none.

Rules of this room: numbers as plain decimal text, dates as ISO text, texts trimmed; nothing is rounded. A number that
the spreadsheet has rounded already is refused: it keeps fifteen digits, and the rest of a code is gone for good.
"""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal

import attrs

from egov_core.sheets.armour import bare

SHOWN_ERRORS = frozenset({
    "#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#DATA!",
    "#SPILL!", "#CALC!", "#FIELD!", "#BLOCKED!", "#CONNECT!", "#UNKNOWN!", "#GETTING_DATA",
})  # fmt: skip
"""What spreadsheets show where a value could not be calculated."""
_EXACT = Decimal(10) ** 15


@attrs.frozen
class NoText:
    """Why a cell has no text: code, sentence, remedy."""

    code: str
    message: str
    remedy: str


def shows_error(shown: str) -> NoText:
    """Why a cell with an error value has no text. Read as empty it would be a thing that nobody has said."""
    return NoText("cell-error", f"the cell shows {shown or 'an error'}", "write the value itself")


def cell_text(value: object) -> str | NoText:
    """The text of a value as python-calamine gives it."""
    if isinstance(value, str):
        if value in SHOWN_ERRORS:
            return shows_error(value)
        return bare(value.strip(), typed=True)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, datetime):
        at_midnight = value.time() == time()
        return value.date().isoformat() if at_midnight else value.isoformat(sep="T", timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.isoformat(timespec="seconds")
    return str(value)


def _number(value: float) -> str | NoText:
    number = Decimal(repr(value))
    if abs(number) >= _EXACT:
        return NoText(
            "number-rounded",
            f"{value:.6g} is a number of more than fifteen digits, and the spreadsheet has rounded it",
            "format the cell as text and type the code again",
        )
    whole = number == number.to_integral_value()
    return f"{number.quantize(Decimal(1)):f}" if whole else f"{number.normalize():f}"
