"""The part of the query contract about searching for items.

Rules of this room: part of `QueryContract`, which authors subclass; what is typed and found stands in `search_rows`.
"""

# ruff: noqa: D102 - a test's name is its sentence

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from egov_core.domain.search.terms import normalised
from egov_core.errors import ClaimError
from egov_core.ports.queries import ItemsFound, Query, SearchItems
from egov_core.ports.storage import Storage, Unit
from egov_core.testing import search_rows as found
from egov_core.testing import storage_rows as new
from egov_core.testing.storage_rows import AREA, ELSEWHERE


class QuerySearching:
    """Q4 and Q5."""

    def make_storage(self, folder: Path) -> Storage:
        """The contract's."""
        raise NotImplementedError

    def ask(self, storage: Storage, query: Query) -> Any:
        """The contract's."""
        raise NotImplementedError

    def claims(self, storage: Storage, *kinds: type) -> bool:
        """The contract's."""
        raise NotImplementedError

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

    def test_q4_a_suspended_item_is_found_and_told_so_and_a_withdrawn_one_is_found_no_more(
        self, catalogue: Storage
    ) -> None:
        days = {day: self.find(catalogue, "渡船签证核发", day=day) for day, _ in found.STANDINGS}
        if None in days.values():
            return
        shown = {day: tuple(hit.suspended for hit in answer.hits) for day, answer in days.items() if answer}
        assert shown == dict(found.STANDINGS)
        nearest = [hit.code for answer in days.values() if answer and not answer.hits for hit in answer.nearest]
        assert "i-ferry" not in nearest, "a withdrawn item is not near either"

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
