"""A check that keeps every promise, made so that each can be taken away by a few lines. Not a test."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from egov_core import hookimpl
from egov_core.domain.catalogue import ItemVersion
from egov_core.domain.legal import LegalBasis
from egov_core.ports.checks import ApplicationView, Finding
from egov_core.ports.forms import FieldKind, FormField
from egov_core.testing import builders

BASIS = LegalBasis(instrument="《云岭县取水打井规程（演示）》", article="第五条", in_force=date(2015, 1, 1))
ITEM = builders.item_version("well", materials=[builders.material(code) for code in ("form", "plan", "map", "photo")])
STAGES = ("submit", "accept")


class WholeCheck:
    """取水打井: how deep, what for, a map and a photograph of the place for a deep one, and a telephone."""

    @hookimpl
    def egov_form_fields(self, item: ItemVersion) -> list[FormField] | None:
        return self.fields() if self.is_mine(item) else None

    @hookimpl
    def egov_check_application(self, application: ApplicationView) -> list[Finding] | None:
        if not self.applies(application):
            return []
        found: list[Finding] | None = self.answer(self.findings(application))
        return found

    # --- one seam for each promise ------------------------------------------------------------------------------------

    def is_mine(self, item: ItemVersion) -> bool:
        return item.code == "well"

    def applies(self, application: ApplicationView) -> bool:
        return self.is_mine(application.item) and application.stage in STAGES

    def answer(self, found: Iterable[Finding]) -> Any:
        return list(found)

    def fields(self) -> list[FormField]:
        return [
            FormField(name="depth", label="井深", kind=FieldKind.NUMBER, unit="米", required=False, basis=BASIS),
            FormField(name="purpose", label="用途", basis=BASIS),
        ]

    def findings(self, application: ApplicationView) -> Iterable[Finding]:
        depth = self.depth(application)
        yield from self.about_depth(depth)
        yield from self.about_materials(application, depth)
        yield from self.about_applicant(application)

    def about_depth(self, depth: Decimal | None) -> Iterable[Finding]:
        if depth is not None and depth > 300:
            yield Finding(field="form.depth", message="井深超过批准限度。", basis=BASIS)
        elif depth is not None and depth > 200:
            yield Finding(field="form.depth", message="井深较大，建议事先勘察。", severity="advice")

    def about_materials(self, application: ApplicationView, depth: Decimal | None) -> Iterable[Finding]:
        if depth is not None and depth > 100:
            for code in self.missing(application):
                yield Finding(field=f"materials.{code}", message="深井须附图。", basis=BASIS)

    def missing(self, application: ApplicationView) -> Iterable[str]:
        asked = [one.code for one in application.item.materials if one.code in ("map", "photo")]
        return [code for code in asked if code not in application.materials]

    def about_applicant(self, application: ApplicationView) -> Iterable[Finding]:
        if application.applicant is not None and application.applicant.phone is None:
            yield Finding(field="applicant.phone", message="请留联系电话。", basis=BASIS)

    def depth(self, application: ApplicationView) -> Decimal | None:
        text = application.form.get("depth", "")
        try:
            number = Decimal(text) if text.isascii() else None
        except InvalidOperation:
            return None
        return number if number is not None and number.is_finite() else None
