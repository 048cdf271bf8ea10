"""What the API answers, each shape with what a name cannot say."""

from datetime import date, datetime

from msgspec import Struct


class ProblemShape(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Why there is no answer (RFC 9457), in the reader's language; `instance` is the path that was asked for."""

    type: str
    title: str
    status: int
    detail: str
    instance: str


class PanelShape(Struct, kw_only=True, frozen=True):
    """A running panel and its terms of reference."""

    slug: str
    name: str
    state: str
    aim: str
    tasks: str
    term: str
    meeting_cycle: str
    is_permanent: bool
    response_months: int
    url: str


class MeetingShape(Struct, kw_only=True, frozen=True):
    """A meeting; `number` counts within its panel."""

    id: int
    panel: str
    number: int
    title: str
    place: str
    state: str
    starts_at: datetime
    minutes_long: int
    url: str


class AgendaItemShape(Struct, kw_only=True, frozen=True):
    """A point of a published agenda; of a confidential point only its place and minutes are told."""

    position: int
    title: str
    question: str
    minutes: int
    presenter: str
    state: str
    is_confidential: bool
    theme_id: int | None
    what_was_said: str
    advice: str


class AgendaShape(Struct, kw_only=True, frozen=True):
    """A meeting with the points of its agenda, once published."""

    meeting: MeetingShape
    points: list[AgendaItemShape]


class ConsultationShape(Struct, kw_only=True, frozen=True):
    """A consultation; `timing` is how the present moment lies to its period: not_now, in_time or late."""

    slug: str
    panel: str
    title: str
    summary: str
    question: str
    state: str
    timing: str
    opens_at: datetime
    closes_at: datetime
    meeting_id: int | None
    url: str


class PromptShape(Struct, kw_only=True, frozen=True):
    """One of the panel's questions; an idea may answer one of them."""

    id: int
    position: int
    text: str


class PhaseShape(Struct, kw_only=True, frozen=True):
    """A phase: collect, endorse or deliberate; a consultation without phases has none."""

    kind: str
    opens_at: datetime
    closes_at: datetime


class WholeConsultationShape(ConsultationShape, kw_only=True, frozen=True):
    """A consultation with its questions and its phases."""

    prompts: list[PromptShape]
    phases: list[PhaseShape]


class IdeaShape(Struct, kw_only=True, frozen=True):
    """A published idea or experience, under the name its author chose to show."""

    id: int
    number: str
    kind: str
    title: str
    body: str
    shown_name: str
    place: str
    language: str
    is_late: bool
    route: str
    endorsements: int
    comments: int
    published_at: datetime
    theme_id: int | None
    prompt_id: int | None
    url: str


class IdeaPageShape(Struct, kw_only=True, frozen=True):
    """Published ideas, newest first; `next_cursor` asks for the page after, and is null on the last."""

    ideas: list[IdeaShape]
    next_cursor: str | None


class CommentShape(Struct, kw_only=True, frozen=True):
    """What somebody added under an idea, as anybody may read it; `url` leads to its place on the idea's pages."""

    id: int
    number: str
    body: str
    shown_name: str
    language: str
    published_at: datetime
    url: str


class CommentPageShape(Struct, kw_only=True, frozen=True):
    """Comments in the order they came in; `next_after` asks for the page after, and is null on the last."""

    comments: list[CommentShape]
    next_after: int | None


class ThemeShape(Struct, kw_only=True, frozen=True):
    """A theme with how many ideas are in it and how much support they have together."""

    id: int
    name: str
    idea_count: int
    endorsements: int
    url: str


class LedgerShape(Struct, kw_only=True, frozen=True):
    """received is the sum of the states below it; published is the sum of `routes`."""

    received: int
    in_review: int
    published: int
    rejected: int
    held: int
    returned: int
    withdrawn: int
    removed: int
    routes: dict[str, int]


class ResponseShape(Struct, kw_only=True, frozen=True):
    """The commissioner's answer, or that it is still awaited and whether its date passed."""

    state: str
    due_at: datetime
    is_overdue: bool
    reasons: str
    owner: str
    done_by: date | None
    answered_at: datetime | None


class RecommendationShape(Struct, kw_only=True, frozen=True):
    """An advice of a panel that was put to the vote, with the response once submitted."""

    id: int
    panel: str
    number: int
    title: str
    text: str
    state: str
    votes_for: int | None
    votes_against: int | None
    submitted_at: datetime | None
    response: ResponseShape | None
    url: str
