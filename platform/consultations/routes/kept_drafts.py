"""Keeping a text that is not finished, and going on with it, here or on another device."""

from datetime import datetime

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from accounts import actor as actors
from accounts import people
from accounts.inject import Actor, let_in, signed_in
from consultations import kept_drafts, queries, round_queries, rules, writing_queries
from consultations.forms import IdeaForm
from consultations.models import Consultation
from consultations.pages import BlockedPage
from consultations.routes.consultations import seen
from consultations.routes.drafting import Behind, behind
from consultations.routes.letters import remember, sent_to
from consultations.routes.sending_in import KEPT_FOR_BACK, form_page
from consultations.writing_models import KEPT_FOR, KeptDraft
from consultations.writing_pages import DiscardDraftPage, DraftKeptPage, DraftLinkPage, DraftsPage
from kernel import idempotency, tokens
from kernel.db import WriteSession
from kernel.errors import LinkSpent, NotFound
from kernel.forms import is_email, ticked
from kernel.i18n import gettext as _
from kernel.i18n import language
from kernel.inject import Asked, Config, Db, FormData, Now, Tx
from kernel.pages import HIDDEN

TOLD = frozenset({"kept", "saved", "mailed", "discarded"})


class KeepingDrafts(Controller):
    """From a blank form: keep what is typed, and send a link."""

    path = "/consultations/{slug:str}/drafts"

    @post("/", name="draft.keep", status_code=303, opt={idempotency.COMPARES: True})
    async def keep(
        self, tx: Tx, slug: FromPath[str], data: FormData, actor: Actor, now: Now, settings: Config
    ) -> Template | Redirect:
        """Once for each form, however often it is kept: Back and keep again writes over it."""
        consultation = await seen(tx, slug, actor)
        if await queries.is_blocked(tx, actor.person_id, now=now):
            return BlockedPage(sentence=rules.Blocked().sentence, is_known=True).response(403)
        form = IdeaForm.parse(data, is_known=actor.is_signed_in)
        form.offer(await round_queries.prompts_of(tx, consultation.id))
        found = await behind(tx, data, actor, form)
        _check(form, is_known=actor.is_signed_in)
        if not form.errors:
            try:
                async with tx.begin_nested():
                    draft = await _kept(tx, consultation, form, found, actor, now)
            except kept_drafts.TooManyDrafts as refusal:
                form.errors["form"] = refusal.sentence
        if form.errors:
            return form_page(consultation, form, actor, now).response(422, headers=KEPT_FOR_BACK)
        idempotency.about(tx, f"draft:{draft.id}")
        if actor.is_signed_in:
            return Redirect(f"/drafts/{draft.id}?told=kept", status_code=303)
        answer = Redirect(f"/consultations/{consultation.slug}/drafts/kept", status_code=303)
        remember(answer, form.email, settings)
        return answer

    @get("/kept", name="draft.kept")
    async def kept(self, db: Db, slug: FromPath[str], actor: Actor, request: Asked, settings: Config) -> Template:
        """Look in your mail."""
        consultation = await seen(db, slug, actor)
        return DraftKeptPage(consultation=consultation, email=sent_to(request, settings)).response()


class OpeningDrafts(Controller):
    """The link in the letter. Opening it changes nothing; the button uses it up."""

    path = "/drafts/open/{secret:str}"

    @get("/", name="draft.look")
    async def look(self, db: Db, secret: FromPath[str], now: Now) -> Template:
        """Whose question it answers, and a button."""
        try:
            token = await tokens.find(db, purpose=kept_drafts.DRAFT, secret=secret, now=now)
            draft = await writing_queries.draft_by_id(db, token.subject_id)
        except (LinkSpent, NotFound):
            return DraftLinkPage(secret=secret, draft=None).response(410, HIDDEN)
        return DraftLinkPage(secret=secret, draft=draft).response(headers=HIDDEN)

    @post("/", name="draft.open", status_code=303)
    async def open_up(
        self, tx: Tx, secret: FromPath[str], request: Asked, now: Now, settings: Config
    ) -> Template | Redirect:
        """On to the text, signed in as a resident."""
        try:
            token = await tokens.find(tx, purpose=kept_drafts.DRAFT, secret=secret, now=now)
            draft = await writing_queries.draft_by_id(tx, token.subject_id)
        except (LinkSpent, NotFound):
            return DraftLinkPage(secret=secret, draft=None).response(410, HIDDEN)
        await tokens.consume(tx, purpose=kept_drafts.DRAFT, secret=secret, now=now)
        await kept_drafts.open_up(tx, draft=draft, now=now)
        answer = Redirect(f"/drafts/{draft.id}", status_code=303)
        await let_in(tx, answer, request, person_id=draft.person_id, settings=settings, now=now)
        return answer


class OwnDrafts(Controller):
    """What somebody began and did not send in."""

    path = "/drafts"
    guards = [signed_in]  # noqa: RUF012 - Litestar reads it from the class

    @get("/", name="draft.index")
    async def index(self, db: Db, actor: Actor, request: Asked, now: Now) -> Template:
        """All of them, the last written on first."""
        drafts = await writing_queries.drafts_of(db, person_id=actor.person_id)
        return DraftsPage(drafts=drafts, told=_told(request), now=now, kept_days=KEPT_FOR.days).response()

    @get("/{draft_id:int}", name="draft.show")
    async def show(self, db: Db, draft_id: FromPath[int], actor: Actor, request: Asked, now: Now) -> Template:
        """The form as it was left."""
        draft = await writing_queries.own_draft(db, draft_id, person_id=actor.person_id)
        form = IdeaForm.restored(draft.fields).offer(await round_queries.prompts_of(db, draft.consultation_id))
        page = form_page(draft.consultation, form, actor, now, kept=Behind(draft=draft), told=_told(request))
        return page.response(headers=KEPT_FOR_BACK)

    @post("/{draft_id:int}", name="draft.save", status_code=303)
    async def save(
        self, tx: Tx, draft_id: FromPath[int], data: FormData, actor: Actor, now: Now
    ) -> Template | Redirect:
        """What stands in the form now; asks first when another device kept something else meanwhile."""
        draft = await writing_queries.own_draft(tx, draft_id, person_id=actor.person_id)
        form = IdeaForm.parse(data, is_known=True)
        form.offer(await round_queries.prompts_of(tx, draft.consultation_id))
        found = await behind(tx, data, actor, form)
        _check(form, is_known=True)
        if form.errors or found.is_older:
            page = form_page(draft.consultation, form, actor, now, kept=Behind(draft=draft, is_older=found.is_older))
            return page.response(422 if form.errors and not found.is_older else 409, headers=KEPT_FOR_BACK)
        await kept_drafts.save(tx, draft=draft, fields=form.typed, now=now)
        return Redirect(f"/drafts/{draft.id}?told=saved", status_code=303)

    @post("/{draft_id:int}/mail", name="draft.mail", status_code=303)
    async def mail(self, tx: Tx, draft_id: FromPath[int], actor: Actor, now: Now) -> Redirect:
        """A letter with a link, to go on elsewhere."""
        draft = await writing_queries.own_draft(tx, draft_id, person_id=actor.person_id)
        await kept_drafts.ask_link(tx, draft=draft, now=now)
        return Redirect("/drafts?told=mailed", status_code=303)

    @post("/{draft_id:int}/discard", name="draft.discard", status_code=303)
    async def discard(self, tx: Tx, draft_id: FromPath[int], data: FormData, actor: Actor) -> Template | Redirect:
        """Asked once more, because the text does not come back; then it goes."""
        draft = await writing_queries.own_draft(tx, draft_id, person_id=actor.person_id)
        if not ticked(data, "sure"):
            return DiscardDraftPage(draft=draft).response(is_question=True)
        await kept_drafts.discard(tx, draft_id=draft.id)
        return Redirect("/drafts?told=discarded", status_code=303)


def _told(request: Asked) -> str:
    told = request.query_params.get("told", "")
    return told if told in TOLD else ""


def _check(form: IdeaForm, *, is_known: bool) -> None:
    """A text that is kept need not be finished: only that there is one, and an address for the link."""
    form.errors.clear()
    if form.is_blank:
        form.errors["body"] = _("Schrijf eerst iets op. Dan kunnen wij het bewaren.")
    elif kept_drafts.length_of(form.typed) > kept_drafts.MOST_KEPT:
        form.errors["body"] = _("Deze tekst is te lang om te bewaren. Maak de tekst eerst korter.")
    if not is_known and not is_email(form.email):
        form.errors["email"] = _("Vul uw e-mailadres in. Daar sturen wij de link naartoe waarmee u verder schrijft.")


async def _kept(
    tx: WriteSession, consultation: Consultation, form: IdeaForm, found: Behind, actor: actors.Actor, now: datetime
) -> KeptDraft:
    draft = found.draft
    if draft is not None and (actor.is_signed_in or draft.person.mailbox == people.mailbox_of(form.email)):
        return await kept_drafts.save(tx, draft=draft, fields=form.typed, now=now)
    return await kept_drafts.keep(
        tx,
        actor=actor,
        consultation=consultation,
        fields=form.typed,
        email=form.email,
        language=language(),
        now=now,
    )
