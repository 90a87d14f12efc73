"""The synonyms of an office: those that come with the library, and those of the place's own files.

Rules of this room: it reads files and puts them together, the later over the earlier; what a file may say is the
domain's (`domain.search.synonyms`). Every fault of every file is named before the office opens.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Sequence
from importlib.resources import files
from pathlib import Path

import attrs

from egov_core.domain.search.synonyms import NO_SYNONYMS, Synonyms, parse_synonyms
from egov_core.errors import ClaimError, EgovError, SettingsError
from egov_core.runtime.toml_files import read_toml


@functools.lru_cache(maxsize=1)
def shipped_synonyms() -> Synonyms:
    """The synonyms that come with the library, a file for each area of life."""
    held = NO_SYNONYMS
    for file in sorted((files("egov_core") / "data" / "search").iterdir(), key=lambda file: file.name):
        if file.name.endswith(".toml"):
            held = held.and_those(parse_synonyms(read_toml(file, _refused, "a TOML file"), file.name))
    return held


def synonyms_of(paths: Sequence[str]) -> Callable[[], Synonyms]:
    """What gives the synonyms of a place once somebody searches; its own files are read now. Raises SettingsError.

    The shipped ones take a fifth of a second, for which nobody waits who does something else.
    """
    if not paths:
        return shipped_synonyms
    held = place_synonyms(paths)
    return lambda: held


def place_synonyms(paths: Iterable[str]) -> Synonyms:
    """The shipped synonyms with those of a place's files. Raises SettingsError naming every fault of every file."""
    held = shipped_synonyms()
    faults: list[dict[str, str]] = []
    for path in paths:
        try:
            held = held.and_those(parse_synonyms(read_toml(Path(path), _refused, "a file of synonyms"), path))
        except ClaimError as error:
            faults += [{**attrs.asdict(fault), "path": f"{path}: {fault.path}"} for fault in error.faults]
        except SettingsError as error:
            faults.append({"path": path, "code": "unreadable", "message": f"{error.message}; {error.remedy}"})
    if faults:
        raise SettingsError(
            "[search] synonyms: " + "; ".join(f"{fault['path']} {fault['message']}" for fault in faults),
            remedy="correct every place named; docs/how-to/own-synonyms.md shows a file",
            faults=faults,
        )
    return held


def _refused(message: str, remedy: str) -> EgovError:
    return SettingsError(message, remedy=remedy)
