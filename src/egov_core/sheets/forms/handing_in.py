"""The forms that a unit hands in: read together, checked by cell, and told by their digests.

Rules of this room: `take_up` reads them, as it does for an import; nothing is handed in while a cell has an error. A
file of a kind that nothing reads (a scan) is taken as it is and marked so, for the reviewer. No file is opened here:
names and bytes are given.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import PurePath

import attrs

from egov_core.domain.campaign.forms import FORMS, CollectedForm, FormFile
from egov_core.domain.catalogue import Catalogue
from egov_core.domain.cells import CellFault
from egov_core.domain.organisation import Organ, Organisation
from egov_core.sheets.faults import refuse_faults
from egov_core.sheets.forms.description import Form
from egov_core.sheets.forms.ground import Ground
from egov_core.sheets.forms.intake import Intake, take_up
from egov_core.sheets.tables import ENDINGS

_READ = (*ENDINGS, ".doc")
"""What is read, and what is refused with the way to have it read."""


@attrs.frozen
class HandedIn:
    """The forms of a unit, and what it should look at though they are taken."""

    files: tuple[FormFile, ...]
    warnings: tuple[CellFault, ...]


def ground_of(unit: Organ, area: str, day: date, organisation: Organisation, catalogue: Catalogue) -> Ground:
    """What a unit's forms are checked over: its own items only.

    Upper organs and windows that nobody knows yet are for whoever takes the items in.
    """
    return Ground(
        area=area,
        valid_from=day,
        organisation=organisation,
        catalogue=catalogue,
        founding=True,
        parent=unit.parent or unit.code,
        only=unit.code,
    )


def hand_over(
    paths: Mapping[CollectedForm, str], data: Mapping[str, bytes], forms: Sequence[Form], ground: Ground
) -> HandedIn:
    """The forms by the paths of their files, and the bytes under each path; one workbook may hold several forms.

    Raises CatalogueError with the faults of all of them.
    """
    names = _names(paths)
    found = take_up([(names[path], data[path]) for path in names if _is_read(path)], forms, ground)
    faults = [*found.faults, *_other_forms(paths, names, found, data)]
    errors = [fault for fault in faults if fault.is_error]
    if errors:
        raise refuse_faults(
            f"nothing is handed in: {len(errors)} error(s), the first in {errors[0].place}",
            [*errors, *(fault for fault in faults if not fault.is_error)],
            remedy="correct every place named, and hand the forms in again",
        )
    files = tuple(
        FormFile(
            form=form,
            name=PurePath(path).name,
            digest=hashlib.sha256(data[path]).hexdigest(),
            items=found.forms.get((names[path], form.code), 0),
            checked=_is_read(path),
        )
        for form, path in paths.items()
    )
    return HandedIn(files, tuple(faults))


def _is_read(path: str) -> bool:
    return PurePath(path).suffix.lower() in _READ


def _names(paths: Mapping[CollectedForm, str]) -> dict[str, str]:
    """Each file once, by the name it is shown under: with its form before it where two files have one name."""
    forms: dict[str, CollectedForm] = {}
    for form, path in paths.items():
        forms.setdefault(path, form)
    plain: Sequence[str] = [PurePath(path).name for path in forms]
    return {
        path: name if plain.count(name) == 1 else f"{form.value} {name}"
        for (path, form), name in zip(forms.items(), plain, strict=True)
    }


def _other_forms(
    paths: Mapping[CollectedForm, str], names: Mapping[str, str], found: Intake, data: Mapping[str, bytes]
) -> Iterator[CellFault]:
    """Files without an item of the form that they were handed in as, where nothing else is wrong with them."""
    wrong = {fault.file for fault in found.faults if fault.is_error}
    for form, path in paths.items():
        name = names[path]
        if name in wrong:
            continue
        if not data[path].strip():
            yield _of_file(name, "file-empty", "the file is empty", "fetch or save it once more")
        elif _is_read(path) and not found.forms.get((name, form.code)):
            others = "、".join(FORMS[code].value for file, code in found.forms if file == name)
            if others:
                said = f"the file was handed in as {form.value}, and has {others}"
                yield _of_file(name, "form-other", said, f"give it as {others}, and another one as {form.value}")
            else:
                remedy = "fill it in; a unit that forwards nothing says so with --no-forwarding"
                yield _of_file(name, "form-blank", f"there is no item in this {form.value}", remedy)


def _of_file(name: str, code: str, message: str, remedy: str) -> CellFault:
    return CellFault(file=name, sheet="", cell="", severity="error", code=code, message=message, remedy=remedy)
