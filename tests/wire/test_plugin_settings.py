"""A plugin's own table: every fault at once, under its whole name, in words for whoever edits the file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Any, Literal

import attrs
import pytest

from egov_core.errors import ClaimError
from egov_core.wire.plugin_settings import plugin_settings

TABLE = "[plugins.settings.wells]"


class Colour(Enum):
    BLUE = "blue"
    GREEN = "green"


@attrs.frozen(kw_only=True)
class Pump:
    name: str
    power: int = attrs.field(default=1, validator=attrs.validators.ge(1))


def _is_short(_settings: object, _field: object, value: str) -> None:
    if len(value) > 5:
        raise ValueError("is too long: five characters at most")


@attrs.frozen(kw_only=True)
class Wells:
    depth: float = attrs.field(default=1.0, validator=attrs.validators.gt(0))
    label: str = attrs.field(default="", validator=_is_short)
    counted_by: Literal["organ", "area"] = "organ"
    step: Literal[1, 2] | None = None
    colour: Colour = Colour.BLUE
    items: tuple[str, ...] = ()
    years: list[int] = attrs.field(factory=list)
    names: Mapping[str, str] = attrs.field(factory=dict)
    since: date | None = None
    file: Path | None = None
    pump: Pump | None = None
    _hidden: int = 0

    def __attrs_post_init__(self) -> None:
        if self.label == "deep" and self.depth < 10:
            raise ValueError("a label of deep needs a depth of 10 and more")


@attrs.frozen(kw_only=True)
class Needed:
    url: str
    port: int


def faults(table: Mapping[str, Any], kind: type = Wells) -> list[str]:
    with pytest.raises(ClaimError) as told:
        plugin_settings(table, kind, TABLE)
    assert told.value.message == "; ".join(f"{one.path} {one.message}" for one in told.value.faults)
    return [f"{one.path} {one.message}" for one in told.value.faults]


def test_what_is_right_is_read() -> None:
    table = {
        "depth": 3,
        "counted_by": "area",
        "step": 2,
        "colour": "green",
        "items": ["a", "b"],
        "years": [2024],
        "names": {"agent": "代理人"},
        "since": date(2026, 3, 2),
        "file": "/etc/x",
        "pump": {"name": "p", "power": 2},
        "_hidden": 3,
    }
    read = plugin_settings(table, Wells, TABLE)
    assert (read.depth, read.counted_by, read.step, read.colour) == (3.0, "area", 2, Colour.GREEN)
    assert (read.items, read.years, read.names) == (("a", "b"), [2024], {"agent": "代理人"})
    assert (read.since, read.file, read.pump) == (date(2026, 3, 2), Path("/etc/x"), Pump(name="p", power=2))
    assert read._hidden == 3
    assert plugin_settings({}, Wells, TABLE) == Wells()


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"counted_by": "town"}, 'counted_by must be "organ" or "area"'),
        ({"step": True}, "step must be 1 or 2"),
        ({"colour": "red"}, 'colour must be "blue" or "green"'),
        ({"items": ["a", 2]}, "items[1] must be a text, not int"),
        ({"items": "a"}, "items must be a list, in square brackets"),
        ({"years": "24"}, "years must be a list, in square brackets"),
        ({"years": [1, "2"]}, "years[1] must be a whole number, not str"),
        ({"names": ["a"]}, "names must be a table"),
        ({"names": {"a": 1}}, "names['a'] must be a text, not int"),
        ({"pump": "p"}, "pump must be a table"),
        ({"pump": {"power": "x"}}, "pump.power must be a whole number, not str"),
        ({"pump": {"name": "p", "power": 0}}, "pump.power must be >= 1: 0"),
        ({"depth": "3"}, "depth must be a number, not str"),
        ({"depth": float("nan")}, "depth must be a number that can be reckoned with, not nan"),
        ({"depth": float("inf")}, "depth must be a number that can be reckoned with, not inf"),
        ({"depth": -1}, "depth must be > 0: -1.0"),
        ({"label": "abcdef"}, "label is too long: five characters at most"),
        ({"since": "2026-03-02"}, "since must be a date, written 2026-03-02 without quotes"),
        ({"label": "deep"}, "a label of deep needs a depth of 10 and more"),
    ],
)
def test_a_fault_is_told_under_the_whole_name_of_its_key(table: Mapping[str, Any], said: str) -> None:
    told = faults(table)
    assert f"{TABLE} {said}" in told
    assert "typing" not in "".join(told)
    assert "Literal" not in "".join(told)


def test_everything_is_told_at_once() -> None:
    told = faults({"depth": "x", "items": [1, "b", 3], "counted": 1, "pump": {"nmae": "p"}})
    assert [one.split()[1] for one in told] == ["depth", "items[0]", "items[2]", "counted", "pump.nmae", "pump.name"]
    assert [one.split()[1] for one in faults({"depth": -1, "label": "abcdef"})] == ["depth", "label"]
    assert faults({"port": 1.5}, Needed) == [
        f"{TABLE} port must be a whole number, not float",
        f"{TABLE} url is missing",
    ]
