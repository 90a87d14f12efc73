"""Checks that are broken in one way each, with the promise that each breaks. Not a test."""

# ruff: noqa: ARG002 - what is broken does not use what it is given

from __future__ import annotations

import functools
import logging
import os
import random
import time
import uuid
from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar

import attrs

from egov_core import hookimpl
from egov_core.domain.catalogue import ItemVersion
from egov_core.domain.legal import LegalBasis
from egov_core.domain.people import Purpose
from egov_core.ports.checks import ApplicationView, Finding, MaterialsView
from egov_core.ports.forms import FieldKind, FormField
from tests.testing.whole_check import BASIS, WholeCheck

# --- V1 ---------------------------------------------------------------------------------------------------------------


class ReadsTheClock(WholeCheck):
    def applies(self, application: ApplicationView) -> bool:
        return datetime.now(UTC).year > 2000 and super().applies(application)


class ReadsTheDay(WholeCheck):
    def applies(self, application: ApplicationView) -> bool:
        return date.today() > date(2000, 1, 1) and super().applies(application)


class ReadsTheSeconds(WholeCheck):
    def applies(self, application: ApplicationView) -> bool:
        return time.time() > 0 and super().applies(application)


class ThrowsDice(WholeCheck):
    def answer(self, found: Iterable[Finding]) -> Any:
        kept = list(found)
        random.shuffle(kept)
        return kept


class NumbersItsFindings(WholeCheck):
    def answer(self, found: Iterable[Finding]) -> Any:
        return [attrs.evolve(one, message=f"{one.message}（{uuid.uuid4().hex[:6]}）") for one in found]


class AsksTheEnvironment(WholeCheck):
    def applies(self, application: ApplicationView) -> bool:
        return "NO_WELLS" not in os.environ and bool(os.environ["PATH"]) and super().applies(application)


class ReadsAFile(WholeCheck):
    def applies(self, application: ApplicationView) -> bool:
        return bool(Path(__file__).read_text(encoding="utf-8")) and super().applies(application)


class OnlyTheFirstTime(WholeCheck):
    def __init__(self) -> None:
        self.said: set[str] = set()

    def answer(self, found: Iterable[Finding]) -> Any:
        fresh = [one for one in found if one.message not in self.said]
        self.said |= {one.message for one in fresh}
        return fresh


class AddsUp(WholeCheck):
    def __init__(self) -> None:
        self.found: list[Finding] = []

    def answer(self, found: Iterable[Finding]) -> Any:
        self.found += found
        return list(self.found)


class CountsItsCalls(WholeCheck):
    count: ClassVar[int] = 0

    def answer(self, found: Iterable[Finding]) -> Any:
        type(self).count += 1
        return [attrs.evolve(one, message=f"第{self.count}次：{one.message}") for one in found]


class InTheOrderOfASet(WholeCheck):
    def missing(self, application: ApplicationView) -> Iterable[str]:
        return {one.code for one in application.item.materials} & {"map", "photo"} - set(application.materials)


class RemembersByItem(WholeCheck):
    def __init__(self) -> None:
        self.kept: dict[str, list[Finding]] = {}

    def findings(self, application: ApplicationView) -> Iterable[Finding]:
        return self.kept.setdefault(application.item.code, list(super().findings(application)))


# --- V2 ---------------------------------------------------------------------------------------------------------------


class AnswersWithAGenerator(WholeCheck):
    def answer(self, found: Iterable[Finding]) -> Any:
        return (one for one in list(found))


class AnswersWithATruthValue(WholeCheck):
    def answer(self, found: Iterable[Finding]) -> Any:
        return list(found) or True


class AnswersWithOne(WholeCheck):
    def answer(self, found: Iterable[Finding]) -> Any:
        return next(iter(found), None)


class AnswersWithTexts(WholeCheck):
    def answer(self, found: Iterable[Finding]) -> Any:
        return [one.message for one in found]


class AnswersWithDictionaries(WholeCheck):
    def answer(self, found: Iterable[Finding]) -> Any:
        return [attrs.asdict(one) for one in found]


class AnswersWithASet(WholeCheck):
    def answer(self, found: Iterable[Finding]) -> Any:
        return set(found)


class AnswersByField(WholeCheck):
    def answer(self, found: Iterable[Finding]) -> Any:
        return {one.field: one for one in found}


class HandsOutItsOwnList(WholeCheck):
    def __init__(self) -> None:
        self.kept: dict[tuple[Any, ...], list[Finding]] = {}

    def egov_check_application(self, application: ApplicationView) -> list[Finding] | None:
        silent = application.applicant is None or application.applicant.phone is None
        form = tuple(application.form.items())
        key = (application.item.code, application.stage, form, application.materials, silent)
        if key not in self.kept:
            self.kept[key] = list(self.findings(application)) if self.applies(application) else []
        return self.kept[key]

    egov_check_application = hookimpl(egov_check_application)


class HandsOutItsOwnFields(WholeCheck):
    def __init__(self) -> None:
        self.kept = super().fields()

    def fields(self) -> list[FormField]:
        return self.kept


class FieldsAreDictionaries(WholeCheck):
    def fields(self) -> list[FormField]:
        return [attrs.asdict(one) for one in super().fields()]  # type: ignore[misc]  # the fault that is planted


# --- V3 ---------------------------------------------------------------------------------------------------------------


class ChangesTheForm(WholeCheck):
    def depth(self, application: ApplicationView) -> Decimal | None:
        form: Any = application.form
        for name in form:
            form[name] = form[name].strip() + " "
        return super().depth(application)


class TakesOutOfTheForm(WholeCheck):
    def depth(self, application: ApplicationView) -> Decimal | None:
        found = super().depth(application)
        form: Any = application.form
        form.pop("depth", None)
        return found


class AddsToTheForm(WholeCheck):
    def depth(self, application: ApplicationView) -> Decimal | None:
        form: Any = application.form
        form.setdefault("depth", "0")
        return super().depth(application)


class KeepsTheApplication(WholeCheck):
    def findings(self, application: ApplicationView) -> Iterable[Finding]:
        self.last = application
        return super().findings(application)


class KeepsTheApplicant(WholeCheck):
    def __init__(self) -> None:
        self.applicants: list[Any] = []

    def about_applicant(self, application: ApplicationView) -> Iterable[Finding]:
        self.applicants.append(application.applicant)
        return super().about_applicant(application)


class KeepsTheName(WholeCheck):
    def __init__(self) -> None:
        self.names: set[str] = set()

    def about_applicant(self, application: ApplicationView) -> Iterable[Finding]:
        if application.applicant is not None:
            self.names.add(application.applicant.name.reveal(Purpose.HANDLING))
        return super().about_applicant(application)


_NUMBERS: dict[str, int] = {}


class KeepsTheNumberInTheModule(WholeCheck):
    def about_applicant(self, application: ApplicationView) -> Iterable[Finding]:
        if application.applicant is not None:
            number = application.applicant.id_number.reveal(Purpose.HANDLING)
            _NUMBERS[number] = _NUMBERS.get(number, 0) + 1
        return super().about_applicant(application)


@functools.lru_cache
def _is_long(text: str) -> bool:
    return len(text) > 1


class KeepsTheNameInACache(WholeCheck):
    def about_applicant(self, application: ApplicationView) -> Iterable[Finding]:
        if application.applicant is not None:
            _is_long(application.applicant.name.reveal(Purpose.HANDLING))
        return super().about_applicant(application)


# --- V4 ---------------------------------------------------------------------------------------------------------------


class NoBasis(WholeCheck):
    def answer(self, found: Iterable[Finding]) -> Any:
        return [attrs.evolve(one, basis=None) for one in found]


class EmptyBasis(WholeCheck):
    def answer(self, found: Iterable[Finding]) -> Any:
        return [attrs.evolve(one, basis=LegalBasis(instrument=" ")) for one in found]


class BasisIsAText(WholeCheck):
    def answer(self, found: Iterable[Finding]) -> Any:
        basis: Any = "《规程》第五条"
        return [attrs.evolve(one, basis=basis) for one in found]


class InEnglish(WholeCheck):
    def about_depth(self, depth: Decimal | None) -> Iterable[Finding]:
        return [attrs.evolve(one, message="The well is too deep.") for one in super().about_depth(depth)]


class SaysNothing(WholeCheck):
    def answer(self, found: Iterable[Finding]) -> Any:
        return [attrs.evolve(one, message="") for one in found]


class NoField(WholeCheck):
    def answer(self, found: Iterable[Finding]) -> Any:
        return [attrs.evolve(one, field="") for one in found]


class FieldWithoutPlace(WholeCheck):
    def answer(self, found: Iterable[Finding]) -> Any:
        return [attrs.evolve(one, field=one.field.partition(".")[2]) for one in found]


class LabelInsteadOfField(WholeCheck):
    def answer(self, found: Iterable[Finding]) -> Any:
        return [attrs.evolve(one, field="form.井深") for one in found]


class UnknownMaterial(WholeCheck):
    def answer(self, found: Iterable[Finding]) -> Any:
        return [attrs.evolve(one, field=one.field.replace("materials.", "materials.the-")) for one in found]


class WrongField(WholeCheck):
    def about_depth(self, depth: Decimal | None) -> Iterable[Finding]:
        return [attrs.evolve(one, field="form.purpose") for one in super().about_depth(depth)]


class AdviceRefuses(WholeCheck):
    def answer(self, found: Iterable[Finding]) -> Any:
        return [attrs.evolve(one, severity="error", basis=BASIS) for one in found]


class EverythingIsAdvice(WholeCheck):
    def answer(self, found: Iterable[Finding]) -> Any:
        return [attrs.evolve(one, severity="advice") for one in found]


class OnlyTheFirst(WholeCheck):
    def answer(self, found: Iterable[Finding]) -> Any:
        return list(found)[:1]


class FindsNothing(WholeCheck):
    def answer(self, found: Iterable[Finding]) -> Any:
        return []


class RefusesEverything(WholeCheck):
    def findings(self, application: ApplicationView) -> Iterable[Finding]:
        yield Finding(field="form.depth", message="井深不符。", basis=BASIS)
        yield from super().findings(application)


class OffByOne(WholeCheck):
    def about_depth(self, depth: Decimal | None) -> Iterable[Finding]:
        return super().about_depth(None if depth is None else depth - 1)


# --- V5 ---------------------------------------------------------------------------------------------------------------


class EveryItem(WholeCheck):
    def is_mine(self, item: ItemVersion) -> bool:
        return True


class EveryStage(WholeCheck):
    def applies(self, application: ApplicationView) -> bool:
        return self.is_mine(application.item)


class OneStageOnly(WholeCheck):
    def applies(self, application: ApplicationView) -> bool:
        return application.stage == "submit" and super().applies(application)


class FieldsForEveryItem(WholeCheck):
    @hookimpl
    def egov_form_fields(self, item: ItemVersion) -> list[FormField] | None:
        return self.fields()


# --- V6 ---------------------------------------------------------------------------------------------------------------


class NamesTheApplicant(WholeCheck):
    def about_applicant(self, application: ApplicationView) -> Iterable[Finding]:
        for one in super().about_applicant(application):
            assert application.applicant is not None
            name = application.applicant.name.reveal(Purpose.HANDLING)
            yield attrs.evolve(one, message=f"{name}，{one.message}")


class RepeatsTheForm(WholeCheck):
    def findings(self, application: ApplicationView) -> Iterable[Finding]:
        yield from super().findings(application)
        text = application.form.get("depth", "")
        if text and self.depth(application) is None:
            yield Finding(field="form.depth", message=f"井深不能写作“{text[:50].strip()}”。", basis=BASIS)

    def about_depth(self, depth: Decimal | None) -> Iterable[Finding]:
        return super().about_depth(depth)


class LogsTheApplicant(WholeCheck):
    def about_applicant(self, application: ApplicationView) -> Iterable[Finding]:
        if application.applicant is not None:
            logging.getLogger("wells").info("%s", application.applicant.id_number.reveal(Purpose.HANDLING))
        return super().about_applicant(application)


class LogsTheForm(WholeCheck):
    def depth(self, application: ApplicationView) -> Decimal | None:
        logging.getLogger("wells").debug("form %s", dict(application.form))
        return super().depth(application)


# --- V7 ---------------------------------------------------------------------------------------------------------------


class BreaksOnAnEmptyForm(WholeCheck):
    def depth(self, application: ApplicationView) -> Decimal | None:
        application.form["depth"]
        return super().depth(application)


class BreaksOnWords(WholeCheck):
    def depth(self, application: ApplicationView) -> Decimal | None:
        return Decimal(application.form.get("depth", "0") or "0")


class BreaksOnNoNumber(WholeCheck):
    def depth(self, application: ApplicationView) -> Decimal | None:
        try:
            return Decimal(application.form.get("depth", "0"))
        except ArithmeticError:
            return None


class BreaksOnManyDigits(WholeCheck):
    def depth(self, application: ApplicationView) -> Decimal | None:
        text = application.form.get("depth", "0")
        return Decimal(int(text)) if text.isdigit() and text.isascii() else super().depth(application)


class BreaksOnForeignDigits(WholeCheck):
    def depth(self, application: ApplicationView) -> Decimal | None:
        text = application.form.get("depth", "0")[:100]
        return Decimal(int(text)) if text.isdigit() else super().depth(application)


class BreaksWithoutApplicant(WholeCheck):
    def about_applicant(self, application: ApplicationView) -> Iterable[Finding]:
        assert application.applicant is not None
        return super().about_applicant(application)


class BreaksOnAnUnknownMaterial(WholeCheck):
    def missing(self, application: ApplicationView) -> Iterable[str]:
        names = {one.code: one.name for one in application.item.materials}
        assert all(names[code] for code in application.materials)
        return super().missing(application)


class BreaksOnNoMaterial(WholeCheck):
    def missing(self, application: ApplicationView) -> Iterable[str]:
        assert application.materials[0]
        return super().missing(application)


# --- V8 ---------------------------------------------------------------------------------------------------------------


class Misspelt(WholeCheck):
    @hookimpl
    def egov_chek_application(self, application: ApplicationView) -> list[Finding]:
        return []


class InventsAnArgument(WholeCheck):
    @hookimpl
    def egov_form_fields(self, item: ItemVersion, language: str = "zh") -> list[FormField] | None:
        return self.fields() if self.is_mine(item) else None


class AnswersMoreThanItClaims(WholeCheck):
    @hookimpl
    def egov_check_materials(self, materials: MaterialsView) -> list[Finding]:
        return []


# --- V9 ---------------------------------------------------------------------------------------------------------------


class FieldsWithoutBasis(WholeCheck):
    def fields(self) -> list[FormField]:
        return [attrs.evolve(one, basis=None) for one in super().fields()]


class TwoFieldsOfOneName(WholeCheck):
    def fields(self) -> list[FormField]:
        return [*super().fields(), FormField(name="depth", label="井深（再填）", required=False, basis=BASIS)]


class EnglishLabels(WholeCheck):
    def fields(self) -> list[FormField]:
        return [attrs.evolve(one, label=one.name) for one in super().fields()]


class EnglishChoices(WholeCheck):
    def fields(self) -> list[FormField]:
        choices = {"a": "farm", "b": "house"}
        more = FormField(name="use", label="用处", kind=FieldKind.CHOICE, choices=choices, required=False, basis=BASIS)
        return [*super().fields(), more]


class NoFieldsAtAll(WholeCheck):
    def fields(self) -> list[FormField]:
        return []


BROKEN: list[tuple[type[WholeCheck], str]] = [
    (ReadsTheClock, "V1"),
    (ReadsTheDay, "V1"),
    (ReadsTheSeconds, "V1"),
    (ThrowsDice, "V1"),
    (NumbersItsFindings, "V1"),
    (AsksTheEnvironment, "V1"),
    (ReadsAFile, "V1"),
    (OnlyTheFirstTime, "V1"),
    (AddsUp, "V1"),
    (CountsItsCalls, "V1"),
    (InTheOrderOfASet, "V1"),
    (RemembersByItem, "V1"),
    (AnswersWithAGenerator, "V2"),
    (AnswersWithATruthValue, "V2"),
    (AnswersWithOne, "V2"),
    (AnswersWithTexts, "V2"),
    (AnswersWithDictionaries, "V2"),
    (AnswersWithASet, "V2"),
    (AnswersByField, "V2"),
    (HandsOutItsOwnList, "V2"),
    (HandsOutItsOwnFields, "V2"),
    (FieldsAreDictionaries, "V2"),
    (ChangesTheForm, "V3"),
    (TakesOutOfTheForm, "V3"),
    (AddsToTheForm, "V3"),
    (KeepsTheApplication, "V3"),
    (KeepsTheApplicant, "V3"),
    (KeepsTheName, "V3"),
    (KeepsTheNumberInTheModule, "V3"),
    (KeepsTheNameInACache, "V3"),
    (NoBasis, "V4"),
    (EmptyBasis, "V4"),
    (BasisIsAText, "V4"),
    (InEnglish, "V4"),
    (SaysNothing, "V4"),
    (NoField, "V4"),
    (FieldWithoutPlace, "V4"),
    (LabelInsteadOfField, "V4"),
    (UnknownMaterial, "V4"),
    (WrongField, "V4"),
    (AdviceRefuses, "V4"),
    (EverythingIsAdvice, "V4"),
    (OnlyTheFirst, "V4"),
    (FindsNothing, "V4"),
    (RefusesEverything, "V4"),
    (OffByOne, "V4"),
    (EveryItem, "V5"),
    (EveryStage, "V5"),
    (OneStageOnly, "V4"),
    (FieldsForEveryItem, "V5"),
    (NamesTheApplicant, "V6"),
    (RepeatsTheForm, "V6"),
    (LogsTheApplicant, "V6"),
    (LogsTheForm, "V6"),
    (BreaksOnAnEmptyForm, "V7"),
    (BreaksOnWords, "V7"),
    (BreaksOnNoNumber, "V7"),
    (BreaksOnManyDigits, "V7"),
    (BreaksOnForeignDigits, "V7"),
    (BreaksWithoutApplicant, "V7"),
    (BreaksOnAnUnknownMaterial, "V7"),
    (BreaksOnNoMaterial, "V7"),
    (Misspelt, "V8"),
    (InventsAnArgument, "V8"),
    (AnswersMoreThanItClaims, "V8"),
    (FieldsWithoutBasis, "V9"),
    (TwoFieldsOfOneName, "V9"),
    (EnglishLabels, "V9"),
    (EnglishChoices, "V9"),
    (NoFieldsAtAll, "V9"),
]
"""Each with the promise whose tests have to catch it."""
