"""Minutes and advice, as the secretary writes them."""

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from accounts.access import Permission
from accounts.inject import Actor, requires
from kernel.db import ReadSession
from kernel.errors import NotFound
from kernel.inject import Config, Db, FormData, Now, Tx
from panels import answering, minutes, queries, recommendations, rules
from panels.answer_forms import AdviceForm, VoteForm
from panels.desk_pages import DeskAdvicePage, DeskMinutesPage, DeskNotePage
from panels.forms import ApartForm, IntroForm, NoteForm
from panels.models import AgendaItem, Meeting, Recommendation
from panels.routes.reading import points_of
from panels.states import MeetingState

KEEPS = [requires(Permission.KEEP_MEETINGS)]


class MinutesWork(Controller):
    """What was said, and the advice that came of it."""

    path = "/desk"
    guards = [requires(Permission.READ_MEETING_WORK)]  # noqa: RUF012 - Litestar reads it from the class

    @get("/meetings/{meeting_id:int}/minutes", name="desk.minutes")
    async def minutes(self, db: Db, meeting_id: FromPath[int], actor: Actor) -> Template:
        """The minutes, point by point."""
        meeting = await queries.meeting_by_id(db, meeting_id)
        rules.require_look(actor, meeting.panel_id)
        form = IntroForm(intro=meeting.minutes_intro)
        return (await _minutes(db, meeting, form, rules.may_keep(actor, meeting.panel_id))).response()

    @post("/meetings/{meeting_id:int}/minutes", name="desk.minutes_intro", status_code=303, guards=KEEPS)
    async def write_intro(
        self, tx: Tx, meeting_id: FromPath[int], data: FormData, actor: Actor, now: Now
    ) -> Template | Redirect:
        """Keep the opening of the minutes."""
        meeting = await queries.meeting_by_id(tx, meeting_id)
        rules.require_keeper(actor, meeting.panel_id)
        form = IntroForm.parse(data)
        if form.errors:
            return (await _minutes(tx, meeting, form, may_keep=True)).response(422)
        await minutes.draft(tx, meeting=meeting, intro=form.intro, seen=form.seen, actor=actor, now=now)
        return Redirect(f"/desk/meetings/{meeting.id}/minutes", status_code=303)

    @post("/meetings/{meeting_id:int}/minutes/publish", name="desk.minutes_publish", status_code=303, guards=KEEPS)
    async def publish(self, tx: Tx, meeting_id: FromPath[int], actor: Actor, now: Now) -> Redirect:
        """Let anybody read the minutes."""
        meeting = await queries.meeting_by_id(tx, meeting_id)
        await minutes.publish(tx, meeting=meeting, actor=actor, now=now)
        return Redirect(f"/desk/meetings/{meeting.id}/minutes", status_code=303)

    @get("/points/{item_id:int}/minutes", name="desk.note", guards=KEEPS)
    async def note_form(self, db: Db, item_id: FromPath[int], actor: Actor) -> Template:
        """The minutes of one point."""
        item = await queries.point_by_id(db, item_id)
        rules.require_keeper(actor, item.meeting.panel_id)
        return (await _note(db, item, NoteForm.of(item), ApartForm())).response()

    @post("/points/{item_id:int}/minutes", name="desk.note_write", status_code=303, guards=KEEPS)
    async def note(self, tx: Tx, item_id: FromPath[int], data: FormData, actor: Actor, now: Now) -> Template | Redirect:
        """Write down what became of a point, or mend the text."""
        item = await queries.point_by_id(tx, item_id)
        rules.require_keeper(actor, item.meeting.panel_id)
        is_rewrite = item.state in minutes.OUTCOMES
        following = await queries.next_meeting(tx, item.meeting.panel_id, after=item.meeting.starts_at)
        form = NoteForm.parse(data, has_next=following is not None, is_rewrite=is_rewrite)
        if form.errors or (form.outcome is None and not is_rewrite):
            return (await _note(tx, item, form, ApartForm())).response(422)
        texts = {"what_was_said": form.what_was_said, "advice": form.advice, "follow_up": form.follow_up}
        if is_rewrite:
            await minutes.rewrite(tx, item=item, **texts, seen=form.seen, actor=actor)
        elif form.outcome is not None:
            given = {**texts, "reason": form.reason}
            await minutes.note(tx, item=item, outcome=form.outcome, **given, seen=form.seen, actor=actor, now=now)
        return Redirect(f"/desk/meetings/{item.meeting_id}/minutes#punt-{item.id}", status_code=303)

    @post("/points/{item_id:int}/apart", name="desk.apart", status_code=303, guards=KEEPS)
    async def set_apart(
        self, tx: Tx, item_id: FromPath[int], data: FormData, actor: Actor, now: Now
    ) -> Template | Redirect:
        """Give one idea another outcome than its point."""
        item = await queries.point_by_id(tx, item_id)
        rules.require_keeper(actor, item.meeting.panel_id)
        form = ApartForm.parse(data)
        if form.errors or form.route is None:
            return (await _note(tx, item, NoteForm.of(item), form)).response(422)
        await minutes.set_apart(
            tx, item=item, idea_id=form.idea_id, route=form.route, reason=form.own_reason, actor=actor, now=now
        )
        return Redirect(f"/desk/points/{item.id}/minutes", status_code=303)

    @post("/points/{item_id:int}/answer", name="desk.answer", status_code=303, guards=KEEPS)
    async def answer(self, tx: Tx, item_id: FromPath[int], actor: Actor, now: Now) -> Redirect:
        """Tell the authors that the minutes are their answer."""
        item = await queries.point_by_id(tx, item_id)
        await minutes.answer(tx, item=item, actor=actor, now=now)
        return Redirect(f"/desk/meetings/{item.meeting_id}/minutes#punt-{item.id}", status_code=303)

    @get("/points/{item_id:int}/advice", name="desk.advice_new", guards=KEEPS)
    async def new_advice(self, db: Db, item_id: FromPath[int], actor: Actor, now: Now, settings: Config) -> Template:
        """The form for a new advice, begun with what the minutes advise."""
        item = await queries.point_by_id(db, item_id)
        rules.require_keeper(actor, item.meeting.panel_id)
        form = AdviceForm(title=item.title, text=item.advice)
        return (await _advice(db, item, None, form, VoteForm(), now, settings)).response()

    @post("/points/{item_id:int}/advice", name="desk.advice_draft", status_code=303, guards=KEEPS)
    async def draft(
        self, tx: Tx, item_id: FromPath[int], data: FormData, actor: Actor, now: Now, settings: Config
    ) -> Template | Redirect:
        """Draft an advice."""
        item = await queries.point_by_id(tx, item_id)
        rules.require_keeper(actor, item.meeting.panel_id)
        form = AdviceForm.parse(data)
        if form.errors:
            return (await _advice(tx, item, None, form, VoteForm(), now, settings)).response(422)
        advice = await recommendations.draft(tx, item=item, title=form.title, text=form.text, actor=actor, now=now)
        return Redirect(f"/desk/advice/{advice.id}", status_code=303)

    @get("/advice/{recommendation_id:int}", name="desk.advice")
    async def advice(
        self, db: Db, recommendation_id: FromPath[int], actor: Actor, now: Now, settings: Config
    ) -> Template:
        """An advice on its way from wording to commissioner."""
        found = await answering.recommendation_by_id(db, recommendation_id)
        rules.require_look(actor, found.panel_id)
        form, may_keep = AdviceForm.of(found), rules.may_keep(actor, found.panel_id)
        page = await _advice(db, found.agenda_item, found, form, VoteForm(), now, settings, may_keep=may_keep)
        return page.response()

    @post("/advice/{recommendation_id:int}", name="desk.advice_step", status_code=303, guards=KEEPS)
    async def step(
        self, tx: Tx, recommendation_id: FromPath[int], data: FormData, actor: Actor, now: Now, settings: Config
    ) -> Template | Redirect:
        """Keep the wording, fix it, record the vote or hand it over: `step` says which."""
        found = await answering.recommendation_by_id(tx, recommendation_id)
        rules.require_keeper(actor, found.panel_id)
        form, vote_form = AdviceForm.of(found), VoteForm()
        match data.get("step"):
            case "reword" | "fix" as step:
                form = AdviceForm.parse(data)
                if not form.errors:
                    given = {"title": form.title, "text": form.text}
                    await recommendations.reword(
                        tx, recommendation=found, **given, seen=form.seen, actor=actor, now=now
                    )
                    if step == "fix":
                        await recommendations.fix_wording(tx, recommendation=found, actor=actor, now=now)
            case "vote":
                vote_form = VoteForm.parse(data)
                if not vote_form.errors:
                    votes = {"votes_for": vote_form.votes_for or 0, "votes_against": vote_form.votes_against or 0}
                    await recommendations.adopt(
                        tx, recommendation=found, **votes, seen=vote_form.seen, actor=actor, now=now
                    )
            case "submit":
                await recommendations.submit(tx, recommendation=found, actor=actor, now=now, zone=settings.zone)
            case _:
                raise NotFound
        if form.errors or vote_form.errors:
            return (await _advice(tx, found.agenda_item, found, form, vote_form, now, settings)).response(422)
        return Redirect(f"/desk/advice/{found.id}", status_code=303)


async def _minutes(db: ReadSession, meeting: Meeting, form: IntroForm, may_keep: bool) -> DeskMinutesPage:
    points, _left_out = await points_of(db, meeting, sees_closed=True)
    return DeskMinutesPage(
        meeting=meeting,
        points=points,
        form=form,
        may_keep=may_keep,
        takes_notes=meeting.state in rules.TAKES_NOTES,
        is_published=meeting.state is MeetingState.MINUTES_PUBLISHED,
        open_count=sum(point.item.state not in minutes.OUTCOMES for point in points),
    )


async def _note(db: ReadSession, item: AgendaItem, form: NoteForm, apart_form: ApartForm) -> DeskNotePage:
    points, left_out = await points_of(db, item.meeting, sees_closed=True)
    return DeskNotePage(
        meeting=item.meeting,
        point=next(point for point in (*points, *left_out) if point.item.id == item.id),
        next_meeting=await queries.next_meeting(db, item.meeting.panel_id, after=item.meeting.starts_at),
        form=form,
        apart_form=apart_form,
        is_rewrite=item.state in minutes.OUTCOMES,
        takes_notes=item.meeting.state in rules.TAKES_NOTES,
    )


async def _advice(
    db: ReadSession,
    item: AgendaItem,
    found: Recommendation | None,
    form: AdviceForm,
    vote_form: VoteForm,
    now: Now,
    settings: Config,
    *,
    may_keep: bool = True,
) -> DeskAdvicePage:
    panel = item.meeting.panel
    return DeskAdvicePage(
        meeting=item.meeting,
        item=item,
        recommendation=found,
        agreement=await queries.agreement(db, panel.id),
        percent_for=rules.percent_for(found) if found else None,
        idea_count=len(await queries.idea_ids_of(db, item.id)),
        may_keep=may_keep,
        due_at=rules.months_after(now, panel.response_months, settings.zone),
        form=form,
        vote_form=vote_form,
    )
