"""Topics between processes, on a real PostgreSQL that is stopped, frozen and thrown out of the line."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from time import monotonic

import asyncpg
import pytest
from sqlalchemy.engine import make_url

from notify import across
from notify.across import RESYNC, AcrossProcesses
from tests.engines import PostgresServer, postgres_server


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    """A PostgreSQL of this module's own: its tests stop and start it."""
    with postgres_server() as server:
        yield server


class Process:
    """What a server process holds: its channels, and what somebody on it heard."""

    def __init__(self, channels: AcrossProcesses) -> None:
        self.channels = channels
        self.heard: list[tuple[str, str]] = []
        self._more = asyncio.Event()

    async def listen(self) -> None:
        """Write down what is passed on, until cancelled."""
        async for channel, event in self.channels.stream_events():
            self.heard.append((channel, event.decode()))
            self._more.set()

    async def hears(self, channel: str, event: str, *, within: float = 5.0) -> float:
        """Wait until this is passed on; gives the seconds it took."""
        began = monotonic()
        async with asyncio.timeout(within):
            while (channel, event) not in self.heard:
                self._more.clear()
                await self._more.wait()
        return monotonic() - began

    async def tell(self, *topics: str) -> None:
        """As a commit in this process would."""
        await self.channels.publish(b"", topics)


@asynccontextmanager
async def a_process(server: PostgresServer, *topics: str) -> AsyncIterator[Process]:
    """A process in which somebody listens to these topics, and hears no more of how it began."""
    channels = AcrossProcesses(server.url())
    await channels.on_startup()
    await channels.subscribe(topics)
    process = Process(channels)
    listening = asyncio.create_task(process.listen())
    if topics and server_is_up(server):
        await process.hears(topics[0], RESYNC)
        process.heard.clear()
    yield process
    listening.cancel()
    await channels.on_shutdown()


def server_is_up(server: PostgresServer) -> bool:
    """Whether it was started."""
    return (server.data / "postmaster.pid").exists()


async def cut(server: PostgresServer, name: str) -> None:
    """End the connections of this name on the server's side."""
    for pid in await backends(server, name):
        server.execute(f"SELECT pg_terminate_backend({pid})")


async def backends(server: PostgresServer, name: str) -> list[int]:
    """The server's processes behind the connections of this name."""
    connection = await asyncpg.connect(
        make_url(server.url()).set(drivername="postgresql").render_as_string(hide_password=False)
    )
    rows = await connection.fetch("SELECT pid FROM pg_stat_activity WHERE application_name = $1", name)
    await connection.close()
    return [row["pid"] for row in rows]


async def test_what_one_process_tells_every_process_hears_soon(server: PostgresServer) -> None:
    async with a_process(server, "idea:1") as one, a_process(server, "idea:1") as other:
        await one.tell("idea:1")

        assert await other.hears("idea:1", "idea:1") < 1
        assert await one.hears("idea:1", "idea:1") < 1


async def test_only_what_somebody_listens_to_is_passed_on(server: PostgresServer) -> None:
    async with a_process(server, "idea:1", "idea:2") as one:
        await one.channels.unsubscribe(["idea:2"])
        await one.tell("idea:3", "idea:2", "idea:1")
        await one.hears("idea:1", "idea:1")

    assert one.heard == [("idea:1", "idea:1")]


async def test_a_burst_arrives_and_what_is_too_much_says_look_at_everything(server: PostgresServer) -> None:
    async with a_process(server, "idea:7") as one, a_process(server, "idea:7") as other:
        for number in range(2000):
            await one.tell(f"idea:{number}")

        await other.hears("idea:7", RESYNC)


async def test_after_a_restart_of_the_server_everybody_looks_again_and_hears_again(server: PostgresServer) -> None:
    async with a_process(server, "idea:1") as one, a_process(server, "idea:1", "idea:2") as other:
        server.restart("immediate")

        took = max([await one.hears("idea:1", RESYNC), await other.hears("idea:2", RESYNC)])
        await one.tell("idea:1")

        assert await other.hears("idea:1", "idea:1") < 1
        assert took < 1


async def test_what_could_not_be_told_is_told_when_the_server_is_back(server: PostgresServer) -> None:
    async with a_process(server, "idea:1") as one:
        server.stop("immediate")
        await one.tell("idea:1")  # neither waits nor raises
        server.start()

        assert await one.hears("idea:1", RESYNC) < 1

    async with a_process(server, "idea:1") as one, a_process(server, "idea:1") as other:
        await cut(server, "klankbord tells")
        await one.tell("idea:1")

        assert await other.hears("idea:1", "idea:1") < 1


async def test_a_line_that_is_cut_is_made_anew(server: PostgresServer) -> None:
    async with a_process(server, "idea:1") as one:
        await cut(server, "klankbord hears")

        assert await one.hears("idea:1", RESYNC) < 1
        await one.tell("idea:1")
        assert await one.hears("idea:1", "idea:1") < 1


async def test_a_line_that_fell_silent_is_noticed(server: PostgresServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(across, "LOOKS_EVERY", 0.2)
    monkeypatch.setattr(across, "ANSWERS_WITHIN", 0.2)
    async with a_process(server, "idea:1") as one:
        frozen = await backends(server, "klankbord hears")
        for pid in frozen:
            os.kill(pid, signal.SIGSTOP)
        try:
            assert await one.hears("idea:1", RESYNC) < 1
        finally:
            for pid in frozen:
                os.kill(pid, signal.SIGCONT)


async def test_a_site_starts_without_the_server_and_hears_once_it_is_there(
    server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(across, "BEGINS_WITHIN", 0.1)
    server.stop()
    async with a_process(server, "idea:1") as one:
        server.start()

        assert await one.hears("idea:1", RESYNC) < 1


async def test_the_last_words_of_a_site_that_stops_are_heard(server: PostgresServer) -> None:
    async with a_process(server, "idea:1") as other:
        async with a_process(server) as one:
            await one.tell("idea:1")

        assert await other.hears("idea:1", "idea:1") < 1
