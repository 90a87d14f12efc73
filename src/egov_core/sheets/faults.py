"""What is wrong with a cell, in one shape for every file that people hand in.

Rules of this room: a fault names its place as the person sees it in the spreadsheet (file, sheet, cell), says what is
wrong and what to do about it. What makes a whole file unusable is a CatalogueError instead; `refuse` words it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import attrs

from egov_core.errors import CatalogueError, Fault


@attrs.frozen(kw_only=True)
class CellFault:
    """What is wrong with one cell: `error` (the row is not taken) or `warning` (taken, but look at it).

    `cell` is `B7`, or empty where the sheet as a whole is meant; `sheet` is empty in a CSV file, which has only one.
    """

    sheet: str
    cell: str
    severity: str
    code: str
    message: str
    remedy: str = ""
    file: str = ""

    @property
    def is_error(self) -> bool:
        """Whether the row is not taken because of it."""
        return self.severity == "error"

    @property
    def place(self) -> str:
        """Where it is, on one line."""
        where = "!".join(part for part in (self.sheet, self.cell) if part)
        return " / ".join(part for part in (self.file, where) if part)

    def as_dict(self) -> dict[str, str]:
        """The shape that `--json` prints."""
        return attrs.asdict(self)

    def as_fault(self) -> Fault:
        """The shape that an error carries."""
        said = f"{self.message}; {self.remedy}" if self.remedy else self.message
        return Fault(self.place, self.code, said, self.severity)


def refuse_faults(message: str, faults: Iterable[CellFault], *, remedy: str) -> CatalogueError:
    """The error that carries these faults."""
    return CatalogueError(message, faults=[fault.as_fault() for fault in faults], remedy=remedy)


def unusable(source: str, why: str, *, code: str, remedy: str, **data: Any) -> CatalogueError:
    """The error for a file that cannot be used as a whole; `code` is that of its one fault."""
    return CatalogueError(
        f"{source} {why}", faults=[Fault(source, code, f"{source} {why}")], remedy=remedy, reason=code, **data
    )
