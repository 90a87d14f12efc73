"""Card policies as data: versioned, effective-dated, parsed into rules with typed thresholds.

Rules of this room: parsing reports every fault at once and never guesses; an unknown key is a fault. A policy names its
levels in order; a rule names its level, the timers it watches, the limit it measures, and its threshold.

The form (TOML):

    name, version, title, levels = ["yellow", "red"], basis = {...}, settings = {cap-pauses = true, ...}
    [[rule]]  code, level, timers = ["case"] or ["*"], base = ["promised", "statutory"], when = THRESHOLD, text
    THRESHOLD = {overdue = true} | {working-days-before = 1} | {share-remaining = "0.25"} | {out-at-least = 1}
              | {out-above = 0} | {earliest = [THRESHOLD ...]} | {latest = [THRESHOLD ...]}
"""

from __future__ import annotations

import enum
from collections.abc import Collection, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

import attrs

from egov_core.domain.cards.thresholds import (
    Earliest,
    Latest,
    Overdue,
    ShareRemaining,
    Threshold,
    WorkingDaysBefore,
    out_above,
    out_at_least,
)
from egov_core.domain.legal import LegalBasis
from egov_core.domain.periods import LONGEST, Limit, Period, StartRule, Unit
from egov_core.domain.timers.kinds import KINDS, Party
from egov_core.domain.timers.reckoning import PauseRule, Ruler, Settings
from egov_core.errors import Fault, PolicyError

_Choice = TypeVar("_Choice", bound=enum.Enum)
_Default = TypeVar("_Default")
_Plain = TypeVar("_Plain", str, bool, date)
_KINDS: Mapping[type, str] = {str: "text", bool: "truth value: true or false", date: "date: 2018-10-01, without quotes"}

ANY_TIMER = "*"
BASES = ("promised", "statutory", "declared", "due", "order")


class PausePrecision(enum.Enum):
    """Whether pauses of cases leave the count by whole days or to the second."""

    DATES = "dates"
    TIMES = "times"


@attrs.frozen(kw_only=True)
class CardRule:
    """One rule: for these timers, measuring the first of `base` that is set, a card of `level` from `when`."""

    code: str
    level: str
    timers: frozenset[str]
    base: tuple[str, ...]
    when: Threshold
    text: str

    def watches(self, kind: str, party: Party = Party.ORGAN) -> bool:
        """Whether the rule speaks about timers of this kind; of the applicant's time only where it names the kind."""
        return kind in self.timers or (ANY_TIMER in self.timers and party is Party.ORGAN)


@attrs.frozen(kw_only=True)
class CardPolicy:
    """A place's rules for cards, one version: its levels from mild to grave, its rules, its readings of pauses."""

    name: str
    version: int
    title: str
    title_en: str
    levels: tuple[str, ...]
    rules: tuple[CardRule, ...]
    basis: LegalBasis
    settings: Settings
    pauses_by_dates: bool = True
    start_rule: StartRule | None = None
    stated: frozenset[str] = attrs.field(default=frozenset(), eq=False)
    """The settings that the policy itself names; the others are defaults of the library."""

    @property
    def ref(self) -> str:
        """`name@version`, as frozen into cases and shown on cards."""
        return f"{self.name}@{self.version}"

    def ruler(self, place: Ruler) -> Ruler:
        """The place's ruler under this policy's readings of pauses; when days and months end stays the place's."""
        own, settings = place.settings, self.settings
        if own.day_end is not settings.day_end or own.month_end is not settings.month_end:
            settings = attrs.evolve(settings, day_end=own.day_end, month_end=own.month_end)
        return place if settings == own else attrs.evolve(place, settings=settings)

    def counted(self, limit: Limit) -> Limit:
        """The limit under the policy's start rule, as it is frozen into cases."""
        if self.start_rule is None or not isinstance(limit, Period) or limit.unit is not Unit.WORKING_DAY:
            return limit
        return attrs.evolve(limit, start_rule=self.start_rule)

    def rules_for(self, kind: str, party: Party = Party.ORGAN) -> tuple[CardRule, ...]:
        """The rules that watch timers of this kind."""
        return tuple(rule for rule in self.rules if rule.watches(kind, party))

    def rule(self, code: str) -> CardRule:
        """The rule with this code. Raises KeyError: codes come from our own ledger."""
        return {rule.code: rule for rule in self.rules}[code]


def parse_policy(data: Mapping[str, Any], where: str, kinds: Collection[str] = KINDS.keys()) -> CardPolicy:
    """Read a policy from parsed TOML; `kinds` are the codes of the timer kinds its rules may name.

    Raises PolicyError with every fault and its path in `where`.
    """
    return _Reader(where, kinds).policy(data)


class _Reader:
    """Collects faults while it reads; a value that cannot be read is replaced by something harmless."""

    def __init__(self, where: str, kinds: Collection[str]) -> None:
        self.where = where
        self.kinds = kinds
        self.faults: list[Fault] = []

    def policy(self, data: Mapping[str, Any]) -> CardPolicy:
        self._known(data, "", {"name", "version", "title", "title-en", "levels", "rule", "basis", "settings"})
        levels = tuple(self._strings(data, "levels", ""))
        rules = data.get("rule", [])
        if not isinstance(rules, list) or not rules:
            self._fault("rule", "a policy needs at least one [[rule]]")
            rules = []
        read = [self._rule(rule, f"rule[{index}]", levels) for index, rule in enumerate(rules)]
        for level in sorted({level for level in levels if levels.count(level) > 1}):
            self._fault("levels", f"the level {level!r} is named twice")
        codes = [rule.code for rule in read if rule.code]
        for code in sorted({code for code in codes if codes.count(code) > 1}):
            self._fault("rule", f"the code {code!r} is used twice")
        settings = self._table(data, "settings")
        self._known(settings, "settings.", {"cap-pauses", "pause-rule", "pauses", "start-rule"})
        basis = self._table(data, "basis")
        self._known(basis, "basis.", {"instrument", "article", "in-force", "assumed"})
        version = data.get("version")
        if not isinstance(version, int) or isinstance(version, bool) or version < 1:
            self._fault("version", "must be a whole number from 1")
            version = 1
        policy = CardPolicy(
            name=self._string(data, "name", ""),
            version=version,
            title=self._string(data, "title", ""),
            title_en=self._plain(data, "title-en", "", str, ""),
            levels=levels,
            rules=tuple(read),
            basis=LegalBasis(
                instrument=self._string(basis, "instrument", "basis."),
                article=self._plain(basis, "article", "basis.", str, ""),
                in_force=self._plain(basis, "in-force", "basis.", date, None),
                assumed=self._plain(basis, "assumed", "basis.", bool, False),  # noqa: FBT003 -- the default
            ),
            settings=Settings(
                cap_pauses=self._plain(settings, "cap-pauses", "settings.", bool, False),  # noqa: FBT003 -- the default
                pause_rule=self._choice(settings, "pause-rule", "settings.", PauseRule, PauseRule.HALF_OPEN),
            ),
            pauses_by_dates=self._choice(settings, "pauses", "settings.", PausePrecision, PausePrecision.DATES)
            is PausePrecision.DATES,
            start_rule=self._choice(settings, "start-rule", "settings.", StartRule, None),
            stated=frozenset(settings),
        )
        if self.faults:
            raise PolicyError(
                f"{self.where}: the card policy cannot be read ({len(self.faults)} faults)",
                faults=self.faults,
                remedy="correct the places named; the form is described in docs/reference/policies.md",
            )
        return policy

    def _rule(self, data: Any, path: str, levels: tuple[str, ...]) -> CardRule:
        if not isinstance(data, Mapping):
            self._fault(path, "must be a table")
            data = {}
        path += "."
        self._known(data, path, {"code", "level", "timers", "base", "when", "text"})
        level = self._string(data, "level", path)
        if level and level not in levels:
            self._fault(path + "level", f"{level!r} is not one of the levels {', '.join(levels)}")
        timers = self._strings(data, "timers", path)
        for kind in timers:
            if kind != ANY_TIMER and kind not in self.kinds:
                self._fault(path + "timers", f"there is no timer kind {kind!r}")
        base = self._strings(data, "base", path)
        for name in base:
            if name not in BASES:
                self._fault(path + "base", f"{name!r} is not one of {', '.join(BASES)}")
        return CardRule(
            code=self._string(data, "code", path),
            level=level,
            timers=frozenset(timers),
            base=tuple(base),
            when=self._threshold(data.get("when"), path + "when"),
            text=self._plain(data, "text", path, str, ""),
        )

    def _threshold(self, data: Any, path: str) -> Threshold:
        if not isinstance(data, Mapping) or len(data) != 1:
            self._fault(path, "must be a table with exactly one threshold")
            return Overdue()
        [(name, value)] = data.items()
        path = f"{path}.{name}"
        if name == "overdue" and value is True:
            return Overdue()
        if name == "working-days-before" and type(value) is int and 0 <= value <= LONGEST["workday"]:
            return WorkingDaysBefore(value)
        if name in ("share-remaining", "out-at-least", "out-above"):
            number = self._decimal(value, path)
            if name == "out-at-least":
                return out_at_least(number)
            if name == "out-above":
                return out_above(number)
            if not 0 < number < 1:
                self._fault(path, "must lie between 0 and 1")
            return ShareRemaining(number)
        if name in ("earliest", "latest") and isinstance(value, list) and value:
            parts = tuple(self._threshold(part, f"{path}[{index}]") for index, part in enumerate(value))
            return Earliest(parts) if name == "earliest" else Latest(parts)
        self._fault(path, "is not a threshold, or has a value it cannot take")
        return Overdue()

    def _table(self, data: Mapping[str, Any], key: str) -> Mapping[str, Any]:
        value = data.get(key, {})
        if isinstance(value, Mapping):
            return value
        self._fault(key, "must be a table")
        return {}

    def _plain(
        self, data: Mapping[str, Any], key: str, path: str, kind: type[_Plain], default: _Default
    ) -> _Plain | _Default:
        """An optional value of one kind."""
        if key not in data:
            return default
        value = data[key]
        if isinstance(value, kind) and not isinstance(value, datetime):
            return value
        self._fault(path + key, f"must be a {_KINDS[kind]}")
        return default

    def _fault(self, path: str, message: str) -> None:
        self.faults.append(Fault(f"{self.where}: {path}", "policy", message))

    def _known(self, data: Any, path: str, keys: set[str]) -> None:
        for key in data if isinstance(data, Mapping) else ():
            if key not in keys:
                self._fault(path + str(key), f"is not a key; known are {', '.join(sorted(keys))}")

    def _string(self, data: Mapping[str, Any], key: str, path: str) -> str:
        value = data.get(key)
        if not isinstance(value, str) or not value:
            self._fault(path + key, "must be a text that is not empty")
            return ""
        return value

    def _strings(self, data: Mapping[str, Any], key: str, path: str) -> list[str]:
        value = data.get(key)
        if not isinstance(value, list) or not value or not all(isinstance(entry, str) for entry in value):
            self._fault(path + key, "must be a list of texts that is not empty")
            return []
        return value

    def _choice(
        self, data: Mapping[str, Any], key: str, path: str, choices: type[_Choice], default: _Default
    ) -> _Choice | _Default:
        if key not in data:
            return default
        try:
            return choices(data[key])
        except ValueError:
            self._fault(path + key, f"must be one of {', '.join(choice.value for choice in choices)}")
            return default

    def _decimal(self, value: Any, path: str) -> Decimal:
        try:
            if isinstance(value, bool | float):
                raise InvalidOperation
            number = Decimal(value)
            if number.is_finite() and abs(number) <= LONGEST["workday"]:
                return number
        except (InvalidOperation, TypeError, ValueError):
            pass
        self._fault(
            path, f'must be a number up to {LONGEST["workday"]}: whole, or a decimal written as text, e.g. "0.25"'
        )
        return Decimal(0)
