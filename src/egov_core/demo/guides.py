"""The guides of the demo county's items, from the texts that lie beside this module.

Rules of this room: everything is invented, and made in the same way every time. An item's own words go before those of
its class and case type.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from egov_core.domain.catalogue import CaseType, Fees, Guide, Question
from egov_core.domain.legal import LegalBasis


@cache
def _texts() -> dict[str, Any]:
    file = files("egov_core.demo") / "county" / "guides.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


def guide_of(entry: Mapping[str, Any], names: Mapping[str, str], place: int) -> Guide:
    """The guide of an item; `names` are those of organs by code, `place` which of the departments has it."""
    texts = _texts()
    kind, case_type = texts["class"][entry["class"]], entry["type"]
    told = {"organ": names[entry["organ"]], "upper": names.get(entry.get("forward_to", ""), ""), "code": entry["code"]}
    depth = texts["online_depth"][case_type]
    online = case_type != CaseType.FORWARD.value
    asked = [*entry.get("questions", ()), *texts["question"]]
    return Guide(
        level=texts["level"],
        power_source=texts["power_source"],
        organ_nature=texts["organ_nature"],
        handled_by=told["organ"],
        audiences=tuple(entry.get("audiences", kind["audiences"])),
        channels=tuple(texts["channels"]),
        online_depth=depth,
        quantity=texts["quantity"],
        conditions=tuple(text.format(**told) for text in entry.get("conditions", kind["conditions"])),
        flow=entry.get("flow", texts["flow"][case_type]).format(**told),
        result=entry.get("result", kind["result"]),
        result_kind=entry.get("result_kind", kind["result_kind"]),
        jurisdiction=texts["jurisdiction"],
        online=online,
        online_address=texts["online_address"].format(**told) if online else "",
        place=texts["place"].format(**told),
        hours=texts["hours"],
        inquiry=texts["inquiry"],
        inquiry_phone=f"{texts['area_code']}-{texts['inquiry_numbers_from'] + place}",
        complaint_phone=texts["complaint_phone"],
        questions=tuple(Question(question=one["question"], answer=one["answer"]) for one in asked),
        visits=texts["visits"][case_type],
    )


def fees_of(entry: Mapping[str, Any]) -> Fees:
    """What an item costs: nothing, unless it says so."""
    if "fee" not in entry:
        return Fees(charged=False)
    return Fees(charged=True, standard=entry["fee"], basis=LegalBasis(instrument=_texts()["fee_basis"]))
