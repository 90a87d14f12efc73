"""Files that are refused: as a whole, or for what is wrong with their cells.

Rules of this room: what is wrong with a cell is a `CellFault`; here it becomes the error that ends a reading. What
makes a whole file unusable is a CatalogueError with one fault, and names the way out.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from egov_core.domain.cells import CellFault
from egov_core.errors import CatalogueError, Fault


def refuse_faults(message: str, faults: Iterable[CellFault], *, remedy: str) -> CatalogueError:
    """The error that carries these faults."""
    return CatalogueError(message, faults=[fault.as_fault() for fault in faults], remedy=remedy)


def unusable(source: str, why: str, *, code: str, remedy: str, **data: Any) -> CatalogueError:
    """The error for a file that cannot be used as a whole; `code` is that of its one fault."""
    return CatalogueError(
        f"{source} {why}", faults=[Fault(source, code, f"{source} {why}")], remedy=remedy, reason=code, **data
    )
