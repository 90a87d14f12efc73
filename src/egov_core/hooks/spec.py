"""The hooks: every question a plugin may answer, in the order in which things happen.

Rules of this room: one typed function per hook, all with the same template: what is asked; *When* (and whether inside a
write: never); *Kind* (legal: an exception refuses the command; advisory: an exception is recorded and the office goes
on; effect: called by a worker, retried); *Answers*; *Errors*; since which version.
"""

from __future__ import annotations

from collections.abc import Sequence

import pluggy

from egov_core.domain.organisation import Organ
from egov_core.domain.timers.kinds import TimerKind
from egov_core.ports.checks import ApplicationView, Finding
from egov_core.ports.forwarding import ForwardingAdapter
from egov_core.ports.storage import Storage

PROJECT = "egov_core"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def egov_check_application(application: ApplicationView) -> Sequence[Finding] | None:
    """Check an application for the department's own rules.

    When: before a submission is decided (`stage="submit"`) and before an acceptance (`stage="accept"`); outside any
    write. Kind: legal. Answers: all are joined; None or an empty list means nothing was found. A finding with
    severity `error` refuses the command and is shown to the applicant with field and basis; `advice` is told to whoever
    acts (`Outcome.advice`).
    Errors: an exception or a wrong answer refuses the command and names the plugin. Since 0.1.
    """


@hookspec
def egov_timer_kinds(marks: frozenset[str]) -> Sequence[TimerKind] | None:
    """Add kinds of timers of the department's or the place's own.

    When: once, while the office is opened; outside any write. `marks` are what a timer may start and stop on.
    Kind: legal. Answers: all are joined; None or an empty list means none. A kind has a code of its own, starts and
    stops on marks, and has a limit of its own or a service standard of item or place.
    Errors: an exception, a wrong answer, a code that is taken or a mark that is none stops the opening and names the
    plugin. Since 0.1.
    """


@hookspec(firstresult=True)
def egov_forwarding_adapter(target: Organ) -> ForwardingAdapter | None:
    """Offer a way to the upper organ `target`.

    When: by the worker, before sending what waits in the outbox; outside any write.
    Kind: effect. Answers: the first that is not None is used; None means "not mine".
    Errors: an exception counts as a failed attempt, is recorded with the plugin's name and tried again.
    Since 0.1.
    """


@hookspec(firstresult=True)
def egov_storage_backend(url: str) -> Storage | None:
    """Offer a storage backend for `url` (scheme and rest, as in the settings).

    When: once, while the office is opened.
    Kind: legal. Answers: the first that is not None is used; None means "not my scheme".
    Errors: an exception stops the opening and names the plugin.
    Since 0.1.
    """
