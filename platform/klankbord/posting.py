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
"""Seconds in which what became of letters is written down, if need be again; together well within their lease."""
AGAIN = 0.5


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
        errors = await asyncio.gather(*(self._send(one) for one in posted), return_exceptions=True)
        if posted:
            await self._mark(posted, errors, clock)
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

    async def _send(self, posted: Posted) -> None:
        async with asyncio.timeout(SENDING_TAKES_AT_MOST):
            await self.transport.send(posted.letter)

    async def _mark(
        self, posted: list[Posted], errors: list[BaseException | None], clock: Callable[[], datetime]
    ) -> None:
        """Write down what became of them; again when the database was away, for a letter must not leave twice."""
        async with asyncio.timeout(MARKING_TAKES_AT_MOST):
            while True:
                try:
                    async with self.database.write() as tx:
                        for one, error in zip(posted, errors, strict=True):
                            await self._close(tx, one.message, error, clock())
                    return
                except Exception as error:
                    self._note("marking letters", error)
                    await asyncio.sleep(AGAIN)

    async def _close(self, tx: WriteSession, message: Message, error: BaseException | None, now: datetime) -> None:
        if error is None:
            await outbox.sent(tx, message=message, now=now)
        elif isinstance(error, Undeliverable):
            await outbox.bounced(tx, message=message, error=str(error))
        else:
            self._note(f"sending to {self.settings.mail.partition(':')[0]}", error)
            await outbox.deferred(tx, message=message, error=repr(error), now=now)
