"""For everybody: the themes of a consultation, one theme, and the ideas that are in none."""

from litestar import Controller, get
from litestar.params import FromPath
from litestar.response import Redirect, Template

from accounts.inject import Actor
from consultations.models import Consultation
from consultations.queries import by_id, consultation_by_slug, idea_by_id
from consultations.states import ConsultationState
from kernel.errors import NotFound
from kernel.inject import Asked, Db
from themes import history, queries, rules
from themes.pages import DissolvedPage, PlacePage, RestPage, ThemePage, ThemesPage
from themes.routes.paging import Walk
from themes.states import ThemeState

SIZE = 30


class Themes(Controller):
    """What the ideas are about."""

    @get("/consultations/{slug:str}/themes", name="theme.index")
    async def index(self, db: Db, slug: FromPath[str], actor: Actor) -> Template:
        """All themes, and the sum that shows no idea is missing."""
        consultation = _shown(await consultation_by_slug(db, slug))
        return ThemesPage(
            consultation=consultation,
            overviews=[one for one in await queries.current(db, consultation.id) if one.count],
            sums=await queries.accounting(db, consultation.id),
            run=await queries.last_run(db, consultation.id),
            may_arrange=rules.may_arrange(actor, consultation),
        ).response()

    @get("/consultations/{slug:str}/themes/rest", name="theme.rest")
    async def rest(self, db: Db, slug: FromPath[str], request: Asked) -> Template:
        """The ideas in no theme, each with why."""
        consultation = _shown(await consultation_by_slug(db, slug))
        walk = Walk.of(request.query_params, path=request.url.path, size=SIZE)
        rows = await queries.rest(db, consultation.id, after=walk.after, limit=walk.limit)
        return RestPage(
            consultation=consultation,
            placed=walk.shown(rows),
            sums=await queries.accounting(db, consultation.id),
            next_url=walk.next_url(rows),
            first_url=walk.first_url,
        ).response()

    @get("/ideas/{idea_id:int}/theme", name="theme.of_idea")
    async def of_idea(self, db: Db, idea_id: FromPath[int]) -> Template | Redirect:
        """The theme of one idea, and why it is there; of what goes on in another idea, that one's."""
        one = await queries.placement_of(db, idea_id)
        if one is None:
            idea = await idea_by_id(db, idea_id)
            if idea.merged_into_id is not None and idea.is_public:
                return Redirect(f"/ideas/{idea.merged_into_id}/theme", status_code=303)
            raise NotFound
        return PlacePage(consultation=_shown(await by_id(db, one.idea.consultation_id)), one=one).response()

    @get("/themes/{theme_id:int}", name="theme.show")
    async def show(self, db: Db, theme_id: FromPath[int], actor: Actor, request: Asked) -> Template | Redirect:
        """One theme; a merged one leads to the theme it went into."""
        overview = await queries.overview_of(db, theme_id)
        theme = overview.theme
        if theme.state is ThemeState.MERGED:
            return Redirect(f"/themes/{theme.merged_into_id}", status_code=303)
        consultation = _shown(await by_id(db, theme.consultation_id))
        if theme.state is ThemeState.DISSOLVED:
            return DissolvedPage(consultation=consultation, theme=theme).response(410)
        walk = Walk.of(request.query_params, path=request.url.path, size=SIZE)
        rows = await queries.ideas_of(db, theme_id, after=walk.after, limit=walk.limit)
        return ThemePage(
            consultation=consultation,
            overview=overview,
            placed=walk.shown(rows),
            changes=await history.changes_of(db, theme),
            run=await queries.last_run(db, consultation.id),
            may_arrange=rules.may_arrange(actor, consultation),
            next_url=walk.next_url(rows),
            first_url=walk.first_url,
        ).response()


def _shown(consultation: Consultation) -> Consultation:
    if consultation.state is ConsultationState.DRAFT:
        raise NotFound
    return consultation
