"""The one tree of errors.

Rules of this room: it imports nothing of ours; every error has a stable `code`, `data` that a program can read, a
sentence (`str(error)`) and a `remedy`; the branch says whose fault it is. HTTP status codes do not appear here.

    EgovError
    ├── ClaimError      what was asked is malformed or unknown: the caller's to mend, all faults at once
    ├── LawError        what was asked is well-formed but not allowed: illegal step, expired limit, no authority
    ├── ConflictError   somebody else was first; the winner is named
    ├── OfficeError     our side: storage, adapter, configuration, clock
    └── PluginError     a plugin broke its promise; it is named
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import attrs


@attrs.frozen
class Fault:
    """One thing that is wrong with what was given, at one place.

    `path` names the place in the caller's own terms (`$.materials[0].copies`, `row 12 / statutory_limit`); `severity`
    is `error` (refused) or `warning` (taken, but look at it).
    """

    path: str
    code: str
    message: str
    severity: str = "error"


class EgovError(Exception):
    """Root of everything this library raises on purpose."""

    code: ClassVar[str] = "egov"

    def __init__(self, message: str, *, remedy: str = "", **data: Any) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
        self.data: Mapping[str, Any] = data

    def as_dict(self) -> dict[str, Any]:
        """`{"code", "message", "remedy"}` and, where there is any, `"data"`: the shape shown by CLI and API."""
        shown: dict[str, Any] = {"code": self.code, "message": self.message, "remedy": self.remedy}
        if self.data:
            shown["data"] = dict(self.data)
        return shown


class EgovDeprecationWarning(DeprecationWarning):
    """Something public is used that will go; the sentence says since when, until when, and what takes its place."""


class ClaimError(EgovError):
    """What was asked is malformed, incomplete or names something unknown. Nothing has happened."""

    code = "claim"

    def __init__(self, message: str, *, faults: Sequence[Fault] = (), remedy: str = "", **data: Any) -> None:
        super().__init__(message, remedy=remedy, **data)
        self.faults = tuple(faults)

    def under(self, where: str) -> ClaimError:
        """The same faults as they are named by whoever sees the whole: each path behind `where`."""
        faults = [
            attrs.evolve(one, path=f"{where} {one.path.removeprefix('$').removeprefix('.')}".strip())
            for one in self.faults
        ]
        told = "; ".join(f"{one.path} {one.message}" for one in faults)
        return ClaimError(told, faults=faults, remedy=self.remedy) if faults else self

    def as_dict(self) -> dict[str, Any]:
        """The shape of every error, with `"faults"` where there are any."""
        shown = super().as_dict()
        if self.faults:
            shown["faults"] = [attrs.asdict(fault) for fault in self.faults]
        return shown


class NaiveTimeError(ClaimError):
    """A date-time without an offset was given to the Python API."""

    code = "naive-time"


class PeriodError(ClaimError):
    """A period, pause or extension cannot be read, or its amount is negative or absurd."""

    code = "period"


class AcceptanceError(ClaimError):
    """The receipt, the notice and the supplements of an application were given in an order they cannot have had."""

    code = "acceptance"


class CalendarRangeError(ClaimError):
    """A date lies outside the years the working calendar can speak about."""

    code = "calendar-range"


class CalendarDataError(ClaimError):
    """A holiday notice or an office-hours table contradicts itself or cannot be read."""

    code = "calendar-data"


class PolicyError(ClaimError):
    """A card policy cannot be read."""

    code = "policy"


class TimerKindError(ClaimError):
    """A table of timer kinds, or of what silence brings, cannot be read; or a plugin adds a kind that cannot be."""

    code = "timer-kind"


class CatalogueError(ClaimError):
    """A catalogue file cannot be taken in; `faults` names row and column."""

    code = "catalogue"


class ReorganisationError(ClaimError):
    """A plan of a reorganisation cannot be read, does not fit the reference data, or cannot be undone any more."""

    code = "reorganisation"


class CodeListError(ClaimError):
    """A code list or a table of area codes cannot be read, or contradicts itself or another."""

    code = "code-list"


class UnknownError(ClaimError):
    """The item, case, organ, person, policy or adapter that was named does not exist."""

    code = "unknown"


class LawError(EgovError):
    """The act is not allowed. Nothing has happened."""

    code = "law"


class IllegalTransitionError(LawError):
    """The case is in a state from which this step does not exist."""

    code = "illegal-transition"


class ItemStateError(LawError):
    """The item does not stand so that this could be done: suspended, withdrawn, or its draft is elsewhere."""

    code = "item-state"


class ExtensionRefusedError(LawError):
    """The limit may not be extended: already expired, already extended, too long, or not the approver's to give."""

    code = "extension-refused"


class PauseRefusedError(LawError):
    """The clock may not be stopped: no written notice, not one of the item's kinds, or out of order."""

    code = "pause-refused"


class HearingRefusedError(LawError):
    """The hearing cannot be asked for, fixed or held like that: too late, too short a notice, or out of order."""

    code = "hearing-refused"


class NoAuthorityError(LawError):
    """The actor holds no grant for this step, item and organ on that day."""

    code = "no-authority"


class HookRefusedError(LawError):
    """A department's legal check refused the application; `data["findings"]` lists field, sentence and basis."""

    code = "hook-refused"


class ConflictError(EgovError):
    """Somebody else acted first; `data` names the winner, its act and its time."""

    code = "conflict"


class IdempotencyError(ConflictError):
    """The same key was used before by the same actor for another command."""

    code = "idempotency"


class OfficeError(EgovError):
    """Our side failed: storage, adapter, configuration or clock."""

    code = "office"


class StorageError(OfficeError):
    """The store could not do its work; nothing was acknowledged."""

    code = "storage"


class StorageBusyError(StorageError):
    """Another process is the writer of this file; `data["holder"]` names it."""

    code = "storage-busy"


class IntegrityError(StorageError):
    """Stored data contradict themselves: an audit chain that does not verify, a row that no event explains."""

    code = "integrity"


class ClockError(OfficeError):
    """The clock runs behind the last persisted instant: cards are held."""

    code = "clock"


class SettingsError(OfficeError):
    """The configuration cannot be read or contradicts itself."""

    code = "settings"


class DeliveryError(OfficeError):
    """A forwarding adapter could not deliver; it will be tried again."""

    code = "delivery"


class PluginError(EgovError):
    """A plugin raised, answered with rubbish or names a hook that does not exist; `data["plugin"]` names it."""

    code = "plugin"


class QuarantineError(PluginError):
    """A plugin that failed three times in a row is not called any more, and its answer is needed; nothing was done."""

    code = "plugin-quarantined"
