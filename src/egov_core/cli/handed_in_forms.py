"""The forms that a unit hands in: read, checked, and told by their digests.

Rules of this room: what can be read here is read, and everything wrong with it is told before it is handed in; what
nothing here reads yet is taken as it is and marked so, for the reviewer. `check_form` is the one function that knows
which form is read by what.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path, PurePath

from egov_core.domain.campaign.facts import CollectedForm, FormFile
from egov_core.domain.organisation import Organ
from egov_core.errors import CatalogueError, ClaimError, Fault
from egov_core.sheets.catalogue_csv import read_catalogue


def hand_over(files: Mapping[CollectedForm, str], organ: Organ, *, area: str, day: date) -> tuple[FormFile, ...]:
    """The forms in these files. Raises CatalogueError with the faults of all of them, OSError for one not there."""
    found, faults = [], []
    for form, path in files.items():
        data = Path(path).read_bytes()
        items, checked, wrong = check_form(form, data, name=PurePath(path).name, organ=organ, area=area, day=day)
        faults += wrong
        digest = hashlib.sha256(data).hexdigest()
        found.append(FormFile(form=form, name=PurePath(path).name, digest=digest, items=items, checked=checked))
    if faults:
        raise CatalogueError(
            f"nothing is handed in: {len(faults)} fault(s), the first in {faults[0].path}",
            faults=faults,
            remedy="correct every place named, and hand the forms in again",
        )
    return tuple(found)


def check_form(
    form: CollectedForm, data: bytes, *, name: str, organ: Organ, area: str, day: date
) -> tuple[int, bool, list[Fault]]:
    """How many items a form has, whether it was read, and what is wrong with it.

    A summary in CSV is read as a catalogue is: a row that is in error, or is about another unit, is a fault. Any other
    form is not read here; an empty file is a fault whatever it is.
    """
    if not data.strip():
        return 0, False, [Fault(name, "file-empty", f"the file of {form.value} is empty")]
    if form is not CollectedForm.SUMMARY or PurePath(name).suffix.lower() != ".csv":
        return 0, False, []
    try:
        sheet = read_catalogue(data, source=name, area=area, parent=organ.parent or organ.code, valid_from=day)
    except CatalogueError as error:
        return 0, True, list(_named(name, error))
    faults = [
        Fault(f"{name} row {one.row} / {one.column}", one.code, one.message)
        for one in sheet.faults
        if one.severity == "error"
    ]
    faults += [
        Fault(f"{name} department", "other-unit", f"{each.name} is not {organ.name}, which hands the form in")
        for each in sheet.organs
        if each.name != organ.name
    ]
    return len(sheet.items), True, faults


def _named(name: str, error: ClaimError) -> Iterable[Fault]:
    """The faults of a file that cannot be used at all."""
    if error.faults:
        return [Fault(f"{name} {one.path}", one.code, one.message) for one in error.faults]
    return [Fault(name, error.code, f"{error.message}; {error.remedy}")]
