"""Filing an application 提交申请 in a demonstration: choose an item, fill in its form, and be refused or get a number.

Rules of this room: invented applicants only, and the page says so. It asks the use case and shows what that says: every
finding beside its field, with its basis, and all of them at the top. Forms sent by other sites are refused. A form
that is sent twice files one application; nothing stands in an address but the item.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

import attrs
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from egov_core.domain.catalogue import ItemVersion
from egov_core.errors import ClaimError, EgovError, HookRefusedError, LawError, PluginError, UnknownError
from egov_core.ports.forms import FieldKind, FormField
from egov_core.server.desk import FilingDesk, fields_of, file
from egov_core.server.limits import RateLimit
from egov_core.server.pages import Pages
from egov_core.server.problems import json_response, status_of
from egov_core.server.sentences import said_in
from egov_core.server.user.progress import FORM, refuse_other_sites
from egov_core.wire.filing import FilledForm, blank_form, filing_from_json, filled_form

PEOPLE = ("name", "id_number", "phone")
JSON = "application/json"


@attrs.frozen(kw_only=True)
class Told:
    """One thing that is wrong: the field (`form.depth`), the sentence, its basis; `anchor` where the field is shown."""

    field: str
    message: str
    basis: str = ""
    anchor: str = ""


@attrs.frozen
class Filing:
    """The handlers of the page and of the interface."""

    pages: Pages
    rate: RateLimit

    async def api(self, request: Request) -> Response:
        """File an application given as JSON: 201 with its number, or a problem with every finding."""
        desk = self._desk()
        self._guard(request, JSON)
        asked = filing_from_json(await request.body())
        filed = await file(desk, asked, key=request.headers.get("idempotency-key", ""))
        response = json_response(
            {
                "demo": True,
                "case_id": filed.case_id,
                "number": filed.number,
                "query_code": filed.query_code,
                "state": filed.state,
                "advice": list(filed.advice),
            },
            201,
        )
        response.headers["Location"] = f"/cases/{filed.case_id}"
        return response

    async def page(self, request: Request) -> Response:
        """The choice of an item, its form, or the answer to it."""
        desk = self._desk()
        code = request.query_params.get("item", "")
        if request.method == "POST":
            self._guard(request, FORM)
        elif not code:
            return self._choice(request, desk)
        item = desk.catalogue.on(code, desk.now().date())
        if request.method != "POST":
            codes = frozenset(material.code for material in item.materials)
            return await self._form(request, desk, item, blank_form(codes, secrets.token_urlsafe(12)))
        body = await request.body()
        filled = filled_form(body)
        # a form that is corrected and sent again is another one; the same one twice is not
        key = f"page:{hashlib.sha256(body).hexdigest()}" if filled.token else ""
        try:
            filed = await file(desk, filled.request(item.code), key=key)
        except (ClaimError, HookRefusedError, LawError, PluginError) as error:
            return await self._form(request, desk, item, filled, error)
        words = self.pages.words(request)
        return self.pages.page(
            request, "applied.html", title=words("apply.filed_title", number=filed.number), item=item, filed=filed
        )

    def _desk(self) -> FilingDesk:
        desk = self.pages.window
        assert desk is not None, "the addresses exist where there is one"
        return desk

    def _guard(self, request: Request, kind: str) -> None:
        refuse_other_sites(request)
        self.rate.check(request)
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != kind:
            raise HTTPException(415)

    def _choice(self, request: Request, desk: FilingDesk) -> Response:
        return self.pages.page(
            request, "apply_items.html", title=self.pages.words(request)("apply.title"), groups=list(_by_organ(desk))
        )

    async def _form(
        self,
        request: Request,
        desk: FilingDesk,
        item: ItemVersion,
        filled: FilledForm,
        error: EgovError | None = None,
    ) -> Response:
        words = self.pages.words(request)
        failed = error if isinstance(error, PluginError) else None
        try:
            fields = await fields_of(desk, item)
        except PluginError as broken:
            fields, failed = (), failed or broken
        told = _told(error, {"required": words("apply.required")}, words.lang)
        fields = (*fields, *_named(fields, told, filled))
        places = {f"form.{field.name}" for field in fields}
        places |= {f"materials.{material.code}" for material in item.materials}
        places |= {f"applicant.{name}" for name in PEOPLE}
        shown = [attrs.evolve(one, anchor=anchor(one.field) if one.field in places else "") for one in told]
        title = words("apply.form_title", item=item.full_name)
        return self.pages.page(
            request,
            "apply.html",
            title=words("progress.error_title", title=title) if shown or failed else title,
            status=200 if error is None and failed is None else status_of(error or failed or PluginError("")),
            heading=title,
            item=item,
            people=PEOPLE,
            fields=fields,
            kinds=FieldKind,
            filled=filled,
            told=shown,
            failed=failed,
            wrong={place: [one for one in shown if one.field == place] for place in places},
            anchor=anchor,
        )


def anchor(field: str) -> str:
    """The id of a field on the page."""
    return field.replace(".", "-", 1)


def _told(error: EgovError | None, words: Mapping[str, str], lang: str) -> list[Told]:
    """What an error says about fields, in the language of the page; a check's finding is in its own words."""
    match error:
        case HookRefusedError():
            return [Told(**finding) for finding in error.data["findings"]]
        case ClaimError():
            return [
                Told(field=fault.path.removeprefix("$."), message=words.get(fault.code) or said_in(lang, fault.message))
                for fault in error.faults
            ] or [Told(field="", message=said_in(lang, error.message))]
        case LawError():
            return [Told(field="", message=said_in(lang, error.message))]
    return []


def _named(fields: Sequence[FormField], told: Sequence[Told], filled: FilledForm) -> Iterator[FormField]:
    """Fields that a check names and nobody asks for: they are shown, or nobody could fill them in."""
    known = {field.name for field in fields}
    names = [*(one.field.removeprefix("form.") for one in told if one.field.startswith("form.")), *filled.form]
    for name in dict.fromkeys(names):
        if name in known:
            continue
        try:
            yield FormField(name=name, label=name, required=False)
        except ValueError:
            continue  # no name that a field can have


def _by_organ(desk: FilingDesk) -> Iterator[tuple[str, list[ItemVersion]]]:
    """The items in force, by department."""
    today = desk.now().date()
    items = []
    for code in desk.catalogue.items:
        try:
            items.append(desk.catalogue.on(code, today))
        except (LawError, UnknownError):
            continue
    for organ, group in groupby(sorted(items, key=lambda item: (item.organ, item.code)), key=lambda item: item.organ):
        yield organ, list(group)
