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


@dataclass(frozen=True, kw_only=True, eq=False)
class Outcome:
    """What became of a letter, to be written down."""

    message: Message
    refusal: Exception | None
    at: datetime


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
        self._outcomes: list[Outcome] = []
        self._marking = asyncio.Lock()
        self._marks_singly = False

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
        claimed = await outbox.claim(tx, now=now, most=IN_FLIGHT)
        for message in claimed:
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
        return len(claimed), posted

    async def _post(self, posted: Posted, clock: Callable[[], datetime]) -> None:
        """Hand one over and mark it at once: until then a crash sends it again."""
        refusal = None
        try:
            async with asyncio.timeout(SENDING_TAKES_AT_MOST):
                await self.transport.send(posted.letter)
        except Exception as error:
            refusal = error
        outcome = Outcome(message=posted.message, refusal=refusal, at=clock())
        self._outcomes.append(outcome)
        await asyncio.sleep(0)  # those that came back at this same moment are marked together
        try:
            async with asyncio.timeout(MARKING_TAKES_AT_MOST):
                while outcome in self._outcomes:
                    async with self._marking:
                        await self._mark()
                    if outcome in self._outcomes:
                        await asyncio.sleep(AGAIN)
        finally:
            self._outcomes = [one for one in self._outcomes if one is not outcome]

    async def _mark(self) -> None:
        """Write down what became of letters, all that wait for it in one transaction.

        The database may be away just now, or one of them be at fault: next time the first goes alone, and last after.
        """
        some = self._outcomes[: 1 if self._marks_singly else None]
        try:
            async with self.database.write() as tx:
                for outcome in some:
                    await self._close(tx, outcome)
        except Exception as error:
            self._note("marking a letter", error)
            self._marks_singly = True
            self._outcomes = self._outcomes[1:] + self._outcomes[:1]
        else:
            self._marks_singly = False
            self._outcomes = [outcome for outcome in self._outcomes if outcome not in some]

    async def _close(self, tx: WriteSession, outcome: Outcome) -> None:
        message, error = outcome.message, outcome.refusal
        if error is None:
            await outbox.sent(tx, message=message, now=outcome.at)
        elif isinstance(error, Undeliverable):
            await outbox.bounced(tx, message=message, error=str(error))
        else:
            self._note(f"sending to {self.settings.mail.partition(':')[0]}", error)
            await outbox.deferred(tx, message=message, error=repr(error), now=outcome.at)
