"""SELECTs about threads: public comments in the order they were written, and the places of those that are gone."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from consultations.models import Idea
from consultations.states import IdeaState
from kernel.db import ReadSession

PAGE = 20
GONE = (IdeaState.WITHDRAWN, IdeaState.REMOVED)


@dataclass(frozen=True, kw_only=True)
class Thread:
    """A page of a thread, oldest first. Of what was withdrawn or removed the place stays, without its words."""

    idea_id: int
    comments: Sequence[Idea]
    total: int  # that can be read, on all pages
    after: int = 0
    next_after: int | None = None

    @property
    def here(self) -> str:
        """The address of this very page."""
        return address(self.idea_id, after=self.after)

    @property
    def next_url(self) -> str | None:
        """The next page, if there is one."""
        return address(self.idea_id, after=self.next_after) if self.next_after is not None else None

    @property
    def first_url(self) -> str | None:
        """Back to the first page, for who is further on."""
        return address(self.idea_id) if self.after else None


def address(idea_id: int, *, after: int = 0) -> str:
    """Where a page of a thread stands."""
    return f"/ideas/{idea_id}/comments" + (f"?after={after}" if after else "")


def _has_a_place() -> ColumnElement[bool]:
    """Whether it can be read, or could be."""
    was_read = and_(Idea.state.in_(GONE), Idea.published_at.is_not(None))
    return or_(Idea.state == IdeaState.PUBLISHED, was_read)


def readable_under(idea_id: int | InstrumentedAttribute[int], *, comment: type[Idea] = Idea) -> ColumnElement[bool]:
    """In SQL: a comment under this idea that everybody can read."""
    return and_(comment.under_id == idea_id, comment.state == IdeaState.PUBLISHED)


def _under(idea_id: int) -> Select[Idea]:
    return select(Idea).where(Idea.under_id == idea_id, _has_a_place())


async def thread_of(db: ReadSession, idea_id: int, *, after: int = 0) -> Thread:
    """The page that begins after this comment, and how many can be read: two questions, however many there are."""
    readable = select(func.count()).where(readable_under(idea_id))
    found = (await db.scalars(_under(idea_id).where(Idea.id > after).order_by(Idea.id).limit(PAGE + 1))).all()
    return Thread(
        idea_id=idea_id,
        comments=found[:PAGE],
        total=await db.scalar(readable) or 0,
        after=after,
        next_after=found[PAGE - 1].id if len(found) > PAGE else None,
    )


def number_under() -> ScalarSelect[int]:
    """In a question about ideas: how many comments can be read under each."""
    comment = aliased(Idea)
    readable = select(func.count()).where(readable_under(Idea.id, comment=comment))
    return readable.correlate(Idea).scalar_subquery()


async def place_of(db: ReadSession, comment: Idea) -> str:
    """Where a comment stands under its idea: the page, and the comment on it."""
    idea_id = comment.under_id or 0
    ids = _under(idea_id).with_only_columns(Idea.id)
    before = await db.scalar(select(func.count()).select_from(ids.where(Idea.id < comment.id).subquery())) or 0
    page = before // PAGE
    if page == 0:
        return f"/ideas/{idea_id}#comment-{comment.id}"
    last = await db.scalar(ids.order_by(Idea.id).offset(page * PAGE - 1).limit(1)) or 0
    return f"{address(idea_id, after=last)}#comment-{comment.id}"
