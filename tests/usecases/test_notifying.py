"""What is told to those outside: which events, by which channels, in which words, and that nothing depends on it.

Filed and accepted on Monday 17 June 2024, a licence is promised in ten working days: its last day is Monday 1 July, the
yellow card comes on Friday 28 June, the red one on 2 July.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import attrs
import pytest

from egov_core.domain.cases import commands as c
from egov_core.domain.catalogue import PauseKind
from egov_core.errors import DeliveryError, SettingsError
from egov_core.hooks.spec import hookimpl
from egov_core.ports.forwarding import Receipt
from egov_core.ports.notification import Notification
from egov_core.ports.storage import OutboxRow
from egov_core.runtime.bootstrap import open_office
from egov_core.runtime.doctor import diagnose
from egov_core.runtime.office import Office
from egov_core.testing import lines
from egov_core.testing import small_county as county
from egov_core.testing import timed_county as timed
from egov_core.testing.small_county import AREA
from egov_core.testing.timed_county import do, file, move
from egov_core.usecases.foundation.notifying import NOTIFICATION, notification_key
from egov_core.usecases.outbox.dispatch import DispatchReport
from egov_core.usecases.outbox.leasing import LADDER, LEASE

MONDAY = "2024-06-17 09:00"
CHANNEL: dict[str, Any] = {"notification_channels": ("webhook",)}


def accepted(office: Office) -> str:
    case_id = file(office)
    do(office, c.Accept(case_id=case_id))
    return case_id


def reviewed(office: Office) -> str:
    case_id = accepted(office)
    do(office, c.Review(case_id=case_id, opinion="符合条件"))
    return case_id


def rows(office: Office, case_id: str) -> list[OutboxRow]:
    """The notifications of a case, in order of what they tell."""
    found = [row for row in office.storage.outbox_of(AREA, case_id) if row.kind == NOTIFICATION]
    return sorted(found, key=lambda row: (json.loads(row.body)["data"]["position"], row.target))


def told(office: Office, case_id: str) -> list[str]:
    """What is told of a case, in short: levels with their kind of timer, and decisions with who made them."""
    found = []
    for row in rows(office, case_id):
        data = json.loads(row.body)["data"]
        found.append(f"{data['level']} {data['timer_kind']}" if "level" in data else f"{data['decision']} {data['by']}")
    return found


# --- what a notification says -----------------------------------------------------------------------------------------


def test_a_card_is_told_in_the_commit_that_issues_it(opened: timed.Opener) -> None:
    office = opened(MONDAY, **CHANNEL)
    case_id = accepted(office)
    assert rows(office, case_id) == []
    move(office, "2024-06-28 00:10")
    office.sweep()
    (row,) = rows(office, case_id)
    (card,) = office.storage.cards(AREA, case_id)
    position = timed.case(office, case_id).version
    assert row.key == notification_key(AREA, case_id, position, "webhook") == f"990121:{case_id}:notification:3:webhook"
    assert (row.target, row.state, row.attempts) == ("webhook", "pending", 0)
    assert row.created_at == row.next_attempt_at == office.now()
    assert json.loads(row.body) == {
        "type": "card-issued",
        "timestamp": "2024-06-28T00:00:00+08:00",
        "area": AREA,
        "data": {
            "case": case_id,
            "number": timed.case(office, case_id).number,
            "item": county.LICENCE,
            "item_name": "事项 licence",
            "organ": county.BUREAU,
            "position": position,
            "entered_at": "2024-06-28T00:10:00+08:00",
            "level": "yellow",
            "rule": card.rule,
            "epoch": 0,
            "timer": card.timer_id,
            "timer_kind": "case",
            "due": "2024-07-01T23:59:59+08:00",
            "provisional": False,
            "policy": "notice@1",
        },
    }


def test_a_decision_is_told_and_nothing_that_a_person_wrote(opened: timed.Opener) -> None:
    office = opened(MONDAY, **CHANNEL)
    case_id = reviewed(office)
    do(office, c.Reject(case_id=case_id, document="不许〔2024〕1号", reason=f"{county.NAME}的材料不实"))
    (row,) = rows(office, case_id)
    assert json.loads(row.body) == {
        "type": "case-decided",
        "timestamp": "2024-06-17T09:00:00+08:00",
        "area": AREA,
        "data": {
            "case": case_id,
            "number": timed.case(office, case_id).number,
            "item": county.LICENCE,
            "item_name": "事项 licence",
            "organ": county.BUREAU,
            "position": 4,
            "entered_at": "2024-06-17T09:00:00+08:00",
            "decision": "rejected",
            "by": "organ",
        },
    }
    text = row.body.decode()
    assert [word for word in (county.NAME, county.ID_NUMBER, county.PHONE, "不许", "不实") if word in text] == []


def test_what_is_decided_is_told_and_what_only_ends_is_not(opened: timed.Opener) -> None:
    office = opened(MONDAY, **CHANNEL)
    approved, refused, withdrawn = reviewed(office), file(office), file(office)
    do(office, c.Approve(case_id=approved, document="许1"))
    do(office, c.Refuse(case_id=refused, reason="不属于本机关职权", notice="不受1"))
    office.do(c.Withdraw(case_id=withdrawn, reason="不办了"), actor=county.staff("intake"))
    assert told(office, approved) == ["approved organ"]
    assert told(office, refused) == ["not-accepted organ"]
    assert told(office, withdrawn) == []


def test_the_decision_of_the_upper_organ_says_so_and_the_referral_is_none(opened: timed.Opener) -> None:
    office = opened(MONDAY, **CHANNEL)
    case_id = county.referred(office).case_id
    assert office.dispatch() == DispatchReport(delivered=1)
    assert rows(office, case_id) == []
    decision = c.RecordUpperDecision(case_id=case_id, granted=True, document="市许1")
    do(office, decision)
    assert told(office, case_id) == ["approved upper"]
    assert sorted(row.kind for row in office.storage.outbox_of(AREA, case_id)) == ["notification", "referral"]


def test_the_card_of_a_step_is_told_with_the_unit_it_is_for(opened: timed.Opener) -> None:
    office = opened(MONDAY, **CHANNEL)
    case_id = file(office, timed.STEPPED)
    move(office, "2024-06-21 09:00")
    office.sweep()
    data = [json.loads(row.body)["data"] for row in rows(office, case_id)]
    assert {one["organ"] for one in data if one["timer_kind"] == "step"} == {timed.FRONT}


# --- which cards are told ---------------------------------------------------------------------------------------------


def test_a_sweep_in_time_tells_each_level_and_a_late_one_only_the_gravest(opened: timed.Opener) -> None:
    office = opened(MONDAY, **CHANNEL)
    watched = accepted(office)
    move(office, "2024-06-28 00:00")
    office.sweep()
    assert told(office, watched) == ["yellow case"]
    forgotten = accepted(office)
    move(office, "2024-07-20 09:00")
    office.sweep()
    assert told(office, watched) == ["yellow case", "red case"]
    assert told(office, forgotten) == ["red case"]
    levels = [[card.level for card in office.storage.cards(AREA, one)] for one in (watched, forgotten)]
    assert levels == [["yellow", "red"]] * 2, "how late it is noticed changes no card"


def test_a_warning_that_is_noticed_with_the_decision_warns_nobody(opened: timed.Opener) -> None:
    office = opened(MONDAY, **CHANNEL)
    case_id = reviewed(office)
    move(office, "2024-07-01 16:00")  # in time, and nobody has swept since the yellow card's instant
    do(office, c.Approve(case_id=case_id, document="许1"))
    assert ("yellow", "2024-06-28 00:00:00", county.BUREAU) in timed.cards(office, case_id, "case")
    assert told(office, case_id) == ["approved organ"]


def test_a_delay_that_is_noticed_with_the_decision_is_told(opened: timed.Opener) -> None:
    office = opened(MONDAY, **CHANNEL)
    case_id = reviewed(office)
    move(office, "2024-07-05 16:00")
    do(office, c.Approve(case_id=case_id, document="许1"))
    assert [level for level, *_ in timed.cards(office, case_id, "case")] == ["yellow", "red"]
    assert told(office, case_id) == ["approved organ", "red case"]


def test_a_graver_card_that_was_revoked_makes_no_level_obsolete(opened: timed.Opener) -> None:
    office = opened(MONDAY, **CHANNEL)
    case_id = reviewed(office)
    move(office, "2024-07-02 08:00")
    office.sweep()
    assert told(office, case_id) == ["red case"]
    hearing = c.Pause(case_id=case_id, kind=PauseKind.HEARING, notice="特1", declared=county.working_days(2))
    do(office, hearing, at="2024-06-27 09:00")
    assert [level for level, *_ in timed.cards(office, case_id, "case", revoked=True)] == ["yellow", "red"]
    do(office, c.Resume(case_id=case_id, result="听证结束"), at="2024-06-28 09:00")
    move(office, "2024-07-03 00:00")
    office.sweep()
    of_the_case = [one for one in told(office, case_id) if one.endswith(" case")]
    assert of_the_case == ["red case", "yellow case", "red case"]


def test_types_and_levels_are_chosen(opened: timed.Opener) -> None:
    only = {
        "levels": opened(MONDAY, **CHANNEL, notification_levels=("red",)),
        "cards": opened(MONDAY, **CHANNEL, notification_types=("card-issued",)),
        "decisions": opened(MONDAY, **CHANNEL, notification_types=("case-decided",)),
        "nothing": opened(MONDAY),
    }
    found = {}
    for name, office in only.items():
        case_id = reviewed(office)
        move(office, "2024-06-28 00:00")
        office.sweep()
        move(office, "2024-07-02 00:00")
        office.sweep()
        do(office, c.Approve(case_id=case_id, document="许1"))
        found[name] = told(office, case_id)
    assert found == {
        "levels": ["red case", "approved organ"],
        "cards": ["yellow case", "red case"],
        "decisions": ["approved organ"],
        "nothing": [],
    }


def test_each_channel_has_a_row_of_its_own_with_the_same_body(opened: timed.Opener) -> None:
    office = opened(MONDAY, notification_channels=("webhook", "duty-phone"))
    case_id = reviewed(office)
    do(office, c.Approve(case_id=case_id, document="许1"))
    found = rows(office, case_id)
    assert [row.target for row in found] == ["duty-phone", "webhook"]
    assert len({row.key for row in found}) == 2
    assert len({row.body for row in found}) == 1


def test_what_silence_decides_is_told_as_the_law_s_own(opened: timed.Opener) -> None:
    office = opened("2024-08-20 09:00", **CHANNEL)
    case_id = file(office, renews=date(2024, 10, 1))
    do(office, c.Accept(case_id=case_id))
    move(office, "2024-10-02 00:00")
    office.sweep()
    assert "approved law" in told(office, case_id)
    assert "accepted" not in {json.loads(row.body)["data"].get("decision") for row in rows(office, case_id)}


def test_a_wrong_setting_is_refused_with_every_fault_at_once() -> None:
    with pytest.raises(SettingsError) as caught:
        attrs.evolve(
            county.settings(),
            notification_channels=("Web hook", "a", "a", "https://x"),
            notification_types=("card", "case-decided"),
        )
    assert [fault["path"] for fault in caught.value.data["faults"]] == ["notifications.channels"] * 2 + [
        "notifications.types",
        "notifications.channels",
    ]
    with pytest.raises(SettingsError) as caught:
        open_office(attrs.evolve(county.settings(), notification_levels=("orange", "red", "rot")))
    assert [fault["message"] for fault in caught.value.data["faults"]] == [
        "'orange' is none of yellow, red",
        "'rot' is none of yellow, red",
    ]
    safe = attrs.evolve(county.settings(), notification_levels=("orange",), safe_mode=True)
    open_office(safe).close()  # another policy may stand in for one of a plugin's


# --- delivering -------------------------------------------------------------------------------------------------------


class Channel:
    """Answers as a test wants it, and remembers what it was told."""

    name = "of-the-test"

    def __init__(self, answer: Callable[[Notification], Any], name: str = "webhook") -> None:
        self.answer, self.offers = answer, name
        self.told: list[Notification] = []

    def notify(self, notification: Notification) -> Any:
        self.told.append(notification)
        return self.answer(notification)

    @hookimpl
    def egov_notification_channel(self, name: str) -> Channel | None:
        return self if name == self.offers else None


def taken(notification: Notification) -> Receipt:
    return Receipt(key=notification.key, receipt="T-1", accepted=True)


def raises(error: BaseException) -> Callable[[Notification], Any]:
    def answer(_: Notification) -> Any:
        raise error

    return answer


def decided(opened: timed.Opener, *plugins: tuple[object, str], **place: Any) -> tuple[Office, str]:
    """An office that has something to tell of one case."""
    office = opened(MONDAY, plugins=plugins, **{**CHANNEL, **place})
    case_id = reviewed(office)
    do(office, c.Approve(case_id=case_id, document="许1"))
    return office, case_id


def test_a_receipt_settles_the_row_and_nothing_has_happened_to_the_case(opened: timed.Opener) -> None:
    channel = Channel(taken)
    office, case_id = decided(opened, (channel, "channel"))
    before = office.storage.events(AREA, case_id)
    assert office.dispatch() == DispatchReport(delivered=1)
    (row,) = rows(office, case_id)
    assert channel.told == [Notification(area=AREA, key=row.key, type="case-decided", body=row.body)]
    assert (row.state, row.attempts, row.next_attempt_at) == ("delivered", 1, None)
    assert json.loads(row.answer)["receipt"] == "T-1"
    assert office.storage.events(AREA, case_id) == before
    assert office.dispatch() == DispatchReport()


def test_never_is_recorded_and_not_tried_again(opened: timed.Opener) -> None:
    gone = Channel(lambda one: Receipt(key=one.key, receipt="T-1", accepted=False, detail="已停用"))
    office, case_id = decided(opened, (gone, "channel"))
    assert office.dispatch() == DispatchReport(refused=1)
    assert rows(office, case_id)[0].state == "refused"
    move(office, "2024-08-17 09:00")
    assert office.dispatch() == DispatchReport()


def test_not_now_climbs_the_ladder_and_holds_up_nothing_else(opened: timed.Opener) -> None:
    channel = Channel(raises(DeliveryError("the receiver is away", remedy="wait")))
    office, case_id = decided(opened, (channel, "channel"))
    referred = county.referred(office).case_id
    assert office.dispatch() == DispatchReport(delivered=1, put_off=1)
    assert timed.case(office, referred).last_act == "receipt-recorded"
    for seconds in LADDER:
        (row,) = rows(office, case_id)
        assert row.next_attempt_at == office.now() + timedelta(seconds=seconds)
        move(office, row.next_attempt_at)
        office.dispatch()
    (row,) = rows(office, case_id)
    assert (row.state, row.attempts, row.next_attempt_at) == ("dead", len(LADDER) + 1, None)
    assert json.loads(row.answer)["message"] == "the receiver is away"
    assert {one.body for one in channel.told} == {row.body}


@pytest.mark.parametrize(
    "answer",
    [
        raises(RuntimeError("boom")),
        raises(SystemExit(3)),
        lambda _: None,
        lambda _: Receipt(key="another", receipt="T", accepted=True),
        lambda one: Receipt(key=one.key, receipt="\ud83d", accepted=True),
        lambda one: Receipt(key=one.key, receipt="T", accepted="yes"),  # type: ignore[arg-type]  # the wrong receipt is meant
    ],
)
def test_a_channel_that_breaks_its_promise_is_named_and_put_off(
    opened: timed.Opener, answer: Callable[[Notification], Any]
) -> None:
    office, case_id = decided(opened, (Channel(answer), "channel"))
    assert office.dispatch() == DispatchReport(put_off=1)
    (row,) = rows(office, case_id)
    said = json.loads(row.answer)
    assert (row.state, said["code"]) == ("pending", "plugin")
    assert "plugin channel (of-the-test)" in said["message"]
    assert said["remedy"]


def test_a_worker_whose_lease_ran_out_is_overtaken_and_settles_nothing(opened: timed.Opener) -> None:
    inner: list[DispatchReport] = []

    def answer(notification: Notification) -> Receipt:
        if not inner:
            move(office, office.now() + LEASE)  # the first worker stood still for so long
            inner.append(DispatchReport())
            inner[0] = other.dispatch()
        return taken(notification)

    channel = Channel(answer)
    office, case_id = decided(opened, (channel, "channel"))
    other = county.open_small_county(clock=office.clock, plugins=((channel, "channel"),))
    other.services = attrs.evolve(other.services, storage=office.storage)
    assert office.dispatch() == DispatchReport()
    assert inner == [DispatchReport(delivered=1)]
    (row,) = rows(office, case_id)
    assert (row.state, row.attempts, len(channel.told)) == ("delivered", 1, 2)
    assert {one.key for one in channel.told} == {row.key}


def test_a_damaged_row_is_put_off_and_holds_up_nothing(tmp_path: Path) -> None:
    url, channel = f"sqlite:///{tmp_path}/county.db", Channel(taken)
    with timed.open_timed_county(url, start=timed.time(MONDAY), notification_channels=("webhook",)) as office:
        damaged, whole = (reviewed(office) for _ in range(2))
        for case_id in (damaged, whole):
            do(office, c.Approve(case_id=case_id, document="许1"))
    with closing(sqlite3.connect(tmp_path / "county.db")) as database, database:
        database.execute("UPDATE outbox SET body = X'FF7B' WHERE case_id = ?", (damaged,))
    plugins = ((channel, "channel"),)
    with timed.open_timed_county(url, start=timed.time(MONDAY), fresh=False, seed=2, plugins=plugins) as office:
        assert office.dispatch() == DispatchReport(delivered=1, put_off=1)
        assert json.loads(rows(office, whole)[0].answer)["receipt"] == "T-1"
    assert len(channel.told) == 1


def test_the_offered_line_of_the_kit_is_a_channel_of_every_name(opened: timed.Opener) -> None:
    line = lines.FlakyLine(1, lost=True)
    office, case_id = decided(opened, (lines.Offered(line), "line"), notification_channels=("one", "two"))
    assert office.dispatch() == DispatchReport(put_off=2)
    move(office, office.now() + timedelta(seconds=5))
    assert office.dispatch() == DispatchReport(delivered=2)
    assert set(line.book.effects) == {row.key for row in rows(office, case_id)}


# --- where nobody offers the channel ----------------------------------------------------------------------------------


def test_where_no_plugin_offers_the_channel_it_waits_and_the_doctor_says_so(opened: timed.Opener) -> None:
    office, case_id = decided(opened)
    assert office.dispatch() == DispatchReport(put_off=1)
    (row,) = rows(office, case_id)
    assert "no plugin is installed that has a way to webhook" in json.loads(row.answer)["message"]
    (finding,) = (one for one in diagnose(office) if one.code.startswith("channel"))
    assert (finding.code, finding.severity) == ("channel-missing", "warning")
    assert "webhook; 1 notification(s) wait" in finding.message
    assert finding.remedy


def test_the_doctor_sees_a_channel_that_was_taken_out_while_rows_wait_for_it(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/county.db"
    with timed.open_timed_county(url, start=timed.time(MONDAY), notification_channels=("webhook",)) as office:
        do(office, c.Approve(case_id=reviewed(office), document="许1"))
    with timed.open_timed_county(url, start=timed.time(MONDAY), fresh=False, seed=2) as office:
        assert [one.code for one in diagnose(office) if one.code.startswith("channel")] == ["channel-missing"]
        assert office.verify().violations == ()
    plugins = ((Channel(taken), "channel"),)
    with timed.open_timed_county(url, start=timed.time(MONDAY), fresh=False, seed=2, plugins=plugins) as office:
        assert [one.code for one in diagnose(office) if one.code.startswith("channel")] == []
        assert office.dispatch() == DispatchReport(delivered=1), "what was to be told is told"


def test_the_doctor_sees_a_plugin_that_fails_to_offer(opened: timed.Opener) -> None:
    class Sick:
        @hookimpl
        def egov_notification_channel(self, name: str) -> Any:
            return name  # a text is no channel

    office = opened(MONDAY, plugins=((Sick(), "sick"),), **CHANNEL)
    (finding,) = (one for one in diagnose(office) if one.code.startswith("channel"))
    assert (finding.code, finding.severity) == ("channel-broken", "error")
    assert "sick answered egov_notification_channel with something without notify()" in finding.message


# --- verify -----------------------------------------------------------------------------------------------------------

DAMAGES = {
    "its body is another": ("UPDATE outbox SET body = X'7B7D'", "is not what its event tells"),
    "its instant is another": ("UPDATE outbox SET created_at = created_at + 1", "is not what its event tells"),
    "its channel is another": ("UPDATE outbox SET target = 'other'", "no event explains"),
    "its event tells nothing": ("UPDATE outbox SET key = replace(key, ':4:', ':1:')", "no event explains"),
    "its kind is another": ("UPDATE outbox SET kind = 'referral'", "is not what its event tells"),
    "its case is nobody's": ("UPDATE outbox SET case_id = 'nobody'", "1 rows stored, 0 explained"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_verify_finds_a_notification_that_is_not_its_event_s(damage: str, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/county.db"
    with timed.open_timed_county(url, start=timed.time(MONDAY), notification_channels=("webhook",)) as office:
        do(office, c.Approve(case_id=reviewed(office), document="许1"))
        found = office.verify()
        assert found.ok
        assert (found.checked["outbox"], found.checked["referrals"]) == (1, 0)
    statement, said = DAMAGES[damage]
    with closing(sqlite3.connect(tmp_path / "county.db")) as database, database:
        database.execute(statement)
    with open_office(county.settings(url), read_only=True) as office:
        violations = office.verify().violations
    assert [said in one.message for one in violations] == [True], violations


def test_what_was_not_told_is_no_violation(tmp_path: Path) -> None:
    """What is told depends on the settings of the day: a channel that came later has nothing to make up for."""
    url = f"sqlite:///{tmp_path}/county.db"
    with timed.open_timed_county(url, start=timed.time(MONDAY)) as office:
        do(office, c.Approve(case_id=reviewed(office), document="许1"))
    settings = attrs.evolve(county.settings(url), notification_channels=("webhook",))
    with open_office(settings, read_only=True) as office:
        assert office.verify().ok
