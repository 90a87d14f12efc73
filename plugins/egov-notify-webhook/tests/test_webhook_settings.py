"""The settings, and the channel in an office."""

from __future__ import annotations

import base64
import json
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import attrs
import pytest
from webhook_receiver import Receiver

from egov_core.errors import ClaimError, PluginError
from egov_core.runtime.bootstrap import open_office
from egov_core.runtime.clock import ManualClock
from egov_core.runtime.doctor import diagnose
from egov_core.runtime.identifiers import SeededIds
from egov_core.testing import small_county as county
from egov_core.testing.delivery import said_by
from egov_core.testing.http_partner import HttpPartner
from egov_core.testing.partners import Behaviour
from egov_core.usecases.outbox.dispatch import DispatchReport
from egov_core.wire.plugin_settings import plugin_settings
from egov_notify_webhook import Webhook, WebhookSettings

OLD = "whsec_" + base64.b64encode(b"the old secret of the receiver..").decode()


# --- settings ---------------------------------------------------------------------------------------------------------


def test_settings_are_read_from_the_table_and_every_fault_is_said_at_once() -> None:
    given = plugin_settings(
        {"url": "https://notify.example/in", "secret_file": "/etc/egov/secret"}, WebhookSettings, "x"
    )
    assert (given.secret_file, given.timeout, given.name) == (Path("/etc/egov/secret"), 15.0, "webhook")
    wrong = {"url": "http://notify.example/T0KEN", "secret": "s3cret", "timeout": 0, "name": "Web hook"}
    with pytest.raises(ClaimError) as caught:
        Webhook(plugin_settings(wrong, WebhookSettings, "plugins.settings.webhook"))
    assert [fault.path for fault in caught.value.faults] == ["url", "secret", "timeout", "name"]
    assert [one for one in ("T0KEN", "s3cret") if one in said_by(caught.value)] == []
    with pytest.raises(ClaimError, match="there is a secret to sign with"):
        Webhook(WebhookSettings(secret=OLD))


@pytest.mark.parametrize("table", [{"secret": 5}, {"secrte": "s3cret"}, {"secret": ["s3cret"]}])
def test_a_table_of_another_shape_repeats_no_secret(table: dict[str, Any]) -> None:
    with pytest.raises(ClaimError) as caught:
        plugin_settings(table, WebhookSettings, "plugins.settings.webhook")
    assert "s3cret" not in said_by(caught.value)


def test_what_is_shown_of_settings_holds_no_secret() -> None:
    assert "whsec" not in repr(WebhookSettings(url="https://notify.example/T0KEN", secret=OLD))
    assert "T0KEN" not in repr(WebhookSettings(url="https://notify.example/T0KEN", secret=OLD))


def test_installed_and_not_set_it_changes_no_office() -> None:
    plugin = Webhook(WebhookSettings())
    assert plugin.egov_notification_channel("webhook") is None
    with county.open_small_county(plugins=((plugin, "webhook"),)) as office:
        assert ("webhook/unset", "ok") in {(one.code, one.severity) for one in diagnose(office)}


# --- in an office -----------------------------------------------------------------------------------------------------


def test_an_office_tells_a_card_once_though_the_receiver_was_away(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text(OLD, encoding="utf-8")
    receiver = Receiver()
    clock = ManualClock(county.MONDAY)
    with HttpPartner(receiver) as partner:
        settings = attrs.evolve(
            county.settings(),
            notification_channels=("webhook",),
            notification_levels=("red",),
            plugins_load=("egov_notify_webhook:Webhook",),
            plugins_settings={"Webhook": {"url": partner.url, "secret_file": str(file)}},
        )
        with county.found(open_office(settings, clock=clock, ids=SeededIds(1))) as office:
            receiver.now = time.time()
            case_id = county.accepted(office).case_id
            clock.move_to(county.MONDAY + timedelta(days=20))
            office.sweep()
            partner.behave(Behaviour.LOSING)  # takes it, and loses the answer
            assert office.dispatch() == DispatchReport(put_off=1)
            partner.behave(Behaviour.LOOPBACK)
            clock.advance(timedelta(seconds=5))
            assert office.dispatch() == DispatchReport(delivered=1)
            (row,) = office.storage.outbox_of(county.AREA, case_id)
            assert office.verify().ok
            assert "Webhook/target" in {one.code for one in diagnose(office)}
    assert (row.state, list(partner.book.effects)) == ("delivered", [row.key])
    assert {asked.body for asked in receiver.asked} == {row.body}
    told = json.loads(receiver.asked[0].body)
    assert (told["type"], told["data"]["level"], told["data"]["case"]) == ("card-issued", "red", case_id)
    assert len(row.body) < 20_000, "the standard asks for small bodies"


def test_an_office_with_wrong_settings_does_not_open_and_says_why() -> None:
    settings = attrs.evolve(
        county.settings(),
        plugins_load=("egov_notify_webhook:Webhook",),
        plugins_settings={"Webhook": {"url": "http://notify.example/", "secret": "s3cret"}},
    )
    with pytest.raises(PluginError, match=r"url tells in the clear.*secret has to be whsec_") as caught:
        open_office(settings)
    assert "s3cret" not in said_by(caught.value)
