"""What a form is: its fields in order, with the element of an item that each one means.

Rules of this room: values and the reading of one TOML table; what is wrong with a mapping file is said at once, each
fault with its key. A department's mapping file and a shipped form have the same shape, so that one can be copied into
the other.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from typing import Any

import attrs

from egov_core.errors import CatalogueError, Fault
from egov_core.sheets.forms.elements import ELEMENTS, FORM_ONLY

ROWS, PAIRS = "rows", "pairs"
BLANKS = ("/", "\\", "-", "--", "—", "——", "(空)", "（空）")
"""What people write into a cell to say that it is empty."""


@attrs.frozen(kw_only=True)
class Field:
    """One field of a form.

    `heading` is what the form calls it, `also` other headings under which it is read; `element` is what it means
    (`form` for what nothing in the model means: it is kept by its heading). `values` says what a cell's word stands for
    (code → name of a code list, 其它办事服务事项 → 公共服务); `blanks` are words for nothing besides `BLANKS`.
    """

    heading: str
    element: str = FORM_ONLY
    also: tuple[str, ...] = ()
    required: bool = False
    choices: tuple[str, ...] = ()
    values: Mapping[str, str] = attrs.field(factory=dict)
    blanks: tuple[str, ...] = ()
    note: str = ""
    example: str = ""
    width: int = 16

    @property
    def headings(self) -> tuple[str, ...]:
        """Every heading under which the field is read."""
        return (self.heading, *self.also)


@attrs.frozen(kw_only=True)
class Form:
    """One form, or the mapping of a department's own list.

    `recognise` are headings that no other form has together; `constants` are elements that hold for every row;
    `only` says which items an export of the form gives (a case type); `repeated` that several rows make one item, each
    with one of its materials. `reconstructed` marks a form whose columns are not known and were put together by us.
    """

    name: str
    title: str
    title_en: str = ""
    fields: tuple[Field, ...]
    recognise: tuple[str, ...]
    constants: Mapping[str, str] = attrs.field(factory=dict)
    only: str = ""
    repeated: bool = False
    reconstructed: bool = False
    source: str = ""
    ignored: tuple[str, ...] = ()

    def field_of(self, element: str) -> Field | None:
        """The first field that means this element."""
        return next((field for field in self.fields if field.element == element), None)


_FORM_KEYS = {
    "name": str,
    "title": str,
    "title-en": str,
    "recognise": list,
    "constants": dict,
    "only": str,
    "repeated": bool,
    "reconstructed": bool,
    "source": str,
    "ignored": list,
    "field": list,
}
_FIELD_KEYS = {
    "heading": str,
    "element": str,
    "also": list,
    "required": bool,
    "choices": list,
    "values": dict,
    "blanks": list,
    "note": str,
    "example": str,
    "width": int,
}
_SAID = {str: "a text", list: "a list", dict: "a table", bool: "true or false", int: "a whole number"}


def parse_form(data: bytes, *, source: str) -> Form:
    """A form from TOML. Raises CatalogueError with every fault of the file."""
    try:
        given = tomllib.loads(data.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CatalogueError(
            f"{source} is no TOML file: {error}",
            faults=[Fault(source, "mapping-toml", str(error))],
            remedy="look at the place named; docs/reference/forms.md has a mapping to start from",
        ) from error
    faults: list[Fault] = []
    _keys(given, _FORM_KEYS, source, faults)
    fields = tuple(
        field
        for number, one in enumerate(_list(given.get("field")), 1)
        if (field := _field(one, f"{source} / field {number}", faults)) is not None
    )
    _check(given, fields, source, faults)
    if faults:
        raise CatalogueError(
            f"{source} cannot be used as a mapping: {len(faults)} fault(s)",
            faults=faults,
            remedy="correct every place named; docs/reference/forms.md lists the elements",
        )
    required = tuple(field.heading for field in fields if field.required)
    # A list is known by the columns that an item cannot do without, where the mapping names no others.
    open_elements = [one for one in ("name", "organ") if one not in given.get("constants", {})]
    needed = tuple(one.heading for element in open_elements for one in fields if one.element == element)
    return Form(
        name=given.get("name", source),
        title=given.get("title", source),
        title_en=given.get("title-en", ""),
        fields=fields,
        recognise=tuple(given.get("recognise") or required or needed),
        constants=given.get("constants", {}),
        only=given.get("only", ""),
        repeated=given.get("repeated", False),
        reconstructed=given.get("reconstructed", False),
        source=given.get("source", ""),
        ignored=tuple(given.get("ignored", ())),
    )


def _field(given: Any, path: str, faults: list[Fault]) -> Field | None:
    if not isinstance(given, Mapping):
        faults.append(Fault(path, "mapping-type", "must be a table: [[field]]"))
        return None
    before = len(faults)
    _keys(given, _FIELD_KEYS, path, faults)
    element = given.get("element", FORM_ONLY)
    if not given.get("heading"):
        faults.append(Fault(f"{path}.heading", "mapping-missing", "names the column; a field needs one"))
    if isinstance(element, str) and element not in ELEMENTS:
        faults.append(Fault(f"{path}.element", "mapping-element", f"{element!r} is no element{_near(element)}"))
    if len(faults) > before:
        return None
    values = {str(key): str(value) for key, value in given.get("values", {}).items()}
    told: dict[str, Any] = {
        key: given[key] for key in ("heading", "element", "required", "note", "example", "width") if key in given
    }
    told |= {key: tuple(str(one) for one in given[key]) for key in ("also", "choices", "blanks") if key in given}
    return Field(**told, values=values)


def _check(given: Mapping[str, Any], fields: Sequence[Field], source: str, faults: list[Fault]) -> None:
    constants = given.get("constants", {})
    if isinstance(constants, Mapping):
        for element, text in constants.items():
            if element not in ELEMENTS:
                message = f"{element!r} is no element{_near(element)}"
                faults.append(Fault(f"{source} / constants.{element}", "mapping-element", message))
            elif not isinstance(text, str):
                message = "is written as in a cell, in quotes"
                faults.append(Fault(f"{source} / constants.{element}", "mapping-type", message))
        known = {field.element for field in fields} | set(constants)
        # The organ may stand above the items, in a line of its own or over the whole list, and in no column.
        for element in ("name",):
            if element not in known and not faults:
                faults.append(Fault(source, "mapping-missing", f"no field means {element}; an item needs one"))
    seen: dict[str, str] = {}
    for field in fields:
        for heading in field.headings:
            if heading in seen:
                message = f"the heading {heading} is there twice; a cell can mean one thing"
                faults.append(Fault(f"{source} / field {field.heading}", "mapping-twice", message))
            seen[heading] = field.heading


def _keys(given: Mapping[str, Any], known: Mapping[str, type], path: str, faults: list[Fault]) -> None:
    for key, value in given.items():
        if key not in known:
            message = f"{key!r} is not a key; known are {', '.join(known)}"
            faults.append(Fault(path, "mapping-key", message))
        elif not isinstance(value, known[key]):
            faults.append(Fault(f"{path}.{key}", "mapping-type", f"must be {_SAID[known[key]]}"))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _near(element: str) -> str:
    import difflib

    close = difflib.get_close_matches(element, ELEMENTS, n=1, cutoff=0.5)
    return f"; did you mean {close[0]}?" if close else ""
