"""The public progress query: plain words, one answer for whatever was wrong, and not too often."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from egov_core.server.app import create_app
from egov_core.server.limits import LARGEST_BODY, RateLimit
from egov_core.testing.paper_office import PaperOffice

FORM = {"content-type": "application/x-www-form-urlencoded"}


def first(office: PaperOffice, state: str) -> dict[str, str]:
    row = next(row for row in office.rows.values() if row.state == state)
    return {"number": row.number, "code": office.codes[row.case_id]}


def test_every_state_has_an_answer(client: TestClient, office: PaperOffice) -> None:
    states = {row.state for row in office.rows.values()}
    assert len(states) >= 9
    for state in states:
        html = client.post("/progress", data=first(office, state)).text
        assert "现在办到哪里" in html
        assert "接下来" in html
        assert "值班人员" not in html
        assert "欧阳" not in html


def test_it_says_who_has_it_and_until_when(client: TestClient, office: PaperOffice) -> None:
    accepted = client.post("/progress", data=first(office, "accepted")).text
    assert "现由谁办理" in accepted
    assert "最迟何时" in accepted
    assert "市国土资源局" in client.post("/progress", data=first(office, "referred")).text
    waiting = client.post("/progress", data=first(office, "correction-requested")).text
    assert "您（申请人）" in waiting
    assert "设计图纸" in waiting
    paused = client.post("/progress", data=first(office, "paused")).text
    assert "这段时间不计入办理时限" in paused
    assert "特别程序最迟何时" in paused


def test_a_late_case_is_said_to_be_late(client: TestClient, office: PaperOffice) -> None:
    late = next(card.case_id for card in office.running("red") if card.timer_kind == "case")
    html = client.post("/progress", data={"number": office.rows[late].number, "code": office.codes[late]}).text
    assert "已超过告知您的时间" in html


def test_a_wrong_number_and_a_wrong_code_have_the_same_answer(client: TestClient, office: PaperOffice) -> None:
    right = first(office, "accepted")
    no_number, no_code = "000000-2024-99999", "ZZZZ2222"
    wrong_code = client.post("/progress", data={**right, "code": no_code})
    wrong_number = client.post("/progress", data={**right, "number": no_number})
    assert wrong_code.status_code == wrong_number.status_code == 404
    assert len(wrong_code.content) == len(wrong_number.content)
    as_typed = wrong_number.text.replace(f'value="{no_number}"', f'value="{right["number"]}"')
    assert as_typed.replace(f'value="{right["code"]}"', f'value="{no_code}"') == wrong_code.text
    assert wrong_code.headers == wrong_number.headers
    one = client.post("/api/progress", json={**right, "code": no_code})
    two = client.post("/api/progress", json={**right, "number": no_number})
    assert (one.status_code, one.content) == (two.status_code, two.content)


def test_stray_spaces_full_width_and_small_letters_do_no_harm(client: TestClient, office: PaperOffice) -> None:
    right = first(office, "accepted")
    number = "".join(chr(ord(char) + 0xFEE0) if char.isdigit() else char for char in right["number"])
    typed = {"number": f"  {number[:6]} {number[6:]}", "code": right["code"].lower() + " "}
    assert client.post("/progress", data=typed).status_code == 200


def test_faults_are_listed_linked_and_what_was_typed_is_kept(client: TestClient) -> None:
    answer = client.post("/progress", data={"number": "", "code": "x" * 80})
    assert answer.status_code == 400
    assert "<title>错误：办件进度查询" in answer.text
    assert 'role="alert"' in answer.text
    assert '<a href="#number">请填写办件编号</a>' in answer.text
    assert '<a href="#code">查询码最多 64 个字符</a>' in answer.text
    assert 'aria-describedby="number-error number-hint" aria-invalid="true"' in answer.text
    assert f'value="{"x" * 80}"' in answer.text
    english = client.post("/progress?lang=en", data={"number": "\x07", "code": "a"}).text
    assert "<title>Error: Check the progress" in english
    assert "The case number has characters that cannot be read" in english


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "same-origin"}, 404),
        ({"sec-fetch-site": "none"}, 404),
        ({"origin": "null"}, 404),
        ({"origin": "http://testserver"}, 404),
        ({"sec-fetch-site": "cross-site", "origin": "http://testserver"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"origin": "https://elsewhere.example"}, 403),
    ],
)
def test_other_sites_may_not_ask(client: TestClient, headers: dict[str, str], status: int) -> None:
    assert client.post("/progress", data={"number": "1", "code": "2"}, headers=headers).status_code == status


def test_the_code_stands_in_no_address(client: TestClient, office: PaperOffice) -> None:
    answer = client.get("/progress", params=first(office, "accepted"))
    assert "现在办到哪里" not in answer.text
    assert '<form class="ask panel" method="post" action="/progress"' in answer.text


def test_one_address_may_ask_only_so_often(office: PaperOffice) -> None:
    seconds = [0.0]
    app = create_app(office, rate=RateLimit(3, 60, clock=lambda: seconds[0]))
    client = TestClient(app)
    ask = {"number": "1", "code": "2"}
    assert [client.post("/progress", data=ask).status_code for _ in range(3)] == [404, 404, 404]
    refused = client.post("/progress", data=ask)
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["retry-after"]) <= 61
    assert "查询太频繁" in refused.text
    assert client.post("/api/progress", json=ask).json()["status"] == 429
    assert client.get("/progress").status_code == 200
    assert TestClient(app, client=("198.51.100.7", 1)).post("/progress", data=ask).status_code == 404
    seconds[0] = 61
    assert client.post("/progress", data=ask).status_code == 404


def test_the_limit_forgets_addresses_it_cannot_hold(office: PaperOffice) -> None:
    app = create_app(office, rate=RateLimit(1, 60, clock=lambda: 0.0, remembered=2))

    def ask(last: int) -> int:
        return TestClient(app, client=(f"198.51.100.{last}", 1)).post("/progress", data={"number": "1"}).status_code

    assert [ask(last) for last in (1, 2, 3)] == [400, 400, 400]
    assert (ask(3), ask(1)) == (429, 400)


@pytest.mark.parametrize(
    ("body", "paths"),
    [
        (b"{", ["$"]),
        (b"[]", ["$"]),
        (b"null", ["$"]),
        (b"{}", ["$.number", "$.code"]),
        (b'{"number": 1, "code": null, "more": 2}', ["$.more", "$.number", "$.code"]),
        (b'{"number": "1", "number": "2", "code": "3"}', ["$"]),
        (b'{"number": " ", "code": "' + b"x" * 70 + b'"}', ["$.number", "$.code"]),
        (b'{"number": NaN, "code": "3"}', ["$"]),
        (b'{"number": "\\ud800", "code": "3"}', ["$.number"]),
        (b"\xff\xfe", ["$"]),
        (b"[" * 5000, ["$"]),
    ],
)
def test_bad_json_is_one_problem_that_names_every_fault(client: TestClient, body: bytes, paths: list[str]) -> None:
    answer = client.post("/api/progress", content=body)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert {"type", "title", "status", "detail", "code", "faults"} <= set(problem)
    assert [fault["path"] for fault in problem["faults"]] == paths


def test_an_oversized_body_is_refused(client: TestClient) -> None:
    body = b'{"number": "' + b"1" * LARGEST_BODY + b'"}'

    def chunks() -> Iterator[bytes]:
        yield from (body[at : at + 8192] for at in range(0, len(body), 8192))

    assert client.post("/api/progress", content=body).json()["status"] == 413
    assert client.post("/api/progress", content=chunks()).json()["status"] == 413
    page = client.post("/progress", content=b"number=" + body, headers=FORM)
    assert page.status_code == 413
    assert "内容太大" in page.text


def test_other_kinds_of_bodies_are_refused(client: TestClient) -> None:
    assert client.post("/progress", content=b"x", headers={"content-type": "text/plain"}).status_code == 415
    assert client.post("/progress", content=b"number=%ff&code=1", headers=FORM).status_code == 400
    assert client.post("/progress", content=b"&".join([b"a=1"] * 99), headers=FORM).status_code == 400


def test_the_answer_for_programs(client: TestClient, office: PaperOffice) -> None:
    answer = client.post("/api/progress", json=first(office, "paused")).json()
    assert answer["state"] == "paused"
    assert answer["holder"]
    assert answer["until"].endswith("T23:59:59+08:00")
    assert [step["is"] for step in answer["steps"]] == ["done", "now", "later"]
    waiting = client.post("/api/progress", json=first(office, "correction-requested")).json()
    assert waiting["holder"] == "applicant"
    assert waiting["missing"] == ["设计图纸"]
