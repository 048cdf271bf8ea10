"""Reading themes. Every published idea is in exactly one place: a current theme, or openly in the rest.

That holds by construction: the place is computed from the published ideas outward, so an idea without a placement,
or with one in a theme that is no more, counts to the rest.
"""

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select

from consultations.models import Idea
from consultations.states import IdeaKind
from kernel.db import ReadSession
from kernel.errors import NotFound
from themes.models import ClusterRun, Placement, Theme, ThemeDecision
from themes.overviews import Accounting, Near, PlacedIdea, ThemeOverview
from themes.states import DecisionKind, ThemeState

REPRESENTATIVES = 2
_CHUNK = 5000


def _in_current_theme() -> ColumnElement[bool]:
    return and_(Theme.id == Placement.theme_id, Theme.state == ThemeState.CURRENT)


def _placed() -> Select[Idea, Placement, Theme]:
    return (
        select(Idea, Placement, Theme)
        .outerjoin(Placement, Placement.idea_id == Idea.id)
        .outerjoin(Theme, _in_current_theme())
        .where(Idea.listed())
    )


async def theme(db: ReadSession, theme_id: int) -> Theme:
    """The theme, also when it was merged or dissolved; raises NotFound."""
    found = await db.get(Theme, theme_id)
    if found is None:
        raise NotFound
    return found


async def current(db: ReadSession, consultation_id: int) -> list[ThemeOverview]:
    """The current themes of a consultation, largest first, each with two ideas that speak for it."""
    return await _overviews(db, and_(Theme.consultation_id == consultation_id, Theme.state == ThemeState.CURRENT))


async def overview_of(db: ReadSession, theme_id: int) -> ThemeOverview:
    """One theme in numbers; raises NotFound."""
    found = await _overviews(db, Theme.id == theme_id)
    if not found:
        raise NotFound
    return found[0]


async def _overviews(db: ReadSession, which: ColumnElement[bool]) -> list[ThemeOverview]:
    counted = (
        select(
            Theme,
            func.count(Idea.id),
            func.count(case((Idea.kind == IdeaKind.EXPERIENCE, 1))),
            func.coalesce(func.sum(Idea.endorsement_count), 0),
        )
        .outerjoin(Placement, Placement.theme_id == Theme.id)
        .outerjoin(Idea, and_(Idea.id == Placement.idea_id, Idea.listed()))
        .where(which)
        .group_by(Theme.id)
        .order_by(func.count(Idea.id).desc(), Theme.id)
    )
    rows = (await db.execute(counted)).all()
    speakers = await _representatives(db, [row[0] for row in rows])
    return [
        ThemeOverview(
            theme=found,
            count=count,
            experience_count=experiences,
            support=support,
            representatives=speakers.get(found.id, []),
        )
        for found, count, experiences, support in rows
    ]


async def _representatives(db: ReadSession, themes: Sequence[Theme]) -> dict[int, list[Idea]]:
    """For each theme the ideas the machine chose; where those are gone, the ideas with most support."""
    if not themes:
        return {}
    chosen = {idea_id for theme in themes for idea_id in theme.representative_ids}
    rank = (
        func.row_number()
        .over(
            partition_by=Placement.theme_id,
            order_by=(Idea.id.in_(chosen).desc(), Idea.endorsement_count.desc(), Idea.id),
        )
        .label("rank")
    )
    ranked = (
        select(Idea.id.label("idea_id"), Placement.theme_id, rank)
        .join(Placement, Placement.idea_id == Idea.id)
        .where(Placement.theme_id.in_([theme.id for theme in themes]), Idea.listed())
        .subquery()
    )
    wanted = (
        select(ranked.c.theme_id, Idea)
        .join(ranked, ranked.c.idea_id == Idea.id)
        .where(ranked.c.rank <= REPRESENTATIVES)
        .order_by(ranked.c.theme_id, ranked.c.rank)
    )
    found: dict[int, list[Idea]] = {}
    for theme_id, idea in await db.execute(wanted):
        found.setdefault(theme_id, []).append(idea)
    return found


async def ideas_of(
    db: ReadSession, theme_id: int, *, after: tuple[int, int] | None = None, limit: int | None = None
) -> list[PlacedIdea]:
    """The published ideas of a current theme, most supported first, each with why it is here.

    `after` is the support and id of the last idea of the page before.
    """
    return await _with_reasons(db, _page(_placed().where(Theme.id == theme_id), after, limit))


async def rest(
    db: ReadSession, consultation_id: int, *, after: tuple[int, int] | None = None, limit: int | None = None
) -> list[PlacedIdea]:
    """The published ideas of a consultation that are in no theme, each with why."""
    outside = _placed().where(Idea.consultation_id == consultation_id, Theme.id.is_(None))
    return await _with_reasons(db, _page(outside, after, limit))


async def placement_of(db: ReadSession, idea_id: int) -> PlacedIdea | None:
    """Where an idea stands; None when it is not published."""
    found = await _with_reasons(db, _placed().where(Idea.id == idea_id))
    return found[0] if found else None


async def themes_of(db: ReadSession, idea_ids: Iterable[int]) -> dict[int, Theme]:
    """Idea → its current theme, for lists of ideas; those in the rest are absent."""
    wanted = _placed().where(Idea.id.in_(list(idea_ids)), Theme.id.is_not(None))
    return {idea.id: theme for idea, _, theme in await db.execute(wanted)}


def _page(
    wanted: Select[Idea, Placement, Theme], after: tuple[int, int] | None, limit: int | None
) -> Select[Idea, Placement, Theme]:
    if after is not None:
        support, idea_id = after
        wanted = wanted.where(
            or_(
                Idea.endorsement_count < support,
                and_(Idea.endorsement_count == support, Idea.id > idea_id),
            )
        )
    return wanted.order_by(Idea.endorsement_count.desc(), Idea.id).limit(limit)


async def _with_reasons(db: ReadSession, wanted: Select[Idea, Placement, Theme]) -> list[PlacedIdea]:
    rows = (await db.execute(wanted)).all()
    near_ids = {near for _, placement, _ in rows if placement is not None for near in placement.nearest_ids}
    titles = await _published_titles(db, near_ids)
    moves = await _moves(db, [idea.id for idea, placement, _ in rows if placement is not None and placement.is_locked])
    return [
        PlacedIdea(
            idea=idea,
            theme=found,
            placement=placement,
            nearest=[titles[near] for near in (placement.nearest_ids if placement else ()) if near in titles],
            moved=moves.get(idea.id),
        )
        for idea, placement, found in rows
    ]


async def _published_titles(db: ReadSession, idea_ids: set[int]) -> dict[int, Near]:
    """An idea that was withdrawn or removed since is not named any more."""
    found: dict[int, Near] = {}
    ordered = sorted(idea_ids)
    for start in range(0, len(ordered), _CHUNK):
        wanted = select(Idea.id, Idea.title).where(Idea.id.in_(ordered[start : start + _CHUNK]), Idea.listed())
        found |= {idea_id: Near(id=idea_id, title=title) for idea_id, title in await db.execute(wanted)}
    return found


async def _moves(db: ReadSession, idea_ids: Sequence[int]) -> dict[int, ThemeDecision]:
    found: dict[int, ThemeDecision] = {}
    for start in range(0, len(idea_ids), _CHUNK):
        wanted = (
            select(ThemeDecision)
            .where(ThemeDecision.idea_id.in_(idea_ids[start : start + _CHUNK]), ThemeDecision.kind == DecisionKind.MOVE)
            .order_by(ThemeDecision.id)
        )
        found |= {decision.idea_id: decision for decision in await db.scalars(wanted) if decision.idea_id is not None}
    return found


async def accounting(db: ReadSession, consultation_id: int) -> Accounting:
    """Where all published ideas of a consultation are, in numbers that add up."""
    return (await accountings(db, [consultation_id]))[consultation_id]


async def accountings(db: ReadSession, consultation_ids: Sequence[int]) -> dict[int, Accounting]:
    """The same for several consultations in one question."""
    counted = (
        select(
            Idea.consultation_id,
            func.count(Idea.id),
            func.count(Theme.id),
            func.count(case((and_(Placement.idea_id.is_not(None), Placement.theme_id.is_(None)), 1))),
        )
        .outerjoin(Placement, Placement.idea_id == Idea.id)
        .outerjoin(Theme, _in_current_theme())
        .where(Idea.consultation_id.in_(consultation_ids), Idea.listed())
        .group_by(Idea.consultation_id)
    )
    found = dict.fromkeys(consultation_ids, Accounting(published=0, in_themes=0, rest=0, not_yet=0))
    for consultation_id, published, in_themes, rest in await db.execute(counted):
        not_yet = published - in_themes - rest
        found[consultation_id] = Accounting(published=published, in_themes=in_themes, rest=rest, not_yet=not_yet)
    return found


async def last_run(db: ReadSession, consultation_id: int) -> ClusterRun | None:
    """The last time the machine grouped the ideas."""
    runs = select(ClusterRun).where(ClusterRun.consultation_id == consultation_id)
    return await db.scalar(runs.order_by(ClusterRun.id.desc()).limit(1))
