"""Who hears that ideas go on as one, that a submission was split, or that this was undone: their authors."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from consultations import merge_queries
from consultations.models import Idea
from kernel.db import WriteSession
from kernel.events import EventRecord
from notify import hearers, outbox


async def _write(letter: str, tx: WriteSession, idea: Idea, event: EventRecord, now: datetime, **facts: int) -> None:
    if not hearers.is_imported(idea):
        told = {"idea_id": idea.id, **facts}
        about = f"{idea.id}:{event.id}"
        await outbox.put_up(tx, [idea.author_id], letter=letter, about=about, facts=told, now=now)


async def authors_who_go_along(tx: WriteSession, event: EventRecord, now: datetime) -> None:
    """The author of the idea, and those whose ideas went into it before: all go on in the other one now."""
    merge_id = event.facts["merge_id"]
    for idea_id in [event.facts["idea_id"], *await merge_queries.behind(tx, event.facts["idea_id"])]:
        await _write("idea_merged", tx, await tx.get_one(Idea, idea_id), event, now, merge_id=merge_id)


async def author_of_the_other(tx: WriteSession, event: EventRecord, now: datetime) -> None:
    """The author of the idea that the other goes on in; nobody when both are the same person's."""
    idea = await tx.get_one(Idea, event.facts["idea_id"])
    merged = await tx.get_one(Idea, event.facts["merged_id"])
    if idea.author_id != merged.author_id:
        await _write("idea_took_in", tx, idea, event, now, merged_id=merged.id)


async def author_whose_idea_stands_again(tx: WriteSession, event: EventRecord, now: datetime) -> None:
    """The author of the idea that stands by itself again; nobody when she took it back meanwhile."""
    idea = await tx.get_one(Idea, event.facts["idea_id"])
    if idea.is_public:
        await _write("idea_parted", tx, idea, event, now, merge_id=event.facts["merge_id"])


async def author_of_the_whole(tx: WriteSession, event: EventRecord, now: datetime) -> None:
    """Whose submission was split, or is one again."""
    letter = {"idea.split_up": "idea_split_up", "idea.made_whole": "idea_made_whole"}[event.name]
    idea = await tx.get_one(Idea, event.facts["idea_id"])
    await _write(letter, tx, idea, event, now, split_id=event.facts["split_id"])


Notice = Callable[[WriteSession, EventRecord, datetime], Awaitable[None]]


def merges(followers_at_once: Notice) -> dict[str, tuple[Notice, ...]]:
    """Who hears of each of these facts."""
    return {
        "idea.merged": (authors_who_go_along, followers_at_once),
        "idea.took_in": (author_of_the_other,),
        "idea.parted": (author_whose_idea_stands_again,),
        "idea.gave_back": (),
        "idea.split_up": (author_of_the_whole,),
        "idea.split_off": (),
        "idea.made_whole": (author_of_the_whole,),
        "idea.put_back": (),
    }
