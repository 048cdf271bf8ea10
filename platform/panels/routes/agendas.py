"""The agenda builder."""

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from accounts.access import Permission
from accounts.inject import Actor, requires
from kernel import forms
from kernel.db import ReadSession
from kernel.errors import IllegalMove, NotFound
from kernel.inject import Asked, Config, Db, FormData, Now, Tx
from panels import agendas, briefings, meetings, places, queries, rules, waiting
from panels.desk_pages import DeskMeetingPage, DeskPointPage
from panels.forms import PointForm, ReasonForm
from panels.models import AgendaItem, Meeting
from panels.routes.reading import points_of
from panels.states import MeetingState
from themes.models import Theme

CHANGES = frozenset({*rules.TAKES_CHANGES, MeetingState.AGENDA_PUBLISHED})
STEPS = {
    "convene": meetings.convene,
    "open": meetings.open_agenda,
    "freeze": agendas.freeze,
    "publish": agendas.publish,
    "hold": meetings.hold,
}
KEEPS = [requires(Permission.KEEP_MEETINGS)]


class AgendaWork(Controller):
    """A meeting's agenda in the making."""

    path = "/desk"
    guards = [requires(Permission.READ_MEETING_WORK)]  # noqa: RUF012 - Litestar reads it from the class

    @get("/meetings/{meeting_id:int}", name="desk.meeting")
    async def meeting(self, db: Db, meeting_id: FromPath[int], actor: Actor, now: Now, settings: Config) -> Template:
        """The agenda with its time budget, and the themes that wait for a place on it."""
        meeting = await queries.meeting_by_id(db, meeting_id)
        rules.require_look(actor, meeting.panel_id)
        points, left_out = await points_of(db, meeting, sees_closed=True)
        takes_changes = meeting.state in CHANGES
        page = DeskMeetingPage(
            meeting=meeting,
            points=points,
            left_out=left_out,
            waiting=await waiting.themes(db, meeting) if takes_changes else (),
            consultations=await queries.consultations_of(db, meeting.id),
            minutes_used=places.minutes_used([point.item for point in points]),
            may_keep=rules.may_keep(actor, meeting.panel_id),
            takes_changes=takes_changes,
            may_hold=rules.may_hold(meeting, now),
            freezes_at=rules.agenda_deadline(meeting, meeting.panel, settings.zone),
            publishes_at=rules.publication_date(meeting, meeting.panel, settings.zone),
            now=now,
        )
        return page.response()

    @post("/meetings/{meeting_id:int}/step", name="desk.step", status_code=303, guards=KEEPS)
    async def step(self, tx: Tx, meeting_id: FromPath[int], data: FormData, actor: Actor, now: Now) -> Redirect:
        """Convene, open, freeze, publish, hold: the next step of the meeting."""
        meeting = await queries.meeting_by_id(tx, meeting_id)
        rules.require_keeper(actor, meeting.panel_id)
        take = STEPS.get(forms.line(data, "step"))
        if take is None:
            raise IllegalMove
        await take(tx, meeting=meeting, actor=actor, now=now)
        return Redirect(f"/desk/meetings/{meeting.id}", status_code=303)

    @post("/meetings/{meeting_id:int}/briefing", name="desk.brief", status_code=303, guards=KEEPS)
    async def brief(self, tx: Tx, meeting_id: FromPath[int], actor: Actor, now: Now) -> Redirect:
        """Make the members' briefing now."""
        meeting = await queries.meeting_by_id(tx, meeting_id)
        rules.require_keeper(actor, meeting.panel_id)
        await briefings.make(tx, meeting=meeting, now=now)
        return Redirect(f"/meetings/{meeting.id}/briefing", status_code=303)

    @post("/meetings/{meeting_id:int}/order", name="desk.order", status_code=303, guards=KEEPS)
    async def order(self, tx: Tx, meeting_id: FromPath[int], data: FormData, actor: Actor, now: Now) -> Redirect:
        """Move one point a place up or down; at the edge nothing changes."""
        meeting = await queries.meeting_by_id(tx, meeting_id)
        item_id, direction = forms.whole_number(data, "item_id"), forms.line(data, "direction")
        order = [item.id for item in await queries.agenda(tx, meeting.id) if item.position is not None]
        if item_id not in order:
            raise NotFound
        place = order.index(item_id)
        other = place + (-1 if direction == "up" else 1)
        if 0 <= other < len(order):
            order[place], order[other] = order[other], order[place]
            await agendas.reorder(tx, meeting=meeting, order=order, actor=actor, now=now)
        return Redirect(f"/desk/meetings/{meeting.id}#punt-{item_id}", status_code=303)

    @get("/meetings/{meeting_id:int}/points/new", name="desk.point_new", guards=KEEPS)
    async def new_point(self, db: Db, meeting_id: FromPath[int], request: Asked, actor: Actor) -> Template:
        """The form for a new point; with `?theme=` filled in from a theme."""
        meeting = await queries.meeting_by_id(db, meeting_id)
        rules.require_keeper(actor, meeting.panel_id)
        theme = await _theme(db, meeting, request.query_params.get("theme", ""))
        form = PointForm(title=theme.name if theme else "")
        return (await _point_page(db, meeting, None, theme, form, ReasonForm())).response()

    @post("/meetings/{meeting_id:int}/points/new", name="desk.point_add", status_code=303, guards=KEEPS)
    async def add_point(
        self, tx: Tx, meeting_id: FromPath[int], data: FormData, actor: Actor, now: Now
    ) -> Template | Redirect:
        """Put a theme or another point on the agenda."""
        meeting = await queries.meeting_by_id(tx, meeting_id)
        rules.require_keeper(actor, meeting.panel_id)
        theme = await _theme(tx, meeting, forms.line(data, "theme"))
        form = PointForm.parse(data)
        if form.errors:
            return (await _point_page(tx, meeting, None, theme, form, ReasonForm())).response(422)
        given = {
            "title": form.title,
            "question": form.question,
            "minutes": form.minutes,
            "presenter": form.presenter,
            "is_confidential": form.is_confidential,
        }
        if theme is None:
            await agendas.add(tx, meeting=meeting, **given, actor=actor, now=now)  # type: ignore[arg-type]  # by name
        else:
            await agendas.add_theme(tx, meeting=meeting, theme=theme, **given, actor=actor, now=now)  # type: ignore[arg-type]  # by name
        return Redirect(f"/desk/meetings/{meeting.id}", status_code=303)

    @post("/meetings/{meeting_id:int}/leave-out", name="desk.leave_out", status_code=303, guards=KEEPS)
    async def leave_out(
        self, tx: Tx, meeting_id: FromPath[int], data: FormData, actor: Actor, now: Now
    ) -> Template | Redirect:
        """Say why a theme is not on this agenda."""
        meeting = await queries.meeting_by_id(tx, meeting_id)
        rules.require_keeper(actor, meeting.panel_id)
        theme = await _theme(tx, meeting, forms.line(data, "theme"))
        if theme is None:
            raise NotFound
        form = ReasonForm.parse(data)
        if form.errors:
            return (await _point_page(tx, meeting, None, theme, PointForm(title=theme.name), form)).response(422)
        await agendas.leave_out(tx, meeting=meeting, theme=theme, reason=form.reason, actor=actor, now=now)
        return Redirect(f"/desk/meetings/{meeting.id}", status_code=303)

    @get("/points/{item_id:int}", name="desk.point", guards=KEEPS)
    async def point(self, db: Db, item_id: FromPath[int], actor: Actor) -> Template:
        """The form to change a point."""
        point = await queries.point_by_id(db, item_id)
        rules.require_keeper(actor, point.meeting.panel_id)
        return (await _point_page(db, point.meeting, point, point.theme, PointForm.of(point), ReasonForm())).response()

    @post("/points/{item_id:int}", name="desk.point_change", status_code=303, guards=KEEPS)
    async def change_point(
        self, tx: Tx, item_id: FromPath[int], data: FormData, actor: Actor, now: Now
    ) -> Template | Redirect:
        """Change a point."""
        point = await queries.point_by_id(tx, item_id)
        rules.require_keeper(actor, point.meeting.panel_id)
        form = PointForm.parse(data)
        if form.errors:
            return (await _point_page(tx, point.meeting, point, point.theme, form, ReasonForm())).response(422)
        await agendas.change(
            tx,
            point=point,
            title=form.title,
            question=form.question,
            minutes=form.minutes,
            presenter=form.presenter,
            is_confidential=form.is_confidential,
            seen=form.seen,
            actor=actor,
            now=now,
        )
        return Redirect(f"/desk/meetings/{point.meeting_id}#punt-{point.id}", status_code=303)

    @post("/points/{item_id:int}/withdraw", name="desk.point_withdraw", status_code=303, guards=KEEPS)
    async def withdraw_point(
        self, tx: Tx, item_id: FromPath[int], data: FormData, actor: Actor, now: Now
    ) -> Template | Redirect:
        """Take a point off the agenda."""
        point = await queries.point_by_id(tx, item_id)
        rules.require_keeper(actor, point.meeting.panel_id)
        form = ReasonForm.parse(data)
        if form.errors:
            page = await _point_page(tx, point.meeting, point, point.theme, PointForm.of(point), form)
            return page.response(422)
        await agendas.withdraw(tx, point=point, reason=form.reason, actor=actor, now=now)
        return Redirect(f"/desk/meetings/{point.meeting_id}", status_code=303)


async def _theme(db: ReadSession, meeting: Meeting, asked: str) -> Theme | None:
    """The theme that was chosen for this agenda; none was chosen without an id."""
    if not asked:
        return None
    found = next((one for one in await waiting.themes(db, meeting) if str(one.theme.id) == asked), None)
    if found is None:
        raise NotFound
    return found.theme


async def _point_page(
    db: ReadSession,
    meeting: Meeting,
    point: AgendaItem | None,
    theme: Theme | None,
    form: PointForm,
    reason_form: ReasonForm,
) -> DeskPointPage:
    if point is not None:
        count = len(await queries.idea_ids_of(db, point.id, apart=True))
    else:
        count = len(await waiting.ideas_in(db, theme.id, meeting=meeting)) if theme else 0
    return DeskPointPage(
        meeting=meeting, point=point, theme=theme, idea_count=count, form=form, reason_form=reason_form
    )
