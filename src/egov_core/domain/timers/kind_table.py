"""Kinds of timers that a place adds: read from a table, checked against the marks there are.

Rules of this room: every fault is said at once with its place; nothing shipped is replaced, since stored cases rest on
it. What the end of a timer brings by law (`expiry`) belongs to the shipped kinds; a kind of a place brings cards.

The form (TOML):

    [[kind]]
    code = "site-visit", name = "现场踏勘", name-en = "site visit"
    starts-on = ["accepted"], stops-on = ["reviewed", "withdrawn"]
    limit = "5wd"                      # without it: kept where item or place set a service standard for this code
    basis = { instrument = "…", article = "…", in-force = 2024-01-01 }
    pausable = true, party = "organ"
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from egov_core.domain.legal import parse_basis
from egov_core.domain.periods import Limit, NoLimit, parse_limit
from egov_core.domain.timers.kinds import KINDS, Expiry, LimitSource, Party, Per, TimerKind
from egov_core.errors import Fault, PeriodError, TimerKindError

_KEYS = {"code", "name", "name-en", "starts-on", "stops-on", "limit", "basis", "pausable", "party"}
_CODE = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", re.ASCII)


def parse_kinds(data: Mapping[str, Any], where: str, marks: Collection[str]) -> tuple[TimerKind, ...]:
    """The kinds of a table; `marks` are the marks that events of cases leave.

    Raises TimerKindError with every fault and its path in `where`.
    """
    faults = [
        Fault(f"{where}: {key}", "unknown-field", "is not a key; known is [[kind]]") for key in data if key != "kind"
    ]
    rows = data.get("kind")
    if not isinstance(rows, list) or not rows:
        faults.append(Fault(f"{where}: kind", "missing", "a table of timer kinds needs at least one [[kind]]"))
        rows = []
    found: list[tuple[str, TimerKind]] = []
    for index, row in enumerate(rows):
        path = f"{where}: kind[{index}]"
        kind = _kind(row, path, faults)
        if kind is not None:
            found.append((path, kind))
    named = {fault.path for fault in faults}
    faults += [fault for fault in _faults(found, marks) if fault.path not in named]
    if faults:
        raise TimerKindError(
            f"{where}: the timer kinds cannot be read ({len(faults)} faults)",
            faults=faults,
            remedy="correct the places named; the form is described in docs/how-to/new-timer-kind.md",
        )
    return tuple(kind for _, kind in found)


def kind_faults(added: Iterable[TimerKind], marks: Collection[str], where: str) -> list[Fault]:
    """What is wrong with kinds added to the shipped ones, by a file or a plugin."""
    return _faults([(f"{where}: {kind.code}", kind) for kind in added], marks)


def _faults(added: Iterable[tuple[str, TimerKind]], marks: Collection[str]) -> list[Fault]:
    """The same, of kinds with their paths."""
    faults: list[Fault] = []
    seen = set(KINDS)
    for path, kind in added:
        if not _CODE.fullmatch(str(kind.code)):
            faults.append(Fault(f"{path}.code", "code", f"{kind.code!r}: lower-case words joined by hyphens"))
        elif kind.code in seen:
            faults.append(Fault(f"{path}.code", "taken", f"{kind.code!r} is the code of another kind"))
        else:
            seen.add(kind.code)
        for name, given in (("starts-on", kind.starts_on), ("stops-on", kind.stops_on)):
            if not given:
                faults.append(
                    Fault(f"{path}.{name}", "missing", "names no mark, so the timer would never begin or end")
                )
            for mark in sorted(str(one) for one in given if one not in marks):
                faults.append(
                    Fault(f"{path}.{name}", "unknown-mark", f"{mark!r} is none of {', '.join(sorted(marks))}")
                )
        for mark in sorted(str(one) for one in kind.starts_on & kind.stops_on):
            faults.append(Fault(path, "contradiction", f"{mark!r} both starts and stops it"))
        faults += _fault_of_limit(path, kind)
        if kind.per is not Per.CASE:
            faults.append(Fault(f"{path}.per", "per", "only shipped kinds are kept for each pause or each step"))
        if kind.party not in tuple(Party):
            faults.append(Fault(f"{path}.party", "party", f"must be one of {', '.join(one.value for one in Party)}"))
        if kind.expiry is not Expiry.NONE:
            faults.append(Fault(path, "expiry", "only a shipped kind brings more than cards by its end"))
    return faults


def _fault_of_limit(path: str, kind: TimerKind) -> Iterable[Fault]:
    given: Any = kind.limit  # a plugin may have put anything there
    if given is not None and not isinstance(given, Limit):
        yield Fault(f"{path}.limit", "type", f"{given!r} is no limit; read it with parse_limit")
    if kind.limit_source not in (LimitSource.LAW, LimitSource.SERVICE):
        yield Fault(path, "limit-source", "takes its limit from itself (law) or a service standard (service)")
    elif (kind.limit_source is LimitSource.LAW) is (kind.limit is None or isinstance(kind.limit, NoLimit)):
        yield Fault(f"{path}.limit", "limit", "has a limit of its own if and only if its limit source is the law")


def _kind(row: Any, path: str, faults: list[Fault]) -> TimerKind | None:
    if not isinstance(row, Mapping):
        faults.append(Fault(path, "type", "must be a table"))
        return None
    faults += [
        Fault(f"{path}.{key}", "unknown-field", f"is not a key; known are {', '.join(sorted(_KEYS))}")
        for key in row
        if key not in _KEYS
    ]
    code, name = _text(row, "code", path, faults), _text(row, "name", path, faults)
    starts, stops = (_marks(row, key, path, faults) for key in ("starts-on", "stops-on"))
    party = row.get("party", Party.ORGAN.value)
    if party not in [one.value for one in Party]:
        faults.append(Fault(f"{path}.party", "party", f"must be one of {', '.join(one.value for one in Party)}"))
        party = Party.ORGAN.value
    pausable = row.get("pausable", False)
    if not isinstance(pausable, bool):
        faults.append(Fault(f"{path}.pausable", "type", "must be true or false"))
    name_en = row.get("name-en", "")
    if not isinstance(name_en, str):
        faults.append(Fault(f"{path}.name-en", "type", "must be a text"))
    limit = _limit(row, path, faults)
    return TimerKind(
        code=code,
        name=name,
        name_en=str(name_en),
        starts_on=starts,
        stops_on=stops,
        limit_source=LimitSource.SERVICE if limit is None else LimitSource.LAW,
        limit=limit,
        pausable=bool(pausable),
        party=Party(party),
    )


def _text(row: Mapping[str, Any], key: str, path: str, faults: list[Fault]) -> str:
    value = row.get(key)
    if isinstance(value, str) and value.strip():
        return value
    faults.append(Fault(f"{path}.{key}", "missing" if value is None else "type", "must be a text that is not empty"))
    return ""


def _marks(row: Mapping[str, Any], key: str, path: str, faults: list[Fault]) -> frozenset[str]:
    value = row.get(key)
    if isinstance(value, list) and value and all(isinstance(one, str) for one in value):
        return frozenset(value)
    faults.append(Fault(f"{path}.{key}", "missing" if value is None else "type", "must be a list of marks, not empty"))
    return frozenset()


def _limit(row: Mapping[str, Any], path: str, faults: list[Fault]) -> Limit | None:
    basis = row.get("basis")
    if "limit" not in row:
        if basis is not None:
            faults.append(Fault(f"{path}.basis", "basis", "says whence a limit comes, and there is none"))
        return None
    read = parse_basis(basis, f"{path}.basis", faults)
    try:
        limit = parse_limit(row["limit"], basis=read)
    except PeriodError as error:
        faults.append(Fault(f"{path}.limit", "period", f"{error.message}; {error.remedy}"))
        return None
    if isinstance(limit, NoLimit):
        faults.append(Fault(f"{path}.limit", "limit", "a kind with a limit of its own has one; leave it out otherwise"))
    return limit
