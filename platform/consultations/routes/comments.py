"""The thread under an idea: reading it, adding to it, and adding what was begun as an idea of its own."""

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from accounts import actor as actors
from accounts.inject import Actor
from consultations import comments, ideas, queries, rules
from consultations.comment_pages import NewCommentPage, ThreadPage
from consultations.forms import CommentForm
from consultations.models import Idea
from consultations.pages import BlockedPage
from consultations.routes.letters import remember
from kernel import idempotency
from kernel.db import ReadSession
from kernel.errors import NotFound
from kernel.forms import whole_number
from kernel.inject import Asked, Config, Db, FormData, Now, Tx


class Comments(Controller):
    """What stands under one public idea."""

    path = "/ideas/{idea_id:int}/comments"

    @get(name="comment.thread")
    async def thread(self, db: Db, idea_id: FromPath[int], actor: Actor, request: Asked, now: Now) -> Template:
        """A page of it, oldest first; the idea's own page has the first."""
        idea = await _public(db, idea_id, actor)
        after = max(whole_number(request.query_params, "after") or 0, 0)
        talk = await comments.talk_under(db, idea=idea, after=after, now=now)
        if not talk.is_shown and not after:
            raise NotFound
        return ThreadPage(
            idea=idea,
            talk=talk,
            comment_form=blank(actor),
            is_known=actor.is_signed_in,
            is_blocked=await queries.is_blocked(db, actor.person_id, now=now),
            now=now,
        ).response()

    @post(name="comment.submit", status_code=303)
    async def submit(
        self, tx: Tx, idea_id: FromPath[int], data: FormData, actor: Actor, now: Now, settings: Config
    ) -> Template | Redirect:
        """Take it in: on to its receipt for who is known, else to the page that says to look in the mail."""
        idea = await _public(tx, idea_id, actor)
        form = CommentForm.parse(data, is_known=actor.is_signed_in)
        page = NewCommentPage(idea=idea, comment_form=form, is_known=actor.is_signed_in)
        if form.errors:
            is_blocked = await queries.is_blocked(tx, actor.person_id, now=now)
            if is_blocked:  # rather than have them fill in the rest first
                form.errors = {"form": rules.Blocked().sentence}
            return page.response(403 if is_blocked else 422)
        try:
            async with tx.begin_nested():
                comment = await comments.add(
                    tx, actor=actor, under=idea, written=form.written, email=form.sender, now=now
                )
        except (rules.TooManyLetters, rules.Blocked, comments.NotToComment) as refusal:
            form.errors["form"] = refusal.sentence
            return page.response(refusal.status)
        idempotency.about(tx, f"idea:{comment.id}")
        if actor.is_signed_in:
            return Redirect(await ideas.receipt_link(tx, idea_id=comment.id, now=now), status_code=303)
        answer = Redirect(f"/consultations/{idea.consultation.slug}/ideas/sent?under={idea.id}", status_code=303)
        remember(answer, form.sender, settings)
        return answer

    @post("/begin", name="comment.begin", status_code=200)
    async def begin(self, db: Db, idea_id: FromPath[int], data: FormData, actor: Actor, now: Now) -> Template:
        """Somebody saw that the idea is there already: what they typed stands in the form under it, not sent yet."""
        idea = await _public(db, idea_id, actor)
        if await queries.is_blocked(db, actor.person_id, now=now):
            return BlockedPage(sentence=rules.Blocked().sentence, is_known=True).response(403)
        form = CommentForm.begun(data)
        if not await comments.takes(db, idea=idea, received_at=now):
            form.errors["form"] = comments.NotToComment().sentence
        page = NewCommentPage(idea=idea, comment_form=form, is_known=actor.is_signed_in)
        return page.response(409 if form.errors else 200)


def blank(actor: actors.Actor) -> CommentForm:
    """The form before anything is typed, with the name that a resident goes by."""
    return CommentForm(shown_name="" if actor.is_staff else actor.name)


async def _public(db: ReadSession, idea_id: int, actor: actors.Actor) -> Idea:
    """The public idea with this number; raises NotFound, also for what stands under another itself."""
    idea = await queries.idea_by_id(db, idea_id)
    if not idea.is_public or idea.is_comment or not rules.may_see(idea.consultation, actor):
        raise NotFound
    return idea
