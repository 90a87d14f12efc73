"""What a plugin prints, and what it raises to end more than itself: none of it reaches the command that asks it."""

# ruff: noqa: T201 -- printing is what is tried

from __future__ import annotations

import _thread
import logging
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import pytest

from egov_core.errors import DeliveryError, PluginError
from egov_core.hooks.apart import Apart
from egov_core.hooks.discovery import PluginChoice
from egov_core.hooks.effects import carry
from egov_core.hooks.manager import Hooks
from egov_core.hooks.said import LONGEST, one_line
from egov_core.hooks.spec import hookimpl
from egov_core.ports.checks import ApplicationView, Finding
from egov_core.ports.effects import Parcel
from egov_core.ports.forwarding import Envelope
from egov_core.testing import builders
from egov_core.wire.plugin_settings import plugin_settings


class Check:
    """A check that does what it is told to."""

    def __init__(self, does: Callable[[], Any]) -> None:
        self.does = does

    @hookimpl
    def egov_check_application(self, application: ApplicationView) -> Any:
        del application
        return self.does()


class City:
    """An adapter that does what it is told to."""

    def __init__(self, does: Callable[[], Any]) -> None:
        self.does = does

    @hookimpl
    def egov_forwarding_adapter(self, target: Any) -> Any:
        del target
        return self

    def send(self, _envelope: Envelope) -> Any:
        return self.does()


class OwnEnd(BaseException):
    """What no `except Exception` catches."""


def raising(error: BaseException) -> Callable[[], NoReturn]:
    def does() -> NoReturn:
        raise error

    return does


ENDS = [KeyboardInterrupt("mine"), GeneratorExit("mine"), SystemExit(3), OwnEnd("mine")]


def asked(does: Callable[[], Any]) -> Hooks:
    hooks = Hooks()
    hooks.register(Check(does), "dept-x")
    return hooks


def parcel() -> Parcel:
    return Parcel(to=builders.organ(), sent=Envelope(area=builders.AREA, key="k", target="city", body=b"{}"))


# --- ends ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("error", ENDS, ids=lambda error: type(error).__name__)
def test_whatever_a_check_raises_is_its_failure_and_the_third_sets_it_aside(error: BaseException) -> None:
    hooks = asked(raising(error))
    for _ in range(3):
        with pytest.raises(
            PluginError, match=f"plugin dept-x failed in egov_check_application: {type(error).__name__}"
        ):
            hooks.check_application(builders.application_view())
    assert hooks.use("dept-x", "egov_check_application").failures == 3
    assert "egov_check_application" in hooks.record.quarantine_of("dept-x")


@pytest.mark.parametrize("error", ENDS, ids=lambda error: type(error).__name__)
def test_whatever_an_import_raises_is_told_with_the_others(error: BaseException, tmp_path: Path) -> None:
    name = type(error).__name__
    head = "class OwnEnd(BaseException): pass\n" if isinstance(error, OwnEnd) else ""
    (tmp_path / "ends.py").write_text(f"{head}raise {name}('mine')\n", encoding="utf-8")
    (tmp_path / "broken.py").write_text("def (:", encoding="utf-8")
    with pytest.raises(PluginError, match="plugin broken cannot be loaded") as told:
        Hooks().discover(PluginChoice(discover=False, folder=str(tmp_path)), plugin_settings)
    assert f"plugin ends cannot be loaded from {tmp_path / 'ends.py'}: {name}: mine" in told.value.message


@pytest.mark.parametrize("error", ENDS, ids=lambda error: type(error).__name__)
def test_whatever_an_adapter_raises_is_a_broken_promise(error: BaseException) -> None:
    hooks = Hooks()
    hooks.register(City(raising(error)), "city")
    with pytest.raises(PluginError, match=f"plugin city \\(City\\) failed: {type(error).__name__}"):
        carry(hooks, "city", parcel())


def test_not_now_is_still_the_adapters_to_say() -> None:
    hooks = Hooks()
    hooks.register(City(raising(DeliveryError("市局系统维护"))), "city")
    with pytest.raises(DeliveryError, match="市局系统维护"):
        carry(hooks, "city", parcel())


def interrupted() -> None:
    """Work on, as Ctrl+C finds it; not for ever, should it not come."""
    _thread.interrupt_main()
    until = time.monotonic() + 60
    while time.monotonic() < until:
        pass


@pytest.fixture
def heeded() -> Iterator[None]:
    """Ctrl+C is heeded: a shell has whatever it starts in the background ignore it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("heeded")
def test_a_ctrl_c_of_a_person_ends_the_command_and_is_nobodys_failure() -> None:
    hooks = asked(interrupted)
    with pytest.raises(KeyboardInterrupt):
        hooks.check_application(builders.application_view())
    assert hooks.use("dept-x", "egov_check_application").failures == 0


@pytest.mark.usefixtures("heeded")
def test_it_does_so_as_well_where_the_plugin_cleans_up_and_raises_it_again() -> None:
    cleaned = []

    def cleans() -> None:
        try:
            interrupted()
        except KeyboardInterrupt:
            cleaned.append("the table of rivers")
            raise

    with pytest.raises(KeyboardInterrupt):
        asked(cleans).check_application(builders.application_view())
    assert cleaned


@contextmanager
def handling(number: int, handler: Callable[..., Any]) -> Iterator[None]:
    was = signal.signal(number, handler)
    try:
        yield
    finally:
        signal.signal(number, was)


def test_a_handler_of_the_program_ends_it_in_its_own_way() -> None:
    def stop(_number: int, _frame: object) -> None:
        sys.exit(143)

    def waits() -> None:
        signal.raise_signal(signal.SIGTERM)

    with handling(signal.SIGTERM, stop), pytest.raises(SystemExit) as told:
        asked(waits).check_application(builders.application_view())
    assert told.value.code == 143


def test_in_another_thread_nobody_can_press_ctrl_c() -> None:
    hooks, told = asked(raising(KeyboardInterrupt())), []

    def work() -> None:
        try:
            hooks.check_application(builders.application_view())
        except PluginError as error:
            told.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert len(told) == 1


# --- standard output ------------------------------------------------------------------------------------------------


def test_what_a_check_prints_goes_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    was = sys.stdout
    asked(lambda: print("looking")).check_application(builders.application_view())
    print("the answer")
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == ("the answer\n", "looking\n")
    assert sys.stdout is was


def test_what_an_import_and_an_adapter_print_goes_there_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "loud.py").write_text('print("imported")\negov_api = "1.0"\n', encoding="utf-8")
    hooks = Hooks()
    hooks.discover(PluginChoice(discover=False, folder=str(tmp_path)), plugin_settings)
    hooks.register(City(lambda: print("sending")), "city")
    with pytest.raises(PluginError):
        carry(hooks, "city", parcel())
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "imported\n" in printed.err
    assert "sending\n" in printed.err


def test_others_print_as_ever_while_a_plugin_is_at_work(capsys: pytest.CaptureFixture[str]) -> None:
    inside, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        print("one")
        inside.set()
        go_on.wait(10)
        print("two")

    was = sys.stdout
    thread = threading.Thread(target=lambda: asked(slow).check_application(builders.application_view()))
    thread.start()
    assert inside.wait(10)
    with Apart():  # a second one comes and goes while the first is still in
        print("three")
    print("the answer")
    go_on.set()
    thread.join()
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == ("the answer\n", "one\nthree\ntwo\n")
    assert sys.stdout is was


# --- what it says -----------------------------------------------------------------------------------------------------

NASTY = "line\nERROR root: all is well\x1b[2J\r\x00 \u202e end"


def test_what_an_exception_says_is_shown_on_one_line_with_what_cannot_be_printed_as_escapes(
    caplog: pytest.LogCaptureFixture,
) -> None:
    hooks = asked(raising(RuntimeError(NASTY + "x" * 10_000)))
    with caplog.at_level(logging.ERROR), pytest.raises(PluginError) as told:
        hooks.check_application(builders.application_view())
    said = told.value.message
    assert said.isprintable()
    assert "line\\nERROR root: all is well\\x1b[2J\\r\\x00 \\u202e end" in said
    assert len(said) < 2 * LONGEST
    logged = caplog.messages[0]
    assert all(line.isprintable() and len(line) < 2 * LONGEST for line in logged.splitlines())
    assert "plugin dept-x failed in egov_check_application: RuntimeError: line\\n" in logged
    assert "in does" in logged, "the log says where it was raised"
    assert not any(line.startswith("ERROR") for line in logged.splitlines())


def test_chinese_texts_with_their_wide_spaces_are_shown_as_they_are() -> None:
    assert one_line("　请填写　取水用途。") == "　请填写　取水用途。"


def test_a_cause_stands_in_the_log_and_an_exception_behind_itself_ends(caplog: pytest.LogCaptureFixture) -> None:
    def does() -> None:
        one, two = RuntimeError("above"), ValueError("below")
        one.__cause__, two.__cause__ = two, one
        raise one

    with caplog.at_level(logging.ERROR), pytest.raises(PluginError):
        asked(does).check_application(builders.application_view())
    assert "ValueError: below" in caplog.messages[0]


def test_an_answer_that_cannot_be_shown_is_a_failure_of_its_plugin() -> None:
    class Dumb(list[Finding]):
        def __repr__(self) -> str:
            raise OwnEnd

    hooks = asked(Dumb)
    with pytest.raises(PluginError, match="plugin dept-x failed"):
        hooks.check_application(builders.application_view())


def test_a_grade_that_is_none_is_refused_in_words_that_say_which_there_are() -> None:
    hooks = asked(lambda: [Finding(field="form.x", message="x", severity="fatal")])
    with pytest.raises(PluginError) as told:
        hooks.check_application(builders.application_view())
    assert told.value.message.endswith("ValueError: severity is 'fatal'; allowed are 'error' and 'advice'")
