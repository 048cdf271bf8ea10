"""The published ideas of each consultation, at hand in the machine to search among: filled at first need, kept up.

What changed since the last search is read from the facts: their ids only go up, also over several processes.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

import structlog
from sqlalchemy import func, select

from consultations.events import IdeaImported, IdeaPublished, IdeaRemoved, IdeaRevised, IdeaWithdrawn
from consultations.merge_events import IdeaMadeWhole, IdeaMerged, IdeaParted, IdeaPutBack, IdeaSplitUp
from consultations.models import Idea
from consultations.similar import Alike
from consultations.writing_events import IdeaEdited
from kernel.db import Database, ReadSession, batched
from kernel.events import EventRecord
from themes import standing, vectors
from themes.findings import Text
from themes.worker import Worker, WorkerGone

PATIENCE = 1.0
"""Seconds that somebody who types, or sends, waits for an answer."""
CHANGES = (IdeaPublished, IdeaImported, IdeaEdited, IdeaRevised, IdeaRemoved, IdeaWithdrawn)
REJOINED = (IdeaMerged, IdeaParted, IdeaSplitUp, IdeaMadeWhole, IdeaPutBack)
ABOUT_IDEAS = [fact.name for fact in (*CHANGES, *REJOINED)]

log = structlog.get_logger()


@dataclass
class Shelf:
    """What the machine knows of one consultation: every fact up to this one."""

    up_to: int = -1
    busy: asyncio.Lock = field(default_factory=asyncio.Lock)


class Shelves:
    """A `consultations.similar.FindSimilar` on the machine. One per web process."""

    def __init__(self, machine: Worker, database: Database) -> None:
        self._machine = machine
        self._database = database
        self._shelves: dict[int, Shelf] = {}
        self._pid: int | None = None
        self._filling: set[asyncio.Task[None]] = set()

    async def __call__(self, db: ReadSession, consultation_id: int, words: str, *, most: int) -> Sequence[Alike]:
        """The most alike; nothing before the shelf is filled, or when the machine is busy or gone."""
        try:
            async with asyncio.timeout(PATIENCE):
                if not await self._is_kept_up(db, consultation_id):
                    return []
                found = await self._machine.nearest(_name(consultation_id), words, most=most)
        except (TimeoutError, WorkerGone):
            return []
        return [Alike(one.id, one.score) for one in found]

    def prepare(self, consultation_id: int) -> None:
        """Begin to put the ideas on the shelf, if nobody did."""
        self._forget_a_machine_that_went()
        if consultation_id not in self._shelves:
            self._shelves[consultation_id] = Shelf()
            task = asyncio.get_running_loop().create_task(self._fill(consultation_id))
            self._filling.add(task)
            task.add_done_callback(self._filling.discard)

    async def filled(self) -> None:
        """Until every shelf that is being filled holds its ideas."""
        await asyncio.gather(*self._filling, return_exceptions=True)

    async def aclose(self) -> None:
        """Leave shelves half filled."""
        for task in self._filling:
            task.cancel()
        await asyncio.gather(*self._filling, return_exceptions=True)

    def _forget_a_machine_that_went(self) -> None:
        """A new machine has empty shelves."""
        if not self._machine.is_running or self._machine.pid != self._pid:
            if self._pid is not None:
                self._shelves.clear()
            self._pid = self._machine.pid if self._machine.is_running else None

    async def _fill(self, consultation_id: int) -> None:
        shelf = self._shelves[consultation_id]
        try:
            async with shelf.busy:
                async with self._database.read() as db:
                    if not await _published(db, consultation_id, most=1):  # no need to start the machine
                        del self._shelves[consultation_id]
                        return
                model = " ".join(await self._machine.model())
                self._pid = self._machine.pid
                async with self._database.read() as db:
                    up_to = await _newest(db)
                    words = await _published(db, consultation_id)
                    known = await vectors.stored(db, consultation_id=consultation_id, words=words, model=model)
                for some in batched(words.items()):
                    texts = [Text(idea_id, text, known.get(idea_id)) for idea_id, text in some]
                    await self._machine.remember(_name(consultation_id), texts)
                await self._machine.nearest(_name(consultation_id), "idee", most=1)  # reads the model, for seconds
                shelf.up_to = up_to
        except Exception as error:  # the next who types begins anew
            self._shelves.pop(consultation_id, None)
            log.warning("similar ideas", consultation=consultation_id, exc_info=error)

    async def _is_kept_up(self, db: ReadSession, consultation_id: int) -> bool:
        """Whether the shelf holds what is public now; what changed since the last search is put right first."""
        self._forget_a_machine_that_went()
        shelf = self._shelves.get(consultation_id)
        if shelf is None or (shelf.busy.locked() and shelf.up_to < 0):
            return False
        async with shelf.busy:
            if shelf.up_to < 0:
                return False
            newest = await _newest(db)
            if newest > shelf.up_to:
                changed = await _changed(db, after=shelf.up_to)
                if changed:
                    public = await _published(db, consultation_id, among=changed)
                    await self._machine.forget(_name(consultation_id), [one for one in changed if one not in public])
                    texts = [Text(idea_id, text) for idea_id, text in public.items()]
                    await self._machine.remember(_name(consultation_id), texts)
                shelf.up_to = newest
        return True


def _name(consultation_id: int) -> str:
    return f"consultation:{consultation_id}"


async def _newest(db: ReadSession) -> int:
    return await db.scalar(select(func.max(EventRecord.id))) or 0


async def _changed(db: ReadSession, *, after: int) -> list[int]:
    """The ideas that came into or went out of the public eye since a fact."""
    facts = select(EventRecord.subject).where(EventRecord.id > after, EventRecord.name.in_(ABOUT_IDEAS)).distinct()
    return [int(subject.partition(":")[2]) for subject in await db.scalars(facts)]


async def _published(
    db: ReadSession, consultation_id: int, *, among: Sequence[int] | None = None, most: int | None = None
) -> dict[int, str]:
    """What the machine reads of public ideas, by id."""
    public = (
        select(Idea.id, Idea.title, Idea.body, Idea.stuck)
        .where(Idea.consultation_id == consultation_id, Idea.listed())
        .limit(most)
    )
    found: dict[int, str] = {}
    for some in [None] if among is None else batched(among):
        rows = await db.execute(public if some is None else public.where(Idea.id.in_(some)))
        found |= {idea_id: standing.words_of(*texts) for idea_id, *texts in rows}
    return found
