"""What the machine found, written down around what people decided."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, delete, insert, or_, select

from consultations import ideas
from consultations.models import Idea
from consultations.states import IdeaRoute, IdeaState
from kernel.db import Database, WriteSession
from kernel.events import record
from themes.events import ThemeDissolved
from themes.findings import Cluster, Clustering
from themes.models import Placement, Theme
from themes.rules import NAME_LENGTH
from themes.standing import Standing
from themes.states import PlacedBy, ThemeState, WhyInRest

_CHUNK = 5000
COLOURS = 12
PORTION = 300  # routes written at once


async def write(
    tx: WriteSession, *, standing: Standing, clustering: Clustering, now: datetime
) -> dict[int, int | None]:
    """Give each cluster its theme and each idea its place; returns idea → theme.

    Standing must still be true. Themes that nothing continues dissolve, unless people made them what they are.
    """
    current = {theme.id: theme for theme in await tx.scalars(_current(standing.consultation_id))}
    themes = [await _theme_for(tx, cluster, current=current, standing=standing, now=now) for cluster in clustering]
    await tx.flush()
    rows = _rows(standing, clustering, themes, now)
    await _place(tx, rows)
    await _dissolve(tx, {theme_id: theme for theme_id, theme in current.items() if theme not in themes}, now)
    return {row["idea_id"]: row["theme_id"] for row in rows}


def label_of(terms: Sequence[str]) -> str:
    """The machine's name for a theme: its terms, as a title."""
    label = ", ".join(terms)[:NAME_LENGTH]
    return label[:1].upper() + label[1:]


async def _theme_for(
    tx: WriteSession, cluster: Cluster, *, current: dict[int, Theme], standing: Standing, now: datetime
) -> Theme:
    theme = current.get(cluster.key) if cluster.key is not None else None
    if theme is not None and theme.is_locked:
        return theme
    label = label_of(cluster.terms) or await _title_of(tx, cluster.representative_ids[0])
    if theme is None:
        theme = Theme(consultation_id=standing.consultation_id, name=label, colour=free_colour(current), created_at=now)
        tx.add(theme)
        await tx.flush()
        current[theme.id] = theme
    theme.machine_name = label
    if not theme.is_named_by_people:
        theme.name = label
    theme.cohesion = cluster.cohesion
    theme.representative_ids = list(cluster.representative_ids)
    return theme


def free_colour(current: Mapping[int, Theme]) -> int:
    """The first colour that no current theme has; a theme keeps its colour for life."""
    taken = {theme.colour for theme in current.values()}
    return next((colour for colour in range(COLOURS) if colour not in taken), len(taken) % COLOURS)


def _rows(standing: Standing, clustering: Clustering, themes: Sequence[Theme], now: datetime) -> list[dict[str, Any]]:
    rows = []
    for cluster, theme in zip(clustering, themes, strict=True):
        for member in cluster.members:
            spot = standing.spots.get(member.id)
            stays = spot is not None and spot.theme_id == theme.id
            why: dict[str, Any] = {
                "theme_id": theme.id,
                "fit": member.fit,
                "why_in_rest": None,
                "shared_terms": list(member.reason.shared_terms),
                "nearest_ids": list(member.reason.nearest_ids),
            }
            if theme.is_locked and not stays:  # the machine may put nothing into it: the secretary decides
                why |= {"theme_id": None, "fit": None, "why_in_rest": WhyInRest.THEME_IS_LOCKED, "shared_terms": []}
            rows.append(_row(standing, member.id, why, now))
    for left in clustering.rest:
        why = {
            "theme_id": None,
            "fit": None,
            "why_in_rest": WhyInRest(left.reason.value),
            "shared_terms": [],
            "nearest_ids": list(left.nearest_ids),
        }
        rows.append(_row(standing, left.id, why, now))
    return rows


def _row(standing: Standing, idea_id: int, why: dict[str, Any], now: datetime) -> dict[str, Any]:
    spot = standing.spots.get(idea_id)
    stays = spot is not None and spot.theme_id == why["theme_id"]
    return {
        "idea_id": idea_id,
        "consultation_id": standing.consultation_id,
        "placed_by": spot.placed_by if spot is not None and stays else PlacedBy.MACHINE,
        "is_locked": spot is not None and stays and spot.is_locked,
        "placed_at": spot.placed_at if spot is not None and stays else now,
        **why,
    }


async def _place(tx: WriteSession, rows: Sequence[dict[str, Any]]) -> None:
    for start in range(0, len(rows), _CHUNK):
        chunk = rows[start : start + _CHUNK]
        await tx.execute(delete(Placement).where(Placement.idea_id.in_([row["idea_id"] for row in chunk])))
        await tx.execute(insert(Placement), chunk)


async def _dissolve(tx: WriteSession, left_over: Mapping[int, Theme], now: datetime) -> None:
    """A person's placement in it, even of an idea that is not public now, keeps a theme; so do a name and a lock."""
    wanted = select(Placement.theme_id).where(Placement.theme_id.in_(list(left_over)), Placement.is_locked)
    placed_by_people = set(await tx.scalars(wanted))
    for theme in left_over.values():
        if not (theme.is_named_by_people or theme.is_locked or theme.id in placed_by_people):
            theme.move_to(ThemeState.DISSOLVED)
            fact = {"theme_id": theme.id, "consultation_id": theme.consultation_id}
            await record(tx, ThemeDissolved(at=now, actor_id=None, **fact))


async def route(tx: WriteSession, *, idea_ids: Sequence[int], actor_id: int | None, now: datetime) -> None:
    """Let the ideas' routes follow their places; an idea that went further with the panel keeps its route."""
    into: list[int] = []
    out: list[int] = []
    for start in range(0, len(idea_ids), _CHUNK):
        wanted = (
            select(Idea.id, Idea.route, Placement.theme_id)
            .join(Placement, Placement.idea_id == Idea.id)
            .where(Idea.id.in_(idea_ids[start : start + _CHUNK]), Idea.state == IdeaState.PUBLISHED)
        )
        for idea_id, now_at, theme_id in await tx.execute(wanted):
            if now_at is IdeaRoute.UNROUTED and theme_id is not None:
                into.append(idea_id)
            elif now_at is IdeaRoute.IN_THEME and theme_id is None:
                out.append(idea_id)
    if into:
        await ideas.route(tx, idea_ids=into, route=IdeaRoute.IN_THEME, actor_id=actor_id, now=now)
    if out:
        await ideas.route(tx, idea_ids=out, route=IdeaRoute.UNROUTED, actor_id=actor_id, now=now)


async def route_in_portions(
    database: Database, *, idea_ids: Sequence[int], actor_id: int | None, now: datetime
) -> None:
    """The same for a whole run. Ten thousand facts in one transaction would keep everybody else waiting for
    seconds; what a stop leaves undone, `finish` does when the site starts again.
    """
    for start in range(0, len(idea_ids), PORTION):
        async with database.write() as tx:
            await route(tx, idea_ids=idea_ids[start : start + PORTION], actor_id=actor_id, now=now)


async def finish(database: Database, *, now: datetime) -> int:
    """Let the routes follow that were left behind when the site stopped in the middle of a run; how many ideas."""
    ahead = and_(Idea.route == IdeaRoute.UNROUTED, Placement.theme_id.is_not(None))
    behind = and_(Idea.route == IdeaRoute.IN_THEME, Placement.theme_id.is_(None))
    left = (
        select(Idea.id)
        .join(Placement, Placement.idea_id == Idea.id)
        .where(Idea.state == IdeaState.PUBLISHED, or_(ahead, behind))
        .order_by(Idea.id)
    )
    async with database.read() as db:
        idea_ids = list(await db.scalars(left))
    await route_in_portions(database, idea_ids=idea_ids, actor_id=None, now=now)
    return len(idea_ids)


async def _title_of(tx: WriteSession, idea_id: int) -> str:
    return (await tx.get_one(Idea, idea_id)).title[:NAME_LENGTH]


def _current(consultation_id: int) -> Any:
    return select(Theme).where(Theme.consultation_id == consultation_id, Theme.state == ThemeState.CURRENT)
