"""Silence 逾期后果: what the law makes of a limit that passes without an answer.

Rules of this room: a rule is a row of data, with its basis; whether it applies to a case is decided once, on
submission, and frozen into the case (`Lapse`), so that a change of the rules reaches no case under way. An effect
happens at the first second after the limit, however late anybody looks.

The form (TOML):

    [[rule]]
    timer = "correction-notice", effect = "deemed-acceptance"
    power-classes = ["行政许可"]       # left out: all
    basis = { instrument = "…", article = "…", in-force = 2004-07-01 }

Sources: 行政许可法 32(四) (not told within five days: accepted), 50 (not decided before expiry: renewed); closing an
application whose applicant never answers is a rule of places.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from egov_core.domain.catalogue import PowerClass
from egov_core.domain.legal import LegalBasis, parse_basis
from egov_core.domain.timers.kinds import KINDS, Expiry
from egov_core.errors import Fault, TimerKindError


@attrs.frozen(kw_only=True)
class Lapse:
    """What the end of a case's timer of this kind brings, and on which basis."""

    timer: str
    effect: Expiry
    basis: LegalBasis


@attrs.frozen(kw_only=True)
class SilenceRule:
    """A lapse with its scope: the classes of powers it is about, all where none is named."""

    lapse: Lapse
    power_classes: frozenset[PowerClass] = frozenset()

    def covers(self, power_class: PowerClass) -> bool:
        """Whether the rule speaks about items of this class."""
        return not self.power_classes or power_class in self.power_classes


@attrs.frozen
class SilenceRules:
    """The rules of a place, in order; of several for one timer the first that covers the item holds."""

    rules: tuple[SilenceRule, ...] = ()

    def lapses_of(self, power_class: PowerClass) -> tuple[Lapse, ...]:
        """What silence brings in cases of items of this class: one lapse for each timer, at most."""
        found: dict[str, Lapse] = {}
        for rule in self.rules:
            if rule.covers(power_class):
                found.setdefault(rule.lapse.timer, rule.lapse)
        return tuple(lapse for lapse in found.values() if lapse.effect is not Expiry.NONE)


def parse_silence(data: Mapping[str, Any], where: str) -> SilenceRules:
    """Read rules of silence from a table. Raises TimerKindError with every fault and its path in `where`."""
    faults = [
        Fault(f"{where}: {key}", "unknown-field", "is not a key; known is [[rule]]") for key in data if key != "rule"
    ]
    rows = data.get("rule", [])
    if not isinstance(rows, list):
        faults.append(Fault(f"{where}: rule", "type", "rules are written as [[rule]]"))
        rows = []
    rules = [_rule(row, f"{where}: rule[{index}]", faults) for index, row in enumerate(rows)]
    if faults:
        raise TimerKindError(
            f"{where}: the rules of silence cannot be read ({len(faults)} faults)",
            faults=faults,
            remedy="correct the places named; the form is described in docs/explanation/timers.md",
        )
    return SilenceRules(tuple(rules))


def _rule(row: Any, path: str, faults: list[Fault]) -> SilenceRule:
    if not isinstance(row, Mapping):
        faults.append(Fault(path, "type", "must be a table"))
        row = {}
    for key in row:
        if key not in ("timer", "effect", "power-classes", "basis"):
            faults.append(Fault(f"{path}.{key}", "unknown-field", "is not a key"))
    timer = row.get("timer")
    possible = KINDS[timer].expiry if isinstance(timer, str) and timer in KINDS else Expiry.NONE
    if possible is Expiry.NONE:
        able = ", ".join(kind.code for kind in KINDS.values() if kind.expiry is not Expiry.NONE)
        faults.append(Fault(f"{path}.timer", "timer", f"{timer!r} is none of {able}"))
    effect = row.get("effect")
    if effect not in (possible.value, Expiry.NONE.value):
        faults.append(Fault(f"{path}.effect", "effect", f"{effect!r} must be {possible.value!r}, or 'none'"))
    return SilenceRule(
        lapse=Lapse(
            timer=str(timer),
            effect=possible if effect == possible.value else Expiry.NONE,
            basis=parse_basis(row.get("basis"), f"{path}.basis", faults),
        ),
        power_classes=_classes(row.get("power-classes", []), path, faults),
    )


def _classes(value: Any, path: str, faults: list[Fault]) -> frozenset[PowerClass]:
    if not isinstance(value, list):
        faults.append(Fault(f"{path}.power-classes", "type", "must be a list"))
        return frozenset()
    known = {one.value: one for one in PowerClass}
    for one in value:
        if not isinstance(one, str) or one not in known:
            faults.append(Fault(f"{path}.power-classes", "unknown", f"{one!r} is none of {'、'.join(known)}"))
    return frozenset(known[one] for one in value if isinstance(one, str) and one in known)
