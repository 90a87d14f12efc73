"""Code lists 代码表: names and codes of a version, and how the names of one version go over into another's.

Rules of this room: pure; a list of a version is never altered, a change is the next version. Two lists give the same
code to different things (2 is 承诺件 in one and 即办件 in the other), so that a code without its list and version means
nothing, and none is ever guessed.

The form (TOML), one file for each list and version:

    list = "case-type"                # the list
    version = "gbt-39046-2020"        # the version
    name = "办件类型"
    source = { instrument = "GB/T 39046-2020", article = "表A.6", in-force = 2020-09-29 }
    [[entry]]
    code = "1"
    name = "即办件"
    [[mapping]]
    to = "hunan-2011"                 # another version of the same list
    [mapping.names]                   # by name; the same name goes over by itself
    "其他" = "并联审批件"
    [mapping.lossy]                   # what goes over and loses something: why
    "其他" = "…"
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import attrs

from egov_core.domain.legal import LegalBasis, parse_basis
from egov_core.errors import CodeListError, Fault, UnknownError


@attrs.frozen(kw_only=True)
class CodeEntry:
    """One entry of a list: a code and its name; `note` is what the source says besides."""

    code: str
    name: str
    note: str = ""


@attrs.frozen(kw_only=True)
class CodeMapping:
    """How names of this version go over into version `to`: by `names`, else under the same name.

    `lossy` says what is lost of a name that goes over into a wider one.
    """

    to: str
    names: Mapping[str, str] = attrs.field(factory=dict)
    lossy: Mapping[str, str] = attrs.field(factory=dict)


@attrs.frozen(kw_only=True)
class Mapped:
    """A name in another version, and what was lost on the way; empty where nothing was."""

    name: str
    lost: str = ""


@attrs.frozen(kw_only=True)
class CodeList:
    """A list in one version 代码表: entries in the order of the source, and mappings into other versions."""

    code: str
    version: str
    name: str
    source: LegalBasis
    entries: tuple[CodeEntry, ...]
    mappings: tuple[CodeMapping, ...] = ()
    valid_from: date | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The names, in the order of the source."""
        return tuple(one.name for one in self.entries)

    def code_of(self, name: str) -> str:
        """The code of a name. Raises UnknownError, which lists the names there are."""
        found = next((one.code for one in self.entries if one.name == name), None)
        if found is None:
            raise self._unknown(name, "name", self.names)
        return found

    def name_of(self, code: str) -> str:
        """The name of a code. Raises UnknownError, which lists the codes there are."""
        found = next((one.name for one in self.entries if one.code == code), None)
        if found is None:
            raise self._unknown(code, "code", [one.code for one in self.entries])
        return found

    def mapped(self, name: str, to: CodeList) -> Mapped:
        """A name of this version in another version of the list, and what is lost.

        Raises UnknownError where the name has no counterpart there: nothing is put in its place.
        """
        if to.code != self.code:
            raise UnknownError(
                f"the lists {self.code} and {to.code} are different lists", remedy="map between versions of one list"
            )
        self.code_of(name)
        mapping = next((one for one in self.mappings if one.to == to.version), CodeMapping(to=to.version))
        found = mapping.names.get(name, name)
        if found not in to.names:
            raise UnknownError(
                f"{name!r} of {self.code} {self.version} has no counterpart in {to.version}",
                remedy=f"choose one of {'、'.join(to.names)} by hand, or add a mapping to the list",
                list=self.code,
                name=name,
                to=to.version,
            )
        return Mapped(name=found, lost=mapping.lossy.get(name, ""))

    def _unknown(self, what: str, kind: str, known: Iterable[str]) -> UnknownError:
        return UnknownError(
            f"{what!r} is no {kind} of the list {self.name} ({self.code} {self.version})",
            remedy=f"use one of {'、'.join(known)}",
            list=self.code,
            version=self.version,
        )


@attrs.frozen
class CodeLists:
    """All lists by code, and by version in the order in which they were given."""

    lists: Mapping[str, Mapping[str, CodeList]]

    @classmethod
    def of(cls, found: Iterable[CodeList]) -> CodeLists:
        """Group lists. Raises CodeListError naming every version that is there twice and every mapping to nowhere."""
        grouped: dict[str, dict[str, CodeList]] = {}
        faults = []
        for one in found:
            versions = grouped.setdefault(one.code, {})
            if one.version in versions:
                faults.append(Fault(f"{one.code} {one.version}", "twice", "is there twice"))
            versions[one.version] = one
        for versions in grouped.values():
            for one in versions.values():
                faults += _mapping_faults(one, versions)
        if faults:
            raise CodeListError("the code lists contradict each other", faults=faults, remedy="correct the lists named")
        return cls(grouped)

    def get(self, code: str, version: str) -> CodeList:
        """A list in a version. Raises UnknownError, which lists what there is."""
        versions = self.lists.get(code)
        if versions is None:
            raise UnknownError(
                f"there is no code list {code!r}", remedy=f"use one of {', '.join(sorted(self.lists))}", list=code
            )
        found = versions.get(version)
        if found is None:
            raise UnknownError(
                f"the code list {code} has no version {version!r}",
                remedy=f"use one of {', '.join(versions)}",
                list=code,
                version=version,
            )
        return found

    def names(self) -> dict[str, tuple[str, ...]]:
        """Every name that some version of a list has, by list: what an item may say for a coded element."""
        return {
            code: tuple(dict.fromkeys(name for one in versions.values() for name in one.names))
            for code, versions in self.lists.items()
        }


def _mapping_faults(one: CodeList, versions: Mapping[str, CodeList]) -> Iterable[Fault]:
    for mapping in one.mappings:
        path = f"{one.code} {one.version} → {mapping.to}"
        other = versions.get(mapping.to)
        if other is None:
            yield Fault(path, "unknown-version", f"there is no version {mapping.to!r} of the list")
            continue
        for name, into in mapping.names.items():
            if name not in one.names:
                yield Fault(path, "unknown-name", f"{name!r} is no name of the list")
            if into not in other.names:
                yield Fault(path, "unknown-name", f"{into!r} is no name of version {mapping.to}")
        for name in mapping.lossy:
            if name not in one.names:
                yield Fault(path, "unknown-name", f"{name!r} is no name of the list, and is said to lose something")


_KEYS = ("list", "version", "name", "source", "valid-from", "entry", "mapping")


def parse_code_list(data: Mapping[str, Any], where: str) -> CodeList:
    """A list of a version from a table. Raises CodeListError with every fault and its path in `where`."""
    faults: list[Fault] = []
    faults += [Fault(f"{where}: {key}", "unknown-field", "is not a key") for key in data if key not in _KEYS]
    texts = {}
    for key in ("list", "version", "name"):
        value = data.get(key)
        if not isinstance(value, str) or not value.strip():
            faults.append(Fault(f"{where}: {key}", "missing", "must be a text"))
        texts[key] = str(value)
    source = parse_basis(data.get("source"), f"{where}: source", faults)
    entries = tuple(
        CodeEntry(code=row["code"], name=row["name"], note=row.get("note", ""))
        for row in _rows(data, "entry", ("code", "name"), ("note",), where, faults)
    )
    for key in ("code", "name"):
        seen = [getattr(one, key) for one in entries]
        for value in sorted({value for value in seen if seen.count(value) > 1}):
            faults.append(Fault(f"{where}: entry", "twice", f"the {key} {value!r} is there twice"))
    if not entries:
        faults.append(Fault(f"{where}: entry", "missing", "a list has entries"))
    mappings = []
    for row in _rows(data, "mapping", ("to",), ("names", "lossy"), where, faults):
        tables = {key: row.get(key, {}) for key in ("names", "lossy")}
        for key, table in tables.items():
            if not isinstance(table, Mapping) or not all(isinstance(one, str) for one in table.values()):
                faults.append(Fault(f"{where}: mapping.{key}", "type", "must be a table of texts by name"))
                tables[key] = {}
        mappings.append(CodeMapping(to=row["to"], names=dict(tables["names"]), lossy=dict(tables["lossy"])))
    if faults:
        raise CodeListError(
            f"{where}: the code list cannot be read ({len(faults)} faults)",
            faults=faults,
            remedy="correct the places named; the form is described in docs/reference/code-lists.md",
        )
    return CodeList(
        code=texts["list"],
        version=texts["version"],
        name=texts["name"],
        source=source,
        entries=entries,
        mappings=tuple(mappings),
        valid_from=source.in_force,
    )


def _rows(
    data: Mapping[str, Any],
    key: str,
    needed: tuple[str, ...],
    besides: tuple[str, ...],
    where: str,
    faults: list[Fault],
) -> Iterable[Mapping[str, Any]]:
    rows = data.get(key, [])
    if not isinstance(rows, list):
        faults.append(Fault(f"{where}: {key}", "type", f"is written as [[{key}]]"))
        return
    for index, row in enumerate(rows):
        path = f"{where}: {key}[{index}]"
        if not isinstance(row, Mapping):
            faults.append(Fault(path, "type", "must be a table"))
            continue
        wrong = [name for name in needed if not isinstance(row.get(name), str) or not row[name].strip()]
        faults += [Fault(f"{path}.{name}", "missing", "must be a text, also where it is a number") for name in wrong]
        faults += [
            Fault(f"{path}.{name}", "unknown-field", "is not a key") for name in row if name not in (*needed, *besides)
        ]
        if not wrong:
            yield row
