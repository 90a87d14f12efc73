"""Errors on their way out: the one table from our errors to HTTP, problem documents and plain pages.

Rules of this room: nothing else knows status codes of our errors. Programs get RFC 9457 problem documents, people a
page in plain words, each in one language, which the request chooses; neither is told anything about our side beyond
that it failed. Before a demonstration sits whoever writes a plugin: there, and nowhere else, a plugin's failure is told
by its name.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import attrs
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from egov_core import errors as e
from egov_core.server.headers import HEADERS
from egov_core.server.pages import Pages
from egov_core.server.sentences import error_in
from egov_core.server.words import HTML_LANG
from egov_core.wire.codec import canonical

STATUS: Mapping[type[e.EgovError], int] = {
    e.EgovError: 500,
    e.ClaimError: 400,
    e.UnknownError: 404,
    e.LawError: 422,
    e.IllegalTransitionError: 409,
    e.NoAuthorityError: 403,
    e.ConflictError: 409,
    e.IdempotencyError: 422,
    e.OfficeError: 500,
    e.StorageError: 503,
    e.IntegrityError: 500,
    e.ClockError: 503,
    e.DeliveryError: 502,
    e.PluginError: 500,
}
"""The nearest class counts: an error not named here has the status of its branch."""

PAGES = frozenset({400, 403, 404, 405, 408, 409, 413, 415, 422, 429, 500, 502, 503})
"""Statuses with words of their own; any other has those of 400 or 500."""

MEDIA_TYPE = "application/problem+json"
TYPE = "urn:egov-core:problem:"

_log = logging.getLogger(__name__)


def status_of(error: e.EgovError) -> int:
    """The HTTP status of an error."""
    if isinstance(error, e.ClaimError) and any(fault.code == "oversized" for fault in error.faults):
        return 413
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def wants_json(request: Request) -> bool:
    """Whether a program asks: under the programs' addresses, or accepting JSON and no page."""
    if request.url.path.startswith("/api/") or request.url.path == "/health":
        return True
    accepted = request.headers.get("accept", "")
    return "json" in accepted and "text/html" not in accepted


def json_response(data: Any, status: int = 200, media_type: str = "application/json") -> Response:
    """An answer for a program."""
    return Response(canonical(data), status_code=status, media_type=media_type)


@attrs.frozen
class Problems:
    """Answers errors with pages or problem documents."""

    pages: Pages

    def handlers(self) -> dict[Any, Any]:
        """The handlers for the application."""
        return {
            HTTPException: self.refused,
            ClientDisconnect: self.gone,
            e.EgovError: self.failed,
            Exception: self.unforeseen,
        }

    async def gone(self, request: Request, error: Exception) -> Response:  # noqa: ARG002  (nobody reads the answer)
        """The client left before it had said everything: nothing was done, and nobody is there to be told."""
        return Response(status_code=400)

    async def refused(self, request: Request, error: Exception) -> Response:
        """What the routing, the limits or a handler refused by status."""
        assert isinstance(error, HTTPException)
        return self._answer(request, error.status_code, code=_slug(error.status_code), headers=error.headers)

    async def failed(self, request: Request, error: Exception) -> Response:
        """One of our own errors."""
        assert isinstance(error, e.EgovError)
        status = status_of(error)
        told = error_in(self.pages.words(request).lang, error)
        if status >= 500:
            # what a plugin raised was logged with its trace where it was raised
            trace = None if isinstance(error, e.PluginError) else error
            _log.error("%s: %s", error.code, error.message, exc_info=trace)
            is_told = isinstance(error, e.PluginError) and self.pages.window is not None
            told = {**told, "plugin": error.data.get("plugin", "")} if is_told else {}
        elif isinstance(error, e.HookRefusedError):
            told["findings"] = error.data["findings"]
        return self._answer(request, status, code=error.code, **told)

    async def unforeseen(self, request: Request, error: Exception) -> Response:
        """What nobody foresaw; the server logs it with its trace."""
        del error
        response = self._answer(request, 500, code=_slug(500))
        # this answer leaves outside the middleware that would add them
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    def _answer(
        self,
        request: Request,
        status: int,
        *,
        code: str,
        headers: Mapping[str, str] | None = None,
        **said: Any,
    ) -> Response:
        words = self.pages.words(request)
        known = status if status in PAGES else 400 if status < 500 else 500
        title = words(f"error.{known}.title")
        if wants_json(request):
            told = {name: value for name, value in said.items() if value}
            document = {"type": TYPE + code, "title": title, "status": status, "code": code, **told}
            if "detail" not in document:
                document["detail"] = words(f"error.{known}.text")
            response = json_response(document, status, MEDIA_TYPE)
            response.headers["Content-Language"] = HTML_LANG[words.lang]
            response.headers.update(headers or {})
            return response
        return self.pages.page(
            request,
            "error.html",
            title=title,
            status=status,
            headers=headers,
            text=words(f"error.{known}.text"),
            remedy=words(f"error.{known}.remedy"),
            code=status,
        )


def _slug(status: int) -> str:
    return HTTPStatus(status).phrase.lower().replace(" ", "-")
