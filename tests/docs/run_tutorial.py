"""Follow a tutorial block by block, as its reader would, in a fresh environment; what it shows has to come out.

    python tests/docs/run_tutorial.py docs/tutorial/your-first-plugin.md [FOLDER]

`bash` blocks are typed into one shell, in order; each has to succeed. A block below `<!-- file: PATH -->` is put into
that file, from where the shell is. A `text` block is what the block before it has to print: a line `…` stands for any
number of lines, `…` within a line for anything. Nothing else of the page is looked at.

The reader's home is an empty folder. Nothing is fetched: what this environment has is put into wheels again, and pip is
told to take those. The port 8016 is exchanged for a free one.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import os
import re
import selectors
import signal
import socket
import subprocess
import sys
import tempfile
import time
import tomllib
import zipfile
from collections.abc import Iterator
from importlib.metadata import Distribution, distribution
from pathlib import Path

import attrs
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(
    r"(?:^<!-- file: (?P<file>\S+) -->\n)?^```(?P<info>bash|text|python|toml)\n(?P<body>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
PORT = "8016"
MARK = "-- block ended --"
PATIENCE = 180.0
"""Seconds that a block may take."""
LEFT_OUT = ("RECORD", "INSTALLER", "REQUESTED", "direct_url.json", "uv_cache.json")
"""What an installer has added to a distribution."""


class TutorialError(AssertionError):
    """A block failed, or printed something else than the page says."""


# --- the page ---------------------------------------------------------------------------------------------------------


@attrs.frozen
class Block:
    """A fenced block: what it is, the file it goes into (empty for none), its text and its line."""

    info: str
    file: str
    body: str
    line: int


def blocks_of(text: str) -> list[Block]:
    """The blocks that a reader types, saves or compares."""
    return [
        Block(found["info"], found["file"] or "", found["body"], text.count("\n", 0, found.start("body")) + 1)
        for found in BLOCK.finditer(text)
    ]


def is_shown(expected: str, printed: str) -> bool:
    """Whether what was printed is what a `text` block shows."""
    parts = []
    for line in expected.splitlines():
        words = ".*".join(re.escape(part) for part in line.split("…"))
        parts.append(r"(?:.*\n)*?" if line == "…" else f"{words}\n")
    return re.fullmatch("".join(parts), printed) is not None


# --- wheels of what is here -------------------------------------------------------------------------------------------


def make_wheels(folder: Path) -> None:
    """A wheel of everything that the library with its server needs, that building needs, and of pytest."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = [*project["project"]["dependencies"], *project["project"]["optional-dependencies"]["server"]]
    folder.mkdir(parents=True)
    for found in closure([*wanted, *project["build-system"]["requires"], "editables", "pytest"]):
        make_wheel(found, folder)


def closure(wanted: list[str]) -> Iterator[Distribution]:
    """The installed distributions that are wanted, with all that they want in their turn."""
    waiting = [Requirement(one) for one in wanted]
    seen: set[tuple[str, str]] = set()
    given: set[str] = set()
    while waiting:
        one = waiting.pop()
        name = canonicalize_name(one.name)
        found = distribution(name)
        if name not in given:
            given.add(name)
            yield found
        for extra in ("", *sorted(one.extras)):
            if (name, extra) in seen:
                continue
            seen.add((name, extra))
            needed = [Requirement(text) for text in found.requires or ()]
            waiting += [need for need in needed if need.marker is None or need.marker.evaluate({"extra": extra})]


def make_wheel(found: Distribution, folder: Path) -> Path:
    """The wheel that an installed distribution came from, made again from its files."""
    files = [
        file
        for file in found.files or ()
        if ".." not in file.parts and "__pycache__" not in file.parts and file.name not in LEFT_OUT
    ]
    info = next(file.parts[0] for file in files if file.parts[0].endswith(".dist-info"))
    tags = re.findall(r"^Tag: (\S+)$", found.read_text("WHEEL") or "", re.MULTILINE)
    tag = "-".join(".".join(dict.fromkeys(parts)) for parts in zip(*(one.split("-") for one in tags), strict=True))
    wheel = folder / f"{info.removesuffix('.dist-info')}-{tag}.whl"
    record = ""
    with zipfile.ZipFile(wheel, "w") as archive:
        for file in files:
            data = Path(str(found.locate_file(file))).read_bytes()
            archive.writestr(file.as_posix(), data)
            digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode().rstrip("=")
            record += f'"{file.as_posix()}",sha256={digest},{len(data)}\n'
        archive.writestr(f"{info}/RECORD", f"{record}{info}/RECORD,,\n")
    return wheel


# --- the shell --------------------------------------------------------------------------------------------------------


class Shell:
    """One shell in which the blocks of a page are typed; it ends at the first command that fails."""

    def __init__(self, home: Path, wheels: Path | None, language: str) -> None:
        kept = {name: os.environ[name] for name in ("PATH", "TMPDIR", "SYSTEMROOT") if name in os.environ}
        environment = {
            **kept,
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), kept.get("PATH", os.defpath)]),
            "HOME": str(home),
            "LANG": language,
            "PYTHONUTF8": "1",
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "PIP_CACHE_DIR": str(home / "pip-cache"),
            **({} if wheels is None else {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(wheels)}),
        }
        self._process = subprocess.Popen(
            ["bash", "--noprofile", "--norc"],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self.type("set -e\n")

    def type(self, text: str) -> tuple[str, Path]:
        """Type a block and wait: what it printed, and where the shell is now."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{text}\nprintf '%s %s\\n' '{MARK}' \"$PWD\"\n".encode())
        self._process.stdin.flush()
        printed = self._read()
        shown, mark, place = printed.rpartition(f"{MARK} ")
        if not mark:
            raise TutorialError(f"the shell ended:\n{printed}")
        return shown, Path(place.strip())

    def _read(self) -> str:
        assert self._process.stdout is not None
        until, data = time.monotonic() + PATIENCE, b""
        with selectors.DefaultSelector() as selector:
            selector.register(self._process.stdout, selectors.EVENT_READ)
            while not re.search(rb"^" + MARK.encode() + rb" .*\n\Z", data, re.MULTILINE):
                if not selector.select(max(0.0, until - time.monotonic())):
                    raise TutorialError(f"a block has not ended after {PATIENCE:g} s:\n{data.decode()}")
                more = os.read(self._process.stdout.fileno(), 65536)
                if not more:
                    break
                data += more
        return data.decode()

    def close(self) -> None:
        """End the shell and all that was started in it."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self._process.pid, number)
            except ProcessLookupError:
                break
            try:
                self._process.wait(5)
            except subprocess.TimeoutExpired:
                continue
        for stream in (self._process.stdin, self._process.stdout):
            assert stream is not None
            with contextlib.suppress(BrokenPipeError):
                stream.close()
        self._process.wait()


def free_port() -> str:
    """A port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def follow(text: str, name: str, home: Path, wheels: Path | None, *, language: str = "C.UTF-8") -> int:
    """Follow a page; how many blocks that were. Raises TutorialError naming page and line."""
    port, printed, done = free_port(), "", 0
    shell = Shell(home, wheels, language)
    place = ROOT
    try:
        for block in blocks_of(text):
            body = block.body.replace(PORT, port)
            where = f"{name}:{block.line}"
            if block.file:
                (place / block.file).write_text(body, encoding="utf-8")
            elif block.info == "bash":
                try:
                    printed, place = shell.type(body)
                except TutorialError as error:
                    raise TutorialError(f"{where}: {error}") from None
            elif block.info == "text":
                if not is_shown(body, printed):
                    raise TutorialError(f"{where}: the page shows\n{body}\nand this was printed:\n{printed}")
            else:
                raise TutorialError(f"{where}: nobody is told what to do with this block")
            done += 1
    finally:
        shell.close()
    return done


def main(page: Path, folder: Path) -> None:
    """Follow a page in a folder, and say how many blocks that were."""
    wheels = folder / "wheels"
    make_wheels(wheels)
    home = folder / "home"
    home.mkdir()
    language = "zh_CN.UTF-8" if page.name.endswith(".zh.md") else "C.UTF-8"
    done = follow(page.read_text(encoding="utf-8"), page.name, home, wheels, language=language)
    sys.stdout.write(f"{page.name}: {done} blocks, all as shown\n")


if __name__ == "__main__":
    if len(sys.argv) > 2:
        main(Path(sys.argv[1]), Path(sys.argv[2]).resolve())
    else:
        with tempfile.TemporaryDirectory(prefix="egov-tutorial-") as scratch:
            main(Path(sys.argv[1]), Path(scratch))
