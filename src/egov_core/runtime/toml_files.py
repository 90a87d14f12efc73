"""TOML files that people write: read in one way, refused in one way.

Rules of this room: UTF-8, with or without the byte order mark that editors on Windows put in front; anything else is
refused with the line. What the tables mean, and which error a fault of them is, is the caller's.
"""

from __future__ import annotations

import re
import tomllib
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Callable
from datetime import date
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from egov_core.errors import EgovError

_PLACE = re.compile(r"at line (?P<line>\d+), column (?P<column>\d+)")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def read_toml(file: Traversable | Path, refused: Callable[[str, str], EgovError], what: str) -> dict[str, Any]:
    """The tables of a file. Raises what `refused` makes of a sentence and a remedy; `what` says what file is wanted."""
    text = ""
    try:
        data = file.read_bytes()
        if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) or b"\0" in data[:2]:
            raise refused(f"{file} is UTF-16 and not UTF-8", "save it as UTF-8")
        text = data.decode("utf-8-sig")
        return tomllib.loads(text)
    except OSError as error:
        raise refused(f"{file} cannot be read: {error.strerror}", f"give the path of {what}") from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise refused(
            f"{file} is not UTF-8: line {line} has other characters, as an editor writes them in GB18030",
            "save it as UTF-8",
        ) from None
    except tomllib.TOMLDecodeError as error:
        written = _no_day(text, str(error))
        if written is not None:
            line, day = written
            remedy = "write a day that there is, as in 2024-01-31"
            raise refused(f"{file}: {day} in line {line} is no day of the calendar", remedy) from None
        raise refused(f"{file} is not TOML: {error}", "correct the line named") from None


def _no_day(text: str, error: str) -> tuple[int, str] | None:
    """The line and the words of a day that there is not, such as 2027-02-30, where that is what the parser stopped at.

    To the parser it is a number gone wrong or an invalid date; whoever wrote it has to be told which one.
    """
    place = _PLACE.search(error)
    if place is None:
        return None
    line, column = int(place["line"]), int(place["column"]) - 1
    lines = text.replace("\r\n", "\n").split("\n")
    for found in _DAY.finditer(lines[line - 1] if line <= len(lines) else ""):
        if found.start() <= column <= found.end() and not _is_day(found[0]):
            return line, found[0]
    return None


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
