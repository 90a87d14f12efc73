"""The rows of all forms of a folder, as items: which rows speak about the same one, and whether they agree.

Rules of this room: rows belong together by their number, else by organ, name and sub-item. What one form leaves empty
another may say; where two say different things, both cells are named. A row that is there twice is an error; two rows
of one name that differ are two items, and said.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

import attrs

from egov_core.domain.catalogue import CaseType
from egov_core.domain.cells import CellFault
from egov_core.sheets.fees.stated import FREE, FeeClass
from egov_core.sheets.forms.elements import ELEMENTS, HAS, NUMBERS
from egov_core.sheets.forms.limits import contradictions
from egov_core.sheets.forms.rows import Cell, FormRow
from egov_core.sheets.forms.taking import disagree
from egov_core.sheets.forms.words import NotRead, fee_class_in, fee_in

_NOTHING_TO_PAY = FREE | {FeeClass.UNKNOWN}
"""What may stand beside 否: nothing is paid, or nobody has said what."""
NameKey = tuple[str, str, str]


@attrs.define
class Draft:
    """All that the forms say about one item. `ordinal` tells items of one name apart."""

    number: str
    key: NameKey
    ordinal: int
    rows: list[FormRow] = attrs.field(factory=list)
    wrong: bool = False

    def cell(self, element: str) -> Cell | None:
        """The cell for an element: the first that is filled in, else an empty one, None where no form has it."""
        if len(self.rows) == 1:  # one form, as most lists are
            return self.rows[0].cells.get(element)
        found = [row.cells[element] for row in self.rows if element in row.cells]
        return next((cell for cell in found if cell.text), found[0] if found else None)

    def text(self, element: str) -> str:
        """What the forms say for an element, as we write it."""
        cell = self.cell(element)
        return "" if cell is None else ELEMENTS[element].text(cell.value)

    @property
    def start(self) -> Cell:
        """Where the item stands, for a fault of no single cell."""
        return self.rows[0].start


@attrs.frozen
class Joined:
    """The items that the forms speak about, those with an error included, and what is wrong."""

    drafts: tuple[Draft, ...]
    faults: tuple[CellFault, ...]


def number_of(row: FormRow) -> str:
    """The number that tells the item: that of the sub-item, where there is one."""
    own = row.text("own_number") or row.text("subnumber")
    return own or ("" if row.text("guide.subitem") else row.text("number"))


def join(rows: Iterable[FormRow]) -> Joined:
    """Put together the rows that belong together."""
    joiner = _Joiner()
    for row in rows:
        joiner.add(row)
    for draft in joiner.drafts:
        found = [*_agreements(draft), *_answers(draft), *_forwarding(draft), *_fees(draft)]
        found += contradictions(draft.rows)
        joiner.faults += found
        draft.wrong = draft.wrong or any(row.wrong for row in draft.rows) or any(fault.is_error for fault in found)
    return Joined(tuple(joiner.drafts), tuple(joiner.faults))


@attrs.define
class _Joiner:
    drafts: list[Draft] = attrs.field(factory=list)
    faults: list[CellFault] = attrs.field(factory=list)
    _by_number: dict[str, Draft] = attrs.field(factory=dict)
    _by_name: dict[tuple[NameKey, int], Draft] = attrs.field(factory=dict)
    _numbers: dict[tuple[str, str], FormRow] = attrs.field(factory=dict)
    _first: dict[tuple[str, NameKey], FormRow] = attrs.field(factory=dict)
    _count: Counter[tuple[str, NameKey]] = attrs.field(factory=Counter)

    def add(self, row: FormRow) -> None:
        form, number = row.form.name, number_of(row)
        key: NameKey = (row.text("organ"), row.text("name"), row.text("guide.subitem"))
        row = self._once(row, form, number, key)
        self._count[form, key] += 1
        ordinal = self._count[form, key]
        draft = self._by_number.get(number) if number else None
        if draft is None:
            named = self._by_name.get((key, ordinal))
            if named is not None and not (number and named.number and number != named.number):
                draft = named
        if draft is None or any(one.form.name == form for one in draft.rows):
            draft = Draft(number, key, ordinal)
            self.drafts.append(draft)
            self._by_name.setdefault((key, ordinal), draft)
        if number:
            draft.number = number
            self._by_number.setdefault(number, draft)
        draft.rows.append(row)

    def _once(self, row: FormRow, form: str, number: str, key: NameKey) -> FormRow:
        """The row, marked as wrong where the same form has it already."""
        if not key[0] or not key[1]:
            return row
        same = self._numbers.get((form, number)) if number else None
        if same is not None:
            cell = next(row.cells[one] for one in NUMBERS if row.text(one) == number)
            message = f"{number} is the number of another row too: {same.start.place}"
            self.faults.append(cell.fault("number-twice", message, "give each item a number of its own, or none"))
            return attrs.evolve(row, wrong=True)
        if number:
            self._numbers[form, number] = row
        first = self._first.setdefault((form, key), row)
        if first is row:
            return row
        if number and number_of(first) and number != number_of(first):
            message = f"{key[0]} has “{key[1][:40]}” under another number too ({first.start.place}); both are kept"
            self.faults.append(row.start.fault("duplicate", message, "look whether they are two", severity="warning"))
            return row
        if _says(first) == _says(row):
            message = f"the row says what {first.start.place} says already"
            self.faults.append(row.start.fault("duplicate-row", message, "delete one of the two"))
            return attrs.evolve(row, wrong=True)
        message = f"{key[0]} has “{key[1][:40]}” in {first.start.place} too; both are kept"
        remedy = "give them numbers, or names of sub-items, to tell them apart"
        self.faults.append(row.start.fault("duplicate", message, remedy, severity="warning"))
        return row


def _says(row: FormRow) -> dict[str, str]:
    return {element: cell.text for element, cell in row.cells.items()}


def _agreements(draft: Draft) -> Iterator[CellFault]:
    """Two forms that say different things about one item."""
    if len(draft.rows) < 2:
        return
    for element in dict.fromkeys(element for row in draft.rows for element in row.cells):
        cells = [row.cells[element] for row in draft.rows if element in row.cells and row.cells[element].text]
        for cell in cells[1:]:
            if ELEMENTS[element].text(cell.value) != ELEMENTS[element].text(cells[0].value):
                yield disagree(cell, cells[0])


def _answers(draft: Draft) -> Iterator[CellFault]:
    """A question 是/否 and what follows it."""
    asked = dict.fromkeys(element for row in draft.rows for element in row.cells if element.startswith(HAS))
    for element in asked:
        about = element.removeprefix(HAS)
        cell, follows = draft.cell(element), draft.cell(about)
        if cell is None or follows is None or cell.value is None:
            continue
        if cell.value and not draft.text(about):
            message = f"{cell.heading} says 是, and {follows.heading} is empty"
            yield follows.fault("answer-without-detail", message, f"fill in {follows.heading}, or answer 否")
        elif not cell.value and draft.text(about):
            message = f"{cell.heading} says 否, and {follows.heading} says “{follows.text[:40]}”"
            yield cell.fault("answer-against-detail", message, f"answer 是, or empty {follows.address}")


def _forwarding(draft: Draft) -> Iterator[CellFault]:
    """The case type 转报件 and the upper organ: one needs the other."""
    kind, upper = draft.cell("case_type"), draft.cell("forward_to")
    if kind is None or upper is None or kind.value is None:
        return
    if kind.value is CaseType.FORWARD and not draft.text("forward_to"):
        message = "办件类型 is 转报件, and nobody is named to whom it is forwarded"
        yield upper.fault("forward-without-target", message, "name the upper organ, or choose another case type")
    elif kind.value is not CaseType.FORWARD and draft.text("forward_to"):
        message = f"the item is forwarded to {upper.text[:40]}, and 办件类型 is {kind.text[:20]}"
        yield kind.fault("forward-conflict", message, f"choose 转报件, or empty {upper.address}")


def _not_understood(standard: Cell) -> Iterator[CellFault]:
    try:
        fee_in(standard.text)
    except NotRead as why:
        yield standard.fault(why.code, f"{standard.heading}: {why.message}", why.remedy, severity="warning")


def _fees(draft: Draft) -> Iterator[CellFault]:
    """Whether there is a fee, and what it is."""
    asked, standard, basis = (draft.cell(f"fees.{one}") for one in ("charged", "standard", "basis"))
    if standard is not None and standard.text and (asked is None or asked.value is None):
        # nothing else says whether there is a fee, and a text that is not understood does not say it either
        yield from _not_understood(standard)
    if asked is None or asked.value is None or standard is None:
        return
    says = fee_class_in(standard.text) if draft.text("fees.standard") else None
    if not asked.value and says is not None and says not in _NOTHING_TO_PAY:
        message = f"{asked.heading} says 否, and the standard is “{standard.text[:40]}”"
        yield asked.fault("fee-conflict", message, f"answer 是, or empty {standard.address}")
    elif asked.value and says is FeeClass.NONE:
        message = f"{asked.heading} says 是, and the standard is “{standard.text[:40]}”"
        yield asked.fault("fee-conflict", message, f"answer 否, or write what it costs in {standard.address}")
    for cell in (standard, basis):
        if asked.value and cell is not None and not cell.text:
            message = f"a fee is taken, and {cell.heading} is empty"
            yield cell.fault("fee-unfounded", message, "a fee needs a standard and a basis", severity="warning")
