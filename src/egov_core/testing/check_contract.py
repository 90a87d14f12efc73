"""The contract of checks as tests: subclass `CheckContract`, give a plugin and its cases, run pytest.

Rules of this room: what `ports/checks.py` and `ports/forms.py` promise about plugins that answer
`egov_check_application`, `egov_check_materials` or `egov_form_fields`. A test is named after the promise it holds.

V1  It answers from what it is given and from nothing else: the same application gives the same findings, in any order
    of asking, from a new instance, in another process; it reads no clock, no file, no line, and throws no dice.
V2  It answers with a list of `Finding` (of `FormField`), or None: no generator, no text, no truth value; and whoever
    alters the list has altered nothing.
V3  What it is given is not changed by it, and it keeps nothing of an applicant.
V4  A finding names a field of the form (`form.NAME`), a material of the item (`materials.CODE`) or the applicant
    (`applicant.NAME`), and says in Chinese what is wrong. What refuses names its legal basis. Each bad application is
    found out, under its field and as grave as it is; good ones pass.
V5  A check that does not apply to the item or the stage finds nothing.
V6  A personal value, wherever it was written, stands in no finding and in no log line.
V7  An empty form, an unknown material, a number that is none, and a stage without applicant are ordinary: it does not
    raise.
V8  It can be registered, and answers the hooks that it claims and no other of them.
V9  Each field of a form has a name of its own, a label in Chinese and a legal basis that entitles to ask for it.

    class TestMine(CheckContract):
        hooks = ("egov_check_application",)

        def make_plugin(self):
            return WellCheck()

        def good_applications(self):
            return [self.application(form={"depth": "40"})]

        def bad_applications(self):
            return [Bad(application=self.application(form={"depth": "900"}), field="form.depth")]
"""

# ruff: noqa: D102 - a test's name is its sentence

from __future__ import annotations

import copy
import gc
import re
import weakref
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any, ClassVar

import attrs

from egov_core.domain.catalogue import ItemVersion
from egov_core.domain.legal import LegalBasis
from egov_core.hooks.manager import Hooks
from egov_core.ports.checks import ApplicationView, Finding
from egov_core.ports.forms import FormField
from egov_core.testing import builders
from egov_core.testing import check_cases as ask
from egov_core.testing.check_cases import Bad
from egov_core.testing.delivery import PLANTED, listening, planted_in
from egov_core.testing.kit import Kit
from egov_core.testing.watching import texts_kept, watched

_FIELD = re.compile(r"form\.[a-z][a-z0-9_]{0,39}|materials\.\S+|applicant\.[a-z_]+", re.ASCII)
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_SEEDS = (1, 2)


class CheckContract(Kit):
    """V1-V9. What a subject claims is said by three attributes.

    hooks: which of the three hooks it answers.
    stages: at which stages it finds something, each shown by a bad application.
    every_item: it checks the applications of every item, not of its own alone.
    """

    contract = "validation"
    promises = "egov_core.testing.check_contract"
    hooks: ClassVar[tuple[str, ...]] = (ask.CHECK_APPLICATION,)
    stages: ClassVar[tuple[str, ...]] = ("submit", "accept")
    every_item: ClassVar[bool] = False
    capabilities = ("hooks", "stages", "every_item")

    # --- what an author gives -----------------------------------------------------------------------------------------

    def make_plugin(self) -> object:
        """A new instance of the plugin. Override this."""
        raise NotImplementedError

    def item(self) -> ItemVersion:
        """An item that is checked."""
        return builders.item_version()

    def good_applications(self) -> Sequence[ApplicationView]:
        """Applications in which nothing is found, at least one. Override this."""
        raise NotImplementedError

    def bad_applications(self) -> Sequence[Bad]:
        """Applications in which something has to be found, for each claimed stage at least one. Override this."""
        raise NotImplementedError

    def application(self, **changes: Any) -> ApplicationView:
        """An application for the item; see `builders.application_view`."""
        return builders.application_view(self.item(), **changes)

    # --- asking -------------------------------------------------------------------------------------------------------

    def found(self, plugin: object, view: ApplicationView) -> list[Finding]:
        """All that the plugin finds."""
        return ask.findings(plugin, self.hooks, view)

    def views(self) -> list[ApplicationView]:
        """All applications there are, good and bad."""
        return [*self.good_applications(), *(bad.application for bad in self.bad_applications())]

    def fields(self, plugin: object) -> list[FormField]:
        """The fields it asks for; none where it does not claim to."""
        if ask.FORM_FIELDS not in self.hooks:
            return []
        return list(ask.given_what_it_names(ask.answers_of(plugin)[ask.FORM_FIELDS], item=self.item()) or [])

    def strange_views(self, plugin: object) -> Iterator[ApplicationView]:
        """Applications with forms, materials and applicants as they should not be, but can."""
        names = [field.name for field in self.fields(plugin)]
        names += [name for view in self.views() for name in view.form]
        for good in self.good_applications():
            for form in ask.hostile_forms(names, good.form):
                yield attrs.evolve(good, form=form)
            for materials in ((), ("unknown",), (*good.materials, "unknown"), ("",), good.materials * 2):
                yield attrs.evolve(good, materials=materials)
            for person in (None, builders.applicant(phone=None), builders.applicant("", "", "")):
                yield attrs.evolve(good, applicant=person)
            yield attrs.evolve(good, item=attrs.evolve(good.item, materials=()))
            yield from (attrs.evolve(good, stage=stage, applicant=None, form={}) for stage in ask.STAGES)

    # --- V1 from what it is given -------------------------------------------------------------------------------------

    def test_v1_the_same_application_gives_the_same_findings(self) -> None:
        plugin, views = self.make_plugin(), self.views()
        first = [self.found(plugin, view) for view in views]
        again = [self.found(plugin, view) for view in reversed(views)]
        assert [self.found(plugin, view) for view in views] == first == again[::-1]
        assert [self.found(self.make_plugin(), view) for view in views] == first

    def test_v1_no_clock_no_dice_no_file_no_line(self) -> None:
        plugin = self.make_plugin()
        for view in self.views():
            self.found(plugin, view)  # what is read once, at first, may be read
            reached = watched(partial(self.found, plugin, view))[1]
            assert reached == [], "a check answers from what it is given"

    def test_v1_another_process_finds_the_same(self) -> None:
        here = ask.told(type(self))
        assert all(there == here for there in ask.told_elsewhere(type(self), _SEEDS)), "findings depend on the process"

    # --- V2 what it answers with --------------------------------------------------------------------------------------

    def test_v2_it_answers_with_a_list_or_none(self) -> None:
        plugin = self.make_plugin()
        for view in [*self.views(), *self.strange_views(plugin)]:
            for hook, answer in ask.raw_answers(plugin, self.hooks, view):
                wanted = FormField if hook == ask.FORM_FIELDS else Finding
                assert answer is None or type(answer) in (list, tuple), f"{hook}: {type(answer).__name__}"
                assert all(isinstance(one, wanted) for one in answer or ()), f"{hook}: not all are {wanted.__name__}"

    def test_v2_whoever_alters_the_list_has_altered_nothing(self) -> None:
        plugin, views = self.make_plugin(), self.views()
        before = [self.found(plugin, view) for view in views]
        for view in views:
            for _, answer in ask.raw_answers(plugin, self.hooks, view):
                if isinstance(answer, list):
                    answer.clear()
        assert [self.found(plugin, view) for view in views] == before

    # --- V3 what it leaves --------------------------------------------------------------------------------------------

    def test_v3_what_it_is_given_is_not_changed(self) -> None:
        plugin = self.make_plugin()
        for view in self.views():
            before = copy.deepcopy(view)
            self.found(plugin, view)
            assert view == before
            assert list(view.form.items()) == list(before.form.items())

    def test_v3_it_keeps_nothing_of_an_applicant(self) -> None:
        plugin = self.make_plugin()
        kept: list[weakref.ref[Any]] = []
        for view in self.views():
            seen = ask.by(view, *ask.STRANGER)
            kept += [weakref.ref(one) for one in (seen, seen.applicant) if one is not None]
            self.found(plugin, seen)
        del seen
        gc.collect()
        assert all(one() is None for one in kept), "the application is kept after the answer"
        kept_texts = [text for text in texts_kept(plugin) if any(one in text for one in ask.STRANGER)]
        assert kept_texts == [], "a personal value is kept after the answer"

    # --- V4 findings --------------------------------------------------------------------------------------------------

    def test_v4_good_applications_pass(self) -> None:
        good = self.good_applications()
        assert good, "give at least one good application"
        for view in good:
            assert self.found(self.make_plugin(), view) == []

    def test_v4_bad_applications_are_found_out_under_their_field(self) -> None:
        bad = self.bad_applications()
        assert bad, "give at least one bad application"
        for one in bad:
            found = self.found(self.make_plugin(), one.application)
            said = {(finding.field, finding.severity) for finding in found}
            assert (one.field, one.severity) in said, f"{one.field} ({one.severity}) is not in {sorted(said)}"

    def test_v4_a_finding_names_a_field_and_says_in_chinese_what_is_wrong(self) -> None:
        plugin = self.make_plugin()
        for view in [*self.views(), *self.strange_views(plugin)]:
            codes = {material.code for material in view.item.materials} | set(view.materials)
            for finding in self.found(plugin, view):
                assert _FIELD.fullmatch(finding.field), f"{finding.field!r} is no field"
                place, _, name = finding.field.partition(".")
                assert place != "materials" or name in codes, f"{name!r} is no material of the item"
                assert _CHINESE.search(finding.message), f"{finding.message!r} is not Chinese"
                assert finding.message.isprintable(), f"{finding.message!r} is not one line of text"

    def test_v4_what_refuses_names_its_legal_basis(self) -> None:
        plugin = self.make_plugin()
        for view in [*self.views(), *self.strange_views(plugin)]:
            for finding in self.found(plugin, view):
                assert finding.basis is None or isinstance(finding.basis, LegalBasis)
                if finding.severity == "error":
                    assert finding.basis is not None, f"{finding.field}: what refuses names its basis"
                    assert finding.basis.instrument.strip(), f"{finding.field}: the basis is empty"

    # --- V5 where it does not apply -----------------------------------------------------------------------------------

    def test_v5_another_item_is_checked_only_as_claimed(self) -> None:
        other = attrs.evolve(self.item(), code="another-item", name="另一事项", organ="another-bureau")
        found = [
            finding
            for bad in self.bad_applications()
            for finding in self.found(self.make_plugin(), attrs.evolve(bad.application, item=other))
        ]
        assert bool(found) is self.every_item, "it finds nothing in an item it does not apply to"

    def test_v5_something_is_found_at_every_stage_claimed_and_at_no_other(self) -> None:
        shown = {bad.application.stage for bad in self.bad_applications()}
        assert shown == set(self.stages), "give a bad application for each stage that is claimed"
        hooks = [hook for hook in self.hooks if hook != ask.FORM_FIELDS]
        for stage in set(ask.STAGES) - set(self.stages):
            for bad in self.bad_applications():
                view = attrs.evolve(bad.application, stage=stage, applicant=None)
                assert ask.findings(self.make_plugin(), hooks, view) == [], f"{stage} is not claimed"

    # --- V6 personal values -------------------------------------------------------------------------------------------

    def test_v6_no_finding_and_no_log_line_holds_a_personal_value(self) -> None:
        plugin = self.make_plugin()
        with listening() as heard:
            for given in self.views():
                view = ask.by(given, *PLANTED)
                told = repr(self.found(plugin, view))
                for name in view.form:
                    for text in PLANTED:
                        told += repr(self.found(plugin, attrs.evolve(view, form={**view.form, name: text})))
                assert planted_in(told) == []
        assert planted_in(heard.getvalue()) == []

    # --- V7 what is ordinary ------------------------------------------------------------------------------------------

    def test_v7_a_strange_application_is_answered(self) -> None:
        plugin = self.make_plugin()
        for view in self.strange_views(plugin):
            self.found(plugin, view)

    # --- V8 the hooks -------------------------------------------------------------------------------------------------

    def test_v8_it_can_be_registered(self) -> None:
        Hooks().register(self.make_plugin(), "subject")

    def test_v8_it_answers_the_hooks_it_claims(self) -> None:
        answered = set(ask.answers_of(self.make_plugin())) & set(ask.HOOKS)
        assert answered == set(self.hooks)

    # --- V9 the fields of a form --------------------------------------------------------------------------------------

    def test_v9_each_field_has_a_name_of_its_own_a_label_and_a_basis(self) -> None:
        fields = self.fields(self.make_plugin())
        assert bool(fields) is (ask.FORM_FIELDS in self.hooks), "it asks for fields of its item if it claims to"
        names = [field.name for field in fields]
        assert len(names) == len(set(names)), "two fields have one name"
        for field in fields:
            assert _CHINESE.search(field.label), f"{field.name}: its label is not Chinese"
            assert field.basis is not None, f"{field.name}: nothing entitles the office to ask for it"
            assert field.basis.instrument.strip(), f"{field.name}: the basis is empty"
            assert all(_CHINESE.search(label) for label in field.choices.values()), f"{field.name}: its choices"
