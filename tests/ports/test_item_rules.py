"""The frame of a department's plugin: its items, the rules in force on the day, the articles that are cited."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

import pytest

from egov_core.domain.legal import CHINA
from egov_core.ports.checks import ApplicationView, Finding
from egov_core.ports.forms import FormField
from egov_core.ports.item_rules import ItemRules, articles, fields_under, findings_under, items_under
from egov_core.testing import builders

OLD, LATER = articles("《示例条例》", date(2020, 1, 1), "第三条", "第八条")
(NEW,) = articles("《示例规定》", date(2024, 7, 1), "第二条")
DEPTH = FormField(name="depth", label="井深", label_en="depth", basis=OLD)
WELL = builders.item_version(code="sx1", name="打井")


def everything(_application: ApplicationView) -> Iterator[Finding]:
    yield Finding(field="form.a", message="甲。", basis=OLD)
    yield Finding(field="form.b", message="乙。", basis=NEW)
    yield Finding(field="form.c", message="丙。", severity="advice")


RULES = (
    ItemRules(items=("sx1", "sx2"), fields=(DEPTH,), findings=everything),
    ItemRules(items=("打井", "修渠")),
)


def asked(day: int, stage: str = "submit", code: str = "sx1", name: str = "打井") -> list[str] | None:
    at = datetime(2024, 7, day, tzinfo=CHINA) if day else datetime(2024, 6, 30, 23, 59, 59, tzinfo=CHINA)
    view = builders.application_view(builders.item_version(code=code, name=name), at=at, stage=stage)
    found = findings_under(RULES, view)
    return None if found is None else [one.field for one in found]


def test_articles_cite_one_instrument() -> None:
    assert (str(OLD.article), str(LATER.article), OLD.instrument) == ("第三条", "第八条", "《示例条例》")
    assert OLD.in_force == LATER.in_force == date(2020, 1, 1)


def test_the_first_rules_that_are_about_an_item_by_code_or_name_answer() -> None:
    assert items_under(RULES) == ("sx1", "sx2", "打井", "修渠")
    assert fields_under(RULES, WELL) == [DEPTH]
    assert fields_under(RULES, builders.item_version(code="x", name="修渠")) == []
    assert fields_under(RULES, builders.item_version(code="x", name="采砂")) is None


def test_a_rule_speaks_from_the_day_its_basis_is_in_force() -> None:
    assert asked(0) == ["form.a", "form.c"]
    assert asked(1) == ["form.a", "form.b", "form.c"]


@pytest.mark.parametrize(("stage", "is_checked"), [("submit", True), ("accept", True), ("supplement", False)])
def test_an_application_is_checked_where_its_form_is_looked_at(stage: str, is_checked: bool) -> None:
    assert (asked(1, stage) is not None) is is_checked


def test_what_no_rules_are_about_is_not_checked() -> None:
    assert asked(1, code="x", name="采砂") is None
    assert asked(1, code="x", name="修渠") == []
