"""The pages as a browser shows them: quiet, self-contained, readable on a phone, usable without mouse and scripts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Request

from egov_core.server.supervision.explanation_page import explanation_page
from egov_core.server.supervision.reading import read_case
from egov_core.testing.paper_county import GUIDED
from egov_core.testing.paper_office import PaperOffice

SIZES = {"phone": (360, 740), "desktop": (1280, 900)}
ADDRESSES = {
    "board": "/",
    "cards": "/supervision/cards",
    "cases": "/supervision/cases",
    "items": "/items?q=许可",
    "guide": f"/items/{GUIDED}",
    "campaigns": "/supervision/campaigns",
}
"""Pages that have an address of their own."""
PAGES = ("case", "progress", "result", *ADDRESSES)
COURSES = {
    "steps": "handed-over",
    "set-aside": "set-aside",
    "coming": "renewal",
    "told-deemed": "silent",
    "told-lapsed": "unanswered",
    "told-hearing": "hearing-fixed",
}
"""Pages of the less common courses: the case each is about."""

CONTRASTS = """() => {
  const channel = v => { v /= 255; return v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; };
  const parse = c => c.match(/[\\d.]+/g).map(Number);
  const light = c => .2126 * channel(c[0]) + .7152 * channel(c[1]) + .0722 * channel(c[2]);
  const ground = e => {
    for (; e; e = e.parentElement) {
      const c = parse(getComputedStyle(e).backgroundColor);
      if (c.length === 3 || c[3] === 1) return c;
    }
    return [255, 255, 255];
  };
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const e = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || e.closest('option') || !e.checkVisibility()) continue;
    const a = light(parse(getComputedStyle(e).color)), b = light(ground(e));
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    found.push([ratio, e.className + ': ' + walker.currentNode.data.trim().slice(0, 30)]);
  }
  return found;
}"""

SMALL_TARGETS = """() => [...document.querySelectorAll(
    'button, select, input:not([type=hidden]), summary, .tile a, .ways a, .pager a, .figures td a')]
  .filter(e => { const r = e.getBoundingClientRect(); return r.width < 24 || r.height < 24; })
  .map(e => e.outerHTML.slice(0, 80))"""

FOCUS = """() => {
  const e = document.activeElement, s = getComputedStyle(e);
  return { text: e.textContent.trim(), href: e.getAttribute('href') || '', tag: e.tagName,
           outline: s.outlineStyle === 'none' ? 0 : parseFloat(s.outlineWidth),
           left: e.getBoundingClientRect().left };
}"""


@contextmanager
def visit(browser: Browser, url: str, size: tuple[int, int], **options: Any) -> Iterator[Page]:
    """A page that fails the test when something is loaded from elsewhere, is missing, or is complained about."""
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, **options)
    page = context.new_page()
    complaints: list[str] = []

    def failed(request: Request) -> None:
        # a test that goes on at once does not wait for the icon
        if request.failure != "net::ERR_ABORTED":
            complaints.append(f"failed: {request.url}")

    page.on("console", lambda message: complaints.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
    page.on("requestfailed", failed)
    page.on("request", lambda request: None if request.url.startswith(url) else complaints.append(request.url))
    page.on("response", lambda got: complaints.append(f"{got.status}: {got.url}") if got.status >= 400 else None)
    try:
        yield page
    finally:
        context.close()
    assert complaints == []


def open_page(page: Page, url: str, office: PaperOffice, name: str, lang: str) -> None:
    """Go to one of the pages in a language."""
    case = COURSES.get(name) or office.running("red")[0].case_id
    addresses = {**ADDRESSES, "case": f"/cases/{case}"}
    if name in COURSES and not name.startswith("told-"):
        addresses[name] = addresses["case"]
    address = addresses.get(name, "/progress")
    page.goto(f"{url}{address}{'&' if '?' in address else '?'}lang={lang}")
    if name == "result" or name.startswith("told-"):
        page.fill("#number", office.rows[case].number)
        page.fill("#code", office.codes[case])
        page.click("main form button")
        assert office.rows[case].number in page.inner_text("h1")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", [*PAGES, *COURSES])
def test_a_page_is_quiet_fits_and_can_be_read(
    browser: Browser, url: str, office: PaperOffice, name: str, lang: str, size: str
) -> None:
    with visit(browser, url, SIZES[size]) as page:
        open_page(page, url, office, name, lang)
        assert page.get_attribute("html", "lang") == {"zh": "zh-CN", "en": "en"}[lang]
        assert page.evaluate("document.styleSheets[0].cssRules.length") > 100
        for width in {SIZES[size][0], 320} if size == "phone" else {SIZES[size][0]}:
            page.set_viewport_size({"width": width, "height": SIZES[size][1]})
            wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wide == 0, f"{wide} px too wide at {width}"
        contrasts = page.evaluate(CONTRASTS)
        assert len(contrasts) > 15
        assert [found for found in contrasts if found[0] < 4.5] == []
        assert page.evaluate(SMALL_TARGETS) == []


def focused(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate(FOCUS)
    assert found["outline"] >= 2, f"no focus to be seen on {found}"
    return found


def tab_to(page: Page, wanted: str) -> dict[str, Any]:
    """Press Tab until the focus is on a link whose address begins with `wanted`."""
    for _ in range(120):
        page.keyboard.press("Tab")
        found = focused(page)
        if found["href"].startswith(wanted):
            return found
    raise AssertionError(f"nothing leads to {wanted}")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_by_keyboard_from_the_board_to_a_case(browser: Browser, url: str, lang: str) -> None:
    with visit(browser, url, SIZES["desktop"]) as page:
        page.goto(f"{url}/?lang={lang}")
        page.keyboard.press("Tab")
        skip = focused(page)
        assert skip["href"] == "#content"
        assert skip["left"] >= 0, "the skip link is seen once it has the focus"
        page.keyboard.press("Enter")
        figure = tab_to(page, "/supervision/cards")
        assert any(char.isdigit() for char in figure["text"])
        page.keyboard.press("Enter")
        page.wait_for_url("**/supervision/cards?**")
        tab_to(page, "/cases/")
        page.keyboard.press("Enter")
        page.wait_for_url("**/cases/*")
        assert page.locator("details").count() > 0
        for _ in range(60):
            page.keyboard.press("Tab")
            if focused(page)["tag"] == "SUMMARY":
                break
        before = page.locator("details[open]").count()
        page.keyboard.press("Enter")
        assert abs(page.locator("details[open]").count() - before) == 1


def test_by_keyboard_through_the_form(browser: Browser, url: str, office: PaperOffice) -> None:
    case_id = next(iter(office.rows))
    with visit(browser, url, SIZES["phone"]) as page:
        page.goto(f"{url}/progress")
        page.focus("#number")
        page.keyboard.type(office.rows[case_id].number)
        page.keyboard.press("Tab")
        page.keyboard.type(office.codes[case_id].lower())
        page.keyboard.press("Enter")
        page.wait_for_selector(".answer")
        assert page.url == f"{url}/progress", "the code stands in no address"
        page.click(".again button")
        assert page.get_attribute("html", "lang") == "en"
        assert page.locator(".answer").count() == 1


def test_without_scripts_everything_works(browser: Browser, url: str, office: PaperOffice) -> None:
    case_id = next(iter(office.rows))
    with visit(browser, url, SIZES["phone"], java_script_enabled=False) as page:
        page.goto(url)
        page.locator(".tile a").first.click()
        page.select_option("#filter-scope", "ledger")
        page.click(".filter button")
        assert "scope=ledger" in page.url
        page.locator(".list tbody th a").first.click()
        page.locator("summary").last.click()
        assert page.locator(".timeline li").count() > 0
        page.click(".language a")
        assert page.get_attribute("html", "lang") == "en"
        page.goto(f"{url}/progress")
        page.fill("#number", office.rows[case_id].number)
        page.fill("#code", office.codes[case_id])
        page.click("main form button")
        assert page.locator(".answer").count() == 1


def test_faults_are_led_to_by_links(browser: Browser, url: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{url}/progress")
    page.click("main form button")
    assert page.title().startswith("错误：")
    page.click(".error-summary a[href='#code']")
    assert page.evaluate("document.activeElement.id") == "code"
    context.close()


def test_yellow_and_red_differ_without_colour(browser: Browser, url: str) -> None:
    """What is left in grey: the shape and the word."""
    with visit(browser, url, SIZES["desktop"]) as page:
        page.goto(f"{url}/supervision/cards")
        drawn = {
            level: page.locator(f".list .badge-{level} svg path").first.get_attribute("d")
            for level in ("red", "yellow")
        }
        assert drawn["red"] != drawn["yellow"]
        assert {page.locator(f".list .badge-{level}").first.inner_text() for level in drawn} == {"红牌", "黄牌"}


def test_motion_and_paper(browser: Browser, url: str, office: PaperOffice) -> None:
    with visit(browser, url, SIZES["desktop"], reduced_motion="reduce") as page:
        page.goto(f"{url}/cases/{next(iter(office.rows))}")
        assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
        page.emulate_media(media="print")
        assert not page.locator(".ways ul").is_visible()
        assert page.locator(".disclaimer").is_visible()
        assert page.locator("h1").is_visible()


def test_tables_keep_their_meaning_on_a_phone(browser: Browser, url: str) -> None:
    """Rows become blocks by style alone; to assistive software they stay tables with headings."""
    with visit(browser, url, SIZES["phone"]) as page:
        page.goto(url)
        table = page.locator("table.figures")
        assert table.get_by_role("row").count() > 8
        assert table.get_by_role("columnheader").count() == 8
        shown = page.evaluate("getComputedStyle(document.querySelector('table.figures td'), '::before').content")
        assert shown.strip('"')


@pytest.mark.parametrize("served", [True, False])
def test_the_explanation_prints_quietly_on_a4(
    browser: Browser, url: str, office: PaperOffice, tmp_path: Path, *, served: bool
) -> None:
    """From the server, and as the one file that `egov explain deadline --print` writes."""
    case_id = office.running("red")[0].case_id
    file = office.store.file(case_id)
    assert file is not None
    page_file = tmp_path / "explanation.html"
    page_file.write_text(explanation_page(office, read_case(office, file, office.now())), encoding="utf-8")
    address = url if served else page_file.as_uri()
    with visit(browser, address, SIZES["desktop"]) as page:
        page.goto(f"{url}/cases/{case_id}/ledger" if served else address)
        assert page.get_attribute("html", "lang") == "zh-CN"
        assert page.evaluate("document.styleSheets[0].cssRules.length") > 20
        assert [found for found in page.evaluate(CONTRASTS) if found[0] < 4.5] == []
        page.emulate_media(media="print")
        page.set_viewport_size({"width": 672, "height": 950})  # A4 without its margins, at 96 dots an inch
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide == 0, f"{wide} px too wide for the paper"
        assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
