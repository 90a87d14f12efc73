"""What a department asks for in an application besides what every application has: fields of a form 表单.

Rules of this room: values; what is written in a form is a text, and a field says how the text has to look. Checking
one value needs no more than the field, so that pages, interface and use case say the same.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum

import attrs

from egov_core.domain.legal import LegalBasis

NAME = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)


class FieldKind(StrEnum):
    """How the text of a field is read."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"


def _checked_name(_field: FormField, _attribute: object, value: str) -> None:
    if not isinstance(value, str) or not NAME.fullmatch(value):
        raise ValueError(f"{value!r} is no name of a field: small letters, digits and _, at most forty")


@attrs.frozen(kw_only=True)
class FormField:
    """One field of a form: its name, its label in Chinese (and in English), how it is read, and why it is asked.

    `choices` are the values of a choice with their labels. `at_least` and `at_most` bound a number. `longest` bounds a
    text, in characters. `basis` is what entitles the office to ask for it.
    """

    name: str = attrs.field(validator=_checked_name)
    label: str
    label_en: str = ""
    kind: FieldKind = attrs.field(default=FieldKind.TEXT, validator=attrs.validators.instance_of(FieldKind))
    required: bool = True
    choices: Mapping[str, str] = attrs.field(factory=dict)
    at_least: Decimal | None = None
    at_most: Decimal | None = None
    longest: int = 500
    unit: str = ""
    basis: LegalBasis | None = None

    def __attrs_post_init__(self) -> None:
        if (self.kind is FieldKind.CHOICE) != bool(self.choices):
            raise ValueError(f"{self.name}: a choice has choices, and nothing else has")

    def fault(self, text: str) -> str:
        """What is wrong with a value, as a Chinese sentence; empty where nothing is."""
        text = text.strip()
        if not text:
            return f"请填写“{self.label}”。" if self.required else ""
        if len(text) > self.longest:
            return f"“{self.label}”最多{self.longest}字。"
        if self.kind is FieldKind.NUMBER:
            return self._number_fault(text)
        if self.kind is FieldKind.DATE and not _is_day(text):
            return f"“{self.label}”应为日期，写作2026-03-02。"
        if self.kind is FieldKind.CHOICE and text not in self.choices:
            return f"“{self.label}”应为以下之一：{'、'.join(self.choices.values())}。"
        return ""

    def _number_fault(self, text: str) -> str:
        try:
            number = Decimal(text) if text.isascii() else None
        except InvalidOperation:
            number = None
        if number is None or not number.is_finite():
            return f"“{self.label}”应为数字。"
        if self.at_least is not None and number < self.at_least:
            return f"“{self.label}”不得小于{self.at_least}{self.unit}。"
        if self.at_most is not None and number > self.at_most:
            return f"“{self.label}”不得大于{self.at_most}{self.unit}。"
        return ""


def form_faults(fields: Sequence[FormField], form: Mapping[str, str]) -> list[tuple[FormField, str]]:
    """Every field whose value is wrong or missing, with the sentence that says so."""
    said = [(field, field.fault(form.get(field.name, ""))) for field in fields]
    return [(field, sentence) for field, sentence in said if sentence]


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
