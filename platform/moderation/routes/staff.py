"""For moderators: the queue, one idea to decide about, claims."""

from datetime import timedelta
from functools import partial
from typing import Any
from urllib.parse import urlencode

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from accounts.access import Permission, known, may, panels_for
from accounts.inject import Actor, requires
from consultations import attachments, signal_queries
from consultations.languages import LANGUAGE_NAMES
from consultations.queries import idea_by_id
from consultations.signals import KIND_NAMES as SIGNAL_NAMES
from kernel import forms
from kernel.errors import ChangedMeanwhile
from kernel.inject import Asked, Config, Db, FormData, Now, Tx
from moderation import choices, decisions, plans, queries, queue, rules
from moderation.forms import DecisionForm
from moderation.pages import QueuePage, QueueRowsPage, StandingPage, place_of
from moderation.routes.reading import at_of, banner_of, review, since_of, standing_of, wanted_of
from moderation.states import HELD_NAMES, KIND_NAMES, Outcome
from moderation.worklist import worklist

DECIDES = [requires(Permission.MODERATE)]


class Queue(Controller):
    """One queue over ideas, reports and appeals."""

    path = "/moderation"
    guards = [requires(Permission.READ_QUEUE)]  # noqa: RUF012 - Litestar's own name

    @get(name="queue.show")
    async def show(self, db: Db, request: Asked, actor: Actor, now: Now, settings: Config) -> Template:
        """One of the lists."""
        work = await worklist(db, actor=actor, wanted=wanted_of(request), zone=settings.zone, now=now)
        panels = panels_for(actor, Permission.READ_QUEUE)
        return QueuePage(
            work=work,
            has_keys=await choices.has_keys(db, person_id=actor.person_id),
            banner=await banner_of(db, request.query_params.get("done", ""), actor),
            files_waiting=await attachments.how_many_wait(db, panel_ids=panels),
            may_decide=may(actor, Permission.MODERATE),
            consultations=await queries.consultations(db, panels=panels),
            kinds=KIND_NAMES,
            held=HELD_NAMES,
            languages=LANGUAGE_NAMES,
            signals=SIGNAL_NAMES,
            second_looks=await signal_queries.how_many_second_looks(db, panels=panels),
            now=now,
        ).response()

    @get("/rows", name="queue.rows")
    async def rows(self, db: Db, request: Asked, actor: Actor, now: Now, settings: Config) -> Template:
        """The list or the tabs alone, for the live page."""
        asked = request.query_params
        wanted, chosen = wanted_of(request), asked.get("chosen", "")
        work = await worklist(db, actor=actor, wanted=wanted, chosen=chosen, zone=settings.zone, now=now)
        return QueueRowsPage(work=work, part=asked.get("part", "rows"), now=now).response()

    @post("/next", name="queue.next", status_code=303, guards=DECIDES)
    async def next(self, tx: Tx, request: Asked, actor: Actor, now: Now, settings: Config) -> Redirect:
        """Claim what waits longest (of what was filtered) and read it."""
        wanted = wanted_of(request)
        following = await queue.claim_next(tx, actor=actor, filters=wanted.filters, zone=settings.zone, now=now)
        place = f"/moderation/ideas/{following.id}" if following else "/moderation"
        return Redirect(place + wanted.address, status_code=303)

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
        history = await queries.decisions_of(db, idea.id)
        mark = rules.mark_of(texts[0].sha256, history[0].decision.id if history else None)
        seen = request.query_params.get("seen", mark)
        since = since_of(seen, texts, history)
        standing = await standing_of(db, idea, actor=actor, seen=seen, since=since, at=at_of(request), now=now)
        return StandingPage(standing=standing, now=now).response()

    @post("/ideas/{idea_id:int}/claim", name="queue.claim", status_code=303, guards=DECIDES)
    async def claim(self, tx: Tx, idea_id: FromPath[int], request: Asked, actor: Actor, now: Now) -> Redirect:
        """Look at it, so that the others see that; who comes second sees whose it is."""
        await queue.claim(tx, idea=await idea_by_id(tx, idea_id), actor=actor, now=now)
        return Redirect(place_of(idea_id, at_of(request)), status_code=303)

    @post("/ideas/{idea_id:int}/take-over", name="queue.take_over", status_code=303, guards=DECIDES)
    async def take_over(self, tx: Tx, idea_id: FromPath[int], request: Asked, actor: Actor, now: Now) -> Redirect:
        """Read on in place of a colleague, who sees that."""
        await queue.take_over(tx, idea=await idea_by_id(tx, idea_id), actor=actor, now=now)
        return Redirect(place_of(idea_id, at_of(request)), status_code=303)

    @post("/ideas/{idea_id:int}/release", name="queue.release", status_code=303, guards=DECIDES)
    async def release(self, tx: Tx, idea_id: FromPath[int], request: Asked, actor: Actor, now: Now) -> Redirect:
        """Leave it to the others."""
        await queue.release(tx, idea=await idea_by_id(tx, idea_id), actor=actor, now=now)
        return Redirect(place_of(idea_id, at_of(request)), status_code=303)

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
        wait = timedelta(minutes=settings.undo_minutes if form.outcome is not Outcome.REMOVE else 0)
        why: dict[str, Any] = {"ground_code": form.ground, "explanation": form.explanation}
        try:
            if wait:
                seen = {idea.id: form.seen}
                why |= {"has_no_number": form.has_no_number}
                together = await plans.plan(tx, seen=seen, actor=actor, outcome=form.outcome, **why, wait=wait, now=now)
                done = f"plan-{together}"
            else:
                decision = await decisions.decide(
                    tx, idea=idea, actor=actor, outcome=form.outcome, **why, seen=form.seen, now=now
                )
                done = str(decision.id)
        except rules.NumberStands as refusal:  # raised before anything was written
            form.errors["has_no_number"] = refusal.sentence
            return (await page()).response(422)
        except ChangedMeanwhile:  # raised before anything was written: show what is new beside what was typed
            return (await page(is_changed=True)).response(409)
        wanted = wanted_of(request)
        following = (
            await queue.claim_next(tx, actor=actor, filters=wanted.filters, zone=settings.zone, now=now)
            if was_waiting
            else None
        )
        place = f"/moderation/ideas/{following.id}" if following else "/moderation"
        return Redirect(f"{place}?{urlencode(wanted.filters.fields | {'done': done})}", status_code=303)

    @post("/keys", name="queue.keys", status_code=303)
    async def keys(self, tx: Tx, data: FormData, actor: Actor, now: Now) -> Redirect:
        """Switch single keys on or off, for this person, from now on."""
        await choices.set_keys(tx, person_id=known(actor), is_on=forms.ticked(data, "on"), now=now)
        return Redirect("/moderation?done=keys", status_code=303)
