"""The desk, and the calendar of meetings."""

from collections.abc import Sequence

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from accounts import actor as actors
from accounts.access import Permission, may, panels_for
from accounts.inject import Actor, requires
from consultations.queries import waiting_for_moderators
from conversations import rules as conversation_rules
from conversations.queries import how_many_wait
from kernel import forms
from kernel.db import ReadSession
from kernel.errors import NotFound
from kernel.inject import Config, Db, FormData, Now, Tx
from panels import closes, meetings, queries, rules
from panels.desk_pages import DeskChangePage, DeskMeetingsPage, DeskPage
from panels.forms import MeetingForm, ReasonForm
from panels.models import Meeting
from panels.routes import what_waits
from panels.states import Closes

KEEPS = [requires(Permission.KEEP_MEETINGS)]


class DeskWork(Controller):
    """What waits for whoever asks, and the meetings of her panels."""

    path = "/desk"
    guards = [requires(Permission.OPEN_DESK)]  # noqa: RUF012 - Litestar reads it from the class

    @get(name="desk")
    async def desk(self, db: Db, actor: Actor, now: Now, settings: Config) -> Template:
        """What waits for me."""
        panels = [one for one in await queries.panels(db) if rules.works_for(actor, one.id)]
        return DeskPage(
            desks=await what_waits.desks(db, panels, actor=actor, now=now, zone=settings.zone),
            to_read=await _to_read(db, actor),
            to_answer=await _to_answer(db, actor),
            now=now,
        ).response()

    @get("/meetings", name="desk.meetings", guards=[requires(Permission.READ_MEETING_WORK)])
    async def meetings(self, db: Db, actor: Actor, now: Now) -> Template:
        """All meetings, and the form for a new one."""
        return (await _calendar(db, actor, MeetingForm(), None, now)).response()

    @post("/meetings", name="desk.plan", status_code=303, guards=KEEPS)
    async def plan(self, tx: Tx, data: FormData, actor: Actor, now: Now, settings: Config) -> Template | Redirect:
        """Put a meeting on the calendar."""
        form = MeetingForm.parse(data, settings.zone, now)
        panel_id = forms.whole_number(data, "panel_id")
        panel = next((one for one in await queries.panels(tx) if one.id == panel_id), None)
        if panel is None:
            raise NotFound
        rules.require_keeper(actor, panel.id)
        if form.errors or form.starts_at is None:
            return (await _calendar(tx, actor, form, panel_id, now)).response(422)
        meeting = await meetings.plan(
            tx,
            panel=panel,
            title=form.title,
            place=form.place,
            starts_at=form.starts_at,
            minutes_long=form.minutes_long,
            actor=actor,
        )
        return Redirect(f"/desk/meetings/{meeting.id}", status_code=303)

    @get("/meetings/{meeting_id:int}/change", name="desk.change", guards=KEEPS)
    async def change_form(self, db: Db, meeting_id: FromPath[int], actor: Actor, settings: Config) -> Template:
        """The form to move a meeting or call it off."""
        meeting = await queries.meeting_by_id(db, meeting_id)
        rules.require_keeper(actor, meeting.panel_id)
        return (await _change(db, meeting, MeetingForm.of(meeting, settings.zone), ReasonForm())).response()

    @post("/meetings/{meeting_id:int}/change", name="desk.reschedule", status_code=303, guards=KEEPS)
    async def reschedule(
        self, tx: Tx, meeting_id: FromPath[int], data: FormData, actor: Actor, now: Now, settings: Config
    ) -> Template | Redirect:
        """Move a meeting; of one that comes later it is asked whether the consultations for it close later too."""
        meeting = await queries.meeting_by_id(tx, meeting_id)
        rules.require_keeper(actor, meeting.panel_id)
        form = MeetingForm.parse(data, settings.zone, now, is_change=True)
        form.title = meeting.title
        if form.errors or form.starts_at is None:
            return (await _change(tx, meeting, form, ReasonForm())).response(422)
        offers = await closes.offers(tx, meeting=meeting, starts_at=form.starts_at, now=now, zone=settings.zone)
        if offers and form.closes is None and form.starts_at > meeting.starts_at:
            return (await _change(tx, meeting, form, ReasonForm(), offers)).response(is_question=True)
        await meetings.reschedule(
            tx,
            meeting=meeting,
            starts_at=form.starts_at,
            place=form.place,
            minutes_long=form.minutes_long,
            reason=form.reason,
            closes=form.closes or Closes.STAYS,
            seen=form.seen,
            actor=actor,
            now=now,
            zone=settings.zone,
        )
        return Redirect(f"/desk/meetings/{meeting.id}", status_code=303)

    @post("/meetings/{meeting_id:int}/cancel", name="desk.cancel", status_code=303, guards=KEEPS)
    async def cancel(
        self, tx: Tx, meeting_id: FromPath[int], data: FormData, actor: Actor, now: Now, settings: Config
    ) -> Template | Redirect:
        """Call a meeting off."""
        meeting = await queries.meeting_by_id(tx, meeting_id)
        rules.require_keeper(actor, meeting.panel_id)
        form = ReasonForm.parse({"reason": forms.text(data, "why")})
        if form.errors:
            form.errors = {"why": form.errors["reason"]}
            return (await _change(tx, meeting, MeetingForm.of(meeting, settings.zone), form)).response(422)
        await meetings.cancel(tx, meeting=meeting, reason=form.reason, actor=actor, now=now)
        return Redirect(f"/desk/meetings/{meeting.id}", status_code=303)


async def _to_read(db: ReadSession, actor: actors.Actor) -> int | None:
    if not may(actor, Permission.MODERATE):
        return None
    return await waiting_for_moderators(db, panel_ids=panels_for(actor, Permission.MODERATE))


async def _to_answer(db: ReadSession, actor: actors.Actor) -> int:
    sides = conversation_rules.readers(actor)
    return await how_many_wait(db, sides) if sides else 0


async def _calendar(
    db: ReadSession, actor: actors.Actor, form: MeetingForm, panel_id: int | None, now: Now
) -> DeskMeetingsPage:
    seen = await queries.panels_for(db, actor, Permission.READ_MEETING_WORK)
    kept = [panel for panel in seen if rules.may_keep(actor, panel.id)]
    return DeskMeetingsPage(
        meetings=await queries.meetings(db, [panel.id for panel in seen]),
        panels=kept,
        panel_id=panel_id,
        form=form,
        now=now,
    )


async def _change(
    db: ReadSession,
    meeting: Meeting,
    form: MeetingForm,
    reason_form: ReasonForm,
    offers: Sequence[closes.Offer] = (),
) -> DeskChangePage:
    consultations = await queries.consultations_of(db, meeting.id)
    return DeskChangePage(
        meeting=meeting, consultations=consultations, form=form, reason_form=reason_form, offers=offers
    )
