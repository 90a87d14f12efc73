"""Every page as it is sent: language, headings, labels, tables, nothing inline, nothing from outside."""

from __future__ import annotations

from collections import Counter
from html.parser import HTMLParser

import attrs
import pytest
from starlette.testclient import TestClient

from egov_core.server.headers import HEADERS
from egov_core.testing.paper_office import PaperOffice

EMPTY = {"input", "link", "meta", "circle", "path"}


@attrs.define
class Element:
    name: str
    given: dict[str, str]
    text: str = ""


class Page(HTMLParser):
    """What a test wants to know of a page. Fails where tags are not closed in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self.tables: list[Counter[str]] = []
        self._open: list[Element] = []
        self.feed(html)
        self.close()
        assert self._open == [], "every tag is closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.elements.append(element)
        if tag == "table":
            self.tables.append(Counter())
        elif any(outer.name == "table" for outer in self._open):
            self.tables[-1][tag] += 1
            self.tables[-1]["scope"] += element.given.get("scope") in ("col", "row")
        if tag not in EMPTY:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop().name == tag

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.text += data

    def all(self, *names: str) -> list[Element]:
        return [element for element in self.elements if element.name in names]


def addresses(office: PaperOffice) -> list[str]:
    """Every kind of page, and a case in every state."""
    by_state = {row.state: row.case_id for row in office.rows.values()}
    return [
        "/",
        "/supervision",
        "/supervision/cards",
        "/supervision/cards?level=red&organ=civil&scope=ledger",
        "/supervision/cards?scope=revoked",
        "/supervision/cases",
        "/supervision/cases?whole=open&page=2",
        "/supervision/cases?page=99",
        "/supervision/campaigns",
        "/supervision/campaigns/2024-items",
        "/supervision/campaigns/2024-items?show=overdue",
        "/supervision/campaigns/2024-items?show=returned",
        "/supervision/campaigns/2024-items?show=accepted",
        "/supervision/enrolment",
        "/supervision/enrolment?stage=first-case",
        "/supervision/enrolment?stage=staff-named",
        "/progress",
        "/nowhere",
        *(f"/cases/{case_id}" for case_id in by_state.values()),
    ]


def asked(client: TestClient, office: PaperOffice, lang: str) -> dict[str, str]:
    """The HTML of every page, the answers of the form included."""
    client.cookies.set("lang", lang)
    pages = {address: client.get(address).text for address in addresses(office)}
    forms = {row.state: {"number": row.number, "code": office.codes[row.case_id]} for row in office.rows.values()}
    forms |= {"empty": {"number": "", "code": ""}, "wrong": {"number": "1", "code": "2"}}
    return pages | {f"POST {name}": client.post("/progress", data=form).text for name, form in forms.items()}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_page_is_well_made(client: TestClient, office: PaperOffice, lang: str) -> None:
    pages = {name: Page(html) for name, html in asked(client, office, lang).items()}
    assert len(pages) >= 30
    for name, page in pages.items():
        [html] = page.all("html")
        assert html.given["lang"] == {"zh": "zh-CN", "en": "en"}[lang], name
        assert len(page.all("h1")) == 1, name
        assert len(page.all("main")) == len(page.all("header")) == len(page.all("footer")) == 1, name
        ids = [element.given["id"] for element in page.elements if "id" in element.given]
        assert len(ids) == len(set(ids)), name
        first_link = page.all("a")[0]
        assert (first_link.given["class"], first_link.given["href"]) == ("skip", "#content"), name
        for reference in ("aria-labelledby", "aria-describedby"):
            for element in page.elements:
                assert set(element.given.get(reference, "").split()) <= set(ids), (name, element)
        labels = {label.given["for"] for label in page.all("label")}
        fields = [one for one in page.all("input", "select") if one.given.get("type") != "hidden"]
        assert {field.given["id"] for field in fields} == labels, name
        assert all(nav.given["aria-label"] for nav in page.all("nav")), name
        for table in page.tables:
            assert table["caption"] == 1, name
            assert table["scope"] == table["th"] > 0, name
        targets = {anchor.given["href"][1:] for anchor in page.all("a") if anchor.given["href"].startswith("#")}
        assert targets <= set(ids), name


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_nothing_is_inline_and_nothing_comes_from_outside(client: TestClient, office: PaperOffice, lang: str) -> None:
    for name, html in asked(client, office, lang).items():
        page = Page(html)
        assert page.all("script", "style", "iframe", "object", "embed", "base") == [], name
        for element in page.elements:
            assert "style" not in element.given, (name, element)
            assert not [key for key in element.given if key.startswith("on")], (name, element)
            for key in ("href", "src", "action"):
                assert element.given.get(key, "/").startswith(("/", "#")), (name, element)
                assert not element.given.get(key, "/").startswith("//"), (name, element)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_titles_tell_pages_apart(client: TestClient, office: PaperOffice, lang: str) -> None:
    pages = asked(client, office, lang)
    del pages["/"], pages["POST wrong"]  # the board again, and the form with other faults
    titles = Counter(Page(html).all("title")[0].text for html in pages.values())
    assert {title for title, times in titles.items() if times > 1} == set()


def test_the_other_language_is_one_step_away_and_remembered(client: TestClient) -> None:
    assert "在办红牌" in client.get("/supervision/cards?level=red").text
    english = client.get("/supervision/cards?level=red&lang=en")
    assert "Red card: running" in english.text
    assert 'href="/supervision/cards?level=red&amp;lang=zh"' in english.text
    assert "lang=en" in english.headers["set-cookie"]
    assert "HttpOnly" in english.headers["set-cookie"]
    assert "Supervision board" in client.get("/").text
    assert client.get("/?lang=xx").headers["content-language"] == "en"


def test_chinese_text_on_english_pages_says_so(client: TestClient, office: PaperOffice) -> None:
    client.cookies.set("lang", "en")
    row = next(iter(office.rows.values()))
    assert f'<span lang="zh-CN">{row.item_name}</span>' in client.get(f"/cases/{row.case_id}").text


def test_a_level_is_told_by_word_and_shape(client: TestClient) -> None:
    """Colour may be taken away."""
    html = client.get("/supervision/cards").text
    assert html.count("</svg>红牌</span>") == html.count("badge-red") > 0
    assert html.count("</svg>黄牌</span>") == html.count("badge-yellow") > 0
    shapes = {html.split(f'icon-{level}"')[1].split("</svg>")[0] for level in ("red", "yellow")}
    assert len(shapes) == 2


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_page_warns_of_demo_data_and_names_its_policy(client: TestClient, office: PaperOffice, lang: str) -> None:
    for name, html in asked(client, office, lang).items():
        assert ("演示数据" if lang == "zh" else "Demo data") in html, name
        assert "辅助计算，以法定机关认定为准" in html, name
        assert '<p title="notice@1">' in html, name
        assert ("黄红牌（通知）第 1 版" if lang == "zh" else "Yellow and red cards (notice), version 1") in html, name


@pytest.mark.parametrize(
    "address", ["/", "/progress", "/nowhere", "/api/board", "/health", "/static/nothing", "/supervision/cards?page=0"]
)
def test_every_answer_is_strict(client: TestClient, address: str) -> None:
    answer = client.get(address)
    for name, value in HEADERS.items():
        assert answer.headers[name] == value
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]


def test_static_files_have_names_of_their_content(client: TestClient) -> None:
    links = {link.given["rel"]: link.given["href"] for link in Page(client.get("/").text).all("link")}
    sheet = client.get(links["stylesheet"])
    assert sheet.headers["content-type"].startswith("text/css")
    assert "immutable" in sheet.headers["cache-control"]
    assert "url(" not in sheet.text
    assert "@import" not in sheet.text
    assert client.get(links["icon"]).headers["content-type"] == "image/svg+xml"
    assert client.get("/static/egov.css").status_code == 404


def test_a_page_weighs_little(client: TestClient, office: PaperOffice) -> None:
    assert max(len(html.encode()) for html in asked(client, office, "zh").values()) < 120_000
