"""An author's side of a conversation, behind the secret of the receipt; it needs no session."""

from collections.abc import Mapping
from typing import Any

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from consultations.ideas import RECEIPT
from consultations.models import Idea
from consultations.queries import idea_by_id
from conversations import conversations, queries, rules
from conversations.forms import ContributionForm
from conversations.pages import OwnConversationPage
from conversations.states import Side
from kernel import forms, tokens
from kernel.db import ReadSession
from kernel.inject import Asked, Db, FormData, Now, Tx
from kernel.pages import HIDDEN


class OwnConversation(Controller):
    """What was asked about one's idea, and one's answers."""

    path = "/receipts/{secret:str}/conversation"

    @get(name="conversation.own")
    async def show(self, db: Db, secret: FromPath[str], request: Asked, now: Now) -> Template:
        """One conversation: the one that is asked for, else the one where a question waits."""
        idea = await _behind(db, secret, now)
        side = await _side(db, idea, request.query_params)
        is_sent = "sent" in request.query_params
        page = await _page(db, secret, idea, side, ContributionForm(), is_sent=is_sent)
        return page.response(headers=HIDDEN)

    @post(name="conversation.answer", status_code=303)
    async def answer(self, tx: Tx, secret: FromPath[str], data: FormData, now: Now) -> Template | Redirect:
        """Write back, or write first to the moderators."""
        idea = await _behind(tx, secret, now)
        side = await _side(tx, idea, data)
        form = ContributionForm.parse(data)
        if form.errors:
            return (await _page(tx, secret, idea, side, form)).response(422, HIDDEN)
        await conversations.answer(tx, idea=idea, side=side, body=form.body, answers_id=form.answers, now=now)
        return Redirect(f"/receipts/{secret}/conversation?with={side}&sent=1", status_code=303)


async def _behind(db: ReadSession, secret: str, now: Now) -> Idea:
    token = await tokens.find(db, purpose=RECEIPT, secret=secret, now=now)
    return await idea_by_id(db, token.subject_id)


async def _side(db: ReadSession, idea: Idea, given: Mapping[str, Any]) -> Side:
    asked = forms.line(given, "with")
    if asked in set(Side):
        return Side(asked)
    begun = await queries.about_idea(db, idea.id)
    waiting = sorted(begun, key=lambda side: (-begun[side], side != Side.PANEL))
    return waiting[0] if waiting else Side.MODERATORS


async def _page(
    db: ReadSession, secret: str, idea: Idea, side: Side, form: ContributionForm, *, is_sent: bool = False
) -> OwnConversationPage:
    conversation = await queries.with_idea(db, idea.id, side)
    spoken = await queries.spoken(db, conversation.id) if conversation else []
    begun = await queries.about_idea(db, idea.id)
    return OwnConversationPage(
        secret=secret,
        idea=idea,
        side=side,
        spoken=spoken,
        open_questions=[one.contribution for one in spoken if one.is_open],
        others=[one for one in Side if one is not side and (one in begun or one is Side.MODERATORS)],
        form=form,
        may_write=rules.takes_answers(idea, side, is_begun=conversation is not None),
        is_sent=is_sent,
    )
