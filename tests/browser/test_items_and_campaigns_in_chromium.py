"""Finding an item, reading its guide and collecting forms in a browser: by keyboard, without scripts, all named."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from egov_core.testing.paper_campaign import CODE
from egov_core.testing.paper_county import GUIDED
from egov_core.testing.paper_office import PaperOffice
from tests.browser.test_pages_in_chromium import SIZES, focused, tab_to, visit

UNNAMED = """() => [...document.querySelectorAll('main a, main button, main input, main select, ' +
  'main table, main section')]
  .filter(e => {
    const by = (e.getAttribute('aria-labelledby') || '').split(' ').map(id => document.getElementById(id));
    const named = e.getAttribute('aria-label') || by.map(one => one ? one.textContent : '').join('');
    return !(named || (e.labels || [])[0]?.textContent || e.caption?.textContent || '').trim()
      && !(['A', 'BUTTON'].includes(e.tagName) && e.textContent.trim());
  })
  .map(e => e.outerHTML.slice(0, 80))"""
"""Whatever a screen reader would call only by its kind."""

CHINESE_UNMARKED = """() => {
  const found = [];
  const walker = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const e = walker.currentNode.parentElement;
    if (e.closest('.lead, #q-hint, #results-heading')) continue;
    if (/\\p{Script=Han}/u.test(walker.currentNode.data) && e.closest('[lang]').lang === 'en')
      found.push(walker.currentNode.data.trim());
  }
  return found;
}"""
"""Chinese texts on an English page that a screen reader would spell out in English, but for the examples and the words
of the visitor that stand within a sentence."""


def name_of(office: PaperOffice, code: str) -> str:
    return office.catalogue.items[code][-1].name


@pytest.mark.parametrize(
    "address",
    ["/items?q=许可", f"/items/{GUIDED}", "/supervision/campaigns"],
)
def test_everything_has_a_name_and_says_it_in_both_languages(browser: Browser, url: str, address: str) -> None:
    with visit(browser, url, SIZES["desktop"]) as page:
        page.goto(f"{url}{address}")
        chinese = page.inner_text("main")
        for lang in ("zh-CN", "en"):
            assert page.get_attribute("html", "lang") == lang
            assert page.evaluate(UNNAMED) == []
            assert page.locator("main h1").count() == 1
            if lang == "zh-CN":
                page.click(".language a")
        assert page.inner_text("main") != chinese
        assert page.evaluate(CHINESE_UNMARKED) == []


def test_by_keyboard_from_the_box_to_the_guide(browser: Browser, url: str, office: PaperOffice) -> None:
    with visit(browser, url, SIZES["phone"]) as page:
        page.goto(f"{url}/items")
        page.focus("#q")
        page.keyboard.type(name_of(office, GUIDED))
        page.keyboard.press("Enter")
        page.wait_for_url("**/items?q=*")
        expect(page.locator(".result mark").first).to_be_visible()
        tab_to(page, f"/items/{GUIDED}")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/items/{GUIDED}")
        assert page.inner_text("h1") == name_of(office, GUIDED)
        tab_to(page, "#limits")
        page.keyboard.press("Enter")
        assert page.url.endswith("#limits")
        expect(page.locator("#limits")).to_be_in_viewport()


def counts(page: Page) -> dict[str, int]:
    cells = page.locator("section[aria-labelledby=campaigns] td.num")
    found = cells.evaluate_all("all => all.map(e => [e.dataset.label, e.innerText])")
    return {label: int(text) for label, text in found}


def test_by_keyboard_from_the_counts_to_the_units(browser: Browser, url: str) -> None:
    with visit(browser, url, SIZES["desktop"]) as page:
        page.goto(f"{url}/supervision/campaigns")
        expected = counts(page)
        assert len(expected) > 6
        figure = tab_to(page, f"/supervision/campaigns/{CODE}?show=returned")
        page.keyboard.press("Enter")
        page.wait_for_url("**show=returned")
        assert page.locator(".list tbody tr").count() == int(figure["text"]) == 1
        while focused_after_tab(page)["tag"] != "SELECT":
            pass
        page.keyboard.press("Home")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile(r"show=$"))
        assert page.locator(".list tbody tr").count() == sum(list(expected.values())[:1])


def focused_after_tab(page: Page) -> dict[str, object]:
    page.keyboard.press("Tab")
    return focused(page)


def test_without_scripts_a_visitor_finds_an_item_and_a_clerk_a_unit(
    browser: Browser, url: str, office: PaperOffice
) -> None:
    with visit(browser, url, SIZES["phone"], java_script_enabled=False) as page:
        page.goto(f"{url}/items")
        page.fill("#q", "qqqq")
        page.click("main form button")
        page.locator(".departments a").first.click()
        page.locator(".result a").first.click()
        assert page.inner_text("h1") in {versions[-1].name for versions in office.catalogue.items.values()}
        page.locator(".contents a").last.click()
        assert page.locator("section:target, h2:target").count() == 1
        page.click(".language a")
        assert page.get_attribute("html", "lang") == "en"
        page.goto(f"{url}/supervision/campaigns")
        page.locator("section[aria-labelledby=campaigns] td.hot a").first.click()
        assert "show=overdue" in page.url
        assert page.locator(".list tbody tr").count() > 0
        page.select_option("#filter-show", "accepted")
        page.click(".filter button")
        assert page.locator(".list tbody tr").count() == 1
