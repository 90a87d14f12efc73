"""Clients that send slowly, or leave: they are answered or let go, and hold nothing."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Message, Receive, Scope, Send

from egov_core.server.limits import BodyLimit

SCOPE: Scope = {"type": "http", "method": "POST", "headers": [(b"content-length", b"100")], "path": "/"}


async def reads_its_body(scope: Scope, receive: Receive, send: Send) -> None:
    await Request(scope, receive, send).body()


async def told(_message: Message) -> None:
    """Take an answer."""


def test_a_body_that_does_not_come_is_given_up() -> None:
    async def never() -> Message:
        await asyncio.Event().wait()
        return {}

    with pytest.raises(HTTPException) as refused:
        asyncio.run(BodyLimit(reads_its_body, patience=0.02)(SCOPE, never, told))
    assert refused.value.status_code == 408


def test_after_a_whole_body_waiting_for_a_disconnect_has_no_limit() -> None:
    async def patient(scope: Scope, receive: Receive, send: Send) -> None:
        await Request(scope, receive, send).body()
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(receive(), 0.1)

    first: list[dict[str, Any]] = [{"type": "http.request", "body": b"x", "more_body": False}]

    async def once() -> Message:
        if first:
            return first.pop()
        await asyncio.Event().wait()
        return {}

    asyncio.run(BodyLimit(patient, patience=0.02)(SCOPE, once, told))
