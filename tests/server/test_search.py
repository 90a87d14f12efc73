"""Finding an item: what is typed, what is marked, what is said when nothing is found; on the page and as JSON."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from starlette.testclient import TestClient

from egov_core.server.app import SEARCHES, create_app
from egov_core.testing.paper_office import PaperOffice


class Marks(HTMLParser):
    """The marked texts of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self._inside = False
        self.feed(html)

    def handle_starttag(self, tag: str, _attrs: object) -> None:
        self._inside = tag == "mark"

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "mark"

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.found.append(data)


def page(client: TestClient, q: str, **more: str) -> str:
    return client.get("/items", params={"q": q, **more}).text


def a_name(office: PaperOffice) -> str:
    return min(versions[-1].name for versions in office.catalogue.items.values())


def test_the_box_is_there_without_a_question_and_works_without_a_script(client: TestClient) -> None:
    html = client.get("/items").text
    assert '<form class="ask panel" role="search" method="get" action="/items">' in html
    assert '<label for="q">要办什么事</label>' in html
    assert 'aria-describedby="q-hint"' in html
    assert "<script" not in html
    assert "results-heading" not in html
    assert "按部门找" in html
    assert 'href="/items" aria-current="page"' in html


def test_words_that_are_found_are_marked(client: TestClient, office: PaperOffice) -> None:
    name = a_name(office)
    html = page(client, name[:2])
    assert name[:2] in Marks(html).found
    assert "有关的事项" in html
    assert f"<title>{name[:2]} - 找事项" in html
    assert f'value="{name[:2]}"' in html


def test_a_result_opens_the_guide_of_its_item_and_the_guide_leads_back(client: TestClient, office: PaperOffice) -> None:
    code, (item, *_) = min(office.catalogue.items.items())
    assert f'<a href="/items/{code}">' in page(client, item.name)
    assert '<a href="/items">返回找事项</a>' in client.get(f"/items/{code}").text


def test_a_synonym_is_said(office: PaperOffice) -> None:
    from egov_core.domain.search.synonyms import Synonyms

    name = a_name(office)
    held, office.synonyms = office.synonyms, Synonyms({"龙门阵": (name,)})
    try:
        client = TestClient(create_app(office))
        assert f"按“{name}”查找（您输入的是“龙门阵”）" in page(client, "龙门阵")
        assert f"Searched for “{name}” (you wrote “龙门阵”)" in page(client, "龙门阵", lang="en")
        told = client.get("/api/items", params={"q": "龙门阵"}).json()
        assert told["hits"][0]["synonyms"] == [{"typed": "龙门阵", "official": name, "corrected": False}]
    finally:
        office.synonyms = held


def test_nothing_found_says_so_and_what_to_do(client: TestClient) -> None:
    html = page(client, "量子纠缠望远镜")
    assert "没有找到与“量子纠缠望远镜”有关的事项" in html
    assert "政务服务大厅窗口" in html
    assert "按部门找" in html
    english = page(client, "量子纠缠望远镜", lang="en")
    assert "Nothing was found for “量子纠缠望远镜”" in english
    assert "ask at a window" in english


def test_the_departments_lead_to_their_items(client: TestClient, office: PaperOffice) -> None:
    organ = next(versions[-1].organ for versions in office.catalogue.items.values())
    html = page(client, office.organisation.organs[organ].name)
    assert '<ol class="results">' in html


@pytest.mark.parametrize("q", ["<script>alert(1)</script>", '"><b>', "%27 OR 1=1", "{{ 7*7 }}"])
def test_what_is_typed_is_shown_as_text(client: TestClient, q: str) -> None:
    html = page(client, q)
    assert q not in html or "<" not in q
    assert "<b>" not in html
    assert "49" not in html.split("footer")[0] or "49" in q


def test_blanks_ask_again_and_too_much_is_refused(client: TestClient) -> None:
    assert client.get("/items", params={"q": "   "}).status_code == 200
    refused = client.get("/items", params={"q": "食" * 201})
    assert refused.status_code == 400


def test_the_interface_says_the_same_and_why(client: TestClient, office: PaperOffice) -> None:
    name = a_name(office)
    told = client.get("/api/items", params={"q": name, "limit": "3"}).json()
    assert (told["area"], told["q"]) == (office.area, name)
    hit = told["hits"][0]
    assert hit["name"] == name
    assert {"field": "name", "text": name, "words": [name.casefold()]} in hit["found"]
    keys = {"code", "version", "name", "subitem", "organ", "organ_name", "found", "synonyms", "corrected", "suspended"}
    assert set(hit) == keys
    assert len(told["hits"]) <= 3
    assert told["nearest"] == []


def test_the_interface_names_every_fault_of_an_address(client: TestClient) -> None:
    refused = client.get("/api/items", params={"q": "", "limit": "many"})
    assert refused.status_code == 400
    assert [fault["path"] for fault in refused.json()["faults"]] == ["?q", "?limit"]


def test_one_address_may_search_only_so_often(office: PaperOffice) -> None:
    client = TestClient(create_app(office))
    asked = [client.get("/api/items", params={"q": "的"}).status_code for _ in range(SEARCHES + 1)]
    assert (asked[0], asked[-1]) == (200, 429)


def test_what_is_found_leads_to_its_guide(client: TestClient, office: PaperOffice) -> None:
    name = a_name(office)
    code = next(code for code, versions in office.catalogue.items.items() if versions[-1].name == name)
    assert f'<a href="/items/{code}">' in page(client, name)
