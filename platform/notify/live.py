"""The live signal: a socket that hears topics, never content. Who hears one fetches the page again as themselves.
"resync" instead of a topic says that something was missed: every part of the page is fetched again.

The topics of the moderators' queue are checked when the socket opens and again before each signal; a socket
from another origin is refused before it is accepted.
"""

import asyncio
import json
import re
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from litestar import WebSocket, websocket
from litestar.channels import ChannelsBackend, ChannelsPlugin
from litestar.channels.backends.memory import MemoryChannelsBackend
from litestar.exceptions import WebSocketDisconnect

from accounts import sessions
from accounts.access import Permission, may
from accounts.actor import Actor
from kernel.clock import Clock
from kernel.cookies import SESSION, cookie_name
from kernel.db import Database
from kernel.errors import DomainError
from kernel.settings import Settings

QUEUE = "queue"
AT_MOST = 20
BACKLOG = 200
PAUSE = 0.1
"""Seconds between two signals on one socket; what happens meanwhile is one signal a topic."""
HEARD_AT_MOST = 100
"""Frames that a client may send on one socket; ours send none."""
LONGEST_FRAME = 1_000
REFUSED = 4403
_TOPIC = re.compile(r"(?:consultation|idea|themes|meeting|receipt):[1-9][0-9]{0,8}|queue")


class Hub:
    """Tells whoever watches a topic that it changed: on PostgreSQL in every process, on SQLite in this one."""

    def __init__(self, database_url: str) -> None:
        self.channels = ChannelsPlugin(
            _backend(database_url),
            arbitrary_channels_allowed=True,
            subscriber_max_backlog=BACKLOG,
            subscriber_backlog_strategy="dropleft",
        )

    def nudge(self, topic: str) -> None:
        """Signal the topic; nobody listening, or a site that is closing, is no error."""
        with suppress(RuntimeError):  # the channels begin and end with the site
            self.channels.publish(topic, [topic])


def _backend(database_url: str) -> ChannelsBackend:
    if database_url.startswith("sqlite"):
        return MemoryChannelsBackend()
    from notify.across import AcrossProcesses  # its driver comes with PostgreSQL only

    return AcrossProcesses(database_url)


def topics_of(asked: str) -> list[str] | None:
    """The topics of a query string, each once; None when one is unknown or there are too many."""
    topics = list(dict.fromkeys(asked.split(","))) if asked else []
    known = all(_TOPIC.fullmatch(topic) for topic in topics)
    return topics if topics and known and len(topics) <= AT_MOST else None


def may_hear(actor: Actor, topics: Sequence[str]) -> bool:
    """Everybody hears what pages show to everybody; the queue is the moderators'."""
    return QUEUE not in topics or may(actor, Permission.READ_QUEUE)


@websocket("/live", name="live")
async def live(socket: WebSocket[Actor, Any, Any]) -> None:
    """Hear topics until the page closes."""
    settings: Settings = socket.app.state.settings
    topics = topics_of(socket.query_params.get("topics", ""))
    if socket.headers.get("origin") != settings.origin or topics is None or not may_hear(socket.user, topics):
        await socket.close(code=REFUSED)  # before accept: the browser gets 403
        return
    await socket.accept()
    hub: Hub = socket.app.state.hub
    subscriber = await hub.channels.subscribe(topics)
    waiting: dict[str, None] = {}
    woken = asyncio.Event()

    async def hear(event: bytes) -> None:
        waiting[event.decode()] = None
        woken.set()

    try:
        async with subscriber.run_in_background(hear, join=False):
            telling = asyncio.create_task(_tell(socket, waiting, woken))
            listening = asyncio.create_task(_listen(socket))
            done, rest = await asyncio.wait({telling, listening}, return_when=asyncio.FIRST_COMPLETED)
            for task in rest:
                task.cancel()
            await asyncio.gather(*done, *rest, return_exceptions=True)
    finally:
        await hub.channels.unsubscribe(subscriber)


async def _tell(socket: WebSocket[Actor, Any, Any], waiting: dict[str, None], woken: asyncio.Event) -> None:
    """Pass the signals on, each topic at most once a PAUSE."""
    while True:
        await woken.wait()
        woken.clear()
        topics = list(waiting)
        waiting.clear()
        if QUEUE in topics:
            try:
                may = may_hear(await _actor_now(socket), topics)
            except DomainError:  # nobody can say just now; the signal waits
                waiting.update(dict.fromkeys(topics))
                woken.set()
                await asyncio.sleep(1)
                continue
            if not may:
                await socket.close(code=1008)
                return
        for topic in topics:
            await socket.send_text(json.dumps({"topic": topic}))
        await asyncio.sleep(PAUSE)


async def _actor_now(socket: WebSocket[Actor, Any, Any]) -> Actor:
    """Whom the socket's cookie stands for at this moment: roles are taken back, people sign out."""
    state = socket.app.state
    database: Database = state.database
    clock: Clock = state.clock
    async with database.read() as db:
        secret = socket.cookies.get(cookie_name(SESSION, state.settings))
        return await sessions.actor_behind(db, secret=secret, now=clock.now())


async def _listen(socket: WebSocket[Actor, Any, Any]) -> None:
    """Notice that the page closed. What a client says is not used; who says much is let go."""
    with suppress(WebSocketDisconnect):
        for _ in range(HEARD_AT_MOST):
            said = await socket.receive()
            if said["type"] == "websocket.disconnect":
                return
            if len(str(said.get("text") or said.get("bytes") or "")) > LONGEST_FRAME:
                break
        await socket.close(code=1008)
