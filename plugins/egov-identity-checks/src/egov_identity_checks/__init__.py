"""Identity numbers in applications: 公民身份号码 (GB 11643-1999) and 统一社会信用代码 (GB 32100-2015).

Rules of this distribution: it is asked about every item. Whoever files an application at the window or online is
strict with himself: a wrong number refuses the submission. A record that comes from another system (the channels of
`imported_channels`) may be old or wrong there, and is told as advice; so is what an acceptance still finds in the form.
A number is never repaired, shown or kept: a finding names the field and the standard. `numbers.py` judges one number.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

import attrs

from egov_core import hookimpl
from egov_core.domain.catalogue import ItemVersion
from egov_core.domain.legal import LegalBasis
from egov_core.domain.people import Purpose
from egov_core.ports.checks import ApplicationView, Finding
from egov_core.ports.forms import FieldKind, FormField
from egov_identity_checks.numbers import Doubt, credit_code_doubts, resident_number_doubts

RESIDENT_NUMBER = LegalBasis(instrument="《公民身份号码》（GB 11643-1999）", in_force=date(1999, 7, 1))
CREDIT_CODE = LegalBasis(
    instrument="《法人和其他组织统一社会信用代码编码规则》（GB 32100-2015）", in_force=date(2015, 10, 1)
)
OTHER_PROOF = LegalBasis(instrument="《中华人民共和国居民身份证法》", article="第十四条", in_force=date(2004, 1, 1))

DOCUMENT = "id_document"
"""The field in which an applicant says what document the number is of."""
RESIDENT = "resident"
DOCUMENTS: Mapping[str, str] = {
    RESIDENT: "居民身份证（含港澳台居民居住证）",
    "travel-permit": "港澳居民来往内地通行证、台湾居民来往大陆通行证",
    "foreign-resident": "外国人永久居留身份证",
    "passport": "护照",
    "other": "其他证件",
}


@attrs.frozen(kw_only=True)
class IdentitySettings:
    """The plugin's own table, `[plugins.settings.identity-checks]`.

    `imported_channels`: channels by which records come from other systems, where a wrong number is advice.
    `resident_number_fields`, `credit_code_fields`: fields of forms that hold such a number, each with its name for the
    applicant; one that is empty is not checked, whether it has to be filled in is its form's to say.
    """

    imported_channels: tuple[str, ...] = ("import",)
    resident_number_fields: Mapping[str, str] = attrs.field(factory=lambda: {"agent_number": "代理人身份证号码"})
    credit_code_fields: Mapping[str, str] = attrs.field(factory=lambda: {"credit_code": "统一社会信用代码"})


class IdentityChecks:
    """The plugin `identity-checks`."""

    egov_api = "1.0"
    egov_settings = IdentitySettings

    def __init__(self, settings: IdentitySettings | None = None) -> None:
        self._settings = settings or IdentitySettings()

    @hookimpl
    def egov_form_fields(self, item: ItemVersion) -> list[FormField]:  # noqa: ARG002 - the same for every item
        """What document the number is of; who leaves it empty has an identity card."""
        return [
            FormField(
                name=DOCUMENT,
                label="证件类型",
                label_en="Type of document",
                kind=FieldKind.CHOICE,
                required=False,
                choices=DOCUMENTS,
                basis=OTHER_PROOF,
            )
        ]

    @hookimpl
    def egov_check_application(self, application: ApplicationView) -> list[Finding]:
        """The applicant's number, and those in the fields of the form that the settings name."""
        if application.stage not in ("submit", "accept"):
            return []
        strict = application.stage == "submit" and application.channel not in self._settings.imported_channels
        return [one if strict else attrs.evolve(one, severity="advice") for one in self._findings(application)]

    def _findings(self, application: ApplicationView) -> Iterator[Finding]:
        on, who = application.at.date(), application.applicant
        if who is not None and application.form.get(DOCUMENT, "").strip() in ("", RESIDENT):
            text = who.id_number.reveal(Purpose.HANDLING)
            if who.is_organisation:
                yield from _told("applicant.id_number", "统一社会信用代码", credit_code_doubts(text), CREDIT_CODE)
            else:
                doubts = resident_number_doubts(text, on, otherwise="持其他证件的，请选择“证件类型”。")
                yield from _told("applicant.id_number", "身份证号码", doubts, RESIDENT_NUMBER)
        for name, label in self._settings.resident_number_fields.items():
            if text := application.form.get(name, ""):
                yield from _told(f"form.{name}", label, resident_number_doubts(text, on), RESIDENT_NUMBER)
        for name, label in self._settings.credit_code_fields.items():
            if text := application.form.get(name, ""):
                yield from _told(f"form.{name}", label, credit_code_doubts(text), CREDIT_CODE)


def _told(field: str, label: str, doubts: Iterator[Doubt], basis: LegalBasis) -> Iterator[Finding]:
    for doubt in doubts:
        yield Finding(
            field=field,
            message=f"“{label}”{doubt.message}",
            basis=basis,
            severity="error" if doubt.certain else "advice",
        )
