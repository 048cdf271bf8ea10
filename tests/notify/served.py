"""The whole site on a port of its own, in this process, with a clock that the test moves."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from functools import cache

import uvicorn
from litestar import Litestar
from websockets.asyncio.client import ClientConnection

from kernel.clock import Clock
from kernel.db import Database
from kernel.settings import Settings
from klankbord.wire import OPTIONS
from notify.audience import Audience
from tests.application import equipped, registered
from tests.listening import listening, ticket_for


@dataclass
class Served:
    """A running site and its address."""

    app: Litestar
    port: int

    @property
    def site(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def audience(self) -> Audience:
        """Who listens."""
        return self.app.state.audience  # type: ignore[no-any-return]  # State is untyped

    def listen(self, *topics: str, session: str = "", page: str = "/") -> AbstractAsyncContextManager[ClientConnection]:
        """A socket as a browser on a page would open it."""
        return listening(self.site, *topics, cookies=cookies_of(session), page=page)

    async def ticket(self, *topics: str, session: str = "", page: str = "/") -> str:
        """A ticket as a page would get it."""
        return await ticket_for(self.site, *topics, cookies=cookies_of(session), page=page)


def cookies_of(session: str) -> dict[str, str]:
    """The cookies of a browser with this session; without one there are none."""
    return {"session": session} if session else {}


@cache
def door() -> socket.socket:
    """One port for all tests of a process: the application is registered under its address once."""
    door = socket.create_server(("127.0.0.1", 0))
    door.setblocking(False)
    return door


@asynccontextmanager
async def serving(settings: Settings, *, clock: Clock, database: Database) -> AsyncIterator[Served]:
    """Serve until the test is done."""
    listening_at = door().dup()
    port = listening_at.getsockname()[1]
    at_port = replace(settings, public_url=f"http://127.0.0.1:{port}", requests_per_minute=0, mail="memory:")
    registered_here = registered(mode=settings.mode, public_url=at_port.public_url, with_worker=True)
    app = equipped(registered_here, at_port, clock=clock, database=database)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", log_config=None, lifespan="on", **OPTIONS))
    running = asyncio.create_task(server.serve(sockets=[listening_at]))
    while not server.started:  # noqa: ASYNC110 - the server has no event for it
        await asyncio.sleep(0.01)
    yield Served(app, port)
    server.should_exit = True
    await running
    listening_at.close()


async def heard(socket: ClientConnection, patience: float = 5.0) -> str:
    """The topic that the socket names next."""
    async with asyncio.timeout(patience):
        return str(json.loads(await socket.recv())["topic"])
