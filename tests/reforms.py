"""Reforms that several tests carry through, as plans in TOML: of the small county, and of bureaus a, b and c."""

from __future__ import annotations

import tomllib
from datetime import date

from egov_core.domain.reorganisation.plan import Plan
from egov_core.domain.reorganisation.reading import parse_plan
from egov_core.testing.small_county import COUNTY

EFFECTIVE = date(2024, 6, 24)
"""The Monday after the Monday on which the small county opens."""


def plan_of(text: str) -> Plan:
    return parse_plan(tomllib.loads(text), "plan")


def merger_of(*organs: str, into: str = "new") -> str:
    """Organs of the small county become a new one."""
    return f"""
code = "merger"
title = "合并"
basis = "演示机构改革方案"
effective = {EFFECTIVE}
[[found]]
organ = "{into}"
name = "新局"
parent = "{COUNTY}"
[[merge]]
from = [{", ".join(f'"{organ}"' for organ in organs)}]
into = "{into}"
"""


# --- bureaus a, b and c -----------------------------------------------------------------------------------------------

DAY = date(2019, 3, 20)
HEAD = f"""
code = "reform"
title = "改革"
basis = "方案"
effective = {DAY}
"""
NEW = '[[found]]\norgan = "new"\nname = "新局"\nparent = "county"\n'
MERGE = NEW + '[[merge]]\nfrom = ["a", "b"]\ninto = "new"\n'


def split_with(person: str) -> str:
    """Bureau a is split: an item and a person go to b, the rest goes to c."""
    return f"""
[[split]]
organ = "a"
[[split.share]]
to = "b"
items = ["a1"]
people = ["{person}"]
[[split.share]]
to = "c"
rest = true
"""
