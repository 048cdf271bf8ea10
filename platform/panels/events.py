"""Facts this room announces."""

from dataclasses import dataclass
from typing import ClassVar

from kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class MeetingEvent(Event):
    """A fact about one meeting."""

    meeting_id: int
    panel_id: int


class MeetingConvened(MeetingEvent):
    """Members are called together."""

    name: ClassVar[str] = "meeting.convened"


class MeetingRescheduled(MeetingEvent):
    """It is at another time."""

    name: ClassVar[str] = "meeting.rescheduled"


class MeetingCancelled(MeetingEvent):
    """It will not be held."""

    name: ClassVar[str] = "meeting.cancelled"


class MeetingAgendaOpened(MeetingEvent):
    """The secretary began the agenda."""

    name: ClassVar[str] = "meeting.agenda_opened"


class MeetingAgendaFrozen(MeetingEvent):
    """Points and order are settled."""

    name: ClassVar[str] = "meeting.agenda_frozen"


class MeetingAgendaPublished(MeetingEvent):
    """Anybody may read the agenda."""

    name: ClassVar[str] = "meeting.agenda_published"


class MeetingBriefingMade(MeetingEvent):
    """The briefing for the members is ready."""

    name: ClassVar[str] = "meeting.briefing_made"


class MeetingHeld(MeetingEvent):
    """It took place."""

    name: ClassVar[str] = "meeting.held"


class MeetingMinutesDrafted(MeetingEvent):
    """The secretary began to write the minutes."""

    name: ClassVar[str] = "meeting.minutes_drafted"


class MeetingMinutesAdopted(MeetingEvent):
    """The minutes say what was said."""

    name: ClassVar[str] = "meeting.minutes_adopted"


class MeetingMinutesPublished(MeetingEvent):
    """Anybody may read the minutes."""

    name: ClassVar[str] = "meeting.minutes_published"


@dataclass(frozen=True, kw_only=True)
class AgendaItemEvent(Event):
    """A fact about one agenda item."""

    agenda_item_id: int
    meeting_id: int


class AgendaItemAdded(AgendaItemEvent):
    """It came on the agenda."""

    name: ClassVar[str] = "agenda_item.added"


class AgendaItemChanged(AgendaItemEvent):
    """Its text, minutes or place changed."""

    name: ClassVar[str] = "agenda_item.changed"


class AgendaItemDeclined(AgendaItemEvent):
    """It does not come on the agenda; the item holds the reason."""

    name: ClassVar[str] = "agenda_item.declined"


class AgendaItemWithdrawn(AgendaItemEvent):
    """It left the agenda; the item holds the reason."""

    name: ClassVar[str] = "agenda_item.withdrawn"


class AgendaItemDiscussed(AgendaItemEvent):
    """The panel talked about it; the item holds what was said and advised."""

    name: ClassVar[str] = "agenda_item.discussed"


class AgendaItemKept(AgendaItemEvent):
    """It comes back at the next meeting; the item holds the reason."""

    name: ClassVar[str] = "agenda_item.kept"


class AgendaItemPostponed(AgendaItemEvent):
    """There was no time; it comes back at the next meeting."""

    name: ClassVar[str] = "agenda_item.postponed"


@dataclass(frozen=True, kw_only=True)
class RecommendationEvent(Event):
    """A fact about one recommendation."""

    recommendation_id: int
    panel_id: int


class RecommendationDrafted(RecommendationEvent):
    """There is a first wording."""

    name: ClassVar[str] = "recommendation.drafted"


class RecommendationReworded(RecommendationEvent):
    """A wording that was fixed is open again."""

    name: ClassVar[str] = "recommendation.reworded"


class RecommendationWordingFixed(RecommendationEvent):
    """The members vote on these words."""

    name: ClassVar[str] = "recommendation.wording_fixed"


class RecommendationVoted(RecommendationEvent):
    """The votes were counted."""

    name: ClassVar[str] = "recommendation.voted"


class RecommendationAdopted(RecommendationEvent):
    """The members adopted it."""

    name: ClassVar[str] = "recommendation.adopted"


class RecommendationNotAdopted(RecommendationEvent):
    """The members did not adopt it; the percentage is public."""

    name: ClassVar[str] = "recommendation.not_adopted"


class RecommendationSubmitted(RecommendationEvent):
    """The commissioner has it; a response is due."""

    name: ClassVar[str] = "recommendation.submitted"


@dataclass(frozen=True, kw_only=True)
class ResponseEvent(Event):
    """A fact about one response."""

    response_id: int
    recommendation_id: int


class ResponseGiven(ResponseEvent):
    """The commissioner answered."""

    name: ClassVar[str] = "response.given"


class ResponseBecameOverdue(ResponseEvent):
    """The due date passed without an answer, dated at the instant."""

    name: ClassVar[str] = "response.became_overdue"


class ResponseReminded(ResponseEvent):
    """The commissioner was reminded of the due date."""

    name: ClassVar[str] = "response.reminded"


class ResponseProgressReported(ResponseEvent):
    """The commissioner told what was done since."""

    name: ClassVar[str] = "response.progress_reported"
