"""A town with things in every state, each by its word (`idea:held`) with the words of the addresses that lead to it.

What is not for everybody carries a mark of its own (`zq-idea-held-qz`), so that any answer tells what it gave away.
"""

import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from accounts import sign_in
from accounts.models import Person
from consultations import endorsements, ideas, merge_rules, merging, splitting
from consultations.ideas import RECEIPT
from consultations.models import Consultation, Idea
from consultations.queries import current_version
from consultations.states import ConsultationState, IdeaState
from consultations.ways_models import Attachment, Intake
from consultations.ways_states import IntakeWay
from conversations import conversations
from conversations.states import Side
from kernel import tokens
from kernel.db import WriteSession
from kernel.html import clean
from kernel.settings import Settings
from moderation import grounds
from moderation.models import Appeal, PageReport, PlannedDecision, Report
from moderation.queries import latest_decision
from moderation.rules import mark_of
from moderation.states import Outcome
from notify import outbox, signing
from notify.models import Digest, Message, Subscription
from notify.states import Cadence, Topic
from notify.texts.following import DIGEST
from notify.texts.joining import FOLLOW
from panels import mandates
from panels.models import AgendaIdea, AgendaItem, Meeting, Panel, Recommendation
from panels.report_models import Briefing
from panels.states import (
    ItemState,
    MeetingState,
    PanelState,
    RecommendationState,
    ResponseState,
    SeatEntry,
    SeatKind,
)
from tests import builders
from tests.access import accounts
from tests.access.marks import mark
from tests.access.people import Somebody, everybody
from tests.moments import NOON
from themes.models import Placement
from themes.states import ThemeState

TYPED = {"topic", "topic_id", "topics", "page", "seen", "person_id"}
WITH_PUBLIC_AGENDA = {
    MeetingState.AGENDA_PUBLISHED,
    MeetingState.IN_SESSION,
    MeetingState.HELD,
    MeetingState.MINUTES_DRAFTED,
    MeetingState.MINUTES_ADOPTED,
    MeetingState.MINUTES_PUBLISHED,
}
VOTED = {RecommendationState.ADOPTED, RecommendationState.NOT_ADOPTED, RecommendationState.SUBMITTED}
ABSENT = {
    "slug": "nergens",
    "secret": "bestaatniet",
    "signed": "bestaatniet",
    "file": "bestaatniet",
    "number": 99_999,
}


@dataclass
class Town:
    """Everybody and everything. `things` holds the words of an address by a thing's word."""

    people: dict[str, Somebody]
    things: dict[str, dict[str, Any]] = field(default_factory=dict)

    def address(self, template: str, *words: str) -> str:
        """The address of a route about these things; `kind:absent` leads nowhere."""
        given: dict[str, Any] = {}
        for word in words:
            given |= self.things[word] if not word.endswith(":absent") else {}
        return re.sub(
            r"{(\w+):\w+}", lambda found: str(given.get(found[1], ABSENT.get(found[1], 99_999_999))), template
        )

    def query(self, written: str, *words: str) -> str:
        """What stands behind the question mark, filled in from these things."""
        for word in words:
            written = written.format(**self.things[word]) if not word.endswith(":absent") else written
        return written

    def fields(self, *words: str) -> dict[str, Any]:
        """What is typed about these things."""
        named = [self.things[word] for word in words if not word.endswith(":absent")]
        return {name: value for one in named for name, value in one.items() if name in TYPED}


async def build(tx: WriteSession, *, settings: Settings) -> Town:
    """Put everything there."""
    ours = await builders.a_panel(tx, slug="ons-panel", name="Ons panel")
    other = await builders.a_panel(tx, slug="ander-panel", name="Ander panel")
    unborn = await builders.a_panel(tx, slug="panel-in-de-maak", name=mark("panel:draft"), state=PanelState.DRAFT)
    town = Town(await everybody(tx, panel=ours, other=other))
    town.things |= {
        "file:app.css": {"file_path": "app.css"},
        "panel:ours": {"slug": ours.slug, "panel_id": ours.id, "topic": "panel", "topic_id": ours.id},
        "panel:elsewhere": {"slug": other.slug, "panel_id": other.id},
        "panel:draft": {"slug": unborn.slug, "panel_id": unborn.id, "topic": "panel", "topic_id": unborn.id},
    }
    for panel in (ours, unborn):
        await builders.an_agreement(tx, panel=panel)
    await _seats(tx, town, ours)
    await _meetings(tx, town, ours, other, unborn)
    await _consultations(tx, town, ours, other)
    await _ideas(tx, town)
    await _themes(tx, town)
    await _advice(tx, town)
    await _conversations(tx, town)
    await _letters(tx, town, settings)
    _topics(town)
    await _unfinished(tx, town)
    await accounts.build(tx, town.things, town.people, settings=settings)
    return town


def _topics(town: Town) -> None:
    """What can be listened to, by the word of its thing."""
    things, receipt = town.things, town.things["receipt:held"]["secret"]
    ids = {
        "queue": "queue",
        "conversations": "conversations",
        "consultation": f"consultation:{things['consultation:open']['consultation_id']}",
        "draft-consultation": f"consultation:{things['consultation:draft']['consultation_id']}",
        "themes": f"themes:{things['consultation:open']['consultation_id']}",
        "idea-published": f"idea:{things['idea:published']['idea_id']}",
        "idea-held": f"idea:{things['idea:held']['idea_id']}",
        "idea-draft": f"idea:{things['idea:draft']['idea_id']}",
        "idea-absent": "idea:99999999",
        "meeting": f"meeting:{things['meeting:agenda_published']['meeting_id']}",
        "unborn-meeting": f"meeting:{things['meeting:unborn']['meeting_id']}",
        "receipt": f"receipt:{things['idea:held']['idea_id']}",
    }
    town.things |= {f"topic:{word}": {"topics": topic} for word, topic in ids.items()}
    town.things["topic:receipt-with-secret"] = {"topics": ids["receipt"], "page": f"/receipts/{receipt}"}


async def _author(tx: WriteSession, town: Town) -> Person:
    return await tx.get_one(Person, town.people["author"].person_id)


async def _seats(tx: WriteSession, town: Town, panel: Panel) -> None:
    person = await builders.a_person(tx, name=mark("seat:taken"), email=f"{mark('seat:taken')}@waterveen.example")
    seat = await mandates.seat(
        tx, panel=panel, person=person, kind=SeatKind.OBSERVER, entry=SeatEntry.APPOINTED, now=NOON
    )
    town.things["seat:taken"] = {"slug": panel.slug, "seat_id": seat.id}


async def _meetings(tx: WriteSession, town: Town, ours: Panel, other: Panel, unborn: Panel) -> None:
    for number, state in enumerate(MeetingState, start=1):
        word = f"meeting:{state.value}"
        meeting = await _a_meeting(tx, ours, state, number=number, title=f"Bijeenkomst {number}")
        await _agenda(tx, town, meeting, word)
    await _agenda(tx, town, await _a_meeting(tx, other, MeetingState.AGENDA_OPEN, number=50), "meeting:elsewhere")
    born = await _a_meeting(tx, unborn, MeetingState.AGENDA_PUBLISHED, number=60, title=mark("meeting:unborn"))
    await _agenda(tx, town, born, "meeting:unborn")


async def _a_meeting(tx: WriteSession, panel: Panel, state: MeetingState, **given: Any) -> Meeting:
    past = state in WITH_PUBLIC_AGENDA - {MeetingState.AGENDA_PUBLISHED}
    has_agenda = state in WITH_PUBLIC_AGENDA
    meeting = await builders.a_meeting(
        tx,
        panel=panel,
        starts_at=NOON - timedelta(days=30) if past else NOON + timedelta(days=21),
        agenda_published_at=NOON - timedelta(days=37) if has_agenda else None,
        minutes_published_at=NOON if state is MeetingState.MINUTES_PUBLISHED else None,
        reason="Hier staat waarom." if state in {MeetingState.POSTPONED, MeetingState.CANCELLED} else "",
        **given,
    )
    if state is not meeting.state:
        await builders.put(tx, meeting, state)
    return meeting


async def _agenda(tx: WriteSession, town: Town, meeting: Meeting, word: str) -> None:
    """A point for all and a closed one, with what the secretary already wrote of both, and an advice in the making."""
    panel = await tx.get_one(Panel, meeting.panel_id)
    town.things[word] = {"meeting_id": meeting.id, "slug": panel.slug, "number": meeting.number}
    name = word.partition(":")[2]
    meeting.minutes_intro = mark(f"intro:{name}")
    meeting.minutes_intro_html = clean(meeting.minutes_intro)
    discussed = ItemState.DISCUSSED if meeting.starts_at < NOON else ItemState.SCHEDULED
    for kind in ("open", "closed"):
        about = mark(f"{kind}:{name}")
        point = await builders.a_point(
            tx,
            meeting=meeting,
            position=1 if kind == "open" else 2,
            title=f"Agendapunt {about}",
            question=f"Wat vindt u van {about}?",
            what_was_said=f"Besproken: {mark(f'said-{kind}:{name}')}",
            is_confidential=kind == "closed",
        )
        if discussed is not point.state:
            await builders.put(tx, point, discussed)
        town.things[f"point:{kind}-{name}"] = {"item_id": point.id}


async def _consultations(tx: WriteSession, town: Town, ours: Panel, other: Panel) -> None:
    meeting_id = town.things["meeting:agenda_open"]["meeting_id"]
    for state in ConsultationState:
        word = "open" if state is ConsultationState.ANNOUNCED else state.value
        await _a_consultation(tx, town, word, panel_id=ours.id, meeting_id=meeting_id, state=state)
    await _a_consultation(
        tx, town, "upcoming", panel_id=ours.id, opens_at=NOON + timedelta(days=2), closes_at=NOON + timedelta(days=9)
    )
    await _a_consultation(tx, town, "closed", panel_id=ours.id, closes_at=NOON - timedelta(days=1))
    await _a_consultation(tx, town, "elsewhere", panel_id=other.id)
    await _a_consultation(tx, town, "draft-elsewhere", panel_id=other.id, state=ConsultationState.DRAFT)


async def _a_consultation(tx: WriteSession, town: Town, word: str, **given: Any) -> None:
    is_draft = given.get("state") is ConsultationState.DRAFT
    title = mark(f"consultation:{word}") if is_draft else f"Consultatie {word}"
    if is_draft:
        given |= {"opens_at": NOON + timedelta(days=2), "closes_at": NOON + timedelta(days=4), "announced_at": None}
    panel = await tx.get_one(Panel, given.pop("panel_id"))
    meeting_id = given.pop("meeting_id", None)
    made = await builders.a_consultation(tx, panel=panel, slug=f"vraag-{word}", title=title, **given)
    made.meeting_id = meeting_id
    await grounds.publish(tx, consultation_id=made.id)
    town.things[f"consultation:{word}"] = {
        "slug": made.slug,
        "consultation_id": made.id,
        "topic": "consultation",
        "topic_id": made.id,
    }


async def _ideas(tx: WriteSession, town: Town) -> None:
    """One in each state, all by the author; two that were public before, and two of another panel."""
    opened = await tx.get_one(Consultation, town.things["consultation:open"]["consultation_id"])
    elsewhere = await tx.get_one(Consultation, town.things["consultation:elsewhere"]["consultation_id"])
    for state in IdeaState:
        await _an_idea(tx, town, state.value, opened, state)
    await _an_idea(tx, town, "was-public", opened, IdeaState.WITHDRAWN, published_at=NOON - timedelta(hours=2))
    target = await tx.get_one(Idea, town.things["idea:removed"]["idea_id"])
    await _an_idea(tx, town, "merged", opened, IdeaState.PUBLISHED, merged_into_id=target.id)
    await _an_idea(tx, town, "elsewhere", elsewhere, IdeaState.PUBLISHED)
    await _an_idea(tx, town, "held-elsewhere", elsewhere, IdeaState.HELD)
    for word, asked in (("ours", opened), ("elsewhere", elsewhere)):
        await _an_idea(tx, town, f"planned-{word}", asked, IdeaState.RECEIVED)
        await _a_plan(tx, town, word)
    await _comments(tx, town, opened)
    await _merges(tx, town, opened)
    for word, with_idea in (
        ("shown", "published"),
        ("waiting", "published"),
        ("refused", "published"),
        ("elsewhere", "held-elsewhere"),
    ):
        file = Attachment(
            idea_id=town.things[f"idea:{with_idea}"]["idea_id"],
            is_picture=True,
            width=1,
            height=1,
            alternative=mark("picture:elsewhere") if word == "elsewhere" else "Een bankje",
            size=1,
            sha256=word.ljust(64, "0"),
            body=b"-",
            added_at=NOON,
            is_shown=word == "shown",
            reason="Er staat een kenteken op." if word == "refused" else "",
            decided_at=NOON if word in {"shown", "refused"} else None,
            decided_by_id=town.people["moderator"].person_id if word in {"shown", "refused"} else None,
        )
        tx.add(file)
        await tx.flush()
        town.things[f"picture:{word}"] = {"file_id": file.id, "name": file.file_name}
    town.things["receipt:published"] |= town.things["picture:waiting"]
    town.things["receipt:with-refused"] = {**town.things["receipt:published"], **town.things["picture:refused"]}
    town.things["receipt:of-another"] = {**town.things["receipt:published"], **town.things["picture:elsewhere"]}
    for word, told_to in (("told", opened), ("told-elsewhere", elsewhere)):
        state = IdeaState.RECEIVED if word == "told" else IdeaState.HELD
        await _an_idea(tx, town, word, told_to, state)
        tx.add(
            Intake(
                idea_id=town.things[f"idea:{word}"]["idea_id"],
                way=IntakeWay.PAPER,
                is_without_mail=True,
                reach=mark(f"reach:{word}"),
                entered_at=NOON,
                entered_by_id=town.people["secretary"].person_id,
            )
        )
    for point in ("open-agenda_published", "closed-agenda_published", "open-held", "open-minutes_published"):
        for word in ("published", "removed", "held"):
            item_id, idea_id = town.things[f"point:{point}"]["item_id"], town.things[f"idea:{word}"]["idea_id"]
            tx.add(AgendaIdea(agenda_item_id=item_id, idea_id=idea_id, own_route=None))
    await tx.flush()


async def _merges(tx: WriteSession, town: Town, opened: Consultation) -> None:
    """One idea that goes on in another, and one that was split; their texts are for everybody."""
    shared: dict[str, Any] = {"consultation": opened, "author": await _author(tx, town), "state": IdeaState.PUBLISHED}
    body, by = "Zet bankjes neer. Maak het plein groener.", town.people["moderator"].person_id or 0
    goes_on, carries, whole, free = [await builders.an_idea(tx, body=body, **shared) for _ in range(4)]
    why: dict[str, Any] = {"reason": "Om een goede reden.", "actor_id": by, "now": NOON}
    merge = await merging.merge(tx, idea=goes_on, into=carries, **why)
    split = await splitting.split(tx, idea=whole, shares=[[0], [1]], **why)
    town.things["idea:carries"], town.things["idea:free"] = {"idea_id": carries.id}, {"idea_id": free.id}
    town.things["merge:ours"], town.things["split:ours"] = {"merge_id": merge.id}, {"split_id": split.id}
    town.things["idea:carries"] |= {"both_seen": merge_rules.mark_of(carries, free)}
    town.things["idea:free"] |= {"whole_seen": merge_rules.mark_of(free)}
    secret = await tokens.mint(tx, purpose=RECEIPT, subject=f"idea:{goes_on.id}", expires_at=None, now=NOON)
    town.things["receipt:goes-on"] = {"secret": secret}


async def _an_idea(
    tx: WriteSession, town: Town, word: str, consultation: Consultation, state: IdeaState, **given: Any
) -> None:
    about = mark(f"idea:{word}")
    idea = await builders.an_idea(
        tx,
        consultation=consultation,
        author=await _author(tx, town),
        state=state,
        title=f"Bankjes {about}",
        body=f"Zet bankjes langs het water, dan kan mijn moeder weer een rondje lopen. {about}",
        shown_name=f"Naam {about}",
        **given,
    )
    secret = await tokens.mint(tx, purpose=RECEIPT, subject=f"idea:{idea.id}", expires_at=None, now=NOON)
    decided = await latest_decision(tx, idea.id)
    seen = mark_of((await current_version(tx, idea.id)).sha256, decided.id if decided else None)
    town.things[f"idea:{word}"] = {"idea_id": idea.id, "topic": "idea", "topic_id": idea.id, "seen": seen}
    town.things[f"receipt:{word}"] = {"secret": secret}
    if word in {"published", "held-elsewhere"}:
        report = Report(
            idea_id=idea.id,
            reason=mark(f"report:{word}"),
            reporter_id=town.people["resident"].person_id,
            is_signed_in=True,
            reported_at=NOON,
        )
        tx.add(report)
        await tx.flush()
        town.things[f"report:{word}"] = {"report_id": report.id}
        page_report = PageReport(
            address="/panels",
            panel_id=consultation.panel_id,
            reason=mark(f"page-report:{word}"),
            reporter_id=town.people["resident"].person_id,
            reported_at=NOON,
        )
        tx.add(page_report)
        await tx.flush()
        town.things[f"page-report:{word}"] = {"page_report_id": page_report.id}
    if word in {"rejected", "removed", "held-elsewhere"}:
        await _an_appeal(tx, town, word, idea)


async def _a_plan(tx: WriteSession, town: Town, word: str) -> None:
    """A decision that can still be undone."""
    planned = town.things[f"idea:planned-{word}"]
    by = town.people["moderator" if word == "ours" else "moderator2"].person_id or 0
    plan = PlannedDecision(idea_id=planned["idea_id"], mark=planned["seen"], outcome=Outcome.PUBLISH, together=word)
    plan.planned_by_id, plan.planned_at, plan.due_at = by, NOON, NOON + timedelta(minutes=10)
    tx.add(plan)
    await tx.flush()
    town.things[f"plan:{word}"] = {"idea_id": planned["idea_id"]}


async def _an_appeal(tx: WriteSession, town: Town, word: str, idea: Idea) -> None:
    decision = await latest_decision(tx, idea.id)
    assert decision is not None
    town.things[f"decision:{word}"] = {"decision_id": decision.id}
    if word == "removed":
        return  # not yet appealed against
    appeal = Appeal(
        decision_id=decision.id, reason=mark(f"appeal:{word}"), lodged_at=NOON, due_at=NOON + timedelta(days=10)
    )
    tx.add(appeal)
    await tx.flush()
    town.things[f"appeal:{word}"] = {"appeal_id": appeal.id}


async def _comments(tx: WriteSession, town: Town, opened: Consultation) -> None:
    """Under a public idea: one to be read, one that was, one that a moderator keeps back."""
    await builders.let_talk(tx, opened)
    under, author = await tx.get_one(Idea, town.things["idea:published"]["idea_id"]), await _author(tx, town)
    for word, state in (
        ("published", IdeaState.PUBLISHED),
        ("received", IdeaState.RECEIVED),
        ("was-public", IdeaState.WITHDRAWN),
    ):
        text = "Een lamp erbij." if word == "published" else mark(f"comment:{word}")
        shown = {"title": text, "body": text, "published_at": None if word == "received" else NOON}
        made = await builders.a_comment(tx, under=under, state=state, author=author, **shown)
        town.things[f"comment:{word}"] = {"idea_id": made.id}


async def _themes(tx: WriteSession, town: Town) -> None:
    """A theme that speaks by ideas that were taken off the site since, with one that waits; and one in a draft."""
    opened = await tx.get_one(Consultation, town.things["consultation:open"]["consultation_id"])
    draft = await tx.get_one(Consultation, town.things["consultation:draft"]["consultation_id"])
    words = ("removed", "held", "was-public", "published", "merged", "free")
    placed = [await tx.get_one(Idea, town.things[f"idea:{word}"]["idea_id"]) for word in words]
    current = await builders.a_theme(tx, consultation=opened, ideas=placed, name="Zitten")
    for idea in placed:
        placement = await tx.get_one(Placement, idea.id)
        placement.nearest_ids = [one.id for one in placed if one.id != idea.id]
    for word in ("received", "rejected"):
        await builders.a_placement(tx, idea=await tx.get_one(Idea, town.things[f"idea:{word}"]["idea_id"]))
    second = await builders.a_theme(tx, consultation=opened, name="Groen")
    merged = await builders.a_theme(tx, consultation=opened, name="Bomen", merged_into_id=current.id)
    await builders.put(tx, merged, ThemeState.MERGED)
    dissolved = await builders.a_theme(tx, consultation=opened, name="Over")
    await builders.put(tx, dissolved, ThemeState.DISSOLVED)
    hidden = await builders.a_theme(tx, consultation=draft, name=mark("theme:draft"))
    for word, theme in (
        ("current", current),
        ("second", second),
        ("merged", merged),
        ("dissolved", dissolved),
        ("draft", hidden),
    ):
        town.things[f"theme:{word}"] = {"theme_id": theme.id, "topic": "theme", "topic_id": theme.id}


async def _conversations(tx: WriteSession, town: Town) -> None:
    """What the panel, and what the moderators, said with the author of an idea, and one question to a theme."""
    for word, side, who in (
        ("panel", Side.PANEL, "member"),
        ("moderators", Side.MODERATORS, "moderator"),
        ("elsewhere", Side.PANEL, "member2"),
        ("of-held", Side.MODERATORS, "moderator"),
    ):
        named = {"elsewhere": "elsewhere", "of-held": "held"}.get(word, "published")
        idea = await tx.get_one(Idea, town.things[f"idea:{named}"]["idea_id"])
        conversation = await conversations.begin(tx, idea=idea, side=side, now=NOON)
        for is_authors in (False, True):
            writer_id = town.people["author" if is_authors else who].person_id
            assert writer_id is not None
            told = {"writer_id": writer_id, "is_authors": is_authors, "asks": not is_authors, "now": NOON}
            await conversations.say(tx, conversation, body=mark(f"said:{word}"), **told)  # type: ignore[arg-type]  # as it asks
        town.things[f"conversation:{word}"] = {"idea_id": idea.id, "side": side}
    for word in ("published", "received", "held", "withdrawn"):
        idea_id = town.things[f"idea:{word}"]["idea_id"]
        town.things |= {f"asking:{side}-{word}": {"idea_id": idea_id, "side": side} for side in Side}
    town.things["asking:nobody"] = {"idea_id": town.things["idea:published"]["idea_id"], "side": "nobody"}
    town.things["asking:absent-idea"] = {"side": "panel"}


async def _advice(tx: WriteSession, town: Town) -> None:
    ours = await tx.get_one(Panel, town.things["panel:ours"]["panel_id"])
    other = await tx.get_one(Panel, town.things["panel:elsewhere"]["panel_id"])
    open_point = await tx.get_one(AgendaItem, town.things["point:open-minutes_published"]["item_id"])
    closed_point = await tx.get_one(AgendaItem, town.things["point:closed-minutes_published"]["item_id"])
    for state in RecommendationState:
        await _an_advice(tx, town, state.value, state, open_point, ours)
    await _an_advice(tx, town, "of-closed", RecommendationState.SUBMITTED, closed_point, ours)
    there = await tx.get_one(AgendaItem, town.things["point:open-elsewhere"]["item_id"])
    await _an_advice(tx, town, "draft-elsewhere", RecommendationState.DRAFT, there, other)
    await _an_advice(tx, town, "elsewhere", RecommendationState.SUBMITTED, there, other)
    accepted = {"reasons": "Zo doen we het.", "owner": "De wethouder", "done_by": NOON.date(), "answered_at": NOON}
    await _a_response(tx, town, "submitted", ResponseState.AWAITED)
    await _a_response(tx, town, "of-closed", ResponseState.ACCEPTED, **accepted)
    await _a_response(tx, town, "elsewhere", ResponseState.AWAITED)


async def _an_advice(
    tx: WriteSession, town: Town, word: str, state: RecommendationState, point: AgendaItem, panel: Panel
) -> None:
    about = f"Advies {word}" if state in VOTED else mark(f"advice:{word}")
    is_through = state in {RecommendationState.ADOPTED, RecommendationState.SUBMITTED}
    made = await builders.a_recommendation(
        tx,
        point=point,
        panel=panel,
        title=about,
        text=f"Zet bankjes neer. {about}",
        state=state,
        adopted_at=NOON if is_through else None,
        submitted_at=NOON if state is RecommendationState.SUBMITTED else None,
    )
    town.things[f"advice:{word}"] = {"recommendation_id": made.id}


async def _a_response(tx: WriteSession, town: Town, word: str, state: ResponseState, **given: Any) -> None:
    advice = await tx.get_one(Recommendation, town.things[f"advice:{word}"]["recommendation_id"])
    made = await builders.a_response(tx, recommendation=advice, state=state, **given)
    town.things[f"response:{word}"] = {"response_id": made.id}


async def _letters(tx: WriteSession, town: Town, settings: Settings) -> None:
    """The links that letters carry, and what the author follows."""
    author = await _author(tx, town)
    published = await tx.get_one(Idea, town.things["idea:published"]["idea_id"])
    submitted = await tx.get_one(Idea, town.things["idea:submitted"]["idea_id"])
    endorser = await builders.a_person(tx, confirmed_at=None)
    request = await sign_in.open_request(tx, person=author, browser=None, next_path="/", now=NOON)
    asked = await endorsements.ask(tx, idea=published, email=endorser.email, language="nl", now=NOON)
    await outbox.enqueue(
        tx,
        dedup_key="follow",
        person_id=endorser.id,
        template="follow_confirm",
        due_at=NOON,
        facts={"topic": "idea", "topic_id": published.id, "cadence": "weekly", "hour": 8, "weekday": 0},
        now=NOON,
    )
    follow = (await tx.scalars(select(Message).where(Message.dedup_key == "follow"))).one()
    links = {
        "link:sign-in": await sign_in.link_for(tx, request_id=request.id, now=NOON),
        "link:confirm": await ideas.confirm_link(tx, idea=submitted, now=NOON),
        "link:endorse": await endorsements.confirm_link(tx, request_id=asked.id, now=NOON),
    }
    town.things |= {word: {"secret": link.rpartition("/")[2]} for word, link in links.items()}
    secret = await tokens.mint(tx, purpose=FOLLOW, subject=f"message:{follow.id}", expires_at=None, now=NOON)
    town.things["link:follow"] = {"secret": secret}
    path = signing.unsubscribe_path(settings, person_id=author.id, scope=signing.ALL)
    town.things["link:unsubscribe"] = {"signed": path.rpartition("/")[2]}
    await _followed(tx, town, author)


async def _followed(tx: WriteSession, town: Town, author: Person) -> None:
    topic_id = town.things["consultation:open"]["consultation_id"]
    subscription = Subscription(
        person_id=author.id,
        topic=Topic.CONSULTATION,
        topic_id=topic_id,
        cadence=Cadence.WEEKLY,
        started_at=NOON,
        told_until=NOON,
    )
    removed = town.things["idea:removed"]["idea_id"]
    news = [
        {
            "kind": "published",
            "title": mark("idea:removed"),
            "path": f"/ideas/{removed}",
            "about": "",
            "idea_id": removed,
        },
    ]
    digest = Digest(person_id=author.id, period="weekly:2026-11-23T08", news=news, made_at=NOON)
    tx.add_all([subscription, digest])
    await tx.flush()
    town.things["subscription:authors"] = {"subscription_id": subscription.id}
    secret = await tokens.mint(tx, purpose=DIGEST, subject=f"digest:{digest.id}", expires_at=None, now=NOON)
    town.things["digest:authors"] = {"secret": secret}


async def _unfinished(tx: WriteSession, town: Town) -> None:
    """The briefing of the next meeting, made while an idea was still public that speaks in it."""
    meeting = await tx.get_one(Meeting, town.things["meeting:agenda_open"]["meeting_id"])
    removed = await tx.get_one(Idea, town.things["idea:removed"]["idea_id"])
    theme = {"theme_id": town.things["theme:current"]["theme_id"], "name": "Zitten", "ideas": 1, "experiences": 0}
    quote = {"idea_id": removed.id, "title": removed.title}
    point = {
        "item_id": town.things["point:closed-agenda_open"]["item_id"],
        "position": 1,
        "title": mark("briefing:closed"),
        "question": "",
        "minutes": 15,
        "presenter": "",
        "starts_at": NOON.isoformat(),
        "theme_id": None,
        "ideas": 0,
        "is_confidential": True,
        "is_carried": False,
    }
    facts: dict[str, Any] = {
        "since": None,
        "themes": [{**theme, "new": 1, "quotes": [quote]}],
        "agenda": [point],
        "open": {"follow_up": [], "responses": []},
    }
    tx.add(Briefing(meeting_id=meeting.id, facts=facts, made_at=NOON))
    await tx.flush()
