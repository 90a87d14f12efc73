"""The board by the old or the new structure; a card that stands against a successor says why, wherever it is shown."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from egov_core.domain.legal import start_of
from egov_core.domain.people import SYSTEM
from egov_core.runtime.clock import ManualClock
from egov_core.runtime.office import Office
from egov_core.server.app import create_app
from egov_core.testing import small_county as county
from egov_core.testing.small_county import BUREAU, MONDAY
from egov_core.usecases.reorganisation.carrying_through import apply
from tests.reforms import merger_of, plan_of
from tests.server.test_figures import FIGURE, LINK, TOTAL

PLAN = plan_of(merger_of(BUREAU))
REASON = "自 2024-06-24 起由新局承接bureau的职责，依据：演示机构改革方案（方案 merger）"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """A case from before a merger that is late by now, and one from after it."""
    clock = ManualClock(MONDAY)
    with county.open_small_county(f"sqlite:///{tmp_path}/county.db", clock=clock) as opened:
        county.accepted(opened)
        opened.change(lambda services: apply(services, PLAN, actor=SYSTEM))
        clock.move_to(start_of(PLAN.effective) + timedelta(hours=9))
        county.accepted(opened)
        clock.advance(timedelta(days=10))
        opened.sweep()
        yield opened


@pytest.fixture
def client(office: Office) -> TestClient:
    return TestClient(create_app(office), raise_server_exceptions=False)


@pytest.mark.parametrize("query", ["", "?structure=2024-06-24", "?structure=2024-06-01"])
def test_every_figure_opens_its_list_by_every_structure(client: TestClient, query: str) -> None:
    page = client.get(f"/supervision{query}").text
    found = [(html.unescape(address), FIGURE.search(inside)) for address, inside in LINK.findall(page)]
    figures = {address: int(value[1]) for address, value in found if value}
    assert sum(figures.values()) > 4
    for address, value in figures.items():
        assert ("structure=" in address) is bool(query)
        total = TOTAL.search(client.get(address).text)
        assert total is not None
        assert int(total[1]) == value, address


def test_organs_are_those_of_the_structure_asked_for(client: TestClient) -> None:
    def open_cases(query: str) -> dict[str, int]:
        return {row["organ"]: row["open"] for row in client.get(f"/api/board{query}").json()["organs"] if row["open"]}

    assert open_cases("") == {BUREAU: 1, "new": 1}
    assert open_cases("?structure=2024-06-24") == {"new": 2}
    assert open_cases("?structure=2024-06-23") == {BUREAU: 2}


def test_the_board_offers_the_days_of_reforms(client: TestClient) -> None:
    plain = client.get("/supervision").text
    assert '<option value="2024-06-24">按 2024-06-24 的机构</option>' in plain
    chosen = client.get("/supervision?structure=2024-06-24").text
    assert '<option value="2024-06-24" selected>' in chosen
    assert "the structure of 2024-06-24" in client.get("/supervision?lang=en").text


def test_a_structure_that_is_no_day_is_refused(client: TestClient) -> None:
    for path in ("/supervision", "/supervision/cards", "/supervision/cases", "/api/board", "/api/cases"):
        for value in ("yesterday", "2024-02-30"):
            assert client.get(f"{path}?structure={value}").status_code == 400, path


def test_a_card_of_a_successor_says_why(client: TestClient, office: Office) -> None:
    assert REASON in client.get("/supervision").text, "in the urgent list"
    assert REASON in client.get("/supervision/cards").text
    case_id = re.findall(r"/cases/([0-9a-f]{32})", client.get(f"/supervision/cases?organ={BUREAU}").text)[0]
    page = client.get(f"/cases/{case_id}").text
    assert page.count(REASON) >= 2, "beside the organ and beside the card"
    told = client.get(f"/api/cases/{case_id}").json()
    assert told["organ"] == BUREAU
    assert told["answering"]["organ"] == "new"
    assert {step["plan"] for card in told["cards"] for step in card["succession"]} == {"merger"}
    assert office.verify().violations == ()
