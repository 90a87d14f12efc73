"""The files that a unit hands in as its forms: which forms are asked, and what the files have in them.

Rules of this room: files are only opened here; what is wrong with them is found in `sheets.forms.handing_in`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path, PurePath

from egov_core.domain.campaign.forms import CollectedForm
from egov_core.errors import ClaimError
from egov_core.sheets.forms.description import Form, parse_form
from egov_core.sheets.forms.ground import Ground
from egov_core.sheets.forms.handing_in import HandedIn, hand_over
from egov_core.sheets.forms.shipped import SET, shipped_form


def forms_asked(mapping: str | None) -> tuple[Form, ...]:
    """The three forms; a mapping file takes the place of the one whose name it bears. Raises ClaimError for none."""
    shipped = {name: shipped_form(name) for name in SET}
    if mapping is None:
        return tuple(shipped.values())
    own = parse_form(Path(mapping).read_bytes(), source=PurePath(mapping).name)
    if own.name not in shipped:
        raise ClaimError(
            f"{PurePath(mapping).name} does not say in place of which form it stands",
            remedy=f'write name = "summary" at its head, or another of {", ".join(SET)}',
        )
    return tuple({**shipped, own.name: own}.values())


def read_forms(paths: Mapping[CollectedForm, str], ground: Ground, *, mapping: str | None = None) -> HandedIn:
    """The forms in these files.

    Raises CatalogueError with the faults of all of them, OSError for a file that is not there.
    """
    data = {path: Path(path).read_bytes() for path in dict.fromkeys(paths.values())}
    return hand_over(paths, data, forms_asked(mapping), ground)
