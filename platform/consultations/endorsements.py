"""Support for an idea: once a person, by somebody whose address is confirmed."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, or_, select, update
from sqlalchemy.exc import IntegrityError

from accounts import people
from accounts.models import Person
from consultations import quarantine, queries, round_queries, rules, support_queries, tallies
from consultations.events import IdeaEndorsed, IdeaEndorsementAsked, IdeaEndorsementRetracted
from consultations.models import Endorsement, EndorsementRequest, Idea
from consultations.states import Act
from kernel import tokens
from kernel.db import WriteSession
from kernel.events import record

ENDORSE = "endorse"


async def endorse(
    tx: WriteSession,
    *,
    idea: Idea,
    person_id: int,
    networks: Iterable[str | None] = (),
    asked_at: datetime | None = None,
    now: datetime,
) -> bool:
    """Support an idea; True when it is new. Doing it again changes nothing, even at the same instant.

    Whether the phase takes it is decided by the moment at which it was asked for, when that was earlier.
    `networks` are the fingerprints of where it was asked for and given. From one that is set apart it is taken in and
    does not count until a person has looked (quarantine.py).
    """
    await _require_support(tx, idea, received_at=asked_at or now)
    if await queries.is_blocked(tx, person_id, now=now):
        raise rules.Blocked
    if await support_queries.has_endorsed(tx, idea_id=idea.id, person_id=person_id):
        return False
    endorsement = Endorsement(idea_id=idea.id, person_id=person_id, endorsed_at=now)
    try:
        async with tx.begin_nested():
            tx.add(endorsement)
    except IntegrityError:  # given before, or in another window at this instant: the table decides
        return False
    if not await quarantine.note(tx, endorsement=endorsement, idea=idea, networks=networks, now=now):
        await _count(tx, idea, by=1)
    fact = IdeaEndorsed(at=now, actor_id=person_id, idea_id=idea.id, consultation_id=idea.consultation_id)
    await record(tx, fact)
    return True


async def retract(tx: WriteSession, *, idea: Idea, person_id: int, now: datetime) -> bool:
    """Take support back, also what was given to something that is carried on in it; True when there was any."""
    to_it = or_(Idea.id == idea.id, Idea.merged_into_id == idea.id)
    given = select(Endorsement.id, Endorsement.idea_id).join(Idea, Idea.id == Endorsement.idea_id)
    found = (await tx.execute(given.where(to_it, Endorsement.person_id == person_id))).all()
    if not found:
        return False
    for endorsement_id, _idea_id in found:
        await quarantine.forget(tx, endorsement_id)
        await tx.execute(delete(Endorsement).where(Endorsement.id == endorsement_id))
    await tallies.recount(tx, [idea.id, *(idea_id for _endorsement_id, idea_id in found)])
    fact = IdeaEndorsementRetracted(at=now, actor_id=person_id, idea_id=idea.id, consultation_id=idea.consultation_id)
    await record(tx, fact)
    return True


async def _require_support(tx: WriteSession, idea: Idea, *, received_at: datetime) -> None:
    consultation = await queries.by_id(tx, idea.consultation_id)
    if not rules.takes_support(consultation, idea):
        raise rules.NotToSupport
    if not await round_queries.allows(tx, consultation=consultation, act=Act.ENDORSE, received_at=received_at):
        raise rules.NotInThisPhase


async def _count(tx: WriteSession, idea: Idea, *, by: int) -> None:
    """Counted in the database, so that two at once both count; the idea's version stays, moderators need not notice."""
    counted = update(Idea).where(Idea.id == idea.id).values(endorsement_count=Idea.endorsement_count + by)
    await tx.execute(counted, execution_options={"synchronize_session": False})
    await tx.refresh(idea, ["endorsement_count", "merged_into_id"])
    if idea.merged_into_id is not None:  # it came to be carried on in another at this moment
        await tallies.recount(tx, [idea.id])


async def ask(
    tx: WriteSession, *, idea: Idea, email: str, language: str, network: str | None = None, now: datetime
) -> EndorsementRequest:
    """Have a link sent; the support counts once it is used. The caller cannot tell whether the address is known."""
    await _require_support(tx, idea, received_at=now)
    person = await people.meet(tx, email=email, language=language, now=now)
    if await queries.letters_waiting(tx, person_id=person.id, now=now) >= rules.LETTERS_A_DAY:
        raise rules.TooManyLetters(most=rules.LETTERS_A_DAY)
    request = EndorsementRequest(idea_id=idea.id, person_id=person.id, network=network, asked_at=now, confirmed_at=None)
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


async def confirm(
    tx: WriteSession, *, request: EndorsementRequest, idea: Idea, network: str | None = None, now: datetime
) -> bool:
    """The link in the letter was used: the address is confirmed and the support counts.

    Where the idea is carried on in another since, it is that one's.
    """
    if idea.merged_into_id is not None:
        idea = await queries.idea_by_id(tx, idea.merged_into_id)
    request.confirmed_at = now
    await people.confirm(tx, person=await tx.get_one(Person, request.person_id), now=now)
    networks = (request.network, network)
    return await endorse(
        tx, idea=idea, person_id=request.person_id, networks=networks, asked_at=request.asked_at, now=now
    )


async def confirm_link(tx: WriteSession, *, request_id: int, now: datetime) -> str:
    """The path of the link for a letter: one use, 48 hours."""
    until = now + rules.CONFIRM_WITHIN
    subject = f"endorsement_request:{request_id}"
    secret = await tokens.mint(tx, purpose=ENDORSE, subject=subject, expires_at=until, now=now)
    return f"/endorse/{secret}"
