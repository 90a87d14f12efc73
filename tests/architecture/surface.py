"""Everything public of the library as a text, one line for each name: `python tests/architecture/surface.py`.

The text is committed as `public_surface.txt` beside this file, so that a change of what others rely on is seen where it
is made; run this file after a change that is meant. `--release` also writes `released_surface.txt`: it is done in the
commit of a release, and from then on the rules of `docs/explanation/stability.md` are kept against it by
`test_public_surface.py` (`verdicts` below). A line that differs is one that was removed and one that was added.

    hook, port      what plugins are written against: the version of the hooks, `API`, has to follow
    kit             promises and methods of the conformance kits: their editions have to follow
    library, error, command, setting, event, ask     a `breaking` fragment in changelog.d has to say so
"""

from __future__ import annotations

import enum
import importlib
import inspect
import pkgutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import attrs
import click

import egov_core
from egov_core import errors, ports
from egov_core.cli import main as command_line
from egov_core.cli.contents import COMMANDS
from egov_core.domain.cases.events import EVENT_TYPES
from egov_core.hooks import spec
from egov_core.runtime.setting_keys import KEYS
from egov_core.runtime.settings import Settings
from egov_core.testing.calendar_contract import CalendarContract
from egov_core.testing.check_contract import CheckContract
from egov_core.testing.forwarding_contract import ForwardingContract
from egov_core.testing.kit import Kit, promises_of
from egov_core.testing.lint_contract import LintContract
from egov_core.testing.notification_contract import NotificationContract
from egov_core.testing.query_contract import QueryContract
from egov_core.testing.storage_contract import StorageContract
from egov_core.testing.timer_kind_contract import TimerKindContract
from egov_core.wire import edge

HERE = Path(__file__).resolve().parent
PRESENT, RELEASED = HERE / "public_surface.txt", HERE / "released_surface.txt"
COMMAND = "python tests/architecture/surface.py"
KITS: tuple[type[Kit], ...] = (
    StorageContract,
    QueryContract,
    ForwardingContract,
    CheckContract,
    LintContract,
    NotificationContract,
    CalendarContract,
    TimerKindContract,
)
ATTRIBUTES = ("egov_api", "egov_items", "egov_settings")
TO_OVERRIDE = ", to be overridden"


# --- the lines --------------------------------------------------------------------------------------------------------


def surface() -> str:
    """The whole text: the version of the hooks, then every line in order of the alphabet."""
    lines = [
        *library(),
        *hooks(),
        *port_lines(),
        *error_lines(),
        *kits(),
        *commands(),
        *settings(),
        *events(),
        *asks(),
    ]
    return "\n".join([f"api {spec.API[0]}.{spec.API[1]}", *sorted(lines)]) + "\n"


def library() -> Iterator[str]:
    """The short public list, and what can be done with an office."""
    for name in egov_core.__all__:
        found = getattr(egov_core, name)
        yield f"library {name}"
        if inspect.isfunction(found):
            yield f"library {name}{signature(found)}"
        elif inspect.isclass(found) and found is not Settings:  # its fields are the settings
            yield from members("library", found)


def hooks() -> Iterator[str]:
    """Every hook with its kind, how many answers count, and since when; and what a plugin says about itself."""
    for name, kind in spec.KINDS.items():
        function = getattr(spec, name)
        options = getattr(function, f"{spec.PROJECT}_spec")
        answers = "first answer" if options["firstresult"] else "all answers"
        since = ".".join(map(str, spec.SINCE[name]))
        yield f"hook {name}{signature(function)}: {kind}, {answers}, since {since}"
        if name in spec.RESERVED:
            yield f"reserved {name}"
    yield from (f"hook attribute {name}" for name in ATTRIBUTES)


def port_lines() -> Iterator[str]:
    """Every class of the ports with fields and methods, and their constants."""
    for found in pkgutil.iter_modules(ports.__path__):
        if found.name.startswith("_"):
            continue  # a private module
        module = importlib.import_module(f"{ports.__name__}.{found.name}")
        for name, value in vars(module).items():
            if name.startswith("_") or getattr(value, "__module__", module.__name__) != module.__name__:
                continue
            where = f"port {found.name}"
            if inspect.isclass(value):
                yield from members(where, value)
            elif inspect.isfunction(value):
                yield f"{where} {name}{signature(value)}"
            elif name.isupper() and isinstance(value, str | int | tuple):
                yield f"{where} {name} = {value!r}"


def error_lines() -> Iterator[str]:
    """Every error: its code and what it is a kind of."""
    for name, kind in inspect.getmembers(errors, inspect.isclass):
        if issubclass(kind, errors.EgovError):
            yield f"error {name}({kind.__bases__[0].__name__}) {kind.code}"
        elif issubclass(kind, Warning):
            yield f"error {name}({kind.__bases__[0].__name__})"
    yield from members("error", errors.Fault)


def kits() -> Iterator[str]:
    """Every kit: its edition, its promises by number, what a subject claims, and the methods there are to override."""
    for kit in KITS:
        where = f"kit {kit.contract}@{kit.edition}"
        yield f"{where} class {kit.__module__}.{kit.__name__}"
        yield from (f"{where} promise {number}" for number in promises_of(importlib.import_module(kit.promises)))
        yield from (f"{where} claim {name} = {getattr(kit, name)!r}" for name in kit.capabilities if name != "acts")
        for name, method in inspect.getmembers(kit, inspect.isfunction):
            if not name.startswith(("_", "test_")) and method.__module__ != Kit.__module__:
                needed = TO_OVERRIDE if "raise NotImplementedError" in inspect.getsource(method) else ""
                yield f"{where} method {name}{signature(method)}{needed}"


def commands() -> Iterator[str]:
    """Every command of the library with its arguments and options."""
    context = click.Context(command_line)
    for name in COMMANDS:
        found = command_line.get_command(context, name)
        assert found is not None
        yield from _command(f"egov {name}", found)


def _command(path: str, command: click.Command) -> Iterator[str]:
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            yield from _command(f"{path} {name}", below)
        return
    yield f"command {path}"
    for one in command.params:
        says = "argument " + str(one.name) if isinstance(one, click.Argument) else "/".join(one.opts)
        says += " required" if one.required else ""
        says += " repeated" if one.multiple or one.nargs < 0 else ""
        taken = "flag" if getattr(one, "is_flag", False) else one.type.name
        if isinstance(one.type, click.Choice):
            taken = "|".join(str(choice) for choice in one.type.choices)
        yield f"command {path} {says}: {taken}"


def settings() -> Iterator[str]:
    """Every key of a settings file, and every field of `Settings`."""
    for section, keys in KEYS.items():
        for key, (_, kind) in keys.items():
            yield f"setting [{section}] {key}: {kind.__name__}"
    yield from members("setting", Settings)


def events() -> Iterator[str]:
    """Every type of event of a case with its fields: they are stored, and read again for ever."""
    for name, kind in EVENT_TYPES.items():
        yield f"event {name}"
        yield from (f"event {name}.{line}" for line in fields(kind))


def asks() -> Iterator[str]:
    """Every command that an actor may ask, with its fields, as it comes in."""
    for name, kind in edge.COMMANDS.items():
        yield f"ask {name}"
        yield from (f"ask {name}.{line}" for line in fields(kind))


# --- words ------------------------------------------------------------------------------------------------------------


def members(where: str, kind: type) -> Iterator[str]:
    """A class, its fields or members, and its methods; what others implement is marked `protocol`."""
    name = kind.__name__
    yield f"{where} class {name}"
    where += " protocol" if getattr(kind, "_is_protocol", False) else ""
    if attrs.has(kind):
        yield from (f"{where} {name}.{line}" for line in fields(kind))
    elif issubclass(kind, enum.Enum):
        yield from (f"{where} {name}.{one.name} = {one.value!r}" for one in kind)
    else:
        told = {field: text for field, text in inspect.get_annotations(kind).items() if not field.startswith("_")}
        yield from (f"{where} {name}.{field}: {text}" for field, text in told.items())
    for method, value in vars(kind).items():
        if method.startswith("_"):
            continue
        if isinstance(value, property):
            yield f"{where} {name}.{method}: property"
        elif inspect.isfunction(value):
            yield f"{where} {name}.{method}{signature(value)}"


def fields(kind: type) -> Iterator[str]:
    """The fields of a value: name, type, and whether it may be left out."""
    told = {name: text for one in reversed(kind.__mro__) for name, text in inspect.get_annotations(one).items()}
    for field in attrs.fields(kind):
        yield f"{field.name}: {told[field.name]}" + ("" if field.default is attrs.NOTHING else default(field.default))


def signature(function: Callable[..., Any]) -> str:
    """A signature as it is written: annotations are texts in this house."""
    given, told, star = inspect.signature(function), [], False
    for name, one in given.parameters.items():
        if one.kind is one.KEYWORD_ONLY and not star:
            told.append("*")
        star = star or one.kind in (one.KEYWORD_ONLY, one.VAR_POSITIONAL)
        mark = "*" if one.kind is one.VAR_POSITIONAL else "**" if one.kind is one.VAR_KEYWORD else ""
        text = "" if one.annotation is one.empty else f": {one.annotation}"
        told.append(mark + name + text + ("" if one.default is one.empty else default(one.default)))
    answer = "" if given.return_annotation is given.empty else f" -> {given.return_annotation}"
    return f"({', '.join(told)}){answer}"


def default(value: Any) -> str:
    """That something may be left out, and what stands for it where that is a plain value."""
    if isinstance(value, enum.Enum):
        return f" = {value}"
    return f" = {value!r}" if value is None or isinstance(value, str | int | float | tuple) else " = ..."


# --- what a change asks for -------------------------------------------------------------------------------------------


@attrs.frozen
class Difference:
    """How a surface differs from an earlier one."""

    removed: tuple[str, ...]
    added: tuple[str, ...]

    def of(self, *kinds: str) -> tuple[list[str], list[str]]:
        """What was removed and what was added of these kinds of lines."""
        return tuple([line for line in lines if line.startswith(kinds)] for lines in (self.removed, self.added))  # type: ignore[return-value]  # two lists are a pair


def difference(earlier: str, later: str) -> Difference:
    """The lines that only one of two texts has; that of the version is left out."""
    before, after = (set(text.splitlines()[1:]) for text in (earlier, later))
    return Difference(tuple(sorted(before - after)), tuple(sorted(after - before)))


def api_of(text: str) -> tuple[int, int]:
    """The version of the hooks that a text begins with."""
    major, minor = text.splitlines()[0].removeprefix("api ").split(".")
    return int(major), int(minor)


FOR_PLUGINS = ("hook ", "port ")
FOR_EVERYBODY = ("library ", "error ", "command ", "setting ", "event ", "ask ")


def verdicts(earlier: str, later: str, *, has_breaking_fragment: bool) -> list[str]:
    """What has to be done before `later` may follow a release that had `earlier`; nothing where all is in order."""
    found = difference(earlier, later)
    before, after = api_of(earlier), api_of(later)
    removed, added = found.of(*FOR_PLUGINS)
    opened, closed = found.of("reserved ")
    asked = [line for line in added if _asks_more(line, earlier)]
    asked += [line for line in closed if f"hook {line.removeprefix('reserved ')}(" in earlier]
    said = []
    if (removed or asked) and after[0] <= before[0]:
        said.append(
            "changed or removed, or asked for anew of what plugins implement or build: keep it and deprecate it "
            f"(hooks/deprecation.py), or raise the first number of the hooks, API = ({before[0] + 1}, 0):"
            f"{_listed([*removed, *asked])}"
        )
    elif (added or opened) and after <= before:
        said.append(
            "added, and a plugin that uses it has to be able to say so: raise the second number of the hooks, "
            f"API = ({before[0]}, {before[1] + 1}), with since= of a new hook, and add a `feature` fragment:"
            f"{_listed([*added, *opened])}"
        )
    removed, added = found.of("kit ")
    known, present = _kits_of(earlier), _kits_of(later)
    asked = [line for line in added if line.split()[1] in known and (" promise " in line or TO_OVERRIDE in line)]
    removed = [line for line in removed if line.split()[1] in present]
    if removed or asked:
        said.append(
            "a kit asks for more than before, or otherwise: raise its `edition`, so that stamps of the earlier one "
            f"are stale:{_listed([*removed, *asked])}"
        )
    removed, _ = found.of(*FOR_EVERYBODY)
    if removed and not has_breaking_fragment:
        said.append(
            "changed or removed, and users rely on it: keep it and warn (EgovDeprecationWarning), or say what they "
            f"have to do in a `breaking` fragment of changelog.d:{_listed(removed)}"
        )
    return said


def _asks_more(line: str, earlier: str) -> bool:
    """Whether a new line of a port makes work: a member of a protocol, or a field that cannot be left out.

    A class that is new altogether asks nothing of those who do not know it.
    """
    where, _, member = line.rpartition(" protocol ") if " protocol " in line else line.partition(":")[0].rpartition(" ")
    if line.startswith("hook ") or "." not in member.partition("(")[0]:
        return False
    is_known = f"{where} class {member.partition('.')[0]}\n" in earlier
    is_field = ": " in line and "(" not in line.partition(":")[0] and " = " not in line and "property" not in line
    return is_known and (" protocol " in line or is_field)


def _kits_of(text: str) -> set[str]:
    return {line.split()[1] for line in text.splitlines() if line.startswith("kit ")}


def _listed(lines: list[str]) -> str:
    return "".join(f"\n    {line}" for line in lines)


def main(arguments: list[str]) -> None:
    """Write the text, and say what has changed."""
    text = surface()
    before = PRESENT.read_text(encoding="utf-8") if PRESENT.exists() else ""
    PRESENT.write_text(text, encoding="utf-8")
    found = difference(before or "\n", text)
    for mark, lines in (("-", found.removed), ("+", found.added)):
        sys.stdout.writelines(f"{mark} {line}\n" for line in lines)
    if "--release" in arguments:
        RELEASED.write_text(text, encoding="utf-8")
        sys.stdout.write(f"{RELEASED.name} is that of the release\n")


if __name__ == "__main__":
    main(sys.argv[1:])
