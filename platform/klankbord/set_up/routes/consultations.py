"""The secretary's pages before people can write: draft, preview, grounds, announce."""

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from accounts.access import Permission, may
from accounts.inject import Actor, requires
from consultations import drafts, lifecycle, round_queries, rounds
from consultations import queries as consultation_queries
from consultations import rules as consultation_rules
from consultations.models import Consultation
from kernel.db import WriteSession
from kernel.i18n import gettext as _
from kernel.inject import Config, Db, FormData, Now, Tx
from klankbord.set_up import reading, rules
from klankbord.set_up.consultation_forms import ConsultationForm, GroundsForm
from klankbord.set_up.pages import (
    ConsultationDeskPage,
    ConsultationFormPage,
    ConsultationsPage,
    GroundsPage,
    Listed,
)
from klankbord.set_up.reading import Feeds
from moderation import grounds
from panels import meetings
from panels import queries as panel_queries
from panels.models import Panel

STAGES = (
    *("draft", "announced", "open", "suspended", "closed"),
    *("processed", "reported", "answered", "cancelled", "archived"),
)
"""How consultations can stand, in the order of the list: first what asks for work."""

PREPARES = [requires(Permission.PREPARE_CONSULTATIONS)]


class ConsultationWork(Controller):
    """Consultations of her panels. Drafts are for the secretary; the chair and who audits read along."""

    path = "/desk/consultations"
    guards = [requires(Permission.READ_CONSULTATION_WORK)]  # noqa: RUF012 - Litestar reads it from the class

    @get(name="desk.consultations")
    async def consultations(self, db: Db, actor: Actor, now: Now) -> Template:
        """All of them, by how they stand."""
        panels = await panel_queries.panels_for(db, actor, Permission.READ_CONSULTATION_WORK)
        prepared = await panel_queries.panels_for(db, actor, Permission.PREPARE_CONSULTATIONS)
        by_stage: dict[str, list[Consultation]] = {stage: [] for stage in STAGES}
        for one in await reading.consultations_of(db, panels):
            by_stage[consultation_rules.stage_of(one, now)].append(one)
        groups = [Listed(stage=stage, consultations=found) for stage, found in by_stage.items() if found]
        return ConsultationsPage(
            groups=groups,
            panels={panel.id: panel for panel in panels},
            prepared=frozenset(panel.id for panel in prepared),
            now=now,
        ).response()

    @get("/new", name="consultation_desk.new", guards=PREPARES)
    async def blank(self, db: Db, actor: Actor, now: Now, settings: Config) -> Template:
        """The form for a draft."""
        choices = await reading.meetings_to_feed(db, actor, zone=settings.zone, now=now)
        return _form(ConsultationForm(opens_time="09:00", closes_time="12:00"), choices).response()

    @post("/new", name="consultation_desk.draft", status_code=303, guards=PREPARES)
    async def draft(self, tx: Tx, data: FormData, actor: Actor, now: Now, settings: Config) -> Template | Redirect:
        """Begin a draft."""
        choices = await reading.meetings_to_feed(tx, actor, zone=settings.zone, now=now)
        form = ConsultationForm.parse(data, settings.zone, now, choices=choices)
        await _check_address(tx, form, None)
        if form.errors:
            return _form(form, choices).response(422)
        meeting = next(one.meeting for one in choices if one.meeting.id == form.meeting_id)
        consultation = await drafts.draft(
            tx, panel_id=meeting.panel_id, written=form.written, actor_id=actor.person_id, now=now
        )
        await meetings.bind(tx, meeting=meeting, consultation=consultation, zone=settings.zone)
        await _set_round(tx, consultation, form)
        return Redirect(f"/desk/consultations/{consultation.id}", status_code=303)

    @get("/{consultation_id:int}", name="consultation_desk.show")
    async def show(self, db: Db, consultation_id: FromPath[int], actor: Actor, now: Now) -> Template:
        """What stands, and the next step."""
        consultation = await reading.looked_at(db, consultation_id, actor)
        may_prepare = may(actor, Permission.PREPARE_CONSULTATIONS, panel_id=consultation.panel_id)
        meeting = await reading.meeting_of(db, consultation)
        return ConsultationDeskPage(
            consultation=consultation,
            stage=consultation_rules.stage_of(consultation, now),
            panel=await db.get_one(Panel, consultation.panel_id),
            meeting=meeting,
            is_meeting_on=rules.is_on(meeting),
            grounds=await reading.grounds_of(db, consultation.id),
            extensions=await consultation_queries.extensions_of(db, consultation.id),
            prompts=await round_queries.prompts_of(db, consultation.id),
            answers=await round_queries.answers_to(db, consultation.id),
            spans=await round_queries.spans_of(db, consultation),
            is_short_notice=rules.is_short_notice(consultation, now),
            has_moderators=await reading.has_moderators(db, consultation.panel_id),
            may_prepare=may_prepare,
            may_change=may_prepare and rules.may_stop(consultation),
            now=now,
        ).response()

    @get("/{consultation_id:int}/edit", name="consultation_desk.edit", guards=PREPARES)
    async def edit(self, db: Db, consultation_id: FromPath[int], actor: Actor, now: Now, settings: Config) -> Template:
        """The form as the draft stands."""
        consultation = await reading.prepared(db, consultation_id, actor)
        drafts.require_draft(consultation)
        form = ConsultationForm.of(consultation, settings.zone)
        prompts = await round_queries.prompts_of(db, consultation.id)
        form.fill_round(prompts, await round_queries.phases_of(db, consultation.id), settings.zone)
        choices = await reading.meetings_to_feed(db, actor, keep=form.meeting_id, zone=settings.zone, now=now)
        return _form(form, choices, consultation.id).response()

    @post("/{consultation_id:int}/edit", name="consultation_desk.rewrite", status_code=303, guards=PREPARES)
    async def rewrite(
        self, tx: Tx, consultation_id: FromPath[int], data: FormData, actor: Actor, now: Now, settings: Config
    ) -> Template | Redirect:
        """Replace the draft."""
        consultation = await reading.prepared(tx, consultation_id, actor)
        drafts.require_draft(consultation)
        bound = consultation.meeting_id
        choices = await reading.meetings_to_feed(tx, actor, keep=bound, zone=settings.zone, now=now)
        form = ConsultationForm.parse(data, settings.zone, now, choices=choices)
        await _check_address(tx, form, consultation.id)
        if form.errors:
            return _form(form, choices, consultation.id).response(422)
        meeting = next(one.meeting for one in choices if one.meeting.id == form.meeting_id)
        await rounds.clear_phases(tx, consultation=consultation)
        await drafts.rewrite(tx, consultation=consultation, panel_id=meeting.panel_id, written=form.written)
        await meetings.bind(tx, meeting=meeting, consultation=consultation, zone=settings.zone)
        await _set_round(tx, consultation, form)
        return Redirect(f"/desk/consultations/{consultation.id}", status_code=303)

    @get("/{consultation_id:int}/grounds", name="consultation_desk.grounds", guards=PREPARES)
    async def grounds(self, db: Db, consultation_id: FromPath[int], actor: Actor) -> Template:
        """The grounds as they stand."""
        consultation = await reading.prepared(db, consultation_id, actor)
        drafts.require_draft(consultation)
        form = GroundsForm(grounds=await reading.grounds_of(db, consultation.id))
        return GroundsPage(consultation=consultation, form=form).response()

    @post("/{consultation_id:int}/grounds", name="consultation_desk.write_grounds", status_code=303, guards=PREPARES)
    async def write_grounds(
        self, tx: Tx, consultation_id: FromPath[int], data: FormData, actor: Actor, now: Now
    ) -> Template | Redirect:
        """Replace the texts of the grounds."""
        consultation = await reading.prepared(tx, consultation_id, actor)
        drafts.require_draft(consultation)
        rules.require_ahead(consultation, now)
        codes = [one.code for one in await reading.grounds_of(tx, consultation.id)]
        form = GroundsForm.parse(data, codes=codes)
        if form.errors:
            return GroundsPage(consultation=consultation, form=form).response(422)
        await grounds.publish(tx, consultation_id=consultation.id, grounds=form.grounds, now=now)
        return Redirect(f"/desk/consultations/{consultation.id}#grounds", status_code=303)

    @post("/{consultation_id:int}/announce", name="consultation_desk.announce", status_code=303, guards=PREPARES)
    async def announce(self, tx: Tx, consultation_id: FromPath[int], actor: Actor, now: Now) -> Redirect:
        """Fix the grounds and make it public, both or neither."""
        consultation = await reading.prepared(tx, consultation_id, actor)
        drafts.require_draft(consultation)
        rules.require_ahead(consultation, now)
        rules.require_on(await reading.meeting_of(tx, consultation))
        await grounds.publish(
            tx, consultation_id=consultation.id, grounds=await reading.grounds_of(tx, consultation.id), now=now
        )
        await lifecycle.announce(tx, consultation=consultation, actor_id=actor.person_id, now=now)
        return Redirect(f"/desk/consultations/{consultation.id}", status_code=303)


async def _set_round(tx: WriteSession, consultation: Consultation, form: ConsultationForm) -> None:
    await rounds.set_prompts(tx, consultation=consultation, texts=form.questions)
    await rounds.set_phases(tx, consultation=consultation, ends=form.ends)


async def _check_address(tx: WriteSession, form: ConsultationForm, consultation_id: int | None) -> None:
    if "slug" not in form.errors and await reading.slug_is_taken(tx, Consultation, form.slug, by=consultation_id):
        form.errors["slug"] = _("Dit adres is al van een andere consultatie. Kies een ander.")


def _form(form: ConsultationForm, choices: list[Feeds], consultation_id: int | None = None) -> ConsultationFormPage:
    panels = {one.meeting.panel_id for one in choices}
    return ConsultationFormPage(
        consultation_id=consultation_id, form=form, choices=choices, has_several_panels=len(panels) > 1
    )
