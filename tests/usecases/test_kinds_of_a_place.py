"""Kinds of timers that a place adds, by a file and by a plugin, through the whole office.

Accepted on Thursday 22 April 2021. A site visit within 5 working days: 23 April 1, 25 (make-up Sunday) to 28 April 5.
An answer of the bureau next door within 2: 25 April. The applicant waits 3 natural days: 25 April.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import attrs
import pytest

from egov_core import hookimpl
from egov_core.domain.cases import commands as c
from egov_core.domain.cases.marks import MARKS
from egov_core.domain.catalogue import PauseKind
from egov_core.domain.periods import FixedDay
from egov_core.domain.timers.kinds import KINDS, Expiry, LimitSource, Party, Per, TimerKind
from egov_core.errors import EgovError, PluginError, PolicyError, TimerKindError
from egov_core.testing import small_county as county
from egov_core.testing import timed_county as timed
from egov_core.testing.timed_county import cards, case, do, dues, file, move, time

START = "2021-04-22 09:00"
KINDS_FILE = """
[[kind]]
code = "site-visit"
name = "现场踏勘"
starts-on = ["accepted"]
stops-on = ["reviewed", "approved", "rejected", "withdrawn"]
limit = "5wd"
basis = { instrument = "《本县现场踏勘规则》（演示）", article = "第六条", in-force = 2020-01-01 }
pausable = true

[[kind]]
code = "opinion"
name = "部门意见"
starts-on = ["accepted"]
stops-on = ["reviewed", "approved", "rejected", "withdrawn"]
"""
POLICY = """
name = "ours"
version = 1
title = "本县黄红牌办法（演示）"
levels = ["yellow", "red"]
basis = { instrument = "本县黄红牌办法（演示）" }

[[rule]]
code = "visit-red"
level = "red"
timers = ["site-visit", "opinion"]
base = ["promised", "statutory"]
when = { overdue = true }

[[rule]]
code = "waiting-yellow"
level = "yellow"
timers = ["waiting"]
base = ["statutory"]
when = { overdue = true }
"""
WAITING = TimerKind(
    code="waiting",
    name="等候",
    starts_on=frozenset({"submitted"}),
    stops_on=frozenset({"reviewed", "withdrawn"}),
    limit_source=LimitSource.LAW,
    limit=timed.limit("3d"),
    party=Party.APPLICANT,
)


class Adds:
    """A plugin that answers `egov_timer_kinds` with what it is given."""

    def __init__(self, *kinds: Any) -> None:
        self.kinds: Any = list(kinds)
        self.marks: frozenset[str] = frozenset()

    @hookimpl
    def egov_timer_kinds(self, marks: frozenset[str]) -> Any:
        self.marks = marks
        return self.kinds


@pytest.fixture
def ours(tmp_path: Path) -> dict[str, Any]:
    """A place's settings: kinds of a file, a policy that names them, a standard for one of them."""
    (tmp_path / "kinds.toml").write_text(KINDS_FILE, encoding="utf-8")
    (tmp_path / "cards.toml").write_text(POLICY, encoding="utf-8")
    return {
        "timer_kinds": (str(tmp_path / "kinds.toml"),),
        "policy": str(tmp_path / "cards.toml"),
        "service_limits": {"opinion": "2wd"},
    }


def test_kinds_of_a_file_and_of_a_plugin_run_stop_and_earn_their_cards(
    opened: timed.Opener, ours: dict[str, Any]
) -> None:
    plugin = Adds(WAITING)
    office = opened(START, plugins=((plugin, "waits"),), **ours)
    assert plugin.marks == MARKS
    case_id, quick = file(office), file(office)
    for one in (case_id, quick):
        do(office, c.Accept(case_id=one))
    assert [dues(office, case_id, kind) for kind in ("site-visit", "opinion", "waiting")] == [
        ["2021-04-28 23:59:59"],
        ["2021-04-25 23:59:59"],
        ["2021-04-25 23:59:59"],
    ]
    county.review(office, quick)
    move(office, "2021-05-06 09:00")
    office.sweep()
    assert cards(office, case_id) == [
        ("red", "2021-04-26 00:00:00", "bureau"),
        ("yellow", "2021-04-26 00:00:00", "bureau"),
        ("red", "2021-04-29 00:00:00", "bureau"),
    ]
    assert cards(office, quick) == []
    assert {card.policy for card in office.storage.cards(office.area, case_id)} == {"ours@1"}


def test_the_notice_watches_every_kind_of_the_organs_and_a_pause_stops_those_that_say_so(
    opened: timed.Opener, ours: dict[str, Any]
) -> None:
    office = opened(START, plugins=((Adds(WAITING), "waits"),), **{**ours, "policy": "notice"})
    case_id = file(office)
    do(office, c.Accept(case_id=case_id))
    move(office, "2021-04-23 09:00")
    do(office, c.Pause(case_id=case_id, kind=PauseKind.HEARING, notice="特1", declared=county.working_days(3)))
    move(office, "2021-04-26 09:00")
    do(office, c.Resume(case_id=case_id, result="完"))
    # 25 and 26 April are not counted: 23 April 1, 27-30 April 5; the opinion's clock does not stop
    assert dues(office, case_id, "site-visit") == ["2021-04-30 23:59:59"]
    assert dues(office, case_id, "opinion") == ["2021-04-25 23:59:59"]
    move(office, "2021-05-06 09:00")
    office.sweep()
    assert cards(office, case_id, "waiting") == [], "it is the applicant who waits"
    assert [level for level, _, _ in cards(office, case_id, "site-visit")] == ["yellow", "red"]


def test_an_items_own_standard_prevails_and_a_kind_of_the_law_has_both(
    opened: timed.Opener, ours: dict[str, Any]
) -> None:
    limits = {"opinion": timed.limit("1wd"), "site-visit": timed.limit("4wd")}
    office = opened(START, more=[attrs.evolve(county.item("own"), limits=limits)], **{**ours, "policy": "notice"})
    case_id = file(office, "own")
    do(office, c.Accept(case_id=case_id))
    assert dues(office, case_id, "opinion") == ["2021-04-23 23:59:59"]
    assert dues(office, case_id, "site-visit") == ["2021-04-27 23:59:59"]


def test_without_a_standard_a_service_kind_is_not_kept(opened: timed.Opener, ours: dict[str, Any]) -> None:
    office = opened(START, timer_kinds=ours["timer_kinds"])
    case_id = file(office)
    do(office, c.Accept(case_id=case_id))
    assert dues(office, case_id, "opinion") == []


def test_a_kind_added_changed_or_taken_away_reaches_no_case_under_way(tmp_path: Path, ours: dict[str, Any]) -> None:
    """Frozen on submission, like the policy: the old case is what its events make, whoever opens the office later."""
    url = f"sqlite:///{tmp_path}/county.db"
    kinds = tmp_path / "kinds.toml"
    filed, place = {}, {"timer_kinds": ours["timer_kinds"], "service_limits": ours["service_limits"]}
    nine = KINDS_FILE.replace('limit = "5wd"', 'limit = "9wd"')
    for year, given, text in ((1, {}, ""), (2, place, KINDS_FILE), (3, place, nine), (4, {}, "")):
        kinds.write_text(text, encoding="utf-8")
        with timed.open_timed_county(url, start=time(START), fresh=year == 1, seed=year, **given) as office:
            assert office.verify().violations == ()
            filed[year] = file(office)
            do(office, c.Accept(case_id=filed[year]))
            assert office.verify().violations == ()
    with timed.open_timed_county(url, start=time("2021-05-20 09:00"), fresh=False, seed=9) as office:
        office.sweep()
        found = {year: dues(office, case_id, "site-visit") for year, case_id in filed.items()}
        # 23 April 1, 25-30 April 7, 6 and 7 May 9
        assert found == {1: [], 2: ["2021-04-28 23:59:59"], 3: ["2021-05-07 23:59:59"], 4: []}
        assert [level for level, _, _ in cards(office, filed[2], "site-visit")] == ["yellow", "red"]
        assert [kind.code for kind in case(office, filed[2]).kinds] == ["site-visit", "opinion"]
        assert case(office, filed[1]).kinds == ()
        assert office.verify().violations == ()


# --- what is refused --------------------------------------------------------------------------------------------------


def shut(error: type[EgovError], **given: Any) -> Any:
    """The refusal to open such an office."""
    with pytest.raises(error) as caught:
        timed.open_timed_county(start=time(START), **given)
    assert caught.value.remedy and type(caught.value) is error
    return caught.value


def test_a_policy_that_names_a_kind_the_place_does_not_have_is_refused(ours: dict[str, Any]) -> None:
    error = shut(PolicyError, **{**ours, "service_limits": {}})
    assert "there is no timer kind 'waiting'" in [fault.message for fault in error.faults]


def test_two_files_with_one_code_are_refused_and_named(tmp_path: Path, ours: dict[str, Any]) -> None:
    second = tmp_path / "more.toml"
    second.write_text(KINDS_FILE, encoding="utf-8")
    error = shut(TimerKindError, timer_kinds=(*ours["timer_kinds"], str(second)))
    assert [fault.code for fault in error.faults] == ["taken", "taken"]


def evolved(**wrong: Any) -> TimerKind:
    """The kind with values that its types forbid, as a plugin may give them."""
    return attrs.evolve(WAITING, **wrong)


WRONG: dict[str, tuple[Any, str]] = {
    "a text": ("visit", "answered egov_timer_kinds with str"),
    "something else": ([WAITING, {"code": "x"}], "answered egov_timer_kinds with list"),
    "a shipped code": ([attrs.evolve(WAITING, code="case")], "'case' is the code of another kind"),
    "a code twice": ([WAITING, WAITING], "'waiting' is the code of another kind"),
    "a code of the place's file": ([attrs.evolve(WAITING, code="opinion")], "opinion is the code of another kind"),
    "no code": ([attrs.evolve(WAITING, code="")], "'': lower-case words"),
    "a path for a code": ([attrs.evolve(WAITING, code="../x")], "'../x': lower-case words"),
    "an unknown mark": ([attrs.evolve(WAITING, starts_on={"acepted"})], "'acepted' is none of"),
    "a tag that is none": ([attrs.evolve(WAITING, stops_on={"submitted:pigeon"})], "'submitted:pigeon' is none of"),
    "no start": ([attrs.evolve(WAITING, starts_on=())], "names no mark"),
    "a mark on both sides": ([attrs.evolve(WAITING, stops_on={"submitted", "reviewed"})], "both starts and stops"),
    "an effect of its end": ([attrs.evolve(WAITING, expiry=Expiry.CLOSURE)], "brings more than cards"),
    "no limit": ([attrs.evolve(WAITING, limit=None)], "if and only if"),
    "a limit that is none": ([attrs.evolve(WAITING, limit=timed.limit("none"))], "if and only if"),
    "a text for a limit": ([evolved(limit="3d")], "'3d' is no limit"),
    "a limit and a standard": ([attrs.evolve(WAITING, limit_source=LimitSource.SERVICE)], "if and only if"),
    "another source": ([attrs.evolve(WAITING, limit_source=LimitSource.EVENT)], "takes its limit from itself"),
    "one for each pause": ([attrs.evolve(WAITING, per=Per.PAUSE)], "only shipped kinds are kept for each"),
    "one for each step": ([attrs.evolve(WAITING, per=Per.STEP)], "only shipped kinds are kept for each"),
    "nobody's time": ([evolved(party="organ")], "must be one of organ, applicant"),
}


@pytest.mark.parametrize(("answer", "words"), WRONG.values(), ids=WRONG.keys())
def test_a_plugin_whose_kinds_cannot_be_stops_the_opening_and_is_named(
    ours: dict[str, Any], answer: Any, words: str
) -> None:
    plugin = Adds()
    plugin.kinds = answer
    place = {"timer_kinds": ours["timer_kinds"]}
    error = shut(PluginError, plugins=((plugin, "waits"),), **place)
    assert error.data["plugin"] == "waits"
    assert "waits" in error.message and words in error.message, error.message


def test_all_that_is_wrong_with_a_plugins_kinds_is_said_at_once() -> None:
    first = attrs.evolve(WAITING, code="Waiting", starts_on=("nothing",), per=Per.PAUSE)
    error = shut(PluginError, plugins=((Adds(first, attrs.evolve(WAITING, code="step", limit=None)), "waits"),))
    assert len(error.data["faults"]) == 5
    for words in ("'Waiting'", "'nothing'", "each pause", "'step' is the code", "if and only if"):
        assert words in error.message


def test_two_plugins_with_one_code_name_one_of_them() -> None:
    plugins = ((Adds(WAITING), "first"), (Adds(WAITING), "second"))
    error = shut(PluginError, plugins=plugins)
    assert error.data["plugin"] in ("first", "second") and "waiting is the code of another kind" in error.message


def test_a_plugin_that_raises_or_cannot_build_its_kinds_is_named() -> None:
    class Fails:
        @hookimpl
        def egov_timer_kinds(self) -> Any:
            return [TimerKind(code="x", name="x", starts_on=5)]  # type: ignore[arg-type]  # the wrong kind is meant

    error = shut(PluginError, plugins=((Fails(), "fails"),))
    assert error.data["plugin"] == "fails" and error.data["hook"] == "egov_timer_kinds"


def test_a_plugin_that_has_none_adds_none() -> None:
    answers: tuple[Any, ...] = (None, [], ())
    for answer in answers:
        plugin = Adds()
        plugin.kinds = answer
        with timed.open_timed_county(start=time(START), plugins=((plugin, "silent"),)) as office:
            assert office.services.kinds == KINDS


def test_a_limit_that_is_a_day_or_the_spot_can_be_a_kinds_own(opened: timed.Opener) -> None:
    report = attrs.evolve(WAITING, code="census", limit=FixedDay(day=date(2021, 5, 8), basis=county.BASIS))
    spot = attrs.evolve(WAITING, code="spot", limit=timed.limit("immediate"))
    office = opened(START, plugins=((Adds(report, spot), "both"),))
    case_id = file(office)
    assert dues(office, case_id, "census") == ["2021-05-08 23:59:59"]
    assert dues(office, case_id, "spot") == ["2021-04-22 23:59:59"]
