"""What the sample offers beside typing: paper, a map, pictures; and somebody who came to the counter."""

from datetime import timedelta

from sqlalchemy import select

from accounts import roles
from accounts.states import Role
from consultations import attachments, on_behalf, ways
from consultations.ideas import Written
from consultations.models import Consultation, Idea
from consultations.on_behalf import Told
from consultations.states import IdeaState
from consultations.studio import Made
from consultations.ways import Ways
from consultations.ways_states import IntakeWay
from kernel.db import WriteSession
from klankbord.demo.sample import FOLDER, Days

HELP = (
    "Balie in het Stadhuis, Raadhuisplein 1, op werkdagen van 9.00 tot 17.00 uur.\n"
    "In de bibliotheek helpen vrijwilligers u op dinsdag en donderdag.\n"
    "Of bel de gemeente en vraag naar het burgerpanel."
)
TOLD = (
    "Ik ben 81 en ik loop met een stok. Bij de bushalte aan de Kerkveenseweg kan ik nergens zitten. "
    "Zet daar een bankje neer, dan kan ik weer zelf naar de markt."
)


async def offer(tx: WriteSession, *, consultation: Consultation, days: Days) -> None:
    """The ways in; an idea from the counter; a picture that stands there, and one that waits."""
    secretary = (await roles.holders(tx, role=Role.SECRETARY))[0]
    moderator = (await roles.holders(tx, role=Role.MODERATOR))[0]
    now, chosen = days.now, Ways(offline_help=HELP, takes_files=True, has_map=True, takes_comments=True)
    await ways.choose(tx, consultation=consultation, ways=chosen, actor_id=secretary.id, now=now)
    told = Told(way=IntakeWay.COUNTER, handed_in_at=now - timedelta(hours=2), reach="Kerkveenseweg 12, Waterveen")
    written = Written(body=TOLD, place="Kerkveen")
    await on_behalf.enter(tx, consultation=consultation, written=written, told=told, actor_id=secretary.id, now=now)
    body = (FOLDER / "bushalte.jpg").read_bytes()
    made = Made(is_picture=True, width=960, height=640, body=body)
    public = select(Idea).where(Idea.consultation_id == consultation.id, Idea.state == IdeaState.PUBLISHED)
    for place, idea in enumerate(await tx.scalars(public.order_by(Idea.id.desc()).limit(2))):
        await tx.refresh(idea, ["consultation"])
        alternative = "Een tekening van een bushalte met een dak, zonder bankje"
        file = await attachments.add(tx, idea=idea, made=made, alternative=alternative, now=now)
        if place == 0:
            await attachments.decide(tx, file=file, idea=idea, is_shown=True, reason="", actor_id=moderator.id, now=now)
