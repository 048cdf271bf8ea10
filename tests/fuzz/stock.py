"""A small municipality in which something stands in every state, with words in what is hidden that nobody may read."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from accounts import sign_in
from accounts.models import Person
from consultations import endorsements, ideas
from consultations.models import Consultation, Idea
from consultations.states import ConsultationState, IdeaKind, IdeaRoute, IdeaState
from kernel.db import WriteSession
from kernel.settings import Settings
from moderation import appeals, reports
from notify import digests, signing, subscriptions
from notify.states import Cadence, Topic
from panels.models import Meeting, Panel
from panels.states import ItemState, MeetingState, PanelState, RecommendationState
from tests.builders import (
    a_consultation,
    a_meeting,
    a_moderated_consultation,
    a_moderator,
    a_panel,
    a_person,
    a_point,
    a_recommendation,
    a_rejected_idea,
    a_response,
    a_theme,
    an_agreement,
    an_idea,
)
from tests.fuzz.cast import Cast, a_cast
from tests.moments import NOON

HIDDEN = "Verborgenzaak"
"""How every text begins that outsiders must not find; what follows says where it stands."""


@dataclass
class Stock:
    """What is there: who, the secrets in letters, and what is hidden, with a SELECT that finds it while it is."""

    cast: Cast
    secrets: list[str] = field(default_factory=list)
    hidden: dict[str, str] = field(default_factory=dict)

    def hide(self, what: str, table: str = "panel", where: str = "id > 0") -> str:
        """A text that nobody may read as long as there is such a row."""
        self.hidden[what] = f"SELECT 1 FROM {table} WHERE {where} LIMIT 1"  # noqa: S608 - our own words
        return f"{HIDDEN}{what}"


async def fill(tx: WriteSession, settings: Settings) -> Stock:
    """Everything at once, in a database with every table and no row."""
    panel = await a_panel(tx, slug="waterveen")
    stock = Stock(await a_cast(tx, panel))
    await an_agreement(tx, panel=panel)
    author = await a_person(tx, name="Aaltje Bron")
    resident = await tx.get_one(Person, stock.cast.persons["resident"])
    held, coming = await _meetings(tx, panel, stock)
    opened = await a_moderated_consultation(tx, panel=panel, meeting=coming, slug="buurt")
    public = await _ideas(tx, opened, author, resident, stock)
    await _consultations(tx, panel, stock)
    await _panels(tx, stock)
    theme = await a_theme(tx, consultation=opened, ideas=public[:3], name="Bankjes")
    await a_theme(tx, consultation=opened, ideas=public[3:], name="Bomen")
    await _answers(tx, panel, held, coming, public, stock)
    await _moderation(tx, opened, public, stock)
    await _letters(tx, resident, opened, theme.id, public, settings, stock)
    return stock


async def _meetings(tx: WriteSession, panel: Panel, stock: Stock) -> tuple[Meeting, Meeting]:
    """One held and written up, one with an agenda that is still in the making, one far away."""
    then = NOON - timedelta(days=30)
    held = await a_meeting(
        tx,
        panel=panel,
        starts_at=then,
        state=MeetingState.MINUTES_PUBLISHED,
        agenda_published_at=then - timedelta(days=7),
        held_at=then,
        minutes_published_at=NOON - timedelta(days=20),
    )
    coming = await a_meeting(tx, panel=panel, state=MeetingState.AGENDA_OPEN)
    title = stock.hide("agenda", "meeting", f"id = {coming.id} AND agenda_published_at IS NULL")
    await a_point(tx, meeting=coming, title=title, question=title)
    await a_meeting(tx, panel=panel, starts_at=NOON + timedelta(days=80), state=MeetingState.PLANNED)
    return held, coming


async def _ideas(
    tx: WriteSession, consultation: Consultation, author: Person, resident: Person, stock: Stock
) -> list[Idea]:
    """In every state, somebody's and the resident's own; the public ones come back."""
    public: list[Idea] = []
    for state in IdeaState:
        told: dict[str, Any] = {}
        if state is not IdeaState.PUBLISHED:
            text = stock.hide(state.value, "idea", f"title = '{HIDDEN}{state.value}' AND state <> 'published'")
            told = dict.fromkeys(("title", "body", "shown_name"), text)
        idea = await an_idea(tx, consultation=consultation, author=author, state=state, **told)
        if state is IdeaState.PUBLISHED:
            public.append(idea)
        own = await an_idea(tx, consultation=consultation, author=resident, state=state)
        stock.secrets.append((await ideas.receipt_link(tx, idea_id=own.id, now=NOON)).rpartition("/")[2])
        if state is IdeaState.SUBMITTED:
            stock.secrets.append((await ideas.confirm_link(tx, idea=own, now=NOON)).rpartition("/")[2])
    for number in range(5):
        kind = IdeaKind.EXPERIENCE if number % 2 else IdeaKind.IDEA
        told = {"kind": kind, "service": "Loket" if number % 2 else "", "is_late": number == 4}
        if number == 3:
            told |= {"route": IdeaRoute.MERGED, "merged_into_id": public[0].id}
        public.append(await an_idea(tx, consultation=consultation, author=author, state=IdeaState.PUBLISHED, **told))
    return public


async def _consultations(tx: WriteSession, panel: Panel, stock: Stock) -> None:
    """One in every state, one that has yet to open and one that closed."""
    for state in ConsultationState:
        meeting = await a_meeting(tx, panel=panel, starts_at=NOON + timedelta(days=60))
        row = await a_consultation(tx, panel=panel, meeting=meeting, state=state, slug=f"vraag-{state.value}")
        if state is ConsultationState.DRAFT:
            text = stock.hide("draft", "consultation", f"id = {row.id} AND state = 'draft'")
            row.title, row.question, row.summary = text, text, text
    closed: dict[str, Any] = {"opens_at": NOON - timedelta(days=20), "closes_at": NOON - timedelta(days=3)}
    await a_consultation(tx, panel=panel, slug="gesloten", **closed)
    ahead: dict[str, Any] = {"opens_at": NOON + timedelta(days=2), "closes_at": NOON + timedelta(days=9)}
    await a_consultation(tx, panel=panel, slug="straks", **ahead)


async def _panels(tx: WriteSession, stock: Stock) -> None:
    """One that is in preparation, and one at work that nobody of ours has a part in."""
    draft = await a_panel(tx, slug="later", state=PanelState.DRAFT)
    draft.name = stock.hide("panel", "panel", f"id = {draft.id} AND state = 'draft'")
    await a_meeting(tx, panel=draft, title=draft.name)
    elsewhere = await a_panel(tx, slug="elders")
    await a_moderated_consultation(tx, panel=elsewhere, meeting=await a_meeting(tx, panel=elsewhere), slug="elders")


async def _answers(
    tx: WriteSession, panel: Panel, held: Meeting, coming: Meeting, public: list[Idea], stock: Stock
) -> None:
    """Points that were discussed, one behind closed doors; advices on their way and answered."""
    point = await a_point(tx, meeting=held, ideas=public[:2], state=ItemState.DISCUSSED, what_was_said="Goed idee.")
    behind = await a_point(tx, meeting=held, state=ItemState.DISCUSSED, is_confidential=True)
    text = stock.hide("closed", "agenda_item", f"id = {behind.id} AND is_confidential")
    behind.title, behind.question, behind.what_was_said, behind.advice = text, text, text, text
    for state in RecommendationState:
        advice = await a_recommendation(tx, point=point, panel=panel, state=state)
        if state is RecommendationState.SUBMITTED:
            await a_response(tx, recommendation=advice)
        if state is RecommendationState.DRAFT:
            advice.title = advice.text = stock.hide("advice", "recommendation", f"id = {advice.id} AND state = 'draft'")


async def _moderation(tx: WriteSession, opened: Consultation, public: list[Idea], stock: Stock) -> None:
    """Reports, and an appeal against a rejection."""
    await reports.receive(tx, idea=public[0], reason=stock.hide("report"), now=NOON)
    somebody = await a_moderator(tx)
    idea, _decision = await a_rejected_idea(tx, by=somebody, consultation=opened, at=NOON - timedelta(days=1))
    zone = Settings().zone
    await appeals.lodge(tx, idea=idea, reason=stock.hide("appeal"), zone=zone, now=NOON)
    own, _ = await a_rejected_idea(
        tx,
        by=somebody,
        consultation=opened,
        at=NOON - timedelta(days=1),
        author=await tx.get_one(Person, stock.cast.persons["resident"]),
    )
    stock.secrets.append((await ideas.receipt_link(tx, idea_id=own.id, now=NOON)).rpartition("/")[2])


async def _letters(
    tx: WriteSession,
    resident: Person,
    opened: Consultation,
    theme_id: int,
    public: list[Idea],
    settings: Settings,
    stock: Stock,
) -> None:
    """What the resident follows, and the secrets in letters that are on their way."""
    topics = ((Topic.CONSULTATION, opened.id), (Topic.THEME, theme_id), (Topic.IDEA, public[0].id))
    for topic, topic_id in topics:
        await subscriptions.follow(
            tx,
            person_id=resident.id,
            topic=topic,
            topic_id=topic_id,
            cadence=Cadence.DAILY,
            zone=settings.zone,
            now=NOON - timedelta(days=1),
        )
    await digests.close_period(tx, person_id=resident.id, period="2026-11-23", zone=settings.zone, now=NOON)
    asked = await endorsements.ask(
        tx, idea=public[1], email="steun@waterveen.example", language="nl", now=NOON - timedelta(minutes=5)
    )
    links: list[str] = [await endorsements.confirm_link(tx, request_id=asked.id, now=NOON)]
    request = await sign_in.open_request(tx, person=resident, browser=None, next_path="/", now=NOON)
    links.append(await sign_in.link_for(tx, request_id=request.id, now=NOON))
    links += [signing.unsubscribe_path(settings, person_id=resident.id, scope=scope) for scope in ("all", "own_ideas")]
    stock.secrets += [link.rpartition("/")[2] for link in links]
