"""What is refused of a request from Python: wrong types and sizes, all at once, before anything happens."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from egov_core import Settings, open_office
from egov_core.domain.cases import commands as c
from egov_core.domain.catalogue import PauseKind
from egov_core.domain.people import Personal
from egov_core.errors import ClaimError, SettingsError
from egov_core.testing import small_county as county


def paths(refused: ClaimError) -> list[str]:
    return [fault.path for fault in refused.faults]


def test_every_wrong_part_of_a_submission_is_named_at_once_and_nothing_is_kept() -> None:
    wrong: Any = {"item": 5, "materials": ["form"], "form": {"a": 1}, "channel": 7, "applicant": "周"}
    with county.open_small_county() as office:
        with pytest.raises(ClaimError) as refused:
            office.do(c.Submit(**wrong), actor=county.CITIZEN, key="k")
        assert paths(refused.value) == ["$.item", "$.applicant", "$.materials", "$.form.a", "$.channel"]
        assert office.storage.counts(office.area)["cases"] == 0


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"command": "Submit"}, "$.command"),
        ({"actor": "x"}, "$.actor"),
        ({"actor": None}, "$.actor"),
        ({"key": 7}, "$.key"),
        ({"key": "k" * 201}, "$.key"),
        ({"at": "2024-06-17"}, "$.at"),
    ],
)
def test_a_slip_in_the_request_itself_is_named(given: dict[str, Any], path: str) -> None:
    asked: dict[str, Any] = {"command": c.Accept(case_id="x"), "actor": county.staff("intake"), "key": "", "at": None}
    with county.open_small_county() as office:
        asked |= given
        command = asked.pop("command")
        with pytest.raises(ClaimError) as refused:
            office.do(command, **asked)
        assert paths(refused.value) == [path]


def test_the_spellings_of_the_wire_are_refused_from_python_by_name() -> None:
    wrong: Any = {"kind": "听证", "declared": "5wd"}
    with county.open_small_county() as office:
        case_id = county.accepted(office).case_id
        with pytest.raises(ClaimError) as refused:
            office.do(c.Pause(case_id=case_id, notice="演特〔2024〕1号", **wrong), actor=county.staff("reviewer"))
        assert paths(refused.value) == ["$.kind", "$.declared"]


def test_a_text_longer_than_any_opinion_is_refused() -> None:
    with county.open_small_county() as office:
        case_id = county.accepted(office).case_id
        with pytest.raises(ClaimError, match="10001 characters"):
            office.do(c.Review(case_id=case_id, opinion="长" * 10_001), actor=county.staff("reviewer"))
        done = office.do(c.Review(case_id=case_id, opinion="长" * 10_000), actor=county.staff("reviewer"))
        assert done.state == "reviewed"


def test_a_right_command_of_every_field_kind_passes() -> None:
    with county.open_small_county() as office:
        case_id = county.accepted(office).case_id
        days = county.working_days(5)
        done = office.do(
            c.Pause(case_id=case_id, kind=PauseKind.HEARING, notice="演特〔2024〕1号", declared=days),
            actor=county.staff("reviewer"),
        )
        assert done.state == "paused"


def test_an_office_is_opened_with_settings_of_an_area_and_nothing_else() -> None:
    not_settings: Any = "egov.toml"
    with pytest.raises(SettingsError, match="not str"):
        open_office(not_settings)
    for area in ("", "1", "99012", "99012a"):
        with pytest.raises(SettingsError, match="no area code"):
            Settings(area=area)
    for area, short in (("990121000000", "990121"), ("990121000", "990121"), ("990121100000", "990121100")):
        with pytest.raises(SettingsError, match=f'statistical form of "{short}".*write "{short}"'):
            Settings(area=area)
    assert attrs.evolve(county.settings(), area="990121001").area == "990121001"


def test_a_personal_value_is_a_text() -> None:
    number: Any = 5
    with pytest.raises(ClaimError, match="not int"):
        Personal(number)
