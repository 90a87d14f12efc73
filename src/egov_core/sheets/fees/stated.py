"""What a cell says about fees: values, and the same values written out again.

Rules of this room: values and their texts only. Amounts are decimals with the places they were written with; `yuan`
alone turns 2万元 into 20000. A share (%) has no yuan, because what it is a share of is not here.
"""

from __future__ import annotations

import enum
from decimal import Decimal

import attrs

from egov_core.sheets.numerals import plainly


class FeeClass(enum.Enum):
    """What kind of answer a cell gives to the question what it costs.

    `branch` is several amounts, each with what it is for; whether one of them is due or all (证照费 and 检验费) is not
    said by the class, and nobody here adds them up.
    """

    NONE = "none"
    SUSPENDED = "suspended"
    CHARGED = "charged"
    MIXED = "mixed"
    LEVEL = "level-dependent"
    DOCUMENT = "by-document"
    FIXED = "fixed"
    RATE = "rate"
    RANGE = "range"
    PERCENT = "percent"
    PERCENT_AND_RATE = "percent-and-rate"
    BRANCH = "branch"
    TIERED = "tiered"
    CAPPED = "capped"
    VAGUE = "vague"
    UNKNOWN = "unknown"


FREE = frozenset({FeeClass.NONE, FeeClass.SUSPENDED, FeeClass.MIXED})
"""The classes whose amount is nought: nothing is collected for the item itself."""


_YUAN = {
    "元": Decimal(1),
    "万元": Decimal(10_000),
    "千元": Decimal(1_000),
    "角": Decimal("0.1"),
    "分": Decimal("0.01"),
}


@attrs.frozen(kw_only=True)
class StatedFee:
    """One amount of a cell, with what it is for and per what."""

    amount: Decimal
    upto: Decimal | None = None
    """The upper end where the cell gives a range."""
    scale: str = "元"
    """元, 万元, 角, 分, %, ‰ or ‱."""
    per: str = ""
    """What the amount is for one of: 件, 平方米, m2; empty where the cell says an amount only."""
    subject: str = ""
    """What it is paid for or by, as written: 临时线路牌, 居民."""
    of: str = ""
    """Of a share: of what, as written: 工程总造价."""
    condition: str = ""
    """When it holds, as written: 月用水不超120立方米的用户."""

    @property
    def yuan(self) -> Decimal | None:
        """The amount in yuan; None for a share."""
        factor = _YUAN.get(self.scale)
        return None if factor is None else self.amount * factor

    @property
    def is_share(self) -> bool:
        """Whether it is a share of something else."""
        return self.scale in ("%", "‰", "‱")

    @property
    def number(self) -> str:
        """The amount as the tables of the offices write it; a range as `4-5`."""
        return plainly(self.amount) if self.upto is None else f"{plainly(self.amount)}-{plainly(self.upto)}"

    @property
    def unit(self) -> str:
        """The unit as written: 元/件, 元/m2, %."""
        return f"{self.scale}/{self.per}" if self.per else self.scale

    def __str__(self) -> str:
        """The amount in a form that reads back as itself."""
        shown = (
            f"{self.subject}按{self.of}{self.number}{self.scale}"
            if self.of
            else f"{self.subject}{self.number}{self.unit}"
        )
        return shown + (f"({self.condition})" if self.condition else "")


@attrs.frozen
class UnreadFee:
    """A part of a cell that was not understood, word for word, and why: a stable code and a sentence."""

    text: str
    reason: str
    message: str


@attrs.frozen(kw_only=True)
class FeeReading:
    """All that a cell says about fees, and what in it was not understood."""

    text: str
    fee_class: FeeClass | None = None
    """None where it was not understood."""
    fees: tuple[StatedFee, ...] = ()
    conditions: tuple[str, ...] = ()
    """What is said of the fee as a whole, as written: caps, levels, exemptions."""
    basis: tuple[str, ...] = ()
    """The documents and standards the cell names, as written."""
    notes: tuple[str, ...] = ()
    """What changes nothing: 详见文件, the heading the cell repeats."""
    unread: tuple[UnreadFee, ...] = ()

    @property
    def read(self) -> bool:
        """Whether everything was understood."""
        return not self.unread

    @property
    def amount(self) -> str | None:
        """The amounts on one line: `60`, `5/3`, `4-5 / 600`; empty where there is none, None where not read."""
        if not self.read:
            return None
        if not self.fees:
            return "0" if self.fee_class in FREE else ""
        return (" / " if len(self._units) > 1 else "/").join(fee.number for fee in self.fees)

    @property
    def unit(self) -> str | None:
        """The units on one line, each once where all are the same; None where not read."""
        if not self.read:
            return None
        units = self._units
        return " , ".join(fee.unit for fee in self.fees) if len(units) > 1 else "".join(units)

    @property
    def condition(self) -> str:
        """The conditions on one line, in the words of the cell."""
        return "; ".join((*(f"按{fee.of}" for fee in self.fees if fee.of), *self._conditions))

    @property
    def qualifiers(self) -> tuple[str, ...]:
        """Everything beside amount and unit, each as `code: words of the cell`."""
        several = len(self.fees) > 1
        found = [
            f"{code}: {f'{fee.number} {fee.unit}: ' if several else ''}{words}"
            for fee in self.fees
            for code, words in (("for", fee.subject), ("of", fee.of), ("condition", fee.condition))
            if words
        ]
        found += [f"condition: {words}" for words in self.conditions]
        found += [f"basis: {words}" for words in self.basis]
        return (*found, *(f"note: {words}" for words in self.notes))

    @property
    def _conditions(self) -> tuple[str, ...]:
        return (*(fee.condition for fee in self.fees if fee.condition), *self.conditions)

    @property
    def _units(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(fee.unit for fee in self.fees))

    def __str__(self) -> str:
        """A text that reads as the same amounts, where everything was read; otherwise the cell itself."""
        if self.unread or not self.fees:
            return self.text
        said = [str(fee) for fee in self.fees]
        said += [f"({words})" for words in (*self.conditions, *self.basis, *self.notes)]
        return said[0] + "".join(words if words.startswith("(") else f";{words}" for words in said[1:])
