"""`klankbord serve` in a process that can be killed and is back within a second."""

import asyncio
import atexit
import os
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random

from tests.faults.wire import Dropped, Line

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0


def dice(*seed: object) -> Random:
    """Throws the same for the same seed."""
    return Random("/".join(map(str, seed)))  # noqa: S311 - a test must be repeatable; nothing is kept secret with it


async def until(is_so: Callable[[], bool], *, patience: float) -> bool:
    """Wait until something is so; False when it takes too long."""
    end = time.monotonic() + patience
    while not is_so():
        if time.monotonic() > end:
            return False
        await asyncio.sleep(0.002)
    return True


def free_port() -> int:
    """A port that nobody has now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _in_memory(ending: str) -> Path:
    """A file that no disk keeps, where the machine can; gone when the tests end."""
    place = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108 - a file of its own in there
    handle, name = tempfile.mkstemp(prefix="klankbord-", suffix=ending, dir=place)
    os.close(handle)
    atexit.register(Path(name).unlink, missing_ok=True)
    return Path(name)


@dataclass
class Server:
    """The site's process. `folder` holds its clock and, on SQLite, its database."""

    folder: Path
    database_url: str
    mail: str
    port: int = field(default_factory=free_port)
    starter: str = "tests.faults.starter"
    more: dict[str, str] = field(default_factory=dict)
    moved: timedelta = timedelta(0)
    pid: int = 0
    starts: int = 0
    started_in: list[float] = field(default_factory=list)
    _log: Path = field(default_factory=lambda: _in_memory(".log"))  # a disk in use would hold the site up as it writes
    _starter: asyncio.subprocess.Process | None = None
    _gone: asyncio.Task[bytes] | None = None

    @property
    def environ(self) -> dict[str, str]:
        """The settings of the site's process; nothing of ours leaks into it."""
        ours = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG", "TMPDIR"}}
        return ours | {
            "PYTHONPATH": f"{ROOT / 'platform'}{os.pathsep}{ROOT}",
            "DATABASE_URL": self.database_url,
            "KLANKBORD_MODE": "test",
            "KLANKBORD_PUBLIC_URL": f"http://127.0.0.1:{self.port}",
            "KLANKBORD_PORT": str(self.port),
            "KLANKBORD_MAIL": self.mail,
            "KLANKBORD_CLOCK": f"file:{self.folder}/clock",
            "KLANKBORD_REQUESTS_PER_MINUTE": "0",  # whole crowds come from this one machine
            "KLANKBORD_UNDO_MINUTES": "0",
            **self.more,
        }

    @property
    def log(self) -> str:
        """What the process wrote on standard error, over all its lives."""
        return self._log.read_text()

    async def start(self) -> None:
        """Start it and wait until it answers."""
        began = time.monotonic()
        if self._starter is None:
            with self._log.open("ab") as log:
                self._starter = await asyncio.create_subprocess_exec(
                    sys.executable,
                    "-m",
                    self.starter,
                    stdin=asyncio.subprocess.PIPE,
                    stdout=asyncio.subprocess.PIPE,
                    stderr=log,
                    env=self.environ,
                    cwd=ROOT,
                )
            assert await self._says() == b"ready", self.log
            began = time.monotonic()
        assert self._starter.stdin is not None
        self._starter.stdin.write(b"start\n")
        self.pid = int(await self._says())
        self._gone = asyncio.create_task(self._says())
        self.starts += 1
        await self._answers()
        self.started_in.append(time.monotonic() - began)

    async def _answers(self) -> None:
        line = Line(self.port)
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            assert self._gone is not None
            assert not self._gone.done(), f"the site did not start:\n{self.log}"
            try:
                await line.get("/health")
            except Dropped:
                await asyncio.sleep(0.01)
            else:
                line.hang_up()
                return
        raise AssertionError(f"the site does not answer:\n{self.log}")

    async def kill(self) -> None:
        """SIGKILL; back when the process is gone and so are its locks."""
        await self._end(signal.SIGKILL)

    async def gone(self) -> None:
        """Wait until somebody killed it."""
        if self._gone is not None:
            await self._gone
            self._gone = None

    async def stop(self) -> None:
        """The way an operator does it."""
        await self._end(signal.SIGTERM)

    async def _end(self, how: signal.Signals) -> None:
        if self._gone is not None:
            if not self._gone.done():
                os.kill(self.pid, how)
            await self._gone
            self._gone = None

    async def close(self) -> None:
        """End everything."""
        await self._end(signal.SIGKILL)
        if self._starter is not None:
            assert self._starter.stdin is not None
            self._starter.stdin.close()
            await self._starter.wait()
            self._starter = None

    def move_clock(self, by: timedelta) -> None:
        """Let the site's clock run ahead by this much more."""
        self.moved += by
        path = self.folder / "clock"
        path.with_suffix(".new").write_text(str(self.moved.total_seconds()))
        path.with_suffix(".new").rename(path)

    async def _says(self) -> bytes:
        assert self._starter is not None
        assert self._starter.stdout is not None
        return (await self._starter.stdout.readline()).strip()
