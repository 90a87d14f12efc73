"""Whatever a look at a list calls fine, taking it in takes; whatever it refuses is refused in the same words."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from egov_core.domain.catalogue import ItemVersion, PrepareDraft, SubmitDraft
from egov_core.errors import ClaimError, EgovError
from egov_core.runtime.office import Office
from egov_core.sheets.forms.description import parse_form
from egov_core.sheets.forms.ground import Ground
from egov_core.sheets.forms.intake import Intake, take_up
from egov_core.testing import small_county as county
from egov_core.testing.whole_items import ONE, TWO, whole, with_clerks
from egov_core.usecases.catalogue.cataloguing import intended, take_in

TODAY = county.MONDAY.date()
REFORM = TODAY + timedelta(days=90)
PERSONS = (ONE.code, TWO.code)
HEADINGS = {
    "事项编码": "number",
    "事项名称": "name",
    "实施主体": "organ",
    "承诺期限": "promised",
    "咨询电话": "guide.inquiry_phone",
}
FIELDS = "".join(f'[[field]]\nheading = "{heading}"\nelement = "{one}"\n' for heading, one in HEADINGS.items())
FORM = parse_form(f'name = "list"\ntitle = "事项清单"\nrecognise = ["事项编码"]\n{FIELDS}'.encode(), source="list.toml")


def later(code: str, version: int, begins: date = REFORM, **says: Any) -> ItemVersion:
    return attrs.evolve(county.item(code, version=version, promised=county.working_days(10)), valid_from=begins, **says)


def listed(
    office: Office, *rows: tuple[str, ...], valid_from: date | None = None, also: tuple[tuple[str, bytes], ...] = ()
) -> Intake:
    registry = office.services.registry()
    text = "".join(",".join(line) + "\n" for line in (tuple(HEADINGS), *rows))
    ground = Ground(
        area=office.area,
        valid_from=valid_from or TODAY,
        organisation=registry.organisation,
        catalogue=registry.catalogue,
    )
    return take_up([("list.csv", text.encode()), *also], [FORM], ground)


def row(code: str, promised: str = "10个工作日", phone: str = "") -> tuple[str, ...]:
    return (code, county.item(code).name, county.BUREAU, promised, phone)


def test_a_list_that_corrects_an_item_before_a_reform_is_taken_in_and_the_second_time_changes_nothing() -> None:
    with with_clerks(county.open_small_county()) as office:
        office.establish(items=[later(county.LICENCE, 2, organ=county.OTHER)])
        found = listed(office, row(county.LICENCE, phone="0999-1"))
        (told,) = [one for one in found.differences if one.kind != "missing"]
        assert (told.kind, [one.field for one in told.fields], told.carried) == (
            "changed",
            ["guide.inquiry_phone"],
            (REFORM,),
        )
        looked = intended(office.services, found.items, persons=PERSONS)
        done = office.change(
            lambda services: take_in(services, found.items, prepared_by=ONE.code, published_by=TWO.code)
        )
        assert looked.taken == done
        assert (done.changed, done.carried) == ((county.LICENCE,), (county.LICENCE,))
        for day, organ in ((TODAY, county.BUREAU), (REFORM, county.OTHER)):
            item = office.catalogue.on(county.LICENCE, day)
            assert (item.organ, item.guide.inquiry_phone) == (organ, "0999-1")
        again = listed(office, row(county.LICENCE, phone="0999-1"))
        assert [one.kind for one in again.differences if one.kind != "missing"] == ["unchanged"]
        assert office.verify().violations == ()


def test_a_cell_that_a_version_to_come_says_otherwise_is_one_fault_that_names_both_versions() -> None:
    with with_clerks(county.open_small_county()) as office:
        office.establish(items=[later(county.LICENCE, 2, promised=county.working_days(8))])
        found = listed(office, row(county.LICENCE, promised="5个工作日"), row(county.UPWARD))
        (fault,) = [one for one in found.faults if one.is_error]
        assert (fault.code, fault.cell) == ("version-to-come", "B2")
        assert all(word in fault.message for word in ("version 1", "version 2", REFORM.isoformat(), "promised"))
        item = attrs.evolve(office.catalogue.on(county.LICENCE, TODAY), promised=county.working_days(5))
        with pytest.raises(ClaimError, match="cannot be taken in") as refused:
            intended(office.services, [item])
        assert [one.code for one in refused.value.faults] == ["version-to-come"]


VERSIONS = st.lists(
    st.tuples(
        st.sampled_from([county.LICENCE, county.UPWARD]),
        st.integers(-30, 60),
        st.one_of(st.none(), st.integers(1, 60)),
        st.sampled_from(
            [{"organ": county.OTHER}, {"promised": county.working_days(8)}, {"fee": "不收费"}, {"name": "改名后的事项"}]
        ),
    ),
    max_size=5,
)
ROWS = st.lists(
    st.tuples(
        st.sampled_from([county.LICENCE, county.UPWARD, county.STAMP, "fresh", "other"]),
        st.sampled_from(["10个工作日", "5个工作日", "8个工作日", "25个工作日", ""]),
        st.sampled_from(["", "0999-1", "0999-2"]),
    ).map(lambda one: row(*one)),
    min_size=1,
    max_size=5,
    unique_by=lambda one: one[0],
)
PEOPLE = st.sampled_from([PERSONS, (ONE.code, ONE.code), (ONE.code, "intake"), (ONE.code, "nobody")])


@settings(max_examples=25)
@given(VERSIONS, ROWS, st.integers(-20, 90), PEOPLE, st.booleans())
def test_what_a_look_calls_fine_is_taken_in_and_what_it_refuses_is_refused(
    versions: list[tuple[str, int, int | None, dict[str, Any]]],
    rows: list[tuple[str, ...]],
    days: int,
    people: tuple[str, str],
    reviewing: bool,
) -> None:
    with with_clerks(county.open_small_county()) as office:
        for code, since, length, says in versions:
            held = office.catalogue.items[code]
            begins = TODAY + timedelta(days=since)
            ends = None if length is None else begins + timedelta(days=length)
            said = {"valid_from": begins, "valid_to": ends, **says}
            office.establish(items=[attrs.evolve(held[0], version=len(held) + 1, **said)])
        if reviewing:
            office.act_on_item(county.STAMP, PrepareDraft(item=whole(county.STAMP, 2)), actor=ONE)
            office.act_on_item(county.STAMP, SubmitDraft(), actor=ONE)
        day = TODAY + timedelta(days=days)
        found = listed(office, *rows, valid_from=day)
        kinds = {one.code: one.kind for one in found.differences if one.kind != "missing"}

        def look() -> object:
            return intended(office.services, found.items, valid_from=day, persons=people).taken

        def take() -> object:
            return office.change(
                lambda services: take_in(
                    services, found.items, prepared_by=people[0], published_by=people[1], valid_from=day
                )
            )

        looked, taken = outcome(look), outcome(take)
        assert looked == taken
        if not isinstance(taken, tuple):
            said = {kind: {code for code, one in kinds.items() if one == kind} for kind in ("new", "changed")}
            assert (set(taken.new), set(taken.changed)) == (said["new"], said["changed"])
            assert not [one for one in listed(office, *rows, valid_from=day).differences if one.kind in said]
        assert office.verify().violations == ()


def outcome(act: Any) -> Any:
    """What an act came to, or its error with every fault."""
    try:
        return act()
    except EgovError as error:
        return type(error).__name__, str(error), error.as_dict()


def kinds(found: Intake) -> dict[str, str]:
    return {one.code: one.kind for one in found.differences}


@pytest.mark.parametrize(
    "wrong",
    [
        row(county.STAMP, promised="很快"),  # cell not read
        row(county.STAMP, promised="900个工作日"),  # read, and refused when it is drawn up
        ("", county.item(county.STAMP).name, county.BUREAU, "很快", ""),  # told by its name
        (county.STAMP, "", county.BUREAU, "10个工作日", ""),  # told by its number
        (county.STAMP, county.item(county.STAMP).name, "没有的局", "10个工作日", ""),  # of an organ not found
    ],
)
def test_an_item_whose_row_has_an_error_is_not_called_missing(wrong: tuple[str, ...]) -> None:
    """Somebody might withdraw what is called missing; one that is not in the list stays so."""
    with with_clerks(county.open_small_county()) as office:
        found = listed(office, row(county.LICENCE), wrong)
        assert found.errors
        told = kinds(found)
        assert (told[county.LICENCE], told[county.STAMP], told[county.UPWARD]) == ("unchanged", "unread", "missing")


def test_a_row_without_number_and_name_may_be_any_item_of_its_organ() -> None:
    with with_clerks(county.open_small_county()) as office:
        found = listed(office, row(county.LICENCE), ("", "", county.BUREAU, "10个工作日", ""))
        assert set(kinds(found).values()) == {"unchanged", "unread"}


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("broken.xlsx", b"PK\x03\x04 cut off on the way"),
        ("old.doc", b"\xd0\xcf\x11\xe0"),
        ("empty.csv", b""),
        ("other.csv", "甲,乙\n1,2\n".encode()),  # no form that is known
    ],
)
def test_nothing_is_called_missing_that_may_stand_in_a_file_that_was_not_read(name: str, data: bytes) -> None:
    """The other file names the organ of all three, and only one of them."""
    with with_clerks(county.open_small_county()) as office:
        assert set(kinds(listed(office, row(county.LICENCE))).values()) == {"unchanged", "missing"}
        found = listed(office, row(county.LICENCE), also=((name, data),))
        assert [one.file for one in found.faults if one.is_error] == [name]
        assert set(kinds(found).values()) == {"unchanged", "unread"}


def test_a_published_item_is_not_given_a_version_that_held_before_the_import() -> None:
    """What applicants were told then was another version; a first one may say that it held before, and is named."""
    before = TODAY - timedelta(days=400)
    with with_clerks(county.open_small_county()) as office:

        def take(found: Intake) -> Any:
            return office.change(
                lambda services: take_in(
                    services, found.items, prepared_by=ONE.code, published_by=TWO.code, valid_from=before
                )
            )

        changed = listed(office, row(county.LICENCE, promised="5个工作日"), valid_from=before)
        for act in (lambda: intended(office.services, changed.items, valid_from=before), lambda: take(changed)):
            with pytest.raises(ClaimError) as refused:
                act()
            (fault,) = refused.value.faults
            assert (fault.path, fault.code) == (f"item {county.LICENCE}", "dated-back")
            assert all(day.isoformat() in fault.message for day in (TODAY, before))
        assert len(office.catalogue.items[county.LICENCE]) == 1
        first = listed(office, ("new", "新事项", county.BUREAU, "5个工作日", ""), row(county.UPWARD), valid_from=before)
        looked = intended(office.services, first.items, valid_from=before).taken
        assert looked == take(first)
        assert (looked.dated_back, looked.unchanged) == (("new",), (county.UPWARD,))
        assert office.catalogue.on("new", before).valid_from == before
