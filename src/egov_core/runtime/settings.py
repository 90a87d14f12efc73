"""Settings of an office, from a TOML file or from code.

Rules of this room: everything has a default that works; reading reports every fault at once with its key; relative
paths are relative to the file. No setting is read from the environment.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

import attrs

from egov_core.errors import Fault, SettingsError
from egov_core.ports.notification import CHANNEL_NAME, TYPES
from egov_core.runtime.schedule import DISPATCH, SWEEP, Schedule
from egov_core.runtime.setting_keys import KEYS, UNNAMED, value_of
from egov_core.runtime.toml_files import read_toml

MEMORY = "memory:"
ANYWHERE = "000000"
"""The area of no office: what is installed is asked without one."""
AREA = re.compile(r"\d{6}(?:\d{3}){0,2}", re.ASCII)
"""Six digits for a county, nine for a town, twelve for a community; nothing is read from them."""
PADDED = re.compile(r"(\d{6}(?:\d{3})??)(?:000)+", re.ASCII)
"""A code filled up with noughts, as statistics write it: two codes of one place would be two offices."""


def shown_url(url: str) -> str:
    """The URL of a store as it may be shown: without its password."""
    scheme, mark, rest = url.partition("://")
    name, at, place = rest.rpartition("@")
    user, colon, _ = name.partition(":")
    place = re.sub(r"(?<=[?&]password=)[^&]*", "***", place)
    return f"{scheme}{mark}{user}{colon and ':***'}{at}{place}" if mark and scheme != "sqlite" else url


@attrs.frozen(kw_only=True)
class Settings:
    """What an office is opened with.

    `storage`: `memory:` or `sqlite:///PATH`, or whatever a plugin understands. `policy`: a card policy by its
    name or the path of a TOML file; `earlier_policies`: the files of versions that cases were submitted under before.
    `office_hours`: a timetable by its name or a path. Where one of the two is left empty, the place's plugin chooses,
    else the library (`runtime.choices`). `calendar_files`: further holiday notices; `region_files` and
    `organ_files`: those of a region by its name and of an organ by its code; an office that has a calendar already
    adopts none of them by itself. `silence`: what silence brings, shipped rules or a path. `timer_kinds`: files with
    further kinds of timers. `local_pauses`: procedures that the law does not name and the place lets stop the clock.
    `service_limits`: the place's service standards, kind of timer to limit. `separations`:
    the roles that the place keeps apart, shipped pairs or a path. `sweep` and `dispatch`: cron expressions
    in the zone of the law. `plugins`: whether installed plugins are discovered; `plugins_dir`: a folder of single files
    that are plugins; `plugins_load`: further ones by their path, `package.module:name`; `plugins_disabled`: names that
    are not loaded; `plugins_order`: who is asked first; `plugins_settings`: each plugin's own table; `plugins_budget`:
    seconds that an answer may take; `effect_timeout`: seconds that a plugin may take to send something, before its
    process is ended. `notification_channels`: the channels by which cards, decisions and reminders are told to somebody
    outside; `notification_types`: of `card-issued`, `case-decided` and `unit-reminded` those that are told;
    `notification_levels`: cards of these levels only, of any where there are none. `code_lists`: files with further
    code lists; `area_codes`: a file with the area codes of the place and their days; `item_codes`: by which rule codes
    of items are made; `ended_instruments`: files with laws and rules that have ended; `item_lints`: how grave the place
    takes what is found in items, by rule. `safe_mode`: no plugin at all, whatever the rest says. `loopback`: whether
    the city and the province are answered by the loop-back adapter (demonstrations). `synonyms`: files with what people
    of the place say for what its catalogue says.
    """

    area: str
    title: str = ""
    title_en: str = ""
    demo: bool = False
    storage: str = attrs.field(default=MEMORY, repr=lambda url: repr(shown_url(url)))
    policy: str = ""
    earlier_policies: tuple[str, ...] = ()
    office_hours: str = ""
    calendar_files: tuple[str, ...] = ()
    region_files: Mapping[str, tuple[str, ...]] = attrs.field(factory=dict)
    organ_files: Mapping[str, tuple[str, ...]] = attrs.field(factory=dict)
    silence: str = "national"
    timer_kinds: tuple[str, ...] = ()
    local_pauses: tuple[str, ...] = ()
    service_limits: Mapping[str, str] = attrs.field(factory=dict)
    separations: str = "none"
    sweep: Schedule = attrs.field(factory=lambda: Schedule(SWEEP))
    dispatch: Schedule = attrs.field(factory=lambda: Schedule(DISPATCH))
    plugins: bool = True
    plugins_dir: str = ""
    plugins_load: tuple[str, ...] = ()
    plugins_disabled: tuple[str, ...] = ()
    plugins_order: tuple[str, ...] = ()
    plugins_settings: Mapping[str, Mapping[str, Any]] = attrs.field(factory=dict, repr=lambda tables: repr([*tables]))
    plugins_budget: float = 1.0
    effect_timeout: float = 30.0
    notification_channels: tuple[str, ...] = ()
    notification_types: tuple[str, ...] = TYPES
    notification_levels: tuple[str, ...] = ()
    code_lists: tuple[str, ...] = ()
    area_codes: str = ""
    item_codes: str = ""
    ended_instruments: tuple[str, ...] = ()
    item_lints: Mapping[str, Any] = attrs.field(factory=dict)
    safe_mode: bool = False
    loopback: bool = False
    synonyms: tuple[str, ...] = ()

    def __attrs_post_init__(self) -> None:
        wrong = area_fault(self.area)
        if wrong:
            raise SettingsError(
                f"county.area {wrong}", remedy="write the six digits of the county (or nine of a town) as a text"
            )
        for key, files in (("region-files", self.region_files), ("organ-files", self.organ_files)):
            if any(not name.strip() for name in files):
                raise SettingsError(
                    f"time.{key} {UNNAMED}", remedy="name the region or the organ; the nation's are calendar-files"
                )
        faults = [*_notification_faults(self.notification_channels, self.notification_types)]
        if faults:
            raise _wrong("notifications", faults)


def area_fault(area: Any) -> str:
    """What is wrong with an area code; empty where nothing is."""
    if not isinstance(area, str) or not AREA.fullmatch(area):
        return f"{area!r} is no area code"
    padded = PADDED.fullmatch(area)
    if padded is None:
        return ""
    return f'{area!r} is the statistical form of "{padded[1]}", filled up with noughts: write "{padded[1]}"'


def read_settings(path: str | Path) -> Settings:
    """Read settings from a TOML file.

    Raises SettingsError naming the file and every key that is unknown, missing or of the wrong type.
    """
    file = Path(path)
    if file.is_dir():
        raise SettingsError(f"{file} is a folder", remedy=f"name the settings file in it, such as {file / 'egov.toml'}")
    what = (
        "a settings file; 'egov init DIR --area CODE --name NAME --head CODE=NAME --clerk CODE=NAME' writes one for a "
        "county, 'egov demo --keep DIR' one for the invented county"
    )
    data = read_toml(file, lambda message, remedy: SettingsError(message, remedy=remedy), what)
    return settings_from(data, where=str(file), base=file.resolve().parent)


def settings_from(data: Mapping[str, Any], *, where: str, base: Path) -> Settings:
    """Settings from parsed TOML; `base` is what relative paths are relative to. Raises SettingsError."""
    faults: list[Fault] = []
    given: dict[str, Any] = {}
    for section, values in data.items():
        if section not in KEYS or not isinstance(values, Mapping):
            faults.append(Fault(section, "unknown", f"is not a section; known are {', '.join(KEYS)}"))
            continue
        for key, value in values.items():
            name, kind = KEYS[section].get(key, ("", str))
            if not name:
                faults.append(Fault(f"{section}.{key}", "unknown", f"is no key; known are {', '.join(KEYS[section])}"))
                continue
            try:
                given[name] = value_of(value, kind)
            except (TypeError, SettingsError) as error:
                faults.append(Fault(f"{section}.{key}", "type", str(error)))
    if "area" not in given and not any(fault.path == "county.area" for fault in faults):
        faults.append(Fault("county.area", "required", "is missing"))
    if "area" in given and area_fault(given["area"]):
        faults.append(Fault("county.area", "area", area_fault(given["area"])))
    faults += _notification_faults(given.get("notification_channels", ()), given.get("notification_types", TYPES))
    if given.get("notification_levels") == ():
        faults.append(
            Fault("notifications.levels", "empty", "is empty: leave it out where cards of any level are told")
        )
    if faults:
        raise _wrong(where, faults)
    return attrs.evolve(Settings(area=given.pop("area")), **_resolved(given, base))


def _wrong(where: str, faults: list[Fault]) -> SettingsError:
    return SettingsError(
        f"{where}: " + "; ".join(f"{fault.path} {fault.message}" for fault in faults),
        remedy="correct every key named; docs/reference/settings.md lists them",
        faults=[attrs.asdict(fault) for fault in faults],
    )


def _notification_faults(channels: Collection[str], types: Collection[str]) -> Iterator[Fault]:
    """What is wrong with them by themselves; levels are known only once the policies have been read."""
    for name in channels:
        if not CHANNEL_NAME.fullmatch(name):
            told = f"{name!r} cannot be the name of a channel: small letters, digits and hyphens, at most 64"
            yield Fault("notifications.channels", "name", told)
    for name in types:
        if name not in TYPES:
            yield Fault("notifications.types", "unknown", f"{name!r} is none of {', '.join(TYPES)}")
    if not types:
        yield Fault("notifications.types", "empty", "is empty: nothing would be told; leave it out for both")
    for key, names in (("channels", channels), ("types", types)):
        for name in sorted({name for name in names if list(names).count(name) > 1}):
            yield Fault(f"notifications.{key}", "twice", f"names {name!r} twice")


def _resolved(given: dict[str, Any], base: Path) -> dict[str, Any]:
    """Paths made absolute, so that it does not matter from where the office is opened."""
    prefix = "sqlite:///"
    storage = given.get("storage", "")
    if storage.startswith(prefix):
        given["storage"] = prefix + str(base / storage.removeprefix(prefix))
    if "plugins_dir" in given:
        given["plugins_dir"] = str(base / given["plugins_dir"])
    for name in ("policy", "office_hours", "silence", "separations"):
        if given.get(name, "").endswith(".toml"):
            given[name] = str(base / given[name])
    if "area_codes" in given:
        given["area_codes"] = str(base / given["area_codes"])
    for name in ("calendar_files", "earlier_policies", "timer_kinds", "synonyms", "code_lists", "ended_instruments"):
        if name in given:
            given[name] = tuple(str(base / one) for one in given[name])
    for name in ("region_files", "organ_files"):
        if name in given:
            given[name] = {key: tuple(str(base / one) for one in paths) for key, paths in given[name].items()}
    return given


def without_plugins(settings: Settings) -> Settings:
    """The settings with which an office can be opened whatever its plugins do, to look at what is stored.

    A plugin that keeps the data is needed all the same; names of policies and timetables may be those of a plugin.
    """
    known = settings.storage == MEMORY or settings.storage.startswith("sqlite:")
    return attrs.evolve(settings, safe_mode=known, policy="notice", earlier_policies=(), office_hours="standard")
