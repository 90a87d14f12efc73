"""Pages: templates, static files under hashed names, and what every page has in common.

Rules of this room: templates are rendered with autoescape and strict undefined names; nothing is marked safe. A page
works without a script, and there is none. The style sheet of a theme is one more static file, linked after ours.
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

from egov_core.ports.theme import Theme
from egov_core.server.desk import Desk, FilingDesk
from egov_core.server.phrases import Phrases
from egov_core.server.sentences import said_in
from egov_core.server.words import HTML_LANG, LANGUAGES, Words, words_of

LANG_COOKIE = "lang"
THEME = "theme.css"
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
    files = resources.files("egov_core.server").joinpath("static").iterdir()
    return {file.name: asset(file.name, file.read_bytes()) for file in files if suffix_of(file.name) in MEDIA_TYPES}


def asset(file: str, body: bytes) -> Asset:
    """A static file under its hashed name."""
    stem, suffix = file.partition(".")[0], suffix_of(file)
    return Asset(f"{stem}.{hashlib.sha256(body).hexdigest()[:12]}.{suffix}", body, MEDIA_TYPES[suffix])


def suffix_of(file: str) -> str:
    """What stands after the first dot of a file's name."""
    return file.partition(".")[2]


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


@attrs.frozen
class Footer:
    """The place's own words at the foot of a page, and the language they are in."""

    text: str
    html_lang: str


@attrs.define
class Pages:
    """Renders the pages of one desk; another one may take its place while it is open.

    `theme` is how the place has them look. `window` is the desk again where applications can be filed at it. `trouble`
    is what is wrong with a plugin that is being edited, said on every page.
    """

    desk: Desk
    demo: bool
    theme: Theme = attrs.field(factory=Theme)
    window: FilingDesk | None = None
    trouble: str = ""
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
        self._look(self.theme)

    def _look(self, theme: Theme) -> None:
        """Look as a place has it, from the next page on."""
        own = {THEME: asset(THEME, theme.stylesheet.encode())} if theme.stylesheet else {}
        self.theme, self.files = theme, {**{name: of for name, of in self.files.items() if name != THEME}, **own}

    def take(self, desk: FilingDesk) -> None:
        """Put another desk in place of this one: the next page is its own, and looks as its place has it."""
        self.desk = desk
        if self.window is not None:
            self.window = desk
        self._look(desk.theme)

    def words(self, request: Request) -> Words:
        """The words of the language that was asked for."""
        return words_of(language(request))

    def phrases(self, request: Request) -> Phrases:
        """Domain values in those words."""
        return Phrases(self.words(request), self.desk)

    def footer(self, lang: str) -> Footer | None:
        """The place's footer in a language, in the other one where that is all there is, or none."""
        said = {"zh": self.theme.footer, "en": self.theme.footer_en}
        found = next((one for one in (lang, *LANGUAGES) if said[one].strip()), None)
        return None if found is None else Footer(said[found], HTML_LANG[found])

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
            files_here=self.window is not None,
            trouble=said_in(words.lang, self.trouble),
            now=self.desk.now(),
            css=self.files["egov.css"].name,
            icon=self.files["icon.svg"].name,
            theme_css=self.files[THEME].name if THEME in self.files else "",
            place_footer=self.footer(words.lang),
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
