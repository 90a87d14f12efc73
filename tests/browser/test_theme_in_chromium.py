"""A place's style sheet as a browser takes it: applied after ours, and able to fetch nothing."""

from __future__ import annotations

from typing import Any

import attrs
from playwright.sync_api import Browser

from egov_core.ports.theme import Theme
from egov_core.server.app import create_app
from egov_core.testing.paper_office import PaperOffice
from tests.browser.conftest import listening

SHEET = ":root { --seal: #7a1f5c; } .place-footer { font-weight: 700; }"
HIDDEN_URL = ".masthead { background-image: u\\72l(/elsewhere.png), u\\72l(http://example.invalid/x.png); }"
"""Written so that our own search does not find it: the policy of the pages has to stop it."""


def seen(browser: Browser, office: PaperOffice, theme: Theme, script: str) -> tuple[Any, list[str], list[str]]:
    """What a script finds on the board, what was asked for and not stopped, and what the console said."""
    asked: list[str] = []
    said: list[str] = []
    with listening(create_app(attrs.evolve(office, theme=theme))) as url:
        page = browser.new_page()
        page.on("request", lambda request: asked.append(request.url.removeprefix(url)))
        page.on("requestfailed", lambda request: asked.remove(request.url) if request.failure == "csp" else None)
        page.on("console", lambda message: said.append(message.text))
        page.goto(f"{url}/?lang=zh", wait_until="networkidle")
        found = page.evaluate(script)
        page.close()
    return found, asked, said


LOOK = """() => ({
  seal: getComputedStyle(document.querySelector('.place-name')).color,
  footer: document.querySelector('.place-footer')?.textContent ?? '',
  weight: getComputedStyle(document.querySelector('.place-footer') ?? document.body).fontWeight,
})"""


def test_the_sheet_of_a_theme_has_the_last_word_and_the_page_stays_quiet(browser: Browser, office: PaperOffice) -> None:
    theme = Theme(stylesheet=SHEET, footer="演示县政务服务中心")
    found, asked, said = seen(browser, office, theme, LOOK)
    assert found == {"seal": "rgb(122, 31, 92)", "footer": "演示县政务服务中心", "weight": "700"}
    assert said == []
    assert [one for one in asked if one.startswith("/static/theme.")]
    shipped, _, _ = seen(browser, office, Theme(), LOOK)
    assert shipped["seal"] == "rgb(155, 32, 24)"
    assert shipped["footer"] == ""


def test_the_policy_of_the_pages_stops_what_a_sheet_would_fetch_elsewhere(
    browser: Browser, office: PaperOffice
) -> None:
    _, asked, said = seen(browser, office, Theme(stylesheet=HIDDEN_URL), "() => 0")
    assert [one for one in said if "Content Security Policy" in one and "example.invalid" in one]
    assert [one for one in asked if "example.invalid" in one] == []
