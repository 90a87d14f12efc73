"""What the pages say of a case that was taken over from an earlier system."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from egov_core.domain.cases.old_cases import CutOver
from egov_core.domain.legal import CHINA, start_of
from egov_core.runtime.clock import ManualClock
from egov_core.runtime.office import Office
from egov_core.server.app import create_app
from egov_core.server.limits import RateLimit
from egov_core.sheets.open_cases.reading import read_open_cases
from egov_core.testing import small_county as county
from egov_core.usecases.takeover.taking_over import take_over

ROWS = [
    ["原办件编号", "事项编码", "收件时间", "申请人", "证件号码", "受理时间", "查询码"],
    ["旧〔2024〕1号", "licence", "2024-05-06", county.NAME, county.ID_NUMBER, "2024-05-06", "ABCD1234"],
]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    clock = ManualClock(datetime(2024, 6, 17, 9, tzinfo=CHINA))
    with county.open_small_county(f"sqlite:///{tmp_path}/county.db", clock=clock) as opened:
        change = CutOver(at=start_of(date(2024, 6, 17)), source="老审批系统")
        assert take_over(opened.services, read_open_cases({"": ROWS}).cases, change) == 1
        yield opened


def test_the_page_of_the_case_says_from_where_it_came_and_that_it_is_overdue(office: Office) -> None:
    client = TestClient(create_app(office, rate=RateLimit(1_000)))
    row = office.storage.case_by_number(county.AREA, "旧〔2024〕1号")
    assert row is not None
    html = client.get(f"/cases/{row.case_id}").text
    assert "自“老审批系统”迁入，切换时间 2024-06-17" in html and "早于切换时间的牌不补发" in html
    assert '<p class="who">老审批系统</p>' in html
    assert "已逾期" in html and county.NAME not in html
    english = client.get(f"/cases/{row.case_id}", headers={"Accept-Language": "en"}, params={"lang": "en"}).text
    assert "Taken over from" in english and "are not issued" in english


def test_the_applicant_finds_the_case_by_its_old_number_and_code(office: Office) -> None:
    client = TestClient(create_app(office, rate=RateLimit(1_000)))
    found = client.post("/progress", data={"number": "旧〔2024〕1号", "code": "abcd1234"})
    assert found.status_code == 200 and "受理" in found.text
