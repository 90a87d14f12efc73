"""TOML files that people write: read in one way, refused in one way.

Rules of this room: UTF-8, with or without the byte order mark that editors on Windows put in front; anything else is
refused with the line. What the tables mean, and which error a fault of them is, is the caller's.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from egov_core.errors import EgovError


def read_toml(file: Traversable | Path, refused: Callable[[str, str], EgovError], what: str) -> dict[str, Any]:
    """The tables of a file. Raises what `refused` makes of a sentence and a remedy; `what` says what file is wanted."""
    try:
        return tomllib.loads(file.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise refused(f"{file} cannot be read: {error.strerror}", f"give the path of {what}") from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise refused(
            f"{file} is not UTF-8: line {line} has other characters, as an editor writes them in GB18030",
            "save it as UTF-8",
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise refused(f"{file} is not TOML: {error}", "correct the line named") from None
