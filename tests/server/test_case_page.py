"""The page of a case: what happened, what was counted, why each card; nothing personal."""

from __future__ import annotations

from datetime import datetime, timedelta

import attrs
import pytest
from starlette.testclient import TestClient

from egov_core.domain.cards.thresholds import Earliest, Latest, Out, Overdue, ShareRemaining, WorkingDaysBefore
from egov_core.domain.cases import commands as c
from egov_core.domain.catalogue import Catalogue
from egov_core.domain.legal import CHINA
from egov_core.domain.people import Actor, ActorKind
from egov_core.runtime.policies import load_policy, shipped_policies
from egov_core.server.app import create_app
from egov_core.server.phrases import Phrases
from egov_core.server.words import words_of
from egov_core.testing.paper_county import paper_county
from egov_core.testing.paper_office import PaperOffice
from egov_core.usecases.foundation.notifying import NotificationChoice


def case_in(office: PaperOffice, state: str) -> str:
    return next(row.case_id for row in office.rows.values() if row.state == state)


def test_each_card_says_why(client: TestClient, office: PaperOffice) -> None:
    card = office.running("red")[0]
    html = client.get(f"/cases/{card.case_id}").text
    assert "为什么发牌：" in html
    assert "应办结时间已过，仍未办结，从下一秒起发牌。" in html
    assert 'title="notice-red notice@1"' in html, "the codes, for who looks the rule up"
    assert "黄红牌（通知）第 1 版" in html
    assert "<code>notice-" not in html
    assert f"自 {card.at:%Y-%m-%d %H:%M:%S} 起" in html


def test_the_ledger_shows_each_day_and_its_reason(client: TestClient, office: PaperOffice) -> None:
    html = client.get(f"/cases/{case_in(office, 'paused')}").text
    assert "<details" in html
    assert "起算当日不计" in html
    assert "特别程序，不计入" in html
    assert "特别程序未结束，期限暂不能确定" in html


def test_days_off_name_their_notice(client: TestClient, office: PaperOffice) -> None:
    pages = [client.get(f"/cases/{case_id}").text for case_id in office.rows]
    assert any("放假" in html and "国办发明电" in html for html in pages)
    assert any("调休上班" in html for html in pages)


def test_a_referred_case_shows_our_part_and_the_whole(client: TestClient, office: PaperOffice) -> None:
    html = client.get(f"/cases/{case_in(office, 'referred')}").text
    assert "本级审核已完成" in html
    assert "转报上级办理中" in html
    assert "待发送" in html or "已送达上级系统" in html


def test_what_is_told_to_others_is_not_shown_as_sent_up(office: PaperOffice) -> None:
    telling = PaperOffice(
        policy=load_policy("notice"),
        organisation=office.organisation,
        catalogue=office.catalogue,
        notifications=NotificationChoice(channels=("webhook",)),
    )
    item = next(code for code, versions in office.catalogue.items.items() if versions[-1].forward_to)
    at = office.clock - timedelta(days=1)
    case_id = telling.file(item, at)
    for command in (
        c.Accept(case_id=case_id),
        c.Review(case_id=case_id, opinion="同意"),
        c.ReferUpward(case_id=case_id, opinion="同意转报"),
        c.RecordUpperDecision(case_id=case_id, granted=True, document="市许1"),
    ):
        telling.act(command, at)
    client = TestClient(create_app(telling))
    html = client.get(f"/cases/{case_id}").text
    up, told = (html.split(f'<h2 id="{part}">')[1].split("</section>")[0] for part in ("referral", "told"))
    assert up.count("待发送") == told.count("待发送") == 1
    assert (":referral:" in up, ":notification:" in up) == (True, False)
    assert (":referral:" in told, ":notification:" in told) == (False, True)
    assert "对外通知" in told and "webhook" in told
    found = client.get(f"/api/cases/{case_id}").json()
    assert [row["target"] for row in found["outbox"]] == [telling.catalogue.items[item][-1].forward_to]
    assert [row["channel"] for row in found["notifications"]] == ["webhook"]


def test_a_case_that_told_nobody_anything_does_not_mention_it(client: TestClient, office: PaperOffice) -> None:
    assert "对外通知" not in client.get(f"/cases/{case_in(office, 'referred')}").text


def test_an_event_entered_later_says_so(client: TestClient, office: PaperOffice) -> None:
    pages = [client.get(f"/cases/{row.case_id}").text for row in office.rows.values() if row.state == "delivered"]
    assert any("补登于" in html for html in pages)


def test_a_case_that_ended_early_shows_where(client: TestClient, office: PaperOffice) -> None:
    html = client.get(f"/cases/{case_in(office, 'not-accepted')}").text
    assert "在此终止" in html
    assert "不再进行" in html


def test_no_page_shows_an_applicant(client: TestClient, office: PaperOffice) -> None:
    for case_id, row in office.rows.items():
        for address in (f"/cases/{case_id}", f"/api/cases/{case_id}"):
            html = client.get(address).text
            for secret in ("欧阳演示", "990121199001010006", office.codes[case_id], row.query_digest):
                assert secret not in html


def test_markup_in_data_stays_text() -> None:
    """An item's name, an opinion or a title may hold anything."""
    evil = "<script>alert(1)</script><b onclick='x'>\"&"
    office = paper_county(load_policy("notice"), cases=12)
    items = {
        code: tuple(attrs.evolve(version, name=evil) for version in versions)
        for code, versions in office.catalogue.items.items()
    }
    office.catalogue = Catalogue(items)
    office.title = evil
    case_id = office.file("A01", office.clock - timedelta(minutes=5), case_id="evil")
    client = TestClient(create_app(office))
    form = {"number": office.rows[case_id].number, "code": office.codes[case_id]}
    answers = [client.get(address) for address in ("/", "/supervision/cases", f"/cases/{case_id}")]
    answers += [client.post("/progress", data=form), client.post("/progress", data={"number": evil, "code": evil})]
    for answer in answers:
        assert "<script" not in answer.text
        assert "<b onclick" not in answer.text
        assert "&lt;script&gt;" in answer.text


def test_a_case_under_a_policy_that_is_gone_is_still_shown() -> None:
    office = paper_county(load_policy("notice"), cases=24)
    office.forget_policies()
    client = TestClient(create_app(office))
    pages = [client.get(f"/cases/{case_id}") for case_id in office.rows]
    assert {page.status_code for page in pages} == {200}
    assert any("发牌办法的这一版本不在本系统" in page.text for page in pages)


@pytest.mark.parametrize("name", shipped_policies())
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_shipped_rule_has_a_sentence(office: PaperOffice, name: str, lang: str) -> None:
    policy = load_policy(name)
    phrases = Phrases(words_of(lang), office)
    assert all(len(phrases.rule(rule.when)) > 10 for rule in policy.rules)
    assert all(phrases.level(level) != level for level in policy.levels)


def test_joined_rules_are_joined_in_words(office: PaperOffice) -> None:
    phrases = Phrases(words_of("zh"), office)
    assert "且：" in phrases.rule(Latest((Overdue(), Out(1))))
    assert "或：" in phrases.rule(Earliest((WorkingDaysBefore(0), Out(3), Out(-2))))
    quarter = load_policy("notice").rule("notice-yellow-hours").when
    assert isinstance(quarter, ShareRemaining)
    assert "25%" in phrases.rule(quarter)


@pytest.mark.parametrize(
    ("lang", "delegated", "lent"),
    [("zh", "甲（受委托，w1）", "甲（代岗）"), ("en", "甲 (entrusted by w1)", "甲 (standing in)")],
)
def test_whoever_acts_for_another_is_shown_as_such(office: PaperOffice, lang: str, delegated: str, lent: str) -> None:
    phrases = Phrases(words_of(lang), office)
    for under, shown in ((("delegation w1",), delegated), (("stand-in a:b:2024-06-17",), lent), ((), "甲")):
        assert phrases.actor(Actor(kind=ActorKind.STAFF, code="r1", name="甲", under=under)) == shown


@pytest.mark.parametrize("case_id", ["nothing", "a" * 65, "%00", "..%2f..", "'; drop"])
def test_a_case_that_is_not_there(client: TestClient, case_id: str) -> None:
    assert client.get(f"/cases/{case_id}").status_code == 404
    assert client.get(f"/api/cases/{case_id}").json()["status"] == 404


def test_the_case_for_programs_holds_its_ledger(client: TestClient, office: PaperOffice) -> None:
    case = client.get(f"/api/cases/{case_in(office, 'delivered')}").json()
    assert [step["is"] for step in case["steps"]] == ["done"] * 3
    timer = next(timer for timer in case["timers"] if timer["kind"] == "case")
    assert set(timer["ledger"][0]) == {"day", "counts", "reason", "total", "source"}
    assert timer["state"] in ("in-time", "late")
    assert case["events"][0]["type"] == "submitted"


@pytest.mark.parametrize(
    ("now", "due", "said"),
    [
        ("2016-04-22T09:00", "2016-04-25T23:59:59", "剩 1 个工作日"),  # a Friday, and a Monday
        ("2016-04-23T09:00", "2016-04-25T23:59:59", "剩 1 个工作日"),  # a Saturday
        ("2016-04-24T09:00", "2016-04-25T23:59:59", "剩 1 个工作日"),  # a Sunday
        ("2016-04-25T09:00", "2016-04-25T23:59:59", "今日到期"),
        ("2016-04-22T09:00", "2016-04-24T23:59:59", "到期前没有工作日了"),  # natural days that end in a rest
        ("2016-04-24T09:00", "2016-04-24T23:59:59", "今日到期"),
        ("2016-04-25T17:00", "2016-04-25T16:00", "已逾期，不足 1 个工作日"),
        ("2016-04-26T09:00", "2016-04-25T23:59:59", "逾期 1 个工作日"),
    ],
)
def test_how_much_time_is_left_is_counted_to_the_due_day(office: PaperOffice, now: str, due: str, said: str) -> None:
    at, by = (datetime.fromisoformat(one).replace(tzinfo=CHINA) for one in (now, due))
    assert Phrases(words_of("zh"), office).how_late(by, at) == said
