"""For authors, behind their receipt: how an idea goes on with others, and the way to undo that."""

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from consultations import merge_queries, merge_rules, merging, splitting
from consultations.merge_states import Parting
from consultations.models import Idea
from consultations.queries import idea_by_id
from kernel import tokens
from kernel.db import ReadSession
from kernel.errors import NotFound
from kernel.inject import Db, Now, Tx
from kernel.pages import HIDDEN
from moderation import merge_reading
from moderation.merge_pages import OwnTogetherPage


class OwnMerges(Controller):
    """What became of the author's own idea; nobody else's can be undone here."""

    path = "/receipts/{secret:str}/together"

    @get(name="merge.own")
    async def show(self, db: Db, secret: FromPath[str], now: Now) -> Template:
        """With which ideas it goes on, or in which parts, and why."""
        idea = await _authors_idea(db, secret, now)
        return OwnTogetherPage(
            secret=secret,
            idea=idea,
            joined=await merge_reading.own_merge(db, idea, now=now),
            split=await merge_reading.in_parts(db, await merge_queries.standing_split(db, idea.id), now=now),
        ).response(headers=HIDDEN)

    @post(name="merge.object", status_code=303)
    async def refuse(self, tx: Tx, secret: FromPath[str], now: Now) -> Redirect:
        """The author does not want it: undone, for good."""
        idea = await _authors_idea(tx, secret, now)
        made = await merge_queries.standing_split(tx, idea.id)
        merge = await merge_queries.standing_merge(tx, idea.id)
        by, how = idea.author_id, Parting.OBJECTED
        if made is not None:
            await splitting.undo(tx, made=made, actor_id=by, how=how, now=now)
        elif merge is not None:
            await merging.undo(tx, merge=merge, actor_id=by, how=how, now=now)
        else:
            raise merge_rules.TooLateToPart
        return Redirect(f"/receipts/{secret}", status_code=303)


async def _authors_idea(db: ReadSession, secret: str, now: Now) -> Idea:
    token = await tokens.find(db, purpose="receipt", secret=secret, now=now)
    idea = await idea_by_id(db, token.subject_id)
    if idea.is_comment:
        raise NotFound
    return idea
