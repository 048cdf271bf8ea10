"""A panel that asks, moderators who ask, and the author they ask."""

from dataclasses import dataclass
from typing import Any

from accounts import roles
from accounts.actor import Actor
from accounts.models import Person
from accounts.states import Role
from consultations.models import Consultation, Idea
from consultations.states import IdeaState
from kernel.db import WriteSession
from panels.models import Meeting, Panel
from tests.builders import a_consultation, a_meeting, a_panel, a_person, a_theme, an_idea
from themes.models import Theme


@dataclass(frozen=True, kw_only=True)
class Scene:
    """Rows that belong together."""

    panel: Panel
    meeting: Meeting
    consultation: Consultation
    theme: Theme
    author: Person
    idea: Idea
    member: Actor
    moderator: Actor


async def actor(tx: WriteSession, role: Role, panel: Panel | None = None, **given: Any) -> Actor:
    """Somebody with a role, as the actor of a full session."""
    person = await a_person(tx, role=role, panel=panel, **given)
    return await roles.actor_for(tx, person=person)


async def a_scene(tx: WriteSession, **given: Any) -> Scene:
    """A published idea in a theme, and who may ask about it."""
    panel = await a_panel(tx)
    meeting = await a_meeting(tx, panel=panel)
    consultation = await a_consultation(tx, panel=panel, meeting=meeting)
    author = await a_person(tx, name="Aaltje Bron", email="aaltje@waterveen.example")
    idea = await an_idea(tx, consultation=consultation, author=author, **{"state": IdeaState.PUBLISHED, **given})
    return Scene(
        panel=panel,
        meeting=meeting,
        consultation=consultation,
        theme=await a_theme(tx, consultation=consultation, ideas=[idea], name="Zitten"),
        author=author,
        idea=idea,
        member=await actor(tx, Role.MEMBER, panel, name="Mina Lid"),
        moderator=await actor(tx, Role.MODERATOR, name="Mo Derator"),
    )
