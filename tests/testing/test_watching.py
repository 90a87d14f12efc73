"""What a function reaches for is seen under whatever name it was imported, and what is innocent is left alone."""

from __future__ import annotations

import functools
import os
import random
import secrets
import socket
import subprocess
import sys
import time
import time as hidden
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from time import time as innocent_name
from typing import Any

import attrs
import pytest

from egov_core.testing import builders
from egov_core.testing.watching import texts_kept, watched


def connected() -> None:
    with socket.socket() as line:
        line.connect_ex(("127.0.0.1", 9))


REACHES: list[Callable[[], Any]] = [
    lambda: datetime.now(UTC),
    datetime.today,
    date.today,
    time.time,
    hidden.monotonic,
    innocent_name,
    time.localtime,
    lambda: time.sleep(0),
    random.random,
    lambda: random.Random(1).choice([1, 2]),
    lambda: random.sample(range(9), 3),
    uuid.uuid4,
    lambda: secrets.token_hex(4),
    lambda: os.urandom(4),
    lambda: os.environ["PATH"],
    lambda: os.environ.get("NOTHING"),
    lambda: os.getenv("PATH"),
    lambda: Path(__file__).read_bytes(),
    lambda: open(__file__, "rb").close(),  # noqa: PTH123 -- what is to be noticed
    lambda: os.listdir("."),  # noqa: PTH208 -- what is to be noticed
    connected,
    lambda: subprocess.run([sys.executable, "-c", ""], check=True),
]
INNOCENT: list[Callable[[], Any]] = [
    lambda: datetime(2024, 6, 17, 9, tzinfo=UTC) + timedelta(days=1),
    lambda: datetime.fromisoformat("2024-06-17").date(),
    lambda: Decimal("3.5") + 1,
    lambda: sorted({"b", "a"}),
    lambda: attrs.evolve(builders.item_version(), name="x"),
    builders.application_view,
    "time now today".title,
]


@pytest.mark.parametrize("reach", REACHES, ids=range(len(REACHES)))
def test_what_is_reached_for_is_seen(reach: Callable[[], Any]) -> None:
    assert watched(reach)[1]


@pytest.mark.parametrize("innocent", INNOCENT, ids=range(len(INNOCENT)))
def test_what_is_innocent_is_left_alone(innocent: Callable[[], Any]) -> None:
    found, reached = watched(innocent)
    assert reached == []
    assert found is not None


def test_watching_ends_with_an_exception() -> None:
    before = sys.getprofile()
    with pytest.raises(ZeroDivisionError):
        watched(lambda: 1 / 0)
    assert sys.getprofile() is before


def test_texts_are_found_wherever_they_are_kept() -> None:
    @attrs.define
    class Deep:
        inner: Any = None

    class Plugin:
        shared: dict[str, Any] = {"key in the class": 1}  # noqa: RUF012 -- what is to be found

        def __init__(self) -> None:
            self.kept = [Deep(inner=({"in a set"}, b"in bytes"))]
            self.loop = self

    @functools.lru_cache
    def remembered(text: str) -> int:
        return len(text)

    plugin = Plugin()
    plugin.shared["cache"] = remembered
    remembered("in a cache")
    assert {"key in the class", "in a set", "in bytes", "in a cache"} <= texts_kept(plugin)
    assert "never said".upper() not in texts_kept(plugin)
