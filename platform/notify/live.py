"""The live signal: a socket that hears topics, never content. Who hears one fetches the page again as themselves.
"resync" instead of a topic says that something was missed: every part of the page is fetched again.

A page asks for a ticket first, with its own form token; the ticket opens one socket, in that browser, within half a
minute. A socket from another origin is refused before it is accepted. What may be heard: `hearing`; who listens and
for how long: `audience`.
"""

import asyncio
import json
from contextlib import suppress
from datetime import datetime
from time import monotonic
from typing import Any

from litestar import WebSocket, post, websocket
from litestar.channels import ChannelsBackend, ChannelsPlugin
from litestar.channels.backends.memory import MemoryChannelsBackend
from litestar.exceptions import WebSocketDisconnect
from litestar.response import Response

from accounts import actor as actors
from accounts.inject import Actor
from kernel import forms
from kernel.cookies import SESSION, cookie_name
from kernel.errors import DomainError, NotFound
from kernel.inject import Asked, Config, Db, FormData, Now
from kernel.networks import UNKNOWN
from kernel.settings import Settings
from kernel.tokens import digest_of
from notify import hearing, tickets
from notify.audience import Audience, Ear
from notify.tickets import Ticket

BACKLOG = 200
PAUSE = 0.1
"""Seconds between two signals on one socket; what happens meanwhile is one signal a topic."""
HEARD_AT_MOST = 100
A_SECOND = 20
"""Frames that a client may send on one socket, and in one second; ours send none."""
LONGEST_FRAME = 1_000
LETS_GO_WITHIN = 1.0
"""Seconds for saying goodbye to a reader that does not read."""
REFUSED, ENDED, TOO_MUCH = 4403, 4401, 1008
RESYNC = "resync"
_Socket = WebSocket[actors.Actor, Any, Any]


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


@post("/live/ticket", name="live.ticket", status_code=200)
async def ticket(
    data: FormData, request: Asked, db: Db, actor: Actor, now: Now, settings: Config
) -> Response[dict[str, str]]:
    """A ticket for one socket that hears these topics."""
    topics = hearing.topics_of(forms.line(data, "topics"))
    if topics is None or not hearing.may_hear(actor, topics):
        raise NotFound
    receipt = await hearing.receipt_behind(db, topics, page=forms.line(data, "page"), now=now)
    if receipt is None:
        raise NotFound
    session = _session(request.cookies, actor, settings)
    return Response({"ticket": tickets.issue(settings, topics=topics, session=session, receipt=receipt, now=now)})


@websocket("/live", name="live")
async def live(socket: _Socket) -> None:
    """Hear topics until the page closes, or the right to hear them ends."""
    audience: Audience = socket.app.state.audience
    asked = _asked(socket, audience.now())
    if asked is not None:
        ear = Ear(
            topics=asked.topics,
            session=asked.session,
            receipt=asked.receipt,
            person_id=socket.user.person_id,
            grants=socket.user.grants,
            network=str(socket.scope.get("network", UNKNOWN)),
        )
        if audience.has_room(ear.person_id, ear.network):
            with audience.place(ear):
                if await _is_let_in(audience, asked, ear):
                    await _serve(socket, audience, ear)
                    return
    await socket.close(code=REFUSED)  # before accept: the browser gets 403


def _session(cookies: dict[str, str], actor: actors.Actor, settings: Settings) -> str:
    """The hash of the session's secret; empty for nobody."""
    return digest_of(cookies.get(cookie_name(SESSION, settings), "")) if actor.is_signed_in else ""


def _asked(socket: _Socket, now: datetime) -> Ticket | None:
    """What it comes for: None when it comes from another site, or its ticket is not good."""
    settings: Settings = socket.app.state.settings
    if socket.headers.get("origin") != settings.origin:
        return None
    session = _session(socket.cookies, socket.user, settings)
    return tickets.read(settings, socket.query_params.get("ticket", ""), session=session, now=now)


async def _is_let_in(audience: Audience, asked: Ticket, ear: Ear) -> bool:
    """Whether the ticket was not used before, here or (for what is not everybody's) anywhere, and the right is there.

    Nobody is let in while the database is away.
    """
    if not audience.spent.is_first(asked, now=audience.now()):
        return False
    try:
        if any(hearing.is_closed(topic) for topic in asked.topics) and not await audience.is_first_anywhere(asked):
            return False
        return not ear.session or await audience.is_standing(ear)
    except DomainError:
        return False


async def _serve(socket: _Socket, audience: Audience, ear: Ear) -> None:
    """Pass on what is said of the topics; the first of talking, closing and losing the right ends it."""
    await socket.accept()
    hub: Hub = socket.app.state.hub
    subscriber = await hub.channels.subscribe(ear.topics)
    waiting: dict[str, float] = {}
    woken = asyncio.Event()

    async def hear(event: bytes) -> None:
        waiting[event.decode()] = monotonic()
        woken.set()

    try:
        async with subscriber.run_in_background(hear, join=False):
            telling = asyncio.create_task(_tell(socket, audience, ear, waiting, woken))
            listening = asyncio.create_task(_listen(socket))
            losing = asyncio.create_task(ear.lost.wait())
            tasks = {telling, listening, losing}
            done, rest = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in rest:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
    finally:
        await hub.channels.unsubscribe(subscriber)
    if not (listening in done and listening.exception() is None and not listening.result()):
        with suppress(TimeoutError, WebSocketDisconnect, RuntimeError, OSError):  # it may have gone by now
            async with asyncio.timeout(LETS_GO_WITHIN):
                await socket.close(code=ENDED if losing in done else TOO_MUCH)


async def _tell(socket: _Socket, audience: Audience, ear: Ear, waiting: dict[str, float], woken: asyncio.Event) -> None:
    """Pass the signals on, each topic at most once a PAUSE, each only as long as it may be heard."""
    while True:
        await woken.wait()
        woken.clear()
        while waiting:
            topic, since = next(iter(waiting.items()))
            try:
                may = topic == RESYNC or await audience.may_still(ear, topic, since=since)
            except DomainError:  # nobody can say just now; the signal waits
                await asyncio.sleep(1)
                continue
            if waiting.get(topic) == since:
                del waiting[topic]
                if may:
                    await socket.send_text(json.dumps({"topic": topic}))
        await asyncio.sleep(PAUSE)


async def _listen(socket: _Socket) -> bool:
    """Notice that the page closed (False). What a client says is not used; who says much is let go (True)."""
    began, said = monotonic(), 0
    with suppress(WebSocketDisconnect):
        for _ in range(HEARD_AT_MOST):
            frame = await socket.receive()
            if frame["type"] == "websocket.disconnect":
                return False
            if monotonic() - began >= 1:
                began, said = monotonic(), 0
            said += 1
            if said > A_SECOND or len(str(frame.get("text") or frame.get("bytes") or "")) > LONGEST_FRAME:
                break
        return True
    return False
