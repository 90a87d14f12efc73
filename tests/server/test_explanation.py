"""The readings on the page of a case, and its explanation as a page to print."""

from __future__ import annotations

from datetime import timedelta

import attrs
import pytest
from starlette.testclient import TestClient

from egov_core.domain.cases import commands as c
from egov_core.domain.catalogue import Catalogue
from egov_core.domain.legal import AS_GIVEN
from egov_core.domain.periods import Period, parse_limit
from egov_core.runtime.policies import load_policy
from egov_core.server.app import create_app
from egov_core.server.pages import assets
from egov_core.server.supervision.explanation import explanation, explanation_text
from egov_core.server.supervision.explanation_page import explanation_page
from egov_core.server.supervision.reading import CaseReading, read_case
from egov_core.testing.paper_county import paper_county
from egov_core.testing.paper_office import PaperOffice

TWO = parse_limit("2wd", basis=AS_GIVEN)


def office_with_a_pause(policy: str = "notice") -> tuple[PaperOffice, str]:
    """A county in which a special procedure was declared for two days and took a week, and the case then waits."""
    office = paper_county(load_policy(policy), cases=4)
    assert isinstance(TWO, Period)
    item, kind = next(
        (code, min(versions[-1].pause_kinds, key=lambda one: one.value))
        for code, versions in office.catalogue.items.items()
        if versions[-1].pause_kinds and isinstance(versions[-1].promised, Period)
    )
    began = office.clock - timedelta(days=21)
    case_id = office.file(item, began)
    office.act(c.Accept(case_id=case_id), began + timedelta(hours=1))
    procedure = c.Pause(case_id=case_id, kind=kind, notice="演特1号", declared=TWO)
    office.act(procedure, began + timedelta(days=1))
    office.act(c.Resume(case_id=case_id, result="完成"), began + timedelta(days=8))
    return office, case_id


def reading_of(office: PaperOffice, case_id: str) -> CaseReading:
    file = office.store.file(case_id)
    assert file is not None
    return read_case(office, file, office.now())


@pytest.fixture(scope="module")
def pause() -> tuple[PaperOffice, str]:
    return office_with_a_pause()


def test_the_page_of_a_case_names_each_reading_and_who_chose(pause: tuple[PaperOffice, str]) -> None:
    office, case_id = pause
    client = TestClient(create_app(office))
    html = client.get(f"/cases/{case_id}").text
    chosen, other = (one for one in reading_of(office, case_id).timers[1].readings if one.setting == "pause-rule")
    assert "不同读法" in html and "特别程序两端的日子" in html
    assert f'<time datetime="{chosen.last_day}">' in html and f'<time datetime="{other.last_day}">' in html
    assert "没有人选定，用本系统的默认" in html
    assert "特别程序自" in html and "<code>pause-past-declared</code>" in html
    english = client.get(f"/cases/{case_id}?lang=en").text
    assert "Other readings" in english and "days at both ends of a special procedure" in english
    assert "nobody chose, so the library" in english


def test_a_case_on_which_nothing_depends_has_no_such_section(client: TestClient, office: PaperOffice) -> None:
    plain = [
        case_id for case_id in office.rows if not any(timer.readings for timer in reading_of(office, case_id).timers)
    ]
    assert plain
    assert "不同读法" not in client.get(f"/cases/{plain[0]}").text


def test_the_case_for_programs_has_readings_and_incidents(pause: tuple[PaperOffice, str]) -> None:
    office, case_id = pause
    case = TestClient(create_app(office)).get(f"/api/cases/{case_id}").json()
    timer = next(one for one in case["timers"] if one["kind"] == "case")
    assert [(one["value"], one["chosen"]) for one in timer["readings"]] == [("half-open", True), ("closed", False)]
    assert all(one.keys() == {"setting", "value", "last_day", "chosen"} for one in timer["readings"])
    [incident] = timer["incidents"]
    assert (incident["code"], incident["data"]["declared"]) == ("pause-past-declared", "2wd")


def test_a_policy_that_caps_says_what_was_not_credited() -> None:
    office, case_id = office_with_a_pause("hunan-2018")
    timer = next(one for one in reading_of(office, case_id).timers if one.run.kind == "case")
    assert [one.code for one in timer.incidents] == ["pause-past-cap"]
    html = TestClient(create_app(office)).get(f"/cases/{case_id}").text
    assert "特别程序超出告知的天数，计入" in html and "只扣除告知的天数" in html


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_case_has_a_page_to_print_in_chinese(client: TestClient, office: PaperOffice, lang: str) -> None:
    client.cookies.set("lang", lang)
    style = assets()["print.css"]
    for case_id, row in office.rows.items():
        answer = client.get(f"/cases/{case_id}/ledger")
        assert answer.status_code == 200 and answer.headers["content-language"] == "zh-CN"
        html = answer.text
        assert f'<link rel="stylesheet" href="/static/{style.name}">' in html
        for inline in ("<style", "<script", " style=", "http://", "https://"):
            assert inline not in html, inline
        assert row.number in html and "计时说明" in html and "辅助计算，以法定机关认定为准。" in html
        assert "欧阳演示" not in html
        assert f'href="/cases/{case_id}/ledger"' in client.get(f"/cases/{case_id}").text
    assert client.get(f"/static/{style.name}").text.startswith("/* The explanation to print")
    assert client.get("/cases/nothing/ledger").status_code == 404


def test_the_style_can_stand_inside_a_page() -> None:
    """Nothing is marked safe, so the style must not hold what escaping would change."""
    assert not set(assets()["print.css"].body.decode("utf-8")) & set("<>&\"'")


def test_the_file_holds_the_style_and_what_the_page_holds(pause: tuple[PaperOffice, str]) -> None:
    office, case_id = pause
    html = explanation_page(office, reading_of(office, case_id))
    assert f"<style>{assets()['print.css'].body.decode('utf-8')}</style>" in html
    served = TestClient(create_app(office)).get(f"/cases/{case_id}/ledger").text
    assert html.partition("<body>")[2] == served.partition("<body>")[2]


def test_markup_in_data_stays_text_on_paper_too() -> None:
    evil = "<script>alert(1)</script>\"&'"
    office = paper_county(load_policy("notice"), cases=4)
    items = {
        code: tuple(attrs.evolve(version, name=evil) for version in versions)
        for code, versions in office.catalogue.items.items()
    }
    office.catalogue = Catalogue(items)
    case_id = office.file("A01", office.clock - timedelta(minutes=5), case_id="evil")
    html = explanation_page(office, reading_of(office, case_id))
    assert "<script" not in html and "&lt;script&gt;" in html


def test_every_state_can_be_told_and_every_reason_is_in_words(office: PaperOffice) -> None:
    for case_id in office.rows:
        told = explanation(office, reading_of(office, case_id))
        for timer in told.timers:
            assert timer.name and timer.facts
            for line in timer.lines:
                assert any("\u4e00" <= sign <= "\u9fff" for sign in line.reason), line
        text = explanation_text(office, reading_of(office, case_id))
        assert "{" not in text and "None" not in text


def test_a_day_without_a_notice_is_marked_provisional() -> None:
    office = paper_county(load_policy("notice"), cases=4)
    office.clock = office.clock.replace(year=2026, month=12, day=29)
    case_id = office.file("A01", office.clock - timedelta(days=1))
    office.act(c.Accept(case_id=case_id), office.clock - timedelta(hours=1))
    told = explanation(office, reading_of(office, case_id))
    lines = [line for timer in told.timers for line in timer.lines]
    assert any("暂定" in line.reason and "未到" in line.reason for line in lines)
    assert any("暂定" in value for timer in told.timers for _, value in timer.facts)
    assert any("以届时公布的放假通知为准" in note for timer in told.timers for note in timer.notes)
