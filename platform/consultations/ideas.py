"""What people send in: submit, confirm, revise, withdraw; and the two doors for upper rooms, `move` and `route`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from accounts import people
from accounts.actor import Actor
from accounts.models import Person
from consultations import events, flagging, leaving, merge_queries, numbers, queries, rules, threads, versions
from consultations.models import Consultation, Idea, IdeaVersion
from consultations.states import IdeaKind, IdeaRoute, IdeaState, Timing
from kernel import tokens
from kernel.db import WriteSession, batched
from kernel.errors import IllegalMove
from kernel.events import record, record_all

CONFIRM = "confirm_idea"
RECEIPT = "receipt"
ERASED_RECEIPT = "erased_receipt"
"""What the receipt of an idea opens once its author had everything erased: a page that says so, and nothing else."""
_ASIDE = frozenset({"title", "reads", "handed_in_at"})


@dataclass(frozen=True, kw_only=True)
class Written:
    """What somebody wrote, parsed and checked. Without a title the first sentence serves."""

    body: str
    title: str = ""
    kind: IdeaKind = IdeaKind.IDEA
    service: str = ""
    stuck: str = ""
    shown_name: str = ""
    place: str = ""
    language: str = "nl"  # that it is written in
    reads: str = "nl"  # that its author gets letters in, when they are new
    prompt_id: int | None = None
    under_id: int | None = None  # a comment: under which idea (comments.add looks whether it may)
    handed_in_at: datetime | None = None  # on paper or by telephone, before it was written down here

    @property
    def heading(self) -> str:
        """The title, or one made from the first sentence."""
        return self.title or rules.title_from(self.body)


async def submit(
    tx: WriteSession, *, actor: Actor, consultation: Consultation, written: Written, email: str, now: datetime
) -> Idea:
    """Take in an idea or an experience; after the close it is marked late and kept.

    Somebody we know has it received at once; anybody else gets a letter with a link to confirm. `email` counts
    for the latter only. Refuses when the consultation takes nothing, when the signed-in person is blocked, and when
    an address has too many unconfirmed sendings.
    """
    received_at = written.handed_in_at or now
    timing = rules.timing_of(consultation, received_at) if written.under_id is None else Timing.IN_TIME
    if timing is Timing.NOT_NOW:
        raise rules.NotOpen
    if actor.person_id is not None:
        author = await tx.get_one(Person, actor.person_id)
        await refuse_blocked(tx, author.id, now)
    else:
        author = await people.meet(tx, email=email, language=written.reads, now=now)
        if await queries.letters_waiting(tx, person_id=author.id, now=now) >= rules.LETTERS_A_DAY:
            raise rules.TooManyLetters(most=rules.LETTERS_A_DAY)
    [number] = await numbers.reserve(tx, now=now)
    idea = Idea(
        consultation=consultation,
        author=author,
        number=number,
        state=IdeaState.SUBMITTED,
        title=written.heading,
        **{name: value for name, value in vars(written).items() if name not in _ASIDE},
        is_late=timing is Timing.LATE,
        received_at=received_at,
    )
    tx.add(idea)
    await tx.flush()
    tx.add(versions.version_of(idea, number=1, now=now))
    if actor.is_signed_in:
        return await _receive(tx, idea=idea, now=now)
    await record(tx, events.IdeaSubmitted(at=now, actor_id=None, idea_id=idea.id, consultation_id=consultation.id))
    return idea


async def confirm(tx: WriteSession, *, idea: Idea, now: datetime) -> Idea:
    """The author's address is confirmed: received, as of the moment it was sent. Later calls change nothing."""
    if idea.state is not IdeaState.SUBMITTED:
        return idea
    await refuse_blocked(tx, idea.author_id, now)
    await people.confirm(tx, person=await tx.get_one(Person, idea.author_id), now=now)
    return await _receive(tx, idea=idea, now=now)


async def _receive(tx: WriteSession, *, idea: Idea, now: datetime) -> Idea:
    idea.move_to(IdeaState.RECEIVED)
    idea.confirmed_at = idea.waiting_since = now
    await tx.flush()
    fact = {"idea_id": idea.id, "consultation_id": idea.consultation_id}
    await record(tx, events.IdeaReceived(at=now, actor_id=idea.author_id, **fact))
    await flagging.look(tx, idea=idea, is_first=True)
    return await as_policy_says(tx, idea=idea, now=now)


async def as_policy_says(tx: WriteSession, *, idea: Idea, now: datetime) -> Idea:
    """Public at once where the consultation says so, or says so of what nothing is pointed out in; else it waits."""
    if await flagging.goes_public(tx, idea=idea, now=now):
        await move(tx, idea=idea, to=IdeaState.PUBLISHED, actor_id=None, now=now)
    return idea


async def refuse_blocked(tx: WriteSession, person_id: int, now: datetime) -> None:
    """Raises Blocked for whoever may not take part now."""
    if await queries.is_blocked(tx, person_id, now=now):
        raise rules.Blocked


async def move(tx: WriteSession, *, idea: Idea, to: IdeaState, actor_id: int | None, now: datetime) -> None:
    """The one door for moderation: takes the step and leaves its fact. A late idea is for the next meeting."""
    if to is IdeaState.WITHDRAWN:
        raise IllegalMove  # `withdraw` also takes the text away
    was_public = idea.is_public
    idea.move_to(to)
    if to is IdeaState.PUBLISHED:
        idea.published_at = idea.published_at or now
        if idea.is_late and idea.route is IdeaRoute.UNROUTED:
            idea.route = IdeaRoute.NEXT_MEETING
    elif to is IdeaState.RETURNED:
        idea.returned_at = now
    await tx.flush()
    if to is IdeaState.PUBLISHED:
        await versions.note_public(tx, idea=idea, now=now)
    if to in events.TOLD_BY:
        fact = events.TOLD_BY[to](at=now, actor_id=actor_id, idea_id=idea.id, consultation_id=idea.consultation_id)
        await record(tx, fact)
    await threads.tell(tx, idea=idea, was_public=was_public, actor_id=actor_id, now=now)


async def revise(tx: WriteSession, *, idea: Idea, written: Written, actor_id: int, now: datetime) -> Idea:
    """The author's second version of a returned idea, once, within seven days; the first is kept beside it."""
    consultation, revisions = await queries.by_id(tx, idea.consultation_id), await queries.revisions(tx, idea.id)
    if not rules.may_revise(consultation, idea, revisions=revisions, now=now):
        raise rules.NotToRevise
    idea.move_to(IdeaState.RECEIVED)
    await rewrite(tx, idea=idea, written=written, now=now)
    await record(
        tx, events.IdeaRevised(at=now, actor_id=actor_id, idea_id=idea.id, consultation_id=idea.consultation_id)
    )
    return idea


async def correct(tx: WriteSession, *, idea: Idea, written: Written, now: datetime) -> Idea:
    """Another text in place of the one just sent, which is kept beside it. Raises NotToCorrect."""
    if not rules.may_correct(await queries.by_id(tx, idea.consultation_id), idea, now=now):
        raise rules.NotToCorrect
    await refuse_blocked(tx, idea.author_id, now)
    idea.kind = written.kind
    await rewrite(tx, idea=idea, written=written, now=now)
    fact = events.IdeaCorrected(at=now, actor_id=idea.author_id, idea_id=idea.id, consultation_id=idea.consultation_id)
    await record(tx, fact)
    return idea


async def rewrite(tx: WriteSession, *, idea: Idea, written: Written, now: datetime) -> None:
    """Another text in place of the one that stands, which is kept beside it; its author waits from now on."""
    idea.waiting_since = now
    idea.title, idea.body, idea.service, idea.stuck = written.heading, written.body, written.service, written.stuck
    idea.shown_name, idea.place, idea.language = written.shown_name, written.place, written.language
    idea.prompt_id = written.prompt_id
    await tx.flush()
    await versions.keep(tx, idea=idea, now=now)
    await flagging.look(tx, idea=idea)


async def withdraw(tx: WriteSession, *, idea: Idea, actor_id: int, now: datetime) -> Idea:
    """Take it back: it stays counted, every word of it goes, in all versions."""
    was_public = idea.is_public
    idea.move_to(IdeaState.WITHDRAWN)
    idea.title = idea.body = idea.service = idea.stuck = idea.shown_name = idea.place = ""
    idea.imported = None
    await tx.flush()
    texts = update(IdeaVersion).where(IdeaVersion.idea_id == idea.id)
    await tx.execute(texts.values(title="", body="", service="", stuck=""))
    await leaving.go(tx, idea_id=idea.id)
    await record(
        tx, events.IdeaWithdrawn(at=now, actor_id=actor_id, idea_id=idea.id, consultation_id=idea.consultation_id)
    )
    await threads.tell(tx, idea=idea, was_public=was_public, actor_id=actor_id, now=now)
    return idea


async def route(
    tx: WriteSession, *, idea_ids: Sequence[int], route: IdeaRoute, actor_id: int | None, now: datetime
) -> list[Idea]:
    """Where ideas go with the panel. Returns the ones that went: passes over those that may not, or are there."""
    found = await _by_ids(tx, idea_ids)
    going = [idea for idea in found if idea.route is not route and rules.may_route(idea, route)]
    await _set(tx, going, route=route)
    facts = [
        events.IdeaRouted(at=now, actor_id=actor_id, idea_id=idea.id, consultation_id=idea.consultation_id, route=route)
        for idea in going
    ]
    await record_all(tx, facts)
    return going


async def mark_answered(tx: WriteSession, *, idea_ids: Sequence[int], actor_id: int, now: datetime) -> list[Idea]:
    """The authors were given an outcome, also of what is carried on in these. Passes over what was answered before."""
    ids = [*idea_ids, *await merge_queries.carried_by(tx, idea_ids)]
    found = [idea for idea in await _by_ids(tx, ids) if idea.is_public and idea.answered_at is None]
    await _set(tx, [idea for idea in found if idea.merged_into_id], answered_at=now)
    await _set(tx, [idea for idea in found if not idea.merged_into_id], route=IdeaRoute.ANSWERED, answered_at=now)
    facts = [
        events.IdeaAnswered(at=now, actor_id=actor_id, idea_id=idea.id, consultation_id=idea.consultation_id)
        for idea in found
    ]
    await record_all(tx, facts)
    return found


async def _by_ids(tx: WriteSession, idea_ids: Sequence[int]) -> list[Idea]:
    found: list[Idea] = []
    for some in batched(sorted(set(idea_ids))):
        found += await tx.scalars(select(Idea).where(Idea.id.in_(some)).order_by(Idea.id))
    return found


async def _set(tx: WriteSession, ideas: Sequence[Idea], **values: object) -> None:
    """One UPDATE for hundreds of rows; the versions go up too, so that whoever read them before notices."""
    for some in batched([idea.id for idea in ideas]):
        changed = update(Idea).where(Idea.id.in_(some)).values(version=Idea.version + 1, **values)
        await tx.execute(changed)


async def confirm_link(tx: WriteSession, *, idea: Idea, now: datetime) -> str:
    """The path of the link that confirms an idea: one use, until 48 hours after it was sent in."""
    until = idea.received_at + rules.CONFIRM_WITHIN
    secret = await tokens.mint(tx, purpose=CONFIRM, subject=f"idea:{idea.id}", expires_at=until, now=now)
    return f"/confirm/{secret}"


async def receipt_link(tx: WriteSession, *, idea_id: int, now: datetime) -> str:
    """The path of an idea's receipt: the same page for as long as the idea exists."""
    secret = await tokens.mint(tx, purpose=RECEIPT, subject=f"idea:{idea_id}", expires_at=None, now=now)
    return f"/receipts/{secret}"
