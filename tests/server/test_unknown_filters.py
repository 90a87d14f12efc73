"""A list of an organ or a level that does not exist is refused; an empty list of one that does is a good day."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from egov_core.testing.paper_campaign import CODE
from egov_core.testing.paper_office import PaperOffice

TAKES = {
    "/api/board": ["structure"],
    "/api/cards": ["level", "scope", "organ", "structure", "page"],
    "/api/cases": ["whole", "organ", "structure", "page"],
    "/api/items": ["q", "limit"],
    "/api/campaigns": [],
    f"/api/campaigns/{CODE}": ["show"],
    "/api/enrolment": ["stage"],
}


@pytest.mark.parametrize("path", ["/supervision/cards", "/supervision/cases", "/api/cards", "/api/cases"])
def test_an_organ_that_does_not_exist_is_named(client: TestClient, office: PaperOffice, path: str) -> None:
    answer = client.get(path, params={"organ": "nobody"})
    assert answer.status_code == 400
    if path.startswith("/api"):
        assert [fault["path"] for fault in answer.json()["faults"]] == ["?organ"]
    assert all(client.get(path, params={"organ": organ}).status_code == 200 for organ in office.organisation.organs)


@pytest.mark.parametrize("path", ["/supervision/cards", "/api/cards"])
def test_a_level_that_does_not_exist_is_named_with_those_there_are(
    client: TestClient, office: PaperOffice, path: str
) -> None:
    answer = client.get(path, params={"level": "green", "organ": "nobody"})
    assert answer.status_code == 400
    if path.startswith("/api"):
        assert [fault["path"] for fault in answer.json()["faults"]] == ["?organ", "?level"]
    assert all(client.get(path, params={"level": level}).status_code == 200 for level in office.policy("").levels)


@pytest.mark.parametrize("path", TAKES)
@pytest.mark.parametrize("query", ["limt=-5", "limits=abc", "cursor=zzz", "state=xx", "Page=2", "?page=1"])
def test_a_parameter_that_no_filter_has_is_named_with_those_there_are(
    client: TestClient, path: str, query: str
) -> None:
    answer = client.get(f"{path}?{query}")
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")
    problem = answer.json()
    named = [fault for fault in problem["faults"] if fault["code"] == "unknown-parameter"]
    assert [fault["path"] for fault in named] == [f"?{query.partition('=')[0]}"]
    assert all(name in problem["remedy"] for name in TAKES[path])


def test_every_fault_of_an_address_is_told_at_once_with_what_was_meant(client: TestClient) -> None:
    problem = client.get("/api/cards?leval=red&page=0&organ=%3Cb%3E&scope=ledger&scope=running").json()
    assert {(fault["path"], fault["code"]) for fault in problem["faults"]} == {
        ("?organ", "invalid"),
        ("?page", "invalid"),
        ("?leval", "unknown-parameter"),
        ("?scope", "twice"),
    }
    assert "是不是 level？" in problem["detail"]


@pytest.mark.parametrize("limit", ["-5", "abc", "0", "1e1"])
def test_a_limit_that_is_no_number_is_refused(client: TestClient, limit: str) -> None:
    assert [fault["path"] for fault in client.get(f"/api/items?q=x&limit={limit}").json()["faults"]] == ["?limit"]
    assert [fault["path"] for fault in client.get(f"/api/cases?limit={limit}").json()["faults"]] == ["?limit"]


@pytest.mark.parametrize("path", [*TAKES, "/api/items?q=x"])
def test_the_language_of_problems_is_taken_everywhere(client: TestClient, path: str) -> None:
    answer = client.get(path, params={"lang": "en"} if "?" not in path else {"q": "x", "lang": "en"})
    assert (answer.status_code, path) in ((200, path), (400, "/api/items"))  # which asks for q
