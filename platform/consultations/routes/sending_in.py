"""Sending in an idea: once, however often it is sent; another text under the same key is asked about."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from accounts import actor as actors
from accounts import people
from accounts.inject import Actor
from consultations import ideas, kept_drafts, queries, round_queries, rules, ways_queries, writing_queries
from consultations.forms import IdeaForm, kind_from
from consultations.inject import Similar
from consultations.models import Consultation, Idea
from consultations.pages import BlockedPage, IdeaSentBeforePage, IdeaSentPage, NewIdeaPage, NotOpenPage
from consultations.routes.consultations import seen
from consultations.routes.drafting import KEPT_AT, Behind, behind, said_of
from consultations.routes.letters import remember, sent_to
from consultations.routes.similar import found_before, look_first
from consultations.similar import NOTHING, Offer
from consultations.states import Timing
from consultations.writing_models import KeptDraft
from kernel import idempotency
from kernel.db import WriteSession
from kernel.forms import line, ticked, whole_number
from kernel.i18n import gettext as _
from kernel.inject import Asked, Config, Db, FormData, Now, Tx
from kernel.settings import Settings

KEPT_FOR_BACK = {"cache-control": "private, no-cache"}
"""On a form: the browser may keep the page, so that Back shows it again with what was typed and under the same key."""

COMPARED = {idempotency.COMPARES: True, idempotency.SHARES_FORM: (KEPT_AT,)}
CHANGE, SECOND = "change", "second"
NOTHING_KEPT = Behind()


@dataclass(frozen=True, kw_only=True)
class Before:
    """What came in under this form's key before. `idea` while it is there and the sender's own; `choice` once made."""

    key: str
    idea: Idea | None
    choice: str


class SendingIn(Controller):
    """From a blank form to a letter."""

    path = "/consultations/{slug:str}/ideas"

    @get("/new", name="idea.new")
    async def blank(
        self, db: Db, slug: FromPath[str], actor: Actor, now: Now, request: Asked, find_similar: Similar
    ) -> Template:
        """The form, or why there is none now."""
        consultation = await seen(db, slug, actor)
        if await queries.is_blocked(db, actor.person_id, now=now):
            return BlockedPage(sentence=rules.Blocked().sentence, is_known=True).response(403)
        asked = request.query_params
        kind, name = kind_from(asked.get("kind", "")), "" if actor.is_staff else actor.name
        form = IdeaForm(kind=kind, shown_name=name, prompt_id=whole_number(asked, "prompt"))
        form.offer(await round_queries.prompts_of(db, consultation.id))
        map_file = request.app.state.settings.neighbourhoods
        form.areas = await ways_queries.areas_of(db, consultation.id, file=map_file)
        drafts = await writing_queries.drafts_of(db, person_id=actor.person_id, consultation_id=consultation.id)
        find_similar.prepare(consultation.id)
        return form_page(consultation, form, actor, now, drafts=drafts).response(headers=KEPT_FOR_BACK)

    @post("/new", name="idea.submit", status_code=303, opt=COMPARED, guards=[look_first])
    async def submit(
        self, tx: Tx, slug: FromPath[str], data: FormData, actor: Actor, now: Now, settings: Config, request: Asked
    ) -> Template | Redirect:
        """Take it in. Asked about first: another text under a used key, and once what is much like a public idea."""
        consultation = await seen(tx, slug, actor)
        form = IdeaForm.parse(data, is_known=actor.is_signed_in)
        form.offer(await round_queries.prompts_of(tx, consultation.id))
        form.areas = await ways_queries.areas_of(tx, consultation.id, file=settings.neighbourhoods)
        kept = await behind(tx, data, actor, form)
        if rules.timing_of(consultation, now) is Timing.NOT_NOW:
            return form_page(consultation, form, actor, now, kept=kept).response(409)
        if ticked(data, "other_kind"):
            form.switch_kind()
            page = form_page(consultation, form, actor, now, kept=kept)
            return page.response(headers=KEPT_FOR_BACK, is_question=True)
        before = await _before(tx, data, actor)
        if before is not None and (form.errors or not before.choice):
            return _ask(consultation, form, before, actor, now, 422 if form.errors else 409)
        if form.errors:
            is_blocked = await queries.is_blocked(tx, actor.person_id, now=now)
            if is_blocked:  # rather than have them fill in the rest first
                form.errors = {"form": rules.Blocked().sentence}
            page = form_page(consultation, form, actor, now, kept=kept)
            return page.response(403 if is_blocked else 422, headers=KEPT_FOR_BACK)
        if kept.is_gone or kept.is_older:
            return form_page(consultation, form, actor, now, kept=kept).response(409, headers=KEPT_FOR_BACK)
        if before is None and (similar := found_before(request)):
            page = form_page(consultation, form, actor, now, kept=kept, similar=similar)
            return page.response(headers=KEPT_FOR_BACK, is_question=True)
        if before is not None and before.choice == CHANGE:
            return await _corrected(tx, consultation, form, before, actor, settings, now)
        return await _submitted(tx, consultation, form, kept, actor, settings, now)

    @get("/sent", name="idea.sent")
    async def sent(self, db: Db, slug: FromPath[str], actor: Actor, request: Asked, settings: Config) -> Template:
        """Look in your mail."""
        page = IdeaSentPage(
            consultation=await seen(db, slug, actor),
            email=sent_to(request, settings),
            is_late="late" in request.query_params,
            is_corrected="corrected" in request.query_params,
            under=whole_number(request.query_params, "under"),
        )
        return page.response()


def form_page(
    consultation: Consultation,
    form: IdeaForm,
    actor: actors.Actor,
    now: datetime,
    *,
    kept: Behind = NOTHING_KEPT,
    drafts: Sequence[KeptDraft] = (),
    told: str = "",
    similar: Offer = NOTHING,
) -> NewIdeaPage | NotOpenPage:
    """The form as it stands; of a text that was kept also while nothing can be sent in."""
    timing = rules.timing_of(consultation, now)
    draft = kept.draft if actor.is_signed_in else None  # others come back by the link in the letter
    if timing is Timing.NOT_NOW and draft is None:
        return NotOpenPage(consultation=consultation, stage=rules.stage_of(consultation, now))
    if kept.is_gone or kept.is_older:
        form.errors["form"] = said_of(kept)
    return NewIdeaPage(
        consultation=consultation,
        form=form,
        is_late=timing is Timing.LATE,
        is_open=timing is not Timing.NOT_NOW,
        is_known=actor.is_signed_in,
        now=now,
        draft=draft,
        drafts=drafts,
        stored=IdeaForm.restored(draft.fields) if draft is not None and kept.is_older else None,
        told=told,
        similar=similar,
    )


async def _before(tx: WriteSession, data: FormData, actor: actors.Actor) -> Before | None:
    """Sent under the key of this form, or under the key that the page around this form asked about."""
    if (sending := idempotency.sending_of(tx)) is None:
        return None
    key, sent, choice = sending.key, sending.first, ""
    if sent is None and (key := line(data, "before")):
        sent, choice = await idempotency.sent_under(tx, key), line(data, "again")
    if sent is None:
        return None
    idea = await queries.with_author(tx, sent.subject_id) if sent.subject_id else None
    is_own = idea is not None and actor.person_id in {None, idea.author_id} and sending.may_know(sent)
    return Before(key=key, idea=idea if is_own else None, choice=choice if choice in {CHANGE, SECOND} else "")


def _ask(
    consultation: Consultation, form: IdeaForm, before: Before, actor: actors.Actor, now: datetime, status_code: int
) -> Template:
    """What was sent before, what was typed now, and what to do with it."""
    page = IdeaSentBeforePage(
        consultation=consultation,
        form=form,
        idea=before.idea,
        before=before.key,
        may_correct=before.idea is not None and rules.may_correct(consultation, before.idea, now=now),
        is_known=actor.is_signed_in,
    )
    return page.response(status_code, headers=KEPT_FOR_BACK)


async def _corrected(
    tx: WriteSession,
    consultation: Consultation,
    form: IdeaForm,
    before: Before,
    actor: actors.Actor,
    settings: Settings,
    now: datetime,
) -> Template | Redirect:
    """The new text in place of the first, when it is the same sender and nobody read it yet."""
    idea = before.idea
    if idea is None:
        return _ask(consultation, form, before, actor, now, 409)
    if not actor.is_signed_in and people.mailbox_of(form.email) != idea.author.mailbox:
        form.errors["email"] = _(
            "Uw eerdere tekst stuurde u met een ander e-mailadres. Vul dat adres in, of stuur deze tekst apart in."
        )
        return _ask(consultation, form, before, actor, now, 422)
    try:
        await ideas.correct(tx, idea=idea, written=form.written, now=now)
    except (rules.NotToCorrect, rules.Blocked) as refusal:
        form.errors["form"] = refusal.sentence
        return _ask(consultation, form, before, actor, now, refusal.status)
    return await _sent(tx, idea, form, actor, settings, now, is_corrected=True)


async def _submitted(
    tx: WriteSession,
    consultation: Consultation,
    form: IdeaForm,
    kept: Behind,
    actor: actors.Actor,
    settings: Settings,
    now: datetime,
) -> Template | Redirect:
    try:
        async with tx.begin_nested():
            idea = await ideas.submit(
                tx, actor=actor, consultation=consultation, written=form.written, email=form.email, now=now
            )
    except (rules.TooManyLetters, rules.Blocked) as refusal:
        form.errors["form"] = refusal.sentence
        page = form_page(consultation, form, actor, now, kept=kept)
        return page.response(refusal.status, headers=KEPT_FOR_BACK)
    if kept.draft is not None:
        await kept_drafts.discard(tx, draft_id=kept.draft.id)
    return await _sent(tx, idea, form, actor, settings, now)


async def _sent(
    tx: WriteSession,
    idea: Idea,
    form: IdeaForm,
    actor: actors.Actor,
    settings: Settings,
    now: datetime,
    *,
    is_corrected: bool = False,
) -> Redirect:
    """On to the receipt for who is known, else to the page that says to look in the mail."""
    idempotency.about(tx, f"idea:{idea.id}")
    if actor.is_signed_in and idea.author_id == actor.person_id:
        return Redirect(await ideas.receipt_link(tx, idea_id=idea.id, now=now), status_code=303)
    told = ["late=1"] * idea.is_late + ["corrected=1"] * is_corrected
    place = f"/consultations/{idea.consultation.slug}/ideas/sent" + (f"?{'&'.join(told)}" if told else "")
    answer = Redirect(place, status_code=303)
    remember(answer, form.email, settings)
    return answer
