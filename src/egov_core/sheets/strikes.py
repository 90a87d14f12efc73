"""What is struck through in an XLSX file: styles whose letters are, and shared strings that are as a whole.

Rules of this room: it watches elements go by and keeps numbers. The library that reads the cells gives their texts and
nothing of how they look, and a row that somebody has crossed out looks like any other.
"""

from __future__ import annotations

import attrs

from egov_core.sheets.archive import Attributes, Watcher, local


def is_on(attributes: Attributes) -> bool:
    """Whether a mark such as `<strike/>` is set; it may say that it is not."""
    return attributes.get("val", "1") not in ("0", "false")


@attrs.define
class Styles(Watcher):
    """The styles of a workbook by the number that cells give: those whose font is struck through."""

    struck: set[str] = attrs.field(factory=set)
    _fonts: list[bool] = attrs.field(factory=list)
    _styles: int = 0
    _in_fonts: bool = False
    _in_styles: bool = False

    def start(self, tag: str, attributes: Attributes) -> None:
        """A font, its mark, or a style that uses one."""
        name = local(tag)
        if name == "fonts":
            self._in_fonts = True
        elif name == "cellXfs":
            self._in_styles = True
        elif name == "font" and self._in_fonts:
            self._fonts.append(False)
        elif name == "strike" and self._in_fonts and self._fonts:
            self._fonts[-1] = is_on(attributes)
        elif name == "xf" and self._in_styles:
            font = attributes.get("fontId", "")
            if font.isdigit() and len(font) < 9 and int(font) < len(self._fonts) and self._fonts[int(font)]:
                self.struck.add(str(self._styles))
            self._styles += 1

    def end(self, tag: str) -> None:
        """The end of a list."""
        name = local(tag)
        if name == "fonts":
            self._in_fonts = False
        elif name == "cellXfs":
            self._in_styles = False


@attrs.define
class SharedStrings(Watcher):
    """How long each shared string is, and which are struck through from the first sign to the last.

    A string in which nothing stands is not: an empty cell of an export is such a one, and nobody has crossed it out.
    """

    lengths: list[int] = attrs.field(factory=list)
    struck: set[int] = attrs.field(factory=set)
    _strike: bool = False
    _plain: bool = False

    def start(self, tag: str, attributes: Attributes) -> None:
        """Count what begins."""
        name = local(tag)
        if name == "si":
            self.lengths.append(0)
            self._strike = self._plain = False
        elif name == "r":
            self._strike = False
        elif name == "strike":
            self._strike = is_on(attributes)

    def text(self, text: str) -> None:
        """Count what is written."""
        if self.lengths:
            self.lengths[-1] += len(text)
            if text.strip():
                if not self._strike:
                    self._plain = True
                    self.struck.discard(len(self.lengths) - 1)
                elif not self._plain:
                    self.struck.add(len(self.lengths) - 1)
