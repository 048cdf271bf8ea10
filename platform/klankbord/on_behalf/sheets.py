"""What is printed: a receipt, and a form to fill in by hand. Each carries a code that a telephone reads."""

from litestar import Controller, get
from litestar.params import FromPath
from litestar.response import Template

from accounts.access import Permission, may
from accounts.inject import Actor
from accounts.qr import drawn
from consultations import on_behalf, queries, round_queries, rules, ways_queries
from consultations.ideas import RECEIPT
from consultations.neighbourhoods import counted
from consultations.states import RESTRICTED, ConsultationState
from kernel import tokens
from kernel.db import ReadSession
from kernel.errors import NotFound
from kernel.inject import Config, Db, Now
from kernel.pages import HIDDEN
from klankbord.on_behalf.pages import MapPage, PaperFormPage, SheetPage
from moderation.queries import latest_decision
from moderation.reasons import StatementOfReasons, statement
from panels import trail


class Sheets(Controller):
    """For the printer."""

    @get("/receipts/{secret:str}/print", name="idea.receipt_print")
    async def receipt(self, db: Db, secret: FromPath[str], actor: Actor, now: Now, settings: Config) -> Template:
        """The receipt on one sheet, with how it stands today."""
        token = await tokens.find(db, purpose=RECEIPT, secret=secret, now=now)
        idea = await queries.idea_by_id(db, token.subject_id)
        told: StatementOfReasons | None = None
        if idea.state in RESTRICTED and (decision := await latest_decision(db, idea.id)):
            told = statement(decision, ground=decision.ground, zone=settings.zone)
        is_code = on_behalf.is_code(secret)
        page = SheetPage(
            idea=idea,
            secret=secret,
            code=on_behalf.shown(secret) if is_code else "",
            find_url=settings.absolute("/receipts").partition("://")[2],
            qr=drawn(settings.absolute(f"/receipts/{secret}")),
            trail=await trail.of_idea(db, idea=idea, now=now),
            statement=told,
            offline_help=await _offline_help(db, idea.consultation_id),
            is_staff=may(actor, Permission.ENTER_ON_BEHALF, panel_id=idea.consultation.panel_id),
            intake=await ways_queries.intake_of(db, idea.id),
            now=now,
        )
        return page.response(headers=HIDDEN)

    @get("/consultations/{slug:str}/paper", name="consultation.paper")
    async def form(self, db: Db, slug: FromPath[str], actor: Actor, settings: Config) -> Template:
        """An empty form, for who writes by hand."""
        consultation = await queries.consultation_by_slug(db, slug)
        if not rules.may_see(consultation, actor):
            raise NotFound
        if consultation.state not in {ConsultationState.DRAFT, ConsultationState.ANNOUNCED}:
            raise rules.NotOpen
        url = settings.absolute(f"/consultations/{consultation.slug}")
        return PaperFormPage(
            consultation=consultation,
            url=url.partition("://")[2],
            qr=drawn(url),
            prompts=await round_queries.prompts_of(db, consultation.id),
            offline_help=await _offline_help(db, consultation.id),
        ).response()

    @get("/consultations/{slug:str}/map", name="consultation.map")
    async def map(self, db: Db, slug: FromPath[str], actor: Actor, settings: Config) -> Template:
        """The neighbourhoods, and how many ideas lie in each."""
        consultation = await queries.consultation_by_slug(db, slug)
        areas = await ways_queries.areas_of(db, consultation.id, file=settings.neighbourhoods)
        if not areas or not rules.may_see(consultation, actor):
            raise NotFound
        places = await ways_queries.places_of(db, consultation.id)
        counts = counted(places, areas)
        return MapPage(
            consultation=consultation,
            areas=areas,
            counts=counts,
            most=max(counts.values(), default=1),
            elsewhere=sum(number for _place, number in places) - sum(counts.values()),
        ).response()


async def _offline_help(db: ReadSession, consultation_id: int) -> str:
    ways = await ways_queries.ways_of(db, consultation_id)
    return ways.offline_help if ways else ""
