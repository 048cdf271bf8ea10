"""What may be heard, by whom: topics of pages for everybody, the queue, an author's own receipt.

A topic says that something changed, never what. A topic that nobody may see, or that is not there, can be asked for
like any other and stays silent: nobody learns from it what exists.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import datetime
from time import monotonic

from sqlalchemy import and_, or_, select

from accounts.access import Permission, may
from accounts.actor import Actor
from accounts.models import Grant, SessionRecord
from accounts.queries import alive
from accounts.states import Role
from consultations.ideas import RECEIPT
from consultations.models import Consultation, Idea
from consultations.states import ConsultationState, IdeaState
from kernel import tokens
from kernel.db import ReadSession, batched
from kernel.errors import LinkSpent

QUEUE = "queue"
CONVERSATIONS = "conversations"
DESKS = {QUEUE: Permission.READ_QUEUE, CONVERSATIONS: Permission.OPEN_CONVERSATIONS}
"""Topics of pages behind a desk, each with who may open that."""
AT_MOST = 20
_TOPIC = re.compile(r"(?:consultation|idea|thread|themes|meeting|receipt):[1-9][0-9]{0,8}|queue|conversations")
_ON_A_RECEIPT = re.compile(r"/receipts/([A-Za-z0-9_-]{16,100})(?:/[a-z]*)?")
_REMEMBERED = 2_000

Grants = frozenset[tuple[Role, int | None]]


def topics_of(asked: str) -> list[str] | None:
    """The topics of a list, each once; None when one is unknown or there are too many."""
    topics = list(dict.fromkeys(asked.split(","))) if asked else []
    known = all(_TOPIC.fullmatch(topic) for topic in topics)
    return topics if topics and known and len(topics) <= AT_MOST else None


def is_closed(topic: str) -> bool:
    """Whether it is not everybody's."""
    return topic in DESKS or topic.startswith("receipt:")


def may_hear(actor: Actor, topics: Sequence[str]) -> bool:
    """Everybody hears what pages show to everybody; the queue, and conversations, are for those who read them.

    It is one queue: who reads that of one panel also hears that something moved in another's, and no more than that.
    """
    return all(may(actor, needs) for topic, needs in DESKS.items() if topic in topics)


async def receipt_behind(db: ReadSession, topics: Sequence[str], *, page: str, now: datetime) -> str | None:
    """The hash of the receipt's secret that these topics rest on; empty when they need none, None when it is missing.

    `page` is the address of the page that asks: a receipt's address is the only key to it.
    """
    asked = [topic for topic in topics if topic.startswith("receipt:")]
    if not asked:
        return ""
    secret = _ON_A_RECEIPT.fullmatch(page)
    if secret is None:
        return None
    try:
        token = await tokens.find(db, purpose=RECEIPT, secret=secret[1], now=now)
    except LinkSpent:
        return None
    return token.hash if asked == [f"receipt:{token.subject_id}"] else None


async def is_shown(db: ReadSession, topic: str) -> bool:
    """Whether the page of this open topic is there for everybody at this moment."""
    kind, _, number = topic.partition(":")
    if kind in {"consultation", "themes"}:
        state = await db.scalar(select(Consultation.state).where(Consultation.id == int(number)))
        return state is not None and state is not ConsultationState.DRAFT
    if kind in {"idea", "thread"}:
        return await db.scalar(select(Idea.state).where(Idea.id == int(number))) is IdeaState.PUBLISHED
    return True


async def opens_still(db: ReadSession, receipt: str, *, now: datetime) -> bool:
    """Whether the link of a receipt, known by its hash, still opens it."""
    wanted = select(tokens.Token).where(tokens.Token.purpose == RECEIPT, tokens.Token.hash == receipt)
    token = await db.scalar(wanted)
    return token is not None and token.counts(now)


async def standing(db: ReadSession, sessions: Collection[str], *, now: datetime) -> dict[str, tuple[int, Grants]]:
    """Whose these sessions are and which roles that person holds; one that ended is not in it. One question for 500."""
    found: dict[str, tuple[int, set[tuple[Role, int | None]]]] = {}
    lasts = or_(Grant.ends_at.is_(None), Grant.ends_at > now)
    holds = and_(Grant.person_id == SessionRecord.person_id, Grant.revoked_at.is_(None), lasts)
    columns = (SessionRecord.hash, SessionRecord.person_id, Grant.role, Grant.panel_id)
    wanted = alive(now).outerjoin(Grant, holds).with_only_columns(*columns, maintain_column_froms=True)
    for some in batched(sessions):
        for hash_, person_id, role, panel_id in await db.execute(wanted.where(SessionRecord.hash.in_(some))):
            grants = found.setdefault(hash_, (person_id, set()))[1]
            if role is not None:
                grants.add((role, panel_id))
    return {hash_: (person_id, frozenset(grants)) for hash_, (person_id, grants) in found.items()}


class Lookup:
    """One answer for all who want to know the same: it counts for whoever began to want it before it was looked up."""

    def __init__(self, look: Callable[[str], Awaitable[bool]]) -> None:
        self._look = look
        self._latest: dict[str, tuple[float, asyncio.Future[bool]]] = {}

    async def since(self, moment: float, key: str) -> bool:
        """The answer of a look that began at or after this `monotonic()` moment."""
        began, looking = self._latest.get(key, (-1.0, None))
        if looking is None or began < moment:
            if len(self._latest) > _REMEMBERED:
                self._latest.clear()
            looking = asyncio.ensure_future(self._look(key))
            looking.add_done_callback(lambda done: done.cancelled() or done.exception())
            self._latest[key] = (monotonic(), looking)
        return await asyncio.shield(looking)
