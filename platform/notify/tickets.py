"""Tickets for the live signal: signed, valid for half a minute, used once, and only in the browser that asked.

A ticket names its topics and the session it was made for (or nobody). Every process that has the site's secret takes
it. Which ones were used is remembered by the process; of a ticket with a topic that is not everybody's the database
remembers it too, so that no other process takes it a second time.
"""

import hashlib
import secrets
from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta

from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import delete

from kernel.db import Database, WriteSession
from kernel.once import changed, insert_once
from kernel.settings import Settings
from notify.models import SpentTicket

VALID = timedelta(seconds=30)
LONGEST = 4_000
"""Characters; ours are shorter."""


@dataclass(frozen=True, kw_only=True)
class Ticket:
    """What was asked and granted. `session` and `receipt` are hashes of the secrets that it rests on, or empty."""

    nonce: str
    topics: tuple[str, ...]
    session: str
    receipt: str
    expires_at: datetime


def _signer(settings: Settings) -> URLSafeSerializer:
    return URLSafeSerializer(settings.secret, salt="live ticket", signer_kwargs={"digest_method": hashlib.sha256})


def issue(settings: Settings, *, topics: list[str], session: str, receipt: str, now: datetime) -> str:
    """A new ticket, as it travels."""
    expires_at = now + VALID
    told = [secrets.token_urlsafe(16), topics, session, receipt, expires_at.timestamp()]
    return str(_signer(settings).dumps(told))


def read(settings: Settings, signed: str, *, session: str, now: datetime) -> Ticket | None:
    """The ticket, when we made it, for this session, and not too long ago."""
    try:
        nonce, topics, bound_to, receipt, expires = _signer(settings).loads(signed[:LONGEST])
    except (BadData, ValueError):
        return None
    expires_at = datetime.fromtimestamp(expires, now.tzinfo)
    if bound_to != session or not now < expires_at <= now + VALID + timedelta(seconds=5):
        return None
    return Ticket(nonce=nonce, topics=tuple(topics), session=bound_to, receipt=receipt, expires_at=expires_at)


class Spent:
    """The tickets that this process took, until they would have run out."""

    def __init__(self) -> None:
        self._known: set[str] = set()
        self._in_order: deque[tuple[datetime, str]] = deque()

    def is_first(self, ticket: Ticket, *, now: datetime) -> bool:
        """Whether this is its first use; it is used from now on."""
        while self._in_order and self._in_order[0][0] < now:
            self._known.discard(self._in_order.popleft()[1])
        if ticket.nonce in self._known:
            return False
        self._known.add(ticket.nonce)
        self._in_order.append((ticket.expires_at + VALID, ticket.nonce))
        return True

    def __len__(self) -> int:
        return len(self._known)


async def is_first_anywhere(database: Database, ticket: Ticket) -> bool:
    """The same over all processes: one durable row."""
    async with database.write() as tx:
        return await insert_once(tx, SpentTicket, nonce=ticket.nonce, expires_at=ticket.expires_at)


async def sweep(tx: WriteSession, *, now: datetime) -> int:
    """Forget those that ran out, a while later, since clocks differ; how many there were."""
    return changed(await tx.execute(delete(SpentTicket).where(SpentTicket.expires_at < now - 10 * VALID)))
