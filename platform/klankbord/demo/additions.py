"""The sample's comments: what neighbours added under two ideas, one of them taken back, one not read yet."""

from datetime import timedelta

from sqlalchemy import select

from accounts import roles
from accounts.actor import Actor
from accounts.states import Role
from consultations import comments, ideas
from consultations.ideas import Written
from consultations.models import Consultation, Idea
from kernel.db import WriteSession
from klankbord.demo import cast
from klankbord.demo.sample import Days
from moderation import decisions
from moderation.states import Outcome

READ_AFTER = timedelta(hours=4)
BUS = "Geef Zuiderzijl zijn bus terug"
TUNNEL = "Stationstunnel: licht, schoon en overzichtelijk"
TO_THE_BUS = (
    (
        "Wietske",
        4.0,
        "Op zaterdag rijdt er niets. Eén rit heen en één terug zou al helpen: dan haal ik de markt.",
    ),
    ("", 3.2, "Kan de schoolbus een halte in Zuiderzijl maken? Die rijdt elke ochtend half leeg langs ons dorp."),
    ("", 2.9, "Laat maar, ik heb het al gevraagd."),
    (
        "Jaap",
        2.1,
        "En het donkere stuk naar de halte: met twee lantaarns durft mijn vrouw daar wel te lopen.",
    ),
)
TO_THE_TUNNEL = ("Ria", 0.2, "Leg ook de fietsgoot opnieuw aan. Hij is te steil voor een zware fiets.")
TAKEN_BACK = 2


async def add(tx: WriteSession, *, consultation: Consultation, days: Days) -> None:
    """Written, read by a moderator, and taken back, by the verbs that people use."""
    moderator = await roles.actor_for(tx, person=(await roles.holders(tx, role=Role.MODERATOR))[0])
    bus, tunnel = await _idea(tx, consultation, BUS), await _idea(tx, consultation, TUNNEL)
    written = [await _write(tx, bus, *one, days=days) for one in TO_THE_BUS]
    for comment in written:
        at = comment.received_at + READ_AFTER
        await decisions.decide(tx, idea=comment, actor=moderator, outcome=Outcome.PUBLISH, now=at)
    gone = written[TAKEN_BACK]
    at = gone.received_at + 2 * READ_AFTER
    await ideas.withdraw(tx, idea=gone, actor_id=gone.author_id, now=at)
    await _write(tx, tunnel, *TO_THE_TUNNEL, days=days)


async def _idea(tx: WriteSession, consultation: Consultation, title: str) -> Idea:
    found = (await tx.scalars(select(Idea).where(Idea.consultation_id == consultation.id, Idea.title == title))).one()
    await tx.refresh(found, ["consultation"])
    return found


async def _write(tx: WriteSession, under: Idea, name: str, days_ago: float, body: str, *, days: Days) -> Idea:
    at = days.ago(days_ago)
    author = await cast.a_resident(tx, name=name or None, key=f"aanvulling{int(days_ago * 10)}", now=at)
    actor = Actor(person_id=author.id, name=author.name)
    written = Written(body=body, shown_name=name)
    return await comments.add(tx, actor=actor, under=under, written=written, email=author.email, now=at)
