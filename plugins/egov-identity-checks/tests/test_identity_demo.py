"""The demo county with the plugin: a few applicants mistype their number, and everything else runs as without it."""

from __future__ import annotations

from egov_core.testing.short_demo import short_demo
from egov_identity_checks import IdentityChecks

CASES = 150


def test_the_county_runs_and_a_mistyped_number_is_corrected() -> None:
    played = short_demo([(IdentityChecks(), "identity-checks")], cases=CASES)
    assert set(played.sentences) == {"“身份证号码”校验位不符，请核对有无错字（GB 11643-1999）。"}
    assert len(played.sentences) == played.replayed.refusals["hook-refused"] == CASES // 50
    assert (played.cases, played.verified) == (CASES, True)


def test_without_the_plugin_nobody_mistypes() -> None:
    played = short_demo(cases=CASES)
    assert (played.sentences, played.cases, played.verified) == ((), CASES, True)
