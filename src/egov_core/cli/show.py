"""How the command line speaks: one error shape, one JSON writer, one way to show progress.

Rules of this room: what is said goes to whoever reads it; where nobody does any more, as with `egov … | head`, the
command ends in silence with the exit status of a program that the system ended for it, 141.
"""

from __future__ import annotations

import functools
import json
import os
import select
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar, cast

import click

from egov_core.cli.advice import advised, advised_in
from egov_core.cli.language import said, say, speaks_chinese
from egov_core.errors import ClaimError, EgovError, OfficeError

F = TypeVar("F", bound=Callable[..., Any])
UNREAD = 128 + 13
"""The exit status where nobody reads on: what a shell shows for SIGPIPE, as for other programs that `head` ends."""


def beyond_the_horizon() -> str:
    """What is said of a result that no notice decides yet."""
    return say(
        "暂定：跨越本库没有放假通知的年份", "provisional: the library has no holiday notice for a year of the span"
    )


def show_json(data: Any) -> None:
    """One JSON object on standard output."""
    click.echo(json.dumps(advised_in(data), ensure_ascii=False, default=str))


def show_error(error: EgovError, *, as_json: bool = False) -> None:
    """One clear error on standard error, every fault on a line of its own; as JSON on standard output where asked."""
    if as_json:
        show_json({"error": error.as_dict()})
        return
    click.echo(f"{say('错误', 'error')} [{error.code}]: {said(error.message)}", err=True)
    if isinstance(error, ClaimError):
        for fault in error.faults:
            click.echo(f"  {_place(fault.path)}: {said(fault.message)}", err=True)
    if error.remedy:
        click.echo(f"{say('怎么办', 'what to do')}: {advised(error.remedy)}", err=True)


def _place(path: str) -> str:
    """Where a fault is: the word for a part of what was asked, the path as it is for any other."""
    from egov_core.server.words import words_of  # as in `said`

    return words_of("zh").either(f"place.{path}", said(path)) if speaks_chinese() else said(path)


def guarded(function: F) -> F:
    """Turn errors of ours into the one error shape and exit status 1."""

    @functools.wraps(function)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            return function(*args, **kwargs)
        except EgovError as error:
            show_error(error, as_json=bool(kwargs.get("as_json", False)))
            raise SystemExit(1) from None
        except OSError as error:
            if isinstance(error, BrokenPipeError) and _nobody_reads():
                raise  # for `until_nobody_reads`, around the whole command
            # a full disk behind standard output, a folder without rights: said, never a traceback
            where = "" if error.filename is None else f"{error.filename}: "
            told = f"{where}{error.strerror or error}"
            if isinstance(error, IsADirectoryError) and error.filename is not None:
                told, remedy = f"{error.filename} is a folder", "name the file in it"
                as_json = bool(kwargs.get("as_json", False))
            elif isinstance(error, FileNotFoundError):
                remedy, as_json = "check the name and the folder", bool(kwargs.get("as_json", False))
            else:  # standard output may be the disk that is full, so nothing more goes there
                remedy, as_json = "look at the disk and at the rights of the path", False
            show_error(OfficeError(told, remedy=remedy), as_json=as_json)
            raise SystemExit(1) from None

    return cast(F, run)


@contextmanager
def until_nobody_reads() -> Iterator[None]:
    """End in silence where the reader of our output has gone; any other pipe that breaks is an error as ever."""
    try:
        yield
    except BrokenPipeError:
        if not _nobody_reads():
            raise
        # the interpreter flushes once more when it ends, and would complain
        nowhere = os.open(os.devnull, os.O_WRONLY)
        for number in _unread():
            os.dup2(nowhere, number)
        os.close(nowhere)
        raise SystemExit(UNREAD) from None


@contextmanager
def stopped() -> Iterator[None]:
    """Say in the reader's language that somebody stopped the command, where click would say it in English."""
    try:
        yield
    except (KeyboardInterrupt, EOFError, click.Abort):
        if not speaks_chinese():
            raise
        click.echo("\n已中止", err=True)
        raise click.exceptions.Exit(1) from None


def _nobody_reads() -> bool:
    return bool(_unread())


def _unread() -> list[int]:
    """Those of standard output and standard error that are pipes without a reader."""
    if not hasattr(select, "poll"):
        return [1]  # where the system cannot be asked, the pipe that breaks is taken for the output
    asked = select.poll()
    for number in (1, 2):
        asked.register(number, 0)
    return [number for number, state in asked.poll(0) if state & (select.POLLERR | select.POLLHUP)]


EVERY = 5.0
"""So many seconds lie between two lines of progress, where the lines go to a log and not to a terminal."""


@contextmanager
def progress_bar(length: int, label: str) -> Iterator[Callable[[int], None]]:
    """Progress on standard error: a bar on a terminal, a line every few seconds in a log.

    The function given takes how much further the work is.
    """
    if sys.stderr.isatty():
        with click.progressbar(range(length), label=label, file=sys.stderr) as bar:
            yield bar.update
        return
    done, told = 0, time.monotonic()
    click.echo(label, err=True)

    def advance(count: int) -> None:
        nonlocal done, told
        done += count
        if time.monotonic() - told >= EVERY:
            click.echo(f"{label}  {done}/{length}", err=True)
            told = time.monotonic()

    yield advance
