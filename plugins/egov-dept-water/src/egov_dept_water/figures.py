"""Figures in a form, as a check reads them.

Rules of this module: what cannot be read is None, because saying so is the field's own affair; a check goes on with
the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

LARGEST = Decimal(10) ** 12
"""A figure that is no smaller is a slip of the keyboard, and not compared."""


def number_in(form: Mapping[str, str], name: str) -> Decimal | None:
    """The number in a field; None where there is none, or one that is no amount."""
    text = form.get(name, "").strip()
    try:
        number = Decimal(text) if text.isascii() else None
    except InvalidOperation:
        return None
    return number if number is not None and number.is_finite() and 0 <= number < LARGEST else None


def day_in(form: Mapping[str, str], name: str) -> date | None:
    """The day in a field, written 2026-03-02."""
    text = form.get(name, "").strip()
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.isoformat() == text else None
