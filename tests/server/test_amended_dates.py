"""Every due date says where it is provisional, and a date that stands because it was told says so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from egov_core.domain.calendar.notices import Notice
from egov_core.domain.legal import CHINA
from egov_core.runtime.clock import ManualClock
from egov_core.runtime.office import Office
from egov_core.server.app import create_app
from egov_core.testing import small_county as county
from egov_core.testing.small_county import MONDAY
from egov_core.usecases.calendar.adopting import Proposal

MARK = '<span class="provisional">'
PAGES = ("/supervision", "/supervision/cards", "/supervision/cards?scope=ledger", "/supervision/cases")


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(datetime(2026, 12, 21, 9, tzinfo=CHINA))


@pytest.fixture
def office(clock: ManualClock, tmp_path: Path) -> Iterator[Office]:
    with county.open_small_county(f"sqlite:///{tmp_path}/county.db", clock=clock) as opened:
        yield opened


def test_lists_of_cards_and_cases_say_what_is_provisional(office: Office, clock: ManualClock) -> None:
    case_id = county.accepted(office).case_id  # due in January 2027, for which there is no notice
    clock.move_to(datetime(2027, 1, 5, 9, tzinfo=CHINA))
    office.sweep()
    client = TestClient(create_app(office))
    for page in PAGES:
        assert MARK in client.get(f"{page}{'&' if '?' in page else '?'}lang=en").text, page
    [card] = client.get("/api/cards").json()["cards"]
    assert (card["provisional"], card["provisional_now"]) == (True, True)
    office.adopt(office.propose([Proposal(what=schedule())]))
    office.recount()
    for page in ("/supervision", "/supervision/cards", "/supervision/cases", f"/cases/{case_id}"):
        text = client.get(f"{page}?lang=en").text
        assert text.count(MARK) == (1 if page.startswith("/cases/") else 0), page  # what the card said when it came
    [card] = client.get("/api/cards").json()["cards"]
    assert (card["provisional"], card["provisional_now"]) == (True, False)


def schedule() -> Notice:
    """A notice for 2027 as the regulation makes it."""
    from egov_core.runtime.shipped import regulation

    days = regulation().days(2027)
    rest = (*days.holidays, *days.substitutes)
    return Notice(title="2027", number="虚构〔2026〕1号", year=2027, published=date(2026, 11, 20), rest=rest)


def amended(tmp_path: Path) -> tuple[Any, str, dict[str, str]]:
    """A client, a case whose told date stands, and what its applicant types."""
    clock = ManualClock(MONDAY)
    office = county.open_small_county(f"sqlite:///{tmp_path}/told.db", clock=clock)
    submitted = county.submit(office)
    county.accept(office, submitted.case_id)
    clock.advance(timedelta(days=1))
    notice = Notice(
        title="调休", number="县〔2024〕2号", year=2024, published=date(2024, 6, 18), work=[date(2024, 6, 22)]
    )
    office.adopt(office.propose([Proposal(what=notice)]))
    office.recount()
    asked = {"number": submitted.number, "code": submitted.query_code}
    return TestClient(create_app(office)), submitted.case_id, asked


def test_a_told_date_says_so_on_the_page_of_the_case_and_to_the_applicant(tmp_path: Path) -> None:
    client, case_id, asked = amended(tmp_path)
    page = client.get(f"/cases/{case_id}?lang=en").text
    assert "as told" in page
    assert "the later one that was told stands" in page
    assert "Deadlines recounted after a holiday notice" in page
    assert "By 县〔2024〕2号 (revision 2 of the calendar)" in page
    assert "was told, and stands" in page
    assert "a later date had been told" in page  # in the ledger
    assert "the later one that was told stands" in client.post("/progress?lang=en", data=asked).text
    assert "期限已先行告知" in client.get(f"/cases/{case_id}?lang=zh").text
    timers = client.get(f"/api/cases/{case_id}").json()["timers"]
    [timer] = [one for one in timers if one["kind"] == "case"]
    assert (timer["told"], timer["due"]) == (True, "2024-07-01T23:59:59+08:00")
    assert [line["reason"] for line in timer["ledger"][-3:]] == ["told-date"] * 3


def test_the_ledger_of_revoked_cards_names_the_notice(office: Office, clock: ManualClock) -> None:
    county.accepted(office)
    clock.move_to(datetime(2027, 1, 8, 9, tzinfo=CHINA))
    office.sweep()
    rest = [date(2026, 12, 22) + timedelta(days=n) for n in range(4)]
    notice = Notice(title="临时", number="县〔2026〕9号", year=2026, published=date(2026, 12, 21), rest=rest)
    office.adopt(office.propose([Proposal(what=notice)]))
    office.recount()
    text = TestClient(create_app(office)).get("/supervision/cards?scope=revoked&lang=en").text
    assert "a holiday notice has moved the days behind this card" in text
