"""What everybody reads: panels, meetings, advice; and the members' briefing."""

from litestar import Controller, get
from litestar.params import FromPath
from litestar.response import Response, Template

from accounts.inject import Actor, signed_in
from kernel.errors import NotFound
from kernel.inject import Asked, Config, Db, Now
from panels import answering, briefings, calendars, late, queries, rules
from panels.pages import (
    AdviceIndexPage,
    AdvicePage,
    AgreementPage,
    BriefingPage,
    MeetingPage,
    PanelCard,
    PanelIndexPage,
    PanelPage,
)
from panels.routes.reading import noon_of, points_of, promised, shown_consultations
from panels.states import MeetingState


class Panels(Controller):
    """Panels and their meetings."""

    path = "/panels"

    @get(name="panel.index")
    async def index(self, db: Db, actor: Actor, now: Now) -> Template:
        """All panels."""
        cards = [
            PanelCard(
                panel=panel,
                next_meeting=await queries.next_meeting(db, panel.id, after=now),
                answering=await answering.so_far(db, [panel.id], now=now),
            )
            for panel in await queries.panels(db)
            if rules.may_see(actor, panel)
        ]
        return PanelIndexPage(panels=cards).response()

    @get("/{slug:str}", name="panel.show")
    async def show(self, db: Db, slug: FromPath[str], actor: Actor, now: Now) -> Template:
        """One panel."""
        panel = await queries.panel_by_slug(db, slug)
        rules.require_sight(actor, panel)
        seats = await queries.seat_counts(db, panel.id)
        by_kind = queries.by_kind(seats)
        page = PanelPage(
            panel=panel,
            agreement=await queries.agreement(db, panel.id),
            seats=seats,
            is_lopsided=bool(by_kind) and rules.is_lopsided(by_kind),
            next_meeting=await queries.next_meeting(db, panel.id, after=now),
            past=await queries.has_minutes(db, panel.id),
            advice=await answering.public_advice(db, panel_id=panel.id),
            answering=await answering.so_far(db, [panel.id], now=now),
            now=now,
        )
        return page.response()

    @get("/{slug:str}/agreement", name="panel.agreement")
    async def agreement(self, db: Db, slug: FromPath[str], request: Asked, actor: Actor, settings: Config) -> Template:
        """The agreement in force, or an earlier version."""
        panel = await queries.panel_by_slug(db, slug)
        rules.require_sight(actor, panel)
        asked = request.query_params.get("version", "")
        number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else None
        found = await queries.agreement(db, panel.id, number)
        if found is None:
            raise NotFound
        versions = [(one, noon_of(one.agreed_on, settings.zone)) for one in await queries.agreements(db, panel.id)]
        return AgreementPage(panel=panel, agreement=found, versions=versions).response()

    @get("/{slug:str}/meetings/{number:int}", name="meeting.show")
    async def meeting(
        self, db: Db, slug: FromPath[str], number: FromPath[int], actor: Actor, now: Now, settings: Config
    ) -> Template:
        """A meeting: agenda, later minutes."""
        meeting = await queries.meeting_by_number(db, slug, number)
        rules.require_sight(actor, meeting.panel)
        has_agenda = meeting.state in rules.HAS_PUBLIC_AGENDA
        points, left_out = await points_of(db, meeting, sees_closed=False) if has_agenda else ((), ())
        page = MeetingPage(
            meeting=meeting,
            points=points,
            left_out=left_out,
            consultations=await shown_consultations(db, meeting.id),
            late=await late.for_meeting(db, meeting),
            has_agenda=has_agenda,
            has_minutes=meeting.state is MeetingState.MINUTES_PUBLISHED,
            is_to_come=meeting.state in rules.STILL_TO_COME and meeting.starts_at > now,
            publishes_at=rules.publication_date(meeting, meeting.panel, settings.zone),
            ends_at=rules.ends_at(meeting),
            may_keep=rules.may_keep(actor, meeting.panel_id),
            has_briefing=rules.may_read_briefing(actor, meeting.panel_id)
            and await queries.briefing_of(db, meeting.id) is not None,
            now=now,
        )
        return page.response()

    @get("/{slug:str}/meetings/{number:int}/agenda.ics", name="meeting.calendar")
    async def calendar(
        self, db: Db, slug: FromPath[str], number: FromPath[int], actor: Actor, now: Now, settings: Config
    ) -> Response[bytes]:
        """The meeting for a calendar."""
        meeting = await queries.meeting_by_number(db, slug, number)
        rules.require_sight(actor, meeting.panel)
        url = settings.absolute(f"/panels/{slug}/meetings/{number}")
        host = settings.origin.partition("://")[2].partition(":")[0]
        written = calendars.ics(meeting, host=host, url=url, now=now, zone=settings.zone)
        headers = {"content-disposition": f'attachment; filename="bijeenkomst-{number}.ics"'}
        return Response(written, media_type="text/calendar", headers=headers)


class Advice(Controller):
    """Advice and the responses to it."""

    path = "/recommendations"

    @get(name="recommendation.index")
    async def index(self, db: Db, now: Now) -> Template:
        """Every advice the members voted on."""
        panel_ids = [panel.id for panel in await queries.panels(db)]
        page = AdviceIndexPage(
            advice=await answering.public_advice(db),
            answering=await answering.so_far(db, panel_ids, now=now),
            now=now,
        )
        return page.response()

    @get("/{recommendation_id:int}", name="recommendation.show")
    async def show(
        self, db: Db, recommendation_id: FromPath[int], actor: Actor, now: Now, settings: Config
    ) -> Template:
        """One advice; before the vote it is not there."""
        found = await answering.recommendation_by_id(db, recommendation_id)
        if found.state not in answering.PUBLIC_ADVICE:
            raise NotFound
        behind = await queries.ideas_behind(db, [found.agenda_item_id])
        response = found.response
        page = AdvicePage(
            recommendation=found,
            percent_for=rules.percent_for(found),
            agreement=await queries.agreement(db, found.panel_id),
            ideas=[] if found.agenda_item.is_confidential else behind[found.agenda_item_id],
            progress=await answering.progress_of(db, response.id) if response else (),
            done_by=promised(response, settings.zone),
            may_keep=rules.may_keep(actor, found.panel_id),
            may_respond=rules.may_respond(actor, found.panel_id),
            now=now,
        )
        return page.response()


class Briefings(Controller):
    """What members read before a meeting."""

    @get("/meetings/{meeting_id:int}/briefing", name="briefing.show", guards=[signed_in])
    async def show(self, db: Db, meeting_id: FromPath[int], actor: Actor) -> Template:
        """The briefing, for members and those who prepare it."""
        meeting = await queries.meeting_by_id(db, meeting_id)
        rules.require_reader_of_briefing(actor, meeting.panel_id)
        briefing = await queries.briefing_of(db, meeting.id)
        if briefing is None:
            raise NotFound
        return BriefingPage(meeting=meeting, briefing=briefing, facts=await briefings.told(db, briefing)).response()
