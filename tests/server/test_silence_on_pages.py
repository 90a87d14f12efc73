"""What silence brings, and what accompanies a case, on pages: in full for the supervisor, plainly for the citizen."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import attrs
import pytest
from starlette.testclient import TestClient

from egov_core.domain.cases import commands as c
from egov_core.domain.legal import CHINA
from egov_core.domain.periods import parse_limit
from egov_core.domain.timers.kinds import KINDS, LimitSource, TimerKind
from egov_core.runtime.policies import load_policy
from egov_core.server.app import create_app
from egov_core.server.phrases import Phrases
from egov_core.server.words import words_of
from egov_core.testing.paper_county import items, organs, working_days
from egov_core.testing.paper_courses import local_rules
from egov_core.testing.paper_office import PaperOffice


def text(html: str) -> str:
    """The words of a page's body, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html.split("<main")[1].split("</main>", maxsplit=1)[0]))


def page(client: TestClient, case_id: str, lang: str = "zh") -> str:
    return text(client.get(f"/cases/{case_id}?lang={lang}").text)


def told(client: TestClient, office: PaperOffice, case_id: str, lang: str = "zh") -> str:
    form = {"number": office.rows[case_id].number, "code": office.codes[case_id]}
    return text(client.post(f"/progress?lang={lang}", data=form).text)


# --- deemed acceptance ------------------------------------------------------------------------------------------------


def test_deemed_acceptance_names_its_basis_and_reaches_back(client: TestClient) -> None:
    said = page(client, "silent")
    assert "依法视为受理 2024-05-12 00:00 系统" in said
    assert "自收到之时（2024-05-06 09:00:00）起视为受理。" in said
    assert "依据： 《中华人民共和国行政许可法》第三十二条第一款第四项" in said.replace("依据：", "依据： ").replace(
        "  ", " "
    )
    english = page(client, "silent", "en")
    assert "Accepted by law" in english
    assert "Counts as accepted since the receipt, 2024-05-06 09:00:00." in english


def test_the_citizen_reads_that_it_counts_as_accepted_since_the_receipt(
    client: TestClient, office: PaperOffice
) -> None:
    said = told(client, office, "silent")
    assert "依法视为已经受理，正在审核。" in said
    assert "自2024年5月6日收到申请时起，视为已经受理。" in said
    assert "没有在五个工作日内答复您" in said
    assert "Counts as accepted since it was received on 6 May 2024." in told(client, office, "silent", "en")


def test_what_is_about_to_come_is_said_with_its_last_second(client: TestClient, office: PaperOffice) -> None:
    said = page(client, "unlooked")
    assert "到 2024-05-20 23:59:59 仍未一次性告知、也未决定是否受理的，依法视为受理" in said
    assert "第三十二条" in said
    assert "下一次扫描" not in said
    assert "2024年5月20日24时前没有答复您的，申请依法视为已经受理。" in told(client, office, "unlooked")
    assert "到 2024-06-20 23:59:59 仍未作出决定的，依法视为准予延续。" in page(client, "renewal")
    assert "申请人仍未补正的，按本地规定办结。" in page(client, "awaited")
    assert "依法视为准予延续" not in page(client, "late-renewal")


def test_what_has_come_and_is_not_yet_recorded_says_so(office: PaperOffice) -> None:
    later = attrs.evolve(office, clock=datetime(2024, 5, 22, 9, tzinfo=CHINA))
    said = page(TestClient(create_app(later)), "unlooked")
    assert "时间已过，将在下一次扫描时登记。" in said
    assert "没有答复您的" not in told(TestClient(create_app(later)), later, "unlooked")


def test_what_was_set_aside_is_shown_without_effect(client: TestClient, office: PaperOffice) -> None:
    said = page(client, "set-aside")
    assert "原登记的“依法视为受理”不再有效：2024-05-08 15:00:00 已经办理，后来补登。" in said
    assert "办理 已作废 起算 2024-05-06 09:10 停止 2024-05-13 11:00" in said
    citizen = told(client, office, "set-aside")
    assert "视为已经受理" not in citizen
    assert "已经受理，正在审核。" in citizen
    assert "逾期后果作废" in citizen


def test_recorded_by_the_system_is_not_called_late_entry(client: TestClient) -> None:
    html = client.get("/cases/silent").text
    assert "系统登记于" in html
    assert "补登于" not in html


# --- closing ----------------------------------------------------------------------------------------------------------


def test_a_case_whose_applicant_never_answered(client: TestClient, office: PaperOffice) -> None:
    said = page(client, "unanswered")
    assert "补正超时，已办结" in said
    assert "《云岭县政务服务规程（演示）》第九条" in said
    assert "申请人的期限，不对单位发牌" in said
    assert said.count("在此终止") == 1
    citizen = told(client, office, "unanswered")
    assert "补正期限已过，申请已按本地规定办结。" in citizen
    assert "请备齐材料重新申请" in citizen
    assert "可以补登并恢复办理" in citizen
    assert "现由谁办理" not in citizen


def test_who_still_may_answer_is_told_until_when(client: TestClient, office: PaperOffice) -> None:
    citizen = told(client, office, "awaited")
    assert "最迟何时 2024年5月23日24时前" in citizen
    assert "2024年5月23日24时前没有补正的，申请按本地规定办结。" in citizen
    assert "您（申请人）" in citizen


def test_a_correction_that_is_late_is_not_called_the_offices_delay() -> None:
    office = PaperOffice(policy=load_policy("notice"), organisation=organs(), catalogue=items(()))
    start = datetime(2024, 5, 6, 9, tzinfo=CHINA)
    case_id = office.file("B03", start)
    missing = c.RequestCorrection(case_id=case_id, notice="补1号", missing=("B03-3",), within=working_days(2))
    office.act(missing, start + timedelta(hours=1))
    citizen = told(TestClient(create_app(office)), office, case_id)
    assert "补正期限已过。请尽快补交" in citizen
    assert "电子监察已经记录" not in citizen


# --- renewal, hearing, steps, licence, commitment -----------------------------------------------------------------


def test_a_licence_renewed_by_law(client: TestClient, office: PaperOffice) -> None:
    said = page(client, "renewed-by-law")
    assert "依法视为准予延续 2024-05-11 00:00 系统" in said
    assert "许可有效期届满前没有作出决定。" in said
    assert "第五十条第二款" in said
    assert "延续申请，许可有效期至2024年5月10日。" in said
    assert "依法视为准予延续，结果待送达。" in told(client, office, "renewed-by-law")
    assert "晚于最后申请日2024年4月20日" in page(client, "late-renewal")


def test_the_steps_of_a_hearing_with_day_and_place(client: TestClient, office: PaperOffice) -> None:
    said = page(client, "hearing-held")
    at = [said.index(one) for one in ("告知听证权利 2024", "申请听证 2024", "通知听证 2024", "举行听证 2024")]
    assert at == sorted(at)
    assert "2024年4月30日，县政务服务中心三楼会议室" in said
    assert "笔录：听证笔录93号" in said
    assert "您可以申请听证，请在2024年5月21日24时前提出。" in told(client, office, "hearing-offered")
    assert "已有人申请听证。" in told(client, office, "hearing-asked")
    assert "听证 2024年5月20日，县政务服务中心三楼会议室" in told(client, office, "hearing-fixed")
    assert "听证" not in told(client, office, "hearing-held").split("办理经过")[0]


def test_a_step_names_the_units_that_held_it(client: TestClient) -> None:
    said = page(client, "handed-over")
    assert "移交 住房和城乡建设局勘验股" in said
    assert "环节 · 审核 逾期完成" in said
    review = said.split("环节 · 审核 逾期完成")[1].split("环节 · 办结")[0]
    assert "住房和城乡建设局许可股 自 2024-04-29 15:00 起" in review
    assert "住房和城乡建设局勘验股 自 2024-05-08 09:00 起" in review
    assert "按环节期限" in review
    assert "勘验股" not in said.split("环节 · 受理 按期完成")[1].split("环节 · 审核")[0]
    assert "计时 环节 · 审核 · 5 个工作日 承担单位 住房和城乡建设局勘验股" in said
    conclusion = said.split("环节 · 办结")[-1]
    assert "勘验股" not in conclusion.split("逐日台账")[0]
    assert "Step · Review" in page(client, "handed-over", "en")


def test_the_card_of_a_unit_has_its_row_under_its_department(client: TestClient) -> None:
    html = client.get("/").text
    rows = re.findall(r'<th scope="row" role="rowheader"( class="of-unit")?>(.*?)</th>', html)
    names = [name for _, name in rows]
    here = names.index("住房和城乡建设局")
    assert names[here + 1 : here + 3] == ["住房和城乡建设局许可股", "住房和城乡建设局勘验股"]
    assert [bool(mark) for mark, _ in rows[here : here + 3]] == [False, True, True]
    assert "勘验股" in client.get("/supervision/cards?organ=housing-site&scope=ledger").text
    assert "勘验股" not in client.get("/supervision/cases").text.split("<table")[0]


def test_licence_and_commitment(client: TestClient) -> None:
    said = page(client, "committed")
    assert "受理 2024-04-22 10:00" in said
    assert "依法视为" not in said
    assert "按告知承诺准予，事后核查" in said
    assert "文书：卫证91号" in said
    assert "承诺已履行 · 现场核查与承诺相符" in said
    assert "按服务标准" in said


# --- names of kinds ---------------------------------------------------------------------------------------------------


@pytest.fixture
def with_a_kind_of_its_own() -> PaperOffice:
    visit = TimerKind(
        code="site-visit",
        name="现场核验",
        name_en="site inspection",
        starts_on=frozenset({"accepted"}),
        stops_on=frozenset({"reviewed", "withdrawn"}),
        limit_source=LimitSource.LAW,
        limit=parse_limit("3wd"),
    )
    return PaperOffice(
        policy=load_policy("notice"),
        organisation=organs(),
        catalogue=items(()),
        kinds={**KINDS, visit.code: visit},
        place=local_rules(),
    )


def test_a_kind_of_the_places_own_shows_its_own_name(with_a_kind_of_its_own: PaperOffice) -> None:
    office = with_a_kind_of_its_own
    start = datetime(2024, 5, 6, 9, tzinfo=CHINA)
    case_id = office.file("B03", start)
    office.act(c.Accept(case_id=case_id), start + timedelta(hours=1))
    office.sweep(office.clock)
    client = TestClient(create_app(office))
    assert "现场核验" in page(client, case_id)
    assert "Site inspection" in page(client, case_id, "en")
    assert "现场核验" in client.get("/supervision/cards?lang=zh").text
    assert "site-visit" not in client.get(f"/cases/{case_id}").text.replace("timer-site-visit", "")


def test_a_kind_that_is_gone_is_shown_by_its_code(office: PaperOffice) -> None:
    assert Phrases(words_of("zh"), office).timer("site-visit") == "site-visit"


# --- for programs -----------------------------------------------------------------------------------------------------


def test_the_same_for_programs(client: TestClient, office: PaperOffice) -> None:
    case = client.get("/api/cases/unlooked").json()
    assert case["coming"] == {
        "effect": "deemed-acceptance",
        "until": "2024-05-20T23:59:59+08:00",
        "basis": "《中华人民共和国行政许可法》第三十二条第一款第四项",
        "provisional": False,
    }
    steps = {one["step"]: one for one in client.get("/api/cases/handed-over").json()["timers"] if one["step"]}
    assert [held["organ"] for held in steps["review"]["held"]] == ["housing-permits", "housing-site"]
    assert [held["organ"] for held in steps["conclusion"]["held"]] == ["housing"]
    form = {"number": office.rows["silent"].number, "code": office.codes["silent"]}
    answer = client.post("/api/progress", json=form).json()
    assert (answer["deemed_since"], answer["coming"]) == ("2024-05-06T09:00:00+08:00", None)
    lapsed = {"number": office.rows["unanswered"].number, "code": office.codes["unanswered"]}
    assert client.post("/api/progress", json=lapsed).json()["holder"] is None
