"""The whole site on a port of its own, in this process, with a clock that the test moves."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace

import uvicorn
from litestar import Litestar
from websockets.asyncio.client import ClientConnection

from kernel.clock import Clock
from kernel.db import Database
from kernel.settings import Settings
from klankbord.app import create_app
from klankbord.wire import OPTIONS
from notify.audience import Audience
from notify.transport import Memory
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


@asynccontextmanager
async def serving(settings: Settings, *, clock: Clock, database: Database) -> AsyncIterator[Served]:
    """Serve until the test is done."""
    config = uvicorn.Config("unused", port=0, log_level="warning", log_config=None)
    config.load_app = lambda: None  # type: ignore[method-assign]  # the app is made once the port is known
    listening_at = config.bind_socket()
    port = listening_at.getsockname()[1]
    at_port = replace(settings, public_url=f"http://127.0.0.1:{port}", requests_per_minute=0)
    app = create_app(at_port, clock=clock, database=database, transport=Memory(), with_worker=True)
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
