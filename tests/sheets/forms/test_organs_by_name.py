"""Lists name organs: one is found by the name it bears on the day, and a name that two bear is told."""

from __future__ import annotations

from datetime import date

import pytest

from egov_core.domain.organisation import Organ, OrganChange, Organisation, OrganKind
from egov_core.sheets.forms.ground import Ground, Organs
from egov_core.sheets.forms.words import NotRead

SINCE, RENAMED = date(2010, 1, 1), date(2026, 12, 2)


def ground(day: date, name: str) -> Ground:
    """A county with bureaus b (甲局) and c; c is 乙局 and bears another name from a day on."""
    kind, change = OrganKind.DEPARTMENT, OrganChange(valid_from=RENAMED, name=name, parent="county")
    return Ground(
        area="990101",
        valid_from=day,
        organisation=Organisation.of(
            [
                Organ(code="county", name="县", kind=OrganKind.COUNTY, parent=None, valid_from=SINCE),
                Organ(code="b", name="甲局", kind=kind, parent="county", valid_from=SINCE),
                Organ(code="c", name="乙局", kind=kind, parent="county", valid_from=SINCE, changes=(change,)),
            ]
        ),
    )


def found(day: date, written: str, name: str = "丙局") -> str:
    code = Organs(ground(day, name)).find(written, above=False)
    return code.code if isinstance(code, NotRead) else code


@pytest.mark.parametrize(("day", "old", "new"), [(SINCE, "c", "organ-unknown"), (RENAMED, "organ-unknown", "c")])
def test_a_renamed_organ_is_found_by_the_name_of_the_day(day: date, old: str, new: str) -> None:
    assert (found(day, "乙局"), found(day, "丙局")) == (old, new)
    assert ground(day, "丙局").names.name("c") == ("丙局" if new == "c" else "乙局"), "and is written by it"


def test_a_name_that_two_organs_bear_is_not_bound_to_one_of_them() -> None:
    assert found(RENAMED, "甲局", name="甲局") == "organ-ambiguous"
    assert found(SINCE, "甲局", name="甲局") == "b"
