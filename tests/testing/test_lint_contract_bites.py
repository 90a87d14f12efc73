"""The contract of item rules can fail: each plugin here is broken in one way, and the kit must say so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import attrs
import pytest

from egov_core import hookimpl
from egov_core.domain.catalogue import ItemFinding, ItemVersion, Severity
from egov_core.testing import builders
from egov_core.testing.lint_contract import BadItem, LintContract
from tests.testing.bites import assert_caught, assert_whole

FINDING = ItemFinding(
    code="map", severity=Severity.WARNING, element="materials", message="缺少位置图。", remedy="补上位置图。"
)


class MapRule:
    """Every item asks for a map, and no version drops it."""

    @hookimpl
    def egov_lint_item(self, item: ItemVersion, earlier: ItemVersion | None) -> Any:
        return self.findings(item, earlier)

    def findings(self, item: ItemVersion, earlier: ItemVersion | None) -> Any:
        if any(one.code == "map" for one in item.materials):
            return []
        dropped = earlier is not None and any(one.code == "map" for one in earlier.materials)
        return [attrs.evolve(FINDING, severity=Severity.ERROR) if dropped else FINDING]


class Whole(LintContract):
    plugin: type[MapRule] = MapRule

    def make_plugin(self) -> MapRule:
        return self.plugin()

    def good_items(self) -> Sequence[ItemVersion]:
        return [self.item(materials=(builders.material("map"),))]

    def bad_items(self) -> Sequence[BadItem]:
        before = self.item(materials=(builders.material("map"),))
        return [
            BadItem(item=self.item(), code="map", element="materials"),
            BadItem(
                item=self.item(version=2), code="map", element="materials", severity=Severity.ERROR, earlier=before
            ),
        ]


class Counting(MapRule):
    """L1: answers once."""

    def __init__(self) -> None:
        self.asked = 0

    def findings(self, item: ItemVersion, earlier: ItemVersion | None) -> Any:
        self.asked += 1
        return super().findings(item, earlier) if self.asked == 1 else []


class Remembering(MapRule):
    """L1: another instance knows what was asked of the first."""

    seen: list[str] = []  # noqa: RUF012 - the fault that is planted

    def findings(self, item: ItemVersion, earlier: ItemVersion | None) -> Any:
        self.seen.append(item.code)
        return super().findings(item, earlier) if len(self.seen) < 4 else []


class Generating(MapRule):
    """L2: a generator."""

    def findings(self, item: ItemVersion, earlier: ItemVersion | None) -> Any:
        yield from super().findings(item, earlier)


class Telling(MapRule):
    """L2: sentences without anything else."""

    def findings(self, item: ItemVersion, earlier: ItemVersion | None) -> Any:
        return [one.message for one in super().findings(item, earlier)]


class Sharing(MapRule):
    """L2: the same list each time."""

    kept: list[ItemFinding] | None = None

    def findings(self, item: ItemVersion, earlier: ItemVersion | None) -> Any:
        if any(one.code == "map" for one in item.materials) or earlier is not None:
            return super().findings(item, earlier)
        self.kept = [FINDING] if self.kept is None else self.kept
        return self.kept


def changed(name: str, **changes: Any) -> type[MapRule]:
    """A rule whose findings are otherwise."""

    def findings(self: MapRule, item: ItemVersion, earlier: ItemVersion | None) -> Any:
        return [attrs.evolve(one, **changes) for one in MapRule.findings(self, item, earlier)]

    return type(name, (MapRule,), {"findings": findings})


class Strict(MapRule):
    """L4: finds something in everything."""

    def findings(self, item: ItemVersion, earlier: ItemVersion | None) -> Any:
        return super().findings(item, earlier) or [FINDING]


class Blind(MapRule):
    """L4: finds nothing."""

    def findings(self, item: ItemVersion, earlier: ItemVersion | None) -> Any:
        del item, earlier
        return []


class Late(MapRule):
    """L4: does not see what was before."""

    def findings(self, item: ItemVersion, earlier: ItemVersion | None) -> Any:
        del earlier
        return super().findings(item, None)


class Fragile(MapRule):
    """L5: believes that every item has steps."""

    def findings(self, item: ItemVersion, earlier: ItemVersion | None) -> Any:
        assert item.steps[0].code
        return super().findings(item, earlier)


class Unmarked(MapRule):
    """L6: not marked as a hook."""

    def egov_lint_item(self, item: ItemVersion, earlier: ItemVersion | None) -> Any:
        return self.findings(item, earlier)


BROKEN: list[tuple[type[MapRule], str]] = [
    (Counting, "L1"),
    (Remembering, "L1"),
    (Generating, "L2"),
    (Telling, "L2"),
    (Sharing, "L2"),
    (changed("Shouting", code="MAP 1"), "L3"),
    (changed("Nowhere", element="guide.maps"), "L3"),
    (changed("Foreign", message="there is no map"), "L3"),
    (changed("Helpless", remedy="add it"), "L3"),
    (changed("Ungraded", severity="warning"), "L2"),
    (changed("Silent", message=" "), "L2"),
    (changed("Milder", severity=Severity.INFO), "L4"),
    (changed("Elsewhere", element="guide"), "L4"),
    (Strict, "L4"),
    (Blind, "L4"),
    (Late, "L4"),
    (Fragile, "L5"),
    (Unmarked, "L6"),
]


@pytest.mark.parametrize(("broken", "promise"), BROKEN, ids=lambda value: getattr(value, "__name__", value))
def test_the_kit_catches(broken: type[MapRule], promise: str) -> None:
    Remembering.seen.clear()
    assert_caught(type(f"Broken{broken.__name__}", (Whole,), {"plugin": broken}), promise)


def test_the_kit_passes_a_whole_plugin() -> None:
    assert_whole(Whole)
