"""What a unit of the demo county hands in: its items in the forms of the campaign, and the slips of the first time.

Rules of this room: the forms are written as an export writes them, as CSV, which needs no package besides; names,
digests and numbers of items are those of the bytes, and the check is that of `egov campaign submit`. A slip is a real
one: the corrected set is another.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import attrs

from egov_core.demo.census import items_of_town
from egov_core.demo.founding import SINCE
from egov_core.domain.campaign.forms import CollectedForm, FormFault, FormFile
from egov_core.domain.catalogue import ItemVersion
from egov_core.domain.organisation import Organ, OrganKind
from egov_core.errors import CatalogueError
from egov_core.runtime.office import Office
from egov_core.sheets.forms.ground import Ground
from egov_core.sheets.forms.handing_in import ground_of, hand_over
from egov_core.sheets.forms.shipped import shipped_form
from egov_core.sheets.forms.writing import sheet_of
from egov_core.sheets.grid_watch import address
from egov_core.sheets.workbook import write_csv

PHONE_MISSING = "信息表有空缺"
_PHONE = "咨询电话"
_FIRST_ROW = 2
"""Of a CSV file: the header stands above it."""


@attrs.frozen
class Slip:
    """A set of forms with something wrong in it, and what its reviewer says of it."""

    files: tuple[FormFile, ...]
    reason: str
    fault: FormFault


def items_of(office: Office, unit: Organ, place: int, day: date) -> tuple[ItemVersion, ...]:
    """What a unit enters: a department its items in use, a town what it has to do; `place` is its place among all."""
    if unit.kind is OrganKind.TOWN:
        return items_of_town(unit, place, SINCE)
    found = (item for item in office.catalogue.in_use(day) if item.organ == unit.code)
    return tuple(sorted(found, key=lambda item: item.code))


@attrs.frozen
class Writer:
    """Whoever fills in the forms of a unit, over the ground on which they are checked."""

    unit: Organ
    ground: Ground

    @classmethod
    def of(cls, office: Office, unit: Organ, day: date) -> Writer:
        """The writer of a unit of this office."""
        return cls(unit, ground_of(unit, office.area, day, office.organisation, office.catalogue))

    def whole(self, items: Sequence[ItemVersion]) -> tuple[FormFile, ...]:
        """The set with all the items; those that the check refuses are left out. Empty where none is left."""
        found = self._checked(items)
        return found or self._checked([item for item in items if self._checked([item])])

    def slip(self, items: Sequence[ItemVersion], place: int) -> Slip | None:
        """The set as it is at first: an item is missing, or a telephone. None where it can be no other than whole."""
        first, *_, last = (*items, *items)
        slips = []
        if len(items) > 1:
            fault = FormFault(place=CollectedForm.SUMMARY.value, message=f"缺“{last.name}”，该事项仍在办理，请补报")
            slips.append((items[:-1], "事项不全", fault))
        if first.guide.inquiry_phone:
            without = attrs.evolve(first, guide=attrs.evolve(first.guide, inquiry_phone=""))
            slips.append(((without, *items[1:]), PHONE_MISSING, missing_phone(first)))
        for chosen, reason, fault in slips[place % 2 :] + slips[: place % 2]:
            files = self._checked(chosen)
            if files:
                return Slip(files, reason, fault)
        return None

    def _checked(self, items: Sequence[ItemVersion]) -> tuple[FormFile, ...]:
        """The files of a set; empty where there is nothing to enter, or something in it that the check refuses."""
        if not items:
            return ()
        paths, data = {}, {}
        for form in CollectedForm:
            sheet = sheet_of(shipped_form(form.code), items, self.ground.names)
            if sheet.rows:
                paths[form] = f"{self.unit.name}-{form.value}.csv"
                data[paths[form]] = write_csv(sheet)
        try:
            read = hand_over(paths, data, [shipped_form(form.code) for form in CollectedForm], self.ground)
        except CatalogueError:
            return ()
        none = () if CollectedForm.FORWARDING in paths else (CollectedForm.FORWARDING,)
        return (*read.files, *(FormFile(form=form, declared_none=True) for form in none))


def missing_phone(item: ItemVersion) -> FormFault:
    """What is said where the first row of 事项信息表 has no telephone."""
    headings = [field.heading for field in shipped_form(CollectedForm.INFORMATION.code).fields]
    cell = address(_FIRST_ROW, headings.index(_PHONE))
    return FormFault(place=f"{CollectedForm.INFORMATION.value} {cell}", message=f"“{item.name}”未填{_PHONE}，请补填")
