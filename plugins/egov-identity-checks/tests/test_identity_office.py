"""In an open office: strict at entry, advice where a record comes from another system, nothing without a plugin."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pytest

from egov_core import Settings, open_office
from egov_core.demo.founding import demo_population, found_office
from egov_core.domain.authority import Role
from egov_core.domain.cases.commands import Submit
from egov_core.domain.legal import CHINA
from egov_core.domain.people import Actor, ActorKind
from egov_core.errors import HookRefusedError, PluginError
from egov_core.runtime.clock import ManualClock
from egov_core.runtime.office import Office
from egov_core.testing import builders
from egov_core.usecases.cases.handling import Outcome

COUNTY = demo_population()
ITEM = COUNTY.items[0]
LOAD = "egov_identity_checks:IdentityChecks"
RIGHT, WRONG = "990121199502280012", "990121199502280011"


def office(table: Mapping[str, Any] | None = None) -> Office:
    """An office in memory that loads the plugin as its settings say."""
    tables = {"IdentityChecks": table} if table is not None else {}
    settings = Settings(area="990121", storage="memory:", plugins=False, plugins_load=(LOAD,), plugins_settings=tables)
    made = open_office(settings, clock=ManualClock(datetime(2026, 3, 2, 9, tzinfo=CHINA)))
    found_office(made, COUNTY)
    return made


def submit(at: Office, number: str, **changes: Any) -> Outcome:
    clerk = next(one.person for one in COUNTY.grants if one.role is Role.INTAKE and one.organ == ITEM.organ)
    command = Submit(item=ITEM.code, applicant=builders.applicant(id_number=number), **changes)
    return at.do(command, actor=Actor(kind=ActorKind.STAFF, code=clerk))


@pytest.mark.parametrize("channel", ["window", "web", "mobile"])
def test_a_wrong_number_refuses_what_is_entered(channel: str) -> None:
    with pytest.raises(HookRefusedError) as caught:
        submit(office(), WRONG, channel=channel)
    [finding] = caught.value.data["findings"]
    assert finding == {
        "field": "applicant.id_number",
        "message": "“身份证号码”校验位不符，请核对有无错字（GB 11643-1999）。",
        "basis": "《公民身份号码》（GB 11643-1999）",
    }
    assert WRONG not in str(caught.value.as_dict())


def test_a_record_of_another_system_is_taken_with_advice() -> None:
    taken = submit(office(), WRONG, channel="import")
    assert taken.state == "submitted"
    assert taken.advice == ("applicant.id_number: “身份证号码”校验位不符，请核对有无错字（GB 11643-1999）。",)


def test_which_channels_are_imports_is_a_setting() -> None:
    at = office({"imported_channels": ["province"]})
    assert submit(at, WRONG, channel="province").advice
    with pytest.raises(HookRefusedError):
        submit(at, WRONG, channel="import")


def test_a_right_number_passes_without_a_word() -> None:
    assert submit(office(), RIGHT).advice == ()


def test_another_document_is_named_and_not_checked() -> None:
    with pytest.raises(HookRefusedError, match="持其他证件的，请选择“证件类型”"):
        submit(office(), "E12345678")
    assert submit(office(), "E12345678", form={"id_document": "passport"}).advice == ()
    with pytest.raises(HookRefusedError, match="“证件类型”应为以下之一"):
        submit(office(), "E12345678", form={"id_document": "library-card"})


def test_a_wrong_setting_is_refused_by_name() -> None:
    with pytest.raises(PluginError, match=r"\[plugins.settings.IdentityChecks\] credit_code_field is no key"):
        office({"credit_code_field": {"code": "代码"}})
