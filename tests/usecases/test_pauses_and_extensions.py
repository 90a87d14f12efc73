"""特别程序 and 延期: when the clock of a case stops, and when its limit grows (行政许可法 42, 45).

Accepted on Monday 17 June 2024, without a holiday in the weeks around: the promise of ten days ends on 1 July, the
twenty of the law on 15 July. Other dates are those of the worked deadlines they name.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import attrs
import pytest

from egov_core.domain.cases import commands as c
from egov_core.domain.cases.timing import runs_of
from egov_core.domain.catalogue import Approver, ExtensionTerms, PauseKind, PauseTerms, Procedure
from egov_core.errors import (
    ClaimError,
    ConflictError,
    ExtensionRefusedError,
    IllegalTransitionError,
    NoAuthorityError,
    PauseRefusedError,
)
from egov_core.runtime.office import Office
from egov_core.testing import small_county as county
from egov_core.testing import timed_county as timed
from egov_core.testing.timed_county import cards, case, do, dues, file, move, outlook, period, refused, time

MONDAY = "2024-06-17 09:00"
LAST_SECOND = "2024-07-15 23:59:59"
FREE = attrs.evolve(county.item("free"), pause_kinds=frozenset())
"""An item whose catalogue entry names no special procedures, so that none is excluded."""


def pause(case_id: str, kind: PauseKind = PauseKind.HEARING, days: str = "5wd", notice: str = "特告1") -> c.Pause:
    return c.Pause(case_id=case_id, kind=kind, notice=notice, declared=period(days))


def resume(case_id: str) -> c.Resume:
    return c.Resume(case_id=case_id, result="程序结束")


def extend(case_id: str, amount: str = "10wd", reason: str = "案情复杂", notice: str = "延1") -> c.Extend:
    return c.Extend(case_id=case_id, amount=period(amount), reason=reason, notice=notice)


def accepted(opened: timed.Opener, start: str = MONDAY, item: str = county.LICENCE, **place: Any) -> tuple[Office, str]:
    office = opened(start, **place)
    case_id = file(office, item)
    do(office, c.Accept(case_id=case_id))
    return office, case_id


def due(office: Office, case_id: str, base: str) -> str:
    """When the case is due by one of its limits."""
    found = case(office, case_id)
    [run] = [run for run in runs_of(found, office.yardstick(found)) if run.kind == "case" and run.limits]
    at = run.due(office.yardstick(found).ruler, (base,)).due
    return "-" if at is None else f"{at:%Y-%m-%d %H:%M:%S}"


# --- pauses -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("policy", "start", "begin", "end", "last"),
    [
        ("notice", "2017-09-18 10:00", "2017-09-28 10:00", "2017-10-10 16:00", "2017-10-26 23:59:59"),  # W39
        ("notice", "2021-09-22 10:00", "2021-10-02 10:00", "2021-10-07 16:00", "2021-10-25 23:59:59"),  # W41
        # to the second and credited with ten declared days at most (W43): 3 December 10:00 and ten days more
        ("hunan-2018", "2018-11-05 10:00", "2018-11-12 10:00", "2018-11-30 10:00", "2018-12-17 10:00:00"),
    ],
)
def test_what_a_special_procedure_takes_out_of_the_twenty_days(
    opened: timed.Opener, policy: str, start: str, begin: str, end: str, last: str
) -> None:
    office, case_id = accepted(opened, start, policy=policy)
    move(office, begin)
    do(office, pause(case_id, days="10wd"))
    capped = policy == "hunan-2018"
    assert (due(office, case_id, "statutory") == "-") is not capped, "nobody knows when it ends, unless it is capped"
    move(office, end)
    do(office, resume(case_id))
    assert due(office, case_id, "statutory") == last


def test_ended_early_the_dates_come_back_and_never_before_what_was_worked(opened: timed.Opener) -> None:
    # a pause of 18 June, credited with ten days at once: 1 July + 10 is 15 July; after four of them it is 5 July
    office, case_id = accepted(opened, policy="hunan-2018")
    move(office, "2024-06-18 09:00")
    do(office, pause(case_id, days="10wd"))
    assert due(office, case_id, "promised") == "2024-07-15 09:00:00"
    move(office, "2024-06-24 09:00")
    do(office, resume(case_id))
    assert due(office, case_id, "promised") == "2024-07-05 09:00:00"


def test_a_pause_to_the_second_takes_out_the_office_time_it_took(opened: timed.Opener) -> None:
    # an hour and a half on a morning: the limit ends as much later on its last day
    office, case_id = accepted(opened, policy="hunan-2018")
    move(office, "2024-06-18 10:00")
    do(office, pause(case_id))
    move(office, "2024-06-18 11:30")
    do(office, resume(case_id))
    assert due(office, case_id, "promised") == "2024-07-01 10:30:00"


def test_a_second_pause_waits_for_the_first_so_that_none_overlap(opened: timed.Opener) -> None:
    office, case_id = accepted(opened)
    do(office, pause(case_id))
    with refused(office, ConflictError, "was already moved to paused"):
        do(office, pause(case_id, PauseKind.HEARING, "3wd"))
    move(office, "2024-06-19 09:00")
    do(office, resume(case_id))
    with refused(office, ClaimError, "lies before the case's last event"):
        do(office, pause(case_id), at="2024-06-18 09:00")
    do(office, pause(case_id))
    move(office, "2024-06-21 09:00")
    do(office, resume(case_id))
    # (17, 19] and (19, 21] June are not counted: four days; 24 June to 5 July 10
    assert dues(office, case_id, "case") == ["2024-07-05 23:59:59"]


def test_an_open_pause_has_a_timer_and_cards_of_its_own_also_when_the_case_is_over(opened: timed.Opener) -> None:
    office, case_id = accepted(opened)
    do(office, pause(case_id, days="5wd"))
    move(office, "2024-08-01 09:00")
    office.sweep()
    assert cards(office, case_id, "special-procedure") == [
        ("yellow", "2024-06-21 00:00:00", "bureau"),
        ("red", "2024-06-25 00:00:00", "bureau"),
    ]
    assert cards(office, case_id, "case") == [], "its own clock stands"


def test_hunans_printed_example_of_a_special_procedure(opened: timed.Opener) -> None:
    # seven declared days from Monday 15 October 2018 10:00: warn after the 19th, yellow after the 24th, red the 25th
    office, case_id = accepted(opened, "2018-10-15 10:00", policy="hunan-2018")
    do(office, pause(case_id, days="7wd"))
    move(office, "2018-11-01 09:00")
    office.sweep()
    assert cards(office, case_id, "special-procedure") == [
        ("warning", "2018-10-19 10:00:01", "bureau"),
        ("yellow", "2018-10-24 10:00:01", "bureau"),
        ("red", "2018-10-25 10:00:01", "bureau"),
    ]


@pytest.mark.parametrize("kind", [one for one in PauseKind if one.is_local])
def test_what_the_law_does_not_name_stops_the_clock_only_where_the_place_says_so(
    opened: timed.Opener, kind: PauseKind
) -> None:
    others = tuple(one.value for one in PauseKind if one.is_local and one is not kind)
    office, case_id = accepted(opened, item="free", more=[FREE], local_pauses=others)
    with refused(office, PauseRefusedError, kind.value, "第四十五条", "[time] local-pauses") as told:
        do(office, pause(case_id, kind))
    assert told.data == {"kind": kind.value, "switched_on": sorted(others)}
    office, case_id = accepted(opened, item="free", more=[FREE], local_pauses=(kind.value,))
    assert do(office, pause(case_id, kind)).state == "paused"


def test_w45_a_public_notice_counts_or_does_not_by_the_rule_of_the_place(opened: timed.Opener) -> None:
    # (21, 30] September 2020 are eight working days, the make-up Sunday among them
    office, case_id = accepted(opened, "2020-09-16 10:00", "free", more=[FREE], local_pauses=("公示",))
    move(office, "2020-09-21 10:00")
    do(office, pause(case_id, PauseKind.PUBLIC_NOTICE, "10wd"))
    move(office, "2020-09-30 10:00")
    do(office, resume(case_id))
    # 17, 18, 21 September 3; 9, 10 October 5; 12-16 October 10; 19-23 October 15; 26-30 October 20
    assert due(office, case_id, "statutory") == "2020-10-30 23:59:59"
    counted, other = accepted(opened, "2020-09-16 10:00", "free", more=[FREE])
    assert due(counted, other, "statutory") == "2020-10-20 23:59:59"


@pytest.mark.parametrize("kind", [one for one in PauseKind if not one.is_local])
def test_each_of_the_eight_of_the_law_stops_the_clock_where_the_item_names_none(
    opened: timed.Opener, kind: PauseKind
) -> None:
    office, case_id = accepted(opened, item="free", more=[FREE])
    assert do(office, pause(case_id, kind)).state == "paused"


def test_a_pause_is_refused_for_each_of_its_reasons_with_data_and_changes_nothing(opened: timed.Opener) -> None:
    terms = (PauseTerms(kind=PauseKind.TESTING, longest=period("10wd"), times=1),)
    item = attrs.evolve(
        county.item("bound"), pause_kinds=frozenset({PauseKind.TESTING, PauseKind.HEARING}), pause_terms=terms
    )
    office, case_id = accepted(opened, item="bound", more=[item])
    testing = PauseKind.TESTING
    reasons: list[tuple[c.Pause, tuple[str, ...], dict[str, Any]]] = [
        (
            pause(case_id, testing, notice=" "),
            ("told to the applicant in writing", "特别程序告知书"),
            {"kind": "检测", "notice": " "},
        ),
        (pause(case_id, PauseKind.AUCTION), ("拍卖 is not one of the item's", "听证、检测"), {"kind": "拍卖"}),
        (pause(case_id, testing, "10d"), ("declared in working days, not 10d", "10wd"), {"declared": "10d"}),
        (pause(case_id, testing, "24h"), ("declared in working days, not 24h",), {"declared": "24h"}),
        (
            pause(case_id, testing, "11wd"),
            ("declared with 11wd, and the item allows 10wd", "declare at most 10wd"),
            {"kind": "检测", "declared": "11wd", "longest": "10wd"},
        ),
    ]
    for command, words, data in reasons:
        with refused(office, PauseRefusedError, *words) as told:
            do(office, command)
        assert {key: told.data[key] for key in data} == data
    do(office, pause(case_id, testing, "10wd"))
    move(office, "2024-06-19 09:00")
    do(office, resume(case_id))
    with refused(office, PauseRefusedError, "has stopped the clock 1 time(s), and the item allows 1") as told:
        do(office, pause(case_id, testing, "1wd"))
    assert told.data == {"kind": "检测", "before": 1, "times": 1}
    for _ in range(2):
        do(office, pause(case_id, PauseKind.HEARING, "99wd"))
        do(office, resume(case_id))
    move(office, "2024-06-20 09:00")
    do(office, extend(case_id))
    with refused(office, IllegalTransitionError, "Resume is not possible"):
        do(office, resume(case_id))


def test_two_local_switches_do_not_widen_what_the_item_names(opened: timed.Opener) -> None:
    office, case_id = accepted(opened, local_pauses=("公示",))
    with refused(office, PauseRefusedError, "公示 is not one of the item's special procedures"):
        do(office, pause(case_id, PauseKind.PUBLIC_NOTICE))


def test_before_the_acceptance_no_clock_runs_that_could_stop(opened: timed.Opener) -> None:
    office = opened(MONDAY)
    case_id = file(office)
    with refused(office, IllegalTransitionError, "Pause is not possible"):
        do(office, pause(case_id))
    move(office, "2024-07-10 09:00")
    office.sweep()
    assert do(office, pause(case_id)).state == "paused", "the law has accepted it"


CLOSED = """
name = "closed"
version = 1
title = "首尾均不计"
levels = ["red"]
basis = { instrument = "本县规则（演示）" }
settings = { pause-rule = "closed" }

[[rule]]
code = "red"
level = "red"
timers = ["*"]
base = ["statutory"]
when = { overdue = true }
"""


def test_w39_under_the_other_convention_both_ends_are_taken_out(opened: timed.Opener, tmp_path: Path) -> None:
    own = tmp_path / "closed.toml"
    own.write_text(CLOSED, encoding="utf-8")
    office, case_id = accepted(opened, "2017-09-18 10:00", policy=str(own))
    move(office, "2017-09-28 10:00")
    do(office, pause(case_id, days="10wd"))
    move(office, "2017-10-10 16:00")
    do(office, resume(case_id))
    assert due(office, case_id, "statutory") == "2017-10-27 23:59:59"
    move(office, "2017-11-01 09:00")
    office.sweep()
    assert cards(office, case_id, "case") == [("red", "2017-10-28 00:00:00", "bureau")]


# --- extensions -------------------------------------------------------------------------------------------------------

PROCEDURES = [
    (Procedure.SINGLE, 20, "10wd", "head", "2024-07-29"),
    (Procedure.JOINT, 45, "15wd", "mayor", "2024-09-09"),
    (Procedure.EX_OFFICIO, 60, "30wd", "head", "2024-10-25"),
    (Procedure.INFORMATION, 20, "20wd", "head", "2024-08-12"),
]
"""Procedure, limit, longest extension, who approves, and the last day after it. From 17 June: 21 June 4, each week five
more, 13 September 64, 14 September (make-up Saturday) 65; 18-20 September 68, 23-29 September 74 (29 made up), 30
September 75, 8-12 October 80, 14-18 October 85, 21-25 October 90."""


@pytest.mark.parametrize(("procedure", "limit", "longest", "approver", "last"), PROCEDURES)
def test_each_procedure_is_extended_once_by_its_own_longest_and_by_its_own_approver(
    opened: timed.Opener, procedure: Procedure, limit: int, longest: str, approver: str, last: str
) -> None:
    item = attrs.evolve(county.item("one"), procedure=procedure, statutory=county.working_days(limit))
    office, case_id = accepted(opened, item="one", more=[item])
    days = int(longest.removesuffix("wd"))
    with refused(
        office, ExtensionRefusedError, f"an extension of {days + 1}wd is not allowed", f"at most {longest}"
    ) as told:
        do(office, extend(case_id, f"{days + 1}wd"), by=approver)
    assert told.data == {"amount": f"{days + 1}wd", "longest": longest}
    for amount in (f"{days}d", f"{days}wh", "1m"):
        with refused(office, ExtensionRefusedError, f"an extension of {amount} is not allowed", longest):
            do(office, extend(case_id, amount), by=approver)
    before = timed.everything(office)
    for person in ("intake", "reviewer", "approver", "mayor" if approver == "head" else "head"):
        with pytest.raises(NoAuthorityError):
            do(office, extend(case_id, longest), by=person)
    assert timed.everything(office) == before
    do(office, extend(case_id, longest), by=approver)
    assert due(office, case_id, "statutory") == f"{last} 23:59:59"
    with refused(office, ExtensionRefusedError, "was already extended on 2024-06-17", "extended once") as told:
        do(office, extend(case_id, "1wd"), by=approver)
    assert told.data == {"approved_at": "2024-06-17T09:00:00+08:00"}


def test_what_is_only_reviewed_and_forwarded_is_not_extended_at_all(opened: timed.Opener) -> None:
    item = attrs.evolve(county.item("one"), procedure=Procedure.REVIEW_AND_FORWARD)
    office, case_id = accepted(opened, item="one", more=[item])
    with refused(office, ExtensionRefusedError, "is not extended", "第四十三条", "within its limit"):
        do(office, extend(case_id, "1wd"))


def test_an_items_own_terms_stand_before_those_of_its_procedure(opened: timed.Opener) -> None:
    own = ExtensionTerms(longest=period("15d"), approver=Approver.GOVERNMENT_HEAD, basis=county.BASIS)
    item = attrs.evolve(county.item("one", statutory=timed.limit("30d")), extension=own)
    office, case_id = accepted(opened, item="one", more=[item])
    with refused(office, ExtensionRefusedError, "at most 15d (《演示条例》第一条)"):
        do(office, extend(case_id, "10wd"), by="mayor")
    do(office, extend(case_id, "15d"), by="mayor")
    assert due(office, case_id, "statutory") == "2024-08-01 23:59:59"
    none = attrs.evolve(item, code="none", extension=attrs.evolve(own, longest=None, approver=Approver.ORGAN_HEAD))
    office.establish(items=[none])
    other = file(office, "none")
    do(office, c.Accept(case_id=other))
    with refused(office, ExtensionRefusedError, "is not extended"):
        do(office, extend(other, "1wd"))


@pytest.mark.parametrize(
    ("limit", "amount"), [("30d", "10wd"), ("immediate", "10wd"), ("none", "10wd"), ("56wh", "10wd")]
)
def test_a_limit_in_another_unit_or_of_another_kind_is_not_lengthened_by_working_days(
    opened: timed.Opener, limit: str, amount: str
) -> None:
    item = county.item("one", statutory=timed.limit(limit))
    office, case_id = accepted(opened, item="one", more=[item])
    with refused(office, ExtensionRefusedError, f"the limit of the case is {limit}", "within its limit") as told:
        do(office, extend(case_id, amount))
    assert told.data == {"limit": limit}


@pytest.mark.parametrize("swept", [True, False])
def test_at_the_last_second_of_the_limit_it_is_extended_and_one_second_later_it_is_void(
    opened: timed.Opener, swept: bool
) -> None:
    office, case_id = accepted(opened)
    move(office, "2024-07-16 00:00")
    if swept:
        office.sweep()
    with refused(office, ExtensionRefusedError, "the extension is void: the limit had passed on 2024-07-15") as told:
        do(office, extend(case_id))
    assert told.data == {"approved_at": "2024-07-16T00:00:00+08:00"}
    do(office, extend(case_id), at=LAST_SECOND)
    assert (due(office, case_id, "statutory"), due(office, case_id, "promised")) == (
        "2024-07-29 23:59:59",
        "2024-07-15 23:59:59",
    )


def test_w33_approved_after_expiry_over_the_holiday_it_is_void(opened: timed.Opener) -> None:
    # twenty days from Friday 2 September 2022 end on 30 September; approved on the make-up Saturday 8 October
    office, case_id = accepted(opened, "2022-09-01 10:00")
    assert due(office, case_id, "statutory") == "2022-09-30 23:59:59"
    move(office, "2022-10-08 10:00")
    with refused(office, ExtensionRefusedError, "had passed on 2022-09-30"):
        do(office, extend(case_id))
    office.sweep()
    assert cards(office, case_id, "case")[-1][0] == "red"


def test_a_pause_gives_the_approver_its_days_and_an_open_one_all_the_time(opened: timed.Opener) -> None:
    office, case_id = accepted(opened)
    move(office, "2024-07-12 09:00")
    do(office, pause(case_id))
    with refused(office, IllegalTransitionError, "Extend is not possible"):
        do(office, extend(case_id))
    move(office, "2024-07-19 09:00")
    do(office, resume(case_id))
    move(office, "2024-07-22 23:59:59")
    do(office, extend(case_id))
    assert due(office, case_id, "statutory") == "2024-08-05 23:59:59", "15-19 July are not counted: 22 July, and ten"


def test_an_extension_needs_reason_and_notice(opened: timed.Opener) -> None:
    office, case_id = accepted(opened)
    with refused(office, ClaimError, "lacks reason, notice") as told:
        do(office, extend(case_id, reason="", notice=" "))
    assert told.paths == ["$.reason", "$.notice"]


def test_the_cards_speak_again_for_the_longer_limit_and_those_before_stay(opened: timed.Opener) -> None:
    offices = [accepted(opened) for _ in range(2)]
    for number, (office, case_id) in enumerate(offices):
        move(office, "2024-07-03 09:00")
        if number == 0:
            office.sweep()
        do(office, extend(case_id, "5wd"))
        move(office, "2024-07-10 09:00")
        office.sweep()
        assert cards(office, case_id, "case") == [
            ("yellow", "2024-06-28 00:00:00", "bureau"),
            ("red", "2024-07-02 00:00:00", "bureau"),
            ("yellow", "2024-07-05 00:00:00", "bureau"),
            ("red", "2024-07-09 00:00:00", "bureau"),
        ]
    assert outlook(*offices[0]) == outlook(*offices[1])
    assert time("2024-07-03 09:00") == case(*offices[0]).extensions[0].approved_at
