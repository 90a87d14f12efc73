"""The part of the storage contract about what there is once: positions of a stream, keys, numbers, reference data.

Rules of this room: one thread, no closing; part of `StorageContract`, which authors subclass.
"""

# ruff: noqa: D102 - a test's name is its sentence

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import attrs
import pytest

from egov_core.domain.audit import GENESIS
from egov_core.errors import ConflictError, UnknownError
from egov_core.ports.storage import Storage, Unit
from egov_core.testing import storage_rows as new
from egov_core.testing.storage_rows import AREA, ELSEWHERE, START, later


class Stop(Exception):  # noqa: N818 - not an error of ours: what a function may raise
    """Raised by functions of this kit."""


class StorageUniqueness:
    """S5, S6, S7 and S15."""

    # --- S5 streams ---------------------------------------------------------------------------------------------------

    @pytest.mark.parametrize("positions", [(2,), (0,), (1, 3), (1, 1), (2, 1)])
    def test_s5_a_stream_begins_at_one_and_has_no_gap(self, storage: Storage, positions: tuple[int, ...]) -> None:
        with pytest.raises(ConflictError):
            storage.write(lambda unit: unit.append([new.stored_event(p) for p in positions]))
        assert storage.events(AREA, "case-1") == ()

    @pytest.mark.parametrize("position", [1, 2, 4])
    def test_s5_a_stream_goes_on_after_its_last_position(self, storage: Storage, position: int) -> None:
        storage.write(lambda unit: unit.append([new.stored_event(1), new.stored_event(2)]))
        with pytest.raises(ConflictError):
            storage.write(lambda unit: unit.append([new.stored_event(position)]))
        storage.write(lambda unit: unit.append([new.stored_event(3)]))
        assert [event.position for event in storage.events(AREA, "case-1")] == [1, 2, 3]

    def test_s5_the_head_of_a_stream_is_that_of_its_last_event(self, storage: Storage) -> None:
        def fn(unit: Unit) -> None:
            unit.append([new.stored_event(1), new.stored_event(2)])
            assert unit.head(AREA, "case-1") == (2, new.stored_event(2).head)

        storage.write(fn)
        storage.write(lambda unit: unit.append([new.stored_event(3)]))
        assert storage.write(lambda unit: unit.head(AREA, "case-1")) == (3, new.stored_event(3).head)
        assert storage.write(lambda unit: unit.head(ELSEWHERE, "case-1")) == (0, GENESIS)

    def test_s5_streams_are_named_in_order(self, storage: Storage) -> None:
        def fn(unit: Unit) -> None:
            for stream in ("b", "许可", "a", "B"):
                unit.append([new.stored_event(1, stream), new.stored_event(2, stream)])

        storage.write(fn)
        assert list(storage.streams(AREA)) == ["B", "a", "b", "许可"]
        assert list(storage.streams(ELSEWHERE)) == []

    # --- S6 unique keys -----------------------------------------------------------------------------------------------

    @pytest.mark.parametrize(
        "again",
        [
            lambda unit: unit.issue_cards([new.card_row(at=later(1), organ="police")]),
            lambda unit: unit.issue_cards([new.card_row("fresh"), new.card_row()]),
            lambda unit: unit.issue_cards([new.card_row("fresh"), new.card_row("fresh")]),
            lambda unit: unit.remember(new.idempotency_row(answer=b"other")),
            lambda unit: unit.enqueue([new.outbox_row("fresh"), new.outbox_row(body=b"other")]),
        ],
    )
    def test_s6_a_key_is_used_once_and_a_refused_call_does_nothing(
        self, storage: Storage, again: Callable[[Unit], None]
    ) -> None:
        def first(unit: Unit) -> None:
            unit.issue_cards([new.card_row()])
            unit.remember(new.idempotency_row())
            unit.enqueue([new.outbox_row()])

        def caught(unit: Unit) -> None:
            with pytest.raises(ConflictError):
                again(unit)
            unit.advance(AREA, START)

        storage.write(first)
        with pytest.raises(ConflictError):
            storage.write(again)
        storage.write(caught)
        assert storage.last_instant(AREA) == START
        assert storage.cards(AREA, "case-1") == (new.card_row(),)
        assert storage.recall(AREA, "clerk-1", "key-1") == new.idempotency_row()
        assert storage.outbox(AREA, "out-1") == new.outbox_row()
        assert storage.counts(AREA) == {"cases": 0, "events": 0, "timers": 0, "cards": 1, "outbox": 1}

    def test_s6_cards_that_differ_in_any_part_of_the_key_stand_together(self, storage: Storage) -> None:
        cards = [
            new.card_row(),
            new.card_row("timer-2"),
            new.card_row(rule="other"),
            new.card_row(level="red", rule="rule-yellow"),
            new.card_row(epoch=1),
        ]
        storage.write(lambda unit: unit.issue_cards(cards))
        assert storage.counts(AREA)["cards"] == 5

    def test_s6_a_key_belongs_to_its_actor(self, storage: Storage) -> None:
        another = new.idempotency_row(actor="clerk-2", answer=b"other")
        storage.write(lambda unit: unit.remember(new.idempotency_row()))
        storage.write(lambda unit: unit.remember(another))
        assert storage.recall(AREA, "clerk-1", "key-1") == new.idempotency_row()
        assert storage.recall(AREA, "clerk-2", "key-1") == another
        assert storage.recall(AREA, "clerk-3", "key-1") is None

    def test_s6_a_card_that_is_not_there_cannot_be_revoked(self, storage: Storage) -> None:
        storage.write(lambda unit: unit.issue_cards([new.card_row()]))
        with pytest.raises(UnknownError):
            storage.write(lambda unit: unit.revoke_card(new.card_row(epoch=1, revoked_at=later(9))))
        assert storage.cards(AREA, "case-1") == (new.card_row(),)

    def test_s6_a_card_is_revoked_never_deleted_nor_issued_again(self, storage: Storage) -> None:
        storage.write(lambda unit: unit.issue_cards([new.card_row()]))
        revoked = attrs.evolve(new.card_row(), revoked_at=later(9), revoke_reason="calendar")
        storage.write(lambda unit: unit.revoke_card(attrs.evolve(revoked, organ="not asked")))
        assert storage.cards(AREA, "case-1") == (revoked,)
        with pytest.raises(ConflictError):
            storage.write(lambda unit: unit.issue_cards([new.card_row()]))

    # --- S7 numbers ---------------------------------------------------------------------------------------------------

    def test_s7_failures_leave_no_gap(self, storage: Storage) -> None:
        def fail(unit: Unit) -> None:
            unit.next_number(AREA, "2016")
            unit.next_number(AREA, "2016")
            raise Stop

        given: list[Any] = []
        for _ in range(3):
            given.append(storage.write(lambda unit: unit.next_number(AREA, "2016")))
            with pytest.raises(Stop):
                storage.write(fail)
        assert given == [1, 2, 3]
        assert storage.write(lambda unit: [unit.next_number(AREA, "2016"), unit.next_number(AREA, "2016")]) == [4, 5]
        assert storage.write(lambda unit: unit.next_number(AREA, "2017")) == 1

    # --- S15 taking reference data away -------------------------------------------------------------------------------

    def test_s15_reference_data_are_taken_away_and_can_be_put_again(self, storage: Storage) -> None:
        rows = [new.reference_row("a"), new.reference_row("b"), new.reference_row("b", 2)]
        storage.write(lambda unit: unit.put_references(rows))
        storage.write(lambda unit: unit.drop_references([rows[0], rows[2]]))
        assert storage.references(AREA, "organ") == (rows[1],)
        assert storage.reference_version(AREA) == 2
        storage.write(lambda unit: unit.put_references([rows[0]]))
        assert storage.references(AREA, "organ") == (rows[0], rows[1])

    @pytest.mark.parametrize("other", [{"data": b"else"}, {"version": 2}, {"kind": "person"}, {"code": "b"}])
    def test_s15_only_what_is_stored_just_so_is_taken_away(self, storage: Storage, other: dict[str, Any]) -> None:
        kept = [new.reference_row("a"), new.reference_row("c")]
        storage.write(lambda unit: unit.put_references(kept))

        def fn(unit: Unit) -> None:
            with pytest.raises(ConflictError):
                unit.drop_references([kept[1], attrs.evolve(kept[0], **other)])

        storage.write(fn)
        assert storage.references(AREA, "organ") == tuple(kept)
        assert storage.reference_version(AREA) == 1

    def test_s15_taking_the_same_row_away_twice_is_refused_and_does_nothing(self, storage: Storage) -> None:
        row = new.reference_row("a")
        storage.write(lambda unit: unit.put_references([row]))
        with pytest.raises(ConflictError):
            storage.write(lambda unit: unit.drop_references([row, row]))
        assert storage.references(AREA, "organ") == (row,)

    def test_s15_a_unit_knows_how_often_reference_data_were_written(self, storage: Storage) -> None:
        row = new.reference_row("a")

        def fn(unit: Unit) -> list[int]:
            seen = [unit.reference_version(AREA)]
            unit.put_references([row])
            seen.append(unit.reference_version(AREA))
            unit.drop_references([row])
            return [*seen, unit.reference_version(AREA), unit.reference_version(ELSEWHERE)]

        assert storage.write(fn) == [0, 1, 2, 0]
        assert storage.write(lambda unit: unit.reference_version(AREA)) == storage.reference_version(AREA) == 2
        storage.write(lambda unit: unit.drop_references([]))
        assert storage.reference_version(AREA) == 2

    def test_s15_what_failed_has_taken_nothing_away(self, storage: Storage) -> None:
        row = new.reference_row("a")
        storage.write(lambda unit: unit.put_references([row]))

        def fn(unit: Unit) -> None:
            unit.drop_references([row])
            raise Stop

        with pytest.raises(Stop):
            storage.write(fn)
        assert storage.references(AREA, "organ") == (row,)
        assert storage.reference_version(AREA) == 1
