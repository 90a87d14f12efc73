"""What the layout of a cell did to its words, undone: letters spaced out, a unit cut by a line break, list numbers.

Rules of this room: signs that mean nothing go, and nothing else. Digits are never joined: 1 5个工作日 is left as it
stands, because whether it says 15 or lost a comma cannot be seen.
"""

from __future__ import annotations

import re

from egov_core.sheets.numerals import CHINESE

_LETTER = r"[\u4e00-\u9fff]"
_SPACED_OUT = re.compile(rf"(?<!{_LETTER}){_LETTER}(?: {_LETTER})+(?!{_LETTER})")
_ROW_OF_NUMERALS = re.compile(rf"(?:[{CHINESE}] )+[{CHINESE}]")
_CUT = re.compile(
    rf"(?<=[0-9{CHINESE}半])[ \n]*(?:个?{{gap}}工{{gap}}作{{gap}}日|个?{{gap}}自{{gap}}然{{gap}}日"
    r"|个?{gap}日{gap}历{gap}[日天]|个?{gap}小{gap}时|个{gap}月)|元{gap}/{gap}".replace("{gap}", r"[ \n]*")
)
"""A unit behind its number, and 元/: a line break in them is the end of the column, not of the clause."""
_QUOTED = re.compile(r"\s*[\"']([^\"']+)[\"']\s*")
_ROUND_NOUGHT = re.compile(r"(?<=[一二三四五六七八九〇])[○◯](?![0-9])")
"""二○ is typed with the sign of a circle by those whose keyboard has no 〇."""
_APART = r"(?![ \n]*[0-9])"
"""1. 5元 is a number of a list to some, and 1.5元 cut in two to others."""
_FIRST = re.compile(rf"^(?:\(1\)|1[、)]|1\.{_APART}|①)")
_NUMBERED = re.compile(
    rf"(?:(?<=[;,。\n: ])|^)(?:\([0-9]{{1,2}}\)|[0-9]{{1,2}}[、).]{_APART}(?=.))"
    r"|[①-⑳]|(?<=[日天时月])\([0-9]{1,2}\)"
)


def set_solid(text: str) -> str:
    """A tidied cell without letter-spacing, without breaks inside a unit, and without quotes around the whole."""
    cell = _SPACED_OUT.sub(_closed_up, re.sub(r" {2,}", " ", _ROUND_NOUGHT.sub("〇", text)))
    cell = _CUT.sub(lambda found: re.sub(r"[ \n]+", "", found.group()), cell).rstrip(" 、,。\n")
    quoted = _QUOTED.fullmatch(cell)
    return cell if quoted is None else quoted[1]


def _closed_up(found: re.Match[str]) -> str:
    """不 收 费 as 不收费; a row of numerals is left, for it may be a list."""
    written = found.group()
    return written if _ROW_OF_NUMERALS.fullmatch(written) else written.replace(" ", "")


def without_list_numbers(text: str) -> str:
    """A cell that opens with the first number of a list, with a stop instead of each of its numbers."""
    if _FIRST.search(text) is None:
        return text
    return _NUMBERED.sub(lambda found: ";" * len(found.group()), text)
