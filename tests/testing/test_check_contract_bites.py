"""The contract of checks can fail: each check here is broken in one way, and the kit must say so."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from egov_core.domain.catalogue import ItemVersion
from egov_core.ports.checks import ApplicationView
from egov_core.testing import builders
from egov_core.testing.check_cases import CHECK_APPLICATION, FORM_FIELDS, Bad
from egov_core.testing.check_contract import CheckContract
from tests.testing.bites import assert_caught, assert_whole
from tests.testing.broken_checks import BROKEN
from tests.testing.whole_check import ITEM, WholeCheck


class Whole(CheckContract):
    hooks = (CHECK_APPLICATION, FORM_FIELDS)
    check: type[WholeCheck] = WholeCheck

    def make_plugin(self) -> WholeCheck:
        return self.check()

    def item(self) -> ItemVersion:
        return ITEM

    def well(self, depth: str, stage: str = "submit", materials: tuple[str, ...] | None = None) -> ApplicationView:
        return self.application(form={"depth": depth, "purpose": "灌溉"}, stage=stage, materials=materials)

    def good_applications(self) -> Sequence[ApplicationView]:
        bare = ("form", "plan")
        return [self.well("40", materials=bare), self.well("120", "accept"), self.application(form={"purpose": "饮用"})]

    def bad_applications(self) -> Sequence[Bad]:
        silent = self.application(form={"purpose": "灌溉"}, applicant=builders.applicant(phone=None))
        bare = self.well("301", "accept", materials=("form",))
        return [
            Bad(application=self.well("301"), field="form.depth"),
            Bad(application=self.well("300.5", "accept"), field="form.depth"),
            Bad(application=self.well("250", "accept"), field="form.depth", severity="advice"),
            Bad(application=self.well("120", materials=("form", "plan")), field="materials.map"),
            Bad(application=bare, field="materials.map"),
            Bad(application=bare, field="materials.photo"),
            Bad(application=bare, field="form.depth"),
            Bad(application=silent, field="applicant.phone"),
            Bad(application=self.well("deep"), field="form.depth"),
            Bad(application=self.application(form={}), field="form.purpose"),
        ]


SUBJECTS = {broken: type(f"Broken{broken.__name__}", (Whole,), {"check": broken}) for broken, _ in BROKEN}
globals().update({subject.__name__: subject for subject in SUBJECTS.values()})  # where another process finds them


@pytest.mark.parametrize(("broken", "promise"), BROKEN, ids=lambda value: getattr(value, "__name__", value))
def test_the_kit_catches(broken: type[WholeCheck], promise: str) -> None:
    assert_caught(SUBJECTS[broken], promise)


def test_the_kit_finds_no_fault_in_what_is_whole() -> None:
    assert_whole(Whole)


def test_there_are_enough_of_them() -> None:
    assert len(BROKEN) == len({broken for broken, _ in BROKEN}) >= 40
