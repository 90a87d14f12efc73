"""Campaigns and enrolment on pages and as JSON: every count opens exactly the units that it counts."""

from __future__ import annotations

import re
from typing import Any

import pytest
from starlette.testclient import TestClient

from egov_core.domain.campaign.states import UnitState
from egov_core.domain.enrolment import STAGES
from egov_core.testing.paper_campaign import CODE
from egov_core.testing.paper_office import PaperOffice

LINK = re.compile(r'<a href="(/supervision/(?:campaigns/|enrolment)[^"]*)" aria-label="[^"]*"><data value="(\d+)">')


def told(client: TestClient, address: str) -> Any:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_count_opens_the_list_of_the_units_that_it_counts(client: TestClient, lang: str) -> None:
    client.cookies.set("lang", lang)
    page = client.get("/supervision/campaigns").text
    links = LINK.findall(page)
    assert len(links) == 1 + len(UnitState) + 3 + 1 + len(STAGES)
    for address, value in links:
        opened = client.get(address.replace("&amp;", "&")).text
        assert opened.count('<th scope="row"') == int(value), address
        assert f'<data value="{value}">' in opened


def test_the_counts_of_states_add_up_to_the_units_and_every_state_is_there(client: TestClient) -> None:
    (campaign,) = told(client, "/api/campaigns")["campaigns"]
    assert campaign["campaign"] == CODE
    assert sum(campaign["counts"].values()) == campaign["units"] == 8
    assert all(campaign["counts"].values()), "the paper campaign has a unit in every state"
    assert [campaign[key] for key in ("to_review", "overdue", "handed_in_late")] == [3, 5, 1]
    for state, count in campaign["counts"].items():
        shown = told(client, f"/api/campaigns/{CODE}?show={state}")
        assert (shown["total"], len(shown["unit_list"])) == (count, count)
        assert {unit["state"] for unit in shown["unit_list"]} == {state}
    for show, key in (("to-review", "to_review"), ("overdue", "overdue"), ("handed-in-late", "handed_in_late")):
        assert told(client, f"/api/campaigns/{CODE}?show={show}")["total"] == campaign[key]


def test_a_returned_unit_shows_why_and_a_successor_whom_it_took_over(client: TestClient) -> None:
    page = client.get(f"/supervision/campaigns/{CODE}").text
    assert "退回理由" in page
    assert "期限有误" in page
    assert "承接单位" in page
    assert "个工作日" in page
    english = client.get(f"/supervision/campaigns/{CODE}?show=returned&lang=en").text
    assert "Returned, to be corrected" in english
    assert '<span lang="zh-CN">期限有误</span>' in english


def test_enrolment_is_seen_from_what_is_there_and_names_nobody(client: TestClient, office: PaperOffice) -> None:
    shown = told(client, "/api/enrolment")
    assert sum(shown["counts"].values()) == shown["total"] == len(shown["units"]) == 8
    assert shown["counts"]["not-invited"] == 8, "on paper nobody is invited, whatever cases there are"
    assert all("named" not in unit for unit in shown["units"])
    assert any(unit["cases"] for unit in shown["units"])
    assert told(client, "/api/enrolment?stage=invited")["units"] == []
    del office


@pytest.mark.parametrize(
    "address",
    [f"/api/campaigns/{CODE}?show=lost", "/api/enrolment?stage=gone", f"/supervision/campaigns/{CODE}?show=lost"],
)
def test_what_cannot_be_asked_is_refused_in_words(client: TestClient, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code in (400, 422)
    assert client.get("/supervision/campaigns/nowhere").status_code == 404
    assert client.get("/api/campaigns/nowhere").status_code == 404


def test_an_office_without_campaigns_says_so(office: PaperOffice, client: TestClient) -> None:
    held = dict(office.campaigns)
    office.campaigns.clear()
    try:
        assert "还没有填报活动" in client.get("/supervision/campaigns").text
        assert told(client, "/api/campaigns")["campaigns"] == []
    finally:
        office.campaigns.update(held)
