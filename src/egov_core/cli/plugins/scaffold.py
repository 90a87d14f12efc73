"""A new plugin from templates: what can be wrong with what was asked, the texts, and writing all of them or none.

Rules of this room: no click, nothing printed; everything that is wrong is said at once, before a file is touched. The
templates are data (`data/new_plugin`, `string.Template` of the standard library): `egov new` needs nothing that a plain
installation has not. A plugin is one module, so that the same text is the package's and the single file's.
"""

from __future__ import annotations

import difflib
import keyword
import re
import shutil
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Mapping
from importlib import resources
from importlib.util import find_spec
from pathlib import Path
from string import Template
from typing import Any

import attrs

from egov_core import __version__
from egov_core.errors import ClaimError, Fault
from egov_core.hooks.spec import API

KINDS = ("validation", "forwarding", "storage", "notification", "timer", "theme")
PREFIX = "egov-"
"""How names of plugins begin, by custom: whoever lists what is installed finds them together."""
_NAME = re.compile(r"[a-z0-9]|[a-z0-9][a-z0-9._-]*[a-z0-9]", re.ASCII | re.IGNORECASE)
_PLUGIN = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", re.ASCII)
LONGEST = 60
"""Characters of a name: file systems and tables of plugins stay legible."""


@attrs.frozen(kw_only=True)
class Names:
    """What a name becomes: `egov-water-rights` is the package `egov_water_rights` and the plugin `water-rights`."""

    name: str
    package: str
    plugin: str
    module: str


@attrs.frozen(kw_only=True)
class Made:
    """What was written: the folder of a distribution, or the one file; and the files in it."""

    names: Names
    kind: str
    place: Path
    files: tuple[str, ...]


def names_of(name: str) -> Names:
    """The names that follow from one that is sound."""
    plain = re.sub(r"[-_.]+", "-", name).lower()
    plugin = plain.removeprefix(PREFIX)
    return Names(
        name=plain,
        package=plain.replace("-", "_"),
        plugin=plugin,
        module=plugin.replace("-", "_"),
    )


def make_plugin(name: str, kind: str, into: Path, *, single_file: bool = False) -> Made:
    """Write a new plugin below `into`. Raises ClaimError with every fault; nothing is written then."""
    faults = list(_faults(name, kind, into, single_file=single_file))
    if faults:
        raise ClaimError(
            "the plugin cannot be made" + (f" ({len(faults)} faults)" if len(faults) > 1 else ""),
            faults=faults,
            remedy="correct what is named and ask again; nothing was written",
        )
    names = names_of(name)
    if single_file:
        file = into / f"{names.module}.py"
        _write_file(file, texts(names, kind)[f"src/{names.package}/__init__.py"])
        return Made(names=names, kind=kind, place=file, files=(file.name,))
    made = texts(names, kind)
    _write_folder(into, names.name, made)
    return Made(names=names, kind=kind, place=into / names.name, files=tuple(sorted(made)))


def texts(names: Names, kind: str) -> dict[str, str]:
    """Every file of the distribution by its path."""
    about: Mapping[str, Any] = tomllib.loads(_template("kinds.toml"))[kind]
    major, minor = __version__.split(".")[:2]
    # before 1.0 a minor release may break what is public, afterwards a major one
    below = f"0.{int(minor) + 1}" if major == "0" else str(int(major) + 1)
    needed = [f"egov-core>={major}.{minor},<{below}", *about["dependencies"]]
    values = {
        **attrs.asdict(names),
        "kind": kind,
        "title_zh": about["title-zh"],
        "title_en": about["title-en"],
        "changes_zh": "\n".join(f"- {one}" for one in about["changes-zh"]),
        "changes_en": "\n".join(f"- {one}" for one in about["changes-en"]),
        "dependencies": ", ".join(f'"{one}"' for one in sorted(needed)),
        "api": ".".join(map(str, API)),
        "next_api": f"{API[0] + 1}.0",
    }
    for language in ("zh", "en"):
        text = Template(_template(f"stamp.{language}.tmpl")).substitute(values) if about["contract"] else ""
        values[f"stamp_{language}"] = text if language == "zh" else text.strip()
    templates = {
        "pyproject.toml": "pyproject.toml.tmpl",
        "README.md": "README.md.tmpl",
        "LICENSE-CHOICE.md": "LICENSE-CHOICE.md.tmpl",
        ".gitignore": "gitignore.tmpl",
        f"src/{names.package}/__init__.py": f"{kind}.py.tmpl",
        f"tests/test_{names.module}.py": f"{kind}.test.py.tmpl",
    }
    made = {path: Template(_template(file)).substitute(values) for path, file in templates.items()}
    return {**made, f"src/{names.package}/py.typed": ""}


def _template(name: str) -> str:
    return resources.files("egov_core").joinpath("data", "new_plugin", name).read_text(encoding="utf-8")


# --- what can be wrong ------------------------------------------------------------------------------------------------


def _faults(name: str, kind: str, into: Path, *, single_file: bool) -> Iterator[Fault]:
    if kind not in KINDS:
        close = difflib.get_close_matches(kind, KINDS, n=1)
        meant = f"; did you mean {close[0]}?" if close else ""
        yield Fault("--kind", "unknown-kind", f"{kind!r} is none of {', '.join(KINDS)}{meant}")
    named = list(_name_faults(name, single_file=single_file))
    yield from named
    if not into.is_dir():
        yield Fault("--into", "missing", f"there is no folder {into}; make it first")
    elif not named:
        names = names_of(name)
        place = into / (f"{names.module}.py" if single_file else names.name)
        if place.exists() or place.is_symlink():
            yield Fault("NAME", "exists", f"{place} is there already, and nothing is overwritten")


def _name_faults(name: str, *, single_file: bool) -> Iterator[Fault]:
    suggested = _suggested(name)
    if not _NAME.fullmatch(name):
        said = "is no name of a distribution: ASCII letters, digits, '-', '_' and '.', a letter or digit at both ends"
        yield Fault("NAME", "name", f"{name!r} {said}{suggested}")
        return
    names = names_of(name)
    if len(name) > LONGEST:
        yield Fault("NAME", "length", f"is longer than {LONGEST} characters")
    if not _PLUGIN.fullmatch(names.plugin):
        yield Fault("NAME", "name", f"{names.plugin!r} has to begin with a letter: it is the plugin's name{suggested}")
        return
    if names.plugin.startswith("builtin-") or names.name in (PREFIX.rstrip("-"), "egov-core"):
        yield Fault("NAME", "reserved", f"{names.name!r} is the library's own; take another name")
    elif single_file:
        return  # a file of the folder is a module of a name of its own, and hides nothing
    elif keyword.iskeyword(names.package) or names.package in sys.stdlib_module_names:
        yield Fault("NAME", "hides", f"the package {names.package} would hide one of Python's own{suggested}")
    elif find_spec(names.package) is not None:
        yield Fault("NAME", "installed", f"a package {names.package} is installed here: uninstall it, or rename yours")


def _suggested(name: str) -> str:
    """A name that would do, made from one that does not; where too little is left of it, only how a name is written."""
    plain = re.sub(r"[^a-z0-9]+", "-", name.lower(), flags=re.ASCII).strip("-").removeprefix(PREFIX)
    found = plain.lstrip("0123456789-")[: LONGEST - len(PREFIX)].rstrip("-")
    if _PLUGIN.fullmatch(found):
        return f"; {PREFIX}{found} would do"
    return f"; write it as {PREFIX}NAME, in Latin letters"


# --- all or nothing ---------------------------------------------------------------------------------------------------


def _write_folder(into: Path, name: str, made: Mapping[str, str]) -> None:
    """Write beside the place and move there as a whole: an interruption leaves no half of a plugin."""
    building = Path(tempfile.mkdtemp(prefix=f".{name}-", dir=into))
    try:
        for path, text in made.items():
            file = building / name / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8", newline="\n")
        (building / name).rename(into / name)
    finally:
        shutil.rmtree(building, ignore_errors=True)


def _write_file(file: Path, text: str) -> None:
    """The same for one file, under a name that the folder of plugins leaves alone until it is whole."""
    building = file.with_name(f".{file.name}.new")
    try:
        building.write_text(text, encoding="utf-8", newline="\n")
        building.rename(file)
    finally:
        building.unlink(missing_ok=True)
