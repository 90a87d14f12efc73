"""Every figure of the board opens a list, and the list counts the same."""

from __future__ import annotations

import html
import re
from datetime import datetime

from starlette.testclient import TestClient

from egov_core.domain.cases import commands as c
from egov_core.domain.catalogue import PauseKind
from egov_core.domain.legal import CHINA
from egov_core.runtime.policies import load_policy
from egov_core.server.app import create_app
from egov_core.testing.paper_county import paper_county, working_days
from egov_core.testing.paper_office import PaperOffice

LINK = re.compile(r'<a href="(/supervision/c[^"]+)"[^>]*>(.*?)</a>', re.DOTALL)
FIGURE = re.compile(r'<data value="(\d+)">')
TOTAL = re.compile(r'class="total"[^>]*>.*?<data value="(\d+)">', re.DOTALL)


def test_every_figure_opens_a_list_that_counts_the_same(client: TestClient) -> None:
    found = [(html.unescape(address), FIGURE.search(inside)) for address, inside in LINK.findall(client.get("/").text)]
    figures = {address: int(value[1]) for address, value in found if value}
    assert len(figures) > 40
    assert sum(figures.values()) > 100
    for address, value in figures.items():
        total = TOTAL.search(client.get(address).text)
        assert total is not None
        assert int(total[1]) == value, address


def test_every_number_of_the_department_table_is_a_link(client: TestClient) -> None:
    table = client.get("/").text.split('<table class="figures')[1].split("</table>")[0]
    assert table.count("<data ") == table.count('<a href="/supervision/') > 60


def test_the_board_has_few_tiles(client: TestClient) -> None:
    assert 4 <= client.get("/").text.count('<li class="tile ') <= 8


def test_the_urgent_lists_show_ten_red_first_and_lead_to_all(client: TestClient) -> None:
    red, yellow = client.get("/").text.split('id="urgent-red"')[1].split('id="urgent-yellow"')
    assert red.count('<th scope="row"') == 10
    total = client.get("/api/cards?level=red").json()["total"]
    assert f"查看全部 {total} 张红牌" in red
    assert re.search(r"逾期 \d+ 个工作日", red)
    assert "今日到期" in yellow


def test_pages_hold_every_row_once(client: TestClient, office: PaperOffice) -> None:
    pages = [client.get(f"/supervision/cases?page={page}").text for page in (1, 2, 3)]
    seen = [case_id for page in pages for case_id in re.findall(r'<th [^>]*><a href="/cases/([\w-]+)"', page)]
    assert sorted(seen) == sorted(office.rows)
    assert 'rel="next" href="/supervision/cases?page=2"' in pages[0]
    assert 'rel="prev"' not in pages[0]
    assert 'rel="prev" href="/supervision/cases"' in pages[1]


def test_empty_lists_say_so(client: TestClient, office: PaperOffice) -> None:
    busy = {row.organ for row in office.rows.values()}
    idle = next(code for code in office.organisation.organs if code not in busy)
    assert "没有符合条件的牌。" in client.get(f"/supervision/cards?scope=revoked&organ={idle}").text
    assert "没有符合条件的办件。" in client.get(f"/supervision/cases?organ={idle}").text
    assert "回到第一页" in client.get("/supervision/cases?page=99").text


def test_the_figures_for_programs_are_those_of_the_page(client: TestClient) -> None:
    board = client.get("/api/board").json()
    assert board["policy"] == "notice@1"
    assert board["demo"] is True
    for level, count in board["total"]["running"].items():
        assert client.get(f"/api/cards?level={level}").json()["total"] == count
    for whole, key in (("open", "open"), ("with-upper", "with_upper"), ("closed", "closed")):
        assert client.get(f"/api/cases?whole={whole}").json()["total"] == board["total"][key]
    assert sum(row["open"] for row in board["organs"]) == board["total"]["open"]


def test_a_card_of_a_stopped_clock_is_not_called_late() -> None:
    """A yellow card stays when a special procedure begins; the due date it was told then says nothing any more."""
    office = paper_county(load_policy("notice"), cases=0, further=False)
    case_id = office.file("A07", datetime(2024, 5, 6, 9, tzinfo=CHINA))
    office.act(c.Accept(case_id=case_id), datetime(2024, 5, 6, 10, tzinfo=CHINA))
    office.sweep(datetime(2024, 5, 11, 8, tzinfo=CHINA))
    pause = c.Pause(case_id=case_id, kind=PauseKind.TESTING, notice="特告1号", declared=working_days(10))
    office.act(pause, datetime(2024, 5, 11, 15, tzinfo=CHINA))
    client = TestClient(create_app(office))
    [card] = client.get("/api/cards?level=yellow").json()["cards"]
    assert (card["due"], card["due_now"]) == ("2024-05-13T23:59:59+08:00", None)
    for address in ("/", "/supervision/cards?level=yellow"):
        html = client.get(address).text
        assert "时限暂停" in html
        assert "逾期 " not in html
