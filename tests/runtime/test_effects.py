"""Lanes: what a plugin does there is its own affair. The processes, the signals and the waiting are real."""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import attrs
import pytest

from egov_core.domain.organisation import Organ, OrganKind
from egov_core.errors import DeliveryError, EgovError, PluginError, QuarantineError
from egov_core.ports.effects import Parcel
from egov_core.ports.forwarding import Envelope, Receipt
from egov_core.ports.storage import OutboxRow
from egov_core.runtime.bootstrap import open_office
from egov_core.runtime.clock import ManualClock
from egov_core.runtime.effects import process
from egov_core.runtime.effects.lanes import Lanes
from egov_core.runtime.office import Office
from egov_core.runtime.plugins import effects_of, hooks_of
from egov_core.runtime.settings import Settings
from egov_core.testing import small_county as county
from egov_core.testing.small_county import AREA, MONDAY
from egov_core.usecases.outbox.dispatch import DispatchReport

FRAME = """
import os, sys, time
from egov_core import hookimpl
from egov_core.errors import DeliveryError
from egov_core.ports.forwarding import Receipt

egov_api = "1.0"


class Way:
    name = "{name}-way"

    def send(self, envelope):
{send}
        return Receipt(key=envelope.key, receipt=f"{name}-{{os.getpid()}}", accepted=True)


@hookimpl
def egov_forwarding_adapter(target):
{offer}
    return Way() if target.code in {serves} else None
"""
LIMIT = 1.5
"""Seconds that a plugin may take to send, in these tests."""


def plugin(folder: Path, name: str, *serves: str, send: str = "", offer: str = "") -> Path:
    """A single file of a department, whose adapter does what a test wants."""
    file = folder / f"{name}.py"
    said = {
        "send": textwrap.indent(textwrap.dedent(send) or "pass", " " * 8),
        "offer": textwrap.indent(offer or "pass", " " * 4),
    }
    file.write_text(FRAME.format(name=name, serves=serves, **said), encoding="utf-8")
    return file


def settings(folder: Path) -> Settings:
    return Settings(area=AREA, plugins=False, plugins_dir=str(folder), loopback=False, effect_timeout=LIMIT)


def parcel(to: str, key: str = "k1") -> Parcel:
    organ = Organ(code=to, name=to, kind=OrganKind.CITY, parent=None, valid_from=county.SINCE)
    return Parcel(to=organ, sent=Envelope(area=AREA, key=key, target=to, body=b"{}"))


class Watched:
    """A delivery that says what becomes of it, and when."""

    def __init__(self, to: str, key: str = "k1") -> None:
        self.parcel = parcel(to, key)
        self.told: queue.SimpleQueue[Receipt | EgovError | str] = queue.SimpleQueue()
        self.beats = 0

    def begin(self) -> bool:
        return True

    def beat(self) -> None:
        self.beats += 1

    def done(self, receipt: Receipt) -> None:
        self.told.put(receipt)

    def failed(self, error: EgovError) -> None:
        self.told.put(error)

    def postpone(self, error: EgovError) -> None:
        self.told.put(f"postponed: {error}")

    def end(self) -> Receipt | EgovError | str:
        """What it was told at last."""
        return self.told.get(timeout=30)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "plugins"
    made.mkdir()
    return made


@contextlib.contextmanager
def lanes(folder: Path) -> Iterator[Lanes]:
    """The lanes of an office with the plugins of a folder, which may be written in the meantime."""
    given = settings(folder)
    made = effects_of(given, hooks_of(given))
    try:
        yield made
    finally:
        made.close()


def sent(made: Lanes, to: str, key: str = "k1") -> Watched:
    """A delivery, in its lane."""
    delivery = Watched(to, key)
    lane = made.lane(delivery.parcel)
    lane.submit(delivery)
    return delivery


def pid_of(receipt: Receipt | EgovError | str) -> int:
    assert isinstance(receipt, Receipt), receipt
    return int(receipt.receipt.rpartition("-")[2])


def is_gone(pid: int, seconds: float = 10.0) -> bool:
    """Whether a process ends within a while; one that nobody has waited for counts as ended."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        try:
            state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return True
        if state == "Z":
            return True
        time.sleep(0.05)
    return False


# --- a process of its own ---------------------------------------------------------------------------------------------


def test_a_discovered_plugin_works_in_a_process_of_its_own_which_ends_with_the_office(folder: Path) -> None:
    plugin(folder, "city", "city", send='print("noise on standard output")')
    with lanes(folder) as made:
        first, second = (pid_of(sent(made, "city", key).end()) for key in ("k1", "k2"))
        assert first == second != os.getpid()
    assert is_gone(first)


def test_nothing_that_a_plugin_or_a_program_of_its_writes_comes_between_a_lane_and_its_office(folder: Path) -> None:
    noise = (
        "print('{\"ready\": false}'); sys.__stdout__.write('{\"number\": 1}\\n'); sys.__stdout__.flush(); "
        "os.write(1, b'{\"number\": 1, \"offers\": false}\\n'); os.system('echo {}')"
    )
    file = plugin(folder, "city", "city", send=noise, offer=noise)
    file.write_text(file.read_text(encoding="utf-8") + f"\n{noise}\n", encoding="utf-8")
    with lanes(folder) as made:
        assert [pid_of(sent(made, "city", key).end()) > 0 for key in ("k1", "k2")] == [True, True]


def test_each_plugin_has_a_process_of_its_own(folder: Path) -> None:
    plugin(folder, "a", "city")
    plugin(folder, "b", "province")
    with lanes(folder) as made:
        assert pid_of(sent(made, "city").end()) != pid_of(sent(made, "province").end())


def test_not_now_is_not_the_fault_of_the_plugin(folder: Path) -> None:
    plugin(folder, "city", "city", send='raise DeliveryError("市局系统维护", remedy="稍后自动重发")')
    with lanes(folder) as made:
        for number in range(5):
            told = sent(made, "city", f"k{number}").end()
            assert type(told) is DeliveryError
            assert (told.message, told.remedy) == ("市局系统维护", "稍后自动重发")


BROKEN = {
    "raises": ('raise RuntimeError("boom")', "failed: RuntimeError: boom"),
    "hangs": ("time.sleep(3600)", "did not answer within 1.5 s, and its process was ended"),
    "ends its process": ("os._exit(3)", "ended its process (exit 3)"),
    "is killed": ("os.kill(os.getpid(), 9)", "ended its process (exit -9)"),
    "leaves": ("sys.exit(4)", "failed: SystemExit: 4"),
    "answers with a text": ('return "ok"', "answered for something else than k1"),
    "answers for another key": ('return Receipt(key="k2", receipt="R", accepted=True)', "answered for something else"),
    "answers with half a character": (
        'return Receipt(key=envelope.key, receipt="\\ud83d", accepted=True)',
        "answered with a receipt that is none",
    ),
}


@pytest.mark.parametrize("how", BROKEN)
def test_whatever_a_plugin_does_it_is_named_and_nobody_else_is_delayed(folder: Path, how: str) -> None:
    """What goes elsewhere has arrived before the plugin that hangs is given up."""
    send, said = BROKEN[how]
    plugin(folder, "broken", "city", send=send)
    plugin(folder, "whole", "province")
    with lanes(folder) as made:
        sent(made, "province", "warm").end()
        bad = sent(made, "city")
        others = [sent(made, "province", f"o{number}") for number in range(20)]
        for other in others:
            pid_of(other.end())
        assert how != "hangs" or bad.told.empty()
        told = bad.end()
        assert type(told) is PluginError
        assert told.message.startswith("plugin broken")
        assert said in told.message
        assert told.remedy


def test_a_process_that_was_stopped_is_ended_and_started_anew(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "SILENT", 2.0)
    stopped = folder.parent / "stopped"
    plugin(
        folder,
        "city",
        "city",
        send=f"""
        if not os.path.exists({str(stopped)!r}):
            open({str(stopped)!r}, "w").close()
            os.kill(os.getpid(), {signal.SIGSTOP.value})
            time.sleep(60)  # the signal may come a moment later
        """,
    )
    given = attrs.evolve(settings(folder), effect_timeout=30.0)
    made = effects_of(given, hooks_of(given))
    try:
        told = sent(made, "city").end()
        assert isinstance(told, PluginError)
        assert "gave no sign of life for 2 s" in told.message
        pid_of(sent(made, "city", "k2").end())
    finally:
        made.close()


def test_a_plugin_that_is_slow_and_alive_keeps_the_lease(folder: Path) -> None:
    plugin(folder, "city", "city", send="time.sleep(1.3)")
    with lanes(folder) as made:
        delivery = sent(made, "city")
        pid_of(delivery.end())
        assert delivery.beats >= 1


def test_the_process_ends_when_the_office_is_killed(folder: Path, tmp_path: Path) -> None:
    plugin(folder, "city", "city", send=f"open({str(tmp_path / 'pid')!r}, 'w').write(str(os.getpid())); time.sleep(60)")
    program = f"""
import sys; sys.path[:0] = {[str(Path(__file__).parent), *sys.path]!r}
from pathlib import Path
from test_effects import lanes, sent, time
with lanes(Path({str(folder)!r})) as made:
    sent(made, "city")
    time.sleep(60)
"""
    office = subprocess.Popen([sys.executable, "-c", program])
    try:
        ends = time.monotonic() + 20
        while not (tmp_path / "pid").exists() and time.monotonic() < ends:
            time.sleep(0.05)
        time.sleep(0.2)
        pid = int((tmp_path / "pid").read_text(encoding="utf-8"))
    finally:
        office.kill()
        office.wait()
    assert is_gone(pid)


# --- who carries it ---------------------------------------------------------------------------------------------------


FAILS_AT_THE_QUESTION = {
    "raises": 'raise RuntimeError("boom")',
    "hangs": "time.sleep(3600)",
    "ends its process": "os._exit(3)",
    "answers with a text": 'return "mine"',
}


@pytest.mark.parametrize("how", FAILS_AT_THE_QUESTION)
def test_a_plugin_that_fails_at_the_question_is_passed_over_where_another_has_a_way(folder: Path, how: str) -> None:
    plugin(folder, "a-broken", "city", offer=FAILS_AT_THE_QUESTION[how])
    plugin(folder, "b-whole", "province")
    with lanes(folder) as made:
        lane = made.lane(parcel("province"))
        assert lane.name == "b-whole"
        with pytest.raises(PluginError, match="plugin a-broken"):
            made.lane(parcel("city"))
        with pytest.raises(PluginError, match="plugin a-broken"):
            made.lane(parcel("city"))
        with pytest.raises(QuarantineError, match="plugin a-broken is in quarantine"):
            made.lane(parcel("city"))
        pid_of(sent(made, "province").end())


def test_what_nobody_carries_is_said_and_the_loop_back_stands_in_for_no_plugin_that_fails(folder: Path) -> None:
    plugin(folder, "city", "city")
    with lanes(folder) as made, pytest.raises(DeliveryError, match="no plugin is installed that has a way to moon"):
        made.lane(parcel("moon"))
    plugin(folder, "city", "city", offer='raise RuntimeError("boom")')
    given = attrs.evolve(settings(folder), loopback=True)
    made = effects_of(given, hooks_of(given))
    with pytest.raises(PluginError, match="boom"):
        made.lane(parcel("city"))
    made.close()


# --- with an office ---------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def office_with(folder: Path, cases: int) -> Iterator[tuple[Office, ManualClock, list[str]]]:
    clock = ManualClock(MONDAY)
    with county.found(open_office(settings(folder), clock=clock)) as office:
        yield office, clock, [county.referred(office).case_id for _ in range(cases)]


def rows(office: Office) -> list[OutboxRow]:
    found = (office.storage.outbox(AREA, f"{one}:referral:1:4") for one in office.storage.streams(AREA))
    return [row for row in found if row is not None]


def test_after_three_failures_in_a_row_a_plugin_is_in_quarantine_and_what_waits_loses_no_attempt(folder: Path) -> None:
    file = plugin(folder, "city", county.CITY, send="os._exit(3)")
    with office_with(folder, 5) as (office, clock, cases):
        assert office.dispatch() == DispatchReport(put_off=3, waiting=2)
        assert sorted(row.attempts for row in rows(office)) == [0, 0, 1, 1, 1]
        state = office.services.registry().plugins["city"]
        assert state.quarantined
        assert "ended its process (exit 3)" in state.error
        for _ in range(5):
            clock.advance(timedelta(days=1))
            assert office.dispatch() == DispatchReport(waiting=5)
        assert sorted(row.attempts for row in rows(office)) == [0, 0, 1, 1, 1]
        # mended: a process of its own reads the file anew
        plugin(folder, file.stem, county.CITY)
        office.release("city")
        clock.advance(timedelta(minutes=1))
        assert office.dispatch() == DispatchReport(delivered=5)
        assert {row.state for row in rows(office)} == {"delivered"}
        assert len(cases) == 5
        assert office.verify().ok


def test_an_office_that_closes_gives_back_what_was_not_sent(folder: Path, tmp_path: Path) -> None:
    plugin(folder, "city", county.CITY, send="time.sleep(3600)")
    storage = f"sqlite:///{tmp_path}/county.db"
    given = attrs.evolve(settings(folder), storage=storage, effect_timeout=60.0)
    clock = ManualClock(MONDAY)
    with county.found(open_office(given, clock=clock)) as office:
        for _ in range(3):
            county.referred(office)
        office.dispatch(wait=False)
        time.sleep(0.5)
        assert office.storage.due_outbox(AREA, clock.now(), 10) == ()
    with open_office(attrs.evolve(given, plugins_dir=""), clock=clock) as office:
        waiting = rows(office)
        assert [(row.state, row.attempts) for row in waiting] == [("pending", 0)] * 3
        assert len(office.storage.due_outbox(AREA, clock.now(), 10)) == 3
        assert office.verify().ok
