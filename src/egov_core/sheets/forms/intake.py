"""Everything that was handed in, from bytes to items: the one function behind check and import.

Rules of this room: a folder is taken as a whole, and every fault of it is told at once; a file that cannot be used is a
fault among the others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import attrs

from egov_core.domain.catalogue import ItemVersion
from egov_core.domain.cells import CellFault
from egov_core.domain.organisation import Organ
from egov_core.errors import CatalogueError, SettingsError
from egov_core.sheets.forms.comparing import Difference, compare
from egov_core.sheets.forms.description import Form
from egov_core.sheets.forms.drawing import draw
from egov_core.sheets.forms.ground import Ground
from egov_core.sheets.forms.joining import join
from egov_core.sheets.forms.reading import read_form
from egov_core.sheets.forms.rows import FormRow, Found
from egov_core.sheets.tables import read_tables


@attrs.frozen(kw_only=True)
class Intake:
    """What came of the files: items, organs to found, faults, and the differences from what is published.

    `rows` counts the rows of items in all files, those with an error included; `forms` counts those that could be read,
    by the name of the file and of the form.
    """

    items: tuple[ItemVersion, ...]
    organs: tuple[Organ, ...]
    faults: tuple[CellFault, ...]
    differences: tuple[Difference, ...]
    rows: int
    forms: Mapping[tuple[str, str], int] = attrs.field(factory=dict)

    @property
    def errors(self) -> int:
        """How many faults keep something out."""
        return sum(1 for fault in self.faults if fault.is_error)


def take_up(files: Iterable[tuple[str, bytes]], forms: Sequence[Form], ground: Ground, *, whole: bool = True) -> Intake:
    """Read files by their names and draw up the items that they speak about. Raises SettingsError without the extra.

    `whole`: nothing that was handed in was left out, so that an item that is nowhere is missing.
    """
    rows: list[FormRow] = []
    faults: list[CellFault] = []
    counted = 0
    by_form: Counter[tuple[str, str]] = Counter()
    complete = whole
    unsaid: list[str] = []
    for name, data in files:
        try:
            tables = list(read_tables(data, name=name, source=name))
            if not any(table.rows or table.faults for table in tables):
                faults.append(_nothing_in(name))
                complete = False
            found = read_form(tables, forms)
        except SettingsError:
            raise
        except CatalogueError as error:
            code = error.faults[0].code if error.faults else error.code
            faults.append(
                CellFault(
                    file=name,
                    sheet="",
                    cell="",
                    severity="error",
                    code=code,
                    message=error.message,
                    remedy=error.remedy,
                )
            )
            complete = False
            continue
        complete = complete and _is_whole(found)
        if not found.counted and not any(fault.code == "items-past" for fault in found.faults):
            unsaid.append(name)
        rows += found.rows
        by_form.update((name, row.form.name) for row in found.rows)
        counted += found.counted
        faults += found.faults
    if not counted and not any(fault.is_error for fault in faults):
        faults += [_no_row_in(name) for name in unsaid]
    joined = join(rows)
    drawn = draw(joined.drafts, ground)
    return Intake(
        items=tuple(item for item, _ in drawn.items),
        organs=drawn.organs,
        faults=(*faults, *joined.faults, *drawn.faults),
        differences=compare(
            drawn.items, ground, unread=[draft for draft in joined.drafts if draft.wrong], complete=complete
        ),
        rows=counted,
        forms=by_form,
    )


def _is_whole(found: Found) -> bool:
    """Whether every sheet with an error gave rows, and every row of it came through: an item may stand in any other."""
    read = {row.start.table.sheet for row in found.rows}
    return found.counted == len(found.rows) and all(one.sheet in read for one in found.faults if one.is_error)


def _no_row_in(name: str) -> CellFault:
    """A form may have nothing to enter; where that is all that was handed in, it is the blank one, or the wrong one."""
    return CellFault(
        file=name,
        sheet="",
        cell="",
        severity="error",
        code="nothing-read",
        message="there are headings, and no item below them",
        remedy="look whether it is the file that was filled in; write the items below the headings",
    )


def _nothing_in(name: str) -> CellFault:
    """A file without any filled cell, headings included, was not saved, or is another one: it must not pass."""
    return CellFault(
        file=name,
        sheet="",
        cell="",
        severity="error",
        code="file-empty",
        message="the file is empty",
        remedy="fetch or save it once more",
    )
