"""Where plugins come from, and that one which cannot be is said with all others, before anything opens."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import attrs
import pytest

from egov_core import hookimpl, open_office
from egov_core.domain.calendar.hours import OfficeHours
from egov_core.domain.calendar.notices import Notice
from egov_core.domain.catalogue import ItemVersion
from egov_core.errors import HookRefusedError, PluginError, UnknownError
from egov_core.hooks import spec
from egov_core.hooks.manager import Hooks
from egov_core.hooks.plugin import faults_of
from egov_core.ports.forms import FieldKind, FormField
from egov_core.ports.numbering import Numbering, NumberRequest
from egov_core.runtime.plugins import hooks_of
from egov_core.runtime.settings import Settings, read_settings
from egov_core.runtime.shipped import office_hours
from egov_core.testing import small_county as county
from egov_core.testing.small_county import AREA

FILE = """
from egov_core import hookimpl
from egov_core.ports.checks import Finding

egov_api = "1.0"


@hookimpl
def egov_check_application(application):
    return [Finding(field="form.use", message="{said}")]
"""


def settings(folder: Path, **files: str) -> Settings:
    for name, text in files.items():
        (folder / f"{name}.py").write_text(text, encoding="utf-8")
    return Settings(area=AREA, plugins=False, plugins_dir=str(folder))


def refused(given: Settings) -> PluginError:
    with pytest.raises(PluginError) as told:
        open_office(given)
    return told.value


def test_a_single_file_in_the_folder_is_a_plugin_named_after_it(tmp_path: Path) -> None:
    given = settings(tmp_path, water_rules=FILE.format(said="请填写用途。"), _draft="this is no Python")
    with county.found(open_office(given)) as office, pytest.raises(HookRefusedError, match="请填写用途"):
        county.submit(office)
    info = next(one for one in hooks_of(given).infos() if one.name == "water-rules")
    assert (info.origin, info.api, info.hooks) == ("folder", "1.0", ("egov_check_application",))
    assert info.where.endswith("water_rules.py")


def test_a_file_is_read_anew_each_time(tmp_path: Path) -> None:
    for said in ("一", "二"):
        given = settings(tmp_path, rule=FILE.format(said=said))
        with county.found(open_office(given)) as office, pytest.raises(HookRefusedError, match=said):
            county.submit(office)


def test_everything_that_cannot_be_loaded_is_said_at_once_with_the_file(tmp_path: Path) -> None:
    given = settings(
        tmp_path,
        broken="def (:",
        leaves="raise SystemExit(3)",
        silent=FILE.format(said="x").replace('egov_api = "1.0"', ""),
        later=FILE.format(said="x").replace("1.0", "1.7"),
        older=FILE.format(said="x").replace("1.0", "0.9"),
        misspelt=FILE.format(said="x").replace("egov_check_application", "egov_chek_application"),
        attribute=FILE.format(said="x") + "\negov_item = ('a',)\n",
        good=FILE.format(said="x"),
    )
    given = attrs.evolve(given, plugins_order=("nobody",))
    message = refused(given).message
    assert "plugin broken cannot be loaded from" in message
    assert "broken.py" in message
    assert "plugin leaves cannot be loaded" in message
    assert 'plugin silent egov_api is missing: say egov_api = "1.0"' in message
    assert "plugin later egov_api is 1.7" in message
    assert "install a newer library" in message
    assert "plugin older egov_api is 0.9" in message
    assert "install a newer version of the plugin" in message
    assert "did you mean egov_check_application?" in message
    assert "egov_item is nothing a plugin says; did you mean egov_items?" in message
    assert "plugins.order names 'nobody', and no plugin is called that" in message
    assert "plugin good" not in message
    names = ("broken", "leaves", "silent", "later", "older", "misspelt", "attribute")
    open_office(attrs.evolve(given, plugins_disabled=names, plugins_order=())).close()


def test_a_plugin_for_these_hooks_is_taken_by_later_ones_and_refused_by_others() -> None:
    plugin = SimpleNamespace(egov_api="1.0")
    assert list(faults_of(plugin, discovered=True, api=(1, 0))) == []
    assert list(faults_of(plugin, discovered=True, api=(1, 4))) == []
    for api in ((2, 0), (0, 9)):
        assert [fault.code for fault in faults_of(plugin, discovered=True, api=api)] == ["range"], api


@pytest.mark.parametrize("hook", sorted(spec.RESERVED))
def test_a_hook_that_nothing_calls_cannot_be_registered(hook: str) -> None:
    plugin = SimpleNamespace(**{hook: hookimpl(lambda: None)})
    with pytest.raises(PluginError, match="is reserved and nothing calls it yet"):
        Hooks().register(plugin, "early")


def test_every_hook_that_is_not_reserved_is_called_by_the_manager() -> None:
    from inspect import getsource

    from egov_core.hooks import manager, opening

    source = getsource(manager) + getsource(opening)
    assert [name for name in spec.KINDS if (f'"{name}"' in source) is (name in spec.RESERVED)] == []


def test_the_settings_say_who_is_asked_first_and_who_is_not_there(tmp_path: Path) -> None:
    files = {name: FILE.format(said=name) for name in ("a", "b", "c")}
    given = settings(tmp_path, **files)
    assert asked(given) == ["a", "b", "c"]
    assert asked(attrs.evolve(given, plugins_order=("c",))) == ["c", "a", "b"]
    assert asked(attrs.evolve(given, plugins_disabled=("b",))) == ["a", "c"]
    assert asked(attrs.evolve(given, safe_mode=True)) == []


def asked(given: Settings) -> list[str]:
    with county.found(open_office(given)) as office:
        try:
            county.submit(office)
        except HookRefusedError as error:
            return [one["message"] for one in error.data["findings"]]
    return []


@attrs.frozen
class Depths:
    deepest: Decimal
    rivers: tuple[str, ...] = ()


class Wells:
    """A plugin that is made from its settings."""

    egov_api = "1.0"
    egov_settings = Depths

    def __init__(self, given: Depths) -> None:
        self.given = given

    @hookimpl
    def egov_form_fields(self, item: ItemVersion) -> list[FormField]:
        del item
        return [FormField(name="depth", label="井深", kind=FieldKind.NUMBER, at_most=self.given.deepest, unit="米")]


def test_a_plugins_own_table_is_read_strictly_and_its_fields_are_asked_for(tmp_path: Path) -> None:
    file = tmp_path / "egov.toml"
    load = f'load = ["{__name__}:Wells"]'
    head = f'[county]\narea = "{AREA}"\n[plugins]\ndiscover = false\n{load}\n[plugins.settings.Wells]\n'

    def given(table: str) -> Settings:
        file.write_text(head + table, encoding="utf-8")
        return read_settings(file)

    message = refused(given('deepst = "3"\nrivers = "x"\n')).message
    assert "[plugins.settings.Wells] deepst is no key; known are" in message
    assert "deepst" in message
    assert "deepest" in message
    with county.found(open_office(given('deepest = "120"\n'))) as office:
        for form, said in (
            ({}, "请填写“井深”。"),
            ({"depth": "deep"}, "“井深”应为数字。"),
            ({"depth": "121"}, "“井深”不得大于120米。"),
        ):
            with pytest.raises(HookRefusedError) as told:
                county.submit(office, form=form)
            assert [one["message"] for one in told.value.data["findings"]] == [said]
        assert county.submit(office, form={"depth": "119.5"}).state == "submitted"


def test_a_place_numbers_its_cases_in_its_own_way() -> None:
    class Numbers:
        @hookimpl
        def egov_case_number(self, request: NumberRequest) -> Any:
            return Numbering(prefix=f"衡{request.at.year}〕", digits=3) if request.item.code == county.LICENCE else None

    office = county.open_small_county(plugins=((Numbers(), "numbers"),))
    assert [county.submit(office).number for _ in range(2)] == ["衡2024〕001", "衡2024〕002"]
    other = next(code for code in office.catalogue.items if code != county.LICENCE)
    assert county.submit(office, other, materials=()).number.startswith(f"{AREA}-")


def test_the_library_numbers_the_cases_of_any_organ_whatever_its_code_looks_like() -> None:
    office = county.open_small_county()
    item = office.catalogue.items[county.LICENCE][0]
    organ = attrs.evolve(office.organisation.get(item.organ), code="局/一 科" + "x" * 60)
    numbering = office.hooks.case_number(NumberRequest(area=AREA, item=item, organ=organ, at=office.now()))
    assert numbering is not None
    assert numbering.number(7) == f"{AREA}-{organ.code}-2024-00007"


@pytest.mark.parametrize("prefix", ["", "2024", " a", "a ", "a\n", "x" * 201, 5])
def test_a_prefix_that_could_give_a_number_twice_is_refused(prefix: Any) -> None:
    with pytest.raises(ValueError, match="is no prefix"):
        Numbering(prefix=prefix)


def test_a_place_offers_its_hours_and_the_days_off_of_its_region() -> None:
    from datetime import date

    class Place:
        @hookimpl
        def egov_office_hours(self, name: str) -> OfficeHours | None:
            return attrs.evolve(office_hours("hengyang"), name="ours") if name == "ours" else None

        @hookimpl
        def egov_calendar_notices(self) -> dict[str, list[Notice]]:
            day = Notice(title="演示日放假", year=2024, published=date(2024, 1, 5), rest=[date(2024, 6, 18)])
            return {"演示省": [day]}

    given = attrs.evolve(county.settings(), office_hours="ours")
    with pytest.raises(UnknownError, match="ours"):
        open_office(given)
    with open_office(given, plugins=[(Place(), "place")]) as office:
        assert office.ruler.clock.hours.name == "ours"
        assert not office.ruler.calendar.is_workday(date(2024, 6, 18))


def test_names_in_the_settings_that_no_plugin_has_are_told_with_their_key_and_the_nearest(tmp_path: Path) -> None:
    files = {name: FILE.format(said=name) for name in ("water", "land")}
    given = attrs.evolve(
        settings(tmp_path, **files),
        plugins_order=("watre",),
        plugins_disabled=("lnd", "builtin-numbering"),
        plugins_settings={"wter": {"deep": 3}},
    )
    error = refused(given)
    for sentence in (
        "plugins.order names 'watre', and no plugin is called that; there are land, water; did you mean water?",
        "plugins.settings names 'wter', and no plugin is called that; there are land, water; did you mean water?",
        "plugins.disabled names 'lnd', and no plugin is called that; there are ",
        "did you mean land?",
        "plugins.disabled names 'builtin-numbering', which is the library's own and cannot be switched off",
    ):
        assert sentence in error.message
    assert "correct the names in plugins.disabled and plugins.order and plugins.settings" in error.remedy
    assert "disabled = [" not in error.remedy, "switching off does not mend a slip"
    assert {fault["path"] for fault in error.data["faults"]} == {
        "plugins.order",
        "plugins.settings",
        "plugins.disabled",
    }
    open_office(attrs.evolve(given, safe_mode=True)).close()


def test_what_is_installed_may_stay_switched_off_while_nothing_installed_is_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import importlib.metadata

    monkeypatch.setattr(importlib.metadata, "entry_points", lambda *, group: [SimpleNamespace(name=group, load=None)])
    given = attrs.evolve(settings(tmp_path), plugins_disabled=("egov_core",))
    open_office(given).close()
    assert "'egov_cor'" in refused(attrs.evolve(given, plugins_disabled=("egov_cor",))).message


def test_a_version_of_the_hooks_that_is_a_number_is_refused_in_words(tmp_path: Path) -> None:
    given = settings(tmp_path, water=FILE.format(said="x").replace('"1.0"', "1.0"))
    assert "plugin water egov_api is the number 1.0: write '1.0' in quotes" in refused(given).message


OWN = """
import attrs
from egov_core import hookimpl
from egov_core.errors import ClaimError, Fault

egov_api = "1.0"


@attrs.frozen(kw_only=True)
class Given:
    url: str = ""


class Plugin:
    egov_api = "1.0"
    egov_settings = Given

    def __init__(self, given):
        if given.url:
            raise ClaimError("x", faults=[Fault("url", "clear", "tells in the clear")], remedy="use https")

    @hookimpl
    def egov_form_fields(self, item):
        return None


plugin = Plugin
"""


@pytest.mark.parametrize(("file", "where"), [("own_line", "own-line"), ("市线", '"市线"')])
def test_what_a_plugin_says_of_its_own_table_has_the_whole_name_of_the_key(
    tmp_path: Path, file: str, where: str
) -> None:
    (tmp_path / f"{file}.py").write_text(OWN, encoding="utf-8")
    name = file.replace("_", "-")
    tables = {name: {"url": "http://a"}}
    told = refused(Settings(area=AREA, plugins=False, plugins_dir=str(tmp_path), plugins_settings=tables))
    assert f"[plugins.settings.{where}] url tells in the clear" in told.message
