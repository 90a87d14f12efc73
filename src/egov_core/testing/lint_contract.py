"""The contract of item rules as tests: subclass `LintContract`, give a plugin and its items, run pytest.

Rules of this room: what is promised about plugins that answer `egov_lint_item`. A test is named after the promise it
holds.

L1  It answers from what it is given and from nothing else: the same item gives the same findings, in any order of
    asking and from a new instance.
L2  It answers with a list of `ItemFinding`, or None; whoever alters the list has altered nothing.
L3  A finding names an element that an item has, graded and with a code of small letters, and says in Chinese what is
    wrong and what to do.
L4  Each bad item is found out, under its code and element and as grave as it is; good ones pass.
L5  An item with nothing in its guide, one without materials, a first version and a later one are ordinary: it does not
    raise.
L6  It can be registered, and answers the hook.

    class TestMine(LintContract):
        def make_plugin(self):
            return MapRule()

        def good_items(self):
            return [self.item(materials=(builders.material("map"),))]

        def bad_items(self):
            return [BadItem(item=self.item(), code="map", element="materials")]
"""

# ruff: noqa: D102 - a test's name is its sentence

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Sequence
from typing import Any

import attrs

from egov_core.domain.catalogue import CaseType, Guide, ItemFinding, ItemVersion, Severity
from egov_core.hooks.answers import item_findings
from egov_core.hooks.manager import Hooks
from egov_core.testing import builders
from egov_core.testing.check_cases import given_what_it_names
from egov_core.testing.kit import Kit

HOOK = "egov_lint_item"
_CODE = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*", re.ASCII)
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_PARTS = {"guide": Guide}


@attrs.frozen(kw_only=True)
class BadItem:
    """An item in which something has to be found: under which code and element, and how grave; `earlier` before it."""

    item: ItemVersion
    code: str
    element: str
    severity: Severity = Severity.WARNING
    earlier: ItemVersion | None = None


class LintContract(Kit):
    """L1-L6."""

    contract = "item rules"
    promises = "egov_core.testing.lint_contract"

    # --- what an author gives -----------------------------------------------------------------------------------------

    def make_plugin(self) -> object:
        """A new instance of the plugin. Override this."""
        raise NotImplementedError

    def good_items(self) -> Sequence[ItemVersion]:
        """Items in which nothing is found, at least one. Override this."""
        raise NotImplementedError

    def bad_items(self) -> Sequence[BadItem]:
        """Items in which something has to be found, at least one. Override this."""
        raise NotImplementedError

    def item(self, **changes: Any) -> ItemVersion:
        """An item; see `builders.item_version`."""
        return builders.item_version(**changes)

    # --- asking -------------------------------------------------------------------------------------------------------

    def answer(self, plugin: object, item: ItemVersion, earlier: ItemVersion | None = None) -> Any:
        """What the plugin answers about an item, as it answers it."""
        return given_what_it_names(getattr(plugin, HOOK), item=item, earlier=earlier)

    def found(self, plugin: object, item: ItemVersion, earlier: ItemVersion | None = None) -> list[ItemFinding]:
        """What the plugin finds in an item."""
        return list(self.answer(plugin, item, earlier) or [])

    def asked(self) -> list[tuple[ItemVersion, ItemVersion | None]]:
        """All items there are, good, bad and ordinary, each with the version before it."""
        good = [(one, None) for one in self.good_items()]
        return [*good, *((one.item, one.earlier) for one in self.bad_items()), *self.ordinary()]

    def ordinary(self) -> Iterator[tuple[ItemVersion, ItemVersion | None]]:
        """Items as catalogues have them, with little in them."""
        first = self.item()
        yield first, None
        yield attrs.evolve(first, version=2), first
        for changes in (
            {"guide": Guide()},
            {"materials": ()},
            {"basis": (), "promised": None},
            {"case_type": CaseType.IMMEDIATE, "steps": ()},
        ):
            yield attrs.evolve(first, **changes), None

    # --- the promises -------------------------------------------------------------------------------------------------

    def test_l1_the_same_item_gives_the_same_findings(self) -> None:
        asked = self.asked()
        plugin = self.make_plugin()
        first = [self.found(plugin, *one) for one in asked]
        again = [self.found(plugin, *one) for one in reversed(asked)][::-1]
        fresh = [self.found(self.make_plugin(), *one) for one in asked]
        assert first == again, "it answers by what it was asked before"
        assert first == fresh, "another instance answers otherwise"

    def test_l2_it_answers_with_a_list_of_findings(self) -> None:
        for item, earlier in self.asked():
            answer = self.answer(self.make_plugin(), item, earlier)
            assert answer is None or item_findings(answer) == "", f"it answers {item_findings(answer)}"

    def test_l2_whoever_alters_the_list_has_altered_nothing(self) -> None:
        plugin = self.make_plugin()
        for bad in self.bad_items():
            answer = self.answer(plugin, bad.item, bad.earlier)
            before = copy.copy(list(answer))
            if isinstance(answer, list):
                answer.clear()
            assert self.found(plugin, bad.item, bad.earlier) == before

    def test_l3_a_finding_names_an_element_and_speaks_chinese(self) -> None:
        for item, earlier in self.asked():
            for one in self.found(self.make_plugin(), item, earlier):
                assert _CODE.fullmatch(one.code), f"{one.code!r} is no code: small letters, digits, single hyphens"
                assert _is_element(one.element, item), f"{one.element!r} is no element of an item"
                for text in (one.message, one.remedy):
                    assert _CHINESE.search(text), f"{text!r} is not Chinese"

    def test_l4_good_items_pass(self) -> None:
        assert self.good_items(), "give at least one item in which nothing is found"
        for item in self.good_items():
            assert self.found(self.make_plugin(), item) == []

    def test_l4_each_bad_item_is_found_out(self) -> None:
        assert self.bad_items(), "give at least one item in which something has to be found"
        for bad in self.bad_items():
            found = self.found(self.make_plugin(), bad.item, bad.earlier)
            told = [(one.code, one.element, one.severity) for one in found]
            assert (bad.code, bad.element, bad.severity) in told

    def test_l5_ordinary_items_raise_nothing(self) -> None:
        plugin = self.make_plugin()
        for item, earlier in self.ordinary():
            self.answer(plugin, item, earlier)

    def test_l6_it_can_be_registered_and_answers(self) -> None:
        hooks = Hooks()
        hooks.register(self.make_plugin(), "subject")
        assert HOOK in hooks.hooks_of("subject")
        for bad in self.bad_items():
            assert f"subject/{bad.code}" in [one.code for one in hooks.lint_item(bad.item, bad.earlier)]


def _is_element(element: str, item: ItemVersion) -> bool:
    name, _, rest = element.partition(".")
    if name == "materials" and rest:
        return any(rest == one.code for one in item.materials)
    if name == "steps" and rest:
        return any(rest == one.code for one in item.steps)
    if name not in attrs.fields_dict(ItemVersion):
        return False
    return not rest or (name in _PARTS and rest in attrs.fields_dict(_PARTS[name]))
