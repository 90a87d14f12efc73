"""Code lists, area codes and ended instruments: those of the library, and those of a place's own files."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from egov_core.domain.catalogue.instruments import (
    CountedInstrument,
    EndedInstrument,
    by_name,
    parse_counted,
    parse_ended,
)
from egov_core.domain.codes.areas import AreaCodes, parse_area_codes
from egov_core.domain.codes.lists import CodeList, CodeLists, parse_code_list
from egov_core.errors import CodeListError
from egov_core.runtime.toml_files import read_toml

FORM = "a TOML file of codes"


def code_lists(paths: Iterable[str] = ()) -> CodeLists:
    """The shipped lists with those of a place's own files.

    Raises CodeListError naming every fault of a file, or what contradicts another list.
    """
    own = [parse_code_list(_read(path), path) for path in paths]
    return CodeLists.of((*_shipped(), *own)) if own else _together()


def area_codes(path: str) -> AreaCodes:
    """The area codes of a file; none where there is no path. Raises CodeListError."""
    return parse_area_codes(_read(path), path) if path else AreaCodes({})


def ended_instruments(paths: Iterable[str] = ()) -> dict[str, EndedInstrument]:
    """The instruments that have ended, by their names as compared. Raises ClaimError naming every fault of a file."""
    own = [one for path in paths for one in parse_ended(_read(path), path)]
    return by_name([*_shipped_instruments()[0], *own])


def counted_instruments(paths: Iterable[str] = ()) -> dict[str, CountedInstrument]:
    """How many articles instruments have, by their names as compared. Raises ClaimError for faults of a file."""
    own = [one for path in paths for one in parse_counted(_read(path), path)]
    return by_name([*_shipped_instruments()[1], *own])


@lru_cache(maxsize=1)
def _shipped_instruments() -> tuple[tuple[EndedInstrument, ...], tuple[CountedInstrument, ...]]:
    """The shipped file of instruments, read once; a place's own come after it, so that a place has the last word."""
    file = files("egov_core") / "data" / "instruments" / "ended.toml"
    shipped = tomllib.loads(file.read_text(encoding="utf-8"))
    return tuple(parse_ended(shipped, file.name)), tuple(parse_counted(shipped, file.name))


@lru_cache(maxsize=1)
def _together() -> CodeLists:
    return CodeLists.of(_shipped())


@lru_cache(maxsize=1)
def _shipped() -> tuple[CodeList, ...]:
    folder = files("egov_core") / "data" / "code_lists"
    found = sorted((one for one in folder.iterdir() if one.name.endswith(".toml")), key=lambda one: one.name)
    return tuple(parse_code_list(tomllib.loads(one.read_text(encoding="utf-8")), one.name) for one in found)


def _read(path: str) -> dict[str, object]:
    return read_toml(Path(path), lambda message, remedy: CodeListError(message, remedy=remedy), FORM)
