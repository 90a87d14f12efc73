"""The plugin keeps the contract of checks, for a person and for an organisation, strict and at an import."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from egov_core.ports.checks import ApplicationView
from egov_core.testing import builders
from egov_core.testing.check_cases import CHECK_APPLICATION, FORM_FIELDS, Bad
from egov_core.testing.check_contract import CheckContract
from egov_identity_checks import IdentityChecks, IdentitySettings

PERSON = "990121199502280012"
WRONG = "990121199502280011"
CODE = "91990121MA0000001X"
WRONG_CODE = "91990121MA0000001T"


class TestIdentityChecks(CheckContract):
    hooks = (CHECK_APPLICATION, FORM_FIELDS)
    every_item = True

    def make_plugin(self) -> object:
        return IdentityChecks(IdentitySettings(imported_channels=("import", "province")))

    def by(self, number: str, *, organisation: bool = False, **changes: Any) -> ApplicationView:
        who = builders.applicant(id_number=number, is_organisation=organisation)
        return self.application(applicant=who, **changes)

    def good_applications(self) -> Sequence[ApplicationView]:
        return [
            self.by(PERSON),
            self.by(CODE, organisation=True),
            self.by(
                PERSON, channel="web", form={"credit_code": CODE, "agent_number": PERSON, "id_document": "resident"}
            ),
            self.by("E12345678", form={"id_document": "passport"}),
            self.by(PERSON, form={"credit_code": ""}),
            self.application(stage="accept", form={"credit_code": CODE}),
        ]

    def bad_applications(self) -> Sequence[Bad]:
        number, agent, code = "applicant.id_number", "form.agent_number", "form.credit_code"
        return [
            Bad(application=self.by(WRONG), field=number),
            Bad(application=self.by(PERSON, organisation=True), field=number),
            Bad(application=self.by(WRONG_CODE, organisation=True), field=number),
            Bad(application=self.by("E12345678"), field=number),
            Bad(application=self.by("129999199502280012"), field=number, severity="advice"),
            Bad(application=self.by(PERSON, form={"agent_number": WRONG}), field=agent),
            Bad(application=self.by(PERSON, channel="web", form={"credit_code": WRONG_CODE}), field=code),
            Bad(application=self.by(WRONG, channel="province"), field=number, severity="advice"),
            Bad(
                application=self.application(stage="accept", form={"credit_code": CODE[:-1]}),
                field=code,
                severity="advice",
            ),
        ]
