"""The guide of an item: eleven sections in one order, and a plain word when it takes no applications."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import attrs
import pytest
from starlette.testclient import TestClient

from egov_core.domain.catalogue import (
    ART_42_DEFAULT,
    Fees,
    PowerClass,
    Question,
    Succession,
    SuccessionKind,
    SuspendItem,
    WithdrawItem,
)
from egov_core.domain.periods import Limit
from egov_core.runtime.bootstrap import open_office
from egov_core.runtime.clock import ManualClock
from egov_core.runtime.office import Office
from egov_core.server.app import create_app
from egov_core.server.user.guide import SECTIONS
from egov_core.server.words import words_of
from egov_core.sheets.statutory import NOT_SET
from egov_core.testing import small_county as county
from egov_core.testing.whole_items import GUIDE, ONE, TWO, whole, with_clerks

TODAY = county.MONDAY.date()
PARTS = {"i-1": "离婚", "i-2": "结婚"}
FULL = whole(
    "full",
    fees=Fees(charged=True, standard="每证10元", basis=county.BASIS),
    guide=attrs.evolve(GUIDE, questions=(Question(question="可以代办吗？", answer="可以。"),), visits=1),
    windows=frozenset({county.OTHER}),
)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    settings = attrs.evolve(county.settings(f"sqlite:///{tmp_path}/county.db"), demo=True)
    with open_office(settings, clock=ManualClock(county.MONDAY)) as opened:
        with_clerks(county.found(opened)).establish(items=[FULL, whole("bare", guide=type(GUIDE)(), basis=())])
        yield opened


@pytest.fixture
def client(office: Office) -> TestClient:
    return TestClient(create_app(office, window=office), raise_server_exceptions=False)


def headings(body: str) -> list[str]:
    return re.findall(r'<h2 id="(\w+)">', body)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("code", ["full", "bare", county.LICENCE, county.STAMP, county.UPWARD])
def test_every_guide_has_the_same_sections_in_the_same_order(client: TestClient, code: str, lang: str) -> None:
    answer = client.get(f"/items/{code}?lang={lang}")
    assert answer.status_code == 200
    assert tuple(headings(answer.text)) == SECTIONS
    words = words_of(lang)
    places = [answer.text.index(f'">{words(f"guide.section.{one}")}</h2>') for one in SECTIONS]
    assert places == sorted(places)


def test_a_full_guide_leaves_nothing_open_and_a_bare_one_says_so(client: TestClient) -> None:
    words = words_of("zh")
    full, bare = client.get("/items/full").text, client.get("/items/bare").text
    assert words("guide.none") not in full
    assert bare.count(words("guide.none")) == len(("conditions", "basis", "place", "result", "contact", "questions"))
    for told in ("每证10元", "0199-5550101", "12345", "演示中心一楼", "可以代办吗？", "无数量限制", "企业法人"):
        assert told in full


def test_a_guide_leads_to_the_application_where_one_can_be_filed(office: Office, client: TestClient) -> None:
    assert 'href="/demo/apply?item=full"' in client.get("/items/full").text
    reading = TestClient(create_app(office))
    assert "/demo/apply?item=" not in reading.get("/items/full").text
    assert 'href="/items/full"' in client.get("/demo/apply?item=full").text


def limits_of(body: str) -> str:
    section = body.partition('<h2 id="limits">')[2].partition("</section>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", section).split())


@pytest.mark.parametrize(
    ("power", "limit", "promised", "told", "never"),
    [
        (PowerClass.LICENCE, ART_42_DEFAULT, True, "按行政许可法第四十二条", "不适用"),
        (PowerClass.PAYMENT, NOT_SET, True, "只适用于行政许可", "不设时限"),
        (PowerClass.PAYMENT, NOT_SET, False, "没有承诺期限", "按法定期限"),
        (PowerClass.PUBLIC_SERVICE, ART_42_DEFAULT, True, "对它不适用", "，按行政许可法"),
    ],
)
def test_no_item_but_a_licence_is_said_to_have_the_limit_of_the_licensing_act(
    office: Office, client: TestClient, power: PowerClass, limit: Limit, promised: bool, told: str, never: str
) -> None:
    """Where no statutory limit was given; what holds then depends on the class, as the import says."""
    item = whole("silent", power_class=power, statutory=limit, statutory_is_default=True)
    office.establish(items=[item if promised else attrs.evolve(item, promised=None)])
    found = limits_of(client.get("/items/silent").text)
    assert told in found
    assert never not in found
    assert limits_of(client.get("/items/silent?lang=en").text).isascii()


def test_a_suspended_item_says_since_when_and_why(office: Office, client: TestClient) -> None:
    office.act_on_item("full", SuspendItem(reason="系统改造", on=TODAY, prepared_by=ONE.code), actor=TWO)
    body = client.get("/items/full").text
    words = words_of("zh")
    assert words("guide.closed.suspended") in body
    assert "系统改造" in body
    assert "2024年6月17日" in body
    assert "/demo/apply?item=full" not in body


def test_an_old_code_leads_to_what_took_its_place(office: Office, client: TestClient) -> None:
    merged = Succession(kind=SuccessionKind.MERGE, new=("full",), basis=county.BASIS)
    command = WithdrawItem(reason="合并", on=TODAY, prepared_by=ONE.code, succession=merged)
    office.act_on_item(county.LICENCE, command, actor=TWO)
    body = client.get(f"/items/{county.LICENCE}?lang=en").text
    assert "This item has been withdrawn" in body
    assert 'href="/items/full"' in body


@pytest.mark.parametrize("code", ["nothing", "a%20b", "x" * 65, "%3Cscript%3E"])
def test_an_item_that_is_not_there_is_not_found(client: TestClient, code: str) -> None:
    assert client.get(f"/items/{code}").status_code == 404


def test_what_a_guide_says_is_never_markup(office: Office, client: TestClient) -> None:
    office.establish(items=[whole("odd", guide=attrs.evolve(GUIDE, place="<b>一楼</b>"))])
    assert "&lt;b&gt;一楼" in client.get("/items/odd").text


def test_a_sub_item_is_named_in_its_guide_and_where_it_is_found(office: Office, client: TestClient) -> None:
    """Two items of one name are two pages that say which is which."""
    pair = [whole(code, name="婚姻登记", guide=attrs.evolve(GUIDE, subitem=part)) for code, part in PARTS.items()]
    office.establish(items=pair)
    for code, part in PARTS.items():
        body = client.get(f"/items/{code}").text
        assert f"<h1>婚姻登记（{part}）</h1>" in body
        assert f"<title>婚姻登记（{part}）" in body
    found = re.sub(r"</?mark>", "", client.get("/items", params={"q": "结婚"}).text)
    assert found.index("婚姻登记（结婚）") < found.find("婚姻登记（离婚）") or "（离婚）" not in found
