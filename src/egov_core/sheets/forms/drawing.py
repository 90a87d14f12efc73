"""Items drawn up over what is published: the next version of each, and what would change.

Rules of this room: a field that a form has replaces the published one, a field that it has not stays. A cell that says
what an export would write leaves the value as it is, with all that the cell cannot say (from when a basis is in force,
who issues a material). Organs are matched by name on the day from which the items hold. What is filled in for an empty
cell is said. Nothing is written here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import attrs

from egov_core.domain.catalogue import ART_42_DEFAULT, CaseType, ItemVersion, PowerClass
from egov_core.domain.catalogue.comparison import is_surely_beyond, is_surely_within
from egov_core.domain.cells import CellFault
from egov_core.domain.legal import LegalBasis
from egov_core.domain.organisation import Organ
from egov_core.domain.periods import Immediate
from egov_core.sheets.forms.description import Field
from egov_core.sheets.forms.elements import HAS, NOT_STORED, NUMBERS, ROW_MATERIAL, Names, changed
from egov_core.sheets.forms.ground import Ground, Organs, code_of
from egov_core.sheets.forms.joining import Draft
from egov_core.sheets.forms.limits import default_limit, set_by_default, told_by_the_other
from egov_core.sheets.forms.materials import by_name, of_rows
from egov_core.sheets.forms.not_given import says_not_given
from egov_core.sheets.forms.rows import Cell
from egov_core.sheets.forms.words import with_basis
from egov_core.sheets.forms.writing import ORDINAL, kept_values, text_of, written
from egov_core.sheets.statutory import said_of_default, said_of_promise


@attrs.frozen(kw_only=True)
class Drawn:
    """The items as they should be, each with the published version it follows; organs to found; what is wrong."""

    items: tuple[tuple[ItemVersion, ItemVersion | None], ...]
    organs: tuple[Organ, ...]
    faults: tuple[CellFault, ...]


def draw(drafts: Iterable[Draft], ground: Ground) -> Drawn:
    """Draw up an item from each draft that has no error; whichever has one afterwards is marked as wrong."""
    drawer = _Drawer(ground)
    sound = [draft for draft in drafts if not draft.wrong]
    drawer.numbers = frozenset(draft.number for draft in sound if draft.number)
    drawn = [one for draft in sound if (one := drawer.item(draft)) is not None]
    return Drawn(items=tuple(drawn), organs=tuple(drawer.organs.founded.values()), faults=tuple(drawer.faults))


@attrs.define
class _Drawer:
    ground: Ground
    numbers: frozenset[str] = frozenset()
    faults: dict[CellFault, None] = attrs.field(factory=dict)
    organs: Organs = attrs.field(init=False)
    _names: Names = attrs.field(init=False)
    _by_number: dict[str, ItemVersion] = attrs.field(factory=dict)
    _by_name: dict[tuple[str, str, str], list[ItemVersion]] = attrs.field(factory=dict)
    _taken: set[str] = attrs.field(factory=set)

    def __attrs_post_init__(self) -> None:
        self._names = self.ground.names
        self.organs = Organs(self.ground)
        for code in self.ground.catalogue.items:
            item = self.ground.published(code)
            assert item is not None, "a catalogue has no code without a version"
            self._by_number[item.code] = item
            if item.guide.implementation_code:
                self._by_number.setdefault(item.guide.implementation_code, item)
            key = (self._names.name(item.organ), item.name, item.guide.subitem)
            self._by_name.setdefault(key, []).append(item)

    def item(self, draft: Draft) -> tuple[ItemVersion, ItemVersion | None] | None:
        """The item, and the published one it follows; None, and the draft marked as wrong, where it has an error."""
        before = len(self.faults)
        organ = self._organ(draft, "organ")
        published = self._published(draft)
        item = published or self._new(draft, organ or "")
        cells = self._cells(draft)
        values: dict[str, Any] = {}
        kept: dict[str, str | None] = {}
        for field, cell, counts in cells:
            if published is not None and cell.text == written(item, field, self._names):
                continue
            if counts and field.element not in NOT_STORED and not field.element.startswith(ROW_MATERIAL):
                values[field.element] = self._value(field, cell, item)
            if not field.heading.startswith("constants."):
                kept[field.heading] = cell.text if _verbatim(field, cell) else None
        for element in ("organ", "forward_to", "windows"):
            if element in values:
                values[element] = self._coded(draft, element)
        values |= told_by_the_other(draft.rows, published)
        number = draft.text("number") or ("" if item.guide.subitem else draft.number)
        if number and number not in (item.code, item.guide.implementation_code):
            values["guide.implementation_code"] = number
        if any(row.form.repeated for row in draft.rows):
            values["materials"] = of_rows(draft, item)
        made = changed(item, values)
        if kept or item.form_values:
            made = attrs.evolve(made, form_values=kept_values(item.form_values, kept))
        made = self._completed(draft, made, values, published)
        self._check_limits(draft, made, published, values)
        for clash in self.ground.comes_to(made).clashes if published is not None else ():
            message = f"{made.name} {clash.message}"
            self._fault(draft.start, "version-to-come", message, clash.remedy)
        if any(fault.is_error for fault in list(self.faults)[before:]):
            draft.wrong = True
            return None
        return made, published

    def _new(self, draft: Draft, organ: str) -> ItemVersion:
        parts = [self.ground.area, *draft.key[:2]] + ([draft.key[2]] if draft.key[2] else [])
        return ItemVersion(
            code=draft.number or code_of("I", *parts, str(draft.ordinal)),
            version=1,
            name=draft.text("name"),
            organ=organ,
            power_class=PowerClass.OTHER_POWER,
            case_type=CaseType.PROMISE,
            statutory=ART_42_DEFAULT,
            promised=None,
            statutory_is_default=True,
            valid_from=self.ground.valid_from,
        )

    def _published(self, draft: Draft) -> ItemVersion | None:
        found = self._by_number.get(draft.number) if draft.number else None
        if found is None:
            # An item that had no number yet, or gets another one; not one that is here under its own number.
            named = [item for item in self._by_name.get(draft.key, ()) if item.code not in self.numbers]
            named = [item for item in named if item.guide.implementation_code not in self.numbers - {draft.number}]
            named = [item for item in named if item.code not in self._taken]
            found = named[0] if named else None
        if found is not None:
            self._taken.add(found.code)
        return found

    def _cells(self, draft: Draft) -> Iterator[tuple[Field, Cell, bool]]:
        """Every cell of the item with its field, and whether it counts: of several forms one, for each its words."""
        for row in draft.rows:
            fields = {field.heading: field for field in row.form.fields}
            for element, cell in row.cells.items():
                counts = draft.cell(element) is cell
                if counts or cell.text:
                    field = fields.get(cell.heading) or Field(heading=cell.heading, element=element)
                    yield field if field.element == element else attrs.evolve(field, element=element), cell, counts
            for heading, cell in row.kept.items():
                if heading != ORDINAL:
                    yield fields[heading], cell, True

    def _value(self, field: Field, cell: Cell, item: ItemVersion) -> Any:
        """The value of a cell, with what the item knows besides about the same thing."""
        value = cell.value
        if field.element == "materials":
            return by_name(value, item.materials)
        if field.element == "basis":
            held = {str(one): one for one in item.basis}
            return tuple(held.get(str(one), one) for one in value)
        return value

    def _coded(self, draft: Draft, element: str) -> Any:
        cell = draft.cell(element)
        assert cell is not None
        names = cell.value if element == "windows" else [cell.value] if cell.value else []
        codes = [code for name in names if (code := self._find(cell, name, element)) is not None]
        for code in codes:
            end = self.ground.organisation.ending(code, self.ground.valid_from)
            if end is not None:
                remedy = "publish a further version for who has the work then, valid from that day"
                self._fault(cell, "organ-ends", end.sentence, remedy, severity="warning")
        return frozenset(codes) if element == "windows" else next(iter(codes), None)

    def _organ(self, draft: Draft, element: str) -> str | None:
        cell = draft.cell(element)
        return None if cell is None or not cell.value else self._find(cell, cell.value, element)

    def _find(self, cell: Cell, name: str, element: str) -> str | None:
        code = self.organs.find(name, above=element == "forward_to", own=element == "organ")
        if isinstance(code, str):
            if (hint := self.organs.hints.pop(code, None)) is not None:
                self._fault(cell, hint.code, hint.message, hint.remedy, severity="warning")
            return code
        self._fault(cell, code.code, code.message, code.remedy)
        return None

    def _fault(self, cell: Cell, code: str, message: str, remedy: str, *, severity: str = "error") -> None:
        self.faults[cell.fault(code, message, remedy, severity=severity)] = None

    def _completed(
        self, draft: Draft, item: ItemVersion, values: Mapping[str, Any], published: ItemVersion | None
    ) -> ItemVersion:
        """The item with what an empty cell leaves open."""
        filled: dict[str, Any] = {}
        is_open = set_by_default(values, published)
        if is_open is not None:
            filled["statutory_is_default"] = is_open
        if is_open:
            filled["statutory"] = default_limit(draft.cell("statutory"), draft.cell("power_class"), published)
        if published is None and values.get("power_class") is None:
            self._say_class(draft)
        if "power_class" in values and values["power_class"] is None:
            filled["power_class"] = PowerClass.OTHER_POWER
            if published is not None:
                self._say_class(draft)
        item = self._with_bases(draft, attrs.evolve(item, **filled) if filled else item)
        kind = draft.cell("case_type")
        unsaid = "case_type" in values or published is None
        if unsaid and (kind is None or kind.value is None):
            on_the_spot = isinstance(item.promised or item.statutory, Immediate)
            item = attrs.evolve(item, case_type=CaseType.IMMEDIATE if on_the_spot else CaseType.PROMISE)
        return item

    def _with_bases(self, draft: Draft, item: ItemVersion) -> ItemVersion:
        cell = draft.cell("statutory") or draft.cell("promised") or draft.start
        of_form = LegalBasis(instrument=cell.table.source.rpartition("/")[2], article=f" {cell.address}", assumed=True)
        promised = None if item.promised is None else with_basis(item.promised, of_form)
        limits = {key: with_basis(limit, of_form) for key, limit in item.limits.items()}
        stated = item.basis[0] if item.basis else of_form
        return attrs.evolve(item, statutory=with_basis(item.statutory, stated), promised=promised, limits=limits)

    def _check_limits(
        self, draft: Draft, item: ItemVersion, published: ItemVersion | None, values: Mapping[str, Any]
    ) -> None:
        """Its limits against each other. What was published already is not refused, but warned of like what is new."""
        cell = draft.cell("promised") or draft.start
        kind = draft.cell("case_type")
        anew = published is None or bool(values.keys() & {"statutory", "promised"})
        if item.statutory_is_default and not (
            item.promised is not None and is_surely_beyond(item.promised, item.statutory)
        ):
            self._say_default(draft, item)
        if anew and item.promised is not None and not is_surely_within(item.promised, item.statutory):
            severity, *told = said_of_promise(item.promised, item.statutory, is_default=item.statutory_is_default)
            self._fault(cell, *told, severity=severity)
        limit = item.promised or item.statutory
        if kind is not None and kind.value is CaseType.IMMEDIATE and not isinstance(limit, Immediate):
            message = f"即办件 with a limit of {limit}: the limit counts"
            self._fault(kind, "case-type-conflict", message, "choose 承诺件, or promise 即办", severity="warning")
        elif kind is not None and kind.value is CaseType.PROMISE and isinstance(limit, Immediate):
            message = "承诺件 to be decided on the spot"
            self._fault(kind, "case-type-conflict", message, "choose 即办件, or give a limit", severity="warning")

    def _say_class(self, draft: Draft) -> None:
        """That 其他行政权力 stands for a class nobody gave: once for a list without such a column, else at the cell."""
        cell = draft.cell("power_class") or attrs.evolve(draft.start, address="")
        message = f"no power class is given; {PowerClass.OTHER_POWER.value} is set, and an export says so"
        remedy = "give the power class of the item: which rules and limits hold for it depends on it"
        self._fault(cell, "class-by-default", message, remedy, severity="warning")

    def _say_default(self, draft: Draft, item: ItemVersion) -> None:
        """Once for a list without such a column, else for each cell that is empty; not where it says so itself."""
        cell = draft.cell("statutory")
        if cell is not None and says_not_given(cell.text):
            return  # whoever wrote it knows
        power = draft.cell("power_class")
        is_classed = power is not None and power.value is not None
        code, message, remedy = said_of_default(
            item.statutory, is_promised=item.promised is not None, is_classed=is_classed
        )
        if cell is None:
            cell = attrs.evolve(draft.start, address="")
        self._fault(cell, code, message, remedy, severity="warning")


def _verbatim(field: Field, cell: Cell) -> bool:
    """Whether the cell's own words are kept: it says what we would write otherwise, or nothing means it."""
    if not cell.text:
        return False
    if field.element in NUMBERS or (field.element == "statutory" and says_not_given(cell.text)):
        return False
    if field.element in NOT_STORED and not field.element.startswith(HAS):
        return True
    return cell.text != text_of(field, cell.value)
