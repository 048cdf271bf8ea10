"""The work of staff for people who are not online: write it down, print the receipt, tell what became of it."""

from datetime import datetime

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from accounts import access
from accounts import actor as actors
from accounts.access import Permission, known, may, panels_for
from accounts.inject import Actor, requires
from consultations import on_behalf, queries, round_queries, rules, ways_queries
from consultations.models import Consultation
from consultations.states import Timing
from consultations.ways_queries import Entered
from consultations.ways_states import WAY_NAMES
from kernel.db import ReadSession
from kernel.errors import NotFound
from kernel.forms import line, ticked
from kernel.inject import Asked, Config, Db, FormData, Now, Tx
from klankbord.on_behalf.forms import EntryForm
from klankbord.on_behalf.pages import EntryPage, NewEntryPage, OnBehalfPage
from panels import trail

ENTERS = [requires(Permission.ENTER_ON_BEHALF)]


class OnBehalf(Controller):
    """Ideas that somebody told us on paper, by telephone or at the counter."""

    path = "/desk/on-behalf"
    guards = [requires(Permission.READ_ON_BEHALF)]  # noqa: RUF012 - Litestar reads it from the class

    @get(name="on_behalf.desk")
    async def desk(self, db: Db, request: Asked, actor: Actor, now: Now) -> Template:
        """What takes something now, and what was written down; one by its number."""
        number = line(request.query_params, "number")[:40]
        enters = panels_for(actor, Permission.ENTER_ON_BEHALF)
        return OnBehalfPage(
            taking=await ways_queries.taking_now(db, panel_ids=enters, now=now),
            entered=await ways_queries.entered_for(
                db,
                panel_ids=panels_for(actor, Permission.READ_ON_BEHALF),
                number=on_behalf.read_number(number) or number,
            ),
            number=number,
            may_enter=may(actor, Permission.ENTER_ON_BEHALF),
            now=now,
        ).response()

    @get("/{slug:str}/new", name="on_behalf.new", guards=ENTERS)
    async def blank(
        self, db: Db, slug: FromPath[str], request: Asked, actor: Actor, now: Now, settings: Config
    ) -> Template:
        """The form."""
        consultation = await _taking(db, slug, actor, now)
        form = EntryForm.blank(way=line(request.query_params, "way"), now=now, zone=settings.zone)
        form.offer(await round_queries.prompts_of(db, consultation.id))
        return _form(consultation, form, now).response()

    @post("/{slug:str}/new", name="on_behalf.enter", status_code=303, guards=ENTERS)
    async def enter(
        self, tx: Tx, slug: FromPath[str], data: FormData, actor: Actor, now: Now, settings: Config
    ) -> Template | Redirect:
        """Take it in, and on to the receipt to be printed."""
        consultation = await _taking(tx, slug, actor, now)
        form = EntryForm.read(data, now=now, zone=settings.zone, consultation=consultation)
        form.offer(await round_queries.prompts_of(tx, consultation.id))
        if form.errors:
            return _form(consultation, form, now).response(422)
        try:
            async with tx.begin_nested():
                _idea, code = await on_behalf.enter(
                    tx,
                    consultation=consultation,
                    written=form.written,
                    told=form.told,
                    actor_id=known(actor),
                    now=now,
                )
        except rules.Blocked as refusal:
            form.errors["email"] = refusal.sentence
            return _form(consultation, form, now).response(refusal.status)
        return Redirect(f"/receipts/{code}/print", status_code=303)

    @get("/ideas/{idea_id:int}", name="on_behalf.entry")
    async def entry(self, db: Db, idea_id: FromPath[int], actor: Actor, now: Now) -> Template:
        """How one stands, and what is still to be told."""
        found = await _entered(db, idea_id, actor, Permission.READ_ON_BEHALF)
        return EntryPage(
            idea=found.idea,
            intake=found.intake,
            entered=found,
            trail=await trail.of_idea(db, idea=found.idea, now=now),
            may_enter=may(actor, Permission.ENTER_ON_BEHALF, panel_id=found.idea.consultation.panel_id),
            way=WAY_NAMES[found.intake.way],
        ).response()

    @post("/ideas/{idea_id:int}/print", name="on_behalf.print", status_code=303, guards=ENTERS)
    async def print(self, tx: Tx, idea_id: FromPath[int], data: FormData, actor: Actor, now: Now) -> Redirect:
        """A new sheet with a code of its own; when the last one was lost, that opens nothing any more."""
        found = await _entered(tx, idea_id, actor, Permission.ENTER_ON_BEHALF)
        if ticked(data, "is_lost"):
            await on_behalf.void_codes(tx, idea=found.idea, actor_id=known(actor), now=now)
        code = await on_behalf.print_receipt(tx, idea=found.idea, actor_id=known(actor), now=now)
        return Redirect(f"/receipts/{code}/print", status_code=303)

    @post("/ideas/{idea_id:int}/told", name="on_behalf.told", status_code=303, guards=ENTERS)
    async def told(self, tx: Tx, idea_id: FromPath[int], actor: Actor, now: Now) -> Redirect:
        """Its author knows how it stands."""
        found = await _entered(tx, idea_id, actor, Permission.ENTER_ON_BEHALF)
        await on_behalf.told_on_paper(tx, intake=found.intake, idea=found.idea, actor_id=known(actor), now=now)
        return Redirect(f"/desk/on-behalf/ideas/{idea_id}", status_code=303)


async def _taking(db: ReadSession, slug: str, actor: actors.Actor, now: datetime) -> Consultation:
    """The consultation, while it takes something, for who may write down for it."""
    consultation = await queries.consultation_by_slug(db, slug)
    access.require(actor, Permission.ENTER_ON_BEHALF, panel_id=consultation.panel_id)
    if not rules.may_see(consultation, actor):
        raise NotFound
    if rules.timing_of(consultation, now) is Timing.NOT_NOW:
        raise rules.NotOpen
    return consultation


async def _entered(db: ReadSession, idea_id: int, actor: actors.Actor, permission: Permission) -> Entered:
    found = await ways_queries.entered(db, idea_id)
    access.require(actor, permission, panel_id=found.idea.consultation.panel_id)
    return found


def _form(consultation: Consultation, form: EntryForm, now: datetime) -> NewEntryPage:
    return NewEntryPage(consultation=consultation, form=form, is_late=rules.timing_of(consultation, now) is Timing.LATE)
