"""Reusable SELECTs. Pages through ideas by key, counts the ledger in one GROUP BY."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, tuple_
from sqlalchemy.orm import aliased, joinedload

from accounts.models import Grant
from accounts.states import Role
from consultations import comment_queries
from consultations.events import IdeaRevised
from consultations.ledger import Ledger
from consultations.models import Consultation, EndorsementRequest, Extension, Idea, IdeaVersion
from consultations.paging import PAGE, IdeaKey, IdeaSlice, Sort
from consultations.states import ConsultationState, IdeaKind, IdeaState
from kernel.db import ReadSession
from kernel.errors import NotFound
from kernel.events import EventRecord
from kernel.tokens import Token, digest_of

SHOWN_CLOSED = frozenset(
    {
        ConsultationState.ANNOUNCED,
        ConsultationState.PROCESSED,
        ConsultationState.REPORTED,
        ConsultationState.ANSWERED,
    }
)


# consultations


async def consultation_by_slug(db: ReadSession, slug: str) -> Consultation:
    """The consultation with this address; raises NotFound. Whether a draft may be seen is a rule."""
    found = await db.scalar(select(Consultation).where(Consultation.slug == slug))
    if found is None:
        raise NotFound
    return found


async def by_id(db: ReadSession, consultation_id: int) -> Consultation:
    """The consultation with this id; raises NotFound."""
    found = await db.get(Consultation, consultation_id)
    if found is None:
        raise NotFound
    return found


async def open_now(db: ReadSession, now: datetime) -> Sequence[Consultation]:
    """What takes ideas in time now; the first to close comes first."""
    wanted = select(Consultation).where(
        Consultation.state == ConsultationState.ANNOUNCED, Consultation.opens_at <= now, now < Consultation.closes_at
    )
    return (await db.scalars(wanted.order_by(Consultation.closes_at, Consultation.id))).all()


async def upcoming(db: ReadSession, now: datetime) -> Sequence[Consultation]:
    """What was announced and opens later; the first to open comes first."""
    wanted = select(Consultation).where(Consultation.state == ConsultationState.ANNOUNCED, Consultation.opens_at > now)
    return (await db.scalars(wanted.order_by(Consultation.opens_at, Consultation.id))).all()


async def recently_closed(db: ReadSession, now: datetime, *, most: int = 3) -> Sequence[Consultation]:
    """What closed last, whatever became of it since."""
    wanted = select(Consultation).where(Consultation.state.in_(SHOWN_CLOSED), Consultation.closes_at <= now)
    return (await db.scalars(wanted.order_by(Consultation.closes_at.desc(), Consultation.id).limit(most))).all()


async def of_panel(db: ReadSession, panel_id: int) -> list[Consultation]:
    """Everything a panel has asked that the public may know of, the newest first."""
    wanted = select(Consultation).where(Consultation.panel_id == panel_id)
    wanted = wanted.where(Consultation.state != ConsultationState.DRAFT)
    return list(await db.scalars(wanted.order_by(Consultation.opens_at.desc(), Consultation.id)))


async def extensions_of(db: ReadSession, consultation_id: int) -> Sequence[Extension]:
    """Every extension, the newest first: old dates stay visible."""
    wanted = select(Extension).where(Extension.consultation_id == consultation_id)
    return (await db.scalars(wanted.order_by(Extension.id.desc()))).all()


# ideas


async def idea_by_id(db: ReadSession, idea_id: int) -> Idea:
    """The idea with its consultation, and what it stands under; raises NotFound. Who may see it is a rule."""
    wanted = select(Idea).where(Idea.id == idea_id).options(joinedload(Idea.consultation), joinedload(Idea.above))
    found = await db.scalar(wanted)
    if found is None:
        raise NotFound
    return found


async def with_author(db: ReadSession, idea_id: int) -> Idea | None:
    """The idea with its consultation and its author; None when it was thrown away unconfirmed."""
    return await db.get(Idea, idea_id, options=[joinedload(Idea.consultation), joinedload(Idea.author)])


async def current_version(db: ReadSession, idea_id: int) -> IdeaVersion:
    """The text as it stands now, with its number and hash."""
    versions = select(IdeaVersion).where(IdeaVersion.idea_id == idea_id)
    return (await db.scalars(versions.order_by(IdeaVersion.number.desc()).limit(1))).one()


def is_newest() -> ColumnElement[bool]:
    """In SQL: of the texts of its idea this is the last."""
    other = aliased(IdeaVersion)
    last = select(func.max(other.number)).where(other.idea_id == IdeaVersion.idea_id)
    return IdeaVersion.number == last.scalar_subquery()


async def revisions(db: ReadSession, idea_id: int) -> int:
    """How often it was revised after it was returned."""
    wanted = select(func.count()).where(EventRecord.subject == f"idea:{idea_id}", EventRecord.name == IdeaRevised.name)
    return await db.scalar(wanted) or 0


def _matching(
    consultation_id: int, kind: IdeaKind | None, words: str, prompt_id: int | None, is_late: bool, is_merged: bool
) -> Select[Idea]:
    shown = and_(Idea.readable(), Idea.merged_into_id.is_not(None)) if is_merged else Idea.listed()
    wanted = select(Idea).where(Idea.consultation_id == consultation_id, shown)
    if kind is not None:
        wanted = wanted.where(Idea.kind == kind)
    if prompt_id is not None:
        wanted = wanted.where(Idea.prompt_id == prompt_id)
    if is_late:
        wanted = wanted.where(Idea.is_late)
    for word in words.split()[:5]:
        found_in = [text.icontains(word, autoescape=True) for text in (Idea.title, Idea.body, Idea.place)]
        wanted = wanted.where(or_(Idea.number == word, *found_in))
    return wanted


async def published(
    db: ReadSession,
    consultation_id: int,
    *,
    sort: Sort = Sort.NEWEST,
    kind: IdeaKind | None = None,
    words: str = "",
    prompt_id: int | None = None,
    is_late: bool = False,
    is_merged: bool = False,
    after: IdeaKey | None = None,
    most: int = PAGE,
) -> IdeaSlice:
    """A page of published ideas by key, and how many match in all: two questions, however many rows."""
    matching = _matching(consultation_id, kind, words, prompt_id, is_late, is_merged)
    total = await db.scalar(select(func.count()).select_from(matching.subquery())) or 0
    by = Idea.published_at if sort is Sort.NEWEST else Idea.endorsement_count
    wanted = matching.order_by(by.desc(), Idea.id.desc()).limit(most + 1).add_columns(comment_queries.number_under())
    if after is not None:
        wanted = wanted.where(tuple_(by, Idea.id) < tuple_(after.value_for(sort), after.idea_id))
    found = (await db.execute(wanted)).all()
    ideas = [idea for idea, _ in found[:most]]
    return IdeaSlice(
        ideas=ideas,
        comments={idea.id: number for idea, number in found},
        total=total,
        next_key=IdeaKey.of(ideas[-1], sort) if len(found) > most else None,
    )


# counting


async def ledgers(db: ReadSession, consultation_ids: Sequence[int]) -> dict[int, Ledger]:
    """Where everything that came in is now, for several consultations in one question."""
    counted = (
        select(Idea.consultation_id, Idea.state, Idea.route, Idea.is_late, Idea.kind, func.count())
        .where(Idea.consultation_id.in_(consultation_ids), Idea.under_id.is_(None))
        .where(Idea.state.not_in({IdeaState.DRAFT, IdeaState.SUBMITTED}))
        .group_by(Idea.consultation_id, Idea.state, Idea.route, Idea.is_late, Idea.kind)
    )
    found = {consultation_id: Ledger() for consultation_id in consultation_ids}
    for consultation_id, state, route, is_late, kind, number in await db.execute(counted):
        found[consultation_id] = found[consultation_id].plus(
            state=state, route=route, is_late=is_late, kind=kind, number=number
        )
    return found


async def ledger(db: ReadSession, consultation_id: int) -> Ledger:
    """Where everything that came in is now."""
    return (await ledgers(db, [consultation_id]))[consultation_id]


async def waiting_for_moderators(db: ReadSession, *, panel_ids: Collection[int] | None) -> int:
    """How many ideas nobody has decided about yet, in these panels; None means all of them."""
    wanted = select(func.count(Idea.id)).where(Idea.state.in_((IdeaState.RECEIVED, IdeaState.IN_REVIEW)))
    if panel_ids is not None:
        wanted = wanted.join(Idea.consultation).where(Consultation.panel_id.in_(panel_ids))
    return await db.scalar(wanted) or 0


async def unconfirmed_since(db: ReadSession, *, consultation_id: int, since: datetime) -> int:
    """Ideas sent in later than `since` whose authors can still confirm them."""
    wanted = select(func.count()).where(
        Idea.consultation_id == consultation_id, Idea.state == IdeaState.SUBMITTED, Idea.received_at > since
    )
    return await db.scalar(wanted.where(Idea.under_id.is_(None))) or 0


async def with_authors(db: ReadSession, *, consultation_id: int, since: datetime) -> int:
    """Ideas that were sent back later than `since`: their authors can still change them."""
    wanted = select(func.count()).where(
        Idea.consultation_id == consultation_id, Idea.state == IdeaState.RETURNED, Idea.returned_at > since
    )
    return await db.scalar(wanted.where(Idea.under_id.is_(None))) or 0


# people


async def is_blocked(db: ReadSession, person_id: int | None, *, now: datetime) -> bool:
    """Whether a moderator blocked this person; asked of the database, because a resident's session holds no grants.

    A block that has an end holds until that instant, whether or not anybody took the grant back since.
    """
    if person_id is None:
        return False
    held = select(Grant.id).where(Grant.person_id == person_id, Grant.role == Role.BLOCKED, Grant.revoked_at.is_(None))
    in_force = held.where(or_(Grant.ends_at.is_(None), Grant.ends_at > now))
    return await db.scalar(in_force.limit(1)) is not None


async def letters_waiting(db: ReadSession, *, person_id: int, now: datetime) -> int:
    """Unconfirmed ideas and endorsements of the last 24 hours: each sent a letter to this address."""
    since = now - timedelta(days=1)
    ideas = select(func.count()).where(
        Idea.author_id == person_id, Idea.state == IdeaState.SUBMITTED, Idea.received_at > since
    )
    asked = select(func.count()).where(
        EndorsementRequest.person_id == person_id,
        EndorsementRequest.confirmed_at.is_(None),
        EndorsementRequest.asked_at > since,
    )
    return (await db.scalar(ideas) or 0) + (await db.scalar(asked) or 0)


async def old_link(db: ReadSession, *, purpose: str, secret: str) -> Token | None:
    """The link behind a secret also when it was used or has run out, to tell its reader which."""
    return await db.scalar(select(Token).where(Token.purpose == purpose, Token.hash == digest_of(secret)))
