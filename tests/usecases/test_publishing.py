"""Items through their life in an office: everything is in the chain of the item, and `verify` explains every row."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import attrs
import pytest

from egov_core.domain.catalogue import (
    CaseType,
    ConfirmItem,
    ItemFinding,
    ItemState,
    ItemVersion,
    Material,
    PowerClass,
    PrepareDraft,
    PublishDraft,
    ResumeItem,
    ReturnDraft,
    Severity,
    SubmitDraft,
    Succession,
    SuccessionKind,
    SuspendItem,
    WithdrawItem,
    worsened,
)
from egov_core.domain.people import SYSTEM, Actor
from egov_core.errors import ClaimError, ConflictError, ItemStateError, LawError, NoAuthorityError, UnknownError
from egov_core.hooks.spec import hookimpl
from egov_core.ports.storage import ReferenceRow, Unit
from egov_core.runtime.clock import ManualClock
from egov_core.runtime.office import Office
from egov_core.testing import small_county as county
from egov_core.testing.whole_items import ONE, TWO, whole, with_clerks
from egov_core.usecases.catalogue.cataloguing import TakenIn, take_in
from egov_core.usecases.catalogue.publishing import act_on_item
from egov_core.usecases.foundation.services import Services

TODAY = county.MONDAY.date()


@pytest.fixture(params=["memory", "sqlite"])
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    url = "memory:" if request.param == "memory" else f"sqlite:///{tmp_path}/county.db"
    with with_clerks(county.open_small_county(url)) as opened:
        yield opened
        assert opened.verify().violations == ()


def publish(office: Office, item: ItemVersion) -> None:
    office.act_on_item(item.code, PrepareDraft(item=item), actor=ONE)
    office.act_on_item(item.code, SubmitDraft(), actor=ONE)
    office.act_on_item(item.code, PublishDraft(), actor=TWO)


def suspend(on: date = TODAY) -> SuspendItem:
    return SuspendItem(reason="系统改造", on=on, prepared_by=ONE.code)


def test_an_item_goes_through_its_whole_life(office: Office) -> None:
    told = office.act_on_item("new", PrepareDraft(item=whole("new")), actor=ONE)
    assert (told.happened, told.findings) == (("item-drafted",), ())
    assert "new" not in office.catalogue.items
    office.act_on_item("new", SubmitDraft(), actor=ONE)
    office.act_on_item("new", ReturnDraft(reason="承诺期限过长"), actor=TWO)
    better = whole("new", promised=county.working_days(5))
    office.act_on_item("new", PrepareDraft(item=better), actor=ONE)
    office.act_on_item("new", SubmitDraft(), actor=ONE)
    assert office.act_on_item("new", PublishDraft(), actor=TWO).happened == ("draft-published", "item-published")
    assert office.catalogue.on("new", TODAY) == better

    office.act_on_item("new", suspend(), actor=TWO)
    with pytest.raises(ItemStateError, match="suspended since 2024-06-17, because 系统改造"):
        county.submit(office, "new")
    office.act_on_item("new", ResumeItem(reason="改造完成", on=TODAY, prepared_by=ONE.code), actor=TWO)
    county.submit(office, "new")
    office.act_on_item("new", ConfirmItem(note="逐项核对"), actor=ONE)
    office.act_on_item("new", WithdrawItem(reason="国务院取消", on=TODAY, prepared_by=ONE.code), actor=TWO)
    assert office.life_of("new").state_on(TODAY) is ItemState.WITHDRAWN
    assert [one.type for one in office.storage.events(office.area, "item:new")] == [
        "item-drafted",
        "item-submitted",
        "item-returned",
        "item-drafted",
        "item-submitted",
        "draft-published",
        "item-published",
        "item-suspended",
        "item-resumed",
        "item-reviewed",
        "item-withdrawn",
    ]


def test_open_cases_go_on_when_their_item_takes_no_more(office: Office) -> None:
    filed, other = county.submit(office), county.accepted(office)
    office.act_on_item(county.LICENCE, suspend(), actor=TWO)
    office.act_on_item(county.LICENCE, WithdrawItem(reason="国务院取消", on=TODAY, prepared_by=ONE.code), actor=TWO)
    county.accept(office, filed.case_id)
    for one in (filed, other):
        county.review(office, one.case_id)
        assert county.approve(office, one.case_id).state == "approved"
    with pytest.raises(ItemStateError):
        county.submit(office)


def test_an_open_case_of_a_suspended_item_is_accepted_under_the_version_in_force(office: Office) -> None:
    filed = county.submit(office)
    publish(office, whole(county.LICENCE, 2))
    office.act_on_item(county.LICENCE, suspend(), actor=TWO)
    county.accept(office, filed.case_id)
    row = office.storage.case(office.area, filed.case_id)
    assert row is not None
    assert office.case_of(row).item_version == 2


def test_a_case_that_was_received_before_the_suspension_is_taken(office: Office) -> None:
    office.act_on_item(county.LICENCE, suspend(TODAY + timedelta(days=1)), actor=TWO)
    assert isinstance(office.clock, ManualClock)
    received = office.now()
    office.clock.advance(timedelta(days=2))
    with pytest.raises(ItemStateError):
        county.submit(office)
    assert county.submit(office, at=received).state == "submitted"


def test_what_took_the_place_of_an_item_is_said_to_whoever_applies(office: Office) -> None:
    publish(office, whole("east"))
    publish(office, whole("west"))
    split = Succession(kind=SuccessionKind.SPLIT, new=("east", "west"), basis=county.BASIS)
    office.act_on_item(
        county.LICENCE,
        WithdrawItem(reason="拆分", on=TODAY, prepared_by=ONE.code, succession=split),
        actor=TWO,
    )
    with pytest.raises(ItemStateError) as refused:
        county.submit(office)
    assert refused.value.data["successors"] == ["east", "west"]
    assert "事项 east (east)" in refused.value.remedy


def test_a_successor_has_to_be_published(office: Office) -> None:
    renamed = Succession(kind=SuccessionKind.RENAME, new=("nowhere",), basis=county.BASIS)
    with pytest.raises(ClaimError, match="nowhere"):
        office.act_on_item(
            county.LICENCE,
            WithdrawItem(reason="更名", on=TODAY, prepared_by=ONE.code, succession=renamed),
            actor=TWO,
        )


@pytest.mark.parametrize(
    "actor", [SYSTEM, county.CITIZEN, *map(county.staff, ("intake", "stranger", "retired", "nobody"))]
)
def test_only_a_clerk_of_the_catalogue_in_office_acts(office: Office, actor: Actor) -> None:
    with pytest.raises(NoAuthorityError):
        office.act_on_item("new", PrepareDraft(item=whole("new")), actor=actor)
    with pytest.raises(NoAuthorityError):
        office.act_on_item(county.LICENCE, suspend(), actor=actor)


def test_who_prepared_a_change_of_standing_is_a_clerk_and_another(office: Office) -> None:
    with pytest.raises(LawError, match="prepared this change"):
        office.act_on_item(county.LICENCE, suspend(), actor=ONE)
    with pytest.raises(NoAuthorityError):
        office.act_on_item(county.LICENCE, attrs.evolve(suspend(), prepared_by="intake"), actor=TWO)


def test_an_item_that_goes_to_another_organ_needs_the_clerk_of_both(office: Office) -> None:
    moved = whole(county.LICENCE, 2, organ=county.OTHER)
    with pytest.raises(NoAuthorityError, match=county.OTHER):
        office.act_on_item(county.LICENCE, PrepareDraft(item=moved), actor=ONE)


def test_what_is_an_error_is_neither_reviewed_nor_published_and_all_of_it_is_said(office: Office) -> None:
    bad = whole("new", case_type=CaseType.FORWARD, basis=(), materials=(Material(code="m", name="其他相关材料"),))
    told = office.act_on_item("new", PrepareDraft(item=bad), actor=ONE)
    errors = {one.code for one in told.findings if one.severity is Severity.ERROR}
    assert errors == {"missing-basis", "forward-without-target", "vague-material"}
    with pytest.raises(ClaimError) as refused:
        office.act_on_item("new", SubmitDraft(), actor=ONE)
    assert {fault.code for fault in refused.value.faults} == errors


def test_one_thing_is_put_right_in_an_item_that_lacks_others(office: Office) -> None:
    """What was moved in with lacks much; whoever adds a telephone makes it better, and nothing else is asked of him."""
    bare = office.catalogue.on(county.LICENCE, TODAY)
    better = attrs.evolve(bare, version=2, guide=attrs.evolve(bare.guide, complaint_phone="0199-5559001"))
    told = office.act_on_item(county.LICENCE, PrepareDraft(item=better), actor=ONE)
    lacks = {one.code for one in told.findings if one.severity is Severity.ERROR}
    assert "missing-place" in lacks and "missing-complaint-phone" not in lacks, "it is told all the same"
    office.act_on_item(county.LICENCE, SubmitDraft(), actor=ONE)
    assert office.act_on_item(county.LICENCE, PublishDraft(), actor=TWO).life.versions[-1].version == 2


def test_what_is_published_becomes_no_worse_by_draft_or_import(office: Office) -> None:
    publish(office, whole("new"))
    worse = whole("new", 2, guide=attrs.evolve(whole("new").guide, place="", flow=""))
    with pytest.raises(ClaimError) as refused:
        office.change(lambda services: take_in(services, [worse], prepared_by=ONE.code, published_by=TWO.code))
    office.act_on_item("new", PrepareDraft(item=worse), actor=ONE)
    with pytest.raises(ClaimError) as refused_too:
        office.act_on_item("new", SubmitDraft(), actor=ONE)
    for one in (refused, refused_too):
        assert {fault.code for fault in one.value.faults} == {"missing-place", "missing-flow"}


def test_more_faults_of_one_rule_are_worse_wherever_they_stand() -> None:
    def vague(*elements: str) -> list[ItemFinding]:
        return [
            ItemFinding(code="vague-material", severity=Severity.ERROR, element=one, message="笼统", remedy="写明")
            for one in elements
        ]

    assert worsened(vague("materials.b", "materials.c"), vague("materials.a", "materials.b")) == ()
    (one,) = worsened(vague("materials.a", "materials.b"), vague("materials.a"))
    assert one.element == "materials.b", "the one that came is named"


def test_a_public_service_is_not_held_to_the_licensing_act(office: Office) -> None:
    bare = county.item("service", promised=county.working_days(5), valid_from=TODAY)
    for power, named in ((PowerClass.LICENCE, True), (PowerClass.PUBLIC_SERVICE, False)):
        told = office.act_on_item("service", PrepareDraft(item=attrs.evolve(bare, power_class=power)), actor=ONE)
        of = {one.code: str(one.basis) for one in told.findings}
        assert ("行政许可法" in of["missing-quantity"]) is named
        assert ("行政许可法" in of["missing-conditions"]) is named


def test_what_points_at_nothing_is_not_even_drafted(office: Office) -> None:
    with pytest.raises(ClaimError) as refused:
        office.act_on_item("new", PrepareDraft(item=whole("new", forward_to="nowhere")), actor=ONE)
    assert [fault.code for fault in refused.value.faults] == ["unknown-organ"]


def test_an_item_that_is_not_there_is_unknown(office: Office) -> None:
    with pytest.raises(UnknownError, match="nothing"):
        office.act_on_item("nothing", SubmitDraft(), actor=ONE)


def test_somebody_else_in_between_is_a_conflict(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    real = office.storage.write
    raced: list[bool] = []

    def write(fn: Callable[[Unit], Any]) -> Any:
        if not raced:
            raced.append(True)
            act_on_item(office.services, county.LICENCE, ConfirmItem(), actor=TWO)
        return real(fn)

    monkeypatch.setattr(office.storage, "write", write)
    with pytest.raises(ConflictError, match="meanwhile"):
        office.act_on_item(county.LICENCE, suspend(), actor=TWO)
    assert office.life_of(county.LICENCE).standings == ()


@pytest.mark.parametrize("kind", ["item-draft", "item-standing", "item-review"])
def test_a_row_that_no_event_explains_is_found(kind: str) -> None:
    with with_clerks(county.open_small_county()) as office:
        office.act_on_item("new", PrepareDraft(item=whole("new")), actor=ONE)
        office.act_on_item(county.LICENCE, suspend(), actor=TWO)
        office.act_on_item(county.LICENCE, ConfirmItem(), actor=TWO)
        [row] = office.storage.references(office.area, kind)
        forged = attrs.evolve(row, data=row.data.replace(b"clerk-", b"Clerk-"))
        assert forged != row
        office.storage.write(lambda unit: unit.put_references([ReferenceRow(**attrs.asdict(forged))]))
        assert [one.invariant for one in office.verify().violations] == ["I5"]


class PlaceRule:
    """A rule of a place: no version promises more time than the one before."""

    @hookimpl
    def egov_lint_item(self, earlier: ItemVersion | None) -> list[ItemFinding]:
        if earlier is None:
            return []
        return [
            ItemFinding(
                code="shorter",
                severity=Severity.ERROR,
                element="promised",
                message=f"承诺期限比第{earlier.version}版长。",
                remedy="不得延长。",
            )
        ]


def test_the_rules_of_a_plugin_count_as_the_place_grades_them() -> None:
    with with_clerks(county.open_small_county(plugins=((PlaceRule(), "place"),))) as office:
        second = whole(county.LICENCE, 2)
        told = office.act_on_item(county.LICENCE, PrepareDraft(item=second), actor=ONE)
        assert [one.code for one in told.findings] == ["place/shorter"]
        with pytest.raises(ClaimError) as refused:
            office.act_on_item(county.LICENCE, SubmitDraft(), actor=ONE)
        assert [fault.code for fault in refused.value.faults] == ["place/shorter"]


class Broken:
    """A plugin that fails in its rule."""

    @hookimpl
    def egov_lint_item(self) -> list[ItemFinding]:
        raise ValueError("no such rule")


def test_a_rule_that_fails_is_recorded_and_stops_nobody() -> None:
    with with_clerks(county.open_small_county(plugins=((Broken(), "broken"),))) as office:
        publish(office, whole("new"))
        assert office.hooks.use("broken", "egov_lint_item").failures == 3


def test_an_import_does_not_overtake_a_draft_in_review(office: Office) -> None:
    """Two persons are deciding about it; what the import says otherwise would make their version void unseen."""
    office.act_on_item(county.LICENCE, PrepareDraft(item=whole(county.LICENCE, 2)), actor=ONE)
    office.act_on_item(county.LICENCE, SubmitDraft(), actor=ONE)
    other = whole(county.LICENCE, promised=county.working_days(3))

    def import_it(services: Services) -> TakenIn:
        return take_in(services, [other], prepared_by=ONE.code, published_by=TWO.code)

    with pytest.raises(ClaimError) as refused:
        office.change(import_it)
    [fault] = refused.value.faults
    assert (fault.path, fault.code) == ("item licence", "draft-in-review")
    assert "version 2" in fault.message and ONE.code in fault.message
    office.act_on_item(county.LICENCE, ReturnDraft(reason="承诺期限过长"), actor=TWO)
    assert office.change(import_it).changed == (county.LICENCE,)
