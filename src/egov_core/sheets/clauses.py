"""A cell cut into clauses: at stops, commas, line breaks and brackets, and nowhere else.

Rules of this room: every sign of the cell is in a clause, or is one of the signs that part clauses. Which clause goes
with which is said by the sentence it is in and by whether it stands in brackets, not by what it means.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import attrs

_STRONG = "。;!?\n|"
_WEAK = ",…"
_ASCII_STOP = re.compile(r"(?<![0-9])\.|\.(?![0-9])")
_HEADING = re.compile(r" *(?:(?:法定|承诺)[^:件制 ]{0,8}(?:期限|时限|时间|[0-9]|:)|收费(?:标准|依据|项目))")
_CONTINUES = re.compile(r" *(?:[内之以)]|左右|不等|$)")


@attrs.frozen(kw_only=True)
class Clause:
    """A piece of a cell. `sentence` counts the stops before it; `inside` numbers the bracket it is in, or is 0."""

    text: str
    start: int
    sentence: int
    inside: int
    stop: str = ""
    """What parts it from the next."""


def is_balanced(text: str) -> bool:
    """Whether every bracket has its other half: a cell that was cut off often has not."""
    depth = 0
    for character in text:
        depth += {"(": 1, ")": -1}.get(character, 0)
        if depth < 0:
            return False
    return depth == 0


def unwrapped(text: str) -> tuple[str, int]:
    """The text without brackets around the whole of it, which add nothing, and how many signs went in front."""
    gone = len(text) - len(text.lstrip())
    cell = text.strip()
    while len(cell) > 2 and cell[0] == "(" and cell[-1] == ")" and is_balanced(cell[1:-1]):
        inner = cell[1:-1]
        gone += 1 + len(inner) - len(inner.lstrip())
        cell = inner.strip()
    return cell, gone


def clauses(text: str, taken: Callable[[str], list[tuple[int, int]]]) -> list[Clause]:
    """The clauses of a tidied text; `taken` names the places that are never cut, such as 2(工作日)."""
    whole = taken(text)
    found: list[Clause] = []
    opened: list[int] = []
    brackets = sentence = begin = 0

    def close(at: int, stop: str) -> None:
        nonlocal begin
        piece = text[begin:at]
        if piece.strip(" ."):
            lead = len(piece) - len(piece.lstrip())
            found.append(
                Clause(
                    text=piece.strip(),
                    start=begin + lead,
                    sentence=sentence,
                    inside=opened[-1] if opened else 0,
                    stop=stop,
                )
            )
        begin = at + 1

    for at, character in enumerate(text):
        if any(start <= at < end for start, end in whole):
            continue
        if character in _STRONG or (character == "." and _ASCII_STOP.match(text, at)):
            close(at, character)
            sentence += not opened
        elif character in _WEAK:
            close(at, character)
        elif character == "(":
            close(at, character)
            brackets += 1
            opened.append(brackets)
        elif character == ")":
            close(at, character)
            if opened:
                opened.pop()
        elif character in "、/" and begin and text[begin - 1] == ")" and not text[begin:at].strip():
            close(at, character)  # 20个工作日(法定)/5个工作日(承诺): the bracket has ended the first
        elif character in " 、/" and _parts(text, begin, at, whole):
            close(at, character)
    close(len(text), "")
    return found


def _parts(text: str, begin: int, at: int, whole: list[tuple[int, int]]) -> bool:
    """Whether a blank, a 、 or a slash parts two limits: one is complete before it, and something else follows."""
    if text[at] == " " and text[begin:at].strip() and _HEADING.match(text, at + 1):
        return True
    if not any(begin <= start and end <= at for start, end in whole):
        return False
    if text[at] != " " and not any(start > at for start, _ in whole):
        return False  # 10个工作日内听证、检验: a list, not a second limit
    return _CONTINUES.match(text, at + 1) is None
