"""How an item stands 事项状态: in use, suspended, withdrawn, each from a day on; and what took its place.

Rules of this room: a change of standing is a record that is never edited; the last one whose day has come holds. Codes
are opaque: an item that goes on under another code says so by a succession, never by a code that looks like it.

Sources: 事项状态 of the national exchange tables (1 在用, 2 暂停, 3 取消); 国办函〔2016〕108号 (拆分, 合并).
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from datetime import date

import attrs

from egov_core.domain.legal import LegalBasis
from egov_core.errors import ClaimError, Fault


class ItemState(enum.Enum):
    """How an item stands."""

    IN_USE = "in-use"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"

    @property
    def chinese(self) -> str:
        """Its name in the code list 事项状态."""
        return _NAMES[self]


_NAMES = {ItemState.IN_USE: "在用", ItemState.SUSPENDED: "暂停", ItemState.WITHDRAWN: "取消"}


class SuccessionKind(enum.Enum):
    """How items follow others: one into several, several into one, under another name, or to another organ."""

    SPLIT = "split"
    MERGE = "merge"
    RENAME = "rename"
    TRANSFER = "transfer"


@attrs.frozen(kw_only=True)
class Succession:
    """What takes the place of a withdrawn item 事项承接: the codes of the new ones, and by which document.

    A merger is said by each of the old items. Raises ClaimError for no code, one that is there twice, or a split into
    fewer than two, and anything else into more than one.
    """

    kind: SuccessionKind
    new: tuple[str, ...]
    basis: LegalBasis

    def __attrs_post_init__(self) -> None:
        split = self.kind is SuccessionKind.SPLIT
        wrong = len(set(self.new)) != len(self.new) or not all(code.strip() for code in self.new)
        if wrong or not self.new or split is not (len(self.new) > 1):
            wanted = "two or more different codes" if split else "one code"
            raise ClaimError(
                f"a {self.kind.value} has {wanted}, not {', '.join(self.new) or 'none'}",
                faults=[Fault("$.succession.new", "codes", f"must be {wanted}")],
                remedy="name the codes of the items that take its place",
            )


@attrs.frozen(kw_only=True)
class StandingChange:
    """That an item became in use, suspended or withdrawn on a day, why, and by which two persons it was settled."""

    code: str
    number: int
    state: ItemState
    on: date
    reason: str
    prepared_by: str
    decided_by: str
    succession: Succession | None = None


def standing_on(changes: Sequence[StandingChange], day: date) -> StandingChange | None:
    """The change that holds on a day: the last by number whose day has come; None where none has."""
    return next((one for one in reversed(changes) if one.on <= day), None)
