"""What to do, as the command line says it: a command that a remedy names can be run as it is told.

Rules of this room: a remedy is written where it is known what has happened, with the whole command and a word in
capitals for what only the reader knows. Nobody there knows which settings file somebody gave; that is filled in here,
for who reads and for who reads JSON.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from typing import Any

import click

from egov_core.cli.language import said

_SETTINGS = re.compile(r"(?<=--config )(?:FILE|文件)(?![\w.])")
_TOLD = frozenset({"remedy", "message", "remedy_zh", "message_zh"})
"""The keys of JSON under which a command may be named."""


def advised(sentence: str) -> str:
    """A remedy, or what else names a command, in the reader's language and with the settings of this command."""
    return with_settings(said(sentence))


def with_settings(sentence: str) -> str:
    """A sentence that is in the reader's language already, with the settings of the running command."""
    return _with(_given(), sentence)


def advised_in(data: Any) -> Any:
    """The same JSON, with the settings of the running command in every remedy and message."""
    given = _given()
    return data if given is None else _completed(data, given)


def _completed(data: Any, given: str) -> Any:
    if isinstance(data, Mapping):
        return {
            key: _with(given, value) if key in _TOLD and isinstance(value, str) else _completed(value, given)
            for key, value in data.items()
        }
    return [_completed(one, given) for one in data] if isinstance(data, list | tuple) else data


def _given() -> str | None:
    """The settings file that the running command was given, as it is typed; None where it was given none."""
    context = click.get_current_context(silent=True)
    config = None if context is None else context.params.get("config")
    return shlex.quote(str(config)) if config else None


def _with(given: str | None, sentence: str) -> str:
    return sentence if given is None else _SETTINGS.sub(lambda _: given, sentence)
