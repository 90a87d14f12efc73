"""A list of an organ or a level that does not exist is refused; an empty list of one that does is a good day."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from egov_core.testing.paper_office import PaperOffice


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
