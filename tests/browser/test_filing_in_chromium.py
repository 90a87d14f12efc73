"""Filing an application as a browser shows it: by keyboard, without scripts, on a phone, in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import attrs
import pytest
from playwright.sync_api import Browser

from egov_core import hookimpl, open_office
from egov_core.domain.catalogue import ItemVersion
from egov_core.domain.legal import LegalBasis
from egov_core.ports.checks import ApplicationView, Finding
from egov_core.ports.forms import FieldKind, FormField
from egov_core.runtime.clock import ManualClock
from egov_core.runtime.identifiers import SeededIds
from egov_core.server.app import create_app
from egov_core.testing import small_county as county
from tests.browser.conftest import listening
from tests.browser.test_pages_in_chromium import CONTRASTS, SIZES, SMALL_TARGETS, focused

BASIS = LegalBasis(instrument="《云岭县取水打井规程（演示）》", article="第五条", in_force=date(2015, 1, 1))


class Wells:
    """A plugin with a field, which finds a well too deep."""

    @hookimpl
    def egov_form_fields(self, item: ItemVersion) -> list[FormField]:
        del item
        choices = {"home": "生活", "farm": "灌溉"}
        return [
            FormField(name="depth", label="井深", label_en="Depth", kind=FieldKind.NUMBER, unit="米", basis=BASIS),
            FormField(name="use", label="用途", kind=FieldKind.CHOICE, choices=choices, required=False),
        ]

    @hookimpl
    def egov_check_application(self, application: ApplicationView) -> list[Finding]:
        deep = application.form.get("depth", "") == "900"
        materials = Finding(field="materials.plan", message="深井的方案须附图。", basis=BASIS)
        return [Finding(field="form.depth", message="井深超过限度。", basis=BASIS), materials] if deep else []


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a demonstration of the small county listens."""
    folder = tmp_path_factory.mktemp("demo")
    settings = attrs.evolve(county.settings(f"sqlite:///{folder}/county.db"), demo=True)
    plugins = [(Wells(), "wells")]
    with open_office(settings, clock=ManualClock(county.MONDAY), ids=SeededIds(1), plugins=plugins) as office:
        county.found(office)
        app = create_app(office, window=office)
        with listening(app) as address:
            yield address


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_refusal_can_be_read_and_corrected(browser: Browser, demo: str, lang: str, size: str) -> None:
    width, height = SIZES[size]
    context = browser.new_context(viewport={"width": width, "height": height}, java_script_enabled=True)
    page = context.new_page()
    page.goto(f"{demo}/supervision?lang={lang}")
    page.click(".demo a")
    page.select_option("#item", county.LICENCE)
    page.click("main form button")

    def readable() -> None:
        assert page.get_attribute("html", "lang") == {"zh": "zh-CN", "en": "en"}[lang]
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
        assert [found for found in page.evaluate(CONTRASTS) if found[0] < 4.5] == []
        assert page.evaluate(SMALL_TARGETS) == []

    readable()
    page.fill("#form-depth", "900")
    page.uncheck("#materials-form")
    page.click("main form button")
    readable()
    assert page.title().startswith({"zh": "错误：", "en": "Error: "}[lang])
    assert page.evaluate("document.activeElement.className") == "error-summary", "the summary is read first"
    assert page.locator("#form-depth-error").inner_text().split()[0] == "井深超过限度。"
    assert "第五条" in page.locator("#form-depth-error").inner_text()
    assert page.input_value("#form-depth") == "900"
    assert not page.is_checked("#materials-form")
    page.click(".error-summary a[href='#form-depth']")
    assert page.evaluate("document.activeElement.id") == "form-depth"
    page.fill("#form-depth", "40")
    page.click("main form button")
    page.wait_for_selector(".answer")
    readable()
    number = page.locator(".answer .mono").first.inner_text()
    page.click(".answer a[href^='/cases/']")
    assert number in page.inner_text("main")
    context.close()


def test_by_keyboard_and_without_scripts(browser: Browser, demo: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{demo}/demo/apply?item={county.LICENCE}")
    page.focus("#applicant-name")
    for wanted in ("id_number", "phone", "is_organisation", "materials-form", "materials-plan", "form-depth"):
        page.keyboard.press("Tab")
        assert page.locator(":focus").get_attribute("id") in (wanted, f"applicant-{wanted}")
    page.keyboard.type("40")
    page.keyboard.press("Enter")
    page.wait_for_selector(".answer")
    assert page.url == f"{demo}/demo/apply?item={county.LICENCE}", "neither number nor code stands in an address"
    context.close()


def test_every_control_shows_the_focus(browser: Browser, demo: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{demo}/demo/apply?item={county.LICENCE}")
    page.focus("#applicant-name")
    for _ in range(8):
        page.keyboard.press("Tab")
        focused(page)
    context.close()
