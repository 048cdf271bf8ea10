"""For moderators and the panel: the conversations that they have with authors."""

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from accounts import actor as actors
from accounts.access import Permission, may
from accounts.inject import Actor, requires
from consultations.models import Idea
from consultations.queries import idea_by_id
from conversations import conversations, queries, rules, theme_queries
from conversations.forms import ContributionForm
from conversations.pages import ConversationsPage, IdeaConversationPage
from conversations.states import Side
from kernel.db import ReadSession
from kernel.errors import NotFound
from kernel.inject import Asked, Db, FormData, Now, Tx


class ConversationWork(Controller):
    """What authors are asked, and what they wrote."""

    path = "/desk/conversations"
    guards = [requires(Permission.OPEN_CONVERSATIONS)]  # noqa: RUF012 - Litestar reads it from the class

    @get(name="conversation.index")
    async def index(self, db: Db, actor: Actor) -> Template:
        """What waits for us first, then what waits for authors."""
        sides = rules.readers(actor)
        themes = await theme_queries.themes_to_ask(db, sides[Side.PANEL]) if Side.PANEL in sides else ()
        return ConversationsPage(
            conversations=await queries.listed(db, sides),
            themes=themes,
            asked=await theme_queries.asked_of(db, [theme.id for theme, _ in themes]),
            may_ask=may(actor, Permission.ASK_AUTHORS),
        ).response()

    @get("/ideas/{idea_id:int}/{side:str}", name="conversation.show")
    async def show(self, db: Db, idea_id: FromPath[int], side: FromPath[str], request: Asked, actor: Actor) -> Template:
        """What was said with the author of one idea; nothing yet is a conversation too."""
        idea, known = await _about(db, idea_id, side, actor)
        is_sent = "sent" in request.query_params
        return (await _page(db, idea, known, ContributionForm(), actor, is_sent=is_sent)).response()

    @post("/ideas/{idea_id:int}/{side:str}", name="conversation.ask", status_code=303)
    async def ask(
        self, tx: Tx, idea_id: FromPath[int], side: FromPath[str], data: FormData, actor: Actor, now: Now
    ) -> Template | Redirect:
        """Write to the author."""
        idea, known = await _about(tx, idea_id, side, actor)
        form = ContributionForm.parse(data)
        if form.errors and rules.may_write(actor, known, panel_id=idea.consultation.panel_id):
            return (await _page(tx, idea, known, form, actor)).response(422)
        await conversations.ask(tx, idea=idea, side=known, actor=actor, body=form.body, asks=form.asks, now=now)
        return Redirect(f"/desk/conversations/ideas/{idea.id}/{known}?sent=1", status_code=303)

    @post("/ideas/{idea_id:int}/{side:str}/read", name="conversation.read", status_code=303)
    async def read(self, tx: Tx, idea_id: FromPath[int], side: FromPath[str], actor: Actor, now: Now) -> Redirect:
        """No word back is needed."""
        idea, known = await _about(tx, idea_id, side, actor)
        conversation = await queries.with_idea(tx, idea.id, known)
        if conversation is None:
            raise NotFound
        await conversations.set_read(tx, conversation=conversation, idea=idea, actor=actor, now=now)
        return Redirect("/desk/conversations", status_code=303)


async def _about(db: ReadSession, idea_id: int, side: str, actor: actors.Actor) -> tuple[Idea, Side]:
    if side not in set(Side):
        raise NotFound
    idea = await idea_by_id(db, idea_id)
    rules.require_reader(actor, Side(side), idea, panel_id=idea.consultation.panel_id)
    return idea, Side(side)


async def _page(
    db: ReadSession, idea: Idea, side: Side, form: ContributionForm, actor: actors.Actor, *, is_sent: bool = False
) -> IdeaConversationPage:
    conversation = await queries.with_idea(db, idea.id, side)
    spoken = await queries.spoken(db, conversation.id) if conversation else []
    is_news = conversation is not None and conversation.last_number > conversation.read_number
    return IdeaConversationPage(
        idea=idea,
        side=side,
        spoken=spoken,
        form=form,
        may_write=rules.may_write(actor, side, panel_id=idea.consultation.panel_id),
        takes_questions=rules.takes_questions(idea, side),
        waits_for_us=is_news and spoken[-1].contribution.is_authors,
        is_sent=is_sent,
    )
