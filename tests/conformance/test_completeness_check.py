"""The built-in check of completeness keeps the contract of checks, for the items of every department."""

from __future__ import annotations

from collections.abc import Sequence

from egov_core.hooks.builtin import Completeness
from egov_core.ports.checks import ApplicationView
from egov_core.testing.check_cases import Bad
from egov_core.testing.check_contract import CheckContract


class TestCompleteness(CheckContract):
    hooks = ("egov_check_materials",)
    stages = ("accept",)
    every_item = True

    def make_plugin(self) -> Completeness:
        return Completeness()

    def good_applications(self) -> Sequence[ApplicationView]:
        return [self.application(stage="accept"), self.application(stage="accept", materials=("plan", "form", "more"))]

    def bad_applications(self) -> Sequence[Bad]:
        nothing = self.application(stage="accept", materials=())
        return [
            Bad(application=nothing, field="materials.form"),
            Bad(application=nothing, field="materials.plan"),
            Bad(application=self.application(stage="accept", materials=("form",)), field="materials.plan"),
        ]
