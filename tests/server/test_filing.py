"""Filing an application in a demonstration: every finding beside its field, else a number."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs
import pytest
from starlette.testclient import TestClient

from egov_core import Office, hookimpl, open_office
from egov_core.domain.catalogue import ItemVersion
from egov_core.domain.legal import LegalBasis
from egov_core.errors import OfficeError, PluginError
from egov_core.ports.checks import ApplicationView, Finding
from egov_core.ports.forms import FieldKind, FormField
from egov_core.runtime.clock import ManualClock
from egov_core.runtime.identifiers import SeededIds
from egov_core.runtime.reloading import Reload
from egov_core.server.app import FILINGS, create_app
from egov_core.server.problems import TYPE
from egov_core.server.serving import Service
from egov_core.testing import small_county as county

BASIS = LegalBasis(instrument="《云岭县取水打井规程（演示）》", article="第五条", in_force=date(2015, 1, 1))
APPLY = f"/demo/apply?item={county.LICENCE}"
API = "/api/demo/applications"


class Wells:
    """A plugin that asks for fields, and finds what it is told to."""

    def __init__(self) -> None:
        self.finds: Any = []

    @hookimpl
    def egov_form_fields(self, item: ItemVersion) -> list[FormField]:
        del item
        return [
            FormField(name="depth", label="井深", label_en="Depth", kind=FieldKind.NUMBER, unit="米", basis=BASIS),
            FormField(name="use", label="用途", kind=FieldKind.CHOICE, choices={"home": "生活", "farm": "灌溉"}),
            FormField(name="since", label="日期", kind=FieldKind.DATE, required=False),
        ]

    @hookimpl
    def egov_check_application(self, application: ApplicationView) -> list[Finding]:
        if callable(self.finds):
            found: list[Finding] = self.finds(application)
            return found
        return list(self.finds)


@pytest.fixture
def wells() -> Wells:
    return Wells()


@pytest.fixture
def office(tmp_path: Path, wells: Wells) -> Iterator[Office]:
    """The small county as a demonstration, with that plugin."""
    settings = attrs.evolve(county.settings(f"sqlite:///{tmp_path}/county.db"), demo=True)
    with open_office(
        settings, clock=ManualClock(county.MONDAY), ids=SeededIds(1), plugins=[(wells, "wells")]
    ) as opened:
        yield county.found(opened)


@pytest.fixture
def client(office: Office) -> TestClient:
    return TestClient(create_app(office, window=office), raise_server_exceptions=False)


FILLED = {
    "applicant.name": "林谷雨",
    "applicant.id_number": "990121199003070010",
    "applicant.phone": "",
    "materials": list(county.MATERIALS),
    "form.depth": "40",
    "form.use": "home",
    "token": "one",
}
ASKED = {"item": county.LICENCE, "materials": list(county.MATERIALS), "form": {"depth": "40", "use": "home"}}


def cases(office: Office) -> int:
    return office.storage.counts(office.area)["cases"]


# --- the page ---------------------------------------------------------------------------------------------------------


def test_the_banner_leads_to_the_choice_and_the_choice_to_the_form(client: TestClient) -> None:
    assert '<a href="/demo/apply">试着申报一件</a>' in client.get("/supervision").text
    choice = client.get("/demo/apply").text
    assert f'<option value="{county.LICENCE}">事项 licence</option>' in choice
    assert '<optgroup label="bureau">' in choice
    form = client.get(APPLY).text
    assert "请勿填写真实的姓名、证件号码和电话" in form
    assert 'value="林谷雨"' in form
    assert 'value="990121199003070010"' in form
    assert form.count('name="materials" type="checkbox"') == form.count(" checked") == 2
    assert '<label for="form-depth">井深 (米)</label>' in form
    assert 'inputmode="decimal"' in form
    assert '<option value="farm">灌溉</option>' in form
    assert '日期 <span class="optional">（选填）</span>' in form
    assert "《云岭县取水打井规程（演示）》第五条" in form
    english = client.get(f"{APPLY}&lang=en").text
    assert '<label for="form-depth">Depth (<span lang="zh-CN">米</span>)</label>' in english
    assert "the applicant is invented" in english


def test_a_refusal_stands_at_the_top_and_beside_each_field_with_its_basis_and_nothing_is_lost(
    client: TestClient, office: Office, wells: Wells
) -> None:
    wells.finds = [
        Finding(field="form.depth", message="井深超过批准限度。", basis=BASIS),
        Finding(field="materials.plan", message="方案须附图。", basis=BASIS),
        Finding(field="applicant.phone", message="请留联系电话。"),
        Finding(field="form.owner", message="请写明权利人。", basis=BASIS),
        Finding(field="materials.none", message="缺少证明。", basis=BASIS),
    ]
    answer = client.post(APPLY, data={**FILLED, "form.depth": "900"})
    assert answer.status_code == 422
    html = answer.text
    assert "<title>错误：申报：事项 licence" in html
    summary = html[html.index('class="error-summary"') : html.index("<h1>")]
    assert 'role="alert" aria-labelledby="error-heading" tabindex="-1" autofocus' in summary
    for field, message in (("form-depth", "井深超过批准限度。"), ("materials-plan", "方案须附图。")):
        assert f'<a href="#{field}">{message}</a>' in summary
        assert f'id="{field}-error"' in html
        assert re.search(f'id="{field}"[^>]*aria-describedby="{field}-error[^>]*aria-invalid="true"', html)
    assert summary.count("《云岭县取水打井规程（演示）》第五条") == 4
    assert "<code>materials.none</code> <strong>缺少证明。</strong>" in summary, "there is no field to lead to"
    assert re.search('<input id="form-owner" name="form.owner" type="text"', html), "what is named can be filled in"
    assert 'value="900"' in html
    assert '<option value="home" selected>生活</option>' in html
    assert cases(office) == 0


def test_what_is_missing_in_the_form_is_said_with_the_findings(client: TestClient, office: Office) -> None:
    answer = client.post(APPLY, data={**FILLED, "form.depth": " ", "form.use": "none"})
    assert answer.status_code == 422
    assert '<a href="#form-depth">请填写“井深”。</a>' in answer.text
    assert '<a href="#form-use">“用途”应为以下之一：生活、灌溉。</a>' in answer.text
    nobody = client.post(APPLY, data={**FILLED, "applicant.name": " ", "applicant.id_number": ""})
    assert nobody.status_code == 400
    assert '<a href="#applicant-name">请填写这一项。</a>' in nobody.text
    assert '<a href="#applicant-id_number">请填写这一项。</a>' in nobody.text
    assert cases(office) == 0


def test_an_application_is_filed_once_and_its_case_and_progress_can_be_seen(
    client: TestClient, office: Office, wells: Wells
) -> None:
    wells.finds = [Finding(field="form.depth", message="建议事先勘察。", severity="advice")]
    answer = client.post(APPLY, data=FILLED)
    assert answer.status_code == 200
    number, code = re.findall(r'<dd class="mono">([^<]+)</dd>', answer.text)
    assert "建议事先勘察。" in answer.text
    found = re.search(r'<a href="(/cases/[^"]+)">', answer.text)
    assert found is not None
    assert client.get(found[1]).status_code == 200
    assert "现在办到哪里" in client.post("/progress", data={"number": number, "code": code}).text
    again = client.post(APPLY, data=FILLED)
    assert re.findall(r'<dd class="mono">([^<]+)</dd>', again.text) == [number, code]
    assert cases(office) == 1
    other = client.post(APPLY, data={**FILLED, "token": "two"})
    assert number not in other.text
    assert cases(office) == 2


def test_the_form_carries_a_token_of_its_own(client: TestClient) -> None:
    tokens = {re.findall(r'name="token" value="([^"]+)"', client.get(APPLY).text)[0] for _ in range(3)}
    assert len(tokens) == 3


def test_a_plugin_that_fails_is_named_and_nothing_has_happened(
    client: TestClient, office: Office, wells: Wells
) -> None:
    def explode(_: ApplicationView) -> list[Finding]:
        raise ValueError("the table of rivers is gone")

    wells.finds = explode
    answer = client.post(APPLY, data=FILLED)
    assert answer.status_code == 500
    assert "插件 wells 出错，申请未被接收，没有留下任何记录" in answer.text
    assert "the table of rivers is gone" in answer.text
    assert 'value="40"' in answer.text
    problem = client.post(API, json=ASKED).json()
    assert (problem["code"], problem["status"], problem["plugin"]) == ("plugin", 500, "wells")
    assert "the table of rivers is gone" in problem["detail"]
    client.post(API, json=ASKED)
    quarantined = client.get(APPLY)
    assert quarantined.status_code == 500
    assert "is in quarantine" in quarantined.text
    assert client.post(API, json=ASKED).json()["code"] == "plugin-quarantined"
    assert cases(office) == 0


def test_an_item_that_is_not_there_is_not_found(client: TestClient) -> None:
    assert client.get("/demo/apply?item=none").status_code == 404
    assert client.post("/demo/apply", data=FILLED).status_code == 404


# --- the interface ----------------------------------------------------------------------------------------------------


def test_the_interface_answers_a_problem_with_every_finding(client: TestClient, wells: Wells, office: Office) -> None:
    wells.finds = [
        Finding(field="form.depth", message="井深超过批准限度。", basis=BASIS),
        Finding(field="materials.plan", message="方案须附图。"),
    ]
    answer = client.post(API, json={**ASKED, "form": {"depth": "900"}})
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    problem = answer.json()
    assert (problem["type"], problem["code"]) == (f"{TYPE}hook-refused", "hook-refused")
    assert problem["findings"] == [
        {"field": "form.use", "message": "请填写“用途”。", "basis": ""},
        {"field": "form.depth", "message": "井深超过批准限度。", "basis": str(BASIS)},
        {"field": "materials.plan", "message": "方案须附图。", "basis": ""},
    ]
    assert problem["detail"] == "请填写“用途”；井深超过批准限度；方案须附图。"
    assert cases(office) == 0


@pytest.mark.parametrize(
    ("number", "status"), [("９９０１２１１９９００３０７００１０", 200), ("9.90121E+17", 400), ("９．９Ｅ＋１７", 400)]
)
def test_a_full_width_number_is_meant_as_the_half_width_one_and_a_rounded_one_is_refused(
    client: TestClient, office: Office, number: str, status: int
) -> None:
    url = f"/demo/apply?item={county.LICENCE}"
    answer = client.post(url, data={**FILLED, "applicant.id_number": number}, headers={"origin": "http://testserver"})
    assert answer.status_code == status, answer.text
    assert cases(office) == (status == 200)
    assert status == 200 or "末几位已丢失" in answer.text


def test_the_interface_files_an_application_once_under_a_key(client: TestClient, office: Office) -> None:
    answer = client.post(API, json=ASKED, headers={"idempotency-key": "k1"})
    assert answer.status_code == 201
    filed = answer.json()
    assert set(filed) == {"demo", "case_id", "number", "query_code", "state", "advice"}
    assert answer.headers["location"] == f"/cases/{filed['case_id']}"
    progress = client.post("/api/progress", json={"number": filed["number"], "code": filed["query_code"]})
    assert progress.json()["state"] == filed["state"] == "submitted"
    assert client.post(API, json=ASKED, headers={"idempotency-key": "k1"}).json() == filed
    changed = client.post(API, json={**ASKED, "materials": []}, headers={"idempotency-key": "k1"})
    assert (changed.status_code, changed.json()["code"]) == (422, "idempotency")
    assert cases(office) == 1


@pytest.mark.parametrize(
    ("body", "paths"),
    [
        (b"{", ["$"]),
        (b"{}", ["$.item"]),
        (b'{"item": 1, "materials": "m1", "form": {"a": 2}, "more": 3}', None),
        (b'{"item": "x", "applicant": {"name": "", "id_number": ""}}', ["$.applicant.name", "$.applicant.id_number"]),
    ],
)
def test_bad_json_is_one_problem_that_names_every_fault(
    client: TestClient, body: bytes, paths: list[str] | None
) -> None:
    answer = client.post(API, content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 400
    found = [fault["path"] for fault in answer.json()["faults"]]
    assert found == paths if paths is not None else len(found) >= 4


# --- who may file -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [{"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}, {"origin": "https://elsewhere.example"}],
)
def test_other_sites_may_not_file(client: TestClient, office: Office, headers: dict[str, str]) -> None:
    assert client.post(APPLY, data=FILLED, headers=headers).status_code == 403
    assert client.post(API, json=ASKED, headers=headers).status_code == 403
    plain = {"content-type": "text/plain"}  # what a foreign page can send without asking
    assert client.post(API, content=b'{"item": "licence"}', headers=plain).status_code == 415
    assert client.post(APPLY, content=b"x", headers=plain).status_code == 415
    assert client.post(APPLY, content=b"a=%ff", headers={"content-type": FORM}).status_code == 400
    assert cases(office) == 0


FORM = "application/x-www-form-urlencoded"


def test_one_address_may_file_only_so_often(client: TestClient) -> None:
    answers = {client.post(API, json={"item": "none"}).status_code for _ in range(FILINGS)}
    assert answers == {404}
    assert client.post(API, json=ASKED).status_code == 429
    assert client.post(APPLY, data=FILLED).status_code == 429


def test_an_office_that_is_no_demonstration_has_no_such_page(tmp_path: Path) -> None:
    with county.open_small_county(f"sqlite:///{tmp_path}/real.db") as office:
        with pytest.raises(OfficeError, match="demonstration only"):
            create_app(office, window=office)
        client = TestClient(create_app(office, demo=True))
        assert client.get("/demo/apply").status_code == 404
        assert client.post(API, json=ASKED).status_code == 404
        assert "/demo/apply" not in client.get("/supervision").text


# --- another office in its place --------------------------------------------------------------------------------------


def test_another_office_takes_the_place_before_the_pages_and_trouble_is_said_on_each(office: Office) -> None:
    app = create_app(office, window=office)
    client = TestClient(app)
    deeper = Wells()
    deeper.finds = [Finding(field="form.depth", message="新规定。", basis=BASIS)]
    taken: dict[str, Any] = {"clock": office.clock, "ids": office.services.ids, "storage": office.storage}
    again = open_office(office.settings, plugins=[(deeper, "wells")], **taken)
    assert client.post(API, json=ASKED).status_code == 201
    app.state.pages.take(again)
    assert client.post(API, json=ASKED).json()["detail"] == "新规定。"
    assert client.get("/supervision").status_code == 200
    app.state.pages.trouble = "there is no file <wells>"
    assert "没有文件&lt;wells&gt;" in client.get("/supervision").text


def test_a_number_is_bounded_as_the_field_says(client: TestClient, wells: Wells) -> None:
    wells.finds = lambda view: (
        [Finding(field="form.depth", message="过深。", basis=BASIS)] if Decimal(view.form["depth"]) > 300 else []
    )
    assert client.post(API, json={**ASKED, "form": {"depth": "301", "use": "farm"}}).status_code == 422
    assert client.post(API, json={**ASKED, "form": {"depth": "300", "use": "farm"}}).status_code == 201


def test_the_office_that_takes_over_works_on_schedule_and_the_store_stays_open(office: Office) -> None:
    app = create_app(office, window=office)
    service = Service(office, app.state.pages)
    service.start()
    again = open_office(office.settings, clock=office.clock, ids=office.services.ids, storage=office.storage)
    service.swap(again)
    assert app.state.pages.desk is app.state.pages.window is again
    service.told(Reload(error=PluginError("there is no file wells")))
    assert "没有文件wells" in TestClient(app).get("/supervision").text
    service.told(Reload(plugins=("wells",)))
    assert "没有文件wells" not in TestClient(app).get("/supervision").text
    service.stop()
    assert TestClient(app).post(API, json={**ASKED, "form": {}}).status_code == 201
    assert cases(office) == 1
