"""The secretary's page once people can write: extend, get stricter, suspend, resume, cancel. Each reason is public."""

from datetime import datetime

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from accounts.access import Permission, known
from accounts.inject import Actor, requires
from consultations import lifecycle, policies
from consultations import rules as consultation_rules
from consultations.models import Consultation
from kernel.errors import NotFound
from kernel.inject import Config, Db, FormData, Now, Tx
from klankbord.set_up import reading, rules
from klankbord.set_up.consultation_forms import ExtendForm, StopForm, TightenForm
from klankbord.set_up.pages import ChangePage
from moderation.public_record import POLICIES


class ConsultationChanges(Controller):
    """What can still change about a promise."""

    path = "/desk/consultations/{consultation_id:int}"
    guards = [requires(Permission.PREPARE_CONSULTATIONS)]  # noqa: RUF012 - Litestar reads it from the class

    @get("/change", name="consultation_desk.change")
    async def change(
        self, db: Db, consultation_id: FromPath[int], actor: Actor, now: Now, settings: Config
    ) -> Template:
        """The forms; only what can happen now."""
        consultation = await reading.prepared(db, consultation_id, actor)
        if not rules.may_stop(consultation):
            raise NotFound
        return _page(consultation, ExtendForm.of(consultation, settings.zone), StopForm(), now).response()

    @post("/extend", name="consultation_desk.extend", status_code=303)
    async def extend(
        self, tx: Tx, consultation_id: FromPath[int], data: FormData, actor: Actor, now: Now, settings: Config
    ) -> Template | Redirect:
        """Close later."""
        consultation = await reading.prepared(tx, consultation_id, actor)
        form = ExtendForm.parse(data, settings.zone)
        if not form.errors and form.closes_at is not None:
            try:
                await lifecycle.extend(
                    tx,
                    consultation=consultation,
                    closes_at=form.closes_at,
                    reason=form.reason,
                    actor_id=known(actor),
                    now=now,
                )
            except (lifecycle.LaterOnly, lifecycle.AfterTheDeadline) as refusal:  # raised before anything was written
                form.errors["closes"] = refusal.sentence
        if form.errors:
            return _page(consultation, form, StopForm(), now).response(422)
        return _done(consultation)

    @post("/tighten", name="consultation_desk.tighten", status_code=303)
    async def tighten(
        self, tx: Tx, consultation_id: FromPath[int], data: FormData, actor: Actor, now: Now, settings: Config
    ) -> Template | Redirect:
        """Have moderators read more before it comes on the site; never less."""
        consultation = await reading.prepared(tx, consultation_id, actor)
        rules.require_stoppable(consultation)
        form = TightenForm.parse(data, choices=policies.stricter_for(consultation))
        if form.errors or form.policy is None:
            extend = ExtendForm.of(consultation, settings.zone)
            return _page(consultation, extend, StopForm(), now, tighten_form=form).response(422)
        await policies.tighten(tx, consultation=consultation, policy=form.policy, actor_id=known(actor), now=now)
        return _done(consultation)

    @post("/suspend", name="consultation_desk.suspend", status_code=303)
    async def suspend(
        self, tx: Tx, consultation_id: FromPath[int], data: FormData, actor: Actor, now: Now, settings: Config
    ) -> Template | Redirect:
        """Take nothing for now."""
        consultation = await reading.prepared(tx, consultation_id, actor)
        form = StopForm.parse(data, "suspend_reason")
        if form.errors:
            return _page(consultation, ExtendForm.of(consultation, settings.zone), form, now).response(422)
        actor_id = known(actor)
        await lifecycle.suspend(tx, consultation=consultation, reason=form.suspend_reason, actor_id=actor_id, now=now)
        return _done(consultation)

    @post("/resume", name="consultation_desk.resume", status_code=303)
    async def resume(self, tx: Tx, consultation_id: FromPath[int], actor: Actor, now: Now) -> Redirect:
        """Take input again; a draft is announced, not resumed."""
        consultation = await reading.prepared(tx, consultation_id, actor)
        rules.require_stoppable(consultation)
        await lifecycle.resume(tx, consultation=consultation, actor_id=known(actor), now=now)
        return _done(consultation)

    @post("/cancel", name="consultation_desk.cancel", status_code=303)
    async def cancel(
        self, tx: Tx, consultation_id: FromPath[int], data: FormData, actor: Actor, now: Now, settings: Config
    ) -> Template | Redirect:
        """Call it off for good."""
        consultation = await reading.prepared(tx, consultation_id, actor)
        rules.require_stoppable(consultation)
        form = StopForm.parse(data, "cancel_reason")
        if form.errors:
            return _page(consultation, ExtendForm.of(consultation, settings.zone), form, now).response(422)
        actor_id = known(actor)
        await lifecycle.cancel(tx, consultation=consultation, reason=form.cancel_reason, actor_id=actor_id, now=now)
        return _done(consultation)


def _done(consultation: Consultation) -> Redirect:
    return Redirect(f"/desk/consultations/{consultation.id}", status_code=303)


def _page(
    consultation: Consultation,
    form: ExtendForm,
    stop_form: StopForm,
    now: datetime,
    *,
    tighten_form: TightenForm | None = None,
) -> ChangePage:
    return ChangePage(
        consultation=consultation,
        stage=consultation_rules.stage_of(consultation, now),
        form=form,
        stop_form=stop_form,
        tighten_form=tighten_form or TightenForm(),
        policy=POLICIES[consultation.policy],
        stricter=[(policy, POLICIES[policy]) for policy in policies.stricter_for(consultation)],
        may_extend=rules.may_extend(consultation, now),
    )
