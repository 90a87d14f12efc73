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

from egov_core.domain.search.terms import normalised
from egov_core.errors import ClaimError, EgovError
from egov_core.ports.queries import (
    Board,
    BoardQuery,
    CardsQuery,
    CaseFileQuery,
    CasesQuery,
    Figures,
    ItemsFound,
    ProgressQuery,
    Queries,
    Query,
    SearchItems,
)
from egov_core.ports.storage import CardRow, Storage, Unit
from egov_core.testing import search_rows as found
from egov_core.testing import storage_rows as new
from egov_core.testing.kit import Kit
from egov_core.testing.storage_rows import AREA, ELSEWHERE, later

ORGANS = ("health", "police", "water")
WHOLES = ("open", "with-upper", "closed")


class QueryContract(Kit):
    """Q1-Q5. `levels` are the card levels from mild to grave that `make_queries` is to use."""

    contract = "queries"
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

    def check_figures(self, storage: Storage, figures: Figures) -> None:
        """Open every figure."""
        organ = figures.organ or None
        for whole, figure in zip(WHOLES, (figures.open, figures.with_upper, figures.closed), strict=True):
            assert self.ask(storage, CasesQuery(area=AREA, whole=whole, organ=organ)).total == figure
        assert set(figures.running) == set(figures.ledger) == set(self.levels)
        for scope, by_level in (("running", figures.running), ("ledger", figures.ledger)):
            for level, figure in by_level.items():
                query = CardsQuery(area=AREA, level=level, organ=organ, scope=scope)
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

    # --- Q4, Q5 -------------------------------------------------------------------------------------------------------

    def find(self, storage: Storage, text: str, **asked: Any) -> ItemsFound | None:
        """What is found on a day in 2020; None where the backend does not search."""
        query = SearchItems(**{"area": AREA, "text": text, "day": found.DAY, "synonyms": found.SYNONYMS, **asked})
        answer: ItemsFound | None = self.ask(storage, query)
        return answer

    def codes(self, storage: Storage, text: str, **asked: Any) -> list[str] | None:
        """The codes of the hits in order; None where the backend does not search."""
        answer = self.find(storage, text, **asked)
        return None if answer is None else [hit.code for hit in answer.hits]

    @pytest.fixture
    def catalogue(self, tmp_path: Path) -> Iterator[Storage]:
        """A storage with the items and organs of `search_rows`."""
        storage = self.make_storage(tmp_path)
        storage.write(lambda unit: unit.put_references(found.rows()))
        yield storage
        storage.close()

    @pytest.mark.parametrize(("text", "first", "way"), found.FINDS, ids=[row[2] for row in found.FINDS])
    def test_q4_what_somebody_types_finds_the_item(self, catalogue: Storage, text: str, first: str, way: str) -> None:
        codes = self.codes(catalogue, text)
        assert codes is None or codes[:1] == [first], way

    @pytest.mark.parametrize("text", ["", " ，。 ", "量子纠缠望远镜", "%", "_", "' OR 1=1 --", "\x00"])
    def test_q4_what_no_item_answers_finds_nothing(self, catalogue: Storage, text: str) -> None:
        assert not self.codes(catalogue, text)

    def test_q4_an_item_is_found_in_the_version_in_force_on_the_day_and_not_outside(self, catalogue: Storage) -> None:
        days = {day: self.find(catalogue, "垃圾清运", day=day) for day in found.DAYS_OF_VERSIONS}
        if None in days.values():
            return
        shown = {day: [(hit.code, hit.version) for hit in answer.hits] for day, answer in days.items() if answer}
        assert shown == {day: [] if version is None else [("i-waste", version)] for day, version in found.VERSIONS}
        assert self.codes(catalogue, "停用事项") == []

    def test_q4_the_name_of_another_version_finds_nothing(self, catalogue: Storage) -> None:
        assert self.codes(catalogue, "旧名称收运", day=date(2021, 2, 1)) in (None, [])

    def test_q4_areas_are_searched_apart(self, catalogue: Storage) -> None:
        codes = self.codes(catalogue, "食品经营许可", area=ELSEWHERE)
        assert codes in (None, ["i-elsewhere"])

    def test_q4_name_comes_before_materials_and_those_before_the_basis(self, catalogue: Storage) -> None:
        codes = self.codes(catalogue, "健康证明")
        assert codes in (None, ["i-health", "i-food", "i-school"])

    def test_q4_a_whole_word_comes_before_its_parts(self, catalogue: Storage) -> None:
        codes = self.codes(catalogue, "取水许可")
        assert codes is None or codes.index("i-water") == 0

    def test_q4_each_item_is_there_once_at_most_as_many_as_asked_and_always_in_the_same_order(
        self, catalogue: Storage
    ) -> None:
        every = self.codes(catalogue, "许可", limit=100)
        if every is None:
            return
        assert len(every) == len(set(every)) > 5
        for limit in (1, 3, 5):
            assert self.codes(catalogue, "许可", limit=limit) == every[:limit]

    @pytest.mark.parametrize("limit", [0, -1, 101])
    def test_q4_what_cannot_be_a_number_of_hits_is_refused(self, catalogue: Storage, limit: int) -> None:
        if self.claims(catalogue, SearchItems):
            with pytest.raises(ClaimError):
                self.find(catalogue, "许可", limit=limit)

    def test_q4_what_was_committed_is_found_and_what_was_replaced_or_undone_is_not(self, catalogue: Storage) -> None:
        if not self.claims(catalogue, SearchItems):
            return
        renamed = found.item_row("i-water", "地下水开采许可")

        def fails(unit: Unit) -> None:
            unit.put_references([renamed])
            raise RuntimeError

        with pytest.raises(RuntimeError):
            catalogue.write(fails)
        assert self.codes(catalogue, "地下水开采") == []
        assert (self.codes(catalogue, "取水许可") or [""])[0] == "i-water"
        catalogue.write(lambda unit: unit.put_references([renamed]))
        assert self.codes(catalogue, "地下水开采") == ["i-water"]
        assert "i-water" not in (self.codes(catalogue, "取水") or [])

    def test_q4_an_organ_that_is_renamed_is_searched_by_its_new_name(self, catalogue: Storage) -> None:
        if not self.claims(catalogue, SearchItems):
            return
        assert self.codes(catalogue, "水务局") == ["i-water"]
        catalogue.write(lambda unit: unit.put_references([found.organ_row("water", "河湖管理局")]))
        assert self.codes(catalogue, "河湖管理局") == ["i-water"]
        assert self.codes(catalogue, "水务局") == []

    def test_q4_rows_that_hold_no_item_are_kept_and_found_by_nobody(self, catalogue: Storage) -> None:
        row = new.reference_row("i-odd", kind="item")
        catalogue.write(lambda unit: unit.put_references([row]))
        assert row in catalogue.references(AREA, "item")
        codes = self.codes(catalogue, "许可", limit=100)
        assert codes is None or "i-odd" not in codes

    def test_q5_a_hit_says_where_and_by_which_words_it_was_found(self, catalogue: Storage) -> None:
        answer = self.find(catalogue, "食品许可 健康证明")
        if answer is None:
            return
        hit = answer.hits[0]
        assert (hit.code, hit.version, hit.name, hit.organ, hit.organ_name) == found.FOOD
        said = {(one.field.value, one.text): one.words for one in hit.found}
        assert said == {("name", "食品经营许可"): ("食品", "许可"), ("material", "从业人员健康证明"): ("健康证明",)}
        assert (hit.by, hit.corrected) == ((), False)

    def test_q5_every_word_that_is_said_stands_where_it_is_said_to_stand(self, catalogue: Storage) -> None:
        for text, _, _ in found.FINDS:
            answer = self.find(catalogue, text)
            for hit in () if answer is None else (*answer.hits, *answer.nearest):
                assert hit.found
                assert all(word in normalised(one.text) for one in hit.found for word in one.words)

    def test_q5_a_hit_says_by_which_synonym_it_was_found(self, catalogue: Storage) -> None:
        answer = self.find(catalogue, "开饭店")
        if answer is not None:
            assert [(one.typed, one.official) for one in answer.hits[0].by] == [("开饭店", "食品经营许可")]

    def test_q5_a_hit_says_that_a_character_was_corrected(self, catalogue: Storage) -> None:
        answer = self.find(catalogue, "食品竞营许可")
        if answer is not None:
            assert (answer.hits[0].code, answer.hits[0].corrected) == ("i-food", True)

    def test_q5_where_nothing_is_found_the_nearest_are_told(self, catalogue: Storage) -> None:
        answer = self.find(catalogue, "玫瑰花健康")
        if answer is not None:
            assert answer.hits == ()
            assert "i-health" in [hit.code for hit in answer.nearest]


def settle(unit: Unit) -> None:
    """Sixty cases of three organs in AREA with timers, cards and outbox rows, and one case elsewhere."""
    unit.save_case(new.case_row("elsewhere", area=ELSEWHERE), expected=0)
    for n in range(60):
        case_id, organ, whole = f"case-{n:02}", ORGANS[n % 3], WHOLES[n % 5 % 3]
        row = new.case_row(case_id, organ=organ, whole=whole, state=f"state-{n % 4}", received_at=later(n // 2))
        unit.save_case(row, expected=0)
        unit.append([new.stored_event(1, case_id), new.stored_event(2, case_id)])
        stopped_at = later(40) if whole == "closed" else None
        unit.put_timers([new.timer_row(f"{case_id}/case", case_id=case_id, organ=organ, stopped_at=stopped_at)])
        unit.put_timers([new.timer_row(f"{case_id}/step", case_id=case_id, organ=organ, kind="step")])
        for place, level in enumerate(("warning", "yellow", "red")[: n % 4]):
            card = new.card_row(f"{case_id}/case", level, case_id=case_id, organ=organ, at=later(n % 7 * 10 + place))
            unit.issue_cards([card])
            if n % 6 == 1:
                unit.revoke_card(new.card_row(f"{case_id}/case", level, revoked_at=later(50), revoke_reason="calendar"))
        unit.enqueue([new.outbox_row(f"out-{n:02}", case_id=case_id)])
        unit.advance(AREA, later(n + 1))
