"""How much a term says: the fewer items have it, the more. Whole numbers, the same on every machine.

Rules of this room: integers only. A floating-point logarithm may differ in its last digit from one machine to the
next, and with it the order of two items; here every step is exact or rounded down.
"""

from __future__ import annotations

from collections.abc import Mapping

import attrs

BITS = 10
UNIT = 1 << BITS
"""One bit of information."""
_FINE = 40


def log2(numerator: int, denominator: int) -> int:
    """log₂ of a fraction of at least 1, in 1024ths, rounded down."""
    whole = (numerator // denominator).bit_length() - 1
    value = (numerator << _FINE) // (denominator << whole)
    result = whole
    for _ in range(BITS):
        value = value * value >> _FINE
        more = value >> (_FINE + 1)
        value >>= more
        result = 2 * result + more
    return result


@attrs.frozen(eq=False)
class Rarity:
    """How many items there are, and how many have each term."""

    items: int
    counts: Mapping[str, int]
    _reckoned: dict[str, int] = attrs.field(factory=dict, init=False, repr=False)

    def of(self, term: str) -> int:
        """The weight of a term as BM25 has it, log₂ (n + 1) / (k + ½), in 1024ths.

        A term that nothing has is worth half of the rarest: no item can be told by it, but it was asked for.
        """
        weight = self._reckoned.get(term)
        if weight is None:
            having = min(self.counts.get(term, 0), self.items)
            weight = log2(2 * self.items + 2, 2 * having + 1)
            weight = self._reckoned[term] = weight if having else weight // 2
        return weight

    def of_known(self, term: str) -> int:
        """The weight of a term of a known word or of an official one: one that nothing has is as rare as can be.

        What an item lacks of such a word makes it another thing: 歇业备案 is no 备案.
        """
        return self.of(term) if self.has(term) else 2 * self.of(term)

    def has(self, term: str) -> bool:
        """Whether any item has a term."""
        return self.counts.get(term, 0) > 0

    @property
    def rarest(self) -> int:
        """The weight of a term that one item has; where there is no item yet, of one that nothing has."""
        return log2(2 * self.items + 2, 2 * min(1, self.items) + 1)
