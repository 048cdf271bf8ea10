"""Reading what happened to themes: people's decisions, and how far each consultation is."""

from collections.abc import Collection, Sequence

from sqlalchemy import and_, func, or_, select

from consultations.models import Consultation
from consultations.states import ConsultationState
from kernel.db import ReadSession
from themes import queries
from themes.models import ClusterRun, Theme, ThemeDecision
from themes.overviews import Arrangement
from themes.states import DecisionKind, ThemeState

NOT_ARRANGED = frozenset({ConsultationState.DRAFT, ConsultationState.CANCELLED})


async def arrangements(db: ReadSession, *, panel_ids: Collection[int] | None) -> list[Arrangement]:
    """The consultations of these panels (None: of all), the latest first, each with how far its themes are."""
    wanted = select(Consultation).where(Consultation.state.not_in(NOT_ARRANGED))
    if panel_ids is not None:
        wanted = wanted.where(Consultation.panel_id.in_(panel_ids))
    found = (await db.scalars(wanted.order_by(Consultation.closes_at.desc(), Consultation.id))).all()
    ids = [consultation.id for consultation in found]
    sums = await queries.accountings(db, ids)
    runs = await _last_runs(db, ids)
    counted = (
        select(Theme.consultation_id, func.count())
        .where(Theme.consultation_id.in_(ids), Theme.state == ThemeState.CURRENT)
        .group_by(Theme.consultation_id)
    )
    themes = {consultation_id: count for consultation_id, count in await db.execute(counted)}  # noqa: C416 - rows
    return [
        Arrangement(
            consultation=consultation,
            sums=sums[consultation.id],
            run=runs.get(consultation.id),
            theme_count=themes.get(consultation.id, 0),
        )
        for consultation in found
    ]


async def _last_runs(db: ReadSession, consultation_ids: Sequence[int]) -> dict[int, ClusterRun]:
    newest = (
        select(func.max(ClusterRun.id))
        .where(ClusterRun.consultation_id.in_(consultation_ids))
        .group_by(ClusterRun.consultation_id)
    )
    runs = await db.scalars(select(ClusterRun).where(ClusterRun.id.in_(newest)))
    return {run.consultation_id: run for run in runs}


async def changes_of(db: ReadSession, found: Theme) -> list[ThemeDecision]:
    """What people changed about a theme, newest first: also what came into it by a merge or a split."""
    merged_into_it = select(Theme.id).where(Theme.merged_into_id == found.id)
    wanted = (
        select(ThemeDecision)
        .where(
            ThemeDecision.consultation_id == found.consultation_id,
            or_(
                ThemeDecision.theme_id == found.id,
                and_(ThemeDecision.kind == DecisionKind.MERGE, ThemeDecision.theme_id.in_(merged_into_it)),
                ThemeDecision.kind == DecisionKind.SPLIT,
            ),
        )
        .order_by(ThemeDecision.id.desc())
    )
    return [
        decision
        for decision in await db.scalars(wanted)
        if decision.theme_id == found.id
        or decision.kind is not DecisionKind.SPLIT
        or decision.detail.get("new_theme_id") == found.id
    ]
