"""The receiver at the other end of the line, as a kit sees it: what it can be made to do, and what it has seen.

Rules of this room: values and promises, no socket. A partner counts its effects by key, as a good receiver does: what
was delivered twice under one key has happened once. How a partner reads and answers is a `Dialect`, so that an adapter
that speaks otherwise than JSON brings its own.
"""

from __future__ import annotations

import enum
import hashlib
import json
import threading
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import attrs


class Behaviour(enum.Enum):
    """What a partner does with a delivery."""

    LOOPBACK = "takes it and answers with a receipt"
    REFUSING = "answers that it does not accept"
    DUPLICATING = "is handed everything twice on the way"
    REORDERING = "answers the first of two only after the second"
    LATE = "answers after a little while, in time"
    SLOW = "takes it, and holds the answer back"
    TRICKLING = "takes it, and lets the answer drip"
    ABSENT = "does not listen"
    CLOSING = "closes the connection unread"
    LOSING = "takes it, and closes the connection without an answer"
    HALF = "takes it, and breaks off in the middle of the answer"
    BUSY = "says 503: come again"
    OVERLOADED = "says 429: too much at once"
    FAILING = "says 500, with the body of a good answer"
    DENYING = "says 403: not you"
    GARBAGE = "answers with bytes that are nothing"
    EMPTY = "answers with nothing"
    HUGE = "answers without end"
    ECHOING = "says 503 and repeats what it was sent"
    OTHER_KEY = "answers for another key"
    SAYING = "answers with what it was told to say"


NOT_NOW = (
    Behaviour.ABSENT,
    Behaviour.CLOSING,
    Behaviour.LOSING,
    Behaviour.HALF,
    Behaviour.BUSY,
    Behaviour.OVERLOADED,
    Behaviour.FAILING,
)
"""After these a delivery is tried again."""
ALL = frozenset(Behaviour)


@attrs.frozen(kw_only=True)
class Asked:
    """A request as it came in; the names of headers in small letters."""

    method: str
    path: str
    headers: Mapping[str, str] = attrs.field(factory=dict)
    body: bytes = attrs.field(default=b"", repr=False)


@attrs.frozen(kw_only=True)
class Answer:
    """What goes back."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = attrs.field(factory=dict)


@attrs.frozen(kw_only=True)
class Effect:
    """What a delivery has brought about at the receiver, once for each key."""

    key: str
    body: bytes = attrs.field(repr=False)
    receipt: str
    accepted: bool = True
    detail: str = ""


class Dialect:
    """JSON over HTTP: the key in the header `Idempotency-Key`, the body as it is, the receipt as a JSON object."""

    key_header = "idempotency-key"

    def read(self, asked: Asked) -> tuple[str, bytes] | None:
        """The key and the body of a delivery; None for a request that is none (`aside` answers it)."""
        return asked.headers.get(self.key_header, ""), asked.body

    def write(self, effect: Effect) -> Answer:
        """The answer that tells of an effect."""
        return _json(
            {"key": effect.key, "receipt": effect.receipt, "accepted": effect.accepted, "detail": effect.detail}
        )

    def aside(self, asked: Asked) -> Answer:  # noqa: ARG002 - for dialects that sign in first
        """The answer to what is no delivery: signing in, for instance."""
        return Answer(status=404)

    def misshapen(self, effect: Effect) -> Sequence[Answer]:
        """Answers that look like one and are none: a type that is wrong, a part that is missing."""
        whole: dict[str, Any] = {"key": effect.key, "receipt": effect.receipt, "accepted": True, "detail": ""}
        without = [{name: value for name, value in whole.items() if name != left} for left in whole if left != "detail"]
        wrong: list[Any] = [
            [whole],
            None,
            "accepted",
            {**whole, "accepted": "false"},
            {**whole, "accepted": 1},
            {**whole, "accepted": None},
            {**whole, "receipt": 7},
            {**whole, "receipt": ""},
            {**whole, "receipt": "\ud800"},
            {**whole, "receipt": None},
        ]
        # deep enough to exhaust a parser that calls itself, small enough to be read whole
        return [*(_json(one) for one in (*without, *wrong)), Answer(body=b"[" * 60_000)]


class StatusDialect(Dialect):
    """A receiver that says all by its status, as that of a webhook: 2xx is taken, 410 is never; bodies are not read."""

    key_header = "webhook-id"

    def write(self, effect: Effect) -> Answer:
        """204, or 410."""
        return Answer(status=204 if effect.accepted else 410)

    def misshapen(self, effect: Effect) -> Sequence[Answer]:  # noqa: ARG002 - there is no shape to miss
        """None: a body that nobody reads cannot be misshapen."""
        return ()


def _json(value: Any) -> Answer:
    return Answer(body=json.dumps(value).encode(), headers={"Content-Type": "application/json"})


def receipt_of(key: str) -> str:
    """The receipt a partner gives for a key, always the same."""
    return "P-" + hashlib.sha256(key.encode()).hexdigest()[:16]


class Book:
    """What a partner has seen, from any thread: deliveries in order, effects by key, and keys that bore two bodies."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._effects: dict[str, Effect] = {}
        self._knocks: list[tuple[str, bytes]] = []
        self._contradicted: list[str] = []

    def knock(self, key: str, body: bytes) -> int:
        """Note a delivery, before anything comes of it: how many there were before."""
        with self._lock:
            self._knocks.append((key, body))
            return len(self._knocks) - 1

    def take(self, key: str, body: bytes, *, accepted: bool = True, detail: str = "") -> Effect:
        """The effect of a delivery: that of the first time, however often it comes."""
        with self._lock:
            effect = Effect(key=key, body=body, receipt=receipt_of(key), accepted=accepted, detail=detail)
            found = self._effects.setdefault(key, effect)
            if found.body != body:
                self._contradicted.append(key)
            return found

    @property
    def effects(self) -> Mapping[str, Effect]:
        """Effects by key, in the order in which they came."""
        with self._lock:
            return dict(self._effects)

    @property
    def knocks(self) -> Sequence[tuple[str, bytes]]:
        """Every delivery that came in, with its key and body, whatever was done with it."""
        with self._lock:
            return tuple(self._knocks)

    @property
    def contradicted(self) -> Sequence[str]:
        """Keys under which another body came than the first time."""
        with self._lock:
            return tuple(self._contradicted)


class Partner(Protocol):
    """A receiver that a kit can make behave badly. Closing it gives everything back."""

    url: str
    book: Book

    def behave(self, behaviour: Behaviour, *, times: int | None = None, answer: Answer | None = None) -> None:
        """Do so from now on, or the next `times`; NotImplementedError for what this partner cannot act."""

    def close(self) -> None:
        """Stop."""


class NoPartner:
    """The partner of what never leaves the process: it sees nothing and can be made to do nothing."""

    url = ""

    def __init__(self) -> None:
        self.book = Book()

    def behave(self, behaviour: Behaviour, *, times: int | None = None, answer: Answer | None = None) -> None:
        """Only what it does anyway. Raises NotImplementedError for everything else."""
        if behaviour is not Behaviour.LOOPBACK or times is not None or answer is not None:
            raise NotImplementedError(f"nobody is there: {behaviour.value}")

    def close(self) -> None:
        """Nothing to stop."""
