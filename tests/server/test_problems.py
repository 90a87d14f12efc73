"""Errors: one table, plain pages for people, problem documents for programs, nothing told about our side."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from egov_core import errors
from egov_core.server.app import create_app
from egov_core.server.headers import HEADERS
from egov_core.server.problems import PAGES, status_of
from egov_core.testing.paper_office import PaperOffice


def tree(kind: type[errors.EgovError] = errors.EgovError) -> Iterator[type[errors.EgovError]]:
    yield kind
    for below in kind.__subclasses__():
        if below.__module__ == errors.__name__:
            yield from tree(below)


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (errors.UnknownError, 404),
        (errors.PeriodError, 400),
        (errors.NoAuthorityError, 403),
        (errors.IllegalTransitionError, 409),
        (errors.HookRefusedError, 422),
        (errors.ConflictError, 409),
        (errors.IdempotencyError, 422),
        (errors.StorageBusyError, 503),
        (errors.IntegrityError, 500),
        (errors.SettingsError, 500),
        (errors.PluginError, 500),
    ],
)
def test_each_error_has_its_status(kind: type[errors.EgovError], status: int) -> None:
    assert status_of(kind("x")) == status


def test_the_branch_says_whose_fault_it_is() -> None:
    for kind in tree():
        ours = issubclass(kind, (errors.OfficeError, errors.PluginError)) or kind is errors.EgovError
        assert (status_of(kind("x")) >= 500) is ours, kind


def serving(office: PaperOffice, error: Exception) -> TestClient:
    """A server with an address at which `error` happens."""

    async def fail(request: Request) -> Response:
        del request
        raise error

    app = create_app(office)
    app.router.routes[:0] = [Route("/fail", fail), Route("/api/fail", fail)]
    return TestClient(app, raise_server_exceptions=False)


@pytest.mark.parametrize("status", sorted(PAGES))
def test_every_status_has_a_page_in_both_languages(office: PaperOffice, status: int) -> None:
    client = serving(office, HTTPException(status))
    chinese, english = client.get("/fail"), client.get("/fail?lang=en")
    assert chinese.status_code == english.status_code == status
    assert f"代码 {status}" in chinese.text
    assert f"Code {status}" in english.text
    assert chinese.text.count("<h1>") == 1


def test_other_statuses_have_the_words_of_their_kind(office: PaperOffice) -> None:
    assert "这个请求看不明白" in serving(office, HTTPException(418)).get("/fail").text
    assert "系统出了问题" in serving(office, HTTPException(504)).get("/fail").text


@pytest.mark.parametrize(
    "error",
    [RuntimeError("secret-7"), errors.SettingsError("secret-7"), errors.StorageError("secret-7", path="secret-7")],
)
def test_nothing_is_told_about_our_side(office: PaperOffice, error: Exception) -> None:
    client = serving(office, error)
    page, problem = client.get("/fail"), client.get("/api/fail")
    assert page.status_code == problem.status_code >= 500
    assert "secret-7" not in page.text + problem.text
    for name, value in HEADERS.items():
        assert page.headers[name] == value
    assert problem.json()["type"].startswith("urn:egov-core:problem:")


def test_our_own_errors_are_told_to_programs_with_their_remedy(office: PaperOffice) -> None:
    told = serving(office, errors.UnknownError("no such item", remedy="look")).get("/api/fail").json()
    assert (told["status"], told["code"], told["detail"], told["remedy"]) == (404, "unknown", "no such item", "look")


def test_a_program_that_accepts_json_gets_json(client: TestClient) -> None:
    assert client.get("/nowhere", headers={"accept": "application/json"}).json()["status"] == 404
    both = client.get("/nowhere", headers={"accept": "text/html, application/json"})
    assert both.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize(("method", "address"), [("POST", "/"), ("DELETE", "/progress"), ("PUT", "/api/board")])
def test_what_only_reads_takes_no_writes(client: TestClient, method: str, address: str) -> None:
    answer = client.request(method, address)
    assert answer.status_code == 405
    assert "GET" in answer.headers["allow"]


@pytest.mark.parametrize(
    ("query", "paths"),
    [
        ("scope=all&page=0&level=a%20b&organ=%3Cb%3E", ["?level", "?organ", "?scope", "?page"]),
        ("page=x", ["?page"]),
        ("page=99999999999999999999", ["?page"]),
        ("page=%EF%BC%91", ["?page"]),
        ("page=-1", ["?page"]),
    ],
)
def test_an_address_that_cannot_be_read_names_every_fault(client: TestClient, query: str, paths: list[str]) -> None:
    problem = client.get(f"/api/cards?{query}").json()
    assert (problem["status"], [fault["path"] for fault in problem["faults"]]) == (400, paths)
    assert client.get(f"/supervision/cards?{query}").status_code == 400


def test_cases_are_filtered_by_what_there_is(client: TestClient) -> None:
    assert [fault["path"] for fault in client.get("/api/cases?whole=lost").json()["faults"]] == ["?whole"]


def test_a_length_that_is_no_number_is_refused(client: TestClient) -> None:
    assert client.post("/api/progress", content=b"{}", headers={"content-length": "many"}).status_code == 400


def test_health(client: TestClient) -> None:
    assert client.get("/health").json() == {
        "status": "ok",
        "area": "000000",
        "as_of": "2024-05-16T10:30:00+08:00",
        "policy": "notice@1",
        "demo": True,
    }


def test_a_demonstration_says_so_whoever_knows_it(office: PaperOffice) -> None:
    office.demo = False
    try:
        assert "演示数据" not in TestClient(create_app(office)).get("/").text
        assert "演示数据" in TestClient(create_app(office, demo=True)).get("/").text
    finally:
        office.demo = True
