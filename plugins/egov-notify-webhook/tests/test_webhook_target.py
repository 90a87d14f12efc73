"""Where may be told, and which addresses a name may lead to."""

from __future__ import annotations

import pytest

from egov_notify_webhook.target import Target, target_faults


def codes(url: str) -> list[str]:
    faults = list(target_faults(url))
    hidden = url.partition("//")[2]
    assert all(len(hidden) < 6 or hidden not in fault.message for fault in faults), "a URL is not repeated"
    return [fault.code for fault in faults]


@pytest.mark.parametrize(
    "url",
    [
        "https://notify.example/inbox?channel=7",
        "https://notify.example:8443",
        "https://10.0.0.7/inbox",
        "https://[2001:db8::7]/inbox",
        "http://127.0.0.1:9000/inbox",
        "http://[::1]:9000/",
        "http://localhost:9000/inbox",
        "HTTPS://Notify.Example/Inbox",
    ],
)
def test_https_and_this_machine_may_be_told(url: str) -> None:
    assert codes(url) == []


@pytest.mark.parametrize(
    ("url", "wrong"),
    [
        ("http://notify.example/inbox", ["clear"]),
        ("http://10.0.0.7/", ["clear"]),
        ("http://127.1/inbox", ["clear"]),
        ("http://0x7f.0.0.1/inbox", ["clear"]),
        ("http://localhost.example/", ["clear"]),
        ("http://127.0.0.1.example/", ["clear"]),
        ("ftp://notify.example/", ["scheme"]),
        ("notify.example/inbox", ["scheme"]),
        ("https:///inbox", ["scheme"]),
        ("https://clerk:s3cret@notify.example/", ["credentials"]),
        ("https://notify.example/inbox#part", ["fragment"]),
        ("https://notify.example:0/inbox", ["host"]),
        ("https://notify.example:70000/inbox", ["unreadable"]),
        ("https://[::1/inbox", ["unreadable"]),
        ("https://通知.example/inbox", ["characters", "host"]),
        ("https://notify.example/in box", ["characters"]),
        ("http://clerk:s3cret@notify.example/in box#x", ["characters", "credentials", "fragment", "clear"]),
    ],
)
def test_every_fault_of_a_url_is_said_at_once(url: str, wrong: list[str]) -> None:
    assert codes(url) == wrong


def test_a_target_is_shown_without_what_may_be_secret() -> None:
    target = Target.of("https://notify.example:8443/in/T0KEN?key=s3cret")
    assert (target.host, target.port, target.path) == ("notify.example", 8443, "/in/T0KEN?key=s3cret")
    assert target.shown == "https://notify.example:8443"
    assert "T0KEN" not in repr(target)
    assert Target.of("http://[::1]:80").shown == "http://[::1]"
    assert Target.of("https://notify.example?key=1").path == "/?key=1"


@pytest.mark.parametrize(
    ("address", "in_the_clear", "with_tls"),
    [
        ("127.0.0.1", True, True),
        ("127.8.8.8", True, True),
        ("::1", True, True),
        ("::ffff:127.0.0.1", True, True),
        ("10.0.0.7", False, True),
        ("2001:db8::7", False, True),
        ("169.254.169.254", False, False),
        ("::ffff:169.254.169.254", False, False),
        ("fe80::1%eth0", False, False),
        ("0.0.0.0", False, False),  # noqa: S104 - refused
        ("::", False, False),
        ("224.0.0.1", False, False),
    ],
)
def test_a_name_may_lead_only_where_a_receiver_can_be(address: str, in_the_clear: bool, with_tls: bool) -> None:
    assert Target.of("http://localhost:9000").may_lead_to(address) is in_the_clear
    assert Target.of("https://notify.example").may_lead_to(address) is with_tls
