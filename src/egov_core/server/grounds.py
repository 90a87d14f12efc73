"""What a time rests on: the basis of a limit in words, a law by its name, and an acceptance by the law alone.

Rules of this room: it reads values and turns them into sentences of the catalogue; it decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from egov_core.domain.legal import AS_GIVEN, LegalBasis
from egov_core.domain.periods import Limit
from egov_core.server.words import Words

if TYPE_CHECKING:  # most who say where a limit comes from have no case
    from egov_core.domain.cases.case import Case


def basis_in(words: Words, basis: LegalBasis) -> str:
    """A legal basis; a reading of ours is said to be one, and a cell in which a figure was filled in is no law."""
    if basis == AS_GIVEN:
        return words("basis.given")
    if basis.is_cell:
        return words("basis.filled_in", cell=str(basis))
    return words("basis.assumed", basis=str(basis)) if basis.assumed else str(basis)


def source_in(words: Words, source: str, limits: Iterable[Limit]) -> str:
    """The source of a ledger's line; one that is the basis of a limit of this timer is said as that basis."""
    bases = [AS_GIVEN, *(limit.basis for limit in limits)]
    return next((basis_in(words, basis) for basis in bases if str(basis) == source), source)


def deemed_accepted_since(case: Case) -> datetime | None:
    """Since when the case counts as accepted because nobody answered 视为受理; None for any other case."""
    from egov_core.domain.cases.events import Accepted  # as above

    accepted = [mark for mark in case.history if mark.type == Accepted.type and mark.void_at is None]
    return next((mark.since for mark in accepted if mark.since is not None), None)
