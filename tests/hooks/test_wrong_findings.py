"""A finding that says nothing, or an exception that cannot be shown, is its plugin's failure, named and counted."""

from __future__ import annotations

from typing import Any

import pytest

from egov_core.errors import PluginError
from egov_core.hooks.manager import Hooks
from egov_core.hooks.spec import hookimpl
from egov_core.ports.checks import ApplicationView, Finding
from egov_core.testing import builders


class DumbError(Exception):
    def __str__(self) -> str:
        raise RuntimeError("not even that")


class Check:
    def __init__(self, answer: Any) -> None:
        self._answer = answer

    @hookimpl
    def egov_check_application(self, application: ApplicationView) -> Any:
        del application
        if isinstance(self._answer, Exception):
            raise self._answer
        return [self._answer]


WRONG: dict[str, Any] = {
    "a number for a sentence": Finding(field="form.x", message=5),  # type: ignore[arg-type]  # the wrong finding is meant
    "a number for a field": Finding(field=5, message="x"),  # type: ignore[arg-type]  # the wrong finding is meant
    "no field": Finding(field="", message="x"),
    "no sentence": Finding(field="form.x", message=" "),
    "an exception that cannot be shown": DumbError(),
}


@pytest.mark.parametrize("how", WRONG)
def test_it_is_named_and_counted(how: str) -> None:
    hooks = Hooks()
    hooks.register(Check(WRONG[how]), "dept-x")
    with pytest.raises(PluginError, match="plugin dept-x"):
        hooks.check_application(builders.application_view())
    assert hooks.use("dept-x", "egov_check_application").failures == 1
