"""For moderators: decide about many at once, and undo what was decided."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from accounts.access import Permission
from accounts.actor import Actor as Whoever
from accounts.inject import Actor, requires
from kernel import forms
from kernel.db import ReadSession
from kernel.i18n import gettext as _
from kernel.inject import Asked, Config, Db, FormData, Now, Tx
from kernel.settings import Settings
from moderation import candidates, plan_queries, plans, rules, waiting_queries
from moderation.bulk_forms import BulkForm, ticked
from moderation.bulk_pages import BulkPage, Chosen
from moderation.candidates import MOST, Candidate
from moderation.filters import Wanted
from moderation.models import Ground
from moderation.routes.reading import wanted_of
from moderation.states import HINDRANCE_NAMES, IN_BULK, OUTCOME_NAMES, Outcome
from moderation.worklist import reader_of

DECIDES = [requires(Permission.MODERATE)]


class Plans(Controller):
    """Decisions that are not carried out yet."""

    path = "/moderation"
    guards = DECIDES

    @post("/ideas/{idea_id:int}/undo", name="plan.undo", status_code=303)
    async def undo(self, tx: Tx, idea_id: FromPath[int], actor: Actor, now: Now) -> Redirect:
        """Take the decision about this idea back; nobody but moderators ever hears of it."""
        found = await plan_queries.plan_of(tx, idea_id)
        await plans.undo(tx, plans=[found[0]] if found else [], actor=actor, now=now)
        return Redirect(f"/moderation/ideas/{idea_id}?done=undone", status_code=303)

    @post("/undo", name="plan.undo_together", status_code=303)
    async def undo_together(self, tx: Tx, data: FormData, actor: Actor, now: Now) -> Redirect:
        """Take back all that was decided at once."""
        found = await plan_queries.plans_together(tx, forms.line(data, "together"))
        await plans.undo(tx, plans=found, actor=actor, now=now)
        return Redirect("/moderation?done=undone", status_code=303)

    @post("/carry-out", name="plan.carry_out", status_code=303)
    async def carry_out(self, tx: Tx, data: FormData, actor: Actor, now: Now) -> Redirect:
        """Not wait any longer."""
        found = await plan_queries.plans_together(tx, forms.line(data, "together"))
        await plans.hasten(tx, plans=found, actor=actor, now=now)
        return Redirect("/moderation?done=carried_out", status_code=303)


class Bulk(Controller):
    """Many ideas, one decision: choose them in the queue, say what, look at what will happen, carry it out."""

    path = "/moderation/bulk"
    guards = DECIDES

    @get(name="bulk.choose")
    async def choose(self, db: Db, request: Asked, actor: Actor, now: Now, settings: Config) -> Template:
        """What was ticked, or all of a filtered list, and a form."""
        wanted = wanted_of(request)
        numbers = ticked(request.query_params.getall("idea", []))
        is_cut = False
        if request.query_params.get("all"):
            reader = reader_of(actor, zone=settings.zone, now=now)
            found = await waiting_queries.ids_to_read(db, filters=wanted.filters, reader=reader, most=MOST + 1)
            numbers, is_cut = list(found[:MOST]), len(found) > MOST
        chosen = await _theirs(db, numbers, actor=actor, now=now)
        form = BulkForm(chosen={one.idea.id: one.mark for one in chosen})
        page = await _page(db, form, chosen, wanted=wanted, actor=actor, settings=settings, is_cut=is_cut)
        return page.response()

    @post(name="bulk.decide", status_code=303)
    async def decide(
        self, tx: Tx, data: FormData, request: Asked, actor: Actor, now: Now, settings: Config
    ) -> Template | Redirect:
        """First show what will happen with each; then carry it out, with all of those or with none."""
        wanted = wanted_of(request)
        unchecked = BulkForm.parse(data, grounds=())
        chosen = await _theirs(tx, unchecked.chosen, actor=actor, now=now)
        grounds = await candidates.grounds_of(tx, candidates.consultations_in(chosen))
        form = BulkForm.parse(data, grounds={code for _consultation, code in grounds})
        if form.errors or form.outcome is None:
            page = await _page(tx, form, chosen, wanted=wanted, actor=actor, settings=settings)
            return page.response(422)
        page = await _page(tx, form, chosen, wanted=wanted, actor=actor, settings=settings, is_preview=True)
        if not form.is_sure:
            return page.response(200, is_question=True)
        if page.unable or not page.able:
            changed = await _page(
                tx, form, chosen, wanted=wanted, actor=actor, settings=settings, is_preview=True, is_changed=True
            )
            return changed.response(409)
        together = await plans.plan(
            tx,
            seen={one.idea.id: form.chosen[one.idea.id] for one in chosen},
            actor=actor,
            outcome=form.outcome,
            ground_code=form.ground,
            explanation=form.explanation,
            wait=timedelta(minutes=settings.undo_minutes),
            now=now,
        )
        done = f"plan-{together}" if together else "carried_out"
        address = wanted.address
        return Redirect(f"/moderation{address}{'&' if address else '?'}done={done}", status_code=303)


async def _theirs(db: ReadSession, numbers: Iterable[int], *, actor: Whoever, now: datetime) -> list[Candidate]:
    """Those that this moderator may decide about; the rest is not there."""
    found = await candidates.look(db, numbers, now=now)
    return [one for one in found if rules.may_moderate(actor, panel_id=one.idea.consultation.panel_id)]


async def _page(
    db: ReadSession,
    form: BulkForm,
    chosen: list[Candidate],
    *,
    wanted: Wanted,
    actor: Whoever,
    settings: Settings,
    is_preview: bool = False,
    is_changed: bool = False,
    is_cut: bool = False,
) -> BulkPage:
    grounds = await candidates.grounds_of(db, candidates.consultations_in(chosen))
    shown = [Chosen(candidate=one) for one in chosen]
    if is_preview and form.outcome is not None:
        shown = [_look(one, form, form.outcome, grounds, actor) for one in chosen]
    first: dict[str, Ground] = {}
    for (_consultation, code), ground in grounds.items():
        first.setdefault(code, ground)
    return BulkPage(
        wanted=wanted,
        chosen=shown,
        able=[one for one in shown if not one.hindrance],
        unable=[one for one in shown if one.hindrance],
        form=form,
        grounds=list(first.values()),
        offered=IN_BULK,
        names=OUTCOME_NAMES,
        is_preview=is_preview,
        is_changed=is_changed,
        is_cut=is_cut,
        undo_minutes=settings.undo_minutes,
    )


def _look(
    one: Candidate, form: BulkForm, outcome: Outcome, grounds: dict[tuple[int, str], Ground], actor: Whoever
) -> Chosen:
    against = candidates.hindrance(
        one,
        outcome=outcome,
        ground_code=form.ground,
        grounds=grounds,
        seen=form.chosen[one.idea.id],
        actor=actor,
    )
    return Chosen(candidate=one, hindrance=_(HINDRANCE_NAMES[against]) if against else "")
