"""What an item costs, whichever columns it was taken from: a text of one cell, or 是否收费, 收费标准 and 收费依据.

Rules of this room: items in, fees out. A list says what an item costs in one cell, the forms of the notice ask for it
in three, and an export has to fill in the one from the other: a fee that is left out of what is handed out is lost
without a word. What was given by fields counts before what a text says; a text that was not understood is a standard
as it stands, for nobody here knows better.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

import attrs

from egov_core.domain.catalogue import Fees, ItemVersion
from egov_core.sheets.fees.reader import read_fee
from egov_core.sheets.fees.stated import FREE, FeeClass
from egov_core.sheets.forms import words as w

_FREE_OF_CHARGE, _CHARGED = "不收费", "收费"
"""What a list says of fees of which the forms say no more than 否 or 是."""
OF_FEES = "fees."
"""Elements that say what an item costs by fields."""


def with_fees(item: ItemVersion) -> ItemVersion:
    """The item with its fee said both ways: by fields and as one text. For writing only, it is not kept."""
    return attrs.evolve(item, fees=fees_of(item), fee=item.fee or _as_text(item.fees))


def fees_of(item: ItemVersion) -> Fees | None:
    """What an item costs by fields; from the text of its list where no field says it; None where nothing does."""
    held = item.fees
    if not item.fee.strip() or (held is not None and held.standard):
        return held
    said = _by_text(item.fee)
    return said if held is None else attrs.evolve(said, basis=held.basis)


def fees_after(item: ItemVersion, given: Mapping[str, Any], text: str | None) -> tuple[Fees | None, str]:
    """The fees of an item by fields and as a text, after cells have given these fields, and this text unless None.

    The text stays as it was written as long as the fields do not say otherwise; then they alone count.
    """
    fee = item.fee if text is None else text
    before = fees_of(item)
    if text is not None:
        # What the former text said goes with it; the basis has a column of its own.
        basis = None if before is None else before.basis
        before = attrs.evolve(_by_text(fee), basis=basis) if fee.strip() else before and _basis_alone(before, item.fee)
    made = _fees(before, given)
    if made is not None and fee.strip() and not made.standard and made.charged != _by_text(fee).charged:
        made = attrs.evolve(made, standard=fee)  # the columns disagree: both are kept, and the check-up tells
    if text == "" and "charged" not in given and made is not None and not made.standard and made.basis is None:
        made = None  # every cell that said something is empty now
    is_as_before = before is not None and made is not None and _says(before) == _says(made)
    return made, fee if is_as_before or text is not None else ""


def _says(fees: Fees) -> tuple[bool, str]:
    """What a text could say of fees."""
    return fees.charged, fees.standard


def _basis_alone(before: Fees, text: str) -> Fees | None:
    """What is left of fees of which the text was taken away: what the fields said without it."""
    if before.standard not in ("", text):
        return before
    return None if before.basis is None else Fees(charged=False, basis=before.basis)


def _fees(held: Fees | None, given: Mapping[str, Any]) -> Fees | None:
    before = held or Fees(charged=False)
    standard, basis = given.get("standard", before.standard), given.get("basis", before.basis)
    charged = given.get("charged", held.charged if held is not None else None)
    if charged is None:
        if not standard and basis is None:
            return None
        charged = bool(standard) and w.fee_class_in(standard) not in FREE
    return Fees(charged=charged, standard=standard, basis=basis)


@functools.lru_cache(maxsize=4096)  # a catalogue says 不收费 a thousand times
def _by_text(text: str) -> Fees:
    """A text about fees by fields; where it says no more than whether anything is charged, it is no standard."""
    kind, found = w.fee_class_in(text), read_fee(text)
    says_more = found.unread or found.fees or found.conditions or found.basis or found.notes
    is_plain = kind is FeeClass.NONE or kind is FeeClass.CHARGED
    # 不收费（工本费5元） is an answer of 是, or the form in which it is handed out would contradict itself.
    is_free = kind in FREE and kind is not FeeClass.MIXED
    return Fees(charged=not is_free, standard="" if is_plain and not says_more else text)


def _as_text(fees: Fees | None) -> str:
    if fees is None:
        return ""
    return fees.standard or (_CHARGED if fees.charged else _FREE_OF_CHARGE)
