"""What a place settles: every setting that is wrong is named at once with its path, and what is right takes effect."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import attrs
import pytest

from egov_core import Settings
from egov_core.domain.authority import Role, Scope
from egov_core.domain.catalogue import PauseKind
from egov_core.domain.timers.kinds import KINDS, Expiry
from egov_core.errors import ClaimError, EgovError, SettingsError, TimerKindError
from egov_core.hooks.manager import Hooks
from egov_core.runtime.place import place_of, separation_pairs, silence_rules, timer_kinds
from egov_core.runtime.settings import read_settings
from egov_core.testing import small_county as county


def settings(**given: Any) -> Settings:
    return attrs.evolve(county.settings(), **given)


def faults(**given: Any) -> dict[str, str]:
    """The settings that are wrong: path and code."""
    with pytest.raises(SettingsError) as refused:
        place_of(settings(**given), KINDS)
    assert refused.value.remedy
    found = {fault["path"]: fault["code"] for fault in refused.value.data["faults"]}
    assert all(path in refused.value.message for path in found)
    return found


def test_a_place_that_settles_nothing_has_the_national_rules_and_nothing_else() -> None:
    place = place_of(settings(), KINDS)
    assert (place.local_pauses, place.standards) == (frozenset(), {})
    assert [rule.lapse.effect for rule in place.silence.rules] == [Expiry.DEEMED_ACCEPTANCE, Expiry.DEEMED_RENEWAL]


def test_what_it_settles_is_read_with_its_basis() -> None:
    given = settings(
        title="云岫县",
        local_pauses=("公示", "其它"),
        service_limits={"licence": "3wd", "pre-acceptance": "2wd", "correction": "30d", "forward": "3wd"},
        silence="none",
    )
    place = place_of(given, KINDS)
    assert place.local_pauses == {PauseKind.PUBLIC_NOTICE, PauseKind.OTHER}
    assert {kind: str(limit) for kind, limit in place.standards.items()} == dict(given.service_limits)
    assert {str(limit.basis) for limit in place.standards.values()} == {"云岫县 服务标准"}
    assert place.silence.rules == ()


def test_every_setting_that_is_wrong_is_named_at_once() -> None:
    found = faults(
        local_pauses=("公示", "听证", "踏勘"),
        service_limits={
            "licence": "3 days",
            "correction": "none",
            "case": "5wd",  # the item's
            "delivery": "5wd",  # the law's
            "special-procedure": "5wd",  # the pause says itself how long
            "renewal": "20d",  # the licence says itself when it ends
            "inquiry": "5wd",  # no event starts one
            "no-such-kind": "5wd",
            "commitment-check": "30d",
        },
    )
    assert found == {
        "time.local-pauses": "unknown",
        **dict.fromkeys(("time.service-limits.licence", "time.service-limits.correction"), "period"),
        **{
            f"time.service-limits.{kind}": "unknown"
            for kind in ("case", "delivery", "special-procedure", "renewal", "inquiry", "no-such-kind")
        },
    }


def test_a_kind_that_is_refused_is_told_which_take_a_standard() -> None:
    with pytest.raises(SettingsError) as refused:
        place_of(settings(service_limits={"case": "5wd"}), KINDS)
    said = refused.value.message.partition("those are ")[2].split(", ")
    assert said == ["pre-acceptance", "correction", "forward", "licence", "commitment-check"]
    place_of(settings(service_limits=dict.fromkeys(said, "5wd")), KINDS)


def test_a_kind_of_the_place_takes_a_standard_of_the_place(tmp_path: Path) -> None:
    file = tmp_path / "kinds.toml"
    file.write_text(
        '[[kind]]\ncode = "opinion"\nname = "意见"\nstarts-on = ["accepted"]\nstops-on = ["reviewed"]\n',
        encoding="utf-8",
    )
    given = settings(timer_kinds=(str(file),), service_limits={"opinion": "2wd"})
    kinds = timer_kinds(given, Hooks())
    assert str(place_of(given, kinds).standards["opinion"]) == "2wd"
    assert set(kinds) == {*KINDS, "opinion"}


@pytest.mark.parametrize(
    ("name", "content", "error", "words"),
    [
        ("absent.toml", None, SettingsError, "cannot be read"),
        ("broken.toml", b"[[kind]", SettingsError, "is not TOML"),
        ("latin.toml", b"\xe9t\xe9", SettingsError, "is not UTF-8"),
        ("wide.toml", b"\xff\xfe", SettingsError, "is UTF-16 and not UTF-8"),
        ("empty.toml", b"", TimerKindError, "1 faults"),
    ],
)
def test_a_file_of_kinds_that_cannot_be_read_is_named(
    tmp_path: Path, name: str, content: bytes | None, error: type[EgovError], words: str
) -> None:
    file = tmp_path / name
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(error, match=words) as refused:
        timer_kinds(settings(timer_kinds=(str(file),)), Hooks())
    assert str(file) in refused.value.message and refused.value.remedy


def test_rules_of_silence_are_shipped_by_name_or_read_from_a_file(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="'provincial'") as refused:
        silence_rules("provincial")
    assert "national, none" in refused.value.remedy
    with pytest.raises(SettingsError, match="cannot be read"):
        silence_rules(str(tmp_path / "absent.toml"))
    empty = tmp_path / "empty.toml"
    empty.write_text("", encoding="utf-8")
    assert silence_rules(str(empty)) == silence_rules("none"), "a place may have no rule at all"


def test_the_settings_file_takes_all_of_it_with_paths_from_its_own_folder(tmp_path: Path) -> None:
    text = """
    [county]
    area = "990121"
    [time]
    silence = "silence.toml"
    timer-kinds = ["kinds.toml"]
    local-pauses = ["公示"]
    service-limits = { licence = "3wd" }
    """
    (tmp_path / "egov.toml").write_text(text, encoding="utf-8")
    found = read_settings(tmp_path / "egov.toml")
    assert found.silence == str(tmp_path / "silence.toml")
    assert found.timer_kinds == (str(tmp_path / "kinds.toml"),)
    assert (found.local_pauses, dict(found.service_limits)) == (("公示",), {"licence": "3wd"})
    wrong = text.replace('["公示"]', '"公示"').replace('{ licence = "3wd" }', "{ licence = 3 }")
    (tmp_path / "egov.toml").write_text(wrong, encoding="utf-8")
    with pytest.raises(SettingsError) as refused:
        read_settings(tmp_path / "egov.toml")
    assert [fault["path"] for fault in refused.value.data["faults"]] == ["time.local-pauses", "time.service-limits"]


# --- roles kept apart -------------------------------------------------------------------------------------------------


def test_no_roles_are_kept_apart_unless_the_place_says_so() -> None:
    assert place_of(settings(), KINDS).separations == ()
    two = place_of(settings(separations="two-person"), KINDS).separations
    assert [(one.scope, {role.value for role in one.roles}) for one in two] == [
        (Scope.CASE, {"审核", "批准"}),
        (Scope.PERSON, {"事项管理", "监察"}),
        (Scope.PERSON, {"批准", "监察"}),
    ]
    assert all(one.reason and one.basis.instrument for one in two)
    with pytest.raises(SettingsError, match="no pairs of roles named 'three'"):
        place_of(settings(separations="three"), KINDS)


def test_a_file_of_pairs_is_read_relative_to_the_settings_and_every_fault_is_told(tmp_path: Path) -> None:
    (tmp_path / "egov.toml").write_text('[county]\narea = "990121"\n[staff]\nseparations = "pairs.toml"\n', "utf-8")
    pairs = tmp_path / "pairs.toml"
    pairs.write_text(
        '[[pair]]\nroles = ["intake", "approver"]\nscope = "case"\nreason = "r"\nbasis = { instrument = "x" }\n',
        "utf-8",
    )
    [pair] = place_of(read_settings(tmp_path / "egov.toml"), KINDS).separations
    assert pair.other(Role.INTAKE) is Role.APPROVER and pair.other(Role.HEAD) is None
    pairs.write_text(
        'pears = 1\n[[pair]]\nroles = ["审核", "审核"]\nscope = "office"\nreason = " "\nextra = 1\n'
        '[[pair]]\nroles = "审核"\nscope = "case"\nreason = "r"\nbasis = { instrument = "x" }\n',
        "utf-8",
    )
    with pytest.raises(ClaimError) as refused:
        separation_pairs(str(pairs))
    told = [(fault.path.removeprefix(f"{pairs}: "), fault.code) for fault in refused.value.faults]
    assert told == [
        ("pears", "unknown-field"),
        ("pair[0].extra", "unknown-field"),
        ("pair[0].roles", "roles"),
        ("pair[0].scope", "scope"),
        ("pair[0].reason", "missing"),
        ("pair[0].basis", "missing"),
        ("pair[1].roles", "roles"),
    ]
