"""Lines without a socket do what they say, and an office that forwards over them loses and doubles nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from egov_core.errors import DeliveryError
from egov_core.ports.forwarding import ForwardingAdapter
from egov_core.ports.notification import NotificationChannel
from egov_core.runtime.clock import ManualClock
from egov_core.testing import builders, lines
from egov_core.testing import small_county as county
from egov_core.testing.forwarding_contract import ForwardingContract
from egov_core.testing.notification_contract import NotificationContract


class TestLoopbackLine(ForwardingContract):
    leaves = False

    def make_adapter(self, url: str, timeout: float) -> ForwardingAdapter:  # noqa: ARG002 - there is no line
        return lines.LoopbackLine()


class TestDuplicatingLineAsChannel(NotificationContract):
    leaves = False

    def make_channel(self, url: str, timeout: float) -> NotificationChannel:  # noqa: ARG002 - there is no line
        return lines.DuplicatingLine()


def dispatched(line: lines.LoopbackLine, cases: int = 1, rounds: int = 1) -> list[str]:
    """What became of cases that were referred over a line, after so many rounds a day apart: their rows' states."""
    clock = ManualClock(county.MONDAY)
    office = county.open_small_county(clock=clock, loopback=False, plugins=((lines.Offered(line), "line"),))
    referred = [county.referred(office).case_id for _ in range(cases)]
    rows = [row for row in office.storage.due_outbox(office.area, clock.now(), 100) if row.case_id in referred]
    for _ in range(rounds):
        office.dispatch()
        clock.advance(timedelta(days=1))
    states = [row.state for one in rows if (row := office.storage.outbox(office.area, one.key)) is not None]
    assert office.verify().ok
    office.close()
    return states


@pytest.mark.parametrize(
    ("line", "rounds", "state", "effects"),
    [
        (lines.LoopbackLine(), 1, "delivered", 1),
        (lines.RefusingLine(), 1, "refused", 1),
        (lines.DuplicatingLine(), 1, "delivered", 1),
        (lines.FlakyLine(2), 2, "pending", 0),
        (lines.FlakyLine(2), 3, "delivered", 1),
        (lines.FlakyLine(1, lost=True), 2, "delivered", 1),
        (lines.SlowLine(3.0, sleep=lambda _: None), 1, "delivered", 1),
        (lines.OtherKeyLine(), 3, "pending", 1),
        (lines.BreakingLine(), 3, "pending", 0),
        (lines.BreakingLine(SystemExit(1)), 11, "pending", 0),  # in quarantine after three: it waits for a person
    ],
    ids=lambda value: getattr(value, "name", value),
)
def test_an_office_takes_a_line_as_it_is(line: lines.LoopbackLine, rounds: int, state: str, effects: int) -> None:
    assert dispatched(line, rounds=rounds) == [state]
    assert len(line.book.effects) == effects
    assert not line.book.contradicted


def test_what_is_overtaken_arrives_later_and_once() -> None:
    line = lines.ReorderingLine()
    assert dispatched(line, cases=3, rounds=2) == ["delivered"] * 3
    knocked = list(dict.fromkeys(key for key, _ in line.book.knocks))
    assert next(iter(line.book.effects)) == knocked[1], "the second overtook the first"
    assert set(line.book.effects) == set(knocked)


def test_a_line_is_a_channel_too() -> None:
    told = builders.notification()
    assert lines.LoopbackLine().notify(told).accepted is True
    flaky = lines.FlakyLine(1, lost=True)
    with pytest.raises(DeliveryError):
        flaky.notify(told)
    assert flaky.notify(told).receipt == flaky.book.effects[told.key].receipt
    assert len(flaky.book.effects) == 1


def test_a_slow_line_waits_as_it_is_told() -> None:
    waited: list[float] = []
    lines.SlowLine(3.0, sleep=waited.append).send(builders.envelope())
    assert waited == [3.0]


def test_the_plugin_offers_its_line() -> None:
    line = lines.LoopbackLine()
    assert lines.Offered(line).egov_forwarding_adapter(builders.organ()) is line
