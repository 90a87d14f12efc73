"""Cells of files that people hand in, and what is wrong with one.

Rules of this room: places and sentences only; nothing here reads a file or knows what a cell means. A fault names its
place as the person sees it in the spreadsheet (file, sheet, cell), says what is wrong and what to do about it. There is
one shape for every file, whoever finds the fault: the reader of cells, or the law of what they say.
"""

from __future__ import annotations

import attrs

from egov_core.errors import Fault

LONGEST_CELL = 32_767
"""What a cell of a spreadsheet holds: a text that is longer could be taken in and never be given out again."""


def cell_length(text: str) -> int:
    """How long a text is as spreadsheets count: a rare character beyond U+FFFF, such as 𠮷, is two."""
    return len(text) + sum(sign > "\uffff" for sign in text) if 2 * len(text) > LONGEST_CELL else len(text)


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
        return Cell(self.sheet, self.cell, self.file).place

    def as_dict(self) -> dict[str, str]:
        """The shape that `--json` prints."""
        return attrs.asdict(self)

    def as_fault(self) -> Fault:
        """The shape that an error carries."""
        said = f"{self.message}; {self.remedy}" if self.remedy else self.message
        return Fault(self.place, self.code, said, self.severity)


@attrs.frozen
class Cell:
    """Where something stands: the sheet by its name, the cell as `F12`, the file where several may have been given."""

    sheet: str
    ref: str
    file: str = ""

    @property
    def place(self) -> str:
        """It on one line, such as `staff.xlsx / 人员!B7`."""
        where = "!".join(part for part in (self.sheet, self.ref) if part)
        return " / ".join(part for part in (self.file, where) if part)

    def error(self, code: str, message: str, remedy: str = "") -> CellFault:
        """An error at this cell."""
        return CellFault(
            file=self.file,
            sheet=self.sheet,
            cell=self.ref,
            severity="error",
            code=code,
            message=message,
            remedy=remedy,
        )

    def warning(self, code: str, message: str, remedy: str = "") -> CellFault:
        """A warning at this cell."""
        return attrs.evolve(self.error(code, message, remedy), severity="warning")
