"""The part of the storage contract about what is read: equality and order.

Rules of this room: one thread, no closing; part of `StorageContract`, which authors subclass.
"""

# ruff: noqa: D102 - a test's name is its sentence

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import attrs
import pytest

from egov_core.domain.legal import CHINA, start_of
from egov_core.errors import NaiveTimeError
from egov_core.ports.storage import CaseRow, Storage, TimerRow, Unit
from egov_core.testing import storage_rows as new
from egov_core.testing.storage_rows import AREA, ELSEWHERE, START, later


class StorageReading:
    """S9, S10, S13, S14 and S16."""

    # --- S9 equality --------------------------------------------------------------------------------------------------

    def test_s9_bytes_come_back_equal_and_of_their_own(self, storage: Storage) -> None:
        given = bytearray(new.EVERY_BYTE)
        rows = [new.stored_event(1, payload=given), new.stored_event(2, payload=b"")]
        storage.write(lambda unit: unit.append(rows))
        given[:] = b"altered behind the store's back".ljust(len(given))
        found = storage.events(AREA, "case-1")
        assert [event.payload for event in found] == [new.EVERY_BYTE, b""]
        assert all(type(event.payload) is bytes for event in found)

    @pytest.mark.parametrize(
        "at",
        [
            datetime(2016, 4, 22, 9, 0, 1, 999_999, tzinfo=CHINA),
            datetime(2016, 4, 22, 1, 0, 1, tzinfo=UTC),
            datetime(2016, 4, 21, 20, 0, 1, tzinfo=timezone(timedelta(hours=-5))),
        ],
    )
    def test_s9_instants_come_back_aware_to_the_second(self, storage: Storage, at: datetime) -> None:
        storage.write(lambda unit: unit.put_timers([new.timer_row(started_at=at, next_fire_at=at)]))
        storage.write(lambda unit: unit.advance(AREA, at))
        (found,) = storage.timers(AREA, "case-1")
        for value in (found.started_at, found.next_fire_at, storage.last_instant(AREA)):
            assert value is not None
            assert value.isoformat() == "2016-04-22T09:00:01+08:00"

    @pytest.mark.parametrize("year", [1900, 1969, 1988, 2038, 2100])
    def test_s9_instants_of_all_years_are_kept(self, storage: Storage, year: int) -> None:
        at = datetime(year, 2, 3, 4, 5, 6, tzinfo=CHINA)
        storage.write(lambda unit: unit.save_case(new.case_row(received_at=at), expected=0))
        found = storage.case(AREA, "case-1")
        assert found is not None
        assert found.received_at == at

    def test_s9_a_naive_instant_is_refused(self, storage: Storage) -> None:
        with pytest.raises(NaiveTimeError):
            storage.write(lambda unit: unit.put_timers([new.timer_row(due_at=datetime(2016, 4, 22))]))  # noqa: DTZ001 -- naive on purpose, to see it refused
        assert storage.timers(AREA, "case-1") == ()

    # --- S10 and the other orders -------------------------------------------------------------------------------------

    def test_s10_due_timers_are_the_running_ones_oldest_first(self, storage: Storage) -> None:
        rows = [
            new.timer_row("late", next_fire_at=later(30)),
            new.timer_row("b", next_fire_at=later(20)),
            new.timer_row("a", next_fire_at=later(20)),
            new.timer_row("first", next_fire_at=later(10)),
            new.timer_row("after", next_fire_at=later(31)),
            new.timer_row("silent", next_fire_at=None),
            new.timer_row("stopped", next_fire_at=later(5), stopped_at=later(6)),
            new.timer_row("elsewhere", area=ELSEWHERE, next_fire_at=later(5)),
        ]
        storage.write(lambda unit: unit.put_timers(rows))
        due = storage.due_timers(AREA, later(30), 100)
        assert [row.timer_id for row in due] == ["first", "a", "b", "late"]
        assert [row.timer_id for row in storage.due_timers(AREA, later(30), 2)] == ["first", "a"]
        storage.write(lambda unit: unit.put_timers([attrs.evolve(due[0], next_fire_at=None)]))
        assert [row.timer_id for row in storage.due_timers(AREA, later(29), 100)] == ["a", "b"]

    def test_s13_running_timers_are_those_whose_days_meet_the_days_asked_for(self, storage: Storage) -> None:
        first, last = date(2016, 6, 6), date(2016, 6, 10)

        def from_to(timer_id: str, start: datetime, covers_to: date, **changes: Any) -> TimerRow:
            return new.timer_row(timer_id, started_at=start, covers_to=covers_to, **changes)

        def at(day: date, second: int = 0) -> datetime:
            return start_of(day) + timedelta(seconds=second)

        rows = [
            from_to("around", at(date(2016, 5, 1)), date(2016, 7, 1)),
            from_to("within", at(date(2016, 6, 8)), date(2016, 6, 9)),
            from_to("to-the-first", at(date(2016, 5, 1)), first),
            from_to("from-the-last-second", at(last, 86_399), date(2016, 7, 1)),
            from_to("before", at(date(2016, 5, 1)), first - timedelta(days=1)),
            from_to("after", at(last + timedelta(days=1)), date(2016, 7, 1)),
            from_to("stopped", at(date(2016, 5, 1)), date(2016, 7, 1), stopped_at=at(date(2016, 6, 1))),
            from_to("silent", at(date(2016, 5, 1)), date(2016, 7, 1), next_fire_at=None),
            from_to("elsewhere", at(date(2016, 5, 1)), date(2016, 7, 1), area=ELSEWHERE),
        ]
        storage.write(lambda unit: unit.put_timers(rows))
        wanted = ["around", "from-the-last-second", "silent", "to-the-first", "within"]
        assert [row.timer_id for row in storage.running_timers(AREA, first, last, "", 100)] == wanted
        by_id = {row.timer_id: row for row in rows if row.area == AREA}
        assert list(storage.running_timers(AREA, first, last, "", 100)) == [by_id[name] for name in wanted]
        storage.write(
            lambda unit: unit.put_timers(
                [
                    attrs.evolve(by_id["around"], stopped_at=at(first)),
                    attrs.evolve(by_id["stopped"], stopped_at=None),
                    attrs.evolve(by_id["before"], covers_to=first),
                ]
            )
        )
        assert [row.timer_id for row in storage.running_timers(AREA, first, last, "", 100)] == sorted(
            {*wanted, "stopped", "before"} - {"around"}
        )

    @pytest.mark.parametrize("size", [1, 2, 3, 7, 100])
    def test_s13_page_by_page_every_running_timer_appears_once_in_order_of_its_id(
        self, storage: Storage, size: int
    ) -> None:
        names = sorted(["a", "b/1", "b/2", "B", "a/10", "a/2", "许可"])
        over = [new.timer_row(f"{name}-over", covers_to=START.date() - timedelta(days=1)) for name in ("A", *names)]
        storage.write(lambda unit: unit.put_timers([*over, *(new.timer_row(name) for name in reversed(names))]))
        found: list[str] = []
        after = ""
        while page := storage.running_timers(AREA, START.date(), date(2016, 5, 3), after, size):
            assert len(page) <= size
            found += [row.timer_id for row in page]
            after = found[-1]
        assert found == names

    @pytest.mark.parametrize("size", [1, 2, 3, 7, 100])
    def test_s16_page_by_page_every_case_appears_once_in_order_of_its_id(self, storage: Storage, size: int) -> None:
        names = sorted(["a", "b/1", "b/2", "B", "a/10", "a/2", "许可"])
        rows = {name: new.case_row(name) for name in names}

        def save(unit: Unit) -> None:
            for name in reversed(names):
                unit.save_case(rows[name], expected=0)
            unit.save_case(new.case_row("aa", area=ELSEWHERE), expected=0)
            unit.append([new.stored_event(1, stream="item:no-case")])

        storage.write(save)
        rows["a/2"] = attrs.evolve(rows["a/2"], version=2, state="closed", data=b"anew")
        storage.write(lambda unit: unit.save_case(rows["a/2"], expected=1))
        found: list[CaseRow] = []
        after = ""
        while page := storage.cases(AREA, after, size):
            assert type(page) is tuple
            assert len(page) <= size
            found += page
            after = page[-1].case_id
        assert found == [rows[name] for name in names]

    def test_s10_due_outbox_rows_are_the_pending_ones_oldest_first(self, storage: Storage) -> None:
        rows = [
            new.outbox_row("late", next_attempt_at=later(30)),
            new.outbox_row("b", next_attempt_at=later(20)),
            new.outbox_row("a", next_attempt_at=later(20)),
            new.outbox_row("after", next_attempt_at=later(31)),
            new.outbox_row("done", next_attempt_at=later(5), state="delivered"),
            new.outbox_row("never", next_attempt_at=None),
        ]
        storage.write(lambda unit: unit.enqueue(rows))
        assert [row.key for row in storage.due_outbox(AREA, later(30), 100)] == ["a", "b", "late"]
        assert [row.key for row in storage.due_outbox(AREA, later(30), 1)] == ["a"]

    def test_s10_the_outbox_of_a_case_holds_all_its_rows_in_order_of_key(self, storage: Storage) -> None:
        rows = [
            new.outbox_row("b", next_attempt_at=later(20)),
            new.outbox_row("a", next_attempt_at=later(30)),
            new.outbox_row("done", next_attempt_at=None, state="delivered"),
            new.outbox_row("dead", next_attempt_at=None, state="dead"),
            new.outbox_row("other", case_id="case-2"),
            new.outbox_row("away", area=ELSEWHERE),
        ]
        storage.write(lambda unit: unit.enqueue(rows))
        assert [row.key for row in storage.outbox_of(AREA, "case-1")] == ["a", "b", "dead", "done"]
        tried = attrs.evolve(rows[0], attempts=1, next_attempt_at=later(300), answer=b"503", fence=1)
        assert storage.write(lambda unit: unit.settle(tried, fence=0))
        assert storage.outbox_of(AREA, "case-1") == (rows[1], tried, rows[3], rows[2])
        assert storage.outbox_of(AREA, "case-2") == (rows[4],)
        assert storage.outbox_of(AREA, "case-3") == ()

    def test_s14_an_outbox_row_is_settled_once(self, storage: Storage) -> None:
        storage.write(lambda unit: unit.enqueue([new.outbox_row()]))
        tried = new.outbox_row(attempts=1, next_attempt_at=later(300), answer=b"503", fence=1)
        assert storage.write(lambda unit: unit.settle(tried, fence=0))
        assert not storage.write(lambda unit: unit.settle(new.outbox_row(state="delivered"), fence=0))
        assert not storage.write(lambda unit: unit.settle(new.outbox_row("unknown"), fence=0))
        assert storage.outbox(AREA, "out-1") == tried

    def test_s14_whoever_was_overtaken_settles_nothing_whatever_the_attempts_say(self, storage: Storage) -> None:
        storage.write(lambda unit: unit.enqueue([new.outbox_row(next_attempt_at=later(5))]))
        first, second = (new.outbox_row(next_attempt_at=later(65 + n), fence=1 + n) for n in range(2))
        assert storage.write(lambda unit: unit.settle(first, fence=0))
        assert storage.due_outbox(AREA, later(64), 10) == ()  # taken: due again when the lease has run out
        assert storage.due_outbox(AREA, later(65), 10) == (first,)
        assert storage.write(lambda unit: unit.settle(second, fence=1))
        late = new.outbox_row(state="delivered", next_attempt_at=None, attempts=1, fence=2)
        assert not storage.write(lambda unit: unit.settle(late, fence=1))
        assert not storage.write(lambda unit: unit.settle(late, fence=0))
        assert storage.outbox(AREA, "out-1") == second
        assert storage.write(lambda unit: unit.settle(attrs.evolve(late, fence=3), fence=2))
        assert storage.due_outbox(AREA, later(10_000), 10) == ()

    def test_s14_of_two_that_take_a_row_in_one_commit_one_has_it(self, storage: Storage) -> None:
        storage.write(lambda unit: unit.enqueue([new.outbox_row()]))
        taken = new.outbox_row(next_attempt_at=later(65), fence=1)
        assert storage.write(lambda unit: [unit.settle(taken, fence=0), unit.settle(taken, fence=0)]) == [True, False]

    def test_s10_lists_come_in_the_order_promised(self, storage: Storage) -> None:
        def fn(unit: Unit) -> None:
            unit.put_timers([new.timer_row(name) for name in ("b", "B", "a")])
            unit.issue_cards(
                [
                    new.card_row("b", at=later(1)),
                    new.card_row("a", at=later(2)),
                    new.card_row("a", at=later(1), rule="y"),
                    new.card_row("a", at=later(1), rule="x", epoch=1),
                    new.card_row("a", at=later(1), rule="x", epoch=0),
                ]
            )
            unit.put_references([new.reference_row("b"), new.reference_row("a", 10), new.reference_row("a", 2)])

        storage.write(fn)
        assert [row.timer_id for row in storage.timers(AREA, "case-1")] == ["B", "a", "b"]
        cards = [(row.at, row.timer_id, row.rule, row.epoch) for row in storage.cards(AREA, "case-1")]
        assert len(cards) == 5
        assert cards == sorted(cards)
        assert [(row.code, row.version) for row in storage.references(AREA, "organ")] == [("a", 2), ("a", 10), ("b", 1)]

    def test_s10_replaced_rows_are_replaced(self, storage: Storage) -> None:
        def put(organ: str) -> None:
            storage.write(lambda unit: unit.put_timers([new.timer_row(organ=organ, case_id=organ)]))
            storage.write(lambda unit: unit.put_subject(new.subject_row(data=organ.encode())))
            storage.write(lambda unit: unit.put_references([new.reference_row(data=organ.encode())]))

        put("health")
        put("police")
        assert storage.timers(AREA, "health") == ()
        assert [row.organ for row in storage.timers(AREA, "police")] == ["police"]
        assert storage.subject(AREA, "subject-1") == new.subject_row(data=b"police")
        assert storage.references(AREA, "organ") == (new.reference_row(data=b"police"),)
        assert storage.reference_version(AREA) == 2

    def test_s10_the_last_instant_never_goes_back(self, storage: Storage) -> None:
        def advance(seconds: int) -> None:
            storage.write(lambda unit: unit.advance(AREA, later(seconds)))

        for seconds in (10, 5, 20, 0):
            advance(seconds)
        assert storage.last_instant(AREA) == later(20)
        storage.write(lambda unit: unit.put_references([new.reference_row()]))
        assert (storage.last_instant(AREA), storage.reference_version(AREA)) == (later(20), 1)

    def test_s10_nothing_given_is_nothing_done(self, storage: Storage) -> None:
        def fn(unit: Unit) -> None:
            unit.append([])
            unit.put_timers([])
            unit.issue_cards([])
            unit.enqueue([])
            unit.put_references([])

        storage.write(fn)
        assert storage.reference_version(AREA) == 0
        assert set(storage.counts(AREA).values()) == {0}
