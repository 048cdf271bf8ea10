"""For moderators: leave words about a person out of a text, after a look at what remains."""

from collections.abc import Mapping

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from accounts.access import Permission
from accounts.actor import Actor as Whoever
from accounts.inject import Actor, requires
from consultations import flagging
from consultations.masking import without
from consultations.models import Idea
from consultations.queries import current_version, idea_by_id
from consultations.signals import OMISSION_NAMES
from kernel.db import ReadSession
from kernel.errors import ChangedMeanwhile, IllegalMove
from kernel.inject import Db, FormData, Now, Tx
from moderation import masking, pointing, queries, rules
from moderation.masking_forms import MaskForm
from moderation.signal_pages import MaskPage

PERSONAL_DATA = "personal_data"


class Masking(Controller):
    """One text: choose, look, decide."""

    path = "/moderation/ideas/{idea_id:int}/mask"
    guards = [requires(Permission.MODERATE)]  # noqa: RUF012 - Litestar's own name

    @get(name="masking.choose")
    async def choose(self, db: Db, idea_id: FromPath[int], actor: Actor) -> Template:
        """Everything personal that was found is ticked already."""
        idea = await idea_by_id(db, idea_id)
        page = await _page(db, idea, actor, MaskForm())
        page.form.places = [one.place for one in page.pointers]
        codes = [ground.code for ground in page.grounds]
        page.form.ground = PERSONAL_DATA if PERSONAL_DATA in codes else ""
        return page.response()

    @post(name="masking.mask", status_code=303)
    async def mask(self, tx: Tx, data: FormData, idea_id: FromPath[int], actor: Actor, now: Now) -> Template | Redirect:
        """With `step=mask` it is done; with anything else it is shown first."""
        idea = await idea_by_id(tx, idea_id)
        _require(idea, actor)
        texts = flagging.texts_of(idea)
        codes = [ground.code for ground in await queries.grounds(tx, idea.consultation_id)]
        form = MaskForm.parse(data, texts=texts, grounds=codes)
        if form.errors:
            return (await _page(tx, idea, actor, form)).response(422)
        if data.get("step") != "mask":
            page = await _page(tx, idea, actor, form, result=without(texts, form.cuts))
            return page.response(is_question=True)
        try:
            decision = await masking.mask(
                tx,
                idea=idea,
                actor=actor,
                cuts=form.cuts,
                ground_code=form.ground,
                explanation=form.explanation,
                seen=form.seen,
                now=now,
            )
        except ChangedMeanwhile:  # raised before anything was written
            return (await _page(tx, idea, actor, form, is_changed=True)).response(409)
        return Redirect(f"/moderation?done={decision.id}", status_code=303)


def _require(idea: Idea, actor: Whoever) -> None:
    rules.require_reader(actor, panel_id=idea.consultation.panel_id, state=idea.state)
    rules.require_moderator(actor, panel_id=idea.consultation.panel_id)
    if not rules.may_mask(idea.state):
        raise IllegalMove


async def _page(
    db: ReadSession,
    idea: Idea,
    actor: Whoever,
    form: MaskForm,
    *,
    result: Mapping[str, str] | None = None,
    is_changed: bool = False,
) -> MaskPage:
    _require(idea, actor)
    last = await queries.latest_decision(db, idea.id)
    version = await current_version(db, idea.id)
    pointers = [one for one in pointing.pointers_in(flagging.texts_of(idea)) if one.can_be_masked]
    return MaskPage(
        idea=idea,
        pointers=pointers,
        grounds=await queries.grounds(db, idea.consultation_id),
        form=form,
        seen=rules.mark_of(version.sha256, last.id if last else None),
        result=result,
        is_changed=is_changed,
        names=OMISSION_NAMES,
    )
