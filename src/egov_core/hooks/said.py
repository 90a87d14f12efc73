"""What a plugin says, as it may be shown: on one line, of a length that can be read, without control characters.

Rules of this room: texts of plugins go through here before they reach a log, the doctor or a page of the office. A
line break in them could look like a line of ours, and an escape sequence could repaint a terminal.
"""

from __future__ import annotations

import unicodedata
from traceback import format_tb

LONGEST = 400
"""Characters shown of what a plugin says; whoever wants all of it looks at the plugin."""


def one_line(text: str, longest: int = LONGEST) -> str:
    """The text on one line: what cannot be printed is written as its escape, and what is too long is cut."""
    cut = text[: longest + 1]
    shown = cut if cut.isprintable() else "".join(map(_escaped, cut))
    return shown if len(shown) <= longest else f"{shown[: longest - 1]}…"


def _escaped(character: str) -> str:
    # Chinese texts indent with U+3000, which Python does not call printable
    if character.isprintable() or unicodedata.category(character) == "Zs":
        return character
    return character.encode("unicode_escape").decode("ascii")


def said_by(error: BaseException) -> str:
    """What an exception says; some cannot even do that."""
    try:
        return one_line(str(error))
    except BaseException:  # noqa: BLE001 -- whatever it is, the failure has to be recorded
        return "(it cannot be shown)"


def named(error: BaseException) -> str:
    """An exception by its kind and what it says."""
    return f"{one_line(type(error).__name__)}: {said_by(error)}"


def trace_of(error: BaseException) -> str:
    """Where an exception and those behind it were raised, for the log of whoever mends the plugin."""
    lines: list[str] = []
    seen: set[int] = set()
    one: BaseException | None = error
    while one is not None and id(one) not in seen:
        seen.add(id(one))
        steps = [line for step in format_tb(one.__traceback__) for line in step.splitlines()]
        lines += [*(one_line(line) for line in steps), f"  {named(one)}"]
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)
    return "\n".join(lines)
