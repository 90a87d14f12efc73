"""What an applicant of the demo county hands in where the forms of the office ask for something.

Rules of this room: without a plugin that asks, an application is filed as it was planned. With one, the answers come
from `county/forms.toml`, by the number of the case and never by lot, so that the plans stay what they are. A few are
wrong at first: the applicant is told, corrects everything and files again.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

import attrs

from egov_core.demo.census import demo_county
from egov_core.demo.identities import credit_code, mistyped
from egov_core.domain.cases.commands import Submit
from egov_core.domain.catalogue import ItemVersion
from egov_core.domain.people import Applicant, Personal, Purpose
from egov_core.ports.forms import FieldKind, FormField


@cache
def _table() -> dict[str, Any]:
    text = (files("egov_core.demo") / "county" / "forms.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@attrs.frozen
class Paperwork:
    """How applications are filled in. `fields` are what the office asks for in the form of an item."""

    fields: Callable[[ItemVersion], Sequence[FormField]]

    def attempts(self, item: ItemVersion, command: Submit, number: int, on: date) -> tuple[Submit, ...]:
        """The application as it is filed at first, and again corrected, where the first time it is wrong."""
        fields = self.fields(item)
        if not fields:
            return (command,)
        about, names = _table()["item"].get(item.code, {}), {field.name for field in fields}
        applicant = _company(command.applicant, number) if about.get("organisation") else command.applicant
        filled = about.get("filled", ({},))
        answers = {"credit_code": credit_code(demo_county().area, number, kind="2"), **filled[number % len(filled)]}
        right = attrs.evolve(command, applicant=applicant, form=_form(fields, answers, on))
        slips = about.get("slips", ())
        if slips and number % _table()["one_in"] == 0 and any(set(slip) <= names for slip in slips):
            known = [slip for slip in slips if set(slip) <= names]
            slip = known[number // _table()["one_in"] % len(known)]
            return attrs.evolve(right, form=_form(fields, {**answers, **slip}, on)), right
        checked = _table()["number"]
        if checked["asked_by"] in names and number % checked["one_in"] == 0:
            return attrs.evolve(right, applicant=_with_a_slip(applicant)), right
        return (right,)


def _company(person: Applicant, number: int) -> Applicant:
    """The company for which a person applies."""
    code = credit_code(demo_county().area, number)
    name = f"云岫县{person.name.reveal(Purpose.HANDLING)[1:]}建设有限公司"
    return attrs.evolve(person, name=Personal(name), id_number=Personal(code), is_organisation=True)


def _with_a_slip(applicant: Applicant) -> Applicant:
    number = applicant.id_number.reveal(Purpose.HANDLING)
    return attrs.evolve(applicant, id_number=Personal(mistyped(number)))


def _form(fields: Sequence[FormField], answers: Mapping[str, str], on: date) -> Mapping[str, str]:
    """The fields with their answers; one that has to be filled in and was not foreseen gets the least that will do."""
    form = {}
    for field in fields:
        text = answers.get(field.name, _least(field, on) if field.required else "")
        if field.kind is FieldKind.DATE and text.startswith("+"):
            text = (on + timedelta(days=int(text))).isoformat()
        if text:
            form[field.name] = text
    return form


def _least(field: FormField, on: date) -> str:
    if field.kind is FieldKind.CHOICE:
        return next(iter(field.choices))
    if field.kind is FieldKind.DATE:
        return on.isoformat()
    if field.kind is FieldKind.NUMBER:
        bounds = (field.at_least, None if field.at_most is None else min(field.at_most, Decimal(1)), Decimal(1))
        return str(next(bound for bound in bounds if bound is not None))
    return "见申请材料"[: field.longest]
