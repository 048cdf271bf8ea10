"""A consultation for everybody: its page, its ideas, what to expect, and its ideas as a file."""

from collections.abc import AsyncIterator

from litestar import Controller, get
from litestar.params import FromPath
from litestar.response import Stream, Template

from accounts import actor as actors
from accounts.inject import Actor
from consultations import exports, queries, round_queries, rules, ways_queries
from consultations.forms import kind_from
from consultations.listing import Listing
from consultations.models import Consultation
from consultations.pages import ConsultationPage, ExpectationsPage, IdeaListPage, IdeasPage
from kernel.db import Database, ReadSession
from kernel.errors import NotFound
from kernel.forms import whole_number
from kernel.inject import Asked, Config, Db, Doors, Now

FIRST_LOOK = 6


async def seen(db: ReadSession, slug: str, actor: actors.Actor) -> Consultation:
    """The consultation, for who may see it; raises NotFound."""
    consultation = await queries.consultation_by_slug(db, slug)
    if not rules.may_see(consultation, actor):
        raise NotFound
    return consultation


class Consultations(Controller):
    """What the panel asks."""

    path = "/consultations/{slug:str}"

    @get("/", name="consultation.show")
    async def show(self, db: Db, slug: FromPath[str], actor: Actor, now: Now, settings: Config) -> Template:
        """The question, and what came in."""
        consultation = await seen(db, slug, actor)
        return ConsultationPage(
            consultation=consultation,
            stage=rules.stage_of(consultation, now),
            timing=rules.timing_of(consultation, now),
            now=now,
            listing=await Listing.load(db, consultation, {}, most=FIRST_LOOK),
            ledger=await queries.ledger(db, consultation.id),
            extensions=await queries.extensions_of(db, consultation.id),
            prompts=(prompts := await round_queries.prompts_of(db, consultation.id)),
            answers=await round_queries.answers_to(db, consultation.id) if prompts else {},
            spans=await round_queries.spans_of(db, consultation),
            ways_in=await ways_queries.ways_of(db, consultation.id),
            has_map=bool(await ways_queries.areas_of(db, consultation.id, file=settings.neighbourhoods)),
        ).response()

    @get("/ideas", name="consultation.ideas")
    async def ideas(self, db: Db, slug: FromPath[str], actor: Actor, now: Now, request: Asked) -> Template:
        """All published ideas; the list alone for a page that refreshes it."""
        consultation = await seen(db, slug, actor)
        listing = await Listing.load(db, consultation, dict(request.query_params))
        if request.headers.get("x-fragment") or request.query_params.get("fragment"):
            return IdeaListPage(listing=listing).response()
        timing = rules.timing_of(consultation, now)
        prompts = await round_queries.prompts_of(db, consultation.id)
        return IdeasPage(consultation=consultation, timing=timing, listing=listing, prompts=prompts).response()

    @get("/expectations", name="consultation.expectations")
    async def expectations(self, db: Db, slug: FromPath[str], actor: Actor, now: Now, request: Asked) -> Template:
        """What people may expect before they write."""
        consultation = await seen(db, slug, actor)
        chosen = request.query_params.get("kind")
        prompt_id = whole_number(request.query_params, "prompt")
        prompts = await round_queries.prompts_of(db, consultation.id) if prompt_id else ()
        return ExpectationsPage(
            consultation=consultation,
            timing=rules.timing_of(consultation, now),
            now=now,
            kind=kind_from(chosen) if chosen else None,
            prompt=next((one for one in prompts if one.id == prompt_id), None),
            ways_in=await ways_queries.ways_of(db, consultation.id),
        ).response()

    @get("/ideas.csv", name="consultation.csv")
    async def csv(self, database: Doors, slug: FromPath[str], actor: Actor) -> Stream:
        """All published ideas as a table."""
        return await _file(database, slug, actor, form="csv")

    @get("/ideas.jsonl", name="consultation.jsonl")
    async def jsonl(self, database: Doors, slug: FromPath[str], actor: Actor) -> Stream:
        """All published ideas as JSON Lines."""
        return await _file(database, slug, actor, form="jsonl")


async def _file(database: Database, slug: str, actor: actors.Actor, *, form: str) -> Stream:
    """A stream with a read session of its own: a provider's would be closed before the first row."""
    async with database.read() as db:
        consultation = await seen(db, slug, actor)

    async def written() -> AsyncIterator[str]:
        async with database.read() as db:
            async for line in exports.lines(db, consultation.id, form=form):
                yield line

    headers = {"content-disposition": f'attachment; filename="{consultation.slug}.{form}"'}
    return Stream(written(), media_type=exports.MEDIA_TYPES[form], headers=headers)
