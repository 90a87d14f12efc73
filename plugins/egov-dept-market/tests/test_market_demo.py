"""The demo county with the plugin: most forms are right, rules that refuse are met, and every case is filed."""

from __future__ import annotations

from egov_core.testing.short_demo import short_demo
from egov_dept_market import Market

ITEMS = ("sx2938", "sx2966")
CASES = 160


def test_the_county_runs_and_forms_that_are_sent_back_are_corrected() -> None:
    played = short_demo([(Market(), "dept-market")], items=ITEMS, cases=CASES)
    assert (played.cases, played.verified) == (CASES, True)
    assert len(played.sentences) == played.replayed.refusals["hook-refused"] == CASES // 8
    assert "“个体工商户名称”应标明与自身相符的组织形式，不得含“公司”字样。" in played.sentences
    assert any("不需要取得食品经营许可" in sentence for sentence in played.sentences)
    assert any("中小学、幼儿园食堂不得从事" in sentence for sentence in played.sentences)


def test_the_plugin_changes_no_course_of_a_case() -> None:
    with_it = short_demo([(Market(), "dept-market")], items=ITEMS, cases=CASES)
    without = short_demo(items=ITEMS, cases=CASES)
    assert without.sentences == ()
    assert with_it.replayed.behaviours == without.replayed.behaviours
    assert with_it.replayed.refusals == {**without.replayed.refusals, "hook-refused": CASES // 8}
