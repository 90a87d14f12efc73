"""How much, and how often: the size of a body and the rate of questions.

Rules of this room: both are counted in this process only. The rate protects the public query from guessing: a query
code has forty bits, and thirty questions a minute leave it a matter of tens of thousands of years. Behind a reverse
proxy the proxy's own limit comes first.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict, deque
from collections.abc import Callable

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST_BODY = 64 * 1024


PATIENCE = 10.0
"""Seconds between two pieces of a body; a client that sends slower is answered and let go."""


class BodyLimit:
    """Refuses a body larger than `largest` bytes, and one that stays away for more than `patience` seconds."""

    def __init__(self, app: ASGIApp, largest: int = LARGEST_BODY, patience: float = PATIENCE) -> None:
        self.app = app
        self.largest = largest
        self.patience = patience

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count what is read; a body nobody reads is not counted."""
        taken, whole = 0, False
        declared = dict(scope.get("headers", ())).get(b"content-length", b"0")

        async def receive_counted() -> Message:
            nonlocal taken, whole
            if not declared.isdigit():
                raise HTTPException(400)
            if int(declared) > self.largest:
                raise HTTPException(413)
            if whole:
                return await receive()  # from now on only a disconnect can come
            try:
                message = await asyncio.wait_for(receive(), self.patience)
            except TimeoutError:
                raise HTTPException(408, headers={"Connection": "close"}) from None
            whole = not message.get("more_body", False)
            taken += len(message.get("body", b""))
            if taken > self.largest:
                raise HTTPException(413)
            return message

        await self.app(scope, receive_counted if scope["type"] == "http" else receive, send)


class RateLimit:
    """At most `limit` questions in `window` seconds from one address; the last `remembered` addresses are counted."""

    def __init__(
        self,
        limit: int = 30,
        window: float = 60.0,
        *,
        clock: Callable[[], float] = time.monotonic,
        remembered: int = 10_000,
    ) -> None:
        self.limit = limit
        self.window = window
        self._clock = clock
        self._remembered = remembered
        self._asked: OrderedDict[str, deque[float]] = OrderedDict()

    def check(self, request: Request) -> None:
        """Count a question. Raises HTTPException 429, saying when to try again."""
        address = request.client.host if request.client else ""
        now = self._clock()
        asked = self._asked.setdefault(address, deque())
        self._asked.move_to_end(address)
        while asked and asked[0] <= now - self.window:
            asked.popleft()
        if len(asked) >= self.limit:
            wait = int(asked[0] + self.window - now) + 1
            raise HTTPException(429, headers={"Retry-After": str(wait)})
        asked.append(now)
        while len(self._asked) > self._remembered:
            self._asked.popitem(last=False)
