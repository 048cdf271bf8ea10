"""Verbs on themes. People's decisions survive every run of the machine; each leaves its row, its fact and its why.

`lock` is against the machine only: people may still change a locked theme.
"""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from time import perf_counter
from typing import Any

from sqlalchemy import select, update

from accounts.actor import Actor
from consultations.models import Idea
from consultations.states import IdeaState
from kernel.db import Database, WriteSession
from kernel.errors import ChangedMeanwhile, NotFound
from kernel.once import changed
from themes import decisions, rules, runs, settling, standing
from themes.events import (
    ThemeIdeaMoved,
    ThemeLocked,
    ThemeMerged,
    ThemeRenamed,
    ThemeSplit,
    ThemeUnlocked,
)
from themes.models import ClusterRun, Placement, Theme
from themes.standing import take_turn
from themes.states import PlacedBy, ThemeState, WhyInRest
from themes.worker import Worker

SEED = 0
TRIES = 3
BY_PERSON: dict[str, Any] = {"placed_by": PlacedBy.PERSON, "fit": None, "shared_terms": []}
"""What a placement by a person says: the words it shared were those of another theme."""


@dataclass(frozen=True, kw_only=True)
class Made:
    """A finished run; `embedded` ideas were read by the model for the first time, the others were stored."""

    run: ClusterRun
    embedded: int


async def make(
    database: Database,
    *,
    consultation_id: int,
    actor_id: int | None,
    now: datetime,
    worker: Worker | None = None,
    places: Sequence[str] = (),
    seed: int = SEED,
    alongside: Callable[[WriteSession], Awaitable[None]] | None = None,
) -> Made:
    """Group all published ideas. The worker thinks while no transaction is open; themes and places are written in one.

    When people decided something meanwhile it starts again with that; raises ChangedMeanwhile when they go on so.
    Who may ask is asked by the caller (`rules.require_secretary`). Without a worker it starts and ends its own.
    `alongside` is done in the transaction that writes the themes; what it raises undoes them.
    """
    began = perf_counter()
    async with runs.lent(worker) as machine:
        for _ in range(TRIES):
            async with database.read() as db:
                found = await standing.read(db, consultation_id=consultation_id, gazetteer=places)
            thought = await runs.think(database, machine, found, seed=seed)
            async with database.write() as tx:
                await take_turn(tx, consultation_id)
                if await standing.mark(tx, consultation_id) != found.mark:
                    continue
                if alongside is not None:
                    await alongside(tx)
                places_now = await settling.write(tx, standing=found, clustering=thought.clustering, now=now)
                run = await runs.note(
                    tx,
                    found,
                    thought,
                    seed=seed,
                    in_rest=list(places_now.values()).count(None) + len(found.set_aside),
                    actor_id=actor_id,
                    seconds=perf_counter() - began,
                    now=now,
                )
            await settling.route_in_portions(database, idea_ids=list(places_now), actor_id=actor_id, now=now)
            return Made(run=run, embedded=thought.embedded)
    raise ChangedMeanwhile


async def rename(tx: WriteSession, *, theme: Theme, name: str, actor: Actor, reason: str = "", now: datetime) -> None:
    """Give a theme a name by people; the machine's own stays on record. The same name again changes nothing."""
    await decisions.enter(tx, theme, actor)
    if theme.name == name and theme.is_named_by_people:
        return
    await decisions.require_free_name(tx, theme.consultation_id, name, but=theme)
    before, theme.name, theme.is_named_by_people = theme.name, name, True
    await decisions.decided(tx, ThemeRenamed, theme, actor, now, reason=reason, detail={"from": before, "to": name})


async def merge(tx: WriteSession, *, theme: Theme, into: Theme, actor: Actor, reason: str = "", now: datetime) -> None:
    """Let a theme go into another, for good: the ideas of both stay together in every later run."""
    await decisions.enter(tx, theme, actor)
    rules.require_current(into)
    if theme.id == into.id or theme.consultation_id != into.consultation_id:
        raise rules.SameTheme
    await _hold(tx, into)
    moved = (
        update(Placement)
        .where(Placement.theme_id == theme.id)
        .values(theme_id=into.id, is_locked=True, placed_at=now, **BY_PERSON)
    )
    count = changed(await tx.execute(moved))
    theme.move_to(ThemeState.MERGED)
    theme.merged_into_id = into.id
    detail = {"into_id": into.id, "name": theme.name, "into_name": into.name, "count": count}
    await decisions.decided(tx, ThemeMerged, theme, actor, now, reason=reason, detail=detail)


async def split(
    tx: WriteSession,
    *,
    theme: Theme,
    idea_ids: Iterable[int],
    name: str,
    actor: Actor,
    reason: str = "",
    now: datetime,
) -> Theme:
    """Put some ideas of a theme into a new one; those that stay behind stay apart from them in every later run."""
    await decisions.enter(tx, theme, actor)
    chosen = set(idea_ids)
    here = await _public_ideas(tx, theme)
    if not chosen or not chosen <= here.keys():
        raise ChangedMeanwhile
    if len(chosen) == len(here):
        raise rules.ThemeWouldBeEmpty
    await decisions.require_free_name(tx, theme.consultation_id, name)
    await _hold(tx, theme)
    most_supported = sorted(chosen, key=lambda idea_id: (-here[idea_id], idea_id))
    new = Theme(
        consultation_id=theme.consultation_id,
        name=name,
        is_named_by_people=True,
        colour=(theme.colour + 1) % settling.COLOURS,
        representative_ids=most_supported[:2],
        created_at=now,
    )
    tx.add(new)
    await tx.flush()
    await tx.execute(
        update(Placement).where(Placement.idea_id.in_(chosen)).values(theme_id=new.id, placed_at=now, **BY_PERSON)
    )
    detail = {"new_theme_id": new.id, "name": theme.name, "new_name": name, "idea_ids": sorted(chosen)}
    await decisions.decided(tx, ThemeSplit, theme, actor, now, reason=reason, detail=detail)
    return new


async def move(
    tx: WriteSession, *, idea: Idea, to: Theme | None, actor: Actor, reason: str = "", now: datetime
) -> None:
    """Put an idea in a theme, or (None) openly in none; no run moves it again. Where it stands already: no change."""
    consultation = await take_turn(tx, idea.consultation_id)
    rules.require_secretary(actor, consultation)
    if not idea.is_public or idea.is_comment:
        raise NotFound
    if to is not None:
        rules.require_current(to)
        if to.consultation_id != idea.consultation_id:
            raise rules.SameTheme
    placement = await tx.get(Placement, idea.id)
    came_from = await tx.get(Theme, placement.theme_id) if placement and placement.theme_id else None
    if (came_from.id if came_from else None) == (to.id if to else None):
        return
    if placement is None:
        placement = Placement(idea_id=idea.id, consultation_id=idea.consultation_id)
        tx.add(placement)
    placement.theme_id = to.id if to else None
    placement.placed_by, placement.is_locked, placement.placed_at = PlacedBy.PERSON, True, now
    placement.fit, placement.shared_terms, placement.nearest_ids = None, [], []
    placement.why_in_rest = None if to else WhyInRest.BY_PEOPLE
    await settling.route(tx, idea_ids=[idea.id], actor_id=actor.person_id, now=now)
    about = to or came_from
    assert about is not None  # noqa: S101 - from none to none was answered above
    detail = {
        "from_id": came_from.id if came_from else None,
        "from": came_from.name if came_from else "",
        "to_id": to.id if to else None,
        "to": to.name if to else "",
    }
    await decisions.decided(tx, ThemeIdeaMoved, about, actor, now, reason=reason, detail=detail, idea_id=idea.id)


async def start(
    tx: WriteSession, *, ideas: Sequence[Idea], name: str, actor: Actor, reason: str = "", now: datetime
) -> Theme:
    """A new theme by people, out of ideas from wherever they stand in one consultation."""
    consultation = await take_turn(tx, ideas[0].consultation_id)
    rules.require_secretary(actor, consultation)
    await decisions.require_free_name(tx, consultation.id, name)
    theme = Theme(
        consultation_id=consultation.id,
        name=name,
        is_named_by_people=True,
        representative_ids=[idea.id for idea in ideas[:2]],
        created_at=now,
    )
    tx.add(theme)
    await tx.flush()
    named = {"from": "", "to": name}
    await decisions.decided(tx, ThemeRenamed, theme, actor, now, reason=reason, detail=named)
    for idea in ideas:
        await move(tx, idea=idea, to=theme, actor=actor, reason=reason, now=now)
    return theme


async def lock(tx: WriteSession, *, theme: Theme, actor: Actor, reason: str = "", now: datetime) -> None:
    """From now on the machine takes nothing out of it, puts nothing into it and leaves its name."""
    await decisions.enter(tx, theme, actor)
    if not theme.is_locked:
        theme.is_locked = True
        await decisions.decided(tx, ThemeLocked, theme, actor, now, reason=reason)


async def unlock(tx: WriteSession, *, theme: Theme, actor: Actor, reason: str = "", now: datetime) -> None:
    """The machine may change it again, but for what people placed and named."""
    await decisions.enter(tx, theme, actor)
    if theme.is_locked:
        theme.is_locked = False
        await decisions.decided(tx, ThemeUnlocked, theme, actor, now, reason=reason)


async def _hold(tx: WriteSession, theme: Theme) -> None:
    """What is in the theme now stays in it; who put it there stays as it was."""
    await tx.execute(update(Placement).where(Placement.theme_id == theme.id).values(is_locked=True))


async def _public_ideas(tx: WriteSession, theme: Theme) -> dict[int, int]:
    """Id and support of the published ideas in the theme."""
    wanted = (
        select(Idea.id, Idea.endorsement_count)
        .join(Placement, Placement.idea_id == Idea.id)
        .where(Placement.theme_id == theme.id, Idea.state == IdeaState.PUBLISHED)
    )
    return {row.id: row.endorsement_count for row in await tx.execute(wanted)}
