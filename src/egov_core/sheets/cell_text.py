"""The value of one cell of a workbook as text, or why it has none.

Rules of this room: numbers as plain decimal text, dates as ISO text, texts trimmed; nothing is rounded. A number that
the spreadsheet has rounded already is refused: it keeps fifteen digits, and the rest of a code is gone for good; so is
the text that it writes for one into a CSV file, where 9.90199E+17 is what is left of an identity number. Signs that
nobody sees are kept and told: they come along when a text is copied, and two codes that look alike are two.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time
from decimal import Decimal

import attrs

from egov_core.domain.cells import LONGEST_CELL, cell_length
from egov_core.domain.codes.written import is_scientific
from egov_core.sheets.armour import bare

SHOWN_ERRORS = frozenset({
    "#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#DATA!",
    "#SPILL!", "#CALC!", "#FIELD!", "#BLOCKED!", "#CONNECT!", "#UNKNOWN!", "#GETTING_DATA",
})  # fmt: skip
"""What spreadsheets show where a value could not be calculated."""
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\U000e0000-\U000e007f]"
)
"""Control characters but for tab and line breaks, and what takes no room or only turns the direction of writing."""
_EXACT = Decimal(10) ** 15


@attrs.frozen
class NoText:
    """Why a cell has no text, or (a warning) one to look at: code, sentence, remedy."""

    code: str
    message: str
    remedy: str
    severity: str = "error"


_TYPE_AGAIN = "format the cell as text and type the code again"
ROUNDED = NoText(
    "number-rounded",
    "the cell has a long number as a spreadsheet shortens it, such as 1.23457E+17: its last digits are lost",
    _TYPE_AGAIN,
)
"""The number may be that of a person, so it is not repeated."""


def unseen(text: str) -> NoText | None:
    """What nobody sees in a text, by name and place; it may be in a name for a reason, and never in a code."""
    if text.isprintable():
        return None
    found = _UNSEEN.search(text)
    if found is None:
        return None
    name = unicodedata.name(found[0], "a control character").lower()
    return NoText(
        "unseen-character",
        f"character {found.start() + 1} of the cell is one that nobody sees: U+{ord(found[0]):04X}, {name}",
        "type the text again instead of copying it",
        severity="warning",
    )


def doubt(text: str) -> NoText | None:
    """What is wrong with a text wherever it stands: an error value, the rest of a number, unseen signs, its length."""
    if text in SHOWN_ERRORS:
        return shows_error(text)
    if is_scientific(text):
        return ROUNDED
    return unseen(text) if cell_length(text) <= LONGEST_CELL else _too_long(text)


def _too_long(text: str) -> NoText:
    """CSV and Word files have no bound of their own; what they bring has to fit into the workbook of an export."""
    return NoText(
        "cell-too-long",
        f"the cell has {cell_length(text)} characters, and a cell of a spreadsheet holds {LONGEST_CELL}",
        "shorten it: what a list holds is names, limits and conditions; a document is named and not copied",
    )


def shows_error(shown: str) -> NoText:
    """Why a cell with an error value has no text. Read as empty it would be a thing that nobody has said."""
    return NoText("cell-error", f"the cell shows {shown or 'an error'}", "write the value itself")


def cell_text(value: object) -> str | NoText:
    """The text of a value as python-calamine gives it."""
    if isinstance(value, str):
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
            _TYPE_AGAIN,
        )
    whole = number == number.to_integral_value()
    return f"{number.quantize(Decimal(1)):f}" if whole else f"{number.normalize():f}"
