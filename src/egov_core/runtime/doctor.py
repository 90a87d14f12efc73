"""The doctor: what could go wrong with this installation, before it does.

Rules of this room: read-only; every finding has a code, a severity, a sentence and what to do; nothing is repaired.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date

from egov_core.domain.calendar.layering import NATIONAL
from egov_core.errors import CalendarDataError, DeliveryError, EgovError
from egov_core.hooks.said import one_line
from egov_core.ports.effects import Parcel
from egov_core.ports.forwarding import Envelope
from egov_core.ports.health import ExaminedStorage, PlaceView
from egov_core.ports.health import HealthFinding as Finding
from egov_core.runtime.channels import channel_findings
from egov_core.runtime.choices import Whose
from egov_core.runtime.first_days import first_day_findings
from egov_core.runtime.offered import offered_notices
from egov_core.runtime.office import Office
from egov_core.runtime.plugins import unknown_items
from egov_core.runtime.shipped import REGULATION, SHIPPED, regulation
from egov_core.usecases.calendar.recounting import left_to_recount
from egov_core.usecases.foundation.services import TOLERANCE
from egov_core.usecases.reorganisation.ended_organs import left_without_organ
from egov_core.usecases.staff.appointing import faults_in

NOTICE_MONTH = 11
"""Next year's holiday notice usually appears in November; from its first day on a missing one is worth a warning."""
ITEMS_SHOWN = 10
"""How many items of a finding are named; the check-up names them all."""


def diagnose(office: Office) -> tuple[Finding, ...]:
    """Examine an open office."""
    return tuple(_findings(office))


def _findings(office: Office) -> Iterator[Finding]:
    yield Finding(code="python", severity="ok", message=f"Python {sys.version.split()[0]}")
    if isinstance(office.storage, ExaminedStorage):
        yield from office.storage.findings()
    yield from _calendar(office, office.now().date())
    yield from _clock(office)
    yield from _choices(office)
    yield from _work(office)
    yield from _plugins(office)
    yield from _forwarding(office)
    yield from channel_findings(office)
    yield from _staffing(office)
    yield from _items_left(office)
    yield from first_day_findings(office)
    yield from _named_alike(office)


def _named_alike(office: Office) -> Iterator[Finding]:
    """Organs of one name side by side, from a time before that was refused: lists are read by names."""
    today = office.now().date()
    tree = office.services.registry().organisation
    for code, others in tree.alike_on(today):
        yield Finding(
            code="organs-named-alike",
            severity="warning",
            message=f"{one_line(tree.get(code).as_on(today).name)} is the name of {', '.join((code, *others))}, "
            "which stand below one organ: a name on a list may mean either",
            remedy="rename one of them by a plan of reorganisation, or merge them",
        )


def _items_left(office: Office) -> Iterator[Finding]:
    """Items whose organ has ended, of which nobody receives a case, and those whose organ will end under them."""
    today, registry = office.now().date(), office.services.registry()
    used = tuple(registry.catalogue.in_use(today))
    standing = {organ.code for organ in registry.organisation.on(today)}
    for code, severity, what, items in (
        (
            "items-organ-gone",
            "error",
            "no case is received, for their organ does not exist",
            [one.code for one in used if one.organ not in standing],
        ),
        (
            "items-organ-ends",
            "warning",
            "their organ ends, and no version says who has them then",
            [one.code for one in used if any(left_without_organ(registry, one, today))],
        ),
    ):
        if items:
            yield Finding(
                code=code,
                severity=severity,
                message=f"{len(items)} item(s), {one_line(', '.join(items[:ITEMS_SHOWN]))}: {what}",
                remedy="publish a version for the organ that takes over; "
                "egov catalogue checkup --config FILE says which it is",
            )


def _staffing(office: Office) -> Iterator[Finding]:
    """Records of authority that could not be written today: a pair switched on later, an item that has passed on."""
    for fault in faults_in(office.services, office.staffing):
        yield Finding(
            code=f"staffing-{fault.code}",
            severity="warning",
            message=f"{fault.path}: {fault.message}",
            remedy="write the record again with an end, or corrected",
        )


def _calendar(office: Office, today: date) -> Iterator[Finding]:
    horizon = office.ruler.calendar.horizon
    if horizon is None or horizon < today:
        yield Finding(
            code="calendar-past",
            severity="error",
            message=f"the holiday notices end on {horizon}; every deadline is provisional",
            remedy="adopt the notices that are missing: egov calendar add NOTICE --config FILE",
        )
    elif horizon.year == today.year and today.month >= NOTICE_MONTH:
        yield Finding(
            code="calendar-next-year",
            severity="warning",
            message=f"the holiday notice for {today.year + 1} is missing; deadlines in that year are provisional",
            remedy="when the State Council has published it, adopt it: egov calendar add NOTICE --config FILE",
        )
    else:
        yield Finding(code="calendar", severity="ok", message=f"holiday notices reach to {horizon}")
    yield from _not_adopted(office)
    left = left_to_recount(office.services)
    if left:
        yield Finding(
            code="recount-unfinished",
            severity="warning",
            message=f"{left} case(s) still stand by an earlier calendar than revision "
            f"{office.services.calendars().newest.number}; until they are recounted their dates are the earlier ones",
            remedy="egov calendar add NOTICE --config FILE with the same notice, or a running Worker, finishes it",
        )


def _not_adopted(office: Office) -> Iterator[Finding]:
    """What the library ships or the settings name, and the office has not adopted: it changes nothing by itself."""
    held = office.services.calendars().newest
    for one in offered_notices(office.settings, office.hooks):
        try:
            if held.holds(one.notice, layer=one.layer, organ=one.organ):
                continue
        except CalendarDataError as error:
            yield Finding(
                code="calendar-differs",
                severity="warning",
                message=f"{one.file}: {error.message}; the office goes on with the days it has adopted",
                remedy="compare both texts; a correction is a notice of its own that says by amends what it changes",
            )
            continue
        yield Finding(
            code="calendar-not-adopted",
            severity="warning",
            message=f"{one.notice.name} ({one.file}) is known and not adopted; no deadline follows it",
            remedy=f"egov calendar add {one.file}{one.options} --config FILE",
        )
    layers = [(NATIONAL, "", held.notices), *((one.name, one.organ, one.notices) for one in held.layers)]
    for layer, organ, notices in layers:
        for notice in notices:
            if not held.knows_amended(notice, layer=layer, organ=organ):
                yield Finding(
                    code="calendar-amends-unknown",
                    severity="warning",
                    message=f"{notice.name} amends {notice.amends}, and no notice of that number or title is known",
                    remedy="compare it with its text; adopt the notice that it means if that is missing",
                )
    if held.regulation != regulation():
        yield Finding(
            code="regulation-not-adopted",
            severity="warning",
            message="the library ships another text of the holiday regulation than the office has adopted",
            remedy=f"egov calendar add {SHIPPED}{REGULATION} --config FILE",
        )


def _clock(office: Office) -> Iterator[Finding]:
    last = office.storage.last_instant(office.area)
    now = office.now()
    if last is not None and now < last - TOLERANCE:
        yield Finding(
            code="clock",
            severity="error",
            message=f"the clock says {now.isoformat()}, but {last.isoformat()} was already recorded; cards are held",
            remedy="set the machine's clock right",
        )
    else:
        yield Finding(code="clock", severity="ok", message=f"the clock says {now.isoformat()}")


def _choices(office: Office) -> Iterator[Finding]:
    """What the office measures with, and who chose it."""
    policy, hours = office.choices.policy, office.choices.office_hours
    for code, what, key, one in (
        ("policy", f"card policy {policy.value.ref}", "policy", policy),
        ("office-hours", f"office hours {hours.value.name}", "office-hours", hours),
    ):
        stands_in = one.by is Whose.STAND_IN
        yield Finding(
            code=f"{code}-stands-in" if stands_in else code,
            severity="warning" if stands_in else "ok",
            message=f"{what}, chosen {one.chooser}",
            remedy=f"what [time] {key} names is a plugin's: look again without --safe-mode" if stands_in else "",
        )


def _work(office: Office) -> Iterator[Finding]:
    counted = office.storage.counts(office.area)
    yield Finding(code="store", severity="ok", message=", ".join(f"{name} {n}" for name, n in counted.items()))
    behind = office.storage.due_timers(office.area, office.now(), 1)
    if behind:
        yield Finding(
            code="sweep-behind",
            severity="warning",
            message=f"a card has been due since {behind[0].next_fire_at}; the sweep has not run since",
            remedy="open the office where a Worker runs (egov demo does); late sweeps issue the same cards",
        )


def _plugins(office: Office) -> Iterator[Finding]:
    names = ", ".join(office.hooks.names())
    safe = "; safe mode: none but our own" if office.settings.safe_mode else ""
    yield Finding(code="plugins", severity="ok", message=f"plugins: {names}{safe}")
    for name, state in sorted(office.failed().items()):
        told = one_line(f"{state.hook}: {state.error}")
        if state.quarantined:
            yield Finding(
                code="plugin-quarantined",
                severity="error",
                message=f"plugin {name} is not called since {state.at.isoformat()}; {told}",
                remedy=f"mend it, then egov plugins release {name} --config FILE; or switch it off: [plugins] disabled",
            )
        elif state.strikes:
            yield Finding(
                code="plugin-failed",
                severity="warning",
                message=f"plugin {name} failed at {state.at.isoformat()}; {told}",
                remedy="mend it; after three failures in a row it is not called any more",
            )
    for name, items in unknown_items(office.hooks, office.catalogue).items():
        yield Finding(
            code="plugin-items-unknown",
            severity="warning",
            message=f"plugin {name} is about {one_line(', '.join(items))}, and no item of the catalogue has this code "
            "or name; the plugin is not asked about it",
            remedy="correct egov_items in the plugin, or publish the item",
        )
    yield from office.hooks.health(
        PlaceView(area=office.area, now=office.now(), counts=office.storage.counts(office.area))
    )


def _forwarding(office: Office) -> Iterator[Finding]:
    wanted = {item.forward_to for versions in office.catalogue.items.values() for item in versions if item.forward_to}
    missing = []
    broken: dict[str, list[tuple[EgovError, str]]] = {}
    for code in sorted(wanted):
        organ = office.organisation.get(code)
        try:
            asked = Envelope(area=office.area, key="", target=code, body=b"")
            office.services.effects.lane(Parcel(to=organ, sent=asked))
        except DeliveryError:
            missing.append(organ.name)
        except EgovError as error:
            broken.setdefault(str(error.data.get("plugin", "")), []).append((error, organ.name))
    for failures in broken.values():
        told, first = failures[0]  # the later ones may be no more than its quarantine
        organs = first if len(failures) == 1 else f"{len(failures)} upper organs, the first of them {first}"
        yield Finding(code="adapter-broken", severity="error", message=f"{told.message} ({organs})", remedy=told.remedy)
    if missing:
        yield Finding(
            code="adapter-missing",
            severity="warning",
            message=f"no adapter is installed for {len(missing)} upper organ(s): {', '.join(missing)}; "
            "cases referred there wait in the outbox",
            remedy="install a forwarding plugin",
        )
