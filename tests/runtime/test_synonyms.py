"""The synonyms of an office: shipped ones, those of its files over them, and every fault named before it opens."""

from __future__ import annotations

import tomllib
from collections import Counter
from importlib.resources import files
from pathlib import Path

import attrs
import pytest

from egov_core.domain.search.synonyms import parse_synonyms
from egov_core.errors import SettingsError
from egov_core.ports.queries import SearchItems
from egov_core.runtime import synonyms
from egov_core.runtime.bootstrap import open_office
from egov_core.runtime.settings import read_settings
from egov_core.runtime.synonyms import place_synonyms, shipped_synonyms
from egov_core.testing import small_county as county

SETTINGS = '[county]\narea = "990101"\n[search]\nsynonyms = ["own.toml"]\n'
OWN = '[[synonym]]\ntyped = ["红本本", "低保"]\nofficial = ["结婚登记"]\n'


def test_a_place_without_files_has_the_shipped_ones() -> None:
    assert place_synonyms(()) is shipped_synonyms()


def test_no_word_stands_in_two_of_the_shipped_files() -> None:
    folder = files("egov_core") / "data" / "search"
    held = [parse_synonyms(tomllib.loads(file.read_text(encoding="utf-8")), file.name) for file in folder.iterdir()]
    words = Counter(word for one in held for word in one.official)
    assert [word for word, count in words.items() if count > 1] == []
    assert sum(map(len, held)) == len(shipped_synonyms())


def test_files_are_relative_to_the_settings_and_have_the_last_word(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(OWN, encoding="utf-8")
    (tmp_path / "egov.toml").write_text(SETTINGS, encoding="utf-8")
    settings = read_settings(tmp_path / "egov.toml")
    assert settings.synonyms == (str(tmp_path / "own.toml"),)
    held = place_synonyms(settings.synonyms).official
    assert held["红本本"] == held["低保"] == ("结婚登记",)
    assert held["残疾证"] == shipped_synonyms().official["残疾证"]


def test_every_fault_of_every_file_is_named_and_the_office_does_not_open(tmp_path: Path) -> None:
    (tmp_path / "one.toml").write_text('[[synonym]]\ntyped = ["庙"]\n', encoding="utf-8")
    (tmp_path / "two.toml").write_text("word = 3\n", encoding="utf-8")
    paths = tuple(str(tmp_path / name) for name in ("one.toml", "two.toml", "none.toml"))
    with pytest.raises(SettingsError) as refused:
        open_office(attrs.evolve(county.settings(), synonyms=paths))
    for named in ("one.toml: synonym 1.official", "two.toml: word", "none.toml"):
        assert named in refused.value.message
    assert len(refused.value.data["faults"]) == 3
    assert refused.value.remedy


def test_an_open_office_searches_with_them(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    with county.open_small_county(f"sqlite:///{tmp_path}/county.db") as office:
        item = next(iter(office.catalogue.items.values()))[-1]
        own.write_text(f'[[synonym]]\ntyped = ["龙门阵"]\nofficial = ["{item.name}"]\n', encoding="utf-8")
        query = SearchItems(
            area=office.area, text="龙门阵", day=office.now().date(), synonyms=place_synonyms([str(own)])
        )
        assert [hit.code for hit in office.answer(query).hits][:1] == [item.code]
        assert office.synonyms is shipped_synonyms()


def test_nobody_waits_for_the_shipped_ones_before_somebody_searches(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        shipped_synonyms.cache_clear()
        patched.setattr(synonyms, "parse_synonyms", lambda *_given: pytest.fail("they were read"))
        office = county.open_small_county()
    assert office.synonyms is shipped_synonyms()
    office.close()
