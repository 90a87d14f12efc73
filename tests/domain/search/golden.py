"""The golden queries: what citizens type, and the items that have to come within the first five, or may come first.

Not a test. Lines go by turns: the first is there to tune on, the next is held out, so that what was tuned on one half
is measured on the other; of `golden_halves.tsv` the lot says which.
"""

from __future__ import annotations

from pathlib import Path

import attrs

HERE = Path(__file__).resolve().parent
FIRST = 5


@attrs.frozen
class Golden:
    """A query, the names of which any has to be found, and whether it was kept from whoever tuned."""

    kind: str
    query: str
    expected: tuple[str, ...]
    held_out: bool

    def names(self, name: str) -> bool:
        """Whether an item of this name is one of those expected."""
        return any(
            name.startswith(one.removesuffix("…")) if one.endswith("…") else name == one for one in self.expected
        )


def golden(catalogue: str) -> list[Golden]:
    """The queries over the `demo` county or over the `real` district."""
    return _read(f"golden_{catalogue}.tsv")


def halves(how_often: str, catalogue: str) -> list[Golden]:
    """The queries drawn by lot into halves: what is asked `often`, or `seldom`; over `demo`, `real`, or a `list`."""
    rows = [row for row in _rows("golden_halves.tsv") if row[:2] == [how_often, catalogue]]
    return [Golden(how_often, query, tuple(names.split("|")), half == "held") for _, _, half, query, names in rows]


def misleading(catalogue: str) -> list[Golden]:
    """The queries to which a wrong answer would mislead, with the items that may come first.

    An item that is only near misleads nobody: it is told as such.
    """
    return _read(f"misleading_{catalogue}.tsv")


def _read(file: str) -> list[Golden]:
    rows = _rows(file)
    return [Golden(kind, query, tuple(names.split("|")), n % 2 == 1) for n, (kind, query, names) in enumerate(rows)]


def _rows(file: str) -> list[list[str]]:
    lines = (HERE / file).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]
