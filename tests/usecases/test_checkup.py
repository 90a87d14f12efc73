"""The check-up finds each planted defect, one at a time, and exactly it; and in a clean catalogue nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import attrs
import pytest

from egov_core.demo.founding import demo_population, demo_settings, found_office
from egov_core.domain.authority import Grant, Role
from egov_core.domain.cases.commands import Accept
from egov_core.domain.catalogue import (
    CHECKUP_RULES,
    RULES,
    CaseType,
    ConfirmItem,
    Fees,
    Grade,
    ItemVersion,
    Material,
    PauseKind,
    PauseTerms,
    Severity,
    Step,
    SuspendItem,
    graded,
    lint_item,
)
from egov_core.domain.catalogue.instruments import plain_name
from egov_core.domain.catalogue.rules import MANDATORY, missing_code
from egov_core.domain.legal import LegalBasis
from egov_core.domain.organisation import Organ, OrganKind
from egov_core.domain.people import Person
from egov_core.domain.periods import Immediate, Limit, NoLimit, Period, Unit
from egov_core.runtime.bootstrap import open_office
from egov_core.runtime.clock import ManualClock
from egov_core.runtime.code_lists import code_lists, ended_instruments
from egov_core.runtime.office import Office
from egov_core.testing import small_county as county
from egov_core.testing.whole_items import GUIDE, ONE, TWO, whole, with_clerks
from egov_core.usecases.catalogue.checkup import Checkup, checkup

TODAY = county.MONDAY.date()
LONG_AGO = date(2022, 1, 4)
UPWARD = whole("up", case_type=CaseType.FORWARD, forward_to=county.CITY)


def office_of(
    items: Iterable[ItemVersion],
    *,
    organs: Iterable[Organ] = (),
    people: Iterable[Person] = (),
    grants: Iterable[Grant] = (),
    settings: dict[str, Any] | None = None,
) -> Office:
    """An office whose staff came today, with nothing but these items."""
    office = open_office(attrs.evolve(county.settings(), **(settings or {})), clock=ManualClock(county.MONDAY))
    base = [one for one in county.organs() if one.code != county.OTHER]
    staff = [Person(code=one, name=f"姓{one}", organ=county.BUREAU, valid_from=TODAY) for one in county.POSTS]
    given = [
        Grant(person=person, role=role, organ=county.BUREAU, valid_from=TODAY) for person, role in county.POSTS.items()
    ]
    office.establish(organs=[*base, *organs], people=[*staff, *people], grants=[*given, *grants], items=list(items))
    return with_clerks(office)


def clean() -> list[ItemVersion]:
    return [whole("a"), whole("b", promised=Immediate(basis=county.BASIS), case_type=CaseType.IMMEDIATE), UPWARD]


def codes_of(found: Checkup) -> list[tuple[str, str]]:
    return [(one.finding.code, one.subject) for one in found.findings]


def test_nothing_is_found_in_a_clean_catalogue() -> None:
    with office_of(clean()) as office:
        found = checkup(office.services)
        assert codes_of(found) == []
        assert found.clean
        assert found.total.items == ("a", "b", "up")


def period(amount: str, unit: Unit = Unit.WORKING_DAY) -> Period:
    return Period(amount=Decimal(amount), unit=unit, basis=county.BASIS)


def steps(acceptance: Limit | None, review: str, conclusion: str, name: str = "审核") -> tuple[Step, ...]:
    return (
        Step(code="acceptance", name="受理", limit=acceptance),
        Step(code="review", name=name, limit=period(review)),
        Step(code="conclusion", name="办结", limit=period(conclusion)),
    )


def guide(**changes: Any) -> dict[str, Any]:
    return {"guide": attrs.evolve(GUIDE, **changes)}


def emptied(element: str) -> dict[str, Any]:
    """The guide without one of its elements."""
    field = element.removeprefix("guide.")
    return guide(**{field: type(getattr(GUIDE, field))()})


FORM = Material(code="form", name="申请表", basis=county.BASIS)
PLANTED: list[tuple[str, dict[str, Any]]] = [
    ("missing-basis", {"basis": ()}),
    ("missing-materials", {"materials": ()}),
    ("missing-promised", {"promised": None}),
    ("missing-fees", {"fees": None}),
    *((missing_code(element), emptied(element)) for element in MANDATORY if element.startswith("guide.")),
    ("vague-material", {"materials": (attrs.evolve(FORM, name="申请表等材料"),)}),
    ("vague-material", {"materials": (attrs.evolve(FORM, name="其它有关材料"),)}),
    ("vague-material", {"materials": (attrs.evolve(FORM, name="相关证明"),)}),
    ("vague-condition", guide(conditions=("符合法律、法规规定的其他条件",))),
    ("material-without-basis", {"materials": (attrs.evolve(FORM, basis=None),)}),
    ("material-unnamed", {"materials": (attrs.evolve(FORM, name=" "),)}),
    ("promise-above-statutory", {"promised": period("21")}),
    ("promise-above-statutory", {"promised": period("3", Unit.MONTH)}),
    ("promise-below-a-day", {"promised": period("4", Unit.WORKING_HOUR)}),
    ("promise-below-a-day", {"promised": period("0.5")}),
    ("steps-above-promise", {"steps": steps(None, "8", "3")}),
    ("immediate-with-limit", {"case_type": CaseType.IMMEDIATE}),
    (
        "immediate-with-visits",
        {"case_type": CaseType.IMMEDIATE, "promised": Immediate(basis=county.BASIS), **guide(visits=2)},
    ),
    ("forward-without-target", {"case_type": CaseType.FORWARD}),
    ("target-without-forward", {"forward_to": county.CITY}),
    ("fee-without-standard", {"fees": Fees(charged=True, basis=county.BASIS)}),
    ("fee-without-basis", {"fees": Fees(charged=True, standard="每证10元")}),
    ("standard-without-fee", {"fees": Fees(charged=False, standard="每证10元")}),
    ("special-terms-without-kind", {"pause_terms": (PauseTerms(kind=PauseKind.AUCTION, times=1),)}),
    ("same-phones", guide(complaint_phone="0199 5550101")),
    ("phone-without-area-code", guide(inquiry_phone="5550101")),
    ("step-unnamed", {"steps": steps(None, "2", "1", name="")}),
    ("flow-names-only", guide(flow="申请→受理→审核→办结")),
    ("online-without-address", guide(online=True)),
    ("not-in-code-list", guide(level="县处级")),
    ("organ-code", guide(organ_code="91350100M0001TGQXM")),
    ("limit-by-default", {"statutory_is_default": True}),
    ("limit-not-set", {"statutory_is_default": True, "statutory": NoLimit(basis=county.BASIS)}),
    ("unreviewed", {"valid_from": LONG_AGO}),
    ("basis-ended", {"basis": (LegalBasis(instrument="中华人民共和国合同法", article="第四十四条"),)}),
    ("basis-ended", {"statutory": attrs.evolve(period("20"), basis=LegalBasis(instrument="《担保法》"))}),
    ("basis-ended", {"materials": (attrs.evolve(FORM, basis=LegalBasis(instrument="《物权法》")),)}),
    ("basis-abolished", {"basis": (LegalBasis(instrument="《农业税条例》", article="第七条"),)}),
    ("basis-perhaps-ended", {"basis": (LegalBasis(instrument="《流动人口计划生育工作条例》", article="第七条"),)}),
    ("basis-perhaps-ended", {"basis": (LegalBasis(instrument="《食品经营许可管理办法》"),)}),
    ("basis-ended", {"basis": (LegalBasis(instrument="《中华人民共和国公司登记管理条例》"),)}),
    ("basis-names-nothing", {"basis": (LegalBasis(instrument="按上级文件"),)}),
    ("basis-names-nothing", {"materials": (attrs.evolve(FORM, basis=LegalBasis(instrument="国家有关规定")),)}),
    ("basis-beyond-articles", {"basis": (LegalBasis(instrument="《行政许可法》", article="第九十九条"),)}),
    ("basis-beyond-articles", {"basis": (LegalBasis(instrument="行政许可法", article="第８４条第二款"),)}),
]


@pytest.mark.parametrize("standard", ["免费", "不收费", "无", "0元"])
def test_a_standard_that_says_that_there_is_no_fee_is_none(standard: str) -> None:
    fees = Fees(charged=False, standard=standard)
    with office_of([*clean(), whole("free", fees=fees)]) as office:
        assert checkup(office.services).findings == ()


@pytest.mark.parametrize(
    "basis",
    [
        LegalBasis(instrument="《行政许可法》", article="第八十三条"),
        LegalBasis(instrument="《行政许可法》", article="第八十三条《民法典》第一千二百六十条"),
        LegalBasis(instrument="《中华人民共和国民法典》", article="第一千二百六十条"),
        LegalBasis(instrument="湘价费〔2010〕1号"),
        LegalBasis(instrument="水法", article="第四十八条"),
        LegalBasis(instrument="县城市绿化管理办法"),
        LegalBasis(instrument="《个体工商户登记管理办法》"),
    ],
)
def test_a_basis_that_can_be_looked_up_is_no_finding(basis: LegalBasis) -> None:
    with office_of([*clean(), whole("good", basis=(basis,))]) as office:
        assert codes_of(checkup(office.services)) == []


def test_an_instrument_has_ended_from_its_day_on_and_not_before() -> None:
    for one in ended_instruments().values():
        assert plain_name(one.name) != plain_name(one.replaced_by), "an item would find its own basis ended"
    levy = whole("levy", basis=(LegalBasis(instrument="《增值税暂行条例》"),))
    with office_of([*clean(), levy]) as office:
        assert codes_of(checkup(office.services)) == []


def test_an_end_is_told_with_its_source_and_what_nobody_looked_up_is_told_as_that() -> None:
    bases = ("《合同法》", "《城乡个体工商户管理暂行条例》", "《环境影响评价法》", "《食品经营许可管理办法》")
    items = [whole(f"i{n}", basis=(LegalBasis(instrument=one),)) for n, one in enumerate(bases)]
    with office_of(items) as office:
        told = {
            one.subject: one.finding
            for one in checkup(office.services, date(2026, 11, 27)).findings
            if one.finding.element == "basis"
        }
    assert told["i0"].message == (
        "依据《合同法》自2021-01-01起失效（《中华人民共和国民法典》第一千二百六十条），由《中华人民共和国民法典》取代。"
    )
    assert "由《个体工商户条例》 → 《促进个体工商户发展条例》取代" in told["i1"].message
    assert "《中华人民共和国生态环境法典》第一千二百四十二条" in told["i2"].message
    assert (told["i3"].code, told["i3"].severity) == ("basis-perhaps-ended", Severity.WARNING)
    assert "可能" in told["i3"].message and "尚未核对原文" in told["i3"].message
    assert "may have ended" in told["i3"].message_en


@pytest.mark.parametrize(
    ("code", "changes"), PLANTED, ids=[f"{number}-{code}" for number, (code, _) in enumerate(PLANTED)]
)
def test_each_planted_defect_is_found_and_nothing_else(code: str, changes: dict[str, Any]) -> None:
    with office_of([*clean(), whole("bad", **changes)]) as office:
        [one] = checkup(office.services).findings
        assert (one.finding.code, one.subject, one.organ) == (code, "bad", county.BUREAU)
        rule = {**RULES, **CHECKUP_RULES}[code]
        assert one.finding.severity is rule.severity
        for lang in ("zh", "en"):
            assert one.finding.sentence(lang)
            assert one.finding.advice(lang)
            assert "{" not in one.finding.sentence(lang) + one.finding.advice(lang)


def test_an_item_code_against_the_rule_of_the_place_is_found() -> None:
    good = guide(base_code="000122011000", implementation_code="11430421MB0L074471" + "4" + "000122011000")
    bad = guide(base_code="0001220110", implementation_code="11430421MB0L074472" + "4" + "000122011000")
    for changes, expected in ((good, []), (bad, [("item-code", "a")] * 2)):
        with office_of([whole("a", **changes)], settings={"item_codes": "national"}) as office:
            assert codes_of(checkup(office.services)) == expected


def person(code: str, organ: str = county.BUREAU, since: date = TODAY, until: date | None = None) -> Person:
    return Person(code=code, name=f"姓{code}", organ=organ, valid_from=since, valid_to=until)


def grant(code: str, role: Role, organ: str = county.BUREAU, until: date | None = None) -> Grant:
    return Grant(person=code, role=role, organ=organ, valid_from=LONG_AGO, valid_to=until)


def department(code: str, until: date | None = None) -> Organ:
    return Organ(
        code=code, name=code, kind=OrganKind.DEPARTMENT, parent=county.COUNTY, valid_from=county.SINCE, valid_to=until
    )


def test_a_department_without_items_is_found() -> None:
    with office_of(clean(), organs=[department("empty"), department("gone", TODAY)]) as office:
        assert codes_of(checkup(office.services)) == [("organ-without-items", "empty")]


@pytest.mark.parametrize(
    ("step", "role"), [("acceptance", Role.INTAKE), ("review", Role.REVIEWER), ("conclusion", Role.APPROVER)]
)
def test_a_step_that_nobody_in_office_may_take_is_found(step: str, role: Role) -> None:
    """The grant of the retired is none; that it is still there is a finding of its own."""
    here = [person("x", "fresh"), person("old", "fresh", LONG_AGO, TODAY)]
    roles = [grant("x", one, "fresh") for one in (Role.INTAKE, Role.REVIEWER, Role.APPROVER) if one is not role]
    with office_of(
        [*clean(), whole("bad", organ="fresh")],
        organs=[department("fresh")],
        people=here,
        grants=[*roles, grant("old", role, "fresh")],
    ) as office:
        found = checkup(office.services).findings
        assert [(one.finding.code, one.subject, one.finding.element) for one in found] == [
            ("no-handler", "bad", f"steps.{step}"),
            ("handler-gone", "old", "grants"),
        ]


def test_nobody_here_has_to_conclude_what_the_upper_organ_decides() -> None:
    with office_of(
        [*clean(), attrs.evolve(UPWARD, code="other", organ="fresh")],
        organs=[department("fresh")],
        people=[person("x", "fresh")],
        grants=[grant("x", Role.INTAKE, "fresh"), grant("x", Role.REVIEWER, "fresh")],
    ) as office:
        assert codes_of(checkup(office.services)) == []


def test_whoever_has_done_nothing_for_long_is_told_and_an_act_ends_it() -> None:
    with office_of(clean(), people=[person("idle", since=LONG_AGO)], grants=[grant("idle", Role.INTAKE)]) as office:
        assert codes_of(checkup(office.services)) == [("handler-idle", "idle")]
        assert checkup(office.services).clean
        filed = county.submit(office, "a")
        office.do(Accept(case_id=filed.case_id), actor=county.staff("idle"))
        assert codes_of(checkup(office.services)) == []


def test_organs_that_are_gone_are_found() -> None:
    ended = TODAY + timedelta(days=1)
    gone = attrs.evolve(department("old-city", ended), kind=OrganKind.CITY, parent=county.CITY)
    old = department("old", ended)
    bad = attrs.evolve(UPWARD, code="bad", forward_to="old-city")
    left = whole("left", organ="old")
    there = [grant("x", role, "old") for role in (Role.INTAKE, Role.REVIEWER, Role.APPROVER)]
    with office_of([*clean(), bad, left], organs=[gone, old], people=[person("x", "old")], grants=there) as office:
        assert codes_of(checkup(office.services)) == [("organ-ends", "left")], "an end to come is told before it comes"
        assert codes_of(checkup(office.services, ended)) == [
            ("forward-target-gone", "bad"),
            ("organ-gone", "left"),
            *[("grant-organ-gone", "x")] * 3,
            ("person-organ-gone", "x"),
        ]


def test_an_item_is_unreviewed_on_the_day_after_twelve_months_and_a_look_ends_it() -> None:
    items = [whole("a", valid_from=LONG_AGO, reviewed_on=date(2023, 6, 17))]
    with office_of(items) as office:
        assert codes_of(checkup(office.services, date(2024, 6, 17))) == []
        assert ("unreviewed", "a") in codes_of(checkup(office.services, date(2024, 6, 18)))
        office.act_on_item("a", ConfirmItem(note="逐项核对"), actor=ONE)
        assert codes_of(checkup(office.services, date(2024, 6, 18))) == []


def test_what_is_not_in_use_is_counted_and_not_looked_at() -> None:
    with office_of([*clean(), whole("bad", basis=())]) as office:
        office.act_on_item("bad", SuspendItem(reason="修订", on=TODAY, prepared_by=ONE.code), actor=TWO)
        found = checkup(office.services)
        assert codes_of(found) == []
        assert {state.value: codes for state, codes in found.standing.items()} == {
            "in-use": ("a", "b", "up"),
            "suspended": ("bad",),
        }


def test_every_number_opens_down_to_its_items() -> None:
    offline = whole("off", **guide(online_depth="互联网咨询"))
    with office_of([*clean(), offline, whole("bad", basis=())], organs=[department("empty")]) as office:
        found = checkup(office.services)
        assert found.total.online == ("a", "b", "bad", "up")
        assert found.total.with_errors == ("bad",)
        assert found.total.share == 4 / 5
        assert found.depths == {"受理": ("a", "b", "bad", "up"), "互联网咨询": ("off",)}
        assert [(one.organ, one.items, one.share) for one in found.departments] == [
            (county.BUREAU, ("a", "b", "bad", "off", "up"), 4 / 5),
            ("empty", (), None),
        ]
        for figure in ("items", "online", "with_errors"):
            opened = [code for one in found.departments for code in getattr(one, figure)]
            assert sorted(opened) == sorted(getattr(found.total, figure))


def test_every_rule_of_the_library_is_planted_somewhere() -> None:
    elsewhere = {
        *("item-code", "no-handler", "handler-gone", "handler-idle", "organ-without-items"),
        "organ-name-twice",
        *("forward-target-gone", "organ-gone", "organ-ends"),
        *("person-organ-gone", "grant-organ-gone", "post-organ-gone"),
    }
    assert {code for code, _ in PLANTED} | elsewhere == {*RULES, *CHECKUP_RULES}


# --- grades -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("grades", "expected"),
    [
        ({}, Severity.WARNING),
        ({"material-without-basis": "error"}, Severity.ERROR),
        ({"material-without-basis": "off"}, None),
        ({"material-without-basis": {"severity": "error", "from": TODAY + timedelta(days=1)}}, Severity.WARNING),
        ({"material-without-basis": [{"severity": "info"}, {"severity": "error", "from": TODAY}]}, Severity.ERROR),
        ({"material-without-basis": {"severity": "error", "to": TODAY}}, Severity.WARNING),
    ],
)
def test_a_place_grades_rules_from_a_day_on(grades: dict[str, Any], expected: Severity | None) -> None:
    bad = whole("bad", materials=(attrs.evolve(FORM, basis=None),))
    with office_of([*clean(), bad], settings={"item_lints": grades}) as office:
        found = checkup(office.services).findings
        assert [one.finding.severity for one in found] == ([] if expected is None else [expected])


def test_rules_of_the_check_up_are_graded_too() -> None:
    with office_of(
        [*clean(), whole("bad", valid_from=LONG_AGO)], settings={"item_lints": {"unreviewed": "error"}}
    ) as office:
        assert [one.finding.severity for one in checkup(office.services).findings] == [Severity.ERROR]


def test_a_grade_without_days_holds_always() -> None:
    found = list(
        graded(lint_item(whole("a", basis=())), {"missing-basis": (Grade(code="missing-basis", severity=None),)}, TODAY)
    )
    assert found == []


# --- the invented county ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def demo() -> Iterator[Office]:
    with open_office(attrs.evolve(demo_settings("x"), storage="memory:"), clock=ManualClock(county.MONDAY)) as office:
        found_office(office, demo_population())
        yield office


def test_every_guide_of_the_invented_county_passes(demo: Office) -> None:
    names = code_lists().names()
    errors = [
        (item.code, one.code)
        for item in demo.catalogue.in_use(TODAY)
        for one in lint_item(item, names)
        if one.severity is Severity.ERROR
    ]
    assert errors == []


def test_what_is_found_in_the_invented_county_is_what_is_left_open_there(demo: Office) -> None:
    found = checkup(demo.services)
    left_open = {
        ("material-without-basis", item.code)
        for item in demo.catalogue.in_use(TODAY)
        for one in item.materials
        if one.basis is None
    }
    told = {(one.finding.code, one.subject) for one in found.findings if one.finding.severity is Severity.WARNING}
    hours = {pair for pair in told if pair[0] == "promise-below-a-day"}
    assert told - hours == left_open
    assert len(hours) == 6
    assert {one.finding.severity for one in found.findings} == {Severity.WARNING, Severity.INFO}
    assert 0 < (found.total.share or 0) < 1
