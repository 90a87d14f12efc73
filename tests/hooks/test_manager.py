"""Plugins: what is misspelt is said at once, who broke a promise is named, and nothing has changed then."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import attrs
import pytest

from egov_core import Office, hookimpl, open_office
from egov_core.domain.cases import commands as c
from egov_core.domain.organisation import Organ
from egov_core.errors import HookRefusedError, PluginError, SettingsError
from egov_core.hooks.discovery import PluginChoice
from egov_core.hooks.manager import Hooks
from egov_core.ports.checks import ApplicationView, Finding
from egov_core.ports.forwarding import Envelope, Receipt
from egov_core.ports.storage import Storage
from egov_core.storage.memory import MemoryStorage
from egov_core.testing import small_county as county
from egov_core.testing.small_county import AREA
from egov_core.wire.plugin_settings import plugin_settings


def refused(plugin: object, name: str = "land") -> PluginError:
    with pytest.raises(PluginError) as caught:
        Hooks().register(plugin, name)
    assert caught.value.data["plugin"] == name
    assert caught.value.remedy
    return caught.value


def test_every_misspelt_hook_and_argument_is_named_at_once_with_what_was_meant() -> None:
    class Plugin:
        @hookimpl
        def egov_chek_application(self, application: ApplicationView) -> None:
            """A letter is missing."""

        @hookimpl
        def egov_forwarding_adapter(self, taget: Organ) -> None:
            """A letter is missing in the argument."""

        @hookimpl
        def storage_backend(self, url: str) -> None:
            """The prefix is missing: marked, and never called."""

        def egov_storage_backend(self, url: str) -> None:
            """The mark is missing."""

    message = refused(Plugin()).message
    assert "egov_chek_application is not a hook; did you mean egov_check_application?" in message
    assert "egov_forwarding_adapter(taget) is not given; did you mean target?" in message
    assert "storage_backend is not a hook; did you mean egov_storage_backend?" in message
    assert "egov_storage_backend lacks @hookimpl" in message


def test_a_hook_under_another_name_is_checked_by_the_name_it_answers() -> None:
    class Wrong:
        @hookimpl(specname="egov_check_aplication")
        def check(self, application: ApplicationView) -> None:
            """Misspelt behind a name of its own."""

    class Right:
        @hookimpl(specname="egov_check_application")
        def check(self, application: ApplicationView) -> Sequence[Finding]:
            return [Finding(field="x", message=application.stage)]

    assert "did you mean egov_check_application?" in refused(Wrong()).message
    office = county.open_small_county(plugins=((Right(), "right"),))
    with pytest.raises(HookRefusedError, match="submit"):
        county.submit(office)


def test_a_wrapper_is_refused() -> None:
    class Wrapper:
        @hookimpl(wrapper=True)
        def egov_check_application(self, application: ApplicationView) -> Any:
            del application
            return (yield)

    assert "cannot wrap" in refused(Wrapper()).message


def test_two_plugins_of_one_name_are_refused() -> None:
    hooks = Hooks()
    hooks.register(SimpleNamespace(), "land")
    with pytest.raises(PluginError, match="two plugins are named land"):
        hooks.register(SimpleNamespace(), "land")
    assert hooks.names() == ("land",)


class Check:
    """A department's check that answers, or raises, what it is given."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer
        self.seen: list[ApplicationView] = []

    @hookimpl
    def egov_check_application(self, application: ApplicationView) -> Any:
        self.seen.append(application)
        return self.answer() if callable(self.answer) else self.answer


def test_departments_are_asked_before_the_built_in_and_all_findings_are_joined() -> None:
    check = Check([Finding(field="plan", message="图纸比例不符")])
    office = county.open_small_county(plugins=((check, "land"),))
    check.answer = []
    case_id = county.submit(office, materials=()).case_id
    check.answer = [Finding(field="plan", message="图纸比例不符")]
    with pytest.raises(HookRefusedError) as told:
        county.accept(office, case_id)
    assert [one["field"] for one in told.value.data["findings"]] == ["plan", "materials.form", "materials.plan"]
    assert [(one.stage, one.applicant is not None) for one in check.seen] == [("submit", True), ("accept", False)]


def test_advice_refuses_nothing() -> None:
    check = Check([Finding(field="plan", message="建议附彩图", severity="advice")])
    office = county.open_small_county(plugins=((check, "land"),))
    assert county.accepted(office).state == "accepted"


def kept(office: Office, case_id: str) -> object:
    """Everything about cases: what they are, and what has happened to them."""
    store = office.storage
    counted = {name: count for name, count in store.counts(AREA).items() if name != "events"}
    streams = [name for name in store.streams(AREA) if not name.startswith("plugin:")]
    return counted, store.case(AREA, case_id), [store.events(AREA, name) for name in streams]


def boom() -> None:
    raise RuntimeError("boom")


def leave() -> None:
    raise SystemExit(3)


def misjudge() -> object:
    return [Finding(field="x", message="y", severity="fatal")]


def endless() -> object:
    return (Finding(field="x", message="y") for _ in range(3))


@pytest.mark.parametrize(
    "answer",
    [boom, leave, misjudge, endless, 5, "no", ["no"], {"field": "x"}, object(), [None]],
    ids=["raises", "leaves", "misjudges", "endless", "number", "text", "texts", "mapping", "object", "nothing"],
)
def test_a_legal_check_that_raises_or_answers_rubbish_refuses_the_command_and_is_named(answer: Any) -> None:
    check = Check(None)
    office = county.open_small_county(plugins=((check, "land"),))
    case_id = county.submit(office).case_id
    before = kept(office, case_id)
    check.answer = answer
    for act in (county.accept, county.submit):
        with pytest.raises(PluginError) as told:
            act(office, case_id if act is county.accept else county.LICENCE, key="k")
        assert told.value.data["plugin"] == "land"
        assert "land" in told.value.message
    assert kept(office, case_id) == before
    failures = [event.type for event in office.storage.events(AREA, "plugin:land")]
    assert failures == ["plugin-failed", "plugin-failed"]  # what happened to the plugin is all that is kept
    check.answer = None
    assert county.accept(office, case_id, key="k").state == "accepted"  # the key was not used up


def test_an_error_of_ours_raised_by_a_plugin_names_it_too() -> None:
    def refuse() -> None:
        raise HookRefusedError("no", remedy="never")

    office = county.open_small_county(plugins=((Check(refuse), "land"),))
    with pytest.raises(HookRefusedError) as told:
        county.submit(office)
    assert told.value.data["plugin"] == "land"


def test_a_check_cannot_change_what_it_is_given() -> None:
    def change() -> None:
        view = check.seen[-1]
        view.materials = ("all", "there")  # type: ignore[misc]  # frozen: to see it refused

    check = Check(change)
    office = county.open_small_county(plugins=((check, "land"),))
    with pytest.raises(PluginError, match="FrozenInstanceError"):
        county.submit(office)


# --- storage and adapters ---------------------------------------------------------------------------------------------


class Warehouse:
    """A storage plugin for its own scheme."""

    def __init__(self, storage: Any) -> None:
        self.storage = storage

    @hookimpl
    def egov_storage_backend(self, url: str) -> Any:
        return self.storage if url.startswith("warehouse:") else None


def test_a_storage_plugin_is_chosen_by_its_scheme() -> None:
    storage = MemoryStorage()
    plugins = ((Warehouse(storage), "warehouse"),)
    with county.open_small_county("warehouse:x", plugins=plugins) as office:
        assert office.storage is storage
    with county.open_small_county("memory:", plugins=plugins) as office:
        assert office.storage is not storage


def test_a_scheme_that_nobody_knows_is_refused() -> None:
    with pytest.raises(SettingsError, match="carrier-pigeon"):
        county.open_small_county("carrier-pigeon:x")


def test_half_a_storage_is_refused_naming_what_is_missing() -> None:
    half = SimpleNamespace(write=lambda _: None, close=lambda: None, name="half")
    with pytest.raises(PluginError) as told:
        county.open_small_county("warehouse:x", plugins=((Warehouse(half), "warehouse"),))
    assert told.value.data["plugin"] == "warehouse"
    for method in ("due_timers", "recall", "queries"):
        assert method in told.value.message


def test_the_adapter_of_a_plugin_is_asked_before_the_loop_back_and_one_without_send_is_named() -> None:
    class Own:
        name = "own"

        def send(self, envelope: Envelope) -> Receipt:
            return Receipt(key=envelope.key, receipt="OWN", accepted=True)

        @hookimpl
        def egov_forwarding_adapter(self, target: Organ) -> Any:
            return self if target.code == county.CITY else None

    class Broken:
        @hookimpl
        def egov_forwarding_adapter(self, target: Organ) -> Any:
            return target

    own = Own()
    office = county.open_small_county(plugins=((own, "own"),))
    hook, city = "egov_forwarding_adapter", office.organisation.get(county.CITY)
    assert [info.name for info in office.hooks.carriers(hook)] == ["own", "builtin-loopback"]
    assert office.hooks.way("own", hook, city) is own
    assert office.hooks.way("own", hook, office.organisation.get(county.COUNTY)) is None
    office = county.open_small_county(plugins=((Broken(), "broken"),))
    with pytest.raises(PluginError, match="plugin broken answered egov_forwarding_adapter with something without send"):
        office.hooks.way("broken", hook, city)


# --- discovery --------------------------------------------------------------------------------------------------------


class Said(Check):
    """The same, saying which hooks it is written for, as what is discovered has to."""

    egov_api = "1.0"


class Entry:
    """An installed entry point, as importlib.metadata gives it."""

    def __init__(self, name: str, plugin: Any) -> None:
        self.name = name
        self.plugin = plugin

    def load(self) -> Any:
        if isinstance(self.plugin, BaseException):
            raise self.plugin
        return self.plugin


def offered(monkeypatch: pytest.MonkeyPatch, *entries: Entry) -> None:
    def entry_points(*, group: str) -> list[Entry]:
        return list(entries) if group == "egov_core" else []

    monkeypatch.setattr(importlib.metadata, "entry_points", entry_points)


def test_installed_plugins_are_found_by_their_entry_point(monkeypatch: pytest.MonkeyPatch) -> None:
    offered(monkeypatch, Entry("zebra", Said(None)), Entry("apple", SimpleNamespace(egov_api="1.0")))
    hooks = Hooks()
    assert hooks.discover(PluginChoice(), plugin_settings) == ("apple", "zebra")
    assert hooks.hooks_of("zebra") == ("egov_check_application",)
    assert hooks.hooks_of("apple") == ()


@pytest.mark.parametrize("error", [ImportError("no module"), RuntimeError("boom"), SystemExit(2)])
def test_an_entry_point_that_cannot_be_loaded_stops_the_opening_and_is_named(
    monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    offered(monkeypatch, Entry("rotten", error))
    settings = attrs.evolve(county.settings(), plugins=True)
    with pytest.raises(PluginError) as told:
        open_office(settings)
    assert told.value.data["plugin"] == "rotten"
    assert "disabled" in told.value.remedy
    assert "--safe-mode" in told.value.remedy
    open_office(attrs.evolve(settings, safe_mode=True)).close()
    open_office(attrs.evolve(settings, plugins_disabled=("rotten",))).close()
    open_office(county.settings()).close()


def test_commands_that_ask_no_check_are_not_stopped_by_a_broken_one() -> None:
    check = Check(None)
    office = county.open_small_county(plugins=((check, "land"),))
    case_id = county.accepted(office).case_id
    check.answer = boom
    assert county.review(office, case_id).state == "reviewed"
    withdraw = c.Withdraw(case_id=case_id, reason="x")
    assert office.do(withdraw, actor=county.staff("intake")).state == "withdrawn"


def test_the_storage_contract_is_what_a_plugin_is_asked_for() -> None:
    from egov_core.hooks.opening import STORAGE_METHODS

    assert set(STORAGE_METHODS) == {name for name in vars(Storage) if not name.startswith("_")}
