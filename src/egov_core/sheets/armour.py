"""Texts that a spreadsheet would take for a formula, written so that it does not, and read back unchanged.

Rules of this room: one sign is put before such a text, and exactly this sign is taken away again; a text that has the
sign already gets another, so that nothing is lost. In a CSV file that is every text that could start a formula; in a
workbook cells are typed and only leading control characters, which are trimmed on reading, need the sign.

Source: OWASP ASVS 5.0, 1.2.10.
"""

from __future__ import annotations

import re

_SIGN = "'"
_FORMULA = re.compile(r"'*[=+\-@\t\r\n\0＝＋－＠]")
_CONTROL = re.compile(r"'*[\t\r\n]")


def armoured(text: str, *, typed: bool = False) -> str:
    """The text as it is written; `typed` in a cell that is declared to be text."""
    return _SIGN + text if (_CONTROL if typed else _FORMULA).match(text) else text


def bare(text: str, *, typed: bool = False) -> str:
    """The text as it was before `armoured`, when it was."""
    return text[1:] if text.startswith(_SIGN) and (_CONTROL if typed else _FORMULA).match(text) else text
