"""What an import would change: new, changed field by field, unchanged, and published but not in the files.

Rules of this room: two versions are the same when everything but their number and their days is the same. What a field
cannot show (from when a basis is in force) is told as `other`. Nothing is called missing whose row is there and has an
error, or that may stand in what could not be read: somebody might withdraw it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

import attrs

from egov_core.domain.catalogue import ItemVersion
from egov_core.sheets.forms.elements import ELEMENTS, NOT_STORED, ROW_MATERIAL, Names, value_of
from egov_core.sheets.forms.ground import Ground
from egov_core.sheets.forms.joining import Draft


@attrs.frozen(kw_only=True)
class FieldChange:
    """One field: what it was and what it becomes."""

    field: str
    before: str
    after: str


@attrs.frozen(kw_only=True)
class Difference:
    """What becomes of one item: `new`, `changed`, `unchanged`, `unread` for an error where it stands, or `missing`.

    `full_name` is the name with its sub-item, `carried` are the days of versions to come that are published, and take
    the change in too.
    """

    code: str
    name: str
    organ: str
    kind: str
    full_name: str
    fields: tuple[FieldChange, ...] = ()
    carried: tuple[date, ...] = ()


def compare(
    drawn: Iterable[tuple[ItemVersion, ItemVersion | None]],
    ground: Ground,
    *,
    unread: Sequence[Draft] = (),
    complete: bool = True,
) -> tuple[Difference, ...]:
    """The differences, in the order of the files; then what is missing of the organs that the files speak about.

    What is missing only because one of the `unread` drafts has an error is told apart. Where the reading is not
    `complete`, a file or a sheet of which no row was read may hold any item, and none is called missing.
    """
    found: list[Difference] = []
    names = ground.names
    codes: set[str] = set()
    organs: set[str] = set()
    for item, published in drawn:
        codes.add(item.code)
        organs.add(item.organ)
        fields: tuple[FieldChange, ...] = ()
        versions = () if published is None else ground.comes_to(item).versions
        if published is None:
            kind = "new"
        elif not versions:
            kind = "unchanged"
        else:
            kind, fields = "changed", tuple(_fields(published, item, names))
        found.append(
            Difference(
                code=item.code,
                name=item.name,
                full_name=item.full_name,
                organ=names.name(item.organ),
                kind=kind,
                fields=fields,
                carried=tuple(one.valid_from for one in versions[1:]),
            )
        )
    faulty = _Unread.of(unread)
    for code in ground.catalogue.items:
        last = ground.published(code)
        if last is None or last.code in codes or _is_ended(last, ground.valid_from):
            continue
        organ = names.name(last.organ)
        is_unread = faulty.may_be(last, organ)
        if is_unread or last.organ in organs:
            kind = "unread" if is_unread or not complete else "missing"
            found.append(Difference(code=last.code, name=last.name, full_name=last.full_name, organ=organ, kind=kind))
    return tuple(found)


@attrs.frozen
class _Unread:
    """The rows with an error, by what can still be read of which item each is.

    A row of which neither number nor name can be read may be any item of its organ, or of any where that is not read.
    """

    numbers: frozenset[str]
    named: frozenset[tuple[str, str, str]]
    nameless: frozenset[str]

    @classmethod
    def of(cls, drafts: Sequence[Draft]) -> _Unread:
        return cls(
            numbers=frozenset(draft.number for draft in drafts if draft.number),
            named=frozenset(draft.key for draft in drafts if draft.key[1]),
            nameless=frozenset(draft.key[0] for draft in drafts if not draft.number and not draft.key[1]),
        )

    def may_be(self, item: ItemVersion, organ: str) -> bool:
        """Whether one of the rows is this item's, as far as can be told; `organ` is the name of its organ."""
        organs = {organ, item.organ, ""}
        return (
            item.code in self.numbers
            or item.guide.implementation_code in self.numbers
            or any((one, item.name, item.guide.subitem) in self.named for one in organs)
            or bool(organs & self.nameless)
        )


def _is_ended(item: ItemVersion, day: date) -> bool:
    return item.valid_to is not None and item.valid_to <= day


def _fields(before: ItemVersion, after: ItemVersion, names: Names) -> Iterator[FieldChange]:
    told = False
    for name, element in ELEMENTS.items():
        if name.startswith(ROW_MATERIAL) or (name in NOT_STORED and name != "own_number"):
            continue
        old, new = (element.text(value_of(item, name, names)) for item in (before, after))
        if old != new:
            told = True
            yield FieldChange(field=name, before=old, after=new)
    for heading in sorted({*before.form_values, *after.form_values}):
        old, new = before.form_values.get(heading, ""), after.form_values.get(heading, "")
        if old != new:
            told = True
            yield FieldChange(field=heading, before=old, after=new)
    if before.materials != after.materials:
        old, new = (
            "; ".join(f"{one.name} {_counts(one.originals, one.copies)}".strip() for one in item.materials)
            for item in (before, after)
        )
        told = True
        yield FieldChange(field="materials (details)", before=old, after=new)
    if not told:
        yield FieldChange(field="other", before="", after="what the fields above do not show")


def _counts(originals: int | None, copies: int | None) -> str:
    return (
        "/".join("-" if count is None else str(count) for count in (originals, copies))
        if (originals is not None or copies is not None)
        else ""
    )
