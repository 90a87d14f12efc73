"""The hooks: every question a plugin may answer, in the order in which things happen.

Rules of this room: one typed function a hook, all with one template: what is asked; *When* (never inside a write);
*Given*; *Kind*; *Answers*; *Errors*; *Since* which version of the hooks; *Example*. This is the one file of the house
that may be long: whoever writes a plugin reads it from top to bottom.

Kinds. *Legal*: fails closed, an exception or a wrong answer refuses the command, or the opening. *Advisory*: fails
open, what went wrong is recorded and the office goes on. *Effect*: called by a worker for what waits in the outbox, and
tried again. A *reserved* hook has no caller yet: its shape is settled, and whoever
registers it is refused, because a plugin that nothing calls would be believed to work.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Any, TypeVar

import pluggy

from egov_core.domain.calendar.hours import OfficeHours
from egov_core.domain.calendar.notices import Notice
from egov_core.domain.cases.events import RecordedEvent
from egov_core.domain.catalogue import ItemFinding, ItemVersion
from egov_core.domain.organisation import Organ
from egov_core.domain.timers.kinds import TimerKind
from egov_core.ports.checks import ApplicationView, Finding, MaterialsView
from egov_core.ports.forms import FormField
from egov_core.ports.forwarding import ForwardingAdapter
from egov_core.ports.health import HealthFinding, PlaceView
from egov_core.ports.notification import NotificationChannel
from egov_core.ports.numbering import Numbering, NumberRequest
from egov_core.ports.place import PlaceDefaults
from egov_core.ports.storage import Storage
from egov_core.ports.theme import Theme

PROJECT = "egov_core"
API = (1, 0)
"""The version of the hooks: the first number rises when a plugin has to change, the second when something is added."""

F = TypeVar("F", bound=Callable[..., Any])
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


class HookKind(StrEnum):
    """What happens when an answer fails."""

    LEGAL = "legal"
    ADVISORY = "advisory"
    EFFECT = "effect"


KINDS: dict[str, HookKind] = {}
"""What kind each hook is."""
RESERVED: dict[str, str] = {}
"""A reserved hook and what will open it."""
SINCE: dict[str, tuple[int, int]] = {}
"""Since which version of the hooks each is there."""


def _hook(
    kind: HookKind, *, first: bool = False, reserved: str = "", since: tuple[int, int] = (1, 0)
) -> Callable[[F], F]:
    def mark(function: F) -> F:
        KINDS[function.__name__] = kind
        SINCE[function.__name__] = since
        if reserved:
            RESERVED[function.__name__] = reserved
        marked: F = hookspec(firstresult=first)(function)
        return marked

    return mark


# --- opening an office ------------------------------------------------------------------------------------------------


@_hook(HookKind.LEGAL, first=True)
def egov_storage_backend(url: str) -> Storage | None:
    """Offer a storage backend for `url` (scheme and rest, as in the settings).

    When: once, while the office is opened. Given: the URL of `[storage] url`, with its password.
    Kind: legal. Answers: the first that is not None is used; None means "not my scheme".
    Errors: an exception, or a storage that lacks a method, stops the opening and names the plugin. Since 1.0.
    Example: `return MyStorage(url) if url.startswith("mydb://") else None`
    """


@_hook(HookKind.LEGAL, first=True)
def egov_place_defaults(area: str) -> PlaceDefaults | None:
    """Choose for a place what its settings file leaves open: the card policy and the office hours, by name.

    When: once, while the office is opened. Given: the area code of `[county] area`.
    Kind: legal. Answers: the first that is not None is used, and only for keys that the settings do not give; None
    means "not my place". `egov doctor` says who chose. Errors: an exception, a wrong answer, or a name that is used and
    that nobody offers stops the opening. Since 1.0.
    Example: `return PlaceDefaults(policy="hunan-2018", office_hours="hengyang")`
    """


@_hook(HookKind.LEGAL)
def egov_card_policies() -> Mapping[str, str] | None:
    """Offer card policies of the place's own, each as the text of a policy file.

    When: once, while the office is opened. Given: nothing.
    Kind: legal. Answers: name to TOML text; all are joined, and cases of each are judged by it. `[time] policy` chooses
    one by its name. No name may be the library's or another plugin's, neither here nor as `name` in the text.
    Errors: an exception, a text that is no policy, or a name that is taken stops the opening and names every fault.
    Since 1.0.
    Example: `return {"ours": (files(__package__) / "ours.toml").read_text(encoding="utf-8")}`
    """


@_hook(HookKind.LEGAL)
def egov_timer_kinds(marks: frozenset[str]) -> Sequence[TimerKind] | None:
    """Add kinds of timers of the department's or the place's own.

    When: once, while the office is opened. Given: `marks`, what a timer may start and stop on.
    Kind: legal. Answers: all are joined; None or an empty list means none. A kind has a code of its own, starts and
    stops on marks, and has a limit of its own or a service standard of item or place.
    Errors: an exception, a wrong answer, a code that is taken or a mark that is none stops the opening. Since 1.0.
    Example: `return [TimerKind(code="site-visit", starts_on=("accepted",), stops_on=("reviewed",), ...)]`
    """


@_hook(HookKind.LEGAL, first=True)
def egov_office_hours(name: str) -> OfficeHours | None:
    """Offer the timetable of the place under a name of its own.

    When: once, while the office is opened. Given: the name in `[time] office-hours`, where the library ships none such.
    Kind: legal. Answers: the first that is not None is used; None means "not mine".
    Errors: an exception or a wrong answer stops the opening. Since 1.0.
    Example: `return parse_office_hours(TABLE, "ours") if name == "ours" else None`
    """


@_hook(HookKind.LEGAL)
def egov_calendar_notices() -> Mapping[str, Sequence[Notice]] | None:
    """Offer notices about days off and make-up days, the nation's or a region's.

    When: once, while the office is opened; an office that has a calendar adopts none of them by itself.
    Given: nothing. Kind: legal. Answers: the name of the layer (`national`, or a region) to its notices; all join.
    Errors: an exception, a wrong answer, or notices that contradict each other stop the opening. Since 1.0.
    Example: `return {"hunan": [parse_notice(TABLE, "2026.toml")]}`
    """


# --- pages and command line -------------------------------------------------------------------------------------------


@_hook(HookKind.ADVISORY, first=True)
def egov_theme() -> Theme | None:
    """Offer a style sheet and a footer of the place's own.

    When: once, while the pages are set up. Given: nothing.
    Kind: advisory. Answers: the first that is not None is used: its style sheet is linked after ours, its footer stands
    on every page. Errors: an exception or a wrong answer is recorded, and the pages look as shipped. Since 1.0.
    Example: `return Theme(stylesheet=":root { --seal: #7a1f1f; }", footer="政务服务中心")`
    """


@_hook(HookKind.ADVISORY)
def egov_commands() -> Mapping[str, Any] | None:
    """Add commands to the command line.

    When: when somebody asks `egov` for a command that it has not, or for its help. Given: nothing; installed plugins
    are asked, before any settings file is read.
    Kind: advisory. Answers: name to `click.Command`; a name of the library's or of another plugin's cannot be taken.
    Errors: an exception or a wrong answer is told on standard error, and the other commands work. Since 1.0.
    Example: `return {"water-report": report}`
    """


# --- an application ---------------------------------------------------------------------------------------------------


@_hook(HookKind.LEGAL)
def egov_form_fields(item: ItemVersion) -> Sequence[FormField] | None:
    """Ask for fields in the form of an item.

    When: before a submission is decided. Given: the item in force.
    Kind: legal. Answers: all are joined; a required field that is empty, or a value that cannot be read, refuses the
    submission with the field's own sentence. Errors: an exception, a wrong answer or two fields of one name refuse the
    submission. Since 1.0.
    Example: `return [FormField(name="depth", label="井深", kind=FieldKind.NUMBER, unit="米")]`
    """


@_hook(HookKind.LEGAL)
def egov_check_materials(materials: MaterialsView) -> Sequence[Finding] | None:
    """Check which materials are there.

    When: before a submission (`stage="submit"`), a supplement (`supplement`) and an acceptance (`accept`) is decided.
    Given: the materials by their codes, and nothing personal. Kind: legal. Answers: as `egov_check_application`.
    Errors: an exception or a wrong answer refuses the command and names the plugin. Since 1.0.
    Example: `return [Finding(field="materials.map", message="缺少位置图。", basis=BASIS)]`
    """


@_hook(HookKind.LEGAL)
def egov_check_application(application: ApplicationView) -> Sequence[Finding] | None:
    """Check an application for the department's own rules.

    When: before a submission is decided (`stage="submit"`) and before an acceptance (`stage="accept"`).
    Given: item, materials, form and, at `submit`, the channel and the applicant, its values masked until one is asked
    for with a purpose. Kind: legal. Answers: all are joined; None or an empty list means nothing was found. A finding
    with severity `error` refuses the command and is shown to the applicant with field and basis; `advice` is told to
    whoever acts (`Outcome.advice`). Errors: an exception or a wrong answer refuses the command and names the plugin.
    Since 1.0.
    Example: `return [Finding(field="form.depth", message="井深超过批准限度。", basis=BASIS)]`
    """


@_hook(HookKind.LEGAL, first=True)
def egov_case_number(request: NumberRequest) -> Numbering | None:
    """Number cases in the place's own way.

    When: before a submission is decided; the running number is given by the commit. Given: area, item, organ, instant.
    Kind: legal. Answers: the first that is not None is used; None leaves it to the next.
    Errors: an exception or a wrong answer refuses the submission. Since 1.0.
    Example: `return Numbering(prefix=f"{request.area}-{request.at.year}-")`
    """


# --- what leaves the office -------------------------------------------------------------------------------------------


@_hook(HookKind.EFFECT, first=True)
def egov_forwarding_adapter(target: Organ) -> ForwardingAdapter | None:
    """Offer a way to the upper organ `target`.

    When: by the worker, before sending what waits in the outbox. Given: the organ.
    Kind: effect. Answers: the first that is not None is used; None means "not mine".
    Errors: an exception counts as a failed attempt, is recorded with the plugin's name and tried again. Since 1.0.
    Example: `return self._adapter if target.kind is OrganKind.CITY else None`
    """


@_hook(HookKind.EFFECT, first=True)
def egov_notification_channel(name: str) -> NotificationChannel | None:
    """Offer a channel by which cards and decisions are told to somebody outside.

    When: by the worker, before delivering what waits in the outbox. Given: a name in `[notifications] channels`.
    Kind: effect. Answers: the first that is not None is used; None means "not mine". What is told waits for a channel
    that nobody offers. Errors: an exception counts as a failed attempt, is recorded with the plugin's name and tried
    again; cards and decisions stand whatever comes of it. Since 1.0.
    Example: `return self._channel if name == "webhook" else None`
    """


# --- the catalogue ----------------------------------------------------------------------------------------------------


@_hook(HookKind.ADVISORY)
def egov_lint_item(item: ItemVersion, earlier: ItemVersion | None) -> Sequence[ItemFinding] | None:
    """Say what looks wrong in an item of the catalogue, beyond the library's own rules.

    When: when a draft is handed in for review, when it is published, and in each check-up. Given: the item, and the
    version published before it (None: there is none, or it is that version). Kind: advisory. Answers: all are joined,
    their codes with the plugin's name before them, `NAME/CODE`; a finding with the severity `error` keeps the item from
    being published, unless the place grades it otherwise (`[catalogue] lints`). Errors: an exception or a wrong answer
    is recorded, and the item is looked at without it. Since 1.0.
    Example: `return [ItemFinding(code="map", severity=Severity.WARNING, element="materials", message=M, remedy=R)]`
    """


# --- looking after the office -----------------------------------------------------------------------------------------


@_hook(HookKind.ADVISORY)
def egov_health(place: PlaceView) -> Sequence[HealthFinding] | None:
    """Examine what the plugin needs, for `egov doctor`.

    When: when the doctor is asked. Given: the area, the instant and how many rows there are.
    Kind: advisory. Answers: all are joined; the code is shown as `NAME/CODE`. Errors: an exception or a wrong answer is
    an error of its own, `NAME/health-failed`, and an answer beyond the time budget a warning, `NAME/health-slow`.
    Since 1.0.
    Example: `return [HealthFinding(code="key", severity="warning", message="the key ends on 1 May")]`
    """


# --- reserved ---------------------------------------------------------------------------------------------------------


@_hook(HookKind.LEGAL, reserved="documents")
def egov_document_texts(kind: str, item: ItemVersion) -> Mapping[str, str] | None:
    """Offer the texts of a document: an acceptance note, a one-time notification, a decision.

    When: before a document is made. Given: the kind of document and the item.
    Kind: legal. Answers: name of a passage to its text; the first plugin that has a passage gives it.
    Errors: an exception means that no document is made. Since 1.0, reserved.
    Example: `return {"closing": "如不服本决定，可以……"} if kind == "rejection" else None`
    """


@_hook(HookKind.EFFECT, reserved="documents")
def egov_seal(document: bytes, organ: Organ) -> bytes | None:
    """Put the electronic seal of an organ on a document.

    When: by a worker, when a document waits for its seal. Given: the document (PDF) and the organ.
    Kind: effect. Answers: the sealed document; None means "not my organ". Errors: tried again. Since 1.0, reserved.
    Example: `return self._machine.seal(document) if organ.code in self._organs else None`
    """


@_hook(HookKind.LEGAL, first=True, reserved="materials as files")
def egov_material_store(url: str) -> object | None:
    """Offer a place where the files of materials are kept.

    When: once, while the office is opened. Given: the URL in the settings.
    Kind: legal. Answers: the first that is not None is used. Errors: an exception stops the opening.
    Since 1.0, reserved.
    Example: `return Folder(url) if url.startswith("file:") else None`
    """


@_hook(HookKind.LEGAL, first=True, reserved="signing in")
def egov_identity_provider(name: str) -> object | None:
    """Offer a way to sign in.

    When: once, while the pages are set up. Given: a name in the settings.
    Kind: legal. Answers: the first that is not None is used. Errors: an exception stops the opening.
    Since 1.0, reserved.
    Example: `return self._provider if name == "province" else None`
    """


@_hook(HookKind.EFFECT, reserved="observers")
def egov_observe(events: Sequence[RecordedEvent]) -> None:
    """Be told what has happened, at least once, in the order of each case.

    When: by a worker, after the commit. Given: the events, personal values left out.
    Kind: effect. Answers: nothing. Errors: an exception is tried again. Since 1.0, reserved.
    Example: `self._queue.put([event.type for event in events])`
    """


@_hook(HookKind.ADVISORY, reserved="scores")
def egov_score_indicators() -> Mapping[str, Callable[..., Any]] | None:
    """Add indicators to the yearly score.

    When: while a score is made. Given: nothing. Kind: advisory.
    Answers: code to a pure function of the counted facts. Errors: an exception is shown in the score as not counted.
    Since 1.0, reserved.
    Example: `return {"window-calls": calls_answered}`
    """


@_hook(HookKind.ADVISORY, reserved="reports")
def egov_reports() -> Mapping[str, Callable[..., Any]] | None:
    """Add reports.

    When: when the list of reports is shown. Given: nothing. Kind: advisory.
    Answers: code to a function that makes rows. Errors: an exception is recorded. Since 1.0, reserved.
    Example: `return {"water-use": water_use}`
    """


@_hook(HookKind.ADVISORY, reserved="pages of plugins")
def egov_web_routes() -> Sequence[object] | None:
    """Add pages below the plugin's own path.

    When: once, while the pages are set up. Given: nothing. Kind: advisory.
    Answers: routes; all are joined. Errors: an exception is recorded, and the pages are missing. Since 1.0, reserved.
    Example: `return [Route("/wells", wells)]`
    """


@_hook(HookKind.ADVISORY, reserved="pages of plugins")
def egov_menu_entries(platform: str) -> Sequence[tuple[str, str]] | None:
    """Add entries to the menu of a platform.

    When: once, while the pages are set up. Given: the platform's code. Kind: advisory.
    Answers: pairs of label and path; all are joined. Errors: an exception is recorded. Since 1.0, reserved.
    Example: `return [("水井一览", "/plugins/water/wells")] if platform == "supervision" else None`
    """
