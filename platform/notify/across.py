"""Topics from process to process, by LISTEN and NOTIFY of PostgreSQL: names of topics only, never what they hold.

Two connections of its own: one hears, one tells. Each is looked after, and made anew when it was lost. What cannot be
told meanwhile is told afterwards; what could not be heard is made up for by `RESYNC` to everybody who listens here.
Nothing here ever raises into a request.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from contextlib import suppress
from time import monotonic
from typing import Any

import asyncpg
import structlog
from litestar.channels.backends.base import ChannelsBackend
from sqlalchemy.engine import make_url

RESYNC = "resync"
"""Instead of a topic: something was missed, so look at everything again."""
CHANNEL = "klankbord_live"
LOOKS_EVERY = 15.0
"""Seconds after which a silent connection is asked whether it is still there: a dead one says nothing by itself."""
ANSWERS_WITHIN = 5.0
BEGINS_WITHIN = 2.0
"""Seconds that a starting site waits until it hears; after that it starts all the same."""
TRIES_AGAIN_AFTER = (0.05, 0.1, 0.2, 0.4)
"""Seconds between attempts to connect; the last counts from then on."""
STEADY_AFTER = 1.0
"""Seconds after which a connection counts as made; one that is lost sooner is tried again ever more slowly."""
TOGETHER = 500
"""Topics told in one go, and kept while nothing can be told; beyond that everybody looks at everything again."""
LAST_WORDS = 0.5
"""Seconds that a site which stops gives to what was not told yet."""
TELL = "SELECT pg_notify($1, topic) FROM unnest($2::text[]) AS topic"

log = structlog.get_logger()


class Waiting:
    """Topics that wait to be passed on, each once, in order; too many become one RESYNC."""

    def __init__(self) -> None:
        self._topics: dict[str, None] = {}
        self.woken = asyncio.Event()
        self.emptied = asyncio.Event()
        self.emptied.set()

    def add(self, topics: Iterable[str]) -> None:
        """Have these told; wakes whoever tells."""
        self._topics |= dict.fromkeys(topics)
        if len(self._topics) > TOGETHER or RESYNC in self._topics:
            self._topics = {RESYNC: None}
        if self._topics:
            self.emptied.clear()
            self.woken.set()

    def take(self) -> list[str]:
        """All of them; nothing waits any more."""
        topics = list(self._topics)
        self._topics.clear()
        self.woken.clear()
        return topics

    def told(self) -> None:
        """What was taken has arrived."""
        if not self._topics:
            self.emptied.set()


class AcrossProcesses(ChannelsBackend):
    """Channels that every process on the same PostgreSQL database shares. The channel's name is all that travels."""

    def __init__(self, database_url: str) -> None:
        self._address = _address_of(database_url)
        self._subscribed: set[str] = set()
        self._tasks: list[asyncio.Task[None]] = []

    async def on_startup(self) -> None:
        """Begin to hear and to tell; a database that is away keeps no site from starting."""
        self._to_tell, self._heard = Waiting(), Waiting()
        listening = asyncio.Event()
        self._tasks = [
            asyncio.create_task(self._stay_connected("klankbord hears", lambda line: self._listen(line, listening))),
            asyncio.create_task(self._stay_connected("klankbord tells", self._tell)),
        ]
        with suppress(TimeoutError):
            await asyncio.wait_for(listening.wait(), BEGINS_WITHIN)

    async def on_shutdown(self) -> None:
        """Say what is left, shortly, and let go."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._to_tell.emptied.wait(), LAST_WORDS)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._subscribed.clear()

    async def publish(self, data: bytes, channels: Iterable[str]) -> None:
        """Have the channels' names told to every process; `data` stays here."""
        self._to_tell.add(channels)

    async def subscribe(self, channels: Iterable[str]) -> None:
        """Pass these on from now."""
        self._subscribed.update(channels)

    async def unsubscribe(self, channels: Iterable[str]) -> None:
        """Pass these on no longer."""
        self._subscribed.difference_update(channels)

    async def stream_events(self) -> AsyncGenerator[tuple[str, bytes], None]:
        """Each topic heard that somebody here listens to; RESYNC on every one of them."""
        while True:
            await self._heard.woken.wait()
            for topic in self._heard.take():
                for channel in tuple(self._subscribed) if topic == RESYNC else {topic} & self._subscribed:
                    yield channel, topic.encode()

    async def get_history(self, channel: str, limit: int | None = None) -> list[bytes]:
        """Nothing is kept."""
        return []

    # the two connections

    async def _stay_connected(self, name: str, use: Callable[[Any], Awaitable[None]]) -> None:
        """Connect and use the connection, and again whenever it is lost."""
        attempts = 0
        while True:
            said = "closed"
            try:
                line = await asyncpg.connect(
                    **self._address, timeout=ANSWERS_WITHIN, server_settings={"application_name": name}
                )
                connected_at = monotonic()
                try:
                    await use(line)
                finally:
                    line.terminate()
                    if monotonic() - connected_at > STEADY_AFTER:
                        attempts = 0
            except Exception as error:  # of any kind: a site that stops trying is deaf from then on
                said = repr(error)
            if attempts == 0:
                log.warning("live connection lost", line=name, said=said)
            await asyncio.sleep(TRIES_AGAIN_AFTER[min(attempts, len(TRIES_AGAIN_AFTER) - 1)])
            attempts += 1

    async def _listen(self, line: Any, listening: asyncio.Event) -> None:
        lost = asyncio.Event()
        line.add_termination_listener(lambda _: lost.set())
        await line.add_listener(CHANNEL, lambda _line, _pid, _channel, topic: self._heard.add([topic]))
        listening.set()
        self._heard.add([RESYNC])  # whatever was said before this moment, nobody here heard
        while not await _happens(lost):
            await line.execute("SELECT 1", timeout=ANSWERS_WITHIN)

    async def _tell(self, line: Any) -> None:
        line.add_termination_listener(lambda _: self._to_tell.woken.set())
        while not line.is_closed():
            if not await _happens(self._to_tell.woken):
                await line.execute("SELECT 1", timeout=ANSWERS_WITHIN)
            elif topics := self._to_tell.take():
                try:
                    await line.execute(TELL, CHANNEL, topics, timeout=ANSWERS_WITHIN)
                except BaseException:
                    self._to_tell.add(topics)  # told twice is as good as once
                    raise
                self._to_tell.told()


async def _happens(event: asyncio.Event) -> bool:
    """Whether it happens before a connection must be looked at."""
    with suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), LOOKS_EVERY)
    return event.is_set()


def _address_of(database_url: str) -> dict[str, Any]:
    """What the driver wants to know, read from the URL exactly as the rest of the site reads it."""
    url = make_url(database_url)
    _, told = url.get_dialect()().create_connect_args(url)
    ours = {"prepared_statement_cache_size", "prepared_statement_name_func", "async_creator_fn"}
    return {name: value for name, value in told.items() if name not in ours}
