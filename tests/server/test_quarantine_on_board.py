"""A plugin in quarantine stands on the board: which, since when, why, and what that means."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from egov_core.hooks.calls import PluginState
from egov_core.runtime.policies import load_policy
from egov_core.server.app import create_app
from egov_core.testing import small_county as county
from egov_core.testing.paper_county import paper_county

MEANS = {
    "egov_check_application": ("需要它答复的申请、受理一律不予通过", "are refused until it is mended"),
    "egov_health": ("它的提示缺失", "Its advice is missing"),
    "egov_forwarding_adapter.send": ("留在发件箱等待，不丢失", "waits in the outbox; nothing is lost"),
}


@pytest.mark.parametrize("hook", MEANS)
def test_it_says_which_plugin_since_when_why_and_what_that_means(hook: str) -> None:
    office = paper_county(load_policy("notice"))
    client = TestClient(create_app(office))
    assert "quarantine" not in client.get("/supervision").text
    error = 'ended its process (exit 3) <script>"'
    office.broken = (PluginState(name="dept-x", hook=hook, strikes=3, error=error, at=county.MONDAY, quarantined=True),)
    chinese, english = (client.get(f"/supervision?lang={lang}").text for lang in ("zh", "en"))
    for page, means in zip((chinese, english), MEANS[hook], strict=True):
        assert means in page
        assert "dept-x" in page
        assert "2024-06-17T09:00:00+08:00" in page
        assert "ended its process (exit 3) &lt;script&gt;" in page
        assert "egov plugins release" in page
    assert "1 个插件已隔离" in chinese
