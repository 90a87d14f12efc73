"""What a place may change about how its pages look 主题.

Rules of this room: values only. A theme is one style sheet of our own server, after ours, and never a script, a font
from elsewhere or an inline style: the pages keep their security policy.
"""

from __future__ import annotations

import re

import attrs

LARGEST = 64 * 1024
"""Bytes of a style sheet."""
_ELSEWHERE = re.compile(r"url\s*\(|@import|expression\s*\(|</", re.IGNORECASE)


@attrs.frozen(kw_only=True)
class Theme:
    """The place's own style sheet, and a footer in Chinese and English."""

    stylesheet: str = ""
    footer: str = ""
    footer_en: str = ""

    def __attrs_post_init__(self) -> None:
        if len(self.stylesheet.encode()) > LARGEST:
            raise ValueError(f"the style sheet is larger than {LARGEST} bytes")
        found = _ELSEWHERE.search(self.stylesheet)
        if found:
            raise ValueError(f"the style sheet holds {found.group(0)!r}: nothing is fetched, nothing is embedded")
