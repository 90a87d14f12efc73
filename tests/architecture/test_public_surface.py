"""What is public changes only where somebody meant it, and from a release on by the rules of the stability policy."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import attrs
import pytest

from egov_core import errors, hookimpl
from egov_core.cli.plugins.health import doctor
from egov_core.hooks import spec
from egov_core.ports.checks import Finding
from egov_core.runtime.setting_keys import KEYS
from egov_core.testing.check_contract import CheckContract
from tests.architecture import surface as public
from tests.architecture.surface import COMMAND, PRESENT, RELEASED, api_of, difference, verdicts


def breaking_fragments(project_root: Path) -> list[Path]:
    return [file for file in (project_root / "changelog.d").iterdir() if ".breaking" in file.name]


def complaint(committed: str, found: str, *, has_breaking_fragment: bool) -> str:
    """What to say of a surface that is not the committed one."""
    differs = difference(committed, found)
    lines = [*(f"- {line}" for line in differs.removed), *(f"+ {line}" for line in differs.added)]
    asked = verdicts(committed, found, has_breaking_fragment=has_breaking_fragment)
    return "\n".join(
        [
            "the public surface is not the committed one:",
            *lines,
            *(
                ["what that asks for once the committed one is released (docs/explanation/stability.md):"]
                if asked
                else []
            ),
            *asked,
            f"if it is meant: {COMMAND}, and commit the text with the change; else undo the change",
        ]
    )


def test_the_public_surface_is_the_committed_one(project_root: Path) -> None:
    found, committed = public.surface(), PRESENT.read_text(encoding="utf-8")
    has_fragment = bool(breaking_fragments(project_root))
    assert found == committed, complaint(committed, found, has_breaking_fragment=has_fragment)


def test_since_the_last_release_the_rules_were_kept(project_root: Path) -> None:
    """Before the first release there is nothing to keep; a release brings its surface along."""
    released = re.search(r"^## \d+\.\d+", (project_root / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert RELEASED.exists() is bool(released), f"with a release, and only then: {COMMAND} --release"
    before = RELEASED.read_text(encoding="utf-8") if released else PRESENT.read_text(encoding="utf-8")
    said = verdicts(before, public.surface(), has_breaking_fragment=bool(breaking_fragments(project_root)))
    assert not said, "\n".join(said)


# --- every kind of name is looked at ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def before() -> str:
    return public.surface()


def lines_of(before: str) -> tuple[list[str], list[str]]:
    """What has been removed from and added to the surface meanwhile."""
    found = difference(before, public.surface())
    return list(found.removed), list(found.added)


def other_arguments(application: Any, office: Any) -> None:
    """A hook with another signature."""


def test_a_hook_with_another_argument_is_seen(before: str, monkeypatch: pytest.MonkeyPatch) -> None:
    changed = spec.hookspec(other_arguments)
    monkeypatch.setattr(spec, "egov_check_application", changed)
    removed, added = lines_of(before)
    assert [line.partition("(")[0] for line in (*removed, *added)] == ["hook egov_check_application"] * 2
    assert "office: Any" in added[0]


def test_a_hook_of_another_kind_and_one_that_is_reserved_are_seen(before: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(spec.KINDS, "egov_health", spec.HookKind.LEGAL)
    monkeypatch.setitem(spec.RESERVED, "egov_form_fields", "nobody knows")
    removed, added = lines_of(before)
    assert [": advisory" in line for line in removed] == [True]
    assert added[1:] == ["reserved egov_form_fields"]


def test_a_field_of_a_port_an_error_a_setting_an_option_and_a_promise_are_seen(
    before: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fields = [field for field in attrs.fields(Finding) if field.name != "severity"]
    monkeypatch.setattr(Finding, "__attrs_attrs__", type("Fields", (tuple,), {})(fields))
    monkeypatch.setattr(errors.PolicyError, "code", "card-policy")
    monkeypatch.setitem(KEYS, "storage", {})
    monkeypatch.setattr(doctor, "params", doctor.params[:1])
    monkeypatch.setattr("egov_core.testing.check_contract.__doc__", "V1  It answers.\n")
    monkeypatch.setattr(CheckContract, "every_item", True)
    monkeypatch.delattr(CheckContract, "strange_views")
    removed, added = lines_of(before)
    assert "port checks Finding.severity: str = 'error'" in removed
    assert "error PolicyError(ClaimError) policy" in removed
    assert "error PolicyError(ClaimError) card-policy" in added
    assert "setting [storage] url: str" in removed
    assert "command egov plugins doctor --json: flag" in removed
    assert "kit validation@1 promise V7" in removed
    assert "kit validation@1 claim every_item = True" in added
    assert any(line.startswith("kit validation@1 method strange_views(") for line in removed)


def test_every_event_and_command_is_there(before: str) -> None:
    for line in (
        "event submitted.number: str",
        "ask Accept.case_id: str",
        "library hookimpl",
        "setting [county] area: str",
    ):
        assert f"\n{line}\n" in before
    assert hookimpl is spec.hookimpl


# --- what a change asks for -------------------------------------------------------------------------------------------

RELEASE = """api 1.3
hook egov_check(application: View) -> Finding | None: legal, all answers, since 1.0
hook egov_seal(document: bytes) -> bytes | None: effect, all answers, since 1.0
reserved egov_seal
port checks class Finding
port checks Finding.field: str
port storage class Storage
port storage protocol Storage.close(self) -> None
kit validation@1 promise V1
kit validation@1 method item(self) -> Item
error PolicyError(ClaimError) policy
command egov doctor --json: flag
event submitted.number: str
"""
HOOK = "hook egov_check(application: View) -> Finding | None: legal, all answers, since 1.0"


def asked(later: str, *, has_breaking_fragment: bool = False) -> list[str]:
    """What a later surface asks for, each demand by its first words."""
    said = verdicts(RELEASE, later, has_breaking_fragment=has_breaking_fragment)
    return [sentence.partition(":\n")[0] for sentence in said]


@pytest.mark.parametrize(
    "later",
    [
        RELEASE.replace(HOOK + "\n", ""),
        RELEASE.replace("application: View", "case: View"),
        RELEASE.replace(": legal,", ": advisory,"),
        RELEASE.replace("Finding.field: str", "Finding.field: int"),
        RELEASE + "port checks Finding.basis: Basis\n",
        RELEASE + "port storage protocol Storage.outbox_of(self, case: str) -> Rows\n",
        RELEASE + "reserved egov_check\n",
    ],
    ids=["removed", "renamed argument", "other kind", "other type", "needed field", "needed method", "closed"],
)
def test_what_plugins_rely_on_changes_with_the_first_number_only(later: str) -> None:
    [said] = asked(later)
    assert "keep it and deprecate it (hooks/deprecation.py), or raise the first number" in said
    assert "API = (2, 0)" in said
    assert asked(later.replace("api 1.3", "api 1.4")) == [said]
    assert asked(later.replace("api 1.3", "api 2.0")) == []


@pytest.mark.parametrize(
    "later",
    [
        RELEASE + "hook egov_new(x: int) -> int | None: advisory, all answers, since 1.4\n",
        RELEASE.replace("reserved egov_seal\n", ""),
        RELEASE + "port checks Finding.link: str = ''\n",
        RELEASE + "port checks class Hint\nport checks Hint.text: str\n",
        RELEASE + "port routes class Route\nport routes protocol Route.show(self) -> str\n",
    ],
    ids=["hook", "opened", "field that may be left out", "value", "protocol"],
)
def test_what_is_added_for_plugins_raises_the_second_number(later: str) -> None:
    [said] = asked(later)
    assert "raise the second number of the hooks, API = (1, 4)" in said
    assert asked(later.replace("api 1.3", "api 1.4")) == []
    assert asked(later.replace("api 1.3", "api 2.0")) == []


@pytest.mark.parametrize(
    "later",
    [
        RELEASE + "kit validation@1 promise V2\n",
        RELEASE.replace("kit validation@1 promise V1\n", ""),
        RELEASE.replace("item(self)", "item(self, code: str)"),
        RELEASE + "kit validation@1 method make_item(self) -> Item, to be overridden\n",
    ],
    ids=["promise", "no promise", "other method", "method to override"],
)
def test_a_kit_that_asks_for_more_raises_its_edition(later: str) -> None:
    [said] = asked(later)
    assert "raise its `edition`" in said
    assert asked(later.replace("validation@1", "validation@2")) == []


def test_a_new_kit_and_a_new_helping_method_ask_for_nothing() -> None:
    assert asked(RELEASE + "kit seals@1 promise L1\nkit validation@1 method people(self) -> list[Person]\n") == []


@pytest.mark.parametrize("line", [line for line in RELEASE.splitlines() if line.startswith(public.FOR_EVERYBODY)])
def test_what_users_rely_on_goes_with_a_breaking_fragment_only(line: str) -> None:
    later = RELEASE.replace(line + "\n", "")
    [said] = asked(later)
    assert "`breaking` fragment" in said
    assert asked(later, has_breaking_fragment=True) == []
    assert asked(RELEASE + line.replace("e", "x") + "\n") == []


def test_the_complaint_shows_the_lines_the_rule_and_the_command() -> None:
    later = RELEASE.replace("application: View", "case: View")
    told = complaint(RELEASE, later, has_breaking_fragment=True)
    assert f"- {HOOK}" in told
    assert "+ hook egov_check(case: View)" in told
    assert "raise the first number of the hooks, API = (2, 0)" in told
    assert COMMAND in told


def test_the_same_surface_asks_for_nothing(before: str) -> None:
    assert verdicts(before, before, has_breaking_fragment=False) == []
    assert api_of(before) == spec.API
