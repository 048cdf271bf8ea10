"""What the links in letters open: confirming an idea, confirming support, revising and withdrawing."""

from datetime import datetime

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template
from sqlalchemy.orm import joinedload

from accounts import actor as actors
from accounts.inject import Actor, let_in
from consultations import endorsements, ideas, quarantine, queries, round_queries, rules, splitting
from consultations.forms import IdeaForm
from consultations.models import EndorsementRequest, Idea
from consultations.pages import (
    BlockedPage,
    ConfirmEndorsementPage,
    ConfirmIdeaPage,
    LinkSpentPage,
    ReviseIdeaPage,
    WithdrawIdeaPage,
)
from kernel import tokens
from kernel.db import ReadSession
from kernel.errors import LinkSpent, NotFound
from kernel.forms import ticked
from kernel.inject import Asked, Config, Db, FormData, Network, Now, Tx
from kernel.pages import HIDDEN


class Confirming(Controller):
    """One press on the page behind a letter's link; opening it changes nothing."""

    @get("/confirm/{secret:str}", name="idea.confirm_look")
    async def look_at_idea(self, db: Db, secret: FromPath[str], now: Now) -> Template:
        """The idea and a button."""
        try:
            token = await tokens.find(db, purpose=ideas.CONFIRM, secret=secret, now=now)
        except LinkSpent:
            return (await _spent(db, purpose=ideas.CONFIRM, secret=secret)).response(410, HIDDEN)
        return ConfirmIdeaPage(secret=secret, idea=await queries.idea_by_id(db, token.subject_id)).response(
            headers=HIDDEN
        )

    @post("/confirm/{secret:str}", name="idea.confirm", status_code=303)
    async def confirm_idea(
        self, tx: Tx, secret: FromPath[str], request: Asked, actor: Actor, now: Now, settings: Config
    ) -> Template | Redirect:
        """The address is the author's: on to the receipt, signed in as a resident."""
        try:
            token = await tokens.find(tx, purpose=ideas.CONFIRM, secret=secret, now=now)
        except LinkSpent:
            return (await _spent(tx, purpose=ideas.CONFIRM, secret=secret)).response(410, HIDDEN)
        idea = await queries.idea_by_id(tx, token.subject_id)
        if await queries.is_blocked(tx, idea.author_id, now=now):
            return _blocked(actor, idea.author_id)
        await tokens.consume(tx, purpose=ideas.CONFIRM, secret=secret, now=now)
        await ideas.confirm(tx, idea=idea, now=now)
        answer = Redirect(await ideas.receipt_link(tx, idea_id=idea.id, now=now), status_code=303)
        await let_in(tx, answer, request, person_id=idea.author_id, settings=settings, now=now)
        return answer

    @get("/endorse/{secret:str}", name="endorsement.confirm_look")
    async def look_at_support(self, db: Db, secret: FromPath[str], now: Now) -> Template:
        """The idea and a button."""
        try:
            token = await tokens.find(db, purpose=endorsements.ENDORSE, secret=secret, now=now)
        except LinkSpent:
            return (await _spent(db, purpose=endorsements.ENDORSE, secret=secret)).response(410, HIDDEN)
        request = await db.get_one(EndorsementRequest, token.subject_id)
        return ConfirmEndorsementPage(secret=secret, idea=await queries.idea_by_id(db, request.idea_id)).response(
            headers=HIDDEN
        )

    @post("/endorse/{secret:str}", name="endorsement.confirm", status_code=303)
    async def confirm_support(
        self,
        tx: Tx,
        secret: FromPath[str],
        request: Asked,
        actor: Actor,
        now: Now,
        network: Network,
        settings: Config,
    ) -> Template | Redirect:
        """The support counts: back to the idea, signed in as a resident."""
        try:
            token = await tokens.find(tx, purpose=endorsements.ENDORSE, secret=secret, now=now)
        except LinkSpent:
            return (await _spent(tx, purpose=endorsements.ENDORSE, secret=secret)).response(410, HIDDEN)
        wish = await tx.get_one(EndorsementRequest, token.subject_id)
        idea = await queries.idea_by_id(tx, wish.idea_id)
        if await queries.is_blocked(tx, wish.person_id, now=now):
            return _blocked(actor, wish.person_id)
        await tokens.consume(tx, purpose=endorsements.ENDORSE, secret=secret, now=now)
        kept = quarantine.kept_of(network, settings)
        new = await endorsements.confirm(tx, request=wish, idea=idea, network=kept, now=now)
        answer = Redirect(f"/ideas/{idea.id}?told={'endorsed' if new else 'known'}#support", status_code=303)
        await let_in(tx, answer, request, person_id=wish.person_id, settings=settings, now=now)
        return answer


class Receipts(Controller):
    """What an author can still do with an idea; the receipt's link is the key. The receipt itself belongs to panels."""

    path = "/receipts/{secret:str}"

    @get("/revise", name="idea.revise")
    async def revise_form(self, db: Db, secret: FromPath[str], now: Now) -> Template:
        """The text as it stands, to be changed."""
        idea = await behind_receipt(db, secret, now)
        return (await _revise_page(db, secret, idea, IdeaForm.of(idea), now)).response(headers=HIDDEN)

    @post("/revise", name="idea.revised", status_code=303)
    async def revise(self, tx: Tx, secret: FromPath[str], data: FormData, now: Now) -> Template | Redirect:
        """Back to the moderators, with both versions kept."""
        idea = await behind_receipt(tx, secret, now)
        form = IdeaForm.changed(data, idea)
        form.offer(await round_queries.prompts_of(tx, idea.consultation_id))
        if form.errors:
            return (await _revise_page(tx, secret, idea, form, now)).response(422, HIDDEN)
        await ideas.revise(tx, idea=idea, written=form.written, actor_id=idea.author_id, now=now)
        return Redirect(f"/receipts/{secret}", status_code=303)

    @post("/withdraw", name="idea.withdraw", status_code=303)
    async def withdraw(self, tx: Tx, secret: FromPath[str], data: FormData, now: Now) -> Template | Redirect:
        """Asked once more, because the text does not come back; then it goes."""
        idea = await behind_receipt(tx, secret, now)
        if idea.state in rules.WITHDRAWABLE and not ticked(data, "sure"):
            return WithdrawIdeaPage(secret=secret, idea=idea).response(headers=HIDDEN, is_question=True)
        await splitting.withdraw(tx, idea=idea, actor_id=idea.author_id, now=now)
        return Redirect(f"/receipts/{secret}", status_code=303)


async def behind_receipt(db: ReadSession, secret: str, now: datetime) -> Idea:
    """The idea behind a receipt's link; raises NotFound."""
    try:
        token = await tokens.find(db, purpose=ideas.RECEIPT, secret=secret, now=now)
    except LinkSpent:
        raise NotFound from None
    return await queries.idea_by_id(db, token.subject_id)


async def _revise_page(db: ReadSession, secret: str, idea: Idea, form: IdeaForm, now: datetime) -> ReviseIdeaPage:
    until = rules.revise_until(idea)
    revisions = await queries.revisions(db, idea.id)
    if until is None or not rules.may_revise(idea.consultation, idea, revisions=revisions, now=now):
        raise rules.NotToRevise
    form.offer(await round_queries.prompts_of(db, idea.consultation_id))
    return ReviseIdeaPage(secret=secret, idea=idea, form=form, until=until)


def _blocked(actor: actors.Actor, person_id: int) -> Template:
    """Whoever holds the link reads why nothing came in; it still works, for when the block is lifted in time."""
    is_known = actor.person_id == person_id
    return BlockedPage(sentence=rules.Blocked().sentence, is_known=is_known).response(403, HIDDEN)


async def _spent(db: ReadSession, *, purpose: str, secret: str) -> LinkSpentPage:
    """What we still know of a link that no longer works."""
    token = await queries.old_link(db, purpose=purpose, secret=secret)
    is_for_support = purpose == endorsements.ENDORSE
    idea: Idea | None = None
    if token is not None:
        request = await db.get(EndorsementRequest, token.subject_id) if is_for_support else None
        idea_id = request.idea_id if request else token.subject_id
        idea = await db.get(Idea, idea_id, options=[joinedload(Idea.consultation)])  # thrown away when unconfirmed
    was_used = token is not None and token.used_at is not None
    return LinkSpentPage(is_for_support=is_for_support, was_used=was_used, idea=idea)
