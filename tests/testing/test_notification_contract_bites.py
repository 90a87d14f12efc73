"""The notification contract can fail: each channel here is broken in one way, and the kit must say so."""

from __future__ import annotations

import pytest

from egov_core.ports.forwarding import Receipt
from egov_core.ports.notification import Notification, NotificationChannel
from egov_core.testing import builders
from egov_core.testing.notification_contract import NotificationContract
from tests.testing.bites import assert_caught, assert_whole
from tests.testing.broken_channels import BROKEN
from tests.testing.whole_adapter import WholeAdapter
from tests.testing.whole_channel import SECRET, WholeChannel


class Whole(NotificationContract):
    timeout = 0.25
    secrets = (SECRET,)
    channel: type[WholeChannel] = WholeChannel

    def make_channel(self, url: str, timeout: float) -> NotificationChannel:
        return self.channel(url, timeout)


@pytest.mark.parametrize(("broken", "promise"), BROKEN, ids=lambda value: getattr(value, "__name__", value))
def test_the_kit_catches(broken: type[WholeChannel], promise: str) -> None:
    assert_caught(type(broken.__name__, (Whole,), {"channel": broken, "slack": 0.5}), promise)


def test_the_kit_finds_no_fault_in_what_is_whole() -> None:
    assert_whole(Whole)


class Reading(NotificationContract):
    """A channel whose receipt is what the receiver says: it speaks as an adapter does."""

    timeout = 0.25
    reads_answers = True

    def make_channel(self, url: str, timeout: float) -> NotificationChannel:
        class Channel(WholeAdapter):
            def notify(self, notification: Notification) -> Receipt:
                return self.send(builders.envelope(notification.key, body=notification.body))

        return Channel(url, timeout)


def test_nor_in_a_whole_channel_that_reads_answers() -> None:
    assert_whole(Reading)


def test_there_are_enough_of_them() -> None:
    assert len(BROKEN) == len({broken for broken, _ in BROKEN}) >= 15
