"""Area codes: valid on their days for ever, and named with their successors afterwards."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from egov_core.domain.codes.areas import AreaCode, AreaCodes, parse_area_codes
from egov_core.errors import CodeListError, UnknownError

MERGER = date(2015, 12, 1)
OLD = AreaCode(code="990121106", name="旧镇", valid_from=date(2000, 1, 1), valid_to=MERGER, successors=("990121100",))
NEW = AreaCode(code="990121100", name="新镇", valid_from=date(2000, 1, 1))
AREAS = AreaCodes.of([OLD, NEW])


def test_a_retired_code_is_valid_for_what_happened_on_its_days() -> None:
    assert AREAS.on("990121106", date(2015, 11, 30)) == OLD
    with pytest.raises(UnknownError, match="retired since 2015-12-01") as refused:
        AREAS.on("990121106", MERGER)
    assert refused.value.remedy == "use that of 新镇 (990121100)"
    with pytest.raises(UnknownError, match="valid from 2000-01-01 only"):
        AREAS.on("990121100", date(1999, 12, 31))
    with pytest.raises(UnknownError, match="no area code"):
        AREAS.on("990121", MERGER)


@pytest.mark.parametrize(
    ("codes", "fault"),
    [
        ((OLD, NEW, OLD), "twice"),
        ((OLD,), "unknown-successor"),
        ((NEW, AreaCode(code="x", name="x", valid_from=MERGER, valid_to=MERGER)), "order"),
        ((NEW, AreaCode(code="x", name="x", valid_from=MERGER, successors=("990121100",))), "order"),
    ],
)
def test_tables_that_cannot_be_are_refused(codes: tuple[AreaCode, ...], fault: str) -> None:
    with pytest.raises(CodeListError) as refused:
        AreaCodes.of(codes)
    assert [one.code for one in refused.value.faults] == [fault]


def test_everything_wrong_with_a_file_is_said_at_once() -> None:
    row: dict[str, Any] = {"code": 990121, "valid-from": "2000-01-01", "successors": "x", "colour": "red"}
    with pytest.raises(CodeListError) as refused:
        parse_area_codes({"area": [row]}, "areas.toml")
    assert [one.path.rpartition(".")[2] for one in refused.value.faults] == [
        "colour",
        "code",
        "name",
        "valid-from",
        "successors",
    ]
