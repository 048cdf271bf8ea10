"""Changing one's own idea, and what was changed, for everybody."""

from datetime import datetime

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from accounts.inject import Actor
from consultations import editing, queries, round_queries, rules, versions
from consultations.forms import IdeaForm
from consultations.models import Idea, IdeaVersion
from consultations.pages import BlockedPage, WithdrawnIdeaPage
from consultations.routes.links import behind_receipt
from consultations.writing_pages import EditIdeaPage, VersionsPage
from kernel.db import ReadSession
from kernel.errors import NotFound
from kernel.inject import Db, FormData, Now, Tx
from kernel.pages import HIDDEN


class Versions(Controller):
    """What changed in an idea since it first stood in public."""

    @get("/ideas/{idea_id:int}/versions", name="idea.versions")
    async def public(self, db: Db, idea_id: FromPath[int], actor: Actor) -> Template:
        """Every text that stood in public, and how each differs from the one before."""
        idea = await queries.idea_by_id(db, idea_id)
        if rules.was_public(idea):
            return WithdrawnIdeaPage(idea=idea).response(410)
        if not rules.may_see_idea(idea, actor) or not rules.may_see(idea.consultation, actor):
            raise NotFound
        texts = await versions.all_of(db, idea.id, public_only=idea.is_public)
        return _page(idea, list(texts), back=f"/ideas/{idea.id}", is_own=not idea.is_public).response()


class Editing(Controller):
    """The author's own way to it; the receipt's link is the key."""

    path = "/receipts/{secret:str}"

    @get("/versions", name="idea.own_versions")
    async def own(self, db: Db, secret: FromPath[str], now: Now) -> Template:
        """Every text that was kept, also what never stood in public."""
        idea = await behind_receipt(db, secret, now)
        texts = await versions.all_of(db, idea.id, public_only=False)
        return _page(idea, list(texts), back=f"/receipts/{secret}", is_own=True).response(headers=HIDDEN)

    @get("/edit", name="idea.edit")
    async def form(self, db: Db, secret: FromPath[str], now: Now) -> Template:
        """The text as it stands, to be changed."""
        idea = await behind_receipt(db, secret, now)
        page = await _edit_page(db, secret, idea, IdeaForm.of(idea), now)
        return page.response(headers=HIDDEN)

    @post("/edit", name="idea.edited", status_code=303)
    async def edit(self, tx: Tx, secret: FromPath[str], data: FormData, now: Now) -> Template | Redirect:
        """Back to the moderators, with every text kept."""
        idea = await behind_receipt(tx, secret, now)
        form = IdeaForm.changed(data, idea)
        form.offer(await round_queries.prompts_of(tx, idea.consultation_id))
        if form.errors:
            return (await _edit_page(tx, secret, idea, form, now)).response(422, HIDDEN)
        try:
            await editing.edit(tx, idea=idea, written=form.written, now=now)
        except rules.Blocked as refusal:
            return BlockedPage(sentence=refusal.sentence, is_known=False).response(403, HIDDEN)
        return Redirect(f"/receipts/{secret}", status_code=303)


def _page(idea: Idea, texts: list[IdeaVersion], *, back: str, is_own: bool) -> VersionsPage:
    return VersionsPage(
        idea=idea,
        changes=versions.changes(texts),
        first=texts[-1].written_at if texts else idea.received_at,
        back=back,
        is_own=is_own,
    )


async def _edit_page(db: ReadSession, secret: str, idea: Idea, form: IdeaForm, now: datetime) -> EditIdeaPage:
    if not await editing.may_edit(db, idea=idea, now=now):
        raise rules.NotToEdit
    form.offer(await round_queries.prompts_of(db, idea.consultation_id))
    until = rules.edit_until(idea.consultation, idea)
    return EditIdeaPage(secret=secret, idea=idea, form=form, until=until)
