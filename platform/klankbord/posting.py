"""Letters on their way: claimed, handed over, marked. In the running site apart from the worker's turns.

A mail server that is slow or away keeps nobody but letters waiting: facts are told and planned runs are done meanwhile.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage

from jinja2 import Environment

from kernel.db import Database, WriteSession
from kernel.settings import Settings
from notify import letters, outbox
from notify.models import Message
from notify.transport import Transport, Undeliverable

IN_FLIGHT = 5
"""Letters on their way together; as many can arrive twice after a crash."""
SENDING_TAKES_AT_MOST = 60
MARKING_TAKES_AT_MOST = 30
"""Seconds in which it is written down what became of a letter, if need be again; together well within its lease."""
AGAIN = 0.5
"""Seconds before that is tried again."""


@dataclass(frozen=True, kw_only=True)
class Posted:
    """A claimed letter, ready to leave."""

    message: Message
    letter: EmailMessage


class Posting:
    """Sends what is due, a few letters at a time. `note` is told of errors; they end nothing."""

    def __init__(
        self,
        *,
        database: Database,
        settings: Settings,
        environment: Environment,
        transport: Transport,
        note: Callable[[str, BaseException], None],
    ) -> None:
        self.database = database
        self.settings = settings
        self.environment = environment
        self.transport = transport
        self._note = note

    async def deliver(self, clock: Callable[[], datetime]) -> int:
        """Send the next few letters; how many were claimed."""
        async with self.database.read() as db:
            if not await outbox.is_any_due(db, now=clock()):
                return 0
        async with self.database.write() as tx:
            await outbox.release_stuck(tx, now=clock())  # here, where none of our own is on its way
            claimed, posted = await self._claim(tx, clock())
        for error in await asyncio.gather(*(self._post(one, clock) for one in posted), return_exceptions=True):
            if error is not None:
                self._note("marking a letter", error)
        return claimed

    async def _claim(self, tx: WriteSession, now: datetime) -> tuple[int, list[Posted]]:
        """Claim and write a few letters in one transaction; they leave only after its commit."""
        posted: list[Posted] = []
        for claimed in range(IN_FLIGHT):
            message = await outbox.claim(tx, now=now)
            if message is None:
                return claimed, posted
            try:
                async with tx.begin_nested():
                    letter = await letters.write(
                        tx, message=message, environment=self.environment, settings=self.settings, now=now
                    )
            except letters.NotSendable as refusal:
                await tx.refresh(message)
                await outbox.suppressed(tx, message=message, why=str(refusal))
            except Exception as error:  # one letter that cannot be written must not stop the others
                await tx.refresh(message)
                self._note(f"letter {message.template} {message.id}", error)
                await outbox.deferred(tx, message=message, error=repr(error), now=now)
            else:
                posted.append(Posted(message=message, letter=letter))
        return IN_FLIGHT, posted

    async def _post(self, posted: Posted, clock: Callable[[], datetime]) -> None:
        """Hand one over and mark it at once: until then a crash sends it again."""
        refusal = None
        try:
            async with asyncio.timeout(SENDING_TAKES_AT_MOST):
                await self.transport.send(posted.letter)
        except Exception as error:
            refusal = error
        async with asyncio.timeout(MARKING_TAKES_AT_MOST):
            while not await self._is_marked(posted.message, refusal, clock()):  # noqa: ASYNC110 - each look is a try
                await asyncio.sleep(AGAIN)

    async def _is_marked(self, message: Message, refusal: Exception | None, now: datetime) -> bool:
        """Whether it could be written down; the database may be away just now."""
        try:
            async with self.database.write() as tx:
                await self._close(tx, message, refusal, now)
        except Exception as error:
            self._note("marking a letter", error)
            return False
        return True

    async def _close(self, tx: WriteSession, message: Message, error: Exception | None, now: datetime) -> None:
        if error is None:
            await outbox.sent(tx, message=message, now=now)
        elif isinstance(error, Undeliverable):
            await outbox.bounced(tx, message=message, error=str(error))
        else:
            self._note(f"sending to {self.settings.mail.partition(':')[0]}", error)
            await outbox.deferred(tx, message=message, error=repr(error), now=now)
