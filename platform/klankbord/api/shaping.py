"""Rows as the API's shapes: only what anybody may read."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import structs

from consultations import rules
from consultations.models import Consultation, Idea
from consultations.phase_rules import Span
from consultations.round_models import Prompt
from kernel.settings import Settings
from klankbord.api import shapes
from panels.models import AgendaItem, Meeting, Panel, Recommendation, Response


def panel_shape(panel: Panel, settings: Settings) -> shapes.PanelShape:
    """A panel with the address of its page."""
    return shapes.PanelShape(
        slug=panel.slug,
        name=panel.name,
        state=panel.state,
        aim=panel.aim,
        tasks=panel.tasks,
        term=panel.term,
        meeting_cycle=panel.meeting_cycle,
        is_permanent=panel.is_permanent,
        response_months=panel.response_months,
        url=settings.absolute(f"/panels/{panel.slug}"),
    )


def meeting_shape(meeting: Meeting, slug: str, settings: Settings) -> shapes.MeetingShape:
    """A meeting of the panel behind the slug."""
    return shapes.MeetingShape(
        id=meeting.id,
        panel=slug,
        number=meeting.number,
        title=meeting.title,
        place=meeting.place,
        state=meeting.state,
        starts_at=meeting.starts_at,
        minutes_long=meeting.minutes_long,
        url=settings.absolute(f"/panels/{slug}/meetings/{meeting.number}"),
    )


def consultation_shape(row: Consultation, panel: str, settings: Settings, now: datetime) -> shapes.ConsultationShape:
    """A consultation and how the moment lies to its period."""
    return shapes.ConsultationShape(
        slug=row.slug,
        panel=panel,
        title=row.title,
        summary=row.summary,
        question=row.question,
        state=row.state,
        timing=rules.timing_of(row, now),
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        meeting_id=row.meeting_id,
        url=settings.absolute(f"/consultations/{row.slug}"),
    )


def whole_consultation_shape(
    told: shapes.ConsultationShape, prompts: Sequence[Prompt], spans: Sequence[Span]
) -> shapes.WholeConsultationShape:
    """The same with its questions and phases."""
    return shapes.WholeConsultationShape(
        **structs.asdict(told),
        prompts=[shapes.PromptShape(id=one.id, position=one.position, text=one.text) for one in prompts],
        phases=[shapes.PhaseShape(kind=one.kind, opens_at=one.opens_at, closes_at=one.closes_at) for one in spans],
    )


def idea_shape(idea: Idea, theme_id: int | None, comments: int, settings: Settings) -> shapes.IdeaShape:
    """An idea as anybody may read it."""
    return shapes.IdeaShape(
        id=idea.id,
        number=idea.number,
        kind=idea.kind,
        title=idea.title,
        body=idea.body,
        shown_name=idea.shown_name,
        place=idea.place,
        language=idea.language,
        is_late=idea.is_late,
        route=idea.route,
        endorsements=idea.endorsement_count,
        comments=comments,
        published_at=idea.published_at or idea.received_at,
        theme_id=theme_id,
        prompt_id=idea.prompt_id,
        url=settings.absolute(f"/ideas/{idea.id}"),
    )


def comment_shape(comment: Idea, settings: Settings) -> shapes.CommentShape:
    """A comment as anybody may read it."""
    return shapes.CommentShape(
        id=comment.id,
        number=comment.number,
        body=comment.body,
        shown_name=comment.shown_name,
        language=comment.language,
        published_at=comment.published_at or comment.received_at,
        url=settings.absolute(f"/ideas/{comment.id}"),
    )


def recommendation_shape(
    row: Recommendation, panel: str, settings: Settings, now: datetime
) -> shapes.RecommendationShape:
    """An advice with the response to it, once submitted."""
    return shapes.RecommendationShape(
        id=row.id,
        panel=panel,
        number=row.number,
        title=row.title,
        text=row.text,
        state=row.state,
        votes_for=row.votes_for,
        votes_against=row.votes_against,
        submitted_at=row.submitted_at,
        response=_response_shape(row.response, now) if row.response else None,
        url=settings.absolute(f"/recommendations/{row.id}"),
    )


def _response_shape(answer: Response, now: datetime) -> shapes.ResponseShape:
    return shapes.ResponseShape(
        state=answer.state,
        due_at=answer.due_at,
        is_overdue=answer.is_overdue(now),
        reasons=answer.reasons,
        owner=answer.owner,
        done_by=answer.done_by,
        answered_at=answer.answered_at,
    )


def agenda_item_shape(item: AgendaItem, has_minutes: bool) -> shapes.AgendaItemShape:
    """A point; what was said only once the minutes are public, and nothing of what is confidential."""
    is_open = not item.is_confidential
    return shapes.AgendaItemShape(
        position=item.position or 0,
        title=item.title if is_open else "",
        question=item.question if is_open else "",
        minutes=item.minutes,
        presenter=item.presenter if is_open else "",
        state=item.state,
        is_confidential=item.is_confidential,
        theme_id=item.theme_id if is_open else None,
        what_was_said=item.what_was_said if is_open and has_minutes else "",
        advice=item.advice if is_open and has_minutes else "",
    )
