"""Words that are nearly there: one character wrong, missing, too many, or two neighbours exchanged.

Rules of this room: characters only. Two characters are never nearly anything: every second word of the catalogue would
be. Three allow a wrong character or an exchange, four and more also a missing one or one too many.
"""

from __future__ import annotations

SHORTEST = 3
SHORTEST_SHIFTED = 4


def near(word: str, text: str) -> str:
    """The part of `text` that differs from `word` in one place; empty where there is none.

    The first one from the left; a part that is equal is for others to find.
    """
    length = len(word)
    if length < SHORTEST or sum(char in text for char in word) < length - 1:
        return ""
    for start in range(len(text)):
        found = _one_change(word, text, start)
        if found:
            return text[start : start + found]
    return ""


def _one_change(word: str, text: str, start: int) -> int:
    """How many characters of `text` from `start` on are `word` with one change; 0 where they are not."""
    length, room = len(word), len(text) - start
    same = 0
    while same < length and same < room and word[same] == text[start + same]:
        same += 1
    rest, at = word[same:], start + same
    if not rest:
        return 0
    if same < room and text.startswith(rest[1:], at + 1) and len(text) >= at + len(rest):
        return length  # another character
    if len(rest) > 1 and text.startswith(rest[1] + rest[0] + rest[2:], at):
        return length  # exchanged
    if length < SHORTEST_SHIFTED or not same:
        return 0
    if len(rest) > 1 and text.startswith(rest[1:], at):
        return length - 1  # one too many was typed
    if text.startswith(rest, at + 1):
        return length + 1  # one is missing
    return 0
