"""What applicants write where a form asks: nothing unless it does, true numbers, and a few slips, never by lot."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

import attrs
import pytest

from egov_core.demo.applying import Paperwork
from egov_core.demo.census import demo_county
from egov_core.demo.identities import credit_code, mistyped, resident_number
from egov_core.demo.replay import invented_applicant
from egov_core.domain.cases.commands import Submit
from egov_core.domain.people import Purpose
from egov_core.ports.forms import FieldKind, FormField, form_faults
from egov_core.testing import builders

DAY = date(2024, 6, 17)
WELL = next(item for item in demo_county().items if item.name == "取水许可")
COMMAND = Submit(item=WELL.code, applicant=builders.applicant())


def field(name: str, **changes: Any) -> FormField:
    return FormField(name=name, label=name, **changes)


def attempts(*fields: FormField, number: int = 1, item: Any = WELL) -> tuple[Submit, ...]:
    return Paperwork(lambda _: fields).attempts(item, COMMAND, number, DAY)


def test_where_nobody_asks_the_application_is_filed_as_it_was_planned() -> None:
    assert attempts() == (COMMAND,)
    assert attempts(number=8) == (COMMAND,)


def test_only_what_is_asked_is_answered() -> None:
    [only] = attempts(field("water_purpose"), field("filing_number", required=False))
    assert dict(only.form) == {"water_purpose": "public-supply"}
    assert only.applicant == COMMAND.applicant


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        (field("x", kind=FieldKind.CHOICE, choices={"b": "乙", "a": "甲"}), "b"),
        (field("x", kind=FieldKind.DATE), "2024-06-17"),
        (field("x", kind=FieldKind.NUMBER), "1"),
        (field("x", kind=FieldKind.NUMBER, at_least=Decimal(3)), "3"),
        (field("x", kind=FieldKind.NUMBER, at_most=Decimal(0)), "0"),
        (field("x", longest=2), "见申"),
    ],
)
def test_a_field_nobody_foresaw_gets_the_least_that_will_do(asked: FormField, answer: str) -> None:
    other = attrs.evolve(WELL, code="sx0000")
    [only] = attempts(asked, item=other)
    assert only.form["x"] == answer
    assert form_faults([asked], only.form) == []


def test_one_application_in_eight_is_wrong_at_first_and_corrected() -> None:
    fields = [field("project_kind"), field("filing_number", required=False)]
    twice = [number for number in range(1, 41) if len(attempts(*fields, number=number)) == 2]
    assert twice == [8, 16, 24, 32, 40]
    wrong, right = attempts(*fields, number=8)
    assert wrong.form["project_kind"] == "filed-project"
    assert not wrong.form.get("filing_number")
    assert right.form["project_kind"] != "filed-project" or right.form["filing_number"]


def test_a_company_applies_where_it_has_to_and_a_day_lies_ahead() -> None:
    plan = attrs.evolve(WELL, code="sx2609")
    [only] = attempts(field("begins_on", kind=FieldKind.DATE), item=plan)
    assert only.form["begins_on"] == "2024-08-16"
    assert only.applicant.is_organisation
    assert only.applicant.id_number.reveal(Purpose.HANDLING) == credit_code("990121", 1)


def test_where_numbers_are_checked_one_in_fifty_is_mistyped_at_first() -> None:
    asked = field("id_document", required=False)
    wrong, right = attempts(asked, number=50, item=attrs.evolve(WELL, code="sx0000"))
    assert wrong.applicant.id_number != right.applicant.id_number
    assert right == attrs.evolve(COMMAND, form={})
    assert len(attempts(asked, number=51)) == 1


def test_the_numbers_of_the_standards_come_out() -> None:
    assert resident_number("11010519491231002") == "11010519491231002X"
    assert resident_number("44052418800101001") == "440524188001010014"
    assert mistyped("11010519491231002X") == "11010519491231012X"
    assert len(credit_code("990121", 7)) == 18


PLACE_OF_THE_LOT = 507_772_524
"""What is drawn next after fifty applicants: a history stays the same only while each takes as many draws as now."""


def test_invented_applicants_have_true_numbers_and_the_lot_is_drawn_as_before() -> None:
    random = Random(3)
    numbers = [invented_applicant(random).id_number.reveal(Purpose.HANDLING) for _ in range(50)]
    assert all(resident_number(number[:17]) == number for number in numbers)
    assert {number[:6] for number in numbers} == {"990121"}
    assert random.randint(0, 10**9) == PLACE_OF_THE_LOT
