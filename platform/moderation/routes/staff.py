"""For moderators: the queue, one idea to decide about, claims."""

from functools import partial

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from accounts.access import Permission, may, panels_for
from accounts.inject import Actor, requires
from consultations import attachments
from consultations.queries import idea_by_id
from kernel.errors import ChangedMeanwhile
from kernel.inject import Asked, Config, Db, FormData, Now, Tx
from moderation import decisions, queries, queue, rules
from moderation.forms import DecisionForm
from moderation.pages import QueuePage, QueueRowsPage, StandingPage
from moderation.routes.reading import banner_of, review, show_of, standing_of
from moderation.worklist import worklist

DECIDES = [requires(Permission.MODERATE)]


class Queue(Controller):
    """One queue over ideas, reports and appeals."""

    path = "/moderation"
    guards = [requires(Permission.READ_QUEUE)]  # noqa: RUF012 - Litestar's own name

    @get(name="queue.show")
    async def show(self, db: Db, request: Asked, actor: Actor, now: Now, settings: Config) -> Template:
        """One of the lists."""
        show = show_of(request.query_params.get("show"))
        work = await worklist(db, actor=actor, show=show, zone=settings.zone, now=now)
        banner = await banner_of(db, request.query_params.get("done", ""), actor)
        return QueuePage(
            work=work,
            banner=banner,
            files_waiting=await attachments.how_many_wait(db, panel_ids=panels_for(actor, Permission.READ_QUEUE)),
            may_decide=may(actor, Permission.MODERATE),
            now=now,
        ).response()

    @get("/rows", name="queue.rows")
    async def rows(self, db: Db, request: Asked, actor: Actor, now: Now, settings: Config) -> Template:
        """The list or the tabs alone, for the live page."""
        asked = request.query_params
        show, chosen = show_of(asked.get("show")), asked.get("chosen", "")
        work = await worklist(db, actor=actor, show=show, chosen=chosen, zone=settings.zone, now=now)
        return QueueRowsPage(work=work, part=asked.get("part", "rows"), now=now).response()

    @post("/next", name="queue.next", status_code=303, guards=DECIDES)
    async def next(self, tx: Tx, actor: Actor, now: Now) -> Redirect:
        """Claim what waits longest and read it."""
        following = await queue.claim_next(tx, actor=actor, now=now)
        return Redirect(f"/moderation/ideas/{following.id}" if following else "/moderation", status_code=303)

    @get("/ideas/{idea_id:int}", name="queue.idea")
    async def idea(
        self, db: Db, idea_id: FromPath[int], request: Asked, actor: Actor, now: Now, settings: Config
    ) -> Template:
        """One idea to decide about, in full."""
        idea = await idea_by_id(db, idea_id)
        return (await review(db, idea, request=request, actor=actor, settings=settings, now=now)).response()

    @get("/ideas/{idea_id:int}/standing", name="queue.standing")
    async def standing(self, db: Db, idea_id: FromPath[int], request: Asked, actor: Actor, now: Now) -> Template:
        """Who looks at it, and whether it changed since, for the live page."""
        idea = await idea_by_id(db, idea_id)
        rules.require_reader(actor, panel_id=idea.consultation.panel_id, state=idea.state)
        texts = await queries.versions(db, idea.id)
        last = await queries.latest_decision(db, idea.id)
        mark = rules.mark_of(texts[0].sha256, last.id if last else None)
        seen = request.query_params.get("seen", mark)
        standing = await standing_of(db, idea, actor=actor, seen=seen, is_changed=seen != mark, now=now)
        return StandingPage(standing=standing, now=now).response()

    @post("/ideas/{idea_id:int}/claim", name="queue.claim", status_code=303, guards=DECIDES)
    async def claim(self, tx: Tx, idea_id: FromPath[int], actor: Actor, now: Now) -> Redirect:
        """Look at it, so that the others see that; who comes second sees whose it is."""
        await queue.claim(tx, idea=await idea_by_id(tx, idea_id), actor=actor, now=now)
        return Redirect(f"/moderation/ideas/{idea_id}", status_code=303)

    @post("/ideas/{idea_id:int}/release", name="queue.release", status_code=303, guards=DECIDES)
    async def release(self, tx: Tx, idea_id: FromPath[int], actor: Actor, now: Now) -> Redirect:
        """Leave it to the others."""
        await queue.release(tx, idea=await idea_by_id(tx, idea_id), actor=actor, now=now)
        return Redirect(f"/moderation/ideas/{idea_id}", status_code=303)

    @post("/ideas/{idea_id:int}/decide", name="decision.decide", status_code=303, guards=DECIDES)
    async def decide(
        self, tx: Tx, data: FormData, idea_id: FromPath[int], request: Asked, actor: Actor, now: Now, settings: Config
    ) -> Template | Redirect:
        """Decide, and go on with the next that waits."""
        idea = await idea_by_id(tx, idea_id)
        rules.require_reader(actor, panel_id=idea.consultation.panel_id, state=idea.state)
        was_waiting = idea.state in rules.WAITING
        codes = [ground.code for ground in await queries.grounds(tx, idea.consultation_id)]
        form = DecisionForm.parse(data, grounds=codes)
        page = partial(review, tx, idea, request=request, actor=actor, settings=settings, now=now, form=form)
        if form.errors or form.outcome is None:
            return (await page()).response(422)
        try:
            decision = await decisions.decide(
                tx,
                idea=idea,
                actor=actor,
                outcome=form.outcome,
                ground_code=form.ground,
                explanation=form.explanation,
                seen=form.seen,
                now=now,
            )
        except ChangedMeanwhile:  # raised before anything was written: show what is new beside what was typed
            return (await page(is_changed=True)).response(409)
        following = await queue.claim_next(tx, actor=actor, now=now) if was_waiting else None
        place = f"/moderation/ideas/{following.id}" if following else "/moderation"
        return Redirect(f"{place}?done={decision.id}", status_code=303)
