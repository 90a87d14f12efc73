"""The query contract as tests: subclass `QueryContract`, override `make_storage` and `make_queries`, run pytest.

Rules of this room: what `ports/queries.py` promises and nothing of any backend; a test is named after the promise it
holds (Q1-Q5). A query type that the backend does not claim in `answers()` must be refused, and is then not asked.
"""

# ruff: noqa: D102 - a test's name is its sentence

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from egov_core.domain.legal import start_of
from egov_core.errors import ClaimError, EgovError
from egov_core.ports.queries import (
    Board,
    BoardQuery,
    CardsQuery,
    CaseFileQuery,
    CasesQuery,
    Figures,
    ProgressQuery,
    Queries,
    Query,
    Structure,
)
from egov_core.ports.storage import CardRow, Storage, Unit
from egov_core.testing import storage_rows as new
from egov_core.testing.kit import Kit
from egov_core.testing.query_county import ONE_DAY, ORGANS, REFORM, WHOLES, reformed, settle
from egov_core.testing.query_searching import QuerySearching
from egov_core.testing.storage_rows import AREA, ELSEWHERE, later


class QueryContract(QuerySearching, Kit):
    """Q1-Q5. `levels` are the card levels from mild to grave that `make_queries` is to use."""

    contract = "queries"
    edition = 2
    promises = "egov_core.ports.queries"
    capabilities = ("levels",)
    levels = ("warning", "yellow", "red")

    def make_storage(self, folder: Path) -> Storage:
        """Open the storage in `folder`, an empty folder. Override this."""
        raise NotImplementedError

    def make_queries(self, storage: Storage) -> Queries:
        """The queries over `storage`, with `self.levels`. Override this."""
        raise NotImplementedError

    @pytest.fixture
    def county(self, tmp_path: Path) -> Iterator[Storage]:
        """Sixty cases of three organs with timers and cards, and one case elsewhere."""
        storage = self.make_storage(tmp_path)
        storage.write(settle)
        yield storage
        storage.close()

    @pytest.fixture
    def empty(self, tmp_path: Path) -> Iterator[Storage]:
        """A storage with nothing in it."""
        storage = self.make_storage(tmp_path)
        yield storage
        storage.close()

    def ask(self, storage: Storage, query: Query) -> Any:
        """The answer; None where the backend does not claim the type, after seeing it refused."""
        queries = self.make_queries(storage)
        if type(query) in queries.answers():
            return queries.answer(query)
        with pytest.raises(EgovError):
            queries.answer(query)
        return None

    def claims(self, storage: Storage, *kinds: type) -> bool:
        """Whether the backend answers all of these."""
        return set(kinds) <= self.make_queries(storage).answers()

    # --- Q1 -----------------------------------------------------------------------------------------------------------

    def test_q1_every_figure_is_the_total_of_the_list_behind_it(self, county: Storage) -> None:
        board = self.ask(county, BoardQuery(area=AREA))
        if not self.claims(county, BoardQuery, CardsQuery, CasesQuery):
            return
        assert [figures.organ for figures in board.organs] == sorted(ORGANS)
        for figures in (board.total, *board.organs):
            self.check_figures(county, figures)
        assert board.total.open + board.total.with_upper + board.total.closed == 60
        assert board.total.running["red"] > 0
        assert board.total.running["yellow"] > 0
        assert board.total.ledger["yellow"] > board.total.running["yellow"]
        assert board.written_at == later(60)
        for scope in ("running", "ledger"):
            total = getattr(board.total, scope)
            for level in self.levels:
                assert sum(getattr(one, scope)[level] for one in board.organs) == total[level], (scope, level)

    def test_q1_a_unit_that_earned_a_card_has_a_row_of_its_own(self, empty: Storage) -> None:
        def fn(unit: Unit) -> None:
            unit.save_case(new.case_row("one", organ="health"), expected=0)
            for timer_id, organ in (("one/case/1", "health"), ("one/step/review-1", "health-desk")):
                unit.put_timers([new.timer_row(timer_id, case_id="one", organ=organ)])
                unit.issue_cards([new.card_row(timer_id, "red", case_id="one", organ=organ)])

        empty.write(fn)
        board = self.ask(empty, BoardQuery(area=AREA))
        if not self.claims(empty, BoardQuery, CardsQuery, CasesQuery):
            return
        shown = [(one.organ, one.open, one.running["red"], one.ledger["red"]) for one in board.organs]
        assert shown == [("health", 1, 1, 1), ("health-desk", 0, 1, 1)]
        for figures in (board.total, *board.organs):
            self.check_figures(empty, figures)

    @pytest.mark.parametrize("day", [REFORM - ONE_DAY, REFORM])
    def test_q1_figures_open_by_the_old_and_by_the_new_structure(self, empty: Storage, day: date) -> None:
        """What passed is read under its successor from the day on, and before it under whom it came from."""

        def later_on(unit: Unit) -> None:
            at = start_of(REFORM)
            for item in ("permit-1", "permit-2"):
                row = new.case_row(f"new-{item}", organ="agency", item=item, item_name=item, received_at=at)
                unit.save_case(row, expected=0)
            unit.put_timers([new.timer_row("new/case/1", case_id="new-permit-1", organ="agency")])
            unit.issue_cards([new.card_row("new/case/1", "red", case_id="new-permit-1", organ="agency", at=at)])

        empty.write(settle)
        empty.write(later_on)
        structure = Structure(day=day, organisation=reformed())
        board = self.ask(empty, BoardQuery(area=AREA, structure=structure))
        if not self.claims(empty, BoardQuery, CardsQuery, CasesQuery):
            return
        for figures in (board.total, *board.organs):
            self.check_figures(empty, figures, structure)
        plain = self.ask(empty, BoardQuery(area=AREA))
        assert board.total == plain.total, "nothing is lost or counted twice"
        by_organ = {one.organ: one.open + one.with_upper + one.closed for one in board.organs}
        of_its_time = {one.organ: one.open + one.with_upper + one.closed for one in plain.organs}
        assert of_its_time == {"agency": 2, **dict.fromkeys(ORGANS, 20)}
        if day == REFORM:
            assert by_organ == {"agency": 22, "police": 20, "water": 20}
        else:
            assert by_organ == {"agency": 1, "health": 21, "police": 20, "water": 20}, "permit-2 is new"

    def check_figures(self, storage: Storage, figures: Figures, structure: Structure | None = None) -> None:
        """Open every figure."""
        organ = figures.organ or None
        for whole, figure in zip(WHOLES, (figures.open, figures.with_upper, figures.closed), strict=True):
            asked = CasesQuery(area=AREA, whole=whole, organ=organ, structure=structure)
            assert self.ask(storage, asked).total == figure
        assert set(figures.running) == set(figures.ledger) == set(self.levels)
        for scope, by_level in (("running", figures.running), ("ledger", figures.ledger)):
            for level, figure in by_level.items():
                query = CardsQuery(area=AREA, level=level, organ=organ, scope=scope, structure=structure)
                assert self.ask(storage, query).total == figure

    def test_q1_the_board_of_an_empty_area_is_all_zero(self, empty: Storage) -> None:
        board = self.ask(empty, BoardQuery(area=AREA))
        if board is not None:
            none = dict.fromkeys(self.levels, 0)
            zero = Figures(organ="", open=0, with_upper=0, closed=0, running=none, ledger=none)
            assert board == Board(total=zero, organs=(), written_at=None)

    def test_q1_only_the_gravest_standing_card_of_a_running_timer_is_running(self, empty: Storage) -> None:
        def fn(unit: Unit) -> None:
            unit.save_case(new.case_row(), expected=0)
            unit.put_timers([new.timer_row(name) for name in ("both", "red-revoked", "same")])
            unit.put_timers([new.timer_row("stopped", stopped_at=later(9))])
            for name in ("both", "red-revoked", "stopped"):
                unit.issue_cards([new.card_row(name, level, at=later(n)) for n, level in enumerate(self.levels)])
            unit.revoke_card(new.card_row("red-revoked", "red", revoked_at=later(9), revoke_reason="calendar"))
            unit.issue_cards([new.card_row("same", rule="x"), new.card_row("same", rule="y")])

        empty.write(fn)
        answers = {
            scope: self.ask(empty, CardsQuery(area=AREA, scope=scope)) for scope in ("running", "ledger", "revoked")
        }
        if not self.claims(empty, CardsQuery):
            return
        shown = {
            scope: {(line.card.timer_id, line.card.rule) for line in page.lines} for scope, page in answers.items()
        }
        assert shown["running"] == {("both", "rule-red"), ("red-revoked", "rule-yellow"), ("same", "x"), ("same", "y")}
        assert len(shown["ledger"]) == answers["ledger"].total == 10
        assert shown["revoked"] == {("red-revoked", "rule-red")}

    def test_q1_areas_are_counted_apart(self, county: Storage) -> None:
        board = self.ask(county, BoardQuery(area=ELSEWHERE))
        if board is not None:
            assert (board.total.open, board.total.with_upper, board.total.closed) == (1, 0, 0)
            assert set(board.total.ledger.values()) == {0}

    # --- Q2 -----------------------------------------------------------------------------------------------------------

    @pytest.mark.parametrize(
        "query",
        [
            CardsQuery(area=AREA, scope="all"),
            CardsQuery(area=AREA, page=0),
            CardsQuery(area=AREA, size=0),
            CasesQuery(area=AREA, page=-1),
        ],
    )
    def test_q2_what_cannot_be_a_page_is_refused(self, county: Storage, query: Query) -> None:
        if self.claims(county, type(query)):
            with pytest.raises(ClaimError):
                self.ask(county, query)

    def test_q2_a_case_file_holds_everything_recorded(self, county: Storage) -> None:
        answer = self.ask(county, CaseFileQuery(area=AREA, case_id="case-07"))
        if answer is None:
            assert not self.claims(county, CaseFileQuery)
            return
        assert answer.row == county.case(AREA, "case-07")
        assert answer.events == county.events(AREA, "case-07") != ()
        assert answer.timers == county.timers(AREA, "case-07") != ()
        assert answer.cards == county.cards(AREA, "case-07") != ()
        assert answer.outbox == (county.outbox(AREA, "out-07"),)
        assert self.ask(county, CaseFileQuery(area=AREA, case_id="unknown")) is None

    @pytest.mark.parametrize("scope", ["running", "ledger", "revoked"])
    @pytest.mark.parametrize("size", [500, 7, 1])
    def test_q2_every_card_is_on_exactly_one_page_oldest_first(self, county: Storage, scope: str, size: int) -> None:
        if not self.claims(county, CardsQuery):
            return
        cards: list[CardRow] = []
        page = 1
        while True:
            answer = self.ask(county, CardsQuery(area=AREA, scope=scope, page=page, size=size))
            assert (answer.page, answer.size) == (page, size)
            if not answer.lines:
                break
            for line in answer.lines:
                case = county.case(AREA, line.card.case_id)
                assert case is not None
                assert (line.number, line.item_name, line.state) == (case.number, case.item_name, case.state)
                assert line.card in county.cards(AREA, line.card.case_id)
            cards += [line.card for line in answer.lines]
            page += 1
        assert len(cards) == len(set(cards)) == answer.total
        assert [card.at for card in cards] == sorted(card.at for card in cards)

    @pytest.mark.parametrize("size", [500, 7, 1])
    def test_q2_every_case_is_on_exactly_one_page_latest_received_first(self, county: Storage, size: int) -> None:
        if not self.claims(county, CasesQuery):
            return
        rows = []
        page = 1
        while (answer := self.ask(county, CasesQuery(area=AREA, page=page, size=size))).rows:
            for row in answer.rows:
                running = [t for t in county.timers(AREA, row.case_id) if t.kind == "case" and t.stopped_at is None]
                assert [timer for timer in answer.timers.values() if timer.case_id == row.case_id] == running
            assert set(answer.timers) <= {row.case_id for row in answer.rows}
            rows += answer.rows
            page += 1
        assert len(rows) == len({row.case_id for row in rows}) == answer.total == 60
        assert [row.received_at for row in rows] == sorted((row.received_at for row in rows), reverse=True)

    # --- Q3 -----------------------------------------------------------------------------------------------------------

    def test_q3_progress_wants_number_and_code_that_belong_together(self, county: Storage) -> None:
        def progress(number: str, code_of: str, area: str = AREA) -> Any:
            return self.ask(county, ProgressQuery(area=area, number=number, query_digest=f"digest of {code_of}"))

        if not self.claims(county, ProgressQuery):
            return
        assert progress("N-case-07", "case-07").row == county.case(AREA, "case-07")
        assert progress("N-case-07", "case-08") is None
        assert progress("N-unknown", "case-07") is None
        assert progress("N-case-07", "case-07", ELSEWHERE) is None
        assert self.ask(county, ProgressQuery(area=AREA, number="N-case-07", query_digest="错")) is None
        assert self.ask(county, ProgressQuery(area=AREA, number="N-unknown", query_digest="0" * 64)) is None
