"""Sending in an idea, reading one, and supporting it."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template
from sqlalchemy.exc import IntegrityError

from accounts import actor as actors
from accounts.inject import Actor
from consultations import endorsements, ideas, queries, rules
from consultations.forms import EndorseForm, IdeaForm, kind_from
from consultations.models import Consultation, Idea
from consultations.pages import IdeaPage, IdeaSentPage, NewIdeaPage, NotOpenPage, WithdrawnIdeaPage
from consultations.routes.consultations import seen
from consultations.states import Timing
from kernel.cookies import cookie, cookie_name
from kernel.db import ReadSession, WriteSession
from kernel.errors import DomainError, NotFound
from kernel.forms import is_email, ticked
from kernel.i18n import gettext as _
from kernel.i18n import language
from kernel.inject import Asked, Config, Db, FormData, Now, Tx
from kernel.settings import Settings
from kernel.tokens import new_secret

SENT = "sent"
"""The cookie that lets the next page say to which address a letter went; no address ever stands in a URL."""

KEPT_FOR_BACK = {"cache-control": "private, no-cache"}
"""On a form: the browser may keep the page, so that Back shows it again with what was typed and under the same key."""

TOLD = frozenset({"asked", "endorsed", "known", "retracted"})


class SendingIn(Controller):
    """From a blank form to a letter."""

    path = "/consultations/{slug:str}/ideas"

    @get("/new", name="idea.new")
    async def blank(self, db: Db, slug: FromPath[str], actor: Actor, now: Now, request: Asked) -> Template:
        """The form, or why there is none now."""
        consultation = await seen(db, slug, actor)
        form = IdeaForm(kind=kind_from(request.query_params.get("kind", "")), key=new_secret())
        return _form_page(consultation, form, actor, now).response(headers=KEPT_FOR_BACK)

    @post("/new", name="idea.submit", status_code=303)
    async def submit(
        self, tx: Tx, slug: FromPath[str], data: FormData, actor: Actor, now: Now, settings: Config
    ) -> Template | Redirect:
        """Take it in; the same form sent twice comes in once."""
        consultation = await seen(tx, slug, actor)
        form = IdeaForm.parse(data, is_known=actor.is_signed_in)
        if rules.timing_of(consultation, now) is Timing.NOT_NOW:
            return _form_page(consultation, form, actor, now).response(409)
        if ticked(data, "other_kind"):
            form.switch_kind()
            return _form_page(consultation, form, actor, now).response(200, headers=KEPT_FOR_BACK)
        if form.errors:
            return _form_page(consultation, form, actor, now).response(422, headers=KEPT_FOR_BACK)
        again = await _again(tx, consultation, form, actor, settings, now)
        if again is not None:
            return again
        try:
            async with tx.begin_nested():
                idea = await ideas.submit(
                    tx, actor=actor, consultation=consultation, written=form.written, email=form.email, now=now
                )
        except (rules.TooManyLetters, rules.Blocked) as refusal:
            form.errors["form"] = _sentence(refusal)
            return _form_page(consultation, form, actor, now).response(refusal.status, headers=KEPT_FOR_BACK)
        except IntegrityError:  # the same form at the same instant in another process
            again = await _again(tx, consultation, form, actor, settings, now)
            if again is None:
                raise
            return again
        return await _sent(tx, idea, form, actor, settings, now)

    @get("/sent", name="idea.sent")
    async def sent(self, db: Db, slug: FromPath[str], actor: Actor, request: Asked, settings: Config) -> Template:
        """Look in your mail."""
        consultation = await seen(db, slug, actor)
        is_late = "late" in request.query_params
        return IdeaSentPage(consultation=consultation, email=_sent_to(request, settings), is_late=is_late).response()


class Ideas(Controller):
    """One idea."""

    path = "/ideas/{idea_id:int}"

    @get("/", name="idea.show")
    async def show(self, db: Db, idea_id: FromPath[int], actor: Actor, request: Asked, settings: Config) -> Template:
        """The idea; its place when it was taken back; nothing when it is not for this reader."""
        idea = await queries.idea_by_id(db, idea_id)
        if rules.was_public(idea):
            return WithdrawnIdeaPage(idea=idea).response(410)
        told = request.query_params.get("told", "")
        email = _sent_to(request, settings) if told == "asked" else ""
        page = await _idea_page(db, idea, actor, EndorseForm(), told=told if told in TOLD else "", email=email)
        return page.response()

    @post("/endorse", name="endorsement.endorse", status_code=303)
    async def endorse(
        self, tx: Tx, idea_id: FromPath[int], data: FormData, actor: Actor, now: Now, settings: Config
    ) -> Template | Redirect:
        """One press for who is signed in; a letter with a link for who is not."""
        idea = await queries.idea_by_id(tx, idea_id)
        if not rules.may_see_idea(idea, actor):
            raise NotFound
        if actor.person_id is not None:
            new = await endorsements.endorse(tx, idea=idea, person_id=actor.person_id, now=now)
            return Redirect(f"/ideas/{idea.id}?told={'endorsed' if new else 'known'}#support", status_code=303)
        form = EndorseForm.parse(data)
        if not form.errors:
            try:
                await endorsements.ask(tx, idea=idea, email=form.email, language=language(), now=now)
            except rules.TooManyLetters as refusal:
                form.errors["email"] = _sentence(refusal)
        if form.errors:
            return (await _idea_page(tx, idea, actor, form)).response(422)
        answer = Redirect(f"/ideas/{idea.id}?told=asked#support", status_code=303)
        _remember(answer, form.email, settings)
        return answer

    @post("/retract", name="endorsement.retract", status_code=303)
    async def retract(self, tx: Tx, idea_id: FromPath[int], actor: Actor, now: Now) -> Redirect:
        """Take support back."""
        idea = await queries.idea_by_id(tx, idea_id)
        if actor.person_id is not None:
            await endorsements.retract(tx, idea=idea, person_id=actor.person_id, now=now)
        return Redirect(f"/ideas/{idea.id}?told=retracted#support", status_code=303)


def _form_page(
    consultation: Consultation, form: IdeaForm, actor: actors.Actor, now: datetime
) -> NewIdeaPage | NotOpenPage:
    timing = rules.timing_of(consultation, now)
    if timing is Timing.NOT_NOW:
        return NotOpenPage(consultation=consultation, stage=rules.stage_of(consultation, now))
    return NewIdeaPage(
        consultation=consultation, form=form, is_late=timing is Timing.LATE, is_known=actor.is_signed_in, now=now
    )


async def _again(
    tx: WriteSession, consultation: Consultation, form: IdeaForm, actor: actors.Actor, settings: Settings, now: datetime
) -> Template | Redirect | None:
    """The first answer for a form that was sent before; another text under its key is kept, and asked about."""
    key = form.written.external_id
    if key is None:
        return None
    before = await queries.sent_before(tx, consultation_id=consultation.id, external_id=key)
    if before is None:
        return None
    if before.body == form.body:
        return await _sent(tx, before, form, actor, settings, now)
    form.key = new_secret()
    form.errors["form"] = _(
        "U hebt met dit formulier al iets ingestuurd, met een andere tekst. Die hebben wij. "
        "Wilt u deze tekst erbij sturen? Kies dan nog een keer ‘Verstuur’."
    )
    return _form_page(consultation, form, actor, now).response(422, headers=KEPT_FOR_BACK)


async def _sent(
    tx: WriteSession, idea: Idea, form: IdeaForm, actor: actors.Actor, settings: Settings, now: datetime
) -> Redirect:
    """On to the receipt for who is known, else to the page that says to look in the mail."""
    if actor.is_signed_in and idea.author_id == actor.person_id:
        return Redirect(await ideas.receipt_link(tx, idea_id=idea.id, now=now), status_code=303)
    slug = idea.consultation.slug
    answer = Redirect(f"/consultations/{slug}/ideas/sent{'?late=1' if idea.is_late else ''}", status_code=303)
    _remember(answer, form.email, settings)
    return answer


async def _idea_page(
    db: ReadSession, idea: Idea, actor: actors.Actor, form: EndorseForm, *, told: str = "", email: str = ""
) -> IdeaPage:
    if not rules.may_see_idea(idea, actor) or not rules.may_see(idea.consultation, actor):
        raise NotFound
    return IdeaPage(
        idea=idea,
        merged_into=await queries.idea_by_id(db, idea.merged_into_id) if idea.merged_into_id else None,
        form=form,
        takes_support=rules.takes_support(idea.consultation, idea),
        has_endorsed=await queries.has_endorsed(db, idea_id=idea.id, person_id=actor.person_id),
        is_known=actor.is_signed_in,
        told=told,
        email=email,
    )


def _sentence(refusal: DomainError) -> str:
    return _(refusal.message) % refusal.values if refusal.values else _(refusal.message)


def _remember(answer: Redirect, email: str, settings: Settings) -> None:
    written = urlsafe_b64encode(email.encode()).decode().rstrip("=")
    answer.set_cookie(cookie(SENT, written, settings, max_age=600))


def _sent_to(request: Asked, settings: Settings) -> str:
    written = request.cookies.get(cookie_name(SENT, settings), "")
    try:
        email = urlsafe_b64decode(written + "=" * (-len(written) % 4)).decode()
    except ValueError:
        return ""
    return email if is_email(email) else ""
