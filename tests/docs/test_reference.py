"""The reference says what the code says: generated regions are up to date, examples are true, nothing is left out."""

from __future__ import annotations

import importlib.util
import inspect
import json
import re
import sys
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from click.testing import CliRunner

from egov_core import Settings, errors, open_office
from egov_core.cli import main as command_line
from egov_core.cli.contents import COMMANDS as LIBRARY_COMMANDS
from egov_core.demo.founding import demo_population, found_office
from egov_core.domain.authority import Role
from egov_core.domain.cases.commands import Accept, Submit
from egov_core.domain.cases.events import EVENT_TYPES
from egov_core.domain.cases.states import TRANSITIONS
from egov_core.domain.legal import CHINA
from egov_core.domain.people import Actor, ActorKind, Applicant, Personal
from egov_core.hooks import spec
from egov_core.runtime.clock import ManualClock
from egov_core.runtime.policies import shipped_policies
from egov_core.testing import calendar_contract
from egov_core.wire.edge import COMMANDS, parse_command

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
REFERENCE = DOCS / "reference"
JSON_BLOCK = re.compile(r"^```json\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SHAPE = re.compile(r"^<!-- shape of: (?P<line>egov .*?) -->\n```json\n(?P<json>.*?)^```$", re.MULTILINE | re.DOTALL)


def load_generator() -> ModuleType:
    """`docs/generate.py` as a module."""
    made = importlib.util.spec_from_file_location("generate_the_manual", DOCS / "generate.py")
    assert made is not None
    assert made.loader is not None
    module = importlib.util.module_from_spec(made)
    sys.modules[made.name] = module
    made.loader.exec_module(module)
    return module


generate = load_generator()


def page(name: str) -> str:
    return (REFERENCE / f"{name}.md").read_text(encoding="utf-8")


# --- generated regions ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("found", generate.pages(), ids=lambda found: str(found.relative_to(DOCS)))
def test_a_page_is_what_the_code_makes_of_it(found: Path) -> None:
    text = found.read_text(encoding="utf-8")
    assert generate.filled(text) == text, "run: python docs/generate.py"


def test_every_region_is_on_some_page() -> None:
    used = {name for found in generate.pages() for name in re.findall(r"generated: ([\w-]+)", found.read_text("utf-8"))}
    assert used == set(generate.REGIONS)


def test_a_code_that_changes_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    before = page("errors")
    monkeypatch.setattr(errors.PolicyError, "code", "card-policy")
    assert generate.filled(before) != before


def test_a_hook_that_says_too_little_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spec.egov_storage_backend, "__doc__", "Offer a backend. When: once. Since 0.1.")
    with pytest.raises(ValueError, match="Kind"):
        generate.hooks()


def test_a_setting_without_a_meaning_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generate, "MEANINGS", {"county.area": "x"})
    with pytest.raises(ValueError, match=r"storage\.url"):
        generate.settings()


def test_a_promise_that_nothing_holds_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calendar_contract, "__doc__", f"{calendar_contract.__doc__}\nC10 It is also beautiful.\n")
    with pytest.raises(ValueError, match="holds C10"):
        generate.contracts()


def test_a_test_of_a_promise_that_nobody_made_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calendar_contract.CalendarContract, "test_c99_it_is_beautiful", lambda _: None, raising=False)
    with pytest.raises(ValueError, match="C99"):
        generate.contracts()


# --- nothing is left out (asked of the code, not of the generator) ----------------------------------------------------


def test_every_error_is_on_its_page() -> None:
    classes = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, errors.EgovError)]
    assert [kind.__name__ for kind in classes if f"`{kind.__name__}` | `{kind.code}`" not in page("errors")] == []


def test_every_event_hook_command_and_policy_is_on_its_page() -> None:
    hooks = [name for name, _ in inspect.getmembers(spec, inspect.isfunction) if name.startswith("egov_")]
    wanted = {
        "events": [f"### `{name}` " for name in EVENT_TYPES],
        "hooks": [f"### `{name}`\n" for name in hooks],
        "wire": [f"### `{name}` " for name in COMMANDS],
        "policies": [f"### `{name}@" for name in shipped_policies()],
        "cli": [f"### `egov {name}" for name in LIBRARY_COMMANDS],
    }
    missing = [(name, one) for name, headings in wanted.items() for one in headings if one not in page(name)]
    assert missing == []


def test_the_picture_has_an_arrow_for_every_transition() -> None:
    assert page("states").count("─▶") == sum(len(row) for row in TRANSITIONS.values())


# --- examples are true ------------------------------------------------------------------------------------------------


def test_every_command_has_an_example_that_is_parsed() -> None:
    examples = [json.loads(body) for body in JSON_BLOCK.findall(page("wire"))]
    parsed = {type(parse_command(json.dumps(example).encode())).__name__ for example in examples}
    assert parsed == set(COMMANDS)


def shape(value: Any) -> Any:
    """Keys and types of JSON; a list is the set of the shapes in it."""
    if isinstance(value, dict):
        return {key: shape(one) for key, one in value.items()}
    if isinstance(value, list):
        return sorted({json.dumps(shape(one), sort_keys=True) for one in value})
    return type(value).__name__


@pytest.fixture(scope="module")
def office_folder(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A folder with an office of one accepted case that has earned its yellow card, and the case's number."""
    folder = tmp_path_factory.mktemp("office")
    (folder / "egov.toml").write_text('[county]\narea = "990101"\n[storage]\nurl = "sqlite:///county.db"\n', "utf-8")
    (folder / "2027.toml").write_text(
        'title = "关于2027年的通知（虚构）"\nyear = 2027\npublished = 2026-11-20\nrest = ["2027-02-11"]\n', "utf-8"
    )
    (folder / "moved.toml").write_text(
        'title = "临时调整（虚构）"\nyear = 2016\npublished = 2016-05-03\nrest = ["2016-05-04"]\n', "utf-8"
    )
    population, clock = demo_population(), ManualClock(datetime(2016, 4, 22, 9, tzinfo=CHINA))
    grant = next(one for one in population.grants if one.role is Role.INTAKE and one.organ == "jg102")
    clerk = Actor(kind=ActorKind.STAFF, code=grant.person)
    settings = Settings(area="990101", storage=f"sqlite:///{folder}/county.db", plugins=False)
    with open_office(settings, clock=clock) as office:
        found_office(office, population)
        applicant = Applicant(name=Personal("演示"), id_number=Personal("0"))
        filed = office.do(Submit(item="sx2028", applicant=applicant, materials=("m1", "m2")), actor=clerk)
        clock.move_to(datetime(2016, 4, 22, 10, tzinfo=CHINA))
        office.do(Accept(case_id=filed.case_id), actor=clerk)
        clock.move_to(datetime(2016, 5, 6, 0, 5, tzinfo=CHINA))
        office.sweep()
    return folder, filed.number


@pytest.mark.parametrize("found", list(SHAPE.finditer(page("cli"))), ids=lambda found: found["line"])
def test_the_json_has_the_shape_shown(
    found: re.Match[str], office_folder: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, number = office_folder
    monkeypatch.chdir(folder)
    told = CliRunner(env={"LC_ALL": "C.UTF-8"}).invoke(
        command_line, found["line"].replace("CASE", number).split()[1:], catch_exceptions=False
    )
    printed = next(line for line in told.output.splitlines() if line.startswith(("{", "[{")))
    assert shape(json.loads(printed)) == shape(json.loads(found["json"]))


def test_shapes_that_differ_are_told_apart() -> None:
    assert shape({"a": [1, 2], "b": None}) == shape({"a": [3], "b": None})
    assert shape({"a": [{"x": 1}]}) != shape({"a": [{"x": "1"}]})
    assert shape({"a": 1}) != shape({"a": 1, "b": 2})


def test_every_test_that_a_page_names_exists() -> None:
    named = {
        (str(found.relative_to(DOCS)), path)
        for found in DOCS.rglob("*.md")
        for path in re.findall(r"`((?:tests|src|docs|examples|constraints)/[\w./-]+)`", found.read_text("utf-8"))
    }
    assert named, "the search is broken"
    assert sorted((name, path) for name, path in named if not (ROOT / path).exists()) == []
