"""For members: one question to all authors of a theme, and the answers together."""

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from accounts import access
from accounts import actor as actors
from accounts.access import Permission
from accounts.inject import Actor, requires
from consultations.models import Consultation
from consultations.queries import by_id
from consultations.states import ConsultationState
from conversations import questions, rules, theme_queries
from conversations.forms import ContributionForm
from conversations.pages import ThemeQuestionsPage
from conversations.states import Side
from kernel.db import ReadSession
from kernel.errors import NotFound
from kernel.inject import Asked, Db, FormData, Now, Tx
from themes.models import Theme
from themes.queries import theme as theme_by_id
from themes.states import ThemeState


class ThemeQuestions(Controller):
    """What the authors of a theme were asked together."""

    path = "/desk/conversations/themes/{theme_id:int}"
    guards = [requires(Permission.READ_CONVERSATIONS)]  # noqa: RUF012 - Litestar reads it from the class

    @get(name="theme_question.show")
    async def show(self, db: Db, theme_id: FromPath[int], request: Asked, actor: Actor) -> Template:
        """The form, and the answers to what was asked before."""
        theme, consultation = await _theme(db, theme_id, actor)
        is_sent = "sent" in request.query_params
        return (await _page(db, theme, consultation, ContributionForm(), actor, is_sent=is_sent)).response()

    @post(name="theme_question.ask", status_code=303)
    async def ask(self, tx: Tx, theme_id: FromPath[int], data: FormData, actor: Actor, now: Now) -> Template | Redirect:
        """Ask them all, once each."""
        theme, consultation = await _theme(tx, theme_id, actor)
        access.require(actor, Permission.ASK_AUTHORS, panel_id=consultation.panel_id)
        form = ContributionForm.parse(data)
        if form.errors:
            return (await _page(tx, theme, consultation, form, actor)).response(422)
        await questions.ask(tx, theme=theme, actor=actor, body=form.body, now=now)
        return Redirect(f"/desk/conversations/themes/{theme.id}?sent=1", status_code=303)


async def _theme(db: ReadSession, theme_id: int, actor: actors.Actor) -> tuple[Theme, Consultation]:
    theme = await theme_by_id(db, theme_id)
    consultation = await by_id(db, theme.consultation_id)
    access.require(actor, Permission.READ_CONVERSATIONS, panel_id=consultation.panel_id)
    if consultation.state is ConsultationState.DRAFT:
        raise NotFound
    if theme.state is not ThemeState.CURRENT and not await theme_queries.asked_of(db, [theme.id]):
        raise NotFound
    return theme, consultation


async def _page(
    db: ReadSession,
    theme: Theme,
    consultation: Consultation,
    form: ContributionForm,
    actor: actors.Actor,
    *,
    is_sent: bool = False,
) -> ThemeQuestionsPage:
    asked = await theme_queries.asked_of(db, [theme.id])
    authors = len(await theme_queries.authors_ideas(db, theme.id)) if theme.state is ThemeState.CURRENT else 0
    may_write = authors > 0 and rules.may_write(actor, Side.PANEL, panel_id=consultation.panel_id)
    return ThemeQuestionsPage(
        theme=theme,
        consultation=consultation,
        authors=authors,
        asked=asked,
        answers=await theme_queries.answers_to(db, [one.question.id for one in asked]),
        form=form,
        may_write=may_write,
        is_sent=is_sent,
    )
