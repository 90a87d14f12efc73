"""What a kit for checks asks about: good and bad applications, and forms that nobody would fill in like that.

Rules of this room: values, and asking a plugin about them in this process or in another; nothing is asserted.
"""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar, Protocol

import attrs

from egov_core.hooks import spec
from egov_core.ports.checks import ApplicationView, Finding, MaterialsView
from egov_core.ports.forms import FormField, form_faults
from egov_core.testing import builders

CHECK_APPLICATION, CHECK_MATERIALS, FORM_FIELDS = "egov_check_application", "egov_check_materials", "egov_form_fields"
HOOKS = (CHECK_APPLICATION, CHECK_MATERIALS, FORM_FIELDS)
STAGES = ("submit", "supplement", "accept", "some-later-stage")
"""The stages there are, and one that there is not yet."""

HOSTILE = (
    "",
    " ",
    "\u3000",
    "字" * 10_000,
    "9" * 5_000,
    "NaN",
    "sNaN",
    "-Infinity",
    "1e999999999",
    "-1",
    "0",
    "１２３",
    "٣",
    "²",
    "2024-02-30",
    "0000-00-00",
    "\x00",
    "😀",
    "%s {0} {x}",
    "<b>'\";--",
)
"""Texts that a form can bring, and that a careless reading breaks on."""

STRANGER = ("司马留痕", "990121199502270017", "19900003333")
"""Somebody invented whose traces are looked for; nobody else bears these values."""


@attrs.frozen(kw_only=True)
class Bad:
    """An application in which something has to be found: under which field, and how grave."""

    application: ApplicationView
    field: str
    severity: str = "error"


def answers_of(plugin: object) -> dict[str, Any]:
    """The functions by which a plugin answers hooks, by the name of the hook."""
    found: dict[str, Any] = {}
    for name in dir(plugin):
        function = getattr(plugin, name, None)
        options = getattr(function, f"{spec.PROJECT}_impl", None)
        if callable(function) and isinstance(options, dict):
            found[options.get("specname") or name] = function
    return found


def given_what_it_names(function: Any, **given: Any) -> Any:
    """Call with those of the arguments that the function names, as the office does."""
    return function(**{name: given[name] for name in inspect.signature(function).parameters})


def by(view: ApplicationView, name: str, id_number: str, phone: str) -> ApplicationView:
    """The same application by somebody else, who has a telephone where the applicant has one."""
    if view.applicant is None:
        return attrs.evolve(view, form=dict(view.form))
    there = view.applicant
    number = None if there.phone is None else phone
    person = builders.applicant(name, id_number, number, is_organisation=there.is_organisation)
    return attrs.evolve(view, applicant=person, form=dict(view.form))


def of_materials(view: ApplicationView) -> MaterialsView:
    """The same application as a check of materials sees it."""
    return MaterialsView(area=view.area, stage=view.stage, item=view.item, materials=view.materials, at=view.at)


def raw_answers(plugin: object, hooks: Iterable[str], view: ApplicationView) -> list[tuple[str, Any]]:
    """What the plugin answers for an application, hook by hook; fields are asked for at `submit` alone."""
    functions = answers_of(plugin)
    found: list[tuple[str, Any]] = []
    for hook in hooks:
        if hook == CHECK_APPLICATION:
            found.append((hook, given_what_it_names(functions[hook], application=view)))
        elif hook == CHECK_MATERIALS:
            found.append((hook, given_what_it_names(functions[hook], materials=of_materials(view))))
        elif view.stage == "submit":
            found.append((hook, given_what_it_names(functions[hook], item=view.item)))
    return found


def findings(plugin: object, hooks: Iterable[str], view: ApplicationView) -> list[Finding]:
    """All that is found in an application; a field of a form that is not filled in well counts as found."""
    found: list[Finding] = []
    for hook, answer in raw_answers(plugin, hooks, view):
        if answer is None:
            continue
        if hook == FORM_FIELDS:
            fields: list[FormField] = list(answer)
            found += [
                Finding(field=f"form.{field.name}", message=sentence, basis=field.basis)
                for field, sentence in form_faults(fields, view.form)
            ]
        else:
            found += answer
    return found


def hostile_forms(names: Iterable[str], good: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """Forms in which one field, or every one, is written as nobody would; and forms in which fields are missing."""
    known = list(dict.fromkeys([*names, *good, "unknown_field"]))
    yield {}
    for name in known:
        yield {other: text for other, text in good.items() if other != name}
        for text in HOSTILE:
            yield {**good, name: text}
    for text in HOSTILE:
        yield dict.fromkeys(known, text)


class Asked(Protocol):
    """What has to be known of a subject to write out what its plugin finds."""

    hooks: ClassVar[tuple[str, ...]]

    def make_plugin(self) -> object:
        """A new instance of the plugin."""

    def views(self) -> list[ApplicationView]:
        """All applications there are, good and bad."""


def told(subject: type[Asked]) -> str:
    """What a subject's plugin finds in all of its cases, written out."""
    kit = subject()
    plugin = kit.make_plugin()
    return "\n".join(ascii(raw_answers(plugin, kit.hooks, view)) for view in kit.views())


def told_elsewhere(subject: type[Asked], seeds: Iterable[int]) -> list[str]:
    """The same, told by fresh processes, each of which shuffles its sets in another way.

    The class has to stand at the top of its module, where another process can find it.
    """
    file, name = inspect.getfile(subject), subject.__qualname__
    code = f"from egov_core.testing.check_cases import tell; tell({file!r}, {subject.__module__!r}, {name!r})"
    path = os.pathsep.join(one or str(Path.cwd()) for one in sys.path)
    started = [
        subprocess.Popen(  # noqa: S603 - our own interpreter, and the class that the author wrote
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONPATH": path, "PYTHONHASHSEED": str(seed)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for seed in seeds
    ]
    heard = [process.communicate(timeout=60) for process in started]
    for process, (_, complaint) in zip(started, heard, strict=True):
        assert process.returncode == 0, f"{name} could not be asked in another process: {complaint[-2_000:]}"
    return [out.rstrip("\n") for out, _ in heard]


def tell(file: str, module: str, name: str) -> None:
    """Print what a subject tells; run by `told_elsewhere`."""
    try:
        found: Any = importlib.import_module(module)
    except ImportError:
        place = importlib.util.spec_from_file_location(module, file)
        assert place is not None
        assert place.loader is not None
        found = importlib.util.module_from_spec(place)
        sys.modules[module] = found
        place.loader.exec_module(found)
    for part in name.split("."):
        found = getattr(found, part)
    sys.stdout.write(told(found) + "\n")
