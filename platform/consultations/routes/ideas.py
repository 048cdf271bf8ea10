"""Reading an idea, and supporting it."""

from datetime import datetime

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from accounts import actor as actors
from accounts.access import Permission, may
from accounts.inject import Actor
from consultations import (
    attachments,
    comment_queries,
    comments,
    endorsements,
    merge_queries,
    phase_rules,
    quarantine,
    queries,
    round_queries,
    rules,
    support_queries,
    ways_queries,
    writing,
)
from consultations.forms import EndorseForm
from consultations.models import Idea
from consultations.pages import BlockedPage, IdeaPage, WithdrawnIdeaPage
from consultations.routes.comments import blank
from consultations.routes.letters import remember, sent_to
from consultations.states import Act
from kernel.db import ReadSession
from kernel.errors import NotFound
from kernel.i18n import language
from kernel.inject import Asked, Config, Db, FormData, Network, Now, Tx
from kernel.settings import Settings

TOLD = frozenset({"asked", "endorsed", "known", "retracted"})


class Ideas(Controller):
    """One idea."""

    path = "/ideas/{idea_id:int}"

    @get("/", name="idea.show")
    async def show(
        self, db: Db, idea_id: FromPath[int], actor: Actor, request: Asked, now: Now, settings: Config
    ) -> Template | Redirect:
        """The idea; its place when it was taken back; nothing when it is not for this reader.

        A comment leads to where it stands, under its idea.
        """
        idea = await queries.idea_by_id(db, idea_id)
        if idea.is_comment:
            if not idea.is_public and not rules.was_public(idea):
                raise NotFound
            return Redirect(await comment_queries.place_of(db, idea), status_code=303)
        if rules.was_public(idea):
            return WithdrawnIdeaPage(idea=idea).response(410)
        told = request.query_params.get("told", "")
        email = sent_to(request, settings) if told == "asked" else ""
        told = told if told in TOLD else ""
        page = await _idea_page(db, idea, actor, EndorseForm(), settings, told=told, email=email, now=now)
        return page.response()

    @post("/endorse", name="endorsement.endorse", status_code=303)
    async def endorse(
        self,
        tx: Tx,
        idea_id: FromPath[int],
        data: FormData,
        actor: Actor,
        now: Now,
        network: Network,
        settings: Config,
    ) -> Template | Redirect:
        """One press for who is signed in; a letter with a link for who is not."""
        idea = await queries.idea_by_id(tx, idea_id)
        if not rules.may_see_idea(idea, actor):
            raise NotFound
        if actor.person_id is not None:
            if await queries.is_blocked(tx, actor.person_id, now=now):
                return BlockedPage(sentence=rules.Blocked().sentence, is_known=True).response(403)
            networks = [quarantine.kept_of(network, settings)]
            new = await endorsements.endorse(tx, idea=idea, person_id=actor.person_id, networks=networks, now=now)
            return Redirect(f"/ideas/{idea.id}?told={'endorsed' if new else 'known'}#support", status_code=303)
        form = EndorseForm.parse(data)
        if not form.errors:
            try:
                kept = quarantine.kept_of(network, settings)
                await endorsements.ask(tx, idea=idea, email=form.email, language=language(), network=kept, now=now)
            except rules.TooManyLetters as refusal:
                form.errors["email"] = refusal.sentence
        if form.errors:
            return (await _idea_page(tx, idea, actor, form, settings, now=now)).response(422)
        answer = Redirect(f"/ideas/{idea.id}?told=asked#support", status_code=303)
        remember(answer, form.email, settings)
        return answer

    @post("/retract", name="endorsement.retract", status_code=303)
    async def retract(self, tx: Tx, idea_id: FromPath[int], actor: Actor, now: Now) -> Redirect:
        """Take support back."""
        idea = await queries.idea_by_id(tx, idea_id)
        if not rules.may_see_idea(idea, actor) and not rules.was_public(idea):
            raise NotFound
        if actor.person_id is not None:
            await endorsements.retract(tx, idea=idea, person_id=actor.person_id, now=now)
        return Redirect(f"/ideas/{idea.id}?told=retracted#support", status_code=303)


async def _idea_page(
    db: ReadSession,
    idea: Idea,
    actor: actors.Actor,
    form: EndorseForm,
    settings: Settings,
    *,
    told: str = "",
    email: str = "",
    now: datetime,
) -> IdeaPage:
    if not rules.may_see_idea(idea, actor) or not rules.may_see(idea.consultation, actor):
        raise NotFound
    phases = await round_queries.phases_of(db, idea.consultation_id)
    is_its_time = phase_rules.allows(idea.consultation, phases, Act.ENDORSE, now)
    return IdeaPage(
        idea=idea,
        prompt=await round_queries.prompt_of(db, idea),
        supported_in=phase_rules.span_for(idea.consultation, phases, Act.ENDORSE),
        now=now,
        intake=await ways_queries.intake_of(db, idea.id),
        files=[one for one in await attachments.of_idea(db, idea.id) if one.is_shown and idea.is_public],
        merged_into=await queries.idea_by_id(db, idea.merged_into_id) if idea.merged_into_id else None,
        taken_in=await merge_queries.taken_in(db, idea.id),
        parts=await merge_queries.shown_parts(db, idea),
        whole=next(iter(await merge_queries.wholes_of(db, [idea.id])), None),
        reads_merges=idea.is_public and may(actor, Permission.READ_MERGES, panel_id=idea.consultation.panel_id),
        form=form,
        takes_support=is_its_time and rules.takes_support(idea.consultation, idea),
        has_endorsed=await support_queries.has_endorsed(db, idea_id=idea.id, person_id=actor.person_id),
        is_known=actor.is_signed_in,
        writing=await writing.for_readers(db, idea=idea, language=language(), has_translator=bool(settings.translate)),
        talk=await comments.talk_under(db, idea=idea, now=now),
        comment_form=blank(actor),
        apart=await support_queries.own_state(db, idea_id=idea.id, person_id=actor.person_id),
        is_blocked=await queries.is_blocked(db, actor.person_id, now=now),
        told=told,
        email=email,
    )
