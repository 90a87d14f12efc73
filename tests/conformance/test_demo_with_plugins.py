"""The demonstration with the plugins of this repository: each is used, none fails, and what it tells arrives."""

from __future__ import annotations

import json
from importlib.metadata import entry_points
from typing import Any

import pytest
from click.testing import CliRunner

from egov_core.cli import main

CASES = "400"
OURS = {"dept-market", "dept-water", "hunan", "identity-checks", "webhook"}


@pytest.fixture(scope="module")
def shown() -> dict[str, Any]:
    """What `egov demo --check` prints."""
    assert {one.name for one in entry_points(group="egov_core")} >= OURS, "install the plugins: nox -s conformance"
    options = ["demo", "--check", "--cases", CASES, "--today", "2024-06-17"]
    told = CliRunner().invoke(main, options, env={"LC_ALL": "C.UTF-8"})
    assert told.exit_code == 0, told.output
    found: dict[str, Any] = json.loads(told.stdout)
    return found


def test_every_plugin_is_asked_and_none_fails(shown: dict[str, Any]) -> None:
    used = {name: figures for name, figures in shown["plugins"].items() if name in OURS}
    assert used.keys() == OURS
    assert all(figures["calls"] > 0 and figures["failures"] == 0 for figures in used.values())
    assert shown["verify"] == "ok"
    assert shown["quarantined"] == []
    assert shown["forwarded"] == shown["forwarding"]["delivered"]
    assert shown["cases"] == int(CASES), "who was refused has corrected the form, and filed"


def test_the_plugin_of_the_place_has_chosen_the_policy(shown: dict[str, Any]) -> None:
    assert shown["policy"].startswith("hunan-2018@")


def test_the_receiver_was_told_of_every_red_card_and_believed_each(shown: dict[str, Any]) -> None:
    assert shown["told"] == shown["cards"]["red"] > 0
