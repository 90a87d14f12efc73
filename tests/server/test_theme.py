"""The theme of a place: one more style sheet after ours, a footer on every page, the security policy as it was."""

from __future__ import annotations

import hashlib
import logging
import re
from typing import Any

import attrs
import pytest
from starlette.testclient import TestClient

from egov_core import hookimpl
from egov_core.errors import OfficeError
from egov_core.ports.theme import LARGEST, LONGEST_FOOTER, Theme
from egov_core.server.app import create_app
from egov_core.server.headers import CONTENT_SECURITY_POLICY
from egov_core.testing import small_county as county
from egov_core.testing.paper_office import PaperOffice

SHEET = ":root { --seal: #7a1f1f; }\n"
THEME = Theme(stylesheet=SHEET, footer="政务服务<中心>", footer_en="Service <Hall>")
PATHS = ("/", "/supervision/cards", "/supervision/cases", "/progress", "/nowhere")
SHEETS = re.compile(r'<link rel="stylesheet" href="(/static/[^"]+)">')
FOOTER = re.compile(r'<p class="place-footer"(?: lang="([^"]+)")?>([^<]*)</p>')


def visitor(office: PaperOffice, theme: Theme) -> TestClient:
    return TestClient(create_app(attrs.evolve(office, theme=theme)), raise_server_exceptions=False)


@pytest.fixture(scope="session")
def themed(office: PaperOffice) -> TestClient:
    return visitor(office, THEME)


@pytest.mark.parametrize("path", PATHS)
def test_every_page_links_the_sheet_after_ours_under_a_name_of_its_content(themed: TestClient, path: str) -> None:
    answer = themed.get(path)
    ours, theirs = SHEETS.findall(answer.text)
    assert re.fullmatch(r"/static/egov\.[0-9a-f]{12}\.css", ours)
    assert theirs == f"/static/theme.{hashlib.sha256(SHEET.encode()).hexdigest()[:12]}.css"
    assert answer.headers["content-security-policy"] == CONTENT_SECURITY_POLICY
    assert "<style" not in answer.text
    sheet = themed.get(theirs)
    assert (sheet.status_code, sheet.text) == (200, SHEET)
    assert sheet.headers["content-type"] == "text/css; charset=utf-8"
    assert "immutable" in sheet.headers["cache-control"]
    assert sheet.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", PATHS)
def test_every_page_has_the_footer_of_its_language_escaped(themed: TestClient, path: str) -> None:
    assert FOOTER.findall(themed.get(f"{path}?lang=zh").text) == [("", "政务服务&lt;中心&gt;")]
    assert FOOTER.findall(themed.get(f"{path}?lang=en").text) == [("", "Service &lt;Hall&gt;")]


def test_a_footer_in_one_language_is_shown_on_the_pages_of_both_and_says_which_it_is(office: PaperOffice) -> None:
    client = visitor(office, Theme(footer="政务服务中心"))
    assert FOOTER.findall(client.get("/?lang=en").text) == [("zh-CN", "政务服务中心")]
    client = visitor(office, Theme(footer_en="Service Hall"))
    assert FOOTER.findall(client.get("/?lang=zh").text) == [("en", "Service Hall")]


def test_a_place_without_a_theme_has_the_pages_as_shipped(office: PaperOffice) -> None:
    html = visitor(office, Theme()).get("/").text
    assert len(SHEETS.findall(html)) == 1
    assert "place-footer" not in html


def test_the_page_to_print_stays_as_it_is(office: PaperOffice, themed: TestClient) -> None:
    [case, *_] = office.rows
    html = themed.get(f"/cases/{case}/ledger").text
    assert html == visitor(office, Theme()).get(f"/cases/{case}/ledger").text


# --- from a plugin ----------------------------------------------------------------------------------------------------


class Look:
    def __init__(self, answer: Any) -> None:
        self.answer, self.asked = answer, 0

    @hookimpl
    def egov_theme(self) -> Any:
        self.asked += 1
        return self.answer() if callable(self.answer) else self.answer


def served(*looks: Look) -> str:
    plugins = tuple((look, f"look-{number}") for number, look in enumerate(looks, 1))
    with county.open_small_county(plugins=plugins) as office:
        client = TestClient(create_app(office))
        return client.get("/progress").text + client.get("/nowhere").text


def test_the_first_plugin_that_has_a_theme_gives_it_and_is_asked_once() -> None:
    first, second = Look(THEME), Look(Theme(footer="另一个"))
    html = served(second, first)  # the one handed over last is asked first
    assert html.count("政务服务&lt;中心&gt;") == 2
    assert "另一个" not in html
    assert (first.asked, second.asked) == (1, 0)
    assert "另一个" in served(second, Look(None))


def unreadable() -> None:
    raise OfficeError("the sheet cannot be read")


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (lambda: 1 / 0, "ZeroDivisionError"),
        ("body { color: red }", "with str, not Theme"),
        (lambda: Theme(stylesheet="a { background: url(x) }"), "nothing is fetched"),
        (unreadable, "OfficeError: the sheet cannot be read"),
    ],
)
def test_a_theme_that_fails_is_recorded_and_the_pages_are_as_shipped(
    caplog: pytest.LogCaptureFixture, answer: Any, said: str
) -> None:
    with caplog.at_level(logging.WARNING):
        html = served(Look(answer))
    assert "place-footer" not in html
    assert len(SHEETS.findall(html)) == 2  # one on each of the two pages
    assert any("plugin look-1" in record.getMessage() and said in record.getMessage() for record in caplog.records)


# --- what a theme can be ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sheet",
    [
        "a { background: url(x) }",
        "a { background: URL (x) }",
        "@import 'x';",
        "a { background: image-set('x' 1x) }",
        "a { background: src('x') }",
        "</style><script>",
        "a" * (LARGEST + 1),
        "政" * (LARGEST // 3 + 1),
    ],
)
def test_a_sheet_that_fetches_embeds_or_is_too_large_is_refused(sheet: str) -> None:
    with pytest.raises(ValueError, match="the style sheet"):
        Theme(stylesheet=sheet)
    Theme(stylesheet="a" * LARGEST)


def test_what_no_page_could_show_is_refused() -> None:
    for key in ("stylesheet", "footer", "footer_en"):
        with pytest.raises(ValueError, match=f"{key} holds a half of a character"):
            Theme(**{key: "\ud800"})
        with pytest.raises(TypeError, match=f"{key} is a text, not NoneType"):
            Theme(**{key: None})  # type: ignore[arg-type]  # the wrong value is meant
    with pytest.raises(ValueError, match="longer than"):
        Theme(footer="政" * (LONGEST_FOOTER + 1))
