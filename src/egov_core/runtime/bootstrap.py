"""Opening an office: the one place where real parts are put together. Tests and demonstrations call the same function.

Rules of this room: importing does nothing; `open_office` assembles, and what it gives is the `Office` of `office.py`.
"""

from __future__ import annotations

from collections.abc import Iterable

from egov_core.errors import SettingsError
from egov_core.ports.ambient import Clock, IdSource
from egov_core.ports.storage import Storage
from egov_core.runtime.cataloguing import place_catalogue
from egov_core.runtime.choices import known_policies, place_choices
from egov_core.runtime.clock import SystemClock
from egov_core.runtime.identifiers import RandomIds
from egov_core.runtime.notifications import notification_choice
from egov_core.runtime.offered import offered_calendar
from egov_core.runtime.office import Office
from egov_core.runtime.place import place_of, timer_kinds
from egov_core.runtime.plugins import effects_of, hooks_of
from egov_core.runtime.reference import ReferenceData
from egov_core.runtime.settings import Settings, shown_url
from egov_core.runtime.synonyms import synonyms_of
from egov_core.usecases.foundation.calendars import load_calendars
from egov_core.usecases.foundation.registry import KnownParts, load_registry
from egov_core.usecases.foundation.services import Services
from egov_core.usecases.plugins.quarantine import keep_failure


def open_office(
    settings: Settings,
    *,
    clock: Clock | None = None,
    ids: IdSource | None = None,
    plugins: Iterable[tuple[object, str]] = (),
    read_only: bool = False,
    storage: Storage | None = None,
) -> Office:
    """Open an office with these settings.

    `plugins` are (plugin, name) pairs registered besides the discovered ones; `clock` and `ids` default to the real
    ones. With `read_only` the store is opened beside another process that writes. `storage` is the store of an office
    that is open already: no other is opened then. Raises SettingsError, PluginError, StorageBusyError (another process
    is the writer) or StorageError.
    """
    if not isinstance(settings, Settings):
        raise SettingsError(
            f"an office is opened with Settings, not {type(settings).__name__}",
            remedy="read a file with egov_core.runtime.settings.read_settings, or give Settings(area=...)",
        )
    hooks = hooks_of(settings, plugins, read_only=read_only)
    kinds = timer_kinds(settings, hooks)
    place = place_of(settings, kinds)
    choices = place_choices(settings, hooks, kinds, looking=read_only)
    policies = known_policies(choices, settings.earlier_policies, kinds)
    catalogue = place_catalogue(settings)
    told = notification_choice(settings, choices.policy.value, kinds)
    synonyms = synonyms_of(settings.synonyms)
    clock = clock or SystemClock()
    offered = offered_calendar(settings, clock.now(), hooks)
    storage = hooks.storage_backend(settings.storage) if storage is None else storage
    if storage is None:
        raise SettingsError(
            f"no storage backend knows {shown_url(settings.storage)!r}",
            remedy="use memory: or sqlite:///PATH, or install the plugin for this database; for postgresql://, in the "
            "check-out: pip install ./plugins/egov-storage-postgresql",
        )
    policy, known = choices.policy.value, KnownParts()
    reference = ReferenceData(
        registry=lambda: load_registry(storage, settings.area, place.separations, known),
        calendars=lambda: load_calendars(
            storage, settings.area, hours=choices.office_hours.value, settings=policy.settings, unwritten=offered
        ),
        version=lambda: storage.reference_version(settings.area),
        wrote=known.steps.add,
    )
    services = Services(
        area=settings.area,
        storage=storage,
        hooks=hooks,
        clock=clock,
        ids=ids or RandomIds(),
        policy=policy,
        policies=policies,
        registry=reference.registry,
        calendars=reference.calendars,
        effects=effects_of(settings, hooks),
        kinds=kinds,
        place=place,
        notifications=told,
        cataloguing=catalogue,
    )

    def keep(name: str, hook: str, strikes: int, error: str, quarantined: bool) -> None:  # noqa: FBT001 -- as hooks ask
        noting = reference.noting(services)
        reference.keep(lambda: keep_failure(noting, name, hook, strikes, error, quarantined=quarantined))

    hooks.record.keep_with(lambda: reference.registry().plugins, None if read_only else keep)
    return Office(services, settings=settings, reference=reference, choices=choices, synonyms=synonyms)
