"""What a place may change about how its pages look 主题.

Rules of this room: values only. A theme is one style sheet of our own server, after ours, and never a script, a font
from elsewhere or an inline style: the pages keep their security policy, which is what stops a browser; what is refused
here is told to the author early.
"""

from __future__ import annotations

import re
from typing import Any

import attrs

LARGEST = 64 * 1024
"""Bytes of a style sheet."""
LONGEST_FOOTER = 500
"""Characters."""
_ELSEWHERE = re.compile(r"(?:url|src|image-set|expression)\s*\(|@import|</", re.IGNORECASE)


def _text(_owner: Any, field: attrs.Attribute[str], value: Any) -> None:
    if not isinstance(value, str):
        raise TypeError(f"{field.name} is a text, not {type(value).__name__}")
    try:
        value.encode()
    except UnicodeEncodeError:
        # kept back here: on a page it would fail every answer
        raise ValueError(f"{field.name} holds a half of a character, which no page can show") from None


@attrs.frozen(kw_only=True)
class Theme:
    """The place's own style sheet, and a footer in Chinese and English.

    Where only one of the footers is given, the pages of the other language show it too.
    """

    stylesheet: str = attrs.field(default="", validator=_text)
    footer: str = attrs.field(default="", validator=_text)
    footer_en: str = attrs.field(default="", validator=_text)

    def __attrs_post_init__(self) -> None:
        if len(self.stylesheet.encode()) > LARGEST:
            raise ValueError(f"the style sheet is larger than {LARGEST} bytes")
        found = _ELSEWHERE.search(self.stylesheet)
        if found:
            raise ValueError(f"the style sheet holds {found.group(0)!r}: nothing is fetched, nothing is embedded")
        if max(len(self.footer), len(self.footer_en)) > LONGEST_FOOTER:
            raise ValueError(f"a footer is longer than {LONGEST_FOOTER} characters")
