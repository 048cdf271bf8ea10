"""The sample's conversations: what members and a moderator asked authors, and what these wrote back."""

from datetime import timedelta

from accounts import roles
from accounts.actor import Actor
from accounts.states import Role
from consultations.models import Consultation, Idea
from conversations import conversations, questions, theme_queries
from conversations.states import Side
from kernel.db import WriteSession
from klankbord.demo.sample import Days
from themes import queries as themes

ASKED_BEFORE = 3
TO_ALL = "Wanneer hebt u hier het meeste last van: op welke dag, en hoe laat ongeveer?"
ANSWERS = (
    "Vooral op dinsdag en vrijdag, als de vrachtwagens komen. Tussen acht en negen uur 's ochtends.",
    "In het weekend, na het donker. Door de week valt het mee.",
)
TO_ONE = "Weet u of de eigenaar van de grond hiervan weet? Dan vragen wij het voor de bijeenkomst na."
FROM_MODERATOR = "Mag de naam van de winkel uit uw tekst? Dan blijft de rest staan zoals u het schreef."
TO_MODERATOR = "Ja, haal die naam er maar uit. Dank u."


async def begin(tx: WriteSession, *, consultation: Consultation, days: Days) -> None:
    """One question to all authors of the largest theme, half answered; one that waits; one with a moderator."""
    member, moderator = await _somebody(tx, Role.MEMBER), await _somebody(tx, Role.MODERATOR)
    largest, second = [one.theme for one in (await themes.current(tx, consultation.id))[:2]]
    asked = days.ago(ASKED_BEFORE)
    await questions.ask(tx, theme=largest, actor=member, body=TO_ALL, now=asked)
    answering = [await tx.get_one(Idea, one) for one in await theme_queries.authors_ideas(tx, largest.id)]
    for number, (idea, words) in enumerate(zip(answering, ANSWERS, strict=False), start=1):
        at = asked + timedelta(hours=5 * number)
        await conversations.answer(tx, idea=idea, side=Side.PANEL, body=words, now=at)
    [first, *_] = await theme_queries.authors_ideas(tx, second.id)
    idea = await tx.get_one(Idea, first)
    told = {"idea": idea, "asks": True, "now": asked}
    await conversations.ask(tx, side=Side.PANEL, actor=member, body=TO_ONE, **told)  # type: ignore[arg-type]  # as it asks
    await conversations.ask(tx, side=Side.MODERATORS, actor=moderator, body=FROM_MODERATOR, **told)  # type: ignore[arg-type]  # as it asks
    await conversations.answer(tx, idea=idea, side=Side.MODERATORS, body=TO_MODERATOR, now=asked + timedelta(hours=7))


async def _somebody(tx: WriteSession, role: Role) -> Actor:
    return await roles.actor_for(tx, person=(await roles.holders(tx, role=role))[0])
