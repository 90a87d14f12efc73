"""Pages: templates, static files under hashed names, and what every page has in common.

Rules of this room: templates are rendered with autoescape and strict undefined names; nothing is marked safe. A page
works without a script, and there is none.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from importlib import resources
from typing import Any
from urllib.parse import urlencode

import attrs
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from egov_core.server.desk import Desk
from egov_core.server.phrases import Phrases
from egov_core.server.words import HTML_LANG, LANGUAGES, Words, words_of

LANG_COOKIE = "lang"
ONE_YEAR = 31_536_000
MEDIA_TYPES = {"css": "text/css; charset=utf-8", "svg": "image/svg+xml"}


@attrs.frozen
class Asset:
    """A static file in memory, under a name that changes with its content."""

    name: str
    body: bytes
    media_type: str


def assets() -> dict[str, Asset]:
    """The static files by their plain names."""
    found = {}
    for file in resources.files("egov_core.server").joinpath("static").iterdir():
        stem, _, suffix = file.name.partition(".")
        if suffix not in MEDIA_TYPES:
            continue
        body = file.read_bytes()
        name = f"{stem}.{hashlib.sha256(body).hexdigest()[:12]}.{suffix}"
        found[file.name] = Asset(name, body, MEDIA_TYPES[suffix])
    return found


def language(request: Request) -> str:
    """The language asked for: in the address, else remembered, else the first."""
    for asked in (request.query_params.get("lang"), request.cookies.get(LANG_COOKIE)):
        if asked in LANGUAGES:
            return asked
    return LANGUAGES[0]


def address(path: str, **parts: object) -> str:
    """A local address; parts that are None, empty or the first page are left out."""
    given = {name: value for name, value in parts.items() if value not in (None, "") and (name, value) != ("page", 1)}
    return f"{path}?{urlencode(given)}" if given else path


@attrs.define
class Pages:
    """Renders the pages of one desk."""

    desk: Desk
    demo: bool
    files: dict[str, Asset] = attrs.field(factory=assets)
    _environment: Environment = attrs.field(init=False, repr=False)

    def __attrs_post_init__(self) -> None:
        self._environment = Environment(
            loader=PackageLoader("egov_core.server"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals["address"] = address

    def words(self, request: Request) -> Words:
        """The words of the language that was asked for."""
        return words_of(language(request))

    def phrases(self, request: Request) -> Phrases:
        """Domain values in those words."""
        return Phrases(self.words(request), self.desk)

    def page(
        self,
        request: Request,
        template: str,
        *,
        title: str,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        **values: Any,
    ) -> Response:
        """A page. `title` is what the tab says and, without the name of the place, the one heading."""
        phrases = self.phrases(request)
        words = phrases.words
        other = next(lang for lang in LANGUAGES if lang != words.lang)
        query = {**request.query_params, "lang": other}
        body = self.render(
            template,
            w=words,
            p=phrases,
            lang=words.lang,
            html_lang=HTML_LANG[words.lang],
            other_lang=HTML_LANG[other],
            other_address=address(request.url.path, **query),
            other=other,
            path=request.url.path,
            title=title,
            demo=self.demo,
            now=self.desk.now(),
            css=self.files["egov.css"].name,
            icon=self.files["icon.svg"].name,
            **values,
        )
        response = HTMLResponse(body, status_code=status, headers=dict(headers or {}))
        response.headers["Content-Language"] = HTML_LANG[words.lang]
        if request.query_params.get("lang") in LANGUAGES:
            response.set_cookie(LANG_COOKIE, words.lang, max_age=ONE_YEAR, httponly=True, samesite="lax")
        return response

    def render(self, template: str, **values: Any) -> str:
        """A template with its values, every text escaped."""
        return self._environment.get_template(template).render(**values)

    async def static(self, request: Request) -> Response | None:
        """A static file by its hashed name; None where there is none."""
        for file in self.files.values():
            if file.name == request.path_params["name"]:
                cache = {"Cache-Control": f"public, max-age={ONE_YEAR}, immutable"}
                return Response(file.body, media_type=file.media_type, headers=cache)
        return None
