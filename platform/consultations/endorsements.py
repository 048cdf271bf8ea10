"""Support for an idea: once a person, by somebody whose address is confirmed."""

from datetime import datetime

from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError

from accounts import people
from accounts.models import Person
from consultations import queries, rules
from consultations.events import IdeaEndorsed, IdeaEndorsementAsked, IdeaEndorsementRetracted
from consultations.models import Endorsement, EndorsementRequest, Idea
from kernel import tokens
from kernel.db import WriteSession
from kernel.events import record

ENDORSE = "endorse"


async def endorse(tx: WriteSession, *, idea: Idea, person_id: int, now: datetime) -> bool:
    """Support an idea; True when it is new. Doing it again changes nothing, even at the same instant."""
    consultation = await queries.by_id(tx, idea.consultation_id)
    if not rules.takes_support(consultation, idea):
        raise rules.NotToSupport
    if await queries.is_blocked(tx, person_id, now=now):
        raise rules.Blocked
    try:
        async with tx.begin_nested():
            tx.add(Endorsement(idea_id=idea.id, person_id=person_id, endorsed_at=now))
    except IntegrityError:  # given before, or in another window at this instant: the table decides
        return False
    await _count(tx, idea, by=1)
    fact = IdeaEndorsed(at=now, actor_id=person_id, idea_id=idea.id, consultation_id=idea.consultation_id)
    await record(tx, fact)
    return True


async def retract(tx: WriteSession, *, idea: Idea, person_id: int, now: datetime) -> bool:
    """Take support back; True when there was any."""
    given = delete(Endorsement).where(Endorsement.idea_id == idea.id, Endorsement.person_id == person_id)
    if (await tx.execute(given)).rowcount == 0:  # type: ignore[attr-defined]  # a DELETE has a row count
        return False
    await _count(tx, idea, by=-1)
    fact = IdeaEndorsementRetracted(at=now, actor_id=person_id, idea_id=idea.id, consultation_id=idea.consultation_id)
    await record(tx, fact)
    return True


async def _count(tx: WriteSession, idea: Idea, *, by: int) -> None:
    """Counted in the database, so that two at once both count; the idea's version stays, moderators need not notice."""
    counted = update(Idea).where(Idea.id == idea.id).values(endorsement_count=Idea.endorsement_count + by)
    await tx.execute(counted, execution_options={"synchronize_session": False})
    await tx.refresh(idea, ["endorsement_count"])


async def ask(tx: WriteSession, *, idea: Idea, email: str, language: str, now: datetime) -> EndorsementRequest:
    """Have a link sent; the support counts once it is used. The caller cannot tell whether the address is known."""
    consultation = await queries.by_id(tx, idea.consultation_id)
    if not rules.takes_support(consultation, idea):
        raise rules.NotToSupport
    person = await people.meet(tx, email=email, language=language, now=now)
    if await queries.letters_waiting(tx, person_id=person.id, now=now) >= rules.LETTERS_A_DAY:
        raise rules.TooManyLetters(most=rules.LETTERS_A_DAY)
    request = EndorsementRequest(idea_id=idea.id, person_id=person.id, asked_at=now, confirmed_at=None)
    tx.add(request)
    await tx.flush()
    asked = IdeaEndorsementAsked(
        at=now,
        actor_id=None,
        idea_id=idea.id,
        consultation_id=idea.consultation_id,
        person_id=person.id,
        request_id=request.id,
    )
    await record(tx, asked)
    return request


async def confirm(tx: WriteSession, *, request: EndorsementRequest, idea: Idea, now: datetime) -> bool:
    """The link in the letter was used: the address is confirmed and the support counts."""
    request.confirmed_at = now
    await people.confirm(tx, person=await tx.get_one(Person, request.person_id), now=now)
    return await endorse(tx, idea=idea, person_id=request.person_id, now=now)


async def confirm_link(tx: WriteSession, *, request_id: int, now: datetime) -> str:
    """The path of the link for a letter: one use, 48 hours."""
    until = now + rules.CONFIRM_WITHIN
    subject = f"endorsement_request:{request_id}"
    secret = await tokens.mint(tx, purpose=ENDORSE, subject=subject, expires_at=until, now=now)
    return f"/endorse/{secret}"
