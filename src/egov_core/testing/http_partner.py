"""A partner on localhost that speaks HTTP and can be as bad as partners are.

Rules of this room: a real socket and the standard library's server, one thread for each connection; no waiting without
an end. A connection serves one request and is closed. Whatever takes an effect notes it before it misbehaves: the worst
partner is the one that did the work and lost the answer.
"""

from __future__ import annotations

import socketserver
import threading
import time
from http.server import BaseHTTPRequestHandler
from types import TracebackType
from typing import Any, Self

from egov_core.testing.partners import Answer, Asked, Behaviour, Book, Dialect, Effect

GARBAGE = b"\xff\xfe\x00{]\r\n\r\n<html>\x80" * 3
HUGE = 32 * 1024 * 1024
"""Bytes that a huge answer would have, more than every buffer on the way holds."""
_CHUNK = b"x" * 65_536
_STATUS = {
    Behaviour.BUSY: 503,
    Behaviour.OVERLOADED: 429,
    Behaviour.FAILING: 500,
    Behaviour.DENYING: 403,
}


class HttpPartner:
    """The partner: `url` to send to, `book` to look into, `sent` bytes of huge answers that have left.

    In seconds: `hold`, how long it holds what it holds back; `pause`, how long a late one thinks (a reordering one
    waits ten times as long for a second delivery); `pace`, how long a trickling one takes for a byte.
    """

    def __init__(
        self, dialect: Dialect | None = None, *, hold: float = 20.0, pause: float = 0.15, pace: float = 0.05
    ) -> None:
        self.dialect = dialect or Dialect()
        self.book = Book()
        self.sent = 0
        self.hold, self.pause, self.pace = hold, pause, pace
        self.faults: list[BaseException] = []
        self._lock = threading.Lock()
        self._behaviour, self._times, self._answer = Behaviour.LOOPBACK, -1, Answer()
        self._released = threading.Event()
        self._waiting: threading.Event | None = None
        self._server: _Server | None = None
        self._port = 0
        self._listen()
        self.url = f"http://127.0.0.1:{self._port}/inbox"

    def behave(self, behaviour: Behaviour, *, times: int | None = None, answer: Answer | None = None) -> None:
        """Do so from now on; with `times` only so often, and be a loop-back then. What was held back is let go."""
        with self._lock:
            self._released.set()
            self._released = threading.Event()
            self._behaviour, self._times = behaviour, -1 if times is None else times
            self._answer = answer or Answer()
            self._waiting = None
        if behaviour is Behaviour.ABSENT:
            self._hang_up()
        else:
            self._listen()

    def close(self) -> None:
        """Let go of everything and stop. Raises what went wrong in the partner itself."""
        self._released.set()
        self._hang_up()
        if self.faults:
            raise self.faults[0]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # --- listening ----------------------------------------------------------------------------------------------------

    def _listen(self) -> None:
        if self._server is None:
            self._server = _Server(self, self._port)
            self._port = self._server.server_address[1]
            threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def _hang_up(self) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    # --- answering ----------------------------------------------------------------------------------------------------

    def serve(self, line: _Line, asked: Asked) -> None:
        """Answer one request as it was told to."""
        read = self.dialect.read(asked)
        if read is None:
            line.answer(self.dialect.aside(asked))
            return
        key, body = read
        behaviour, answer = self._next()
        self.book.knock(key, body)
        if not key:
            line.answer(Answer(status=400, body=b"no key"))
        elif behaviour is Behaviour.ECHOING:
            line.answer(Answer(status=503, body=asked.body))
        elif behaviour in _STATUS and behaviour is not Behaviour.FAILING:
            line.answer(Answer(status=_STATUS[behaviour], headers={"Retry-After": "1"}))
        elif behaviour is not Behaviour.CLOSING:
            self._take(line, key, body, behaviour, answer)

    def _next(self) -> tuple[Behaviour, Answer]:
        with self._lock:
            if self._times == 0:
                return Behaviour.LOOPBACK, self._answer
            self._times -= 1
            return self._behaviour, self._answer

    def _take(self, line: _Line, key: str, body: bytes, behaviour: Behaviour, said: Answer) -> None:
        refused = behaviour is Behaviour.REFUSING
        effect = self.book.take(key, body, accepted=not refused, detail="不符合受理条件" if refused else "")
        if behaviour is Behaviour.DUPLICATING:
            self.book.knock(key, body)
            effect = self.book.take(key, body)
        answer = self.dialect.write(effect)
        match behaviour:
            case Behaviour.LOSING:
                return
            case Behaviour.SLOW:
                self._released.wait(self.hold)
                return
            case Behaviour.LATE:
                self._released.wait(self.pause)
            case Behaviour.REORDERING:
                self._let_another_pass()
            case Behaviour.FAILING:
                answer = Answer(status=500, body=answer.body, headers=answer.headers)
            case Behaviour.OTHER_KEY:
                answer = self.dialect.write(Effect(key=f"{key}0", body=body, receipt=effect.receipt))
            case Behaviour.GARBAGE:
                answer = Answer(body=GARBAGE)
            case Behaviour.EMPTY:
                answer = Answer()
            case Behaviour.SAYING:
                answer = said
            case Behaviour.HALF:
                line.half(answer)
                return
            case Behaviour.TRICKLING:
                line.trickle(answer, self.pace, self._released)
                return
            case Behaviour.HUGE:
                self._flood(line, answer)
                return
        line.answer(answer)

    def _let_another_pass(self) -> None:
        """Wait for the next delivery, which is let through at once."""
        with self._lock:
            earlier, self._waiting = self._waiting, None if self._waiting else threading.Event()
            mine = self._waiting
        if earlier is not None:
            earlier.set()
        elif mine is not None:
            mine.wait(10 * self.pause)
            time.sleep(0.02)  # so that the other answer leaves first

    def _flood(self, line: _Line, answer: Answer) -> None:
        """A good answer, drawn out by blanks that never seem to end."""
        line.head(Answer(status=200, headers=answer.headers), HUGE)
        start, end = answer.body[:-1], answer.body[-1:]
        line.wfile.write(start)
        left = HUGE - len(answer.body)
        while left:
            piece = b" " * min(left, len(_CHUNK))
            line.wfile.write(piece)
            left -= len(piece)
            self.sent += len(piece)
        line.wfile.write(end)


class _Server(socketserver.ThreadingMixIn, socketserver.TCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, partner: HttpPartner, port: int) -> None:
        self.partner = partner
        super().__init__(("127.0.0.1", port), _Line)

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002 - as the base class is called
        """Note what went wrong here; that the other side hung up is its right."""
        import sys

        error = sys.exc_info()[1]
        if error is not None and not isinstance(error, OSError):
            self.partner.faults.append(error)


class _Line(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    timeout = 20
    server: _Server

    def handle_one_request(self) -> None:
        """One request, and then the connection is closed."""
        self.raw_requestline = self.rfile.readline(65_537)
        self.close_connection = True
        if not self.raw_requestline or not self.parse_request():
            return
        self.close_connection = True
        length = int(self.headers.get("Content-Length") or 0)
        headers = {name.lower(): value for name, value in self.headers.items()}
        asked = Asked(method=self.command, path=self.path, headers=headers, body=self.rfile.read(length))
        self.server.partner.serve(self, asked)

    def answer(self, answer: Answer) -> None:
        """The whole answer."""
        self.head(answer, len(answer.body))
        self.wfile.write(answer.body)

    def half(self, answer: Answer) -> None:
        """Half of the body, under a head that announces all of it; at least something is always missing."""
        body = answer.body or b"{}"
        self.head(Answer(status=200, headers=answer.headers), len(body))
        self.wfile.write(body[: len(body) // 2])

    def trickle(self, answer: Answer, pace: float, released: threading.Event) -> None:
        """A byte at a time, until it is all out or the partner is told otherwise."""
        body = answer.body or b" " * 100
        self.head(Answer(status=200, headers=answer.headers), len(body))
        for place in range(len(body)):
            if released.wait(pace):
                return
            self.wfile.write(body[place : place + 1])

    def head(self, answer: Answer, length: int) -> None:
        """Status and headers."""
        self.send_response_only(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.status != 204:
            self.send_header("Content-Length", str(length))
        self.send_header("Connection", "close")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - as the base class calls it
        """Nothing is printed."""
