"""The demo county with the plugin: most forms are right, each rule that refuses is met, and every case is filed."""

from __future__ import annotations

from egov_core.testing.short_demo import short_demo
from egov_dept_water import Water

ITEMS = ("sx2602", "sx2609")
CASES = 160


def test_the_county_runs_and_forms_that_are_sent_back_are_corrected() -> None:
    played = short_demo([(Water(), "dept-water")], items=ITEMS, cases=CASES)
    assert (played.cases, played.verified) == (CASES, True)
    assert len(played.sentences) == played.replayed.refusals["hook-refused"] == CASES // 8
    assert "取用地下水的，请填写“是否在地下水禁采区”。" in played.sentences
    assert "属于备案项目的，应当提供备案材料，请填写“项目备案编号”。" in played.sentences
    assert any("“方案类型”应为水土保持方案报告书" in sentence for sentence in played.sentences)
    assert any("无法避让的理由" in sentence for sentence in played.sentences)


def test_the_plugin_changes_no_course_of_a_case() -> None:
    with_it = short_demo([(Water(), "dept-water")], items=ITEMS, cases=CASES)
    without = short_demo(items=ITEMS, cases=CASES)
    assert without.sentences == ()
    assert with_it.replayed.behaviours == without.replayed.behaviours
    assert with_it.replayed.refusals == {**without.replayed.refusals, "hook-refused": CASES // 8}


def test_the_same_seed_gives_the_same_chains() -> None:
    one, other = (short_demo([(Water(), "dept-water")], items=ITEMS, cases=40) for _ in range(2))
    assert one.heads == other.heads
