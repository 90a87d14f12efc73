"""Periods: how long something may take, before any calendar is asked.

Rules of this room: no arithmetic on dates here; a period only says amount, unit, where counting starts and what happens
when it ends on a rest day. *Immediate* and *no limit* are types of their own, never a zero or an empty string.

Sources: 行政许可法 82 (working days), 民法典 200-204 (natural days, months, years, hours, end of a period).
"""

from __future__ import annotations

import enum
import re
from datetime import date
from decimal import Decimal

import attrs

from egov_core.domain.legal import AS_GIVEN, LegalBasis
from egov_core.errors import PeriodError

LONGEST = {"workday": 3_000, "day": 4_000, "month": 120, "year": 10, "working-hour": 20_000, "hour": 90_000}
"""Amounts beyond these (about ten years) are typing errors; no limit in the law of approvals comes near."""


class Unit(enum.Enum):
    """What a period is counted in."""

    WORKING_DAY = "workday"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    WORKING_HOUR = "working-hour"
    HOUR = "hour"

    @property
    def is_hours(self) -> bool:
        """Whether the period runs from an instant, not from a day."""
        return self in (Unit.WORKING_HOUR, Unit.HOUR)

    @property
    def is_natural(self) -> bool:
        """Whether rest days count too, so that the period may end on one (民法典 203)."""
        return self in (Unit.DAY, Unit.MONTH, Unit.YEAR)


class StartRule(enum.Enum):
    """Where counting starts: 民法典 201 excludes the first day; some places count it; hours start at the instant."""

    NEXT_DAY = "next-day"
    SAME_DAY = "same-day"
    INSTANT = "instant"


class EndRoll(enum.Enum):
    """Whether a period of natural days, months or years that ends on a rest day ends after it (民法典 203)."""

    NONE = "none"
    AFTER_REST = "after-rest"


def member(name: str, value: object, kind: type[enum.Enum]) -> None:
    """Refuse what is no member of an enumeration, with those there are. Raises PeriodError."""
    if not isinstance(value, kind):
        raise PeriodError(
            f"{name} is {value!r}, which is no {kind.__name__}",
            remedy=f"give one of {', '.join(map(str, kind))}",
            name=name,
        )


@attrs.frozen(kw_only=True)
class Period:
    """An amount of a unit, with its start rule, its end-roll rule and its basis.

    `amount` is a positive Decimal. Raises PeriodError for an amount that is not positive, not finite, absurdly long, or
    a fraction of a unit that has no fractions in law (natural days, months, years), and for a unit or a rule that is
    written as a text.
    """

    amount: Decimal
    unit: Unit
    basis: LegalBasis
    start_rule: StartRule = attrs.field()
    end_roll: EndRoll = EndRoll.NONE

    @start_rule.default
    def _default_start_rule(self) -> StartRule:
        return StartRule.INSTANT if self.unit in (Unit.WORKING_HOUR, Unit.HOUR) else StartRule.NEXT_DAY

    def __attrs_post_init__(self) -> None:
        # a text in place of a member compares unequal to every member, and would quietly be the default
        member("unit", self.unit, Unit)
        member("start_rule", self.start_rule, StartRule)
        member("end_roll", self.end_roll, EndRoll)
        if not isinstance(self.basis, LegalBasis):
            raise PeriodError(
                f"a period on the basis {self.basis!r}",
                remedy="give a LegalBasis with instrument and article, or AS_GIVEN for a figure somebody gave",
            )
        if not isinstance(self.amount, Decimal):
            raise PeriodError(
                f"a period of {self.amount!r} {self.unit.value}: an amount is a Decimal, not a "
                f"{type(self.amount).__name__}",
                remedy='write Decimal(20), or Decimal("0.5"); a float is not exact',
                amount=repr(self.amount),
            )
        if not self.amount.is_finite() or self.amount <= 0:
            raise self._refused(
                " is not positive",
                "give an amount above zero; for on-the-spot items use 'immediate', for none use 'none'",
            )
        if self.amount > LONGEST[self.unit.value]:
            raise self._refused(
                " is longer than any limit in law",
                f"check the amount; at most {LONGEST[self.unit.value]} {self.unit.value} are taken",
            )
        if self.unit.is_hours and self.amount * 3_600 < 1:
            raise self._refused(
                " is shorter than a second", "check the amount; the law knows whole seconds at the least"
            )
        if self.unit.is_natural and self.amount != self.amount.to_integral_value():
            raise self._refused(
                " is no whole number: natural days, months and years are whole", "give a whole number, or hours"
            )
        if self.unit.is_hours and self.start_rule is StartRule.SAME_DAY:
            raise self._refused(
                ": hours cannot count from the beginning of a day already under way",
                "start hours at the instant or on the next day (民法典第二百零一条)",
            )

    def _refused(self, why: str, remedy: str) -> PeriodError:
        return PeriodError(
            f"a period of {self.amount} {self.unit.value}{why}",
            remedy=remedy,
            amount=str(self.amount),
            unit=self.unit.value,
        )

    def __str__(self) -> str:
        return f"{self.amount.normalize():f}{_SUFFIX[self.unit]}"


@attrs.frozen(kw_only=True)
class Immediate:
    """即办: decided on the spot, at the latest before the day of acceptance ends."""

    basis: LegalBasis

    def __str__(self) -> str:
        return "immediate"


@attrs.frozen(kw_only=True)
class NoLimit:
    """No limit is set. It is said, never implied: a timer without a limit runs, and never is due."""

    basis: LegalBasis

    def __str__(self) -> str:
        return "none"


@attrs.frozen(kw_only=True)
class FixedDay:
    """A day set beforehand, as for a report that is due on a date."""

    day: date
    basis: LegalBasis

    def __str__(self) -> str:
        return self.day.isoformat()


Limit = Period | Immediate | NoLimit | FixedDay

_SUFFIX = {
    Unit.WORKING_DAY: "wd",
    Unit.DAY: "d",
    Unit.MONTH: "m",
    Unit.YEAR: "y",
    Unit.WORKING_HOUR: "wh",
    Unit.HOUR: "h",
}
_UNITS = {suffix: unit for unit, suffix in _SUFFIX.items()}
_LIMIT = re.compile(r"(-?\d{1,9}(?:\.\d{1,6})?)(wd|wh|d|m|y|h)", re.ASCII)


_LONG_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:wd|wh|d|m|y|h)", re.ASCII)


def parse_limit(
    text: str, *, basis: LegalBasis = AS_GIVEN, start_rule: StartRule | None = None, end_roll: EndRoll = EndRoll.NONE
) -> Limit:
    """Read `20wd`, `15d`, `1m`, `1y`, `7wh`, `24h`, `immediate` or `none`.

    Raises PeriodError, with the accepted forms as remedy, for anything else.
    """
    if not isinstance(text, str):
        raise PeriodError(
            f"a limit is written as a text, not as {type(text).__name__}", remedy="write for example 20wd"
        )
    if text == "immediate":
        return Immediate(basis=basis)
    if text == "none":
        return NoLimit(basis=basis)
    found = _LIMIT.fullmatch(text)
    if found is None and _LONG_NUMBER.fullmatch(text):
        raise PeriodError(
            f"the number of {text!r} has too many digits",
            remedy="write at most nine digits before the point and six after it",
            text=text,
        )
    if found is None:
        raise PeriodError(
            f"{text!r} is not a limit",
            remedy="write a number and a unit: 20wd (working days), 15d, 1m, 1y, 7wh (working hours), 24h, "
            "or 'immediate' or 'none'",
            text=text,
        )
    unit = _UNITS[found[2]]
    amount = Decimal(found[1])
    if start_rule is None:
        return Period(amount=amount, unit=unit, basis=basis, end_roll=end_roll)
    return Period(amount=amount, unit=unit, basis=basis, start_rule=start_rule, end_roll=end_roll)
