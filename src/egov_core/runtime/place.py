"""What a place has settled, from its settings and its plugins: timers, silence, pauses, standards, separations.

Rules of this room: it reads the files that the settings name and asks the plugins, checks everything against the kinds
there are, and decides nothing. What cannot be is refused before the office opens, all at once.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

import attrs

from egov_core.domain.authority import Separation, parse_separations
from egov_core.domain.cases.decide import Place
from egov_core.domain.cases.marks import MARKS
from egov_core.domain.catalogue import PauseKind
from egov_core.domain.legal import LegalBasis
from egov_core.domain.periods import Limit, NoLimit, parse_limit
from egov_core.domain.timers.kind_table import kind_faults, parse_kinds
from egov_core.domain.timers.kinds import KINDS, TimerKind
from egov_core.domain.timers.silence import SilenceRules, parse_silence
from egov_core.errors import Fault, PeriodError, SettingsError, TimerKindError
from egov_core.hooks.manager import Hooks
from egov_core.runtime.settings import Settings
from egov_core.runtime.toml_files import read_toml


def timer_kinds(settings: Settings, hooks: Hooks) -> Mapping[str, TimerKind]:
    """The kinds of an office: the shipped ones, those of its files, those of its plugins.

    Raises TimerKindError naming every fault of a file, or PluginError for a plugin whose kinds cannot be.
    """
    added: list[TimerKind] = []
    for path in settings.timer_kinds:
        added += parse_kinds(_toml(Path(path)), path, MARKS)
    faults = kind_faults(added, MARKS, "[time] timer-kinds")
    if faults:
        raise TimerKindError(
            "the files of timer kinds contradict each other", faults=faults, remedy="give each kind its own code"
        )
    added += hooks.timer_kinds(MARKS, {kind.code for kind in added})
    return {**KINDS, **{kind.code: kind for kind in added}}


def place_of(settings: Settings, kinds: Mapping[str, TimerKind]) -> Place:
    """The place's own rules. Raises SettingsError naming every setting that is wrong."""
    faults: list[Fault] = []
    known = {kind.value: kind for kind in PauseKind if kind.is_local}
    for name in settings.local_pauses:
        if name not in known:
            faults.append(Fault("time.local-pauses", "unknown", f"{name!r} is none of {'、'.join(known)}"))
    standards = _standards(settings, kinds, faults)
    if faults:
        raise SettingsError(
            "; ".join(f"{fault.path} {fault.message}" for fault in faults),
            remedy="correct every key named; docs/reference/settings.md lists them",
            faults=[attrs.asdict(fault) for fault in faults],
        )
    return Place(
        local_pauses=frozenset(known[name] for name in settings.local_pauses),
        standards=standards,
        silence=silence_rules(settings.silence),
        separations=separation_pairs(settings.separations),
    )


def silence_rules(name: str) -> SilenceRules:
    """Shipped rules of silence by name, or those of a TOML file. Raises SettingsError or TimerKindError."""
    data, where = _shipped_or_file(name, "silence", "rules of silence")
    return parse_silence(data, where)


def separation_pairs(name: str) -> tuple[Separation, ...]:
    """Shipped pairs of roles kept apart, by name, or those of a TOML file. Raises SettingsError or ClaimError."""
    data, where = _shipped_or_file(name, "separations", "pairs of roles")
    return parse_separations(data, where)


def _shipped_or_file(name: str, folder: str, what: str) -> tuple[dict[str, Any], str]:
    """The table of a TOML file, or of one that the library ships in its folder, and what faults call it by."""
    if name.endswith(".toml"):
        return _toml(Path(name)), name
    own = files("egov_core") / "data" / folder
    shipped = sorted(one.name.removesuffix(".toml") for one in own.iterdir() if one.name.endswith(".toml"))
    if name not in shipped:
        raise SettingsError(
            f"there are no {what} named {name!r}",
            remedy=f"use one of {', '.join(shipped)}, or the path of a TOML file",
        )
    return tomllib.loads((own / f"{name}.toml").read_text(encoding="utf-8")), f"{name}.toml"


def _standards(settings: Settings, kinds: Mapping[str, TimerKind], faults: list[Fault]) -> dict[str, Limit]:
    basis = LegalBasis(instrument=f"{settings.title or settings.area} 服务标准")
    able = [kind.code for kind in kinds.values() if kind.takes_standard]
    found: dict[str, Limit] = {}
    for code, text in settings.service_limits.items():
        path = f"time.service-limits.{code}"
        if code not in able:
            faults.append(Fault(path, "unknown", f"is no timer with a service standard; those are {', '.join(able)}"))
            continue
        try:
            found[code] = parse_limit(text, basis=basis)
        except PeriodError as error:
            faults.append(Fault(path, "period", f"{error.message}; {error.remedy}"))
            continue
        if isinstance(found[code], NoLimit):
            faults.append(Fault(path, "period", "leave it out where there is none"))
    return found


def _toml(path: Path) -> dict[str, Any]:
    return read_toml(path, lambda message, remedy: SettingsError(message, remedy=remedy), "a TOML file")
