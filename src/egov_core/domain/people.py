"""People: staff with posts, applicants behind a mask.

Rules of this room: personal values never travel as plain text. `Personal` shows itself masked in every repr, log and
f-string; `reveal` demands a purpose, and whoever calls it outside the domain records the reading (PIPL 5-6, 51, 73).
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from datetime import date

import attrs

from egov_core.domain.legal import is_in_force
from egov_core.errors import ClaimError


class Purpose(enum.Enum):
    """Why a personal value is read in the clear."""

    HANDLING = "handling"
    DELIVERY = "delivery"
    SUPERVISION = "supervision"
    LEGAL_DUTY = "legal-duty"


class Personal:
    """A personal value that masks itself. Compare and hash work on the value; showing it needs a purpose."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        if not isinstance(value, str):
            raise ClaimError(
                f"a personal value is a text, not {type(value).__name__}", remedy="give it as it is written"
            )
        self._value = value

    def reveal(self, purpose: Purpose) -> str:
        """The value in the clear, for a stated purpose; a caller outside the domain records the reading."""
        if not isinstance(purpose, Purpose):
            raise TypeError("a personal value is shown only for a Purpose")
        return self._value

    def masked(self) -> str:
        """First character and stars for a name, first three and last two for anything longer than seven."""
        value = self._value
        if len(value) > 7:
            return f"{value[:3]}{'*' * (len(value) - 5)}{value[-2:]}"
        return value[:1] + "*" * max(len(value) - 1, 1) if value else ""

    def __repr__(self) -> str:
        return f"Personal({self.masked()!r})"

    def __str__(self) -> str:
        return self.masked()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Personal) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)


@attrs.frozen(kw_only=True)
class Move:
    """From `valid_from` on a person serves in this organ."""

    organ: str
    valid_from: date


def organ_after(first: str, moves: Sequence[Move], day: date) -> str:
    """The organ of somebody or something on `day` that began in `first`; `moves` are in the order of their days."""
    return next((move.organ for move in reversed(moves) if move.valid_from <= day), first)


@attrs.frozen(kw_only=True)
class Person:
    """A member of staff 工作人员: an id, a name for official acts (public by law), and the organ of employment.

    `organ` is the first one; `moves` say where the person went later.
    """

    code: str
    name: str
    organ: str
    valid_from: date
    valid_to: date | None = None
    moves: tuple[Move, ...] = ()

    def organ_on(self, day: date) -> str:
        """The organ in which the person serves on `day`."""
        return organ_after(self.organ, self.moves, day)

    def serves_on(self, day: date) -> bool:
        """Whether the person is in office on `day`."""
        return is_in_force(day, self.valid_from, self.valid_to)


@attrs.frozen(kw_only=True)
class Applicant:
    """Who applies 申请人: natural person or organisation, with what the law needs to know."""

    name: Personal
    id_number: Personal
    phone: Personal | None = None
    is_organisation: bool = False


class ActorKind(enum.Enum):
    """In what quality somebody acts."""

    STAFF = "staff"
    APPLICANT = "applicant"
    UPPER = "upper"
    SYSTEM = "system"


@attrs.frozen(kw_only=True)
class Actor:
    """Who acts: a member of staff for an organ, the applicant of a case, the level above, or the system itself.

    `code` is the person's code, the subject id of an applicant, the upper organ's code, or `system`. `name` is the
    official name of staff, empty for applicants: a chain holds no personal values. `under` names the delegation and
    the stand-in that staff act under, kind and code; it is empty for whoever acts by a right of one's own.
    """

    kind: ActorKind
    code: str
    name: str = ""
    organ: str = ""
    under: tuple[str, ...] = ()


SYSTEM = Actor(kind=ActorKind.SYSTEM, code="system", name="系统")
