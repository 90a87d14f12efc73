"""The signs of a cell: full width as half width, and the texts that are shown of it in messages.

Rules of this room: one sign becomes one sign, so that a place in the tidied text is the place in the cell. What a sign
means is not asked here.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
_ALIKE = {"﹑": "、", "､": "、", "｡": "。", "∼": "~", "〜": "~", "∕": "/", "⁄": "/"} | dict.fromkeys("“”「」『』", '"')
_ROUND = {
    "〔": "(",
    "﹝": "(",
    "﹞": ")",
    "〖": "(",
    "〗": ")",
    "﹙": "(",
    "﹚": ")",
    "【": "(",
    "[": "(",
    "〕": ")",
    "】": ")",
    "]": ")",
}


_DITTO = re.compile(r"同上|同前|上同|[〃″〞”“\"]{1,2}|〃 +〃|′′|''")


def is_ditto(text: str) -> bool:
    """Whether a cell says nothing but that it says what the cell above it says: 同上, 〃."""
    return _DITTO.fullmatch(text.strip()) is not None


def half_width(text: str) -> str:
    """Full-width signs as half-width ones, compatibility ideographs as the common ones; nothing else is touched.

    Plain NFKC would turn 1² into 12 and ⒈5 into 1.5, which is guessing.
    """
    if text.isascii():
        return text.replace("\t", " ")
    return "".join(map(_plain_character, text))


@lru_cache(maxsize=8192)  # the signs of a catalogue are few, and each comes a thousand times
def _plain_character(character: str) -> str:
    if character.isascii():
        return " " if character == "\t" else character
    plain = unicodedata.normalize("NFKC", character)
    if len(plain) != 1:
        return character
    if unicodedata.decomposition(character).startswith(("<wide>", "<narrow>")) or "\u4e00" <= plain <= "\u9fff":
        return plain
    return " " if character == "\u00a0" else character


def tidy(text: str) -> str:
    """The cell for reading: half width, one kind of dash, of bracket and of blank, line breaks as such.

    A break that an export wrote out as backslash and n becomes one too. Sign by sign, so that places stay as they are.
    """
    lines = half_width(text).replace("\\n", "\n ").replace("\r", "\n")
    return "".join(_tidy_character(character) for character in lines)


def _tidy_character(character: str) -> str:
    if character in _DASHES:
        return "-"
    if character in _ROUND:
        return _ROUND[character]
    if character in "\u3000\u2002\u2003\u2009\u200b\ufeff":
        return " "
    return _ALIKE.get(character, character)


def shown(text: str) -> str:
    """The cell as it is named in a message: on one line, and short."""
    line = " ".join(text.split())
    return line if len(line) <= 40 else f"{line[:40]}…"
