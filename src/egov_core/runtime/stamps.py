"""Stamps: what an installed plugin says about the conformance kits that it has passed.

Rules of this room: a stamp is a file `conformance.json` in the plugin's package, written by a run of the kits
(`egov_core.testing.stamps`); here it is read and judged, never written, and the plugin is not imported for it. A stamp
speaks of the sources it was made from: with others, or for another version of hooks or contract, it is stale.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import attrs

from egov_core.hooks.spec import API

STAMP_FILE = "conformance.json"
FORMAT = 1
CONTRACTS: Mapping[str, int] = {
    "storage": 3,
    "queries": 2,
    "forwarding": 1,
    "validation": 1,
    "notification": 1,
    "calendar": 1,
    "timer-kind": 1,
}
"""The kits and their editions; an edition rises when a subject that passed may have to change."""


class StampState(StrEnum):
    """What a stamp is worth."""

    PASSED = "passed"
    INCOMPLETE = "incomplete"
    FAILED = "failed"
    STALE = "stale"
    NONE = "none"


@attrs.frozen(kw_only=True)
class KitStamp:
    """What one class of a plugin's tests found: the contract, what the plugin claims, and how many tests there are."""

    contract: str
    edition: int
    subject: str
    claims: Mapping[str, Any]
    total: int
    run: int
    passed: int
    failed: int
    replaced: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class Stamp:
    """A stamp as it is worth today, with the reason where it is worth less than it says."""

    package: str
    state: StampState
    reason: str = ""
    kits: tuple[KitStamp, ...] = ()
    egov_core: str = ""
    api: tuple[int, int] = (0, 0)

    @property
    def passed(self) -> int:
        """How many tests passed, of all kits."""
        return sum(kit.passed for kit in self.kits)

    @property
    def total(self) -> int:
        """How many tests there are, of all kits."""
        return sum(kit.total for kit in self.kits)

    def __str__(self) -> str:
        if self.state in (StampState.STALE, StampState.NONE):
            return str(self.state)
        return f"passed {self.passed} of {self.total}"


def source_digest(package: str) -> str:
    """A digest of all files of an installed package but its stamp; empty where there is no such package."""
    folder = _folder(package)
    if folder is None:
        return ""
    whole = hashlib.sha256()
    for name, file in sorted(_sources(folder)):
        content = file.read_bytes()
        whole.update(f"{name}\0{len(content)}\0".encode())
        whole.update(content)
    return whole.hexdigest()


def read_stamp(package: str) -> Stamp:
    """The stamp of an installed package, judged; state `none` where it bears none that can be read."""
    folder = _folder(package)
    if folder is None:
        return Stamp(package=package, state=StampState.NONE, reason="there is no package of this name")
    try:
        text = (folder / STAMP_FILE).read_text(encoding="utf-8")
    except OSError:
        return Stamp(package=package, state=StampState.NONE, reason=f"the package has no {STAMP_FILE}")
    try:
        found = json.loads(text)
        if found["format"] != FORMAT:
            return Stamp(package=package, state=StampState.NONE, reason="the stamp is of another format")
        kits = tuple(_kit(one) for one in found["kits"])
        major, minor = found["api"]
        stamp = Stamp(
            package=package,
            state=StampState.NONE,
            kits=kits,
            egov_core=str(found["egov_core"]),
            api=(int(major), int(minor)),
        )
        digest = str(found["digest"])
    except (ValueError, TypeError, KeyError, RecursionError):
        return Stamp(package=package, state=StampState.NONE, reason=f"{STAMP_FILE} cannot be read")
    state, reason = _judged(stamp, digest)
    return attrs.evolve(stamp, state=state, reason=reason)


def _judged(stamp: Stamp, digest: str) -> tuple[StampState, str]:
    if digest != source_digest(stamp.package):
        return StampState.STALE, "the sources have changed since"
    if stamp.api[0] != API[0]:
        return StampState.STALE, f"it was made for version {stamp.api[0]} of the hooks, this is {API[0]}"
    older = [kit.contract for kit in stamp.kits if kit.edition != CONTRACTS.get(kit.contract, kit.edition)]
    if older:
        return StampState.STALE, f"it was made with another edition of {', '.join(older)}"
    failed = [kit.subject for kit in stamp.kits if kit.failed]
    if failed:
        return StampState.FAILED, f"failed: {', '.join(failed)}"
    partial = [kit.subject for kit in stamp.kits if kit.passed < kit.total or kit.replaced]
    if partial or not stamp.kits:
        return StampState.INCOMPLETE, f"not all tests were run: {', '.join(partial) or 'there are none'}"
    return StampState.PASSED, ""


def _kit(row: Mapping[str, Any]) -> KitStamp:
    numbers = {name: row[name] for name in ("edition", "total", "run", "passed", "failed")}
    if not all(type(value) is int and value >= 0 for value in numbers.values()):
        raise ValueError("a stamp counts in whole numbers")
    return KitStamp(
        contract=str(row["contract"]),
        subject=str(row["subject"]),
        claims=dict(row["claims"]),
        replaced=tuple(str(one) for one in row["replaced"]),
        **numbers,
    )


def _folder(package: str) -> Path | None:
    try:
        found = find_spec(package)
    except (ImportError, ValueError):
        return None
    places = [] if found is None else list(found.submodule_search_locations or ())
    return Path(places[0]) if places and Path(places[0]).is_dir() else None


def _sources(folder: Path) -> Iterator[tuple[str, Path]]:
    for file in folder.rglob("*"):
        name = file.relative_to(folder).as_posix()
        if file.is_file() and name != STAMP_FILE and "__pycache__" not in file.parts and file.suffix != ".pyc":
            yield name, file
