"""Rows for tests: valid by default, no surprises. One section a room."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import count
from typing import Any

from sqlalchemy import delete, insert

from accounts import people, roles
from accounts.actor import Actor
from accounts.models import Person
from accounts.states import Role
from consultations import ideas, ways
from consultations.models import Consultation, Idea
from consultations.queries import current_version
from consultations.states import IDEA_MOVES, RESTRICTED, ConsultationState, IdeaKind, IdeaRoute, IdeaState
from consultations.versions import version_of
from consultations.ways import Ways
from kernel.db import Base, WriteSession
from kernel.moves import StateStep
from moderation import decisions, grounds
from moderation.models import Decision, Ground
from moderation.states import BECOMES, Outcome
from panels.models import AgendaIdea, AgendaItem, Agreement, Meeting, Panel, Recommendation, Response
from panels.states import ItemState, MeetingState, RecommendationState
from tests.moments import CLOSES, NOON, OPENS
from themes.models import Placement, Theme
from themes.states import PlacedBy, WhyInRest

_next = count(1)
NEEDS_REASON = (ConsultationState.SUSPENDED, ConsultationState.CANCELLED)

# accounts


async def a_person(tx: WriteSession, *, role: Role | None = None, panel: Panel | None = None, **given: Any) -> Person:
    """Somebody with a confirmed address; with a role when one is named."""
    number = next(_next)
    email = given.pop("email", f"inwoner{number}@waterveen.example")
    person = await people.meet(tx, email=email, name=given.pop("name", f"Inwoner {number}"), now=NOON)
    person.confirmed_at = given.pop("confirmed_at", NOON)
    assert not given, given
    await tx.flush()
    if role is not None:
        await roles.grant(tx, person=person, role=role, panel_id=panel.id if panel else None, now=NOON)
    return person


# panels


async def a_panel(tx: WriteSession, **given: Any) -> Panel:
    """A running panel."""
    texts = dict.fromkeys(
        ("aim", "tasks", "term", "meeting_cycle", "reporting", "confidentiality"), "Zo is het afgesproken."
    )
    panel = Panel(
        **{
            "slug": f"panel-{next(_next)}",
            "name": "Burgerpanel Waterveen",
            "contact_name": "Secretariaat",
            "contact_email": "panel@waterveen.example",
            **texts,
            **given,
        }
    )
    tx.add(panel)
    await tx.flush()
    return panel


async def a_meeting(tx: WriteSession, *, panel: Panel, **given: Any) -> Meeting:
    """A meeting three weeks after NOON, called together."""
    number = next(_next)
    meeting = Meeting(
        **{
            "panel_id": panel.id,
            "number": number,
            "title": f"Bijeenkomst {number}",
            "place": "Dorpshuis De Sluis",
            "starts_at": NOON + timedelta(days=21),
            "minutes_long": 120,
            "state": MeetingState.CONVENED,
            **given,
        }
    )
    tx.add(meeting)
    await tx.flush()
    return meeting


# consultations


async def a_consultation(
    tx: WriteSession, *, panel: Panel | None = None, meeting: Meeting | None = None, **given: Any
) -> Consultation:
    """An announced consultation, open from a week before NOON to a week after."""
    panel = panel or await a_panel(tx)
    texts = dict.fromkeys(
        ("summary", "asked", "can_change", "is_fixed", "how_used", "who_decides", "effort", "results_when"),
        "Hier staat een duidelijke tekst.",
    )
    consultation = Consultation(
        **{
            "slug": f"vraag-{next(_next)}",
            "panel_id": panel.id,
            "meeting_id": meeting.id if meeting else None,
            "state": ConsultationState.ANNOUNCED,
            "title": "Een leefbare buurt",
            "question": "Wat maakt uw buurt leefbaar?",
            "opens_at": OPENS,
            "closes_at": CLOSES,
            "announced_at": OPENS - timedelta(days=7),
            "state_reason": "Hier staat waarom." if given.get("state") in NEEDS_REASON else "",
            **texts,
            **given,
        }
    )
    tx.add(consultation)
    await tx.flush()
    return consultation


async def an_idea(
    tx: WriteSession,
    *,
    consultation: Consultation | None = None,
    author: Person | None = None,
    received_at: datetime = NOON - timedelta(hours=1),
    **given: Any,
) -> Idea:
    """A received idea by a confirmed resident; give `state` for another one."""
    number = next(_next)
    consultation = consultation or await a_consultation(tx)
    author = author or await a_person(tx)
    state = given.pop("state", IdeaState.RECEIVED)
    before = IdeaState.PUBLISHED if state is IdeaState.REMOVED else IdeaState.RECEIVED
    idea = Idea(
        **{
            "consultation_id": consultation.id,
            "author_id": author.id,
            "number": f"2025-{number:05d}",  # another year than NOON: those numbers are given out in tests
            "kind": IdeaKind.IDEA,
            "state": before if state in RESTRICTED else state,
            "title": f"Bankjes langs het water {number}",
            "body": "Zet om de honderd meter een bankje, dan kan mijn moeder weer een rondje lopen.",
            "received_at": received_at,
            "confirmed_at": None if state is IdeaState.SUBMITTED else received_at,
            "published_at": received_at if state is IdeaState.PUBLISHED else None,
            "route": IdeaRoute.MERGED if given.get("merged_into_id") else IdeaRoute.UNROUTED,
            **given,
        }
    )
    tx.add(idea)
    await tx.flush()
    version = version_of(idea, number=1, now=received_at)
    version.published_at = idea.published_at
    tx.add(version)
    await tx.flush()
    if state in RESTRICTED:
        await a_decision(tx, idea=idea, state=state, decided_at=received_at)
        await put(tx, idea, state)
    return idea


async def a_comment(tx: WriteSession, *, under: Idea, state: IdeaState = IdeaState.PUBLISHED, **given: Any) -> Idea:
    """What somebody added under an idea."""
    consultation = await tx.get_one(Consultation, under.consultation_id)
    texts = {"title": "En zet er ook een lamp", "body": "En zet er ook een lamp. 's Avonds is het er donker."}
    return await an_idea(tx, consultation=consultation, under_id=under.id, state=state, **{**texts, **given})


async def let_talk(tx: WriteSession, consultation: Consultation) -> None:
    """People may add to each other's ideas here."""
    secretary = await a_person(tx)
    chosen = Ways(takes_comments=True)
    await ways.choose(tx, consultation=consultation, ways=chosen, actor_id=secretary.id, now=NOON)


async def put(tx: WriteSession, row: Base, state: StrEnum) -> None:
    """Put a row in a state at once, as if it had gone there step by step: the database is told to look away."""
    await tx.flush()
    known: Any = row
    step = {"machine": f"{row.__tablename__}.state", "present": known.state, "following": state}
    is_a_step = known.state == state or await tx.get(StateStep, tuple(step.values())) is not None
    if not is_a_step:
        await tx.execute(insert(StateStep).values(step))
    tx.info.setdefault("put", []).append(row)
    known.state = state
    await tx.flush()
    if not is_a_step:
        await tx.execute(delete(StateStep).filter_by(**step))


async def move_idea(tx: WriteSession, *, idea: Idea, to: IdeaState, actor_id: int | None, now: datetime) -> None:
    """A step of moderation by the door that moderation uses, with the decision that a restriction needs."""
    if to in RESTRICTED and to in IDEA_MOVES[idea.state]:
        await a_decision(tx, idea=idea, state=to)
    await ideas.move(tx, idea=idea, to=to, actor_id=actor_id, now=now)


async def a_decision(tx: WriteSession, *, idea: Idea, state: IdeaState, **given: Any) -> Decision:
    """The decision that brings an idea into this state, without the step itself."""
    outcome = next(outcome for outcome, becomes in BECOMES.items() if becomes is state)
    ground = Ground(
        consultation_id=idea.consultation_id, position=0, code=f"ground-{next(_next)}", title="Reden", wording="Reden."
    )
    tx.add(ground)
    await tx.flush()
    decision = Decision(
        **{
            "idea_id": idea.id,
            "version_sha256": (await current_version(tx, idea.id)).sha256,
            "outcome": outcome,
            "ground_id": ground.id,
            "explanation": "Zo is het besloten.",
            "decided_by_id": idea.author_id,
            "decided_at": NOON,
            **given,
        }
    )
    tx.add(decision)
    await tx.flush()
    return decision


# themes


async def a_theme(tx: WriteSession, *, consultation: Consultation, ideas: Sequence[Idea] = (), **given: Any) -> Theme:
    """A theme as the machine made it, with these ideas in it."""
    name = given.pop("name", f"Thema {next(_next)}")
    theme = Theme(
        **{
            "consultation_id": consultation.id,
            "name": name,
            "machine_name": name,
            "representative_ids": [idea.id for idea in ideas][:2],
            "created_at": NOON,
            **given,
        }
    )
    tx.add(theme)
    await tx.flush()
    for idea in ideas:
        await a_placement(tx, idea=idea, theme=theme)
    return theme


async def a_placement(tx: WriteSession, *, idea: Idea, theme: Theme | None = None, **given: Any) -> Placement:
    """Where the machine put an idea: in a theme, or in the rest."""
    placement = Placement(
        **{
            "idea_id": idea.id,
            "consultation_id": idea.consultation_id,
            "theme_id": theme.id if theme else None,
            "placed_by": PlacedBy.MACHINE,
            "why_in_rest": None if theme else WhyInRest.STANDS_ALONE,
            "placed_at": NOON,
            **given,
        }
    )
    tx.add(placement)
    await tx.flush()
    return placement


# panels: what came of it


async def an_agreement(tx: WriteSession, *, panel: Panel, **given: Any) -> Agreement:
    """The agreement in force: three quarters of the members must agree."""
    texts = dict.fromkeys(
        ("size", "duration", "set_up", "funding", "how_treated", "council_role", "draw_method"),
        "Zo is het afgesproken.",
    )
    agreement = Agreement(
        **{
            "panel_id": panel.id,
            "number": 1,
            "partner": "Gemeente Waterveen",
            "threshold_percent": 75,
            "draw_seed": "48-17-03",
            "agreed_on": NOON.date(),
            **texts,
            **given,
        }
    )
    tx.add(agreement)
    await tx.flush()
    return agreement


async def a_point(tx: WriteSession, *, meeting: Meeting, ideas: Sequence[Idea] = (), **given: Any) -> AgendaItem:
    """A scheduled point of the agenda, with the ideas it rests on."""
    number = next(_next)
    point = AgendaItem(
        **{
            "meeting_id": meeting.id,
            "position": number,
            "title": f"Agendapunt {number}",
            "state": ItemState.SCHEDULED,
            **given,
        }
    )
    tx.add(point)
    await tx.flush()
    for idea in ideas:
        tx.add(AgendaIdea(agenda_item_id=point.id, idea_id=idea.id, own_route=None))
    await tx.flush()
    return point


async def a_recommendation(tx: WriteSession, *, point: AgendaItem, panel: Panel, **given: Any) -> Recommendation:
    """An advice that was adopted and submitted; `response` rows are made apart."""
    number = next(_next)
    recommendation = Recommendation(
        **{
            "panel_id": panel.id,
            "number": number,
            "agenda_item_id": point.id,
            "title": f"Zet bankjes in elke wijk {number}",
            "text": "Zet binnen een jaar om de tweehonderd meter een bankje.",
            "state": RecommendationState.SUBMITTED,
            "votes_for": 21,
            "votes_against": 3,
            "adopted_at": NOON,
            "submitted_at": NOON,
            **given,
        }
    )
    tx.add(recommendation)
    await tx.flush()
    return recommendation


async def a_response(tx: WriteSession, *, recommendation: Recommendation, **given: Any) -> Response:
    """A response that is awaited for half a year."""
    response = Response(
        **{"recommendation_id": recommendation.id, "due_at": NOON + timedelta(days=182), **given},
    )
    tx.add(response)
    await tx.flush()
    return response


# moderation


async def a_moderator(tx: WriteSession, **given: Any) -> Actor:
    """Somebody who may decide about the ideas of every panel, as the actor of a full session."""
    person = await a_person(tx, role=Role.MODERATOR, **{"name": f"Moderator {next(_next)}", **given})
    return await roles.actor_for(tx, person=person)


async def a_moderated_consultation(tx: WriteSession, **given: Any) -> Consultation:
    """A consultation with the usual grounds."""
    consultation = await a_consultation(tx, **given)
    await grounds.publish(tx, consultation_id=consultation.id)
    return consultation


async def a_rejected_idea(tx: WriteSession, *, by: Actor, at: datetime = NOON, **given: Any) -> tuple[Idea, Decision]:
    """An idea that was rejected as an advertisement, and the decision."""
    consultation = given.pop("consultation", None) or await a_moderated_consultation(tx)
    idea = await an_idea(tx, consultation=consultation, **given)
    decision = await decisions.decide(
        tx,
        idea=idea,
        actor=by,
        outcome=Outcome.REJECT,
        ground_code="commercial",
        explanation="Dit is reclame voor een winkel.",
        now=at,
    )
    return idea, decision
